"""Hold what one program brings, and turn it into bytes and back."""

import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

# What there is one number of a step.
SERIES = "loss", "hits"


@dataclass(frozen=True)
class Result:
    """What one program brings; arrays have one row a run.

    Args:
        loss: Training loss of each step's batch before the update, (runs, steps).
        hits: Share of each step's batch predicted correctly, (runs, steps).
        stopped: The step after which each run ended, (runs,).
        looks: The step of each look, (looks,).
        reads: What was read besides, each an array with one row a run: `"end test
            loss"`, `"look validation error"`, `"probe dead_share"`, `"outputs"`.
        chance: Loss and error, a share, of a guess that knows nothing, (2,).
        seconds: Wall time.
    """

    loss: np.ndarray
    hits: np.ndarray
    stopped: np.ndarray
    looks: np.ndarray
    reads: dict[str, np.ndarray]
    chance: np.ndarray
    seconds: float = 0.0

    @classmethod
    def joined(
        cls, parts: list["Result"], order: Sequence[int], seconds: float
    ) -> "Result":
        """Put the runs of several results one after another, and in an order."""

        def rows(read):
            return np.concatenate([read(each) for each in parts])[order]

        return cls(
            rows(lambda each: each.loss),
            rows(lambda each: each.hits),
            rows(lambda each: each.stopped),
            parts[0].looks,
            {
                name: rows(lambda each, name=name: each.reads[name])
                for name in parts[0].reads
            },
            parts[0].chance,
            seconds,
        )

    def to_bytes(self) -> bytes:
        """Return a NumPy archive of all arrays."""
        arrays = {
            each.name: getattr(self, each.name)
            for each in fields(self)
            if each.name not in ("reads", *SERIES)
        }
        for name in SERIES:
            series = getattr(self, name)
            arrays |= {name: _packed(series), f"{name} shape": np.array(series.shape)}
        arrays |= {f"reads {name}": each for name, each in self.reads.items()}
        archive = io.BytesIO()
        np.savez(archive, allow_pickle=False, **arrays)
        return archive.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> "Result":
        """Read what `to_bytes` wrote."""
        values, reads = {}, {}
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            for key, each in archive.items():
                if key.startswith("reads "):
                    reads[key.removeprefix("reads ")] = each
                else:
                    values[key] = each
        for name in SERIES:
            values[name] = _unpacked(values[name], values.pop(f"{name} shape"))
        values["seconds"] = float(values["seconds"])
        return cls(**values, reads=reads)


def _packed(series):
    """Deflate the differences of neighboring steps' bits, byte by byte of each.

    They are small, since a loss changes little in a step: a tenth is left of XOR's.
    """
    bits = np.ascontiguousarray(series, "<f4").view("<u4")
    steps = np.diff(bits, axis=1, prepend=np.zeros((len(bits), 1), "<u4"))
    planes = np.ascontiguousarray(steps.view("u1").reshape(-1, 4).T)
    return np.frombuffer(zlib.compress(planes.tobytes(), level=1), "u1")


def _unpacked(packed, shape):
    planes = np.frombuffer(zlib.decompress(packed.tobytes()), "u1").reshape(4, -1)
    steps = np.ascontiguousarray(planes.T).view("<u4").reshape(shape)
    return np.cumsum(steps, axis=1, dtype="<u4").view("<f4")
