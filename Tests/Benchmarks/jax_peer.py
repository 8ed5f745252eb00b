"""The training step in JAX, one jitted function.

  native   convolutions by lax.conv_general_dilated and lax.conv_transpose
  gemm     convolutions as gathered patches times a matrix, which XLA's processor back end is faster at
"""
import os

from worker import main, options

if __name__ == "__main__":
    given = options()
    if given.threads == 1:
        os.environ["XLA_FLAGS"] = os.environ.get("XLA_FLAGS", "") + " --xla_cpu_multi_thread_eigen=false"
os.environ.setdefault("JAX_PLATFORMS", "cpu")

import jax
import jax.numpy as jnp
from jax import lax

from layers import (
    BATCH_NORM_EPSILON, BATCH_NORM_MOMENTUM, Activation, BatchNorm, Conv, ConvTranspose, Dense, LabelPlane, OneHot,
    Reshape, named, same_padding)
from workloads import examples

ACTIVATIONS = {
    "relu": lambda x, _: jax.nn.relu(x),
    "leakyReLU": lambda x, slope: jnp.where(x > 0, x, slope * x),
    "tanh": lambda x, _: jnp.tanh(x),
}
DIMENSIONS = ("NHWC", "HWIO", "NHWC")


def native_convolution(x, weight, stride):
    padding = [same_padding(x.shape[1 + axis], weight.shape[axis], stride) for axis in (0, 1)]
    return lax.conv_general_dilated(x, weight, (stride, stride), padding, dimension_numbers=DIMENSIONS)


def native_transposed(x, weight, stride):
    return lax.conv_transpose(
        x, weight, (stride, stride), "SAME", dimension_numbers=DIMENSIONS, transpose_kernel=True)


