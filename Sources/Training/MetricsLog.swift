import Diagnosis
import Emission
import Formats
import Foundation

/// The metrics of a run as JSON lines: `{"step": 1, "discriminator.loss": 0.7, …, "seconds": 0.06}`.
///
/// Numbers are printed with as many digits as tell them apart from every other number. A line on which the verdict on the
/// run changes has it as an object, `"verdict": {"code": "GZ203", …}`.
final class MetricsLog {
    /// The names of the numbers, each as the text between the numbers: `, "generator.loss": `.
    private var keys: [String] = []
    private let file: AppendingFile

    /// The log of a run at `path`, its lines after step `step` cut off: the run will write them again.
    ///
    /// - Throws: `FormatError` if the file cannot be opened or cut.
    init(path: String, after step: Int) throws {
        let length = FileManager.default.fileExists(atPath: path) ? try Self.length(of: path, upTo: step) : nil
        file = try AppendingFile(path: path, truncatedTo: length)
    }

    /// Names the numbers of the lines to come.
    func begin(_ layout: MetricsLayout) throws {
        let encoder = JSONEncoder()
        keys = try layout.names.map { ", \(String(decoding: try encoder.encode($0), as: UTF8.self)): " }
    }

    /// Adds the line of step `step`, which counts from 1.
    ///
    /// - Parameter numbers: in the order of the layout, which may have more; what is not finite is left out.
    func append(step: Int, _ numbers: [Double], verdict: Verdict?, seconds: Double) throws {
        var line = "{\"step\": \(step)"
        for (key, number) in zip(keys, numbers) where number.isFinite {
            line += key
            line += number.description
        }
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
