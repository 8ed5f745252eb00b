import Graph
import Lowering

/// Spells a loop nest as a task function of the thread pool, and the call that runs it.
struct LoopKernelEmitter {
    let kernel: Kernel
    let nest: LoopNest
    let buffers: BufferSpelling

    private static let axisNames = ["i", "j", "k", "l", "m", "n", "o", "p", "q"]
    /// Sums that run side by side; one AVX-512 register of floats.
    private static let lanes = 16
    /// Columns that one task of a column reduction adds up.
    private static let columns = 64
    /// Arithmetic operations that make a tile worth a thread's while.
    private static let tileWork = 65_536

    /// The function's text and the statement that calls it.
    func emit(into writer: inout CWriter) -> String {
        guard nest.reduction != nil else { return emitMap(into: &writer) }
        return isColumnReduction ? emitColumns(into: &writer) : emitRows(into: &writer)
    }

    private func indices(_ count: Int) -> [String] { Array(Self.axisNames[..<count]) }

    /// Cycles of one iteration, roughly.
    private var cost: Int {
        nest.body.reduce(1) { sum, instruction in
            if case .unary(let function, _) = instruction { return sum + (function.row.isCheap ? 1 : 16) }
            return sum + 1
        }
    }

    private func grain(of count: Int, each work: Int) -> Int {
        let wanted = max(1, Self.tileWork / max(1, work))
        return wanted >= Self.lanes ? wanted / Self.lanes * Self.lanes : wanted
    }

    private func call(count: Int, each work: Int) -> String {
        "loop_run(f, \(kernel.name), \(count), \(grain(of: count, each: work)));"
    }

    /// The pointers that a kernel's text begins with.
    private func pointers(into writer: inout CWriter) {
        for read in kernel.reads {
            let name = buffers.function.buffers[read.index].name
            writer.line("\(buffers.type(read, isConstant: true))const \(name) = \(buffers.pointer(read));")
        }
        writer.line(
            "\(buffers.type(kernel.writes, isConstant: false))const CGANC_RESTRICT out = \(buffers.pointer(kernel.writes));"
        )
    }

    /// Writes a task of the thread pool.
    private func task(_ writer: inout CWriter, _ body: (inout CWriter) -> Void) {
        writer.function("static void \(kernel.name)(const struct frame *f, int64_t first, int64_t last)") { writer in
            pointers(into: &writer)
            body(&writer)
        }
        writer.line()
    }

    /// Writes a function for what is not worth a thread, and returns its call.
    private func plain(_ writer: inout CWriter, _ body: (inout CWriter) -> Void) -> String {
        writer.function("static void \(kernel.name)(const struct frame *f)") { writer in
            pointers(into: &writer)
            body(&writer)
        }
        writer.line()
        return "\(kernel.name)(f);"
    }

    // MARK: Elementwise

    private func emitMap(into writer: inout CWriter) -> String {
        let indices = indices(nest.extents.count)
        let body = LoopBody(nest, buffers: buffers, indices: indices)
        guard !nest.extents.isEmpty else {
            return plain(&writer) { writer in
                for line in body.declarations(inside: -1) { writer.line(line) }
                writer.line("\(body.store) = \(body.result);")
            }
        }
        task(&writer) { writer in
            for line in body.declarations(inside: -1) { writer.line(line) }
            loop(0, body, indices, into: &writer)
        }
        let inner = nest.extents.dropFirst().reduce(1, *)
        return call(count: nest.extents[0], each: inner * cost)
    }

    private func loop(_ axis: Int, _ body: LoopBody, _ indices: [String], into writer: inout CWriter) {
        let index = indices[axis]
        let bounds = axis == 0 ? ("first", "last") : ("0", "\(nest.extents[axis])")
        writer.block("for (int64_t \(index) = \(bounds.0); \(index) < \(bounds.1); \(index)++)") { writer in
            for line in body.declarations(inside: axis) { writer.line(line) }
            if axis == nest.extents.count - 1 {
                writer.line("\(body.store) = \(body.result);")
            } else {
                loop(axis + 1, body, indices, into: &writer)
            }
        }
    }

