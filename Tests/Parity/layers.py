"""Layers, their numbering, and the names and shapes of their parameters, with no framework.

A network is a tuple of layers. Layers of one kind are numbered from 1 in the order in which they stand, and a parameter
is called `network.kindN.part`, as in a dump. Images are [N, H, W, C].
"""
from dataclasses import dataclass

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
