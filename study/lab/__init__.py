"""The machine that turns an experiment's definition into a page with verdicts."""


def run(definition, profile: str = "standard", say=print, store=None):
    """Train or simulate a definition in this process and return its page's table.

    Fresh seeds for what the first leave unresolved are among the runs, as on the page.

    Args:
        definition: An `Experiment` or a `Simulation`.
        profile: `"smoke"`, `"standard"` or `"paper"`.
        say: Told how the training goes.
        store: A folder to keep finished runs in, so that the next call trains only
            what is new, and checkpoints, so that it goes on where this one is
            interrupted; None to keep nothing. The definition must stand in a file.

    Returns:
        A `pandas.DataFrame`, one row a run; of a simulation with several tables a
        mapping from name to each.
    """
    from study.lab import notebook

    return notebook.run(definition, profile, say, store)
