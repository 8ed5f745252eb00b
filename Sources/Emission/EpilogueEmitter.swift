import Lowering

/// Spells an epilogue as the function that a contraction calls for each finished part of its result.
struct EpilogueEmitter {
    let epilogue: Epilogue
    let kernel: Kernel
    let buffers: BufferSpelling

    func emit(into writer: inout CWriter) {
        let nest = epilogue.nest
        let body = LoopBody(nest, buffers: buffers, indices: ["i", "j"])
        writer.function(
            "static void \(epilogue.name)(const void *context, int64_t row, int64_t rows, int64_t column, int64_t columns, "
                + "CGANC_UNUSED real *values, CGANC_UNUSED int64_t stride)"
        ) { writer in
            writer.line("const struct frame *const f = context;")
            for read in Self.loads(of: nest) where read != kernel.writes {
                let name = buffers.function.buffers[read.index].name
                writer.line("\(buffers.type(read, isConstant: true))const \(name) = \(buffers.pointer(read));")
            }
            writer.line("real *const CGANC_RESTRICT out = \(buffers.pointer(kernel.writes));")
            for line in body.declarations(inside: -1) { writer.line(line) }
            writer.block("for (int64_t i = row; i < row + rows; i++)") { writer in
                for line in body.declarations(inside: 0) { writer.line(line) }
                writer.block("for (int64_t j = column; j < column + columns; j++)") { writer in
                    for line in body.declarations(inside: 1) { writer.line(line) }
                    writer.line("\(body.store) = \(body.result);")
                }
            }
        }
        writer.line()
    }

    /// The buffers that a nest loads from, in order of first use.
    private static func loads(of nest: LoopNest) -> [BufferID] {
        var result: [BufferID] = []
        for case .load(let access, _) in nest.body where !result.contains(access.buffer) {
            result.append(access.buffer)
        }
        return result
    }
}
