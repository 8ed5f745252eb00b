/// Lines over steps, as SVG that stands in a page and takes its colours from the page's style.
public struct LinePlot {
    /// A vertical line at a step, with a word beside it.
    public struct Mark: Hashable, Sendable {
        let x: Double
        /// What stands beside it.
        var text: String

        /// The line at `x`.
        public init(at x: Double, _ text: String) {
            self.x = x
            self.text = text
        }
    }

    /// Extents in the picture's own units; the page scales it.
    static let (width, height) = (560.0, 300.0)
    /// Where the lines are drawn.
    static let (left, right, top, bottom) = (58.0, 548.0, 34.0, 246.0)

    let title: String
    let series: [Series]
    let horizontal, vertical: Axis
    private let marks: [Mark]
    private let caption: String

    /// The plot of `series`; those without a number to draw are left out.
    ///
    /// - Parameters:
    ///   - kind: how numbers are spread from bottom to top.
    ///   - limits: numbers beyond which the vertical axis does not go.
    ///   - caption: what the numbers are, for those who cannot see the lines.
    public init(
        _ title: String, _ series: [Series], kind: Axis.Kind = .linear, within limits: ClosedRange<Double>? = nil,
        marks: [Mark] = [], caption: String = ""
    ) {
        self.title = title
        self.series = series.filter { !$0.isEmpty }
        self.marks = marks
        self.caption = caption
        let points = self.series.flatMap(\.points)
        horizontal = Axis(.linear, fitting: points.map(\.x) + [0])
        // Bands may reach beyond the axis: a single wild step must not flatten everything else.
        let drawn = points.compactMap(\.y)
        let bands = points.compactMap(\.band).flatMap { [$0.lowerBound, $0.upperBound] }
        vertical = Axis(kind, fitting: Self.spread(drawn, with: bands, kind), within: limits)
    }

    /// `values`, and as much of `bands` as lies within their own spread above and below them.
    private static func spread(_ values: [Double], with bands: [Double], _ kind: Axis.Kind) -> [Double] {
        let placed = values.filter { $0.isFinite && (kind == .linear || $0 > 0) }
        guard let low = placed.min(), let high = placed.max() else { return values }
        let room: ClosedRange<Double> =
            switch kind {
            case .linear: low - (high - low)...high + (high - low)
            case .logarithmic: low / max(2, (high / low).squareRoot())...high * max(2, (high / low).squareRoot())
            }
        return placed
            + bands.filter { $0.isFinite && (kind == .linear || $0 > 0) }.map {
                min(max($0, room.lowerBound), room.upperBound)
            }
    }

    /// True if there is nothing to draw.
    public var isEmpty: Bool { series.isEmpty }

    /// The place of a step.
    func x(_ step: Double) -> Double? { horizontal.share(of: step).map { Self.left + $0 * (Self.right - Self.left) } }

    /// The place of a number; nil if it has none.
    func y(_ value: Double) -> Double? { vertical.share(of: value).map { Self.bottom - $0 * (Self.bottom - Self.top) } }

    /// The picture.
    public var svg: HTML {
        """
        <svg class="plot" viewBox="0 0 \(Int(Self.width)) \(Int(Self.height))" role="img" aria-label="\(label)">
        <text class="title" x="\(Int(Self.left))" y="20">\(title)</text>
        \(grid)
        \(marks.map(drawn).joined())
        \(series.map(band).joined())
        \(series.map(line).joined())
        \(legend)
        </svg>
        """
    }

    private var label: String {
        let ends = series.compactMap { series in
            series.points.last { $0.y?.isFinite ?? false }?.y.map { "\(series.name) ends at \(PlotNumber.text($0))" }
        }
        return ([title, caption].filter { !$0.isEmpty } + ends).joined(separator: ". ")
    }

    /// Lines at round numbers, and the numbers.
    private var grid: HTML {
        let rows = vertical.ticks.compactMap { tick -> HTML? in
            y(tick).map { y in
                """
                <line class="grid" x1="\(place(Self.left))" y1="\(place(y))" x2="\(place(Self.right))" y2="\(place(y))"/>\
                <text class="tick" text-anchor="end" x="\(place(Self.left - 6))" y="\(place(y + 4))">\
                \(PlotNumber.tick(tick, on: vertical.kind))</text>
                """
            }
        }
        // Of few steps, the round numbers between two of them are none.
        let columns = horizontal.ticks.filter { $0 == $0.rounded() }.compactMap { tick -> HTML? in
            x(tick).map { x in
                """
                <text class="tick" text-anchor="middle" x="\(place(x))" y="\(place(Self.bottom + 16))">\
                \(PlotNumber.tick(tick, on: .linear))</text>
                """
            }
        }
        let frame: HTML = """
            <line class="axis" x1="\(place(Self.left))" y1="\(place(Self.bottom))" x2="\(place(Self.right))" \
            y2="\(place(Self.bottom))"/>
            """
        return (rows + columns + [frame]).joined()
    }

