"""L1 drives most weights near 0, and exactly to 0 only by a proximal step."""

import keras
from keras import ops

from study.constraints import ProximalL1
from study.lab.data import mnist, with_random_labels
from study.lab.declare import measures
from study.lab.declare.controls import Control, Controlled
from study.lab.declare.finding import Experiment, Number, Takeaway
from study.lab.figures import Points
from study.lab.rules.verdicts import Level, Raises, Shape
from study.regularizers import L1, L2

RATE, RANDOM = 0.1, 0.2
STRENGTHS = (1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03)
DECAYS = (3e-3, 0.01, 0.03, 0.06, 0.1, 0.2)
RATES = (0.003, 0.006, 0.012, 0.025, 0.05, 0.1)
SMALL = 1e-3  # a weight this near to 0 counts as almost zero
NONE, PROXIMAL = "no penalty", "L1, proximal step"
# What is tried for each; without a penalty it is learning rates.
METHODS = {
    NONE: [{"learning_rate": each} for each in RATES],
    "L2": [{"l2": each} for each in DECAYS],
    "L1": [{"l1": each} for each in STRENGTHS],
    PROXIMAL: [{"threshold": RATE * each} for each in STRENGTHS],
}


def model(method, trial, shape, classes):
    """Build one hidden layer of 100."""
    made = penalized(**method[trial - 1])
    hidden = keras.layers.Dense(100, "relu", **made)
    output = keras.layers.Dense(classes, "softmax", **made)
    return keras.Sequential([keras.Input(shape), hidden, output])


def penalized(learning_rate=None, l2=None, l1=None, threshold=None):
    """Return what a layer is given."""
    if threshold:
        return {"kernel_constraint": ProximalL1(threshold)}
    return {"kernel_regularizer": L2(l2) if l2 else L1(l1) if l1 else None}


def optimizer(method, trial):
    return keras.optimizers.SGD(method[trial - 1].get("learning_rate", RATE))


def share_within(model, size):
    """Return how many of all kernels' entries are at most `size` large, in percent."""
    kernels = [layer.kernel for layer in model.layers]
    flat = ops.concatenate(
        [ops.reshape(ops.convert_to_tensor(each), (-1,)) for each in kernels]
    )
    return 100 * ops.mean(ops.cast(ops.abs(flat) <= size, "float32"))


def almost_zero(model, x, y):
    return share_within(model, SMALL)


def exactly_zero(model, x, y):
    return share_within(model, 0.0)


def percent(name, function, label):
    return measures.Probe(name, function, examples=1, unit="%", label=label)


def arm(method):
    return {"method": method}


def listed(numbers):
    return ", ".join(f"{each:g}" for each in numbers)


EXPERIMENT = Experiment(
    title="L1: zeros and near-zeros",
    about=(L1, ProximalL1, L2),
    claims={
        "d4-30": Controlled(
            Shape(
                Level(measure="almost_zero", arm=arm("L1"), above=50),
                Raises(measure="almost_zero", arm=arm("L1"), than=arm(NONE)),
            ),
            Control(
                "with L1 most digits are told apart",
                Level(measure="test_error", arm=arm("L1"), below=50),
                "weaker strengths",
            ),
        )
    },
    takeaway=Takeaway(
        holds="An L1 penalty drives most weights almost to zero",
        fails="An L1 penalty does not drive most weights almost to zero",
        open="Whether an L1 penalty drives most weights almost to zero stays open",
        evidence="{l1} of them end within a thousandth of 0, without a penalty {none}. "
        "Exactly 0 are {exact}, and {proximal} with a proximal step. The test error is "
        "{error} with the penalty, and {plain} without at the best learning rate.",
        numbers={
            "l1": Number("almost_zero", arm("L1")),
            "none": Number("almost_zero", arm(NONE)),
            "exact": Number("exactly_zero", arm("L1")),
            "proximal": Number("exactly_zero", arm(PROXIMAL)),
            "error": Number("test_error", arm("L1")),
            "plain": Number("test_error", arm(NONE)),
        },
    ),
    data=with_random_labels(mnist(train=2_000, validation=2_000), RANDOM),
    model=model,
    optimizer=optimizer,
    batch_size=100,
    steps=2_000,
    vary={"method": METHODS},
    tune={"trial": (1, 2, 3, 4, 5, 6)},
    replicates=5,
    extension=5,
    measures=(
        percent("almost_zero", almost_zero, f"weights within {SMALL:g} of 0"),
        percent("exactly_zero", exactly_zero, "weights that are exactly 0"),
        measures.TestError(),
        measures.TrainError(),
        measures.ValidationError(),
    ),
    figures=tuple(
        Points(each, rows="method")
        for each in ("almost_zero", "exactly_zero", "test_error")
    ),
    differences={
        "a large share almost exactly zero": (
            "said in words",
            f"more than half within {SMALL:g} of 0, and more of them than without a "
            "penalty; weights start with a deviation of about 0.05",
        ),
        "what L1 costs": "the lecture does not say and the rule does not ask, but what "
        "learned nothing may have no weights either: most digits are told apart",
        "the step": "gradient descent on the penalized loss, and beside it a gradient "
        "step on the loss with a soft threshold after it (proximal)",
        "strength": (
            "λ",
            "for each the best of six on validation images, trials 1 to 6: of L1, with "
            f"either step, {listed(STRENGTHS)}; of L2 {listed(DECAYS)}; without a "
            f"penalty learning rates {listed(RATES)}. Biases are not penalized",
        ),
        "images": "2,000, a fifth with random labels, for training and validation "
        "alone: there a penalty has something to do",
    },
)
