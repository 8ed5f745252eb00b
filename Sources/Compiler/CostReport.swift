import Lowering

/// What a training step costs by its shapes alone, kernel by kernel: `cganc compile --explain-cost`.
public struct CostReport: Sendable {
    private let lowered: LoweredProgram
    private let machine: Roofline
    private let realBytes: Int

    /// The cost of `compilation` on a machine of which no more is known than its two roofs.
    ///
    /// - Parameter realBytes: bytes of a number: 4 in float, 8 in double.
    public init(_ compilation: Compilation, machine: Roofline, realBytes: Int) {
        lowered = compilation.lowered
        self.machine = machine
        self.realBytes = realBytes
    }

    /// The assumptions, a table for each phase, and the step.
    public var text: String {
        let costs = lowered.costs(realBytes: realBytes)
        let step = costs.reduce(0) { $0 + Double($1.runs) * seconds(of: $1) }
        var text = """
            assumed: \(TextTable.number(machine.peak / 1e9, 0)) GFLOP/s and \
            \(TextTable.number(machine.bandwidth / 1e9, 0)) GB/s, nothing in a cache, direct convolutions; below \
            \(TextTable.number(machine.ridge, 1)) FLOP for each byte, memory is the bound

            """
        for (phase, cost) in zip(lowered.phases, costs) {
            text += "\n\(cost.name), \(cost.runs) run\(cost.runs == 1 ? "" : "s") in a step\n"
            text += table(phase.function, cost, step: step)
        }
        let total = costs.reduce(KernelCost()) { $0 + $1.total * $1.runs }
        return text + """

            a step: \(TextTable.number(Double(total.contractionFLOPs) / 1e9, 3)) GFLOP in contractions, \
            \(TextTable.number(Double(total.otherOperations) / 1e9, 3)) in the rest, \
            \(TextTable.number(Double(total.bytes) / 1e6, 1)) MB, \
            at least \(TextTable.number(step * 1e3, 2)) ms as assumed

            """
    }

    private func seconds(of phase: PhaseCost) -> Double {
        (phase.kernels + [phase.gradientNorms, phase.update]).reduce(0) { $0 + machine.seconds(of: $1) }
    }

    /// The kernels as `--show kernels` numbers them, and what follows them. Shares are of the step's time by the roofs.
    private func table(_ function: Function, _ phase: PhaseCost, step: Double) -> String {
        var table = TextTable([
            ("#", .right), ("kernel", .left), ("MFLOP", .right), ("kB read", .right), ("kB written", .right),
            ("FLOP/B", .right), ("bound", .left), ("ms", .right), ("of step", .right),
        ])
        func add(_ number: String, _ name: String, _ cost: KernelCost, _ bound: String, _ seconds: Double) {
            let share = step > 0 ? Double(phase.runs) * seconds / step : 0
            table.add([
                number, name, TextTable.number(Double(cost.operations) / 1e6, 2),
                TextTable.number(Double(cost.bytesRead) / 1e3, 1), TextTable.number(Double(cost.bytesWritten) / 1e3, 1),
                cost.bytes == 0 ? "" : TextTable.number(cost.intensity, 1), bound, TextTable.number(seconds * 1e3, 3),
                TextTable.percent(share),
            ])
        }
        func add(_ number: String, _ name: String, _ cost: KernelCost) {
            add(number, name, cost, machine.bound(of: cost).rawValue, machine.seconds(of: cost))
        }
        for (number, (kernel, cost)) in zip(function.kernels, phase.kernels).enumerated() {
            add("\(number)", kernel.name, cost)
        }
        add("", "norms of the gradients", phase.gradientNorms)
        add("", "update", phase.update)
        add("", "in all", phase.total, "", seconds(of: phase))
        return table.text
    }
}
