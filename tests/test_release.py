"""A release: its files hold what README promises, and all say the same version."""

import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
    "project"
]
HIDDEN = "."  # what concerns git and its host begins so


def tracked():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("expected a clone, in which git says what belongs to the project")
    return {each for each in listed.stdout.split("\n") if each and each[0] != HIDDEN}


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    """Return a folder with the files of a release: made before, or new ones."""
    if made := os.environ.get("STUDY_RELEASE"):
        return Path(made).absolute()
    folder = tmp_path_factory.mktemp("dist")
    uv = Path(sys.executable).parent / "uv"
    if not uv.exists():
        pytest.skip("expected uv beside this Python, which builds the files")
    options = ["--quiet", "--no-build-isolation", "--python", sys.executable]
    subprocess.run([uv, "build", *options, "--out-dir", folder, ROOT], check=True)
    return folder


def members(release, ending):
    (path,) = release.glob(f"*{ending}")
    if ending == ".whl":
        return {*zipfile.ZipFile(path).namelist()}
    with tarfile.open(path) as file:
        names = (each.name.partition("/")[2] for each in file if each.isfile())
        return {*names}


def test_citation_changelog_and_package_say_one_version():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    cited = dict(re.findall(r"^([a-z-]+): (.+)$", citation, flags=re.MULTILINE))
    version, date = re.search(r"^## (\S+) \((.+)\)$", changelog, re.MULTILINE).groups()
    assert version == cited["version"] == PROJECT["version"]
    assert cited.get("date-released", "unreleased") == date
    assert cited["license"] == PROJECT["license"]


def test_nothing_is_to_be_installed_by_a_name_that_belongs_to_others():
    for path in (ROOT / name for name in ("README.md", "CONTRIBUTING.md")):
        text = path.read_text(encoding="utf-8")
        for options in re.findall(r"pip install ([^`\n]+)", text):
            assert options.startswith((".", "--no-index", "dist/")), options


@pytest.mark.slow
def test_the_sdist_holds_all_that_git_tracks(release):
    found = members(release, ".tar.gz")
    assert tracked() - found == set()
    assert not {each for each in found if "__pycache__" in each or "/build/" in each}


@pytest.mark.slow
def test_the_wheel_holds_package_experiments_and_licenses(release):
    found = members(release, ".whl")
    here = tracked()
    assert {each for each in here if each.startswith("study/")} - found == set()
    brought = {each.rpartition("/data/")[2] for each in found if "/data/" in each}
    kinds = (".py", ".csv", ".toml")
    experiments = {
        each for each in here if each.startswith("experiments") and each.endswith(kinds)
    }
    assert {f"share/study/{each}" for each in experiments} - brought == set()
    (folder,) = {each.partition("/")[0] for each in found if ".dist-info/" in each}
    for name in PROJECT["license-files"]:
        assert f"{folder}/licenses/{name}" in found
    assert "study/py.typed" in found
    packages = {each.partition("/")[0] for each in found}
    assert {each for each in packages if "." not in each} == {"study"}
