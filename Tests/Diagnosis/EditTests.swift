import Diagnosis
import Graph
import Testing

/// Changes of one line.
@Suite struct EditTests {
    private func applied(_ change: Edit.Change, to line: String, column: Int = 1) -> String? {
        Edit(at: .init(file: "Model.swift", line: 1, column: column), change)?.applied(to: line)
    }

    @Test("a call is unwrapped up to its own closing parenthesis, the nearest one before the place")
    func unwrap() {
        let line = "let x = f(stopGradient(g(a, b)), stopGradient(c))"
        #expect(applied(.unwrap("stopGradient"), to: line, column: 23) == "let x = f(g(a, b), stopGradient(c))")
        #expect(applied(.unwrap("stopGradient"), to: line, column: 46) == "let x = f(stopGradient(g(a, b)), c)")
        #expect(applied(.unwrap("stopGradient"), to: "let x = f(a)") == nil)
        #expect(applied(.unwrap("stopGradient"), to: "let x = stopGradient(a") == nil)
    }

    @Test("a layer is taken out of a row of layers, and a line of its own becomes empty")
    func remove() {
        #expect(applied(.remove("Sigmoid"), to: "        Sigmoid()") == "")
        #expect(applied(.remove("Tanh"), to: "        Dense(1); Tanh(); Flatten()") == "        Dense(1); Flatten()")
        #expect(applied(.remove("Tanh"), to: "        if last { Tanh() }") == nil)
    }

    @Test("a text is replaced where it stands nearest to the place")
    func replace() {
        let line = "BatchNorm(); Conv(8, kernel: 3); BatchNorm()"
        let after = applied(.replace("BatchNorm(", with: "LayerNorm("), to: line, column: 43)
        #expect(after == "BatchNorm(); Conv(8, kernel: 3); LayerNorm()")
        #expect(applied(.replace("Dense(", with: "Conv("), to: line) == nil)
        #expect(Edit(at: nil, .remove("Tanh")) == nil)
    }
}
