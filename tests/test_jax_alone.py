"""The lab trains where JAX is and neither TensorFlow nor what only pages need."""

import json
import subprocess
import sys
import time
from pathlib import Path

import keras
import numpy as np
import pytest
from installed import extra, importable, needed
from processes import environment, python
from project import make, pages, results

ROOT = Path(__file__).parents[1]
# Those whose question makes sense on any images: see the file.
FINDINGS = [
    line.partition(",")[0]
    for line in (ROOT / "experiments" / "elsewhere.csv").read_text().splitlines()[1:]
]
LACKING = ("jinja2", "matplotlib", "seaborn", "tensorflow", "tensorflow_datasets")
IMPORTS = """
import json, sys
from pathlib import Path
from study.lab.declare import registry
from study.lab.execute import command, notebook, runner, supervisor, worker
from study.lab.show import page
from study.lab.train import loop
registry.load_all(Path(sys.argv[1]))
print(json.dumps(sorted({each.partition(".")[0] for each in sys.modules})))
"""

pytestmark = pytest.mark.skipif(
    keras.backend.backend() != "jax", reason="it is about JAX"
)


def beside_jax():
    """List the importable names that JAX and the wheelhouse do not bring."""
    bring = needed(["jax", "jaxlib", "scipy", *extra("train")])
    return importable(lambda distributions: not bring & distributions)


def study(folder, *arguments, hidden, **more):
    """Run a command that has to end well; return what it says."""
    ran = python("-m", "study", *arguments, cwd=folder, hidden=hidden, **more)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def idx(mnist_directory, tmp_path_factory):
    """Return a folder with MNIST's four files."""
    from study.lab.data import mnist_files, mnist_sources

    folder = tmp_path_factory.mktemp("idx")
    arrays = mnist_files.arrays(mnist_directory)
    for file in mnist_sources.FILES:
        array = arrays[file.array]
        head = bytes([0, 0, 8, array.ndim]) + np.array(array.shape, ">u4").tobytes()
        (folder / file.name).write_bytes(head + array.tobytes())
    return folder


def test_what_is_hidden_is_installed_and_what_training_needs_is_not_hidden():
    hidden = {*beside_jax()}
    assert {*LACKING} <= hidden
    assert not {"jax", "keras", "numpy", "pandas", "scipy", "rich"} & hidden


def test_all_that_trains_is_imported_without_what_lacks():
    ran = python("-c", IMPORTS, str(ROOT / "experiments"), hidden=beside_jax())
    assert ran.returncode == 0, ran.stderr[-3000:]


def test_nothing_of_it_is_imported_where_it_is_installed():
    ran = python("-c", IMPORTS, str(ROOT / "experiments"))
    found = {*LACKING} & {*json.loads(ran.stdout)}
    assert found <= {"matplotlib"}, ran.stderr[-3000:]  # Keras imports that, if it can


def test_findings_are_trained_from_idx_files_and_their_pages_drawn_elsewhere(
    idx, tmp_path
):
    (tmp_path / "experiments").symlink_to(ROOT / "experiments")
    run = "run", *FINDINGS, "--profile", "smoke"
    told = study(tmp_path, *run, hidden=beside_jax(), STUDY_MNIST=str(idx))
    assert "the tables of 10 findings are kept" in told
    assert not (tmp_path / "build" / "data" / "mnist").exists()
    there = tmp_path / "build" / "smoke"
    assert len([*there.glob("*/results.csv")]) == len(FINDINGS) == 10
    assert not [*there.glob("*/*.svg"), *there.glob("*/README.md")]
    study(tmp_path, "render", "--profile", "smoke", hidden=())
    assert len([*there.glob("*/README.md")]) == 10


def test_killed_amid_its_programs_it_goes_on_to_the_same_numbers(tmp_path):
    hidden = beside_jax()
    whole, cut = (make(tmp_path / each, steps=400) for each in ("whole", "cut"))
    study(whole, "run", hidden=hidden)
    with subprocess.Popen(
        [sys.executable, "-m", "study", "run"],
        cwd=cut,
        env=environment(hidden),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        while not results(cut):
            assert process.poll() is None
            time.sleep(0.02)
        process.kill()
    kept = results(cut)
    assert not (cut / "reports" / "width_on_digits" / "results.csv").exists()
    study(cut, "run", hidden=hidden)
    assert kept.items() <= results(cut).items()
    assert pages(cut) == pages(whole)
