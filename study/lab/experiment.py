"""Declare experiments: what is varied, measured and claimed. Nothing here trains."""

import dataclasses
import inspect
import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import FunctionType, MappingProxyType
from typing import Any

from study.lab import labels, losses, profiles, verdicts
from study.lab.data import Data, Draws
from study.lab.errors import DefinitionError, nearest
from study.lab.figures import Table
from study.lab.figures.base import Figure
from study.lab.measures import Column, Measure, Probe
from study.lab.profiles import PROFILES, Profile
from study.lab.scalars import settle

# What no simulation sets: the randomness it is handed, and the name of its stage.
HANDED_IN = ("draws", "stage")
# What may be swept besides the parameters of the definition's functions.
SETTINGS = ("batch_size", "train", "patience", "augmentation")
SPLITS = ("train", "validation")
RULES = (
    verdicts.Greater,
    verdicts.Less,
    verdicts.Equivalent,
    verdicts.Rate,
    verdicts.Shape,
    verdicts.Exact,
    verdicts.Cited,
)


def _is_sweep(value):
    return isinstance(value, Mapping) and all(isinstance(each, str) for each in value)


def _tuple_of(*kinds):
    return lambda value: (
        isinstance(value, tuple) and all(isinstance(each, kinds) for each in value)
    )


def _positive(value):
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def _natural(value):
    return value == 0 or _positive(value)


def _positive_or_none(value):
    return value is None or _positive(value)


def _callable_or_none(value):
    return value is None or callable(value)


def _triples(value):
    return _tuple_of(tuple)(value) and all(
        len(each) == 3 and _tuple_of(str)(each) for each in value
    )


def _check_kinds(declared):
    """Raise a DefinitionError where a field does not hold what it must."""
    settle(declared)
    for name in _fields(declared):
        fits, expected = KINDS.get(name, (None, None))
        value = getattr(declared, name)
        if fits and not fits(value):
            where = f"claims[{declared.id}]." if name == "verdict" else ""
            raise DefinitionError(
                f"{where}{name}: expected {expected}. Received: {name}={value!r}"
            )


@dataclass(frozen=True)
class Claim:
    """Pair a claim of the ledger with the rule that judges it.

    Args:
        id: The claim's id in the ledger, such as `"d4-02"`.
        verdict: One of the rules of `study.lab.verdicts`.
        text: The claim in one sentence, only for a definition outside the ledger.
        scaled: What was scaled down from the setting the claim is tied to. A scaled
            claim can be reproduced at this scale, but not contradicted.
    """

    id: str
    verdict: Any
    text: str = ""
    scaled: str = ""

    def __post_init__(self):
        _check_kinds(self)


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """Set a number that a source reports beside ours.

    Args:
        source: Author, year and place.
        measure: The measure of this experiment that is the same quantity.
        arm: The cell it belongs to: swept name to label.
        value: The source's number, in the measure's unit.
        read: Whether the number was read in the source; otherwise it is printed as
            reported (not re-read).
    """

    source: str
    measure: str
    arm: Mapping[str, Any]
    value: float
    read: bool

    def __post_init__(self):
        _check_kinds(self)


@dataclass(frozen=True, kw_only=True)
class Erratum:
    """Name an error of a lecture that a claim of this page shows."""

    id: str
    claim: str
    where: str
    says: str
    correction: str


@dataclass(frozen=True, kw_only=True)
class Outputs:
    """Keep the outputs of a few trained networks on given inputs, for a figure.

    The first replicate of `arm` is kept for each value that `per` takes, a measure.
    """

    inputs: Callable[[], Any]
    arm: Mapping[str, Any]
    per: str

    def __post_init__(self):
        _check_kinds(self)