    // MARK: Reductions

    /// True where neighbouring results lie side by side in the operands, so that whole rows are added at once.
    private var isColumnReduction: Bool {
        guard nest.parallelAxes > 0 else { return false }
        let (column, reduced) = (nest.parallelAxes - 1, nest.extents.count - 1)
        var votes = 0
        for case .load(let access, _) in nest.body {
            if access.element.terms[reduced] == 1 { votes -= 1 }
            if access.element.terms[column] == 1 { votes += 1 }
        }
        return votes > 0
    }

    private var combine: (start: String, update: (_ target: String, _ value: String) -> String, finish: String) {
        switch nest.reduction! {
        case .sum: ("0", { "\($0) += \($1);" }, "real_sum_lanes")
        case .maximum: ("-(real)INFINITY", { "\($0) = real_max(\($0), \($1));" }, "real_max_lanes")
        }
    }

    /// Declares the parallel indices `axes` as the digits of the task number `task`.
    private func decode(_ task: String, axes: Range<Int>, _ indices: [String], into writer: inout CWriter) {
        for axis in axes {
            let inner = nest.extents[(axis + 1)..<axes.upperBound].reduce(1, *)
            var digit = inner == 1 ? task : "\(task) / \(inner)"
            if axis > axes.lowerBound { digit = "\(inner == 1 ? digit : "(\(digit))") % \(nest.extents[axis])" }
            writer.line("const int64_t \(indices[axis]) = \(digit);")
        }
    }

    /// One result at a time, its operands added in ``lanes`` interleaved sums that are joined as a fixed tree.
    private func emitRows(into writer: inout CWriter) -> String {
        let indices = indices(nest.extents.count)
        let body = LoopBody(nest, buffers: buffers, indices: indices)
        let parallel = nest.parallelAxes
        let last = nest.extents.count - 1
        let extent = nest.extents[last]
        let isLong = extent >= Self.lanes
        func reduceOne(_ writer: inout CWriter) {
            if isLong {
                begin("lanes", Self.lanes, into: &writer)
            } else {
                writer.line("real total = \(combine.start);")
            }
            reduceRows(parallel, body, indices, isLong: isLong, into: &writer)
            writer.line("\(body.store) = \(isLong ? "\(combine.finish)(lanes)" : "total");")
        }
        guard parallel > 0 else {
            return plain(&writer) { writer in
                for line in body.declarations(inside: -1) { writer.line(line) }
                reduceOne(&writer)
            }
        }
        task(&writer) { writer in
            for line in body.declarations(inside: -1) { writer.line(line) }
            // The only parallel index is the task's own number.
            let task = parallel == 1 ? indices[0] : "task"
            writer.block("for (int64_t \(task) = first; \(task) < last; \(task)++)") { writer in
                if parallel > 1 { decode("task", axes: 0..<parallel, indices, into: &writer) }
                for axis in 0..<parallel { for line in body.declarations(inside: axis) { writer.line(line) } }
                reduceOne(&writer)
            }
        }
        let reduced = nest.extents[parallel...].reduce(1, *)
        return call(count: nest.extents[..<parallel].reduce(1, *), each: reduced * cost)
    }

    /// Declares the array `name` of sums or maxima that have no operands yet.
    private func begin(_ name: String, _ count: Int, into writer: inout CWriter) {
        guard combine.start != "0" else { return writer.line("real \(name)[\(count)] = {0};") }
        writer.line("real \(name)[\(count)];")
        writer.line("for (int lane = 0; lane < \(count); lane++)")
        writer.nested { $0.line("\(name)[lane] = \(combine.start);") }
    }

