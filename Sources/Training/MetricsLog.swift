import Diagnosis
import Emission
import Formats
import Foundation

/// The metrics of a run as JSON lines: `{"step": 1, "discriminator.loss": 0.7, …, "seconds": 0.06}`.
///
/// Numbers are printed with as many digits as tell them apart from every other number. A line on which the verdict on the
/// run changes has it as an object, `"verdict": {"code": "GZ203", …}`.
final class MetricsLog {
    /// The names of a step's values, each as a JSON key with its colon.
    private let keys: [String]
    private let file: AppendingFile

    /// The log of a run at `path`, its lines after step `step` cut off: the run will write them again.
    ///
    /// - Throws: `FormatError` if the file cannot be opened or cut.
    init(path: String, manifest: Manifest, after step: Int) throws {
        keys = try manifest.valueNames.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) + ": " }
        let length = FileManager.default.fileExists(atPath: path) ? try Self.length(of: path, upTo: step) : nil
        file = try AppendingFile(path: path, truncatedTo: length)
    }

    /// Adds the line of step `step`, which counts from 1.
    func append(
        step: Int, values: [Double], telemetry: [(name: String, value: Double)] = [], verdict: Verdict? = nil,
        seconds: Double
    ) throws {
        var line = "{\"step\": \(step)"
        for (key, value) in zip(keys, values) { line += ", \(key)\(value)" }
        // Names of parameters and layers need no escapes.
        for (name, value) in telemetry { line += ", \"\(name)\": \(value)" }
        if let verdict { line += ", \"verdict\": \(try verdict.json())" }
        try file.append(line: line + ", \"seconds\": \(seconds)}")
    }

    /// Adds the line of a step that was not finished, with `verdict` alone.
    func append(step: Int, verdict: Verdict) throws {
        try file.append(line: "{\"step\": \(step), \"verdict\": \(try verdict.json())}")
    }

    /// Waits until the disk holds the lines.
    func synchronize() throws { try file.synchronize() }

    /// The bytes of the lines of the first `step` steps.
    private static func length(of path: String, upTo step: Int) throws -> Int {
        let bytes = try InputFile.read(path)
        var end = 0
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            let lineEnd = end + line.count + 1
            let prefix = Array("{\"step\": ".utf8)
            guard lineEnd <= bytes.count, line.starts(with: prefix),
                let number = Int(
                    String(decoding: line.dropFirst(prefix.count).prefix { $0 != UInt8(ascii: ",") }, as: UTF8.self)),
                number <= step
            else { break }
            end = lineEnd
        }
        return end
    }
}

extension Manifest {
    /// `discriminator.loss`, `discriminator.slope`, …: the names of a step's values in the order of a report.
    public var valueNames: [String] {
        phases.flatMap { phase in phase.values.map { "\(phase.name).\($0)" } }
    }
}
