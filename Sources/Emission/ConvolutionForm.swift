import Lowering

/// Which text of `templates/c` computes a member of the convolution triple.
enum ConvolutionForm: Hashable {
    /// Term by term.
    case direct
    /// Term by term too, by whole patches, where the image's channels are too few to fill a tile: the gradients alone.
    case narrow
    /// By minimal filtering.
    case filtered

    /// The image's channels are fewer; as `NARROW_CHANNELS` in `templates/c/input_gradient_narrow.c`.
    private static let narrowChannels = 8

    /// The form of a kernel; nil if it is no convolution.
    init?(_ kernel: Kernel) {
        guard case .convolution(let kind, let c) = kernel.body else { return nil }
        if kernel.method == .filtered {
            self = .filtered
        } else {
            self = kind != .forward && c.channels < Self.narrowChannels ? .narrow : .direct
        }
    }

    /// The C function.
    func function(_ kind: ConvolutionKind) -> String {
        let prefix =
            switch self {
            case .direct: "convolution"
            case .narrow: "narrow"
            case .filtered: "filtered"
            }
        return switch kind {
        case .forward: "\(prefix)_forward"
        case .inputGradient: "\(prefix)_input_gradient"
        case .weightGradient: "\(prefix)_weight_gradient"
        }
    }

    /// A C expression for the reals of scratch that each thread needs for the convolution `name`.
    func scratch(_ kind: ConvolutionKind, _ name: String) -> String {
        let prefix = self == .filtered ? "filtered" : "convolution"
        return switch (self, kind) {
        case (_, .weightGradient), (.narrow, _): "\(function(kind))_scratch(&\(name))"
        case (_, .forward): "\(prefix)_scratch(&\(name), CONVOLUTION_FORWARD)"
        case (_, .inputGradient): "\(prefix)_scratch(&\(name), CONVOLUTION_INPUT_GRADIENT)"
        }
    }

    /// The fixed texts that the convolutions among `kernels` need, in order.
    static func parts(_ kernels: [Kernel]) -> [String] {
        var forms: [ConvolutionKind: Set<ConvolutionForm>] = [:]
        for kernel in kernels {
            guard case .convolution(let kind, _) = kernel.body, let form = ConvolutionForm(kernel) else { continue }
            forms[kind, default: []].insert(form)
        }
        let gradients = forms[.weightGradient] ?? []
        let parts = [
            ("convolution", true), ("input_gradient_narrow", forms[.inputGradient]?.contains(.narrow) == true),
            ("minimal_filtering", forms.values.contains { $0.contains(.filtered) }),
            ("filtered_gradient", gradients.contains(.filtered)),
            ("weight_gradient", gradients.contains(.direct) || gradients.contains(.narrow)),
            ("weight_gradient_direct", gradients.contains(.direct)),
            ("weight_gradient_narrow", gradients.contains(.narrow)),
        ]
        return forms.isEmpty ? [] : parts.filter(\.1).map(\.0)
    }
}
