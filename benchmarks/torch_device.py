"""Say where PyTorch's contestants train, and by which kind of products."""

import os

import torch

from benchmarks import contestant

DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
# As ours is told by JAX's own variable: see benchmarks/gpu.py.
torch.set_float32_matmul_precision(os.environ.get("BENCHMARK_PRECISION", "highest"))


def put(array) -> torch.Tensor:
    """Return an array as a tensor on the device."""
    return torch.from_numpy(array).to(DEVICE)


def memory() -> float:
    """Return the most memory that was held, in MB: the GPU's, where there is one."""
    if DEVICE == "cpu":
        return contestant.memory()
    return torch.cuda.max_memory_reserved() / 1e6
