"""Seven ways to start five hidden layers of sigmoid and ReLU units, compared."""

import functools

import keras
import numpy as np

from study import probes
from study.initializers import Glorot, He, Normal
from study.lab.data import mnist
from study.lab.declare import measures
from study.lab.declare.controls import Control, Controlled
from study.lab.declare.finding import Claim, Experiment, Number, Size, Takeaway
from study.lab.declare.measures import Probe, StepsTo
from study.lab.declare.models import mlp
from study.lab.figures import Learning, Points
from study.lab.rules.verdicts import (
    Cited,
    DoesNotRaise,
    Each,
    Level,
    Lowers,
    Raises,
    Shape,
    Some,
)
from study.pretraining import RBM, lsuv, pretrain, warm_start

INITIALIZERS = {
    "N(0, 0.01²)": Normal(0.01),
    "N(0, 1)": Normal(1.0),
    "Glorot": Glorot(),
    "He": He(),
}
LSUV_IMAGES, RBM_EPOCHS, LITTLE, LITTLE_EPOCHS = 500, 5, 1_000, 20
POOR, LAYERS, UNITS = ("N(0, 0.01²)", "N(0, 1)"), 5, 100
LEARNED = 10  # percent of training examples predicted wrongly
ACTIVATIONS = {"sigmoid": "sigmoid", "ReLU": "relu"}


def model(activation, start, shape, classes):
    # What is pretrained starts from He's weights, and so does its output layer.
    initializer = INITIALIZERS.get(start, INITIALIZERS["He"])
    hidden = (UNITS,) * LAYERS
    return mlp(
        shape, hidden, classes, activation=activation, kernel_initializer=initializer
    )


def optimizer(learning_rate):
    return keras.optimizers.Adam(learning_rate)


def pretraining(start):
    """Return what changes the drawn weights, or None."""
    return PRETRAINED.get(start)


def scale(model, x, y, seed):
    """Give every layer outputs of variance 1."""
    lsuv(model, x[:LSUV_IMAGES], seed=seed)


def stack(model, x, y, seed):
    """Train an RBM for each hidden layer, by CD-1 and without labels."""
    pretrain(model, x, epochs=RBM_EPOCHS, seed=seed)


def learn_from_little(model, x, y, seed):
    """Copy the weights of the same network trained on the first 1,000 images."""
    activation = model.layers[0].activation.__name__
    learner, state = _learner(activation, x.shape[1:], model.output_shape[-1])
    learner.set_weights(model.get_weights())
    for variable, value in zip(learner.optimizer.variables, state, strict=True):
        variable.assign(value)
    # The images come in a random order of their own for each seed; an epoch more costs
    # Keras more than the steps in it.
    few = np.tile(x[:LITTLE], (LITTLE_EPOCHS, 1)), np.tile(y[:LITTLE], LITTLE_EPOCHS)
    learner.fit(*few, batch_size=100, epochs=1, shuffle=False, verbose=0)
    warm_start(model, learner)


@functools.cache
def _learner(activation, shape, classes):
    """Compile a network to learn from little, with its optimizer's first state."""
    learner = model(activation, "He", shape, classes)
    loss = "sparse_categorical_crossentropy"
    learner.compile(optimizer(0.001), loss, jit_compile=False, steps_per_execution=10)
    learner.optimizer.build(learner.trainable_variables)
    return learner, [np.array(each) for each in learner.optimizer.variables]


PRETRAINED = {"LSUV": scale, "RBM stack": stack, "warm start": learn_from_little}


def last_spread(model, x, y):
    """Return how much the last hidden layer's outputs spread."""
    *_, last = probes.activation_statistics(model, x).values()
    return last["stddev"]


def arm(activation, start):
    return {"activation": activation, "start": start}


def compared(rule, measure, activation, start):
    """Compare a start with He's weights."""
    return rule(measure=measure, arm=arm(activation, start), than=arm(activation, "He"))


def everywhere(rule, measure, start):
    """Compare a start with He's weights, for both activations."""
    return [compared(rule, measure, each, start) for each in ACTIVATIONS]


def learns(activation):
    """Demand that a network learns from the weights that others are held against."""
    return Control(
        f"from He's weights the {activation} network learns",
        Level(measure="train_error", arm=arm(activation, "He"), below=LEARNED),
        "more epochs",
    )


TITLES = {
    "test_error": "Test error after 12 epochs, five hidden layers of 100 units",
    "steps_to_10": "Steps to 10 % training error",
}
SPREAD = "standard deviation of the last hidden layer's outputs at the start"
DIRECT, HELPED = arm("ReLU", "He"), arm("sigmoid", "RBM stack")

