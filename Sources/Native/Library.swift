import CABI
import Emission
import Foundation

/// The functions of a loaded library. It stays loaded as long as the process: its threads may outlive any use of it.
struct Library: @unchecked Sendable {
    typealias Create =
        @convention(c) (UnsafePointer<cganc_options>?, UnsafeMutablePointer<OpaquePointer?>?) -> cganc_status
    typealias Destroy = @convention(c) (OpaquePointer?) -> Void
    typealias LastError = @convention(c) (OpaquePointer?) -> UnsafePointer<CChar>?
    typealias LastNonFinite =
        @convention(c) (OpaquePointer?, UnsafeMutablePointer<cganc_nonfinite>?) -> cganc_status
    typealias Initialise = @convention(c) (OpaquePointer?) -> cganc_status
    typealias Step =
        @convention(c) (
            OpaquePointer?, UInt64, UnsafePointer<cganc_batch>?, UnsafeMutablePointer<cganc_report>?
        ) -> cganc_status
    typealias Phase =
        @convention(c) (
            OpaquePointer?, UInt32, UInt64, UInt32, UnsafePointer<cganc_batch>?, UnsafeMutablePointer<cganc_report>?
        ) -> cganc_status
    typealias Norms = @convention(c) (OpaquePointer?, UnsafeMutablePointer<Double>?, UInt64) -> cganc_status
    typealias Sample =
        @convention(c) (
            OpaquePointer?, UnsafePointer<cganc_sample_request>?, UnsafeMutableRawPointer?
        ) -> cganc_status
    typealias Call =
        @convention(c) (
            OpaquePointer?, UInt32, UnsafePointer<UnsafeRawPointer?>?, UnsafePointer<UnsafeMutableRawPointer?>?
        ) -> cganc_status
    typealias Tensor = @convention(c) (OpaquePointer?, UInt32) -> UnsafeMutableRawPointer?
    typealias Random =
        @convention(c) (
            OpaquePointer?, UInt32, UInt32, UInt64, UInt32, UnsafeMutableRawPointer?
        ) -> cganc_status
    typealias Permutation =
        @convention(c) (
            OpaquePointer?, UInt64, UInt32, UnsafeMutablePointer<UInt32>?
        ) -> cganc_status

    typealias Profile = @convention(c) (UInt32, UnsafeMutablePointer<cganc_counter>?, UInt32) -> UInt32

    let manifest: Manifest
    let create: Create
    let destroy: Destroy
    let lastError: LastError
    let lastNonFinite: LastNonFinite
    let initialise: Initialise
    let step: Step
    let phase: Phase
    let norms: Norms
    let sample: Sample
    let call: Call
    let tensor: Tensor
    let random: Random
    let permutation: Permutation
    /// Nil unless the library was built to count.
    let profile: Profile?

    /// Loads the library at `path`.
    ///
    /// - Throws: ``NativeError`` when it cannot be loaded, is of another version, or misses a function.
    init(path: String) throws {
        guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL) else {
            throw NativeError("\(path) cannot be loaded: \(String(cString: dlerror()))")
        }
        func symbol<T>(_ name: String, as type: T.Type) throws -> T {
            guard let address = dlsym(handle, name) else {
                throw NativeError("\(path) is not an emitted model: it has no \(name)")
            }
            return unsafeBitCast(address, to: type)
        }
        let version = try symbol("cganc_abi_version", as: (@convention(c) () -> UInt32).self)()
        guard version == UInt32(CGANC_ABI_VERSION) else {
            throw NativeError(
                "\(path) speaks version \(version) of the interface; this cganc speaks \(CGANC_ABI_VERSION)")
        }
        let text = try symbol("cganc_manifest", as: (@convention(c) () -> UnsafePointer<CChar>?).self)()
        do {
            manifest = try JSONDecoder().decode(
                Manifest.self, from: Data(text.map { String(cString: $0) }?.utf8 ?? "".utf8))
        } catch {
            throw NativeError("\(path) has an unreadable manifest: \(error)")
        }
        create = try symbol("cganc_create", as: Create.self)
        destroy = try symbol("cganc_destroy", as: Destroy.self)
        lastError = try symbol("cganc_last_error", as: LastError.self)
        lastNonFinite = try symbol("cganc_last_nonfinite", as: LastNonFinite.self)
        initialise = try symbol("cganc_initialise", as: Initialise.self)
        step = try symbol("cganc_step", as: Step.self)
        phase = try symbol("cganc_phase", as: Phase.self)
        norms = try symbol("cganc_norms", as: Norms.self)
        sample = try symbol("cganc_sample", as: Sample.self)
        call = try symbol("cganc_call", as: Call.self)
        tensor = try symbol("cganc_tensor", as: Tensor.self)
        random = try symbol("cganc_random", as: Random.self)
        permutation = try symbol("cganc_permutation", as: Permutation.self)
        profile = dlsym(handle, "cganc_profile").map { unsafeBitCast($0, to: Profile.self) }
    }
}
