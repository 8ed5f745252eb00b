import CGAN
import Graph

extension Program {
    /// Checks that the parts fit together, as everything downstream takes for granted.
    ///
    /// - Throws: `ModelErrors` that names the first part that does not.
    func validate(path: String) throws {
        if let reason = mistakes().first {
            throw ModelErrors([
                ModelError(.programMalformed, "\(path) is damaged: \(reason)", help: "save it again from its model")
            ])
        }
    }

    private func mistakes() -> [String] {
        var mistakes: [String] = []
        func require(_ condition: Bool, _ mistake: @autoclosure () -> String) {
            if !condition { mistakes.append(mistake()) }
        }
        require(version == Program.currentVersion, "version \(version)")
        require(isName(name, length: 64) && !name.contains("."), "the name \"\(name)\"")
        for (what, value, limit) in [
            ("image height", image.height, 4096), ("image width", image.width, 4096),
            ("image channels", image.channels, 4096), ("classes", classes, 65_536), ("latent", latent, 65_536),
            ("batch", batch, 65_536), ("steps", steps, 1_000_000_000),
        ] { require((1...limit).contains(value), "\(what) \(value), out of 1 ... \(limit)") }
        require((1...2).contains(phases.count), "\(phases.count) phases")
        require(Set(phases.map(\.name)).count == phases.count, "two phases of one name")
        // In C, dots and hyphens are underscores.
        let identifiers = parameters.map { $0.name.map { $0 == "." || $0 == "-" ? "_" : String($0) }.joined() }
        require(Set(identifiers).count == parameters.count, "two parameters of one name")
        require(parameters.count <= 10_000 && layers.count <= 10_000, "more than 10000 parameters or layers")
        if let average {
            require(isNetwork(average.network), "an average of the network \"\(average.network)\"")
            require((0..<1).contains(average.decay), "an average of decay \(average.decay)")
        }
        guard mistakes.isEmpty else { return mistakes }
        let table = Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0) })
        for parameter in parameters { mistakes += parameter.mistakes }
        for layer in layers {
            require(
                isName(layer.name) && isText(layer.kind) && isText(layer.location?.file) && layer.output.isPossible,
                "layer \(layer.name)")
        }
        for phase in phases {
            let found = phase.mistakes(of: self, table) + phase.graph.mistakes(of: self, table, role: .phase)
            mistakes += found.map { "phase \(phase.name): \($0)" }
        }
        mistakes += sampler.mistakes(of: self, table, role: .sampler).map { "sampler: \($0)" }
        require(sampler.gives("images", imageType), "the sampler does not give images")
        if let probe {
            mistakes += probe.mistakes(of: self, table, role: .probe).map { "probe: \($0)" }
            require(probe.gives("logits", TensorType([batch, 1])), "the probe does not give logits")
        }
        if let telemetryInterval { require(telemetryInterval >= 0, "telemetry every \(telemetryInterval) steps") }
        return mistakes
    }

    fileprivate var imageType: TensorType { TensorType([batch, image.height, image.width, image.channels]) }
}

extension Parameter {
    fileprivate var mistakes: [String] {
        guard isName(name), isNetwork(network), name.hasPrefix(network + "."), isText(layout), isText(location?.file)
        else { return ["the parameter \"\(name)\" is not named as one of its network"] }
        guard shape.isPossible else { return ["\(name) has the shape \(shape)"] }
        let isRight =
            switch initializer {
            case .constant(let value): value.isFinite
            case .normal(let deviation): deviation.isFinite && deviation >= 0
            case .uniform(let limit): limit.isFinite && limit >= 0
            }
        return isRight ? [] : ["\(name) begins as \(initializer)"]
    }
}

extension Phase {
    fileprivate func mistakes(of program: Program, _ parameters: [String: Parameter]) -> [String] {
        var mistakes: [String] = []
        if name != network || !isNetwork(network) { mistakes.append("it trains the network \"\(network)\"") }
        if !(1...1000).contains(runs) { mistakes.append("\(runs) runs in a step") }
        if let wrong = optimizer.mistake { mistakes.append("the optimiser's \(wrong)") }
        if graph.outputs.first?.name != "loss" { mistakes.append("its first output is not the loss") }
        if Set(graph.outputs.map(\.name)).count != graph.outputs.count { mistakes.append("two outputs of one name") }
        for output in graph.outputs {
            let type = graph[output.node].type
            if output.name.hasPrefix("state:") {
                let parameter = parameters[String(output.name.dropFirst("state:".count))]
                if parameter?.isTrained != false || parameter?.network != network
                    || parameter.map({ TensorType($0.shape) }) != type
                {
                    mistakes.append("\(output.name) renews no statistic of the network")
                }
            } else if type != TensorType(.scalar) || !isName(output.name) {
                mistakes.append("output \"\(output.name)\" is not a single number")
            }
        }
        return mistakes
    }
}

/// What a graph is to its program.
private enum GraphRole { case phase, sampler, probe }

extension Graph {
    /// True if the first output is `name` of `type`, and all others are activations.
    fileprivate func gives(_ name: String, _ type: TensorType) -> Bool {
        guard let first = outputs.first, first.name == name, self[first.node].type == type else { return false }
        return Set(outputs.map(\.name)).count == outputs.count
            && outputs.dropFirst().allSatisfy { output in
                output.name.hasPrefix("activation:") && isName(String(output.name.dropFirst("activation:".count)))
                    && self[output.node].type.element == .real && self[output.node].type.shape.rank > 0
            }
    }

    fileprivate func mistakes(
        of program: Program, _ parameters: [String: Parameter], role: GraphRole
    ) -> [String] {
        var inputs = ["labels": TensorType([program.batch], .index)]
        if role == .sampler {
            inputs["latent"] = TensorType([program.batch, program.latent])
        } else {
            inputs["images"] = program.imageType
        }
        var draws: [String: Node] = [:]
        for id in ids {
            let node = self[id]
            guard isText(node.origin.name), isText(node.origin.location?.file), (0...16).contains(node.origin.order)
            else { return ["node \(id.index) has an origin that cannot be printed"] }
            switch node.op {
            case .parameter(let name, let shape) where parameters[name]?.shape != shape:
                return ["node \(id.index) reads \(name) as \(shape), which the program does not hold"]
            case .input(let name, let type) where inputs[name] != type:
                return ["node \(id.index) reads the input \(name) as \(type), which there is not"]
            case .random(let draw, let shape):
                if role != .phase { return ["it draws random numbers"] }
                guard isName(draw.name), draw.distribution.isPossible else {
                    return ["node \(id.index) draws \"\(draw.name)\" from \(draw.distribution)"]
                }
                if let other = draws[draw.name], other.op != .random(draw, shape) {
                    return ["two different draws are called \(draw.name)"]
                }
                draws[draw.name] = node
            default: continue
            }
        }
        return indexMistake(classes: program.classes).map { [$0] } ?? []
    }
}

/// True for what may name a tensor, a file or a C function.
private func isName(_ text: String, length: Int = 200) -> Bool {
    !text.isEmpty && text.utf8.count <= length
        && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
}

/// True for what may stand in a comment of the emitted C and in a manifest.
private func isText(_ text: String?) -> Bool {
    guard let text else { return true }
    return text.utf8.count <= 4096
        && text.unicodeScalars.allSatisfy {
            $0.value >= 0x20 && $0.value != 0x7f && $0 != "\u{2028}" && $0 != "\u{2029}"
        }
        && !text.contains("*/") && !text.contains("/*")
}

private func isNetwork(_ name: String) -> Bool { name == "generator" || name == "discriminator" }
