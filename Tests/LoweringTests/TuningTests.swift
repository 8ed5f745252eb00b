import Graph
import Testing

@testable import Lowering

@Suite("Tunings")
struct TuningTests {
    private static let product = Contraction.matmul(
        Matmul(m: 794, n: 1024, k: 128, transposeA: true, transposeB: false, more: 64))
    private static func convolution(
        _ kind: ConvolutionKind, batch: Int = 192, size: Int = 14, channels: Int = 64
    ) -> Contraction {
        let window = Window(kernel: (4, 4), stride: (2, 2), padding: (1, 1, 1, 1))
        return .convolution(
            kind,
            Convolution(
                batch: batch, height: size, width: size, channels: channels, outHeight: size / 2,
                outWidth: size / 2, outChannels: 128, window: window))
    }

    private static let tuning: Tuning = {
        var conditions = Tuning.Conditions()
        (conditions.model, conditions.processor) = ("critic", "A processor: with 2 cores # @ 3 GHz")
        return Tuning(
            conditions: conditions,
            rows: [
                Tuning.Row(
                    product, .blasRows,
                    measurements: [.init(.tiles, milliseconds: 2.1534), .init(.blasRows, milliseconds: 12)]),
                Tuning.Row(convolution(.forward), .direct, measurements: [.init(.filtered, milliseconds: 0.00049)]),
                Tuning.Row(convolution(.weightGradient, channels: 2), .direct),
            ])
    }()

    private static let text = """
        cganc tuning 1
        model      critic
        processor  A processor: with 2 cores # @ 3 GHz

        # contraction, method, milliseconds of each candidate in a training step
        matmul Aᵀ·B 794x128+64x1024                                     blas-rows  tiles 2.1534  blas-rows 12.0000
        convolution forward 192x14x14x64:7x7x128:4x4:2x2:1,1,1,1        direct     filtered 0.0005
        convolution weightGradient 192x14x14x2:7x7x128:4x4:2x2:1,1,1,1  direct

        """

    @Test("a tuning is written as a line for each contraction, and read back as the same")
    func roundTrip() throws {
        #expect(Self.tuning.text == Self.text)
        var read = try Tuning(text: Self.text)
        #expect(read.text == Self.text)
        read.rows[1].measurements[0].milliseconds = 0.00049
        #expect(read == Self.tuning)
        // As another system's editor leaves it.
        #expect(try Tuning(text: Self.text.replacing("\n", with: "\r\n")).text == Self.text)
    }

    @Test(
        "a text that is no tuning is refused with the line and the reason",
        arguments: [
            ("", 1, "not a tuning: it does not begin with 'cganc tuning'"),
            ("cganc tuning 2\n", 1, "the tuning's layout has version 2, this cganc reads 1"),
            ("cganc tuning 1\nmodel a\n\nmodel b\n", 4, "a second line of 'model'"),
            ("cganc tuning 1\ncritic\n", 2, "'critic' begins neither a fact nor a contraction"),
            ("cganc tuning 1\nmatmul A·B 2x3 tiles\n", 2, "'matmul' begins neither a fact nor a contraction"),
            ("cganc tuning 1\nmatmul A·B 2x3x4x5 tiles\n", 2, "'matmul' begins neither a fact nor a contraction"),
            (
                "cganc tuning 1\nmatmul A·B 2x3x99999999999999999999 tiles\n", 2,
                "'matmul' begins neither a fact nor a contraction"
            ),
            ("cganc tuning 1\nmatmul A·B 2x3x4 filtered\n", 2, "'filtered' is no method for this contraction"),
            ("cganc tuning 1\nmatmul A·B 2x3x1 blas-rows\n", 2, "'blas-rows' is no method for this contraction"),
            (
                "cganc tuning 1\nconvolution forward 2x9x9x32:4x4x32:3x3:2x2:0,0,0,0 filtered\n", 2,
                "'filtered' is no method for this contraction"
            ),
            ("cganc tuning 1\nmatmul A·B 2x3x4 tiles tiles\n", 2, "no milliseconds behind 'tiles'"),
            ("cganc tuning 1\nmatmul A·B 2x3x4 tiles tiles nan\n", 2, "no milliseconds behind 'tiles'"),
            ("cganc tuning 1\nmatmul A·B 2x3x4 tiles tiles -1\n", 2, "no milliseconds behind 'tiles'"),
            (
                "cganc tuning 1\n# x\nmatmul A·B 2x3x4 tiles\nmatmul A·B 2x3x4 tiles\n", 4,
                "the contraction of line 3 once more"
            ),
            ("cganc tuning 1\nmodel \u{1b}[2J\n", 2, "not a line of text of at most 1000 characters"),
            (
                "cganc tuning 1\nmodel " + String(repeating: "a", count: 1000), 2,
                "not a line of text of at most 1000 characters"
            ),
        ])
    func mistakes(text: String, line: Int, message: String) {
        let mistake = #expect(throws: Tuning.Mistake.self) { try Tuning(text: text) }
        #expect(mistake?.line == line && mistake?.message == message)
        #expect(mistake?.help.isEmpty == false)
    }

