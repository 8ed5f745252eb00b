import Foundation

/// Numbers as people read them.
enum PlotNumber {
    /// About three significant digits; very large and very small ones as `2.1e-7`.
    static func text(_ value: Double) -> String {
        guard value.isFinite else { return "–" }
        if value == 0 { return "0" }
        let size = abs(value)
        guard size >= 1e-4, size < 1e6 else {
            let text = String(format: "%.2g", value)
            return text.replacing("e-0", with: "e-").replacing("e+0", with: "e").replacing("e+", with: "e")
        }
        if value == value.rounded() { return String(Int(value)) }
        let decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : min(6, 2 - Int(log10(size).rounded(.down)))
        var text = String(format: "%.\(decimals)f", value)
        while decimals > 0, text.last == "0" { text.removeLast() }
        if text.last == "." { text.removeLast() }
        return text
    }

    /// A share of a whole: `99%`, `12.5%`.
    static func percent(_ share: Double) -> String {
        let tenths = (share * 1000).rounded() / 10
        return tenths == tenths.rounded() ? "\(Int(tenths))%" : "\(tenths)%"
    }

    /// A tick's number: `250`, `0.05`, `10⁻⁴`.
    static func tick(_ value: Double, on kind: Axis.Kind) -> String {
        if kind == .logarithmic {
            let power = log10(value)
            if abs(power - power.rounded()) < 1e-9, abs(power) >= 4 { return "10" + superscript(Int(power.rounded())) }
        }
        let rounded = (value * 1e9).rounded() / 1e9
        let source = abs(value) < 1e-6 ? value : rounded
        return String(format: "%.6g", source).replacing("e-0", with: "e-")
    }

    /// A count and what is counted: `1 run`, `3 runs`.
    static func counted(_ count: Int, _ word: String, _ words: String? = nil) -> String {
        "\(count) \(count == 1 ? word : words ?? word + "s")"
    }

    private static func superscript(_ number: Int) -> String {
        let digits: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
        return (number < 0 ? "⁻" : "") + String(String(abs(number)).compactMap(\.wholeNumberValue).map { digits[$0] })
    }
}
