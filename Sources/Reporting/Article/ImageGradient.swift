import CGAN
import Graph

extension Program {
    /// The program with one more watched value: `generator.gradient.image`, the norm over the whole batch of the gradient
    /// of the generator's loss with respect to the generated images, which is all that reaches the generator.
    ///
    /// The value is part of what the backward pass computes anyway. The program is returned as it is if the generator's
    /// phase does not have the images, or has them twice.
    public func watchingImageGradient() -> Program {
        guard let images = sampler.output("images"), let index = phases.firstIndex(where: { $0.network == "generator" })
        else { return self }
        let (name, type) = (sampler[images].origin.name, sampler[images].type)
        var graph = phases[index].graph
        let places = graph.ids.filter { graph[$0].origin.name.hasPrefix(name) && graph[$0].type == type }
        let inputs = Set(places.flatMap { graph[$0].inputs })
        // A layer may have several nodes: its result is the one that no other of them reads.
        let results = places.filter { !inputs.contains($0) && Self.isPart($0, of: name, in: graph) }
        guard results.count == 1, let loss = graph.output("loss") else { return self }
        let origin = Origin("loss.gradient.image")
        let gradient = graph.append(.gradient, [loss, results[0]], origin: origin)
        let axes = Array(0..<type.shape.rank)
        let norm = graph.append(.composite(.norm(axes: axes, epsilon: 0)), [gradient], origin: origin)
        let place = graph.outputs.firstIndex { $0.name.hasPrefix("state:") } ?? graph.outputs.endIndex
        graph.outputs.insert(Output("gradient.image", norm), at: place)
        var program = self
        program.phases[index].graph = graph
        return program
    }

    /// True if the node comes from the layer `name` itself, in whatever role, and not from one whose name begins alike.
    private static func isPart(_ node: NodeID, of name: String, in graph: Graph) -> Bool {
        let rest = graph[node].origin.name.dropFirst(name.count)
        return rest.isEmpty || rest.hasPrefix(".")
    }
}