    @Test("a tuning that is cut off anywhere, or has a byte changed, is read or refused but harms nothing")
    func damage() {
        let bytes = Array(Self.text.utf8)
        var read = 0
        for place in bytes.indices {
            var changed = bytes
            changed[place] = UInt8(truncatingIfNeeded: place &* 37)
            for text in [bytes[..<place], changed[...]] {
                guard let tuning = try? Tuning(text: String(decoding: text, as: UTF8.self)) else { continue }
                read += 1
                for row in tuning.rows { #expect(Method.candidates(for: row.contraction).contains(row.method)) }
            }
        }
        #expect(read > 10 && read < 2 * bytes.count)
    }

    @Test("without a measurement large images of many channels are filtered, and nothing calls BLAS")
    func portable() {
        for kind in [ConvolutionKind.forward, .inputGradient, .weightGradient] {
            #expect(Method.portable(for: Self.convolution(kind)) == .filtered)
            #expect(Method.portable(for: Self.convolution(kind, channels: 48)) == .direct)
            // Too few tiles to fill a task; and a result of 3 x 3, of whose tile of 4 x 4 almost half hangs over.
            #expect(Method.portable(for: Self.convolution(kind, batch: 6)) == .direct)
            #expect(Method.portable(for: Self.convolution(kind, size: 6)) == .direct)
        }
        #expect(Method.portable(for: Self.product) == .tiles)
    }

    @Test("a small batch that fills vectors is what panels are made of beside transposed weights")
    func flipped() {
        func method(_ m: Int, _ k: Int, _ n: Int, _ transposeA: Bool = false, _ transposeB: Bool = true) -> Method {
            .portable(for: .matmul(Matmul(m: m, n: n, k: k, transposeA: transposeA, transposeB: transposeB)))
        }
        #expect(method(64, 110, 256) == .flippedTiles && method(128, 512, 256) == .flippedTiles)
        #expect(method(64, 110, 256, false, false) == .tiles && method(64, 110, 256, true, false) == .tiles)
        // More panels than the weights are better read again for.
        #expect(method(129, 512, 256) == .tiles)
        // Rows that leave more than a ninth of their vectors empty; no rows, columns or terms to speak of.
        #expect(method(57, 110, 256) == .flippedTiles && method(56, 110, 256) == .tiles && method(9, 9, 9) == .tiles)
        #expect(method(256, 110, 64) == .tiles)
        #expect(method(64, 1, 256) == .tiles && method(64, 256, 1) == .tiles && method(1, 64, 256) == .tiles)
    }

    @Test("BLAS is given at least four parts that fit a cache, and that are no ragged lines")
    func parts() throws {
        for (m, n) in [(64, 6272), (6272, 64), (794, 1024), (2048, 2048), (2, 3), (70, 150)] {
            let product = Matmul(m: m, n: n, k: 10, transposeA: false, transposeB: false)
            for method in [Method.blasColumns, .blasRows] {
                let part = try #require(BLASPart(of: product, by: method))
                let (divided, whole, extent) =
                    method == .blasColumns ? (part.columns, part.rows == m, n) : (part.rows, part.columns == n, m)
                #expect(whole && divided >= 1 && divided <= extent)
                #expect(divided % 16 == 0 || divided == extent)
                #expect(divided <= 16 || (extent + divided - 1) / divided >= 3 && part.rows * part.columns <= 80_000)
            }
            #expect(BLASPart(of: product, by: .tiles) == nil)
        }
    }
}
