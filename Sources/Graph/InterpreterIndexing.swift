/// Operations whose operand holds positions.
extension Evaluation {
    func gatherRows() throws(InterpreterError) -> [Double] {
        let table = inputs[0]
        let width = table.elements.count / table.shape[0]
        var result: [Double] = []
        for position in inputs[1].elements {
            let row = try index(position, below: table.shape[0])
            result += table.elements[row * width..<(row + 1) * width]
        }
        return result
    }

    func scatterAddRows() throws(InterpreterError) -> [Double] {
        let rows = inputs[0]
        let width = rows.elements.count / rows.shape[0]
        var result = [Double](repeating: 0, count: shape.count)
        for (source, position) in inputs[1].elements.enumerated() {
            let row = try index(position, below: shape[0])
            for i in 0..<width { result[row * width + i] += rows.elements[source * width + i] }
        }
        return result
    }

    func oneHot(_ classes: Int) throws(InterpreterError) -> [Double] {
        var result = [Double](repeating: 0, count: shape.count)
        for (row, label) in inputs[0].elements.enumerated() {
            result[row * classes + (try index(label, below: classes))] = 1
        }
        return result
    }

    func gatherIndex() throws(InterpreterError) -> [Double] {
        let (x, positions) = (inputs[0], inputs[1])
        let targets = try pixelOffsets(of: positions, in: x.shape)
        return targets.map { x.elements[$0] }
    }

    func scatterIndex() throws(InterpreterError) -> [Double] {
        var result = [Double](repeating: 0, count: shape.count)
        for (i, target) in try pixelOffsets(of: inputs[1], in: shape).enumerated() {
            result[target] += inputs[0].elements[i]
        }
        return result
    }

    /// The offsets into images `[N, H, W, C]` of the pixels that `positions [N, H', W', C]` name by `h·W + w`.
    private func pixelOffsets(of positions: TensorValue, in images: Shape) throws(InterpreterError) -> [Int] {
        let (pixels, channels) = (images[1] * images[2], images[3])
        let perExample = positions.shape.count / positions.shape[0]
        var result: [Int] = []
        for (i, position) in positions.elements.enumerated() {
            let pixel = try index(position, below: pixels)
            result.append((i / perExample * pixels + pixel) * channels + i % channels)
        }
        return result
    }

    private func index(_ value: Double, below limit: Int) throws(InterpreterError) -> Int {
        guard value >= 0, value < Double(limit), value == value.rounded() else {
            throw InterpreterError("\(value) is not an index below \(limit)")
        }
        return Int(value)
    }
}
