"""Say which code a finding's results reach, by closures and, apart from them, by a run.

The second is the witness of the first: what a run enters must lie in the closure. It
enters no more in a second step than in the first, compiled no more than step by step,
in further copies of augmented examples no more than in the first, and in further runs
of a program no more than in the first one: they differ in numbers and in what their
weights are drawn from, which planning enters for each.
"""

import ast
import cProfile
import dataclasses
import functools
import inspect
import io
from pathlib import Path
from unittest import mock

import numpy as np
from rich.console import Console

import study
from study.lab.declare.closure import closure
from study.lab.declare.identity import Identity, simulated
from study.lab.declare.measures import Probe
from study.lab.declare.profiles import PROFILES
from study.lab.declare.simulation import Simulation
from study.lab.execute.executors import InProcess
from study.lab.execute.progress import Progress
from study.lab.execute.runner import Runner
from study.lab.train import augment, feed, loop, plan, stack, thresholds

HOME = Path(study.__file__).parent
# Of the lab, what networks are built of and facts are checked by; the rest is the
# machine, for which the engine's number and its golden runs stand.
LAB = (
    *(f"lab/declare/{each}.py" for each in ("facts", "models", "rows")),
    "lab/rules/statements.py",
)
SMOKE = PROFILES["smoke"]


def by_closure(definition, stage="draft") -> set[tuple[str, str]]:
    """Return the places, (module, name), that a definition's results reach."""
    if isinstance(definition, Simulation):
        return {*simulated(definition, stage).places}
    identity = Identity(definition)
    found = {*identity.common.places}
    cells = plan.cells({**definition.vary, **definition.tune})
    for cell in cells:
        for each in identity._own(stage, cell).values():
            found |= each.places
    for each in definition.measures:
        read = each.function if isinstance(each, Probe) else each
        found |= closure(read).places
    if definition.outputs:
        found |= closure(definition.outputs.inputs).places
    return found


def by_running(finding) -> set[tuple[str, str]]:
    """Run a draft of a finding and return the places in `study` that it enters."""
    progress = Progress(Console(file=io.StringIO()))
    if not isinstance(finding.definition, Simulation):
        one = {**finding.definition.smoke, "replicates": 1}
        definition = dataclasses.replace(finding.definition, smoke=one)
        finding = dataclasses.replace(finding, definition=definition)
    runner = Runner(None, InProcess([finding]), progress)
    profile = cProfile.Profile(builtins=False)
    with (
        mock.patch.object(thresholds, "limit", _alone),
        mock.patch.object(loop, "Stack", StepByStep),
        mock.patch.object(plan, "programs", _one_of_each),
        mock.patch.object(augment, "COPIES", 1),
        mock.patch.object(feed, "COPIES", 1),
        profile,
    ):
        runner.table(finding, SMOKE)
    entered = (each.code for each in profile.getstats())
    places = (_place(each) for each in entered if each.co_name != "<module>")
    return {each for each in places if each is not None}


LIMIT = thresholds.limit


def _alone(model):
    return dataclasses.replace(LIMIT(model), runs=1, jit=False)


PROGRAMS = plan.programs


def _one_of_each(experiment, *which):
    """Plan a run of each program and of each way in which its runs are pretrained."""
    pretraining = experiment.pretraining
    names = inspect.signature(pretraining).parameters if pretraining else ()

    def firsts(cells):
        found = {}
        for cell in cells:
            found.setdefault(tuple(map(cell.get, names)), cell)
        return tuple(found.values())

    return [
        dataclasses.replace(each, cells=firsts(each.cells))
        for each in PROGRAMS(experiment, *which)
    ]


class StepByStep(loop.Stack):
    """Compile nothing, and take the first step of each stretch in place of them all."""

    def __init__(self, *made_of):
        super().__init__(*made_of)
        for name in ("_steps", "_score", "_predict", "_renew"):
            setattr(self, name, getattr(self, name).python_function)

    def train(self, state, x, y, batches, steps):
        first = None if batches is None else batches[:1]
        with mock.patch.object(stack, "LONGEST", 1):
            state, *seen = super().train(state, x, y, first, 1)
        return state, *(np.repeat(each, steps, axis=1) for each in seen)


def _place(code):
    """Return the module and the top-level name of the code that was entered."""
    path = Path(code.co_filename)
    if not path.is_relative_to(HOME):
        return None
    file = path.relative_to(HOME).as_posix()
    if file == "__init__.py" or (file.startswith("lab/") and file not in LAB):
        return None
    name = _names(path).get(code.co_firstlineno)
    module = ".".join(("study", *Path(file).with_suffix("").parts))
    return module.removesuffix(".__init__"), name


@functools.cache
def _names(path):
    """Map each line of a file to the top-level name in whose statement it is."""
    found = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        names = [getattr(node, "name", None)]
        if isinstance(node, ast.Assign):
            names = [each.id for each in node.targets if isinstance(each, ast.Name)]
        lines = [node.lineno, *(x.lineno for x in getattr(node, "decorator_list", ()))]
        for line in range(min(lines), node.end_lineno + 1):
            found[line] = names[0] if names else None
    return found
