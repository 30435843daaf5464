"""Declare what all findings have: claims, measures, figures and words."""

import dataclasses
import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from types import FunctionType, MappingProxyType
from typing import Any

from study.lab.declare import fields, profiles, scale
from study.lab.declare.fields import holds
from study.lab.declare.measures import Column, Measure
from study.lab.declare.profiles import PROFILES, Profile
from study.lab.declare.scale import Size
from study.lab.declare.takeaway import Takeaway
from study.lab.errors import DefinitionError, nearest
from study.lab.figures import Table
from study.lab.figures.base import Figure
from study.lab.rules import margins, verdicts
from study.lab.rules.named import RESULTS

UNSAID = "not said"  # of what differs, how it is in the source


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
class Definition:
    """Hold what a `Simulation` and an `Experiment` have in common."""

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
