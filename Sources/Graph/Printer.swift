extension Op {
    /// The operation's name in printed graphs, without attributes.
    public var name: String {
        switch self {
        case .constant: "constant"
        case .parameter: "parameter"
        case .input: "input"
        case .random: "random"
        case .unary(let function): function.row.name
        case .binary(let function): function.rawValue
        case .select: "select"
        case .reshape: "reshape"
        case .transpose: "transpose"
        case .broadcast: "broadcast"
        case .slice: "slice"
        case .pad: "pad"
        case .concatenate: "concatenate"
        case .reduceSum: "reduceSum"
        case .reduceMax: "reduceMax"
        case .matmul: "matmul"
        case .convolution: "convolution"
        case .convolutionInputGradient: "convolutionInputGradient"
        case .convolutionWeightGradient: "convolutionWeightGradient"
        case .gatherRows: "gatherRows"
        case .scatterAddRows: "scatterAddRows"
        case .oneHot: "oneHot"
        case .argmax: "argmax"
        case .maxPoolIndex: "maxPoolIndex"
        case .gatherIndex: "gatherIndex"
        case .scatterIndex: "scatterIndex"
        case .averagePool: "averagePool"
        case .averagePoolGradient: "averagePoolGradient"
        case .stopGradient: "stopGradient"
        case .gradient: "gradient"
        case .composite(let composite): composite.name
        }
    }

    /// The attributes as text, empty where there are none.
    var attributes: String {
        switch self {
        case .constant(let value): "\(value)"
        case .parameter(let name, _), .input(let name, _): name
        case .random(let draw, _): "\(draw.name) \(draw.distribution.description)"
        case .broadcast(_, let axes): "axes \(axes)"
        case .transpose(let permutation): "\(permutation)"
        case .slice(let start, let size): "from \(start) size \(size)"
        case .pad(let before, let after): "before \(before) after \(after)"
        case .concatenate(let axis), .argmax(let axis): "axis \(axis)"
        case .reduceSum(let axes), .reduceMax(let axes): "axes \(axes)"
        case .matmul(let transposeA, let transposeB):
            [transposeA ? "Aᵀ" : nil, transposeB ? "Bᵀ" : nil].compactMap { $0 }.joined(separator: " ")
        case .convolution(let window), .convolutionInputGradient(let window, _, _),
            .convolutionWeightGradient(let window), .maxPoolIndex(let window), .averagePool(let window),
            .averagePoolGradient(let window, _, _):
            window.description
        case .scatterAddRows(let count): "count \(count)"
        case .oneHot(let classes): "classes \(classes)"
        case .composite(let composite): composite.attributes
        case .unary, .binary, .select, .reshape, .gatherRows, .gatherIndex, .scatterIndex, .stopGradient, .gradient: ""
        }
    }
}

extension Composite {
    var name: String {
        switch self {
        case .mean: "mean"
        case .variance: "variance"
        case .norm: "norm"
        case .normalize: "normalize"
        case .softmax: "softmax"
        case .logSoftmax: "logSoftmax"
        case .clip: "clip"
        case .binaryCrossEntropy: "binaryCrossEntropy"
        case .logitCrossEntropy: "logitCrossEntropy"
        }
    }

    var attributes: String {
        switch self {
        case .mean(let axes), .variance(let axes): "axes \(axes)"
        case .norm(let axes, let epsilon), .normalize(let axes, let epsilon): "axes \(axes) epsilon \(epsilon)"
        case .softmax(let axis), .logSoftmax(let axis): "axis \(axis)"
        case .clip(let low, let high): "\(low) ... \(high)"
        case .binaryCrossEntropy(let clip): "clip \(clip)"
        case .logitCrossEntropy: ""
        }
    }
}

extension Distribution: CustomStringConvertible {
    /// The law with its numbers: `uniform(0.7, 1.0)`.
    public var description: String {
        switch self {
        case .uniform(let low, let high): "uniform(\(low), \(high))"
        case .normal(let mean, let deviation): "normal(\(mean), \(deviation))"
        case .bernoulli(let probability, let value): "bernoulli(\(probability)) * \(value)"
        }
    }
}

extension Graph: CustomStringConvertible {
    /// One line a node: `%7 = matmul(%3, %5) [64, 128] // discriminator.dense1 Model.swift:12:9`, then the outputs.
    public var description: String {
        var lines: [String] = []
        for id in ids {
            let node = self[id]
            let attributes = node.op.attributes
            let inputs = node.inputs.map(\.description).joined(separator: ", ")
            let head = node.op.name + (attributes.isEmpty ? "" : "<\(attributes)>")
            let primes = String(repeating: "'", count: node.origin.order)
            let place = node.origin.location.map { " \($0.file):\($0.line):\($0.column)" } ?? ""
            let call = node.inputs.isEmpty ? head : "\(head)(\(inputs))"
            lines.append("\(id) = \(call) \(node.type) // \(node.origin.name)\(primes)\(place)")
        }
        for output in outputs { lines.append("output \(output.name) = \(output.node)") }
        return lines.joined(separator: "\n") + "\n"
    }
}
