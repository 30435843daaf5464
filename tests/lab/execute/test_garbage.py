"""Garbage is looked for seldom, and not when Python is left."""

import ast

import processes

SEEN = """
import atexit, gc
from study.lab.execute.garbage import ALLOCATIONS, collect_seldom

before = gc.get_threshold()
atexit.register(lambda: print(gc.get_freeze_count() > 0))
collect_seldom()
print((gc.get_threshold() == (ALLOCATIONS, *before[1:]), gc.get_freeze_count()))
"""


def test_what_is_left_is_frozen_when_python_is_left_and_not_before():
    seen = processes.python("-c", SEEN)
    during, after = map(ast.literal_eval, seen.stdout.splitlines())
    assert during == (True, 0), seen.stderr
    assert after is True
