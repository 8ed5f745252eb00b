import Lowering
import Native

extension Tuning {
    /// What a person who uses the tuning should know: what it does not fit. Where it does not, it does no harm.
    ///
    /// - Parameters:
    ///   - lowered: the model that it is used for.
    ///   - precision: the number type; nil if it is not known yet.
    ///   - machine: where the model will run; nil if that is not known.
    public func remarks(
        on lowered: LoweredProgram, precision: Precision?, machine: MachineDescription?
    ) -> [String] {
        var remarks: [String] = []
        let wanted = Set(lowered.contractions)
        let known = Set(rows.map(\.contraction))
        let foreign = known.subtracting(wanted).count
        if foreign > 0 {
            remarks.append(
                "\(foreign) of the tuning's \(rows.count == 1 ? "1 contraction" : "\(rows.count) contractions") "
                    + "\(foreign == 1 ? "is" : "are") not in \(lowered.program.name) with batch "
                    + "\(lowered.program.batch), and \(foreign == 1 ? "is" : "are") ignored")
        }
        let missing = wanted.filter { !known.contains($0) && Method.candidates(for: $0).count > 1 }.count
        if missing > 0 {
            let (those, method) =
                missing == 1 ? ("contraction", "method serves it") : ("contractions", "methods serve them")
            remarks.append(
                "\(missing) \(those) of \(lowered.program.name) \(missing == 1 ? "is" : "are") not in the tuning; the "
                    + "portable \(method)")
        }
        func compare(_ what: String, _ theirs: String, _ own: String?) {
            guard let own, !own.isEmpty, !theirs.isEmpty, own != theirs else { return }
            remarks.append("the tuning was measured with \(what) \(theirs), not \(own)")
        }
        compare("the processor", conditions.processor, machine?.processor)
        compare("the compiler", conditions.compiler, machine?.compiler)
        compare("the BLAS", conditions.blas, machine?.blas)
        compare("the number type", conditions.precision, precision?.rawValue)
        return remarks
    }
}