def gemm_convolution(x, weight, stride):
    """Kernel 4, stride 2: row 2i + a of the padded image is row a of block i, so a patch is 2 × 2 blocks of 2 × 2."""
    assert weight.shape[:2] == (4, 4) and stride == 2
    n, h, w, c = x.shape
    rows, columns = h // 2, w // 2
    blocks = jnp.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0))).reshape(n, rows + 1, 2, columns + 1, 2, c)
    taps = [
        blocks[:, ky // 2:ky // 2 + rows, ky % 2, kx // 2:kx // 2 + columns, kx % 2] for ky in range(4)
        for kx in range(4)]
    patches = jnp.concatenate(taps, -1).reshape(n * rows * columns, 16 * c)
    return (patches @ weight.reshape(16 * c, -1)).reshape(n, rows, columns, -1)


def gemm_transposed(x, weight, stride):
    """The adjoint of `gemm_convolution`: a product, then each patch's blocks added where they belong."""
    assert weight.shape[:2] == (4, 4) and stride == 2
    n, h, w, c = x.shape
    out = weight.shape[2]
    patches = (x.reshape(n * h * w, c) @ weight.reshape(16 * out, c).T).reshape(n, h, w, 2, 2, 2, 2, out)
    total = 0
    for i in range(2):
        for j in range(2):
            total = total + jnp.pad(
                patches[:, :, :, i, :, j], ((0, 0), (i, 1 - i), (j, 1 - j), (0, 0), (0, 0), (0, 0)))
    image = total.transpose(0, 1, 3, 2, 4, 5).reshape(n, 2 * (h + 1), 2 * (w + 1), out)
    return image[:, 1:-1, 1:-1]


CONVOLUTIONS = {"native": (native_convolution, native_transposed), "gemm": (gemm_convolution, gemm_transposed)}


def is_statistic(name):
    return name.endswith((".mean", ".variance"))


def cross_entropy(logits, target):
    return (jnp.maximum(logits, 0) - logits * target + jnp.log1p(jnp.exp(-jnp.abs(logits)))).mean()


class JAXPeer:
    def __init__(self, work, parameters, given):
        self.work, self.batched = work, given.batched
        self.convolution, self.transposed = CONVOLUTIONS[given.form]
        values = {name: jnp.asarray(value) for name, value in parameters.items()}
        d = {k: v for k, v in values.items() if k.startswith("discriminator.")}
        g = {k: v for k, v in values.items() if k.startswith("generator.") and not is_statistic(k)}
        statistics = {k: v for k, v in values.items() if is_statistic(k)}

        def zeros(tree):
            return {k: jnp.zeros_like(v) for k, v in tree.items()}

        average = {k: v + 0 for k, v in g.items()} if work.average else {}
        self.state = (
            d, g, statistics, average, (zeros(d), zeros(d)), (zeros(g), zeros(g)), jnp.float32(0),
            jax.random.PRNGKey(7))
        images, labels = examples(work.model)
        self.examples = jnp.asarray(images), jnp.asarray(labels)
        self.jitted = jax.jit(self.whole_step, donate_argnums=0)

    def apply(self, network, layers, p, x, labels):
        """The output, and {name: batch's mean or variance} of the batch norms."""
        statistics = {}
        for layer, prefix in named(network, layers):
            match layer:
                case OneHot():
                    x = jnp.concatenate([x.reshape(len(x), -1), jax.nn.one_hot(labels, self.work.model.classes)], 1)
                case LabelPlane():
                    x = jnp.concatenate([x, p[f"{prefix}.weight"][labels].reshape(x.shape[:3] + (1,))], 3)
                case Dense():
                    x = x.reshape(len(x), -1) @ p[f"{prefix}.weight"] + p[f"{prefix}.bias"]
                case Conv():
                    x = self.convolution(x, p[f"{prefix}.weight"], layer.stride) + p[f"{prefix}.bias"]
                case ConvTranspose():
                    x = self.transposed(x, p[f"{prefix}.weight"], layer.stride) + p[f"{prefix}.bias"]
                case BatchNorm():
                    mean = x.mean((0, 1, 2))
                    variance = ((x - mean) ** 2).mean((0, 1, 2))
                    statistics |= {f"{prefix}.mean": mean, f"{prefix}.variance": variance}
                    x = (x - mean) * lax.rsqrt(variance + BATCH_NORM_EPSILON)
                    x = x * p[f"{prefix}.scale"] + p[f"{prefix}.offset"]
                case Reshape():
                    x = x.reshape((-1,) + layer.shape)
                case Activation():
                    x = ACTIVATIONS[layer.function](x, layer.slope)
        return x, statistics

    def generate(self, g, latent, labels):
        return self.apply("generator", self.work.model.generator, g, latent, labels)

    def discriminate(self, d, images, labels):
        return self.apply("discriminator", self.work.model.discriminator, d, images, labels)[0]

    def discriminator_loss(self, d, g, inputs):
        model, images, labels = self.work.model, inputs["images"], inputs["labels"]
        fake = lax.stop_gradient(self.generate(g, inputs["latent"], labels)[0])
        if self.batched:
            both = self.discriminate(d, jnp.concatenate([images, fake]), jnp.concatenate([labels, labels]))
            on_real, on_fake = both[:len(labels)], both[len(labels):]
        else:
            on_real, on_fake = self.discriminate(d, images, labels), self.discriminate(d, fake, labels)
        if model.loss == "wasserstein":
            loss = on_fake.mean() - on_real.mean()
        else:
            loss = (cross_entropy(on_real, inputs["smoothing.real"])
                    + cross_entropy(on_fake, inputs["smoothing.fake"]))
        if model.penalty:
            between = inputs["alpha"] * images + (1 - inputs["alpha"]) * fake
            gradient = jax.grad(lambda x: self.discriminate(d, x, labels).sum())(between)
            slope = jnp.sqrt((gradient.reshape(len(labels), -1) ** 2).sum(1) + model.norm_epsilon)
            loss = loss + model.penalty * ((slope - 1) ** 2).mean()
        return loss

    def generator_loss(self, g, d, inputs):
        fake, statistics = self.generate(g, inputs["latent"], inputs["labels"])
        output = self.discriminate(d, fake, inputs["labels"])
        loss = -output.mean() if self.work.model.loss == "wasserstein" else cross_entropy(output, 1.0)
        return loss, statistics

    def inputs(self, examples, rows, key):
        """The discriminator's examples and random numbers, gathered and drawn now."""
        model, (images, labels), count = self.work.model, examples, len(rows)
        keys = jax.random.split(key, 3)
        inputs = {
            "images": images[rows].astype(jnp.float32) / 127.5 - 1, "labels": labels[rows],
            "latent": jax.random.normal(keys[0], (count, model.latent))}
        if model.penalty:
            inputs["alpha"] = jax.random.uniform(keys[1], (count, 1, 1, 1))
        if model.smoothing:
            inputs["smoothing.real"] = jax.random.uniform(keys[1], (count, 1), minval=0.7, maxval=1.0)
            inputs["smoothing.fake"] = jax.random.uniform(keys[2], (count, 1), maxval=0.3)
        return inputs

    def adam(self, p, gradients, moments, time):
        adam = self.work.model.adam
        first = {k: adam.beta1 * moments[0][k] + (1 - adam.beta1) * g for k, g in gradients.items()}
        second = {k: adam.beta2 * moments[1][k] + (1 - adam.beta2) * g * g for k, g in gradients.items()}
        c1, c2 = 1 - adam.beta1**time, 1 - adam.beta2**time
        updated = {
            k: v - adam.rate * (first[k] / c1) / (jnp.sqrt(second[k] / c2) + adam.epsilon) for k, v in p.items()}
        return updated, (first, second)

    def whole_step(self, state, examples, rows):
        d, g, statistics, average, of_d, of_g, time, key = state
        key, for_d, for_g = jax.random.split(key, 3)
        time = time + 1
        inputs = self.inputs(examples, rows[0], for_d)
        loss_d, gradients = jax.value_and_grad(self.discriminator_loss)(d, g, inputs)
        d, of_d = self.adam(d, gradients, of_d, time)
        inputs = {
            "labels": examples[1][rows[1]],
            "latent": jax.random.normal(for_g, (len(rows[1]), self.work.model.latent))}
        (loss_g, seen), gradients = jax.value_and_grad(self.generator_loss, has_aux=True)(g, d, inputs)
        g, of_g = self.adam(g, gradients, of_g, time)
        kept = BATCH_NORM_MOMENTUM
        statistics = {k: kept * v + (1 - kept) * seen[k] for k, v in statistics.items()}
        decay = self.work.average
        average = {k: decay * v + (1 - decay) * g[k] for k, v in average.items()}
        return (d, g, statistics, average, of_d, of_g, time, key), loss_d, loss_g

    def step(self, rows):
        self.state, loss_d, loss_g = self.jitted(self.state, self.examples, rows)
        jax.block_until_ready(self.state)
        return float(loss_d), float(loss_g)

    def loss(self, phase, inputs):
        count = len(inputs["labels"])
        shapes = {"alpha": (count, 1, 1, 1), "smoothing.real": (count, 1), "smoothing.fake": (count, 1)}
        inputs = {k: jnp.asarray(v).reshape(shapes.get(k, v.shape)) for k, v in inputs.items()}
        d, g = self.state[:2]
        if phase == "generator":
            return jax.jit(self.generator_loss)(g, d, inputs)[0]
        return jax.jit(self.discriminator_loss)(d, g, inputs)


if __name__ == "__main__":
    main(JAXPeer, given, jax.__version__)
