"""Turn what was timed on a GPU into a section of the page, without Jinja."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from benchmarks.works import ON_GPU

TITLES = {
    "ours_gpu": "ours, JAX",
    "ours_cpu": "ours, JAX, on this machine's processor",
    "torch_eager": "PyTorch, eager loop",
    "torch_compile": '`torch.compile`, "reduce-overhead"',
    "torch_vmap": "`torch.func.vmap`",
}
NOTHING = "Not measured: no GPU has been seen yet."


@dataclass(frozen=True)
class Target:
    """Say how many times as fast as a peer ours is to be, a step and a run.

    Args:
        work: The work's name.
        runs: Runs of ours.
        peer: A contestant, in its fastest stack; `"peak"` for the share of the peak.
        least: The smallest ratio or share that meets it.
        tf32: The settings of TensorFloat-32 under which it is asked for.
    """

    work: str
    runs: int
    peer: str
    least: float
    tf32: tuple[str, ...] = ("off", "on")


TARGETS = (
    Target("A", 1_000, "torch_eager", 30),
    Target("A", 1_000, "torch_vmap", 1.3),
    Target("C", 1, "torch_compile", 1),
    Target("C", 1, "peak", 0.5, ("off",)),
    Target("D", 10_000, "ours_cpu", 5, ("off",)),
)


def lines(folder: Path) -> list[str]:
    """Return the section, in Markdown, of what a folder holds."""
    path = folder / "gpu.csv"
    if not path.is_file():
        return [NOTHING]
    timed = Timed(pd.read_csv(path))
    told = json.loads((folder / "gpu.json").read_text())
    versions = ", ".join(f"{name} {each}" for name, each in told["versions"].items())
    where = ", ".join(filter(None, (told["processor"], told["device"])))
    return [
        f"Measured on {where}, with {versions}. Memory is the device's. Both sides "
        "have TensorFloat-32 off, then on; ours trains deterministically, as `make "
        "reports` does. *Compiling* is all before the first timed step.",
        "",
        *_table(("target", "at least", "TF32", "measured", "met"), timed.targets()),
        "",
        *_table(
            (
                *("work", "contestant", "runs", "TF32", "ms a step a run"),
                *("share of peak", "compiling, s", "memory, MB"),
            ),
            timed.rows(),
        ),
    ]


class Timed:
    """Answer what the section asks of the table."""

    def __init__(self, table: pd.DataFrame):
        self.table = table

    def targets(self) -> Iterator[tuple]:
        """Yield each target with what was measured."""
        for each in TARGETS:
            name = "the peak of sgemm" if each.peer == "peak" else TITLES[each.peer]
            runs = f"{each.runs:,} run{'s' if each.runs > 1 else ''}"
            what = f"{each.work}, {runs}, by {name}"
            for tf32 in each.tf32:
                found = self.ratio(each, tf32)
                if found is None:
                    said = "not measured", ""
                else:
                    said = f"{found:.3g}", "yes" if found >= each.least else "**no**"
                yield what, f"{each.least:g}", tf32, *said

    def ratio(self, target: Target, tf32: str) -> float | None:
        """Return what a target is about; None where something was not measured."""
        ours = self._ms(target.work, "ours_gpu", tf32, target.runs)
        if target.peer == "peak":
            return self._share(target.work, tf32, ours)
        peer = self._ms(target.work, target.peer, tf32)
        return None if ours is None or peer is None else peer / ours

    def rows(self) -> Iterator[tuple]:
        """Yield a row for each work, contestant, number of runs and setting."""
        timed = self.table[self.table["work"].isin([*ON_GPU])]
        for row in timed.sort_values(["work", "contestant", "runs"]).itertuples():
            share = self._share(row.work, row.tf32, row.ms)
            yield (
                row.work,
                TITLES[row.contestant],
                f"{row.runs:,.0f}",
                row.tf32,
                f"{row.ms:.3g}",
                "" if share is None or row.contestant == "ours_cpu" else f"{share:.1%}",
                f"{row.start:.1f}",
                f"{row.memory:,.0f}",
            )

    def _ms(self, work, contestant, tf32, runs=None):
        """Return milliseconds a step and run, of the fastest stack or of one."""
        found = self.table[
            (self.table["work"] == work)
            & (self.table["contestant"] == contestant)
            & (self.table["tf32"] == tf32)
        ]
        if runs is not None:
            found = found[found["runs"] == runs]
        return None if found.empty else float(found["ms"].min())

    def _share(self, work, tf32, ms):
        peak = self.table[(self.table["work"] == "peak") & (self.table["tf32"] == tf32)]
        if ms is None or peak.empty:
            return None
        return ON_GPU[work].flops / ms / 1e6 / float(peak["gflops"].max())


def _table(head, rows):
    yield f"| {' | '.join(head)} |"
    yield f"|{' --- |' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
