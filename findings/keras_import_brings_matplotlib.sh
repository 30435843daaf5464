#!/bin/sh
# Where matplotlib is installed, `import keras` imports it, whoever draws or not.
#
# Version:    keras 3.15.1, tensorflow-cpu 2.21.0, matplotlib 3.10.8, numpy 2.4.6,
#             CPython 3.11, Linux x86-64.
# Behavior:  after `import keras` matplotlib and its pyplot are among the imported
#             modules where they are installed; without them Keras imports all the same.
# Usual guess: what only keras.visualization needs is imported when something is drawn, so
#             that whether a plotting library is installed changes nothing for a program
#             that trains.
# Source:     keras/src/visualization/plot_image_gallery.py imports matplotlib.pyplot at
#             its top, within a try.
# Output seen:
#             without matplotlib: matplotlib False, pyplot False
#             with matplotlib:    matplotlib True, pyplot True
# For users of this project: a process that trains pays for it once; what `make wheelhouse`
# collects for machines that only train has no drawing library.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
install() {
    "$folder/env/bin/python" -m pip install --quiet --disable-pip-version-check "$@" \
        2>/dev/null
}
export KERAS_BACKEND=tensorflow KERAS_HOME="$folder" TF_CPP_MIN_LOG_LEVEL=3
imported() {
    "$folder/env/bin/python" -c '
import sys
import keras
print("matplotlib", "matplotlib" in sys.modules, end=", ")
print("pyplot", "matplotlib.pyplot" in sys.modules)
' 2>/dev/null
}

install keras==3.15.1 tensorflow-cpu==2.21.0 numpy==2.4.6
without=$(imported)
install matplotlib==3.10.8 numpy==2.4.6
seen="without matplotlib: $without
with matplotlib:    $(imported)"
echo "$seen"
test "$seen" = "without matplotlib: matplotlib False, pyplot False
with matplotlib:    matplotlib True, pyplot True"
