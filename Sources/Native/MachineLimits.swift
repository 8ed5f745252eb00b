import Emission
import Foundation
import Templates

/// What this machine reaches at the moment: the two roofs that a kernel's rate is compared with.
public struct MachineLimits: Sendable {
    /// Floating-point operations in a second, by multiply-adds that stay in registers.
    public let operations: Double
    /// Bytes read and written in a second, from and to arrays that no cache holds.
    public let bytes: Double

    /// Measures the limits with `threads` threads of this process, for about `seconds` each.
    ///
    /// - Throws: ``NativeError`` when there is no compiler, or memory or threads cannot be had.
    public init(threads: Int, precision: Precision, seconds: Double = 0.3) async throws {
        let source = ["prelude", "vector", "threads", "machine"].map { Templates.text("\($0).c") }
        let path = try await BuildCache().library(
            named: "machine", source: source.joined(separator: "\n"), header: "", defines: precision.defines)
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL), let address = dlsym(handle, "machine_limits") else {
            throw NativeError("\(path) cannot be loaded: \(String(cString: dlerror()))")
        }
        typealias Measure =
            @convention(c) (Int32, Double, UnsafeMutablePointer<Double>?, UnsafeMutablePointer<Double>?) -> Int32
        var (operations, bytes) = (0.0, 0.0)
        let error = unsafeBitCast(address, to: Measure.self)(Int32(threads), seconds, &operations, &bytes)
        guard error == 0 else {
            throw NativeError("the machine could not be measured: \(String(cString: strerror(error)))")
        }
        (self.operations, self.bytes) = (operations, bytes)
    }
}
