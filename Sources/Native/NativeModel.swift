import CABI
import Emission
import Foundation

/// A loaded model with its own arena and threads. Not for use from two threads at once.
public final class NativeModel: @unchecked Sendable {
    /// What the library says of itself.
    public let manifest: Manifest
    /// The number type it computes in.
    public let precision: Precision
    private let library: Library
    private let model: OpaquePointer

    /// A model from a built library, its parameters drawn from `seed`.
    ///
    /// - Parameter threads: 1 ... 64; results do not depend on it.
    /// - Throws: ``NativeError`` when the library does not load, or memory or threads cannot be had.
    public init(library path: String, seed: UInt64, threads: Int) throws {
        library = try Library(path: path)
        manifest = library.manifest
        guard let precision = Precision(rawValue: manifest.precision) else {
            throw NativeError("\(path) computes in `\(manifest.precision)`, which this cganc does not know")
        }
        self.precision = precision
        var options = cganc_options()
        options.struct_size = MemoryLayout<cganc_options>.size
        options.seed = seed
        options.threads = Int32(clamping: threads)
        var created: OpaquePointer?
        guard library.create(&options, &created) == CGANC_OK, let created else {
            throw NativeError(String(cString: library.lastError(nil)!))
        }
        model = created
    }

    deinit { library.destroy(model) }

    private func check(_ status: cganc_status) throws {
        guard status != CGANC_OK else { return }
        var place = cganc_nonfinite()
        place.struct_size = MemoryLayout<cganc_nonfinite>.size
        if status == CGANC_NONFINITE, library.lastNonFinite(model, &place) == CGANC_OK {
            throw NativeError(
                NonFinite(
                    step: Int(place.step), phase: Int(place.phase), run: Int(place.run),
                    phaseName: manifest.phases[Int(place.phase)].name, fact: String(cString: place.fact)))
        }
        throw NativeError(String(cString: library.lastError(model)!))
    }

    /// Draws the initial parameters anew and clears the optimisers' state.
    public func initialise() throws { try check(library.initialise(model)) }

    // MARK: Training

    /// The loss and tracked values of every phase, in the manifest's order.
    public var valueCount: Int { manifest.phases.reduce(0) { $0 + $1.values.count } }

    /// Runs one training step.
    ///
    /// - Parameters:
    ///   - step: counted from 0; random numbers and the optimisers' corrections depend on it.
    ///   - batch: the real examples.
    /// - Returns: the loss and tracked values, phase after phase.
    /// - Throws: ``NativeError`` when a label or row is out of range, or a loss or gradient is not finite.
    public func step(_ step: Int, batch: ExampleBatch) throws -> [Double] {
        try reporting { report in batch.withABI { library.step(model, UInt64(step), $0, report) } }
    }

    /// Runs one phase once: run `run` of phase `phase` in step `step`.
    public func runPhase(_ phase: Int, step: Int, run: Int = 0, batch: ExampleBatch) throws -> [Double] {
        try reporting { report in
            batch.withABI { library.phase(model, UInt32(phase), UInt64(step), UInt32(run), $0, report) }
        }
    }

    private func reporting(_ body: (UnsafeMutablePointer<cganc_report>) -> cganc_status) throws -> [Double] {
        var values = [Double](repeating: 0, count: max(1, valueCount))
        let status = values.withUnsafeMutableBufferPointer { values in
            var report = cganc_report()
            report.struct_size = MemoryLayout<cganc_report>.size
            report.values = values.baseAddress
            report.value_capacity = UInt64(values.count)
            return body(&report)
        }
        try check(status)
        return Array(values.prefix(valueCount))
    }

    /// The norms of each trained tensor's last update, in the order of the manifest's gradients; zeros before the first.
    public func norms() throws -> [TensorNorms] {
        let count = manifest.tensors.count { $0.kind == .gradient }
        var values = [Double](repeating: 0, count: 3 * count)
        try check(library.norms(model, &values, UInt64(values.count)))
        return (0..<count).map {
            TensorNorms(gradient: values[3 * $0], weight: values[3 * $0 + 1], update: values[3 * $0 + 2])
        }
    }

    // MARK: Profiling

    /// What the calling thread spent in each kernel of phase `phase` since it last asked; nil unless the library was
    /// built to count.
    ///
    /// - Parameter kernels: how many kernels the phase has.
    public func takeCounters(phase: Int, kernels: Int) -> PhaseCounters? {
        guard let profile = library.profile else { return nil }
        var counters = [cganc_counter](repeating: cganc_counter(), count: 4096)
        let count = Int(profile(UInt32(phase), &counters, UInt32(counters.count)))
        guard count >= kernels + 2 else { return nil }
        let read = counters.prefix(count).map {
            KernelCounter(runs: Int($0.runs), seconds: Double($0.nanoseconds) * 1e-9)
        }
        return PhaseCounters(
            kernels: Array(read.prefix(kernels)), gradientNorms: read[count - 2], update: read[count - 1])
    }

    // MARK: Sampling

