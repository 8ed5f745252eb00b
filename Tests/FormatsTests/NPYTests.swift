import Testing

@testable import Formats

@Suite struct NPYTests {
    @Test("every element type and shape survives a round trip")
    func roundTrip() throws {
        let tensors = [
            TensorEntry([1.5, -2, .pi, 0, 1e-30, .infinity] as [Float], shape: [2, 3]),
            TensorEntry([1.5, -2, .pi] as [Double]),
            TensorEntry([Int32.min, 0, 7, .max], shape: [4, 1]),
            TensorEntry([Int64.min, .max]),
            TensorEntry([0, 128, 255] as [UInt8]),
            TensorEntry([42] as [Double], shape: []),
            TensorEntry([] as [Float], shape: [0, 5]),
        ]
        for tensor in tensors {
            #expect(try NPY.decode(NPY.encode(tensor), path: "t.npy") == tensor)
        }
    }

    @Test("the bytes are those numpy.save writes")
    func knownBytes() {
        // numpy.save(f, numpy.array([[1, 2]], dtype="<i4"))
        let header = "{'descr': '<i4', 'fortran_order': False, 'shape': (1, 2), }"
        let padded = header + String(repeating: " ", count: 118 - header.count - 1) + "\n"
        let expected: [UInt8] =
            [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(padded.utf8) + [1, 0, 0, 0, 2, 0, 0, 0]
        #expect(NPY.encode(TensorEntry([1, 2] as [Int32], shape: [1, 2])) == expected)
    }

    private func file(_ header: String, version: UInt8 = 1, data: [UInt8] = []) -> [UInt8] {
        let length = [UInt8(header.utf8.count), 0] + (version == 1 ? [] : [0, 0])
        return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + Array(header.utf8) + data
    }

    @Test("version 2 headers, other key orders and double quotes are read")
    func otherWriters() throws {
        let bytes = file("{\"shape\":(2,),\"fortran_order\":False,\"descr\":\"<u1\"}", version: 2, data: [3, 4])
        #expect(try NPY.decode(bytes, path: "t.npy") == TensorEntry([3, 4] as [UInt8]))
    }

    @Test(
        "what is not a plain little-endian array in C order is refused",
        arguments: [
            ("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", "'>f4'"),
            ("{'descr': '<f4', 'fortran_order': True, 'shape': (1,), }", "Fortran"),
            ("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "records"),
            ("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "8 bytes of elements expected"),
            ("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999, 99999999999999), }", "too large"),
            ("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "whole number"),
            ("{'descr': '<f4', 'shape': (1,), }", "lacks"),
            ("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", "repeated key 'descr'"),
            ("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), } + 1", "after the header"),
        ])
    func refused(header: String, expected: String) throws {
        let error = try #require(formatError { _ = try NPY.decode(file(header, data: [0, 0, 0, 0]), path: "bad.npy") })
        #expect(error.path == "bad.npy")
        #expect(error.offset != nil)
        #expect(error.message.contains(expected), "\(error)")
    }

    @Test("a damaged file throws and never traps")
    func damaged() {
        let file = NPY.encode(TensorEntry((0..<24).map(Float.init), shape: [2, 3, 4]))
        let outcome = countRejections(of: file, rounds: 3000, seed: 1) { _ = try NPY.decode($0, path: $1) }
        #expect(outcome.strange.isEmpty)
        #expect(outcome.rejected > 1000)
    }
}
