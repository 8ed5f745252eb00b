/// How a contraction is computed. All methods give the same numbers but for rounding.
public enum Method: String, CaseIterable, Hashable, Sendable {
    /// A product of matrices by our own register tiles, the right-hand operand laid out in panels.
    case tiles
    /// The same with the left-hand operand in panels; the right-hand one is read where it lies. If it is not transposed,
    /// that is so only with tiles whose rows fill cache lines (AVX-512); narrower ones are computed as ``tiles``.
    case flippedTiles = "tiles-flipped"
    /// A product of matrices by OpenBLAS, the result's columns divided among tasks.
    case blasColumns = "blas-columns"
    /// The same, its rows divided among tasks.
    case blasRows = "blas-rows"
    /// A convolution term by term.
    case direct
    /// A convolution by minimal filtering, with 25 products for 64.
    case filtered

    /// True for those of OpenBLAS.
    public var callsBLAS: Bool { self == .blasColumns || self == .blasRows }

    /// The methods that can compute `contraction`, plain ones first.
    public static func candidates(for contraction: Contraction) -> [Method] {
        switch contraction {
        // Products with a vector are as fast as memory whoever computes them. BLAS counts in 32 bits.
        case .matmul(let p):
            [.tiles] + (p.canBeFlipped ? [.flippedTiles] : [])
                + (min(p.m, p.n, p.terms) > 1 && max(p.m, p.n, p.k, p.more) < 1 << 31 ? [.blasColumns, .blasRows] : [])
        case .convolution(_, let c): c.canBeFiltered ? [.direct, .filtered] : [.direct]
        }
    }

    /// The method where nothing was measured.
    public static func portable(for contraction: Contraction) -> Method {
        switch contraction {
        case .matmul(let p): p.canBeFlipped && p.flippingPays ? .flippedTiles : .tiles
        case .convolution(let kind, let c): c.canBeFiltered && c.filteringPays(kind) ? .filtered : .direct
        }
    }
}

/// The parts of a product's result that OpenBLAS computes one at a time: so many rows by so many columns. They follow
/// from the shape, never from the number of threads, so that bits do not depend on it.
public struct BLASPart: Hashable, Sendable {
    /// Extents of a part; the last ones may be smaller.
    public var rows, columns: Int

    /// At least so many parts, and a multiple of it.
    private static let least = 4
    /// Reals of a part, at most: what an epilogue still finds in the cache.
    private static let reals = 1 << 16
    /// The divided extent of a part is a multiple of a cache line of floats.
    private static let line = 16

    /// The parts of `product` by `method`; nil if that is not one of BLAS's.
    public init?(of product: Matmul, by method: Method) {
        func part(of extent: Int, by other: Int) -> Int {
            let parts = ((extent * other + Self.reals - 1) / Self.reals + Self.least - 1) / Self.least
            let count = max(1, parts) * Self.least
            return min(extent, ((extent + count - 1) / count + Self.line - 1) / Self.line * Self.line)
        }
        switch method {
        case .blasColumns: (rows, columns) = (product.m, part(of: product.n, by: product.m))
        case .blasRows: (rows, columns) = (part(of: product.m, by: product.n), product.n)
        case .tiles, .flippedTiles, .direct, .filtered: return nil
        }
    }
}

extension Matmul {
    /// Rows that fill a panel's vectors at every width of vectors.
    private static let vectorRows = 16

    /// True for a product of matrices whose left-hand operand has its rows side by side.
    var canBeFlipped: Bool { !transposeA && min(m, n, k) > 1 }

    /// Rows of the left-hand operand up to which the right-hand one is better read where it lies: it is read again for each
    /// panel.
    private static let mostFlippedRows = 128

    /// True if the left-hand operand is the smaller one, its rows are few, and fill vectors but for a ninth: so it is with
    /// layers, whose weights are many and come from memory. Only of a transposed right-hand operand are the pieces long
    /// that a tile reads; panels of one that is not are laid out beside the arithmetic.
    var flippingPays: Bool {
        let rows = (m + Self.vectorRows - 1) / Self.vectorRows * Self.vectorRows
        return transposeB && m <= min(n, Self.mostFlippedRows) && 8 * rows <= 9 * m
    }
}

extension Convolution {
    /// Channels of a filtered convolution are a multiple of the widest tile's columns.
    private static let filterChannels = 32
    /// Results of a filtered tile along an axis.
    private static let filterTile = 4
    /// Tiles that a task is given, about.
    private static let filterRows = 32

    /// True for a kernel of 4 x 4, strides of 2, and channels that fill tiles.
    public var canBeFiltered: Bool {
        window.kernelHeight == 4 && window.kernelWidth == 4 && window.strideHeight == 2 && window.strideWidth == 2
            && channels % Self.filterChannels == 0 && outChannels % Self.filterChannels == 0
    }

    /// True if there are enough tiles and few of them hang over the image's edge.
    func filteringPays(_ kind: ConvolutionKind) -> Bool {
        let tiles = filterTiles(kind)
        return tiles * batch >= Self.filterRows && 4 * outHeight * outWidth >= 37 * tiles
    }

    /// Tiles of an image, as `filter_context` in `templates/c/minimal_filtering.c` lays them. A transposed convolution
    /// has four phases, whose tiles lie upon each other or apart, whichever are fewer.
    private func filterTiles(_ kind: ConvolutionKind) -> Int {
        func ceiling(_ x: Int, _ y: Int) -> Int { (x + y - 1) / y }
        guard kind == .inputGradient else {
            return ceiling(outHeight, Self.filterTile) * ceiling(outWidth, Self.filterTile)
        }
        func along(_ extent: Int, _ pad: Int, apart: Bool) -> Int {
            let most = (0...1).map { phase in
                let first = apart ? ceiling(pad - min(phase, pad), 2) : pad / 2
                return (extent - 1 + pad - phase) / 2 - first + 1
            }
            return ceiling(max(0, most[0], most[1]), Self.filterTile)
        }
        return [false, true].map {
            along(height, window.padTop, apart: $0) * along(width, window.padLeft, apart: $0)
        }.min()!
    }
}
