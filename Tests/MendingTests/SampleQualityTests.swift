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

    @Test("samples like the data are near and agree with their labels")
    func alike() {
        let real = [images(-0.5, spread: 0.1), images(0.5, spread: 0.1)]
        let quality = SampleQuality(generated: real, real: real)
        #expect(quality.agreement == 1)
        #expect(quality.distance < 0.05)
    }

    @Test("samples of the wrong class, of one picture, and of noise are further away than samples of the right one")
    func unlike() {
        let real = [images(-0.5, spread: 0.1), images(0.5, spread: 0.1)]
        let good = [images(-0.45, spread: 0.1), images(0.45, spread: 0.1)]
        let near = SampleQuality(generated: good, real: real).distance
        let swapped = SampleQuality(generated: [good[1], good[0]], real: real)
        #expect(swapped.agreement == 0)
        #expect(swapped.distance > 0.5)
        let collapsed = good.map { [[Float]](repeating: $0[0], count: 12) }
        #expect(SampleQuality(generated: collapsed, real: real).distance > near)
        let noise = good.map { _ in images(0, spread: 0.9) }
        #expect(SampleQuality(generated: noise, real: real).distance > near)
    }
}
