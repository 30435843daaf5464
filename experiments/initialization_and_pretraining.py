"""Nine ways to start five hidden layers of sigmoid and ReLU units, compared."""

import functools

import keras
import numpy as np

from study import probes
from study.initializers import Glorot, He, Normal, Xavier
from study.lab.data import mnist
from study.lab.declare.experiment import Claim, Experiment
from study.lab.declare.measures import Probe, StepsTo, TestError, TrainError
from study.lab.declare.models import mlp
from study.lab.declare.takeaway import Number, Takeaway
from study.lab.figures import Dots, Learning
from study.lab.rules.verdicts import Cited, Greater, Less, Shape
from study.pretraining import RBM, lsuv, pretrain, warm_start

INITIALIZERS = {
    "zeros": keras.initializers.Zeros(),
    "N(0, 0.01²)": Normal(0.01),
    "N(0, 1)": Normal(1.0),
    "Xavier": Xavier(),
    "Glorot": Glorot(),
    "He": He(),
}
# What is pretrained starts from He's weights, and so does its output layer.
PRETRAINED = ("LSUV", "RBM stack", "warm start")
LSUV_IMAGES, RBM_EPOCHS, LITTLE, LITTLE_EPOCHS = 500, 5, 1_000, 20


def model(activation, start):
    """Build 784-100-100-100-100-100-10."""
    initializer = INITIALIZERS.get(start, INITIALIZERS["He"])
    return mlp(
        784, (100,) * 5, 10, activation=activation, kernel_initializer=initializer
    )


def optimizer():
    return keras.optimizers.Adam(0.001)


def pretraining(start):
    """Return what changes the drawn weights, or None."""
    return {
        "LSUV": scale,
        "RBM stack": stack,
        "warm start": learn_from_little,
    }.get(start)


def scale(model, x, y, seed):
    """Give every layer outputs of variance 1."""
    lsuv(model, x[:LSUV_IMAGES], seed=seed)


def stack(model, x, y, seed):
    """Train an RBM for each hidden layer, by CD-1 and without labels."""
    pretrain(model, x, epochs=RBM_EPOCHS, seed=seed)


def learn_from_little(model, x, y, seed):
    """Copy the weights of the same network trained on the first 1,000 images."""
    learner, state = _learner(model.layers[0].activation.__name__)
    learner.set_weights(model.get_weights())
    for variable, value in zip(learner.optimizer.variables, state, strict=True):
        variable.assign(value)
    # The images come in a random order of their own for each seed; an epoch more costs
    # Keras more than the steps in it.
    few = np.tile(x[:LITTLE], (LITTLE_EPOCHS, 1)), np.tile(y[:LITTLE], LITTLE_EPOCHS)
    learner.fit(*few, batch_size=100, epochs=1, shuffle=False, verbose=0)
    warm_start(model, learner)


@functools.cache
def _learner(activation):
    """Compile a network to learn from little, with its optimizer's first state."""
    learner = model(activation, "He")
    learner.compile(
        optimizer(),
        "sparse_categorical_crossentropy",
        jit_compile=False,
        steps_per_execution=10,
    )
    learner.optimizer.build(learner.trainable_variables)
    return learner, [np.array(each) for each in learner.optimizer.variables]


def last_spread(model, x, y):
    """Return how much the last hidden layer's outputs spread."""
    *_, last = probes.activation_statistics(model, x).values()
    return last["stddev"]


def arm(activation, start):
    return {"activation": activation, "start": start}


def slower(activation, start):
    """Take more steps to 10 % training error than He's weights."""
    return Greater(
        measure="steps_to_10", arm=arm(activation, start), than=arm(activation, "He")
    )


def worse(activation, start):
    """End farther from fitting the training set than He's weights."""
    return Greater(
        measure="train_error", arm=arm(activation, start), than=arm(activation, "He")
    )


def sooner(activation, start):
    """Reach 10 % training error in fewer steps than He's weights."""
    return Less(
        measure="steps_to_10", arm=arm(activation, start), than=arm(activation, "He")
    )


def better(one, other):
    return Less(measure="test_error", arm=arm(*one), than=arm(*other))


