import Testing

@Suite struct DigestTests {
    /// What `digest.py` prints for these thousand elements.
    private let values = (0..<1000).map { Double($0 * 37 % 101) / 7 - 5 }
    private let stored = StoredDigest.ofThousand

    @Test("a digest made in Swift is the one made in Python")
    func agreesWithPython() {
        let made = Digest(of: values)
        #expect(made.error(against: stored, count: values.count, zero: 1e-12) < 1e-14)
        #expect(made.samples == stored.samples)
    }

    @Test("one element off by a part in ten thousand is seen at 1e-9, wherever it stands")
    func seesOneElement() {
        for place in stride(from: 0, to: values.count, by: 41) {
            var spoiled = values
            spoiled[place] += 1e-4 * max(1, abs(spoiled[place]))
            #expect(Digest(of: spoiled).error(against: stored, count: values.count, zero: 1e-12) > 1e-9)
        }
    }

    @Test("a value that is not a number never counts as equal")
    func refusesNaN() {
        var spoiled = values
        spoiled[17] = .nan
        #expect(Digest(of: spoiled).error(against: stored, count: values.count, zero: 1e-12) == .infinity)
    }

    @Test("a zero met with different roundings counts as equal, but not a gradient where a zero is expected")
    func zeros() {
        let zero = Digest(of: [0, 1e-17, 0])
        #expect(Digest(of: [1e-16, 0, 0]).error(against: zero, count: 3, zero: 1e-12) == 0)
        #expect(Digest(of: [1e-6, 0, 0]).error(against: zero, count: 3, zero: 1e-12) > 1)
        #expect(Digest(of: [0, 0, 0]).error(against: Digest(of: [1, 0, 0]), count: 3, zero: 1e-12) >= 1)
    }
}

private enum StoredDigest {
    static let ofThousand = Digest(
        norm: 148.23767457453351, sum: 2144.285714285714, dot: -57.3272093022293,
        samples: [
            -5.0, -4.714285714285714, 0.8571428571428568, 6.428571428571429, 6.7142857142857135, -2.142857142857143,
            3.428571428571429, 9.0,
        ])
}
