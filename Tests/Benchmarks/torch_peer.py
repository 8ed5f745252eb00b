"""The training step in PyTorch: eager in both image layouts, and as one compiled function.

  nchw, nhwc   eager, autograd's tape, the fused Adam of torch.optim
  compile      forward, derivatives and Adam as one graph for torch.compile
"""
import os

from worker import main, options

if __name__ == "__main__":
    given = options()
    os.environ["OMP_NUM_THREADS"] = str(given.threads)

import numpy as np
import torch
import torch.nn.functional as F

from layers import (
    BATCH_NORM_EPSILON, BATCH_NORM_MOMENTUM, Activation, BatchNorm, Conv, ConvTranspose, Dense, LabelPlane, OneHot,
    Reshape, named, same_padding)
from workloads import examples

ACTIVATIONS = {
    "relu": lambda x, _: F.relu(x),
    "leakyReLU": F.leaky_relu,
    "tanh": lambda x, _: torch.tanh(x),
}


def is_statistic(name):
    return name.endswith((".mean", ".variance"))


def native_parameters(network, layers, parameters, shape, channels_last):
    """PyTorch's layouts: Linear [out, in], convolutions [·, ·, kh, kw]. Where images are NCHW, a dense layer before or
    after them has its rows or columns in that order too."""
    native = {}
    pairs = list(named(network, layers))

    def planar(array, extents):
        """The first axis of `array`, which counts pixels of `extents` [h, w, c], in the order c, h, w."""
        spread = array.reshape(tuple(extents) + array.shape[1:])
        return np.moveaxis(spread, 2, 0).reshape(array.shape)

    for index, (layer, prefix) in enumerate(pairs):
        match layer:
            case Dense():
                weight, bias = parameters[f"{prefix}.weight"], parameters[f"{prefix}.bias"]
                if len(shape) == 3 and not channels_last:
                    weight = planar(weight, shape)
                following = pairs[index + 1][0] if index + 1 < len(pairs) else None
                if isinstance(following, Reshape) and not channels_last:
                    weight = planar(weight.T, following.shape).T
                    bias = planar(bias, following.shape)
                native[f"{prefix}.weight"], native[f"{prefix}.bias"] = weight.T, bias
                shape = (layer.units,)
            case Conv() | ConvTranspose():
                native[f"{prefix}.weight"] = parameters[f"{prefix}.weight"].transpose(3, 2, 0, 1)
                native[f"{prefix}.bias"] = parameters[f"{prefix}.bias"]
                scale = layer.stride if isinstance(layer, ConvTranspose) else 1 / layer.stride
                shape = (int(shape[0] * scale), int(shape[1] * scale), layer.channels)
            case LabelPlane():
                native[f"{prefix}.weight"] = parameters[f"{prefix}.weight"]
                shape = shape[:2] + (shape[2] + 1,)
            case BatchNorm():
                for part in ("scale", "offset", "mean", "variance"):
                    native[f"{prefix}.{part}"] = parameters[f"{prefix}.{part}"]
            case Reshape():
                shape = layer.shape
            case OneHot():
                if len(shape) == 3 and shape[2] > 1 and not channels_last:
                    raise SystemExit("error: an image of several channels is flattened; this order is not written yet")
                shape = (int(np.prod(shape)),)
    return {name: torch.from_numpy(np.ascontiguousarray(value)) for name, value in native.items()}


