"""One hidden layer learns XOR; whether depth beats width is counted seed by seed."""

import keras
import numpy as np

from study.lab.data import xor
from study.lab.declare.finding import Anchor, Experiment, Number, Outputs, Takeaway
from study.lab.declare.measures import FinalLoss, FirstStepSolved, Solved
from study.lab.declare.models import mlp
from study.lab.figures import Curves
from study.lab.rules.verdicts import Cited, Each, Lowers, Margin, Raises, Rate

from .figures.rates import Rates
from .figures.surface import Surface

NETWORKS = {  # the hidden layers and their activation
    "2-1": ((), "sigmoid"),
    "2-2-1": ((2,), "sigmoid"),
    "2-5-4-1": ((5, 4), "sigmoid"),  # the lecture's: 44 weights
    "2-11-1": ((11,), "sigmoid"),  # its wide twin: 45 weights
    "2-10-10-10-1": ((10, 10, 10), "sigmoid"),  # 261 weights
    "2-65-1": ((65,), "sigmoid"),  # its wide twin: 261 weights
    "2-[5]x9-1": ((5,) * 9, "sigmoid"),  # 261 weights again
    "2-[5]x9-1 ReLU": ((5,) * 9, "relu"),
}
LABS = "2-10-10-10-1"
# A deep network and a wide one with as many weights.
TWINS = (("2-5-4-1", "2-11-1"), (LABS, "2-65-1"), ("2-[5]x9-1", "2-65-1"))
MUCH = Margin(2, "factor", because="the lecture says much better: twice")
INITIALIZERS = {
    "N(0, 1)": keras.initializers.RandomNormal(0.0, 1.0),
    "U(-1, 1)": keras.initializers.RandomUniform(-1.0, 1.0),
    "Glorot": keras.initializers.GlorotUniform(),
    "zeros": keras.initializers.Zeros(),
}


def model(network, initializer):
    hidden, activation = network
    return mlp(
        2,
        hidden,
        1,
        activation=activation,
        kernel_initializer=initializer,
        output_activation="sigmoid",
    )


def optimizer():
    return keras.optimizers.SGD(0.1)


def square():
    """Return a grid of 41 by 41 points that covers the four examples."""
    axis = np.linspace(-0.5, 1.5, 41)
    return np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)


def arm(network, initializer="U(-1, 1)"):
    return {"network": network, "initializer": initializer}


EXPERIMENT = Experiment(
    title="XOR: depth against width",
    claims={
        "d2-02": Cited(
            source="Goodfellow, Bengio and Courville 2016, Deep Learning, "
            "introduction of chapter 6"
        ),
        "d2-83": Raises(
            measure="solved", arm=arm("2-2-1", "N(0, 1)"), than=arm("2-1", "N(0, 1)")
        ),
        "d4-01": Rate(measure="solved", arm=arm(LABS, "N(0, 1)"), above=0.5),
        "d4-02": Each(
            *(
                rule(measure=measure, arm=arm(deep), than=arm(wide), **how)
                for deep, wide in TWINS
                for rule, measure, how in (
                    (Raises, "solved", {}),
                    (Lowers, "first_step_solved", {"margin": MUCH}),
                    (Lowers, "final_loss", {"margin": MUCH, "center": "median"}),
                )
            )
        ),
        "d4-03": Rate(measure="solved", arm=arm("2-5-4-1"), above=0.5),
    },
    takeaway=Takeaway(
        of="d4-02",
        holds="Weight for weight, deeper is better at XOR",
        depends="Weight for weight, deeper is better at XOR only {where}",
        fails="Weight for weight, deeper is no better at XOR",
        open="Whether depth helps at XOR stays open",
        evidence="three hidden layers solve it in {deep} seeds, one wide layer with as "
        "many weights in {wide}.",
        numbers={
            "deep": Number("solved", arm(LABS)),
            "wide": Number("solved", arm("2-65-1")),
        },
    ),
    data=xor(),
    model=model,
    optimizer=optimizer,
    loss="binary_crossentropy",
    batch_size=None,
    steps=10_001,
    vary={"network": NETWORKS, "initializer": INITIALIZERS},
    replicates=100,
    extension=0,
    measures=(Solved(), FirstStepSolved(), FinalLoss()),
    outputs=Outputs(inputs=square, arm=arm("2-2-1", "N(0, 1)"), per="solved"),
    figures=(
        Rates(
            "solved",
            rows="network",
            hue="initializer",
            says="Which networks learn XOR, and from which initial weights",
        ),
        Curves(
            panels="network",
            where={"initializer": "U(-1, 1)"},
            split="solved",
            title="Training loss of every seed, weights from U(-1, 1)",
        ),
        Surface(per="solved", names={1: "solved", 0: "stuck"}),
    ),
    anchors=tuple(
        Anchor(
            source=f"Kim, ML/DL for everyone, lab 9-{lab} (one seed)",
            measure="solved",
            arm=arm(network, "N(0, 1)"),
            value=value,
            read=True,
        )
        for lab, network, value in ((1, "2-1", 0), (2, "2-2-1", 1), (3, LABS, 1))
    ),
    differences={
        "biases at the start": ("N(0, 1) in the labs, zero in the lecture", "zero"),
        "seeds": ("one", "100"),
        "learning rate": ("0.1 in the labs", "0.1 for all, not chosen for each"),
        "depth against width": (
            "networks of unequal size",
            "as many weights: 44 against 45, and 261 against 261; the labs' own pair "
            "is shown and not judged",
        ),
        "better (d4-02)": (
            "not said in what",
            "more often solved, solved in half the steps, and half the loss at the "
            "end; medians, for losses lie in two humps",
        ),
    },
    smoke={"steps": 600, "replicates": 10},
)
