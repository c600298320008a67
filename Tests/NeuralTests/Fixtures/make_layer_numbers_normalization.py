"""Asks real Keras 3.15 what numbers further layers of normalisation make of small inputs.

    KERAS_BACKEND=jax python make_layer_numbers_normalization.py > layer-numbers-normalization.json

Cases, inputs and weights are as make_layer_numbers.py says. The kernel that SpectralNormalization
divides in training is not among the weights that moved: `fit` with JAX throws it away, while a
plain call of the layer keeps it.
"""

import make_layer_numbers as base
import numpy as np

base.CASES.clear()
add, plain = base.add, base.ask


def ask(case, name, config, shapes, how):
    """What Keras makes of a case; raises where Keras refuses."""
    answer = plain(case, name, config, shapes, how)
    if name == "SpectralNormalization" and "moved" in answer:
        answer["moved"].pop(0, None)
    return answer


base.ask = ask

for shape in ((3, 4), (2, 3, 4), (2, 2, 3, 4), (1, 2, 1, 2, 4)):
    for config in (
        {"groups": 1}, {"groups": 2}, {"groups": 4}, {"groups": -1},
        {"groups": 2, "center": False}, {"groups": 2, "scale": False, "epsilon": 0.1},
    ):  # fmt: skip
        add("GroupNormalization", config, shape)
for axis, groups, shape in [
    (1, 2, (2, 4, 3)), (1, -1, (2, 4, 3)), (1, 2, (2, 4, 2, 3)), (2, 3, (2, 2, 3, 2)),
    (2, 1, (2, 2, 3)), (-2, 2, (2, 4, 3)), (-3, 2, (2, 2, 3, 2)),
]:  # fmt: skip
    add("GroupNormalization", {"groups": groups, "axis": axis}, shape)
add("GroupNormalization", {"groups": 2}, (1, 2, 4), values=[[0] * 8])
add("GroupNormalization", {"groups": 1}, (1, 2), values=[["nan", 1]])
for config in ({}, {"axis": [-1]}, {"axis": 2}, {"axis": [1, 2]}, {"axis": [-2, -1]},
               {"epsilon": 0.3}, {"axis": [0, 1, 2]}):  # fmt: skip
    add("RMSNormalization", config, (2, 3, 4))
    add("UnitNormalization", {"axis": config.get("axis", -1)}, (2, 3, 4))
add("RMSNormalization", {}, (3, 4))
add("RMSNormalization", {"axis": 1}, (2, 3, 3))
add("RMSNormalization", {"axis": 1}, (2, 1, 3))
add("RMSNormalization", {"axis": [2, 1]}, (2, 3, 4))
add("RMSNormalization", {"axis": -1}, (2, 2, 3, 2))
add("RMSNormalization", {}, (2, 2), values=[[0, 0, "nan", 1]])
for axis in (1, [1], 0, -2, [1, -1], [0, 2]):
    add("UnitNormalization", {"axis": axis}, (2, 3, 4))
add("UnitNormalization", {}, (3, 2), values=[[0, 0, 3, 4, 1e-13, 0]])

inners = [
    (["Dense", {"units": 3, "activation": "tanh"}], (2, 3, 4)),
    (["Dense", {"units": 2, "use_bias": False}], (3, 4)),
    (["Conv1D", {"filters": 3, "kernel_size": 2}], (2, 4, 3)),
    (["Conv2D", {"filters": 2, "kernel_size": 2, "data_format": "channels_first"}], (1, 2, 3, 3)),
    (["DepthwiseConv1D", {"kernel_size": 2, "depth_multiplier": 2}], (2, 4, 3)),
    (["Conv1DTranspose", {"filters": 2, "kernel_size": 3}], (1, 3, 2)),
    (["SpectralNormalization", {"layer": ["Dense", {"units": 3}]}], (2, 3)),
]
for inner, shape in inners:
    add("SpectralNormalization", {"layer": inner}, shape)
    for iterations in (1, 4):
        numbers = np.round(1.5 * np.sin(0.37 * np.arange(np.prod(shape)) + iterations), 4)
        add("SpectralNormalization", {"layer": inner, "power_iterations": iterations}, shape,
            training=True, values=[numbers.tolist()])  # fmt: skip
add("SpectralNormalization", {"layer": ["Embedding", {"input_dim": 4, "output_dim": 3}]}, (2, 2),
    values=[[0, 1, 3, 1]])  # fmt: skip
add("SpectralNormalization", {"layer": ["Embedding", {"input_dim": 4, "output_dim": 3}]}, (2, 2),
    values=[[0, 1, 3, 1]], training=True)  # fmt: skip

if __name__ == "__main__":
    base.write(base.CASES)
