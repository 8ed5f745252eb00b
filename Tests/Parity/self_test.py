"""Checks the reference without cganc: its convolutions against their definition in NumPy, its gradients against central
differences, and its reading of a dump by writing one, comparing it, and spoiling it."""
import contextlib
import io
import tempfile

import numpy as np

from digest import digest, sample_indices
from dump import PHASES, write_dump
from layers import layout, parameter_shapes, same_padding
from models import MODELS
from networks import convolution, jax, jnp, transposed_convolution
from steps import OBJECTIVES, run_phase

BATCH = 3


def convolution_by_definition(x, weight, stride):
    """y[i, j] = Σ x[i·s + a − before, j·s + b − before] · weight[a, b], one tap at a time."""
    n, h, w, _ = x.shape
    kh, kw, _, channels = weight.shape
    (top, bottom), (left, right) = same_padding(h, kh, stride), same_padding(w, kw, stride)
    padded = np.pad(x, ((0, 0), (top, bottom), (left, right), (0, 0)))
    y = np.zeros((n, -(-h // stride), -(-w // stride), channels))
    for i in range(y.shape[1]):
        for j in range(y.shape[2]):
            patch = padded[:, i * stride : i * stride + kh, j * stride : j * stride + kw]
            y[:, i, j] = np.einsum("nabi,abio->no", patch, weight)
    return y


def transposed_by_definition(x, weight, stride):
    """Each input element adds its multiple of the kernel to the output at (i·s + a − before, j·s + b − before)."""
    n, h, w, _ = x.shape
    kh, kw, channels, _ = weight.shape
    height, width = h * stride, w * stride
    (top, bottom), (left, right) = same_padding(height, kh, stride), same_padding(width, kw, stride)
    padded = np.zeros((n, height + top + bottom, width + left + right, channels))
    for i in range(h):
        for j in range(w):
            padded[:, i * stride : i * stride + kh, j * stride : j * stride + kw] += np.einsum(
                "ni,aboi->nabo", x[:, i, j], weight)
    return padded[:, top : top + height, left : left + width]


def check_convolutions(random):
    for size, kernel, stride in ((8, 4, 2), (7, 3, 2), (5, 5, 1), (6, 3, 3), (6, 2, 3)):
        x = random.standard_normal((2, size, size, 3))
        weight = random.standard_normal((kernel, kernel, 3, 5))
        ours = np.asarray(convolution(jnp.asarray(x), jnp.asarray(weight), stride))
        assert np.abs(ours - convolution_by_definition(x, weight, stride)).max() < 1e-12, ("conv", size, kernel, stride)
        weight = random.standard_normal((kernel, kernel, 5, 3))
        ours = np.asarray(transposed_convolution(jnp.asarray(x), jnp.asarray(weight), stride))
        error = np.abs(ours - transposed_by_definition(x, weight, stride)).max()
        assert error < 1e-12, ("transposed", size, kernel, stride, error)


def made_parameters(model, random):
    parameters = {}
    for network, layers, shape in (
        ("generator", model.generator, (model.latent,)), ("discriminator", model.discriminator, model.image)):
        for name, extents in parameter_shapes(network, layers, shape, model.classes).items():
            draw = random.standard_normal(extents)
            if name.endswith((".scale", ".variance")):
                parameters[name] = 1 + 0.1 * np.abs(draw)
            elif len(extents) == 1:
                parameters[name] = 0.05 * draw
            elif name.endswith(".labelPlane.weight"):
                parameters[name] = 0.5 * draw
            else:
                # The inputs that meet in one output: of a 4×4 transposed kernel at stride 2, four taps.
                fan_in = 4 * extents[3] if ".convTranspose" in name else np.prod(extents[:-1])
                parameters[name] = draw * np.sqrt(1.5 / fan_in)
    return parameters


def made_inputs(model, phase, random):
    inputs = {
        "labels": random.integers(0, model.classes, BATCH).astype(np.int32),
        "latent": random.standard_normal((BATCH, model.latent))}
    drawn = {}
    if phase == "discriminator":
        inputs["images"] = random.uniform(-1, 1, (BATCH,) + model.image)
        if model.smoothing:
            drawn["smoothing.real"] = random.uniform(0.7, 1, (BATCH, 1))
            drawn["smoothing.fake"] = random.uniform(0, 0.3, (BATCH, 1))
        if model.penalty:
            drawn["alpha"] = random.uniform(0, 1, (BATCH, 1, 1, 1))
    return inputs, drawn


def on_device(arrays):
    return {name: jnp.asarray(value) for name, value in arrays.items()}


def check_gradients(model, phase, parameters, inputs, drawn, gradients, random):
    """Three elements of each gradient against (f(x + h) − f(x − h)) / 2h, at the best of several h: the norm's gradient
    jumps where a leaky unit changes sign, so that one h may straddle a jump, but a wrong gradient agrees at none."""
    arguments = on_device(inputs), on_device(drawn)
    loss = jax.jit(lambda trained: OBJECTIVES[phase](model, trained, on_device(parameters), *arguments)[0])
    trained = {name: np.array(parameters[name]) for name in gradients}
    worst = 0.0
    for name, gradient in gradients.items():
        flat = np.asarray(gradient).reshape(-1)
        scale = np.abs(flat).max()
        for index in {int(np.argmax(np.abs(flat))), *random.integers(0, flat.size, 2).tolist()}:
            errors = []
            for h in (1e-4, 1e-5, 1e-6, 1e-7):
                values = []
                for sign in (1, -1):
                    moved = trained[name].copy()
                    moved.reshape(-1)[index] += sign * h
                    values.append(float(loss(trained | {name: moved})))
                difference = (values[0] - values[1]) / (2 * h)
                errors.append(abs(difference - flat[index]) / max(scale, 1e-3))
            worst = max(worst, min(errors))
            assert min(errors) < 1e-7, (phase, name, index, flat[index], errors)
    return worst


def made_dump(name, model, random):
    """A dump with the reference's own numbers for results, plus what they were computed from."""
    parameters, tensors, worst = made_parameters(model, random), {}, 0.0
    for phase in PHASES:
        inputs, drawn = made_inputs(model, phase, random)
        losses, gradients, updated = run_phase(
            model, phase, on_device(parameters), on_device(inputs), on_device(drawn))
        worst = max(worst, check_gradients(model, phase, parameters, inputs, drawn, gradients, random))
        known = {"loss": losses["loss"], **{k: losses[k] for k in ("slope", "penalty") if k in losses}}
        for role, arrays in (
            ("parameter", parameters), ("input", inputs), ("random", drawn), ("loss", known), ("gradient", gradients),
            ("updated", updated)):
            for key, value in arrays.items():
                tensors[phase, role, key] = np.asarray(value)
        parameters = parameters | {k: np.asarray(v) for k, v in updated.items()}
    return tensors, worst


def check_dump(name, tensors):
    """The dump compares equal as it is and unequal when one element of one result is off by a part in 10⁷."""
    from reference import compare  # which imports this module
    layouts = {(role, key): layout(key, value.shape) for (_, role, key), value in tensors.items() if role != "input"}
    layouts[("input", "images")] = "NHWC"
    with tempfile.TemporaryDirectory() as directory, contextlib.redirect_stdout(io.StringIO()):
        write_dump(directory, name, BATCH, tensors, layouts)
        _, read, expected, agree = compare(directory, 1e-9, quiet=True)
        assert agree, name
        for phase in PHASES:
            assert digest(read[phase, "loss", "loss"])["sum"] == float(expected[phase]["loss"]["loss"])
        for role in ("loss", "gradient", "updated"):
            key = max((k for k in tensors if k[1] == role), key=lambda k: np.abs(tensors[k]).max())
            spoiled = np.array(tensors[key], np.float64)
            spoiled.reshape(-1)[int(np.argmax(np.abs(spoiled)))] *= 1 + 1e-7
            write_dump(directory, name, BATCH, tensors | {key: spoiled}, layouts)
            assert not compare(directory, 1e-9, quiet=True)[3], (name, key)


def run():
    random = np.random.default_rng(20)
    assert sample_indices(5) == [0, 1, 2, 3, 4] and sample_indices(15) == [0, 2, 4, 6, 8, 10, 12, 14]
    check_convolutions(random)
    print("convolutions agree with their definition")
    for name, model in MODELS.items():
        tensors, worst = made_dump(name, model, random)
        print(f"{name}: gradients agree with central differences to {worst:.1e}")
        check_dump(name, tensors)
        print(f"{name}: a dump is read, compared, and found wrong when spoiled")
    print("self-test passed")
    return 0
