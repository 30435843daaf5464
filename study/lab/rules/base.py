"""What rules share: how they read tables, and how an interval becomes a word."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, NamedTuple

from study.lab.rules import arms, intervals
from study.lab.rules.named import RESULTS, Tables, one
from study.lab.rules.plain import Plain
from study.lab.rules.words import Word


def own():
    """Name the table that a rule reads; no word of what was declared before a run."""
    return field(default=RESULTS, repr=False)


def number(value) -> bool:
    """Say whether a value is a number, and no boolean."""
    return isinstance(value, int | float) and not isinstance(value, bool)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """A word, and the numbers that decided it.

    `rule` is the one that the numbers belong to, of a `Shape` the comparison that
    decides; `parts` are the verdicts of a shape's comparisons. `unscaled` is the word
    that a claim would have that was not scaled down. `lacks` says what must be there
    before anything can be judged.

    `delta` is the bound the rule declared: the smallest effect of interest, the
    margin, the threshold of a rate or the tolerance; `null` is the effect that is
    none, 1 for a factor. `replicates` counts the pairs (or runs of a single arm) that
    were read, `diverged` the diverged runs among all that were read. `seeds`
    estimates how many would settle an unresolved verdict.
    """

    word: Word
    reason: str = ""
    rule: Any = None
    parts: "tuple[Verdict, ...]" = ()
    unscaled: Word | None = None
    lacks: str = ""
    effect: float | None = None
    lower: float | None = None
    upper: float | None = None
    delta: float | None = None
    null: float = 0.0
    unit: str = ""
    replicates: int = 0
    diverged: int = 0
    seeds: int | None = None


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How a rule reads its tables.

    Args:
        tables: The tables of the first seeds, then those of fresh ones where there
            are any, which alone judge what the first leave unresolved.
        alpha: The error that the rule may make.
        censored: Names of measures that are step counts censored at the budget.
        units: From measure to unit, "%" for percentage points.
        budget: Function of a measure and an arm to the number at which the measure is
            censored there, infinity where it is not.
        chance: Loss of a guess that knows nothing; None where that is not known.
        stages: How often it may be judged: by the first seeds, and by fresh ones.
        times: How many times as wide as declared every margin counts.
        plain: Puts measures and arms in words, of which reasons are made.
    """

    tables: Sequence[Tables]
    alpha: float
    censored: frozenset[str] = frozenset()
    units: Mapping[str, str] = field(default_factory=dict)
    budget: Callable[[str, Mapping], float] = lambda measure, arm: float("inf")
    chance: float | None = None
    stages: int = 1
    times: float = 1.0
    plain: Plain = field(default_factory=Plain)

    def part(self, parts: int) -> "Reading":
        """Return the reading of one of several parts, at an equal part of the error."""
        return replace(self, alpha=self.alpha / parts)


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What a comparison read; `interval(alpha, n)` is its interval at n seeds."""

    effect: float
    delta: float
    unit: str
    replicates: int
    interval: Callable
    null: float = 0.0


class Found(NamedTuple):
    """An effect with its interval and what it is held against."""

    lower: float
    effect: float
    upper: float
    delta: float
    null: float


class Single:
    """What rules share that are told in one sentence."""

    def sentences(self):
        return [self.sentence()]

    def tables(self):
        return {self.table}

    def parts(self):
        """List the rules that read a table, and among how many each shares the error.

        Those that `undecided` is told the words of stand in the same order.
        """
        return [(self, 1)]

    def undecided(self, words):
        """List the parts that call for fresh seeds, by the words of all."""
        return [self] if words == [Word.UNRESOLVED] else []

    def _quantity(self):
        place = "" if self.table == RESULTS else f" in `{self.table}`"
        return f"`{self.measure}`{place}"


class Comparison(Single):
    """What rules on arms share: how the interval of an effect is decided.

    `sides` counts the ends of an interval that share the error: both, or each has all
    of it where no more than one of them can be wrong about any truth. Where fresh seeds
    may judge what the first leave open, an end can be wrong twice: each has half.
    """

    sides: ClassVar[int] = 2

    @property
    def stretches(self):
        """Say whether it has a margin; a number or a band that it names is none."""
        return True

    def measures(self):
        return {self.measure}

    def words(self):
        """Return the words that it may come to."""
        return {Word.REPRODUCED, Word.CONTRADICTED, Word.UNRESOLVED}

    def arms(self):
        return (self.arm,) if self.than is None else (self.arm, self.than)

    def sentence(self):
        if self.delta is None:
            delta = "a tenth of the reference's mean, at least 0.1 percentage points"
        else:
            delta = f"{self.delta:g}"
        return (
            f"{self.claim()}: contradicted if the simultaneous 95 % interval of the "
            "difference lies wholly below the smallest effect of interest, δ = "
            f"{delta}; otherwise reproduced if it lies wholly above 0; otherwise "
            "unresolved."
        )

    def contradiction(self, found):
        """The reason, or "" where the interval does not contradict."""
        if found.upper >= found.delta:
            return ""
        if found.upper < found.null:
            return "opposite"
        return "weaker than claimed" if found.lower > found.null else "no such effect"

    def clearance(self, found):
        """By how much the interval clears its bound: above 0 it reproduces."""
        # a reference of nothing but zeros derives delta = 0
        return (found.lower - found.null) / (found.delta - found.null or 1.0)

    def judged(self, reading):
        """Judge by the first tables, and by the fresh ones what these leave open."""
        for tables in reading.tables:
            verdict = self._judged(tables, reading)
            if verdict.word is not Word.UNRESOLVED:
                break
        return verdict

    def stretched(self, evidence, times):
        """Return the margin, so many times as wide; of a factor its power."""
        if not self.stretches:
            return evidence.delta
        if evidence.null == 1:
            return evidence.delta**times
        return evidence.delta * times

    def _judged(self, tables, reading):
        evidence = self.read(one(tables, self.table), reading)
        delta = self.stretched(evidence, reading.times)
        alpha = reading.alpha * 2 / max(self.sides, reading.stages)

        def decide(n):
            lower, upper = evidence.interval(alpha, n)
            found = Found(lower, evidence.effect, upper, delta, evidence.null)
            if reason := self.contradiction(found):
                return Word.CONTRADICTED, reason, found
            reproduced = self.clearance(found) > 0
            return Word.REPRODUCED if reproduced else Word.UNRESOLVED, "", found

        n, seeds = evidence.replicates, None
        word, reason, found = decide(n)
        if word is Word.UNRESOLVED:
            seeds = intervals.seeds_to_settle(lambda n: decide(n)[0] is not word, n)
        return Verdict(
            word=word,
            reason=reason,
            rule=self,
            effect=float(evidence.effect),
            lower=float(found.lower),
            upper=float(found.upper),
            delta=float(delta),
            null=float(evidence.null),
            unit=evidence.unit,
            replicates=n,
            seeds=seeds,
        )


def least_certain(verdicts):
    """Return the verdict whose interval clears its bound by least."""
    return min(verdicts, key=lambda each: each.rule.clearance(each))


def diverged(rule, tables) -> int:
    """Count the diverged runs of each table that a rule reads."""
    parts = [part for part, _ in rule.parts()]
    return sum(
        arms.diverged(
            one(tables, name),
            [arm for part in parts if part.table == name for arm in part.arms()],
        )
        for name in rule.tables()
    )
