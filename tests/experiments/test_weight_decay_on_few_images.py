"""Weight decay and few images: a wrong half is seen, strengths are what they say."""

from itertools import cycle

import keras
import numpy as np
import pandas as pd
import pytest
from modules import module

from study.lab.declare.measures import History
from study.lab.judge import judge_all
from study.regularizers import L2
from study.theory.softmax_layer import objective


def test_a_regularizer_without_the_half_is_not_exact():
    formulas, random = module("weight_decay_formulas"), np.random.default_rng(0)
    x = random.standard_normal((7, formulas.INPUTS))
    labels = random.integers(formulas.CLASSES, size=7)
    example = random.standard_normal((formulas.INPUTS, formulas.CLASSES)), x, labels
    strength, tolerance = formulas.STRENGTH, formulas.TOLERANCE
    printed = objective(*example, strength)
    ours = formulas.loss(*example, L2(strength))
    twice = formulas.loss(*example, keras.regularizers.L2(strength))
    assert ours == pytest.approx(printed, abs=tolerance)
    assert abs(twice - printed) > 1e6 * tolerance


def history(train, test):
    """Return what two runs leave that end at these errors, as shares."""
    errors = {"train": train, "test": test}
    return History(
        loss=np.ones((2, 3)),
        hits=np.ones((2, 3)),
        evaluations={name: {"error": np.array(each)} for name, each in errors.items()},
        chance_loss=2.3,
        chance_error=0.9,
    )


@pytest.mark.parametrize(
    ("train", "test", "expected"),
    [(0.005, 0.16, 1.0), (0.02, 0.16, 0.0), (0.005, 0.14, 0.0)],
)
def test_the_symptom_is_a_learned_training_set_and_a_failed_test(train, test, expected):
    found = module("overfitting_on_few_images").Symptom()
    assert found.read(history([train] * 2, [test] * 2))[0] == expected


def test_every_layer_decays_by_the_strength_and_the_norm_is_that_of_all():
    finding = module("weight_decay_on_few_images")
    model = finding.model([(0.1, 0.01), (0.5, 0.01)], 2, (784,), 10)
    squares = [float((np.asarray(each.kernel) ** 2).sum()) for each in model.layers]
    assert len(squares) == 3
    assert float(sum(model.losses)) == pytest.approx(0.25 * sum(squares), rel=1e-5)
    norm = float(finding.weight_norm(model, None, None))
    assert norm == pytest.approx(np.sqrt(sum(squares)), rel=1e-5)


def test_strengths_of_the_range_lie_in_it_and_as_many_are_tried_beyond():
    decays = module("weight_decay_on_few_images").DECAYS
    assert {len(each) for each in decays.values()} == {6}
    inside, outside = (
        [strength for strength, _ in decays[name]]
        for name in ("from 0.00001 to 0.01", "from outside")
    )
    assert all(1e-5 <= each <= 0.01 for each in inside)
    assert not any(1e-5 <= each <= 0.01 for each in outside)


def judged(finding, id, name, **arms):
    """Judge a claim by runs that have hardly any noise, of each arm at its means."""
    definition = module(finding).EXPERIMENT
    rows = [
        {name: label, "replicate": each, **{k: x * by for k, x in means.items()}}
        for label, means in arms.items()
        for each, by in zip(definition.first, cycle([0.99, 1.01]), strict=False)
    ]
    table = pd.DataFrame(rows).assign(diverged=pd.array([None] * len(rows), "Int64"))
    found = {claim.id: verdict for claim, verdict in judge_all(definition, table)}
    return str(found[id].word), found[id].reason


@pytest.mark.parametrize(
    ("inside", "outside", "word", "reason"),
    [
        (14, 14, "reproduced", "least certain: test error not higher"),
        (14, 10, "depends", "against no decay, not against decay from outside"),
        (20, 20, "depends", "against decay from outside, not against no decay"),
        (20, 10, "contradicted", "in all, farthest from it"),
    ],
)
def test_a_range_is_held_against_no_decay_and_against_what_lies_outside(
    inside, outside, word, reason
):
    errors = {"none": 20, "chosen": 12} | {
        "from 0.00001 to 0.01": inside,
        "from outside": outside,
    }
    arms = {
        label: {"test_error": error, "test_loss": 1, "weight_norm": 9, "rise": 2}
        for label, error in errors.items()
    }
    found = judged("weight_decay_on_few_images", "d4-25", "decay", **arms)
    assert found[0] == word
    assert found[1].startswith(reason)


@pytest.mark.parametrize(
    ("error", "zeros", "word"),
    [
        (15, 86, "reproduced"),
        (15, 20, "contradicted"),
        (89, 100, "unresolved"),
    ],
    ids=["at a cost", "few zeros", "all dead"],
)
def test_zeros_of_l1_may_cost_accuracy_but_not_all_of_it(error, zeros, word):
    arms = {
        "no penalty": {"test_error": 12, "almost_zero": 1},
        "L1": {"test_error": error, "almost_zero": zeros},
    }
    assert judged("l1_zeros", "d4-30", "method", **arms)[0] == word
