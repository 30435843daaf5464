"""With a learning rate for each share kept the test error is flat from 0.4 to 1."""

from study.lab.data import mnist
from study.lab.declare.controls import Control, Controlled
from study.lab.declare.finding import Anchor, Claim, Experiment, Number, Size, Takeaway
from study.lab.declare.wide import BASE, DRAFT, MEASURES
from study.lab.figures import Learning, Points
from study.lab.rules.verdicts import DoesNotRaise, Level, Raises, Shape
from study.layers import Dropout

KEPT = {each: {"share": each} for each in (0.1, 0.25, 0.4, 0.5, 0.8)} | {1.0: {}}
SEVEN = dict(sorted((KEPT | {0.65: {"share": 0.65}}).items()))
LAYERS = (2_048,) * 3


def arm(kept):
    return {"kept": kept}


def error(kept):
    return Number("test_error", arm(kept))


def held(rule, kept):
    return rule(measure="test_error", arm=arm(kept), than=arm(0.5))


EXPERIMENT = Experiment(
    **BASE,
    title="Dropout rate",
    about=(Dropout,),
    claims=(
        Claim(
            "d0-30",
            verdict=Controlled(
                Shape(
                    held(Raises, 0.25),
                    held(Raises, 1.0),
                    held(DoesNotRaise, 0.4),
                    held(DoesNotRaise, 0.8),
                ),
                Control(
                    "with a quarter of the units kept it learns what it is shown",
                    Level(measure="train_error", arm=arm(0.25), below=10),
                    "more epochs",
                ),
            ),
            source_size=Size(examples=60_000, units=sum(LAYERS)),
        ),
    ),
    takeaway=Takeaway(
        holds="How many units dropout keeps matters: with half of them the test error "
        "is {half}, with a quarter {quarter}, and with all {all}. From 0.4 to 0.8 "
        "it is flat.",
        open="With half of the units kept the test error is {half}, with a quarter "
        "{quarter}, and with all {all}. Whether it is lowest between, as on the slide, "
        "stays open on so small a network.",
        numbers={"half": error(0.5), "quarter": error(0.25), "all": error(1.0)},
    ),
    vary={"kept": KEPT},
    measures=MEASURES,
    figures=(
        Points("test_error", rows="kept"),
        Points("train_error", rows="kept"),
        Points("risen_loss", rows="kept"),
        Learning(
            panels="kept",
            title="Validation error while training, by the share kept",
        ),
    ),
    anchors=Anchor(
        source="Srivastava and others 2014, figure 9a: as many units for each p",
        measure="test_error",
        arm=arm(0.1),
        value=2.7,
    ),
    differences={
        "d0-30: an effect": (
            "a picture: the test error is flat from 0.4 to 0.8 and rises to both ends "
            "(Srivastava and others 2014)",
            "the picture: higher at 0.25 and at 1.0 than at 0.5, and not higher at 0.4 "
            "and 0.8",
        ),
        "0.1 kept": (
            "2.7 % (Srivastava and others 2014, not re-read)",
            "shown and not judged: a tenth of 512 units are 51, which have not "
            "learned 2,000 images in 60 epochs",
        ),
        "network": ("784-2048-2048-2048-10", "784-512-512-10"),
        "images": (
            "60,000",
            "2,000, which a network of this size overfits; at the profile paper all, "
            "of which 10,000 choose the rate",
        ),
        "inputs": ("none dropped", "none dropped"),
        "as many units kept for each p": (
            "beside it, in figure 9b",
            "not run: the lecture shows one network",
        ),
    },
    smoke=DRAFT
    | {"vary": {"kept": {each: KEPT[each] for each in (0.5, 1.0)}}, "anchors": ()},
    paper={
        "data": mnist(train=50_000, validation=10_000),
        "vary": {"kept": SEVEN},
        "tune": {"learning_rate": (0.01, 0.05, 0.1, 0.25)},
        "replicates": 10,
        "extension": 0,
    },
)
