public import Graph

/// One step of a network: a function of a tensor, with parameters of its own.
///
/// A layer is a value that remembers its sizes and its place in the file; input sizes, names and parameters come from
/// the ``LayerContext`` when a network is applied. A new layer is one type with one method, written in tensor
/// functions; its derivatives follow. It may stand in the model file itself:
///
///     struct Swish: Layer {
///         let location: Location
///         init(fileID: String = #fileID, line: Int = #line, column: Int = #column) {
///             location = Location(fileID: fileID, line: line, column: column)
///         }
///         func apply(to x: Tensor, in context: LayerContext) -> Tensor { x * sigmoid(x) }
///     }
public protocol Layer {
    /// The stem of its name: the second `dense` of the discriminator is `discriminator.dense2`. By default made of the
    /// type's name.
    var stem: String { get }
    /// What the user wrote: `Conv(64, kernel: 4, stride: 2)`. By default the type's name.
    var summary: String { get }
    /// Where the user wrote it.
    var location: SourceLocation { get }
    /// The layers it is made of; none by default.
    var parts: [any Layer] { get }
    /// The layer's result for `x`, the batch along the first axis.
    func apply(to x: Tensor, in context: LayerContext) -> Tensor
}

extension Layer {
    /// A place in a file.
    public typealias Location = SourceLocation

    /// The type's name, beginning lower-case: `Swish` is `swish`, `LayerScale` is `layerScale`.
    public var stem: String { lowerCamelCase("\(Self.self)") }

    /// The type's name.
    public var summary: String { "\(Self.self)()" }

    /// None.
    public var parts: [any Layer] { [] }

    /// The layer and, all the way down, the layers it is made of.
    var all: [any Layer] { [self] + parts.flatMap(\.all) }
}

/// `LayerScale` as `layerScale`, `GLU` as `glu`, `ELULayer` as `eluLayer`.
func lowerCamelCase(_ name: String) -> String {
    let characters = name.filter { $0.isLetter || $0.isNumber }
    let capitals = characters.prefix { $0.isUppercase }.count
    let head = capitals <= 1 || capitals == characters.count ? capitals : capitals - 1
    return characters.prefix(head).lowercased() + characters.dropFirst(head)
}

/// A layer after which numbers lose about half their variance, so that weights before it start larger by √2.
protocol Rectifier: Layer {}

/// What a layer is given besides its operand: its name, the labels, and the model's parameters.
public struct LayerContext {
    let trace: Trace
    let application: NetworkApplication
    /// `discriminator.conv1`.
    public let name: String
    /// The layer's place in the user's file.
    public let location: SourceLocation
    /// The layer that follows, if any.
    public let next: (any Layer)?

    /// False in a sampler, which uses kept statistics and drops nothing.
    public var isTraining: Bool { trace.mode != .sampling }
    /// True where a layer that disturbs its operand by random numbers is to do so: in training itself.
    public var isDisturbing: Bool { trace.mode == .training }
    /// How many classes the labels name.
    public var classes: Int { trace.facts.classes }
    /// The labels `[B]` that the network was applied to.
    public var labels: Tensor? { application.labels }

    /// A trained tensor of the layer, `<name>.<suffix>`.
    ///
    /// - Parameter layout: the meaning of the axes, for strangers: `in,out`, `HWIO`, `channel`.
    public func parameter(_ suffix: String, _ shape: [Int], layout: String, from initializer: Initializer) -> Tensor {
        register(suffix, shape, layout, initializer, isTrained: true)
    }

    /// A tensor of the layer that is kept but not trained, `<name>.<suffix>`.
    public func statistic(_ suffix: String, _ shape: [Int], layout: String, from initializer: Initializer) -> Tensor {
        register(suffix, shape, layout, initializer, isTrained: false)
    }

    /// Renews the statistic `suffix` after the phase that trains this network:
    /// `momentum · kept + (1 − momentum) · value`.
    public func renew(_ suffix: String, with value: Tensor, momentum: Double) {
        guard let node = value.node else { return }
        trace.renewals.append(.init(parameter: "\(name).\(suffix)", batchValue: node, momentum: momentum))
    }

    /// Random numbers of the layer's own, dumped as `<name>[.<tag of the application>]`.
    public func random(_ distribution: Distribution, _ shape: [Int]) -> Tensor {
        trace.random(application.tagged(name), distribution, Shape(shape), at: location)
    }

    /// Records a mistake in the layer's use and yields a tensor of shape `guess` to go on with.
    func mistake(
        _ code: ModelError.Code, _ message: String, given x: Tensor, guess: [Int]? = nil, help: String? = nil
    ) -> Tensor {
        trace.mistake(
            ModelError(code, message, at: location, notes: [trace.note(on: x)], help: help),
            guess: TensorType(guess.map { Shape($0) } ?? x.type.shape))
    }

    /// Weights whose results are sums of `fanIn` products: Gaussian of deviation `√(2/fanIn)` before a rectifier
    /// (He 2015), else `√(1/fanIn)` (LeCun 1998), so that the variance of activations is about kept.
    func weights(fanIn: Int) -> Initializer {
        let gain: Double = next is any Rectifier ? 2 : 1
        return .normal(deviation: (gain / Double(max(fanIn, 1))).squareRoot())
    }

    /// Weights of a dense layer: uniform of limit `√(6 / (fanIn + fanOut))` (Glorot 2010), which also bounds what comes
    /// back through it. A generator begins with a layer that widens some hundred numbers to thousands: by `fanIn` alone
    /// its weights would be so large that a rate of 1e-4 needs a thousand updates to change one by its own size, and
    /// samples keep the noise of the first weights for as long.
    func weights(fanIn: Int, fanOut: Int) -> Initializer {
        .uniform(limit: (6 / max(Double(fanIn) + Double(fanOut), 1)).squareRoot())
    }

    private func register(
        _ suffix: String, _ shape: [Int], _ layout: String, _ initializer: Initializer, isTrained: Bool
    ) -> Tensor {
        let parameter = Parameter(
            name: "\(name).\(suffix)", network: application.network, shape: Shape(shape), layout: layout,
            initializer: initializer, isTrained: isTrained, location: location)
        let registered = trace.tables.register(parameter)
        guard registered.shape == parameter.shape else {
            return trace.mistake(
                ModelError(
                    .parameterShape,
                    "\(parameter.name) would have to be \(registered.shape) and \(parameter.shape) at once",
                    at: location, help: "apply a network to tensors of one shape only"),
                guess: TensorType(parameter.shape))
        }
        return trace.scope(parameter.name, at: location) {
            trace.emit(
                .parameter(name: parameter.name, parameter.shape), [], parameter.name, at: location,
                guess: TensorType(parameter.shape))
        }
    }
}
