import Formats
import Testing

@testable import Datasets

@Suite struct RealDataTests {
    private func open(_ name: String, _ shape: PixelShape, split: DatasetSplit = .train) throws -> any Dataset {
        try DatasetLoader.open(dataFolder + "/" + name, imageShape: shape, classes: 10, split: split)
    }

    private let grey = PixelShape(height: 28, width: 28, channels: 1)

    @Test(
        "Fashion-MNIST is read with its names, numbers and mean (skipped without the data)",
        .enabled(if: hasData("fashion-mnist")))
    func fashion() throws {
        let set = try open("fashion-mnist", grey)
        let stored = try #require(set.stored)
        #expect(set.count == 60_000)
        #expect(set.classNames[9] == "Ankle boot")
        #expect(stored.labels.prefix(5) == [9, 0, 0, 3, 0])
        let sum = stored.pixels.withUnsafeBufferPointer { $0.reduce(into: 0) { $0 += Int($1) } }
        #expect(abs(Double(sum) / Double(stored.pixels.count) / 255 - 0.2860) < 1e-4)
        let test = try open("fashion-mnist", grey, split: .test)
        #expect(test.count == 10_000 && test.classNames[0] == "T-shirt/top")
    }

    @Test("MNIST is read with digits for names (skipped without the data)", .enabled(if: hasData("mnist")))
    func mnist() throws {
        let set = try open("mnist", grey, split: .test)
        #expect(set.count == 10_000)
        #expect(set.classNames == (0..<10).map(String.init))
        #expect(set.stored?.labels.prefix(5) == [7, 2, 1, 0, 4])
    }

    @Test(
        "the CIFAR-10 sample is read, and refused by a model of other images (skipped without the data)",
        .enabled(if: hasData("cifar10-sample")))
    func cifar() throws {
        let set = try open("cifar10-sample", PixelShape(height: 32, width: 32, channels: 3), split: .test)
        #expect(set.count == 2000)
        #expect(set.classNames.last == "truck")
        let error = try #require(formatError { _ = try open("cifar10-sample", grey, split: .test) })
        #expect(error.message == "the images are 32x32x3, the model takes 28x28x1")
    }
}
