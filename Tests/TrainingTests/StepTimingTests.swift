import Datasets
import Foundation
import Testing

@testable import Training

@Suite("Step timing")
struct StepTimingTests {
    @Test("quantiles lie between neighbouring steps in proportion")
    func quantiles() {
        var timing = StepTiming(warmup: 1, steps: 1, seconds: 0)
        #expect(timing.quantile(0.5).isNaN)
        for seconds in [0.004, 0.001, 0.003, 0.002] { timing.add(seconds: seconds) }
        #expect(abs(timing.quantile(0.5) - 2.5) < 1e-12)
        #expect(abs(timing.quantile(0.1) - 1.3) < 1e-12)
        #expect(timing.quantile(0) == 1 && timing.quantile(1) == 4)
    }

    @Test("enough are both the steps and the seconds that were asked for")
    func enough() {
        var timing = StepTiming(warmup: 1, steps: 2, seconds: 1)
        timing.add(seconds: 3)
        #expect(!timing.isEnough)
        timing.add(seconds: 0.1)
        #expect(timing.isEnough)
        var long = StepTiming(warmup: 1, steps: 1, seconds: 1)
        long.add(seconds: 0.9)
        #expect(!long.isEnough)
    }

    @Test("steps of the warm-up do not count, and a session asks after each step whether to go on")
    func warmup() async throws {
        let built = try await BuiltModel.tiny.value
        try await withTemporaryFolder { folder in
            var timing = StepTiming(warmup: 3, steps: 4, seconds: 0)
            let summary = try built.session("\(folder)/run").run(
                TrainingOptions(steps: 50), progress: silent(), goOn: { timing.stepEnded() })
            #expect(summary.step == 7 && summary.wasInterrupted)
            #expect(timing.milliseconds.count == 4)
            #expect(timing.milliseconds.allSatisfy { $0 > 0 })
            #expect(timing.firstStepAt != nil)
        }
    }

    @Test("peak memory holds what this process touched")
    func memory() {
        let bytes = 64 << 20
        let before = peakMemory()
        let touched = [UInt8](repeating: 1, count: bytes)
        #expect(touched[bytes / 2] == 1)
        #expect(peakMemory() >= max(before, bytes))
    }

    @Test("noise has every byte and class, and follows its seed")
    func noise() {
        let shape = PixelShape(height: 8, width: 8, channels: 2)
        let noise = StoredDataset.noise(count: 100, imageShape: shape, classes: 3, seed: 7)
        let again = StoredDataset.noise(count: 100, imageShape: shape, classes: 3, seed: 7)
        let other = StoredDataset.noise(count: 100, imageShape: shape, classes: 3, seed: 8)
        #expect(noise.stored?.pixels == again.stored?.pixels && noise.stored?.pixels != other.stored?.pixels)
        #expect(Set(noise.stored?.pixels ?? []).count == 256)
        #expect(Set(noise.stored?.labels ?? []) == [0, 1, 2])
    }
}
