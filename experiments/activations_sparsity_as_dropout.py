"""ReLU's zeros lower the test error; on a network without zeros dropout does not."""

from study.activations import Configured, leaky_relu
from study.lab.declare.controls import Controlled
from study.lab.declare.finding import Experiment, Number, Takeaway
from study.lab.declare.wide import (
    ACTIVE,
    ALL,
    BASE,
    DRAFT,
    HALF,
    MEASURES,
    PAPER,
    overfits,
    pays,
)
from study.lab.figures import Learning, Points
from study.lab.rules.verdicts import Each, Lowers
from study.layers import Dropout
from study.probes import active_share

SLOPE = {"slope": 0.3}
RELU, SLOPED = "all, ReLU", "all, slope 0.3"
DROPPED = "half, slope 0.3"
KEPT = {RELU: ALL, "half, ReLU": HALF, SLOPED: SLOPE, DROPPED: HALF | SLOPE}


def arm(kept):
    return {"kept": kept}


def lower(measure, kept):
    return Lowers(measure=measure, arm=arm(kept), than=arm(SLOPED))


EXPERIMENT = Experiment(
    **BASE,
    title="ReLU: does sparsity act like dropout?",
    about=(Dropout, Configured, leaky_relu, active_share),
    claims={
        "d2-88": Controlled(
            Each(lower("test_error", RELU), lower("test_loss", RELU)),
            overfits(arm(SLOPED)),
            pays(arm(DROPPED), arm(SLOPED), "without zeros dropout pays"),
        )
    },
    takeaway=Takeaway(
        holds="The zeros of ReLU act like dropout",
        depends="The zeros of ReLU act like dropout {where}.",
        fails="The zeros of ReLU do not act like dropout",
        open="Whether the zeros of ReLU act like dropout stays open",
        evidence="with them the test error is {relu}, without them {leaky}, and "
        "without them but with dropout {dropped}.",
        numbers={
            "relu": Number("test_error", arm(RELU)),
            "leaky": Number("test_error", arm(SLOPED)),
            "dropped": Number("test_error", arm(DROPPED)),
        },
    ),
    vary={"kept": KEPT},
    measures=(ACTIVE, *MEASURES),
    figures=(
        Points("test_error", rows="kept"),
        Points("test_loss", rows="kept"),
        Points("active", rows="kept"),
        Learning(
            panels="kept",
            title="Validation error while training",
        ),
    ),
    differences={
        "acts like dropout": (
            "said in words",
            "lowers the test error, and the test loss, of a network without zeros, as "
            "dropout does where it has an effect",
        ),
        "without zeros": "the same network with a slope of 0.3 below 0 in place of 0",
        "setting": "wide layers and 2,000 images, at the profile paper 10,000, where "
        "dropout has something to do; the learning rate is chosen for each network",
    },
    smoke=DRAFT,
    paper=PAPER,
)
