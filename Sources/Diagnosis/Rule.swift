/// A family of diagnoses: what it looks for, on the graph.
///
/// To add one, write a file in `Proofs` and its name in ``rules``; its codes go into ``DiagnosisCode``, their pages into
/// `Catalogue`.
protocol Rule: Sendable {
    /// What it finds in `subject`; ``Subject/findings`` holds what the rules before it found.
    func findings(in subject: Subject) -> [Finding]
}

/// Every rule, the ones that name a cause before those that only name what follows from it.
let rules: [any Rule] = [
    UnusedNetworks(),
    CutGradients(),
    SingleValues(),
    ZeroFactors(),
    CancellingGradients(leavesLabels: true),
    Labels(),
    CancellingGradients(),
    OneSidedLosses(),
    Penalties(),
    PairedTargets(),
    SquashedLogarithms(),
    SquashedScores(),
    InitialValues(),
    AbsentRows(),
]
