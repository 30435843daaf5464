"""Measure how many runs to stack, with or without XLA, and on how many threads.

`python -m benchmarks thresholds` times stacks of networks of several kinds and sizes
and writes what was best of each. The study reads that: it times nothing when it trains.
A worker is `python -m benchmarks.thresholds`.
"""

import csv
import functools
import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.ours import throughput
from benchmarks.rounds import SAY
from benchmarks.workers import Workers, serve

MEASURED = Path("benchmarks", "thresholds.csv")
CHOSEN = Path("study", "lab", "engine", "thresholds.csv")
# A stack is filled with copies, so a larger one than this would cost whoever trains a
# few small networks more than it saves where there are thousands.
SIZES = (1, 2, 5, 10, 50)
BATCH = 128
# Stacks that hold more numbers than this, weights times runs, are left out.
LARGEST = 40_000_000
# A stack slower than the best smaller one by this factor ends the series.
WORSE = 1.5
# Within this factor times are the same, by what they differ between two calls. Of the
# same, the smallest stack is taken: a single run's program serves any number of runs.
# Then one compiled by XLA: it rounds a run the same in any company, and joins masks and
# slots, which these networks lack, to one pass.
TIE = 1.15
# A limit no network reaches: what is larger than all measured is treated as the last.
NO_LIMIT = 10**15
SECONDS = 0.6
# Of each stack the quickest of so many passes counts.
PASSES = 2


@dataclass(frozen=True)
class Network:
    """Name a network of one kind, the shape of an example, and how to build it."""

    kind: str
    inputs: tuple[int, ...]
    build: Callable[[object], list]
    batch: int = BATCH
    outputs: int = 10

    def model(self):
        import keras

        last = keras.layers.Dense(
            self.outputs, "softmax" if self.outputs > 1 else "sigmoid"
        )
        layers = [keras.Input(self.inputs), *self.build(keras.layers), last]
        return keras.Sequential(layers)


def _dense(width):
    return Network(
        "dense",
        (784,),
        lambda layers: [layers.Dense(width, "relu") for _ in range(3)],
    )


