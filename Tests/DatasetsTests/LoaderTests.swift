import Foundation
import Testing

@testable import Datasets
@testable import Formats

@Suite struct LoaderTests {
    private func idx(_ labels: [UInt8], count: Int? = nil) -> (images: [UInt8], labels: [UInt8]) {
        let count = count ?? labels.count
        let pixels = (0..<count * 6).map { UInt8(truncatingIfNeeded: $0) }
        return (IDX.encode(shape: [count, 2, 3], bytes: pixels), IDX.encode(shape: [labels.count], bytes: labels))
    }

    @Test("IDX folders give pixels and labels, the plain file before the one in gzip")
    func idxFolder() throws {
        let folder = TemporaryFolder()
        let train = idx([4, 2, 9])
        try folder.write(Gzip.deflate(train.images), to: "train-images-idx3-ubyte.gz")
        try folder.write(train.labels, to: "train-labels-idx1-ubyte")
        try folder.write([0], to: "train-labels-idx1-ubyte.gz")
        let test = idx([1])
        try folder.write(test.images, to: "t10k-images-idx3-ubyte")
        try folder.write(test.labels, to: "t10k-labels-idx1-ubyte")

        let set = try folder.open(2, 3, 1)
        #expect(set.count == 3)
        #expect(set.stored?.pixels == (0..<18).map { UInt8($0) })
        #expect(set.stored?.labels == [4, 2, 9])
        #expect(set.classNames == (0..<10).map(String.init))
        #expect(set.batch(rows: 1..<3) == ImageBatch(pixels: (6..<18).map { UInt8($0) }, labels: [2, 9]))
        #expect(try folder.open(2, 3, 1, split: .test).stored?.labels == [1])
    }

    @Test("a single IDX pair of another name serves both splits, two of them are refused")
    func idxPair() throws {
        let folder = TemporaryFolder()
        let pair = idx([4, 2])
        try folder.write(pair.images, to: "emnist-images.idx3-ubyte")
        try folder.write(pair.labels, to: "emnist-labels.idx1-ubyte")
        for split in DatasetSplit.allCases { #expect(try folder.open(2, 3, 1, split: split).count == 2) }
        try folder.write(pair.labels, to: "other-labels.idx1-ubyte")
        let error = try #require(formatError { _ = try folder.open(2, 3, 1) })
        #expect(error.message.contains("emnist-labels.idx1-ubyte, other-labels.idx1-ubyte"))
    }

    @Test("the test examples of a folder are held out when it is opened for training, in every layout that has them")
    func heldOut() throws {
        let idxFolder = TemporaryFolder()
        let numpy = TemporaryFolder()
        let images = TemporaryFolder()
        for (split, labels) in [("train", [4, 2, 9] as [UInt8]), ("t10k", [1, 7])] {
            let files = idx(labels)
            try idxFolder.write(files.images, to: "\(split)-images-idx3-ubyte")
            try idxFolder.write(files.labels, to: "\(split)-labels-idx1-ubyte")
            let prefix = split == "train" ? "" : "test-"
            let pixels = TensorEntry(
                dtype: .uint8, shape: [labels.count, 2, 3], bytes: (0..<6 * labels.count).map { UInt8($0) })
            try numpy.write(NPY.encode(pixels), to: "\(prefix)images.npy")
            let numbers = TensorEntry(labels.map { Int64($0) }, shape: [labels.count])
            try numpy.write(NPY.encode(numbers), to: "\(prefix)labels.npy")
            for label in labels {
                let image = PNGImage(width: 3, height: 2, channels: 1, pixels: [0, 1, 2, 3, 4, 5])
                try images.write(PNG.encode(image), to: "\(split == "train" ? "train" : "test")/\(label)/a.png")
            }
        }
        for folder in [idxFolder, numpy] {
            let set = try folder.open(2, 3, 1)
            #expect(set.stored?.labels == [4, 2, 9])
            #expect(set.heldOut?.labels == [1, 7])
            #expect(set.heldOut?.pixels == (0..<12).map { UInt8($0) })
            #expect(try folder.open(2, 3, 1, split: .test).heldOut == nil)
        }
        // The folders are 2, 4 and 9; of the tests' 1 is no class of theirs, and 9 is the third.
        #expect(try images.open(2, 3, 1).heldOut?.labels == [])
        let image = PNGImage(width: 3, height: 2, channels: 1, pixels: [5, 4, 3, 2, 1, 0])
        try images.write(PNG.encode(image), to: "test/9/a.png")
        let set = try images.open(2, 3, 1)
        #expect(set.stored?.labels == [0, 1, 2])
        #expect(set.heldOut?.labels == [2] && set.heldOut?.pixels == [5, 4, 3, 2, 1, 0])
    }

    @Test("of many test examples 1,024 from all over are held out; damaged ones are named, and what to do without them")
    func heldOutLimits() throws {
        let folder = TemporaryFolder()
        let (train, test) = (idx([4, 2]), idx((0..<4096).map { UInt8($0 / 512) }))
        try folder.write(train.images, to: "train-images-idx3-ubyte")
        try folder.write(train.labels, to: "train-labels-idx1-ubyte")
        #expect(try folder.open(2, 3, 1).heldOut == nil)
        try folder.write(test.images, to: "test-images-idx3-ubyte")
        let error = try #require(formatError { _ = try folder.open(2, 3, 1) })
        #expect(error.message == "the test examples are missing")
        #expect(error.help?.hasSuffix("keep the test examples elsewhere: a run needs none") == true)
        try folder.write(test.labels, to: "test-labels-idx1-ubyte")
        let heldOut = try #require(try folder.open(2, 3, 1).heldOut)
        #expect(heldOut.labels == (0..<1024).map { Int32($0 / 128) })
        #expect(heldOut.pixels.count == 6 * 1024)
    }

    @Test("a missing file is named with what the folder holds")
    func missing() throws {
        let folder = TemporaryFolder()
        try folder.write(idx([1]).images, to: "train-images-idx3-ubyte")
        let labels = try #require(formatError { _ = try folder.open(2, 3, 1) })
        #expect(
            labels.notes == [
                "looked for train-labels-idx1-ubyte or train-labels-idx1-ubyte.gz", "found train-images-idx3-ubyte",
            ])
        let test = try #require(formatError { _ = try folder.open(2, 3, 1, split: .test) })
        #expect(test.message == "the test examples are missing")
    }

