import CGAN

/// Where a program's kept tensors lie: network by network, trained tensors first, so that one network's parameters,
/// and likewise its gradients and moments, are one contiguous range.
///
/// Offsets count reals. Every tensor begins at a multiple of ``alignment``, and the gaps hold zeros that no kernel
/// reads.
public struct ParameterLayout: Sendable {
    /// 64 bytes of `float`.
    public static let alignment = 16

    /// Where each parameter lies in the block of parameters.
    public private(set) var offsets: [String: Int] = [:]
    /// Where each trained parameter's gradient and moments lie in theirs.
    public private(set) var gradientOffsets: [String: Int] = [:]
    /// Where each statistic's renewed value lies.
    public private(set) var renewedOffsets: [String: Int] = [:]
    /// The networks in order of appearance, with their ranges.
    public private(set) var networks: [NetworkRange] = []
    /// Reals in the three blocks.
    public private(set) var count = 0, gradientCount = 0, renewedCount = 0

    /// One network's ranges, in reals.
    public struct NetworkRange: Sendable {
        /// `generator` or `discriminator`.
        public var name: String
        /// Trained tensors and statistics in the block of parameters.
        public var parameters: Range<Int>
        /// Trained tensors alone, in the block of parameters.
        public var trained: Range<Int>
        /// The same in the block of gradients.
        public var gradients: Range<Int>
    }

    /// The layout of `parameters`, in their order.
    public init(_ parameters: [Parameter]) {
        var names: [String] = []
        for parameter in parameters where !names.contains(parameter.network) { names.append(parameter.network) }
        for name in names {
            let own = parameters.filter { $0.network == name }
            let (first, firstGradient) = (count, gradientCount)
            for parameter in own where parameter.isTrained {
                offsets[parameter.name] = count
                gradientOffsets[parameter.name] = gradientCount
                count += Self.aligned(parameter.shape.count)
                gradientCount += Self.aligned(parameter.shape.count)
            }
            let trained = first..<count
            for parameter in own where !parameter.isTrained {
                offsets[parameter.name] = count
                renewedOffsets[parameter.name] = renewedCount
                count += Self.aligned(parameter.shape.count)
                renewedCount += Self.aligned(parameter.shape.count)
            }
            networks.append(
                NetworkRange(
                    name: name, parameters: first..<count, trained: trained,
                    gradients: firstGradient..<gradientCount))
        }
    }

    /// `count` rounded up to a multiple of ``alignment``.
    public static func aligned(_ count: Int) -> Int { (count + alignment - 1) / alignment * alignment }
}
