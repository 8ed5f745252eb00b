import Foundation

/// How long training steps take: whole steps, from the end of one to the end of the next.
public struct StepTiming: Sendable {
    /// Seconds since 1970 when the first step was done.
    public private(set) var firstStepAt: Double?
    /// Milliseconds of each step that counts, in order.
    public private(set) var milliseconds: [Double] = []
    /// Those of them that are watched: a multiple of the telemetry's interval.
    public private(set) var watchedMilliseconds: [Double] = []
    private let interval: Int
    private let warmup: Int
    private let least: Int
    private let seconds: Double
    private var seen = 0
    private var lastEnd: ContinuousClock.Instant?
    private var spent = 0.0

    /// A timing of nothing yet.
    ///
    /// - Parameters:
    ///   - warmup: first steps that do not count; the very first one never does.
    ///   - steps: at least so many steps are timed,
    ///   - seconds: and at least for so long.
    ///   - telemetryInterval: steps between two that are watched; 0 for none.
    public init(warmup: Int, steps: Int, seconds: Double, telemetryInterval: Int = 0) {
        self.warmup = max(1, warmup)
        interval = telemetryInterval
        least = max(1, steps)
        self.seconds = seconds
    }

    /// Takes note of the end of a step; false once there are enough.
    public mutating func stepEnded() -> Bool {
        let now = ContinuousClock.now
        if firstStepAt == nil { firstStepAt = Date().timeIntervalSince1970 }
        if let lastEnd, seen >= warmup {
            add(seconds: (now - lastEnd).seconds)
            if interval > 0, (seen + 1) % interval == 0, let last = milliseconds.last {
                watchedMilliseconds.append(last)
            }
        }
        seen += 1
        lastEnd = now
        return !isEnough
    }

    /// Adds a step that took `seconds`.
    mutating func add(seconds: Double) {
        milliseconds.append(seconds * 1000)
        spent += seconds
    }

    /// True if no more steps are needed.
    var isEnough: Bool { milliseconds.count >= least && spent >= seconds }

    /// The value below which the share `quantile` of the steps lies, between neighbours in proportion; NaN without steps.
    public func quantile(_ quantile: Double) -> Double { Self.quantile(quantile, of: milliseconds) }

    /// The value below which the share `quantile` of `values` lies, between neighbours in proportion; NaN without any.
    public static func quantile(_ quantile: Double, of values: [Double]) -> Double {
        let sorted = values.sorted()
        guard let last = sorted.last else { return .nan }
        let place = quantile * Double(sorted.count - 1)
        let below = Int(place)
        guard below + 1 < sorted.count else { return last }
        return sorted[below] + (place - Double(below)) * (sorted[below + 1] - sorted[below])
    }
}

/// The most memory that this process has held at once, in bytes, as the system counts it.
public func peakMemory() -> Int {
    // `ru_maxrss` is inherited through exec on Linux: a large parent would count.
    if let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
        let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
        let kilobytes = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap({ Int($0) })
    {
        return kilobytes * 1024
    }
    var usage = rusage()
    #if os(Linux)
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Int(usage.ru_maxrss) * 1024
    #else
        getrusage(RUSAGE_SELF, &usage)
        return Int(usage.ru_maxrss)
    #endif
}
