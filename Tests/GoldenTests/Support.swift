import Compiler
import Foundation
import Models
import Testing

extension ShippedModel: CustomTestStringConvertible {
    /// The model's name.
    public var testDescription: String { name }

    /// The model as a folder that trains without Swift.
    func standalone(batch: Int? = nil) throws -> StandaloneFiles {
        try StandaloneFiles(try Compilation(try program(batch: batch)).emit())
    }
}

/// A folder of its own for one test, removed when the test ends.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "/cganc-golden-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }

    func write(_ files: StandaloneFiles) throws {
        for file in files.files { try file.text.write(toFile: self.file(file.name), atomically: true, encoding: .utf8) }
    }

    func write(_ bytes: [UInt8], to name: String) throws { try Data(bytes).write(to: URL(fileURLWithPath: file(name))) }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }
}

/// What a command left behind.
struct CommandResult {
    var status: Int32
    /// What it wrote, standard error included; the end of it where it is long.
    var output: String
}

/// Runs a command found on the path.
@discardableResult
func run(_ command: [String], in folder: String, environment: [String: String] = [:]) throws -> CommandResult {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return CommandResult(
        status: process.terminationStatus, output: String(decoding: output.suffix(6000), as: UTF8.self))
}

/// True if `command` is found on the path.
func isInstalled(_ command: String) -> Bool {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
        FileManager.default.isExecutableFile(atPath: "\($0)/\(command)")
    }
}

/// A few made-up examples of a model, as IDX files hold them.
struct TinyExamples {
    let pixels: [UInt8]
    let labels: [UInt8]
    private let extents: [Int]

    /// Fewer than a batch, so that a step crosses epochs.
    init(of model: ShippedModel, count: Int = 10) throws {
        let program = try model.program(batch: 2)
        let image = program.image
        extents = [count, image.height, image.width] + (image.channels == 1 ? [] : [image.channels])
        var state: UInt32 = 1
        pixels = (0..<extents.reduce(1, *)).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(state >> 24)
        }
        labels = (0..<count).map { UInt8($0 % program.classes) }
    }

    var imageFile: [UInt8] { Self.header(extents) + pixels }
    var labelFile: [UInt8] { Self.header([labels.count]) + labels }
    var imageFileName: String { "train-images-idx\(extents.count)-ubyte" }
    let labelFileName = "train-labels-idx1-ubyte"

    func write(to folder: TemporaryFolder) throws {
        try folder.write(imageFile, to: imageFileName)
        try folder.write(labelFile, to: labelFileName)
    }

    static func header(_ extents: [Int]) -> [UInt8] {
        [0, 0, 8, UInt8(extents.count)]
            + extents.flatMap { extent in (0..<4).map { UInt8(extent >> (24 - 8 * $0) & 255) } }
    }
}