    private func reduceRows(
        _ axis: Int, _ body: LoopBody, _ indices: [String], isLong: Bool, into writer: inout CWriter
    ) {
        let index = indices[axis]
        let extent = nest.extents[axis]
        guard axis == nest.extents.count - 1 else {
            writer.block("for (int64_t \(index) = 0; \(index) < \(extent); \(index)++)") { writer in
                for line in body.declarations(inside: axis) { writer.line(line) }
                reduceRows(axis + 1, body, indices, isLong: isLong, into: &writer)
            }
            return
        }
        guard isLong else {
            writer.block("for (int64_t \(index) = 0; \(index) < \(extent); \(index)++)") { writer in
                for line in body.declarations(inside: axis) { writer.line(line) }
                writer.line(combine.update("total", body.result))
            }
            return
        }
        let whole = extent / Self.lanes * Self.lanes
        writer.line("for (int64_t start = 0; start < \(whole); start += \(Self.lanes))")
        writer.nested { writer in
            writer.block("for (int lane = 0; lane < \(Self.lanes); lane++)") { writer in
                writer.line("const int64_t \(index) = start + lane;")
                for line in body.declarations(inside: axis) { writer.line(line) }
                writer.line(combine.update("lanes[lane]", body.result))
            }
        }
        if whole < extent {
            writer.block("for (int64_t \(index) = \(whole); \(index) < \(extent); \(index)++)") { writer in
                for line in body.declarations(inside: axis) { writer.line(line) }
                writer.line(combine.update("lanes[\(index) - \(whole)]", body.result))
            }
        }
    }

    /// Up to ``columns`` neighbouring results at a time, each the sum down its own column.
    private func emitColumns(into writer: inout CWriter) -> String {
        let indices = indices(nest.extents.count)
        let body = LoopBody(nest, buffers: buffers, indices: indices)
        let parallel = nest.parallelAxes
        let column = parallel - 1
        let extent = nest.extents[column]
        let width = min(Self.columns, extent)
        let tiles = (extent + width - 1) / width
        let name = indices[column]
        let isRagged = extent % width != 0
        let lanes = isRagged ? "width" : "\(width)"
        // With one tile, a column's index is its lane.
        let lane = tiles == 1 ? name : "lane"
        func columns(_ writer: inout CWriter, _ statement: (inout CWriter) -> Void) {
            writer.block("for (int64_t \(lane) = 0; \(lane) < \(lanes); \(lane)++)") { writer in
                if tiles > 1 { writer.line("const int64_t \(name) = start + lane;") }
                statement(&writer)
            }
        }
        func reduce(_ axis: Int, _ writer: inout CWriter) {
            let index = indices[axis]
            writer.block("for (int64_t \(index) = 0; \(index) < \(nest.extents[axis]); \(index)++)") { writer in
                // What depends on the column is computed inside the lanes.
                if axis < nest.extents.count - 1 { return reduce(axis + 1, &writer) }
                columns(&writer) { writer in
                    for depth in column...axis {
                        for line in body.declarations(inside: depth) { writer.line(line) }
                    }
                    writer.line(combine.update("totals[\(lane)]", body.result))
                }
            }
        }
        func reduceTile(_ writer: inout CWriter) {
            if isRagged { writer.line("const int64_t width = integer_min(\(width), \(extent) - start);") }
            for axis in 0..<column { for line in body.declarations(inside: axis) { writer.line(line) } }
            begin("totals", width, into: &writer)
            reduce(parallel, &writer)
            columns(&writer) { $0.line("\(body.store) = totals[\(lane)];") }
        }
        guard column > 0 || tiles > 1 else {
            return plain(&writer) { writer in
                for line in body.declarations(inside: -1) { writer.line(line) }
                reduceTile(&writer)
            }
        }
        task(&writer) { writer in
            for line in body.declarations(inside: -1) { writer.line(line) }
            let isRow = tiles == 1 && column == 1
            let task = isRow ? indices[0] : "task"
            writer.block("for (int64_t \(task) = first; \(task) < last; \(task)++)") { writer in
                if column > 0, !isRow {
                    decode(tiles == 1 ? "task" : "(task / \(tiles))", axes: 0..<column, indices, into: &writer)
                }
                if tiles > 1 {
                    writer.line("const int64_t start = \(column > 0 ? "task % \(tiles)" : "task") * \(width);")
                }
                reduceTile(&writer)
            }
        }
        let reduced = nest.extents[parallel...].reduce(1, *)
        let tasks = nest.extents[..<column].reduce(1, *) * tiles
        return call(count: tasks, each: reduced * width * cost / 4)
    }
}
