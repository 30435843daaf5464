"""Who may import whom, and what nobody may call.

By hand: import-linter knows imports alone; here calls, names and texts have rules too.
"""

import ast
import functools
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
STUDY = sorted((ROOT / "study").rglob("*.py"))
LAB = [each for each in STUDY if "lab" in each.relative_to(ROOT).parts]
THEORY = sorted((ROOT / "study" / "theory").glob("*.py"))
COMPONENTS = [
    each for each in STUDY if each not in (*LAB, *THEORY) and each.stem != "__main__"
]
EXPERIMENTS = sorted((ROOT / "experiments").glob("*.py"))
FIGURES = sorted((ROOT / "experiments" / "figures").glob("*.py"))  # beside them
WEBSITE = sorted((ROOT / "website").glob("*.py"))
BACKENDS = ("tensorflow", "jax", "torch")


def room(path):
    """Return the room of the lab in which a file stands; "" for the lab's front."""
    first = path.relative_to(ROOT / "study" / "lab").parts[0]
    return first.removesuffix(".py").replace("__init__", "")


# The rooms of the lab, a folder or a file each, on its floors from below: a room
# imports those of lower floors and nothing else of the lab, also inside functions.
FLOORS = (
    # what is said of a mistake; how Keras is imported; NumPy's numbers as Python's
    ("errors", "imports", "scalars"),
    ("machine", "files", "rules"),  # where it runs, what is kept, how tables are judged
    ("data", "figures"),  # what is learned and what is drawn, for a definition to name
    ("declare",),  # what a finding is, before anything of it is run
    ("judge", "train"),  # a finding's claims from its tables, and its tables
    ("show",),  # pages, from tables and verdicts
    ("execute",),  # whatever a command asks for
)
ROOMS, STORIES = 15, 7  # at most
JUDGING = ("figures", "judge", "rules", "show")
DRAWING = [each for each in LAB if room(each) in JUDGING]
# A page says where its tables come from, compares them with others, and tells what
# more of them would cost.
RECORDS = tuple(
    f"study.lab.train.{each}"
    for each in ("cost", "provenance", "runtables", "tabulate")
)
TRAINING = ("study.lab.train", "study.lab.execute", "keras", *BACKENDS)
# Names and texts by which seeds of a stage are had, but for those handed in.
SEEDS = ("generator", "SEED", "STAGES", "stage")
STAGES = ("stage", "judge", "tune", "draft")
# They choose a setting on seeds that judge nothing.
CHOOSING = {
    "batch_size_seconds_to_95": "draft",
    "output_heads": "tune",
    "sgd_escape_from_local_minima": "draft",
}
# The one component module that names backends: a gradient is nowhere in Keras.
GRADIENTS = ROOT / "study" / "gradients.py"


@functools.cache
def nodes(path):
    """List every node of a file, which each rule reads again."""
    return [*ast.walk(ast.parse(path.read_text(encoding="utf-8")))]


@functools.cache
def imported(path):
    """List (line, dotted name) of everything that a file imports."""
    return [*_imported(path)]


def _imported(path):
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, each.name) for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = "." * node.level + (node.module or "")
            yield from ((node.lineno, f"{start}.{each.name}") for each in node.names)


def called(path):
    """List (line, name, keywords) of every call."""
    for node in nodes(path):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func), node.keywords


def simulations():
    """List the experiments that declare a Simulation, or Facts, which is one."""
    return [
        path
        for path in EXPERIMENTS
        if any(name in ("Simulation", "Facts") for _, name, _ in called(path))
    ]


def staged(path):
    """List (line, name) of everything in a file that names a stage or its seeds.

    `draws.stage` is what was handed in.
    """
    for node in nodes(path):
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "draws.stage":
            continue
        named = {getattr(node, each, None) for each in ("id", "arg", "name", "attr")}
        said = {node.value} if isinstance(node, ast.Constant) else set()
        for name in sorted(named & {*SEEDS} | said & {*STAGES}):
            yield node.lineno, name


def within(name, *packages):
    return any(name == each or name.startswith(f"{each}.") for each in packages)


def faults(paths, wrong):
    return [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in paths
        for line, name in imported(path)
        if wrong(path, name)
    ]


