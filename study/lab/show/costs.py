"""Tell by what training an open or scaled word would be settled, and how long it takes.

Nothing is typed: the record of a page says what its runs took, and others are taken to
cost as many times as much as they have weights times examples.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from study.lab.declare.definition import Claim
from study.lab.declare.profiles import SOURCE, TUNING_SEEDS, Profile
from study.lab.judge import compared
from study.lab.rules import arms
from study.lab.rules.summaries import number
from study.lab.rules.verdicts import Verdict
from study.lab.rules.words import Stance
from study.lab.show.outlook import futile
from study.lab.train.cost import alike, cost, planned

CORES = 2  # of which the hours of runs are told that are made side by side
LONG = 24.0  # hours after which a GPU is named
CPU = "CPU"  # how the device of a record begins that is none
ON_GPU = "DEVICE=gpu"


@dataclass(frozen=True)
class Training:
    """What would settle a word, or might.

    Args:
        command: What trains it.
        device: On what its hours are told.
        hours: How long it takes there; None where nothing tells.
        text: All of this in a sentence or two.
    """

    command: str
    device: str
    hours: float | None
    text: str


class Costs:
    """Estimate from a page's own runs what other training takes.

    Args:
        page: The page.
        command: Function of a profile to the command that makes the page at it.
    """

    def __init__(self, page, command: Callable[[Profile], str]):
        self.page, self.command = page, command
        self.definition, self.record = page.definition, page.provenance

    @cached_property
    def larger(self) -> Training | None:
        """The larger runs of the profile paper; None if there, or not declared."""
        page = self.page
        there = page.profile.source or page.elsewhere or not self.runs
        if there or not self.definition.sized(SOURCE):
            return None
        experiment, command = self.definition.at(SOURCE), self.command(SOURCE)
        known = self._weights if alike(experiment, self.definition) else None
        hours = self._hours(cost(experiment, planned(experiment), known))
        told = f"Larger runs, `{command}`, take {self._estimated(hours)}."
        if self._shared and hours > LONG:
            told += (
                f" With `{ON_GPU}` a GPU trains it, of which these runs tell nothing."
            )
        return Training(command, self.device, hours, told)

    @property
    def gpu(self) -> Training:
        """What the page runs on a GPU, declared so, for a claim about one."""
        command = f"{self.command(self.page.profile)} {ON_GPU}"
        here = f"{lasting(self.hours)} on {self.device}"
        told = (
            'Its own setting is a GPU: with `Size(device="gpu")` in its definition '
            f"`{command}`; without one it took {here}."
        )
        return Training(command, "GPU", None, told)

    @property
    def again(self) -> Training:
        """As many runs as there are, of a definition that asks for others."""
        command = self.command(self.page.profile)
        here = f"{lasting(self.hours)} on {self.device}"
        told = f"As much training as before, `{command}`, takes {here}."
        return Training(command, self.device, self.hours, told)

    def seeds(self, verdict: Verdict) -> Training:
        """As many seeds as would settle a verdict, in the cells that are undecided."""
        count, command = verdict.seeds, self.command(self.page.profile)
        if self._judged:
            open_ = [x for x in verdict.parts or (verdict,) if _open(x)]
            fresh = compared([each.rule for each in open_], self._judged)
            runs = [(each, self.definition.replicates) for each in self._judged]
            runs += [(each, count) for each in fresh]
            field = "extension"
            hours = self._hours(cost(self.definition, runs, self._weights))
        else:
            field, hours = "replicates", self.hours * count / verdict.replicates
        told = (
            f"With `{field}={count}` in its definition and fresh seeds `{command}` "
            f"takes {self._estimated(hours)}."
        )
        return Training(command, self.device, hours, told)

    @cached_property
    def runs(self) -> list[tuple[dict, int]]:
        """Each cell that was trained, with how many runs there are; none of others."""
        swept = [{x: cell[x] for x in self.definition.vary} for cell in self._judged]
        counts = [int(arms.equal(self.page.table, each).sum()) for each in swept]
        tried = [(each["cell"], TUNING_SEEDS) for each in self.record.get("tried", ())]
        return [*zip(self._judged, counts, strict=True), *tried]

    @cached_property
    def hours(self) -> float:
        """How long all of the page's runs took."""
        hours = self.record["seconds"] / 3_600
        if not self._shared:
            return hours
        machines = self.record.get("machines") or [self.record | {"runs": 1}]
        runs = sum(each["runs"] for each in machines)
        threads = sum(each["threads"] * each["runs"] for each in machines) / runs
        return hours * threads / CORES

    @property
    def device(self) -> str:
        """On what hours are told."""
        named = self.record.get("processor") or self.record["device"]
        return f"two cores of {named}" if self._shared else named

    @property
    def _shared(self):
        """Say whether its runs were shared out among the cores of a CPU."""
        return bool(self._judged) and self.record["device"].startswith(CPU)

    @property
    def _judged(self):
        return [each["cell"] for each in self.record.get("cells", ())]

    def _hours(self, wanted):
        return self.hours * wanted / self._cost

    @cached_property
    def _cost(self):
        return cost(self.definition, self.runs, self._weights)

    @cached_property
    def _weights(self):
        """Networks of its cells are built once, for to build them takes longest."""
        return {}

    def _estimated(self, hours):
        count = sum(count for _, count in self.runs)
        runs = f"this page's {count:,} runs" if count else "what this page took"
        return f"{lasting(hours)} on {self.device}, estimated from {runs}"


def settling(costs: Costs, claim: Claim, verdict: Verdict) -> list[Training]:
    """List what would settle an open or scaled word, first what is sooner to.

    Args:
        costs: What training takes that is like the page's.
        claim: The claim.
        verdict: Its verdict.
    """
    scaled = verdict.unscaled not in (None, verdict.word)
    if not (scaled or _open(verdict)):
        return []
    source = claim.source_size
    found = [costs.gpu] if scaled and source and source.device == "gpu" else []
    found += [costs.larger] if costs.larger else []
    if _open(verdict) and verdict.seeds and not futile(claim.verdict, verdict):
        found.insert(len(found) * scaled, costs.seeds(verdict))
    if verdict.lacks and not found:
        found.append(costs.again)
    return found


def lasting(hours: float) -> str:
    """Tell roughly how long something takes.

    Example:

    >>> lasting(0.0011), lasting(0.26), lasting(147.3)
    ('about 4 seconds', 'about 16 minutes', 'about 150 hours')
    """
    for unit, size in (("second", 3_600), ("minute", 60), ("hour", 1)):
        count = float(f"{hours * size:.2g}")
        if count < 60 or unit == "hour":
            break
    return f"about {number(count)} {unit}{'s' * (count != 1)}"


def _open(verdict):
    return verdict.word.stance is Stance.OPEN