    private func drawn(_ mark: Mark) -> HTML {
        guard let x = x(mark.x) else { return .nothing }
        let isLate = x > (Self.left + Self.right) / 2
        return """
            <line class="mark" x1="\(place(x))" y1="\(place(Self.top))" x2="\(place(x))" y2="\(place(Self.bottom))"/>\
            <text class="tick" text-anchor="\(isLate ? "end" : "start")" x="\(place(x + (isLate ? -4 : 4)))" \
            y="\(place(Self.top + 10))">\(mark.text)</text>
            """
    }

    /// The series' line: a new stroke after each gap. A point between two gaps is a dot.
    private func line(_ series: Series) -> HTML {
        var path: [String] = []
        var dots: [HTML] = []
        for run in runs(of: series, by: { $0.y.flatMap(y) }) {
            let steps = run.enumerated().map {
                "\($0.offset == 0 ? "M" : "L")\(place($0.element.x)) \(place($0.element.y))"
            }
            if run.count == 1 {
                dots.append(
                    "<circle class=\"c\(series.colour)\" cx=\"\(place(run[0].x))\" cy=\"\(place(run[0].y))\" r=\"2.5\"/>"
                )
            } else {
                path.append(steps.joined())
            }
        }
        let stroke: HTML = "<path class=\"line s\(series.colour)\" d=\"\(path.joined())\"/>"
        return "<g><title>\(series.name)</title>\(path.isEmpty ? .nothing : stroke)\(dots.joined(separator: ""))</g>"
    }

    /// The series' band, along its upper ends and back along the lower ones.
    private func band(_ series: Series) -> HTML {
        let upper = runs(of: series) { $0.band.flatMap { self.end($0.upperBound) } }
        let lower = runs(of: series) { $0.band.flatMap { self.end($0.lowerBound) } }
        let path = zip(upper, lower).filter { $0.0.count > 1 && $0.0.count == $0.1.count }.map { upper, lower in
            (upper + lower.reversed()).enumerated().map {
                "\($0.offset == 0 ? "M" : "L")\(place($0.element.x)) \(place($0.element.y))"
            }.joined() + "Z"
        }
        return path.isEmpty ? .nothing : "<path class=\"band c\(series.colour)\" d=\"\(path.joined())\"/>"
    }

    /// The place of a band's end: what is 0 on a logarithmic axis lies at its foot.
    private func end(_ value: Double) -> Double? {
        y(vertical.kind == .logarithmic && value <= 0 ? vertical.bounds.lowerBound : value)
    }

    /// The stretches of `series` in which every point has a place.
    private func runs(of series: Series, by place: (Series.Point) -> Double?) -> [[(x: Double, y: Double)]] {
        var runs: [[(x: Double, y: Double)]] = [[]]
        for point in series.points {
            if let x = x(point.x), let y = place(point) {
                runs[runs.count - 1].append((x, y))
            } else if runs.last?.isEmpty == false {
                runs.append([])
            }
        }
        return runs.filter { !$0.isEmpty }
    }

    /// The series' names, in as many rows as they need.
    private var legend: HTML {
        var (x, y) = (Self.left, Self.bottom + 36)
        return series.map { series -> HTML in
            // About 6.2 units a letter.
            let width = 26 + 6.2 * Double(series.name.count) + 14
            if x + width > Self.right, x > Self.left { (x, y) = (Self.left, y + 16) }
            defer { x += width }
            return """
                <line class="line s\(series.colour)" x1="\(place(x))" y1="\(place(y - 4))" x2="\(place(x + 18))" \
                y2="\(place(y - 4))"/><text class="tick" x="\(place(x + 24))" y="\(place(y))">\(series.name)</text>
                """
        }.joined()
    }
}

/// A coordinate with one decimal.
private func place(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths < 0 ? "-" : "")\(abs(tenths) / 10).\(abs(tenths) % 10)"
}