def lab_or_internals(path, name):
    backends = () if path == GRADIENTS else BACKENDS
    return within(name, "study.lab", "keras.src", *backends)


def not_keras(path, name):
    """A component imports Keras; a package's front imports the components."""
    front = path.stem == "__init__" and within(name, "study")
    bases = ("study.callbacks.recorder", "study.optimizers.optimizer")
    shared = ("study.gradients", "study.probes", *bases)
    allowed = ("keras", "numpy", *shared, *sys.stdlib_module_names)
    writer = path.name == "recorder.py" and within(name, "tensorboard")
    return not (front or writer or path == GRADIENTS or within(name, *allowed))


def not_theory(path, name):
    """Of the components a world takes what differentiates, and Newton's method."""
    ours = ("study.theory", "study.gradients", "study.optimizers.newton")
    return not within(name, "keras", "numpy", *ours, *sys.stdlib_module_names)


def experiments(path, name):
    return within(name, "experiments", *(each.stem for each in EXPERIMENTS))


def experiments_or_siblings(path, name):
    """An experiment takes figures from beside it, and these take each other."""
    beside = "." if path.parent.name == "figures" else ".figures."
    sibling = name.startswith(".") and not name.startswith(beside)
    return experiments(path, name) or sibling or name.startswith("..")


def training(path, name):
    return within(name, *TRAINING) and not within(name, *RECORDS)


def ours(path, name):
    return within(name, "study")


def keras_internals(path, name):
    adapters = ROOT / "study" / "lab" / "train"
    adapter = path.parent == adapters and path.stem in ("tensorflow", "jax")
    return within(name, "keras.src") and not adapter


def relative(path, name):
    return name.startswith(".")


@pytest.mark.parametrize(
    ("paths", "wrong", "why"),
    [
        (
            COMPONENTS,
            lab_or_internals,
            "a component runs on every backend, without the lab or Keras's internals",
        ),
        (
            COMPONENTS,
            not_keras,
            "a component imports Keras and nothing of ours: its file can be copied out",
        ),
        (
            THEORY,
            not_theory,
            "theory is the world that a component is held against: without it and the "
            "lab, a formula cannot agree with itself",
        ),
        (STUDY, experiments, "experiments import study, never the other way round"),
        (
            [*EXPERIMENTS, *FIGURES],
            experiments_or_siblings,
            "an experiment stands alone",
        ),
        (
            [*DRAWING, *FIGURES],
            training,
            "judging and drawing read tables and never train",
        ),
        (WEBSITE, ours, "a site is made of what was written, and nothing is computed"),
        (
            [*STUDY, *EXPERIMENTS, *FIGURES],
            keras_internals,
            "only the engine's adapters may lean on Keras's internals",
        ),
        (STUDY, relative, "imports are absolute: each says in full where a name is"),
    ],
    ids=[
        "components without the lab",
        "components import Keras only",
        "theory without the lab",
        "nothing imports experiments",
        "experiments stand alone",
        "drawing never trains",
        "the site of files alone",
        "Keras's internals",
        "absolute imports",
    ],
)
def test_imports_keep_the_layers_apart(paths, wrong, why):
    assert paths, "no files found: has a folder moved?"
    found = faults(paths, wrong)
    assert not found, f"{why}. Received: {'; '.join(found)}"


def test_every_room_of_the_lab_has_its_floor():
    rooms = [each for floor in FLOORS for each in floor]
    assert sorted(rooms) == sorted({room(each) for each in LAB} - {""})
    assert len(rooms) <= ROOMS
    assert len(FLOORS) <= STORIES


def test_a_room_of_the_lab_stands_on_lower_floors_only():
    """Its front alone does not: it hands `study.lab.run` to whoever imports it."""
    found = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in LAB
        for line, name in imported(path)
        if room(path) and within(name, "study.lab") and up(room(path), name)
    ]
    assert not found, (
        "a room of study/lab imports rooms of lower floors, so that it can be read, "
        f"tested and changed without those above. Received: {'; '.join(found)}"
    )


def up(here, name):
    """Say whether what is imported stands on no lower floor than a room."""
    there = [*name.split("."), ""][2]
    floors = {each: i for i, floor in enumerate(FLOORS) for each in floor}
    return there != here and floors.get(there, STORIES) >= floors[here]


