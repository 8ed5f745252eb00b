/// A 64-bit FNV-1a hash, to tell whether two things are the same one. It guards against mistakes, not against malice.
struct Fingerprint {
    private var state: UInt64 = 0xcbf2_9ce4_8422_2325

    /// Adds `text` and the fact that it ends here.
    mutating func add(_ text: String) {
        for byte in text.utf8 { mix(UInt64(byte)) }
        mix(0x100)
    }

    /// Adds `bytes`, eight at a time.
    mutating func add(_ bytes: UnsafeRawBufferPointer) {
        let words = bytes.count / 8
        for index in 0..<words {
            mix(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self)))
        }
        for byte in bytes[(words * 8)...] { mix(UInt64(byte)) }
        mix(UInt64(bytes.count))
    }

    private mutating func mix(_ value: UInt64) {
        state = (state ^ value) &* 0x100_0000_01b3
        // The multiplication only carries upwards; bring the high bits down again.
        state ^= state >> 32
    }

    /// Sixteen hexadecimal digits.
    var text: String {
        let digits = String(state, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
