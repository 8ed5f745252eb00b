import Graph

extension Training {
    /// What is out of range, in the order of writing.
    var mistakes: [ModelError] {
        var texts: [String] = []
        if !(1...65_536).contains(batch) { texts.append("a batch of \(batch) examples: it is 1 ... 65536") }
        if !(1...1_000_000_000).contains(steps) { texts.append("\(steps) steps: there are 1 ... 1000000000") }
        for network in [NetworkName.discriminator, .generator] {
            if !(1...1000).contains(updates(of: network)) {
                texts.append("\(updates(of: network)) updates of the \(network) per step: there are 1 ... 1000")
            }
            if let text = optimizer(of: network).mistake { texts.append("the \(network)'s optimiser: \(text)") }
        }
        if let movingAverage, !(0..<1).contains(movingAverage.decay) {
            texts.append("an average with decay \(movingAverage.decay): it is 0 ..< 1")
        }
        if let telemetryInterval, telemetryInterval < 0 {
            texts.append("telemetry every \(telemetryInterval) steps: it is at least 0")
        }
        return texts.map { ModelError(.trainingOutOfRange, $0, at: location) }
    }
}

extension Optimizer {
    /// What is out of range; nil if nothing is.
    package var mistake: String? {
        func wrong(_ name: String, _ value: Double, _ isRight: Bool, _ range: String) -> String? {
            isRight ? nil : "\(name) \(value) is not \(range)"
        }
        func rate(_ value: Double) -> String? {
            wrong("rate", value, value > 0 && value.isFinite, "a positive number")
        }
        func decay(_ name: String, _ value: Double) -> String? {
            wrong(name, value, value >= 0 && value < 1, "in 0 ..< 1")
        }
        func epsilon(_ value: Double) -> String? {
            wrong("epsilon", value, value > 0 && value.isFinite, "a positive number")
        }
        return switch self {
        case .sgd(let r, let momentum, _): rate(r) ?? decay("momentum", momentum)
        case .rmsProp(let r, let d, let e): rate(r) ?? decay("decay", d) ?? epsilon(e)
        case .adam(let r, let beta1, let beta2, let e):
            rate(r) ?? decay("beta1", beta1) ?? decay("beta2", beta2) ?? epsilon(e)
        }
    }
}
