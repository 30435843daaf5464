"""Show findings or claims in a browser."""

from study.lab.declare.profiles import PROFILES
from study.lab.errors import StudyError
from study.lab.execute.commands.options import add_names

add_options = add_names


def call(options) -> int:
    """show findings or claims in a browser"""
    import webbrowser

    from study.lab.show import catalog

    reports = PROFILES["standard"].folder
    page = reports / "index.html"
    if not page.exists():
        raise StudyError(f"show: expected {page}. Received: none; run `make render`")
    found = catalog.findings(options.experiments, reports)
    places = []
    for word in options.names:
        names = catalog.find(found, [word])
        claim = word in found[names[0]].claims
        places += [f"claim-{word}"] if claim else [f"finding-{name}" for name in names]
    for place in places or ["claims"]:
        address = f"{page.absolute().as_uri()}#{place}"
        print(address)
        webbrowser.open(address)
    return 0
