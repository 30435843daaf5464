"""The MNIST ladder of a course's labs: softmax, ReLU, Xavier, depth, dropout, BN."""

import keras

from study.initializers import Normal
from study.lab.data import mnist
from study.lab.declare.finding import Anchor, Claim, Experiment, Number, Size, Takeaway
from study.lab.declare.measures import TestError, ValidationError
from study.lab.figures import Points
from study.lab.rules.verdicts import Each, Lowers
from study.layers import BatchNormalization, Dropout

from .figures.single_runs import Pair, SingleRuns

RATE = 0.001
RANDOM, XAVIER = "N(0, 1)", "Xavier"
OWN_RANDOM, OWN_XAVIER = "N(0, 1), own rate", "Xavier, own rate"
# Units of each hidden layer, scale of N(0, scale²) or None for Xavier, standard
# deviation of the first biases, rate of dropout, batch normalization, learning rate or
# None for one chosen on validation images.
RUNGS = {
    "softmax": ((), 0.05, 0.0, 0.0, False, RATE),
    RANDOM: ((256, 256), 1.0, 1.0, 0.0, False, RATE),
    "N(0, 0.05²)": ((256, 256), 0.05, 0.0, 0.0, False, RATE),
    XAVIER: ((256, 256), None, 0.0, 0.0, False, RATE),
    "deep": ((512,) * 4, None, 0.0, 0.0, False, RATE),
    "dropout 0.5": ((512,) * 4, None, 0.0, 0.5, False, RATE),
    "BN": ((512,) * 4, None, 0.0, 0.0, True, RATE),
    OWN_RANDOM: ((256, 256), 1.0, 1.0, 0.0, False, None),
    OWN_XAVIER: ((256, 256), None, 0.0, 0.0, False, None),
}
# The rungs of the first course, of 15 epochs, draw all biases from N(0, 1).
LONG_RUNGS = {
    "softmax": ((), 1.0, 1.0, 0.0, False, RATE),
    RANDOM: RUNGS[RANDOM],
    XAVIER: ((256, 256), None, 1.0, 0.0, False, RATE),
    "deep": ((512,) * 4, None, 1.0, 0.0, False, RATE),
    "dropout 0.3": ((512,) * 4, None, 1.0, 0.3, False, RATE),
    OWN_RANDOM: RUNGS[OWN_RANDOM],
    OWN_XAVIER: ((256, 256), None, 1.0, 0.0, False, None),
}
# Accuracies that the labs print, a single run each.
SHORT = {
    "softmax": 0.9228,
    "N(0, 0.05²)": 0.9599,
    XAVIER: 0.9606,
    "deep": 0.9688,
    "dropout 0.5": 0.9492,
    "BN": 0.9751,
}
LONG = {
    "softmax": 0.9035,
    RANDOM: 0.9455,
    XAVIER: 0.9783,
    "deep": 0.9742,
    "dropout 0.3": 0.9804,
}
SHORT_SOURCE = "ML/DL for everyone, season 2, labs 10-1 to 10-4 (1 epoch, one run)"
LONG_SOURCE = "Kim, ML/DL for everyone, labs 10-1 to 10-5 (15 epochs, one seed)"
SHORT_STEPS = (
    ("N(0, 0.05²)", "softmax"),
    (XAVIER, "N(0, 0.05²)"),
    ("deep", XAVIER),
    ("dropout 0.5", "deep"),
    ("BN", "deep"),
)
LONG_STEPS = (
    (RANDOM, "softmax"),
    (XAVIER, RANDOM),
    ("deep", XAVIER),
    ("dropout 0.3", "deep"),
    ("dropout 0.3", XAVIER),
)


def model(rung, shape, classes):
    hidden, scale, bias_scale, rate, normalized, _ = rung
    layers = [keras.Input(shape)]
    for units in hidden:
        layers.append(_dense(units, scale, bias_scale))
        if normalized:
            layers.append(BatchNormalization())
        layers.append(keras.layers.Activation("relu"))
        if rate:
            layers.append(Dropout(rate))
    layers.append(_dense(classes, scale, bias_scale))
    layers.append(keras.layers.Activation("softmax"))
    return keras.Sequential(layers)