    /// Generates one image for each label.
    ///
    /// - Parameters:
    ///   - labels: the classes wanted.
    ///   - stream: which series of latents; the same stream gives the same latents.
    ///   - latents: `[labels.count, latent]` to use instead.
    ///   - useAverage: the moving average of the generator rather than its last parameters.
    /// - Returns: `[labels.count, height, width, channels]` in −1 ... 1.
    public func sample(
        labels: [Int32], stream: UInt64 = 0, latents: [Double]? = nil, useAverage: Bool = true
    ) throws -> [Float] {
        let count = labels.count * manifest.image.reduce(1, *)
        let buffer = RealBuffer(count: count, precision: precision)
        let given = latents.map { RealBuffer($0, precision: precision) }
        try labels.withUnsafeBufferPointer { labels in
            var request = cganc_sample_request()
            request.struct_size = MemoryLayout<cganc_sample_request>.size
            request.labels = labels.baseAddress
            request.latents = given.map { UnsafeRawPointer($0.address) }
            request.count = UInt64(labels.count)
            request.stream = stream
            request.use_average = useAverage ? 1 : 0
            try check(library.sample(model, &request, buffer.address))
        }
        return buffer.floats
    }

    // MARK: Tensors

    /// The place of a tensor in the manifest.
    public func index(of name: String, _ kind: Manifest.Kind) -> Int? {
        manifest.tensors.firstIndex { $0.name == name && $0.kind == kind }
    }

    /// The bytes of tensor `index`, in place. Valid as long as the model lives.
    public func bytes(ofTensor index: Int) throws -> UnsafeMutableRawBufferPointer {
        guard manifest.tensors.indices.contains(index), let start = library.tensor(model, UInt32(index)) else {
            throw NativeError("the model has no tensor \(index)")
        }
        let count = manifest.tensors[index].shape.reduce(1, *)
        return UnsafeMutableRawBufferPointer(start: start, count: count * precision.bytes)
    }

    /// The values of tensor `index`.
    public func values(ofTensor index: Int) throws -> [Double] {
        precision.doubles(UnsafeRawBufferPointer(try bytes(ofTensor: index)))
    }

    /// Sets the values of tensor `index`.
    public func set(tensor index: Int, to values: [Double]) throws {
        let bytes = try bytes(ofTensor: index)
        let source = RealBuffer(values, precision: precision)
        guard values.count * precision.bytes == bytes.count else {
            throw NativeError("tensor \(manifest.tensors[index].name) takes \(bytes.count / precision.bytes) values")
        }
        bytes.copyMemory(from: UnsafeRawBufferPointer(start: source.address, count: bytes.count))
    }

    /// Draw `draw` of phase `phase` as run `run` of step `step` sees it.
    public func random(phase: Int, draw: Int, step: Int, run: Int = 0) throws -> [Double] {
        let count = manifest.phases[phase].draws[draw].shape.reduce(1, *)
        let buffer = RealBuffer(count: count, precision: precision)
        try check(library.random(model, UInt32(phase), UInt32(draw), UInt64(step), UInt32(run), buffer.address))
        return buffer.doubles
    }

    /// The order in which the `count` examples of a data set are visited in `epoch`.
    public func permutation(epoch: Int, count: Int) throws -> [UInt32] {
        var order = [UInt32](repeating: 0, count: count)
        let status = order.withUnsafeMutableBufferPointer {
            library.permutation(model, UInt64(epoch), UInt32(count), $0.baseAddress)
        }
        try check(status)
        return order
    }

    // MARK: Plain functions

    /// Calls plain function `index` on buffers of the manifest's extents, one for each argument and each result.
    public func call(_ index: Int, _ arguments: [RealBuffer], into results: [RealBuffer]) throws {
        let inputs = arguments.map { UnsafeRawPointer($0.address) as UnsafeRawPointer? }
        let outputs = results.map { $0.address as UnsafeMutableRawPointer? }
        try check(library.call(model, UInt32(index), inputs, outputs))
    }

    /// Calls plain function `index`.
    ///
    /// - Parameter arguments: one tensor for each of the manifest's arguments; those of index tensors are whole numbers.
    /// - Returns: one tensor for each of the manifest's results.
    public func call(_ index: Int, _ arguments: [[Double]]) throws -> [[Double]] {
        let signature = manifest.functions[index]
        func buffer(_ item: Manifest.Signature, _ values: [Double]?) -> RealBuffer {
            let count = item.shape.reduce(1, *)
            if item.element == "index" { return RealBuffer(indices: values ?? [Double](repeating: 0, count: count)) }
            return values.map { RealBuffer($0, precision: precision) } ?? RealBuffer(count: count, precision: precision)
        }
        for (item, values) in zip(signature.arguments, arguments) where item.shape.reduce(1, *) != values.count {
            throw NativeError("argument \(item.name) takes \(item.shape.reduce(1, *)) values, not \(values.count)")
        }
        let inputs = zip(signature.arguments, arguments).map { buffer($0, $1) }
        let outputs = signature.results.map { buffer($0, nil) }
        try call(index, inputs, into: outputs)
        return outputs.map(\.doubles)
    }
}
