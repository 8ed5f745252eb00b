/// How emitted C is meant to be compiled, wherever that happens, so that every build computes the same bits.
public enum BuildOptions {
    /// Options for the C compiler. `-fno-math-errno` and `-fno-trapping-math` keep IEEE results and let square roots and
    /// selections vectorise; there is no fast-math.
    public static let compiling = [
        "-std=gnu11", "-O3", "-march=native", "-fno-math-errno", "-fno-trapping-math", "-pthread", "-fPIC",
    ]
    /// The libraries that emitted C stands on.
    public static let libraries = ["-lopenblas", "-lm"]
}