class Networks:
    """Both networks and both losses as functions of parameters {name: tensor}."""

    def __init__(self, model, channels_last, batched):
        self.model, self.channels_last, self.batched = model, channels_last, batched
        self.eye = torch.eye(model.classes)

    def apply(self, network, layers, p, x, labels, statistics=None):
        """Batch norm adds its batch's mean and variance to the list `statistics`, where one is given."""
        for layer, prefix in named(network, layers):
            match layer:
                case OneHot():
                    x = torch.cat([x.flatten(1), F.embedding(labels, self.eye)], 1)
                case LabelPlane():
                    plane = F.embedding(labels, p[f"{prefix}.weight"])
                    x = torch.cat([x, plane.view(-1, 1, *x.shape[2:])], 1)
                case Dense():
                    if x.dim() == 4 and self.channels_last:
                        x = x.permute(0, 2, 3, 1)
                    x = F.linear(x.flatten(1), p[f"{prefix}.weight"], p[f"{prefix}.bias"])
                case Conv():
                    before, after = same_padding(x.shape[2], layer.kernel, layer.stride)
                    assert before == after, "PyTorch pads both sides alike"
                    x = F.conv2d(x, p[f"{prefix}.weight"], p[f"{prefix}.bias"], layer.stride, before)
                case ConvTranspose():
                    before, _ = same_padding(x.shape[2] * layer.stride, layer.kernel, layer.stride)
                    x = F.conv_transpose2d(x, p[f"{prefix}.weight"], p[f"{prefix}.bias"], layer.stride, before)
                case BatchNorm():
                    x = self.batch_norm(x, p, prefix, statistics)
                case Reshape():
                    h, w, c = layer.shape
                    if self.channels_last:
                        x = x.view(-1, h, w, c).permute(0, 3, 1, 2)
                    else:
                        x = x.view(-1, c, h, w)
                case Activation():
                    x = ACTIVATIONS[layer.function](x, layer.slope)
        return x

    def batch_norm(self, x, p, prefix, statistics):
        scale, offset = p[f"{prefix}.scale"], p[f"{prefix}.offset"]
        if statistics is None:
            return F.batch_norm(x, None, None, scale, offset, True, 0.0, BATCH_NORM_EPSILON)
        mean, variance = p[f"{prefix}.mean"], p[f"{prefix}.variance"]
        if isinstance(statistics, dict):  # kept aside: inside a function that is differentiated nothing is assigned
            var, mu = torch.var_mean(x, (0, 2, 3), correction=0)
            kept = BATCH_NORM_MOMENTUM
            statistics[f"{prefix}.mean"] = kept * mean + (1 - kept) * mu.detach()
            statistics[f"{prefix}.variance"] = kept * variance + (1 - kept) * var.detach()
            shape = (1, -1, 1, 1)
            x = (x - mu.view(shape)) * torch.rsqrt(var.view(shape) + BATCH_NORM_EPSILON)
            return x * scale.view(shape) + offset.view(shape)
        return F.batch_norm(x, mean, variance, scale, offset, True, 1 - BATCH_NORM_MOMENTUM, BATCH_NORM_EPSILON)

    def generate(self, p, latent, labels, statistics=None):
        return self.apply("generator", self.model.generator, p, latent, labels, statistics)

    def discriminate(self, p, images, labels):
        return self.apply("discriminator", self.model.discriminator, p, images, labels)

    def discriminator_loss(self, d, g, inputs, functional=False):
        """`functional` takes the penalty's inner gradient by torch.func, the tape's otherwise."""
        images, labels = inputs["images"], inputs["labels"]
        with torch.no_grad():
            fake = self.generate(g, inputs["latent"], labels)
        fake = fake.detach()
        if self.batched:
            both = self.discriminate(d, torch.cat([images, fake]), torch.cat([labels, labels]))
            on_real, on_fake = both[:len(labels)], both[len(labels):]
        else:
            on_real, on_fake = self.discriminate(d, images, labels), self.discriminate(d, fake, labels)
        if self.model.loss == "wasserstein":
            loss = on_fake.mean() - on_real.mean()
        else:
            loss = (F.binary_cross_entropy_with_logits(on_real, inputs["smoothing.real"])
                    + F.binary_cross_entropy_with_logits(on_fake, inputs["smoothing.fake"]))
        if not self.model.penalty:
            return loss
        alpha = inputs["alpha"]
        between = alpha * images + (1 - alpha) * fake
        if functional:
            gradient = torch.func.grad(lambda x: self.discriminate(d, x, labels).sum())(between)
        else:
            between = between.detach().requires_grad_(True)
            total = self.discriminate(d, between, labels).sum()
            gradient, = torch.autograd.grad(total, between, create_graph=True)
        slope = torch.sqrt((gradient.flatten(1) ** 2).sum(1) + self.model.norm_epsilon)
        return loss + self.model.penalty * ((slope - 1) ** 2).mean()

    def generator_loss(self, g, d, inputs, statistics):
        labels = inputs["labels"]
        output = self.discriminate(d, self.generate(g, inputs["latent"], labels, statistics), labels)
        if self.model.loss == "wasserstein":
            return -output.mean()
        return F.binary_cross_entropy_with_logits(output, torch.ones_like(output))


