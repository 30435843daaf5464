"""Hold how far a program's training is, and turn it into bytes and back."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

# Trainable, non-trainable, the optimizer's, numbers: the parts of a stack's state.
PARTS = 4


@dataclass(frozen=True)
class Checkpoint:
    """How far a program is, between two calls of its training.

    Args:
        step: The mean number of steps that its runs have taken.
        seconds: What they took.
        results: Of the stacks that are finished, as bytes.
        arrays: All that the stack in training goes on from, by name; of none if it has
            not begun.
    """

    step: float = 0.0
    seconds: float = 0.0
    results: tuple[bytes, ...] = ()
    arrays: dict[str, np.ndarray] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """Return a line of JSON that says what follows, then results and arrays."""
        arrays = {name: np.asarray(x, order="C") for name, x in self.arrays.items()}
        told = {
            "step": self.step,
            "seconds": self.seconds,
            "results": [len(each) for each in self.results],
            "arrays": [[name, x.dtype.name, x.shape] for name, x in arrays.items()],
        }
        parts = [json.dumps(told).encode(), b"\n", *self.results]
        return b"".join([*parts, *(x.reshape(-1).view("u1") for x in arrays.values())])

    @classmethod
    def from_bytes(cls, content: bytes) -> "Checkpoint":
        """Read what `to_bytes` wrote."""
        at = content.index(b"\n") + 1
        told = json.loads(content[:at])
        results, arrays = [], {}
        for size in told["results"]:
            results.append(content[at : at + size])
            at += size
        for name, kind, shape in told["arrays"]:
            count = int(np.prod(shape))
            read = np.frombuffer(content, np.dtype(kind), count, at)
            at += read.nbytes
            arrays[name] = read.reshape(shape).copy()  # aligned, and may be written to
        return cls(told["step"], told["seconds"], tuple(results), arrays)


def step(content: bytes) -> float:
    """Return the step of a checkpoint, of which the first line is read alone."""
    return json.loads(content[: content.index(b"\n")])["step"]


def flat(name: str, state: tuple, numpy: Callable) -> dict[str, np.ndarray]:
    """Name each tensor of a stack's state by its place, as arrays."""
    return {
        f"{name} {part} {place}": numpy(each)
        for part, tensors in enumerate(state)
        for place, each in enumerate(tensors)
    }


def nested(name: str, arrays: Mapping[str, np.ndarray]) -> tuple[list, ...]:
    """Return the state whose tensors `flat` named."""
    state = tuple([] for _ in range(PARTS))
    for key, each in arrays.items():
        first, _, place = key.partition(" ")
        if first == name:
            state[int(place.partition(" ")[0])].append(each)
    return state
