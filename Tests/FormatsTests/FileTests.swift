import Foundation
import Testing

@testable import Formats

@Suite struct FileTests {
    @Test("an atomic write creates and replaces a file and leaves nothing else")
    func atomicWrite() throws {
        let folder = TemporaryFolder()
        let path = folder.file("checkpoint")
        try AtomicFile.write([1, 2, 3], to: path)
        try AtomicFile.write([4], to: path)
        #expect(try InputFile.read(path) == [4])
        #expect(folder.names == ["checkpoint"])
    }

    @Test("a disk that fills up keeps the old file, leaves no other and says so")
    func fullDisk() throws {
        let folder = TemporaryFolder()
        let path = folder.file("checkpoint")
        try AtomicFile.write([1, 2, 3], to: path)
        var room = 600
        let error = try #require(
            formatError {
                try AtomicFile.write([UInt8](repeating: 9, count: 1000), to: path) { descriptor, bytes, count in
                    guard room > 0 else {
                        errno = ENOSPC
                        return -1
                    }
                    let taken = Foundation.write(descriptor, bytes, min(count, 100))
                    room -= taken
                    return taken
                }
            })
        #expect(error.path == path)
        #expect(error.message.contains("no space left on device"))
        #expect(error.help?.contains("free space") == true)
        #expect(try InputFile.read(path) == [1, 2, 3])
        #expect(folder.names == ["checkpoint"])
    }

    @Test("short and interrupted writes still write everything")
    func shortWrites() throws {
        let folder = TemporaryFolder()
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
        var calls = 0
        try AtomicFile.write(bytes, to: folder.file("f")) { descriptor, start, count in
            calls += 1
            if calls % 3 == 0 {
                errno = EINTR
                return -1
            }
            return Foundation.write(descriptor, start, min(count, 7))
        }
        #expect(try InputFile.read(folder.file("f")) == bytes)
    }

    @Test("a missing folder and a folder in the place of the file are named")
    func wrongPlaces() throws {
        let folder = TemporaryFolder()
        let missing = try #require(formatError { try AtomicFile.write([1], to: folder.file("no/f")) })
        #expect(missing.path == folder.file("no/f"))
        #expect(missing.help == "create the folder first")
        let taken = try #require(formatError { try AtomicFile.write([1], to: folder.path) })
        #expect(taken.message.contains("it is a folder"))
    }

    @Test("lines are appended, counted, and cut back for a resumed run")
    func appending() throws {
        let folder = TemporaryFolder()
        let path = folder.file("metrics.jsonl")
        let first = try AppendingFile(path: path)
        try first.append(line: "{\"step\":1}")
        let mark = first.length
        try first.append(line: "{\"step\":2}")
        try first.synchronize()
        #expect(mark == 11)
        #expect(first.length == 22)

        let resumed = try AppendingFile(path: path, truncatedTo: mark)
        try resumed.append(line: "{\"step\":3}")
        #expect(String(decoding: try InputFile.read(path), as: UTF8.self) == "{\"step\":1}\n{\"step\":3}\n")
        #expect(formatError { _ = try AppendingFile(path: path, truncatedTo: 99) }?.message.contains("only 22") == true)
    }

    @Test("a full disk is reported by an appending file", .enabled(if: access("/dev/full", W_OK) == 0))
    func appendingToFullDisk() throws {
        let file = try AppendingFile(path: "/dev/full")
        let error = try #require(formatError { try file.append(line: "x") })
        #expect(error.message.contains("no space left"))
        #expect(file.length == 0)
    }

    @Test("reading names a missing file, a folder, and a file over the limit")
    func reading() throws {
        let folder = TemporaryFolder()
        try AtomicFile.write([1, 2, 3], to: folder.file("f"))
        #expect(formatError { _ = try InputFile.read(folder.file("g")) }?.message.contains("no such file") == true)
        #expect(formatError { _ = try InputFile.read(folder.path) }?.message.contains("not a regular file") == true)
        let large = try #require(formatError { _ = try InputFile.read(folder.file("f"), limit: 2) })
        #expect(large.message.contains("3 bytes, more than the limit of 2"))
    }

    @Test("an error prints its path, place, notes and help")
    func errorText() {
        let error = FormatError(path: "a/b", offset: 12, "is broken", notes: ["found c"], help: "mend it")
        #expect(error.description == "a/b: error: is broken (at byte 12)\nnote: found c\nhelp: mend it")
        #expect(FormatError(path: "a", "x").description == "a: error: x")
    }
}
