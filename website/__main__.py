"""Build the site: its pages, API reference and search, each link of it checked."""

import argparse
import shutil
import subprocess
import sys
import time
from pathlib import Path

from website.build import build
from website.faults import SiteError
from website.links import broken
from website.sitemap import check, sitemap

CLONE = Path(__file__).parents[1]
SITE = Path("build", "site")
MANY = 20


def main() -> int:
    """Build; what is wrong is told, and no broken site passes."""
    parser = argparse.ArgumentParser(prog="python -m website", description=__doc__)
    parser.add_argument("--address", help="where it will stand, for a sitemap")
    options = parser.parse_args()
    try:
        make(SITE, options.address and check(options.address))
    except SiteError as error:
        print(f"study: {error}", file=sys.stderr)
        return 1
    return 0


def make(site: Path, address: str | None) -> None:
    """Write pages and API side by side, then what is made of both.

    Args:
        site: Where the site will stand; what was there is removed.
        address: Its address, from `check`, for a sitemap, which is left out without.
    """
    began = time.perf_counter()
    shutil.rmtree(site, ignore_errors=True)
    site.mkdir(parents=True)
    command = [sys.executable, "-m", "website.api", site / "api"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as api:
        build(CLONE, site)
        _, said = api.communicate()
    if api.returncode:
        raise SiteError(f"the API reference was not written: {said.strip()}")
    if address:
        (site / "sitemap.xml").write_text(sitemap(site, address), encoding="utf-8")
    wrong, count = broken(site)
    if wrong:
        rest = f"\nand {len(wrong) - MANY} more" if len(wrong) > MANY else ""
        listed = "\n".join(wrong[:MANY])
        raise SiteError(f"{len(wrong)} links lead nowhere:\n{listed}{rest}")
    _index(site)
    pages = sum(1 for _ in site.rglob("*.html"))
    seconds = time.perf_counter() - began
    print(f"{site}: {pages} pages, {count} links checked, in {seconds:.0f} s.")
    print(f"To read and search it: {sys.executable} -m http.server -d {site}")


def _index(site):
    """Let Pagefind index what stands in each page's `main`."""
    options = ["--site", site, "--root-selector", "main", "--keep-index-url", "--quiet"]
    command = [sys.executable, "-m", "pagefind", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SiteError(f"the search was not made: {done.stderr.strip()}")


if __name__ == "__main__":
    sys.exit(main())
