"""Every peer does the mathematics of our engine: same weights, batches and losses."""

import dataclasses

import numpy as np
import pytest

from benchmarks import works
from benchmarks.numpy_loop import NumpyLoop
from benchmarks.works import WORKS, Work

STEPS = 20
# Float32 carries 6e-8; so many steps of training and sums over 784 inputs make 1e-5 of
# it. A wrong rate, a forgotten bias or another batch shows above 1e-2.
TOLERANCE = 5e-5
SMALL = {
    "A": {"widths": (784, 13, 11, 12, 9, 10), "batch": 16, "examples": 90},
    "B": {"widths": (784, 13, 11, 12, 9, 8, 10), "batch": 10, "examples": 70},
    # Masks are drawn by each framework: compared without, tried below.
    "C": {
        "widths": (784, 21, 19, 17, 10),
        "batch": 12,
        "examples": 90,
        "dropout": None,
    },
    "D": {},
    "E": {"widths": (784, 18, 16, 10), "batch": 11, "examples": 80, "dropout": None},
}
# C has momentum and D all data in each batch; A and B are larger and compile slowly.
FEW = [
    pytest.param(each, marks=pytest.mark.slow if each in "AB" else ()) for each in WORKS
]


def small(name, **changes) -> Work:
    changes = SMALL[name] | {"rate": 0.1} | changes
    return dataclasses.replace(WORKS[name], steps={}, **changes)


def by_hand(work, weights, batches):
    """Return the losses of each run by the NumPy loop, (steps, runs)."""
    x, y = works.data(work)
    columns = []
    for run, each in enumerate(weights):
        dealt = None if batches is None else batches[:, run : run + 1]
        columns.append(NumpyLoop(work, [each], x, y).train(STEPS, dealt))
    return np.concatenate(columns, axis=1)


@pytest.mark.slow
@pytest.mark.parametrize("name", FEW)
def test_our_engine_has_the_losses_of_the_numpy_loop(name):
    pytest.importorskip("tensorflow")
    from benchmarks import networks, ours
    from study.lab.train import initial
    from study.lab.train.loop import Engine
    from study.lab.train.order import Order
    from study.lab.train.plan import Program

    work = small(name)
    experiment = ours.experiment(work, STEPS)
    program = Program("judge", ({},), (0, 1))
    result = Engine(experiment).run(program, lambda *_: None)
    model = networks.model(work)
    weights = [initial.draw(model, "judge", run)[0] for run in program.replicates]
    batches = None
    if work.batch:
        orders = [
            Order(
                "judge", run, experiment.data.split("judge", run)[0], work.batch, False
            )
            for run in program.replicates
        ]
        batches = np.stack([each.batches(0, STEPS) for each in orders], axis=1)
    expected = by_hand(work, weights, batches)
    np.testing.assert_allclose(result.loss.T, expected, rtol=TOLERANCE)


@pytest.mark.slow
@pytest.mark.parametrize("name", FEW)
@pytest.mark.parametrize("kind", ["Fit", "FusedFit"])
def test_fit_has_the_losses_of_the_numpy_loop(name, kind):
    pytest.importorskip("tensorflow")
    from benchmarks import keras_fit

    work = small(name, fused=5)
    weights, batches = works.draw(work, 1), works.batches(work, 1, STEPS)
    losses = getattr(keras_fit, kind)(work, weights, *works.data(work)).train(
        STEPS, batches
    )
    expected = by_hand(work, weights, batches)
    if kind == "FusedFit":  # it tells the mean of each execution
        expected = expected.reshape(-1, 5).mean(axis=1, keepdims=True)
    np.testing.assert_allclose(losses, expected, rtol=TOLERANCE)


@pytest.mark.parametrize("name", WORKS)
@pytest.mark.parametrize(
    ("module", "kind", "runs"),
    [
        ("torch_eager", "TorchEager", 1),
        pytest.param("torch_compile", "TorchCompiled", 1, marks=pytest.mark.slow),
        ("torch_vmap", "TorchVmap", 3),
    ],
)
def test_torch_has_the_losses_of_the_numpy_loop(name, module, kind, runs):
    pytest.importorskip("torch")
    import importlib

    peer = getattr(importlib.import_module(f"benchmarks.{module}"), kind)
    work = small(name)
    weights, batches = works.draw(work, runs), works.batches(work, runs, STEPS)
    losses = peer(work, weights, *works.data(work)).train(STEPS, batches)
    expected = by_hand(work, weights, batches)
    np.testing.assert_allclose(losses, expected, rtol=TOLERANCE)


@pytest.mark.parametrize("name", WORKS)
def test_the_numpy_loops_gradient_is_the_slope_of_its_loss(name):
    """One step with rate r moves each weight by -r times the central difference."""
    work = small(name, rate=1.0, momentum=0.0, activation="sigmoid")
    x, y = works.data(work)
    weights = works.draw(work, 1)
    few = None if work.batch is None else np.arange(work.batch)[None, None]

    def loss(layers):
        probe = NumpyLoop(work, weights, x, y)
        probe.layers = [[each.copy() for each in layer] for layer in layers]
        return probe.train(1, few)[0, 0]

    trained = NumpyLoop(work, weights, x, y)
    before = [[each.copy() for each in layer] for layer in trained.layers]
    trained.train(1, few)
    random = np.random.default_rng(3)
    for i, layer in enumerate(before):
        for j, values in enumerate(layer):
            at = tuple(random.integers(size) for size in values.shape)
            slopes = []
            for shift in (1e-5, -1e-5):
                moved = [[each.copy() for each in part] for part in before]
                moved[i][j][at] += shift
                slopes.append(loss(moved))
            slope = (slopes[0] - slopes[1]) / 2e-5
            step = values[at] - trained.layers[i][j][at]
            np.testing.assert_allclose(step, slope, rtol=1e-5, atol=1e-9)


def test_the_numpy_loop_drops_the_declared_shares():
    work = small("C", dropout=(0.2, 0.5))
    loop = NumpyLoop(work, works.draw(work, 1), *works.data(work))
    for layer, rate in ((0, 0.2), (1, 0.5), (2, 0.5)):
        mask = loop._mask((200, 500), layer)
        kept = (mask > 0).mean()
        assert abs(kept - (1 - rate)) < 5 * np.sqrt(rate * (1 - rate) / mask.size)
        np.testing.assert_allclose(mask[mask > 0], 1 / (1 - rate))


def test_our_network_drops_the_declared_shares():
    pytest.importorskip("tensorflow")
    from benchmarks import networks

    work = small("C", dropout=(0.2, 0.5))
    rates = [each.rate for each in networks.model(work).layers if hasattr(each, "rate")]
    assert rates == [0.2, 0.5, 0.5, 0.5]


def test_torch_drops_the_same_shares():
    pytest.importorskip("torch")
    from benchmarks.torch_eager import model

    work = small("C", dropout=(0.2, 0.5))
    rates = [
        each.p for each in model(work, works.draw(work, 1)[0]) if hasattr(each, "p")
    ]
    assert rates == [0.2, 0.5, 0.5, 0.5]
