"""Layers and networks of the reference, in JAX and float64.

A network is a tuple of layers. Layers of one kind are numbered from 1 in the order in which they stand, and a parameter
is called `network.kindN.part`, as in a dump. Images are [N, H, W, C].
"""
import os
from dataclasses import dataclass

os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ["JAX_ENABLE_X64"] = "1"

import jax
import jax.numpy as jnp
from jax import lax

BATCH_NORM_EPSILON = 1e-5
BATCH_NORM_MOMENTUM = 0.9


@dataclass(frozen=True)
class Dense:
    units: int


@dataclass(frozen=True)
class Conv:
    channels: int
    kernel: int = 4
    stride: int = 2


@dataclass(frozen=True)
class ConvTranspose:
    channels: int
    kernel: int = 4
    stride: int = 2


@dataclass(frozen=True)
class BatchNorm:
    pass


@dataclass(frozen=True)
class Reshape:
    shape: tuple


@dataclass(frozen=True)
class LabelPlane:
    """A learned [H, W] plane for each class, joined to the image as its last channel."""


@dataclass(frozen=True)
class OneHot:
    """Flattens and joins the label's one-hot vector after it."""


@dataclass(frozen=True)
class Activation:
    function: str
    slope: float = 0.0


NAMES = {Dense: "dense", Conv: "conv", ConvTranspose: "convTranspose", BatchNorm: "batchNorm"}

ACTIVATIONS = {
    "relu": lambda x, _: jnp.where(x > 0, x, 0.0),
    "leakyReLU": lambda x, slope: jnp.where(x > 0, x, slope * x),
    "tanh": lambda x, _: jnp.tanh(x),
    "sigmoid": lambda x, _: jax.nn.sigmoid(x),
}


def named(network, layers):
    """Each layer with the dotted prefix of its parameters."""
    counts = {}
    for layer in layers:
        if isinstance(layer, LabelPlane):
            yield layer, f"{network}.labelPlane"
            continue
        kind = type(layer)
        counts[kind] = counts.get(kind, 0) + 1
        yield layer, f"{network}.{NAMES.get(kind, kind.__name__)}{counts[kind]}"


def same_padding(size, kernel, stride):
    """TensorFlow's `SAME`: the output has ceil(size / stride) places, an odd element is padded after."""
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


def convolution(x, weight, stride):
    """Cross-correlation of x [N, H, W, I] with weight [kh, kw, I, O] and `same` padding."""
    padding = [same_padding(x.shape[1 + axis], weight.shape[axis], stride) for axis in (0, 1)]
    return lax.conv_general_dilated(
        x, weight, (stride, stride), padding, dimension_numbers=("NHWC", "HWIO", "NHWC"))


def transposed_convolution(x, weight, stride):
    """The adjoint of `convolution` in its image, by that definition: weight [kh, kw, out, in] is read as HWIO."""
    n, h, w, _ = x.shape
    image = jnp.zeros((n, h * stride, w * stride, weight.shape[2]), x.dtype)
    _, pullback = jax.vjp(lambda y: convolution(y, weight, stride), image)
    return pullback(x)[0]


def batch_norm(x, parameters, prefix):
    """Normalises each channel over all other axes with the batch's mean and biased variance."""
    axes = tuple(range(x.ndim - 1))
    mean = x.mean(axes)
    variance = ((x - mean) ** 2).mean(axes)
    y = (x - mean) / jnp.sqrt(variance + BATCH_NORM_EPSILON)
    kept = BATCH_NORM_MOMENTUM
    statistics = {
        f"{prefix}.mean": kept * parameters[f"{prefix}.mean"] + (1 - kept) * mean,
        f"{prefix}.variance": kept * parameters[f"{prefix}.variance"] + (1 - kept) * variance,
    }
    return y * parameters[f"{prefix}.scale"] + parameters[f"{prefix}.offset"], statistics


def apply(network, layers, parameters, x, labels, classes):
    """The network's output and the running statistics it would leave behind."""
    statistics = {}
    batch = x.shape[0]
    for layer, prefix in named(network, layers):
        match layer:
            case OneHot():
                x = jnp.concatenate([x.reshape(batch, -1), jnp.eye(classes)[labels]], axis=1)
            case LabelPlane():
                plane = parameters[f"{prefix}.weight"][labels]
                x = jnp.concatenate([x, plane.reshape(x.shape[:3] + (1,))], axis=3)
            case Dense():
                x = x.reshape(batch, -1) @ parameters[f"{prefix}.weight"] + parameters[f"{prefix}.bias"]
            case Conv():
                x = convolution(x, parameters[f"{prefix}.weight"], layer.stride) + parameters[f"{prefix}.bias"]
            case ConvTranspose():
                x = transposed_convolution(x, parameters[f"{prefix}.weight"], layer.stride)
                x = x + parameters[f"{prefix}.bias"]
            case BatchNorm():
                x, new = batch_norm(x, parameters, prefix)
                statistics |= new
            case Reshape():
                x = x.reshape((batch,) + layer.shape)
            case Activation():
                x = ACTIVATIONS[layer.function](x, layer.slope)
    return x, statistics


def parameter_shapes(network, layers, shape, classes):
    """Each parameter and statistic of a network fed with examples of `shape`, as name → shape."""
    shapes = {}
    for layer, prefix in named(network, layers):
        size = 1
        for extent in shape:
            size *= extent
        match layer:
            case OneHot():
                shape = (size + classes,)
            case LabelPlane():
                shapes[f"{prefix}.weight"] = (classes, shape[0] * shape[1])
                shape = (shape[0], shape[1], shape[2] + 1)
            case Dense():
                shapes[f"{prefix}.weight"] = (size, layer.units)
                shapes[f"{prefix}.bias"] = (layer.units,)
                shape = (layer.units,)
            case Conv():
                shapes[f"{prefix}.weight"] = (layer.kernel, layer.kernel, shape[2], layer.channels)
                shapes[f"{prefix}.bias"] = (layer.channels,)
                shape = (-(-shape[0] // layer.stride), -(-shape[1] // layer.stride), layer.channels)
            case ConvTranspose():
                shapes[f"{prefix}.weight"] = (layer.kernel, layer.kernel, layer.channels, shape[2])
                shapes[f"{prefix}.bias"] = (layer.channels,)
                shape = (shape[0] * layer.stride, shape[1] * layer.stride, layer.channels)
            case BatchNorm():
                for part in ("scale", "offset", "mean", "variance"):
                    shapes[f"{prefix}.{part}"] = (shape[-1],)
            case Reshape():
                shape = layer.shape
    return shapes


def layout(name, shape):
    """What a dump writes as the layout of a parameter."""
    if len(shape) == 4:
        return "HWOI" if ".convTranspose" in name else "HWIO"
    if len(shape) == 2:
        return "CP" if name.endswith(".labelPlane.weight") else "IO"
    return "C"
