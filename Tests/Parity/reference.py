"""Recomputes one training step of a shipped model from a dump, in float64 JAX, and compares or stores it.

  python reference.py --dump DIR [--rtol 1e-9]     compare every loss, gradient and updated parameter
  python reference.py --dump DIR --store FILE      compare, then write the stored numbers of Tests/Parity
  python reference.py --redo CGANC                 dump, compare and store all the shipped models
  python reference.py --self-test                  check the reference itself; needs no cganc
"""
import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile

import numpy as np

from digest import entry
from dump import PHASES, of, read_dump
from layers import parameter_shapes
from models import MODELS
from networks import jax, jnp
from steps import adam_first_step, run_phase

HERE = os.path.dirname(os.path.abspath(__file__))
ZERO = 1e-12  # a tensor that is smaller on both sides is a zero by structure, met with different roundings
BOUNDS = {"alpha": (0.0, 1.0), "smoothing.real": (0.7, 1.0), "smoothing.fake": (0.0, 0.3)}


def relative_error(value, reference):
    """max |value − reference| / max |reference|, and 0 where both are zeros by structure."""
    value, reference = np.asarray(value, np.float64), np.asarray(reference, np.float64)
    if value.size != reference.size:
        return float("inf")
    difference = np.abs(value.reshape(-1) - reference.reshape(-1)).max()
    largest = np.abs(reference).max()
    if largest < ZERO and np.abs(value).max() < ZERO:
        return 0.0
    return float(difference / largest) if largest > 0 else float("inf")


def check_parameters(model, phase, parameters, problems):
    shapes = {}
    for network, layers, shape in (
        ("generator", model.generator, (model.latent,)), ("discriminator", model.discriminator, model.image)):
        shapes |= parameter_shapes(network, layers, shape, model.classes)
    for name, shape in shapes.items():
        if name not in parameters:
            problems.append(f"{phase}: parameter {name} is missing")
        elif parameters[name].shape != shape:
            problems.append(f"{phase}: parameter {name} is {parameters[name].shape}, the model's table says {shape}")
    problems += [f"{phase}: parameter {name} is not in the model's table" for name in parameters if name not in shapes]


def check_random(phase, random, batch, problems):
    for name, values in random.items():
        if name not in BOUNDS:
            problems.append(f"{phase}: random tensor {name} is not known here")
            continue
        low, high = BOUNDS[name]
        if values.size != batch:
            problems.append(f"{phase}: {name} has {values.size} elements for a batch of {batch}")
        if values.min() < low or values.max() > high:
            problems.append(f"{phase}: {name} leaves [{low}, {high}]: {values.min()} … {values.max()}")


def compare_phase(model, phase, batch, tensors, rows, problems, notes):
    """Adds (phase, role, name, error) to `rows`; returns what the reference says: {role: {name: array}}."""
    parameters, random = of(tensors, phase, "parameter"), of(tensors, phase, "random")
    before = len(problems)
    check_parameters(model, phase, parameters, problems)
    check_random(phase, random, batch, problems)
    if len(problems) > before:
        return {}
    arrays = lambda role: {k: jnp.asarray(v) for k, v in of(tensors, phase, role).items()}
    losses, gradients, updated = run_phase(model, phase, arrays("parameter"), arrays("input"), arrays("random"))
    expected = {"loss": losses, "gradient": gradients, "updated": updated}

    dumped = of(tensors, phase, "loss")
    if "loss" not in dumped:
        problems.append(f"{phase}: no tensor of role loss is named loss")
    for name, value in dumped.items():
        if name in losses:
            rows.append((phase, "loss", name, relative_error(value, losses[name])))
        else:
            notes.append(f"{phase}: tracked value {name} = {float(np.ravel(value)[0])} is not known here, not compared")

    dumped = of(tensors, phase, "gradient")
    for name, value in gradients.items():
        if name in dumped:
            rows.append((phase, "gradient", name, relative_error(dumped[name], value)))
        elif np.abs(value).max() < ZERO:
            notes.append(f"{phase}: gradient {name} is a structural zero and was left out")
        else:
            problems.append(f"{phase}: gradient {name} is missing")
    problems += [f"{phase}: gradient {name} is unexpected" for name in dumped if name not in gradients]

    # Adam divides by |gradient| + 1e-8, which magnifies roundings of a tiny gradient; so the update is recomputed from
    # the dumped gradient, itself compared above.
    after = of(tensors, phase, "updated")
    for name, value in updated.items():
        if name in dumped:
            value = adam_first_step(model.adam, parameters[name], dumped[name])
        if name in after:
            rows.append((phase, "updated", name, relative_error(after[name], value)))
        else:
            problems.append(f"{phase}: updated {name} is missing")
    for name, value in after.items():
        if name not in updated and not (name in parameters and np.array_equal(value, parameters[name])):
            problems.append(f"{phase}: updated {name} should not have changed")
    return expected


