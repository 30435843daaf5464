"""Half of a ReLU network is active at the start; large learning rates kill units."""

import keras
from keras import ops

from study.initializers import He
from study.lab.data import mnist
from study.lab.declare.experiment import Anchor, Claim, Experiment
from study.lab.declare.measures import FinalLoss, Probe, TestError
from study.lab.declare.models import mlp
from study.lab.figures import Curves, Strip
from study.lab.rules.verdicts import Greater, Rate
from study.probes import activations, active_share, dead_units

UNTRAINED = "0: untrained"
RATES = {UNTRAINED: 0.0, "0.01": 0.01, "0.1": 0.1, "0.3": 0.3, "0.6": 0.6, "1": 1.0}


def model():
    return mlp(784, (256, 256, 256), 10, kernel_initializer=He())


def source_model():
    return mlp(784, (1_000, 1_000, 1_000), 10, kernel_initializer=He())


def optimizer(learning_rate):
    return keras.optimizers.SGD(learning_rate)


def active(model, x, y):
    """Return how many of all hidden outputs are above 0, in percent.

    What is not a number, after a divergence, is not active.
    """
    layers = [
        ops.mean(ops.cast(h > 0, "float32")) for h in activations(model, x).values()
    ]
    return 100 * sum(layers) / len(layers)


def dead(model, x, y):
    """Return how many hidden units are 0 for all examples, in percent."""
    layers = dead_units(model, x).values()
    return 100 * sum(layers) / len(layers)


def roughly_half(model, x, y):
    """Return 1 if from 40 to 60 % of the outputs of every hidden layer are not 0."""
    shares = ops.stack([*active_share(model, x).values()])
    return ops.cast(ops.all(ops.abs(shares - 0.5) <= 0.1), "float32")


def arm(learning_rate):
    return {"learning_rate": learning_rate}


EXPERIMENT = Experiment(
    title="ReLU: active and dead units",
    about=(activations, active_share, dead_units),
    claims=(
        Claim(
            "d0-14",
            verdict=Rate(measure="half_at_start", arm=arm(UNTRAINED), above=0.5),
        ),
        Claim(
            "d0-17",
            # Of the largest rate with which the network still learns; one in a
            # hundred of its 768 units are eight.
            verdict=Greater(
                measure="dead", arm=arm("0.6"), than=arm(UNTRAINED), delta=1
            ),
        ),
    ),
    data=mnist(),
    model=model,
    optimizer=optimizer,
    batch_size=128,
    steps=450,
    vary={"learning_rate": RATES},
    measures=(
        Probe(
            "half_at_start",
            roughly_half,
            when="start",
            label="every layer has from 40 to 60 % active outputs at the start",
        ),
        Probe("active", active, unit="%", label="active hidden outputs"),
        Probe("dead", dead, unit="%", label="dead hidden units"),
        FinalLoss(),
        TestError(),
    ),
    figures=(
        Strip("dead", by="learning_rate"),
        Strip("active", by="learning_rate"),
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
            read=False,
        ),
        Anchor(
            source="Karpathy, notes of CS231n: as much as 40 % dead",
            measure="dead",
            arm=arm("0.6"),
            value=40,
            read=False,
        ),
    ),
    differences=(
        ("network", "3 layers of 1,000 (Glorot)", "3 layers of 256"),
        ("training", "to the end, chosen on validation error", "450 steps of 128"),
        (
            "sparsity",
            "pushed by an L1 penalty of the outputs (Glorot)",
            "no penalty: what ReLU brings alone",
        ),
        (
            "a dead unit",
            "never active on the whole training set (CS231n)",
            "0 for each of 1,000 training examples",
        ),
        (
            "d0-14: roughly half",
            "about 50 % of the hidden units",
            "from 40 to 60 % in each of the three layers",
        ),
        (
            "d0-17: knocked out during training",
            "no learning rate named",
            "the same networks before training, and after it at a rate of 0.6: at 1 "
            "nothing is learned, the weights overflow",
        ),
    ),
    smoke={
        "data": mnist(train=2_000),
        "steps": 30,
        "replicates": 3,
        "claims": (),
        "anchors": (),
    },
    paper={"model": source_model, "steps": 20_000},
)
