"""Split features into groups, give each a branch, and merge the results."""

from typing import Any

import keras

_MERGES = ("add", "concatenate")


@keras.saving.register_keras_serializable(package="study")
class SplitAndMerge(keras.layers.Layer):
    """Split the features into equal groups and merge what a branch makes of each.

    Formula: with `parts = split(inputs, len(branches), axis=-1)`,

        outputs = merge([branches[0](parts[0]), branches[1](parts[1]), …])

    A branch sees its own features alone, so linear branches that are concatenated have
    `1 / len(branches)` of the weights of one dense layer of the same sizes.

    Args:
        branches: List of at least two branches, each a layer or a list of layers called
            one after the other.
        merge: `"concatenate"`, the default, along the last axis; or `"add"`.

    Call arguments:
        inputs: Tensor, `(batch, ..., features)`; the features, a multiple of the number
            of branches, are split in their order.

    Output shape:
        The branches' shape, in the layer's own precision; the last axes are added up by
        `"concatenate"`. A mask of time steps does not reach the branches, so it ends
        here, and Keras warns of it.

    Raises:
        ValueError: There are fewer than two branches, one is no layer, the features
            cannot be split evenly, or the branches' shapes cannot be merged.

    Example:

    >>> tenfold, same = keras.layers.Rescaling(10.0), keras.layers.Identity()
    >>> layer = SplitAndMerge([tenfold, same], merge="add")
    >>> [float(each) for each in layer(keras.ops.array([[1.0, 2.0, 3.0, 4.0]]))[0]]
    [13.0, 24.0]

    Reference:
        Xie, Girshick, Dollár, Tu and He, 2017, Aggregated residual transformations for
        deep neural networks.
    """

    def __init__(
        self, branches: Any, merge: str = "concatenate", **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        if not isinstance(branches, (list, tuple)) or len(branches) < 2:
            raise ValueError(
                "`branches` share the features: expected a list of at least two "
                f"layers. Received: branches={branches!r}"
            )
        if merge not in _MERGES:
            raise ValueError(
                "`merge` says how the branches' outputs are joined: expected "
                f"'concatenate' or 'add'. Received: merge={merge!r}"
            )
        self.branches = [_layer(each) for each in branches]
        self.merge = merge

    def build(self, input_shape):
        for branch in self.branches:
            if not branch.built:
                branch.build(self._part(input_shape))
        self.compute_output_shape(input_shape)

    def call(self, inputs):
        parts = keras.ops.split(inputs, len(self.branches), axis=-1)
        outputs = [
            keras.ops.cast(branch(part), self.compute_dtype)
            for branch, part in zip(self.branches, parts, strict=True)
        ]
        if self.merge == "add":
            return sum(outputs)
        return keras.ops.concatenate(outputs, axis=-1)

    def _part(self, input_shape):
        features, count = input_shape[-1], len(self.branches)
        if features % count:
            raise ValueError(
                "Every branch takes as many features: expected a multiple of "
                f"{count}, the number of branches. Received: input_shape={input_shape}"
            )
        return (*input_shape[:-1], features // count)

    def compute_output_shape(self, input_shape):
        part = self._part(input_shape)
        shapes = [tuple(each.compute_output_shape(part)) for each in self.branches]
        add = self.merge == "add"
        if len({shape if add else shape[:-1] for shape in shapes}) > 1:
            raise ValueError(
                "The branches' outputs are merged: expected equal shapes"
                f"{'' if add else ', the last axis aside'}. Received: "
                f"{', '.join(map(str, shapes))}. Give the last layers equal units."
            )
        if add:
            return shapes[0]
        return (*shapes[0][:-1], sum(shape[-1] for shape in shapes))

    def get_config(self):
        return {
            **super().get_config(),
            "branches": [
                keras.saving.serialize_keras_object(each) for each in self.branches
            ],
            "merge": self.merge,
        }


def _layer(branch):
    """Return a layer, from one, from its configuration or from a list of layers."""
    if isinstance(branch, dict):
        branch = keras.saving.deserialize_keras_object(branch)
    if isinstance(branch, (list, tuple)):
        branch = keras.Sequential(branch)
    if not isinstance(branch, keras.layers.Layer):
        raise ValueError(
            "`branches` are parts of the network: expected each to be a layer or a "
            f"list of layers. Received: {branch!r} among them"
        )
    return branch