def check_chain(tensors, problems):
    """The generator's phase begins with what the discriminator's phase left behind."""
    begins, updated = of(tensors, PHASES[1], "parameter"), of(tensors, PHASES[0], "updated")
    for name, value in of(tensors, PHASES[0], "parameter").items():
        if name in begins and not np.array_equal(begins[name], updated.get(name, value)):
            problems.append(f"generator: parameter {name} is not what the discriminator's phase left")


def compare(directory, rtol, quiet=False):
    """Prints the table; returns (manifest, tensors, expected by phase, whether all agree)."""
    manifest, tensors = read_dump(directory)
    if manifest["model"] not in MODELS:
        raise SystemExit(f"error: {directory} is a dump of {manifest['model']}; known are {', '.join(MODELS)}")
    model = MODELS[manifest["model"]]
    rows, problems, notes, expected = [], [], [], {}
    for phase in PHASES:
        expected[phase] = compare_phase(model, phase, manifest["batch"], tensors, rows, problems, notes)
    check_chain(tensors, problems)
    wrong = [row for row in rows if not row[3] <= rtol]
    for row in rows if not quiet else wrong:
        print(f"{row[0]:14}{row[1]:10}{row[2]:36}{row[3]:10.2e}{'' if row[3] <= rtol else '  WRONG'}")
    for line in notes:
        print("note: " + line)
    for line in problems:
        print("error: " + line)
    agree = bool(rows) and not wrong and not problems
    worst = max(rows, key=lambda row: row[3], default=("", "", "nothing", float("nan")))
    print(f"{manifest['model']}, batch {manifest['batch']}: {len(rows)} tensors, worst {worst[3]:.2e} "
          f"({worst[0]} {worst[1]} {worst[2]}), {'all agree' if agree else 'DISAGREES'} at rtol {rtol:g}")
    return manifest, tensors, expected, agree


def store(path, manifest, tensors, expected, seed):
    """Digests: of what was given as dumped, of losses, gradients and updates as the reference has them."""
    entries = [entry(*key, value) for key, value in tensors.items() if key[1] in ("parameter", "input", "random")]
    for phase in PHASES:
        for role, named in expected[phase].items():
            entries += [
                entry(phase, role, name, value) for name, value in named.items()
                if role != "loss" or (phase, role, name) in tensors]
    head = {
        "version": 1, "model": manifest["model"], "batch": manifest["batch"], "seed": seed,
        "made": {"python": platform.python_version(), "numpy": np.__version__, "jax": jax.__version__}}
    lines = ",\n".join("  " + json.dumps(e, allow_nan=False) for e in entries)
    with open(path, "w", encoding="utf-8") as file:
        file.write(json.dumps(head)[:-1] + ',\n "tensors": [\n' + lines + "\n]}\n")


def redo(cganc, batch, seed, rtol):
    """Dumps, compares and stores each model; a model that disagrees is not stored."""
    failed = []
    for name in MODELS:
        with tempfile.TemporaryDirectory() as directory:
            subprocess.run(
                [cganc, "dump", name, "--batch", str(batch), "--seed", str(seed), "--precision", "double",
                 "--out", directory], check=True, stdout=subprocess.DEVNULL)
            manifest, tensors, expected, agree = compare(directory, rtol, quiet=True)
        if agree:
            store(os.path.join(HERE, f"{name}.json"), manifest, tensors, expected, seed)
        else:
            failed.append(name)
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--dump", metavar="DIR")
    what.add_argument("--redo", metavar="CGANC")
    what.add_argument("--self-test", action="store_true")
    parser.add_argument("--store", metavar="FILE")
    parser.add_argument("--rtol", type=float, default=1e-9)
    parser.add_argument("--batch", type=int, default=4, help="with --redo (default 4)")
    parser.add_argument("--seed", type=int, default=7, help="with --redo or --store (default 7)")
    options = parser.parse_args()
    if options.self_test:
        import self_test
        return self_test.run()
    if options.redo:
        return 1 if redo(options.redo, options.batch, options.seed, options.rtol) else 0
    manifest, tensors, expected, agree = compare(options.dump, options.rtol)
    if options.store and agree:
        store(options.store, manifest, tensors, expected, manifest.get("seed", options.seed))
    return 0 if agree else 1


if __name__ == "__main__":
    sys.exit(main())
