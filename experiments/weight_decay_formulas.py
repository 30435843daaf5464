"""An L2 penalty is the printed objective, and its step is a decay of the weights."""

import keras
import numpy as np

from study.gradients import gradient
from study.lab.experiment import Claim, Simulation
from study.lab.figures import Deviations, Table
from study.lab.measures import Column
from study.lab.statements import checked
from study.lab.verdicts import Exact
from study.regularizers import L2

EXAMPLES, INPUTS, CLASSES, STEPS = 50, 6, 3, 20
# Halves to the power of something: float32, in which Keras keeps rates, holds them.
RATE, STRENGTH = 0.125, 0.0625
TOLERANCE = 1e-12  # some 1,000 roundings of float64
CLAIMS = ("d4-24", "d4-26", "d4-27")
TWICE = "Keras's L2(λ), without the half"


def probabilities(weights, x):
    z = x @ weights
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def mean_error(weights, x, labels):
    """Return 1/N Σ E_n, with the cross-entropy as E_n."""
    return -np.log(probabilities(weights, x)[np.arange(len(x)), labels]).mean()


def mean_gradient(weights, x, labels):
    """Return 1/N Σ ∇E_n."""
    return x.T @ (probabilities(weights, x) - np.eye(CLASSES)[labels]) / len(x)


def objective(weights, x, labels):
    """Return 1/N Σ E_n + λ/2 ‖w‖²."""
    return mean_error(weights, x, labels) + STRENGTH / 2 * (weights**2).sum()


def updated(weights, x, labels):
    """Return w - ε (1/N Σ ∇E_n + λ w) after each of some steps."""
    found = []
    for _ in range(STEPS):
        slope = mean_gradient(weights, x, labels) + STRENGTH * weights
        weights = weights - RATE * slope
        found.append(weights)
    return np.array(found)


def error(weights, x, labels):
    """Return the mean cross-entropy by Keras."""
    outputs = keras.ops.softmax(
        keras.ops.matmul(keras.ops.convert_to_tensor(x), weights)
    )
    return keras.ops.mean(keras.ops.sparse_categorical_crossentropy(labels, outputs))


def loss(weights, x, labels, regularizer):
    """Return the loss of a Keras network: the mean error and the layer's penalty."""
    layer = keras.layers.Dense(
        CLASSES, use_bias=False, kernel_regularizer=regularizer, dtype="float64"
    )
    layer.build((None, INPUTS))
    layer.kernel.assign(weights)
    return float(error(layer.kernel.value, x, labels)) + float(sum(layer.losses))


def trained(weights, x, labels, regularizer=None, optimizer=None):
    """Return the weights after each of as many steps of a Keras optimizer."""
    kernel = keras.Variable(weights, dtype="float64")
    optimizer = optimizer or keras.optimizers.SGD(RATE)
    optimizer.build([kernel])

    def minimised(values):
        penalty = regularizer(values) if regularizer else 0.0
        return error(values, x, labels) + penalty

    found = []
    for _ in range(STEPS):
        slope = gradient(minimised, keras.ops.convert_to_numpy(kernel))
        optimizer.apply([keras.ops.convert_to_tensor(slope)])
        found.append(np.array(keras.ops.convert_to_numpy(kernel)))
    return np.array(found)


def apart(a, b):
    return float(np.abs(np.asarray(a) - np.asarray(b)).max())


def statements(weights, x, labels):
    """Yield (claim, statement, how far it is from the printed formula)."""
    printed = objective(weights, x, labels)
    for name, regularizer in {
        "our L2(λ)": L2(STRENGTH),
        "Keras's L2(λ/2)": keras.regularizers.L2(STRENGTH / 2),
    }.items():
        found = loss(weights, x, labels, regularizer)
        yield "d4-24", f"objective by {name}", apart(found, printed)
        steps = trained(weights, x, labels, regularizer)
        yield (
            "d4-26",
            f"{STEPS} updates by {name}",
            apart(steps, updated(weights, x, labels)),
        )
    twice = keras.regularizers.L2(STRENGTH)
    yield (
        "beside",
        f"objective by {TWICE}",
        apart(loss(weights, x, labels, twice), printed),
    )
    yield from updates(weights, x, labels, twice)
    yield from decays(weights)


