"""Setting up: what is lacking is said first, uv installs, and pip where it cannot."""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# Stands for Python: it notes its calls, makes environments and fails on request.
PYTHON = """#!/bin/sh
echo "$(basename "$0") $*" >> "$LOG"
case "$*" in
*metadata*) echo "$NEWEST" ;;
"-m pytest "*) echo "on $KERAS_BACKEND without ${HIDDEN:-nothing}" >> "$LOG"
    env | grep _THREADS= | sort | tr '\n' ' ' > "$LOG.threads" ;;
*import*jax*) exit "${NO_JAX:-0}" ;;
*purelib*) dirname "$0" ;;
*sys.path*) echo "import site" ;;
-c*) exit "${VERSION_STATUS:-0}" ;;
"-m pip --python"*--version) exit "${NO_PIP:-0}" ;;
"-m ensurepip") exit "${NO_ENSUREPIP:-0}" ;;
"-m venv "*) [ -z "${NO_VENV:-}" ] || exit 1
    for place; do :; done
    mkdir -p "$place/bin" && cp "$0" "$place/bin/python" ;;
*uv.txt*|*" uv") [ -z "${NO_UV:-}" ] || exit 1
    case "$3" in --python) cp "$0" "$(dirname "$4")/uv" ;;
    *) cp "$0" "$(dirname "$0")/uv" ;; esac ;;
esac
case "$0" in
*/uv) echo "index ${UV_DEFAULT_INDEX:-}" >> "$LOG"
    case "$*" in ${REFUSED:-none}) exit 1 ;; esac
    exit "${UV_STATUS:-0}" ;;
esac
"""

PIP = "a-python -m pip --python .venv/bin/python"


