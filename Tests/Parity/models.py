"""The eight shipped models, read from `Sources/Models` by hand: layers, loss, optimiser.

This table is the reference's whole knowledge of a model. It is deliberately not generated from the Swift source: a
mistake in the compiler's front end must not find its way in here.
"""
from dataclasses import dataclass
from math import prod

from layers import Activation, BatchNorm, Conv, ConvTranspose, Dense, LabelPlane, OneHot, Reshape

RELU = Activation("relu")
LEAKY = Activation("leakyReLU", 0.2)
TANH = Activation("tanh")
SIGMOID = Activation("sigmoid")


@dataclass(frozen=True)
class Adam:
    rate: float
    beta1: float
    beta2: float
    epsilon: float = 1e-8


@dataclass(frozen=True)
class Model:
    image: tuple
    generator: tuple
    discriminator: tuple
    loss: str  # a key of steps.LOSSES
    adam: Adam
    smoothing: bool = False
    penalty: float = 0.0  # the weight of the two-sided gradient penalty, 0 for none
    norm_epsilon: float = 1e-12  # added to the sum of squares below the penalty's root
    latent: int = 100
    classes: int = 10


def mlp(**rest):
    return Model(
        image=(28, 28, 1),
        generator=(
            OneHot(), Dense(256), LEAKY, Dense(512), LEAKY, Dense(1024), LEAKY, Dense(784), TANH, Reshape((28, 28, 1))),
        discriminator=(OneHot(), Dense(1024), LEAKY, Dense(512), LEAKY, Dense(256), LEAKY, Dense(1)),
        **rest)


def dcgan(image, base, channels, head=(), normalised=False, **rest):
    """A generator from [base, base, channels[0]] up to the image and a discriminator with the channels reversed."""
    def norm(index):
        return (BatchNorm(),) if normalised and index < 2 else ()

    start = (base, base, channels[0])
    generator = (OneHot(), Dense(prod(start)), Reshape(start), *norm(0), RELU)
    for index, count in enumerate(channels[1:], start=1):
        generator += (ConvTranspose(count), *norm(index), RELU)
    generator += (ConvTranspose(image[2]), TANH)
    discriminator = (LabelPlane(),)
    for count in reversed(channels):
        discriminator += (Conv(count), LEAKY)
    return Model(image=image, generator=generator, discriminator=discriminator + (Dense(1),) + head, **rest)


def article(**rest):
    return dcgan((28, 28, 1), 7, (64, 32), head=(SIGMOID,), loss="probabilities", adam=Adam(1e-4, 0.9, 0.999), **rest)


MODELS = {
    "article-basic": article(),
    "article-smoothing": article(smoothing=True),
    "article-penalty": article(penalty=10.0),
    "mlp-cgan": mlp(loss="logits", smoothing=True, adam=Adam(2e-4, 0.5, 0.999)),
    "mlp-wgan-gp": mlp(loss="wasserstein", penalty=10.0, adam=Adam(1e-4, 0.0, 0.9)),
    "dcgan-wgan-gp": dcgan(
        (28, 28, 1), 7, (128, 64), loss="wasserstein", penalty=10.0, adam=Adam(1e-4, 0.5, 0.9)),
    "dcgan-bn-bce": dcgan(
        (28, 28, 1), 7, (128, 64), normalised=True, loss="logits", smoothing=True, adam=Adam(2e-4, 0.5, 0.999)),
    "dcgan32-wgan-gp": dcgan(
        (32, 32, 3), 4, (256, 128, 64), loss="wasserstein", penalty=10.0, adam=Adam(1e-4, 0.5, 0.9)),
}
