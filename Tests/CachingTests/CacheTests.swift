import Foundation
import Testing

@testable import Caching

/// Builds on disk: made once, kept while they are used, whole or not there.
@Suite struct CacheTests {
    private let cache = Cache(at: NSTemporaryDirectory() + "/cganc-cache-" + UUID().uuidString)
    private let key = ContentKey(of: "a", "b")

    private func isWhole(_ entry: String) -> Bool { FileManager.default.fileExists(atPath: "\(entry)/built") }

    private func add(_ key: ContentKey, _ text: String = "") async throws -> String {
        try await cache.entry(key, isWhole: isWhole) { folder in
            try text.write(toFile: "\(folder)/built", atomically: false, encoding: .utf8)
        }
    }

    private func names() throws -> Set<String> { Set(try FileManager.default.contentsOfDirectory(atPath: cache.path)) }

    private func age(_ name: String, days: Double) throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -days * 86400)], ofItemAtPath: "\(cache.path)/\(name)")
    }

    private func finish() { try? FileManager.default.removeItem(atPath: cache.path) }

    @Test("an entry is built once; one that is not whole is built anew")
    func once() async throws {
        defer { finish() }
        let entry = try await add(key, "first")
        #expect(try await add(key, "second") == entry)
        #expect(try String(contentsOfFile: "\(entry)/built", encoding: .utf8) == "first")
        try FileManager.default.removeItem(atPath: "\(entry)/built")
        #expect(try await add(key, "third") == entry)
        #expect(try String(contentsOfFile: "\(entry)/built", encoding: .utf8) == "third")
        #expect(try names() == [key.text])
    }

    @Test("a build that fails leaves nothing behind")
    func failure() async throws {
        defer { finish() }
        struct Failure: Error {}
        await #expect(throws: Failure.self) {
            _ = try await cache.entry(key, isWhole: isWhole) { folder in
                try "half".write(toFile: "\(folder)/built", atomically: false, encoding: .utf8)
                throw Failure()
            }
        }
        #expect(try names().isEmpty)
    }

    @Test("of two that build the same at a time the first one stays")
    func race() async throws {
        defer { finish() }
        let entry = try await cache.entry(key, isWhole: isWhole) { folder in
            try "slow".write(toFile: "\(folder)/built", atomically: false, encoding: .utf8)
            _ = try await add(key, "quick")
        }
        #expect(try String(contentsOfFile: "\(entry)/built", encoding: .utf8) == "quick")
        #expect(try names() == [key.text])
    }

    @Test("what nobody has used for 30 days goes when something is added; use keeps it; what is not ours stays")
    func pruning() async throws {
        defer { finish() }
        let (old, used, interrupted) = (ContentKey(of: "old"), ContentKey(of: "used"), ".building-of-long-ago")
        for key in [old, used] { _ = try await add(key) }
        for name in [interrupted, ".building-now", "notes"] {
            try FileManager.default.createDirectory(atPath: "\(cache.path)/\(name)", withIntermediateDirectories: false)
        }
        for name in [old.text, used.text, "notes"] { try age(name, days: 31) }
        try age(interrupted, days: 2)
        _ = try await add(used)
        #expect(try names().contains(old.text), "a hit removes nothing")
        _ = try await add(key)
        #expect(try names() == [key.text, used.text, ".building-now", "notes"])
    }

    @Test("a cache below a file is refused with its path")
    func unwritable() async throws {
        let file = NSTemporaryDirectory() + "/cganc-file-" + UUID().uuidString
        try "".write(toFile: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: file) }
        let error = await #expect(throws: CacheError.self) {
            _ = try await Cache(at: file + "/cache").entry(key, isWhole: isWhole) { _ in }
        }
        #expect(error?.path.hasPrefix(file) ?? false)
    }

    @Test("keys tell apart where parts end")
    func keys() {
        #expect(ContentKey(of: "ab", "c").text != ContentKey(of: "a", "bc").text)
        #expect(ContentKey(of: "a").text != ContentKey(of: "a", "").text)
        #expect(ContentKey.isText(key.text) && !ContentKey.isText("notes") && !ContentKey.isText(key.text + "0"))
    }
}
