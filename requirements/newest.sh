#!/bin/sh
# Put the newest Keras of the index over a lock's, and say which both are; exit with 3
# where they are the same, on which nothing more can be tested:
# sh requirements/newest.sh build/envs/keras requirements/cpu.txt
set -eu
python=$1/bin/python
lock=$2
. "$(dirname "$0")/pip.sh"
pip install --quiet --upgrade keras
locked=$(sed -n 's/^keras==\([^ ]*\).*/\1/p' "$lock")
newest=$("$python" -c 'from importlib.metadata import version; print(version("keras"))')
[ "$newest" != "$locked" ] || locked="the same"
echo "The newest Keras is $newest; $lock has $locked."
[ "$locked" != "the same" ] || exit 3
