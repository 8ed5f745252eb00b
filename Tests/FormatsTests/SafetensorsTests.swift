import Testing

@testable import Formats

@Suite struct SafetensorsTests {
    private let example = SafetensorsFile(
        metadata: ["step": "150", "a \"quoted\"\n\u{1}": "é 🙂"],
        tensors: [
            ("generator.dense1.weight", TensorEntry([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])),
            ("z", TensorEntry([1.5] as [Double], shape: [])),
            ("a", TensorEntry([-1, 1] as [Int32])),
            ("empty", TensorEntry([] as [Int64], shape: [0])),
            ("bytes", TensorEntry([1, 2, 3] as [UInt8])),
        ])

    @Test("tensors, their order and the metadata survive a round trip")
    func roundTrip() throws {
        let read = try SafetensorsFile(decoding: example.encoded(), path: "c.safetensors")
        #expect(read.metadata == example.metadata)
        #expect(read.tensors.map(\.name) == example.tensors.map(\.name))
        #expect(read.tensors.map(\.entry) == example.tensors.map(\.entry))
        #expect(read["a"]?.integers == [-1, 1])
        #expect(read["b"] == nil)
    }

    @Test("the bytes are those the format's description gives")
    func knownBytes() {
        let file = SafetensorsFile(metadata: ["b": "2", "a": "1"], tensors: [("x", TensorEntry([7, 8] as [UInt8]))])
        let header =
            #"{"__metadata__":{"a":"1","b":"2"},"x":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}"#
        let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
        #expect(file.encoded() == [UInt8(padded.utf8.count), 0, 0, 0, 0, 0, 0, 0] + Array(padded.utf8) + [7, 8])
        #expect(padded.utf8.count % 8 == 0)
    }

    @Test("escapes and white space of other writers are read")
    func otherWriters() throws {
        let header = #" { "__metadata__" : { "\u0041\t" : "\ud83d\ude42\/" } }"#
        let file = try SafetensorsFile(
            decoding: [UInt8(header.utf8.count), 0, 0, 0, 0, 0, 0, 0] + Array(header.utf8), path: "c")
        #expect(file.metadata == ["A\t": "🙂/"])
        #expect(file.tensors.isEmpty)
    }

    @Test(
        "a header that the four data bytes do not fit is refused with its place",
        arguments: [
            (#"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}"#, "pass the 4"),
            (#"{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, "do not hold the shape [2]"),
            (#"{"x":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}"#, "4 bytes follow the last tensor"),
            (#"{"x":{"dtype":"U8","shape":[1],"data_offsets":[3,4]}}"#, "start at 3"),
            (#"{"x":{"dtype":"U8","shape":[2],"data_offsets":[4,2]}}"#, "start at 4"),
            (
                #"{"x":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"y":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}"#,
                "start at 2 of the data, those before it end at 3"
            ),
            (#"{"x":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}"#, "'F16'"),
            (#"{"x":{"dtype":"F32","shape":[1]}}"#, "lacks"),
            (
                #"{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
                "a second tensor 'x'"
            ),
            (#"{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, "whole number"),
            (#"{"x":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}"#, "']' expected"),
            (#"{"x":{"dtype":"F32","shape":[9999999999,9999999999],"data_offsets":[0,4]}}"#, "do not hold"),
            (#"{"x":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}"#, "too large"),
            (#"{"__metadata__":{"step":1},"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, "'\"' expected"),
            (#"{"x":"#, "ends early"),
            (#"[]"#, "'{' expected"),
            (#"{"\ud800":{}}"#, "surrogate"),
        ])
    func refused(header: String, expected: String) throws {
        let bytes = [UInt8(header.utf8.count), 0, 0, 0, 0, 0, 0, 0] + Array(header.utf8) + [0, 0, 0, 0]
        let error = try #require(formatError { _ = try SafetensorsFile(decoding: bytes, path: "bad.safetensors") })
        #expect(error.path == "bad.safetensors")
        #expect(error.offset != nil)
        #expect(error.message.contains(expected), "\(error)")
    }

    @Test("a header longer than the file is refused")
    func longHeader() throws {
        for length: [UInt8] in [[9, 0, 0, 0, 0, 0, 0, 0], [255, 255, 255, 255, 255, 255, 255, 255]] {
            let error = try #require(formatError { _ = try SafetensorsFile(decoding: length + [1], path: "c") })
            #expect(error.message.contains("claims"))
        }
    }

    @Test("a damaged file throws and never traps")
    func damaged() {
        let outcome = countRejections(of: example.encoded(), rounds: 5000, seed: 4) {
            _ = try SafetensorsFile(decoding: $0, path: $1)
        }
        #expect(outcome.strange.isEmpty)
        #expect(outcome.rejected > 2500)
    }
}
