import CGAN
public import Diagnosis

/// A change of a model's file that may take a trouble away.
///
/// To add one, write it into the list of its family in `Mends`, with the verdicts it is for: it is then tried wherever
/// they are.
public struct Mend: Sendable {
    /// What it goes by: lower-case with hyphens.
    public let name: String
    /// What it does, in a few words.
    public let summary: String
    /// The verdicts that it is recommended for.
    public let causes: [DiagnosisCode]
    /// Makes the change; false if there is nothing to change: the model has it already, or is written in another way.
    let change: @Sendable (inout ModelEditor) -> Bool

    init(
        _ name: String, _ summary: String, for causes: [DiagnosisCode],
        change: @escaping @Sendable (inout ModelEditor) -> Bool
    ) {
        self.name = name
        self.summary = summary
        self.causes = causes
        self.change = change
    }

    /// Every mend.
    public static let all: [Mend] =
        losses + penalties + targets + rates + updates + activations + normalisations + initialValues + labels
        + capacities + noises + ownLayers

    /// The text of `model` with the change made; nil if there is nothing to change.
    func text(of model: ModelText, program: Program) -> String? {
        var editor = ModelEditor(model, of: program)
        return change(&editor) ? editor.result : nil
    }
}
