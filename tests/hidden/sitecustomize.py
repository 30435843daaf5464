"""Hide from a Python and all that it starts the packages that `HIDDEN` names.

Python imports this before all else where its folder is on `PYTHONPATH`. What TensorFlow
leaves is not looked through once more at the end, which takes two seconds.
"""

import atexit
import gc
import os
import sys
from importlib.machinery import PathFinder

NAMES = {*os.environ.get("HIDDEN", "").split()}


class Finder(PathFinder):
    """Find everything else."""

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name.partition(".")[0] not in NAMES:
            return PathFinder.find_spec(name, path, target)

    @classmethod
    def find_distributions(cls, context):
        return () if context.name in NAMES else PathFinder.find_distributions(context)


sys.meta_path = [Finder if each is PathFinder else each for each in sys.meta_path]
atexit.register(gc.freeze)
