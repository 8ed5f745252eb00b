/// The distances of an image's pixels to strokes of varying width, from which anti-aliased coverage is read.
///
/// Only sums, products, quotients and square roots are used, each rounded as IEEE 754 says: the same strokes give the
/// same bits on every machine.
struct StrokeCanvas {
    /// Pixels that one vector covers.
    private static let lanes = 4

    private let height: Int
    private let width: Int
    /// Vectors in a row; the last may pass the image's edge.
    private let stride: Int
    /// For each pixel, the distance of its centre to the nearest edge of a stroke, negative inside; at most `far`.
    private var distances: [SIMD4<Float>]
    private let far = SIMD4<Float>(repeating: 64)

    init(height: Int, width: Int) {
        self.height = height
        self.width = width
        stride = (width + StrokeCanvas.lanes - 1) / StrokeCanvas.lanes
        distances = [SIMD4<Float>](repeating: far, count: height * stride)
    }

    mutating func clear() {
        for index in distances.indices { distances[index] = far }
    }

    /// Adds the line from `start` to `end`, in pixels, whose half width goes from `startRadius` to `endRadius`.
    /// Pixels further than `margin` from its edge may keep `far`.
    @inline(__always)
    mutating func addSegment(
        from start: SIMD2<Float>, to end: SIMD2<Float>, startRadius: Float, endRadius: Float, margin: Float
    ) {
        let reach = max(startRadius, endRadius) + margin
        let firstRow = max(0, Int((min(start.y, end.y) - reach).rounded(.down)))
        let lastRow = min(height - 1, Int((max(start.y, end.y) + reach).rounded(.up)))
        let firstVector = max(0, Int((min(start.x, end.x) - reach).rounded(.down))) / StrokeCanvas.lanes
        let lastVector = min(width - 1, Int((max(start.x, end.x) + reach).rounded(.up))) / StrokeCanvas.lanes
        guard firstRow <= lastRow, firstVector <= lastVector else { return }

        let direction = end - start
        let squaredLength = direction.x * direction.x + direction.y * direction.y
        // A segment without length is a dot: its place along the line is 0 everywhere.
        let scale = squaredLength > 1e-6 ? 1 / squaredLength : 0
        let widening = SIMD4<Float>(repeating: endRadius - startRadius)
        let zero = SIMD4<Float>(repeating: 0)
        let one = SIMD4<Float>(repeating: 1)
        distances.withUnsafeMutableBufferPointer { distances in
            for row in firstRow...lastRow {
                let y = Float(row) + 0.5 - start.y
                for vector in firstVector...lastVector {
                    let left = Float(vector * StrokeCanvas.lanes) + 0.5 - start.x
                    let x = SIMD4(left, left + 1, left + 2, left + 3)
                    var along = (x * direction.x + y * direction.y) * scale
                    along.replace(with: zero, where: along .< zero)
                    along.replace(with: one, where: along .> one)
                    let acrossX = x - along * direction.x
                    let acrossY = y - along * direction.y
                    let distance = (acrossX * acrossX + acrossY * acrossY).squareRoot() - startRadius - along * widening
                    let index = row * stride + vector
                    let old = distances[index]
                    distances[index] = old.replacing(with: distance, where: distance .< old)
                }
            }
        }
    }

    /// Writes how much of each pixel is inside a stroke, 0 ... 1, as `[height, width]`: it falls from 1 to 0 over
    /// `softness` pixels around the edge.
    @inline(__always)
    func coverage(softness: Float, _ write: (_ pixel: Int, _ coverage: Float) -> Void) {
        let slope = SIMD4<Float>(repeating: -1 / softness)
        let half = SIMD4<Float>(repeating: 0.5)
        let zero = SIMD4<Float>(repeating: 0)
        let one = SIMD4<Float>(repeating: 1)
        distances.withUnsafeBufferPointer { distances in
            for row in 0..<height {
                for vector in 0..<stride {
                    var inside = distances[row * stride + vector] * slope + half
                    inside.replace(with: zero, where: inside .< zero)
                    inside.replace(with: one, where: inside .> one)
                    let column = vector * StrokeCanvas.lanes
                    for lane in 0..<min(StrokeCanvas.lanes, width - column) {
                        write(row * width + column + lane, inside[lane])
                    }
                }
            }
        }
    }
}
