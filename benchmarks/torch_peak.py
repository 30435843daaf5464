"""Measure a device's peak in single-precision products of matrices, by PyTorch.

`python -m benchmarks.torch_peak` prints GFLOP/s as a line of JSON.
"""

import json
import sys
import time

import torch

from benchmarks.torch_device import DEVICE

SIZE, TINY = 8_192, 256
TIMES = 12


def main(size: int) -> None:
    """Multiply two matrices a dozen times and print the best."""
    a, b = torch.rand(2, size, size, device=DEVICE)
    best = float("inf")
    for _ in range(TIMES):
        start = time.perf_counter()
        (a @ b)[0, 0].item()  # which waits
        best = min(best, time.perf_counter() - start)
    print(json.dumps({"gflops": 2 * size**3 / best / 1e9}))


if __name__ == "__main__":
    main(TINY if "--tiny" in sys.argv else SIZE)
