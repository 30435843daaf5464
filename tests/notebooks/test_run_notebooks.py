"""Every notebook runs to its end, at a small size, on what a clone has."""

from importlib.util import find_spec
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "reports" / "notebooks"
NAMES = sorted(each.name for each in FOLDER.glob("*.ipynb"))
FRESH = "%reset -f\nimport os\nos.chdir({folder!r})"
SECONDS = 600  # of a cell, where others use the machine too

pytestmark = pytest.mark.skipif(
    find_spec("nbclient") is None,
    reason="the extra `notebooks` is not installed: run `make test-notebooks`",
)


@pytest.fixture(scope="module")
def kernel():
    """Return the one kernel that all notebooks run in: to import Keras takes long."""
    from jupyter_client.manager import start_new_kernel

    manager, client = start_new_kernel()
    yield manager, client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_is_valid_and_runs_to_its_end(kernel, mnist_directory, name):
    import nbformat
    from nbclient import NotebookClient

    manager, client = kernel
    client.execute_interactive(FRESH.format(folder=str(FOLDER)), store_history=False)
    notebook = nbformat.read(FOLDER / name, as_version=4)
    nbformat.validate(notebook)
    running = NotebookClient(notebook, km=manager, timeout=SECONDS)
    running.kc = client
    running.execute(reset_kc=False)
    shown = [
        kind
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        for kind in output.get("data", ())
    ]
    assert shown.count("image/svg+xml") == 2
    assert "text/html" in shown
