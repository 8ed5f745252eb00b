import Testing

@testable import Emission

@Suite("Breaking long lines")
struct LineBreakingTests {
    @Test("a call is broken after a comma, and goes on under its parenthesis")
    func call() {
        let operands = (1...4).map { "f->arena + the_place_of_operand_number_\($0)" }.joined(separator: ", ")
        #expect(
            LineBreaking.lines(of: "matmul(f->pool, \(operands));", indentedBy: 4) == [
                "matmul(f->pool, f->arena + the_place_of_operand_number_1, f->arena + the_place_of_operand_number_2,",
                "           f->arena + the_place_of_operand_number_3, f->arena + the_place_of_operand_number_4);",
            ])
    }

    @Test("a sum is broken after its last operator that fits, outside of parentheses")
    func sum() {
        let term = "(a_rather_long_name + another_rather_long_name)"
        #expect(
            LineBreaking.lines(of: "x = \(term) * \(term) + \(term);", indentedBy: 0) == [
                "x = \(term) * \(term) +", "    \(term);",
            ])
    }

    @Test("what was broken on purpose keeps its lines and their indentation")
    func severalLines() {
        #expect(
            LineBreaking.lines(of: "static int x = {\n    .a = 1,\n    .b = 2};", indentedBy: 0) == [
                "static int x = {", "    .a = 1,", "    .b = 2};",
            ])
    }

    @Test("texts and comments are not broken, and no character is lost")
    func keepsEverything() {
        let text = "\"" + String(repeating: "word, ", count: 40) + "\""
        #expect(LineBreaking.lines(of: text, indentedBy: 4) == [text])
        let call = "f(" + (1...60).map { "operand\($0)" }.joined(separator: ", ") + ");"
        let lines = LineBreaking.lines(of: call, indentedBy: 8)
        #expect(lines.allSatisfy { $0.count <= 120 })
        #expect(lines.map { $0.drop { $0 == " " } }.joined(separator: " ") == call)
    }
}
