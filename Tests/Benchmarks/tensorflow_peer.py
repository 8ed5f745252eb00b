"""The training step in TensorFlow, one tf.function.

  graph   as TensorFlow's own graph, with its fused Adam
  xla     compiled by XLA, with Adam written out
"""
import os

from worker import main, options

if __name__ == "__main__":
    given = options()
    os.environ["OMP_NUM_THREADS"] = str(given.threads)
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""

import tensorflow as tf

from layers import (
    BATCH_NORM_EPSILON, BATCH_NORM_MOMENTUM, Activation, BatchNorm, Conv, ConvTranspose, Dense, LabelPlane, OneHot,
    Reshape, named)
from workloads import examples

ACTIVATIONS = {
    "relu": lambda x, _: tf.nn.relu(x),
    "leakyReLU": tf.nn.leaky_relu,
    "tanh": lambda x, _: tf.tanh(x),
}


def is_statistic(name):
    return name.endswith((".mean", ".variance"))


def cross_entropy(logits, target):
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=target, logits=logits))


class TensorFlowPeer:
    def __init__(self, work, parameters, given):
        tf.config.threading.set_intra_op_parallelism_threads(given.threads)
        tf.config.threading.set_inter_op_parallelism_threads(1)
        self.work, self.batched, self.xla = work, given.batched, given.form == "xla"
        values = {name: tf.Variable(value) for name, value in parameters.items()}
        self.d = {k: v for k, v in values.items() if k.startswith("discriminator.")}
        self.g = {k: v for k, v in values.items() if k.startswith("generator.") and not is_statistic(k)}
        self.statistics = {k: v for k, v in values.items() if is_statistic(k)}
        self.average = {k: tf.Variable(v) for k, v in self.g.items()} if work.average else {}

        def moments(variables):
            return [{k: tf.Variable(tf.zeros_like(v)) for k, v in variables.items()} for _ in range(2)]

        self.of_d, self.of_g = moments(self.d), moments(self.g)
        self.time = tf.Variable(0.0)
        images, labels = examples(work.model)
        self.images, self.labels = tf.constant(images), tf.constant(labels)
        self.function = self.compiled(self.whole_step)

    def compiled(self, function):
        return tf.function(function, autograph=False, jit_compile=True if self.xla else None)

    def apply(self, network, layers, p, x, labels):
        """The output, and {name: batch's mean or variance} of the batch norms."""
        statistics = {}
        for layer, prefix in named(network, layers):
            match layer:
                case OneHot():
                    x = tf.reshape(x, [x.shape[0], -1])
                    x = tf.concat([x, tf.one_hot(labels, self.work.model.classes)], 1)
                case LabelPlane():
                    plane = tf.gather(p[f"{prefix}.weight"], labels)
                    x = tf.concat([x, tf.reshape(plane, x.shape[:3] + [1])], 3)
                case Dense():
                    x = tf.matmul(tf.reshape(x, [x.shape[0], -1]), p[f"{prefix}.weight"]) + p[f"{prefix}.bias"]
                case Conv():
                    x = tf.nn.conv2d(x, p[f"{prefix}.weight"], layer.stride, "SAME") + p[f"{prefix}.bias"]
                case ConvTranspose():
                    n, h, w, _ = x.shape
                    shape = [n, h * layer.stride, w * layer.stride, layer.channels]
                    x = tf.nn.conv2d_transpose(x, p[f"{prefix}.weight"], shape, layer.stride, "SAME")
                    x = x + p[f"{prefix}.bias"]
                case BatchNorm():
                    x, mean, variance = tf.compat.v1.nn.fused_batch_norm(
                        x, p[f"{prefix}.scale"], p[f"{prefix}.offset"], epsilon=BATCH_NORM_EPSILON, is_training=True)
                    statistics |= {f"{prefix}.mean": mean, f"{prefix}.variance": variance}
                case Reshape():
                    x = tf.reshape(x, [x.shape[0], *layer.shape])
                case Activation():
                    x = ACTIVATIONS[layer.function](x, layer.slope)
        return x, statistics

    def generate(self, g, latent, labels):
        return self.apply("generator", self.work.model.generator, g, latent, labels)

    def discriminate(self, d, images, labels):
        return self.apply("discriminator", self.work.model.discriminator, d, images, labels)[0]

    def discriminator_loss(self, d, g, inputs):
        model, images, labels = self.work.model, inputs["images"], inputs["labels"]
        fake = tf.stop_gradient(self.generate(g, inputs["latent"], labels)[0])
        if self.batched:
            both = self.discriminate(d, tf.concat([images, fake], 0), tf.concat([labels, labels], 0))
            on_real, on_fake = tf.split(both, 2)
        else:
            on_real, on_fake = self.discriminate(d, images, labels), self.discriminate(d, fake, labels)
        if model.loss == "wasserstein":
            loss = tf.reduce_mean(on_fake) - tf.reduce_mean(on_real)
        else:
            loss = (cross_entropy(on_real, inputs["smoothing.real"])
                    + cross_entropy(on_fake, inputs["smoothing.fake"]))
        if model.penalty:
            between = inputs["alpha"] * images + (1 - inputs["alpha"]) * fake
            total = tf.reduce_sum(self.discriminate(d, between, labels))
            gradient = tf.reshape(tf.gradients(total, between)[0], [labels.shape[0], -1])
            slope = tf.sqrt(tf.reduce_sum(gradient**2, 1) + model.norm_epsilon)
            loss = loss + model.penalty * tf.reduce_mean((slope - 1) ** 2)
        return loss

    def generator_loss(self, g, d, inputs):
        fake, statistics = self.generate(g, inputs["latent"], inputs["labels"])
        output = self.discriminate(d, fake, inputs["labels"])
        if self.work.model.loss == "wasserstein":
            return -tf.reduce_mean(output), statistics
        return cross_entropy(output, tf.ones_like(output)), statistics

    def inputs(self, rows):
        """The discriminator's examples and random numbers, gathered and drawn now."""
        model, count = self.work.model, rows.shape[0]
        inputs = {
            "images": tf.cast(tf.gather(self.images, rows), tf.float32) / 127.5 - 1,
            "labels": tf.gather(self.labels, rows), "latent": tf.random.normal((count, model.latent))}
        if model.penalty:
            inputs["alpha"] = tf.random.uniform((count, 1, 1, 1))
        if model.smoothing:
            inputs["smoothing.real"] = tf.random.uniform((count, 1), 0.7, 1.0)
            inputs["smoothing.fake"] = tf.random.uniform((count, 1), 0.0, 0.3)
        return inputs

    def adam(self, variables, gradients, moments):
        adam, (first, second), time = self.work.model.adam, moments, self.time.read_value()
        power1, power2 = tf.pow(adam.beta1, time), tf.pow(adam.beta2, time)
        for k, gradient in gradients.items():
            gradient = tf.convert_to_tensor(gradient)  # that of an embedding comes as slices
            if not self.xla:  # its epsilon stands at another place, at the same cost
                tf.raw_ops.ResourceApplyAdam(
                    var=variables[k].handle, m=first[k].handle, v=second[k].handle, beta1_power=power1,
                    beta2_power=power2, lr=adam.rate, beta1=adam.beta1, beta2=adam.beta2, epsilon=adam.epsilon,
                    grad=gradient)
                continue
            first[k].assign(adam.beta1 * first[k] + (1 - adam.beta1) * gradient)
            second[k].assign(adam.beta2 * second[k] + (1 - adam.beta2) * gradient * gradient)
            variables[k].assign_sub(
                adam.rate * (first[k] / (1 - power1)) / (tf.sqrt(second[k] / (1 - power2)) + adam.epsilon))

    def whole_step(self, rows):
        def values(variables):
            return {k: v.read_value() for k, v in variables.items()}

        def gradients(loss, p):
            return dict(zip(p, tf.gradients(loss, list(p.values()))))

        self.time.assign_add(1.0)
        d, g = values(self.d), values(self.g)
        loss_d = self.discriminator_loss(d, g, self.inputs(rows[0]))
        self.adam(self.d, gradients(loss_d, d), self.of_d)
        d = values(self.d)
        inputs = {
            "labels": tf.gather(self.labels, rows[1]),
            "latent": tf.random.normal((rows.shape[1], self.work.model.latent))}
        loss_g, seen = self.generator_loss(g, d, inputs)
        self.adam(self.g, gradients(loss_g, g), self.of_g)
        for k, variable in self.statistics.items():
            variable.assign(BATCH_NORM_MOMENTUM * variable + (1 - BATCH_NORM_MOMENTUM) * seen[k])
        for k, variable in self.average.items():
            variable.assign_sub((1 - self.work.average) * (variable - self.g[k]))
        return loss_d, loss_g

    def step(self, rows):
        loss_d, loss_g = self.function(tf.constant(rows))
        return float(loss_d), float(loss_g)

    def loss(self, phase, inputs):
        count = len(inputs["labels"])
        shapes = {"alpha": (count, 1, 1, 1), "smoothing.real": (count, 1), "smoothing.fake": (count, 1)}
        inputs = {k: tf.constant(v.reshape(shapes.get(k, v.shape))) for k, v in inputs.items()}
        d, g = self.d, self.g
        if phase == "generator":
            return self.compiled(lambda: self.generator_loss(g, d, inputs)[0])()
        return self.compiled(lambda: self.discriminator_loss(d, g, inputs))()


if __name__ == "__main__":
    main(TensorFlowPeer, given, tf.__version__)
