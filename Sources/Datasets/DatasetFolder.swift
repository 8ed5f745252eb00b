import Formats
import Foundation

/// The names in a folder, sorted, hidden ones left out.
struct DatasetFolder {
    let path: String
    let names: [String]

    /// - Throws: `FormatError` if `path` is no folder that can be listed.
    init(_ path: String) throws {
        self.path = path
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw FormatError(
                path: path, "there is no such folder", help: "name a folder of data, or `\(DatasetLoader.glyphs)`")
        }
        guard isFolder.boolValue else {
            throw FormatError(path: path, "this is a file, not a folder", help: "name the folder that holds it")
        }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            throw FormatError(path: path, "the folder cannot be listed")
        }
        self.names = names.filter { !$0.hasPrefix(".") }.sorted { Array($0.utf8).lexicographicallyPrecedes($1.utf8) }
    }

    /// The names that match once a `.gz` is taken off; where a file is there both ways, the plain one.
    func files(where matches: (String) -> Bool) -> [String] {
        names.filter { name in
            let plain = withoutGzip(name)
            return matches(plain) && (plain == name || !names.contains(plain))
        }
    }

    /// The path of the file `name` or `name.gz`, or nil if there is neither.
    func path(of name: String) -> String? {
        files { $0 == name }.first.map { path + "/" + $0 }
    }

    /// A line that says what the folder holds.
    var found: String {
        if names.isEmpty { return "the folder is empty" }
        let shown = names.prefix(12).joined(separator: ", ")
        return names.count > 12 ? "found \(shown) and \(names.count - 12) more" : "found \(shown)"
    }

    /// The error for a split whose files are not there.
    func missing(_ wanted: String, split: DatasetSplit) -> FormatError {
        FormatError(
            path: path, "the \(split == .train ? "training" : "test") examples are missing",
            notes: ["looked for \(wanted)", found], help: "put the file there, or name another folder")
    }
}

/// `name` without a `.gz` at its end.
func withoutGzip(_ name: String) -> String {
    name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
}
