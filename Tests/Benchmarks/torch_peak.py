"""The highest rate of PyTorch's convolutions on images in NHWC order, in GFLOP/s, float32, for a number of threads."""
import os
import sys
import time

threads = int(sys.argv[1])
os.environ["OMP_NUM_THREADS"] = str(threads)

import torch

# input channels, output channels, height and width of the input, kernel, stride; batch 64
SHAPES = ((64, 128, 14, 4, 2), (128, 256, 8, 4, 2), (128, 128, 14, 3, 1), (256, 256, 8, 3, 1))


def rate(inputs, outputs, size, kernel, stride):
    padding = 1
    x = torch.randn(64, inputs, size, size).contiguous(memory_format=torch.channels_last)
    weight = torch.randn(outputs, inputs, kernel, kernel).contiguous(memory_format=torch.channels_last)
    out = (size + 2 * padding - kernel) // stride + 1
    operations = 2.0 * 64 * out * out * outputs * kernel * kernel * inputs
    best = float("inf")
    for _ in range(12):
        begin = time.perf_counter()
        torch.nn.functional.conv2d(x, weight, None, stride, padding)
        best = min(best, time.perf_counter() - begin)
    return operations / best / 1e9


torch.set_num_threads(threads)
with torch.no_grad():
    print(f"{max(rate(*shape) for shape in SHAPES):.2f}")
