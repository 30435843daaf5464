"""Declare a finding that trains networks. Nothing here trains."""

import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from study.callbacks.early_stopping import Patience
from study.lab.data import Data, relabelled
from study.lab.declare import checks, draft, fields, losses, parameters, scale, told
from study.lab.declare.bounds import Bound
from study.lab.declare.definition import Claim, Definition
from study.lab.declare.fields import holds
from study.lab.declare.measures import Probe
from study.lab.declare.scale import Size
from study.lab.errors import DefinitionError, nearest

SPLITS = ("train", "validation")


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
class Experiment(Definition):
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
        checks.check(self)
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
        asked = parameters.given(self.model)
        return {name: getattr(self.data.form, name) for name in asked}

    def arms_named(self):
        """Yield (who, arm) of all that names an arm."""
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
            **{each: getattr(self.size, each, None) for each in scale.SAID},
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
SETTINGS = parameters.settings(Experiment)