NETWORKS = (  # of each kind the smallest first
    Network(
        "dense",
        (2,),
        lambda layers: [layers.Dense(5, "sigmoid"), layers.Dense(4, "sigmoid")],
        batch=4,
        outputs=1,
    ),
    *(_dense(width) for width in (10, 30, 100, 300, 1_000, 2_048)),
    Network(
        "convolution",
        (28, 28, 1),
        lambda layers: [
            layers.Conv2D(8, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(16, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
        ],
    ),
    Network("recurrence", (28, 28), lambda layers: [layers.SimpleRNN(64)]),
)
COLUMNS = ("kind", "weights", "runs", "jit", "threads", "ms", "compile_s")


def measure(networks=NETWORKS, sizes=SIZES, say=SAY) -> list[dict]:
    """Time every stack, with all cores busy.

    A row gives milliseconds a step and run, and seconds of compiling a program.
    """
    rows = []
    for threads in ("one", "all"):
        workers = Workers("benchmarks.thresholds", threads)
        for network in networks:
            alone = np.inf
            for jit in (0, 1):
                ask = functools.partial(_time, workers, NETWORKS.index(network), jit)
                series = [*_series(network, ask, sizes, alone)]
                alone = series[0][1]
                for runs, ms, compiling in series:
                    weights = network.model().count_params()
                    row = network.kind, weights, runs, jit, threads, ms, compiling
                    rows.append(dict(zip(COLUMNS, row, strict=True)))
                    say(", ".join(f"{key} {each}" for key, each in rows[-1].items()))
        workers.close()
    return rows


def _series(network, ask, sizes, best):
    """Yield (runs, ms, compile_s) until stacks are too large or clearly slower."""
    for runs in sizes:
        if network.model().count_params() * runs > LARGEST:
            return
        ms, compiling = ask(runs)
        yield runs, ms, compiling
        if ms > WORSE * best or ms == np.inf:
            return
        best = min(best, ms)


def _time(workers, number, jit, runs):
    """Ask every worker for one stack; infinities where it cannot be compiled."""
    request = {"network": number, "runs": runs, "jit": jit}
    try:
        answers = workers.ask([request] * workers.most)
    except RuntimeError:
        workers.close()
        return np.inf, np.inf
    compiling = max(each["compile"] for each in answers) / len(answers)
    return round(1_000 / throughput(answers), 6), round(compiling, 3)


def quickest(rows: list[dict]) -> list[dict]:
    """Keep of rows of the same stack the one with the least time."""
    best = {}
    for row in rows:
        stack = tuple(row[name] for name in COLUMNS[:5])
        if stack not in best or row["ms"] < best[stack]["ms"]:
            best[stack] = row
    return [*best.values()]


def choose(rows: list[dict]) -> list[dict]:
    """Choose for each network the fastest stack; of near ties the smallest, with XLA.

    Neither the stack nor a smaller one of its kind may be slower than the fastest way
    to train alone. A network between two that were measured is treated as the nearer,
    by their ratio.
    """
    chosen = []
    networks = itertools.groupby(sorted(rows, key=_network), _network)
    for (kind, weights), group in networks:
        group = list(group)
        alone = min(each["ms"] for each in group if each["runs"] == 1)
        sound = [
            each
            for each in group
            if all(
                other["ms"] <= TIE * alone
                for other in group
                if 1 < other["runs"] <= each["runs"]
                and other["jit"] == each["jit"]
                and other["threads"] == each["threads"]
            )
        ]
        best = min(each["ms"] for each in sound)
        near = [each for each in sound if each["ms"] <= TIE * best]
        smallest = min(near, key=lambda each: (each["runs"], -each["jit"], each["ms"]))
        if chosen:
            before = chosen[-1]
            between = round((before["weights"] * weights) ** 0.5)
            before["weights"] = between if before["kind"] == kind else NO_LIMIT
        chosen.append({name: smallest[name] for name in COLUMNS[:-1]})
    chosen[-1]["weights"] = NO_LIMIT
    return chosen


def _network(row):
    return row["kind"], row["weights"]


def write(path: Path, rows: list[dict]) -> None:
    """Write rows as a table."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def read(path: Path) -> list[dict]:
    """Read what `write` wrote."""
    kinds = {"kind": str, "threads": str, "ms": float, "compile_s": float}
    with path.open(encoding="utf-8", newline="") as file:
        return [
            {name: kinds.get(name, int)(value) for name, value in row.items()}
            for row in csv.DictReader(file)
        ]


def main() -> None:
    """Measure, choose and write both tables."""
    passes = [measure() for _ in range(PASSES)]
    rows = quickest(list(itertools.chain(*passes)))
    write(MEASURED, rows)
    write(CHOSEN, choose(rows))


def _stack(network, runs, jit):
    """Return a function that takes so many steps with a stack, and their number."""
    import keras

    from study.lab.engine import initial
    from study.lab.engine.stack import LONGEST
    from study.lab.engine.tensorflow import Stack

    model = network.model()
    optimizer = keras.optimizers.SGD(0.01)
    optimizer.build(model.trainable_variables)
    slots = [np.asarray(each) for each in optimizer.variables]
    binary = network.outputs == 1
    loss = "binary_crossentropy" if binary else "sparse_categorical_crossentropy"
    stack = Stack(model, optimizer, loss, bool(jit))
    parts = [(*initial.draw(model, "draft", run), slots, []) for run in range(runs)]
    state = stack.place(
        tuple(
            [np.stack(values) for values in zip(*part, strict=True)]
            for part in zip(*parts, strict=True)
        )
    )
    random = np.random.default_rng(0)
    n = network.batch if binary else 10_000
    x = random.random((n, *network.inputs), "float32")
    y = (x[:, :1] > 0.5).astype("float32") if binary else random.integers(10, size=n)
    x, y = stack.place((x, y if binary else y.astype("int32")))
    steps = int(
        np.clip(4e8 / (model.count_params() * network.batch * runs), 2, LONGEST)
    )
    batches = None
    if not binary:
        batches = random.integers(n, size=(steps, runs, network.batch), dtype="int32")

    def take():
        nonlocal state
        state, *_ = stack.train(state, x, y, batches, steps)

    return take, steps


def _answer(request, meet):
    start = time.monotonic()
    take, steps = _stack(NETWORKS[request["network"]], request["runs"], request["jit"])
    take()
    first = time.monotonic()
    take()
    compiling = max(0.0, 2 * first - start - time.monotonic())
    meet()
    done, times = [0], [time.monotonic()]
    while times[-1] - times[0] < SECONDS or len(done) < 4:
        take()
        done.append(done[-1] + steps)
        times.append(time.monotonic())
    return {
        "runs": request["runs"],
        "steps": done,
        "times": times,
        "compile": compiling,
    }


if __name__ == "__main__":
    serve(_answer)
