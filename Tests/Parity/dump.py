"""Reads and writes the directory of `cganc dump`: `manifest.json` and one `.npy` file for each tensor."""
import json
import os

import numpy as np

PHASES = ("discriminator", "generator")


def read_dump(directory):
    """The manifest and its tensors as {(phase, role, name): array}; floating-point arrays as float64."""
    with open(os.path.join(directory, "manifest.json"), encoding="utf-8") as file:
        manifest = json.load(file)
    if manifest.get("version") != 1:
        raise SystemExit(f"error: {directory}/manifest.json has version {manifest.get('version')}, expected 1")
    tensors = {}
    for entry in manifest["tensors"]:
        key = (entry["phase"], entry["role"], entry["name"])
        if key in tensors:
            raise SystemExit(f"error: {directory}/manifest.json lists {' '.join(key)} twice")
        array = np.load(os.path.join(directory, entry["file"]), allow_pickle=False)
        if list(array.shape) != list(entry["shape"]):
            raise SystemExit(
                f"error: {entry['file']} has shape {list(array.shape)}, the manifest says {list(entry['shape'])}")
        if not array.flags["C_CONTIGUOUS"]:
            raise SystemExit(f"error: {entry['file']} is not in C order")
        tensors[key] = array.astype(np.float64) if array.dtype.kind == "f" else array
    return manifest, tensors


def write_dump(directory, model, batch, tensors, layouts):
    """Writes {(phase, role, name): array} in the format of `read_dump`; `layouts` maps (role, name) to a layout."""
    os.makedirs(directory, exist_ok=True)
    entries = []
    for index, ((phase, role, name), array) in enumerate(tensors.items()):
        file = f"{index:03d}.{phase}.{role}.{name}.npy"
        array = np.asarray(array)
        np.save(os.path.join(directory, file), array)
        entries.append({
            "file": file, "phase": phase, "role": role, "name": name, "shape": list(array.shape),
            "layout": layouts.get((role, name), "")})
    manifest = {"version": 1, "model": model, "batch": batch, "tensors": entries}
    with open(os.path.join(directory, "manifest.json"), "w", encoding="utf-8") as file:
        json.dump(manifest, file, indent=1)


def of(tensors, phase, role):
    """The tensors of one phase and role as {name: array}."""
    return {name: array for (p, r, name), array in tensors.items() if (p, r) == (phase, role)}
