"""Asks real Keras 3.15 what layers for preprocessing make of small inputs.

    KERAS_BACKEND=jax python make_layer_numbers_preprocessing.py > layer-numbers-preprocessing.json

A case is as in make_layer_numbers.py; "call" is what the call of the layer says besides.
"""

import random

from make_layer_numbers import CASES, add, write

CASES.clear()
R = random.Random(20260912)
flag = lambda: R.random() < 0.5  # noqa: E731
formats = lambda: R.choice(["channels_last", "channels_first"])  # noqa: E731


def numbers(count, low=-2.0, high=2.0):
    return [round(R.uniform(low, high), 3) for _ in range(count)]


def whole(count, low, high):
    return [R.randint(low, high) for _ in range(count)]


add("Rescaling", {"scale": 1 / 255}, (2, 3))
add("Rescaling", {"scale": 1 / 127.5, "offset": -1}, (1, 2, 2, 3))
add("Rescaling", {"scale": [0.5, 2.0, -1.0], "offset": [0.1, 0.2, 0.3]}, (2, 3))
add("Rescaling", {"scale": [[0.5], [2.0]], "offset": 0.5}, (2, 2, 3))
add("Rescaling", {"scale": 2, "offset": [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]}, (2, 2, 3))

for shape in ((2, 3), (2, 3, 4), (2, 2, 3, 2)):
    for _ in range(4):
        axes = sorted(R.sample(range(1, len(shape)), R.randint(0, len(shape) - 1)))
        config = {"axis": axes, "invert": flag()}
        add("Normalization", config, shape)
        sizes = [shape[axis] for axis in axes]
        if len(sizes) < 2:
            count = sizes[0] if sizes else 1
            given = (numbers(count), numbers(count, 0.1, 3)) if sizes else (0.3, 2.0)
            add("Normalization", config | {"mean": given[0], "variance": given[1]}, shape)
            add("Normalization", config | {"mean": -0.7, "variance": 1e-20}, shape)
add("Normalization", {"axis": [1, 2], "mean": [1.0, 2.0], "variance": [0.5, 3.0]}, (1, 3, 2))

values = [-3, -1, -0.5, 0, 0.2, 0.5, 1, 1.5, 2, "nan", "inf", "-inf"]
for mode in ("int", "one_hot", "multi_hot", "count"):
    for boundaries in ([-0.5, 0.5, 1.5], [1, 0, -1], [0.5], [0, 0, 1]):
        for shape in ((4, 3), (12, 1), (2, 2, 3)):
            config = {"bin_boundaries": boundaries, "output_mode": mode}
            add("Discretization", config, shape, values=[values])
for mode in ("one_hot", "multi_hot", "count"):
    for shape in ((4, 3), (6, 1), (2, 3, 2), (3, 2, 1)):
        count = 1
        for size in shape:
            count *= size
        config = {"num_tokens": 4, "output_mode": mode}
        add("CategoryEncoding", config, shape, values=[whole(count, -1, 4)])
add("CategoryEncoding", {"num_tokens": 3, "output_mode": "one_hot"}, (4,), values=[[0, 2, 1, 3]])
for shape in ((2, 3), (2, 3, 2)):
    count = 6 if len(shape) == 2 else 12
    config = {"num_tokens": 4, "output_mode": "count"}
    given = [whole(count, 0, 4), numbers(count)]
    add("CategoryEncoding", config, shape, shape, values=given)

table = {"input_dim": 5, "output_dim": 3}
add("ReversibleEmbedding", table, (2, 3), values=[[0, 1, 4, 2, 2, 3]])
add("ReversibleEmbedding", table | {"tie_weights": False}, (2, 2), values=[[0, 1, 4, 2]])
for tied in (True, False):
    for cap in (None, 0.8):
        config = table | {"tie_weights": tied, "logit_soft_cap": cap}
        add("ReversibleEmbedding", config, (2, 2, 3), call={"reverse": True})


def image(data_format, rows, columns, channels=2):
    return [2, rows, columns, channels] if data_format == "channels_last" else [
        2, channels, rows, columns]  # fmt: skip


for _ in range(14):
    where = formats()
    config = {"height": R.randint(1, 5), "width": R.randint(1, 5), "data_format": where}
    add("CenterCrop", config, image(where, R.randint(1, 6), R.randint(1, 6)))
for kind in ("bilinear", "nearest", "bicubic", "lanczos3", "lanczos5"):
    for more in ({}, {"crop_to_aspect_ratio": True}, {"antialias": True},
                 {"pad_to_aspect_ratio": True, "fill_value": 0.5},
                 {"pad_to_aspect_ratio": True, "antialias": True}):  # fmt: skip
        for _ in range(2):
            where = formats()
            config = {"height": R.randint(1, 6), "width": R.randint(1, 6), "data_format": where,
                      "interpolation": kind} | more  # fmt: skip
            add("Resizing", config, image(where, R.randint(1, 6), R.randint(1, 6), 1))

for name, config in [
    ("RandomFlip", {"mode": "horizontal"}), ("RandomRotation", {"factor": 0.2}),
    ("RandomZoom", {"height_factor": 0.2}), ("RandomBrightness", {"factor": 0.2}),
    ("RandomTranslation", {"height_factor": 0.2, "width_factor": 0.1}),
    ("RandomContrast", {"factor": 0.2}), ("RandomCrop", {"height": 3, "width": 4}),
    ("RandomShear", {"x_factor": 0.2}), ("RandomPerspective", {}), ("RandomErasing", {}),
    ("RandomElasticTransform", {}), ("RandomHue", {"factor": 0.2}),
    ("RandomSaturation", {"factor": 0.2}), ("RandomColorDegeneration", {"factor": 0.2}),
    ("RandomColorJitter", {"hue_factor": 0.2}), ("RandomGrayscale", {}),
    ("RandomPosterization", {"factor": 3}), ("RandomSharpness", {"factor": 0.2}),
    ("RandomGaussianBlur", {}), ("RandomInvert", {}), ("Solarization", {"addition_factor": 0.2}),
    ("Equalization", {}),
]:  # fmt: skip
    add(name, config, (2, 3, 4, 3))
for bounds in ([0, 255], [-1, 1]):
    add("AutoContrast", {"value_range": bounds}, (2, 3, 2, 2))
add("AutoContrast", {}, (1, 2, 2, 1), values=[[3, 3, 3, 3]])
add("AutoContrast", {"data_format": "channels_first"}, (2, 2, 3, 4))

if __name__ == "__main__":
    write(CASES)
