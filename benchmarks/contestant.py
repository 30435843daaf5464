"""Time one contestant on one group of works, in a process of its own.

`python -m benchmarks.contestant NAME GROUP` prints one line of JSON a measurement.
"""

import argparse
import importlib
import json
import resource
import sys
import time
from abc import ABC, abstractmethod
from pathlib import Path

import numpy as np

from benchmarks import works
from benchmarks.works import Work

# Name to the module and class that does it.
CONTESTANTS = {
    "ours": ("benchmarks.ours", "Ours"),
    "fit": ("benchmarks.keras_fit", "Fit"),
    "fit_jit": ("benchmarks.keras_fit", "FusedFit"),
    "torch_eager": ("benchmarks.torch_eager", "TorchEager"),
    "torch_vmap": ("benchmarks.torch_vmap", "TorchVmap"),
    "numpy_loop": ("benchmarks.numpy_loop", "NumpyLoop"),
}


ON_GPU = {
    "ours_gpu": ("benchmarks.ours_gpu", "OursOnGpu"),
    "ours_cpu": CONTESTANTS["ours"],
    "torch_eager": CONTESTANTS["torch_eager"],
    "torch_compile": ("benchmarks.torch_compile", "TorchCompiled"),
    "torch_vmap": CONTESTANTS["torch_vmap"],
}


class Peer(ABC):
    """Train some runs of a work the way one framework would.

    Args:
        work: What is trained.
        weights: The initial weights of each run, in the order of `Work.shapes`.
        x, y: The examples, kept in memory.
    """

    @abstractmethod
    def __init__(self, work: Work, weights: list[list[np.ndarray]], x, y):
        raise NotImplementedError

    @abstractmethod
    def train(self, steps: int, batches: np.ndarray | None) -> np.ndarray:
        """Take steps on the batches `works.batches` gives; return (steps, runs) losses.

        A loss is that of the step's batch before the update.
        """

    def seconds(self, work: Work, runs: int, steps: int) -> float:
        """Time so many steps on shuffled batches."""
        batches = works.batches(work, runs, steps)
        start = time.perf_counter()
        self.train(steps, batches)
        return time.perf_counter() - start

    @classmethod
    def measure(cls, work: Work, runs: int, steps: int) -> dict:
        """Build, warm up with a few steps, then time the given number."""
        x, y = works.data(work)
        weights = works.draw(work, runs)
        start = time.perf_counter()
        peer = cls(work, weights, x, y)
        few = cls.warm_up(work)
        peer.seconds(work, runs, few)
        first = time.perf_counter() - start
        seconds = peer.seconds(work, runs, steps)
        return {
            "ms": 1_000 * seconds / steps / runs,
            "start": max(0.0, first - seconds / steps * few),
            "memory": cls.memory(),
        }

    @staticmethod
    def memory() -> float:
        """Return the most memory that was held, in MB."""
        return memory()

    @staticmethod
    def warm_up(work: Work) -> int:
        """Return how many steps come before the timed ones."""
        return 5


def memory() -> float:
    """Return the most memory this process has held, in MB.

    What it shares with other processes counts in equal parts, where that is told.
    """
    unit = 1 if sys.platform == "darwin" else 1_024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    try:
        lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    except OSError:
        return most / 1e6
    kb = {each.split(":")[0]: each.split()[1] for each in lines[1:]}
    return (most - (int(kb["Rss"]) - int(kb["Pss"])) * 1_024) / 1e6


def load(name: str):
    """Import what times a contestant; its framework comes with it."""
    module, kind = (CONTESTANTS | ON_GPU)[name]
    return getattr(importlib.import_module(module), kind)


def main() -> None:
    """Time a contestant on every work of a group, the fewest runs first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=CONTESTANTS | ON_GPU)
    parser.add_argument("group", choices=works.GROUPS | works.GPU_GROUPS)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--tiny", action="store_true")
    options = parser.parse_args()
    contestant = load(options.name)
    for work in (works.GROUPS | works.GPU_GROUPS)[options.group]:
        timed = work.quick() if options.quick else work
        timed = timed.tiny() if options.tiny else timed
        for runs, steps in timed.steps.get(options.name, {}).items():
            row = {"work": work.name, "contestant": options.name, "runs": runs}
            print(json.dumps(row | contestant.measure(timed, runs, steps)), flush=True)


if __name__ == "__main__":
    main()
