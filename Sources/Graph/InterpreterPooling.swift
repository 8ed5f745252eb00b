/// Pooling over `[N, H, W, C]`. Padding never counts: not as a maximum, and not in the mean.
extension Evaluation {
    func maxPoolIndex(_ window: Window) -> [Double] {
        let (x, channels) = (inputs[0], inputs[0].shape[3])
        var best = [Double](repeating: -.infinity, count: shape.count)
        var position = [Double](repeating: 0, count: shape.count)
        var isSet = [Bool](repeating: false, count: shape.count)
        window.forEachTap(batch: x.shape[0], height: x.shape[1], width: x.shape[2]) { tap in
            for c in 0..<channels {
                let (target, value) = (tap.output * channels + c, x.elements[tap.pixel * channels + c])
                if !isSet[target] || value > best[target] {
                    (best[target], position[target], isSet[target]) = (value, Double(tap.position), true)
                }
            }
        }
        return position
    }

    func averagePool(_ window: Window) -> [Double] {
        let (x, channels) = (inputs[0], inputs[0].shape[3])
        let counts = tapCounts(window, height: x.shape[1], width: x.shape[2])
        var y = [Double](repeating: 0, count: shape.count)
        window.forEachTap(batch: x.shape[0], height: x.shape[1], width: x.shape[2]) { tap in
            let share = 1 / counts[tap.output % counts.count]
            for c in 0..<channels { y[tap.output * channels + c] += x.elements[tap.pixel * channels + c] * share }
        }
        return y
    }

    func averagePoolGradient(_ window: Window) -> [Double] {
        let (g, channels) = (inputs[0], shape[3])
        let counts = tapCounts(window, height: shape[1], width: shape[2])
        var x = [Double](repeating: 0, count: shape.count)
        window.forEachTap(batch: shape[0], height: shape[1], width: shape[2]) { tap in
            let share = 1 / counts[tap.output % counts.count]
            for c in 0..<channels { x[tap.pixel * channels + c] += g.elements[tap.output * channels + c] * share }
        }
        return x
    }

    /// How many pixels of one image each output pixel's window covers.
    private func tapCounts(_ window: Window, height: Int, width: Int) -> [Double] {
        let size = window.outputSize(height: height, width: width)
        var counts = [Double](repeating: 0, count: size.height * size.width)
        window.forEachTap(batch: 1, height: height, width: width) { counts[$0.output] += 1 }
        return counts
    }
}