@dataclass(frozen=True, kw_only=True)
class _Definition:
    title: str
    claims: tuple[Claim, ...]
    about: tuple = ()
    measures: tuple = ()
    figures: tuple = ()
    tables: tuple = ()
    anchors: tuple[Anchor, ...] = ()
    errata: tuple[Erratum, ...] = ()
    differences: tuple[tuple[str, str, str], ...] = ()
    smoke: Mapping[str, Any] = field(default_factory=dict)
    paper: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self):
        _check_kinds(self)
        for name in _fields(self):
            if isinstance(getattr(self, name), Mapping):
                frozen = MappingProxyType(dict(getattr(self, name)))
                object.__setattr__(self, name, frozen)
        for profile in PROFILES:
            for name in self._overrides(profile):
                if name not in _fields(self):
                    raise DefinitionError(
                        f"{profile}: no such field. Received: {name!r}; "
                        f"{nearest(name, _fields(self))}"
                    )
        ids = [claim.id for claim in self.claims]
        for id in ids:
            if ids.count(id) > 1:
                raise DefinitionError(
                    f"claims: each claim is judged once. Received: {id!r} twice; "
                    "remove one of them"
                )
        for erratum in self.errata:
            if erratum.claim not in ids:
                raise DefinitionError(
                    f"errata: {erratum.id} names a claim this page does not judge. "
                    f"Received: claim={erratum.claim!r}; {nearest(erratum.claim, ids)}"
                )
        names = [measure.name for measure in self.measures]
        for where, name in self._measures_read():
            if name not in names:
                raise DefinitionError(
                    f"{where}: no such measure. Received: {name!r}; "
                    f"{nearest(name, names)}"
                )

    def _measures_read(self):
        for claim in self.claims:
            for name in sorted(claim.verdict.measures()):
                yield f"claims[{claim.id}]", name
        for anchor in self.anchors:
            yield "anchors", anchor.measure
        for figure in self.figures:
            for name in sorted(figure.measures()):
                yield f"figures[{type(figure).__name__}]", name

    def at(self, profile: Profile | str):
        """Return this definition with the profile's overrides applied."""
        overrides = self._overrides(profiles.get(profile).name)
        return dataclasses.replace(self, **overrides)

    def _overrides(self, profile):
        return {} if profile == "standard" else getattr(self, profile)

    def units(self) -> dict[str, str]:
        """Map the name of each measure to its unit."""
        return {measure.name: measure.unit for measure in self.measures}

    def censored(self) -> frozenset[str]:
        """Name the measures that are step counts censored at the budget."""
        return frozenset(each.name for each in self.measures if each.censored)


@dataclass(frozen=True, kw_only=True)
class Simulation(_Definition):
    """Declare a finding that needs no training: facts and simulations.

    Args:
        title: The finding's name.
        claims: The claims judged here.
        run: Function of `settings` that returns one tidy DataFrame. Where it draws
            random numbers it has a parameter `draws` too, which is handed in: the
            `study.lab.data.Draws` of the profile's stage.
        settings: Keyword arguments of `run`; profiles override them.
        timed: Whether it takes times, for which it has the machine to itself.
        measures: The columns of the table that rules and figures read.
        about: Components under study.
        figures, tables, anchors, errata, differences: What the page shows.
        smoke, paper: Fields overridden in those profiles.
    """

    run: Callable
    settings: Mapping[str, Any] = field(default_factory=dict)
    timed: bool = False
    measures: tuple[Column, ...]

    def __post_init__(self):
        super().__post_init__()
        parameters = _parameters(self.run)
        for name, value in self.settings.items():
            if name in HANDED_IN:
                raise DefinitionError(
                    "settings: the randomness of `run` is handed in as `draws`, not "
                    f"set. Received: {name}={value!r}; leave it out"
                )
            if name not in parameters:
                raise DefinitionError(
                    f"settings: `run` has no such parameter. Received: {name!r}; "
                    f"{nearest(name, {*parameters} - {*HANDED_IN})}"
                )

    def table(self, profile: Profile):
        """Return the table of a definition at a profile, with draws of its stage."""
        drawn = "draws" in _parameters(self.run)
        handed = {"draws": Draws(profile.stage)} if drawn else {}
        return self.run(**handed, **self.settings)


