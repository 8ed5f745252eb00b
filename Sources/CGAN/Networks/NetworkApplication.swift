import Graph

/// One application of a network to tensors: what its layers share.
final class NetworkApplication {
    /// `generator` or `discriminator`.
    let network: String
    /// What the network is applied to, where that needs telling apart: `real`, `fake`, `interpolate`.
    let tag: String?
    let labels: Tensor?
    private var counts: [String: Int] = [:]

    init(network: String, tag: String?, labels: Tensor?) {
        self.network = network
        self.tag = tag
        self.labels = labels
    }

    /// The name of the next layer with `stem`: `discriminator.conv1`, then `discriminator.conv2`.
    func nextName(_ stem: String) -> String {
        counts[stem, default: 0] += 1
        return "\(network).\(stem)\(counts[stem]!)"
    }

    /// `name` with the application's tag.
    func tagged(_ name: String) -> String { tag.map { "\(name).\($0)" } ?? name }
}

extension LayerContext {
    /// The result of `layers` one after the other, as part of the same network.
    ///
    /// - Parameter next: the layer that follows the last one.
    func apply(_ layers: [any Layer], to x: Tensor, next: (any Layer)?) -> Tensor {
        application.apply(layers, to: x, in: trace, next: next)
    }
}

extension NetworkApplication {
    /// The result of `layers` one after the other.
    func apply(
        _ layers: [any Layer], to x: Tensor, in trace: Trace, next last: (any Layer)? = nil,
        projectingAt projection: (index: Int, layer: Inputs)? = nil
    ) -> Tensor {
        var x = x
        for (index, layer) in layers.enumerated() {
            let features = x
            x = apply(layer, to: x, in: trace, next: index + 1 < layers.count ? layers[index + 1] : last)
            // What follows would only repeat in other words that the network is not given what it needs.
            if layer is Inputs, x.node == nil { return x }
            if let projection, projection.index == index {
                let context = LayerContext(
                    trace: trace, application: self, name: "\(network).projection",
                    location: projection.layer.location, next: nil)
                x = trace.scope(tagged(context.name), at: context.location) {
                    projection.layer.project(x, features: features, in: context)
                }
            }
        }
        return x
    }

    private func apply(_ layer: any Layer, to x: Tensor, in trace: Trace, next: (any Layer)?) -> Tensor {
        let context = LayerContext(
            trace: trace, application: self, name: nextName(layer.stem), location: layer.location, next: next)
        let result = trace.scope(tagged(context.name), at: layer.location) { layer.apply(to: x, in: context) }
        if let node = result.node, case .unary(let function) = trace.graph[node].op, function.isActivation {
            trace.activations.append((context.name, node))
        }
        trace.tables.record(
            LayerRecord(name: context.name, kind: layer.summary, output: result.type.shape, location: layer.location))
        return result
    }
}

extension Trace {
    /// The result of a network of the model.
    func apply(_ network: Network, to x: Tensor, labels: Tensor?, at location: SourceLocation) -> Tensor {
        let location = origin("network", location).location
        guard let name = tables.name(of: network) else {
            return mistake(
                ModelError(
                    .unknownNetwork, "this network is neither the model's generator nor its discriminator",
                    at: location,
                    help: "apply the model's own `generator` and `discriminator`; parts of a network are layers"),
                guess: x.type)
        }
        let guess = TensorType(name == "generator" ? facts.imageShape : Shape([facts.batch, 1]))
        guard x.trace === self, labels.map({ $0.trace === self }) ?? true else {
            return mistake(
                ModelError(
                    .foreignTensor, "the \(name) is given a tensor of another phase or model", at: location,
                    help: "make every tensor inside objective(_:), from the batch that is passed to it"), guess: guess)
        }
        guard let node = x.node else { return Tensor(mistakeIn: self, guess: guess) }
        let inputs = [node] + [labels?.node].compactMap { $0 }
        if let earlier = applications.first(where: { $0.network == name && $0.inputs == inputs }) {
            return earlier.output.placed(at: location)
        }
        let application = NetworkApplication(network: name, tag: tag(for: node, in: name), labels: labels)
        let output = run(network, application, on: x, guess: guess)
        if let result = output.node, name == "generator", roles[result] == nil { roles[result] = "fake" }
        applications.append(
            Application(
                network: name, inputs: inputs, tag: application.tag, output: output,
                endsInSigmoid: network.layers.last is Sigmoid))
        return output.placed(at: location)
    }

    /// The layers' result, checked to be what the network stands for.
    private func run(
        _ network: Network, _ application: NetworkApplication, on x: Tensor, guess: TensorType
    ) -> Tensor {
        guard let inputs = network.layers.first as? Inputs else {
            let place = network.layers.first?.location
            let example = application.network == "generator" ? ".latent" : ".image"
            return mistake(
                ModelError(
                    network.layers.isEmpty ? .emptyNetwork : .inputsMissing,
                    network.layers.isEmpty
                        ? "the \(application.network) has no layers"
                        : "the \(application.network) does not begin with Inputs",
                    at: place, help: "begin it with Inputs(\(example), .label(.oneHot))"), guess: guess)
        }
        guard network.layers.count > 1 else {
            return mistake(
                ModelError(
                    .emptyNetwork, "the \(application.network) has no layers after its Inputs", at: inputs.location,
                    help: "add layers, ending in \(application.network == "generator" ? "images" : "Dense(1)")"),
                guess: guess)
        }
        let output = application.apply(
            network.layers, to: x, in: self, projectingAt: inputs.projection(in: network.layers))
        return check(output, of: application.network, last: network.layers.last, guess: guess)
    }

    private func check(_ output: Tensor, of network: String, last: (any Layer)?, guess: TensorType) -> Tensor {
        guard output.node != nil, output.type != guess else { return output }
        let isGenerator = network == "generator"
        let flat = output.rank == 2 && output.type.shape.count == guess.shape.count
        let size = "\(facts.image.height), \(facts.image.width), \(facts.image.channels)"
        return mistake(
            ModelError(
                isGenerator ? .generatorOutput : .discriminatorOutput,
                isGenerator
                    ? "the generator gives \(output.type.shape), but images are \(guess.shape)"
                    : "the discriminator gives \(output.type.shape), not one number for each example \(guess.shape)",
                at: last?.location, notes: [note(on: output)],
                help: isGenerator
                    ? flat
                        ? "add Reshape(\(size)) as the last layer"
                        : "let the last layer give \(size) for each example, or change `images`"
                    : "end the discriminator with Dense(1)"), guess: guess)
    }

    /// What an application of `network` to `node` is called; nil where there is nothing to tell apart.
    private func tag(for node: NodeID, in network: String) -> String? {
        let used = applications.filter { $0.network == network }.map(\.tag)
        let wanted: String?
        if network == "generator" {
            wanted = roles[node] ?? (used.isEmpty ? nil : drawName(of: node))
        } else {
            wanted = roles[node] ?? (mode == .training ? "image" : nil)
        }
        if !used.contains(wanted) { return wanted }
        var number = 2
        while used.contains("\(wanted ?? "application")\(number)") { number += 1 }
        return "\(wanted ?? "application")\(number)"
    }

    private func drawName(of node: NodeID) -> String? {
        if case .random(let draw, _) = graph[node].op { draw.name } else { nil }
    }
}
