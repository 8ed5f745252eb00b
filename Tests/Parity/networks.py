"""Networks of the reference, in JAX and float64."""
import os

os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ["JAX_ENABLE_X64"] = "1"

import jax
import jax.numpy as jnp
from jax import lax

from layers import (
    BATCH_NORM_EPSILON, BATCH_NORM_MOMENTUM, Activation, BatchNorm, Conv, ConvTranspose, Dense, LabelPlane, OneHot,
    Reshape, named, same_padding)

ACTIVATIONS = {
    "relu": lambda x, _: jnp.where(x > 0, x, 0.0),
    "leakyReLU": lambda x, slope: jnp.where(x > 0, x, slope * x),
    "tanh": lambda x, _: jnp.tanh(x),
    "sigmoid": lambda x, _: jax.nn.sigmoid(x),
}


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
