"""Hold what one program brings, and turn it into bytes and back."""

import io
from dataclasses import dataclass, fields

import numpy as np


@dataclass(frozen=True)
class Result:
    """What one program brings; arrays have one row a run.

    Args:
        measures: Measure's name to (runs,).
        diverged: Step of the first non-finite loss or 0, (runs,).
        steps: The last step of each stretch that a point of a curve averages.
        curves: Mean training loss of each stretch, (runs, points).
        outputs: Outputs on the experiment's inputs, (runs, n, units), or empty.
        seconds: Wall time of the program.
    """

    measures: dict[str, np.ndarray]
    diverged: np.ndarray
    steps: np.ndarray
    curves: np.ndarray
    outputs: np.ndarray
    seconds: float

    def to_bytes(self) -> bytes:
        """Return a NumPy archive of all arrays."""
        arrays = {_PREFIX + name: each for name, each in self.measures.items()}
        for field in fields(self)[1:]:
            arrays[field.name] = getattr(self, field.name)
        archive = io.BytesIO()
        np.savez(archive, allow_pickle=False, **arrays)
        return archive.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Result":
        """Read what `to_bytes` wrote."""
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            arrays = dict(archive)
        measures = {
            name.removeprefix(_PREFIX): arrays.pop(name)
            for name in list(arrays)
            if name.startswith(_PREFIX)
        }
        seconds = float(arrays.pop("seconds"))
        return cls(measures=measures, seconds=seconds, **arrays)


_PREFIX = "measure "
