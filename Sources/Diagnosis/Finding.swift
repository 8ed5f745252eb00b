public import Graph

/// How much a finding matters.
public enum Severity: String, Hashable, Codable, Sendable {
    /// Training cannot do what the model asks for.
    case error
    /// Training will run, but the gradient is weaker or other than it looks.
    case warning
    /// A zero that does no harm, or a fact to know.
    case note
}

/// Something that `cganc check` says of a model: proved on its graph, before the first step.
public struct Finding: Hashable, Sendable {
    /// Which diagnosis it is; `cganc explain` prints its page.
    public var code: DiagnosisCode
    /// How much it matters.
    public var severity: Severity
    /// One lower-case line with the model's own names and numbers.
    public var message: String
    /// The place in the model's file, where there is one.
    public var location: SourceLocation?
    /// What proves it, in the order to read it in: for a cut, the edge's two ends.
    public var evidence: [Evidence]
    /// Something to do about it, mostly to paste.
    public var help: String?
    /// A change of the model's file that does it, where one line is enough.
    public var edit: Edit?
    /// The parameters whose zero gradient this explains, so that no other rule tells of them again.
    public var parameters: [String]

    /// One fact of a proof.
    public struct Evidence: Hashable, Sendable {
        /// One lower-case line.
        public var message: String
        /// The place it speaks of.
        public var location: SourceLocation?

        /// The fact `message` at `location`.
        public init(_ message: String, at location: SourceLocation? = nil) {
            self.message = message
            self.location = location
        }
    }

    /// A finding of all its parts; its severity is the code's own unless told otherwise.
    public init(
        _ code: DiagnosisCode, _ message: String, severity: Severity? = nil, at location: SourceLocation?,
        evidence: [Evidence] = [], help: String? = nil, edit: Edit? = nil, parameters: [String] = []
    ) {
        self.code = code
        self.severity = severity ?? code.severity
        self.message = message
        self.location = location
        self.evidence = evidence
        self.help = help
        self.edit = edit
        self.parameters = parameters
    }
}
