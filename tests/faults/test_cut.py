"""A run that is killed again and again amid its steps ends as any other."""

import random
import time

import pytest
import victims
from project import pages, share
from sliced import arrays

from study.lab.execute.checkpoints import Checkpoints
from study.lab.train.checkpoint import step
from study.lab.train.result import Result

TRAINED = '''"""Two learning rates on drawn digits."""

import keras

from study.lab.data import digits
from study.lab.declare.finding import Experiment
from study.lab.figures import Curves
from study.lab.declare.measures import FinalLoss, Stopped, TestError
from study.lab.declare.models import mlp


def model():
    return mlp(64, (), 10)


def optimizer(learning_rate):
    return keras.optimizers.SGD(learning_rate)


def plateau():
    return keras.callbacks.ReduceLROnPlateau(factor=0.5, patience=1, min_delta=0.1)


EXPERIMENT = Experiment(
    title="Cut",
    claims=(),
    data=digits(train=97, validation=31),
    model=model,
    optimizer=optimizer,
    batch_size=19,
    steps=60,
    evaluations=20,
    watch=("validation",),
    plateau=plateau,
    vary={"learning_rate": (0.1, 1.0), "patience": {"none": None, "2": 2}},
    replicates=2,
    extension=0,
    measures=(FinalLoss(), Stopped(), TestError()),
    figures=(Curves(hue="learning_rate"),),
)
'''


def make(folder):
    """Write a project of one finding."""
    experiments = folder / "experiments"
    experiments.mkdir()
    (experiments / "cut_on_digits.py").write_text(TRAINED)
    (experiments / "ledger.csv").write_text("id,lecture,lines,kind,claim\n")
    return folder


def results(folder):
    """Return what each stored result holds, but for its seconds."""
    contents = {
        path.name: path.read_bytes().split(b"\n", 2)[2]
        for path in (folder / "build" / "results").glob("*.result")
    }
    return {name: arrays(Result.from_bytes(each)) for name, each in contents.items()}


def steps(folder):
    """Return how far each program is that has a checkpoint."""
    there = Checkpoints(folder / "build" / "results", pytest.fail)
    return [step(there.load(each)) for each in there.known().values()]


@pytest.mark.faults
def test_killed_at_random_moments_a_run_goes_on_to_the_same_bits(tmp_path_factory):
    context = victims.server()

    def fresh():
        return make(tmp_path_factory.mktemp("project"))

    def start(folder):
        process = context.Process(target=victims.train, args=(folder,))
        process.start()
        return process

    def finish(folder):
        process = start(folder)
        process.join(timeout=300)
        assert process.exitcode == 0

    finish(fresh())  # the first one waits until all is imported
    whole, began = fresh(), time.monotonic()
    finish(whole)
    seconds = time.monotonic() - began
    moments, reached = random.Random(20261129), []
    folder, before = fresh(), 0.0
    kills = share(20)
    for left in reversed(range(kills)):
        process = start(folder)
        time.sleep(moments.uniform(0, seconds))
        process.kill()
        process.join()
        (now,) = steps(folder) or [60.0 if results(folder) else 0.0]
        assert now >= before
        reached.append(now)
        before = now
        if left == 0 or results(folder):
            finish(folder)
            assert results(folder) == results(whole)
            assert pages(folder) == pages(whole)
            names = {path.suffix for path in (folder / "build" / "results").iterdir()}
            assert names == {".result"}
            folder, before = fresh(), 0.0
    assert kills < 20 or len({*reached}) > 6  # they fell between different stretches
