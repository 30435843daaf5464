"""Download files into the current folder: `python -P download.py URL...`.

A program of its own so that `study.lab.data.watchdog` can end it; it therefore imports
nothing from the package, which could take longer to load than the download.
"""

import sys
import urllib.request
from pathlib import PurePosixPath


def download(url: str) -> None:
    """Save one file under the last part of its URL, writing data as they come."""
    name = PurePosixPath(url).name
    with (
        urllib.request.urlopen(url, timeout=5) as answer,
        open(name, "wb", buffering=0) as file,
    ):
        while data := answer.read1(1 << 16):
            file.write(data)


if __name__ == "__main__":
    for address in sys.argv[1:]:
        try:
            download(address)
        except OSError as error:
            sys.exit(f"{address}: {error}")
