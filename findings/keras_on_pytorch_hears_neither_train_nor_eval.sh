#!/bin/sh
# A Keras model on PyTorch is a torch module that `train()` and `eval()` do not change.
#
# Version:    keras 3.15.1, torch 2.13.0, numpy 2.4.6, CPython 3.11, Linux x86-64.
# Behavior:   after `model.train()` `model.training` is True, and `model(x)` drops nothing
#             and leaves the moving statistics of batch normalization as they are; after
#             `model.eval()` `model(x, training=True)` drops. A training loop written for
#             PyTorch so trains without dropout, and without an error. `parameters()` has
#             moving statistics and a generator's integers beside the weights.
# Usual guess: where a Keras model is a `torch.nn.Module`, its mode is that of the module,
#             and `parameters()` are what is learned, as in PyTorch.
# Source:     keras/src/backend/torch/layer.py, `TorchLayer`; keras/src/layers/layer.py
#             takes `training` from the call, an outer call or a default, and never from
#             the module. Keras's guide to training loops in PyTorch passes `training=True`, and does
#             not say that the mode alone is not enough:
#             https://keras.io/guides/writing_a_custom_training_loop_in_torch/
# Output seen:
#             train():              training is True, 0.0 dropped, moving mean 0.00
#             eval(), training:     training is False, 0.5 dropped, moving mean 0.01
#             parameters():         4 that learn, 3 that do not
# For users of this project: in a loop of your own call `model(x, training=True)`.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/python" -m pip install --quiet --disable-pip-version-check \
    keras==3.15.1 torch==2.13.0 numpy==2.4.6

cat >"$folder/mode.py" <<'PYTHON'
import keras
import torch

drop = keras.layers.Dropout(0.5, seed=1)
norm = keras.layers.BatchNormalization()
layers = [keras.layers.Dense(1), norm, drop]
model = keras.Sequential([keras.Input((1,)), *layers])
x = torch.linspace(-1.0, 1.0, 1000)[:, None] + 1
layers[0].kernel.assign([[1.0]])


def told(name, **options):
    dropped = (model(x, **options) == 0).float().mean().item()
    mean = norm.moving_mean.value.item()
    print(
        f"{name:21} training is {model.training}, {dropped:.1f} dropped, "
        f"moving mean {mean:.2f}"
    )


model.train()
told("train():")
model.eval()
told("eval(), training:", training=True)
found = [each.requires_grad for each in model.parameters()]
print(f"parameters():         {sum(found)} that learn, {found.count(False)} that do not")
PYTHON
export KERAS_BACKEND=torch KERAS_HOME="$folder" CUDA_VISIBLE_DEVICES=
seen=$("$folder/env/bin/python" "$folder/mode.py")
echo "$seen"
test "$seen" = "train():              training is True, 0.0 dropped, moving mean 0.00
eval(), training:     training is False, 0.5 dropped, moving mean 0.01
parameters():         4 that learn, 3 that do not"
