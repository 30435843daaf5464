"""Say of a trained finding's fields how it was done, for its page."""

from collections.abc import Iterator

from study.lab.declare.measures import SEEN

Told = Iterator[tuple[str, str]]


def data(definition) -> Told:
    """Tell the examples: how many, of how many, and on which errors are counted."""
    data = definition.data
    examples = f"{data.train:,} training examples"
    if data.validation:
        examples += f" and {data.validation:,} to validate on"
    if data.train + data.validation < data.available:
        examples += f", drawn by each replicate from {data.available:,}"
    if data.random_labels:
        examples += f", {100 * data.random_labels:g} % of their labels drawn at random"
    yield "data", f"{data.name}: {examples}"
    for name, value in definition.given.items():
        yield f"`{name}`", f"{value}, from the data"
    splits = {*definition.watch, *(each.split for each in definition.measures)}
    if "train" in splits and data.train > SEEN:
        yield "training errors", f"of {SEEN:,} of the training examples"


def batch(definition) -> Told:
    """Tell the examples of a step."""
    if "batch_size" in definition.vary:
        size = "see what is varied"
    elif definition.batch_size is None:
        size = "the whole training set"
    else:
        how = "drawn with" if definition.replacement else "each once an epoch, without"
        size = f"{definition.batch_size} examples, {how} replacement"
    yield "a step's batch", size


def steps(definition) -> Told:
    """Tell the training steps, where they are declared."""
    if definition.steps:
        yield "steps", f"{definition.steps:,}"


def epochs(definition) -> Told:
    """Tell the passes over the training set, where they are declared."""
    if definition.epochs:
        yield "passes over the training set", f"{definition.epochs:,}"


def loss(definition) -> Told:
    """Tell the loss by its name."""
    yield "loss", getattr(definition.loss, "name", definition.loss)


def fresh_draws(definition) -> Told:
    """Tell whose seeds a simulation draws by, where earlier ones are spent."""
    if definition.first_replicate:
        yield (
            "fresh seeds",
            f"replicate 0 of the tables has those of {definition.first_replicate:,}, "
            "and so on: the definition was changed after results of earlier ones were "
            "seen",
        )


def fresh_seeds(definition) -> Told:
    """Tell the first replicate, where earlier ones are spent."""
    if definition.first_replicate:
        yield (
            "fresh seeds",
            f"replicates from {definition.first_replicate} on: the definition was "
            "changed after results of earlier ones were seen",
        )
