"""Show the ways of methods in motion, over the contours of a function."""

from dataclasses import dataclass

import numpy as np

from study.lab.figures.base import Figure
from study.lab.figures.wording import told

from .labels import ROW, apart, paste, reorder, sprite
from .paths import Paths

PICTURES, SPEED = 100, 1.7  # the power of time in which steps go by
DELAY, HOLD = 70, 2_000  # milliseconds of a picture and of the last
HEIGHT, DPI = 4.2, 96  # inches, and pixels an inch
NAMES = 10.0  # the contrast of names, which are over lines of the same hue
GAP = 6  # pixels from a point to its name
GLIDE = 0.5  # of the way to its place that a name goes from one picture to the next
HALF = 0.3  # of a name's size, how far inside of it a thin line ends


@dataclass(frozen=True)
class Animation(Figure):
    """Show each method's way as it grows, its name beside it; the last picture stays.

    The first steps, in which most happens, go by slowly and the later ones ever faster.
    Between the steps that the table holds a way is straight, as in the still picture.

    Args:
        still: The same ways where nothing moves.
        title: What the figure shows.
    """

    still: Paths
    title: str

    suffix = ".gif"

    def __post_init__(self):
        object.__setattr__(self, "table", self.still.table)

    @property
    def where(self):
        return self.still.where

    def measures(self):
        return self.still.measures()

    def needs(self):
        return self.still.needs()

    def in_numbers(self, shown):
        return self.still.headline(shown)

    def caption(self, shown):
        goal = "; the star is the goal" if self.still.goal else ""
        return (
            f"{self.title}; slowly at first, from the hollow circle on{goal}. What "
            "leaves the picture is listed in its corner, the first at the top."
        )

    def alt(self, shown):
        return told(f"Animation. {self.headline(shown)}", ())

    def render(self, shown):
        from study.lab.figures import style

        from .gif import encode

        self._check(shown)
        with style.look():
            scene = _Scene(self.still, shown)
            pictures = [scene.picture(step) for step in scene.steps()]
        delays = [DELAY] * (len(pictures) - 1) + [HOLD]
        return encode(pictures, delays, scene.palette())

    def _draw(self, shown):
        """Draw the last picture."""
        scene = _Scene(self.still, shown)
        scene.picture(scene.steps()[-1])
        return scene.figure


class _Scene:
    """What stays, drawn once, and what moves, drawn over it again and again."""

    def __init__(self, still, shown):
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        from study.lab.figures import contrast, style

        self.figure = style.canvas(HEIGHT)
        self.figure.set_dpi(DPI)
        self.canvas = FigureCanvasAgg(self.figure)
        self.axes = self.figure.subplots()
        self.axes.set(xlabel=still.x, ylabel=still.y)
        still.background(self.axes)
        self.title = self.axes.set_title("step", animated=True)
        ways = still.ways(shown)
        self.colors, markers = style.colors([*ways]), style.markers([*ways])
        self.dark = {
            name: contrast.seen(self.colors[name], style.PAPER, NAMES) for name in ways
        }
        self.ways = [
            _Way(
                self.axes,
                way[still.step].to_numpy(float),
                np.column_stack(still.points(way)),
                self.colors[name],
                markers[name],
            )
            for name, way in ways.items()
        ]
        self.canvas.draw()
        self.behind = self.canvas.copy_from_bbox(self.figure.bbox)
        self.names = [sprite(name, self.dark[name], DPI) for name in ways]
        self.sizes = np.array([each.shape[1::-1] for each in self.names], float)
        self.order, self.gone = list(range(len(self.ways))), []
        self.heads = self.places = None

    def palette(self):
        return [*self.colors.values(), *self.dark.values()]

    def steps(self):
        """List the step of each picture, from the first to the last."""
        last = max(each.steps[-1] for each in self.ways)
        return [round(each) for each in last * np.linspace(0, 1, PICTURES) ** SPEED]

    def picture(self, step):
        """Return the picture of a step as bytes (height, width, 4)."""
        self.title.set_text(f"step {step:,}")
        heads = self.axes.transData.transform([each.move(step) for each in self.ways])
        self._place(heads)
        for number, way in enumerate(self.ways):
            way.point(self._beside(number, heads[number]), heads[number])
        self.canvas.restore_region(self.behind)
        self.axes.draw_artist(self.title)
        for kind in ("line", "leader", "head"):
            for way in self.ways:
                self.axes.draw_artist(getattr(way, kind))
        drawn = np.array(self.canvas.buffer_rgba())
        for name, place in zip(self.names, self.places, strict=True):
            paste(drawn, name, place)
        return drawn

    def _place(self, heads):
        """Let names go with the ends of the ways, and glide to where there is room."""
        wanted = self._wanted(heads)
        self.order = reorder(self.order, wanted[:, 1])
        low, high = bounds = self.axes.bbox.get_points()
        goal = apart(wanted, self.sizes, bounds, self.order)
        if self.places is None:
            self.heads, self.places = heads, goal
        stays = np.isin(np.arange(len(heads)), self.gone)[:, None]
        before = self.places + np.where(stays, 0, heads - self.heads)
        before = np.clip(before, low, high - self.sizes)
        self.heads, self.places = heads, before + GLIDE * (goal - before)

    def _wanted(self, heads):
        """Return where names should be: beside their points, or listed in the corner.

        What has left the picture is listed at the upper right, the first at the top.
        """
        wanted = heads + np.column_stack(
            [np.full(len(heads), GAP), -self.sizes[:, 1] / 2]
        )
        out = [i for i, head in enumerate(heads) if not self.axes.bbox.contains(*head)]
        self.gone = [each for each in self.gone if each in out]
        self.gone += [each for each in out if each not in self.gone]
        corner = self.axes.bbox.get_points()[1]
        for rank, each in enumerate(self.gone, 1):
            wanted[each] = corner - self.sizes[each] * (1, rank * ROW)
        return wanted

    def _beside(self, number, head):
        """Return the point of a name that is nearest to a way's end, or None."""
        if number in self.gone:
            return None
        low, size = self.places[number], self.sizes[number]
        near = np.clip(head, low + HALF * size, low + (1 - HALF) * size)
        return near if np.hypot(*(head - near)) > 2 * GAP else None


class _Way:
    """A method's line, its end and the thin line from there to its name."""

    def __init__(self, axes, steps, points, color, marker):
        self.steps, self.points = steps, points
        look = {"animated": True, "color": color}
        (self.line,) = axes.plot([], [], lw=1.6, **look)
        (self.head,) = axes.plot([], [], marker, ms=7, **look)
        (self.leader,) = axes.plot([], [], lw=0.9, transform=None, **look)
        axes.plot(*points[0], "o", color=color, markerfacecolor="white", ms=7)

    def move(self, step):
        """Let the line grow up to a step, and return its end."""
        end = [np.interp(step, self.steps, each) for each in self.points.T]
        grown = np.vstack([self.points[self.steps < step], end])
        self.line.set_data(*grown.T)
        self.head.set_data(*grown[-1:].T)
        return end

    def point(self, name, head):
        """Draw a thin line from the end to a name, both in pixels; None for none."""
        ends = np.empty((0, 2)) if name is None else np.array([name, head])
        self.leader.set_data(*ends.T)
