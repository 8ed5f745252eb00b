import Graph
import Lowering

/// Spells one kernel: the definitions it needs, and the statement of the function that runs it.
struct KernelEmitter {
    let buffers: BufferSpelling

    /// Writes the kernel's definitions and returns its call.
    func emit(_ kernel: Kernel, into writer: inout CWriter) -> String {
        if case .loops(let nest) = kernel.body {
            if let sums = nest.rowSums { return emit(sums, of: kernel, into: &writer) }
            writer.comment(Self.provenance(kernel))
            return LoopKernelEmitter(kernel: kernel, nest: nest, buffers: buffers).emit(into: &writer)
        }
        let out = buffers.pointer(kernel.writes)
        let reads = kernel.reads.map(buffers.pointer)
        switch kernel.body {
        case .loops: preconditionFailure("handled above")
        case .matmul(let product):
            let shape =
                "{.m = \(product.m), .n = \(product.n), .k = \(product.k)"
                + (product.more > 0 ? ", .more = \(product.more)" : "")
                + (product.transposeA ? ", .transpose_a = 1" : "") + (product.transposeB ? ", .transpose_b = 1" : "")
                + (kernel.method == .flippedTiles
                    ? ", .flipped = \(product.transposeB ? "1" : "TILE_FILLS_LINES")" : "") + "}"
            let part = kernel.method.flatMap { BLASPart(of: product, by: $0) }
            let function = part == nil ? "matmul" : "blas_matmul"
            describe(
                kernel, "struct \(function)",
                part.map { "{.shape = \(shape), .rows = \($0.rows), .columns = \($0.columns)}" } ?? shape,
                into: &writer)
            let operands = reads[..<(product.more > 0 ? 4 : 2)].joined(separator: ", ")
            let epilogue = emitEpilogue(of: kernel, into: &writer)
            let suffix = product.more > 0 ? "_sum" : kernel.method == .flippedTiles ? "_flipped" : ""
            return "\(function)\(suffix)(f->pool, &\(kernel.name), \(operands), \(out), \(epilogue));"
        case .convolution(let kind, let geometry):
            describe(kernel, "struct convolution", Self.spell(geometry, isPooling: false), into: &writer)
            let epilogue = emitEpilogue(of: kernel, into: &writer)
            let function = ConvolutionForm(kernel)!.function(kind)
            return "\(function)(f->pool, &\(kernel.name), \(reads[0]), \(reads[1]), \(out), \(epilogue));"
        case .pooling(let kind, let geometry):
            switch kind {
            case .average, .averageGradient, .maximumIndex:
                describe(kernel, "struct pooling", Self.spell(geometry, isPooling: true), into: &writer)
                let function =
                    switch kind {
                    case .average: "average_pool"
                    case .averageGradient: "average_pool_gradient"
                    default: "max_pool_index"
                    }
                return "\(function)(f->pool, &\(kernel.name), \(reads[0]), \(out));"
            case .gather, .scatter:
                describe(
                    kernel, "struct indexing",
                    "{.batch = \(geometry.batch), .pixels = \(geometry.height * geometry.width), .out_pixels = "
                        + "\(geometry.outHeight * geometry.outWidth), .channels = \(geometry.channels)}", into: &writer)
                let function = kind == .gather ? "gather_index" : "scatter_index"
                return "\(function)(f->pool, &\(kernel.name), \(reads[0]), \(reads[1]), \(out));"
            }
        case .gatherRows(let count, let width):
            let rows = buffers.function.buffers[kernel.reads[0].index].type.shape[0]
            describe(
                kernel, "struct row_lookup", "{.rows = \(count), .table_rows = \(rows), .width = \(width)}",
                into: &writer)
            return "gather_rows(f->pool, &\(kernel.name), \(reads[0]), \(reads[1]), \(out));"
        case .scatterAddRows(let count, let width, let rows):
            describe(
                kernel, "struct row_lookup", "{.rows = \(count), .table_rows = \(rows), .width = \(width)}",
                into: &writer)
            return "scatter_add_rows(f->pool, &\(kernel.name), \(reads[0]), \(reads[1]), \(out));"
        case .oneHot(let count, let classes):
            return "one_hot(\(reads[0]), \(count), \(classes), \(out));"
        case .argmax(let outer, let extent, let inner):
            return "arg_max(\(outer), \(extent), \(inner), \(reads[0]), \(out));"
        case .draw(_, let number):
            return "\(buffers.function.name)_draw(f, \(number), f->run, \(out));"
        case .gatherImages:
            let examples = kernel.type.shape[0]
            return "gather_images(f, \(out), \(examples), \(kernel.type.shape.count / examples));"
        case .gatherLabels:
            return "gather_labels(f, \(out), \(kernel.type.shape[0]));"
        }
    }

    private func emit(_ sums: RowSums, of kernel: Kernel, into writer: inout CWriter) -> String {
        describe(
            kernel, "struct row_sums",
            "{.parts = \(sums.parts), .rows = \(sums.rows), .columns = \(sums.columns)"
                + (sums.parts > 1 ? ", .part_stride = \(sums.partStride)" : "") + ", .row_stride = \(sums.rowStride)}",
            into: &writer)
        func place(_ buffer: BufferID, _ base: Int) -> String {
            buffers.pointer(buffer) + (base == 0 ? "" : " + \(base)")
        }
        return "sum_rows(f->pool, &\(kernel.name), \(place(kernel.reads[0], sums.operandBase)), "
            + "\(place(kernel.writes, sums.resultBase)));"
    }

