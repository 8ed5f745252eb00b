/// The geometry of a convolution or a pooling over `[N, H, W, C]`: kernel extents, strides and explicit padding.
public struct Window: Hashable, Codable, Sendable, CustomStringConvertible {
    /// Extents of the kernel in pixels, height then width.
    public var kernelHeight, kernelWidth: Int
    /// Steps between output pixels, in input pixels.
    public var strideHeight, strideWidth: Int
    /// Rows and columns added around the input.
    public var padTop, padBottom, padLeft, padRight: Int

    /// A window with a square stride and explicit padding.
    public init(
        kernel: (height: Int, width: Int), stride: (height: Int, width: Int),
        padding: (top: Int, bottom: Int, left: Int, right: Int)
    ) {
        (kernelHeight, kernelWidth) = kernel
        (strideHeight, strideWidth) = stride
        (padTop, padBottom, padLeft, padRight) = padding
    }

    /// The output's extent `(n + before + after − k) / s + 1` along both axes for an input of `height × width`.
    ///
    /// A result below 1 means that the kernel does not fit.
    public func outputSize(height: Int, width: Int) -> (height: Int, width: Int) {
        let rows = height + padTop + padBottom - kernelHeight
        let columns = width + padLeft + padRight - kernelWidth
        return (rows < 0 ? 0 : rows / strideHeight + 1, columns < 0 ? 0 : columns / strideWidth + 1)
    }

    /// "same" padding along one axis, as TensorFlow has it: `ceil(n / s)` outputs, the odd pixel after.
    public static func samePadding(extent: Int, kernel: Int, stride: Int) -> (before: Int, after: Int) {
        let outputs = (extent + stride - 1) / stride
        let total = max((outputs - 1) * stride + kernel - extent, 0)
        return (total / 2, total - total / 2)
    }

    /// Kernel, strides and padding (top, bottom, left, right): `4x4 stride 2x2 pad 1,1,1,1`.
    public var description: String {
        "\(kernelHeight)x\(kernelWidth) stride \(strideHeight)x\(strideWidth) "
            + "pad \(padTop),\(padBottom),\(padLeft),\(padRight)"
    }
}
