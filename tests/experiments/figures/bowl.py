"""The ways that tests draw: over a bowl, to its middle."""

from experiments.figures.paths import Paths


def bowl(x, y):
    return x**2 + y**2


PATHS = Paths(
    "x",
    "y",
    hue="method",
    step="step",
    height=bowl,
    xlim=(-1, 1),
    ylim=(-1, 1),
    goal=(0.0, 0.0),
    title="Two ways",
)
