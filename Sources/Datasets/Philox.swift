/// The counter-based generator Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011):
/// four random words as a pure function of a key and a counter.
package enum Philox {
    /// The words of `counter` under `key`.
    @inline(__always)
    package static func words(key: SIMD2<UInt32>, counter: SIMD4<UInt32>) -> SIMD4<UInt32> {
        var (k0, k1) = (key.x, key.y)
        var (c0, c1, c2, c3) = (counter.x, counter.y, counter.z, counter.w)
        for _ in 0..<10 {
            let first = UInt64(c0) * 0xd251_1f53
            let second = UInt64(c2) * 0xcd9e_8d57
            c0 = UInt32(truncatingIfNeeded: second >> 32) ^ c1 ^ k0
            c2 = UInt32(truncatingIfNeeded: first >> 32) ^ c3 ^ k1
            c1 = UInt32(truncatingIfNeeded: second)
            c3 = UInt32(truncatingIfNeeded: first)
            k0 &+= 0x9e37_79b9
            k1 &+= 0xbb67_ae85
        }
        return SIMD4(c0, c1, c2, c3)
    }
}

/// The random numbers of one example of a generated set, in the order in which they are drawn.
struct ExampleRandom {
    private let key: SIMD2<UInt32>
    private var counter: SIMD4<UInt32>
    private var words = SIMD4<UInt32>()
    private var used = 4

    /// - Parameter stream: which of several series under one seed, such as training and test examples.
    init(seed: UInt64, stream: UInt32, index: Int) {
        let index = UInt64(index)
        key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
        counter = SIMD4(UInt32(truncatingIfNeeded: index), UInt32(truncatingIfNeeded: index >> 32), 0, stream)
    }

    @inline(__always)
    mutating func word() -> UInt32 {
        if used == 4 {
            words = Philox.words(key: key, counter: counter)
            counter.z &+= 1
            used = 0
        }
        defer { used += 1 }
        return words[used]
    }

    /// Uniform in `0 ..< bound`; the bias is below `bound / 2^32`.
    @inline(__always)
    mutating func index(below bound: Int) -> Int {
        Int((UInt64(word()) * UInt64(bound)) >> 32)
    }

    /// Uniform in `[low, high)`, a multiple of 2^-24 of the way.
    @inline(__always)
    mutating func uniform(_ low: Float, _ high: Float) -> Float {
        low + (high - low) * (Float(word() >> 8) * 0x1p-24)
    }

    /// Triangular in `(-1, 1)`: the difference of two uniform numbers, cut from one word.
    @inline(__always)
    mutating func triangular() -> Float {
        let bits = word()
        return (Float(bits & 0xffff) - Float(bits >> 16)) * 0x1p-16
    }
}
