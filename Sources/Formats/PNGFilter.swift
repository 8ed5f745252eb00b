/// The five row filters of PNG (ISO/IEC 15948, clause 9): a row is stored as differences to its neighbours.
enum PNGFilter: UInt8, CaseIterable {
    case none, sub, up, average, paeth

    /// What the filter predicts from the samples to the left, above, and above left.
    @inline(__always)
    func prediction(left: UInt8, above: UInt8, aboveLeft: UInt8) -> UInt8 {
        switch self {
        case .none: return 0
        case .sub: return left
        case .up: return above
        case .average: return UInt8((Int(left) + Int(above)) / 2)
        case .paeth:
            let estimate = Int(left) + Int(above) - Int(aboveLeft)
            let toLeft = abs(estimate - Int(left))
            let toAbove = abs(estimate - Int(above))
            let toAboveLeft = abs(estimate - Int(aboveLeft))
            if toLeft <= toAbove && toLeft <= toAboveLeft { return left }
            return toAbove <= toAboveLeft ? above : aboveLeft
        }
    }

    /// The differences of `row` to its predictions; `step` bytes lie between a sample and the one to its left.
    func differences(_ row: ArraySlice<UInt8>, above: ArraySlice<UInt8>?, step: Int) -> [UInt8] {
        row.indices.map { index in
            let column = index - row.startIndex
            let up = above.map { $0[$0.startIndex + column] } ?? 0
            let left = column >= step ? row[index - step] : 0
            let upLeft = column >= step ? above.map { $0[$0.startIndex + column - step] } ?? 0 : 0
            return row[index] &- prediction(left: left, above: up, aboveLeft: upLeft)
        }
    }

    /// Turns the `count` differences at `start` of `bytes` into samples, in place; the finished row above starts at
    /// `above`.
    func reconstruct(_ bytes: inout [UInt8], start: Int, count: Int, above: Int?, step: Int) {
        for column in 0..<count {
            let left = column >= step ? bytes[start + column - step] : 0
            let up = above.map { bytes[$0 + column] } ?? 0
            let upLeft = column >= step ? above.map { bytes[$0 + column - step] } ?? 0 : 0
            bytes[start + column] &+= prediction(left: left, above: up, aboveLeft: upLeft)
        }
    }
}
