"""Let Ctrl-C interrupt what a test starts, also where it is ignored."""

import signal


def interruptible():
    """Take SIGINT as usual, in a process about to start: a background ignores it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
