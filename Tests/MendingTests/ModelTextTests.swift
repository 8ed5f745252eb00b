import Testing

@testable import Mending

@Suite("the text of a model's file")
struct ModelTextTests {
    @Test("comments and strings hold no tokens of code, nested ones included")
    func commentsAndStrings() {
        let text = #"""
            a /* ( /* [ */ { */ b // }
            "c { \(d("}")) \"" #"e \" {"# """
            f " {
            """
            """#
        let tokens = Token.all(in: Array(text.utf8))
        #expect(tokens.map(\.kind) == [.word, .word, .string, .string, .string])
        #expect(tokens.prefix(2).map(\.text) == ["a", "b"])
    }

    @Test("a number ends before the dots of a range")
    func numbers() {
        let tokens = Token.all(in: Array("0.7...1 1e-4 20_000.x 2e5-1".utf8))
        #expect(tokens.map(\.text) == ["0.7", ".", ".", ".", "1", "1e-4", "20_000", ".", "x", "2e5", "-", "1"])
    }

    @Test(
        "a file without a model, or whose brackets do not pair, is none",
        arguments: [
            "struct A { }", "import CGAN", "struct A: ConditionalGAN { var a: Int { (1 } )",
            "struct A: ConditionalGAN { ",
        ])
    func noModel(text: String) { #expect(ModelText(text) == nil) }

    @Test("members are found in the type and in its extensions, whatever comments and other types say")
    func members() throws {
        let text = try #require(
            ModelText(
                """
                struct Other { var objective: Objective { .minimax() } }
                @main struct A: ConditionalGAN { // var objective: Objective { .minimax() }
                    func f() { var training = 1 }
                    let latent = 4 *
                        2
                    let classes = 3; let other = 1
                }
                extension A { var objective: Objective { .hinge() } }
                """))
        #expect(text.property("objective").map { text.text(of: $0.body) } == ".hinge()")
        #expect(text.property("latent").map { text.text(of: $0.body) } == "4 *\n        2")
        #expect(text.property("classes").map { text.text(of: $0.body) } == "3")
        #expect(text.property("training") == nil)
        #expect(text.function("objective") == nil)
        #expect(text.typeName == "A")
    }

    @Test("changes of one place are refused, others are made at once")
    func edits() {
        var edits = TextEdits()
        edits.replace(0..<1, with: "x")
        edits.insert("(", at: 1)
        edits.insert(")", at: 1)
        #expect(edits.applied(to: Array("abc".utf8)) == "x()bc")
        edits.replace(0..<2, with: "y")
        #expect(edits.applied(to: Array("abc".utf8)) == nil)
        #expect(TextEdits().applied(to: Array("abc".utf8)) == nil)
    }

    @Test(
        "numbers are written as a person writes them",
        arguments: [
            (1e-4, "1e-4"), (2e-5, "2e-5"), (0.0002, "2e-4"), (0.5, "0.5"), (10, "10"), (0.999, "0.999"),
            (2.5e-4, "2.5e-4"),
            (0.025, "0.025"), (1e-8, "1e-8"),
        ])
    func numerals(value: Double, text: String) { #expect(numeral(value) == text) }
}
