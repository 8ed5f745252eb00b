import Foundation

/// One file of `Tests/Parity`: what the independent implementation found for one step of a shipped model.
struct StoredNumbers: Decodable {
    struct Tensor: Decodable {
        var phase: String
        var role: String
        var name: String
        var shape: [Int]
        var digest: Digest

        private enum Key: String, CodingKey { case phase, role, name, shape }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: Key.self)
            phase = try fields.decode(String.self, forKey: .phase)
            role = try fields.decode(String.self, forKey: .role)
            name = try fields.decode(String.self, forKey: .name)
            shape = try fields.decode([Int].self, forKey: .shape)
            digest = try Digest(from: decoder)
        }

        /// Below this norm a tensor is a zero by structure: Adam's first step magnifies the rounding of a gradient of
        /// zero by the rate over 1e-8.
        var zero: Double { (role == "updated" ? 1e-10 : 1e-12) * Double(shape.reduce(1, *)).squareRoot() }
    }

    var version: Int
    var model: String
    var batch: Int
    var seed: UInt64
    var tensors: [Tensor]

    /// Reads `MODEL.json` from `Tests/Parity`, which stands beside this target's directory.
    init(model: String, file: String = #filePath) throws {
        let directory = URL(fileURLWithPath: file).deletingLastPathComponent().deletingLastPathComponent()
        let path = directory.appendingPathComponent("Parity").appendingPathComponent("\(model).json")
        self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: path))
    }
}
