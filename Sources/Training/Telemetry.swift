import Emission
import Foundation
import Native

/// What a run's metrics tell of its networks besides losses and tracked values, by stable dotted names.
///
/// | name | value | on |
/// | --- | --- | --- |
/// | `gradient.norm.NETWORK` | norm of the gradient of all the network's parameters, before the optimiser | every line |
/// | `weight.norm.NETWORK` | norm of the parameters after their update | every line |
/// | `update.ratio.NETWORK` | norm of the update divided by that of the parameters | every line |
/// | `gradient.norm.PARAMETER` | the same of one tensor, such as `discriminator.conv1.weight` | watched lines |
/// | `weight.norm.PARAMETER` | | watched lines |
/// | `update.ratio.PARAMETER` | | watched lines |
/// | `logit.mean.real`, `.fake` | mean of the discriminator's outputs on real and on generated pairs | watched lines |
/// | `logit.mean.heldout` | the same on real pairs that no step takes, where the data have a test part | watched lines |
/// | `logit.deviation.real` | their deviation on real pairs | watched lines |
/// | `logit.sign.real`, `.fake` | mean of their signs | watched lines |
/// | `logit.accuracy` | share of pairs on the right side of 0 | watched lines |
/// | `sigmoid.slope.fake` | E[σ′(logit)] on generated pairs: what multiplies the generator's gradient under minimax | watched lines |
/// | `label.effect.discriminator` | root mean square of D(x, y) − D(x, y + 1) | watched lines |
/// | `label.effect.generator` | root mean square of G(z, y) − G(z, y + 1), over pixels | watched lines |
/// | `spread.class.real`, `.fake` | deviation of pixels about the mean of their class | watched lines |
/// | `activation.mean.LAYER`, `.deviation.LAYER` | of a layer's values: a generator's on latents, a discriminator's on real pairs | watched lines |
/// | `activation.dead.LAYER` | share of a ReLU's units that are zero on the whole batch | watched lines |
/// | `activation.saturated.LAYER` | share of a tanh's values beyond ±0.95, of a sigmoid's within 0.025 of 0 or 1 | watched lines |
///
/// A line is watched if it is the first, or its step a multiple of the interval. Norms are of the phase's last run in
/// the step. Whatever is not finite is left out of its line.
final class Telemetry {
    private let model: NativeModel
    private let interval: Int
    /// The part of the trained tensors that each network has, in the order of their norms.
    private let networks: [Range<Int>]
    private let probe: Probe?
    /// The names of a watched line's values in order; every other line has the first of them alone.
    let names: [String]

    /// The telemetry of `model`, none if `interval` is 0.
    ///
    /// - Parameter heldOut: examples that no step takes.
    init(of model: NativeModel, interval: Int, heldOut: HeldOutExamples?) {
        self.model = model
        self.interval = interval
        let trained = model.manifest.tensors.filter { $0.kind == .gradient }
        var networks: [(name: String, range: Range<Int>)] = []
        for (index, tensor) in trained.enumerated() {
            if networks.last?.name == tensor.network {
                networks[networks.count - 1].range = networks[networks.count - 1].range.lowerBound..<index + 1
            } else {
                networks.append((tensor.network, index..<index + 1))
            }
        }
        self.networks = networks.map(\.range)
        probe = interval > 0 ? Probe(of: model, heldOut: heldOut) : nil
        let subjects = networks.map(\.name) + trained.map(\.name)
        names =
            interval > 0
            ? subjects.flatMap { ["gradient.norm.\($0)", "weight.norm.\($0)", "update.ratio.\($0)"] }
                + (probe?.names ?? []) : []
    }

    /// What the line of step `step`, which counts from 1, tells; call it after the step, with the examples it took.
    ///
    /// - Returns: the values of ``names``, as many as the line has; what is not finite is to be left out.
    func values(step: Int, batch: ExampleBatch) throws -> [Double] {
        guard interval > 0 else { return [] }
        let norms = try model.norms()
        let isWatched = step == 1 || step % interval == 0
        var values: [Double] = []
        values.reserveCapacity(isWatched ? names.count : 3 * networks.count)
        for subject in networks.map({ TensorNorms(joining: norms[$0]) }) + (isWatched ? norms : []) {
            values.append(subject.gradient)
            values.append(subject.weight)
            values.append(subject.updateRatio)
        }
        if isWatched, let probe { values += try probe.values(step: step - 1, batch: batch) }
        return values
    }
}
