"""A few numbers that stand for a tensor, so that gradients can be kept in the repository without keeping tensors.

For a tensor x with elements x[0], x[1], … in C order: its l2 norm, its sum, its product with the fixed vector
cos(0.37 i + 0.11), and eight elements spread evenly from first to last (all of them where there are fewer).
"""
import math

import numpy as np

SAMPLES = 8


def sample_indices(count):
    """Where the sampled elements stand: floor(k (count − 1) / 7) for k = 0 … 7."""
    if count <= SAMPLES:
        return list(range(count))
    return [k * (count - 1) // (SAMPLES - 1) for k in range(SAMPLES)]


def digest(array):
    # NumPy adds pairwise along a contiguous array, so each of the three is good to a few units in the last place.
    flat = np.ascontiguousarray(array, dtype=np.float64).reshape(-1)
    weights = np.cos(0.37 * np.arange(flat.size) + 0.11)
    return {
        "norm": math.sqrt(float(np.sum(flat * flat))),
        "sum": float(np.sum(flat)),
        "dot": float(np.sum(flat * weights)),
        "samples": [float(flat[i]) for i in sample_indices(flat.size)],
    }


def entry(phase, role, name, array):
    return {"phase": phase, "role": role, "name": name, "shape": list(np.shape(array)), **digest(array)}
