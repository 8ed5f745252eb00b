import CGAN
import Lowering

/// Spells what follows a phase's gradients: the optimiser, the renewed statistics, the moving average.
struct PhaseUpdateEmitter {
    let phase: Phase
    let function: Function
    let lowered: LoweredProgram

    func emit(into writer: inout CWriter) {
        let layout = lowered.layout
        guard let network = layout.networks.first(where: { $0.name == phase.network }) else { return }
        writer.comment(["Update number t of the \(phase.network): \(describe(phase.optimizer))."])
        writer.function(
            "static void \(function.name)_update(struct frame f, real *first_moments, real *second_moments, "
                + "real *average, uint64_t t)"
        ) { writer in
            writer.line(
                "static const struct update_limits limits = {.gradient_scale = 1, .parameter_limit = INFINITY};")
            let range = NetworkPlaces(network.name)
            let pointers = "f.gradients + \(range.gradients), f.parameters + \(range.parameters)"
            let first = phase.optimizer.keepsFirstMoment ? "first_moments + \(range.gradients)" : "NULL"
            let second = "second_moments + \(range.gradients)"
            switch phase.optimizer {
            case .adam(let rate, let beta1, let beta2, let epsilon):
                writer.line(
                    "static const struct adam rule = {.rate = \(rate), .beta1 = \(beta1), .beta2 = \(beta2), "
                        + ".epsilon = \(epsilon)};")
                update("adam_update(&rule, &limits, &f.watch, t, \(pointers), \(first), \(second))", into: &writer)
                if first == "NULL" { writer.line("(void)first_moments;") }
            case .rmsProp(let rate, let decay, let epsilon):
                writer.line(
                    "static const struct rmsprop rule = {.rate = \(rate), .decay = \(decay), .epsilon = \(epsilon)};")
                update("rmsprop_update(&rule, &limits, &f.watch, \(pointers), \(second))", into: &writer)
                writer.line("(void)t, (void)first_moments;")
            case .sgd(let rate, let momentum, let nesterov):
                writer.line(
                    "static const struct sgd rule = {.rate = \(rate), .momentum = \(momentum), .nesterov = "
                        + "\(nesterov ? 1 : 0)};")
                update("sgd_update(&rule, &limits, &f.watch, \(pointers), \(first))", into: &writer)
                writer.line("(void)t, \(first == "NULL" ? "(void)first_moments, " : "")(void)second_moments;")
            }
            for parameter in lowered.program.parameters where renews(parameter) {
                let name = CLiteral.identifier(parameter.name)
                writer.line(
                    "memcpy(f.parameters + parameter_at_\(name), f.renewed + renewed_at_\(name), "
                        + "\(parameter.shape.count) * sizeof(real));")
            }
            if let average = lowered.program.average, average.network == phase.network {
                writer.line(
                    "average_update(f.pool, average_decay(\(average.decay), t), \(range.kept), "
                        + "f.parameters + \(range.parameters), average + \(range.parameters));")
            } else {
                writer.line("(void)average;")
            }
        }
        writer.line()
    }

    /// The products that are left for it first, then all other tensors.
    private func update(_ rule: String, into writer: inout CWriter) {
        writer.line("const struct update_context update = \(rule);")
        if function.leavesProducts { writer.line("weight_run(&f, &update);") }
        writer.line("update_watched(f.pool, &update);")
    }

    private func renews(_ parameter: Parameter) -> Bool {
        function.buffers.contains { $0.storage == .renewed(parameter.name) }
    }

    private func describe(_ optimizer: Optimizer) -> String {
        switch optimizer {
        case .adam: "Adam"
        case .rmsProp: "RMSProp"
        case .sgd: "stochastic gradient descent"
        }
    }
}

/// The names of a network's stretches of the blocks.
struct NetworkPlaces {
    /// Where its tensors and its gradients begin, and how many reals it keeps.
    let parameters, gradients, kept: String

    init(_ network: String) {
        let name = CLiteral.identifier(network)
        parameters = "parameters_of_\(name)"
        gradients = "gradients_of_\(name)"
        kept = "reals_kept_in_\(name)"
    }
}
