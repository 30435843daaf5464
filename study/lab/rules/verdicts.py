"""From a table, one row a run, to a verdict, by a rule declared before the run.

A rule is one of a closed set: `Greater`, `Less`, `Equivalent`, `Rate` and `Shape`
compare arms; `Exact` checks a fact; `Cited` records what a source says. An arm maps
swept names to values and selects the runs equal to it in those columns. `judge`
reads the table and returns the `Verdict`. Of several tables a rule names its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from math import inf
from typing import ClassVar

import numpy as np

from study.lab.rules import arms, intervals
from study.lab.rules.named import RESULTS, one
from study.lab.rules.words import Word
from study.lab.scalars import settle

SCALED = {
    Word.REPRODUCED: Word.REPRODUCED_SCALED,
    Word.CONTRADICTED: Word.UNRESOLVED_SCALED,
    Word.UNRESOLVED: Word.UNRESOLVED_SCALED,
}


def _own():
    """Name the table that a rule reads; no word of what was declared before a run."""
    return field(default=RESULTS, repr=False)


def _number(value):
    return isinstance(value, int | float) and not isinstance(value, bool)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """A word, and the numbers that decided it.

    `rule` is the one that the numbers belong to, of a `Shape` the comparison that
    decides; `parts` are the verdicts of a shape's comparisons. `unscaled` is the word
    that a claim would have that was not scaled down. `lacks` says what must be there
    before anything can be judged.

    `delta` is the bound the rule declared: the smallest effect of interest, the
    margin, the threshold of a rate or the tolerance. `replicates` counts the pairs
    (or runs of a single arm) that were read, `diverged` the diverged runs among all
    that were read. `seeds` estimates how many would settle an unresolved verdict.
    """

    word: Word
    reason: str = ""
    rule: "Rule | None" = None
    parts: "tuple[Verdict, ...]" = ()
    unscaled: Word | None = None
    lacks: str = ""
    effect: float | None = None
    lower: float | None = None
    upper: float | None = None
    delta: float | None = None
    unit: str = ""
    replicates: int = 0
    diverged: int = 0
    seeds: int | None = None


@dataclass(frozen=True, kw_only=True)
class _Evidence:
    """What a comparison read; `interval(alpha, n)` is its interval at n seeds."""

    effect: float
    delta: float
    unit: str
    replicates: int
    interval: Callable


class _Single:
    """What rules share that are told in one sentence."""

    def sentences(self):
        return [self.sentence()]

    def tables(self):
        return {self.table}

    def _quantity(self):
        place = "" if self.table == RESULTS else f" in `{self.table}`"
        return f"`{self.measure}`{place}"


class _Comparison(_Single):
    """What rules on two arms share: how the interval of a difference is decided."""

    def measures(self):
        return {self.measure}

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

    def _contradiction(self, lower, upper, delta):
        """The reason, or "" where the interval does not contradict."""
        if upper >= delta:
            return ""
        if upper < 0:
            return "opposite"
        return "weaker than claimed" if lower > 0 else "no such effect"

    def _clearance(self, lower, upper, delta):
        """By how much the interval clears its bound: above 0 it reproduces."""
        # a reference of nothing but zeros derives delta = 0
        return lower / (delta or 1.0)


@dataclass(frozen=True, kw_only=True)
class Greater(_Comparison):
    """The arm's `measure` is greater than the reference's.

    The effect is mean(d), d = arm - than within a replicate, and its Student interval
    decides. For a step count censored at the budget it is median(d), with the
    interval of the sign test. In either case

        upper < delta   contradicted: opposite (upper < 0),
                        weaker than claimed (lower > 0), no such effect (else)
        lower > 0       else reproduced
                        else unresolved

    Without `delta` it is 0.1 · mean(|than|), at least 0.1 where the unit is %.
    """

    measure: str
    arm: Mapping
    than: Mapping
    delta: float | None = None
    table: str = _own()

    _sign: ClassVar[int] = 1
    _word: ClassVar[str] = "greater"

    def __post_init__(self):
        settle(self)
        arms.check(self.arm, self.than)
        if self.delta is not None and not (
            _number(self.delta) and 0 < self.delta < inf
        ):
            raise ValueError(
                "`delta` is the smallest effect of interest: expected a finite number "
                f"> 0. Received: delta={self.delta}. Leave it out for a tenth of the "
                "reference arm's mean."
            )

    def claim(self):
        arm, than = arms.name(self.arm), arms.name(self.than)
        return f"{self._quantity()} of {arm} is {self._word} than that of {than}"

    def _read(self, table, censored, units):
        arm, than = arms.pairs(table, self.measure, self.arm, self.than)
        differences = self._sign * (arm - than)
        unit = units.get(self.measure, "")
        delta = self.delta
        if delta is None:
            delta = max(0.1 * np.abs(than).mean(), 0.1 if unit == "%" else 0.0)
        if self.measure in censored:
            effect, interval = np.median(differences), intervals.sign_test
        else:
            effect, interval = differences.mean(), intervals.student
        return _Evidence(
            effect=effect,
            delta=delta,
            unit=unit,
            replicates=len(differences),
            interval=partial(interval, differences),
        )


class Less(Greater):
    """The arm's `measure` is less than the reference's: `Greater`, d = than - arm."""

    _sign = -1
    _word = "less"


@dataclass(frozen=True, kw_only=True)
class Equivalent(_Comparison):
    """Both arms have the same `measure`, to within `margin`.

    With d = arm - than within a replicate and the interval of its mean (its median
    for a censored step count):

        -margin < lower and upper < margin     reproduced
        lower > margin or upper < -margin      contradicted: different
                                               else unresolved
    """

    measure: str
    arm: Mapping
    than: Mapping
    margin: float
    table: str = _own()

    def __post_init__(self):
        settle(self)
        arms.check(self.arm, self.than)
        if not (_number(self.margin) and 0 < self.margin < inf):
            raise ValueError(
                "`margin` is the largest difference that still counts as none: "
                f"expected a finite number > 0. Received: margin={self.margin}. "
                "For equality without a margin use Exact."
            )

    def claim(self):
        arm, than = arms.name(self.arm), arms.name(self.than)
        return (
            f"{self._quantity()} of {arm} is that of {than} to within {self.margin:g}"
        )

    def sentence(self):
        return (
            f"{self.claim()}: reproduced if the simultaneous 95 % interval of the "
            f"difference lies inside ±{self.margin:g}, contradicted if it lies wholly "
            "outside, else unresolved."
        )

    def _read(self, table, censored, units):
        difference = Greater(
            measure=self.measure, arm=self.arm, than=self.than, delta=self.margin
        )
        return difference._read(table, censored, units)

    def _contradiction(self, lower, upper, delta):
        return "different" if lower > delta or upper < -delta else ""

    def _clearance(self, lower, upper, delta):
        return (delta - max(-lower, upper)) / delta


@dataclass(frozen=True, kw_only=True)
class Rate(_Comparison):
    """The share of runs with `measure` 1, not 0, is above, below or more than another.

    A single arm's exact (Clopper-Pearson) interval is held against the threshold:

        above   lower > above reproduced, upper < above contradicted
        below   upper < below reproduced, lower > below contradicted

    Two arms are decided as in `Greater`, on the difference of their shares; each
    arm's exact interval has half the error. Rates have no unit: `delta` is a share.
    """

    measure: str
    arm: Mapping
    than: Mapping | None = None
    above: float | None = None
    below: float | None = None
    delta: float | None = None
    table: str = _own()

    def __post_init__(self):
        settle(self)
        bounds = {"than": self.than, "above": self.above, "below": self.below}
        given = {key: value for key, value in bounds.items() if value is not None}
        if len(given) != 1:
            received = ", ".join(f"{key}={value}" for key, value in given.items())
            raise ValueError(
                "A rate is held against one thing: expected exactly one of `than`, "
                f"`above` and `below`. Received: {received or 'none of them'}. Hold "
                "it against two with two rules in a Shape."
            )
        arms.check(self.arm, self.than)
        ((key, bound),) = given.items()
        if key == "than":
            if not (_number(self.delta) and 0 < self.delta <= 1):
                raise ValueError(
                    "`delta` is the smallest difference of interest between two rates: "
                    "expected a share above 0, at most 1. Received: "
                    f"delta={self.delta}. Ten percentage points are delta=0.1."
                )
        elif not (_number(bound) and 0 <= bound <= 1):
            raise ValueError(
                f"`{key}` is a rate: expected a number from 0 to 1. Received: "
                f"{key}={bound}. Give a share, not a percentage."
            )
        elif self.delta is not None:
            raise ValueError(
                f"`delta` goes with `than`: expected none beside `{key}`. Received: "
                f"delta={self.delta}. Leave it out: the threshold decides."
            )

    def claim(self):
        rate = f"the rate of {self._quantity()} in {arms.name(self.arm)} is"
        if self.than is not None:
            return f"{rate} greater than that in {arms.name(self.than)}"
        return f"{rate} {self._side()} {self._threshold():g}"

    def sentence(self):
        if self.than is not None:
            return super().sentence()
        return (
            f"{self.claim()}: reproduced if its exact simultaneous 95 % interval lies "
            "wholly on that side, contradicted if wholly on the other, else unresolved."
        )

    def _side(self):
        return "below" if self.above is None else "above"

    def _threshold(self):
        return self.below if self.above is None else self.above

    def _read(self, table, censored, units):
        if self.than is None:
            runs = (arms.by_replicate(table, self.measure, self.arm)[1],)
        else:
            runs = arms.pairs(table, self.measure, self.arm, self.than)
        arms.check_binary(self.measure, np.concatenate(runs))
        shares = [run.mean() for run in runs]
        if self.than is None:
            effect, delta = shares[0], self._threshold()
            interval = partial(intervals.clopper_pearson, effect)
        else:
            effect, delta = shares[0] - shares[1], self.delta
            interval = partial(intervals.share_difference, shares)
        return _Evidence(
            effect=effect,
            delta=delta,
            unit="",
            replicates=len(runs[0]),
            interval=interval,
        )

    def _contradiction(self, lower, upper, delta):
        if self.than is not None:
            return super()._contradiction(lower, upper, delta)
        if self._side() == "above":
            return "rarer than claimed" if upper < delta else ""
        return "more frequent than claimed" if lower > delta else ""

    def _clearance(self, lower, upper, delta):
        if self.than is not None:
            return super()._clearance(lower, upper, delta)
        return lower - delta if self._side() == "above" else delta - upper


@dataclass(frozen=True, init=False)
class Shape:
    """All of several comparisons hold, each judged at an equal part of the error.

    Contradicted if one is, reproduced if all are, else unresolved. The numbers of
    the verdict are those of the comparison that decides, which the reason names:
    the contradicted one, else the one whose interval clears its bound by least,
    counted in its own delta or margin. Unresolved, `seeds` settles every part.
    """

    comparisons: tuple

    def __init__(self, *comparisons):
        object.__setattr__(self, "comparisons", comparisons)
        if not comparisons:
            raise ValueError(
                "A shape is made of comparisons: expected at least one. Received: "
                "none. Hand them over one by one: Shape(Less(...), Equivalent(...))."
            )
        for comparison in comparisons:
            if not isinstance(comparison, _Comparison):
                raise TypeError(
                    "A shape is made of comparisons: expected Greater, Less, "
                    f"Equivalent or Rate. Received: {comparison!r}. Hand them over one "
                    "by one: Shape(Less(...), Equivalent(...))."
                )

    def measures(self):
        return set().union(*(part.measures() for part in self.comparisons))

    def tables(self):
        return set().union(*(part.tables() for part in self.comparisons))

    def arms(self):
        return tuple(arm for part in self.comparisons for arm in part.arms())

    def sentences(self):
        parts = enumerate(self.comparisons, 1)
        return [
            "Reproduced if all of these are, contradicted if one is, else unresolved, "
            "each at an equal part of the error:",
            *(f"({i}) {part.sentence()}" for i, part in parts),
        ]


@dataclass(frozen=True, kw_only=True)
class Exact(_Single):
    """A fact: `measure`, a deviation, is at most `tolerance` in all rows of `where`.

    One that is not a number refutes.
    """

    measure: str
    where: Mapping = field(default_factory=dict)
    tolerance: float
    table: str = _own()

    def __post_init__(self):
        settle(self)
        arms.check(self.where)
        if not (_number(self.tolerance) and 0 <= self.tolerance < inf):
            raise ValueError(
                "`tolerance` is the largest deviation that rounding explains: expected "
                f"a finite number >= 0. Received: tolerance={self.tolerance}. Take 0 "
                "for equality to the bit."
            )

    def measures(self):
        return {self.measure}

    def arms(self):
        return (self.where,)

    def sentence(self):
        runs = f" of {arms.name(self.where)}" if self.where else ""
        return (
            f"Exact if {self._quantity()} is at most {self.tolerance:g} in every "
            f"run{runs}, else refuted."
        )


@dataclass(frozen=True, kw_only=True)
class Cited(_Single):
    """A claim about history: `source` bears it out, or, not `correct`, does not."""

    source: str
    correct: bool = True
    note: str = ""

    def __post_init__(self):
        if not (isinstance(self.source, str) and self.source.strip()):
            raise ValueError(
                "`source` names what was read: expected authors, year and place. "
                f"Received: source={self.source!r}. Write it so that it can be found."
            )

    def measures(self):
        return set()

    def arms(self):
        return ()

    def tables(self):
        return set()

    def sentence(self):
        says = "bears this out" if self.correct else "does not bear this out"
        return f"{self.source} {says}. {self.note}".rstrip()


Rule = Greater | Less | Equivalent | Rate | Shape | Exact | Cited


def judge(
    rule, table, fresh=None, *, claims, censored=frozenset(), units=None, scaled=False
):
    """The verdict of a rule on a table with one row a run.

    Runs are paired by the column `replicate`; where there is a column `diverged`,
    its numbers (steps) mark diverged runs. The intervals of a page with k `claims`
    are two-sided at 1 - 0.05/k: any of them misses in at most 5 % of pages.

    Args:
        rule: one of the rules of this module.
        table: a DataFrame, or a mapping from name to one where there are several.
            `Cited` reads none.
        fresh: the same of other seeds, which alone judge each comparison that
            the first leave unresolved.
        claims: k, the number of claims on the page.
        censored: names of measures that are step counts censored at the budget.
        units: from measure to unit, "%" for percentage points.
        scaled: whether the claim is tied to a source's setting that was scaled
            down. Then it can be reproduced, at this scale, but not contradicted.
    """
    if claims < 1:
        raise ValueError(
            "`claims` is the number of claims on the page: expected at least 1. "
            f"Received: claims={claims}. Count the one that is judged."
        )
    units, alpha = units or {}, 0.05 / claims
    tables = [table] if fresh is None else [table, fresh]
    match rule:
        case Cited():
            word = Word.CITED if rule.correct else Word.MISCITED
            return Verdict(word=word, reason=rule.note, rule=rule)
        case Exact():
            verdict = _check(rule, table, units)
        case Shape():
            verdict = _combine(rule, tables, alpha, censored, units)
        case _Comparison():
            verdict = _compare(rule, tables, alpha, censored, units)
        case _:
            raise TypeError(
                "Expected a rule: Greater, Less, Equivalent, Rate, Shape, Exact or "
                f"Cited. Received: {rule!r}. Build one of these."
            )
    diverged = sum(_diverged(rule, each) for each in tables)
    verdict = replace(verdict, diverged=diverged)
    return _scale(verdict) if scaled else verdict


def _diverged(rule, tables):
    """Count the diverged runs of each table that a rule reads."""
    parts = rule.comparisons if isinstance(rule, Shape) else (rule,)
    return sum(
        arms.diverged(
            one(tables, name),
            [arm for part in parts if part.table == name for arm in part.arms()],
        )
        for name in rule.tables()
    )


def _check(rule, tables, units):
    table = one(tables, rule.table)
    rows = arms.rows(table, rule.where, rule.measure)
    deviations = table[rule.measure].to_numpy(float)[rows]
    if (deviations < 0).any():
        raise ValueError(
            f"`{rule.measure}` is a deviation: expected numbers >= 0. Received: "
            f"{np.nanmin(deviations):g}. Store the absolute value."
        )
    largest = float(deviations.max())
    return Verdict(
        word=Word.EXACT if largest <= rule.tolerance else Word.REFUTED,
        rule=rule,
        effect=largest,
        lower=largest,
        upper=largest,
        delta=float(rule.tolerance),
        unit=units.get(rule.measure, ""),
        replicates=len(deviations),
    )


def undecided(rule, table, *, claims, censored=frozenset(), units=None):
    """List the comparisons that a table leaves unresolved, unless another contradicts.

    What a claim scaled down contradicts is decided too, at its scale.
    """
    parts = rule.comparisons if isinstance(rule, Shape) else (rule,)
    alpha = 0.05 / claims / len(parts)
    words = [
        _judged(part, table, alpha, censored, units or {}).word
        for part in parts
        if isinstance(part, _Comparison)
    ]
    if Word.CONTRADICTED in words:
        return []
    judged = zip(parts, words, strict=False)
    return [part for part, word in judged if word is Word.UNRESOLVED]


def _compare(rule, tables, alpha, censored, units):
    for table in tables:
        verdict = _judged(rule, table, alpha, censored, units)
        if verdict.word is not Word.UNRESOLVED:
            break
    return verdict


def _judged(rule, tables, alpha, censored, units):
    evidence = rule._read(one(tables, rule.table), censored, units)
    delta = evidence.delta

    def decide(n):
        lower, upper = evidence.interval(alpha, n)
        if reason := rule._contradiction(lower, upper, delta):
            return Word.CONTRADICTED, reason, lower, upper
        reproduced = rule._clearance(lower, upper, delta) > 0
        return Word.REPRODUCED if reproduced else Word.UNRESOLVED, "", lower, upper

    n, seeds = evidence.replicates, None
    word, reason, lower, upper = decide(n)
    if word is Word.UNRESOLVED:
        seeds = intervals.seeds_to_settle(lambda n: decide(n)[0] is not word, n)
    return Verdict(
        word=word,
        reason=reason,
        rule=rule,
        effect=float(evidence.effect),
        lower=float(lower),
        upper=float(upper),
        delta=float(delta),
        unit=evidence.unit,
        replicates=n,
        seeds=seeds,
    )


def _combine(shape, tables, alpha, censored, units):
    alpha = alpha / len(shape.comparisons)
    parts = tuple(
        _compare(rule, tables, alpha, censored, units) for rule in shape.comparisons
    )
    contradicted = [each for each in parts if each.word is Word.CONTRADICTED]
    decides = min(
        contradicted or parts,
        key=lambda each: each.rule._clearance(each.lower, each.upper, each.delta),
    )
    claim, seeds = decides.rule.claim(), decides.seeds
    match decides.word:
        case Word.CONTRADICTED:
            reason = f"{claim}: {decides.reason}"
        case Word.UNRESOLVED:
            reason = f"undecided: {claim}"
            wanted = [each.seeds for each in parts if each.word is Word.UNRESOLVED]
            seeds = None if None in wanted else max(wanted)
        case _:
            reason = f"least certain: {claim}"
    return replace(decides, reason=reason, seeds=seeds, parts=parts)


def _scale(verdict):
    word, reason = verdict.word, verdict.reason
    if word is Word.CONTRADICTED:
        reason = f"{reason} at this scale"
    scaled = SCALED.get(word, word)
    return replace(verdict, word=scaled, reason=reason, unscaled=word)
