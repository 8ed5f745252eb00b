import Compiler
import Lowering

extension StepProfile {
    /// The profile in tables: each phase's kernels, then the layers.
    public var text: String {
        let (step, counted) = (stepSeconds, countedSeconds)
        var text = """
            \(title): \(TextTable.number(step * 1e3, 2)) ms per step, the mean of \(steps); \
            \(TextTable.number(counted * 1e3, 2)) ms of it in the phases
            measured here: \(TextTable.number(roofline.peak / 1e9, 0)) GFLOP/s in registers, \
            \(TextTable.number(roofline.bandwidth / 1e9, 1)) GB/s from and to memory

            """
        for phase in phases { text += "\n\(phase)\n" + kernels(of: phase) }
        return text + "\nlayers, in ms per step\n" + layers + """

            `of bound` compares with the limit that the kernel meets first, counting direct convolutions and operands \
            in memory: minimal filtering and caches go past it.

            """
    }

    private func kernels(of phase: String) -> String {
        var table = TextTable([
            ("#", .right), ("kernel", .left), ("layer", .left), ("ms", .right), ("of step", .right),
            ("GFLOP/s", .right), ("GB/s", .right), ("bound", .left), ("of bound", .right),
        ])
        let own = rows.filter { $0.phase == phase }
        for row in own {
            func rate(_ amount: Int) -> String {
                row.seconds > 0 ? TextTable.number(Double(amount) / row.seconds / 1e9, 1) : ""
            }
            table.add([
                row.number.map(String.init) ?? "", row.name, row.layer + Self.prime(row.order),
                TextTable.number(row.seconds * 1e3, 3), TextTable.percent(row.seconds / stepSeconds),
                rate(row.cost.operations), rate(row.cost.bytes), roofline.bound(of: row.cost).rawValue,
                TextTable.percent(efficiency(of: row)),
            ])
        }
        let (seconds, cost) = (own.reduce(0) { $0 + $1.seconds }, own.reduce(KernelCost()) { $0 + $1.cost })
        let least = own.reduce(0) { $0 + roofline.seconds(of: $1.cost) }
        table.add([
            "", "in all", "", TextTable.number(seconds * 1e3, 3), TextTable.percent(seconds / stepSeconds),
            TextTable.number(Double(cost.operations) / seconds / 1e9, 1),
            TextTable.number(Double(cost.bytes) / seconds / 1e9, 1), "", TextTable.percent(least / seconds),
        ])
        return table.text
    }

    /// The layers, the slowest first, with what their results and their gradients take.
    private var layers: String {
        var names: [String] = []
        for row in rows where !names.contains(row.layer) { names.append(row.layer) }
        func seconds(_ name: String, _ order: Int? = nil) -> Double {
            rows.filter { $0.layer == name && (order == nil || min($0.order, 2) == order) }
                .reduce(0) { $0 + $1.seconds }
        }
        var table = TextTable([
            ("layer", .left), ("result", .right), ("gradient", .right), ("second", .right), ("in all", .right),
            ("of step", .right),
        ])
        // Sorting is not stable: among equals the one that runs first.
        for (_, name) in names.enumerated().sorted(by: { (seconds($1.1), $0.0) < (seconds($0.1), $1.0) }) {
            table.add(
                [name] + [0, 1, 2].map { seconds(name, $0) == 0 ? "" : TextTable.number(seconds(name, $0) * 1e3, 3) }
                    + [TextTable.number(seconds(name) * 1e3, 3), TextTable.percent(seconds(name) / stepSeconds)])
        }
        return table.text
    }

    /// The marks of a gradient: one prime, two for the gradient of a gradient.
    static func prime(_ order: Int) -> String { String(repeating: "'", count: order) }
}