    @Test("labels beyond the classes, of another number, or none are refused")
    func wrongLabels() throws {
        let folder = TemporaryFolder()
        let wrong = idx([1, 3, 2])
        try folder.write(wrong.images, to: "train-images-idx3-ubyte")
        try folder.write(wrong.labels, to: "train-labels-idx1-ubyte")
        let high = try #require(formatError { _ = try folder.open(2, 3, 1, classes: 3) })
        #expect(high.path.hasSuffix("train-labels-idx1-ubyte"))
        #expect(high.offset == 9)
        #expect(high.message == "example 1 has the label 3, the model's 3 classes are 0 ... 2")

        try folder.write(idx([1, 2]).labels, to: "train-labels-idx1-ubyte")
        #expect(
            formatError { _ = try folder.open(2, 3, 1) }?.message == "there are 2 labels for 3 images")
        let none = idx([])
        try folder.write(none.images, to: "train-images-idx3-ubyte")
        try folder.write(none.labels, to: "train-labels-idx1-ubyte")
        #expect(formatError { _ = try folder.open(2, 3, 1) }?.message.contains("empty") == true)
    }

    @Test("images that do not fit the model give both shapes and a model that takes them")
    func wrongShape() throws {
        let folder = TemporaryFolder()
        try folder.write([UInt8](repeating: 1, count: 3073), to: "data_batch_1.bin")
        let error = try #require(formatError { _ = try folder.open(28, 28, 1) })
        #expect(error.message == "the images are 32x32x3, the model takes 28x28x1")
        #expect(error.help == "`dcgan32-wgan-gp` takes 32x32x3")
        let other = TemporaryFolder()
        try other.write(idx([1]).images, to: "train-images-idx3-ubyte")
        try other.write(idx([1]).labels, to: "train-labels-idx1-ubyte")
        #expect(
            formatError { _ = try other.open(28, 28, 1) }?.help?
                .contains("ImageShape(height: 2, width: 3, channels: 1)") == true)
    }

    @Test("CIFAR-10 batches are joined by name")
    func cifarFolder() throws {
        let folder = TemporaryFolder()
        try folder.write([2] + [UInt8](repeating: 20, count: 3072), to: "data_batch_2.bin")
        try folder.write(Gzip.deflate([1] + [UInt8](repeating: 10, count: 3072)), to: "data_batch_1.bin.gz")
        let set = try folder.open(32, 32, 3)
        #expect(set.stored?.labels == [1, 2])
        #expect(set.batch(rows: 1..<2).pixels.allSatisfy { $0 == 20 })
        #expect(set.classNames[1] == "automobile")
        #expect(
            formatError { _ = try folder.open(32, 32, 3, split: .test) }?.notes.first?.contains("test_batch") == true)
    }

    @Test("NumPy folders take bytes as they are and floating-point values by their range")
    func npyFolder() throws {
        let cases: [(TensorEntry, [UInt8])] = [
            (TensorEntry([0, 128, 255, 7] as [UInt8], shape: [2, 1, 2]), [0, 128, 255, 7]),
            (TensorEntry([0, 0.5, 1, 0.25] as [Float], shape: [2, 1, 2, 1]), [0, 128, 255, 64]),
            (TensorEntry([-1, 0, 1, 0.5] as [Double], shape: [2, 1, 2, 1]), [0, 128, 255, 191]),
        ]
        for (images, expected) in cases {
            let folder = TemporaryFolder()
            try folder.write(NPY.encode(images), to: "images.npy")
            try folder.write(NPY.encode(TensorEntry([1, 0] as [Int64], shape: [2, 1])), to: "labels.npy")
            let set = try folder.open(1, 2, 1)
            #expect(set.stored?.pixels == expected)
            #expect(set.stored?.labels == [1, 0])
        }
    }

    @Test("NumPy images and labels of another range, type or shape are refused")
    func npyRefused() throws {
        let good = TensorEntry([1] as [Int64])
        let image = TensorEntry([1, 2] as [UInt8], shape: [1, 1, 2])
        let cases: [(TensorEntry, TensorEntry, String)] = [
            (TensorEntry([0, 2] as [Float], shape: [1, 1, 2]), good, "element 1 is 2.0, outside -1 ... 1"),
            (TensorEntry([0, .nan] as [Float], shape: [1, 1, 2]), good, "element 1 is nan"),
            (TensorEntry([0, 2] as [Int32], shape: [1, 1, 2]), good, "whole numbers"),
            (TensorEntry([0, 2] as [UInt8], shape: [1, 2]), good, "the shape [1, 2]"),
            (TensorEntry([] as [UInt8], shape: [0, 1, 2]), TensorEntry([] as [Int64]), "empty"),
            (image, TensorEntry([1] as [Float]), "float32"),
            (image, TensorEntry([1, 1] as [Int64], shape: [1, 2]), "shape [1, 2]"),
            (image, TensorEntry([Int64.max]), "example 0 has the label 2147483647"),
            (image, TensorEntry([-1] as [Int64]), "example 0 has the label -1"),
        ]
        for (images, labels, expected) in cases {
            let folder = TemporaryFolder()
            try folder.write(NPY.encode(images), to: "images.npy")
            try folder.write(NPY.encode(labels), to: "labels.npy")
            let error = try #require(formatError { _ = try folder.open(1, 2, 1) })
            #expect(error.message.contains(expected), "\(error)")
        }
    }

    @Test("sub-folders of PNGs are classes; grey and colour become what the model takes")
    func pngFolder() throws {
        let folder = TemporaryFolder()
        let grey = PNGImage(width: 2, height: 1, channels: 1, pixels: [10, 200])
        let colour = PNGImage(width: 2, height: 1, channels: 3, pixels: [255, 0, 0, 0, 255, 0])
        let clear = PNGImage(width: 2, height: 1, channels: 2, pixels: [0, 0, 100, 255])
        try folder.write(PNG.encode(grey), to: "cat/b.png")
        try folder.write(PNG.encode(colour), to: "cat/a.PNG")
        try folder.write(PNG.encode(clear), to: "ant/1.png")
        try folder.write([1], to: "ant/notes.txt")

        let set = try folder.open(1, 2, 1)
        #expect(set.classNames == ["ant", "cat"])
        #expect(set.stored?.labels == [0, 1, 1])
        #expect(set.stored?.pixels == [255, 100, 76, 150, 10, 200])
        #expect(
            try folder.open(1, 2, 3).stored?.pixels == [
                255, 255, 255, 100, 100, 100, 255, 0, 0, 0, 255, 0, 10, 10, 10, 200, 200, 200,
            ])
        let size = try #require(formatError { _ = try folder.open(2, 2, 1) })
        #expect(size.path.hasSuffix("ant/1.png"))
        #expect(size.message == "the images are 1x2x1, the model takes 2x2x1")
        #expect(formatError { _ = try folder.open(1, 2, 1, classes: 1) }?.message.contains("2 sub-folders") == true)
    }

    @Test("PNG classes of numbers are sorted by value, splits are the sub-folders train and test")
    func pngSplits() throws {
        let folder = TemporaryFolder()
        for name in ["10", "9"] {
            let image = PNGImage(width: 1, height: 1, channels: 1, pixels: [UInt8(name)!])
            try folder.write(PNG.encode(image), to: "train/\(name)/i.png")
        }
        try folder.write(PNG.encode(PNGImage(width: 1, height: 1, channels: 1, pixels: [3])), to: "test/9/i.png")
        let set = try folder.open(1, 1, 1)
        #expect(set.classNames == ["9", "10"])
        #expect(set.stored?.pixels == [9, 10])
        #expect(try folder.open(1, 1, 1, split: .test).stored?.pixels == [3])
    }

    @Test("classes.txt names the classes, and must name all that occur")
    func names() throws {
        let folder = TemporaryFolder()
        try folder.write(idx([0, 2]).images, to: "train-images-idx3-ubyte")
        try folder.write(idx([0, 2]).labels, to: "train-labels-idx1-ubyte")
        try folder.write(Array("ant\nbee\r\ncat\n".utf8), to: "classes.txt")
        #expect(try folder.open(2, 3, 1).classNames == ["ant", "bee", "cat"])
        try folder.write(Array("ant\nbee\n".utf8), to: "classes.txt")
        #expect(
            formatError { _ = try folder.open(2, 3, 1) }?.message
                == "2 names for labels 0 ... 2 and the model's 10 classes")
    }

    @Test("a folder of nothing known lists what was looked for and found")
    func nothingKnown() throws {
        let folder = TemporaryFolder()
        try folder.write([1], to: "readme.md")
        let error = try #require(formatError { _ = try folder.open(28, 28, 1) })
        #expect(error.notes.count == 5)
        #expect(error.notes.last == "found readme.md")
        #expect(error.help?.contains("`glyphs`") == true)
        try folder.write([1], to: "inner/test_batch.bin")
        #expect(
            formatError { _ = try folder.open(28, 28, 1) }?.help == "name the folder in it: \(folder.path)/inner")
        let file = try #require(
            formatError {
                _ = try DatasetLoader.open(
                    folder.path + "/readme.md", imageShape: PixelShape(height: 1, width: 1, channels: 1), classes: 1)
            })
        #expect(file.message.contains("a file, not a folder"))
        let nowhere = try #require(
            formatError {
                _ = try DatasetLoader.open(
                    folder.path + "/no", imageShape: PixelShape(height: 1, width: 1, channels: 1), classes: 1)
            })
        #expect(nowhere.message == "there is no such folder")
    }

    @Test("glyphs need no file, and are for at most ten classes")
    func glyphs() throws {
        let shape = PixelShape(height: 28, width: 28, channels: 1)
        let set = try DatasetLoader.open("glyphs", imageShape: shape, classes: 10, seed: 3)
        #expect(set.name == "glyphs" && set.count == nil && set.stored == nil)
        #expect(set.batch(rows: 5..<7) == GlyphDataset(imageShape: shape, seed: 3).batch(rows: 5..<7))
        #expect(
            formatError { _ = try DatasetLoader.open("glyphs", imageShape: shape, classes: 11) }?.message
                == "there are 10 digits, the model has 11 classes")
    }
}