def _dense(units, scale, bias_scale):
    return keras.layers.Dense(
        units,
        kernel_initializer="glorot_uniform" if scale is None else Normal(scale),
        bias_initializer=Normal(bias_scale),
    )


def optimizer(rung, learning_rate):
    return keras.optimizers.Adam(rung[-1] or learning_rate)


def arm(rung):
    return {"rung": rung}


def anchors(source, accuracies):
    """Set the printed accuracies beside ours, as errors in percent."""
    return tuple(
        Anchor(
            source=source,
            measure="test_error",
            arm=arm(rung),
            value=round(100 * (1 - accuracy), 2),
            read=True,
        )
        for rung, accuracy in accuracies.items()
    )


def gained(epochs, accuracies, steps, ours=True):
    """Draw what single runs of the source gain from rung to rung."""
    return SingleRuns(
        "test_error",
        images=10_000,
        pairs=tuple(
            Pair(arm(one), arm(other), accuracies[one], accuracies[other])
            for one, other in steps
        ),
        title=f"Labs of {epochs}: test accuracy gained from rung to rung",
        ours=ours,
    )


def answers(xavier, random):
    return Lowers(measure="test_error", arm=arm(xavier), than=arm(random))


EXPERIMENT = Experiment(
    title="Initialization and more: a ladder on MNIST",
    about=(BatchNormalization, Dropout, Normal),
    claims=(
        Claim(
            "d4-12",
            verdict=Each(answers(XAVIER, RANDOM), answers(OWN_XAVIER, OWN_RANDOM)),
            source_size=Size(examples=55_000, steps=8_250),
        ),
    ),
    takeaway=Takeaway(
        holds="Xavier's weights cut the test error",
        depends="Xavier's weights cut the test error {where}.",
        fails="Xavier's weights do not cut the test error",
        open="Whether Xavier's weights cut the test error stays open",
        evidence="each start at its own learning rate, it is {random} from N(0, 1) and "
        "{xavier} from Xavier's weights; at the lab's one rate {lab_random} and "
        "{lab_xavier}.",
        numbers={
            "random": Number("test_error", arm(OWN_RANDOM)),
            "xavier": Number("test_error", arm(OWN_XAVIER)),
            "lab_random": Number("test_error", arm(RANDOM)),
            "lab_xavier": Number("test_error", arm(XAVIER)),
        },
    ),
    data=mnist(train=59_000, validation=1_000),
    model=model,
    optimizer=optimizer,
    batch_size=128,
    steps=460,  # an epoch without its last, smaller batch, as in the labs
    evaluations=4,
    vary={"rung": RUNGS},
    tune={"learning_rate": (0.0003, 0.001, 0.003, 0.01, 0.03)},
    replicates=5,
    extension=10,
    measures=(TestError(), ValidationError()),
    figures=(
        Points("test_error", rows="rung"),
        gained("1 epoch", SHORT, SHORT_STEPS),
        gained("15 epochs", LONG, LONG_STEPS, ours=False),
    ),
    anchors=anchors(SHORT_SOURCE, SHORT),
    differences={
        "N(0, 1)": (
            "weights and biases in the labs of 15 epochs; Keras's RandomNormal, of "
            "0.05, in those of 1",
            "both",
        ),
        "learning rate": (
            "0.001",
            "that, and for N(0, 1) and Xavier also the best of five on validation "
            "images: bad weights may want another one",
        ),
        "dropout": ("0.3 in the labs of 15 epochs, 0.5 in those of 1", "0.5"),
        "biases": ("N(0, 1) in the labs of 15 epochs, 0 in those of 1", "0 but in two"),
        "seeds": ("one run each", "5 paired ones"),
        "epochs": ("15 at batch 100, or 1 at batch 128", "1 at batch 128"),
    },
    paper={
        "data": mnist(train=55_000, validation=5_000),
        "batch_size": 100,
        "steps": 8_250,
        "vary": {"rung": LONG_RUNGS},
        "anchors": anchors(LONG_SOURCE, LONG),
        "figures": (
            Points("test_error", rows="rung"),
            gained("15 epochs", LONG, LONG_STEPS),
        ),
        "differences": {
            "seeds": ("one", "5 paired ones"),
            "training images": ("the 55,000 of a split", "55,000 drawn for each seed"),
        },
    },
)
