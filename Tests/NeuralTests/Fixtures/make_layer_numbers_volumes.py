"""Asks real Keras 3.15 what numbers layers for volumes and adaptive pooling make of small inputs.

    KERAS_BACKEND=jax python make_layer_numbers_volumes.py [SEED [TIMES]] > layer-numbers-volumes.json

Cases, inputs and weights are as in make_layer_numbers.py; TIMES as many cases are for a sweep.
"""

import random
import sys

import numpy as np
from make_layer_numbers import formats, flag, names, write

R = random.Random(int(sys.argv[1]) if len(sys.argv) > 1 else 20261121)
TIMES = int(sys.argv[2]) if len(sys.argv) > 2 else 1
CASES = []


def add(name, config, *inputs, **how):
    """A case to be asked for."""
    CASES.append((name, config, [list(shape) for shape in inputs], how))


def some(**choices):
    """A random part of the settings."""
    return {key: make() for key, make in choices.items() if R.random() < 0.5}


def window(rank, low=1, high=3):
    return R.randint(low, high) if R.random() < 0.3 else [R.randint(low, high) for _ in range(rank)]


def shaped(config, sizes, channels, batch=None):
    """The sizes of an input, its channels where the settings have them."""
    first = config.get("data_format") == "channels_first"
    return [batch or R.randint(1, 2), *([channels, *sizes] if first else [*sizes, channels])]


def distinct(sizes):
    """Numbers far enough apart for the largest of any of them to stay so where they move a bit."""
    numbers = list(range(int(np.prod(sizes))))
    R.shuffle(numbers)
    return {"values": [[0.25 * number - 3 for number in numbers]]}


# Convolutions.
for _ in range(36 * TIMES):
    groups = R.choice([1, 1, 1, 2])
    config = {"filters": groups * R.randint(1, 2), "kernel_size": window(3, 1, 2)} | some(
        padding=lambda: R.choice(["valid", "same"]), use_bias=flag, data_format=formats,
        activation=lambda: R.choice(names))  # fmt: skip
    config |= R.choice([{"strides": window(3)}, {"dilation_rate": window(3, 1, 2)}, {}])
    config["groups"] = groups
    sizes = [R.randint(2, 4) for _ in range(3)]
    add("Conv3D", config, shaped(config, sizes, groups * R.randint(1, 2)))
for _ in range(26 * TIMES):
    config = {"filters": R.randint(1, 2), "kernel_size": window(3)} | some(
        padding=lambda: R.choice(["valid", "same"]), use_bias=flag, data_format=formats,
        activation=lambda: R.choice(names))  # fmt: skip
    config |= R.choice([{"strides": window(3)}, {"dilation_rate": window(3, 1, 2)}, {}])
    if R.random() < 0.4:
        strides = np.broadcast_to(config.get("strides", 1), 3).tolist()
        config["output_padding"] = [R.randrange(stride) for stride in strides]
    sizes = [R.randint(1, 2) for _ in range(3)]
    add("Conv3DTranspose", config, shaped(config, sizes, R.randint(1, 2), 1))
add("Conv3D", {"filters": 2, "kernel_size": 3, "padding": "same"}, (1, 1, 2, 1, 2))
add("Conv3D", {"filters": 3, "kernel_size": 1}, (2, 2, 1, 3, 2))
add("Conv3D", {"filters": 1, "kernel_size": 2, "dilation_rate": 4, "padding": "same"},
    (1, 3, 2, 2, 1))  # fmt: skip

# Pooling.
for kind in ("Max", "Average"):
    for _ in range(14 * TIMES):
        config = {"pool_size": window(3)} | some(
            strides=lambda: R.choice([None, window(3)]), data_format=formats,
            padding=lambda: R.choice(["valid", "same"]))  # fmt: skip
        shape = shaped(config, [R.randint(3, 4) for _ in range(3)], 2)
        add(f"{kind}Pooling3D", config, shape, **(distinct(shape) if kind == "Max" else {}))
    for data_format in ("channels_last", "channels_first"):
        for keep in (False, True):
            config = {"data_format": data_format, "keepdims": keep}
            add(f"Global{kind}Pooling3D", config, [2] + [R.randint(2, 3) for _ in range(4)])
    for rank in (1, 2, 3):
        for _ in range(9 * TIMES):
            config = {"output_size": window(rank, 1, 4)} | some(data_format=formats)
            sizes = [R.randint(1, 13 - 3 * rank) for _ in range(rank)]
            shape = shaped(config, sizes, R.randint(1, 2))
            how = distinct(shape) if kind == "Max" else {}
            add(f"Adaptive{kind}Pooling{rank}D", config, shape, **how)
    # Not 7, 13, 14 or 15 places, whose bounds Keras misses by one with JAX: it takes i · n · (1 ∕ 7)
    # for i · n ∕ 7, and 14 positions in 7 places end in a NaN.
    add(f"Adaptive{kind}Pooling1D", {"output_size": 8}, (1, 30, 1))
    add(f"Adaptive{kind}Pooling1D", {"output_size": [9]}, (1, 4, 2))
    add(f"Adaptive{kind}Pooling2D", {"output_size": [1, 1]}, (2, 5, 4, 3))
    add(f"Adaptive{kind}Pooling1D", {"output_size": 2}, (1, 5, 1),
        values=[[1, "nan", 2, 3, "-inf"]])  # fmt: skip

# Borders, repetition, dropout.
for data_format in ("channels_last", "channels_first"):
    for border in (1, [0, 1, 2], [[1, 0], [0, 1], [2, 0]]):
        config = {"data_format": data_format}
        add("ZeroPadding3D", config | {"padding": border}, shaped(config, (1, 2, 1), 1, 1))
        add("Cropping3D", config | {"cropping": border}, shaped(config, (3, 4, 5), 2, 1))
    for size in (1, 2, [1, 3, 2]):
        config = {"size": size, "data_format": data_format}
        add("UpSampling3D", config, shaped(config, (1, 2, 2), 1))
    add("SpatialDropout3D", {"rate": 0.5, "data_format": data_format}, (1, 2, 2, 2, 2))
    add("SpatialDropout3D", {"rate": 0.0, "data_format": data_format}, (1, 2, 1, 2, 2),
        training=True)  # fmt: skip
add("Cropping3D", {}, (1, 3, 3, 3, 2))
add("ZeroPadding3D", {}, (1, 1, 1, 1, 2))
add("TimeDistributed", {"layer": ["Conv3D", {"filters": 1, "kernel_size": 2}]}, (1, 2, 2, 3, 2, 1))

if __name__ == "__main__":
    write(CASES)
