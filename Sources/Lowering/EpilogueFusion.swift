import Graph

/// Arithmetic done to a contraction's result part by part, while each part is still in the cache.
public struct Epilogue: Sendable {
    /// A C identifier.
    public var name: String
    /// Where the arithmetic comes from.
    public var origins: [Origin]
    /// Loops over rows and columns of the result; the result itself is read from where it is written.
    public var nest: LoopNest
    /// What it reads besides.
    public var reads: [BufferID]
}

extension Function {
    /// Moves elementwise kernels into the contractions whose result they alone read.
    ///
    ///     %a = convolution(x, w)                              %y = convolution(x, w),
    ///     %y = map(i, j: leakyReLU(%a[i, j] + bias[j]))   →        then leakyReLU(%y[i, j] + bias[j])
    ///
    /// - Complexity: quadratic in the number of kernels.
    mutating func fuseEpilogues() {
        let overlaps = overlaps()
        var removed = Set<Int>()
        for map in kernels.indices {
            guard case .loops(let nest) = kernels[map].body, nest.reduction == nil else { continue }
            // Of several contractions the last one, whose other operands are then there.
            for source in kernels[map].reads.reversed() {
                guard let contraction = soleWriter(of: source, overlaps), soleReader(of: source, overlaps) == map,
                    let epilogue = epilogue(of: map, nest, on: source, after: contraction)
                else { continue }
                kernels[contraction].epilogue = epilogue
                kernels[contraction].writes = kernels[map].writes
                kernels[contraction].reads += epilogue.reads
                removed.insert(map)
                break
            }
        }
        kernels = kernels.indices.filter { !removed.contains($0) }.map { kernels[$0] }
    }

    /// The contraction that is the only kernel to write `buffer`, if it has no epilogue yet.
    private func soleWriter(of buffer: BufferID, _ overlaps: [[BufferID]]) -> Int? {
        guard buffers[buffer.index].storage == .transient, overlaps[buffer.index] == [buffer] else { return nil }
        let writers = kernels.indices.filter { kernels[$0].writes == buffer }
        guard writers.count == 1, kernels[writers[0]].isContraction, kernels[writers[0]].epilogue == nil else {
            return nil
        }
        return writers[0]
    }

    private func soleReader(of buffer: BufferID, _ overlaps: [[BufferID]]) -> Int? {
        let readers = kernels.indices.filter { kernels[$0].reads.contains(buffer) }
        return readers.count == 1 ? readers[0] : nil
    }

    /// The arithmetic of kernel `map` as loops over rows and columns of what `contraction` writes; nil if it reads the
    /// result elsewhere than it writes, or needs more than a row and a column to say where it reads.
    private func epilogue(of map: Int, _ nest: LoopNest, on source: BufferID, after contraction: Int) -> Epilogue? {
        let kernel = kernels[map]
        let columns = kernels[contraction].columns
        let count = buffers[source.index].type.shape.count
        guard nest.iterations == count, buffers[kernel.writes.index].type.element == .real,
            let nest = nest.overRows(of: columns), nest.extents == [count / columns, columns]
        else { return nil }
        let place = Affine(terms: [columns, 1])
        guard nest.store.element == place, kernels.filter({ $0.writes == kernel.writes }).count == 1 else { return nil }
        var epilogue = Epilogue(
            name: kernel.name, origins: kernel.origins, nest: nest,
            reads: kernel.reads.filter { $0 != source && !kernels[contraction].reads.contains($0) })
        for index in nest.body.indices {
            switch nest.body[index] {
            case .load(let access, let guards):
                guard guards.isEmpty else { return nil }
                guard access.buffer == source else { continue }
                guard access.element == place else { return nil }
                epilogue.nest.body[index] = .load(Access(buffer: kernel.writes, element: place), guards: [])
            case .guarded: return nil
            case .constant, .unary, .binary, .select: break
            }
        }
        return epilogue
    }
}

extension Kernel {
    /// True for matrix products and the convolution triple.
    var isContraction: Bool { contractionFLOPs > 0 }

    /// The extent of a contraction's result along its last axis.
    fileprivate var columns: Int {
        switch body {
        case .matmul(let product): product.n
        case .convolution(.inputGradient, let c): c.channels
        case .convolution(_, let c): c.outChannels
        default: 1
        }
    }
}

extension LoopNest {
    /// The same loops as two, over rows and over `columns` columns; nil if they are not such loops.
    fileprivate func overRows(of columns: Int) -> LoopNest? {
        switch extents.count {
        case 1:
            guard extents[0] % columns == 0 else { return nil }
            var nest = self
            nest.mapAffines { $0.terms = [$0.terms[0] * columns, $0.terms[0]] }
            nest.extents = [extents[0] / columns, columns]
            return nest
        case 2:
            return extents[1] == columns ? self : nil
        default:
            return nil
        }
    }
}
