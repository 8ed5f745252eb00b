import CGAN
import Foundation

/// The bytes of a file that a user named.
///
/// - Throws: `ModelErrors` if it cannot be read or holds more than `limit` bytes.
func readFile(_ path: String, limit: Int) throws -> [UInt8] {
    func unreadable(_ reason: String, _ help: String? = nil) -> ModelErrors {
        ModelErrors([ModelError(.fileUnreadable, "\(path): \(reason)", help: help)])
    }
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        throw unreadable("no such file", "give a path as seen from \(FileManager.default.currentDirectoryPath)")
    }
    if isFolder.boolValue { throw unreadable("is a folder", "give the file inside it") }
    guard let handle = FileHandle(forReadingAtPath: path) else { throw unreadable("may not be read") }
    defer { try? handle.close() }
    let data: Data
    do { data = try handle.read(upToCount: limit + 1) ?? Data() } catch {
        throw unreadable("cannot be read: \(error.localizedDescription)")
    }
    guard data.count <= limit else { throw unreadable("has more than \(limit) bytes, which no model has") }
    return [UInt8](data)
}
