import Compiler
import Foundation

/// A profile as a picture: the step above its phases, their layers and their kernels, each as wide as it is slow.
public struct FlameGraph {
    /// One box, as wide as its time.
    struct Box {
        var name: String
        /// What is left of the name where there is little room.
        var shortName: String
        var detail: String
        var seconds: Double
        var fill: String
        var children: [Box] = []
    }

    private static let (width, margin, rowHeight, letter) = (1600.0, 16.0, 30.0, 7.2)
    private let profile: StepProfile
    private let root: Box

    /// The picture of `profile`.
    public init(_ profile: StepProfile) {
        self.profile = profile
        let phases = profile.phases.map { Self.box(ofPhase: $0, in: profile) }
        root = Box(
            name: "step", shortName: "step", detail: "\(profile.steps) steps were counted",
            seconds: max(profile.stepSeconds, profile.countedSeconds), fill: "#e2e8f0", children: phases)
    }

    private static func box(ofPhase phase: String, in profile: StepProfile) -> Box {
        var layers: [Box] = []
        for row in profile.rows where row.phase == phase && row.seconds > 0 {
            let share = profile.efficiency(of: row)
            let bound = profile.roofline.bound(of: row.cost).rawValue
            let kernel = Box(
                name: row.number.map { "\($0) \(row.name)" } ?? row.name,
                shortName: row.number.map { "\($0)" } ?? row.name,
                detail: "\(TextTable.percent(share)) of its bound, \(bound); "
                    + "\(TextTable.number(Double(row.cost.operations) / row.seconds / 1e9, 1)) GFLOP/s, "
                    + "\(TextTable.number(Double(row.cost.bytes) / row.seconds / 1e9, 1)) GB/s",
                seconds: row.seconds, fill: colour(share))
            let name = row.layer + StepProfile.prime(row.order)
            if let place = layers.firstIndex(where: { $0.name == name }) {
                layers[place].children.append(kernel)
                layers[place].seconds += row.seconds
            } else {
                layers.append(
                    Box(
                        name: name, shortName: String(name.split(separator: ".").last ?? ""), detail: "",
                        seconds: row.seconds, fill: "#cbd5e1", children: [kernel]))
            }
        }
        let seconds = layers.reduce(0) { $0 + $1.seconds }
        return Box(name: phase, shortName: phase, detail: "", seconds: seconds, fill: "#d5dde8", children: layers)
    }

    /// From orange for none of the bound, over yellow, to green for all of it.
    static func colour(_ share: Double) -> String {
        "hsl(\(Int((20 + 120 * min(1, max(0, share))).rounded())) 75% 72%)"
    }

    /// The picture as SVG.
    public var svg: String {
        let height = 4 * Self.rowHeight + 100
        var lines = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(Int(Self.width))\" height=\"\(Int(height))\" "
                + "viewBox=\"0 0 \(Int(Self.width)) \(Int(height))\" font-family=\"system-ui, sans-serif\" "
                + "font-size=\"13\" fill=\"#1e293b\">",
            "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>",
            "<text x=\"\(Int(Self.margin))\" y=\"26\" font-size=\"16\" font-weight=\"600\">"
                + Self.escaped("\(profile.title): \(Self.milliseconds(profile.stepSeconds)) per step") + "</text>",
        ]
        draw(root, x: Self.margin, y: 42, width: Self.width - 2 * Self.margin, into: &lines)
        lines += legend(y: 42 + 4 * Self.rowHeight + 32)
        return (lines + ["</svg>"]).joined(separator: "\n") + "\n"
    }

    private func draw(_ box: Box, x: Double, y: Double, width: Double, into lines: inout [String]) {
        let share = TextTable.percent(root.seconds > 0 ? box.seconds / root.seconds : 0)
        let title = "\(box.name): \(Self.milliseconds(box.seconds)), \(share) of the step"
        lines.append(
            "<g><title>\(Self.escaped(title + (box.detail.isEmpty ? "" : "\n" + box.detail)))</title>"
                + "<rect x=\"\(Self.place(x))\" y=\"\(Self.place(y))\" width=\"\(Self.place(max(0, width - 1)))\" "
                + "height=\"\(Self.place(Self.rowHeight - 2))\" rx=\"2\" fill=\"\(box.fill)\"/>"
                + label(box, x: x, y: y, width: width) + "</g>")
        var start = x
        for child in box.children {
            let part = box.seconds > 0 ? width * child.seconds / box.seconds : 0
            draw(child, x: start, y: y + Self.rowHeight, width: part, into: &lines)
            start += part
        }
    }

    /// The box's name and time as far as they fit: both, the name, the short name, its beginning, or nothing.
    private func label(_ box: Box, x: Double, y: Double, width: Double) -> String {
        let room = Int((width - 10) / Self.letter)
        let names = ["\(box.name)  \(Self.milliseconds(box.seconds))", box.name, box.shortName]
        let text = names.first { $0.count <= room } ?? (room >= 5 ? box.shortName.prefix(room - 1) + "…" : "")
        guard !text.isEmpty else { return "" }
        return "<text x=\"\(Self.place(x + 5))\" y=\"\(Self.place(y + 19))\">\(Self.escaped(String(text)))</text>"
    }

    private func legend(y: Double) -> [String] {
        let patches = stride(from: 0.0, through: 1, by: 0.25).enumerated().map { index, share in
            "<rect x=\"\(Int(Self.margin) + 84 * index)\" y=\"\(Int(y) - 14)\" width=\"20\" height=\"18\" rx=\"2\" "
                + "fill=\"\(Self.colour(share))\"/><text x=\"\(Int(Self.margin) + 84 * index + 26)\" y=\"\(Int(y))\">"
                + "\(Int(share * 100))%</text>"
        }
        let words =
            "of the limit that a kernel meets first: \(TextTable.number(profile.roofline.peak / 1e9, 0)) GFLOP/s or "
            + "\(TextTable.number(profile.roofline.bandwidth / 1e9, 1)) GB/s, as measured. What the step leaves white "
            + "is spent outside of the phases; a prime marks a gradient."
        return patches + ["<text x=\"\(Int(Self.margin) + 430)\" y=\"\(Int(y))\">\(Self.escaped(words))</text>"]
    }

    private static func milliseconds(_ seconds: Double) -> String { TextTable.number(seconds * 1e3, 2) + " ms" }

    private static func place(_ value: Double) -> String { TextTable.number(value, 2) }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
