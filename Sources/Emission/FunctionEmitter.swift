import Graph
import Lowering

/// Spells a function: the places of its tensors in the arena, its kernels, and the list of calls it is.
struct FunctionEmitter {
    let function: Function

    /// The function's text, ending in the definition of `<name>_run`.
    func emit() -> String {
        var writer = CWriter()
        values(into: &writer)
        places(into: &writer)
        if !function.draws.isEmpty { draws(into: &writer) }
        let emitter = KernelEmitter(buffers: BufferSpelling(function: function))
        let kernels = function.kernels.map { (kernel: $0, call: emitter.emit($0, into: &writer)) }
        leftProducts(into: &writer)
        var left = 0
        let calls = kernels.map { kernel, call in
            guard kernel.isLeft else { return call }
            defer { left += 1 }
            return "weight_lay_out(f, &\(function.name)_left[\(left)]);"
        }
        writer.function("static void \(function.name)_run(const struct frame *f)") { writer in
            if calls.isEmpty { writer.line("(void)f;") }
            for (number, call) in calls.enumerated() { writer.line("AT(\(number)) \(call)") }
        }
        return writer.text
    }

    /// `enum { d_at_value_loss, ... };`.
    private func values(into writer: inout CWriter) {
        guard !function.values.isEmpty else { return }
        writer.comment(["The loss and the tracked values, as a report lists them."])
        let buffers = BufferSpelling(function: function)
        let names = function.values.indices.map { buffers.value($0) }
        writer.line("enum { \(names.joined(separator: ", ")) };")
        writer.line()
    }

    /// `enum { d_at_x = 0, ... };`: tensors that are never needed at the same time share a place.
    private func places(into writer: inout CWriter) {
        let transient = function.buffers.indices.filter { function.plan.offsets[$0] != nil }
        guard !transient.isEmpty else { return }
        writer.comment([
            "Places in the arena, in reals: \(function.plan.count) in all, \(function.plan.lowerBound) the most that is "
                + "alive at once."
        ])
        writer.block("enum") { writer in
            for index in transient {
                let buffer = function.buffers[index]
                let place = "\(function.prefix)_at_\(buffer.name) = \(function.plan.offsets[index]!),"
                writer.line("\(place) /* \(buffer.type) */")
            }
        }
        writer.closeStatement()
        writer.line()
    }

    /// The products that the update computes.
    private func leftProducts(into writer: inout CWriter) {
        guard function.leavesProducts else { return }
        let buffers = BufferSpelling(function: function)
        writer.comment(["What is left for the update: products, the gradients that they are, their operands."])
        writer.line("static const struct weight_product \(function.name)_left[] = {")
        writer.nested { writer in
            for (number, kernel) in function.kernels.enumerated() where kernel.isLeft {
                guard case .gradient(let tensor) = function.buffers[kernel.writes.index].storage else { continue }
                let operands = kernel.reads.map(buffers.place).joined(separator: ", ")
                writer.line("{&\(kernel.name), \(BufferSpelling.gradientPlace(tensor)),")
                writer.line(" {\(operands)}, \(number)},")
            }
            writer.line("{0},")
        }
        writer.line("};")
        writer.line()
    }

    private func draws(into writer: inout CWriter) {
        writer.comment(["The random numbers of one run: draw `number` of run `run`."])
        writer.function(
            "static void \(function.name)_draw(const struct frame *f, uint32_t number, uint64_t run, real *out)"
        ) { writer in
            writer.line("switch (number) {")
            for (number, site) in function.draws.enumerated() {
                writer.line("case \(number): /* \(site.draw.name) \(site.shape) */")
                writer.nested { writer in
                    writer.line(Self.spell(site, number: number))
                    writer.line("break;")
                }
            }
            writer.line("}")
        }
        writer.line()
    }

    private static func spell(_ site: Function.DrawSite, number: Int) -> String {
        let (name, a, b) =
            switch site.draw.distribution {
            case .uniform(let low, let high): ("random_uniform", low, high)
            case .normal(let mean, let deviation): ("random_normal", mean, deviation)
            case .bernoulli(let probability, let value): ("random_bernoulli", probability, value)
            }
        return
            "\(name)(out, 0, \(site.shape.count), f->seed, run, \(number), \(CLiteral.real(a)), \(CLiteral.real(b)));"
    }
}
