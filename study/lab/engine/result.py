"""Hold what one program brings, and turn it into bytes and back."""

import io
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

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
        watched: Split to its share of errors at each look, (runs, looks).
        looks: The step of each look.
        seconds: Wall time.
    """

    measures: dict[str, np.ndarray]
    diverged: np.ndarray
    steps: np.ndarray
    curves: np.ndarray
    outputs: np.ndarray
    watched: dict[str, np.ndarray]
    looks: np.ndarray
    seconds: float = 0.0

    @classmethod
    def joined(
        cls, parts: list["Result"], order: Sequence[int], seconds: float
    ) -> "Result":
        """Put the runs of several results one after another, and in an order."""

        def rows(name):
            return np.concatenate([getattr(each, name) for each in parts])[order]

        def named(name):
            found = [getattr(each, name) for each in parts]
            return {
                key: np.concatenate([each[key] for each in found])[order]
                for key in found[0]
            }

        return replace(
            parts[0],
            measures=named("measures"),
            diverged=rows("diverged"),
            curves=rows("curves"),
            outputs=rows("outputs"),
            watched=named("watched"),
            seconds=seconds,
        )

    def to_bytes(self) -> bytes:
        """Return a NumPy archive of all arrays."""
        arrays = {}
        for field in fields(self):
            value = getattr(self, field.name)
            named = value if isinstance(value, dict) else {None: value}
            arrays |= {_key(field.name, name): each for name, each in named.items()}
        archive = io.BytesIO()
        np.savez(archive, allow_pickle=False, **arrays)
        return archive.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Result":
        """Read what `to_bytes` wrote."""
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            values = {"measures": {}, "watched": {}}
            for key, each in archive.items():
                field, _, name = key.partition(" ")
                if name:
                    values[field][name] = each
                else:
                    values[field] = each
        return cls(**values | {"seconds": float(values["seconds"])})


def _key(field, name):
    return field if name is None else f"{field} {name}"
