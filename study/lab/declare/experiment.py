"""Declare experiments: what is varied, measured and claimed. Nothing here trains."""

import dataclasses
import inspect
import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import FunctionType, MappingProxyType
from typing import Any

from study.callbacks.early_stopping import Patience
from study.lab.data import Data, Draws, LaterDraws, relabelled
from study.lab.declare import draft, fields, labels, losses, profiles, scale, told
from study.lab.declare.bounds import Bound
from study.lab.declare.fields import holds
from study.lab.declare.measures import Column, Measure, Probe
from study.lab.declare.profiles import PROFILES, Profile
from study.lab.declare.scale import Size
from study.lab.declare.takeaway import Takeaway
from study.lab.errors import DefinitionError, nearest
from study.lab.figures import Table
from study.lab.figures.base import Figure
from study.lab.rules import margins, verdicts
from study.lab.rules.named import RESULTS

# What no simulation sets: the randomness it is handed, and the name of its stage.
HANDED_IN = ("draws", "stage")
SPLITS = ("train", "validation")
# How many replicates of a simulation are spent at once: more than any draws by.
SPENT_AT_ONCE = 1_000
# Of a simulation that says no more.
REPLICATES, REPLICATES_OF_A_DRAFT = 10, 2
UNSAID = "not said"  # of what differs, how it is in the source
# Parameters of `model` that the data set fills in.
GIVEN = ("shape", "classes")
# Quantities of a size that do not follow from an experiment's other fields.
SAID = ("units", "device")


@dataclass(frozen=True)
class Claim:
    """Pair a claim of the ledger with the rule that judges it.

    Args:
        id: The claim's id in the ledger, such as `"d4-02"`.
        verdict: One of the rules of `study.lab.rules.verdicts`.
        text: The claim in one sentence, only for a definition outside the ledger.
        source_size: The size of the setting the claim is tied to. What is scaled down
            follows from the size at which it is judged here; so it can be reproduced
            at this scale, but not contradicted.
    """

    id: str = holds(fields.text, "a claim's id")
    verdict: Any = holds(
        fields.one_of(*verdicts.RULES),
        "one of " + ", ".join(rule.__name__ for rule in verdicts.RULES),
    )
    text: str = holds(fields.any_text, "a sentence", default="")
    source_size: Size | None = holds(
        fields.or_none(fields.one_of(Size)), "a Size", default=None
    )

    def __post_init__(self):
        fields.check(self, where=f"claims[{self.id}].")


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """Set a number that a source reports beside ours.

    Args:
        source: Author, year and place.
        measure: The measure of this experiment that is the same quantity.
        arm: The cell it belongs to: swept name to label.
        value: The source's number, in the measure's unit.
        read: Whether the number was read in the source. Defaults to False, which is
            printed as reported (not re-read).
        table: The table that has the cell, of a simulation with several.
    """

    source: str = holds(fields.text, "author, year and place")
    measure: str = holds(fields.text, "a measure's name")
    arm: Mapping[str, Any] = holds(fields.mapping, "a mapping from name to label")
    value: float = holds(fields.number, "a number")
    read: bool = holds(fields.boolean, "True or False", default=False)
    table: str = holds(fields.text, "a table's name", default=RESULTS)

    def __post_init__(self):
        fields.check(self)


@dataclass(frozen=True, kw_only=True)
class Outputs:
    """Keep the outputs of a few trained networks on given inputs, for a figure.

    The first replicate of `arm` is kept for each value that `per` takes, a measure.
    """

    inputs: Callable[[], Any] = holds(
        fields.function, "a function that returns examples"
    )
    arm: Mapping[str, Any] = holds(fields.mapping, "a mapping from name to label")
    per: str = holds(fields.text, "a measure's name")

    def __post_init__(self):
        fields.check(self)


def _made_of(data: Data) -> dict[str, Any]:
    """Name what makes the examples of runs; random labels only where there are any."""
    found = {
        "data": data.read,
        "examples": [data.available, data.validation, data.checksums()],
    }
    if data.random_labels:
        found["labels"] = [relabelled, data.random_labels]
    return found


