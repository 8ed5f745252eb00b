/// One meeting of a kernel's tap with an image's pixel.
struct Tap {
    /// `(n·H + h)·W + w` of the input pixel.
    var pixel: Int
    /// `h·W + w` of the input pixel.
    var position: Int
    /// `kh·KW + kw` of the kernel's element.
    var kernel: Int
    /// `(n·H' + h')·W' + w'` of the output pixel.
    var output: Int
}

extension Window {
    /// Calls `body` for every tap inside the image, output pixel by output pixel, the kernel in row-major order.
    func forEachTap(batch: Int, height: Int, width: Int, _ body: (Tap) -> Void) {
        let (rows, columns) = outputSize(height: height, width: width)
        for n in 0..<batch {
            for row in 0..<rows {
                for column in 0..<columns {
                    for kernel in 0..<kernelHeight * kernelWidth {
                        let h = row * strideHeight - padTop + kernel / kernelWidth
                        let w = column * strideWidth - padLeft + kernel % kernelWidth
                        guard h >= 0, h < height, w >= 0, w < width else { continue }
                        body(
                            Tap(
                                pixel: (n * height + h) * width + w, position: h * width + w, kernel: kernel,
                                output: (n * rows + row) * columns + column))
                    }
                }
            }
        }
    }
}

/// Matrix products and the convolution triple.
extension Evaluation {
    func matmul(_ transposeA: Bool, _ transposeB: Bool) -> [Double] {
        let (a, b) = (inputs[0].elements, inputs[1].elements)
        let (m, n) = (shape[0], shape[1])
        let k = inputs[0].shape[transposeA ? 0 : 1]
        // Elements between rows of op(A) and along them; between columns of op(B) and along them.
        let (rowStep, aStep) = transposeA ? (1, m) : (k, 1)
        let (columnStep, bStep) = transposeB ? (k, 1) : (1, n)
        var result = [Double](repeating: 0, count: m * n)
        for i in 0..<m {
            for j in 0..<n {
                var sum = 0.0
                for p in 0..<k { sum += a[i * rowStep + p * aStep] * b[j * columnStep + p * bStep] }
                result[i * n + j] = sum
            }
        }
        return result
    }

    func convolution(_ window: Window) -> [Double] {
        let (image, x, w) = (inputs[0].shape, inputs[0].elements, inputs[1].elements)
        let (channels, filters) = (inputs[1].shape[2], inputs[1].shape[3])
        var y = [Double](repeating: 0, count: shape.count)
        window.forEachTap(batch: image[0], height: image[1], width: image[2]) { tap in
            for i in 0..<channels {
                let value = x[tap.pixel * channels + i]
                let (row, target) = ((tap.kernel * channels + i) * filters, tap.output * filters)
                for o in 0..<filters { y[target + o] += value * w[row + o] }
            }
        }
        return y
    }

    func convolutionInputGradient(_ window: Window) -> [Double] {
        let (g, w) = (inputs[0].elements, inputs[1].elements)
        let (channels, filters) = (inputs[1].shape[2], inputs[1].shape[3])
        var x = [Double](repeating: 0, count: shape.count)
        window.forEachTap(batch: shape[0], height: shape[1], width: shape[2]) { tap in
            for i in 0..<channels {
                let (row, source) = ((tap.kernel * channels + i) * filters, tap.output * filters)
                var sum = 0.0
                for o in 0..<filters { sum += g[source + o] * w[row + o] }
                x[tap.pixel * channels + i] += sum
            }
        }
        return x
    }

    func convolutionWeightGradient(_ window: Window) -> [Double] {
        let (image, x, g) = (inputs[0].shape, inputs[0].elements, inputs[1].elements)
        let (channels, filters) = (shape[2], shape[3])
        var w = [Double](repeating: 0, count: shape.count)
        window.forEachTap(batch: image[0], height: image[1], width: image[2]) { tap in
            for i in 0..<channels {
                let value = x[tap.pixel * channels + i]
                let (row, source) = ((tap.kernel * channels + i) * filters, tap.output * filters)
                for o in 0..<filters { w[row + o] += value * g[source + o] }
            }
        }
        return w
    }
}
