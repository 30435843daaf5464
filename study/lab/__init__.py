"""The machine that turns an experiment's definition into a page with verdicts."""

import sys

# What definitions import and found in `study.lab` itself before it had folders.
MOVED = {
    "experiment": "declare.finding",
    "facts": "declare.facts",
    "measures": "declare.measures",
    "models": "declare.models",
    "rows": "declare.rows",
    "statements": "rules.statements",
    "tensorboard": "execute.tensorboard",
    "verdicts": "rules.verdicts",
}


class _Moved:
    """Tell who imports a module from where it stood where it stands now."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        package, _, module = name.rpartition(".")
        if package == "study.lab" and module in MOVED:
            there = f"{package}.{MOVED[module]}"
            raise ImportError(f"{name}: moved to {there}", name=name)


sys.meta_path.append(_Moved)


def run(definition, profile: str = "standard", say=print, store=None, data=None):
    """Train or simulate a definition in this process and return its page's table.

    Fresh seeds for what the first leave unresolved are among the runs, as on the page.

    Args:
        definition: An `Experiment` or a `Simulation`.
        profile: `"smoke"`, `"standard"` or `"paper"`.
        say: Told how the training goes.
        store: A folder to keep finished runs in, so that the next call trains only
            what is new, and checkpoints, so that it goes on where this one is
            interrupted; None to keep nothing. The definition must stand in a file.
        data: Another data set to train on: `"digits"`, a folder of IDX files, a `.npz`
            file or a name of TensorFlow Datasets, such as `"fashion_mnist"`.

    Returns:
        A `pandas.DataFrame`, one row a run; of a simulation with several tables a
        mapping from name to each.
    """
    from study.lab.execute import notebook

    return notebook.run(definition, profile, say, store, data)
