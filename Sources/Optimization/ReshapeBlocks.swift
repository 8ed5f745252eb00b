import Graph

/// Axes of two shapes that hold the same elements.
struct ReshapeBlock: Equatable {
    /// Axes before the reshape.
    var source: Range<Int>
    /// Axes after it.
    var target: Range<Int>
}

/// The finest split of both shapes' axes into consecutive groups with the same number of elements each. An axis of
/// extent 1 is a group of its own, with nothing on the other side, unless it lies within a group.
///
///     [8, 784] to [8, 28, 28, 1]: {0}–{0}, {1}–{1, 2}, –{3}
///
/// - Precondition: the shapes have the same number of elements.
func reshapeBlocks(from source: Shape, to target: Shape) -> [ReshapeBlock] {
    var blocks: [ReshapeBlock] = []
    var (i, j) = (0, 0)
    while i < source.rank || j < target.rank {
        if i < source.rank, source[i] == 1 {
            blocks.append(ReshapeBlock(source: i..<i + 1, target: j..<j))
            i += 1
        } else if j < target.rank, target[j] == 1 {
            blocks.append(ReshapeBlock(source: i..<i, target: j..<j + 1))
            j += 1
        } else {
            var (sourceEnd, targetEnd) = (i + 1, j + 1)
            var (a, b) = (source[i], target[j])
            while a != b {
                if a < b {
                    a *= source[sourceEnd]
                    sourceEnd += 1
                } else {
                    b *= target[targetEnd]
                    targetEnd += 1
                }
            }
            blocks.append(ReshapeBlock(source: i..<sourceEnd, target: j..<targetEnd))
            (i, j) = (sourceEnd, targetEnd)
        }
    }
    return blocks
}
