"""Turn what was timed into a page: the same bytes from the same tables."""

import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from benchmarks import cluster, gpu_report, minutes
from benchmarks.works import GROWTH, WORKS

TITLES = {
    "ours": "ours, TensorFlow",
    "fit": "`model.fit`, defaults",
    "fit_jit": "`model.fit`, `jit_compile=True` and `steps_per_execution`",
    "torch_eager": "PyTorch, eager loop",
    "torch_vmap": "`torch.func.vmap`",
    "numpy_loop": "NumPy loop, float64",
}


@dataclass(frozen=True)
class Floor:
    """Say how many times as fast as a peer ours must be at the least.

    Args:
        work: The work's name.
        peer: A contestant, compared round by round in its fastest stack; `"fastest
            fit"` for the fastest round of either `fit`; `"peak"` for the share of the
            sgemm peak with all threads.
        least: The smallest ratio (or share) that meets the floor.
        why: Why it is missed, where it is.
    """

    work: str
    peer: str
    least: float
    why: str = "not explained yet"


REST = (
    "momentum's passes over all weights and the masks are no products and not counted"
)
FLOORS = (
    Floor("A", "fit", 4),
    Floor("A", "torch_eager", 2.2),
    Floor(
        "A",
        "torch_vmap",
        1.4,
        "it gains by every run up to 100, which share products; beside them ours "
        "gathers batches and updates every weight once a step and run",
    ),
    Floor(
        "B",
        "fit",
        7,
        "the work's share of the peak is below its floor as well, and `fit` loses "
        "less on a slower machine, of which it takes both cores",
    ),
    Floor("B", "torch_eager", 3),
    Floor(
        "B",
        "peak",
        0.6,
        "batch normalization passes over every activation, forward and back, which is "
        "no product and not counted; work A, nearly the same without it, comes closer",
    ),
    Floor("C", "fastest fit", 1.1),
    Floor("C", "torch_eager", 1.55, REST),
    Floor("C", "peak", 0.62, REST),
    Floor("D", "fit", 900),
    Floor("D", "numpy_loop", 55),
    Floor("D", "torch_vmap", 15),
    Floor("E", "fit", 2.5),
    Floor("E", "torch_eager", 1.4, REST),
    Floor("E", "peak", 0.65, REST),
)
# What bounds each work with the runs by which it is compared.
BOUNDS = {
    "A": "Products of small matrices on one thread a core, and beside them the memory "
    "traffic of what is no product: gathering a batch out of all images, and reading "
    "and writing every weight once a step. Runs of a core take turns, so that one "
    "run's weights stay in its caches.",
    "B": "As work A; batch normalization adds passes over activations that stay in the "
    "caches.",
    "C": "Products of large matrices, and momentum, which reads three arrays of ten "
    "million numbers a step and writes two, in place. Two runs with a thread each take "
    "less time a run than one after the other with two threads, as nothing waits for "
    "the other thread; one run alone leaves the other core idle.",
    "D": "Latency: a step of one run is some 700 operations, spread over a few dozen "
    "small loops that follow one another. Stacked runs share the cost of starting "
    "them.",
    "E": "As work C; the masks' random numbers, each of some hundred operations, take "
    "a tenth of the time.",
}


def to_csv(rows: list[dict]) -> bytes:
    """Return rows as the bytes of a table."""
    return pd.DataFrame(rows).to_csv(index=False, lineterminator="\n").encode()


def render(folder: Path) -> str:
    """Return the page of what a folder holds."""
    import jinja2  # a GPU's machine, which only times, may not have it

    timed = Timings(
        pd.read_csv(folder / "results.csv"), pd.read_csv(folder / "peak.csv")
    )
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # all that is filled in is ours
    )
    return environment.get_template("README.md.j2").render(
        machine=json.loads((folder / "machine.json").read_text()),
        rounds=timed.results["round"].nunique(),
        peaks=timed.peaks(),
        floors=[timed.floor(each) for each in FLOORS],
        works=[
            (each, BOUNDS[each.name], timed.contestants(each))
            for each in WORKS.values()
        ],
        growth=timed.growth(),
        minutes=minutes.rows(folder / minutes.FILE.name),
        base=minutes.BASE,
        on_gpu="\n".join(gpu_report.lines(folder)),
        waited=cluster.waited(folder / cluster.FILE.name),
        raced=cluster.raced(folder / cluster.RACE.name),
        structures=cluster.STRUCTURES,
        efficiency=cluster.EFFICIENCY,
    )


