"""Dropout findings: masks are counted, sub-networks averaged and units silenced."""

import math

import keras
import numpy as np
import pytest
from modules import module

from study.lab.data import Draws
from study.lab.declare.wide import network
from study.lab.judge import judge_all
from study.lab.rules.statements import deviation
from study.layers import DropConnect, Dropout, StochasticPooling2D
from study.theory.ensembles import first_hidden, probabilities


def test_masks_an_epoch_and_an_update_are_counted():
    finding = module("dropout_masks_drawn")
    kinds = finding.layers(1)
    found = {
        name: finding.masks(each, finding.BATCH, 2) for name, each in kinds.items()
    }
    updates = finding.UPDATES
    examples = updates * finding.BATCH
    counts = {name: finding.distinct(kept[0]) for name, kept in found.items()}
    assert counts == {
        "Keras": examples,
        "each example": examples,
        "each batch": updates,
        "each epoch": 1,
    }
    repeated = {name: finding.repeats(kept) for name, kept in found.items()}
    # within each of two epochs the mask stays, from one to the next it changes
    assert repeated == dict.fromkeys(counts, 0) | {"each epoch": 2 * (updates - 1)}


@pytest.mark.slow
def test_each_epoch_has_another_architecture_and_more_than_one():
    finding = module("dropout_masks_drawn")
    tables = finding.run(Draws("draft"), replicates=1)
    judged = {x.id: y for x, y in judge_all(finding.EXPERIMENT, tables)}
    assert judged["d1-20"].reason == (
        "each epoch has others: exact; each epoch has one: refuted"
    )
    assert [judged[id].word for id in ("d0-45", "d1-18")] == ["exact", "exact"]


def silenced(rows):
    """Return a network whose classes hang on a few units of the last hidden layer."""
    finding = module("dropout_co_adaptation")
    model = network({}, (784,), 10)
    first, _, second, _, last = model.layers
    first.kernel.assign(np.eye(784, 512))
    second.kernel.assign(np.eye(512))
    outgoing = np.zeros((512, 10))
    outgoing[rows, np.arange(len(rows)) % 10] = 1
    last.kernel.assign(outgoing)
    return finding, model


def test_both_are_trained_at_one_rate_beside_their_own():
    finding = module("dropout_co_adaptation")
    for rate, value in finding.RATES.items():
        found = float(finding.optimizer(value, 0.5).learning_rate)
        assert found == pytest.approx(0.5 if rate == finding.OWN else float(rate))
    (claim,) = (x for x in finding.EXPERIMENT.claims if x.id == "d0-25")
    for each in claim.verdict.rule.comparisons:
        assert each.arm["rate"] == each.than["rate"]


def test_silencing_the_units_that_decide_ruins_the_predictions():
    finding, model = silenced(np.arange(10))
    x = np.zeros((30, 784), "float32")
    y = np.arange(30) % 10
    x[np.arange(30), y] = 1
    x[:, 10:512] = 0.1
    # all that is left are equal outputs, of which the first class is named
    assert float(finding.lost_with_top(model, x, y)) == pytest.approx(90)
    assert float(finding.top_share(model, x, y)) == pytest.approx(100)


def test_equal_units_share_the_influence_equally():
    finding, model = silenced(np.arange(512))
    x = np.ones((4, 784), "float32")
    share = float(finding.top_share(model, x, np.zeros(4)))
    assert share == pytest.approx(100 * 51 / 512, rel=1e-4)
    assert float(finding.mean_activation(model, x, None)) == pytest.approx(1)


def learner():
    """Return a small network of the ensemble's kind, and what trains it."""
    finding = module("dropout_ensemble")
    return finding, finding.learner(5, 16)


def test_the_forward_pass_is_that_of_keras():
    finding, model = learner()
    finding.restart(model, np.random.default_rng(0))
    x = np.random.default_rng(1).random((7, 5)).astype("float32")
    weights = finding.dense_only([each.get_weights() for each in model.layers])
    hidden = first_hidden(weights, x)
    found = probabilities(weights, hidden, np.ones((2, 16)))
    np.testing.assert_allclose(found, model(x), atol=1e-6)


def test_equal_seeds_restart_alike():
    finding, model = learner()
    x = np.random.default_rng(1).random((7, 5)).astype("float32")
    found = []
    for _ in range(2):
        finding.restart(model, np.random.default_rng(0))
        model.train_on_batch(x, np.arange(7))
        found.append(np.concatenate([each.ravel() for each in model.get_weights()[:2]]))
    np.testing.assert_array_equal(*found)


@pytest.mark.parametrize(
    ("confident", "crossing"), [(True, "never"), (False, "at once")]
)
def test_masks_whose_average_never_does_as_well_are_counted_as_never(
    confident, crossing
):
    finding, model = learner()
    finding.restart(model, np.random.default_rng(0))
    weights = finding.dense_only([each.get_weights() for each in model.layers])
    x = np.random.default_rng(1).random((50, 5)).astype("float32")
    hidden = first_hidden(weights, x)
    named = probabilities(weights, hidden, np.ones((2, 16))).argmax(axis=1)
    # the scaled network is always right, or always wrong
    y = named if confident else (named + 1) % 10
    *_, last = finding.predictions(weights, x, y, np.random.default_rng(2))
    wanted = {"never": finding.NEVER, "at once": 1}[crossing]
    assert last == {"table": "crossing", "crossing": wanted}
    (column,) = (x for x in finding.EXPERIMENT.measures if x.name == "crossing")
    assert column.budget(None, {}) == finding.NEVER


def test_every_sub_network_is_followed_and_a_wrong_weight_is_seen(monkeypatch):
    finding = module("dropout_sub_networks")
    shared = finding.shared(Draws("draft"), 0)
    deviations = [deviation(*pair) for _, _, *pair in shared]
    followed = 1 + math.comb(8, 4) + 8
    assert len(deviations) == 2**8 + followed
    assert max(deviations) <= finding.TOLERANCE
    monkeypatch.setattr(
        finding, "cut_out", lambda a, b, mask: (a[:, mask], 2 * b[mask])
    )
    shared = finding.shared(Draws("draft"), 0)
    assert max(deviation(*pair) for _, _, *pair in shared) > 0.1


def test_pooling_networks_differ_in_what_their_names_say():
    finding = module("stochastic_pooling")
    for name, trials in finding.NETWORKS.items():
        layers = finding.model(trials, 1, (784,), 10).layers
        found = {type(each) for each in layers}
        (rate,) = (each.rate for each in layers if isinstance(each, Dropout))
        assert (rate > 0) == (name == "dropout")
        assert (DropConnect in found) == (name == "DropConnect")
        assert (StochasticPooling2D in found) == (name == "stochastic pooling")
        decays = {
            each.kernel_regularizer.strength
            for each in layers
            if isinstance(each, keras.layers.Conv2D)
        }
        assert (decays != {0}) == (name == "weight decay")
