import Models
import Testing
import Training

/// One training step of each shipped model, in double, against the stored numbers of the independent implementation.
@Suite(.serialized) struct ParityTests {
    @Test(
        "a step of every shipped model has the losses, gradients and updates that JAX finds in float64, to 1e-9",
        arguments: ShippedModel.all.map(\.name))
    func agrees(model: String) async throws {
        let stored = try StoredNumbers(model: model)
        let program = try ShippedModel.named(model)!.program(batch: stored.batch)
        let dump = try await DumpWriter.step(of: program, seed: stored.seed, precision: .double)
        // Parameters and inputs first, so that a drift of what goes in is told apart from a wrong gradient.
        let order = ["parameter", "input", "random", "loss", "gradient", "updated"]
        for role in order {
            let rows = stored.tensors.filter { $0.role == role }
            #expect(!rows.isEmpty || role == "random", "no stored \(role) of \(model)")
            for row in rows {
                let dumped = try #require(
                    StepDump.Role(rawValue: role).flatMap { dump[row.phase, $0, row.name] },
                    "\(row.phase) \(role) \(row.name) is not dumped")
                #expect(dumped.shape == row.shape)
                let values = dumped.doubles
                let error = Digest(of: values).error(against: row.digest, count: values.count, zero: row.zero)
                #expect(error < 1e-9, "\(row.phase) \(role) \(row.name) is off by \(error)")
            }
        }
    }
}
