"""Garbage is looked for seldom, and not when Python is left."""

import ast

import processes

from study.lab.execute import garbage

SEEN = """
import atexit, gc, runpy, sys

names = runpy.run_path(sys.argv[1])  # alone: the lab imports Keras
before = gc.get_threshold()
atexit.register(lambda: print(gc.get_freeze_count() > 0))
names["collect_seldom"]()
after = names["ALLOCATIONS"], *before[1:]
print((gc.get_threshold() == after, gc.get_freeze_count()))
"""


def test_what_is_left_is_frozen_when_python_is_left_and_not_before():
    seen = processes.python("-c", SEEN, garbage.__file__)
    during, after = map(ast.literal_eval, seen.stdout.splitlines())
    assert during == (True, 0), seen.stderr
    assert after is True
