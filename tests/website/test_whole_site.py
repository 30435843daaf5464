"""The site of this clone, with its API reference and its search."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    (*_, packages) = [None, *ROOT.glob("build/envs/site/lib/python*/site-packages")]
    if packages is None:
        pytest.skip("expected the packages that write the site: run `make site` first")
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "website", "--address", "https://name.example"]
    paths = {"PYTHONPATH": f"{ROOT}{os.pathsep}{packages}"}
    done = subprocess.run(
        command, cwd=folder, env=os.environ | paths, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "links checked" in done.stdout
    return folder / "build" / "site"


def test_every_claim_can_be_linked_to_on_its_page(site):
    with (ROOT / "reports" / "claims.csv").open(encoding="utf-8") as file:
        claims = [each for each in csv.DictReader(file) if each["experiment"]]
    assert claims
    for each in claims:
        page = site / "reports" / each["experiment"] / "index.html"
        assert f'id="{each["id"]}"' in page.read_text("utf-8"), each["id"]


def test_every_public_name_is_in_the_api_reference(site):
    import study  # which takes seconds, and is a slow test's alone

    for module in study.__all__:
        page = (site / "api" / "study" / f"{module}.html").read_text("utf-8")
        for name in getattr(study, module).__all__:
            assert f'id="{name}"' in page, f"{module}.{name}"


def test_every_link_of_the_api_reference_has_a_name(site):
    page = (site / "api" / "study" / "layers.html").read_text("utf-8")
    named = page.count('<a class="headerlink" href="#')
    assert 0 < named == page.count(' aria-label="Link to ')
    assert "<h6" not in page


def test_search_and_sitemap_are_there(site):
    assert (site / "pagefind" / "pagefind.js").exists()
    listed = (site / "sitemap.xml").read_text("utf-8").count("<loc>")
    assert listed == len([*site.rglob("*.html")])
