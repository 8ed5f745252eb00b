extension Optimizer {
    /// True if an update needs a mean of earlier gradients: not by Adam with β₁ = 0, nor by descent without momentum.
    public var keepsFirstMoment: Bool {
        switch self {
        case .sgd(_, let momentum, _): momentum != 0
        case .rmsProp: false
        case .adam(_, let beta1, _, _): beta1 != 0
        }
    }

    /// True if an update needs a mean of earlier gradients' squares.
    public var keepsSecondMoment: Bool {
        switch self {
        case .sgd: false
        case .rmsProp, .adam: true
        }
    }
}