    /// Writes the function that a contraction calls for each finished part; returns how the call names it.
    private func emitEpilogue(of kernel: Kernel, into writer: inout CWriter) -> String {
        guard let epilogue = kernel.epilogue else { return emitSquares(of: kernel, into: &writer) }
        writer.comment(Self.provenance(epilogue, kernel.type))
        EpilogueEmitter(epilogue: epilogue, kernel: kernel, buffers: buffers).emit(into: &writer)
        return "&(struct epilogue){\(epilogue.name), f}"
    }

    /// Writes the same for a gradient whose squares are taken on the way; `NULL` for others.
    private func emitSquares(of kernel: Kernel, into writer: inout CWriter) -> String {
        guard let gradient = buffers.function.squaredGradient(of: kernel) else { return "NULL" }
        let name = "\(kernel.name)_squares"
        writer.function("static void \(name)(const struct frame *f, struct part part)") { writer in
            let place = BufferSpelling.gradientPlace(gradient.tensor)
            writer.line("gradient_part(f, \(place), \(gradient.columns), part);")
        }
        writer.line()
        return "&(struct epilogue){\(name), f}"
    }

    private func describe(_ kernel: Kernel, _ type: String, _ fields: String, into writer: inout CWriter) {
        writer.comment(Self.provenance(kernel))
        writer.line("static const \(type) \(kernel.name) = \(fields);")
        writer.line()
    }

    private static func spell(_ c: Convolution, isPooling: Bool) -> String {
        let w = c.window
        var fields = [
            ".batch = \(c.batch)", ".height = \(c.height)", ".width = \(c.width)", ".channels = \(c.channels)",
            ".out_height = \(c.outHeight)", ".out_width = \(c.outWidth)",
        ]
        if !isPooling { fields.append(".out_channels = \(c.outChannels)") }
        fields += [
            ".kernel_height = \(w.kernelHeight)", ".kernel_width = \(w.kernelWidth)",
            ".stride_height = \(w.strideHeight)", ".stride_width = \(w.strideWidth)", ".pad_top = \(w.padTop)",
            ".pad_left = \(w.padLeft)",
        ]
        let half = 7
        return "{\n    " + fields[..<half].joined(separator: ", ") + ",\n    "
            + fields[half...].joined(separator: ", ") + "}"
    }

    /// The comment over a kernel: what it holds, its extents, the user's lines it comes from.
    static func provenance(_ kernel: Kernel) -> [String] {
        provenance(kernel.origins, kernel.type.shape, form: form(of: kernel)) + measurements(of: kernel)
    }

    /// The comment over an epilogue.
    static func provenance(_ epilogue: Epilogue, _ type: TensorType) -> [String] {
        provenance(epilogue.origins, type.shape, form: "  on each finished part of the contraction above")
    }

    private static func provenance(_ origins: [Origin], _ shape: Shape, form: String) -> [String] {
        var places: [String] = []
        var names: [String] = []
        for origin in origins {
            let name = origin.name + String(repeating: "'", count: origin.order)
            if !names.contains(name) { names.append(name) }
            if let place = origin.location.map({ "\($0.file):\($0.line)" }), !places.contains(place) {
                places.append(place)
            }
        }
        let shown = names.prefix(4).joined(separator: ", ") + (names.count > 4 ? ", ..." : "")
        let first = "\(shown)  \(shape)\(form)"
        guard !places.isEmpty else { return [first] }
        let place = places.prefix(3).joined(separator: ", ")
        // On one line if they fit into it.
        return first.count + place.count <= 110 ? ["\(first)  \(place)"] : [first, place]
    }

    /// What `cganc tune` measured, the method that was chosen first; nothing where there was no choice.
    private static func measurements(of kernel: Kernel) -> [String] {
        guard kernel.measurements.count > 1, let method = kernel.method else { return [] }
        let others = kernel.measurements.filter { $0.method != method }
        let times = (kernel.measurements.filter { $0.method == method } + others).map { measurement in
            "\(measurement.method.rawValue) \(milliseconds(measurement.milliseconds))"
        }
        return ["tuned: \(times.joined(separator: ", ")) ms in a step"]
    }

    /// Three decimals.
    private static func milliseconds(_ value: Double) -> String {
        let digits = String(Int((value * 1000).rounded()))
        let padded = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        return "\(padded.dropLast(3)).\(padded.suffix(3))"
    }

    /// What kind of contraction a kernel is, for its comment; empty for others.
    private static func form(of kernel: Kernel) -> String {
        switch kernel.body {
        case .matmul(let product):
            let update = kernel.isLeft ? ", beside its update" : ""
            let factors = "\(product.transposeA ? "Aᵀ" : "A")·\(product.transposeB ? "Bᵀ" : "B")"
            guard product.more > 0 else { return "  \(factors), \(product.m) x \(product.k) x \(product.n)\(update)" }
            return "  \(factors) + Dᵀ·E, \(product.m) x (\(product.k) + \(product.more)) x \(product.n)\(update)"
        case .convolution(let kind, let c):
            let role =
                switch kind {
                case .forward: "convolution"
                case .inputGradient: "input gradient (transposed convolution)"
                case .weightGradient: "weight gradient"
                }
            return "  \(role) of [\(c.batch), \(c.height), \(c.width), \(c.channels)], \(c.window)"
        default: return ""
        }
    }
}