EXPERIMENT = Experiment(
    title="Initialization and pretraining of deep networks",
    about=(
        lsuv,
        pretrain,
        RBM,
        warm_start,
        He,
        Normal,
        Glorot,
        probes.activation_statistics,
    ),
    claims=(
        Claim(
            "d0-13",
            verdict=Controlled(
                Shape(
                    Lowers(measure="test_error", arm=DIRECT, than=arm("sigmoid", "He")),
                    DoesNotRaise(measure="test_error", arm=DIRECT, than=HELPED),
                ),
                Control(
                    "pretraining helps the sigmoid network",
                    compared(Lowers, "test_error", "sigmoid", "RBM stack"),
                    "deeper networks, or RBMs trained for longer",
                ),
            ),
            # Glorot, Bordes and Bengio 2011, three layers of 1,000
            source_size=Size(examples=50_000, units=3_000),
        ),
        Claim(
            "d4-10",
            verdict=Controlled(
                Each(
                    *(
                        compared(Raises, measure, activation, start)
                        for measure in ("steps_to_10", "train_error")
                        for activation in ACTIVATIONS
                        for start in POOR
                    )
                ),
                *map(learns, ACTIVATIONS),
            ),
        ),
        Claim(
            "d4-11",
            verdict=Some(
                *everywhere(Lowers, "test_error", "RBM stack"),
                *everywhere(Lowers, "steps_to_10", "RBM stack"),
            ),
            # Hinton and Salakhutdinov 2006, 784-500-500-2000-10
            source_size=Size(examples=60_000, units=3_000),
        ),
        Claim("d4-13", verdict=Some(*everywhere(Lowers, "steps_to_10", "warm start"))),
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
            "direct": Number("test_error", DIRECT),
            "plain": Number("test_error", arm("sigmoid", "He")),
            "helped": Number("test_error", HELPED),
        },
    ),
    data=mnist(train=5_000, validation=5_000),
    model=model,
    optimizer=optimizer,
    pretraining=pretraining,
    batch_size=100,
    epochs=12,
    evaluations=4,
    watch=("train",),
    vary={"activation": ACTIVATIONS, "start": (*INITIALIZERS, *PRETRAINED)},
    tune={"learning_rate": (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1)},
    replicates=5,
    extension=10,
    size=Size(units=LAYERS * UNITS),
    measures=(
        measures.TestError(),
        StepsTo(LEARNED),
        measures.TrainError(),
        measures.ValidationError(),
        Probe("last_spread", last_spread, when="start", label=SPREAD),
    ),
    figures=(
        *(
            Points(measure, rows="start", panels="activation", title=title)
            for measure, title in TITLES.items()
        ),
        *(
            Learning(
                panels="start",
                where={"activation": each},
                title=f"Training error of {each} networks, by start",
            )
            for each in ACTIVATIONS
        ),
    ),
    differences={
        "network": (
            "not said; Glorot, Bordes and Bengio 2011: three layers of 1,000 ReLU on "
            "MNIST, 1.43 % without, 1.20 % with pretraining (reported, not re-read)",
            "five layers of 100, sigmoid and ReLU; 5,000 images for each seed, at the "
            "profile paper 50,000",
        ),
        "what pretraining costs": (
            "not said",
            f"not in the steps: {RBM_EPOCHS} epochs of CD-1 a layer, {LITTLE_EPOCHS} "
            f"epochs on {LITTLE:,} of the images for the warm start: "
            f"{LITTLE_EPOCHS * LITTLE // 100} steps, not counted among those it saves",
        ),
        "an RBM's units": (
            "binary",
            "they are sigmoid: ReLU networks from the stack are shown, and need not do "
            "well for d4-11, which says that it can",
        ),
        "good initial weights (d4-11)": (
            "not said",
            "fewer mistakes on the test set at the end, or fewer steps to 10 % "
            "training error, than from He's weights",
        ),
        "training": (
            "not said",
            "Adam, each at its best of 7 rates by the error at the end on validation "
            "images",
        ),
        "poor weights (d4-10)": ("sigmoid, N(0, 1)", "ReLU and N(0, 0.01²), too"),
        "local minima": (
            "what bad weights lead to",
            "not told from slow places: the training error at the end is judged",
        ),
    },
    smoke={"vary": {"activation": ACTIVATIONS, "start": ("He", *PRETRAINED)}},
    paper={"data": mnist(train=50_000, validation=10_000)},
)
