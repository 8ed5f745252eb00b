import Graph

/// The cross-entropy `−(t·log p + (1−t)·log(1−p))` of every element, of *probabilities* such as a final ``Sigmoid``
/// gives. Probabilities are first clipped to `clip ... 1 − clip`, as Keras does.
///
/// For a network whose last layer is `Dense(1)`, which gives logits, use ``crossEntropy(logits:targets:fileID:line:column:)``.
public func binaryCrossEntropy(
    probabilities: Tensor, targets: Tensor, clip: Double = 1e-7, fileID: String = #fileID, line: Int = #line,
    column: Int = #column
) -> Tensor {
    elementwiseCrossEntropy(
        .binaryCrossEntropy(clip: clip), probabilities, targets, "binaryCrossEntropy",
        sourceLocation(fileID, line, column))
}

/// As ``binaryCrossEntropy(probabilities:targets:clip:fileID:line:column:)`` with one target for all elements.
public func binaryCrossEntropy(
    probabilities: Tensor, targets: Double, clip: Double = 1e-7, fileID: String = #fileID, line: Int = #line,
    column: Int = #column
) -> Tensor {
    binaryCrossEntropy(
        probabilities: probabilities, targets: probabilities.number(targets), clip: clip, fileID: fileID, line: line,
        column: column)
}

/// The cross-entropy `t·softplus(−l) + (1−t)·softplus(l)` of every element, of *logits*, without overflow.
public func crossEntropy(
    logits: Tensor, targets: Tensor, fileID: String = #fileID, line: Int = #line, column: Int = #column
) -> Tensor {
    elementwiseCrossEntropy(
        .logitCrossEntropy, logits, targets, "crossEntropy", sourceLocation(fileID, line, column))
}

/// As ``crossEntropy(logits:targets:fileID:line:column:)`` with one target for all elements.
public func crossEntropy(
    logits: Tensor, targets: Double, fileID: String = #fileID, line: Int = #line, column: Int = #column
) -> Tensor {
    crossEntropy(logits: logits, targets: logits.number(targets), fileID: fileID, line: line, column: column)
}

/// Targets are stretched to the outputs, never the other way: `[B]` against `[B, 1]` is an error.
private func elementwiseCrossEntropy(
    _ composite: Composite, _ outputs: Tensor, _ targets: Tensor, _ function: String, _ location: SourceLocation
) -> Tensor {
    guard stretchedShape(outputs.type.shape, targets.type.shape) == outputs.type.shape else {
        let (a, b) = (outputs.type.shape, targets.type.shape)
        return outputs.trace.mistake(
            ModelError(
                .operandShapes, "\(function): targets \(b) do not fit outputs \(a)",
                at: outputs.trace.origin(function, location).location,
                notes: [outputs.trace.note(on: outputs), outputs.trace.note(on: targets)],
                help: "targets have the outputs' shape: reshape(targets, to: \(a.dimensions))"),
            guess: outputs.type)
    }
    checkOutputs(outputs, composite, function, location)
    return outputs.trace.emit(
        .composite(composite), [outputs, targets.stretched(to: outputs.type.shape, at: location)], function,
        at: location)
}

/// Records a mistake if `outputs` come straight from a network that gives the other kind: logits, or probabilities.
private func checkOutputs(
    _ outputs: Tensor, _ composite: Composite, _ function: String, _ location: SourceLocation
) {
    let trace = outputs.trace
    guard !trace.isInFixedScope, let node = outputs.node,
        let application = trace.applications.first(where: { $0.output.node == node && $0.network == "discriminator" })
    else { return }
    let wantsProbabilities = composite != .logitCrossEntropy
    guard wantsProbabilities != application.endsInSigmoid else { return }
    trace.tables.record(
        ModelError(
            .outputKind,
            wantsProbabilities
                ? "\(function) needs probabilities, but the discriminator gives logits"
                : "\(function) needs logits, but the discriminator ends in Sigmoid() and gives probabilities",
            at: trace.origin(function, location).location, notes: [trace.note(on: outputs)],
            help: wantsProbabilities
                ? "use crossEntropy(logits:targets:), or add Sigmoid() as the discriminator's last layer"
                : "use binaryCrossEntropy(probabilities:targets:), or remove Sigmoid()"))
}
