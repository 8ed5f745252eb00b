/// The hand that writes one example of the glyphs: everything in it is drawn at random, from the form of the digit to
/// the ink.
struct GlyphPen {
    private static let subdivisions = 4
    private let width: Float
    private let height: Float
    private var canvas: StrokeCanvas
    private var points: [SIMD2<Float>] = []

    init(height: Int, width: Int) {
        self.height = Float(height)
        self.width = Float(width)
        canvas = StrokeCanvas(height: height, width: width)
    }

    /// Writes `digit` on a cleared canvas and returns the softness to read its coverage with, in pixels.
    mutating func write(digit: Int, random: inout ExampleRandom) -> Float {
        let forms = GlyphForm.digits[digit]
        let form = forms[random.index(below: forms.count)]
        let size = min(width, height)

        // Half width of the pen in pixels, and how much it narrows or widens along the strokes.
        let lean = random.triangular()
        let radius = size * (0.046 + 0.022 * lean + (lean > 0 ? 0.010 * lean : 0))
        let taper = 0.35 * random.triangular()
        let softness = random.uniform(0.9, 1.5) * max(1, size / 48)
        place(form, radius: radius, random: &random)

        canvas.clear()
        let total = Float(form.points.count - 1)
        for curve in form.curves {
            let (first, last) = (curve.lowerBound, curve.upperBound)
            var previous = points[first]
            var previousRadius = radius * (1 + taper * (2 * Float(first) / total - 1))
            for index in first..<last {
                // A curve's ends continue straight on.
                let p1 = points[index]
                let p2 = points[index + 1]
                let p0 = index > first ? points[index - 1] : p1 + p1 - p2
                let p3 = index + 1 < last ? points[index + 2] : p2 + p2 - p1
                for step in 1...GlyphPen.subdivisions {
                    let t = Float(step) / Float(GlyphPen.subdivisions)
                    let next = catmullRom(p0, p1, p2, p3, t)
                    let nextRadius = radius * (1 + taper * (2 * (Float(index) + t) / total - 1))
                    canvas.addSegment(
                        from: previous, to: next, startRadius: previousRadius, endRadius: nextRadius, margin: softness)
                    previous = next
                    previousRadius = nextRadius
                }
            }
        }
        return softness
    }

    /// Reads what was written, as `StrokeCanvas.coverage` does.
    @inline(__always)
    func coverage(softness: Float, _ write: (_ pixel: Int, _ coverage: Float) -> Void) {
        canvas.coverage(softness: softness, write)
    }

    /// Puts the form's points into the image: shaken, stretched, slanted, turned, moved.
    private mutating func place(_ form: GlyphForm, radius: Float, random: inout ExampleRandom) {
        let size = min(width, height)
        let tall = size * (0.68 + 0.09 * random.triangular())
        let wide = tall * (0.92 + 0.28 * random.triangular())
        let slant = 0.12 + 0.36 * random.triangular()
        // A rotation without sine and cosine: the tangent of half the angle gives both.
        let half = 0.11 * random.triangular()
        let cosine = (1 - half * half) / (1 + half * half)
        let sine = 2 * half / (1 + half * half)
        let shake: Float = 0.055

        points.removeAll(keepingCapacity: true)
        var low = SIMD2<Float>(repeating: .greatestFiniteMagnitude)
        var high = -low
        for point in form.points {
            let shaken = point + shake * SIMD2(random.triangular(), random.triangular()) - 0.5
            let y = tall * shaken.y
            let x = wide * shaken.x - slant * y
            let turned = SIMD2(cosine * x - sine * y, sine * x + cosine * y)
            low = SIMD2(min(low.x, turned.x), min(low.y, turned.y))
            high = SIMD2(max(high.x, turned.x), max(high.y, turned.y))
            points.append(turned)
        }
        // The middle of what was written goes near the middle of the image, and stays inside it if it can.
        let free = SIMD2(width, height) - (high - low) - 2 * radius - 0.08 * size
        let drift = SIMD2(random.triangular(), random.triangular()) * SIMD2(0.5 * max(0, free.x), 0.5 * max(0, free.y))
        let limit = 0.09 * size
        let shift =
            SIMD2(width, height) / 2 - (low + high) / 2
            + SIMD2(min(limit, max(-limit, drift.x)), min(limit, max(-limit, drift.y)))
        for index in points.indices { points[index] += shift }
    }

    /// The point at `t` of the cubic that passes `p1` at 0 and `p2` at 1 with the slopes of its neighbours
    /// (Catmull and Rom 1974, uniform, tension 1/2).
    @inline(__always)
    private func catmullRom(
        _ p0: SIMD2<Float>, _ p1: SIMD2<Float>, _ p2: SIMD2<Float>, _ p3: SIMD2<Float>, _ t: Float
    ) -> SIMD2<Float> {
        let slope = 0.5 * (p2 - p0)
        let quadratic = p0 - 2.5 * p1 + 2 * p2 - 0.5 * p3
        let cubic = 0.5 * (p3 - p0) + 1.5 * (p1 - p2)
        return p1 + t * (slope + t * (quadratic + t * cubic))
    }
}
