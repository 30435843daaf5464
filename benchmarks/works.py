"""Declare the works that are timed: networks, data and how many steps are taken.

Every contestant, whatever its framework, learns from these arrays, starts from weights
of these shapes and takes these steps.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np


@dataclass(frozen=True)
class Work:
    """Describe a fully connected network and how it is trained.

    Args:
        name: One letter, or one letter with what differs from it.
        title: The same in words.
        widths: Numbers an example has, units of each hidden layer, outputs; one output
            is a sigmoid with binary cross-entropy, more are a softmax.
        batch: Examples a step; `None` for the whole set.
        examples: Examples in memory.
        rate: Learning rate of SGD.
        activation: Activation of the hidden layers.
        momentum: Momentum of SGD.
        batch_norm: Whether batch normalization stands before each hidden activation.
        dropout: Share dropped of the inputs and of the hidden units, or `None`.
        chief: The number of runs by which our engine is compared with its peers.
        fused: Steps of one execution where `fit` is told to fuse them.
        steps: Contestant to number of runs to timed steps.
    """

    name: str
    title: str
    widths: tuple[int, ...]
    batch: int | None
    examples: int
    rate: float
    activation: str = "relu"
    momentum: float = 0.0
    batch_norm: bool = False
    dropout: tuple[float, float] | None = None
    chief: int = 8
    fused: int = 32
    steps: Mapping[str, Mapping[int, int]] = field(default_factory=dict, compare=False)

    @property
    def size(self) -> int:
        """Return the number of examples a step sees."""
        return self.batch or self.examples

    @property
    def flops(self) -> int:
        """Count a step's operations in products of matrices, one run.

        Each product costs 2 a weight and example, and there are three of each layer:
        forward, gradient of the weights, gradient of the inputs, which the first layer
        does without.
        """
        products = [a * b for a, b in pairwise(self.widths)]
        return 2 * self.size * (3 * sum(products) - products[0])

    def shapes(self) -> list[tuple[int, ...]]:
        """List the shapes of the trained arrays: kernel, bias, then scale, offset."""
        shapes = []
        for layer, (before, after) in enumerate(pairwise(self.widths), start=1):
            shapes += [(before, after), (after,)]
            if self.batch_norm and layer < len(self.widths) - 1:
                shapes += [(after,), (after,)]
        return shapes

    def layers(self, values: list) -> list[list]:
        """Group what belongs to each trained array by layer."""
        size = 4 if self.batch_norm else 2
        return [values[i : i + size] for i in range(0, len(values), size)]

    def quick(self) -> "Work":
        """Return the same work with a few steps, to try whether all runs."""
        few = {
            name: {
                runs: self.fused if name == "fit_jit" else min(10, count)
                for runs, count in list(steps.items())[:2]
            }
            for name, steps in self.steps.items()
        }
        return replace(self, steps=few)

    def tiny(self) -> "Work":
        """Return the same kind with few units, runs and steps, to try that it runs."""
        inputs, *hidden, outputs = self.widths
        few = {
            name: {min(runs, 2 + i): 12 for i, runs in enumerate(steps)}
            for name, steps in self.steps.items()
        }
        return replace(
            self,
            widths=(inputs, *(min(6, each) for each in hidden), outputs),
            batch=self.batch and 16,
            examples=min(200, self.examples),
            steps=few,
        )


def draw(work: Work, runs: int, seed: int = 0) -> list[list[np.ndarray]]:
    """Draw the initial weights of each run: Glorot kernels, no bias, scale 1."""
    random = np.random.default_rng([seed, runs])
    return [[_initial(random, shapes) for shapes in _named(work)] for _ in range(runs)]


def _named(work):
    for layer in work.layers(work.shapes()):
        yield from zip(("kernel", "bias", "scale", "offset"), layer, strict=False)


def _initial(random, named):
    name, shape = named
    if name == "kernel":
        limit = np.sqrt(6 / sum(shape))
        return random.uniform(-limit, limit, shape).astype("float32")
    return np.full(shape, name == "scale", "float32")


def batches(work: Work, runs: int, steps: int, seed: int = 0) -> np.ndarray | None:
    """Draw each run's shuffled batches, (steps, runs, batch); `None` for full ones."""
    if work.batch is None:
        return None
    random = np.random.default_rng([seed, runs, steps])
    epochs = -(-steps * work.batch // work.examples)
    order = [
        np.concatenate([random.permutation(work.examples) for _ in range(epochs)])
        for _ in range(runs)
    ]
    shape = runs, steps, work.batch
    dealt = np.stack(order)[:, : steps * work.batch].reshape(shape)
    return np.ascontiguousarray(dealt.swapaxes(0, 1))


def data(work: Work) -> tuple[np.ndarray, np.ndarray]:
    """Return the examples: XOR's four, or drawn ones of MNIST's sizes.

    How long a step takes does not depend on what the images show.
    """
    return _xor() if work.widths[0] == 2 else _drawn(work.examples, work.widths[0])


def _xor():
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], "float32")
    return x, np.array([[0], [1], [1], [0]], "float32")


def _drawn(examples, inputs):
    random = np.random.default_rng(0)
    x = random.random((examples, inputs), "float32")
    y = (x[:, :10] - x[:, -10:]).argmax(axis=1).astype("int32")
    return x, y


