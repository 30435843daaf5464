"""Run a definition in this process, for a notebook or a script."""

import io
import sys
from pathlib import Path

from rich.console import Console

from study.lab.data import named
from study.lab.declare import elsewhere, profiles, registry
from study.lab.execute.executors import InProcess
from study.lab.execute.progress import Progress
from study.lab.execute.runner import Runner
from study.lab.files.store import Store


def run(definition, profile, say, store, data):
    """Do as `study.lab.run` says."""
    finding = _finding(definition)
    if data is not None:
        finding = elsewhere.move(finding, named.find(data, say), str(data))
    progress = Progress(Console(file=io.StringIO()))
    progress.say = say
    kept = Store(Path(store), say) if store else None
    runner = Runner(kept, InProcess([finding]), progress)
    return runner.table(finding, profiles.get(profile))


def _finding(definition):
    """Return the finding that a definition declares, found by the file it stands in."""
    for module in [*sys.modules.values()]:
        path = getattr(module, "__file__", None)
        if path and vars(module).get("EXPERIMENT") is definition:
            definition = registry.past_spent(Path(path), definition)
            return registry.Finding(Path(path).stem, Path(path), "", definition)
    name = definition.title
    return registry.Finding(name, Path(f"<{name}>"), name, definition)
