import Datasets
import Native
import Testing

@testable import Training

@Suite("Examples")
struct ExampleSourceTests {
    @Test("every epoch of a finite set visits each row once, in an order of its own")
    func epochs() async throws {
        let built = try await BuiltModel.tiny.value
        let source = try ExampleSource(BuiltModel.stored(20), model: try built.model())
        // 24 rows a step: five steps are six epochs.
        var rows: [UInt32] = []
        for step in 0..<5 {
            let batch = try source.batch(step: step)
            #expect(batch.count == 20)
            rows += UnsafeBufferPointer(start: batch.rows, count: 24)
        }
        let epochs = (0..<6).map { Array(rows[$0 * 20..<($0 + 1) * 20]) }
        for epoch in epochs { #expect(epoch.sorted() == Array(0..<20)) }
        #expect(Set(epochs).count == 6)
    }

    @Test("a step's examples do not depend on the steps before it")
    func examplesAreAFunctionOfTheStep() async throws {
        let built = try await BuiltModel.tiny.value
        let straight = try ExampleSource(BuiltModel.stored(20), model: try built.model())
        for step in 0..<3 { _ = try straight.batch(step: step) }
        let jumped = try ExampleSource(BuiltModel.stored(20), model: try built.model())
        let rows = [try straight.batch(step: 3), try jumped.batch(step: 3)].map {
            Array(UnsafeBufferPointer(start: $0.rows, count: 24))
        }
        #expect(rows[0] == rows[1])
    }

    @Test("an endless set gives each step examples of its own")
    func endless() async throws {
        let built = try await BuiltModel.tiny.value
        let source = try ExampleSource(BuiltModel.glyphs, model: try built.model())
        let batch = try source.batch(step: 2)
        #expect(batch.rows == nil && batch.count == 24)
        let expected = BuiltModel.glyphs.batch(rows: 48..<72)
        #expect(Array(UnsafeBufferPointer(start: batch.labels, count: 24)) == expected.labels)
    }

    @Test("images of another shape are refused with both shapes")
    func shapes() async throws {
        let built = try await BuiltModel.tiny.value
        let error = #expect(throws: TrainingError.self) {
            try ExampleSource(BuiltModel.stored(4, height: 9), model: try built.model())
        }
        #expect(error?.message == "the images of stored are 9x8x1, those of tiny are 8x8x1")
    }

    @Test("the same examples under another name are the same data; others are not")
    func identities() async throws {
        let built = try await BuiltModel.tiny.value
        let here = try built.identity(BuiltModel.stored(20))
        #expect(try built.identity(BuiltModel.stored(20, name: "moved")).dataFingerprint == here.dataFingerprint)
        #expect(try built.identity(BuiltModel.stored(21)).dataFingerprint != here.dataFingerprint)
    }
}
