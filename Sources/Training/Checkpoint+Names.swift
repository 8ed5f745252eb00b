import Emission
import Formats
import Native

extension Manifest.Tensor {
    /// The tensor's name in a checkpoint; nil for what a step computes anew.
    var nameInCheckpoint: String? {
        switch kind {
        case .parameter, .statistic: name
        case .gradient: nil
        case .firstMoment: "first_moment/\(name)"
        case .secondMoment: "second_moment/\(name)"
        case .average: "average/\(name)"
        }
    }
}

extension Precision {
    /// The element type of the model's tensors in files.
    var dtype: DType { self == .float ? .float32 : .float64 }
}