@pytest.fixture
def make(tmp_path):
    """Return what makes a target in a bare clone, with a Python that only notes."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    python = tmp_path / "a-python"
    python.write_text(PYTHON)
    python.chmod(0o755)
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}

    def make(*arguments, **environment):
        log = tmp_path / "log"
        log.unlink(missing_ok=True)
        ran = subprocess.run(
            ["make", f"PYTHON={python}", *arguments],
            cwd=tmp_path,
            env=kept | {"LOG": str(log)} | environment,
            capture_output=True,
            text=True,
            check=False,
        )
        calls = log.read_text().splitlines() if log.exists() else []
        return ran.returncode, ran.stdout + ran.stderr, calls

    make.folder = tmp_path
    return make


@pytest.mark.parametrize("options", [[], ["-j2"], ["NAME="], ["list"]])
def test_a_report_without_a_name_is_refused_before_anything_is_made(make, options):
    code, said, calls = make("report", *options)
    assert code == 2
    assert "expected a finding, a claim or a technique: make report NAME=xor" in said
    assert calls == []
    assert not (make.folder / ".venv").exists()


@pytest.mark.parametrize(
    ("lacking", "line"),
    [
        ({"VERSION_STATUS": "1"}, "study: expected Python 3.11 to 3.13. Received: "),
        ({"NO_VENV": "1"}, "study: no virtual environment could be made; "),
    ],
    ids=["another Python", "no venv"],
)
def test_what_is_lacking_is_said_before_anything_is_installed(make, lacking, line):
    code, said, calls = make("report", "NAME=xor", **lacking)
    assert code == 2
    assert line in said
    assert not any("install" in each for each in calls)
    assert not (make.folder / ".venv").exists()


def test_minutes_are_handed_on(make):
    for target, words in ((["reports"], ""), (["report", "NAME=xor"], "xor ")):
        _, _, calls = make(*target, "MINUTES=10")
        run = f"python -m study run {words}--profile standard"
        assert calls[-1] == f"{run} --minutes 10"
        assert make(*target)[2][-1] == run


def test_a_python_that_is_not_there_is_named(make):
    code, said, _ = make("list", "PYTHON=python3.99")
    assert code == 2
    assert "study: expected Python 3.11 to 3.13. Received: " in said
    assert "python3.99" in said


@pytest.mark.parametrize("target", ["reports", "report"])
def test_a_run_is_made_anew_where_that_is_asked_for_and_nowhere_else(make, target):
    for asked in ([], ["FRESH=1"]):
        code, _, calls = make(target, "NAME=xor", "PROFILE=paper", *asked)
        assert code == 0
        assert "--profile paper" in calls[-1]
        assert ("--fresh" in calls[-1]) == bool(asked)


def test_uv_installs_the_lock_and_its_own_wheel_is_pinned(make):
    code, said, calls = make(".venv/ready")
    assert (code, "pip" in said) == (0, False)
    first, last = (each for each in calls if "install" in each)
    assert first.startswith(
        f"{PIP} install --quiet --no-deps --require-hashes --only-b"
    )
    assert last.startswith("uv pip install ")
    assert "--no-deps --require-hashes -r requirements/cpu.txt" in last
    assert (make.folder / ".venv" / "ready").exists()


@pytest.mark.parametrize("lacking", [{"NO_UV": "1"}, {"UV_STATUS": "1"}], ids=str)
def test_where_uv_cannot_be_had_pip_installs_and_a_line_says_so(make, lacking):
    code, said, calls = make(".venv/ready", **lacking)
    assert code == 0
    assert "uv cannot be had: pip installs the packages" in said
    assert calls[-1].startswith(
        f"{PIP} install --quiet --no-compile --no-deps --require-"
    )
    assert "-r requirements/cpu.txt" in calls[-1]


def test_pytorch_is_left_to_pip(make):
    code, said, calls = make("build/envs/torch/ready")
    assert (code, "uv" in said) == (0, False)
    (only,) = (each for each in calls if "install" in each)
    assert " install --quiet --no-compile" in only
    assert "-r requirements/torch.txt" in only


def test_an_environment_gets_a_pip_of_its_own_only_where_python_has_none(make):
    _, _, calls = make(".venv/ready")
    assert not any("ensurepip" in each for each in calls)
    shutil.rmtree(make.folder / ".venv")
    code, _, calls = make(".venv/ready", NO_PIP="1")
    assert code == 0
    made, first, _ = (each for each in calls if "install" in each or "ensure" in each)
    assert made == "python -m ensurepip"
    assert first.startswith("python -m pip install --quiet --no-deps")


def test_where_no_pip_can_be_had_that_is_said_before_anything_is_installed(make):
    code, said, calls = make(".venv/ready", NO_PIP="1", NO_ENSUREPIP="1")
    assert code == 2
    assert "study: no pip could be found; on Debian and Ubuntu: apt install" in said
    assert not any("install" in each for each in calls)
    assert not (make.folder / ".venv" / "ready").exists()


def test_an_install_that_fails_leaves_the_environment_unready(make):
    (make.folder / "requirements" / "install.sh").write_text("exit 1\n")
    code, _, _ = make(".venv/ready")
    assert code == 2
    assert not (make.folder / ".venv" / "ready").exists()


def test_uv_is_told_of_the_index_that_pip_has(make):
    index = "https://index.example/simple"
    for target in (".venv/ready", "lock"):
        _, _, calls = make(target, PIP_INDEX_URL=index)
        told = [each for each in calls if each.startswith("index ")]
        assert {*told} == {f"index {index}"}, target


def test_every_lock_is_checked_on_every_python_that_the_project_is_for(make):
    code, said, calls = make("lock")
    assert code == 0
    assert "each installs on Python 3.11, 3.12 and 3.13" in said
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["requires-python"] == ">=3.11,<3.14"
    checked = [each for each in calls if " --dry-run " in each]
    locks = [each.stem for each in (ROOT / "requirements").glob("*.txt")]
    for lock in locks:
        for version in ("3.11", "3.12", "3.13"):
            (call,) = (
                each
                for each in checked
                if f"--python-version {version} " in each
                and each.endswith(f"requirements/{lock}.txt")
            )
            assert "--require-hashes --only-binary :all:" in call
    assert len(checked) == 3 * len(locks)


def test_a_lock_that_does_not_install_on_a_python_is_named_with_it(make):
    code, said, _ = make("lock", REFUSED="*--python-version*3.12*/jax.txt")
    assert code == 2
    lines = [each for each in said.splitlines() if each.startswith("study: ")]
    assert lines == ["study: requirements/jax.txt: does not install on Python 3.12"]
    assert "each installs" not in said


@pytest.mark.parametrize("same", [True, False], ids=["the locked", "a newer"])
def test_the_newest_keras_is_put_over_the_lock_and_named_before_the_tests(make, same):
    (locked,) = re.findall(
        r"^keras==(\S+)", (ROOT / "requirements" / "cpu.txt").read_text(), flags=re.M
    )
    newest = locked if same else "99.1.0"
    code, said, calls = make("test-keras", NEWEST=newest)
    assert code == 0
    tested = any("-m pytest " in each for each in calls)
    assert tested is not same
    assert (
        f"The newest Keras is {newest}; requirements/cpu.txt has "
        f"{'the same' if same else locked}."
    ) in said
    order = [
        next(i for i, each in enumerate(calls) if part in each)
        for part in ("-r requirements/cpu.txt", "--upgrade keras", "-m pytest ")
        if tested or part != "-m pytest "
    ]
    assert order == sorted(order)


@pytest.mark.parametrize(
    ("target", "backend", "without"),
    [
        ("jax", "jax", "tensorflow tensorflow_datasets"),
        ("torch", "torch", "nothing"),
        ("keras", "tensorflow", "nothing"),
    ],
)
def test_components_are_tested_in_their_environment_without_the_lab(
    make, target, backend, without
):
    code, _, calls = make(f"test-{target}", NEWEST="99.1.0")
    assert code == 0
    tests, *_ = (each for each in calls if "-m pytest" in each)
    assert tests.startswith("python -m pytest -n 2")
    assert "--ignore=study/lab " in tests
    assert f"on {backend} without {without}" in calls
    assert (make.folder / "build" / "envs" / target / "ready").exists()


@pytest.mark.parametrize(
    "target", ["", "-slow", "-all", "-jax", "-torch", "-keras", "-peers", "-faults"]
)
def test_tests_that_share_two_cores_have_one_thread_each(make, target):
    make(f"test{target}", NEWEST="99.1.0")
    told = (make.folder / "log.threads").read_text().split()
    kinds = "OMP_NUM", "OPENBLAS_NUM", "TF_NUM_INTEROP", "TF_NUM_INTRAOP"
    assert told == [f"{each}_THREADS=1" for each in kinds]


@pytest.mark.parametrize(
    ("target", "mark"),
    [
        ("-all", "not optimized and not faults"),
        ("-slow", "slow and not optimized and not faults tests"),
    ],
)
def test_all_but_the_engine_s_tests_of_bits_are_run_in_one_go(make, target, mark):
    _, _, calls = make(f"test{target}")
    spread = "python -m pytest -n 2 --dist worksteal -m"
    assert [each for each in calls if "-m pytest" in each] == [
        f"{spread} {mark}",
        f"{spread} optimized tests/lab/train tests/lab/execute",
    ]


def test_on_jax_the_components_and_the_contract_are_tested_without_tensorflow(make):
    _, _, calls = make("test-jax")
    (tests,) = (each for each in calls if "-m pytest" in each)
    assert tests.endswith(" study tests")
    ignored = {each.partition("=")[2] for each in tests.split() if "--ignore=" in each}
    assert not {"tests/contract", "tests/benchmarks"} & ignored
    assert "tests/benchmarks/test_gpu.py" not in ignored
    assert calls[-1] == "on jax without tensorflow tensorflow_datasets"


def test_what_jax_exports_is_read_back_by_tensorflow_where_slow_tests_run(make):
    _, _, calls = make("test-backends")
    exported = "tests/test_exported.py"
    i = next(i for i, each in enumerate(calls) if each.endswith(f" {exported}"))
    assert "-m not faults --ignore" in calls[i]
    assert calls[i + 1] == "on jax without nothing"


@pytest.fixture
def wheelhouse(make):
    """Put a wheelhouse beside the Makefile."""
    folder = make.folder / "build" / "wheelhouse"
    folder.mkdir(parents=True)
    (folder / "requirements.txt").write_text("")
    return folder


GPU = ("reports", "PROFILE=paper", "DEVICE=gpu", "BACKEND=jax", "ARGS=--minutes 9")


def test_on_a_machine_with_jax_a_wheelhouse_is_all_that_is_installed(make, wheelhouse):
    code, _, calls = make(*GPU)
    assert code == 0
    (install,) = (each for each in calls if " install " in each)
    assert "install --quiet --no-index --find-links build/wheelhouse" in install
    assert "--no-deps --require-hashes -r build/wheelhouse/requirements.txt" in install
    beside = make.folder / "build" / "envs" / "jaxgpu" / "bin" / "beside.pth"
    assert beside.read_text() == "import site\n"
    assert calls[-1] == "python -m study run --profile paper --minutes 9"


def test_without_jax_or_a_wheelhouse_the_lock_is_installed(make, wheelhouse):
    _, _, calls = make(*GPU, NO_JAX="1")
    assert "-r requirements/jaxgpu.txt" in calls[-2] + calls[-3]
    shutil.rmtree(make.folder / "build")
    _, _, calls = make(*GPU)
    assert any("-r requirements/jaxgpu.txt" in each for each in calls)
    assert not any("wheelhouse" in each for each in calls)


def test_a_benchmark_on_a_gpu_that_is_not_there_is_one_line(make):
    code, said, calls = make("benchmark", "DEVICE=gpu", "GPU=")
    assert (code, calls) == (2, [])
    (line,) = said.splitlines()
    assert "DEVICE: no GPU is seen here" in line


def test_a_benchmark_on_a_gpu_takes_jax_and_the_pytorch_beside_it(make, wheelhouse):
    code, _, calls = make("benchmark", "DEVICE=gpu", "GPU=/dev/nvidiactl", "WHAT=A C")
    assert code == 0
    assert calls[-1] == "python -m benchmarks gpu A C"
    assert (make.folder / "build" / "envs" / "jaxgpu" / "ready").exists()


def test_a_wheelhouse_that_is_too_large_is_refused(make):
    code, _, calls = make("wheelhouse")
    assert code == 0
    download, built = (
        each for each in calls if " download " in each or " wheel " in each
    )
    assert "--require-hashes --only-binary :all: --python-version 3.12" in download
    assert " -r requirements/train.txt " in download
    assert "--wheel-dir build/wheelhouse" in built
    script = make.folder / "requirements" / "wheelhouse.sh"
    script.write_text(script.read_text().replace("most=35000000", "most=10"))
    code, said, _ = make("wheelhouse")
    assert code == 2
    assert "study: build/wheelhouse: expected at most 10 bytes. Received: " in said


@pytest.mark.parametrize("target", [("reports",), ("report", "NAME=xor")])
def test_a_cluster_has_an_environment_of_its_own_and_its_address_is_handed_on(
    make, target
):
    code, _, calls = make(*target, "CLUSTER=local")
    assert code == 0
    assert calls[-1].startswith("python -m study run")
    assert calls[-1].endswith("--profile standard --cluster local")
    assert any("-r requirements/cluster.txt" in each for each in calls)
    _, _, calls = make(*target)
    assert "--cluster" not in calls[-1]


def test_a_cluster_with_another_lock_is_refused_before_anything_is_made(make):
    code, said, calls = make("reports", "CLUSTER=local", "DEVICE=gpu")
    assert (code, calls) == (2, [])
    assert "CLUSTER: expected TensorFlow on CPUs" in said
    assert "Received: BACKEND=tensorflow DEVICE=gpu" in said


def test_notebooks_are_written_by_the_lab_and_run_in_an_environment_of_their_own(make):
    code, _, calls = make("test-notebooks")
    assert code == 0
    assert "python -m pytest tests/notebooks" in calls
    assert any("-r requirements/notebooks.txt" in each for each in calls)
    assert not (make.folder / ".venv").exists()
    _, _, calls = make("notebooks")
    assert calls[-1] == "python -m study notebooks"


def test_the_cluster_s_tests_run_in_its_environment(make):
    code, _, calls = make("test-cluster")
    assert code == 0
    (tests,) = (each for each in calls if "-m pytest" in each)
    assert tests == "python -m pytest -m not faults tests/cluster"
    assert (make.folder / "build" / "envs" / "cluster" / "ready").exists()


def test_folders_under_build_hide_no_package():
    # Python takes a folder of the directory it runs in for a package, and Keras takes
    # any package named jax for JAX.
    made = re.findall(r"build/([\w.-]+)", (ROOT / "Makefile").read_text())
    assert "jax-programs" in made
    assert not {"jax", "jaxlib", "torch", "keras", "tensorflow", "ray"} & {*made}
