import CGAN
import Compiler
import Foundation
import Graph
import Lowering
import Native
import Testing

@testable import Training

@Suite("Profiles")
struct ProfileTests {
    /// Steps of a model on the first images of a stored set, with what each of them reported.
    private func run(_ model: NativeModel, steps: Int) throws -> [[Double]] {
        let dataset = BuiltModel.stored(64)
        let examples = try ExampleSource(dataset, model: model)
        return try (0..<steps).map { try model.step($0, batch: try examples.batch(step: $0)) }
    }

    @Test("a library that counts trains bit for bit as one that does not")
    func sameBits() async throws {
        let built = try await BuiltModel.tiny.value
        let counting = try await BuildCache().library(
            of: try built.compilation.emit(), precision: .float, isProfiled: true)
        let (plain, counted) = (try built.model(), try NativeModel(library: counting, seed: 7, threads: 2))
        #expect(try run(plain, steps: 4) == run(counted, steps: 4))
        for tensor in plain.manifest.tensors.indices {
            #expect(try plain.values(ofTensor: tensor) == counted.values(ofTensor: tensor))
        }
        #expect(plain.takeCounters(phase: 0, kernels: 1) == nil)
    }

    @Test("every kernel is counted once a run, and no more time than has passed; reading clears")
    func counters() async throws {
        let built = try await BuiltModel.tiny.value
        let counting = try await BuildCache().library(
            of: try built.compilation.emit(), precision: .float, isProfiled: true)
        let model = try NativeModel(library: counting, seed: 7, threads: 2)
        let phases = built.compilation.lowered.phases
        func take() throws -> [PhaseCounters] {
            try phases.enumerated().map {
                try #require(model.takeCounters(phase: $0, kernels: $1.function.kernels.count))
            }
        }
        _ = try run(model, steps: 1)
        _ = try take()
        let begin = ContinuousClock.now
        _ = try run(model, steps: 3)
        let passed = (ContinuousClock.now - begin).seconds
        let counters = try take()
        for (phase, counter) in zip(phases, counters) {
            let all = counter.kernels + [counter.gradientNorms, counter.update]
            #expect(all.allSatisfy { $0.runs == 3 * phase.phase.runs }, "\(phase.phase.name)")
        }
        let counted = counters.reduce(0) { $0 + $1.seconds }
        #expect(counted > 0 && counted < passed)
        #expect(try take().allSatisfy { $0.seconds == 0 })
        #expect(model.takeCounters(phase: 99, kernels: 1) == nil)
    }

    /// A profile in which kernel `n` of each phase took `n + 1` milliseconds.
    private func profile() async throws -> (StepProfile, Compilation) {
        let compilation = try await BuiltModel.tiny.value.compilation
        let counters = compilation.lowered.phases.map { phase in
            PhaseCounters(
                kernels: phase.function.kernels.indices.map { KernelCounter(runs: 2, seconds: 2e-3 * Double($0 + 1)) },
                gradientNorms: KernelCounter(runs: 2, seconds: 2e-3), update: KernelCounter(runs: 2, seconds: 4e-3))
        }
        let counted = counters.reduce(0) { $0 + $1.seconds } / 2
        let profile = StepProfile(
            compilation, title: "tiny <8>", counters: counters, steps: 2, stepSeconds: counted * 1.25,
            roofline: Roofline(peak: 200e9, bandwidth: 20e9), realBytes: 4)
        return (profile, compilation)
    }

    @Test("the tables give each kernel its number and time, and each layer the sum of its kernels")
    func tables() async throws {
        let (profile, compilation) = try await profile()
        let rows = profile.text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        for phase in compilation.lowered.phases {
            for (number, kernel) in phase.function.kernels.enumerated() {
                let row = try #require(rows.first { $0.starts(with: ["\(number)", kernel.name]) }, "\(kernel.name)")
                #expect(row[3] == "\(number + 1).000")
            }
        }
        let dense = profile.rows.filter { $0.layer == "discriminator.dense1" }.reduce(0) { $0 + $1.seconds }
        let layer = try #require(rows.first { $0.first == "discriminator.dense1" })
        #expect(layer[layer.count - 2] == String(format: "%.3f", dense * 1e3) && dense > 0)
        let shares = rows.filter { $0.starts(with: ["in", "all"]) }.map { Double($0[3].dropLast()) ?? 0 }
        #expect(abs(shares.reduce(0, +) - 80) < 0.11)
    }

    @Test("an origin belongs to the longest layer that it continues")
    func layers() {
        let layers: Set = ["generator.block1", "generator.block1.conv1"]
        func layer(_ name: String) -> String { StepProfile.layer(of: Origin(name), among: layers) }
        #expect(layer("generator.block1.conv1.fake") == "generator.block1.conv1")
        #expect(layer("generator.block1.sum") == "generator.block1")
        #expect(layer("loss") == "loss" && layer("smoothing.real") == "smoothing")
    }

    @Test("the picture is XML whose boxes are as wide as they are slow and stay inside the box above")
    func picture() async throws {
        let (profile, compilation) = try await profile()
        let svg = FlameGraph(profile).svg
        #expect(svg.contains("tiny &lt;8&gt;"))
        var boxes: [(x: Double, y: Double, width: Double)] = []
        for match in svg.matches(of: /<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="28.00"/) {
            boxes.append((Double(match.1)!, Double(match.2)!, Double(match.3)!))
        }
        let kernels = compilation.lowered.phases.reduce(0) { $0 + $1.function.kernels.count + 2 }
        let bottom = boxes.map(\.y).max()!
        #expect(boxes.filter { $0.y == bottom }.count == kernels)
        #expect(boxes[0].width == 1567)
        let phases = boxes.filter { $0.y == boxes[0].y + 30 }
        #expect(abs(phases.reduce(0) { $0 + $1.width + 1 } - 0.8 * 1568) < 0.1)
        for box in boxes where box.y > boxes[0].y {
            let holders = boxes.filter {
                $0.y == box.y - 30 && $0.x <= box.x + 0.02 && box.x + box.width <= $0.x + $0.width + 0.02
            }
            #expect(holders.count == 1, "\(box)")
        }
    }
}
