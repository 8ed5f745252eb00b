import Graph

/// What a convolution or a pooling adds around its image.
public enum Padding: Hashable, Sendable, CustomStringConvertible {
    /// So much that a stride of `s` gives `ceil(n / s)` pixels, the odd one after (as TensorFlow has it).
    case same
    /// Nothing: only whole windows count.
    case valid
    /// So many rows and columns.
    case explicit(top: Int, bottom: Int, left: Int, right: Int)

    /// `amount` rows and columns on each side.
    public static func explicit(_ amount: Int) -> Padding {
        .explicit(top: amount, bottom: amount, left: amount, right: amount)
    }

    /// As it is written.
    public var description: String {
        switch self {
        case .same: ".same"
        case .valid: ".valid"
        case .explicit(let top, let bottom, let left, let right):
            Set([top, bottom, left, right]).count == 1
                ? ".explicit(\(top))" : ".explicit(top: \(top), bottom: \(bottom), left: \(left), right: \(right))"
        }
    }
}

/// Extents of a window as a layer is given them, before the image is known.
struct WindowSize: Hashable {
    var kernel: (height: Int, width: Int)
    var stride: (height: Int, width: Int)
    var padding: Padding

    static func == (a: WindowSize, b: WindowSize) -> Bool {
        a.kernel == b.kernel && a.stride == b.stride && a.padding == b.padding
    }

    func hash(into hasher: inout Hasher) {
        for extent in [kernel.height, kernel.width, stride.height, stride.width] { hasher.combine(extent) }
        hasher.combine(padding)
    }

    /// True if every extent and stride is in a range that a window can have.
    var isPossible: Bool {
        var pads = [0]
        if case .explicit(let top, let bottom, let left, let right) = padding { pads = [top, bottom, left, right] }
        return [kernel.height, kernel.width, stride.height, stride.width].allSatisfy { (1...4096).contains($0) }
            && pads.allSatisfy { (0...4096).contains($0) }
    }

    /// The window over an image of `height × width`.
    func window(height: Int, width: Int) -> Window {
        let padding: (Int, Int, Int, Int)
        switch self.padding {
        case .valid: padding = (0, 0, 0, 0)
        case .explicit(let top, let bottom, let left, let right): padding = (top, bottom, left, right)
        case .same:
            let rows = Window.samePadding(extent: height, kernel: kernel.height, stride: stride.height)
            let columns = Window.samePadding(extent: width, kernel: kernel.width, stride: stride.width)
            padding = (rows.before, rows.after, columns.before, columns.after)
        }
        return Window(kernel: kernel, stride: stride, padding: padding)
    }

    /// The arguments as they are written, `kernel: 4, stride: 2`; what is a default is left out.
    var summary: String {
        func pair(_ value: (height: Int, width: Int)) -> String {
            value.height == value.width ? "\(value.height)" : "(\(value.height), \(value.width))"
        }
        return "kernel: \(pair(kernel))" + (stride == (1, 1) ? "" : ", stride: \(pair(stride))")
            + (padding == .same ? "" : ", padding: \(padding)")
    }
}
