import CGAN
import Foundation
import Testing

@testable import Diagnosis

/// Each detector on lines made up for it: it begins, holds, ends, and is silent on healthy ones.
@Suite("Detectors") struct DetectorTests {
    @Test("each cause is told from step 200 on, with the step it began at, and taken back after it has gone")
    func causes() throws {
        for cause in try Cause.all() {
            var observer = RunObserver(cause.facts)
            for step in 1...600 {
                let isFaulty = (200..<400).contains(step)
                observer.observe(line(step, cause.loss, isFaulty ? cause.change : { _, _ in }))
                if step == 199 { #expect(observer.history.isEmpty && observer.verdict.isHealthy, "\(cause.code)") }
                if step == 399 {
                    let found = observer.active.first { $0.code == cause.code }
                    let since = try #require(found, "\(cause.code.rawValue): \(observer.verdict)").since
                    #expect((200...260).contains(since), "\(cause.code.rawValue): \(since)")
                    #expect(observer.verdict.code == cause.code)
                    #expect(!observer.verdict.evidence.isEmpty)
                }
            }
            #expect(observer.verdict.isHealthy, "\(cause.code.rawValue): \(observer.verdict.sentence)")
            let told = try #require(observer.history.first { $0.code == cause.code })
            #expect((399...470).contains(try #require(told.until)), "\(cause.code.rawValue): \(told)")
        }
    }

    @Test("every cause has a detector or is found by replaying, a page and a recommendation")
    func complete() throws {
        let measured = DiagnosisCode.allCases.filter(\.isMeasured)
        #expect(Set(measured) == Set(detectors.map(\.code)).union([.nonFinite]))
        #expect(Set(try Cause.all().map(\.code)) == Set(detectors.map(\.code)))
        for code in measured { #expect(code.recommendation != nil && code.explanation.count > 200) }
        for code in DiagnosisCode.allCases where !code.isMeasured { #expect(code.recommendation == nil) }
    }

    @Test("healthy signals with noise of a third never alarm, whatever the loss and the interval")
    func healthyIsSilent() throws {
        for (index, loss) in [Loss.nonSaturating, .minimax, .probabilities, .wasserstein, .hinge].enumerated() {
            for interval in [1, 7, 50] {
                var random = Noise(state: UInt64(index * 100 + interval))
                var observer = RunObserver(try facts(loss))
                for step in 1...1500 {
                    observer.observe(
                        line(step, loss, interval: interval) { name, value in
                            if name != "logit.accuracy" { value *= 1 + 0.33 * random.next() }
                        })
                }
                #expect(observer.history.isEmpty, "\(loss) \(interval): \(observer.history)")
                #expect(observer.verdict.isHealthy && observer.verdict.since == 1)
            }
        }
    }

    @Test("nothing is said before step 100, whatever the lines say")
    func warmUp() throws {
        for cause in try Cause.all() {
            var observer = RunObserver(cause.facts)
            for step in 1..<RunObserver.warmUp {
                #expect(observer.observe(line(step, cause.loss, cause.change)) == nil)
            }
            #expect(observer.verdict.isHealthy && observer.history.isEmpty)
            #expect(observer.verdict.sentence.contains("too early"))
        }
    }

    @Test("one line that shows a cause is not enough, and one that does not is not enough to take it back")
    func hysteresis() throws {
        var observer = RunObserver(try facts(.minimax))
        let vanishing = try #require(try Cause.all().first { $0.code == .generatorVanishes }).change
        for step in 1...900 {
            // Single faulty looks before step 400, single healthy ones after it.
            let isOdd = step / 10 % 4 == 0
            let isFaulty = step < 400 ? isOdd && step % 10 == 0 && step >= 100 : !isOdd
            observer.observe(line(step, .minimax, interval: 10, isFaulty ? vanishing : { _, _ in }))
            if step < 400 { #expect(observer.verdict.isHealthy, "step \(step)") }
            if step > 450 { #expect(observer.verdict.code == .generatorVanishes, "step \(step)") }
        }
        #expect(observer.history.count == 1)
    }

    @Test("of two causes the one that makes the other is the verdict, and the other is named beside it")
    func causality() throws {
        var observer = RunObserver(try facts(.nonSaturating))
        let causes = try [DiagnosisCode.modeCollapse, .deadUnits].compactMap { code in
            try Cause.all().first { $0.code == code }
        }
        for step in 1...300 {
            observer.observe(
                line(step, .nonSaturating) { name, value in for cause in causes { cause.change(name, &value) } })
        }
        #expect(observer.active.map(\.code) == [.deadUnits, .modeCollapse])
        let diagnosis = RunDiagnosis(observer, run: "runs/x", model: "x")
        #expect(diagnosis.verdict.code == .deadUnits && diagnosis.besides.map(\.code) == [.modeCollapse])
        #expect(diagnosis.text().contains("note: with it, since step"))
        #expect(diagnosis.text().hasPrefix("error[GZ210]: "))
    }

    @Test("an observer that reads lines again comes to the same verdicts, wherever the reading begins anew")
    func pure() throws {
        let change = try #require(try Cause.all().first { $0.code == .deadUnits }).change
        let lines = (1...500).map { step in
            line(step, .nonSaturating, (150..<300).contains(step) ? change : { _, _ in })
        }
        var straight = RunObserver(try facts(.nonSaturating))
        let said = lines.map { straight.observe($0) }
        #expect(said.compactMap { $0 }.map(\.code) == [nil, .deadUnits, nil])
        for cut in [1, 120, 160, 240, 310, 499] {
            var again = RunObserver(try facts(.nonSaturating))
            for line in lines[..<cut] { again.observe(line) }
            #expect(lines[cut...].map { again.observe($0) } == Array(said[cut...]))
            #expect(again.history == straight.history && again.verdict == straight.verdict)
        }
    }

    @Test("numbers by their places come to the verdicts of numbers by their names, whatever else a line tells")
    func layouts() throws {
        for cause in try Cause.all() {
            let lines = (1...400).map { line($0, cause.loss, $0 > 150 ? cause.change : { _, _ in }) }
            // What every line tells in front, what watched ones tell besides, and what no detector asks for between.
            let every = Set(lines[1].values.keys)
            let rest = Set(lines[0].values.keys).subtracting(every)
            let layout = MetricsLayout(["seconds"] + every.sorted().reversed() + rest.sorted())
            var (named, placed) = (RunObserver(cause.facts), RunObserver(cause.facts))
            for line in lines {
                let count = line.values.count > every.count ? layout.names.count : every.count + 1
                let numbers = layout.names.prefix(count).map { line.values[$0] ?? .infinity }
                let said = placed.observe(step: line.step, numbers, by: layout)
                #expect(named.observe(line) == said, "\(cause.code) \(line.step)")
            }
            #expect(named.verdict.code == cause.code && placed.verdict == named.verdict)
            #expect(placed.history == named.history)
        }
    }

    @Test("rates that are too high are told from the first steps once the weights have grown along")
    func earlyRates() throws {
        var observer = RunObserver(try facts(.nonSaturating))
        for step in 1...300 {
            observer.observe(
                line(step, .nonSaturating) { name, value in
                    if name == "update.ratio.generator", step < 30 { value = 0.2 }
                    if name == "weight.norm.generator", step > 1 { value *= 1.9 }
                })
        }
        #expect(observer.verdict.code == .updatesTooLarge)
    }

    @Test("a discriminator that is always right is no fault while a gradient reaches the generator")
    func accurateIsFine() throws {
        for loss in [Loss.minimax, .nonSaturating, .hinge, .probabilities] {
            var observer = RunObserver(try facts(loss, examples: 60))
            for step in 1...400 {
                observer.observe(
                    line(step, loss) { name, value in
                        if name == "logit.accuracy" { value = 1 }
                        if name == "sigmoid.slope.fake" { value = 0.03 }
                    })
            }
            #expect(observer.history.isEmpty, "\(loss)")
        }
    }

    @Test("a slope of 2.2 is right where the critic's gap is large and the penalty weighs what it should")
    func steepButRight() throws {
        var observer = RunObserver(try facts(.wasserstein))
        for step in 1...400 {
            observer.observe(
                line(step, .wasserstein) { name, value in
                    if name == "discriminator.slope" { value = 2.2 }
                    if name == "discriminator.penalty" { value = 14 }
                })
        }
        #expect(observer.history.isEmpty)
    }

    @Test("pixels that begin at the ends of a tanh are told, those that come there are not")
    func saturation() throws {
        for start in [1, 150] {
            var observer = RunObserver(try facts(.nonSaturating))
            for step in 1...400 {
                observer.observe(
                    line(step, .nonSaturating) { name, value in
                        if name == "activation.saturated.generator.tanh1", step >= start { value = 0.9 }
                    })
            }
            #expect((observer.verdict.code == .saturatedUnits) == (start == 1))
        }
    }
}
