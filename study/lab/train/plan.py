"""Cut an experiment into programs: sets of runs that one worker trains."""

import itertools
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import keras

from study.lab.declare import parameters
from study.lab.declare.experiment import SETTINGS, Experiment
from study.lab.errors import DefinitionError
from study.lab.train import optimizers, stackable, thresholds

# Networks of at most this many weights share one program among many replicates; of
# larger ones a program takes few, so that two workers share a finding evenly.
TINY = 2_000
REPLICATES_TINY, REPLICATES = 100, 10
# What a cell's functions make that is trained.
MADE = {"model": keras.Model, "optimizer": keras.Optimizer}
# The keys of a model's config that name layers.
NAMING = ("name", "keras_history", "input_layers", "output_layers")


@dataclass(frozen=True)
class Program:
    """Name runs that one worker trains: every cell with every replicate.

    Args:
        stage: `"judge"`, `"tune"` or `"draft"`, which have seeds of their own.
        cells: Swept name to label, for each cell.
        replicates: The replicates' numbers.
        threads: `"one"`, or `"all"` where a program has the machine to itself.
        most: The most runs of a stack; more are trained one stack after another.
        nudge: Seed by which the initial weights are moved in their last place; 0 for
            the runs themselves.
        structure: What programs that compile the same have in common.
        size: What its length grows with: weights times steps of all runs, and layers.
    """

    stage: str
    cells: tuple[dict, ...]
    replicates: tuple[int, ...]
    threads: str = "one"
    most: int = 1
    nudge: int = 0
    structure: str = field(default="", compare=False)
    size: tuple[int, int] = field(default=(0, 0), compare=False)

    @property
    def runs(self) -> list[tuple[dict, int]]:
        """List (cell, replicate) in the order of the stack."""
        return list(itertools.product(self.cells, self.replicates))

    @property
    def stacked(self) -> int:
        """Return of how many runs its largest stack is."""
        return max(len(each.runs) for each in self.parts())

    def parts(self) -> list["Program"]:
        """Cut it into programs of one stack each, in the same order."""
        replicates = _cut(self.replicates, self.most)
        cells = _cut(self.cells, max(1, self.most // len(self.replicates)))
        return [
            replace(self, cells=some, replicates=each)
            for some in cells
            for each in replicates
        ]

    def smaller(self) -> "Program | None":
        """Return it in stacks of half as many runs; None where each run is one."""
        half = self.stacked // 2
        return replace(self, most=half) if half else None

    def __str__(self):
        """Name the first cell, how many more there are, and the runs."""
        cell = ", ".join(f"{label}" for label in self.cells[0].values())
        more = f" and {len(self.cells) - 1} more" if len(self.cells) > 1 else ""
        first, last = self.replicates[0], self.replicates[-1]
        return f"{cell}{more}, replicates {first} to {last}"

    def to_json(self) -> str:
        values = asdict(self)
        del values["structure"], values["size"]
        return json.dumps(values)

    @classmethod
    def from_json(cls, text: str) -> "Program":
        values = json.loads(text)
        return cls(
            values["stage"],
            tuple(values["cells"]),
            tuple(values["replicates"]),
            values["threads"],
            values["most"],
            values["nudge"],
        )


def cells(swept) -> list[dict]:
    """List every combination of labels of what is swept, the last name fastest."""
    return [
        dict(zip(swept, labels, strict=True))
        for labels in itertools.product(*swept.values())
    ]


def trials(experiment: Experiment) -> list[dict]:
    """List the cells to try: none where every arm has a single one.

    Of cells of an arm that are trained alike the first is tried.
    """
    if len(cells(experiment.tune)) == 1:
        return []
    tried, kept, optimizers = set(), [], {}
    for cell in cells({**experiment.vary, **experiment.tune}):
        settings = tuple(map(cell.get, parameters.of(experiment.optimizer)))
        if settings not in optimizers:  # to make one takes longer than all else
            optimizers[settings] = _made(experiment, "optimizer", cell)
        trial = _trial(experiment, cell, optimizers[settings])
        if trial not in tried:
            tried.add(trial)
            kept.append(cell)
    return kept


def programs(
    experiment: Experiment,
    stage: str,
    runs: Sequence[tuple[dict, int]],
    nudge: int = 0,
) -> list[Program]:
    """Group runs, (cell, replicate), whose networks have the same structure.

    Cells share a program where they lack the same replicates, which are cut into
    blocks.
    """
    lacking: dict[tuple, tuple[dict, list[int]]] = {}
    for cell, replicate in runs:
        lacking.setdefault(tuple(cell.items()), (cell, []))[1].append(replicate)
    groups: dict[tuple, list[dict]] = {}
    models = {}
    for cell, replicates in lacking.values():
        optimizer = _made(experiment, "optimizer", cell)
        optimizers.check(optimizer, cell)
        # Only of a weight that is drawn does Keras say whether it decays.
        build = undrawn if optimizer.weight_decay is None else network
        built = build, made_of(experiment, cell)
        if built not in models:  # deep ones take a second
            models[built] = build(experiment, cell)
        model = models[built]
        apart = structure(model, optimizer), *_apart(experiment, cell)
        groups.setdefault((*apart, *replicates), (model, apart, replicates, []))
        groups[*apart, *replicates][-1].append(cell)
    plans = []
    for model, apart, replicates, group in groups.values():
        limit, budget = thresholds.limit(model), experiment.budget(group[0])
        together = limit.together(budget)
        most = REPLICATES_TINY if model.count_params() <= TINY else REPLICATES
        size = max(1, min(most, together // len(group)))
        for some in _cut(group, together):
            for start in range(0, len(replicates), size):
                block = tuple(replicates[start : start + size])
                steps = budget * len(some) * len(block)
                plans.append(
                    Program(
                        stage,
                        some,
                        block,
                        limit.threads,
                        limit.runs,
                        nudge,
                        structure=str(apart),
                        size=(model.count_params() * steps, len(model.layers)),
                    )
                )
    return plans


def merged(
    experiment: Experiment, program: Program
) -> tuple[Program, list[tuple[dict, int]]]:
    """Leave out cells that take the same steps as another: all but patience is equal.

    Returns the program of what is left, and for each run of `program` the run that
    takes its steps.
    """
    functions = experiment.functions.values()
    apart = any("patience" in parameters.of(each) for each in functions)
    first: dict[str, dict] = {}
    twins = []
    for cell in program.cells:
        steps = {name: cell[name] for name in cell if apart or name != "patience"}
        twins.append(first.setdefault(str(steps), cell))
    runs = [(twin, each) for twin in twins for each in program.replicates]
    return replace(program, cells=tuple(first.values())), runs


def _cut(sequence, most):
    """Cut into parts of at most so many, as even as they can be."""
    count = -(-len(sequence) // most)
    size = -(-len(sequence) // count)
    return [
        tuple(sequence[start : start + size]) for start in range(0, len(sequence), size)
    ]


def made_of(experiment: Experiment, cell: Mapping[str, Any]) -> tuple:
    """Return the labels that a cell's network is made of."""
    return tuple(cell.get(each) for each in parameters.of(experiment.model))


def _trial(experiment, cell, optimizer):
    """Tell cells of an arm apart that are not trained alike."""
    names = {*experiment.vary, *SETTINGS}
    for name, function in experiment.functions.items():
        if name not in MADE:  # of which what they make is compared
            names |= {*parameters.of(function)}
    values = [cell.get(name) for name in sorted(names)]
    settings = optimizer.get_config() | {"name": type(optimizer).__name__}
    return str((values, made_of(experiment, cell), settings))


def _apart(experiment, cell):
    """Return a cell's settings that a program cannot mix; patience it can."""
    return [
        cell.get(name) if name in cell else None
        for name in SETTINGS
        if name != "patience"
    ]


def build(experiment: Experiment, cell: dict):
    """Build a cell's model and optimizer from the values its labels stand for."""
    return network(experiment, cell), optimizer(experiment, cell)


def optimizer(experiment: Experiment, cell: dict):
    """Make a cell's optimizer."""
    return _made(experiment, "optimizer", cell)


def network(experiment: Experiment, cell: Mapping[str, Any]) -> keras.Model:
    """Build a cell's network."""
    model = _made(experiment, "model", cell)
    if not model.built:
        raise DefinitionError(
            f"model: expected a built model; start it with keras.Input. Received: an "
            f"unbuilt {type(model).__name__} with {cell}"
        )
    return model


def undrawn(experiment: Experiment, cell: Mapping[str, Any]) -> keras.Model:
    """Build a cell's network without its weights, to draw which takes longest.

    Keras remembers by thread what is not drawn yet, and draws it with what is built
    there later. So this has a thread of its own.
    """

    def build():
        with keras.StatelessScope(initialize_variables=False):
            return network(experiment, cell)

    with ThreadPoolExecutor(1) as alone:
        return alone.submit(build).result()


def _made(experiment, name, cell):
    made = _call(experiment, name, cell)
    if not isinstance(made, MADE[name]):
        raise DefinitionError(
            f"{name}: expected a keras.{MADE[name].__name__}. "
            f"Received: {type(made).__name__} with {cell}"
        )
    return made


def pretraining(experiment: Experiment, cell: dict):
    """Return the function that changes what a cell's runs start from, or None."""
    return _call(experiment, "pretraining", cell) if experiment.pretraining else None


def plateau(experiment: Experiment, cell: dict):
    """Return what lowers the learning rate of a cell's run, or None."""
    made = _call(experiment, "plateau", cell) if experiment.plateau else None
    if made is None:
        return None
    if not isinstance(made, keras.callbacks.ReduceLROnPlateau):
        raise DefinitionError(
            "plateau: expected None or a keras.callbacks.ReduceLROnPlateau. "
            f"Received: {type(made).__name__} with {cell}"
        )
    if made.monitor != "val_loss":
        raise DefinitionError(
            "plateau: expected one that monitors the validation loss, 'val_loss'. "
            f"Received: monitor={made.monitor!r} with {cell}"
        )
    return made


def _call(experiment, name, cell):
    """Call a function of the definition with the values of a cell that it takes."""
    function = getattr(experiment, name)
    values = {
        each: experiment.value(each, cell[each])
        for each in parameters.of(function)
        if each in cell
    }
    if name == "model":
        values |= experiment.given
    try:
        return function(**values)
    except Exception as error:
        raise DefinitionError(f"{name}: with {cell}: {error}") from error


def structure(model: keras.Model, optimizer: keras.Optimizer) -> str:
    """Describe what must be equal for two networks to share a compiled program.

    Names, seeds and initializers are left out, and so are a constant learning rate and
    the other numbers that may be stacked: each run has its own.
    """
    found = stackable.find(model, optimizer)
    with stackable.replaced([*found.values()], [0.0] * len(found)):
        settings = optimizer.get_config() | {"name": type(optimizer).__name__}
        config = model.get_config()
    if isinstance(settings["learning_rate"], float):
        del settings["learning_rate"]
    names = [each["config"]["name"] for each in config["layers"]]
    names += [each.name for each in model._flatten_layers()]  # also those inside others
    places = {name: f"#{i}" for i, name in enumerate(dict.fromkeys(names))}
    parts = [_bare(config, places), settings, [*found]]
    return json.dumps([*parts, optimizers.excluded(model, optimizer)], default=str)


def _bare(config, places, key=""):
    """Number the layers' names where they name layers; drop seeds and initializers."""
    if isinstance(config, dict):
        return {
            key: _bare(value, places, key)
            for key, value in config.items()
            if key != "seed" and not key.endswith("_initializer")
        }
    if isinstance(config, list | tuple):
        return [_bare(each, places, key) for each in config]
    named = key in NAMING and isinstance(config, str)
    return places.get(config, config) if named else config
