import CGAN
import Foundation

/// Where the library lies that model files are compiled against.
struct LibraryLocation {
    /// The folder that holds `libCGAN.so` and the folder `Modules`.
    let folder: String

    private static let libraryNames = ["libCGAN.so", "libCGAN.dylib"]

    /// The library beside the running program, or in the folder that `CGANC_LIBRARY` names.
    ///
    /// - Throws: `ModelErrors` if it is in none of the places where it is looked for.
    init() throws {
        let environment = ProcessInfo.processInfo.environment
        var folders: [String] = []
        if let given = environment["CGANC_LIBRARY"], !given.isEmpty {
            folders = [given]
        } else if let program = Bundle.main.executableURL?.resolvingSymlinksInPath() {
            let own = program.deletingLastPathComponent()
            folders = [own.path, own.appendingPathComponent("../lib/cganc").standardizedFileURL.path]
        }
        try self.init(in: folders)
    }

    /// The library in the first of `folders` that holds one.
    ///
    /// - Throws: `ModelErrors` if none does.
    init(in folders: [String]) throws {
        guard let found = folders.first(where: Self.holdsLibrary) else {
            throw ModelErrors([
                ModelError(
                    .toolMissing,
                    "the library for model files, libCGAN.so with Modules, is not in "
                        + folders.joined(separator: " nor "),
                    help: "build it with `swift build --product CGAN`, or name its folder in CGANC_LIBRARY")
            ])
        }
        folder = found
    }

    /// The folder with the compiled interfaces of `CGAN` and what it imports.
    var modules: String { folder + "/Modules" }

    /// What changes when the library is built anew: path, size and date of the library and of its interface.
    var identity: String {
        let files = Self.libraryNames.map { "\(folder)/\($0)" } + ["\(modules)/CGAN.swiftmodule"]
        return files.map { file in
            let attributes = (try? FileManager.default.attributesOfItem(atPath: file)) ?? [:]
            let date = (attributes[.modificationDate] as? Date)?.timeIntervalSinceReferenceDate ?? 0
            return "\(file) \(attributes[.size] as? Int ?? 0) \(date)"
        }.joined(separator: "\n")
    }

    private static func holdsLibrary(_ folder: String) -> Bool {
        libraryNames.contains { FileManager.default.fileExists(atPath: "\(folder)/\($0)") }
            && FileManager.default.fileExists(atPath: "\(folder)/Modules/CGAN.swiftmodule")
    }
}
