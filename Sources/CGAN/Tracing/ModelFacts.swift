import Graph

/// What every part of a model may ask about the whole.
struct ModelFacts {
    var image: ImageShape
    var classes: Int
    var latent: Int
    var batch: Int

    /// A batch of images: `[batch, height, width, channels]`.
    var imageShape: Shape { Shape([batch, image.height, image.width, image.channels]) }
}

/// What all graphs of one model have in common: its parameters, its layers, and the mistakes found in it.
final class ModelTables {
    private(set) var parameters: [Parameter] = []
    private(set) var layers: [LayerRecord] = []
    private(set) var errors: [ModelError] = []
    /// The networks' layers, to tell which one is applied.
    private let signatures: [(name: String, layers: [String])]
    private var parameterIndex: [String: Int] = [:]
    private var layerNames: Set<String> = []

    init(generator: Network, discriminator: Network) {
        signatures = [("generator", generator.signature), ("discriminator", discriminator.signature)]
    }

    /// `generator` or `discriminator`, whichever `network` is; nil if it is neither.
    func name(of network: Network) -> String? {
        let signature = network.signature
        return signatures.first { $0.layers == signature }?.name
    }

    /// Adds a mistake, unless the same one was found before (as when a phase applies a network twice).
    func record(_ error: ModelError) {
        let isKnown = errors.contains {
            $0.code == error.code && $0.message == error.message && $0.location == error.location
        }
        if !isKnown { errors.append(error) }
    }

    /// Adds a layer's first application to the summary.
    func record(_ layer: LayerRecord) {
        if layerNames.insert(layer.name).inserted { layers.append(layer) }
    }

    /// Adds a parameter at its first use.
    ///
    /// - Returns: the parameter registered under that name, which differs from the argument if a network was applied
    ///   to tensors of different shapes.
    func register(_ parameter: Parameter) -> Parameter {
        if let index = parameterIndex[parameter.name] { return parameters[index] }
        parameterIndex[parameter.name] = parameters.count
        parameters.append(parameter)
        return parameter
    }

    /// The parameters network by network, the generator's first, within a network the trained ones before the
    /// statistics, otherwise in order of application.
    var orderedParameters: [Parameter] {
        ["generator", "discriminator"].flatMap { network in
            let own = parameters.filter { $0.network == network }
            return own.filter(\.isTrained) + own.filter { !$0.isTrained }
        }
    }
}

extension ModelFacts {
    /// What is out of range.
    var mistakes: [ModelError] {
        var texts: [String] = []
        if ![image.height, image.width, image.channels].allSatisfy({ (1...4096).contains($0) }) {
            texts.append("images of \(image): height, width and channels are 1 ... 4096")
        }
        if !(1...65_536).contains(classes) { texts.append("\(classes) classes: there are 1 ... 65536") }
        if !(1...65_536).contains(latent) { texts.append("a latent of \(latent) numbers: there are 1 ... 65536") }
        return texts.map { ModelError(.sizeOutOfRange, $0) }
    }
}
