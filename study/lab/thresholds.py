"""Look up how networks of a kind and size train fastest: stacked, compiled, threaded.

The table beside the engine was written by the benchmark, so that nothing is timed when
runs are planned and the same plan comes out on every machine.
"""

import csv
import dataclasses
import functools
from dataclasses import dataclass
from importlib import resources

import keras

from study.lab import machine

# On a GPU a stack holds at most this many weights, times runs: with gradients, the
# optimizer's and the best weights some 16 GB in float32.
ON_GPU = 10**9

# Starting a program takes about a second, whatever its runs take.
SECONDS = 12
# Whatever their number, they are trained anew if the program is interrupted.
MOST = 200


@dataclass(frozen=True)
class Limit:
    """How to train networks of one kind of at most so many weights.

    Args:
        kind: `"dense"`, `"convolution"` or `"recurrence"`.
        weights: Networks of more weights have another row.
        runs: The most runs to stack; more are trained one stack after another.
        jit: Whether XLA compiles them.
        threads: `"one"`: a worker a core with one thread each; `"all"`: one worker.
        ms: Milliseconds that a step of a run took then.
    """

    kind: str
    weights: int
    runs: int
    jit: bool
    threads: str
    ms: float

    def together(self, steps: int) -> int:
        """Return how many runs of so many steps a program has, at least one stack.

        Runs that are short share a program until it takes `SECONDS`.
        """
        seconds = max(steps, 1) * self.ms / 1_000
        return max(self.runs, min(MOST, int(SECONDS / seconds)) if seconds else 0)

    def stack(self, count: int) -> int:
        """Return of how many runs a stack of `count` is, filled with copies of them.

        How a compiled program rounds follows the number of its runs: on JAX by 2e-7,
        and on TensorFlow where networks are evaluated. So it is always the same, and a
        run's numbers do not depend on its company. On a GPU, where a stack is larger
        than most findings, the number is part of where a run was made instead.
        """
        return count if machine.DEVICE == "gpu" else self.runs


def limit(model: keras.Model) -> Limit:
    """Return the row of the table for a network."""
    kind, weights = _kind(model), model.count_params()
    found = next(
        each for each in _table() if each.kind == kind and weights <= each.weights
    )
    if machine.DEVICE == "gpu":
        return Limit(kind, weights, max(1, ON_GPU // max(weights, 1)), True, "all", 0)
    # Where XLA does not compile, how a run rounds follows its place in a stack.
    return found if found.jit else dataclasses.replace(found, runs=1)


def _kind(model):
    names = [type(layer).__name__ for layer in model._flatten_layers()]
    if any("Conv" in each and "DropConnect" not in each for each in names):
        return "convolution"
    if any(each in _RECURRENT for each in names):
        return "recurrence"
    return "dense"


_RECURRENT = ("SimpleRNN", "SimpleRecurrent", "LSTM", "GRU", "RNN", "Bidirectional")


@functools.cache
def _table():
    text = resources.files("study.lab.engine").joinpath("thresholds.csv").read_text()
    return [
        Limit(
            row["kind"],
            int(row["weights"]),
            int(row["runs"]),
            row["jit"] == "1",
            row["threads"],
            float(row["ms"]),
        )
        for row in csv.DictReader(text.splitlines())
    ]
