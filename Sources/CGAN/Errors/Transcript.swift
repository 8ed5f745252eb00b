import Graph

extension ModelErrors {
    /// What the transcript says of places in the user's file, each once: of its lines those such as
    /// `Model.swift:8:17: error: …`, which a compiler begins every error and every note with.
    public var placedMessages: [ModelError.Note] {
        var notes: [ModelError.Note] = []
        for line in (transcript ?? "").split(separator: "\n") {
            guard let match = line.wholeMatch(of: #/(.+?):([0-9]+):([0-9]+): (?:error|note): (.+)/#),
                let row = Int(match.2), let column = Int(match.3)
            else { continue }
            let place = SourceLocation(file: String(match.1), line: row, column: column)
            let note = ModelError.Note(String(match.4), at: place)
            if !notes.contains(note) { notes.append(note) }
        }
        return notes
    }
}
