import Graph

extension LoopNest {
    /// A reduction as two: `first` reduces fixed parts of the outermost reduced axis, `second` adds up the parts.
    struct Split {
        var first: LoopNest
        var second: LoopNest
        var partsShape: Shape
    }

    /// Splits a reduction with much to reduce and few results, so that threads have something to share. The parts are a
    /// function of the shape alone, so the order of additions is the same at any number of threads.
    ///
    /// - Parameter parts: the buffer that is to hold one partial result for each part and each result.
    /// - Returns: nil where splitting gains nothing.
    func split(storingPartsIn parts: BufferID) -> Split? {
        guard let reduction else { return nil }
        let outputs = extents[..<parallelAxes].reduce(1, *)
        let reduced = extents[parallelAxes...].reduce(1, *)
        guard outputs * reduced >= 1 << 15, outputs < 2048 else { return nil }
        let extent = extents[parallelAxes]
        let wanted = min(32, max(2, (outputs * reduced) >> 13))
        guard let count = (2...wanted).last(where: { extent % $0 == 0 }) else { return nil }
        let length = extent / count

        // Part axis first: index r of the reduced axis becomes part · length + r.
        var first = self
        let axis = parallelAxes
        first.extents[axis] = length
        first.extents.insert(count, at: 0)
        first.mapAffines { $0.terms.insert($0.terms[axis] * length, at: 0) }
        first.store = Access(
            buffer: parts,
            element: Affine(terms: [outputs] + resultStrides + [Int](repeating: 0, count: reducedAxes)))
        let second = LoopNest(
            extents: Array(extents[..<parallelAxes]) + [count], reducedAxes: 1, reduction: reduction,
            body: [.load(Access(buffer: parts, element: Affine(terms: resultStrides + [outputs])), guards: [])],
            result: 0,
            store: Access(
                buffer: store.buffer,
                element: Affine(base: store.element.base, terms: Array(store.element.terms[..<parallelAxes]) + [0])))
        return Split(first: first, second: second, partsShape: [count, outputs])
    }

    /// Row-major strides over the parallel axes.
    private var resultStrides: [Int] { Shape(Array(extents[..<parallelAxes])).strides }
}
