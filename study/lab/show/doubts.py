"""Doubt the words of a trained page: at other margins, and at half the training.

All is read off the page's tables, and nothing is trained for it.
"""

import pandas as pd

from study.lab.declare.experiment import Experiment
from study.lab.judge import FAILED, judged_otherwise
from study.lab.rules.plain import listing
from study.lab.rules.verdicts import FACTS
from study.lab.show.tables import Grid

TITLE = "The word of each claim, had it been decided otherwise"
HEADINGS = (
    "claim",
    "as it was decided",
    "at half the margin",
    "at double the margin",
    "at half the training",
)
# What the errors that are watched on the way tell, by the measure they stand for. The
# test images are opened once, at the end: on the way validation images stand for them.
ON_THE_WAY = {
    "train_error": ("train",),
    "validation_error": ("validation",),
    "test_error": ("validation",),
    "gap": ("validation", "train"),
}


def doubts(page, claims) -> Grid | None:
    """Return the table of a trained page's words under doubt; None of other pages.

    Args:
        page: The page.
        claims: Its judged claims.
    """
    trained = isinstance(page.definition, Experiment) and page.profile.judged
    judged = [
        each
        for each in claims
        if trained
        and each.page is page
        and each.verdict is not FAILED
        and not isinstance(each.claim.verdict, FACTS)
    ]
    if not judged:
        return None
    half = _Half(page)
    rows = tuple(_row(page, each, half) for each in judged)
    return Grid(TITLE, HEADINGS, rows)


def _row(page, each, half):
    words = []
    for times in (0.5, 2.0):
        found = judged_otherwise(
            page.definition, each.claim, page.table, page.edges, times=times
        )
        words.append(_told(found.word, each) + _standing(each.claim.verdict))
    return (f"{each.id}", f"{each.word}", *words, half.word(each))


def _standing(rule):
    """Say which parts of a rule are held against a number, which has no margin."""
    parts = [part for part, _ in rule.parts()]
    fixed = [not each.stretches for each in parts]
    if all(fixed):
        return ": it has no margin"
    numbers = rule.numbers() if any(fixed) else []
    standing = [number for number, each in zip(numbers, fixed, strict=False) if each]
    return f"; no margin in {listing(standing)}" if standing else ""


def _told(word, each):
    return "the same" if word is each.word else f"{word}"


class _Half:
    """A page's table at half of the training, as far as it is kept."""

    def __init__(self, page):
        self.page, self.definition = page, page.definition
        self.swept = [*page.definition.vary]
        records = page.table[self.swept].to_dict("records")
        self.steps = pd.Series([self.definition.budget(each) / 2 for each in records])

    def word(self, each):
        """Tell the word of a claim there, or that what it reads is not kept."""
        columns = {}
        for measure in sorted(each.claim.verdict.measures()):
            found = self._column(measure)
            if found is None or found.isna().any():
                return f"not kept: `{measure}`"
            columns[measure] = found.to_numpy()
        table = self.page.table.assign(**columns)
        word = judged_otherwise(
            self.definition,
            each.claim,
            table,
            self.page.edges,
            budget=self._budget,
        ).word
        return _told(word, each)

    def _budget(self, measure, arm):
        return self.definition.budget_of(measure, arm) / 2

    def _column(self, measure):
        """Return a measure of each run at half of the training; None if not kept."""
        table = self.page.table
        if measure in self.definition.censored():
            ends = [
                self._budget(measure, each)
                for each in table[self.swept].to_dict("records")
            ]
            return table[measure].clip(upper=pd.Series(ends, table.index))
        if measure == "final_loss":
            found = self._of(self.page.curves)
            return None if found is None else self._or_chance(found, table[measure])
        if measure not in ON_THE_WAY:
            return None
        splits = ON_THE_WAY[measure]
        found = [self._of(self.page.errors, split) for split in splits]
        if any(each is None for each in found):
            return None
        first, *less = found
        return self._or_chance(100 * (first - sum(less)), table[measure])

    def _or_chance(self, found, ends):
        """Return what was found, and the end of runs that had diverged by then."""
        broken = self.page.table["diverged"].to_numpy() <= self.steps
        return found.mask(broken, pd.Series(ends.to_numpy()))

    def _of(self, kept, split=None):
        """Return what is kept of each run at the last look of its first half."""
        if kept is None:
            return None
        rows = kept if split is None else kept[kept["split"] == split]
        if rows.empty:
            return None
        keys = [*self.swept, "replicate"]
        looks = [each for each in rows if isinstance(each, int)]
        found = self.page.table[keys].merge(rows, on=keys, how="left")
        # of a run that had ended by then the last that was seen
        seen = found[looks].ffill(axis=1)
        late = [[look > steps for look in looks] for steps in self.steps]
        return seen.mask(late).ffill(axis=1)[looks[-1]]