EXPERIMENT = Experiment(
    title="Initialization and pretraining of deep networks",
    about=(
        lsuv,
        pretrain,
        RBM,
        warm_start,
        He,
        Normal,
        Xavier,
        Glorot,
        probes.activation_statistics,
    ),
    claims=(
        Claim(
            "d0-13",
            verdict=Shape(
                better(("ReLU", "He"), ("sigmoid", "He")),
                better(("ReLU", "He"), ("sigmoid", "RBM stack")),
                better(("ReLU", "He"), ("ReLU", "RBM stack")),
            ),
            scaled="5,000 images and five layers of 100 units, where the paper behind "
            "it has all images and three layers of 1,000",
        ),
        Claim(
            "d4-10",
            verdict=Shape(
                slower("sigmoid", "N(0, 0.01²)"),
                slower("sigmoid", "N(0, 1)"),
                slower("ReLU", "N(0, 0.01²)"),
                slower("ReLU", "N(0, 1)"),
                worse("sigmoid", "N(0, 0.01²)"),
                worse("ReLU", "N(0, 1)"),
            ),
        ),
        Claim(
            "d4-11",
            verdict=Shape(
                better(("sigmoid", "RBM stack"), ("sigmoid", "He")),
                sooner("sigmoid", "RBM stack"),
            ),
            scaled="5,000 images and RBMs of 100 units, where the papers have all "
            "images and 500 to 2,000 units",
        ),
        Claim(
            "d4-13",
            verdict=Shape(
                sooner("sigmoid", "warm start"), sooner("ReLU", "warm start")
            ),
        ),
        Claim(
            "d4-20",
            verdict=Cited(
                source="Mishkin and Matas 2016, ICLR: All you need is a good init",
                correct=False,
                note="layer-sequential unit-variance: each layer's outputs get "
                "variance 1, one layer after the other; nothing in it is uniform",
            ),
        ),
    ),
    takeaway=Takeaway(
        holds="With ReLU a deep network learns without pretraining: its test error is "
        "{direct}. With sigmoid it is {plain} from the same kind of weights, and "
        "{helped} from those of a stack of restricted Boltzmann machines.",
        open="Whether ReLU spares a deep network its pretraining stays open at this "
        "size: without it the test error is {direct} with ReLU and {plain} with "
        "sigmoid, and {helped} with sigmoid and a stack of restricted Boltzmann "
        "machines.",
        numbers={
            "direct": Number("test_error", arm("ReLU", "He")),
            "plain": Number("test_error", arm("sigmoid", "He")),
            "helped": Number("test_error", arm("sigmoid", "RBM stack")),
        },
    ),
    data=mnist(train=5_000),
    model=model,
    optimizer=optimizer,
    pretraining=pretraining,
    batch_size=100,
    epochs=12,
    evaluations=4,
    watch=("train",),
    vary={
        "activation": {"sigmoid": "sigmoid", "ReLU": "relu"},
        "start": (*INITIALIZERS, *PRETRAINED),
    },
    measures=(
        TestError(),
        StepsTo(10),
        TrainError(),
        Probe(
            "last_spread",
            last_spread,
            when="start",
            examples=500,
            label="standard deviation of the last hidden layer's outputs at the start",
        ),
    ),
    figures=(
        Dots(
            "test_error",
            rows="start",
            panels="activation",
            title="Test error after 12 epochs, five hidden layers of 100 units",
        ),
        Dots(
            "steps_to_10",
            rows="start",
            panels="activation",
            title="Steps to 10 % training error; those at the right edge never got "
            "there",
        ),
        *(
            Learning(
                panels="start",
                where={"activation": each},
                title=f"Training error of {each} networks, by start",
            )
            for each in ("sigmoid", "ReLU")
        ),
    ),
    differences=(
        (
            "network",
            "not said; Glorot, Bordes and Bengio 2011: three layers of 1,000 ReLU, "
            "1.43 % without and 1.20 % with pretraining (reported, not re-read)",
            "five layers of 100, sigmoid and ReLU",
        ),
        ("images", "not said; the papers: all of MNIST", "5,000 for each seed"),
        (
            "what pretraining costs",
            "not said",
            f"not in the steps: {RBM_EPOCHS} epochs of CD-1 a layer, {LITTLE_EPOCHS} "
            f"epochs on {LITTLE:,} of the images for the warm start",
        ),
        ("training", "not said", "Adam at 0.001 for all"),
        (
            "local minima",
            "what bad weights lead to",
            "not told from slow places: the training error at the end is judged",
        ),
    ),
    smoke={
        "data": mnist(train=500),
        "epochs": 12,
        "evaluations": 6,
        "replicates": 2,
        "vary": {
            "activation": {"sigmoid": "sigmoid", "ReLU": "relu"},
            "start": ("He", *PRETRAINED),
        },
        "claims": (),
    },
    paper={"data": mnist()},
)
