/// Makes a ``Network`` of the layers in braces; `if`, `if let`, `switch`, `for` and `#available` choose and repeat
/// layers, and a network or an array of layers stands for all of its layers.
@resultBuilder
public enum NetworkBuilder {
    /// One layer.
    public static func buildExpression(_ layer: any Layer) -> [any Layer] { [layer] }
    /// Several layers made elsewhere.
    public static func buildExpression(_ layers: [any Layer]) -> [any Layer] { layers }
    /// The layers of another network.
    public static func buildExpression(_ network: Network) -> [any Layer] { network.layers }
    /// A layer that may be absent.
    public static func buildExpression(_ layer: (any Layer)?) -> [any Layer] { layer.map { [$0] } ?? [] }
    /// Nothing: a statement such as `let channels = 64` or `print(…)`.
    public static func buildExpression(_ nothing: Void) -> [any Layer] { [] }
    /// All parts one after the other.
    public static func buildBlock(_ parts: [any Layer]...) -> [any Layer] { parts.flatMap { $0 } }
    /// `if` without `else`.
    public static func buildOptional(_ part: [any Layer]?) -> [any Layer] { part ?? [] }
    /// The first branch of `if … else` or of a `switch`.
    public static func buildEither(first part: [any Layer]) -> [any Layer] { part }
    /// The other branches.
    public static func buildEither(second part: [any Layer]) -> [any Layer] { part }
    /// Every turn of a `for`.
    public static func buildArray(_ parts: [[any Layer]]) -> [any Layer] { parts.flatMap { $0 } }
    /// The body of `if #available`.
    public static func buildLimitedAvailability(_ part: [any Layer]) -> [any Layer] { part }
    /// The network of all layers.
    public static func buildFinalResult(_ layers: [any Layer]) -> Network { Network(layers: layers) }
}
