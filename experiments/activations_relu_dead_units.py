"""Half of a ReLU network is active at the start; large learning rates kill units."""

import keras
from keras import ops

from study.initializers import He
from study.lab.data import mnist
from study.lab.declare.finding import Anchor, Experiment, Number, Takeaway
from study.lab.declare.measures import FinalLoss, Probe, TestError
from study.lab.declare.models import mlp
from study.lab.figures import Curves, Points
from study.lab.rules.verdicts import Level, Raises, Shape, Some
from study.probes import activations, dead_units

UNTRAINED = "0: untrained"
RATES = {UNTRAINED: 0.0, "0.01": 0.01, "0.1": 0.1, "0.3": 0.3, "0.6": 0.6, "1": 1.0}


def model(shape, classes):
    return mlp(shape, (256,) * 3, classes, kernel_initializer=He())


def source_model(shape, classes):
    return mlp(shape, (1_000,) * 3, classes, kernel_initializer=He())


def optimizer(learning_rate):
    return keras.optimizers.SGD(learning_rate)


def shares(model, x):
    """Return how many of each hidden layer's outputs are above 0, in percent.

    What is not a number, after a divergence, is not active.
    """
    return 100 * ops.stack(
        [ops.mean(ops.cast(h > 0, "float32")) for h in activations(model, x).values()]
    )


def active(model, x, y):
    return ops.mean(shares(model, x))


def least_active(model, x, y):
    return ops.min(shares(model, x))


def most_active(model, x, y):
    return ops.max(shares(model, x))


def dead(model, x, y):
    """Return how many hidden units are 0 for all examples, in percent.

    A network whose outputs are no numbers, after a divergence, has no dead unit.
    """
    layers = dead_units(model, x).values()
    sound = ops.all(ops.isfinite(model(x, training=False)))
    return ops.where(sound, 100 * sum(layers) / len(layers), 0.0)


def arm(learning_rate):
    return {"learning_rate": learning_rate}


EXPERIMENT = Experiment(
    title="ReLU: active and dead units",
    about=(activations, dead_units),
    claims={
        "d0-14": Shape(
            Level(measure="least_active", arm=arm(UNTRAINED), above=40),
            Level(measure="most_active", arm=arm(UNTRAINED), below=60),
        ),
        "d0-17": Some(
            *(
                # Two-humped: some networks lose units, others break down.
                Raises(
                    measure="dead", arm=arm(each), than=arm(UNTRAINED), center="median"
                )
                for each in RATES
                if each != UNTRAINED
            )
        ),
    },
    takeaway=Takeaway(
        of="d0-17",
        holds="Training can put ReLU units out of action",
        fails="No learning rate tried puts many ReLU units out of action",
        open="Whether training puts ReLU units out of action stays open",
        evidence="with a learning rate of 0.6, {dead} of the hidden units are dead, "
        "before training {before}. At the start {active} of them are active.",
        numbers={
            "dead": Number("dead", arm("0.6")),
            "before": Number("dead", arm(UNTRAINED)),
            "active": Number("active", arm(UNTRAINED)),
        },
    ),
    data=mnist(),
    model=model,
    optimizer=optimizer,
    batch_size=128,
    steps=450,
    vary={"learning_rate": RATES},
    measures=(
        *(
            Probe(f"{which}_active", function, when="start", unit="%", label=label)
            for which, function, label in (
                ("least", least_active, "active outputs at the start, least layer"),
                ("most", most_active, "active outputs at the start, most active layer"),
            )
        ),
        Probe("active", active, unit="%", label="active hidden outputs"),
        Probe("dead", dead, unit="%", label="dead hidden units"),
        FinalLoss(),
        TestError(),
    ),
    figures=(
        Points("dead", rows="learning_rate"),
        Points("active", rows="learning_rate"),
        Curves(
            hue="learning_rate",
            title="Training loss of each seed and their mean: the rates that kill "
            "units, and those that do not",
        ),
    ),
    anchors=(
        Anchor(
            source="Glorot, Bordes and Bengio 2011, MNIST: 83.4 % zeros",
            measure="active",
            arm=arm("0.1"),
            value=16.6,
        ),
        Anchor(
            source="Karpathy, notes of CS231n: as much as 40 % dead",
            measure="dead",
            arm=arm("0.6"),
            value=40,
        ),
    ),
    differences={
        "network": ("3 layers of 1,000 (Glorot)", "3 layers of 256"),
        "training": ("to the end, chosen on validation error", "450 steps of 128"),
        "sparsity": (
            "pushed by an L1 penalty of the outputs (Glorot)",
            "no penalty: what ReLU brings alone",
        ),
        "a dead unit": (
            "never active on the whole training set (CS231n)",
            "0 for each of 1,000 training examples, in a network that has not broken "
            "down",
        ),
        "d0-14: roughly half": (
            "about 50 % of the hidden units, the biases not said",
            "from 40 to 60 %, bounds of ours, in each of the three layers, whose "
            "biases start at zero",
        ),
        "d0-17: can be knocked out": (
            "no learning rate named",
            "the same networks before training and after it: of existence, so that one "
            "learning rate suffices",
        ),
    },
    paper={"model": source_model, "steps": 20_000},
)
