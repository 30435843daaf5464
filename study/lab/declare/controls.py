"""State what must be there before anything is said: the front for controls.

Findings about overfitting share some of theirs.
"""

from collections.abc import Mapping
from typing import Any

from study.lab.declare import measures
from study.lab.rules.verdicts import Control, Controlled, Level

__all__ = ["MEASURES", "ROSE", "Control", "Controlled", "learned", "overfits"]

# What a page about overfitting measures: the disease, and what a cure does to it.
MEASURES = (
    measures.TestError(),
    measures.TestLoss(),
    measures.TrainError(),
    measures.ValidationError(),
    measures.Rise(),
)
# Nats by which a validation loss must rise to have risen: a fiftieth of what a guess
# among ten costs, for of many looks one is always a little lower than the last.
ROSE = 0.046


def overfits(arm: Mapping[str, Any], what: str = "", settle: str = "") -> Control:
    """Demand that training on raises the validation loss: there is something to cure.

    Args:
        arm: The cell that overfits; its page measures `Rise`.
        what: In words: "without a cure", by which the control is told.
        settle: What would bring it about. Defaults to more epochs or fewer images.
    """
    return Control(
        f"{what} the validation loss rises".strip(),
        Level(measure="rise", arm=arm, above=ROSE),
        settle or "more epochs, or fewer images",
    )


def learned(arm: Mapping[str, Any], what: str = "the training images") -> Control:
    """Demand that all but one in a hundred training images are learned.

    Args:
        arm: The cell that learns them; its page measures `TrainError`.
        what: What is learned, in words.
    """
    return Control(
        f"{what} are learned",
        Level(measure="train_error", arm=arm, below=1),
        "more steps, or another learning rate",
    )