class Timings:
    """Answer what the page asks of the tables."""

    def __init__(self, results: pd.DataFrame, peak: pd.DataFrame):
        self.results, self.peak = results, peak

    def peaks(self) -> list[tuple[int, str]]:
        """List (threads, GFLOP/s over the rounds)."""
        found = self.peak.groupby("threads")["gflops"]
        return [(threads, _spread(each)) for threads, each in found]

    def ms(self, work: str, contestant: str, runs: int) -> pd.Series:
        """Return milliseconds a step a run by round."""
        return self._rows(work, contestant, runs)["ms"]

    def floor(self, floor: Floor) -> dict:
        """Compare a floor with what was measured."""
        work = WORKS[floor.work]
        ours = self.ms(work.name, "ours", work.chief)
        if floor.peer == "peak":
            found, peer = self._share(work, ours), "sgemm peak"
        elif floor.peer == "fastest fit":
            fits = [self.ms(work.name, each, 1) for each in ("fit", "fit_jit")]
            found = pd.concat(fits).min() / ours
            peer = "`model.fit`, its fastest round of either kind"
        else:
            runs = self._fastest(work, floor.peer)
            found = self.ms(work.name, floor.peer, runs) / ours if runs else ours[:0]
            peer = TITLES[floor.peer] + (f", {runs} runs" if runs and runs > 1 else "")
        found = found.dropna()
        share = floor.peer == "peak"
        met = "not measured"
        if len(found):
            met = "yes"
            if found.median() < floor.least:
                reached = self._share(work, ours).median()
                needed = reached * floor.least / found.median()
                met = (
                    f"**no**: it takes {_percent(needed)} of the sgemm peak, ours is "
                    f"at {_percent(reached)}; {floor.why}"
                )
        return {
            "work": work.name,
            "runs": work.chief,
            "peer": peer,
            "least": f"{floor.least:.0%}" if share else f"{floor.least:,g}",
            "found": _spread(found, _percent if share else _figures),
            "met": met,
        }

    def _fastest(self, work, contestant):
        """Return with how many runs a contestant is fastest; 0 where not measured."""
        stacks = {
            runs: self.ms(work.name, contestant, runs).median()
            for runs in work.steps[contestant]
            if len(self.ms(work.name, contestant, runs))
        }
        return min(stacks, key=stacks.get, default=0)

    def contestants(self, work) -> list[dict]:
        """List a row for each contestant and number of runs of a work."""
        rows = []
        ours = self.ms(work.name, "ours", work.chief)
        for contestant, steps in work.steps.items():
            for runs in steps:
                found = self._rows(work.name, contestant, runs)
                share = self._share(work, found["ms"])
                rows.append(
                    {
                        "title": TITLES[contestant],
                        "runs": runs,
                        "ms": _spread(found["ms"]),
                        "ratio": ""
                        if contestant == "ours"
                        else _spread(found["ms"] / ours),
                        "share": _spread(share, _percent),
                        "start": _spread(found["start"]),
                        "memory": _spread(found["memory"], "{:,.0f}".format),
                    }
                )
        return rows

    def growth(self) -> list[tuple[str, list[tuple]]]:
        """List for each axis (value, our time, share of peak, PyTorch's, ratio)."""
        chief = WORKS["A"]
        points = {
            "width": [(100, chief)],
            "depth": [(4, chief)],
            "data": [(60_000, chief)],
        }
        for work in GROWTH.values():
            _, axis, value = work.name.split()
            points[axis].append((int(value), work))
        return [
            (
                axis,
                [self._grown(value, work) for value, work in sorted(each, key=_first)],
            )
            for axis, each in points.items()
        ]

    def _grown(self, value, work):
        ours = self.ms(work.name, "ours", 8)
        eager = self.ms(work.name, "torch_eager", 1)
        share = self._share(work, ours)
        return (
            f"{value:,}",
            _spread(ours),
            _spread(share, _percent),
            _spread(eager),
            _spread((eager / ours).dropna()),
        )

    def _rows(self, work, contestant, runs):
        table = self.results
        wanted = (
            (table["work"] == work)
            & (table["contestant"] == contestant)
            & (table["runs"] == runs)
        )
        return table[wanted].set_index("round")

    def _share(self, work, ms):
        peak = self.peak[self.peak["threads"] == self.peak["threads"].max()]
        return work.flops / ms / 1e6 / peak["gflops"].median()


def _first(pair):
    return pair[0]


def _figures(value: float) -> str:
    """Write three figures, without an exponent: 1,234, 56.7, 0.000891."""
    if value == 0 or not abs(value) < 1e300:
        return f"{value:g}"
    value = float(f"{value:.2e}")
    digits = 2 - int(f"{value:e}".partition("e")[2])
    return f"{value:,.{max(0, digits)}f}"


def _percent(value: float) -> str:
    return f"{value:.1%}" if value < 0.095 else f"{value:.0%}"


def _spread(values, write=_figures) -> str:
    """Write the median and, of several values, the smallest and the largest."""
    if not len(values):
        return "not measured"
    median = write(values.median())
    if len(values) == 1:
        return median
    return f"{median} ({write(values.min())} to {write(values.max())})"