def test_no_files_of_the_lab_import_each_other_in_a_circle():
    names = {".".join(each.relative_to(ROOT).with_suffix("").parts) for each in LAB}
    left = {
        name: {
            each
            for _, imports in imported(ROOT / f"{name.replace('.', '/')}.py")
            for each in (imports, imports.rpartition(".")[0])
            if each in names
        }
        for name in names
    }
    while free := {name for name, needs in left.items() if not needs & {*left}}:
        left = {name: needs for name, needs in left.items() if name not in free}
    assert not left, f"expected no circle. Received: one among {sorted(left)}"


def test_nothing_runs_code_from_data():
    """Results and definitions are data; the registry alone executes a file."""
    found = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in STUDY
        for line, name in imported(path)
        if within(name, "pickle", "cloudpickle", "dill", "marshal", "shelve", "joblib")
    ]
    for path in STUDY:
        for line, name, keywords in called(path):
            shell = any(
                each.arg == "shell" and ast.unparse(each.value) != "False"
                for each in keywords
            )
            unsafe = name in ("eval", "exec", "yaml.load", "os.system", "os.popen")
            allowed = any(
                each.arg == "allow_pickle" and ast.unparse(each.value) != "False"
                for each in keywords
            )
            if shell or unsafe or allowed:
                found.append(f"{path.relative_to(ROOT)}:{line} calls {name}")
    assert not found, (
        "nothing in study may run code that comes from data: use JSON, CSV or .npz, "
        f"and lists of arguments. Received: {'; '.join(found)}"
    )


def test_a_simulation_names_no_stage_and_takes_no_seeds_but_those_handed_in():
    paths = simulations()
    assert paths, "no simulations found: are they declared otherwise?"
    found = [
        f"{path.relative_to(ROOT)}:{line} names {name}"
        for path in paths
        for line, name in staged(path)
        if CHOOSING.get(path.stem) != name
    ]
    assert not found, (
        "a simulation draws by its parameter `draws`, which is handed in, so that no "
        f"draft takes seeds that judge. Received: {'; '.join(found)}"
    )


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("from study.lab.data import generator", ["generator"]),
        ("from study.lab import data\ndata.generator", ["generator"]),
        ("def run(replicates, stage):\n    pass", ["stage"]),
        ("run(stage=1)", ["stage"]),
        ("settings = {'stage': 'judge'}", ["stage", "judge"]),
        ("Draws('judge')", ["judge"]),
        ("random = draws(0, 'weights')", []),
        ("data.split(draws.stage, 0)", []),
    ],
)
def test_this_rule_sees_every_way_to_name_a_stage(tmp_path, text, names):
    path = tmp_path / "module.py"
    path.write_text(text)
    assert [name for _, name in staged(path)] == names


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("import study.lab.train.plan", training),
        ("def f():\n    from study.lab.execute import runner", training),
        ("from study.lab.train.loop import Engine", training),
        ("from keras.src import ops", keras_internals),
        ("import tensorflow as tf", lab_or_internals),
        ("import scipy", not_keras),
        ("from study.lab.show.page import Page", ours),
        ("from study.optimizers import SGD", not_theory),
        ("from study.lab.data import xor", not_theory),
        ("from . import initializers", relative),
        ("import experiments.initialization_on_mnist", experiments),
        ("from .initialization_on_mnist import model", experiments_or_siblings),
        ("from ..study import lab", experiments_or_siblings),
    ],
)
def test_these_rules_see_what_they_forbid(tmp_path, text, wrong):
    path = tmp_path / "module.py"
    path.write_text(text)
    assert any(wrong(path, name) for _, name in imported(path))


@pytest.mark.parametrize(
    ("here", "text", "above"),
    [
        ("rules", "from study.lab import machine", True),
        ("judge", "from study.lab.train.plan import cells", True),
        ("declare", "def f():\n    import study.lab.show.page", True),
        ("train", "from study.lab import run", True),
        ("train", "import study.lab", True),
        ("show", "from study.lab import judge, machine", False),
        ("train", "from study.lab.train import loop", False),
    ],
)
def test_this_rule_sees_what_stands_above(tmp_path, here, text, above):
    path = tmp_path / "module.py"
    path.write_text(text)
    assert any(up(here, name) for _, name in imported(path)) is above
