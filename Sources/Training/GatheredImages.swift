import Native

extension ExampleBatch {
    /// The rows of the data set that the examples `places` of a step are.
    func rowNumbers(_ places: Range<Int>) -> [Int] { places.map { place in rows.map { Int($0[place]) } ?? place } }

    /// Copies the images of `rows`, `pixels` values each, scaled as a step scales them.
    func gather(_ rows: [Int], pixels: Int, into target: RealBuffer) {
        for (place, row) in rows.enumerated() {
            let own = place * pixels..<(place + 1) * pixels
            switch (images, target.values) {
            case (.bytes(let source), .floats(let values)): Self.scale(source + row * pixels, into: values[own])
            case (.bytes(let source), .doubles(let values)): Self.scale(source + row * pixels, into: values[own])
            case (.reals(let source), .floats):
                (target.address + place * pixels * 4).copyMemory(from: source + row * pixels * 4, byteCount: pixels * 4)
            case (.reals(let source), .doubles):
                (target.address + place * pixels * 8).copyMemory(from: source + row * pixels * 8, byteCount: pixels * 8)
            case (_, .indices): break
            }
        }
    }

    /// Bytes 0 … 255 as −1 … 1, by the arithmetic of the emitted `gather_images`, so that the bits are the step's.
    private static func scale<Real: BinaryFloatingPoint>(
        _ source: UnsafePointer<UInt8>, into target: Slice<UnsafeMutableBufferPointer<Real>>
    ) {
        let target = UnsafeMutableBufferPointer(rebasing: target)
        for pixel in target.indices { target[pixel] = Real(source[pixel]) * Real(0.00784313725490196) - 1 }
    }
}
