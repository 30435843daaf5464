"""Figures and tables that a definition declares; drawing them only reads tables."""

from study.lab.figures.curves import Curves
from study.lab.figures.deviations import Deviations
from study.lab.figures.histograms import Histograms
from study.lab.figures.rates import Rates
from study.lab.figures.strip import Strip
from study.lab.figures.surface import Surface
from study.lab.figures.table import Table

__all__ = ["Curves", "Deviations", "Histograms", "Rates", "Strip", "Surface", "Table"]
