"""A real browser that opens a page, and a script in it that tells what it saw."""

import base64
import hashlib
import json
import re
import shutil
import subprocess
import threading
from pathlib import Path

import pytest

NO_BROWSER = "NO BROWSER"
PATIENCE = 180  # seconds, where a cold disk brings the browser for the first time

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def found() -> str:
    """Return a browser of this machine; without one a test is skipped."""
    name = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not name:
        pytest.skip(f"{NO_BROWSER}: expected one of {', '.join(BROWSERS)}")
    return name


def visit(browser: str, html: str, script: str, folder: Path) -> tuple[dict, list[str]]:
    """Return what a script told on a page, and all else that the console said.

    Args:
        browser: Its program, from `found`.
        html: A page with a policy that lets scripts pass by their digests.
        script: Ends with `console.log("told " + JSON.stringify(…))`.
        folder: Where the page is put.
    """
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
        said, else_said = [], []
        for line in process.stderr:
            if "CONSOLE" not in line:
                else_said.append(line)
            else:
                if told := re.search(r'"told (\{.*\})", source:', line):
                    break
                said.append(line)
        else:
            pytest.fail(f"the script did not end: {said}; {else_said[-20:]}")
        alarm.cancel()
        process.terminate()
    return json.loads(told[1]), said
