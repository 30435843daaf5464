"""Time our engine as `make reports` runs it: its loop, in its workers.

A worker (`python -m benchmarks.ours`) trains its share of the runs as one program and
tells when each stretch of steps was done; the first stretch, with the compiling, is not
timed.
"""

import atexit
import functools
import time
from itertools import pairwise

import numpy as np

from benchmarks import works
from benchmarks.contestant import memory
from benchmarks.workers import Workers, serve

STRETCHES = 10  # of steps, after each of which a worker looks at its clock


class Ours:
    """Share runs among workers."""

    @staticmethod
    def measure(work, runs: int, steps: int) -> dict:
        """Train `runs` runs in a one-thread worker a core."""
        workers = _workers()
        count = min(workers.most, runs)
        cuts = [runs * i // count for i in range(count + 1)]
        answers = workers.ask(
            [
                {"work": work.name, "steps": steps, "runs": [first, last]}
                for first, last in pairwise(cuts)
            ]
        )
        return {
            "ms": 1_000 / throughput(answers),
            "start": max(each["start"] for each in answers),
            "memory": sum(each["memory"] for each in answers),
        }


@functools.cache
def _workers():
    workers = Workers("benchmarks.ours", "one")
    atexit.register(workers.close)  # the next contestant has the machine for itself
    return workers


def throughput(answers: list[dict]) -> float:
    """Return steps × runs a second, over the time in which all workers were timed.

    Each answer holds its number of `runs`, and the `times` at which it had done so many
    `steps`.
    """
    start = max(each["times"][0] for each in answers)
    end = min(each["times"][-1] for each in answers)
    done = [
        each["runs"] * np.ptp(np.interp((start, end), each["times"], each["steps"]))
        for each in answers
    ]
    return float(sum(done) / (end - start))


def experiment(work, steps: int):
    """Declare a work as the study's own kind of experiment."""
    from benchmarks import networks
    from study.lab.data import Data
    from study.lab.declare.experiment import Experiment
    from study.lab.declare.measures import FinalLoss

    return Experiment(
        title=work.title,
        claims=(),
        data=Data(
            name="drawn",
            read=functools.partial(_arrays, work),
            available=work.examples,
            train=work.examples,
        ),
        model=functools.partial(networks.model, work),
        optimizer=functools.partial(networks.optimizer, work),
        loss=networks.loss(work),
        batch_size=work.batch,
        steps=steps,
        vary={},
        measures=(FinalLoss(),),
    )


def _arrays(work):
    from study.lab.data import Arrays

    x, y = works.data(work)
    return Arrays(x, y, x[:1], y[:1])


def train(work, steps: int, replicates, meet, calls: int = STRETCHES) -> dict:
    """Train replicates of a work in so many calls; tell when each of these was done.

    `meet` is called once the first is done, with the compiling.
    """
    from benchmarks import networks
    from study.lab.train import loop, stack, stretches, thresholds
    from study.lab.train.plan import Program

    done, times = [], []

    def report(step, _):
        if not done:
            compiled.append(time.monotonic())
            meet()
        done.append(step)
        times.append(time.monotonic())

    begin, compiled = time.monotonic(), []
    stretches.LONGEST = min(stack.LONGEST, -(-steps // calls))
    engine = loop.Engine(experiment(work, steps))
    most = thresholds.limit(networks.model(work)).runs
    engine.run(Program("judge", ({},), tuple(replicates), most=most), report)
    stretch = (times[-1] - times[0]) / (done[-1] - done[0]) * done[0]
    return {
        "runs": len(replicates),
        "steps": done,
        "times": times,
        "start": max(0.0, compiled[0] - begin - stretch),
        "memory": memory(),
    }


def _train(request, meet):
    work = (works.WORKS | works.GROWTH)[request["work"]]
    return train(work, request["steps"], range(*request["runs"]), meet)


if __name__ == "__main__":
    serve(_train)
