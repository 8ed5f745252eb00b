import CGAN
import Graph
import Lowering
import Templates

/// Spells the parts of the `.c` file that differ from model to model.
struct ModelEmitter {
    let lowered: LoweredProgram
    let manifest: Manifest
    let file: String

    /// What the file's first comment says of the model.
    var summary: [String] {
        let program = lowered.program
        var lines = [
            "Images \(program.image), \(program.classes) classes, latent \(program.latent), batch \(program.batch)."
        ]
        for network in lowered.layout.networks {
            let own = program.parameters.filter { $0.network == network.name && $0.isTrained }
            let count = own.reduce(0) { $0 + $1.shape.count }
            lines.append("\(network.name): \(count) trained parameters in \(own.count) tensors.")
        }
        let flops = Double(lowered.contractionFLOPs) / 1e9
        let rounded = (flops * 1000).rounded() / 1000
        lines.append("One step: \(rounded) GFLOP in contractions, an arena of \(lowered.arenaCount) reals.")
        if let conditions = lowered.tuning?.conditions {
            let words = [conditions.processor, conditions.compiler, conditions.blas, conditions.date]
                .filter { !$0.isEmpty }
            if !words.isEmpty { lines.append("Tuned by cganc tune: \(words.joined(separator: ", ")).") }
        }
        return lines.flatMap { LineBreaking.filled($0.replacing("*/", with: "* /"), width: 116) }
    }

    /// The fixed texts that the model needs, in order.
    var runtime: [String] {
        func needs(_ test: (Kernel.Body) -> Bool) -> Bool {
            lowered.allFunctions.contains { $0.kernels.contains { test($0.body) } }
        }
        let pools = needs { if case .pooling = $0 { true } else { false } }
        let findsMaxima = needs { if case .argmax = $0 { true } else { false } }
        let sumsRows = needs { if case .loops(let nest) = $0 { nest.rowSums != nil } else { false } }
        let leavesProducts = lowered.allFunctions.contains(where: \.leavesProducts)
        let flips = lowered.allFunctions.contains { $0.kernels.contains { $0.method == .flippedTiles } }
        let tossesCoins = lowered.allFunctions.flatMap(\.draws).contains { site in
            if case .bernoulli = site.draw.distribution { true } else { false }
        }
        let looksUp = needs { body in
            switch body {
            case .gatherRows, .scatterAddRows, .oneHot: true
            default: false
            }
        }
        return ["prelude", "vector", "elementary"] + elementwiseParts + ["random"]
            + (tossesCoins ? ["bernoulli"] : []) + ["threads", "tiles", "matmul"]
            + (flips ? ["matmul_flipped"] : []) + (lowered.callsBLAS ? ["blas"] : [])
            + ConvolutionForm.parts(lowered.allFunctions.flatMap(\.kernels))
            + (pools ? ["pooling"] : [])
            + (looksUp ? ["rows"] : []) + (sumsRows ? ["row_sums"] : []) + ["norms", "optimiser"]
            + optimisers + ["frame", "profile"] + (leavesProducts ? ["weight_update"] : [])
            + (findsMaxima ? ["arg_max"] : [])
    }

    /// The texts of the elementwise functions that a loop or an epilogue calls, in order.
    private var elementwiseParts: [String] {
        let kernels = lowered.allFunctions.flatMap(\.kernels)
        let nests = kernels.flatMap { kernel in
            let own: [LoopNest] = if case .loops(let nest) = kernel.body { [nest] } else { [] }
            return own + (kernel.epilogue.map { [$0.nest] } ?? [])
        }
        let used = nests.flatMap(\.body).compactMap { instruction in
            if case .unary(let function, _) = instruction { function.runtimePart } else { nil }
        }
        return ["exponential", "trigonometric", "power"].filter(used.contains)
    }

    /// The texts of the update rules that a phase has, in order.
    private var optimisers: [String] {
        let used = lowered.phases.map { item in
            switch item.phase.optimizer {
            case .adam: "adam"
            case .rmsProp: "rmsprop"
            case .sgd: "sgd"
            }
        }
        return ["adam", "rmsprop", "sgd"].filter(used.contains)
    }

    var runtimeText: String {
        var text = Templates.text("prelude.c") + "\n#include \"\(file).h\"\n"
        for part in runtime.dropFirst() { text += "\n" + Templates.text("\(part).c") }
        return text
    }

    /// The named places of parameters, gradients and renewed statistics.
    var places: String {
        var writer = CWriter()
        let layout = lowered.layout
        func table(_ title: String, _ prefix: String, _ offsets: [String: Int]) {
            let own = lowered.program.parameters.filter { offsets[$0.name] != nil }
                .sorted { offsets[$0.name]! < offsets[$1.name]! }
            guard !own.isEmpty else { return }
            writer.comment([title])
            writer.block("enum") { writer in
                for parameter in own {
                    let name = CLiteral.identifier(parameter.name)
                    writer.line(
                        "\(prefix)_at_\(name) = \(offsets[parameter.name]!), /* \(parameter.shape) \(parameter.layout) */"
                    )
                }
            }
            writer.closeStatement()
            writer.line()
        }
        table("Parameters and statistics, in reals from the start of their block.", "parameter", layout.offsets)
        table("Gradients and moments of the trained parameters.", "gradient", layout.gradientOffsets)
        table("New values of statistics, until their phase has succeeded.", "renewed", layout.renewedOffsets)
        networks(into: &writer)
        return writer.text
    }

