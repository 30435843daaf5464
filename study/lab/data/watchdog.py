"""Fetching commands that are never waited for in silence.

Time limits inside a client do not bound everything: looking up a host's name,
trying each of its addresses or shaking hands may each take longer. So a fetch
runs as a process of its own that writes to a folder, and it is killed once that
folder has stopped growing. pooch, which checks files as we do, waits within its client.
"""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

# With the time to start and to kill a process, no wait is longer than 5 s.
SILENCE_S = 4.5


def run_watched(
    command: Sequence[str],
    folder: Path,
    fetching: Callable[[], bool] = lambda: True,
) -> None:
    """Run a command in `folder`, for as long as the files there keep growing.

    While it is not `fetching`, it may take its time.

    Raises TimeoutError for a silent command and ChildProcessError, with what it
    printed, for one that failed.
    """
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
        try:
            _wait_while_growing(process, folder, fetching)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        if process.returncode != 0:
            output.seek(0)
            printed = " ".join(output.read().decode(errors="replace").split())
            raise ChildProcessError(
                f"{Path(command[0]).name} failed with code {process.returncode}: "
                f"{printed[:400] or 'it printed nothing'}"
            )


def _wait_while_growing(process, folder, fetching) -> None:
    size, since = 0, time.monotonic()
    while True:
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.1)
            return
        if (now := _bytes_in(folder)) != size or not fetching():
            size, since = now, time.monotonic()
        elif time.monotonic() - since > SILENCE_S:
            raise TimeoutError(f"no data for {SILENCE_S:g} s")


def _bytes_in(folder: Path) -> int:
    total = 0
    for where, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):
                total += os.stat(os.path.join(where, name)).st_size
    return total