class TorchPeer:
    def __init__(self, work, parameters, given):
        torch.set_num_threads(given.threads)
        self.work, model = work, work.model
        self.compiled = given.form == "compile"
        self.channels_last = given.form == "nhwc"
        self.networks = Networks(model, self.channels_last, given.batched)
        native = [
            native_parameters(network, layers, parameters, shape, self.channels_last)
            for network, layers, shape in (
                ("generator", model.generator, (model.latent,)), ("discriminator", model.discriminator, model.image))]
        self.g, self.d = [{name: self.placed(value) for name, value in p.items()} for p in native]
        images, labels = examples(model)
        self.images = self.placed(torch.from_numpy(images).permute(0, 3, 1, 2).contiguous())
        self.labels = torch.from_numpy(labels).long()
        self.average = {name: value.clone() for name, value in self.g.items()} if work.average else {}
        self.begin_compiled() if self.compiled else self.begin_eager()

    def placed(self, tensor):
        """Images and convolution weights in the memory order of the layout."""
        if self.channels_last and tensor.dim() == 4:
            return tensor.contiguous(memory_format=torch.channels_last)
        return tensor

    def inputs(self, rows):
        """One phase's examples and random numbers, gathered and drawn now."""
        model, count = self.work.model, len(rows)
        inputs = {
            "images": self.images.index_select(0, rows).float() / 127.5 - 1,
            "labels": self.labels.index_select(0, rows), "latent": torch.randn(count, model.latent)}
        if model.penalty:
            inputs["alpha"] = torch.rand(count, 1, 1, 1)
        if model.smoothing:
            inputs["smoothing.real"] = 0.7 + 0.3 * torch.rand(count, 1)
            inputs["smoothing.fake"] = 0.3 * torch.rand(count, 1)
        return inputs

    def generator_inputs(self, rows):
        return {
            "labels": self.labels.index_select(0, rows), "latent": torch.randn(len(rows), self.work.model.latent)}

    # Eager

    def begin_eager(self):
        adam = self.work.model.adam

        def optimiser(parameters):
            trained = [v.requires_grad_(True) for k, v in parameters.items() if not is_statistic(k)]
            return torch.optim.Adam(trained, adam.rate, (adam.beta1, adam.beta2), adam.epsilon, fused=True)

        self.optimise_d, self.optimise_g = optimiser(self.d), optimiser(self.g)
        self.averaged = list(self.average.values()), [self.g[name] for name in self.average]

    def eager_step(self, rows):
        for parameter in self.d.values():
            parameter.requires_grad_(True)
        self.optimise_d.zero_grad(set_to_none=True)
        of_d = self.networks.discriminator_loss(self.d, self.g, self.inputs(rows[0]))
        of_d.backward()
        self.optimise_d.step()
        for parameter in self.d.values():
            parameter.requires_grad_(False)
        self.optimise_g.zero_grad(set_to_none=True)
        of_g = self.networks.generator_loss(self.g, self.d, self.generator_inputs(rows[1]), statistics=())
        of_g.backward()
        self.optimise_g.step()
        if self.average:
            with torch.no_grad():
                torch._foreach_lerp_(*self.averaged, 1 - self.work.average)
        return of_d.item(), of_g.item()

    # Compiled

    def begin_compiled(self):
        def moments(parameters):
            trained = {k: v for k, v in parameters.items() if not is_statistic(k)}
            return [{k: torch.zeros_like(v) for k, v in trained.items()} for _ in range(2)]

        self.state = moments(self.d), moments(self.g)
        self.time = torch.zeros(())
        self.compiled_step = torch.compile(self.whole_step)

    def adam(self, parameters, gradients, moments, time):
        adam, (first, second) = self.work.model.adam, moments
        for k, gradient in gradients.items():
            first[k].mul_(adam.beta1).add_(gradient, alpha=1 - adam.beta1)
            second[k].mul_(adam.beta2).addcmul_(gradient, gradient, value=1 - adam.beta2)
            corrected = first[k] / (1 - adam.beta1**time) if adam.beta1 else first[k]
            parameters[k].sub_(
                adam.rate * corrected / (torch.sqrt(second[k] / (1 - adam.beta2**time)) + adam.epsilon))

    def whole_step(self, d, g, average, state, time, rows):
        time.add_(1)
        inputs = self.inputs(rows[0])
        gradients, of_d = torch.func.grad_and_value(
            lambda trained: self.networks.discriminator_loss(trained, g, inputs, functional=True))(d)
        self.adam(d, gradients, state[0], time)
        inputs = self.generator_inputs(rows[1])
        trained = {k: v for k, v in g.items() if not is_statistic(k)}

        def generator_loss(trained):
            statistics = {}
            return self.networks.generator_loss(g | trained, d, inputs, statistics), statistics

        gradients, (of_g, statistics) = torch.func.grad_and_value(generator_loss, has_aux=True)(trained)
        self.adam(g, gradients, state[1], time)
        for k, value in statistics.items():
            g[k].copy_(value)
        for k, value in average.items():
            value.lerp_(g[k], 1 - self.work.average)
        return of_d, of_g

    def step(self, rows):
        rows = torch.from_numpy(rows).long()
        if not self.compiled:
            return self.eager_step(rows)
        with torch.no_grad():
            of_d, of_g = self.compiled_step(self.d, self.g, self.average, self.state, self.time, rows)
            return of_d.item(), of_g.item()

    def loss(self, phase, inputs):
        tensors = {name: torch.from_numpy(value) for name, value in inputs.items()}
        tensors["labels"] = tensors["labels"].long()
        if "images" in tensors:
            tensors["images"] = self.placed(tensors["images"].permute(0, 3, 1, 2).contiguous())
        for name in ("smoothing.real", "smoothing.fake"):
            if name in tensors:
                tensors[name] = tensors[name].view(-1, 1)
        if "alpha" in tensors:
            tensors["alpha"] = tensors["alpha"].view(-1, 1, 1, 1)
        if phase == "generator":
            return self.networks.generator_loss(self.g, self.d, tensors, {} if self.compiled else ()).detach()
        if not self.compiled:
            return self.networks.discriminator_loss(self.d, self.g, tensors).detach()
        with torch.no_grad():
            return torch.compile(self.networks.discriminator_loss)(self.d, self.g, tensors, functional=True)


if __name__ == "__main__":
    main(TorchPeer, given, torch.__version__)
