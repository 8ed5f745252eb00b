import CGAN
import Differentiation
import Foundation
import Graph
import GraphTesting
import Testing

@testable import ModelLoading

/// Damaged programs by the hundred, from seeds: each is refused, or is a sound program. A trap would end the test run.
@Suite struct ProgramFuzzTests {
    @Test("a program with values replaced, removed, repeated or moved is refused or sound", arguments: 0..<8)
    func values(part: Int) throws {
        let original = try JSONSerialization.jsonObject(with: Data(try Program(SmallModel()).json()))
        for seed in 0..<50 {
            var damage = JSONDamage(seed: UInt64(part * 1000 + seed))
            var json = original
            for _ in 0...damage.numbers.int(0...2) { json = damage.damaged(json) }
            try check(
                try JSONSerialization.data(withJSONObject: json, options: .fragmentsAllowed),
                "seed \(part * 1000 + seed)")
        }
    }

    @Test("a program cut short or with bytes changed is refused or sound")
    func bytes() throws {
        let original = try Program(SmallModel()).json()
        for seed in 0..<200 {
            var numbers = SeededNumbers(seed: UInt64(seed))
            var bytes = original
            if numbers.chance(0.3) {
                bytes.removeLast(numbers.int(1...bytes.count - 1))
            } else {
                for _ in 0...numbers.int(0...3) {
                    bytes[numbers.int(0...bytes.count - 1)] = numbers.choose(Array("09-.eE{}[],:\"x".utf8))
                }
            }
            try check(Data(bytes), "seed \(seed)")
        }
    }

    /// Refusal is an error of the model's; whatever is accepted can be differentiated.
    private func check(_ data: Data, _ seed: String) throws {
        do {
            let program = try ProgramFile.decode(data, path: "program.json", batch: nil)
            for graph in program.phases.map(\.graph) + [program.sampler] {
                try graph.verify()
                try graph.decomposed().expandingGradients().graph.verify(allowing: [])
            }
        } catch let errors as ModelErrors {
            #expect(!errors.errors.isEmpty, "\(seed)")
        }
    }
}

/// Damage to a JSON value, by seed.
struct JSONDamage {
    var numbers: SeededNumbers

    init(seed: UInt64) { numbers = SeededNumbers(seed: seed) }

    /// `json` with one value, chosen by a walk from the root, replaced, removed, repeated or moved.
    mutating func damaged(_ json: Any) -> Any {
        switch json {
        case let object as [String: Any] where !object.isEmpty && numbers.chance(0.97):
            var object = object
            let key = numbers.choose(object.keys.sorted())
            if numbers.chance(0.02) {
                object[key] = nil
            } else {
                object[key] = damaged(object[key]!)
            }
            return object
        case let list as [Any] where !list.isEmpty && numbers.chance(0.97):
            var list = list
            let index = numbers.int(0...list.count - 1)
            switch numbers.int(0...40) {
            case 0: list.remove(at: index)
            case 1: list.insert(list[index], at: index)
            case 2: list.swapAt(index, numbers.int(0...list.count - 1))
            case 3: list[index] = numbers.choose(list)
            default: list[index] = damaged(list[index])
            }
            return list
        case let number as NSNumber where numbers.chance(0.5):
            return number.intValue &+ numbers.choose([-1, 1, 2, 63, 1 << 31])
        default:
            return numbers.choose(replacements)
        }
    }

    private var replacements: [Any] {
        [
            -1, 0, 1, 2, 3, 1 << 16, 1 << 31, 1 << 34, 1 << 62, Int.max, Int.min, 0.5, -0.0, 1e300, 1e-320, true,
            NSNull(), "", "labels", "images", "generator.dense1.weight", "*/", "../x", [Any](), [String: Any](),
            [1, 2, 3], [1 << 31, 1 << 31, 1 << 31], [0, 1, 2, 3, 4, 5, 6, 7, 8],
        ]
    }
}
