"""Record numbers every few epochs, for Python and for TensorBoard."""

import os
import time
from os import PathLike
from typing import Any

import keras
import numpy as np


class Recorder(keras.callbacks.Callback):
    """Keep what a callback measures, and write it to TensorBoard when asked.

    A subclass names its `group` and has `measure(logs)`, which returns a dictionary
    from names to numbers, or to counts `(bins,)` where it has `edges`, `(bins + 1,)`.

    Args:
        every: Positive integer: epochs from one record to the next. The first one is
            at the end of epoch `every - 1`, where epochs count from 0. Defaults to 1.
        log_dir: Path, or `None` for no files. TensorBoard's events go to the folder
            `log_dir/<group>`, with tags `<group>/<name>` and the epoch as the step.
            Needs the package tensorboard, on any backend. Defaults to `None`.

    Attributes:
        history: Dictionary from names to lists, one entry a record: floats, or arrays
            for counts. `history["epoch"]` lists the epochs. A new `fit` starts anew.

    Raises:
        ValueError: `every` is no positive integer.
        ImportError: At the start of training: `log_dir` is given and tensorboard is
            not installed.
    """

    group = None
    edges = None

    def __init__(
        self, every: int = 1, log_dir: str | PathLike[str] | None = None, **options: Any
    ) -> None:
        super().__init__(**options)
        self.every = count(
            "every", every, 1, "is the number of epochs from one record to the next"
        )
        self.log_dir = log_dir
        self.history = {}
        self._events = None

    def measure(self, logs):
        raise NotImplementedError

    def on_train_begin(self, logs=None):
        super().on_train_begin(logs)
        self.history = {"epoch": []}
        if self.log_dir is not None:
            self._events = _Events(os.path.join(self.log_dir, self.group))

    def on_epoch_end(self, epoch, logs=None):
        super().on_epoch_end(epoch, logs)
        if (epoch + 1) % self.every:
            return
        self.history["epoch"].append(epoch)
        for name, value in self.measure(logs or {}).items():
            value = np.asarray(keras.ops.convert_to_numpy(value))
            value = value if value.ndim else value.item()
            self.history.setdefault(name, []).append(value)
            if self._events is not None:
                self._events.add(f"{self.group}/{name}", value, self.edges, epoch)
        if self._events is not None:
            self._events.flush()

    def on_train_end(self, logs=None):
        super().on_train_end(logs)
        if self._events is not None:
            self._events.close()
            self._events = None


def plain(value):
    """Return NumPy's numbers, alone or in a sequence, as Python's."""
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    numbers = isinstance(value, np.generic | np.ndarray)
    return value.tolist() if numbers else value


def count(name, value, least, meaning):
    """Return a count as Python's integer, or say which were expected."""
    kept = plain(value)
    if not isinstance(kept, int) or isinstance(kept, bool) or kept < least:
        expected = "a positive integer" if least else "an integer from 0 up"
        raise ValueError(
            f"`{name}` {meaning}: expected {expected}. Received: {name}={value!r}"
        )
    return kept


class _Events:
    """Write numbers and histograms to an event file, without TensorFlow."""

    def __init__(self, folder: Any) -> None:
        try:
            from tensorboard.compat.proto import event_pb2, summary_pb2
            from tensorboard.summary.writer import event_file_writer
        except ImportError as error:
            raise ImportError(
                "`log_dir` asks for TensorBoard's event files: install the package "
                "tensorboard, with `pip install tensorboard`, or leave log_dir out. "
                f"Received: log_dir={os.path.dirname(folder)!r}"
            ) from error
        self._event = event_pb2.Event
        self._summary = summary_pb2.Summary
        self._histogram = summary_pb2.HistogramProto
        self._writer = event_file_writer.EventFileWriter(folder)
        self.flush, self.close = self._writer.flush, self._writer.close

    def add(self, tag, value, edges, step):
        if isinstance(value, np.ndarray):
            histogram = self._histogram(
                min=edges[0],
                max=edges[-1],
                num=value.sum(),
                bucket_limit=edges[1:].tolist(),
                bucket=value.tolist(),
            )
            entry = self._summary.Value(tag=tag, histo=histogram)
        else:
            entry = self._summary.Value(tag=tag, simple_value=value)
        summary = self._summary(value=[entry])
        # The writer would not fill the time in, by which TensorBoard sorts.
        self._writer.add_event(
            self._event(step=step, summary=summary, wall_time=time.time())
        )
