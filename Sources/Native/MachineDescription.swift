import Foundation

/// What a measurement was taken with, in words that tell two machines apart.
public struct MachineDescription: Hashable, Sendable {
    /// The processor's name: `AMD EPYC 9R14 96-Core Processor`.
    public var processor: String
    /// The C compiler's name and version.
    public var compiler: String
    /// The BLAS's file name, which holds its version: `libopenblasp-r0.3.21.so`; empty if there is none.
    public var blas: String

    /// A machine of these names.
    public init(processor: String, compiler: String, blas: String) {
        self.processor = processor
        self.compiler = compiler
        self.blas = blas
    }

    /// Describes this machine.
    ///
    /// - Throws: ``NativeError`` when there is no C compiler.
    public init() async throws {
        processor = Self.processorName
        compiler = try await CCompiler().version
        blas = Self.blasPath.map { URL(fileURLWithPath: $0).lastPathComponent } ?? ""
    }

    /// The name that the system has for the processor.
    private static var processorName: String {
        #if os(macOS)
            var size = 0
            sysctlbyname("machdep.cpu.brand_string", nil, &size, nil, 0)
            var name = [UInt8](repeating: 0, count: size)
            sysctlbyname("machdep.cpu.brand_string", &name, &size, nil, 0)
            return String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
        #else
            let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8))?.split(separator: "\n") ?? []
            let line = lines.first { $0.hasPrefix("model name") || $0.hasPrefix("CPU part") }
            return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown"
        #endif
    }

    /// The BLAS that the loader would find, links resolved; nil if it is in none of the usual places.
    private static var blasPath: String? {
        let places = [
            "/usr/lib/x86_64-linux-gnu/libopenblas.so.0", "/usr/lib/aarch64-linux-gnu/libopenblas.so.0",
            "/usr/lib64/libopenblas.so.0", "/usr/lib/libopenblas.so.0", "/usr/lib/libopenblas.so.3",
            "/usr/local/lib/libopenblas.so.0", "/opt/homebrew/opt/openblas/lib/libopenblas.dylib",
            "/usr/local/opt/openblas/lib/libopenblas.dylib",
        ]
        let path = places.first { FileManager.default.fileExists(atPath: $0) }
        return path.map { URL(fileURLWithPath: $0).resolvingSymlinksInPath().path }
    }

    /// The BLAS by path, size and date.
    static var blasIdentity: String {
        guard let path = blasPath else { return "unknown" }
        let facts = try? FileManager.default.attributesOfItem(atPath: path)
        return "\(path) \(facts?[.size] ?? "") \(facts?[.modificationDate] ?? "")"
    }
}
