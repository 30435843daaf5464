"""Figures and tables that a definition declares; drawing them only reads tables."""

from study.lab.figures.curves import Curves
from study.lab.figures.deviations import Deviations
from study.lab.figures.learning import Learning
from study.lab.figures.lines import Lines
from study.lab.figures.points import Points
from study.lab.figures.table import Table

__all__ = [
    "Curves",
    "Deviations",
    "Learning",
    "Lines",
    "Points",
    "Table",
]

# What definitions imported from here before, and what to say in its place.
FORMER = {
    "Dots": "`Points(measure, rows=..., panels=...)`",
    "LogLog": '`Lines(y, x=..., hue=..., log="xy")`, whose `limits=(lower, upper)`',
    "Strip": "`Points(measure, rows=...)`",
    "Trend": '`Lines(y, x=..., hue=...)`, whose `log="x"` stands for `log=True`',
} | {
    name: f"`{name}` of experiments/figures/{file}.py, beside its finding"
    for name, file in {
        "Animation": "animation",
        "Functions": "functions",
        "Histograms": "histograms",
        "Paths": "paths",
        "Rates": "rates",
        "Search": "search",
        "SingleRuns": "single_runs",
        "Surface": "surface",
    }.items()
}


def __getattr__(name):
    if name in FORMER:
        raise ImportError(f"study.lab.figures.{name}: now {FORMER[name]}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
