"""The machine that turns an experiment's definition into a page with verdicts."""


def run(definition, profile: str = "standard", say=print):
    """Train or simulate a definition in this process and return its table.

    It is what a page is made of, before any seeds are added for what stays unresolved.

    Args:
        definition: An `Experiment` or a `Simulation`.
        profile: `"smoke"`, `"standard"` or `"paper"`.
        say: Told how the training goes.

    Returns:
        A `pandas.DataFrame`, one row a run.
    """
    from study.lab import notebook

    return notebook.run(definition, profile, say)
