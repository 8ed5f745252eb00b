import Graph

/// A contraction's role and extents, whatever layer it belongs to: all kernels that share them are computed by one
/// method.
public enum Contraction: Hashable, Sendable {
    /// A product of two matrices.
    case matmul(Matmul)
    /// One of the convolution triple.
    case convolution(ConvolutionKind, Convolution)
}

extension Kernel {
    /// What the kernel contracts; nil for kernels that are no contractions.
    public var contraction: Contraction? {
        switch body {
        case .matmul(let product): .matmul(product)
        case .convolution(let kind, let c): .convolution(kind, c)
        default: nil
        }
    }
}

// MARK: Text

/// Three words, as a tuning file has them: `matmul Aᵀ·B 794x128x1024` (rows, terms, columns; `64+128` terms where two
/// products are added), or
/// `convolution forward 192x14x14x64:7x7x128:4x4:2x2:1,1,1,1` (images, result, kernel, strides, padding above, below,
/// left, right).
extension Contraction: LosslessStringConvertible {
    /// The words.
    public var description: String {
        switch self {
        case .matmul(let p):
            return "matmul \(p.transposeA ? "Aᵀ" : "A")·\(p.transposeB ? "Bᵀ" : "B") \(p.m)x\(p.k)"
                + "\(p.more > 0 ? "+\(p.more)" : "")x\(p.n)"
        case .convolution(let kind, let c):
            let w = c.window
            return "convolution \(kind.rawValue) \(c.batch)x\(c.height)x\(c.width)x\(c.channels)"
                + ":\(c.outHeight)x\(c.outWidth)x\(c.outChannels):\(w.kernelHeight)x\(w.kernelWidth)"
                + ":\(w.strideHeight)x\(w.strideWidth):\(w.padTop),\(w.padBottom),\(w.padLeft),\(w.padRight)"
        }
    }

    /// The contraction of three words; nil unless they are spelled as ``description`` does.
    public init?(_ description: String) {
        let words = description.split(separator: " ")
        guard words.count == 3 else { return nil }
        let numbers = words[2].split { !$0.isNumber }.compactMap { Int($0) }
        switch words[0] {
        case "matmul":
            guard numbers.count == 3 || numbers.count == 4 else { return nil }
            self = .matmul(
                Matmul(
                    m: numbers[0], n: numbers.last!, k: numbers[1], transposeA: words[1].hasPrefix("Aᵀ"),
                    transposeB: words[1].hasSuffix("Bᵀ"), more: numbers.count == 4 ? numbers[2] : 0))
        case "convolution":
            guard let kind = ConvolutionKind(rawValue: String(words[1])), numbers.count == 15 else { return nil }
            let window = Window(
                kernel: (numbers[7], numbers[8]), stride: (numbers[9], numbers[10]),
                padding: (numbers[11], numbers[12], numbers[13], numbers[14]))
            self = .convolution(
                kind,
                Convolution(
                    batch: numbers[0], height: numbers[1], width: numbers[2], channels: numbers[3],
                    outHeight: numbers[4], outWidth: numbers[5], outChannels: numbers[6], window: window))
        default: return nil
        }
        guard self.description == description else { return nil }
    }
}
