"""Say what a run is, so that it is trained once and another is never taken for it.

A run is the code that makes it, the values of its cell, its stage and replicate, its
steps, batch size and looks, and the number of the engine. What a definition lists
besides is no part of it: not the sweep, the measures, the figures or the claims.
"""

from collections.abc import Callable, Mapping
from functools import cached_property

from study.lab.data import SEED, Draws, LaterDraws
from study.lab.declare import fields, parameters
from study.lab.declare.closure import Closure, closure, digest
from study.lab.declare.experiment import Experiment
from study.lab.declare.measures import Probe
from study.lab.declare.simulation import Simulation
from study.lab.declare.version import ENGINE_VERSION

SHORT = 20  # hexadecimal digits, of which a page has one line a cell


class Identity:
    """Tell what the runs of an experiment are, and what is read off them.

    Args:
        experiment: The experiment, at a profile.
        source: Function from a module's name to its source; None for its file.
    """

    def __init__(
        self, experiment: Experiment, source: Callable[[str], str] | None = None
    ):
        self.experiment = experiment
        self.source = source
        self._values: dict[tuple, Closure] = {}
        self._cells: dict[tuple, str] = {}

    @property
    def digest(self) -> str:
        """Return what the code is that all runs of the experiment share."""
        return self.common.digest

    @cached_property
    def common(self) -> Closure:
        """Return the closure of what all runs of the experiment share."""
        return self._closure(self._shared)

    @cached_property
    def _shared(self):
        made_by = {}
        for name, kind in fields.kinds(self.experiment).items():
            value = getattr(self.experiment, name)
            # What is not used is left out, so that a new field renames nothing.
            if kind.shared and value is not None and value is not False:
                shared = kind.shared(value) if callable(kind.shared) else {name: value}
                made_by |= shared
        made_by |= self.experiment.given
        return made_by | {"seed": SEED, "engine": ENGINE_VERSION}

    def cell(self, stage: str, cell: Mapping) -> str:
        """Return what the runs of a cell are, but for their replicate."""
        key = stage, *cell.items()
        if key not in self._cells:
            own = {name: each.digest for name, each in self._own(stage, cell).items()}
            self._cells[key] = digest([self.common.digest, own])
        return self._cells[key][:SHORT]

    def run(self, stage: str, cell: Mapping, replicate: int) -> str:
        """Return what one run is."""
        return digest([self.cell(stage, cell), stage, replicate])

    def reads(self, stage: str, cell: Mapping) -> dict[str, str]:
        """Map what is read off a run of a cell to what that is, by content."""
        experiment = self.experiment
        found = {
            name: name
            for name in experiment.reads(stage)
            if not name.startswith("probe ")
        }
        if stage != "tune":
            for each in experiment.measures:
                if isinstance(each, Probe):
                    how = [each.function, each.when, each.on, each.examples]
                    found[f"probe {each.name}"] = self._closure(how).digest
            if experiment.keeps_outputs(cell):
                found["outputs"] = self._closure(experiment.outputs.inputs).digest
        return found

    def parts(self, stage: str, cells) -> dict[str, str]:
        """Map the fields and the code that runs depend on to short hashes."""
        fields: dict[str, set] = {}
        code = dict(self.common.parts)
        for cell in cells:
            for name, each in self._own(stage, cell).items():
                fields.setdefault(name, set()).add(each.digest)
                code |= each.parts
        found = {name: digest(sorted(each)) for name, each in fields.items()}
        found |= {
            name: self._closure(each).digest for name, each in self._shared.items()
        }
        return {name: each[:12] for name, each in sorted(found.items())} | code

    def read(self) -> dict[str, str]:
        """Map what the page reads off its runs to what that is, by content."""
        experiment = self.experiment
        found = {each.name: each for each in experiment.measures}
        if kept := experiment.outputs:  # but not how its fields are checked
            found["outputs"] = [kept.inputs, kept.arm, kept.per]
        found["watch"] = experiment.watch
        return {
            name: self._closure(each).digest[:SHORT]
            for name, each in found.items()
            if each
        }

    def _own(self, stage, cell):
        """Return what a cell's runs have of their own, by name."""
        experiment = self.experiment
        functions = experiment.functions.values()
        names = {name for f in functions for name in parameters.of(f)}
        settings = {
            "train": experiment.setting("train", cell),
            "steps": experiment.budget(cell),
            "looks": experiment.asked(stage, cell),
        }
        for name, kind in fields.kinds(experiment).items():
            if kind.swept:
                value = experiment.setting(name, cell)
                acts = value is not None and kind.acts is not None
                settings[name] = [value, kind.acts] if acts else value
        return {
            f"value of {name}": self._value(name, cell[name])
            for name in sorted(names & {*cell})
        } | {
            name: self._closure(each)
            for name, each in settings.items()
            if each is not None
        }

    def _value(self, name, label):
        if (name, label) not in self._values:
            value = self.experiment.value(name, label)
            self._values[name, label] = self._closure(value)
        return self._values[name, label]

    def _closure(self, *objects):
        return closure(*objects, source=self.source)


def made_by(definition, stage: str) -> "Identity | Closure":
    """Return what makes a definition's results; its `digest` names the code."""
    if isinstance(definition, Simulation):
        return simulated(definition, stage)
    return Identity(definition)


def simulated(
    definition: Simulation, stage: str, source: Callable[[str], str] | None = None
) -> Closure:
    """Return the closure of what makes a simulation's table."""
    made_by = [definition.run, definition.settings]
    if definition.drawn:
        made_by += [Draws, stage]
    # What is not used is left out, so that it makes no other page stale.
    if definition.drawn and isinstance(later := definition.draws(stage), LaterDraws):
        made_by += [LaterDraws, later.past]
    return closure(*made_by, source=source)
