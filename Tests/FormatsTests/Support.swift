import Foundation

@testable import Formats

/// A folder of its own for one test, removed when the test ends.
final class TemporaryFolder {
    let path: String

    init() {
        path = NSTemporaryDirectory() + "/cganc-formats-" + UUID().uuidString
        try! FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { path + "/" + name }

    var names: [String] { try! FileManager.default.contentsOfDirectory(atPath: path).sorted() }
}

/// SplitMix64: random numbers that are the same on every run.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

/// `bytes` damaged in one of the ways files are: bytes changed, cut, removed, inserted; never equal to it.
func mutated(_ bytes: [UInt8], using random: inout SeededGenerator) -> [UInt8] {
    var result = bytes
    for _ in 0..<Int.random(in: 1...3, using: &random) where !result.isEmpty {
        let place = Int.random(in: 0..<result.count, using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: result[place] = UInt8.random(in: 0...255, using: &random)
        case 1: result[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 2:
            result[place] = [0, 0x7f, 0x80, 0xff, UInt8(ascii: "9"), UInt8(ascii: "}")].randomElement(using: &random)!
        case 3: result.removeLast(result.count - place)
        case 4: result.removeSubrange(place..<min(result.count, place + Int.random(in: 1...8, using: &random)))
        default:
            result.insert(
                contentsOf: [0xff, 0xff, 0xff, 0x7f].prefix(Int.random(in: 1...4, using: &random)), at: place)
        }
    }
    return result == bytes ? mutated(bytes, using: &random) : result
}

/// Decodes `rounds` damaged versions of `file`. Those that still decode may (a changed pixel is no fault), those that
/// do not must throw a `FormatError` with the path; a trap ends the test run. Returns how many threw.
func countRejections(
    of file: [UInt8], rounds: Int, seed: UInt64, decode: ([UInt8], String) throws -> Void
) -> (rejected: Int, strange: [String]) {
    var random = SeededGenerator(state: seed)
    var rejected = 0
    var strange: [String] = []
    for _ in 0..<rounds {
        do {
            try decode(mutated(file, using: &random), "damaged.bin")
        } catch let error as FormatError {
            rejected += 1
            if error.path != "damaged.bin" { strange.append(error.description) }
        } catch {
            strange.append("\(error)")
        }
    }
    return (rejected, strange)
}

/// The error that `body` throws, or nil.
func formatError(_ body: () throws -> Void) -> FormatError? {
    do {
        try body()
        return nil
    } catch {
        return error as? FormatError
    }
}
