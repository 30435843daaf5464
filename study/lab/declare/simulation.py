"""Declare a finding that needs no training."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from study.lab.data import Draws, LaterDraws
from study.lab.declare import fields, parameters, told
from study.lab.declare.definition import Definition
from study.lab.declare.fields import holds
from study.lab.declare.profiles import Profile
from study.lab.errors import DefinitionError, nearest

# What no simulation sets: the randomness it is handed, and the name of its stage.
HANDED_IN = ("draws", "stage")
# How many replicates of a simulation are spent at once: more than any draws by.
SPENT_AT_ONCE = 1_000
# Of a simulation that says no more.
REPLICATES, REPLICATES_OF_A_DRAFT = 10, 2


@dataclass(frozen=True, kw_only=True)
class Simulation(Definition):
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
        if callable(self.run) and "replicates" in parameters.of(self.run):
            settings = self.settings or {"replicates": REPLICATES}
            object.__setattr__(self, "settings", settings)
        super().__post_init__()
        taken = parameters.of(self.run)
        for name, value in self.settings.items():
            if name in HANDED_IN:
                raise DefinitionError(
                    "settings: the randomness of `run` is handed in as `draws`, not "
                    f"set. Received: {name}={value!r}; leave it out"
                )
            if name not in taken:
                raise DefinitionError(
                    f"settings: `run` has no such parameter. Received: {name!r}; "
                    f"{nearest(name, {*taken} - {*HANDED_IN})}"
                )
        self._check_scale()

    def _drafted(self):
        alone = {*self.settings} == {"replicates"}
        return {"settings": {"replicates": REPLICATES_OF_A_DRAFT}} if alone else {}

    @property
    def drawn(self) -> bool:
        """Return whether random numbers are handed in."""
        return "draws" in parameters.of(self.run)

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
