"""Dropping half the weights ends no lower than dropping half the units, or none."""

from study.lab.declare.controls import Controlled
from study.lab.declare.finding import Anchor, Claim, Experiment, Number, Size, Takeaway
from study.lab.declare.wide import (
    ALL,
    BASE,
    DRAFT,
    HALF,
    MEASURES,
    PAPER,
    overfits,
)
from study.lab.figures import Learning, Points
from study.lab.rules.verdicts import Lowers
from study.layers import DropConnect, Dropout

DROPPED = "half the weights"
KEPT = {"all": ALL, "half": HALF, DROPPED: {"weights": 0.5}}
LAYERS = (800, 800)  # of Wan et al. 2013
WAN = {"all": 1.62, "half": 1.28, DROPPED: 1.20}


def arm(kept):
    return {"kept": kept}


EXPERIMENT = Experiment(
    **BASE,
    title="DropConnect and dropout",
    about=(DropConnect, Dropout),
    claims=(
        Claim(
            "d1-17",
            verdict=Controlled(
                Lowers(measure="test_error", arm=arm("half"), than=arm("all")),
                overfits(arm("all")),
            ),
            source_size=Size(examples=60_000, units=sum(LAYERS)),
        ),
    ),
    takeaway=Takeaway(
        holds="Dropout lowers the test error by much",
        open="Whether dropout lowers the test error by much stays open on a part of "
        "the images",
        evidence="with all units kept it is {all}, with half of them {half}, and with "
        "half of the weights, as DropConnect has it, {weights}.",
        numbers={
            "all": Number("test_error", arm("all")),
            "half": Number("test_error", arm("half")),
            "weights": Number("test_error", arm(DROPPED)),
        },
    ),
    vary={"kept": KEPT},
    measures=MEASURES,
    figures=(
        Points("test_error", rows="kept"),
        Points("test_loss", rows="kept"),
        Learning(
            panels="kept",
            title="Validation error while training",
        ),
    ),
    anchors=tuple(
        Anchor(
            source="Wan et al. 2013: 784-800-800-10, all images, no augmentation",
            measure="test_error",
            arm=arm(kept),
            value=value,
        )
        for kept, value in WAN.items()
    ),
    differences={
        "the question": (
            "the lecture only names DropConnect",
            "does dropping weights do what dropping units does?",
        ),
        "d1-17: very good results": (
            "said in words, with its popularity, which no run can show",
            "a lower test error than without dropout, where that overfits",
        ),
        "network": (
            "784-800-800-10, all images (Wan)",
            "784-512-512-10, 2,000 images, at the profile paper 10,000",
        ),
        "masks of weights": ("one for each example", "one for each batch of 100"),
        "inference": ("a Gaussian's draws", "the mean"),
        "learning rate": ("0.1 with momentum 0.9", "chosen for each network"),
    },
    smoke=DRAFT | {"anchors": ()},
    paper=PAPER,
)
