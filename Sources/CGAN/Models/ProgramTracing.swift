import Graph

extension Program {
    /// The program of `model`: its networks and losses read as graphs.
    ///
    /// - Parameters:
    ///   - batch: examples in a batch, instead of the model's own number.
    ///   - file: the model file's path as the user gave it.
    /// - Throws: ``ModelErrors``, everything that is wrong with the model.
    public init(_ model: some ConditionalGAN, batch: Int? = nil, file: String? = nil) throws {
        var training = model.training
        if let batch { training.batch = batch }
        let tables = ModelTables(generator: model.generator, discriminator: model.discriminator)
        let facts = ModelFacts(
            image: model.images, classes: model.classes, latent: model.latent, batch: training.batch)

        for error in facts.mistakes + training.mistakes + model.networkMistakes { tables.record(error) }
        if !tables.errors.isEmpty { throw ModelErrors(tables.errors) }

        let sampler = model.traceSampler(facts, tables)
        model.probeDiscriminator(facts, tables)
        if !tables.errors.isEmpty { throw ModelErrors(tables.errors) }

        let probe = model.traceProbe(facts, tables)

        let phases = [Training.NetworkName.discriminator, .generator].map { network in
            Phase(
                name: network.rawValue, network: network.rawValue,
                graph: model.tracePhase(network, facts, tables), optimizer: training.optimizer(of: network),
                runs: training.updates(of: network))
        }
        if !tables.errors.isEmpty { throw ModelErrors(tables.errors) }

        self.init(
            name: model.name, file: file, image: facts.image, classes: facts.classes, latent: facts.latent,
            batch: facts.batch, parameters: tables.orderedParameters, layers: tables.layers, phases: phases,
            sampler: sampler, probe: probe, steps: training.steps, seed: training.seed,
            average: training.movingAverage, telemetryInterval: training.telemetryInterval)
    }
}

extension ConditionalGAN {
    /// What cannot be said at any one layer.
    fileprivate var networkMistakes: [ModelError] {
        var mistakes: [ModelError] = []
        if !generator.layers.isEmpty, generator.signature == discriminator.signature {
            mistakes.append(
                ModelError(
                    .unknownNetwork, "generator and discriminator are one and the same network",
                    at: generator.layers[0].location, help: "write each network's layers in its own braces"))
        }
        if !name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }) || name.isEmpty
            || name.count > 64
        {
            mistakes.append(
                ModelError(
                    .nameNotUsable, "the model's name is \"\(name)\": it has 1 ... 64 letters, digits and hyphens",
                    help: "add: let name = \"my-model\""))
        }
        return mistakes
    }

    /// From inputs `latent` and `labels` to output `images`.
    fileprivate func traceSampler(_ facts: ModelFacts, _ tables: ModelTables) -> Graph {
        let trace = Trace(facts: facts, tables: tables, mode: .sampling)
        let images = generator(trace.latent, trace.labels)
        if let node = images.node {
            trace.graph.outputs = [Output("images", node)] + trace.activationOutputs(but: node)
        }
        return trace.graph
    }

    /// From inputs `images` and `labels` to output `logits`, `[B, 1]`, what the discriminator gives before a last
    /// sigmoid; nil if it draws random numbers even when it is only watched.
    fileprivate func traceProbe(_ facts: ModelFacts, _ tables: ModelTables) -> Graph? {
        let trace = Trace(facts: facts, tables: tables, mode: .watching)
        guard var node = discriminator(trace.images, trace.labels).node else { return nil }
        if case .unary(.sigmoid) = trace.graph[node].op { node = trace.graph[node].inputs[0] }
        trace.graph.outputs = [Output("logits", node)] + trace.activationOutputs(but: node)
        let reachable = trace.graph.reachable()
        let draws = trace.graph.ids.contains { id in
            if case .random = trace.graph[id].op { reachable[id.index] } else { false }
        }
        return draws ? nil : trace.graph
    }

    /// Records the discriminator's layers and what is wrong with them.
    fileprivate func probeDiscriminator(_ facts: ModelFacts, _ tables: ModelTables) {
        let trace = Trace(facts: facts, tables: tables, mode: .training)
        _ = discriminator(trace.images, trace.labels)
    }

    /// The graph of one phase: `loss`, what is watched with it, and renewed statistics of the network it trains.
    fileprivate func tracePhase(_ network: Training.NetworkName, _ facts: ModelFacts, _ tables: ModelTables) -> Graph {
        let trace = Trace(facts: facts, tables: tables, mode: .training)
        let losses = trace.scope("loss", at: nil, fixed: false) { objective(Batch(trace: trace)) }
        let isDiscriminator = network == .discriminator
        trace.addOutput("loss", isDiscriminator ? losses.discriminator : losses.generator)
        for (name, value) in isDiscriminator ? losses.tracking : losses.generatorTracking {
            trace.addOutput(name, value)
        }
        trace.addRenewedStatistics(of: network.rawValue)
        return trace.graph
    }
}
