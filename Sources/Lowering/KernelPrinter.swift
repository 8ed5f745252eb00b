import Graph

extension Function {
    /// One line a kernel: name, form, operands, result, origins.
    public var kernelText: String {
        var lines = ["function \(name)"]
        for (index, kernel) in kernels.enumerated() {
            let reads = kernel.reads.map { buffers[$0.index].name }.joined(separator: ", ")
            let target = buffers[kernel.writes.index]
            lines.append(
                "\(index) \(kernel.name): \(target.name) \(target.type) = \(kernel.form)(\(reads))"
                    + (kernel.epilogue.map { " then \($0.name)" } ?? "") + (kernel.isLeft ? " beside its update" : ""))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// One line a tensor: place, size, first and last kernel.
    public var planText: String {
        let lives = LiveRanges(self)
        var lines = [
            "function \(name): \(plan.count) reals, \(plan.lowerBound) the most that is alive at once"
        ]
        let placed = buffers.indices.filter { lives.range[$0] != nil }
        for index in placed.sorted(by: { (plan.offsets[$0]!, $0) < (plan.offsets[$1]!, $1) }) {
            let start = plan.offsets[index]!
            let range = lives.range[index]!
            lines.append(
                "\(start) ..< \(start + MemoryPlan.size(buffers[index])) \(buffers[index].name) "
                    + "\(buffers[index].type), kernels \(range.lowerBound) ... \(range.upperBound)")
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension Kernel {
    /// The method of a contraction that is not computed in the plain way.
    private var methodMark: String {
        switch method {
        case .blasColumns, .blasRows, .filtered: " \(method!.rawValue)"
        case .tiles, .flippedTiles, .direct, nil: ""
        }
    }

    /// The kernel's form and extents.
    fileprivate var form: String {
        switch body {
        case .loops(let nest):
            let extents = nest.extents.map(String.init).joined(separator: "x")
            guard let reduction = nest.reduction else { return "map<\(extents)>" }
            return "\(reduction == .sum ? "sum" : "maximum")<\(extents), last \(nest.reducedAxes)>"
        case .matmul(let product):
            return "matmul<\(product.m)x\(product.terms)x\(product.n)\(product.transposeA ? " Aᵀ" : "")"
                + "\(product.transposeB ? " Bᵀ" : "")\(methodMark)>"
        case .convolution(let kind, let c): return "convolution.\(kind.rawValue)<\(c.window)\(methodMark)>"
        case .pooling(let kind, let c): return "pooling.\(kind.rawValue)<\(c.window)>"
        case .gatherRows: return "gatherRows"
        case .scatterAddRows: return "scatterAddRows"
        case .oneHot: return "oneHot"
        case .argmax: return "argmax"
        case .draw(let draw, let number): return "draw<\(number) \(draw.name) \(draw.distribution)>"
        case .gatherImages: return "gatherImages"
        case .gatherLabels: return "gatherLabels"
        }
    }
}
