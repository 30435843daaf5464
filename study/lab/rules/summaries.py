"""Summarize the runs of a cell in one measure, and print numbers to useful digits."""

import math
from dataclasses import dataclass

import numpy as np

from study.lab.rules import intervals

ALPHA = 0.05
SMALL = 1e-4  # below it numbers are printed with an exponent
JOIN = ",\N{NO-BREAK SPACE}"  # an interval stays on one line of a narrow cell


@dataclass(frozen=True, kw_only=True)
class Summary:
    """A center and its 95 % interval.

    `kind` is "share" for a measure that is 0 or 1 (exact interval), "median" for a
    censored step count (interval of the sign test) and "mean" else (Student's t).
    `reached` counts the runs in which it is 1, or whose step count is not censored at
    the `budget`. `runs` are those that have a number; `lost` is a run that has none.
    """

    kind: str
    runs: int
    lost: int = 0
    why: str = "not a number"
    reached: int = 0
    budget: float = math.inf
    center: float = math.nan
    lower: float = math.nan
    upper: float = math.nan

    @property
    def short(self) -> str:
        """The center and its interval; a count at the budget stands for never."""
        if not self.runs:
            return self.why if self.lost else "no runs"
        few = self.kind == "share" and self.runs <= 100
        decimals = 2 if few else None
        text = interval(self.center, self.lower, self.upper, decimals=decimals)
        if self.center >= self.budget:
            return "never"
        if self.kind == "median" and self.runs > 1 and math.isinf(self.lower):
            return f"{number(self.center)} (no interval of {self.runs} runs)"
        if self.upper >= self.budget:
            return f"{text.rpartition(JOIN)[0]}{JOIN}never]"
        return text

    def __str__(self):
        if self.lost and self.runs:
            return f"{self._text()}; {self.why} in {self.lost} of {self.all}"
        return self._text()

    @property
    def all(self) -> int:
        """Return the number of runs, of those without a number too."""
        return self.runs + self.lost

    def _text(self):
        late = self.runs - self.reached
        if self.kind == "share" and self.runs:
            return f"{self.reached} of {self.runs}: {self.short}"
        if self.kind == "median" and late:
            never = f"never in {late} of {self.runs}"
            return never if self.short == "never" else f"{self.short}; {never}"
        return self.short


def kind(shown, measure: str) -> str:
    """Say how a measure is summarized: as a share, a median or a mean."""
    if measure in shown.censored:
        return "median"
    if shown.units.get(measure):
        return "mean"
    values = shown.table[measure]
    if "diverged" in shown.table:
        values = values[finite(values) | shown.table["diverged"].isna()]
    return "share" if values.isin((0, 1)).all() else "mean"


def finite(values) -> np.ndarray:
    """Mark the values that are numbers; a run that diverged may leave others."""
    return np.isfinite(np.asarray(values, float))


def lost(rows, measure: str) -> tuple[int, str]:
    """Count the runs that have no number of a measure, and say why they have none."""
    without = ~finite(rows[measure])
    broken = "diverged" in rows and rows["diverged"][without].notna().all()
    return int(without.sum()), "diverged" if broken else "not a number"


def summarise(shown, measure: str, rows) -> Summary:
    """Summarize a measure in some rows of the table that is shown."""
    values = rows[measure].to_numpy(float)
    without, why = lost(rows, measure)
    values = values[finite(values)]
    n = len(values)
    if not n:
        return Summary(kind="mean", runs=0, lost=without, why=why)
    how = kind(shown, measure)
    reached, budget, center = n, math.inf, values.mean()
    match how:
        case "share":
            reached = int(values.sum())
            ends = intervals.clopper_pearson(center, ALPHA, n)
        case "median":
            cell = tuple(rows.iloc[0][[*shown.sweep]])
            budget, center = shown.budgets[measure][cell], np.median(values)
            reached = int((values < budget).sum())
            ends = intervals.sign_test(values, ALPHA, n)
        case "mean":
            ends = intervals.student(values, ALPHA, n)
            least, most = intervals.ENDS.get(
                shown.units.get(measure), (-math.inf, math.inf)
            )
            # a share of a loss, which can be negative, is told in % as well
            if least <= values.min() and values.max() <= most:
                ends = np.clip(ends, least, most)
    lower, upper = map(float, ends)
    return Summary(
        kind=how,
        runs=n,
        lost=without,
        why=why,
        reached=reached,
        budget=budget,
        center=float(center),
        lower=lower,
        upper=upper,
    )


def interval(
    center: float, lower: float, upper: float, bounds=(), decimals: int | None = None
) -> str:
    """Print a number and its interval with the digits that the interval leaves sure.

    There are more where an end would look equal to one of `bounds`, which it is held
    against, and is not.
    """
    center, lower, upper = printed(center, lower, upper, bounds, decimals)
    return f"{center} [{lower}{JOIN}{upper}]"


def printed(
    center: float, lower: float, upper: float, bounds=(), decimals: int | None = None
) -> tuple[str, str, str]:
    """Print a number and the ends of its interval, as `interval` does, one by one."""
    values = center, lower, upper
    if 0 < max(map(abs, values)) < SMALL:
        return tuple(map(brief, values))
    if decimals is None:
        decimals = _decimals(*values)
    ends = [end for end in (lower, upper) if math.isfinite(end)]
    for _ in range(4):
        if not any(
            end != bound and round(end, decimals) == round(bound, decimals)
            for end in ends
            for bound in bounds
        ):
            break
        decimals += 1
    return tuple(number(each, decimals) for each in values)


def number(value: float, decimals: int | None = None) -> str:
    """Print a number, to six significant digits where no decimals are given."""
    if math.isnan(value):
        return "not a number"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if decimals is None:
        text = f"{value:,.0f}" if abs(value) >= 1e5 else f"{value:,.6g}"
    else:
        text = f"{value:,.{decimals}f}"
    if not text.strip("-0."):  # rounded to zero: no sign
        text = text.lstrip("-")
    return text.replace("-", "−")


def brief(value: float) -> str:
    """Print a number to three significant digits."""
    return number(float(f"{value:.3g}"))


def apart(value: float, bound: float) -> str:
    """Print a number briefly, but not so that it looks equal to a bound it is not."""
    same = brief(value) == brief(bound) and value != bound
    return number(value) if same else brief(value)


def _decimals(center, lower, upper):
    half = (upper - lower) / 2
    if not math.isfinite(half) or half <= 0:
        half = abs(center) / 100
    # one digit of the half-width, two where it begins with 1 or 2
    return min(max(-math.floor(math.log10(half / 3)), 0), 6) if half else 0
