"""Start a Python that finds our code, and wait for it."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def environment(hidden=(), **more):
    """Return the environment of a Python that finds our code, but no `hidden` names."""
    path = f"{ROOT / 'tests' / 'hidden'}{os.pathsep}{ROOT}"
    return os.environ | {"PYTHONPATH": path, "HIDDEN": " ".join(hidden)} | more


def python(*arguments, cwd=None, hidden=(), **more):
    """Run Python with arguments; return what it printed and its exit code."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env=environment(hidden, **more),
        capture_output=True,
        text=True,
        check=False,
    )
