import Formats
import Native

/// What came over from a checkpoint into a model that is not quite the one that wrote it.
public struct CarriedState: Equatable, Sendable {
    /// Parameters and statistics that are the checkpoint's.
    public var carried: [String] = []
    /// Parameters and statistics that begin anew: the checkpoint has none of that name and shape.
    public var fresh: [String] = []

    /// Nothing came over, and nothing had to.
    public init() {}
}

extension Checkpoint {
    /// Puts what fits into `model`: each tensor of the same name, kind, shape and number type. The others stay as they
    /// are in `model`, and what goes with them does too: a parameter that begins anew has moments that begin anew.
    @discardableResult
    public func carry(into model: NativeModel) throws -> CarriedState {
        let held = Dictionary(tensors.map { ($0.name, $0.entry) }, uniquingKeysWith: { first, _ in first })
        func fits(_ name: String, _ shape: [Int]) -> Bool {
            held[name].map { $0.shape == shape && $0.dtype == model.precision.dtype } ?? false
        }
        var state = CarriedState()
        for (index, tensor) in model.manifest.tensors.enumerated() {
            guard let name = tensor.nameInCheckpoint else { continue }
            let isCarried = fits(tensor.name, tensor.shape)
            if tensor.kind == .parameter || tensor.kind == .statistic {
                if isCarried { state.carried.append(name) } else { state.fresh.append(name) }
            }
            if isCarried, fits(name, tensor.shape), let entry = held[name] {
                try model.bytes(ofTensor: index).copyBytes(from: entry.bytes)
            }
        }
        return state
    }
}
