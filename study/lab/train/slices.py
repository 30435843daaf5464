"""Cut training into slices: say when a checkpoint is due, and when to stop."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

# Seconds of training that a kill may cost, and of which a checkpoint may take a
# hundredth: one that takes longer is kept less often.
EVERY, CHEAP = 300.0, 3.0


class Paused(Exception):
    """Say that training stopped on its way.

    Args:
        checkpoint: What goes on from there.
    """

    def __init__(self, checkpoint: bytes):
        super().__init__("training stopped on its way")
        self.checkpoint = checkpoint


@dataclass
class Slices:
    """The slices of one program's training.

    Args:
        begun: The checkpoint to go on from; b"" begins.
        every: Seconds of training between checkpoints; None keeps none.
        keep: Told each checkpoint.
        over: Returns whether to stop.
    """

    begun: bytes = b""
    every: float | None = None
    keep: Callable[[bytes], None] = lambda _: None
    over: Callable[[], bool] = lambda: False
    _due: float = field(default=0.0, init=False)

    def __post_init__(self):
        if self.every is not None:
            self._due = time.monotonic() + self.every

    def end_stretch(self, checkpoint: Callable[[], bytes]) -> None:
        """Keep a checkpoint if one is due; raise `Paused` with one if time is over."""
        if self.over():
            raise Paused(checkpoint())
        start = time.monotonic()
        if self.every is not None and start >= self._due:
            self.keep(checkpoint())
            end = time.monotonic()
            self._due = end + self.every * max(1.0, (end - start) / CHEAP)
