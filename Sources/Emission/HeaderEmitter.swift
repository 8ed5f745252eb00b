import CGAN
import Lowering
import Templates

/// Spells the `.h` file: the C interface, and the model in constants for programs that use it alone.
struct HeaderEmitter {
    let lowered: LoweredProgram
    let manifest: Manifest
    let file: String

    func render() throws -> String {
        try TemplateRendering.render(
            "header.mustache",
            [
                "title": manifest.model, "file": file, "abi": Templates.text("abi.h"), "constants": constants,
                "values": values, "tensors": tensors,
            ])
    }

    private var constants: [[String: String]] {
        let program = lowered.program
        func row(_ name: String, _ value: some CustomStringConvertible, _ comment: String? = nil) -> [String: String] {
            var row = ["name": "CGANC_MODEL_\(name)", "value": value.description]
            row["comment"] = comment
            return row
        }
        return [
            row("BATCH", program.batch),
            row("ROWS_PER_STEP", program.batch * lowered.runsPerStep, "real examples that one step takes"),
            row("HEIGHT", program.image.height), row("WIDTH", program.image.width),
            row("CHANNELS", program.image.channels), row("CLASSES", program.classes), row("LATENT", program.latent),
            row("STEPS", "UINT64_C(\(program.steps))", "of a full training run"),
            row("SEED", "UINT64_C(\(program.seed))", "unless the user chooses another"),
        ]
    }

    private var values: [[String: String]] {
        manifest.phases.flatMap { phase in
            phase.values.map { ["phase": CLiteral.string(phase.name), "name": CLiteral.string($0)] }
        }
    }

    private var tensors: [[String: String]] {
        manifest.tensors.enumerated().compactMap { index, tensor in
            guard [.parameter, .statistic, .average].contains(tensor.kind) else { return nil }
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            let words = [tensor.name, tensor.kind.rawValue, shape, tensor.layout].map(CLiteral.string)
            return ["row": "\(index), \(words.joined(separator: ", ")), \(tensor.shape.reduce(1, *))"]
        }
    }
}
