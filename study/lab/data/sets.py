"""Declare what is learned; nothing is read before it is used."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import NamedTuple

import numpy as np

from study.lab.data import mnist_files
from study.lab.errors import DefinitionError, nearest
from study.lab.scalars import settle

SEED = 20_261_121
STAGES = {"judge": 0, "tune": 1, "draft": 2}


class Form(NamedTuple):
    """What examples are like.

    Args:
        shape: The shape of one of them as a network gets it.
        classes: How many classes the labels name.
        tests: How many of them are the test set.
    """

    shape: tuple[int, ...]
    classes: int
    tests: int


@dataclass(frozen=True)
class Arrays:
    """Hold the examples that stay resident while networks train.

    Args:
        x, y: Examples to train and validate on, (n, ...) and (n,), (n, 1) or, where
            each output has its label or target, (n, outputs).
        x_test, y_test: Examples for the test set, opened once at the end.
    """

    x: np.ndarray
    y: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray

    @cached_property
    def chance_error(self) -> float:
        """Return the error of always naming the commonest class, a share."""
        _, counts = np.unique(self.y, return_counts=True)
        return float(1 - counts.max() / counts.sum())

    @cached_property
    def chance_loss(self) -> float:
        """Return the cross-entropy of predicting the shares of the classes, in nats."""
        _, counts = np.unique(self.y, return_counts=True)
        shares = counts / counts.sum()
        return float(-(shares * np.log(shares)).sum())


@dataclass(frozen=True, kw_only=True)
class Data:
    """Name a data set and how many of its examples each replicate draws.

    Args:
        name: What the pages call it.
        read: Function that returns the examples.
        available: Examples there are to train and validate on.
        train: Examples a replicate trains on.
        validation: Further examples it validates on.
        random_labels: Share of the labels to train and validate on that are replaced by
            random ones; the test set keeps its own.
    """

    name: str
    read: Callable[[], Arrays] = field(repr=False)
    available: int = field(repr=False)
    train: int
    validation: int = 0
    random_labels: float = 0.0

    def __post_init__(self):
        settle(self)
        if not 0 <= self.random_labels <= 1:
            raise DefinitionError(
                "data: expected random_labels from 0 to 1, a share. Received: "
                f"random_labels={self.random_labels}"
            )
        if self.train < 1 or self.validation < 0:
            raise DefinitionError(
                "data: expected train of at least 1 and validation of at least 0. "
                f"Received: train={self.train}, validation={self.validation}"
            )
        if self.train + self.validation > self.available:
            raise DefinitionError(
                f"data: {self.name} has {self.available:,} examples to train and "
                f"validate on. Received: train={self.train:,}, "
                f"validation={self.validation:,}; lower one of them"
            )

    def load(self) -> Arrays:
        """Read the examples, with the labels that they came with."""
        return self.read()

    def prepare(self, say: Callable[[str], None]) -> None:
        """Fetch what the examples are read from, where it is not at hand."""
        if self.read is _mnist:
            mnist_files.prepare(say=say)

    @property
    def form(self) -> Form:
        """Return what the examples are like.

        Example:

        >>> mnist().form
        Form(shape=(784,), classes=10, tests=10000)
        """
        return _form(self.read)

    def checksums(self) -> dict[str, str]:
        """Name the files that the examples come from, with their SHA-256."""
        return mnist_files.checksums() if self.read is _mnist else {}

    def split(
        self, stage: str, replicate: int, train: int | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Draw a replicate's training and validation examples, as indices.

        Of several sizes of `train` the smaller are parts of the larger, and all have
        the same validation examples.
        """
        order = generator(stage, replicate, "split").permutation(self.available)
        return order[: train or self.train], order[self.available - self.validation :]


def generator(stage: str, replicate: int, purpose: str) -> np.random.Generator:
    """Return the random generator of one purpose in one replicate.

    The stages have seeds of their own: what is tuned is not what judges.
    """
    return np.random.default_rng([SEED, STAGES[stage], replicate, *purpose.encode()])


