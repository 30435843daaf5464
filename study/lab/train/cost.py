"""Say how much training runs are: weights times the examples that they see."""

from collections.abc import Iterable, Mapping
from typing import Any

from study.lab.declare import parameters
from study.lab.declare.experiment import Experiment
from study.lab.declare.profiles import TUNING_SEEDS
from study.lab.train import plan

# Cells, each with how many runs it has.
Runs = Iterable[tuple[Mapping[str, Any], int]]


def planned(experiment: Experiment) -> list[tuple[dict, int]]:
    """List the runs that an experiment asks for, those of its tuning last.

    Of tuned values that are not chosen yet the first stand for those that will be.
    """
    first = {name: next(iter(values)) for name, values in experiment.tune.items()}
    cells = plan.cells(experiment.vary)
    judged = [(first | each, experiment.replicates) for each in cells]
    return judged + [(each, TUNING_SEEDS) for each in plan.trials(experiment)]


def cost(
    experiment: Experiment, runs: Runs, known: dict[tuple, int] | None = None
) -> float:
    """Return the weights of runs times the examples that they see, in sum.

    Args:
        experiment: The experiment, at a profile.
        runs: Cells with a label of all that is swept or tuned.
        known: Weights of the experiment's networks that were counted before, by what
            they are made of; those counted here are added. None for no others.
    """
    weights, total = {} if known is None else known, 0
    for cell, count in runs:
        made_of = plan.made_of(experiment, cell)
        if made_of not in weights:
            weights[made_of] = plan.undrawn(experiment, cell).count_params()
        examples = experiment.setting("train", cell)
        step = experiment.setting("batch_size", cell) or examples
        total += count * weights[made_of] * step * experiment.budget(cell)
    return float(total)


def alike(one: Experiment, other: Experiment) -> bool:
    """Say whether two experiments build the same networks by the same labels."""
    return _networks(one) == _networks(other)


def _networks(experiment):
    swept = {**experiment.vary, **experiment.tune}
    taken = parameters.of(experiment.model)
    values = {name: swept[name] for name in taken if name in swept}
    return experiment.model, experiment.given, values
