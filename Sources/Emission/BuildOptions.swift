/// How emitted C is meant to be compiled, wherever that happens, so that every build computes the same bits.
public enum BuildOptions {
    /// Options for the C compiler. `-ffp-contract=off` leaves fused multiplication to the texts that ask for it by name:
    /// a compiler's own choice depends on the processor and on how wide it vectorises. `-fno-math-errno` and
    /// `-fno-trapping-math` keep IEEE results and let square roots and selections vectorise; there is no fast-math.
    public static let compiling = [
        "-std=gnu11", "-O3", "-march=native", "-ffp-contract=off", "-fno-math-errno", "-fno-trapping-math", "-pthread",
        "-fPIC",
    ]
    /// The libraries that every emitted file stands on.
    public static let libraries = ["-lm"]
    /// The library that an emitted file needs besides if a contraction of it was tuned to be BLAS's.
    public static let blas = "-lopenblas"
}
