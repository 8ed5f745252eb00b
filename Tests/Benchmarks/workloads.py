"""What is timed: the models, their parameters and data, and the numbers that stand for one timing.

The models are those of `Tests/Parity/models.py`, written by hand from `Sources/Models`; here they may be scaled in width.
"""
import math
import os
import sys
from dataclasses import dataclass, replace
from math import prod

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Parity"))

from layers import Conv, ConvTranspose, Dense, Reshape, parameter_shapes
from models import MODELS, Model

NAMES = ("mlp-cgan", "mlp-wgan-gp", "dcgan-wgan-gp", "dcgan-bn-bce", "dcgan32-wgan-gp")
# The moving average of the generator that these models keep: one more pass over its parameters in each step.
AVERAGE_DECAY = {"dcgan-wgan-gp": 0.999, "dcgan-bn-bce": 0.999, "dcgan32-wgan-gp": 0.999}
BATCH = 64
EXAMPLES = 1024
CHECKED_PHASES = ("discriminator", "generator")


@dataclass(frozen=True)
class Workload:
    """One model at one batch and width."""
    name: str
    model: Model
    batch: int
    average: float  # decay of the generator's moving average, 0 for none


def workload(name, batch=BATCH, width=1.0):
    return Workload(name, scaled(MODELS[name], width), batch, AVERAGE_DECAY.get(name, 0.0))


def has_convolutions(name):
    return any(isinstance(layer, Conv) for layer in MODELS[name].discriminator)


def scaled(model, width):
    """`model` with every layer but each network's last `width` times as wide."""
    if width == 1:
        return model
    networks = []
    for layers in (model.generator, model.discriminator):
        last = max(i for i, layer in enumerate(layers) if isinstance(layer, (Dense, Conv, ConvTranspose)))
        networks.append(tuple(
            layer if i == last else scaled_layer(layer, width, model.image) for i, layer in enumerate(layers)))
    return replace(model, generator=networks[0], discriminator=networks[1])


def scaled_layer(layer, width, image):
    match layer:
        case Dense():
            return replace(layer, units=round(layer.units * width))
        case Conv() | ConvTranspose():
            return replace(layer, channels=round(layer.channels * width))
        case Reshape() if layer.shape != image:
            return replace(layer, shape=layer.shape[:-1] + (round(layer.shape[-1] * width),))
    return layer


def shapes(model):
    """Each parameter and statistic of both networks, as name → shape, in the layouts of a dump."""
    return (parameter_shapes("generator", model.generator, (model.latent,), model.classes)
            | parameter_shapes("discriminator", model.discriminator, model.image, model.classes))


def initial_parameters(model, seed=7):
    """Values of a usual size, as float32 arrays: those of cganc are only needed where losses are compared."""
    import numpy as np
    random = np.random.default_rng(seed)
    values = {}
    for name, shape in shapes(model).items():
        if name.endswith((".scale", ".variance")):
            value = np.ones(shape)
        elif name.endswith(".weight"):
            if ".convTranspose" in name:  # an output pixel sees a quarter of the kernel: kernel 4, stride 2
                fan = prod(shape[:2]) // 4 * shape[3]
            else:
                fan = prod(shape[:-1])
            value = random.standard_normal(shape) * math.sqrt(1.5 / fan)
        else:
            value = np.zeros(shape)
        values[name] = value.astype(np.float32)
    return values


def examples(model, seed=11):
    """Images of noise [N, H, W, C] as bytes, and their labels [N]."""
    import numpy as np
    random = np.random.default_rng(seed)
    images = random.integers(0, 256, (EXAMPLES,) + model.image, dtype=np.uint8)
    return images, random.integers(0, model.classes, EXAMPLES).astype(np.int32)


def row_order(batch, steps=64, seed=13):
    """The rows of each step, [steps, 2, batch]: the discriminator's and the generator's. Steps beyond begin again."""
    import numpy as np
    random = np.random.default_rng(seed)
    need, rows = steps * 2 * batch, []
    while sum(map(len, rows)) < need:
        rows.append(random.permutation(EXAMPLES))
    return np.concatenate(rows)[:need].reshape(steps, 2, batch).astype(np.int32)