@dataclass(frozen=True, kw_only=True)
class Experiment(_Definition):
    """Declare a finding that trains networks.

    A cell is one combination of the values in `vary`; every cell is trained
    `replicates` times, and replicate `r` has the same seed, data and order of
    examples in every cell, so that comparisons are paired.

    Args:
        title: The finding's name.
        claims: The claims judged here, each with its rule.
        data: What is learned, from `study.lab.data`.
        model: Function of swept values that returns a built Keras model.
        optimizer: Function of swept values that returns a Keras optimizer.
        loss: Keras's name of a loss, such as `"binary_crossentropy"`, or a
            `keras.losses.Loss`. The sum of a batch is told where it reduces so, also
            on splits that are evaluated.
        batch_size: Examples a step; `None` for the whole training set.
        replacement: Whether a step's examples are drawn with replacement from the
            training set; otherwise every epoch visits each example once.
        steps: Training steps; or give `epochs`.
        epochs: Passes over the training set, in place of `steps`.
        evaluations: How often training stops to evaluate what is watched.
        watch: The splits evaluated at each of these stops, `"train"`, `"validation"`.
        patience: Stops without a smaller validation loss after which a run ends, with
            its best weights; 0 to end at the first, None to train to the end.
        augmentation: Function of (examples, seed) that returns as many changed ones;
            each epoch trains on another of a few such copies.
        plateau: Function of swept values that returns None or Keras's
            `ReduceLROnPlateau`, which is told the validation loss at each stop.
        pretraining: Function of swept values that returns None or a function of
            (model, x, y, seed) that changes the weights a run starts from.
        vary: The question: swept name to a tuple of values, or to a mapping from
            label to value. Each name is a parameter of `model`, `optimizer`,
            `plateau` or `pretraining`, or one of `batch_size`, `train` (the number of
            training examples), `patience` and `augmentation`.
        tune: Nuisance values, chosen for each cell on the validation set with seeds
            of their own by the smallest mean `validation_error`.
        replicates: Runs a cell.
        first_replicate: The first one's number. The registry reads it off the record
            of spent replicates, for a definition that was changed after its results
            were seen begins past those that were run.
        extension: Fresh replicates that alone judge the comparisons which the first
            leave unresolved, in the cells which these compare; 0 for none.
        measures: What is read off each run.
        outputs: Outputs of trained networks to keep for a figure.
        about: Components under study.
        figures, tables, anchors, errata, differences: What the page shows.
        smoke, paper: Fields overridden in those profiles.
    """

    data: Data
    model: Callable
    optimizer: Callable
    loss: Any = "sparse_categorical_crossentropy"
    batch_size: int | None
    replacement: bool = False
    steps: int | None = None
    epochs: int | None = None
    evaluations: int = 10
    watch: tuple[str, ...] = ()
    patience: int | None = None
    augmentation: Callable | None = None
    plateau: Callable | None = None
    pretraining: Callable | None = None
    vary: Mapping[str, Any]
    tune: Mapping[str, Any] = field(default_factory=dict)
    replicates: int = 10
    first_replicate: int = 0
    extension: int = 20
    measures: tuple[Measure, ...]
    outputs: Outputs | None = None

    def __post_init__(self):
        super().__post_init__()
        if problem := losses.problem(self.loss):
            raise DefinitionError(f"loss: {problem}. Received: loss={self.loss!r}")
        if (self.steps is None) == (self.epochs is None):
            raise DefinitionError(
                "steps: expected either `steps` or `epochs`. "
                f"Received: steps={self.steps}, epochs={self.epochs}"
            )
        for train in self._values("train"):
            dataclasses.replace(self.data, train=train)  # says where it is too large
        if self.shortest < self.evaluations:
            raise DefinitionError(
                "evaluations: expected at most one a step. "
                f"Received: evaluations={self.evaluations}, steps={self.shortest}"
            )
        patient = [each for each in self._values("patience") if each is not None]
        if patient and "validation" not in self.watch:
            raise DefinitionError(
                "patience: it reads the validation loss, which is not watched. "
                f'Received: patience={patient[0]}; add watch=("validation",)'
            )
        if self.plateau and "validation" not in self.watch:
            raise DefinitionError(
                "plateau: it reads the validation loss, which is not watched. "
                f'Received: watch={self.watch}; add watch=("validation",)'
            )
        if "validation" in self.watch and not self.data.validation:
            raise DefinitionError(
                "watch: expected data with validation examples. Received: "
                "validation=0; give some, such as validation=10_000"
            )
        for measure in self.measures:
            problem = measure.problem(self)
            if problem:
                raise DefinitionError(f"measures[{measure.name}]: {problem}")
        if problem := losses.uncounted(self.loss):
            for figure in self.figures:
                if any(table == "errors" for table, _ in figure.needs()):
                    name = type(figure).__name__
                    raise DefinitionError(f"figures[{name}]: {problem}")
        functions = [self.model, self.optimizer, self.plateau, self.pretraining]
        functions = [each for each in functions if each is not None]
        valid = {*SETTINGS, *(name for f in functions for name in _parameters(f))}
        for swept in ("vary", "tune"):
            for name, values in getattr(self, swept).items():
                if problem := labels.problem(name, values):
                    raise DefinitionError(f"{swept}{problem}")
                if name not in valid:
                    raise DefinitionError(
                        f"{swept}: neither `model` nor `optimizer` has such a "
                        f"parameter, nor is it a setting. Received: {name!r}; "
                        f"{nearest(name, valid)}"
                    )
                if not len(values):
                    raise DefinitionError(
                        f"{swept}[{name}]: an empty sweep; give at least one value. "
                        f"Received: {values!r}"
                    )
        required = {
            name
            for function in functions
            for name, each in _parameters(function).items()
            if each.default is each.empty
        }
        missing = required - {*self.vary, *self.tune}
        if missing:
            raise DefinitionError(
                f"vary: `model` or `optimizer` has a parameter without values. "
                f"Received: no {sorted(missing)[0]!r}; add it to vary or tune, or give "
                "it a default"
            )
        if self.tune and "validation_error" not in self.units():
            raise DefinitionError(
                "tune: values are chosen by `validation_error`, which is not measured. "
                "Received: no ValidationError(); add it to measures"
            )
        for where, arm in self._arms():
            self._check_arm(where, arm)

    def _arms(self):
        for claim in self.claims:
            for arm in claim.verdict.arms():
                yield f"claims[{claim.id}]", arm
        for anchor in self.anchors:
            yield "anchors", anchor.arm
        if self.outputs:
            yield "outputs", self.outputs.arm

    def _check_arm(self, where, arm):
        for name, label in arm.items():
            if name not in self.vary:
                raise DefinitionError(
                    f"{where}: an arm names what is not swept. Received: {name!r}; "
                    f"{nearest(name, self.vary)}"
                )
            if label not in self.vary[name]:
                raise DefinitionError(
                    f"{where}: an arm names a value that {name!r} does not take. "
                    f"Received: {label!r}; {nearest(label, self.vary[name])}"
                )
        for name, values in self.vary.items():
            if name not in arm and len(values) > 1:
                raise DefinitionError(
                    f"{where}: an arm must name one value of everything swept. "
                    f"Received: {dict(arm)!r} without {name!r}; "
                    f"{nearest('', values)}"
                )

    def _measures_read(self):
        yield from super()._measures_read()
        if self.outputs:
            yield "outputs", self.outputs.per

    def value(self, name: str, label):
        """Return the value that a label stands for in `vary` or `tune`."""
        values = self.vary.get(name, self.tune.get(name))
        return values[label] if isinstance(values, Mapping) else label

    def setting(self, name: str, cell: Mapping[str, Any]):
        """Return one of `SETTINGS` in a cell: as swept there, else as declared."""
        if name in cell:
            return self.value(name, cell[name])
        return self.data.train if name == "train" else getattr(self, name)

    def budget(self, cell: Mapping[str, Any]) -> int:
        """Return a cell's training steps."""
        return self._steps(
            self.setting("train", cell), self.setting("batch_size", cell)
        )

    @property
    def shortest(self) -> int:
        """Return the fewest training steps of any cell."""
        cases = itertools.product(self._values("train"), self._values("batch_size"))
        return min(self._steps(*each) for each in cases)

    @property
    def surest(self) -> int:
        """Return the training steps that every run takes, of however little patience.

        The first look improves on nothing, and a run ends after the next `patience`
        looks, at least one, if none of them improves.
        """
        patient = [each for each in self._values("patience") if each is not None]
        looks = 1 + max(1, min(patient)) if patient else self.evaluations
        apart = math.ceil(self.shortest / self.evaluations)
        return min(looks * apart, self.shortest)

    @property
    def first(self) -> range:
        """Return the replicates that judge."""
        return range(self.first_replicate, self.first_replicate + self.replicates)

    @property
    def fresh(self) -> range:
        """Return the replicates that judge what the first leave unresolved."""
        return range(self.first.stop, self.first.stop + self.extension)

    def split(self, stage: str, replicate: int, cell: Mapping[str, Any]):
        """Draw a cell's training and validation examples, as indices."""
        return self.data.split(stage, replicate, self.setting("train", cell))

    def watched(self, stage: str, cell: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the splits that a cell's runs are evaluated on on their way.

        Tuning reads the end alone, unless what it reads on the way steers it.
        """
        steered = self.plateau or self.setting("patience", cell) is not None
        return self.watch if stage != "tune" or steered else ()

    def looks(self, stage: str, cell: Mapping[str, Any]) -> int:
        """Return how often a cell's runs are looked at, their end included."""
        return self.evaluations if self.watched(stage, cell) else 1

    def reads(self, stage: str) -> frozenset[str]:
        """Name what is read off the runs of a stage besides their losses and hits.

        Tuning reads the validation examples and never opens the test set.
        """
        if stage == "tune":
            return frozenset(["end validation"])
        probes = [each for each in self.measures if isinstance(each, Probe)]
        ends = {each.split for each in self.measures if each not in probes} - {None}
        return frozenset(
            [f"end {each}" for each in ends]
            + [f"look {each}" for each in self.watch]
            + [f"probe {each.name}" for each in probes]
        )

    def _steps(self, train, batch_size):
        if self.epochs is None:
            return self.steps
        return math.ceil(self.epochs * train / (batch_size or train))

    def _values(self, setting):
        for swept in (self.vary, self.tune):
            if setting in swept:
                return [self.value(setting, each) for each in swept[setting]]
        return [self.setting(setting, {})]


def _is_text(value):
    return isinstance(value, str) and value.strip()


def _is_number(value):
    return isinstance(value, int | float) and math.isfinite(value)


# What each field holds: a test of its value, and what to say where it fails.
KINDS = {
    "title": (_is_text, "a name"),
    "id": (_is_text, "a claim's id"),
    "verdict": (
        lambda value: isinstance(value, RULES),
        "one of " + ", ".join(rule.__name__ for rule in RULES),
    ),
    "text": (lambda value: isinstance(value, str), "a sentence"),
    "scaled": (lambda value: isinstance(value, str), "what was scaled"),
    "source": (_is_text, "author, year and place"),
    "measure": (_is_text, "a measure's name"),
    "arm": (lambda value: isinstance(value, Mapping), "a mapping from name to label"),
    "value": (_is_number, "a number"),
    "read": (lambda value: isinstance(value, bool), "True or False"),
    "timed": (lambda value: isinstance(value, bool), "True or False"),
    "inputs": (callable, "a function that returns examples"),
    "per": (_is_text, "a measure's name"),
    "claims": (_tuple_of(Claim), "a tuple of Claim"),
    "about": (_tuple_of(type, FunctionType), "a tuple of classes or functions"),
    "measures": (
        lambda value: _tuple_of(Measure, Column)(value) and value,
        "a tuple of at least one measure, from study.lab.measures",
    ),
    "figures": (_tuple_of(Figure), "a tuple of figures, from study.lab.figures"),
    "tables": (_tuple_of(Table), "a tuple of study.lab.figures.Table"),
    "anchors": (_tuple_of(Anchor), "a tuple of Anchor"),
    "errata": (_tuple_of(Erratum), "a tuple of Erratum"),
    "differences": (_triples, "a tuple of (what, in the source, here)"),
    "smoke": (
        lambda value: isinstance(value, Mapping),
        "a mapping from field to value",
    ),
    "paper": (
        lambda value: isinstance(value, Mapping),
        "a mapping from field to value",
    ),
    "run": (callable, "a function"),
    "settings": (lambda value: isinstance(value, Mapping), "a mapping"),
    "data": (lambda value: isinstance(value, Data), "Data, from study.lab.data"),
    "model": (callable, "a function that returns a Keras model"),
    "optimizer": (callable, "a function that returns a Keras optimizer"),
    "batch_size": (
        _positive_or_none,
        "a positive integer, or None for the whole training set",
    ),
    "replacement": (lambda value: isinstance(value, bool), "True or False"),
    "steps": (_positive_or_none, "a positive integer"),
    "epochs": (_positive_or_none, "a positive integer"),
    "watch": (
        lambda value: isinstance(value, tuple) and {*value} <= {*SPLITS},
        f"a tuple of some of {', '.join(SPLITS)}",
    ),
    "patience": (
        lambda value: value is None or value == 0 or _positive(value),
        "an integer of at least 0, or None to train to the end",
    ),
    "augmentation": (_callable_or_none, "a function of (examples, seed)"),
    "plateau": (_callable_or_none, "a function of swept values"),
    "pretraining": (_callable_or_none, "a function of swept values"),
    "evaluations": (_positive, "a positive integer"),
    "vary": (_is_sweep, "a mapping from name to a tuple of values or a mapping"),
    "tune": (_is_sweep, "a mapping from name to a tuple of values or a mapping"),
    "replicates": (_positive, "a positive integer"),
    "first_replicate": (_natural, "0 or a positive integer"),
    "extension": (_natural, "0 or a positive integer"),
    "outputs": (lambda value: value is None or isinstance(value, Outputs), "Outputs"),
}


def _fields(definition) -> list[str]:
    return [each.name for each in dataclasses.fields(definition)]


def _parameters(function) -> Mapping[str, inspect.Parameter]:
    return inspect.signature(function).parameters
