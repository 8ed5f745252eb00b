import Compiler
import Foundation
import Models
import Testing

@Suite("The stand-alone program's errors")
struct StandaloneInputTests {
    /// A program in a folder with good examples.
    private let folder: TemporaryFolder
    private let examples: TinyExamples

    init() throws {
        let model = try #require(ShippedModel.named("mlp-cgan"))
        folder = try TemporaryFolder()
        examples = try TinyExamples(of: model)
        try folder.write(try model.standalone(batch: 2))
        try examples.write(to: folder)
        let built = try run(
            ["gcc", "-std=gnu11", "-pthread", "mlp_cgan.c", "main.c", "-o", "program", "-lm"],
            in: folder.path)
        try #require(built.status == 0, "\(built.output)")
    }

    /// Expects a run on `images` and `labels` to fail before training, with one line that says `words`.
    private func expectFailure(
        images: [UInt8]? = nil, labels: [UInt8]? = nil, _ words: String, location: SourceLocation = #_sourceLocation
    ) throws {
        try folder.write(images ?? examples.imageFile, to: "images")
        try folder.write(labels ?? examples.labelFile, to: "labels")
        try expectFailure(of: ["--images", "images", "--labels", "labels"], words, location: location)
    }

    private func expectFailure(
        of arguments: [String], _ words: String, environment: [String: String] = [:],
        location: SourceLocation = #_sourceLocation
    ) throws {
        let result = try run(
            ["./program", "--steps", "1", "--parameters", "untouched.bin"] + arguments, in: folder.path,
            environment: environment)
        #expect(result.status == 1, sourceLocation: location)
        let lines = result.output.split(separator: "\n")
        #expect(lines.filter { $0.hasPrefix("error: ") }.count == 1, "\(result.output)", sourceLocation: location)
        #expect(lines.first?.contains(words) == true, "\(result.output)", sourceLocation: location)
        #expect(!folder.exists("untouched.bin") && !folder.exists("untouched.bin.partial"), sourceLocation: location)
    }

    @Test("a file cut short names both sizes")
    func truncated() throws {
        let file = examples.imageFile
        try expectFailure(
            images: Array(file.dropLast()), "images is cut short: its header promises 7856 bytes, and it has 7855")
        try expectFailure(
            images: Array(file.prefix(9)), "images is cut short: it ends at byte 9, inside its header of 16")
        try expectFailure(images: Array(file.prefix(3)), "images is cut short: it ends at byte 3")
        try expectFailure(images: [], "images is cut short: it ends at byte 0")
        try expectFailure(
            labels: Array(examples.labelFile.dropLast(2)), "labels is cut short: its header promises 18 bytes")
    }

    @Test("a file that is too long, of another kind or empty says so")
    func wrongKind() throws {
        try expectFailure(images: examples.imageFile + [0], "images is too long")
        try expectFailure(images: examples.labelFile, "images begins with the mark 00000801 at byte 0, not 00000803")
        try expectFailure(labels: examples.imageFile, "labels begins with the mark 00000803 at byte 0, not 00000801")
        try expectFailure(images: TinyExamples.header([0, 28, 28]), "images holds no examples")
        try expectFailure(
            images: TinyExamples.header([Int(UInt32.max), 28, 28]) + [1], "its header promises 3367254359296 bytes")
    }

    @Test("images of other extents and labels that do not fit name the byte")
    func wrongContents() throws {
        try expectFailure(
            images: TinyExamples.header([1, 28, 32]) + [UInt8](repeating: 0, count: 28 * 32),
            "axis 2 of images has extent 32 (byte 12), but mlp-cgan has 28")
        var labels = examples.labelFile
        labels[8 + 6] = 10
        try expectFailure(labels: labels, "label 6 of labels (byte 14) is 10, but the classes of mlp-cgan are 0 to 9")
        try expectFailure(
            labels: TinyExamples.header([3]) + [1, 2, 3], "images holds 10 images, but labels holds 3 labels")
    }

    @Test("files that cannot be read, unpacked or written are named")
    func wrongFiles() throws {
        try expectFailure(of: ["--data", "nowhere"], "nowhere holds neither train-images-idx3-ubyte nor")
        try expectFailure(of: ["--images", "nowhere", "--labels", "labels"], "nowhere cannot be opened: No such file")
        try expectFailure(of: ["--data", ".", "--samples", "nowhere/x.pgm"], "nowhere/x.pgm.partial cannot be written")
        try expectFailure(of: ["--data", ".", "--samples", "/dev/null"], "/dev/null is not a file")
        try folder.write([0x1f, 0x8b, 8, 0, 0, 0, 0], to: "packed")
        try expectFailure(
            of: ["--images", "packed", "--labels", "labels"], "packed is damaged or cut short: gzip cannot unpack it")
        try expectFailure(
            of: ["--images", "packed", "--labels", "labels"], "packed is packed, and there is no gzip on this machine",
            environment: ["PATH": folder.path])
    }

    @Test("options that are unknown, without value or out of range are named")
    func wrongOptions() throws {
        try expectFailure(of: ["--momentum", "1"], "`--momentum` is not an option")
        try expectFailure(of: ["--data"], "--data needs a value")
        try expectFailure(of: ["--threads", "65"], "--threads takes a whole number from 1 to 64, not `65`")
        try expectFailure(of: ["--seed", "-1"], "--seed takes a whole number")
        try expectFailure(of: ["--images", "images"], "the training data are missing or given twice")
    }

    @Test("packed files train as plain ones do, whatever the folder is called")
    func packed() throws {
        let name = "it's packed"
        try FileManager.default.createDirectory(atPath: folder.file(name), withIntermediateDirectories: true)
        for file in [examples.imageFileName, examples.labelFileName] {
            try run(["sh", "-c", "gzip -c \(file) > \"\(name)/\(file).gz\""], in: folder.path)
        }
        let plain = try run(["./program", "--data", ".", "--steps", "2", "--parameters", "plain.bin"], in: folder.path)
        let packed = try run(
            ["./program", "--data", name, "--steps", "2", "--parameters", "packed.bin"], in: folder.path)
        try #require(plain.status == 0 && packed.status == 0, "\(plain.output)\(packed.output)")
        #expect(FileManager.default.contentsEqual(atPath: folder.file("plain.bin"), andPath: folder.file("packed.bin")))
    }

    @Test("a full disk is reported, leaves no half files and keeps the files of the run before")
    func fullDisk() throws {
        try folder.write([1, 2, 3], to: "kept.bin")
        let result = try run(
            [
                "sh", "-c",
                "trap '' XFSZ; ulimit -f 100; exec ./program --data . --steps 1 --parameters kept.bin --samples kept.pgm",
            ], in: folder.path)
        #expect(result.status == 1)
        #expect(result.output.contains("error: kept.bin cannot be written: File too large"), "\(result.output)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file("kept.bin"))) == Data([1, 2, 3]))
        #expect(!folder.exists("kept.bin.partial"))
    }

    @Test("an interrupted run keeps the steps it has done")
    func interrupted() throws {
        let result = try run(
            [
                "sh", "-c",
                "./program --data . --steps 3000 --every 1 --parameters interrupted.bin > log & "
                    + "while ! grep -q 'step 2 ' log; do sleep 0.05; done; kill -INT $!; wait $!; echo status $?; tail -n 1 log",
            ], in: folder.path)
        #expect(result.output.contains("status 0") && result.output.contains(" steps done"), "\(result.output)")
        #expect(!result.output.contains("3000 steps done"))
        #expect(folder.exists("interrupted.bin.txt"))
    }
}
