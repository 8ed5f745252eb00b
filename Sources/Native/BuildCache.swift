import Caching
import Emission
import Foundation

/// Built libraries, found again by what they were built from: the C text, the compiler, the machine's resolved target
/// and, where it is called, the BLAS.
public struct BuildCache: Sendable {
    private let cache: Cache

    /// The cache in `CGANC_CACHE`, else in the user's cache directory.
    public init() {
        let given = ProcessInfo.processInfo.environment["CGANC_CACHE"].flatMap { $0.isEmpty ? nil : $0 }
        cache = given.map(Cache.init(at:)) ?? Cache(named: "builds")
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
    func library(
        named name: String, source: String, header: String, libraries: [String] = BuildOptions.libraries,
        defines: [String]
    ) async throws -> String {
        let compiler = try await CCompiler()
        let key = ContentKey(
            of: source, header, compiler.command, compiler.version, compiler.target,
            (CCompiler.options + defines + libraries).joined(separator: " "),
            libraries.contains(BuildOptions.blas) ? MachineDescription.blasIdentity : "")
        func library(in folder: String) -> String { "\(folder)/\(name).so" }
        do {
            let folder = try await cache.entry(
                key, isWhole: { FileManager.default.fileExists(atPath: library(in: $0)) }
            ) { folder in
                try Cache.write(source.utf8, to: "\(folder)/\(name).c")
                try Cache.write(header.utf8, to: "\(folder)/\(name).h")
                try await compiler.build(
                    "\(folder)/\(name).c", to: library(in: folder), libraries: libraries, defines: defines)
            }
            return library(in: folder)
        } catch let error as CacheError {
            throw NativeError(
                "the build cannot be written to \(error.path): \(error.reason)",
                help: "make room, or set CGANC_CACHE to a folder that can be written")
        }
    }
}
