/// The version of this program, as files and people are told it.
public enum Version {
    /// The current one.
    public static let current = "0.1.0"
}
