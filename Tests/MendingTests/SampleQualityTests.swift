import Testing

@testable import Mending

@Suite("how near samples are to the data")
struct SampleQualityTests {
    /// Images of two pixels about a class's own centre.
    private func images(_ centre: Float, spread: Float, count: Int = 12) -> [[Float]] {
        (0..<count).map { index in
            let turn = Float(index % 4) * 0.5 - 0.75
            return [centre + spread * turn, centre - spread * turn * Float(index % 3)]
        }
    }

    private var classes: [[[Float]]] { [images(-0.5, spread: 0.1), images(0.5, spread: 0.1)] }

    private func quality(_ generated: [[[Float]]]) -> SampleQuality {
        SampleQuality(of: GeneratedSamples(classes: generated), beside: RealSamples(classes))
    }

    @Test("samples like the data are near and agree with their labels")
    func alike() {
        let quality = quality(classes)
        #expect(quality.agreement == 1)
        #expect(quality.distance < 0.05)
    }

    @Test("samples of the wrong class, of one picture, and of noise are further away than samples of the right one")
    func unlike() {
        let good = [images(-0.45, spread: 0.1), images(0.45, spread: 0.1)]
        let near = quality(good).distance
        let swapped = quality([good[1], good[0]])
        #expect(swapped.agreement == 0)
        #expect(swapped.distance > 0.5)
        #expect(quality(good.map { [[Float]](repeating: $0[0], count: 12) }).distance > near)
        #expect(quality(good.map { _ in images(0, spread: 0.9) }).distance > near)
    }

    @Test("a class of which there is no example is left out, and the others keep their labels")
    func missingClass() {
        let real = RealSamples([classes[0], [], classes[1]])
        #expect(real.held == [0, 2])
        let quality = SampleQuality(of: GeneratedSamples(classes: classes), beside: real)
        #expect(quality.agreement == 1)
        #expect(quality.distance < 0.05)
    }

    @Test(
        "samples change by the root of the mean square of their pixels' differences, beside the classes' own deviation")
    func change() {
        let before = GeneratedSamples(classes: [[[0, 0], [0, 0]], [[0, 0], [0, 0]]])
        let after = GeneratedSamples(classes: [[[0.5, -0.5], [0.5, 0.5]], [[-0.5, 0.5], [0.5, 0.5]]])
        #expect(abs(after.change(from: before) - 0.5) < 1e-6)
        #expect(before.change(from: before) == 0)
        #expect(RealSamples([[[1, 1], [-1, -1]], [[0, 0], [2, 2]]]).deviation == 1)
    }
}
