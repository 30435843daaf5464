"""Figures and tables that a definition declares; drawing them only reads tables."""

from study.lab.figures.animation import Animation
from study.lab.figures.curves import Curves
from study.lab.figures.deviations import Deviations
from study.lab.figures.dots import Dots
from study.lab.figures.functions import Functions
from study.lab.figures.histograms import Histograms
from study.lab.figures.learning import Learning
from study.lab.figures.loglog import LogLog
from study.lab.figures.paths import Paths
from study.lab.figures.rates import Rates
from study.lab.figures.search import Search
from study.lab.figures.single_runs import SingleRuns
from study.lab.figures.strip import Strip
from study.lab.figures.surface import Surface
from study.lab.figures.table import Table
from study.lab.figures.trend import Trend

__all__ = [
    "Animation",
    "Curves",
    "Deviations",
    "Dots",
    "Functions",
    "Histograms",
    "Learning",
    "LogLog",
    "Paths",
    "Rates",
    "Search",
    "SingleRuns",
    "Strip",
    "Surface",
    "Table",
    "Trend",
]
