"""Whether the zeros of ReLU spare a network from overfitting, as dropout does."""

import keras

from study.activations import Configured, leaky_relu
from study.initializers import He
from study.lab.data import mnist
from study.lab.declare.experiment import Claim, Experiment
from study.lab.declare.measures import (
    Gap,
    Probe,
    TestError,
    TrainError,
    ValidationError,
)
from study.lab.figures import Curves, Strip
from study.lab.rules.verdicts import Less, Shape
from study.layers import Dropout
from study.probes import active_share

# Each network with its slope below 0, where only ReLU's is 0, and its dropout rate.
NETWORKS = {
    "ReLU": (0.0, 0.0),
    "slope 0.3": (0.3, 0.0),
    "slope 0.3, dropout": (0.3, 0.5),
    "ReLU, dropout": (0.0, 0.5),
}


def model(network):
    slope, rate = network
    layers = [keras.Input((784,))]
    for _ in range(2):
        layers += [
            keras.layers.Dense(512, kernel_initializer=He()),
            keras.layers.Activation(Configured(leaky_relu, negative_slope=slope)),
            Dropout(rate),
        ]
    layers.append(keras.layers.Dense(10, "softmax", kernel_initializer=He()))
    return keras.Sequential(layers)


def optimizer(learning_rate):
    return keras.optimizers.SGD(learning_rate, momentum=0.9)


def active(model, x, y):
    """Return how many of all hidden outputs are not 0, in percent."""
    shares = active_share(model, x).values()
    return 100 * sum(shares) / len(shares)


def arm(network):
    return {"network": network}


EXPERIMENT = Experiment(
    title="ReLU: does sparsity act like dropout?",
    about=(Dropout, Configured, leaky_relu, active_share),
    claims=(
        Claim(
            "d2-88",
            verdict=Shape(
                *(
                    Less(
                        measure="test_error",
                        arm=arm(network),
                        than=arm("slope 0.3"),
                        # Half of what dropout took off the error of a network like
                        # this one in trials with other seeds.
                        delta=0.6,
                    )
                    for network in ("ReLU", "slope 0.3, dropout")
                )
            ),
        ),
    ),
    data=mnist(train=1_000, validation=5_000),
    model=model,
    optimizer=optimizer,
    batch_size=50,
    steps=300,
    vary={"network": NETWORKS},
    tune={"learning_rate": (0.01, 0.03, 0.1)},
    measures=(
        Probe("active", active, unit="%", label="active hidden outputs"),
        TrainError(),
        ValidationError(),
        TestError(),
        Gap(),
    ),
    figures=(
        Strip("test_error", by="network"),
        Strip("gap", by="network"),
        Strip("active", by="network"),
        Curves(hue="network", title="Training loss of each seed and their mean"),
    ),
    differences=(
        (
            "acts like dropout",
            "said in words",
            "takes as much off the test error of a network without zeros as dropout "
            "does, to within half of it",
        ),
        (
            "without zeros",
            "not named",
            "the same network with a slope of 0.3 below 0 in place of 0",
        ),
        (
            "setting",
            "not named",
            "wide layers and 1,000 images, where dropout has something to do",
        ),
    ),
    smoke={
        "data": mnist(train=1_000, validation=1_000),
        "steps": 20,
        "replicates": 2,
        "tune": {"learning_rate": (0.03,)},
        "claims": (),
    },
    paper={"data": mnist(train=2_000, validation=10_000), "steps": 1_200},
)
