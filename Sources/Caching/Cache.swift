import Foundation

/// Builds on disk, found again by what they were built from.
///
/// Each entry is a folder, named by its key. It is built under a temporary name and then renamed, so that two processes
/// never see half of one. When an entry is added, those go that nobody has used for ``lifetime``.
public struct Cache: Sendable {
    /// Where the entries lie.
    public var path: String

    /// Seconds that an entry stays after its last use: 30 days.
    public static let lifetime: TimeInterval = 30 * 86400
    /// Seconds after which a build that has not ended was interrupted: a day.
    static let patience: TimeInterval = 86400

    private static let temporary = ".building-"

    /// The cache in the folder `path`, which is made when it is needed.
    public init(at path: String) {
        self.path = path
    }

    /// The user's cache of that name: in `XDG_CACHE_HOME`, else in `~/.cache`.
    public init(named name: String) {
        let base = ProcessInfo.processInfo.environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 }
        path = (base ?? NSHomeDirectory() + "/.cache") + "/cganc/\(name)"
    }

    /// The path of the entry of `key`: the one that is there if `isWhole` says so of its path, else what `build` puts
    /// into the empty folder that it is given.
    ///
    /// - Throws: ``CacheError`` if the folder cannot be written, and what `build` throws.
    public func entry(
        _ key: ContentKey, isWhole: (String) -> Bool, build: (String) async throws -> Void
    ) async throws -> String {
        let entry = "\(path)/\(key.text)"
        if isWhole(entry) {
            // The last use counts for `prune`. Somebody else's cache cannot be marked, and serves all the same.
            try? FileManager.default.setAttributes([.modificationDate: Date()], ofItemAtPath: entry)
            return entry
        }
        let folder = "\(path)/\(Self.temporary)\(key.text)-\(UUID().uuidString)"
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw CacheError(path: folder, reason: error.localizedDescription)
        }
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await build(folder)
        try move(folder, to: entry, isWhole: isWhole)
        prune()
        return entry
    }

    /// Writes a file into the folder that a build is given.
    ///
    /// - Throws: ``CacheError`` if it cannot be written.
    public static func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
        do {
            try Data(bytes).write(to: URL(fileURLWithPath: path))
        } catch {
            throw CacheError(path: path, reason: error.localizedDescription)
        }
    }

    /// Another process may have been faster and may use its build at this moment: only what is not whole makes room.
    private func move(_ folder: String, to entry: String, isWhole: (String) -> Bool) throws {
        if rename(folder, entry) == 0 || isWhole(entry) { return }
        try? FileManager.default.removeItem(atPath: entry)
        if rename(folder, entry) == 0 || isWhole(entry) { return }
        throw CacheError(path: entry, reason: String(cString: strerror(errno)))
    }

    /// Removes what nobody has used for ``lifetime``, and builds that were interrupted. What has no name of ours stays;
    /// what cannot be removed does too.
    private func prune() {
        let (files, now) = (FileManager.default, Date())
        for name in (try? files.contentsOfDirectory(atPath: path)) ?? [] {
            let limit: TimeInterval
            if ContentKey.isText(name) {
                limit = Self.lifetime
            } else if name.hasPrefix(Self.temporary) {
                limit = Self.patience
            } else {
                continue
            }
            let facts = try? files.attributesOfItem(atPath: "\(path)/\(name)")
            guard let used = facts?[.modificationDate] as? Date, now.timeIntervalSince(used) > limit else { continue }
            try? files.removeItem(atPath: "\(path)/\(name)")
        }
    }
}

/// A cache that cannot be written.
public struct CacheError: Error {
    /// What cannot be written.
    public var path: String
    /// Why, in the system's words.
    public var reason: String
}