@dataclass(frozen=True)
class Draws:
    """Draw the random numbers of one stage.

    A simulation is handed them, and so cannot take another stage's by mistake.

    Args:
        stage: `"judge"`, `"tune"` or `"draft"`.

    Example:

    >>> draws = Draws("draft")
    >>> first, again = (draws(0, "weights").normal() for _ in range(2))
    >>> first == again
    True
    >>> first == draws(1, "weights").normal()
    False
    """

    stage: str

    def __post_init__(self):
        if self.stage not in [*STAGES]:
            raise DefinitionError(
                f"draws: no such stage. Received: {self.stage!r}; "
                f"{nearest(self.stage, STAGES)}"
            )

    def __call__(self, replicate: int, purpose: str) -> np.random.Generator:
        """Return the random generator of one purpose in one replicate."""
        return generator(self.stage, replicate, purpose)


@dataclass(frozen=True)
class LaterDraws(Draws):
    """Draw the random numbers of replicates further on, where the first are spent.

    Args:
        stage: As in `Draws`.
        past: How many replicates are spent.

    Example:

    >>> later = LaterDraws("draft", 1_000)
    >>> later(0, "weights").normal() == Draws("draft")(1_000, "weights").normal()
    True
    """

    past: int

    def __call__(self, replicate: int, purpose: str) -> np.random.Generator:
        """Return the random generator of one purpose in one replicate from there on."""
        return generator(self.stage, replicate + self.past, purpose)


def mnist(*, train: int = 60_000, validation: int = 0) -> Data:
    """Declare MNIST: 60,000 images to draw from and 10,000 to test on.

    Images are flat, 784 numbers from 0 to 1.
    """
    return Data(
        name="MNIST", read=_mnist, available=60_000, train=train, validation=validation
    )


def xor() -> Data:
    """Declare the exclusive or: its four examples, for training and test alike."""
    return Data(name="XOR", read=_xor, available=4, train=4)


def digits(*, train: int = 400, validation: int = 100) -> Data:
    """Declare small drawn digits for tests: 8x8 images in ten classes, 1,000 in all.

    Each image is its class's pattern with noise, drawn from a fixed seed.
    """
    return Data(
        name="digits", read=_digits, available=1_000, train=train, validation=validation
    )


def with_random_labels(data: Data, share: float) -> Data:
    """Declare data anew, a share of whose labels are random: there is a lot to overfit.

    Those to validate on are of the same kind; those of the test set are right.
    """
    return replace(data, random_labels=share)


def relabelled(y: np.ndarray, share: float) -> np.ndarray:
    """Return labels of which a share, the same each time, is drawn from all classes.

    Example:

    >>> y = np.arange(60_000) % 10
    >>> float((relabelled(y, 0.2) != y).mean())  # a tenth of them as before
    0.17998333333333333
    """
    random = np.random.default_rng([SEED, *b"labels"])
    chosen = random.random(len(y)) < share
    drawn = random.integers(y.max() + 1, size=len(y))
    return np.where(chosen, drawn, y).astype(y.dtype)


def _mnist() -> Arrays:
    raw = mnist_files.arrays()
    return Arrays(
        *(
            part
            for split in ("train", "test")
            for part in (
                raw[f"x_{split}"].reshape(-1, 784).astype("float32") / 255,
                raw[f"y_{split}"].astype("int32"),
            )
        )
    )


def _xor() -> Arrays:
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], "float32")
    y = np.array([[0], [1], [1], [0]], "float32")
    return Arrays(x, y, x, y)


def _digits() -> Arrays:
    random = np.random.default_rng(2026)
    patterns = random.random((10, 64))
    y = np.arange(1_500) % 10
    x = (patterns[y] + random.normal(0, 0.5, (1_500, 64))).astype("float32")
    y = y.astype("int32")
    return Arrays(x[:1_000], y[:1_000], x[1_000:], y[1_000:])


# Known without reading them.
FORMS = {
    _mnist: Form((784,), 10, 10_000),
    _xor: Form((2,), 2, 4),
    _digits: Form((64,), 10, 500),
}


@cache
def _form(read):
    known = FORMS.get(read) or getattr(read, "form", None)
    if known:
        return known
    arrays = read()
    shape, tests = arrays.x.shape[1:], len(arrays.x_test)
    labels = arrays.y
    if labels.ndim > 1 and labels.shape[1] > 1:  # a column for each
        return Form(shape, labels.shape[1], tests)
    return Form(shape, 1 + int(max(labels.max(), arrays.y_test.max())), tests)
