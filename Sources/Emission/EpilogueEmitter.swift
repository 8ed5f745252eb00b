import Lowering

/// Spells an epilogue as the function that a contraction calls for each finished part of its result.
struct EpilogueEmitter {
    let epilogue: Epilogue
    let kernel: Kernel
    let buffers: BufferSpelling

    func emit(into writer: inout CWriter) {
        let nest = epilogue.nest
        let body = LoopBody(nest, buffers: buffers, indices: ["i", "j"])
        writer.function("static void \(epilogue.name)(const struct frame *f, struct part part)") { writer in
            for read in Self.loads(of: nest) where read != kernel.writes {
                let name = buffers.function.buffers[read.index].name
                writer.line("\(buffers.type(read, isConstant: true))const \(name) = \(buffers.pointer(read));")
            }
            writer.line("real *const CGANC_RESTRICT out = \(buffers.pointer(kernel.writes));")
            for line in body.declarations(inside: -1) { writer.line(line) }
            writer.block("for (int64_t i = part.top; i < part.bottom; i++)") { writer in
                for line in body.declarations(inside: 0) { writer.line(line) }
                writer.block("for (int64_t j = part.left; j < part.right; j++)") { writer in
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
