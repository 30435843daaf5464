"""What dropout does to fit, loss and influence, at a rate of its own and at one."""

from dataclasses import dataclass

import numpy as np
from keras import ops

from study import probes
from study.lab.declare.controls import Controlled, learned
from study.lab.declare.finding import Experiment, Number, Takeaway
from study.lab.declare.measures import Measure, Probe
from study.lab.declare.wide import (
    ACTIVE,
    BASE,
    DRAFT,
    KEPT,
    MEASURES,
    PAPER,
    momentum,
    overfits,
    pays,
)
from study.lab.figures import Learning, Points
from study.lab.rules.verdicts import Each, Lowers, Raises, Shape
from study.layers import Dropout

# A smaller rate fits less closely by itself: both are trained at one rate as well.
OWN = "of its own"
FIXED = ("0.05", "0.1")
RATES = {OWN: None} | {each: float(each) for each in FIXED}


@dataclass(frozen=True)
class FitLoss(Measure):
    """Mean loss of the training set after the last step, nothing dropped, as log10."""

    name = "fit_log10"
    label = "log10 of the training loss, nothing dropped"
    unit = "decades"
    split = "train"

    def read(self, history):
        loss = history.evaluations["train"]["loss"]
        loss = np.where(history.diverged() == 0, loss, history.chance_loss)
        return np.log10(np.maximum(loss, 1e-12))


def last_hidden(model, x):
    *_, outputs = probes.activations(model, x).values()
    return outputs


def influences(model, x):
    """Return how much each unit of the last hidden layer adds to the outputs.

    It is the unit's mean output times the norm of its outgoing weights.
    """
    outgoing = ops.convert_to_tensor(model.layers[-1].kernel)
    return ops.mean(last_hidden(model, x), axis=0) * ops.norm(outgoing, axis=1)


def top_tenth(influence):
    """Return the influences of the tenth of the units that have the most."""
    units = influence.shape[0]
    return ops.sort(influence)[units - units // 10 :]


def error(model, hidden, y):
    """Return the percentage predicted wrongly from outputs of the last hidden layer."""
    found = ops.argmax(model.layers[-1](hidden), axis=-1)
    wrong = ops.not_equal(found, ops.cast(y, found.dtype))
    return 100 * ops.mean(ops.cast(wrong, "float32"))


def lost_with_top(model, x, y):
    """Return the points of error more with the most influential tenth silenced."""
    hidden, influence = last_hidden(model, x), influences(model, x)
    left = hidden * ops.cast(influence < top_tenth(influence)[0], hidden.dtype)
    return error(model, left, y) - error(model, hidden, y)


def top_share(model, x, y):
    """Return the share of all influence that the most influential tenth has."""
    influence = influences(model, x)
    return 100 * ops.sum(top_tenth(influence)) / ops.sum(influence)


def mean_activation(model, x, y):
    return ops.mean(last_hidden(model, x))


def silent(model, x, y):
    """Return how many hidden units are 0 for every example, in percent."""
    shares = probes.dead_units(model, x).values()
    return 100 * sum(shares) / len(shares)


def optimizer(rate, learning_rate):
    return momentum(learning_rate if rate is None else rate)


def arm(kept, rate=OWN):
    return {"kept": kept, "rate": rate}


def with_half(rule, measure, rate=OWN):
    return rule(measure=measure, arm=arm("half", rate), than=arm("all", rate))


def probe(name, function, unit, label):
    return Probe(name, function, on="validation", unit=unit, label=label)


def dots(measure, title):
    return Points(measure, rows="kept", panels="rate", title=title)


EXPERIMENT = Experiment(
    **BASE | {"optimizer": optimizer, "replicates": 10, "extension": 20},
    title="Dropout: capacity and co-adaptation",
    about=(Dropout,),
    claims={
        "d0-25": Controlled(
            Each(
                *(with_half(Raises, "fit_log10", each) for each in RATES),
                *(with_half(Lowers, "test_loss", each) for each in RATES),
            ),
            overfits(arm("all")),
            *(
                learned(arm("half", each), f"at {each} with half kept its images")
                for each in FIXED
            ),
        ),
        "d3-31": Controlled(
            Shape(
                with_half(Lowers, "lost_with_top"),
                with_half(Lowers, "top_share"),
            ),
            pays(arm("half"), arm("all")),
        ),
    },
    takeaway=Takeaway(
        holds="Dropout makes a network less complex: with half of the units kept it "
        "fits its training images less closely, and the test loss is {half} in place "
        "of {all}.",
        depends="Whether dropout makes a network less complex depends on how both are "
        "trained: each at its best learning rate, the test loss is {half} with half of "
        "the units kept and {all} with all; with all at 0.05 it is {all_slow}.",
        fails="Dropout does not make a network less complex, neither by a looser fit "
        "nor by a lower test loss: with half of the units kept the test loss is "
        "{half}, with all {all}.",
        open="Whether dropout makes a network less complex stays open: each at its "
        "best learning rate, the test loss is {half} with half of the units kept, "
        "with all {all}.",
        numbers={
            "half": Number("test_loss", arm("half")),
            "all": Number("test_loss", arm("all")),
            "all_slow": Number("test_loss", arm("all", "0.05")),
        },
    ),
    vary={"kept": KEPT, "rate": RATES},
    measures=(
        *MEASURES,
        FitLoss(),
        probe(
            "lost_with_top",
            lost_with_top,
            "points",
            "validation error more without the most influential tenth of the units",
        ),
        probe(
            "top_share",
            top_share,
            "%",
            "influence of the most influential tenth of the units",
        ),
        probe(
            "mean_activation",
            mean_activation,
            "",
            "mean output of the last hidden layer's units",
        ),
        probe("silent", silent, "%", "hidden units that are 0 for all images"),
        ACTIVE,
    ),
    figures=(
        dots("fit_log10", "Training loss at the end, nothing dropped"),
        dots("test_loss", "Test loss at the end"),
        dots("lost_with_top", "What the most influential tenth of the units is for"),
        dots("top_share", "Influence of the most influential tenth of the units"),
        Learning(
            panels="kept",
            where={"rate": OWN},
            title="Validation error while training, each at a learning rate of its own",
        ),
    ),
    differences={
        "d3-31: dominated by a few neurons": (
            "said in words; Srivastava et al. 2014: mean activations of an "
            "autoencoder of 256 ReLU units fall from 2.0 to 0.7",
            "the tenth of the last hidden units with the most influence, mean output "
            "times norm of outgoing weights: their share of all influence, and the "
            "validation error without them. The mean output stands in the table",
        ),
        "d0-25: structurally less complex": (
            "all nodes stay",
            "the training set is fitted less closely, nothing being dropped, and what "
            "is not fitted does no harm: the test loss is lower. No unit is taken "
            "away, as those silent show",
        ),
        "rates": (
            "not said",
            "each network's own, and both at one, 0.05 and 0.1: a smaller rate fits "
            "less closely by itself, after as many steps. At both half of the units "
            "must have learned their images, or nothing is judged: at 0.25, judged "
            "here before, they had not. d3-31 is judged with each at its own",
        ),
        "network": (
            "not said",
            "784-512-512-10 on 2,000 images, at the profile paper on 10,000, for 60 "
            "epochs",
        ),
    },
    smoke=DRAFT,
    paper=PAPER,
)
