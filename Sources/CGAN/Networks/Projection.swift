import Graph

extension Inputs {
    /// Where in `layers` the label's projection is added: at the last `Dense`; nil where none is asked for.
    func projection(in layers: [any Layer]) -> (index: Int, layer: Inputs)? {
        guard label == .projection else { return nil }
        return (layers.lastIndex { $0 is Dense } ?? layers.count - 1, self)
    }

    /// `x + ⟨embed(y), h⟩` for the features `h` that entered the last `Dense(1)` (Miyato & Koyama 2018, equation 4).
    func project(_ x: Tensor, features: Tensor, in context: LayerContext) -> Tensor {
        guard let labels = context.labels else { return x }
        let h = flatten(features)
        guard x.shape == [h.shape[0], 1] else {
            return context.mistake(
                .labelForm, "a projection needs a last Dense(1), but the last Dense gives \(x.type.shape)", given: x,
                help: "end the discriminator with Dense(1)")
        }
        let table = context.parameter(
            "weight", [context.classes, h.shape[1]], layout: "class,feature",
            from: .normal(deviation: (1 / Double(h.shape[1])).squareRoot()))
        let product = context.rows(of: table, labels) * h
        return x + reshape(sum(product, per: .example), to: [h.shape[0], 1])
    }
}

extension LayerContext {
    /// The learned table `<name>.weight` of one row for each class, beginning as standard normal numbers.
    func embedding(_ name: String, columns: Int, layout: String) -> Tensor {
        let context = LayerContext(
            trace: trace, application: application, name: name, location: location,
            next: nil)
        return context.parameter("weight", [classes, columns], layout: layout, from: .normal(deviation: 1))
    }

    /// The rows of `table` that `labels` name: `[B, columns]`.
    func rows(of table: Tensor, _ labels: Tensor) -> Tensor {
        trace.emit(
            .gatherRows, [table, labels], "rows", at: location,
            guess: TensorType(Shape([labels.shape.first ?? 1] + table.shape.dropFirst())))
    }
}
