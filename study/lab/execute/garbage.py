"""Look for garbage seldom: what TensorFlow and Keras make when imported stays."""

import atexit
import gc

ALLOCATIONS = 100_000


def collect_seldom() -> None:
    """Look for garbage after 100,000 new objects, and not when Python is left.

    Importing Keras takes a sixth less time so, and leaving Python, which would look at
    400,000 objects once more before it gives their memory back, a ninth.
    """
    gc.set_threshold(ALLOCATIONS, *gc.get_threshold()[1:])
    atexit.register(gc.freeze)
