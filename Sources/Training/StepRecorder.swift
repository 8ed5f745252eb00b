import CGAN
import Compiler
import Emission
import Formats
import Graph
import Native

/// Runs phases of step 0 and keeps what goes in and what comes out.
struct StepRecorder {
    let model: NativeModel
    let compilation: Compilation

    init(model: NativeModel, compilation: Compilation) {
        self.model = model
        self.compilation = compilation
    }

    /// Runs phase `index` once.
    func record(phase index: Int, _ examples: RealExamples) throws -> [StepDump.Tensor] {
        let phase = model.manifest.phases[index]
        var tensors: [StepDump.Tensor] = []
        func add(_ role: StepDump.Role, _ name: String, _ layout: String, _ entry: TensorEntry) {
            tensors.append(StepDump.Tensor(phase: phase.name, role: role, name: name, layout: layout, entry: entry))
        }
        func addTensors(_ role: StepDump.Role, _ chosen: (Manifest.Tensor) -> Bool) throws {
            for (place, tensor) in model.manifest.tensors.enumerated() where chosen(tensor) {
                let bytes = Array(try model.bytes(ofTensor: place))
                add(
                    role, tensor.name, tensor.layout,
                    TensorEntry(dtype: model.precision.dtype, shape: tensor.shape, bytes: bytes))
            }
        }
        func isKept(_ tensor: Manifest.Tensor) -> Bool { tensor.kind == .parameter || tensor.kind == .statistic }

        try addTensors(.parameter, isKept)
        let inputs = usedInputs(ofPhase: index)
        if inputs.contains("images") { add(.input, "images", "NHWC", examples.images) }
        if inputs.contains("labels") { add(.input, "labels", "N", TensorEntry(examples.labels)) }
        for (place, draw) in phase.draws.enumerated() {
            let values = try model.random(phase: index, draw: place, step: 0)
            let isLatent = draw.name == "latent"
            add(
                isLatent ? .input : .random, draw.name, isLatent ? "N,latent" : Self.layout(of: draw.shape),
                entry(values, shape: draw.shape))
        }

        let values = try examples.withBatch { try model.runPhase(index, step: 0, batch: $0) }
        let first = model.manifest.phases[..<index].reduce(0) { $0 + $1.values.count }
        for (place, name) in phase.values.enumerated() {
            add(.loss, name, "", entry([values[first + place]], shape: []))
        }
        try addTensors(.gradient) { $0.kind == .gradient && $0.network == phase.network }
        try addTensors(.updated) { isKept($0) && $0.network == phase.network }
        return tensors
    }

    /// The inputs that the phase's losses depend on.
    private func usedInputs(ofPhase index: Int) -> Set<String> {
        let graph = compilation.optimised.phases[index].graph
        var names: Set<String> = []
        for node in graph.nodes {
            if case .input(let name, _) = node.op { names.insert(name) }
        }
        return names
    }

    private func entry(_ values: [Double], shape: [Int]) -> TensorEntry {
        model.precision == .float
            ? TensorEntry(values.map { Float($0) }, shape: shape) : TensorEntry(values, shape: shape)
    }

    /// What can be said of a draw's axes: the first one is the batch.
    private static func layout(of shape: [Int]) -> String {
        switch shape.count {
        case 1: "N"
        case 2: "N,features"
        case 4: "NHWC"
        default: ""
        }
    }
}
