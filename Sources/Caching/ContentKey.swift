/// A name for contents: two independent 64-bit FNV-1a hashes. It guards against mistakes, not against malice.
public struct ContentKey: Sendable {
    private var low: UInt64 = 0xcbf2_9ce4_8422_2325
    private var high: UInt64 = 0x6c62_272e_07bb_0142

    /// The key of these texts, in their order.
    public init(of parts: String...) {
        for part in parts { add(part.utf8) }
    }

    /// Adds the bytes of `part` and the fact that it ends here.
    public mutating func add(_ part: some Sequence<UInt8>) {
        for byte in part { mix(byte) }
        mix(0)
    }

    private mutating func mix(_ byte: UInt8) {
        low = (low ^ UInt64(byte)) &* 0x100_0000_01b3
        high = (high ^ UInt64(byte ^ 0x5a)) &* 0x100_0000_01b3
        high ^= high >> 29
    }

    /// The key as 32 hexadecimal digits.
    public var text: String {
        func hex(_ value: UInt64) -> String {
            let digits = String(value, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }
        return hex(high) + hex(low)
    }

    /// Whether `name` could be a key's text.
    static func isText(_ name: String) -> Bool {
        name.utf8.count == 32 && name.allSatisfy { $0.isHexDigit && !$0.isUppercase }
    }
}
