"""Say what in an experiment's fields does not belong together."""

import dataclasses
from collections.abc import Iterator

from study.lab.declare import labels, losses, parameters, scale
from study.lab.errors import DefinitionError, nearest
from study.lab.rules.named import RESULTS


def check(experiment) -> None:
    """Raise for the first thing that does not fit; later ones rely on earlier ones."""
    for questions in (_steps, _watched, _read, _swept, _named):
        for problem in questions(experiment):
            raise DefinitionError(problem)


def _steps(experiment) -> Iterator[str]:
    """Ask how long its runs are, and whether there are examples enough."""
    if (experiment.steps is None) == (experiment.epochs is None):
        yield (
            "steps: expected either `steps` or `epochs`. "
            f"Received: steps={experiment.steps}, epochs={experiment.epochs}"
        )
    for train in experiment.values("train"):
        dataclasses.replace(experiment.data, train=train)  # says where it is too large
    if experiment.shortest < experiment.evaluations:
        yield (
            "evaluations: expected at most one a step. Received: "
            f"evaluations={experiment.evaluations}, steps={experiment.shortest}"
        )


def _watched(experiment) -> Iterator[str]:
    """Ask whether what reads the validation examples on the way has them."""
    watched = "validation" in experiment.watch
    patient = [each for each in experiment.values("patience") if each is not None]
    if patient and not watched:
        yield (
            "patience: it reads the validation loss, which is not watched. "
            f'Received: patience={patient[0]}; add watch=("validation",)'
        )
    if experiment.plateau and not watched:
        yield (
            "plateau: it reads the validation loss, which is not watched. "
            f'Received: watch={experiment.watch}; add watch=("validation",)'
        )
    if watched and not experiment.data.validation:
        yield (
            "watch: expected data with validation examples. Received: "
            "validation=0; give some, such as validation=10_000"
        )


def _read(experiment) -> Iterator[str]:
    """Ask whether its runs have what measures, figures and claims read."""
    for where, name in experiment.tables_read():
        if name != RESULTS:
            yield (
                f"{where}: table: an experiment has one, of all its runs. "
                f"Received: {name!r}; leave it out"
            )
    for measure in experiment.measures:
        if problem := measure.problem(experiment):
            yield f"measures[{measure.name}]: {problem}"
    if problem := losses.uncounted(experiment.loss):
        for figure in experiment.figures:
            if figure.reads("errors"):
                yield f"figures[{type(figure).__name__}]: {problem}"


def _swept(experiment) -> Iterator[str]:
    """Ask whether its functions take what is swept, and have all that they need."""
    functions = [parameters.of(each) for each in experiment.functions.values()]
    valid = {*parameters.settings(experiment), *(name for f in functions for name in f)}
    valid -= {*parameters.GIVEN}
    for swept in ("vary", "tune"):
        for name, values in getattr(experiment, swept).items():
            if name in parameters.GIVEN:
                yield (
                    f"{swept}: `{name}` of `model` is filled in from the data set. "
                    f"Received: {name}={values!r}; leave it out, or call the "
                    "parameter otherwise"
                )
            if problem := labels.problem(name, values):
                yield f"{swept}{problem}"
            if name not in valid:
                yield (
                    f"{swept}: neither `model` nor `optimizer` has such a "
                    f"parameter, nor is it a setting. Received: {name!r}; "
                    f"{nearest(name, valid)}"
                )
            if not len(values):
                yield (
                    f"{swept}[{name}]: an empty sweep; give at least one value. "
                    f"Received: {values!r}"
                )
    required = {
        name
        for each in functions
        for name, parameter in each.items()
        if parameter.default is parameter.empty
    }
    there = {*experiment.vary, *experiment.tune, *parameters.given(experiment.model)}
    if missing := required - there:
        yield (
            f"vary: `model` or `optimizer` has a parameter without values. "
            f"Received: no {sorted(missing)[0]!r}; add it to vary or tune, or give "
            "it a default"
        )
    if experiment.tune and "validation_error" not in experiment.units():
        yield (
            "tune: values are chosen by `validation_error`, which is not measured. "
            "Received: no ValidationError(); add it to measures"
        )


def _named(experiment) -> Iterator[str]:
    """Ask whether arms, bounds and a size name what there is."""
    for where, arm in experiment.arms_named():
        experiment.check_arm(where, arm)
    for bound in experiment.bounds:
        if problem := bound.problem(experiment):
            yield f"bounds: {problem}"
    told = vars(experiment.size) if experiment.size else {}
    for name in (each for each in told if each not in scale.SAID and told[each]):
        yield (
            f"size: {name} follows from the other fields. Received: "
            f"{experiment.size}; give {' and '.join(scale.SAID)} alone"
        )
