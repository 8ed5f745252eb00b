/// The colours of one example: what lies between them is mixed by coverage.
struct GlyphInk {
    let background: [Float]
    let foreground: [Float]

    /// White ink on black for anything but three channels; two colours of random hue, light on dark or dark on light,
    /// for three.
    init(channels: Int, random: inout ExampleRandom) {
        guard channels == 3 else {
            background = [Float](repeating: 0, count: channels)
            foreground = [Float](repeating: 255 * random.uniform(0.82, 1), count: channels)
            return
        }
        let dark = GlyphInk.colour(
            luma: random.uniform(0.06, 0.30), colourfulness: random.uniform(0.1, 0.6), hue: random.uniform(0, 6))
        let light = GlyphInk.colour(
            luma: random.uniform(0.62, 0.94), colourfulness: random.uniform(0.1, 0.6), hue: random.uniform(0, 6))
        let lightOnDark = random.index(below: 2) == 0
        background = lightOnDark ? dark : light
        foreground = lightOnDark ? light : dark
    }

    /// Red, green and blue in 0 ... 255 of about the given luma (BT.601), in 0 ... 1. The hue runs round the wheel in
    /// 0 ..< 6, from red over yellow, green and so on.
    private static func colour(luma: Float, colourfulness: Float, hue: Float) -> [Float] {
        // Each channel is a trapezium over the wheel: 1 for two sixths around its hue, 0 for two sixths opposite.
        let pure = [0, 2, 4].map { (peak: Float) -> Float in
            let turn = abs(hue - peak)
            return min(1, max(0, 2 - min(turn, 6 - turn)))
        }
        let own = 0.299 * pure[0] + 0.587 * pure[1] + 0.114 * pure[2]
        return pure.map { 255 * min(1, max(0, luma + colourfulness * ($0 - own))) }
    }
}
