import Graph

/// What one run of a phase is given: real examples and random numbers.
public struct Batch {
    let trace: Trace

    /// Real images `[B, height, width, channels]`, scaled to `-1 ... 1`.
    public var images: Tensor { trace.images }

    /// The images' labels, indices `[B]` in `0 ..< classes`.
    public var labels: Tensor { trace.labels }

    /// Standard normal numbers `[B, latent]`: one latent for each example, the same wherever a phase asks for it.
    public var latent: Tensor { trace.latent }

    /// How many examples there are: `B`.
    public var size: Int { trace.facts.batch }

    /// One number for each example, uniform over `range`, as `[B, 1, 1, 1]` so that it stretches over images.
    ///
    /// - Parameter name: how the numbers are dumped; the same name gives the same numbers.
    public func uniform(
        perExample name: String, in range: Range<Double> = 0..<1, fileID: String = #fileID, line: Int = #line,
        column: Int = #column
    ) -> Tensor {
        uniform(name, shape: [size, 1, 1, 1], in: range, fileID: fileID, line: line, column: column)
    }

    /// Numbers uniform over `range`.
    ///
    /// - Parameter name: how the numbers are dumped; the same name gives the same numbers.
    public func uniform(
        _ name: String, shape: [Int], in range: Range<Double> = 0..<1, fileID: String = #fileID, line: Int = #line,
        column: Int = #column
    ) -> Tensor {
        trace.random(
            name, .uniform(low: range.lowerBound, high: range.upperBound), Shape(shape),
            at: sourceLocation(fileID, line, column))
    }

    /// Gaussian numbers.
    ///
    /// - Parameter name: how the numbers are dumped; the same name gives the same numbers.
    public func normal(
        _ name: String, shape: [Int], mean: Double = 0, deviation: Double = 1, fileID: String = #fileID,
        line: Int = #line, column: Int = #column
    ) -> Tensor {
        trace.random(
            name, .normal(mean: mean, deviation: deviation), Shape(shape), at: sourceLocation(fileID, line, column))
    }

    /// A second latent `[B, latent]` of its own name.
    public func latent(
        named name: String, fileID: String = #fileID, line: Int = #line, column: Int = #column
    ) -> Tensor {
        normal(name, shape: [size, trace.facts.latent], fileID: fileID, line: line, column: column)
    }

    /// A single number, the same for every example.
    public func constant(_ value: Double) -> Tensor { latent.number(value) }
}

extension Trace {
    /// The input `images`.
    var images: Tensor {
        let images = leaf(.input(name: "images", TensorType(facts.imageShape)), "images")
        return images.named("real")
    }

    /// The input `labels`.
    var labels: Tensor { leaf(.input(name: "labels", TensorType([facts.batch], .index)), "labels") }

    /// The draw `latent` in training, the input `latent` of a sampler.
    var latent: Tensor {
        let shape = Shape([facts.batch, facts.latent])
        return switch mode {
        case .training, .watching: random("latent", .normal(mean: 0, deviation: 1), shape, at: nil)
        case .sampling: leaf(.input(name: "latent", TensorType(shape)), "latent")
        }
    }

    /// A leaf that is called the same wherever it is asked for. Extents have been checked.
    private func leaf(_ op: Op, _ name: String) -> Tensor {
        scope(name, at: nil) { emit(op, [], name, at: nil) }
    }
}
