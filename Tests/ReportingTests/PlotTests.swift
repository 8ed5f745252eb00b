import Testing

@testable import Reporting

@Suite struct PlotTests {
    private func plot(
        _ points: [Series.Point], kind: Axis.Kind = .linear, within limits: ClosedRange<Double>? = nil
    ) -> LinePlot {
        LinePlot("test", [Series("a", points, colour: 0)], kind: kind, within: limits)
    }

    @Test("the ends of an axis are the ends of the plot, and the middle of a linear axis its middle")
    func linearPlaces() throws {
        let plot = plot([.init(0, 0), .init(100, 1)], within: 0...1)
        #expect(plot.x(0) == LinePlot.left)
        #expect(plot.x(100) == LinePlot.right)
        #expect(plot.y(0) == LinePlot.bottom)
        #expect(plot.y(1) == LinePlot.top)
        #expect(plot.y(0.5) == (LinePlot.top + LinePlot.bottom) / 2)
    }

    @Test("on a logarithmic axis equal ratios are equally far apart, and what is not positive has no place")
    func logarithmicPlaces() throws {
        let axis = Axis(.logarithmic, 1e-4...1)
        let shares = try [1e-4, 1e-3, 1e-2, 1e-1, 1].map { try #require(axis.share(of: $0)) }
        for (share, expected) in zip(shares, [0, 0.25, 0.5, 0.75, 1]) { #expect(abs(share - expected) < 1e-12) }
        #expect(axis.share(of: 0) == nil)
        #expect(axis.share(of: -1) == nil)
        #expect(axis.share(of: .nan) == nil)
        #expect(axis.ticks == [1e-4, 1e-3, 1e-2, 1e-1, 1])
    }

    @Test("no number stands between two steps")
    func steps() {
        let svg = "\(plot([.init(0, 10), .init(1, 20)]).svg)"
        #expect(svg.contains(">0</text>") && svg.contains(">1</text>") && !svg.contains(">0.2</text>"))
    }

    @Test("ticks are round numbers inside the bounds")
    func ticks() {
        #expect(Axis(.linear, 0...1000).ticks == [0, 200, 400, 600, 800, 1000])
        #expect(Axis(.linear, -0.5...0.5).ticks.count == 5)
        #expect(Axis(.logarithmic, 0.9...6).ticks == [1, 2, 5])
        for bounds in [0.0...0.013, -7.0...22, 1e-9...2e-9, 0.0...123_456] {
            let axis = Axis(.linear, bounds)
            #expect((3...12).contains(axis.ticks.count), "\(bounds)")
            #expect(axis.ticks.allSatisfy { $0 >= bounds.lowerBound - 1e-12 && $0 <= bounds.upperBound + 1e-9 })
        }
    }

    @Test("an axis is fitted to what has a place, and a single value lies inside it")
    func fitting() throws {
        let axis = Axis(.logarithmic, fitting: [0, -3, .nan, 1e-3, 10])
        #expect(axis.bounds.lowerBound < 1e-3 && axis.bounds.lowerBound > 1e-4)
        #expect(axis.bounds.upperBound > 10 && axis.bounds.upperBound < 100)
        for kind in [Axis.Kind.linear, .logarithmic] {
            let single = Axis(kind, fitting: [0.25])
            let share = try #require(single.share(of: 0.25))
            #expect(share >= 0 && share < 1)
        }
        #expect(Axis(.linear, fitting: [0.2, 0.9], within: 0...1).bounds.upperBound <= 1)
        #expect(Axis(.linear, fitting: [1, 1], within: 0...1).bounds == 0...1)
    }

    @Test("a line is broken where a value is missing, and a value between two gaps is a dot")
    func gaps() {
        let svg = plot([.init(0, 1), .init(1, 2), .init(2, nil), .init(3, 1), .init(4, .nan), .init(5, 2), .init(6, 3)])
            .svg.text
        let path = svg.split(separator: "class=\"line s0\" d=\"")[1].prefix { $0 != "\"" }
        #expect(path.count { $0 == "M" } == 2)
        #expect(path.count { $0 == "L" } == 2)
        #expect(svg.split(separator: "<circle").count == 2)
    }

    @Test("a band goes along its upper ends and back along the lower ones, and at zero to a logarithmic axis' foot")
    func bands() {
        let svg = plot([.init(0, 1, band: 0.5...2), .init(10, 1, band: 0...4)], kind: .logarithmic).svg.text
        let path = svg.split(separator: "class=\"band c0\" d=\"")[1].prefix { $0 != "\"" }
        #expect(path.count { $0 == "M" } == 1)
        #expect(path.count { $0 == "L" } == 3)
        #expect(path.hasSuffix("Z"))
        // The third corner is the lower end of the last step.
        let corners = path.dropFirst().dropLast().split(separator: "L")
        #expect(corners[2] == "\(Int(LinePlot.right)) \(Int(LinePlot.bottom))")
    }

    @Test("a band's wild end does not flatten the lines")
    func wildBand() throws {
        let plot = plot([.init(0, 1, band: 1...1), .init(1, 2, band: 1...1e6)])
        #expect(plot.vertical.bounds.upperBound <= 4)
    }

    @Test("a series without a number is not drawn, and a plot without series is empty")
    func empty() {
        #expect(plot([.init(0, nil), .init(1, .infinity)]).isEmpty)
        #expect(!plot([.init(0, 1)]).isEmpty)
    }

    @Test("names are escaped in titles, legends and labels")
    func escaping() {
        let svg = LinePlot("a < b & \"c\"", [Series("<x>", [.init(0, 1), .init(1, 2)], colour: 0)]).svg.text
        #expect(!svg.contains("<x>"))
        #expect(svg.contains("&lt;x&gt;"))
        #expect(svg.contains("a &lt; b &amp; &quot;c&quot;"))
    }

    @Test("many steps are thinned to medians, with their extremes as the band")
    func thinning() throws {
        let values = (1...1000).map { (step: $0, value: Double($0 % 10)) }
        let series = Series("a", thinning: values, to: 100, colour: 0)
        #expect(series.points.count == 100)
        #expect(series.points.allSatisfy { $0.y == 4.5 && $0.band == 0...9 })
        #expect(series.points[0].x == 5.5)
        #expect(Series("a", thinning: Array(values.prefix(5)), to: 100, colour: 0).points.count == 5)
    }
}
