import Compiler
import Lowering
import Models
import Testing

@Suite("Costs of a step")
struct CostTests {
    @Test("the costs of all kernels add up to the step's contractions", arguments: ShippedModel.all.map(\.name))
    func contractions(name: String) throws {
        let lowered = try Compilation(try ShippedModel.named(name)!.program()).lowered
        let total = lowered.costs(realBytes: 4).reduce(KernelCost()) { $0 + $1.total * $1.runs }
        #expect(total.contractionFLOPs == lowered.contractionFLOPs)
        // What is not a contraction is small beside them, in the models that are shipped.
        #expect(total.otherOperations > 0 && total.otherOperations < total.contractionFLOPs)
    }

    @Test(
        "Adam reads four and writes three numbers for each parameter of a phase, one less of each if β₁ is 0",
        arguments: [("mlp-cgan", 7), ("mlp-wgan-gp", 5)])
    func update(name: String, numbers: Int) throws {
        let compilation = try Compilation(try ShippedModel.named(name)!.program())
        let costs = compilation.lowered.costs(realBytes: 4)
        for (phase, cost) in zip(compilation.lowered.phases, costs) {
            let network = try #require(compilation.lowered.layout.networks.first { $0.name == phase.phase.network })
            // The squares of the weights' gradients but the critic's last, a vector's, are taken where they are computed.
            let weights = compilation.program.parameters.filter {
                $0.network == network.name && $0.shape.dimensions.count > 1 && $0.shape.dimensions[1] > 1
            }
            let taken = weights.reduce(0) { $0 + $1.shape.count }
            #expect(taken > 9 * network.gradients.count / 10)
            #expect(cost.gradientNorms.bytes == 4 * (network.gradients.count - taken))
            // Nine tenths are updated beside the product that is their gradient, which is then not read again; but not
            // where real, generated and interpolated images make 192 terms of it.
            let left = phase.function.kernels.indices.filter { phase.function.kernels[$0].isLeft }
            let updated = left.reduce(0) { $0 + phase.function.kernels[$1].type.shape.count }
            let areMany = name == "mlp-wgan-gp" && phase.phase.name == "discriminator"
            #expect(areMany ? updated == 0 : updated > 9 * network.gradients.count / 10)
            #expect(cost.update.bytes == numbers * 4 * (network.gradients.count - updated))
            for index in left {
                let kernel = phase.function.kernels[index]
                let product = phase.function.cost(of: kernel, realBytes: 4)
                #expect(cost.kernels[index].bytes == product.bytes + (numbers - 1) * 4 * kernel.type.shape.count)
            }
        }
    }

    @Test("the report numbers kernels as --show kernels does, and its shares add up to the step")
    func report() throws {
        let compilation = try Compilation(try ShippedModel.named("mlp-wgan-gp")!.program())
        let report = CostReport(compilation, machine: Roofline(peak: 200e9, bandwidth: 40e9), realBytes: 4).text
        let rows = report.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        let kernels = compilation.lowered.phases.flatMap { $0.function.kernels.enumerated() }
        for (number, kernel) in kernels {
            #expect(rows.contains { $0.starts(with: ["\(number)", kernel.name]) }, "\(number) \(kernel.name)")
        }
        let shares = rows.filter { $0.starts(with: ["in", "all"]) }.compactMap { Double($0.last!.dropLast()) }
        #expect(shares.count == 2 && abs(shares.reduce(0, +) - 100) < 0.11, "\(shares)")
        #expect(report.contains("below 5.0 FLOP for each byte, memory is the bound"))
    }
}
