import Diagnosis
import Foundation
import Training

/// What a run of the comparison came to, in numbers. "Late" is the second half of the steps.
public struct RunMeasures: Hashable, Sendable {
    /// A gradient's norm, step by step, divided by what it was at the first step, before the generator had learnt anything.
    public struct Course: Hashable, Sendable {
        /// What it is divided by.
        public var start: Double
        /// The median of the late steps.
        public var late: Double
        /// The lowest median of a window, a twentieth of the run.
        public var lowest: Double

        /// The course of `values`, one for each step; nil if there are none, or it began with 0.
        init?(_ values: [Double]) {
            guard let start = values.first, start > 0,
                let late = median(values.suffix(max(1, values.count / 2)))
            else { return nil }
            let window = max(1, values.count / 20)
            let windows = stride(from: 0, to: values.count, by: window).compactMap { first in
                median(values[first..<min(first + window, values.count)])
            }
            self.init(start: start, late: late / start, lowest: (windows.min() ?? late) / start)
        }

        /// A course of all its parts.
        init(start: Double, late: Double, lowest: Double) {
            self.start = start
            self.late = late
            self.lowest = lowest
        }
    }

    /// Of the gradient with respect to the generated images, of the generator's and of the discriminator's parameters.
    public var image, generator, discriminator: Course?
    /// The discriminator's accuracy, late.
    public var accuracy: Double?
    /// The first step at which the accuracy was ``Thresholds/sure`` on two watched lines in a row.
    public var sureFrom: Int?
    /// Medians on the watched lines on which the discriminator is sure, relative to the beginning.
    public var imageWhenSure, discriminatorWhenSure: Double?
    /// The lowest of the discriminator's gradients on these lines, relative to the beginning.
    public var discriminatorLowestWhenSure: Double?
    /// E[σ′(logit)] on generated pairs, late.
    public var sigmoidSlope: Double?
    /// How far images move when their label is turned, late; root mean square over pixels.
    public var labelEffect: Double?
    /// How often images show the class that they are meant to.
    public var labels: LabelAgreement?
    /// The spread of generated images inside a class, late, divided by that of real ones.
    public var spread: Double?
    /// The norm of the discriminator's slope between real and generated images, late, where a penalty watches it.
    public var slope: Double?
    /// The generator's update ratio, late, divided by that of the beginning.
    public var updates: Double?
    /// The standard deviation of log₁₀ of the generator's gradient norm over the windows.
    public var unsteadiness: Double?
    /// Median seconds of a step.
    public var seconds: Double?
    /// What is happening at the end.
    public var verdict: Verdict?

    /// Nothing measured yet.
    init() {}

    /// The measures of `record`.
    init(_ record: RunRecord, labels: LabelAgreement?) {
        let half = record.step / 2
        func all(_ name: String) -> [Double] { record.values(name).map(\.value) }
        func late(_ name: String) -> Double? { median(record.values(name).filter { $0.step > half }.map(\.value)) }
        self.labels = labels
        image = Course(all("generator.gradient.image"))
        generator = Course(all("gradient.norm.generator"))
        discriminator = Course(all("gradient.norm.discriminator"))
        accuracy = late("logit.accuracy")
        sigmoidSlope = late("sigmoid.slope.fake")
        labelEffect = late("label.effect.generator")
        slope = late("discriminator.slope")
        seconds = median(all("seconds"))
        verdict = record.verdict
        if let fake = late("spread.class.fake"), let real = late("spread.class.real"), real > 0 { spread = fake / real }
        if let start = all("update.ratio.generator").first, start > 0 {
            updates = late("update.ratio.generator").map { $0 / start }
        }
        unsteadiness = Self.unsteadiness(all("gradient.norm.generator"))
        measureWhenSure(record)
    }

    private mutating func measureWhenSure(_ record: RunRecord) {
        let watched = record.lines.filter { $0.values["logit.accuracy"] != nil }
        let isSure = watched.map { ($0.values["logit.accuracy"] ?? 0) >= Thresholds.sure }
        sureFrom = watched.indices.dropFirst().first { isSure[$0] && isSure[$0 - 1] }.map { watched[$0 - 1].step }
        let sure = zip(watched, isSure).filter(\.1).map(\.0)
        func relative(_ name: String, to course: Course?) -> [Double] {
            course.map { course in sure.compactMap { $0.values[name].map { $0 / course.start } } } ?? []
        }
        imageWhenSure = median(relative("generator.gradient.image", to: image))
        let own = relative("gradient.norm.discriminator", to: discriminator)
        discriminatorWhenSure = median(own)
        discriminatorLowestWhenSure = own.min()
    }

    private static func unsteadiness(_ values: [Double]) -> Double? {
        let window = max(1, values.count / 20)
        let medians = stride(from: 0, to: values.count, by: window).compactMap { first in
            median(values[first..<min(first + window, values.count)])
        }
        let logarithms = medians.filter { $0 > 0 }.map { log10($0) }
        guard logarithms.count > 1 else { return nil }
        let mean = logarithms.reduce(0, +) / Double(logarithms.count)
        let squares = logarithms.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (squares / Double(logarithms.count - 1)).squareRoot()
    }
}

/// What the claims are held against, written down before any run.
public enum Thresholds {
    /// A gradient is called zero below this share of what it was at the beginning.
    public static let zero = 1e-6
    /// A gradient has vanished below this share of what it was at the beginning.
    public static let vanished = 0.01
    /// A discriminator is sure, or overpowers, from this accuracy on.
    public static let sure = 0.99
    /// A remedy helps if the gradient is this many times as large as without it, a cause harms if it is as many times as
    /// small.
    public static let factor = 3.0
    /// Images show their labels if more than this many times the share of chance do.
    public static let aboveChance = 2.0
    /// Updates are minimal below this share of what they were at the beginning.
    public static let minimalUpdate = 0.1
    /// A penalty holds the slope if it is within these.
    public static let slope = 0.5...1.5
}
