import CGAN
import Compiler
import Lowering
import Native
import Reporting

/// A model in tables: its layers, and what a training step costs.
struct ModelSummary {
    let compilation: Compilation

    init(_ compilation: Compilation) { self.compilation = compilation }

    private var program: Program { compilation.program }

    /// The text of all tables.
    var text: String {
        let head =
            "\(program.name): images \(program.image), \(program.classes) classes, latent \(program.latent), "
            + "batch \(program.batch), \(Self.grouped(program.steps)) steps, seed \(program.seed)"
        var networks: [String] = []
        for parameter in program.parameters where !networks.contains(parameter.network) {
            networks.append(parameter.network)
        }
        return ([head] + networks.map(table) + [step]).joined(separator: "\n\n")
    }

    /// The layers of `network`. A parameter belongs to the layer whose name it continues; those of no layer get a row
    /// of their own.
    private func table(of network: String) -> String {
        var rest = program.parameters.filter { $0.network == network }
        var rows = TextTable([("layer", .left), ("", .left), ("output", .left), ("parameters", .right)])
        for layer in program.layers where layer.name.hasPrefix(network + ".") {
            let own = rest.filter { $0.name.hasPrefix(layer.name + ".") }
            rest.removeAll { $0.name.hasPrefix(layer.name + ".") }
            rows.add([
                String(layer.name.dropFirst(network.count + 1)), layer.kind, "\(layer.output)", Self.count(own),
            ])
        }
        for parameter in rest {
            rows.add([
                String(parameter.name.dropFirst(network.count + 1)), "", "\(parameter.shape)", Self.count([parameter]),
            ])
        }
        let all = program.parameters.filter { $0.network == network }
        rows.add(["total", "", "", Self.count(all)])
        let statistics = all.filter { !$0.isTrained }
        let note = statistics.isEmpty ? "" : "\n(\(Self.count(statistics)) of them statistics, not trained)"
        return "\(network)\n" + rows.text.dropLast() + note
    }

    /// What a step costs.
    private var step: String {
        let lowered = compilation.lowered
        var rows = TextTable([("phase", .left), ("runs", .left), ("kernels", .left), ("optimiser", .left)])
        for phase in lowered.phases {
            rows.add([
                phase.phase.name, "\(phase.phase.runs)", "\(phase.function.kernels.count)",
                phase.phase.optimizer.summary,
            ])
        }
        let kept = program.parameters.reduce(0) { $0 + $1.shape.count }
        return rows.text + """

            FLOPs in a step   \(Self.grouped(lowered.contractionFLOPs)) in matrix products and convolutions
            arena             \(Self.grouped(lowered.arenaCount * 4)) bytes in float, \
            \(Self.grouped(lowered.arenaCount * 8)) in double
            parameters        \(Self.grouped(kept)), \(Self.grouped(kept * 4)) bytes in float
            """
    }

    private static func count(_ parameters: [Parameter]) -> String {
        parameters.isEmpty ? "" : grouped(parameters.reduce(0) { $0 + $1.shape.count })
    }

    /// `1234567` as `1,234,567`.
    static func grouped(_ number: Int) -> String {
        var text = ""
        for (place, digit) in String(number).reversed().enumerated() {
            if place > 0, place % 3 == 0, digit != "-" { text.append(",") }
            text.append(digit)
        }
        return String(text.reversed())
    }
}
