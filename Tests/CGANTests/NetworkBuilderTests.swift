import Testing

@testable import CGAN

/// Every way to write a network's layers.
@Suite struct NetworkBuilderTests {
    private func summaries(@NetworkBuilder _ network: () -> Network) -> [String] {
        network().layers.map(\.summary)
    }

    @Test("for repeats its layers in order")
    func loop() {
        #expect(
            summaries {
                for units in [3, 2] {
                    Dense(units)
                    ReLU()
                }
                Dense(1)
            } == ["Dense(3)", "ReLU()", "Dense(2)", "ReLU()", "Dense(1)"])
    }

    @Test("a for over nothing gives no layers")
    func emptyLoop() {
        #expect(
            summaries {
                for units in [Int]() { Dense(units) }
                Tanh()
            } == ["Tanh()"])
    }

    @Test("if and else give the layers of the branch taken", arguments: [true, false])
    func branches(flag: Bool) {
        #expect(
            summaries {
                if flag {
                    Dense(1)
                    ReLU()
                } else {
                    Dense(2)
                    Tanh()
                }
            } == (flag ? ["Dense(1)", "ReLU()"] : ["Dense(2)", "Tanh()"]))
    }

    @Test("if without else gives its layers or none", arguments: [true, false])
    func optionalBranch(flag: Bool) {
        #expect(
            summaries {
                Dense(1)
                if flag { Sigmoid() }
            } == (flag ? ["Dense(1)", "Sigmoid()"] : ["Dense(1)"]))
    }

    @Test("if let binds and else if goes on", arguments: [nil, 1, 2] as [Int?])
    func chain(units: Int?) {
        let expected = [nil: ["Tanh()"], 1: ["ReLU()"], 2: ["Dense(2)"]] as [Int?: [String]]
        #expect(
            summaries {
                if units == 1 {
                    ReLU()
                } else if let units {
                    Dense(units)
                } else {
                    Tanh()
                }
            } == expected[units])
    }

    @Test("switch gives the layers of the matching case", arguments: 0...4)
    func choice(number: Int) {
        let expected = [["ReLU()"], ["Tanh()", "Dense(1)"], ["Softplus()"], [], ["Dense(4)"]]
        #expect(
            summaries {
                switch number {
                case 0: ReLU()
                case 1:
                    Tanh()
                    Dense(1)
                case 2: Softplus()
                case 3: ()
                default: Dense(number)
                }
            } == expected[number])
    }

    @Test("an optional layer stands for itself or for nothing")
    func optionalLayer() {
        let absent: (any Layer)? = nil
        let present: (any Layer)? = ELU()
        #expect(
            summaries {
                absent
                present
            } == ["ELU(1.0)"])
    }

    @Test("loops, branches and statements nest")
    func nested() {
        #expect(
            summaries {
                for stage in 0..<3 {
                    let units = 4 - stage
                    Dense(units)
                    if stage > 0 {
                        for _ in 0..<stage { ReLU() }
                    } else {
                        Tanh()
                    }
                }
            } == [
                "Dense(4)", "Tanh()", "Dense(3)", "ReLU()", "Dense(2)", "ReLU()", "ReLU()",
            ])
    }

    @Test("arrays and networks stand for their layers; #available chooses")
    func parts() {
        func block(_ units: Int) -> [any Layer] { [Dense(units), ReLU()] }
        let head = Network { Dense(1) }
        #expect(
            summaries {
                block(3)
                if #available(macOS 13, *) { Flatten() }
                head
            } == ["Dense(3)", "ReLU()", "Flatten()", "Dense(1)"])
    }

    @Test("residual blocks and branches hold layers of their own")
    func blocks() {
        let network = Network {
            Residual {
                for _ in 0..<2 { Dense(3) }
            }
            Concatenate {
                Branch { Dense(1) }
                for units in [2, 3] { Branch { Dense(units) } }
                Branch()
            }
        }
        #expect(network.layers.map(\.summary) == ["Residual { … }", "Concatenate { … }"])
        #expect(
            network.layers.map { $0.parts.map(\.summary) } == [
                ["Dense(3)", "Dense(3)"], ["Dense(1)", "Dense(2)", "Dense(3)"],
            ])
    }

    @Test("each layer remembers its own line and column")
    func places() {
        let line = #line + 2
        let network = Network {
            Dense(3); ReLU()
            for _ in 0..<2 { Tanh() }
        }
        let locations = network.layers.map(\.location)
        #expect(locations.map(\.line) == [line, line, line + 1, line + 1])
        #expect(locations[0].column < locations[1].column)
        #expect(locations[2] == locations[3])
        #expect(locations.allSatisfy { $0.file == "CGANTests/NetworkBuilderTests.swift" })
    }
}
