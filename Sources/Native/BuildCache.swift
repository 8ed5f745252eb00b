import Emission
import Foundation

/// Built libraries, found again by what they were built from: the C text, the compiler, the machine's resolved target
/// and, where it is called, the BLAS.
public struct BuildCache: Sendable {
    /// Where builds lie.
    public var directory: URL

    /// The cache in `CGANC_CACHE`, else in the user's cache directory.
    public init() {
        let environment = ProcessInfo.processInfo.environment
        if let given = environment["CGANC_CACHE"], !given.isEmpty {
            directory = URL(fileURLWithPath: given)
        } else {
            let base =
                environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 }
                ?? NSHomeDirectory() + "/.cache"
            directory = URL(fileURLWithPath: base).appendingPathComponent("cganc/builds")
        }
    }

    /// The path of the library of `model`, built unless it was built before.
    ///
    /// - Parameter isProfiled: whether it counts what each kernel takes; its numbers are the same.
    /// - Throws: ``NativeError`` when there is no compiler, no BLAS, or no room.
    public func library(
        of model: EmittedModel, precision: Precision, isProfiled: Bool = false
    ) async throws -> String {
        try await library(
            named: model.file, source: model.source, header: model.header, libraries: model.libraries,
            defines: precision.defines + (isProfiled ? ["-DCGANC_PROFILE"] : []))
    }

    /// The path of the library of `name.c` and `name.h`, built unless it was built before.
    ///
    /// A build goes to a temporary name and is then renamed, so that two processes never see half a library.
    func library(
        named name: String, source: String, header: String, libraries: [String] = BuildOptions.libraries,
        defines: [String]
    ) async throws -> String {
        let compiler = try await CCompiler()
        var key = ContentKey()
        for part in [
            source, header, compiler.command, compiler.version, compiler.target,
            (CCompiler.options + defines + libraries).joined(separator: " "),
            libraries.contains(BuildOptions.blas) ? MachineDescription.blasIdentity : "",
        ] { key.add(part) }
        let folder = directory.appendingPathComponent(key.text)
        let library = folder.appendingPathComponent("\(name).so")
        if FileManager.default.fileExists(atPath: library.path) { return library.path }
        let temporary = directory.appendingPathComponent(".building-\(key.text)-\(UUID().uuidString)")
        do {
            try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
            try Data(source.utf8).write(to: temporary.appendingPathComponent("\(name).c"))
            try Data(header.utf8).write(to: temporary.appendingPathComponent("\(name).h"))
        } catch {
            try? FileManager.default.removeItem(at: temporary)
            throw NativeError(
                "the build folder \(temporary.path) cannot be written: \(error.localizedDescription)",
                help: "make room, or set CGANC_CACHE to a folder that can be written")
        }
        defer { try? FileManager.default.removeItem(at: temporary) }
        let built = temporary.appendingPathComponent("\(name).so")
        try await compiler.build(
            temporary.appendingPathComponent("\(name).c").path, to: built.path, libraries: libraries, defines: defines)
        // Another process may have been faster; its build is as good.
        if rename(temporary.path, folder.path) != 0, !FileManager.default.fileExists(atPath: library.path) {
            throw NativeError("the build could not be moved to \(folder.path): \(String(cString: strerror(errno)))")
        }
        return library.path
    }
}

/// A name for contents: two independent 64-bit FNV-1a hashes.
struct ContentKey {
    private var low: UInt64 = 0xcbf2_9ce4_8422_2325
    private var high: UInt64 = 0x6c62_272e_07bb_0142

    /// Adds `part` and the fact that it ends here.
    mutating func add(_ part: String) {
        for byte in part.utf8 { mix(byte) }
        mix(0)
    }

    private mutating func mix(_ byte: UInt8) {
        low = (low ^ UInt64(byte)) &* 0x100_0000_01b3
        high = (high ^ UInt64(byte ^ 0x5a)) &* 0x100_0000_01b3
        high ^= high >> 29
    }

    /// The key as 32 hexadecimal digits.
    var text: String {
        func hex(_ value: UInt64) -> String {
            let digits = String(value, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        return hex(high) + hex(low)
    }
}
