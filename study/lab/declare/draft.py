"""Say how small a draft of training is, where its definition says no more."""

import dataclasses
from collections.abc import Mapping
from typing import Any

# At most so many images to train and to validate on, steps, looks and seeds; but for
# measures of a window of steps as many as that has.
IMAGES, STEPS, LOOKS, REPLICATES = 500, 20, 2, 2


def of(experiment) -> dict[str, Any]:
    """Return the fields of a draft: few images and steps, and of each grid the middle.

    It judges nothing. All that is swept stays, and where the number of images is swept,
    so do these; what is measured stays where `smoke` says how long a draft trains.

    Args:
        experiment: An `Experiment`, at its standard size.
    """
    data = experiment.data
    if "train" not in experiment.vary:
        few = min(data.train, IMAGES), min(data.validation, IMAGES)
        data = dataclasses.replace(data, train=few[0], validation=few[1])
    ours = {"epochs", "steps"}.isdisjoint(experiment.smoke)
    return {
        "data": data,
        **(_shortened(experiment) if ours else {}),
        "evaluations": min(experiment.evaluations, LOOKS),
        "replicates": min(experiment.replicates, REPLICATES),
        "tune": {name: _middle(values) for name, values in experiment.tune.items()},
        **dict.fromkeys(("bounds", "claims", "anchors"), ()),
    }


def _shortened(experiment):
    """Return few steps, what is measured by then, and the figures of that."""
    wherever = [x for x in experiment.measures if not hasattr(x, "step")]
    windows = [getattr(each, "window", 0) for each in wherever]
    steps = min(experiment.shortest, max([STEPS, *windows]))
    early = [x for x in experiment.measures if getattr(x, "step", 0) <= steps]
    names = {each.name for each in early}
    return {
        "epochs": None,
        "steps": steps,
        "measures": tuple(early),
        "figures": tuple(x for x in experiment.figures if {*x.measures()} <= names),
    }


def _middle(values):
    label = [*values][(len(values) - 1) // 2]
    return {label: values[label]} if isinstance(values, Mapping) else (label,)
