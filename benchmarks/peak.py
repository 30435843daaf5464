"""Measure the machine's peak in single-precision products of matrices.

`python -m benchmarks.peak` prints GFLOP/s with as many threads as BLAS was allowed.
"""

import os
import subprocess
import sys
import time

import numpy as np

SIZE = 2_048
VARIABLES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def peak(threads: int) -> float:
    """Return GFLOP/s of the best product, measured in a process of its own."""
    environment = os.environ | dict.fromkeys(VARIABLES, str(threads))
    command = [sys.executable, "-m", "benchmarks.peak"]
    return float(subprocess.check_output(command, env=environment))


def main() -> None:
    """Multiply two matrices a dozen times and print the best."""
    random = np.random.default_rng(0)
    a, b = random.random((2, SIZE, SIZE), "float32")
    out = np.empty_like(a)
    best = np.inf
    for _ in range(12):
        start = time.perf_counter()
        np.matmul(a, b, out=out)
        best = min(best, time.perf_counter() - start)
    print(2 * SIZE**3 / best / 1e9)


if __name__ == "__main__":
    main()