WORKS = {
    work.name: work
    for work in (
        Work(
            "A",
            "784-4x100-10 ReLU, SGD, batch 128",
            (784, 100, 100, 100, 100, 10),
            batch=128,
            examples=60_000,
            rate=0.01,
            steps={
                "ours": {1: 1_000, 8: 1_000, 32: 500, 100: 200},
                "fit": {1: 448},
                "fit_jit": {1: 448},
                "torch_eager": {1: 800},
                "torch_vmap": {8: 150, 32: 50, 100: 16},
                "numpy_loop": {1: 400},
            },
        ),
        Work(
            "B",
            "784-5x100-10 ReLU with batch norm, SGD, batch 100",
            (784, 100, 100, 100, 100, 100, 10),
            batch=100,
            examples=60_000,
            rate=0.01,
            batch_norm=True,
            steps={
                "ours": {1: 1_000, 8: 1_000, 32: 500, 100: 200},
                "fit": {1: 384},
                "fit_jit": {1: 384},
                "torch_eager": {1: 600},
                "torch_vmap": {8: 100, 32: 40, 100: 12},
                "numpy_loop": {1: 300},
            },
        ),
        Work(
            "C",
            "784-3x2048-10 ReLU with dropout 0.2 and 0.5, momentum 0.9, batch 128",
            (784, 2_048, 2_048, 2_048, 10),
            batch=128,
            examples=60_000,
            rate=0.01,
            momentum=0.9,
            dropout=(0.2, 0.5),
            chief=2,
            fused=8,
            steps={
                "ours": {1: 16, 2: 16},
                "fit": {1: 16},
                "fit_jit": {1: 16},
                "torch_eager": {1: 20},
                "torch_vmap": {8: 3},
                "numpy_loop": {1: 6},
            },
        ),
        Work(
            "D",
            "XOR 2-5-4-1 sigmoid, SGD, full batch",
            (2, 5, 4, 1),
            batch=None,
            examples=4,
            rate=0.1,
            activation="sigmoid",
            chief=100,
            fused=137,  # 10,001 is 73 times 137
            steps={
                "ours": {1: 10_001, 8: 10_001, 32: 10_001, 100: 10_001},
                "fit": {1: 10_001},
                "fit_jit": {1: 10_001},
                "torch_eager": {1: 3_000},
                "torch_vmap": {8: 1_000, 32: 1_000, 100: 1_000},
                "numpy_loop": {1: 10_001},
            },
        ),
        Work(
            "E",
            "784-512-512-10 ReLU with dropout 0.2 and 0.5, momentum 0.9, batch 100",
            (784, 512, 512, 10),
            batch=100,
            examples=60_000,
            rate=0.01,
            momentum=0.9,
            dropout=(0.2, 0.5),
            chief=2,
            steps={
                "ours": {1: 300, 2: 300, 8: 100},
                "fit": {1: 320},
                "fit_jit": {1: 320},
                "torch_eager": {1: 300},
                "torch_vmap": {8: 40},
                "numpy_loop": {1: 100},
            },
        ),
    )
}


def _grown(what, value, **changes):
    changes = {"name": f"A {what} {value}", "title": f"A with {what} {value}"} | changes
    steps = {"ours": {8: 300}, "torch_eager": {1: 150}}
    return replace(WORKS["A"], steps=steps, **changes)


# Work A, grown along one axis at a time; its own place on each axis is 100, 4, 60,000.
GROWTH = {
    work.name: work
    for work in (
        *(
            _grown("width", width, widths=(784, *[width] * 4, 10))
            for width in (25, 50, 200, 400)
        ),
        *(
            _grown("depth", depth, widths=(784, *[100] * depth, 10))
            for depth in (1, 2, 8, 16)
        ),
        *(_grown("data", examples, examples=examples) for examples in (600, 6_000)),
    )
}


def _on_gpu(name, chief, **steps):
    return replace(WORKS[name], chief=chief, steps=steps)


# The same works on a GPU, where only many runs or large networks fill it.
ON_GPU = {
    work.name: work
    for work in (
        _on_gpu(
            "A",
            chief=1_000,
            ours_gpu={1: 4_096, 1_000: 4_096},
            torch_eager={1: 2_000},
            torch_compile={1: 2_000},
            torch_vmap={100: 200, 1_000: 50},
        ),
        _on_gpu(
            "C",
            chief=1,
            ours_gpu={1: 2_048, 8: 512},
            torch_eager={1: 1_000},
            torch_compile={1: 1_000},
            torch_vmap={8: 100},
        ),
        _on_gpu(
            "D",
            chief=10_000,
            ours_gpu={1: 10_001, 10_000: 10_001},
            ours_cpu={1: 10_001, 100: 10_001},
            torch_eager={1: 2_000},
            torch_compile={1: 2_000},
            torch_vmap={100: 1_000, 10_000: 1_000},
        ),
        _on_gpu(
            "E",
            chief=100,
            ours_gpu={1: 4_096, 100: 2_048},
            torch_eager={1: 2_000},
            torch_compile={1: 2_000},
            torch_vmap={8: 500, 100: 100},
        ),
    )
}
# Works whose contestants take their turns next to each other.
GROUPS = {name: (work,) for name, work in WORKS.items()} | {
    "growth": tuple(GROWTH.values())
}
GPU_GROUPS = {f"{name} on a GPU": (work,) for name, work in ON_GPU.items()}
