"""A run's numbers do not depend on its company, to the bit."""

import dataclasses

import golden
import keras
import numpy as np
import pytest

from study import layers
from study.lab.train import plan, thresholds
from study.lab.train.loop import Engine

KINDS = ("stacked", "recurrence", "random", "augmented", "alone")


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_run_has_the_same_bits_alone_and_among_others(kind):
    engine, _ = golden.compiled(kind)

    def bits(replicates, mine):
        runs = [({}, replicate) for replicate in replicates]
        (program,) = plan.programs(engine.experiment, "judge", runs)
        result = engine.run(program, lambda *_: None)
        row = replicates.index(mine)
        arrays = [result.loss, result.hits, *result.reads.values()]
        return [each[row].tobytes() for each in arrays]

    alone = bits([3], 3)
    assert alone == bits([2, 3], 3)
    assert alone == bits([5, 4, 3, 2, 1, 0, 9], 3)
    assert alone != bits([2], 2)


@pytest.mark.slow
def test_a_swept_number_has_the_same_bits_alone_and_beside_others():
    """Numbers are each run's own even where the runs at hand agree in them."""

    def model(rate):
        return keras.Sequential(
            [
                keras.Input((64,)),
                layers.Dropout(rate),
                keras.layers.Dense(4, "relu"),
                keras.layers.Dense(10, "softmax"),
            ]
        )

    definition, _ = golden.program("stacked")
    swept = dataclasses.replace(definition, model=model, vary={"rate": (0.2, 0.3, 0.7)})
    engine = Engine(swept)

    def losses(*rates):
        runs = [({"rate": rate}, 0) for rate in rates]
        (program,) = plan.programs(swept, "judge", runs)
        return engine.run(program, lambda *_: None).loss

    alone, together = losses(0.3), losses(0.2, 0.3, 0.7)
    assert alone[0].tobytes() == together[1].tobytes()
    assert len(np.unique(together[:, -1])) == 3


def test_every_stack_of_a_kind_has_the_same_size_but_on_a_gpu(monkeypatch):
    limit = thresholds.limit(golden.tiny())
    assert limit.runs > 1
    assert {limit.stack(count) for count in (1, 2, limit.runs)} == {limit.runs}
    monkeypatch.setattr(thresholds.machine, "DEVICE", "gpu")
    assert [limit.stack(count) for count in (1, 7)] == [1, 7]