    private func networks(into writer: inout CWriter) {
        guard !lowered.layout.networks.isEmpty else { return }
        writer.comment([
            "The networks: where their tensors and their gradients begin, and reals of tensors, statistics included."
        ])
        writer.block("enum") { writer in
            for network in lowered.layout.networks {
                let names = NetworkPlaces(network.name)
                writer.line("\(names.parameters) = \(network.parameters.lowerBound),")
                writer.line("\(names.gradients) = \(network.gradients.lowerBound),")
                writer.line("\(names.kept) = \(network.parameters.count),")
            }
        }
        writer.closeStatement()
    }

    /// Heading, rule and text of each function.
    var functions: [[String: String]] {
        let phases = lowered.phases.map { item in
            var writer = CWriter()
            PhaseUpdateEmitter(phase: item.phase, function: item.function, lowered: lowered).emit(into: &writer)
            let text = FunctionEmitter(function: item.function).emit() + "\n" + writer.text
            return section("The \(item.phase.name) phase", text)
        }
        return phases
            + lowered.functions.map { section("Function \($0.name)", FunctionEmitter(function: $0).emit()) }
    }

    private func section(_ heading: String, _ text: String) -> [String: String] {
        ["heading": heading, "rule": String(repeating: "-", count: max(3, 108 - heading.count)), "text": text]
    }

    // MARK: Tables

    func tables() throws -> String {
        var writer = CWriter()
        let program = lowered.program
        let layout = lowered.layout
        var firstValues: [Int] = []
        var values = 0
        for item in lowered.phases {
            firstValues.append(values)
            values += ParameterLayout.aligned(item.function.values.count)
        }
        let sampler = lowered.sampler.map { lowered.functions[$0] }
        func argument(_ name: String) -> Int { sampler?.arguments.firstIndex { $0.name == name } ?? -1 }
        let optimizers = lowered.phases.map(\.phase.optimizer)
        let batch = program.batch
        let image = program.image.height * program.image.width * program.image.channels
        let staging =
            sampler == nil
            ? 0
            : ParameterLayout.aligned(batch * program.latent) + ParameterLayout.aligned(batch)
                + ParameterLayout.aligned(batch * image)
        writer.comment(["Extents that the shell needs besides those in the header."])
        writer.block("enum") { writer in
            for (name, value) in [
                ("PARAMETER_REALS", layout.count),
                ("GRADIENT_REALS", layout.gradientCount), ("RENEWED_REALS", layout.renewedCount),
                ("VALUE_REALS", values), ("STAGING_REALS", staging), ("ARENA_REALS", lowered.arenaCount),
                ("KEEPS_FIRST_MOMENTS", optimizers.contains(where: \.keepsFirstMoment) ? 1 : 0),
                ("KEEPS_SECOND_MOMENTS", optimizers.contains(where: \.keepsSecondMoment) ? 1 : 0),
                ("KEEPS_AVERAGE", program.average == nil ? 0 : 1),
                ("PARAMETER_COUNT", program.parameters.count), ("PHASE_COUNT", lowered.phases.count),
                ("MOST_KERNELS", lowered.allFunctions.map(\.kernels.count).max() ?? 0),
                ("RUNS_PER_STEP", lowered.runsPerStep), ("FUNCTION_COUNT", lowered.functions.count),
                ("SAMPLER", lowered.sampler ?? -1), ("SAMPLER_LATENT", argument("latent")),
                ("SAMPLER_LABELS", argument("labels")), ("SAMPLER_RESULTS", sampler?.results.count ?? 0),
            ] { writer.line("\(name) = \(value),") }
        }
        writer.closeStatement()
        writer.line()
        let fixed = Templates.text("tables.c")
        writer.line(fixed.hasSuffix("\n") ? String(fixed.dropLast()) : fixed)
        writer.line()
        scratch(into: &writer)
        rows("static const struct parameter_entry parameter_table[]", into: &writer) {
            program.parameters.map { parameter in
                let (law, size) =
                    switch parameter.initializer {
                    case .constant(let value): ("INITIAL_CONSTANT", value)
                    case .normal(let deviation): ("INITIAL_NORMAL", deviation)
                    case .uniform(let limit): ("INITIAL_UNIFORM", limit)
                    }
                let (place, gradient) = (layout.offsets[parameter.name]!, layout.gradientOffsets[parameter.name] ?? -1)
                return "{\(CLiteral.string(parameter.name)), \(place), \(gradient), \(parameter.shape.count), \(law), "
                    + "\(size)}"
            }
        }
        rows("static const struct tensor_run tensor_runs[]", into: &writer) {
            TensorTable(lowered).runs.map { "{\($0.kind), \($0.parameters.lowerBound), \($0.parameters.count)}" }
        }
        for item in lowered.phases {
            let names = (item.function.values.map(CLiteral.string) + ["NULL"]).joined(separator: ", ")
            writer.line("static const char *const \(item.function.name)_values[] = {\(names)};")
        }
        writer.line()
        rows("static const struct phase_entry phases[]", into: &writer) {
            var firstRun = 0
            return lowered.phases.enumerated().map { index, item in
                let function = item.function
                let gradients = layout.networks.first { $0.name == item.phase.network }?.gradients ?? 0..<0
                defer { firstRun += item.phase.runs }
                return "{.name = \(CLiteral.string(item.phase.name)),\n"
                    + "     .run = \(function.name)_run,\n     .update = \(function.name)_update,\n"
                    + "     .draw = \(function.draws.isEmpty ? "NULL" : "\(function.name)_draw"),\n"
                    + "     .runs = \(item.phase.runs), .first_run = \(firstRun), .draw_count = \(function.draws.count),\n"
                    + "     .value_count = \(function.values.count), .first_value = \(firstValues[index]),\n"
                    + "     .first_gradient = \(gradients.lowerBound), .gradient_count = \(gradients.count),\n"
                    + "     .value_names = \(function.name)_values"
                    + (function.leavesProducts
                        ? ",\n     .left = \(function.name)_left, .has_large = weight_has_large, .run_left = weight_run}"
                        : "}")
            }
        }
        let places = lowered.samplerPlaces.starts.map { "\($0), " }.joined()
        writer.comment(["Where in the arena the sampler's results lie besides the images."])
        writer.line("static const int64_t sampler_places[] = {\(places)0};")
        writer.line()
        rows("static const struct function_entry functions[]", into: &writer) {
            lowered.functions.map { "{\(CLiteral.string($0.name)), \($0.name)_run}" }
        }
        writer.line("#ifdef CGANC_DOUBLE")
        writer.line("#define CGANC_PRECISION \"double\"")
        writer.line("#else")
        writer.line("#define CGANC_PRECISION \"float\"")
        writer.line("#endif")
        writer.line("static const char manifest[] =")
        let lines = try manifest.cLines()
        writer.nested { writer in
            for (index, line) in lines.enumerated() { writer.line(line + (index == lines.count - 1 ? ";" : "")) }
        }
        return writer.text
    }

