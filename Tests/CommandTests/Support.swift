import CGAN
import Foundation
import Subprocess
import Testing

/// What a command printed, and how it ended.
struct Outcome: Sendable {
    var output: String
    var errors: String
    /// The exit code; nil if a signal ended it.
    var status: Int?
}

/// The built `cganc`, which lies beside the tests.
let commandPath: String = {
    let tests = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    return tests.deletingLastPathComponent().appendingPathComponent("cganc").path
}()

/// Runs cganc in `folder`.
///
/// - Parameters:
///   - environment: variables to set besides those of the tests.
///   - limit: the most blocks of 1024 bytes that a file may grow to, as a small disk would.
func cganc(
    _ arguments: String..., in folder: String, environment: [String: String] = [:], limit: Int? = nil
) async throws -> Outcome {
    try await cganc(list: arguments, in: folder, environment: environment, limit: limit)
}

/// Runs cganc in `folder` with a list of arguments.
func cganc(
    list arguments: [String], in folder: String, environment: [String: String] = [:], limit: Int? = nil
) async throws -> Outcome {
    var changes: [Environment.Key: String?] = [:]
    for (name, value) in environment { changes[Environment.Key(stringLiteral: name)] = value }
    let words =
        limit.map { ["-c", "ulimit -f \($0); exec \"$0\" \"$@\"", commandPath] + arguments } ?? arguments
    let result = try await run(
        limit == nil ? .path(.init(commandPath)) : .name("bash"), arguments: Arguments(words),
        environment: .inherit.updating(changes), workingDirectory: .init(folder), output: .string(limit: 1 << 24),
        error: .string(limit: 1 << 24))
    var status: Int?
    if case .exited(let code) = result.terminationStatus { status = Int(code) }
    return Outcome(output: result.standardOutput, errors: result.standardError, status: status)
}

/// Runs cganc in `folder` and interrupts it once the file `watched` has `count` lines.
func interrupted(
    _ arguments: String..., in folder: String, when watched: String, has count: Int
) async throws -> Outcome {
    let script = """
        "$0" "$@" & child=$!
        for attempt in $(seq 600); do
            [ "$(wc -l < '\(watched)')" -ge \(count) ] && break
            sleep 0.1
        done
        kill -INT $child
        wait $child
        """
    // With job control a child in the background does not ignore interrupts.
    let result = try await run(
        .name("bash"), arguments: Arguments(["-m", "-c", script, commandPath] + arguments),
        workingDirectory: .init(folder), output: .string(limit: 1 << 24), error: .string(limit: 1 << 24))
    var status: Int?
    if case .exited(let code) = result.terminationStatus { status = Int(code) }
    return Outcome(output: result.standardOutput, errors: result.standardError, status: status)
}

/// Calls `body` with the path of a folder that is removed afterwards.
func withTemporaryFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("cganc-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try await body(path)
}

/// The names in the folder at `path`, sorted.
func names(in path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
}

/// A model that is built in a moment.
struct Tiny: ConditionalGAN {
    let images = ImageShape(height: 8, width: 8, channels: 1)
    let classes = 3
    let latent = 4
    var generator: Network {
        Inputs(.latent, .label(.oneHot))
        Dense(64)
        Tanh()
        Reshape(8, 8, 1)
    }
    var discriminator: Network {
        Inputs(.image, .label(.oneHot))
        Flatten()
        Dense(8)
        LeakyReLU(0.2)
        Dense(1)
    }
    var objective: Objective { .wasserstein(penalty: .gradient(weight: 10)) }
    var training: Training { Training(batch: 8, steps: 6, seed: 5) }
}

/// Writes the program of `model` to `path`.
func save(_ model: some ConditionalGAN, to path: String) throws {
    try JSONEncoder().encode(try Program(model)).write(to: URL(fileURLWithPath: path))
}

/// A folder with the saved program `tiny.json`, of which a run was begun: the library is built then.
func withTinyRun<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    try await withTemporaryFolder { folder in
        try save(Tiny(), to: "\(folder)/tiny.json")
        let outcome = try await cganc("train", "tiny.json", "--out", "run", "--sample-every", "3", in: folder)
        #expect(outcome.status == 0, "\(outcome.errors)")
        return try await body(folder)
    }
}
