internal import Foundation
public import Graph

extension SourceLocation {
    /// The place that a call's `#fileID`, `#line` and `#column` name, for layers of one's own.
    public init(fileID: String, line: Int, column: Int) { self = sourceLocation(fileID, line, column) }
}

/// The model file's path as the user gave it, where cganc evaluates a file of the user's.
private let modelFile = ProcessInfo.processInfo.environment["CGANC_MODEL_FILE"]

/// The place that a call's `#fileID`, `#line` and `#column` name.
///
/// `#fileID` is `Module/File.swift`, the same on every machine. In an evaluated model file it is replaced by the path
/// that the user gave, so that an editor can jump there.
func sourceLocation(_ fileID: String, _ line: Int, _ column: Int) -> SourceLocation {
    var file = fileID
    if let modelFile, lastComponent(modelFile) == lastComponent(fileID) { file = modelFile }
    return SourceLocation(file: file, line: line, column: column)
}

private func lastComponent(_ path: String) -> Substring { path.split(separator: "/").last ?? "" }
