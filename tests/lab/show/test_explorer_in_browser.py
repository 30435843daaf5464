"""The one file in a real browser: it filters, sorts, draws, and asks for nothing."""

import base64
import hashlib
import json
import re
import shutil
import subprocess
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from study.initializers import He
from study.lab.declare.parity import ROWS
from study.lab.show.book import Book
from study.lab.show.explorer import render_explorer
from study.lab.show.page import render_page

ROOT = Path(__file__).parents[3]

NO_BROWSER = "NO BROWSER"
PATIENCE = 60  # seconds, on a machine that does much else

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
READER = (Path(__file__).parent / "reader.js").read_text("utf-8")
CHOICES = {
    "q": "DEEP err",
    "verdict": "contradicted",
    "lecture": "First lecture",
    "kind": "fact",
    "level": "does not hold",
    "errata": "yes",
    "technique": "initializers.He",
}


@pytest.fixture(scope="module")
def browser():
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not found:
        pytest.skip(f"{NO_BROWSER}: expected one of {', '.join(BROWSERS)}")
    return found


def render(pages, ledger):
    book = Book(ledger, pages)
    drawn = {each.name: render_page(each, book) for each in pages}
    found = render_explorer(book, ROWS, drawn, ROOT / "reports")
    return found["index.html"].decode()


def visit(browser, html, folder):
    """Return what the script saw on a page, and all else that the console said."""
    script = f"const CHOICES = {json.dumps(CHOICES)};{READER}"
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    html = html.replace("script-src ", f"script-src 'sha256-{digest}' ", 1)
    path = folder / "index.html"
    path.write_text(html.replace("</body>", f"<script>{script}</script></body>"))
    command = [
        *(browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
        *(f"--user-data-dir={folder / 'profile'}", "--enable-logging=stderr"),
        path.as_uri(),
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        alarm = threading.Timer(PATIENCE, process.kill)
        alarm.start()
        said = []
        for line in process.stderr:
            if "CONSOLE" in line:
                if found := re.search(r'"told (\{.*\})", source:', line):
                    break
                said.append(line)
        else:
            pytest.fail(f"the script did not end: {said}")
        alarm.cancel()
        process.terminate()
    return json.loads(found[1]), said


def test_a_reader_searches_filters_sorts_and_opens(
    browser, page, simulated, ledger, tmp_path
):
    definition = replace(page.definition, about=(He,))
    pages = [replace(page, definition=definition), simulated]
    told, said = visit(browser, render(pages, ledger), tmp_path)
    every = [f"claim-t-0{i}" for i in range(1, 7)]
    assert said == []
    assert told["requests"] == []

    assert told["start"] == every
    shown = {name: ids for name, (ids, *_) in told["fields"].items()}
    assert shown == {
        "q": ["claim-t-02"],
        "verdict": ["claim-t-03"],
        "lecture": every[:2],
        "kind": every[4:],
        "level": [each for each in every if each in ("claim-t-03", "claim-t-05")],
        "errata": [f"claim-{id}" for id, row in ledger.items() if row.errata],
        "technique": every[:4],
    }
    assert told["fields"]["verdict"][1:] == [
        "1 of 6 claims, 1 of 2 findings",
        "#verdict=contradicted",
    ]
    assert told["cleared"] == [every, ""]

    assert told["one"] == 1
    for key, ((up, ids), (down, reverse), _) in told["sorted"].items():
        assert (up, down) == ("ascending", "descending") or key == "id"
        assert sorted(ids) == sorted(reverse) == every
    assert told["sorted"]["id"][0] == ["descending", every[::-1]]
    assert told["sorted"]["verdict"][0][1][-1] == "claim-t-06"
    assert told["sorted"]["verdict"][2] == "#sort=-verdict"
    assert told["sorted"]["effect"][0][1][-2:] == ["claim-t-04", "claim-t-06"]

    assert told["followed"] == [["claim-t-05"], "refuted"]
    assert told["revealed"][:2] == [True, False]
    assert len(told["revealed"][2]) == len(every)

    assert len(told["images"]) == 3
    assert all(width > 0 and start == "blob:" for width, start in told["images"])
    assert told["packed"] == 1
    assert told["focused"] == "q"
    assert told["addressed"] == [True, True]
    assert told["cited"].startswith("@misc{study-t-02,\n")
    assert "reports/depth/README.md\\#t-02" in told["cited"]
    assert "url" not in told["cited"]  # of a file on a disk
    assert told["closed"]


def test_a_request_would_have_been_seen(browser, page, ledger, tmp_path):
    bare = replace(page, definition=replace(page.definition, figures=()))
    asking = render([bare], ledger).replace("</main>", '<img src="missing.png"></main>')
    _, said = visit(browser, asking, tmp_path)
    assert "Content Security Policy" in "".join(said)
