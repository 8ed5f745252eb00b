"""One training step, phase by phase: losses, tracked values, gradients, and the parameters after Adam.

A phase is a function of dictionaries of arrays (parameters, inputs, random numbers) named as in a dump.
"""
from functools import partial

from networks import apply, jax, jnp


def logits(output, target):
    """Binary cross-entropy of a logit r: t·softplus(−r) + (1 − t)·softplus(r)."""
    return target * jax.nn.softplus(-output) + (1 - target) * jax.nn.softplus(output)


def probabilities(output, target):
    """Binary cross-entropy of a probability as Keras has it: clipped to [1e-7, 1 − 1e-7]."""
    p = jnp.clip(output, 1e-7, 1 - 1e-7)
    return -(target * jnp.log(p) + (1 - target) * jnp.log(1 - p))


def wasserstein(output, target):
    """A critic: −r for what should look real, r for what should look fake."""
    return -output if target == 1.0 else output


LOSSES = {"logits": logits, "probabilities": probabilities, "wasserstein": wasserstein}


def slopes(model, parameters, between, labels):
    """The norm of the discriminator's gradient in the image, for each example: [N]."""
    def total(images):
        return apply("discriminator", model.discriminator, parameters, images, labels, model.classes)[0].sum()

    gradient = jax.grad(total)(between).reshape(between.shape[0], -1)
    return jnp.sqrt((gradient**2).sum(axis=1) + model.norm_epsilon)


def discriminator_loss(model, trained, parameters, inputs, random):
    parameters = parameters | trained
    images, labels = inputs["images"], inputs["labels"]
    discriminate = partial(apply, "discriminator", model.discriminator, parameters, classes=model.classes)
    fake, _ = apply("generator", model.generator, parameters, inputs["latent"], labels, model.classes)
    fake = jax.lax.stop_gradient(fake)
    on_real, _ = discriminate(images, labels)
    on_fake, _ = discriminate(fake, labels)
    real_target, fake_target = 1.0, 0.0
    if model.smoothing:
        real_target = random["smoothing.real"].reshape(on_real.shape)
        fake_target = random["smoothing.fake"].reshape(on_fake.shape)
    entropy = LOSSES[model.loss]
    real_loss, fake_loss = entropy(on_real, real_target).mean(), entropy(on_fake, fake_target).mean()
    loss = real_loss + fake_loss
    tracked = {"real": on_real.mean(), "fake": on_fake.mean(), "loss.real": real_loss, "loss.fake": fake_loss}
    if model.penalty:
        alpha = random["alpha"].reshape(-1, 1, 1, 1)
        norm = slopes(model, parameters, alpha * images + (1 - alpha) * fake, labels)
        tracked["slope"] = norm.mean()
        tracked["penalty"] = model.penalty * ((norm - 1) ** 2).mean()
        loss = loss + tracked["penalty"]
    return loss, (tracked, {})


def generator_loss(model, trained, parameters, inputs, random):
    parameters = parameters | trained
    labels = inputs["labels"]
    fake, statistics = apply("generator", model.generator, parameters, inputs["latent"], labels, model.classes)
    on_fake, _ = apply("discriminator", model.discriminator, parameters, fake, labels, model.classes)
    return LOSSES[model.loss](on_fake, 1.0).mean(), ({"fake": on_fake.mean()}, statistics)


OBJECTIVES = {"discriminator": discriminator_loss, "generator": generator_loss}


def is_statistic(name):
    return name.endswith((".mean", ".variance"))


def adam_first_step(adam, parameter, gradient):
    """Adam (Kingma and Ba, algorithm 1) at t = 1 from moments of zero."""
    first = (1 - adam.beta1) * gradient / (1 - adam.beta1)
    second = (1 - adam.beta2) * gradient**2 / (1 - adam.beta2)
    return parameter - adam.rate * first / (second**0.5 + adam.epsilon)


def run_phase(model, phase, parameters, inputs, random):
    """Losses, gradients and updated parameters of `phase`, each name → float64 array."""
    trained = {k: v for k, v in parameters.items() if k.startswith(phase + ".") and not is_statistic(k)}
    objective = partial(OBJECTIVES[phase], model)

    @jax.jit
    def compute(trained, parameters, inputs, random):
        (loss, (tracked, statistics)), gradients = jax.value_and_grad(objective, has_aux=True)(
            trained, parameters, inputs, random)
        return {"loss": loss, **tracked}, statistics, gradients

    losses, statistics, gradients = compute(trained, parameters, inputs, random)
    updated = {k: adam_first_step(model.adam, v, gradients[k]) for k, v in trained.items()} | statistics
    return losses, gradients, updated