def updates(weights, x, labels, twice):
    """Yield how far other optimizers are from the printed update."""
    expected = updated(weights, x, labels)
    plain = keras.optimizers.SGD(RATE, weight_decay=STRENGTH)
    found = trained(weights, x, labels, optimizer=plain)
    yield "d4-26", f"{STEPS} updates by SGD(weight_decay=λ)", apart(found, expected)
    found = trained(weights, x, labels, twice)
    yield "beside", f"{STEPS} updates by {TWICE}", apart(found, expected)
    penalised, decayed = (
        trained(weights, x, labels, regularizer, keras.optimizers.Adam(RATE, **decay))
        for regularizer, decay in (
            (L2(STRENGTH), {}),
            (None, {"weight_decay": STRENGTH}),
        )
    )
    yield (
        "beside",
        "Adam: L2(λ) against weight_decay=λ",
        apart(penalised, decayed),
    )


def decays(weights):
    """Yield how far weights without any other force are from a geometric decay.

    Inputs of 0 give every error a gradient of 0.
    """
    nothing = np.zeros((EXAMPLES, INPUTS)), np.zeros(EXAMPLES, int)
    found = trained(weights, *nothing, L2(STRENGTH))
    powers = (1 - RATE * STRENGTH) ** np.arange(1, STEPS + 1)
    expected = powers[:, None, None] * weights
    yield "d4-27", "w after k steps is (1 - ελ)ᵏ times w", apart(found, expected)
    before = np.concatenate([weights[None], found[:-1]])
    speeds = (before - found) / before
    yield (
        "d4-27",
        "speed over size is ελ for every weight",
        apart(speeds, RATE * STRENGTH),
    )


def seed(random):
    x = random.standard_normal((EXAMPLES, INPUTS))
    labels = random.integers(CLASSES, size=EXAMPLES)
    yield from statements(random.standard_normal((INPUTS, CLASSES)), x, labels)


def run(draws, replicates):
    """Check every seed, and keep the largest deviation of each statement."""
    return checked(
        lambda replicate: seed(draws(replicate, "weights and examples")), replicates
    )


EXPERIMENT = Simulation(
    title="Weight decay: the formulas",
    about=(L2,),
    claims=tuple(
        Claim(
            id,
            verdict=Exact(
                measure="deviation", where={"claim": id}, tolerance=TOLERANCE
            ),
        )
        for id in CLAIMS
    ),
    run=run,
    settings={"replicates": 10},
    measures=(Column("deviation", "", "largest deviation"),),
    figures=(
        Deviations(
            "deviation",
            by="statement",
            where={"part": "largest"},
            limit=TOLERANCE,
            title="Largest deviation of each statement from the printed formula",
        ),
    ),
    tables=(
        Table(
            "The largest deviation of each statement over the seeds; beside: what is "
            "not claimed",
            where={"part": "largest"},
            columns={
                "claim": "claim",
                "statement": "statement",
                "deviation": "largest deviation",
            },
        ),
    ),
    differences=(
        (
            "numbers",
            "symbols",
            f"float64, a softmax layer of {INPUTS} times {CLASSES} weights, "
            f"{EXAMPLES} examples, ε = {RATE}, λ = {STRENGTH}, 10 seeds",
        ),
        (
            "half of λ",
            "in the objective",
            "in our L2; Keras's has none, so that λ is twice as strong there",
        ),
        (
            "update",
            "of plain gradient descent",
            "of plain gradient descent; for Adam a penalty in the loss and a decay of "
            "the weights differ",
        ),
    ),
    smoke={"settings": {"replicates": 2}},
)
