import Compiler
import Foundation
import Models
import Native
import Testing

@Suite("Stand-alone folders train")
struct StandaloneTrainingTests {
    @Test("make builds a program whose parameters equal cganc's own, bit for bit", arguments: ShippedModel.all)
    func trainsTheSame(model: ShippedModel) async throws {
        let folder = try TemporaryFolder()
        let compilation = try Compilation(try model.program())
        let emitted = try compilation.emit()
        try folder.write(try StandaloneFiles(emitted))
        let examples = try TinyExamples(of: model)
        try examples.write(to: folder)

        let start = Date()
        let built = try run(["make", "CFLAGS=-Werror"], in: folder.path)
        try #require(built.status == 0, "\(built.output)")
        print("\(model.name): make took \((Date().timeIntervalSince(start) * 10).rounded() / 10) s")
        let trained = try run(
            [
                "./\(emitted.file)", "--data", ".", "--steps", "3", "--seed", "11", "--threads", "2", "--every", "1",
                "--samples", "sheet.pnm",
            ], in: folder.path)
        try #require(trained.status == 0, "\(trained.output)")
        for phase in emitted.manifest.phases {
            for value in phase.values { #expect(trained.output.contains("\(phase.name).\(value) ")) }
        }

        let library = try await BuildCache().library(of: emitted, precision: .float)
        let native = try NativeModel(library: library, seed: 11, threads: 1)
        try train(native, on: examples, steps: 3)
        let kept = native.manifest.tensors.indices.filter {
            [.parameter, .statistic, .average].contains(native.manifest.tensors[$0].kind)
        }
        let expected = try kept.map { Data(try native.bytes(ofTensor: $0)) }.reduce(Data(), +)
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.file("parameters.bin"))) == expected)

        let list = try String(contentsOfFile: folder.file("parameters.bin.txt"), encoding: .utf8)
        let rows = list.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { $0.split(separator: "\t") }
        #expect(rows.map { String($0[0]) } == kept.map { native.manifest.tensors[$0].name })
        try checkSheet(folder.file("sheet.pnm"), compilation)
    }

    /// Trains as the program does: visit v is number v mod count in the order of epoch v / count.
    private func train(_ model: NativeModel, on examples: TinyExamples, steps: Int) throws {
        let count = examples.labels.count
        let perStep = model.manifest.batch * model.manifest.phases.reduce(0) { $0 + $1.runs }
        let labels = examples.labels.map(Int32.init)
        for step in 0..<steps {
            let visits = step * perStep..<(step + 1) * perStep
            let rows = try visits.map { try model.permutation(epoch: $0 / count, count: count)[$0 % count] }
            try examples.pixels.withUnsafeBufferPointer { pixels in
                try labels.withUnsafeBufferPointer { labels in
                    try rows.withUnsafeBufferPointer { rows in
                        let batch = ExampleBatch(
                            images: .bytes(pixels.baseAddress!), labels: labels.baseAddress!, count: count,
                            rows: rows.baseAddress!)
                        _ = try model.step(step, batch: batch)
                    }
                }
            }
        }
    }

    /// Expects a sheet of the right extents whose images are not all the same.
    private func checkSheet(_ path: String, _ compilation: Compilation) throws {
        let program = compilation.program
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        let (width, height) = (10 * (program.image.width + 1) + 1, program.classes * (program.image.height + 1) + 1)
        let header = Array("P\(program.image.channels == 1 ? 5 : 6)\n\(width) \(height)\n255\n".utf8)
        #expect(Array(bytes.prefix(header.count)) == header)
        #expect(bytes.count == header.count + width * height * program.image.channels)
        #expect(Set(bytes.dropFirst(header.count)).count > 10)
    }
}
