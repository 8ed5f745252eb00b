/// Which part of a data set.
public enum DatasetSplit: String, CaseIterable, Sendable {
    /// The examples to learn from.
    case train
    /// The examples kept back.
    case test
}
