import Graph
import Testing

@testable import CGAN

/// Names that a user gives: they end up in files and in C.
@Suite struct NameTests {
    private func mistakes(_ losses: @escaping (TestModel, Batch) -> Losses) -> [ModelError] {
        TestModel().with { $0.losses = losses }.mistakes()
    }

    @Test("a draw cannot be called what no file is called", arguments: ["", "a b", "../up", "é", "a/b", "\n"])
    func draws(name: String) {
        let line = #line + 2
        let errors = mistakes { _, batch in
            let noise = mean(batch.normal(name, shape: [batch.size, 1]))
            return Losses(discriminator: noise, generator: noise)
        }
        #expect(errors.map(\.code) == [.nameNotUsable])
        #expect(errors.first?.location?.line == line)
    }

    @Test("a tensor cannot be named what no file is called")
    func roles() {
        let errors = mistakes { model, batch in
            let score = mean(model.discriminator(batch.images.named("no good"), batch.labels))
            return Losses(discriminator: score, generator: score)
        }
        #expect(errors.map(\.code) == [.nameNotUsable])
        #expect(errors.first?.message.contains("\"no good\"") ?? false)
    }

    @Test("a draw needs a deviation that is a number and not negative")
    func distributions() {
        for deviation in [-1, .infinity, .nan] {
            let errors = mistakes { _, batch in
                let noise = mean(batch.normal("noise", shape: [batch.size, 1], deviation: deviation))
                return Losses(discriminator: noise, generator: noise)
            }
            #expect(errors.map(\.code) == [.sizeOutOfRange])
        }
    }

    @Test("a type's name becomes the model's: words apart, lower-case")
    func kebab() {
        let names = [
            "FashionCritic": "fashion-critic", "DCGANModel": "dcgan-model", "My2DModel": "my2-d-model", "A": "a",
            "snake_case": "snake-case", "lowerCamel": "lower-camel",
        ]
        for (type, name) in names { #expect(kebabCase(type) == name) }
    }
}
