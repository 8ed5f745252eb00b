import CGAN
import Testing

@testable import Mending

@Suite("changed models beside the model as it is")
struct CandidateTests {
    private func candidate(_ mend: String?) throws -> Candidate {
        var program = try Program(PlainModel())
        if mend == "other values" {
            for index in program.parameters.indices where program.parameters[index].name.hasSuffix("conv1.weight") {
                program.parameters[index].initializer = .constant(1)
            }
        }
        if mend == "other shape" { program.parameters.removeLast() }
        return Candidate(name: mend, text: "", program: program, library: "")
    }

    @Test("other initial values are told from other parameters, which begin anew in any case")
    func initialValues() throws {
        let control = try candidate(nil)
        #expect(try candidate("other values").beginsOtherwise(than: control))
        #expect(try !candidate("other shape").beginsOtherwise(than: control))
        #expect(try !candidate("same").beginsOtherwise(than: control))
    }
}
