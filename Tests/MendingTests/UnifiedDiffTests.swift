import Testing

@testable import Mending

@Suite("unified differences")
struct UnifiedDiffTests {
    @Test("changes that are near share a hunk, others have their own, each with three lines around")
    func hunks() {
        let old = (1...30).map(String.init).joined(separator: "\n") + "\n"
        var lines = (1...30).map(String.init)
        lines[4] = "five"
        lines.remove(at: 7)
        lines.append("31")
        let diff = UnifiedDiff(of: old, and: lines.joined(separator: "\n") + "\n", before: "a", after: "b")
        #expect(
            diff.text == """
                --- a
                +++ b
                @@ -2,10 +2,9 @@
                 2
                 3
                 4
                -5
                +five
                 6
                 7
                -8
                 9
                 10
                 11
                @@ -28,3 +27,4 @@
                 28
                 29
                 30
                +31
                """)
    }

    @Test("equal texts have no difference, and a missing end of the last line is one")
    func ends() {
        #expect(UnifiedDiff(of: "a\n", and: "a\n", before: "a", after: "b").text.isEmpty)
        #expect(
            UnifiedDiff(of: "a\n", and: "a", before: "a", after: "b").text == """
                --- a
                +++ b
                @@ -1 +1 @@
                -a
                +a
                \\ No newline at end of file
                """)
    }
}
