import Foundation

/// Shows a person how a run goes: a bar that is drawn over itself on a terminal, a line every few seconds otherwise.
public final class TrainingProgress {
    private let isTerminal: Bool
    private let write: (String) -> Void
    private var lastDrawn: ContinuousClock.Instant?
    private var barIsOpen = false
    private var secondsPerStep = 0.0

    /// Progress on standard error.
    public convenience init() {
        self.init(isTerminal: isatty(2) == 1) { FileHandle.standardError.write(Data($0.utf8)) }
    }

    /// Progress that is handed to `write`.
    public init(isTerminal: Bool, write: @escaping (String) -> Void) {
        self.isTerminal = isTerminal
        self.write = write
    }

    /// Shows that `step` of `total` steps are done.
    ///
    /// - Parameters:
    ///   - seconds: what the last step took.
    ///   - values: the losses and tracked values, by name.
    func show(
        step: Int, of total: Int, seconds: Double, values: @autoclosure () -> [(name: String, value: Double)]
    ) {
        secondsPerStep = secondsPerStep == 0 ? seconds : 0.95 * secondsPerStep + 0.05 * seconds
        let now = ContinuousClock.now
        let pause: Duration = isTerminal ? .milliseconds(100) : .seconds(5)
        if let lastDrawn, now - lastDrawn < pause, step != total { return }
        lastDrawn = now
        let remaining = Self.time(Double(total - step) * secondsPerStep)
        let facts =
            "\(Self.digits(secondsPerStep * 1000)) ms/step, \(remaining) left, "
            + values().map { "\($0.name) \(Self.digits($0.value))" }.joined(separator: ", ")
        guard isTerminal else { return write("step \(step)/\(total) (\(step * 100 / total)%): \(facts)\n") }
        let filled = step * 24 / total
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
        let line = "\(bar) \(step)/\(total) \(step * 100 / total)% \(facts)"
        write("\r\(line.prefix(max(20, Self.columns - 1)))\u{1b}[K")
        barIsOpen = true
    }

    /// Says `text` on a line of its own.
    func say(_ text: String) {
        close()
        write(text + "\n")
        lastDrawn = nil
    }

    /// Ends the bar, so that other text begins on a line of its own.
    func close() {
        if barIsOpen { write("\n") }
        barIsOpen = false
    }

    private static var columns: Int {
        var size = winsize()
        return ioctl(2, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 100
    }

    /// `1 h 05 min`, `2 min 03 s`, `12 s`; of what nobody will wait for, only that it is long.
    public static func time(_ seconds: Double) -> String {
        guard seconds < 3.6e7 else { return "more than 10,000 h" }
        let whole = Int(seconds.rounded())
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        if whole >= 3600 { return "\(whole / 3600) h \(two(whole % 3600 / 60)) min" }
        return whole >= 60 ? "\(whole / 60) min \(two(whole % 60)) s" : "\(whole) s"
    }

    /// Four significant digits or so.
    static func digits(_ value: Double) -> String { String(format: "%.4g", value) }
}
