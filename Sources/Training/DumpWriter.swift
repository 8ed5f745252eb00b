import CGAN
import Compiler
import Datasets
import Formats
import Foundation
import Native

/// Writes a training step for strangers: `manifest.json` and one `.npy` file for each tensor, little-endian, C order.
public enum DumpWriter {
    /// The version of the manifest's layout.
    public static let manifestVersion = 1

    /// The step as it is written.
    ///
    /// - Parameter dataset: the real examples; by default the glyphs of the seed.
    /// - Throws: `NativeError` if the model cannot be built or run, ``TrainingError`` if the data do not fit.
    public static func step(
        of program: Program, seed: UInt64, precision: Precision, dataset: (any Dataset)? = nil,
        cache: BuildCache = BuildCache()
    ) async throws -> StepDump {
        let compilation = try Compilation(program)
        let library = try await cache.library(of: compilation.emit(), precision: precision)
        let image = program.image
        guard dataset != nil || (1...10).contains(program.classes) && [1, 3].contains(image.channels) else {
            throw TrainingError(
                "the glyphs are ten digits in one or three channels; \(program.name) has \(program.classes) classes "
                    + "and images of \(image)",
                help: "give real examples with --data")
        }
        let examples =
            dataset
            ?? GlyphDataset(
                imageShape: image.pixels, classes: program.classes, seed: seed)
        return try StepDump(compilation, library: library, seed: seed, dataset: examples)
    }

    /// Writes `dump` to `folder`, all of it or nothing.
    ///
    /// - Throws: `FormatError` if a file cannot be written.
    public static func write(_ dump: StepDump, to folder: String) throws {
        var names: Set<String> = []
        var files: [(name: String, bytes: [UInt8])] = []
        var rows: [Manifest.Row] = []
        for tensor in dump.tensors {
            let stem = "\(tensor.phase).\(tensor.role.rawValue).\(tensor.name)"
            var name = fileName(stem)
            var copy = 1
            while !names.insert(name).inserted {
                copy += 1
                name = fileName("\(stem)-\(copy)")
            }
            files.append((name, NPY.encode(tensor.entry)))
            rows.append(
                Manifest.Row(
                    file: name, phase: tensor.phase, role: tensor.role, name: tensor.name, shape: tensor.entry.shape,
                    layout: tensor.layout))
        }
        let manifest = Manifest(
            model: dump.model, batch: dump.batch, seed: dump.seed, precision: dump.precision.rawValue,
            runs: Dictionary(uniqueKeysWithValues: dump.runs.map { ($0.phase, $0.runs) }), tensors: rows)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // The manifest comes last: a folder that has it is complete.
        files.append(("manifest.json", [UInt8](try encoder.encode(manifest)) + [UInt8(ascii: "\n")]))
        try Folders.write(files, to: folder)
    }

    /// `stem.npy`, with whatever could mean something to a file system replaced.
    private static func fileName(_ stem: String) -> String {
        String(stem.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "_" }) + ".npy"
    }

    private struct Manifest: Encodable {
        var version = DumpWriter.manifestVersion
        var model: String
        var batch: Int
        var seed: UInt64
        var precision: String
        /// Runs of each phase in a step; the dump holds the first.
        var runs: [String: Int]
        var tensors: [Row]

        struct Row: Encodable {
            var file: String
            var phase: String
            var role: StepDump.Role
            var name: String
            var shape: [Int]
            var layout: String
        }
    }
}