    /// A table that ends in an empty row, so that none has no rows.
    private func rows(_ head: String, into writer: inout CWriter, _ rows: () -> [String]) {
        writer.line("\(head) = {")
        writer.nested { writer in
            for row in rows() { writer.line(row + ",") }
            writer.line("{0},")
        }
        writer.line("};")
        writer.line()
    }

    /// The scratch that one thread needs, asked of the contractions themselves.
    private func scratch(into writer: inout CWriter) {
        writer.comment(["Reals of scratch that one thread needs."])
        writer.function("static CGANC_COLD int64_t scratch_reals(void)") { writer in
            writer.line("int64_t most = 0;")
            var seen: [Contraction] = []
            for function in lowered.allFunctions {
                for kernel in function.kernels where !kernel.isLeft {
                    let call: (scratch: String, extents: Contraction)
                    switch kernel.body {
                    case .matmul(let product):
                        // Products with a vector and those of OpenBLAS need none.
                        if product.n == 1 || product.k == 1 || kernel.method?.callsBLAS == true { continue }
                        call = ("matmul_scratch(&\(kernel.name))", .matmul(product))
                    case .convolution(let kind, let c):
                        let form = ConvolutionForm(kernel)!
                        call = (form.scratch(kind, kernel.name), .convolution(kind, c))
                    default: continue
                    }
                    // Kernels of the same role and extents need the same.
                    guard !seen.contains(call.extents) else { continue }
                    seen.append(call.extents)
                    writer.line("most = integer_max(most, \(call.scratch));")
                }
            }
            writer.line("return most;")
        }
        writer.line()
        writer.comment(["Reals that hold the operands of what a phase leaves for its update."])
        writer.function("static CGANC_COLD int64_t laid_out_reals(void)") { writer in
            let left = lowered.allFunctions.filter(\.leavesProducts).map { "weight_reals(\($0.name)_left)" }
            let most = left.dropFirst().reduce(left.first ?? "0") { "integer_max(\($0), \($1))" }
            writer.line("return \(most);")
        }
        writer.line()
    }
}

extension UnaryFunction {
    /// The fixed text that defines the function, where that is not in every model.
    fileprivate var runtimePart: String? {
        switch self {
        case .exponential, .tanh, .sigmoid, .softplus, .elu: "exponential"
        case .sine, .cosine: "trigonometric"
        case .power: "power"
        case .negate, .reciprocal, .square, .squareRoot, .absolute, .sign, .logarithm, .relu, .leakyReLU, .step,
            .leakyStep, .floor, .round:
            nil
        }
    }
}