@dataclass(frozen=True, kw_only=True)
class _Definition:
    title: str = holds(fields.text, "a name")
    claims: tuple[Claim, ...] = holds(
        fields.tuple_of(Claim), "a tuple of Claim, or a mapping from id to rule"
    )
    about: tuple = holds(
        fields.tuple_of(type, FunctionType),
        "a tuple of classes or functions",
        default=(),
    )
    measures: tuple = holds(
        lambda value: fields.tuple_of(Measure, Column)(value) and bool(value),
        "a tuple of at least one measure, from study.lab.declare.measures",
    )
    figures: tuple = holds(
        fields.tuple_of(Figure),
        "a tuple of figures, from study.lab.figures",
        default=(),
    )
    tables: tuple = holds(
        fields.tuple_of(Table), "a tuple of study.lab.figures.Table", default=()
    )
    anchors: tuple[Anchor, ...] = holds(
        fields.tuple_of(Anchor), "a tuple of Anchor", default=()
    )
    differences: Mapping[str, tuple[str, str] | str] = holds(
        fields.pairs,
        "a mapping from what differs to (in the source, here)",
        default_factory=dict,
    )
    takeaway: Takeaway | None = holds(
        fields.or_none(fields.one_of(Takeaway)), "a Takeaway", default=None
    )
    size: Size | None = holds(
        fields.or_none(fields.one_of(Size)), "a Size", default=None
    )
    smoke: Mapping[str, Any] = holds(
        fields.mapping, "a mapping from field to value", default_factory=dict
    )
    paper: Mapping[str, Any] = holds(
        fields.mapping, "a mapping from field to value", default_factory=dict
    )

    def __post_init__(self):
        if isinstance(self.claims, Mapping):
            claims = tuple(itertools.starmap(Claim, self.claims.items()))
            object.__setattr__(self, "claims", claims)
        for name, kind in (("figures", Figure), ("tables", Table), ("anchors", Anchor)):
            if isinstance(getattr(self, name), kind):
                object.__setattr__(self, name, (getattr(self, name),))
        if isinstance(self.differences, Mapping):
            said = {
                name: (UNSAID, each) if isinstance(each, str) else each
                for name, each in self.differences.items()
            }
            object.__setattr__(self, "differences", said)
        fields.check(self)
        names = [each.name for each in dataclasses.fields(self)]
        for name in names:
            if isinstance(getattr(self, name), Mapping):
                frozen = MappingProxyType(dict(getattr(self, name)))
                object.__setattr__(self, name, frozen)
        for profile in PROFILES:
            for name in self._overrides(profile):
                if name not in names:
                    raise DefinitionError(
                        f"{profile}: no such field. Received: {name!r}; "
                        f"{nearest(name, names)}"
                    )
        ids = [claim.id for claim in self.claims]
        for id in ids:
            if ids.count(id) > 1:
                raise DefinitionError(
                    f"claims: each claim is judged once. Received: {id!r} twice; "
                    "remove one of them"
                )
        measured = [measure.name for measure in self.measures]
        for where, name in self._measures_read():
            if name not in measured:
                raise DefinitionError(
                    f"{where}: no such measure. Received: {name!r}; "
                    f"{nearest(name, measured)}"
                )
        for claim in self.claims:
            for part, _ in claim.verdict.parts():
                if problem := margins.problem(part, self.units()):
                    raise DefinitionError(f"claims[{claim.id}]: {problem}")

    def scaled(self, claim: Claim) -> str:
        """Say what was scaled down from the setting a claim is tied to; "" for none."""
        if claim.source_size is None:
            return ""
        size = self.size_of(claim)
        unknown = scale.missing(size, claim.source_size)
        if unknown:
            raise DefinitionError(
                f"size: expected the quantities that the source of {claim.id} has. "
                f"Received: no {unknown[0]}; add size=Size({unknown[0]}=...)"
            )
        return scale.less(size, claim.source_size)

    def size_of(self, claim: Claim) -> Size | None:
        """Return the size at which a claim is judged."""
        return self.size

    def _check_scale(self):
        """Raise where it cannot be said whether a claim is scaled down."""
        for claim in self.claims:
            self.scaled(claim)

    def budget_of(self, measure: str, arm: Mapping[str, Any]) -> float:
        """Return where a censored measure ends in an arm, in its own unit."""
        (found,) = (each for each in self.measures if each.name == measure)
        return found.budget(self, arm)

    @property
    def chance(self) -> float | None:
        """Return the loss of a guess that knows nothing; None where not known."""
        return None

    def _measures_read(self):
        for claim in self.claims:
            for name in sorted(claim.verdict.measures()):
                yield f"claims[{claim.id}]", name
        for anchor in self.anchors:
            yield "anchors", anchor.measure
        for figure in self.figures:
            for name in sorted(figure.measures()):
                yield f"figures[{type(figure).__name__}]", name

    def tables_read(self):
        """Yield (who, table) of all that reads a table by its name."""
        for claim in self.claims:
            for name in sorted(claim.verdict.tables()):
                yield f"claims[{claim.id}]", name
        for kind in ("anchors", "figures", "tables"):
            for each in getattr(self, kind):
                yield kind, each.table

    def at(self, profile: Profile | str):
        """Return this definition with the profile's overrides applied."""
        profile = profiles.get(profile)
        drafted = {} if profile.judged else self._drafted()
        own = self._overrides(profile.name)
        return dataclasses.replace(self, **{**drafted, **own})

    def sized(self, profile: Profile | str) -> bool:
        """Say whether it declares a size of its own for a profile."""
        return bool(self._overrides(profiles.get(profile).name))

    def _drafted(self):
        """Return the fields that a draft overrides by itself."""
        return {}

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
        claims: The claims judged here, each a `Claim`; or a mapping from their ids to
            their rules, where a rule is all there is to say of each.
        run: Function of `settings` that returns one tidy DataFrame, or several by
            name, as `study.lab.declare.rows.tables` makes them. Where it draws random
            numbers it has a parameter `draws` too, which is handed in: the
            `study.lab.data.Draws` of the profile's stage.
        settings: Keyword arguments of `run`; profiles override them. Where `run` takes
            `replicates` they default to 10 of these, and to 2 in a draft.
        timed: Whether it takes times, for which it has the machine to itself.
        first_replicate: Of which replicate the numbers are that `draws` has for 0. The
            registry reads it off the record of spent ones, as for an `Experiment`.
        measures: The columns that rules and figures read.
        about: Components under study.
        size: How large it is, for claims with a `source_size`.
        takeaway: What was found, in plain sentences, for each outcome.
        differences: What differs, with how it is in the source and how here; how here
            alone of what the source does not say.
        figures, tables, anchors: What the page shows, one or a tuple of several.
        smoke, paper: Fields overridden in those profiles.
    """

    run: Callable = holds(fields.function, "a function")
    settings: Mapping[str, Any] = holds(
        fields.mapping, "a mapping", default_factory=dict
    )
    timed: bool = holds(fields.boolean, "True or False", default=False)
    first_replicate: int = holds(
        fields.natural,
        "0 or a positive integer",
        default=0,
        told=told.fresh_draws,
    )

    def __post_init__(self):
        if callable(self.run) and "replicates" in _parameters(self.run):
            settings = self.settings or {"replicates": REPLICATES}
            object.__setattr__(self, "settings", settings)
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
        self._check_scale()

    def _drafted(self):
        alone = {*self.settings} == {"replicates"}
        return {"settings": {"replicates": REPLICATES_OF_A_DRAFT}} if alone else {}

    @property
    def drawn(self) -> bool:
        """Return whether random numbers are handed in."""
        return "draws" in _parameters(self.run)

    @property
    def first(self) -> range:
        """Return the replicates whose numbers may be drawn; none where none are."""
        count = SPENT_AT_ONCE if self.drawn else 0
        return range(self.first_replicate, self.first_replicate + count)

    @property
    def last(self) -> int:
        """Return the last of them; before the first where there are none."""
        return self.first.stop - 1

    def draws(self, stage: str) -> Draws:
        """Return what draws the numbers of a stage; those of drafts are not spent."""
        past = self.first_replicate if stage == "judge" else 0
        return LaterDraws(stage, past) if past else Draws(stage)

    def table(self, profile: Profile):
        """Return what `run` returns at a profile, with draws of its stage."""
        handed = {"draws": self.draws(profile.stage)} if self.drawn else {}
        return self.run(**handed, **self.settings)


@dataclass(frozen=True, kw_only=True)
class Experiment(_Definition):
    """Declare a finding that trains networks.

    A cell is one combination of the values in `vary`; every cell is trained
    `replicates` times, and replicate `r` has the same seed, data and order of
    examples in every cell, so that comparisons are paired.

    Args:
        title: The finding's name.
        claims: The claims judged here, as in a `Simulation`.
        data: What is learned, from `study.lab.data`.
        model: Function of swept values that returns a built Keras model. Parameters
            called `shape` and `classes` are an example's shape and the number of
            classes, which the data set fills in.
        optimizer: Function of swept values that returns a Keras optimizer.
        loss: Keras's name of a loss, such as `"binary_crossentropy"`, or a
            `keras.losses.Loss`. The sum of a batch is told where it reduces so, also
            on splits that are evaluated.
        batch_size: Examples a step; `None` for the whole training set.
        replacement: Whether a step's examples are drawn with replacement from the
            training set; otherwise every epoch visits each example once.
        steps: Training steps; or give `epochs`.
        epochs: Passes over the training set, in place of `steps`.
        evaluations: How many looks a run takes at what is watched, the last at its end.
        watch: The splits evaluated at each of these looks, `"train"`, `"validation"`.
        patience: Looks without a smaller validation loss after which a run ends, with
            its best weights; 0 to end at the first, None to train to the end.
        augmentation: Function of (examples, seed) that returns as many changed ones;
            each epoch trains on another of a few such copies.
        plateau: Function of swept values that returns None or Keras's
            `ReduceLROnPlateau`, which is told the validation loss at each look.
        pretraining: Function of swept values that returns None or a function of
            (model, x, y, seed) that changes the weights a run starts from.
        vary: The question: swept name to a tuple of values, or to a mapping from
            label to value. Each name is a parameter of `model`, `optimizer`,
            `plateau` or `pretraining`, or one of `batch_size`, `train` (the number of
            training examples), `patience` and `augmentation`.
        tune: Nuisance values, chosen for each cell on the validation set with seeds
            of their own by the smallest mean `validation_error`. A claim that reads a
            cell whose best value lies at the edge of its grid is at most unresolved.
            Where there is one value nothing is trained to choose it.
        bounds: The edges that are none, for nothing beyond belongs to the question.
        replicates: Runs a cell.
        first_replicate: The first one's number. The registry reads it off the record
            of spent replicates, for a definition that was changed after its results
            were seen begins past those that were run.
        extension: Fresh replicates that alone judge the comparisons which the first
            leave unresolved, in the cells which these compare; 0 for none.
        measures: What is read off each run.
        outputs: Outputs of trained networks to keep for a figure.
        about: Components under study.
        size: Hidden units and device, `Size(units=...)`, for claims with a
            `source_size` that names them; examples, steps, epochs and replicates
            follow.
        takeaway: What was found, in plain sentences, for each outcome.
        differences: What differs, with how it is in the source and how here; how here
            alone of what the source does not say.
        figures, tables, anchors: What the page shows, one or a tuple of several.
        smoke, paper: Fields overridden in those profiles, in the first beside what a
            draft overrides by itself (`study.lab.declare.draft`).
    """

    # In the order in which what a run is names them: another renames every run.
    model: Callable = holds(
        fields.function,
        "a function that returns a Keras model",
        shared=True,
        called=True,
    )
    optimizer: Callable = holds(
        fields.function,
        "a function that returns a Keras optimizer",
        shared=True,
        called=True,
    )
    pretraining: Callable | None = holds(
        fields.or_none(fields.function),
        "a function of swept values",
        default=None,
        shared=True,
        called=True,
    )
    plateau: Callable | None = holds(
        fields.or_none(fields.function),
        "a function of swept values",
        default=None,
        shared=True,
        called=True,
        told=True,
    )
    loss: Any = holds(
        lambda value: not losses.problem(value),
        losses.problem,
        default="sparse_categorical_crossentropy",
        shared=True,
        told=told.loss,
    )
    data: Data = holds(
        fields.one_of(Data),
        "Data, from study.lab.data",
        shared=_made_of,
        told=told.data,
    )
    replacement: bool = holds(
        fields.boolean, "True or False", default=False, shared=True, settled=True
    )
    batch_size: int | None = holds(
        fields.or_none(fields.positive),
        "a positive integer, or None for the whole training set",
        swept=True,
        settled=True,
        told=told.batch,
    )
    steps: int | None = holds(
        fields.or_none(fields.positive),
        "a positive integer",
        default=None,
        settled=True,
        told=told.steps,
    )
    epochs: int | None = holds(
        fields.or_none(fields.positive),
        "a positive integer",
        default=None,
        settled=True,
        told=told.epochs,
    )
    evaluations: int = holds(fields.positive, "a positive integer", default=10)
    watch: tuple[str, ...] = holds(
        lambda value: isinstance(value, tuple) and {*value} <= {*SPLITS},
        f"a tuple of some of {', '.join(SPLITS)}",
        default=(),
    )
    patience: int | None = holds(
        fields.or_none(fields.natural),
        "an integer of at least 0, or None to train to the end",
        default=None,
        swept=True,
        acts=Patience,
        settled=True,
        told=True,
    )
    augmentation: Callable | None = holds(
        fields.or_none(fields.function),
        "a function of (examples, seed)",
        default=None,
        swept=True,
        told=True,
    )
    vary: Mapping[str, Any] = holds(
        fields.sweep, "a mapping from name to a tuple of values or a mapping"
    )
    tune: Mapping[str, Any] = holds(
        fields.sweep,
        "a mapping from name to a tuple of values or a mapping",
        default_factory=dict,
    )
    bounds: tuple[Bound, ...] = holds(
        fields.tuple_of(Bound), "a tuple of Bound", default=()
    )
    replicates: int = holds(fields.positive, "a positive integer", default=10)
    first_replicate: int = holds(
        fields.natural,
        "0 or a positive integer",
        default=0,
        told=told.fresh_seeds,
    )
    extension: int = holds(fields.natural, "0 or a positive integer", default=20)
    outputs: Outputs | None = holds(
        fields.or_none(fields.one_of(Outputs)), "Outputs", default=None
    )

    def __post_init__(self):
        super().__post_init__()
        if (self.steps is None) == (self.epochs is None):
            raise DefinitionError(
                "steps: expected either `steps` or `epochs`. "
                f"Received: steps={self.steps}, epochs={self.epochs}"
            )
        for train in self.values("train"):
            dataclasses.replace(self.data, train=train)  # says where it is too large
        if self.shortest < self.evaluations:
            raise DefinitionError(
                "evaluations: expected at most one a step. "
                f"Received: evaluations={self.evaluations}, steps={self.shortest}"
            )
        patient = [each for each in self.values("patience") if each is not None]
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
        for where, name in self.tables_read():
            if name != RESULTS:
                raise DefinitionError(
                    f"{where}: table: an experiment has one, of all its runs. "
                    f"Received: {name!r}; leave it out"
                )
        for measure in self.measures:
            problem = measure.problem(self)
            if problem:
                raise DefinitionError(f"measures[{measure.name}]: {problem}")
        if problem := losses.uncounted(self.loss):
            for figure in self.figures:
                if figure.reads("errors"):
                    name = type(figure).__name__
                    raise DefinitionError(f"figures[{name}]: {problem}")
        functions = self.functions.values()
        valid = {*SETTINGS, *(name for f in functions for name in _parameters(f))}
        valid -= {*GIVEN}
        for swept in ("vary", "tune"):
            for name, values in getattr(self, swept).items():
                if name in GIVEN:
                    raise DefinitionError(
                        f"{swept}: `{name}` of `model` is filled in from the data set. "
                        f"Received: {name}={values!r}; leave it out, or call the "
                        "parameter otherwise"
                    )
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
        missing = required - {*self.vary, *self.tune, *self._asked()}
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
            self.check_arm(where, arm)
        for bound in self.bounds:
            if problem := bound.problem(self):
                raise DefinitionError(f"bounds: {problem}")
        told = vars(self.size) if self.size else {}
        for name in (each for each in told if each not in SAID and told[each]):
            raise DefinitionError(
                f"size: {name} follows from the other fields. Received: {self.size}; "
                f"give {' and '.join(SAID)} alone"
            )
        self._check_scale()

    def _drafted(self):
        return draft.of(self)

    @property
    def functions(self) -> dict[str, Callable]:
        """Map fields that are functions of what is swept to these; none is left out."""
        named = fields.names(self, "called")
        found = {name: getattr(self, name) for name in named}
        return {name: each for name, each in found.items() if each is not None}

    @property
    def given(self) -> dict[str, Any]:
        """Map parameters of `model` that the data set fills in to what they are."""
        asked = self._asked()
        return {name: getattr(self.data.form, name) for name in asked}

    def _asked(self):
        return [name for name in GIVEN if name in _parameters(self.model)]

    def _arms(self):
        for claim in self.claims:
            for arm in claim.verdict.arms():
                yield f"claims[{claim.id}]", arm
        for anchor in self.anchors:
            yield "anchors", anchor.arm
        if self.outputs:
            yield "outputs", self.outputs.arm

    def check_arm(self, where: str, arm: Mapping[str, Any]) -> None:
        """Raise where an arm is not one value of everything swept."""
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

    def keeps_outputs(self, cell: Mapping[str, Any]) -> bool:
        """Return whether the outputs of a cell's networks are kept."""
        wanted = self.outputs
        return wanted is not None and wanted.arm.items() <= cell.items()

    def budget(self, cell: Mapping[str, Any]) -> int:
        """Return a cell's training steps."""
        return self._steps(
            self.setting("train", cell), self.setting("batch_size", cell)
        )

    def size_of(self, claim: Claim) -> Size:
        """Return the largest size of the arms by which a claim is judged."""
        cells = claim.verdict.arms() or ({},)
        train = max(self.setting("train", each) for each in cells)
        epochs = (
            self.budget(each)
            * (self.setting("batch_size", each) or self.setting("train", each))
            / self.setting("train", each)
            for each in cells
        )
        return Size(
            examples=train,
            steps=max(map(self.budget, cells)),
            epochs=max(epochs),
            replicates=self.replicates,
            **{each: getattr(self.size, each, None) for each in SAID},
        )

    @property
    def chance(self) -> float | None:
        """Return the cross-entropy of naming all classes alike; None for others."""
        if not losses.is_entropy(self.loss):
            return None
        binary = losses.labels(self.loss) == losses.BINARY
        return math.log(2 if binary else self.data.form.classes)

    @property
    def shortest(self) -> int:
        """Return the fewest training steps of any cell."""
        cases = itertools.product(self.values("train"), self.values("batch_size"))
        return min(self._steps(*each) for each in cases)

    @property
    def surest(self) -> int:
        """Return the training steps that every run takes, of however little patience.

        The first look improves on nothing, and a run ends after the next `patience`
        looks, at least one, if none of them improves.
        """
        patient = [each for each in self.values("patience") if each is not None]
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

    @property
    def last(self) -> int:
        """Return the last replicate that may judge."""
        return self.fresh.stop - 1

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
        """Return how often a cell's runs are looked at, their end included.

        They are as many steps apart, but for the last: where 30 steps ask for 12, one
        follows every third, and they are 10.
        """
        steps = self.budget(cell)
        return math.ceil(steps / math.ceil(steps / self.asked(stage, cell)))

    def asked(self, stage: str, cell: Mapping[str, Any]) -> int:
        """Return how many looks are asked for, of which few steps may have fewer."""
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

    def values(self, setting: str) -> list:
        """List the values that one of `SETTINGS` takes in some cell."""
        for swept in (self.vary, self.tune):
            if setting in swept:
                return [self.value(setting, each) for each in swept[setting]]
        return [self.setting(setting, {})]


# What may be swept besides the parameters of the definition's functions.
SETTINGS = "train", *fields.names(Experiment, "swept")


def _parameters(function) -> Mapping[str, inspect.Parameter]:
    return inspect.signature(function).parameters
