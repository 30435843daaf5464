"""Move definitions to another data set: the same question, networks and rules.

What a set cannot hold is scaled down by one rule, `RULE`. Steps, or passes over the
training set, stay as they are declared.
"""

import dataclasses
import itertools
import math
from dataclasses import dataclass

from study.lab.data.prepared import Prepared, from_json, to_json
from study.lab.declare import losses, profiles
from study.lab.declare.experiment import Experiment
from study.lab.declare.parameters import GIVEN
from study.lab.declare.profiles import Profile
from study.lab.declare.registry import Finding
from study.lab.errors import DefinitionError

VALIDATION = 5  # one in so many examples validates, at most
RULE = (
    "Validation examples are at most a fifth of those there are, training examples at "
    "most the rest; where a definition's largest training set does not fit, all of its "
    "training sets shrink by one factor."
)


@dataclass(frozen=True)
class Elsewhere:
    """Tell the data set that a definition was moved to.

    Args:
        prepared: The data set.
        original: The definition as it stands in its file.
        word: By which a user names the data set.
    """

    prepared: Prepared
    original: Experiment
    word: str

    def to_json(self) -> str:
        """Return what `at` takes."""
        return to_json(self.prepared)

    def differences(self, profile: Profile | str) -> list[tuple[str, str, str]]:
        """List in what the runs of a profile differ: what, there and here."""
        there = self.original.at(profile)
        here = dataclasses.replace(there, **changed(there, self.prepared))
        return [
            (what, before, now)
            for (what, before), (_, now) in zip(_told(there), _told(here), strict=True)
            if before != now
        ]


def _told(definition):
    """Tell the sizes of a definition's runs."""
    trains, form = definition.values("train"), definition.data.form
    yield "training examples", _counts(trains)
    yield "validation examples", f"{definition.data.validation:,}"
    yield "test examples", f"{form.tests:,}"
    yield "shape of an example", f"{form.shape}"
    yield "classes", f"{form.classes}"
    if definition.steps is None:
        steps = _steps(definition, trains)
        yield "steps", _counts(steps)
    else:
        batches = definition.values("batch_size")
        pairs = itertools.product(trains, batches)
        passes = [definition.steps * (batch or train) / train for train, batch in pairs]
        yield "passes over the training set", _counts(passes)
    yield "looks on the way", f"{definition.evaluations:,}"


def _steps(definition, trains):
    """List the training steps of the cells that train on so many examples each."""
    batches = definition.values("batch_size")
    return [
        definition.steps or math.ceil(definition.epochs * train / (batch or train))
        for train, batch in itertools.product(trains, batches)
    ]


def _counts(values):
    least, most = (
        f"{each:,.0f}" if each >= 10 else f"{each:.2g}"
        for each in (min(values), max(values))
    )
    return least if least == most else f"{least} to {most}"


def refusal(finding: Finding, prepared: Prepared) -> str:
    """Say in one line why a finding cannot be moved; empty where it can."""
    why = _problem(finding, prepared)
    return f"{finding.path}: {why}" if why else ""


def _problem(finding, prepared):
    definition = finding.definition
    if not isinstance(definition, Experiment):
        return (
            "expected a finding that trains networks on a data set. Received: a "
            "simulation, which knows none"
        )
    lacking = [name for name in GIVEN if name not in definition.given]
    if lacking:
        return (
            f"expected a `model` with the parameters `shape` and `classes`, which the "
            f"data set fills in. Received: no {lacking[0]!r}, so that the sizes of "
            f"{definition.data.name} are typed in"
        )
    there, here = definition.data.form.shape, prepared.shape
    if len(there) != len(here):
        kind = "vectors" if len(there) == 1 else f"of {len(there)} axes"
        return (
            f"expected examples that are {kind}, of a shape like {there}, which the "
            f"networks want. Received: {prepared.label}, of shape {here}; bring them "
            "into such a shape and save them as a .npz file"
        )
    if losses.labels(definition.loss) != losses.SPARSE:
        return (
            "expected a loss of classes that are numbers, such as "
            f"'sparse_categorical_crossentropy'. Received: loss={definition.loss!r}"
        )
    return ""


def move(finding: Finding, prepared: Prepared, word: str = "") -> Finding:
    """Return a finding as it is on another data set, at every profile.

    Args:
        finding: The finding.
        prepared: The data set.
        word: By which a user names the data set; its label if left out.
    """
    if why := refusal(finding, prepared):
        raise DefinitionError(why)
    original = finding.definition
    fields = changed(original, prepared)
    for profile in profiles.PROFILES.values():
        if original.sized(profile):
            own = changed(original.at(profile), prepared)
            fields[profile.name] = {**getattr(original, profile.name), **own}
    try:
        definition = dataclasses.replace(original, **fields)
    except DefinitionError as error:
        where = f"{finding.path}: on {prepared.label}"
        raise DefinitionError(f"{where}: {error}") from error
    moved = Elsewhere(prepared, original, word or prepared.label)
    return dataclasses.replace(finding, definition=definition, elsewhere=moved)


def at(finding: Finding, prepared: str) -> Finding:
    """Return a finding as it is on the data set of a task; "" for its own."""
    return move(finding, from_json(prepared)) if prepared else finding


def changed(definition: Experiment, prepared: Prepared) -> dict:
    """Return the fields of a definition that are otherwise on another data set.

    Sources' numbers are of their own data, and stand beside none of another set.
    """
    data = definition.data
    validation = min(data.validation, max(1, prepared.available // VALIDATION))
    room, largest = prepared.available - validation, max(definition.values("train"))

    def fit(train):
        return train if largest <= room else max(1, train * room // largest)

    trains = [fit(each) for each in definition.values("train")]
    fields = {
        "data": dataclasses.replace(
            data,
            name=prepared.label,
            read=prepared,
            available=prepared.available,
            train=fit(data.train),
            validation=validation,
        ),
        "evaluations": min(definition.evaluations, *_steps(definition, trains)),
    }
    if definition.anchors:
        fields["anchors"] = ()
    for swept in ("vary", "tune"):
        fields[swept] = dict(getattr(definition, swept))
        if "train" in fields[swept]:
            values = fields[swept]["train"]
            fields[swept]["train"] = {
                label: fit(definition.value("train", label)) for label in values
            }
    return fields
