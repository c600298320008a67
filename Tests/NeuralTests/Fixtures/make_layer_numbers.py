"""Asks real Keras 3.15 what numbers layers make of small inputs.

    KERAS_BACKEND=jax python make_layer_numbers.py [SEED] > layer-numbers.json

A case is: class, settings, sizes of the inputs, how it is run ("training", "trainable", "masks",
"values"), and the outputs' sizes and numbers; in training also what became of the weights that
moved, by index. Inputs and weights are formulas that a test can compute as well:

    number k of input i   is 1.5 · sin(0.37 k + case + 2 i)
    number k of weight j  is 0.6 · cos(0.61 k + case + 3 j), for variances its absolute value + 0.5

where case is the place of the case in the file. "values" are given instead, for numbers that are
large or none at all ("nan", "inf"). A layer inside another one, or of a model, is [class, settings];
a model is ["Sequential", {"layers": [...]}].
"""

import json
import os
import random
import sys
import warnings

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras  # noqa: E402
import numpy as np  # noqa: E402
from keras.src import backend  # noqa: E402

warnings.simplefilter("ignore")
R = random.Random(int(sys.argv[1]) if len(sys.argv) > 1 else 20260815)
CASES = []


def add(name, config, *inputs, **how):
    """A case to be asked for."""
    CASES.append((name, config, [list(shape) for shape in inputs], how))


def some(**choices):
    """A random part of the settings."""
    return {key: make() for key, make in choices.items() if R.random() < 0.6}


def window(rank, low=1, high=3):
    return R.randint(low, high) if R.random() < 0.3 else [R.randint(low, high) for _ in range(rank)]


def mask(*sizes):
    """Random ones and zeros, the first of each sample always one."""
    ones = (np.array([R.random() < 0.6 for _ in range(int(np.prod(sizes)))])).reshape(sizes)
    ones[:, 0] = True
    return ones.astype(int).tolist()


formats = lambda: R.choice(["channels_last", "channels_first"])  # noqa: E731
flag = lambda: R.random() < 0.5  # noqa: E731
names = [
    "celu", "elu", "exponential", "gelu", "hard_shrink", "hard_sigmoid", "hard_silu", "hard_tanh",
    "leaky_relu", "linear", "log_sigmoid", "log_softmax", "mish", "relu", "relu6", "selu",
    "sigmoid", "silu", "soft_shrink", "softmax", "softplus", "softsign", "sparse_plus",
    "sparse_sigmoid", "sparsemax", "squareplus", "tanh", "tanh_shrink",
]  # fmt: skip

# Activations: usual numbers, large ones, and what is no number.
rowwise = {"softmax", "log_softmax", "sparsemax"}
large = [-1e4, -90, -30, -5, -3, -1, -0.5, -1e-4, 0, 1e-4, 0.5, 1, 3, 5.9, 6, 30, 80, 1e4]
for name in names:
    add("Activation", {"activation": name}, (2, 3, 4))
    if name == "exponential":
        add("Activation", {"activation": name}, (1, 12), values=[large[:12]])
    elif name in rowwise:
        add("Activation", {"activation": name}, (3, 6), values=[large])
        add("Activation", {"activation": name}, (2, 3), values=[[1, "nan", 2, 1, 2, 3]])
        add("Activation", {"activation": name}, (2, 1))
    else:
        add("Activation", {"activation": name}, (1, 18), values=[large])
        add("Activation", {"activation": name}, (1, 3), values=[["nan", "inf", "-inf"]])
for layer in [
    keras.layers.LeakyReLU(0.2), keras.layers.ReLU(6.0), keras.layers.ReLU(1.0, 0.3, 0.2),
    keras.layers.ELU(0.7), keras.layers.Softmax(), keras.layers.Activation("gelu"),
]:  # fmt: skip
    add("Dense", {"units": 5, "activation": keras.saving.serialize_keras_object(layer)}, (2, 3))
function = {"module": "builtins", "class_name": "function", "config": "mish",
            "registered_name": "function"}  # fmt: skip
add("Dense", {"units": 3, "activation": function}, (2, 3))

for slope in (0.0, 0.25):
    for most in (None, 6.0, 0.8):
        for least in (0.0, 0.4):
            config = {"negative_slope": slope, "max_value": most, "threshold": least}
            add("ReLU", config, (2, 9))
            add("ReLU", config, (1, 4), values=[["nan", "inf", "-inf", 0.0]])
add("LeakyReLU", {"negative_slope": 0.1}, (2, 3, 2))
add("ELU", {"alpha": -0.6}, (2, 3, 2))
for shared in (None, [1], [1, 2], [2], [-1], 1):
    add("PReLU", {"shared_axes": shared}, (2, 3, 4))
add("PReLU", {"shared_axes": [1, 2]}, (2, 2, 3, 2))
for axis in (-1, 1, [1, 2], [-1], 0, [0, 2]):
    add("Softmax", {"axis": axis}, (2, 3, 4))
    add("Softmax", {"axis": axis}, (2, 3, 4), masks=[mask(2, 3, 4)])
add("Softmax", {}, (3, 4), masks=[[[1, 0, 1, 1], [0, 0, 0, 0], [1, 1, 1, 1]]])
add("Softmax", {}, (3, 4), masks=[[1, 0, 1, 1]])

# Core layers.
for shape in ((2, 4), (2, 3, 4), (1, 2, 2, 3)):
    activation = R.choice(names)
    add("Dense", {"units": R.randint(1, 5), "activation": activation, "use_bias": flag()}, shape)
add("Embedding", {"input_dim": 5, "output_dim": 3}, (2, 3), values=[[0, 1, 2, 4, 0, 3]])
add("Embedding", {"input_dim": 2, "output_dim": 1}, (2,), values=[[1, 0]])
add("Embedding", {"input_dim": 4, "output_dim": 2}, (1, 2, 2), values=[[3, 0, 1, 1]])
padded = [0, 0, 1, 0, 0, 0, 0.1, 0.1, "nan", 0, -1, 0]
add("Masking", {}, (2, 3, 2), values=[padded])
add("Masking", {"mask_value": 0.1}, (2, 3, 2), values=[padded])
add("Masking", {}, (1, 2, 3, 2), values=[padded])
add("Masking", {}, (4, 3), values=[padded])
add("Identity", {}, (2, 3))

# Convolutions and pooling.
for rank in (1, 2):
    full, half = f"Conv{rank}D", f"Conv{rank}DTranspose"
    for _ in range(34):
        groups = R.choice([1, 1, 1, 2, 3])
        channels = groups * R.randint(1, 2)
        config = {"filters": groups * R.randint(1, 2), "kernel_size": window(rank)} | some(
            padding=lambda: R.choice(["valid", "same"] + (["causal"] if rank == 1 else [])),
            use_bias=flag, data_format=formats, activation=lambda: R.choice(names))  # fmt: skip
        config |= R.choice([{"strides": window(rank)}, {"dilation_rate": window(rank)}, {}])
        config["groups"] = groups
        sizes = [R.randint(3, 6) for _ in range(rank)]
        if config.get("data_format") == "channels_first":
            add(full, config, [R.randint(1, 3), channels, *sizes])
        else:
            add(full, config, [R.randint(1, 3), *sizes, channels])
    for kind in (f"SeparableConv{rank}D", f"DepthwiseConv{rank}D", half):
        for _ in range(22 if kind == half else 14):
            config = {"kernel_size": window(rank)} | some(
                padding=lambda: R.choice(["valid", "same"]), use_bias=flag, data_format=formats,
                activation=lambda: R.choice(names))  # fmt: skip
            if not kind.startswith("Depthwise"):
                config["filters"] = R.randint(1, 3)
            stride = R.randint(1, 3)
            config |= R.choice([{"strides": stride}, {"dilation_rate": window(rank)}, {}])
            if kind == half:
                if "strides" in config:
                    config["strides"] = window(rank)
                if R.random() < 0.4:
                    strides = np.broadcast_to(config.get("strides", 1), rank).tolist()
                    config["output_padding"] = [R.randrange(stride) for stride in strides]
            else:
                config |= some(depth_multiplier=lambda: R.randint(1, 3))
            channels, sizes = R.randint(1, 3), [R.randint(3, 5) for _ in range(rank)]
            first = config.get("data_format") == "channels_first"
            shape = [channels, *sizes] if first else [*sizes, channels]
            add(kind, config, [R.randint(1, 2), *shape])
    for kind in ("Max", "Average"):
        for _ in range(10):
            config = {"pool_size": window(rank)} | some(
                strides=lambda: R.choice([None, window(rank)]), data_format=formats,
                padding=lambda: R.choice(["valid", "same"]))  # fmt: skip
            add(f"{kind}Pooling{rank}D", config, [2] + [R.randint(3, 6) for _ in range(rank + 1)])
        for data_format in ("channels_last", "channels_first"):
            for keep in (False, True):
                config = {"data_format": data_format, "keepdims": keep}
                shape = [2] + [R.randint(2, 4) for _ in range(rank + 1)]
                add(f"Global{kind}Pooling{rank}D", config, shape)
                if rank == 1 and kind == "Average":
                    steps = shape[1 if data_format == "channels_last" else 2]
                    add("GlobalAveragePooling1D", config, shape, masks=[mask(2, steps)])
add("GlobalAveragePooling1D", {}, (2, 3, 2), masks=[[[0, 0, 0], [1, 0, 1]]])
add("MaxPooling1D", {}, (1, 4, 1), values=[[1, "nan", 2, 3]])
add("Conv1D", {"filters": 2, "kernel_size": 2, "dilation_rate": 5, "padding": "same"}, (1, 3, 2))
add("Conv1D", {"filters": 2, "kernel_size": 5, "padding": "same"}, (2, 2, 3))
add("Conv1D", {"filters": 3, "kernel_size": 1}, (2, 4, 3))

# Merging layers.
for kind in ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"):
    add(kind, {}, (2, 3, 4), (2, 3, 4))
    add(kind, {}, (2, 3, 1), (2, 1, 4))
    add(kind, {}, (2, 4), (2, 3, 4))
    add(kind, {}, (2, 3, 4), (2, 1))
    add(kind, {}, (1, 2), (1, 2), values=[["nan", 1], [2, "nan"]])
    if kind != "Subtract":
        add(kind, {}, (2, 3), (2, 3), (2, 3))
        add(kind, {}, (2, 1, 3), (2, 2, 2, 1), (2, 3))
    for masks in ([mask(2, 3), mask(2, 3)], [mask(2, 3), None], [None, mask(2, 3)]):
        add(kind, {}, (2, 3, 4), (2, 3, 4), masks=masks)
add("Maximum", {}, (2, 3, 2), (2, 3, 2), (2, 3, 2), masks=[mask(2, 3), mask(2, 3), mask(2, 3)])
add("Minimum", {}, (2, 3, 2), (2, 3, 1), masks=[mask(2, 3), mask(2, 3)])
add("Maximum", {}, (2, 3, 2), (2, 2), masks=[mask(2, 3), None])
for axis in (-1, 1, 2, -2):
    add("Concatenate", {"axis": axis}, (2, 3, 2), (2, 3, 2), (2, 3, 2))
add("Concatenate", {}, (2, 3, 2), (2, 3, 4))
for axes, one, other in [
    (1, (2, 4), (2, 4)), (-1, (2, 4), (2, 4)), (2, (2, 3, 4), (2, 2, 4)), (1, (2, 3, 4), (2, 3, 2)),
    ([2, 1], (2, 3, 4), (2, 4, 2)), ([1, 2], (2, 3, 4), (2, 2, 3)), ([1, 1], (2, 3), (2, 3, 4)),
    ([1, 2], (2, 4), (2, 3, 4)), ([2, 1], (2, 3, 4), (2, 4)), ([1, 3], (2, 3, 2), (2, 2, 2, 3)),
    ([3, 2], (1, 2, 3, 4), (1, 2, 4, 2)), (-1, (2, 3, 4), (2, 4)),
]:  # fmt: skip
    add("Dot", {"axes": axes}, one, other)
    add("Dot", {"axes": axes, "normalize": True}, one, other)
add("Dot", {"axes": 1, "normalize": True}, (1, 2), (1, 2), values=[[0, 0], [1, 2]])

# Normalisation.
clipping = {"rmin": 0.5, "rmax": 1.2, "dmax": 0.3}
for training in (False, True):
    for shape in ((3, 4), (2, 3, 4), (2, 2, 3, 2)):
        for config in (
            {}, {"axis": 1}, {"center": False, "momentum": 0.7}, {"scale": False, "epsilon": 0.1},
            {"renorm": True}, {"renorm": True, "renorm_clipping": clipping, "renorm_momentum": 0.6},
            {"renorm": True, "scale": False, "center": False, "renorm_clipping": {"dmax": 0.1}},
        ):  # fmt: skip
            add("BatchNormalization", config, shape, training=training)
    masks = [[mask(2, 3)], [[[0, 0, 0], [0, 0, 0]]]]
    for given in masks:
        add("BatchNormalization", {}, (2, 3, 4), training=training, masks=given)
    add("BatchNormalization", {"axis": 1}, (2, 3, 4), training=training, masks=masks[0])
    add("BatchNormalization", {"renorm": True}, (2, 3, 4), training=training, masks=masks[0])
    add("BatchNormalization", {}, (4, 3), training=training, masks=[[1, 0, 1, 1]])
add("BatchNormalization", {}, (3, 4), training=True, trainable=False)
for config in ({}, {"axis": 1}, {"axis": [1, 2]}, {"axis": [2, 1]}, {"axis": [-1, 1]},
               {"axis": [-2, -1]}, {"axis": [0, 2]}, {"center": False}, {"scale": False},
               {"rms_scaling": True}, {"rms_scaling": True, "axis": [1, 2], "scale": False},
               {"epsilon": 0.2}):  # fmt: skip
    add("LayerNormalization", config, (2, 3, 4))
    if config.get("axis") != [0, 2]:
        add("LayerNormalization", config, (2, 3, 2, 2))

# Layers that are random in training do nothing afterwards, and nothing with a rate of 0.
for kind in ("Dropout", "SpatialDropout1D", "GaussianNoise", "GaussianDropout", "AlphaDropout"):
    key = "stddev" if kind == "GaussianNoise" else "rate"
    add(kind, {key: 0.5}, (2, 2, 3))
    add(kind, {key: 0.0}, (2, 2, 3), training=True)
add("SpatialDropout2D", {"rate": 0.5}, (1, 2, 2, 2))
add("Dropout", {"rate": 1.0}, (2, 3), training=True)
add("ActivityRegularization", {"l1": 0.1}, (2, 3), training=True)

# Reshaping.
for data_format in ("channels_last", "channels_first"):
    for shape in ((3,), (2, 3), (2, 3, 2), (2, 2, 3, 2)):
        add("Flatten", {"data_format": data_format}, shape)
    for padding in (1, [0, 2], [[1, 0], [2, 1]]):
        add("ZeroPadding2D", {"padding": padding, "data_format": data_format}, (1, 2, 3, 2))
    for cropping in (1, [0, 1], [[1, 0], [0, 2]]):
        add("Cropping2D", {"cropping": cropping, "data_format": data_format}, (1, 4, 5, 4))
    for size in (1, 2, [1, 3]):
        for kind in ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"):
            config = {"size": size, "interpolation": kind, "data_format": data_format}
            add("UpSampling2D", config, (1, 2, 3, 2))
    add("ZeroPadding1D", {"padding": [1, 2], "data_format": data_format}, (2, 2, 3))
add("UpSampling2D", {"size": 3, "interpolation": "lanczos5"}, (1, 6, 1, 1))
add("UpSampling2D", {"size": 2, "interpolation": "bicubic"}, (1, 5, 4, 1))
add("ZeroPadding1D", {"padding": 2}, (2, 2, 3))
add("Cropping1D", {"cropping": [1, 2]}, (2, 5, 3))
add("Cropping1D", {"cropping": 0}, (2, 2, 3))
add("UpSampling1D", {"size": 3}, (2, 2, 3))
for target in ([-1], [6], [3, 2], [2, -1], [1, 3, 2]):
    add("Reshape", {"target_shape": target}, (2, 2, 3))
for dims in ([2, 1], [1, 2]):
    add("Permute", {"dims": dims}, (2, 2, 3))
add("Permute", {"dims": [3, 1, 2]}, (2, 2, 3, 2))
add("RepeatVector", {"n": 3}, (2, 2))

# A layer for every timestep, and models that stand as layers.
bn, lstm = ["BatchNormalization", {"momentum": 0.8}], ["LSTM", {"units": 2}]
for inner, shape in [
    (["Dense", {"units": 3, "activation": "softmax"}], (2, 3, 4)), (bn, (2, 3, 4)),
    (["BatchNormalization", {"axis": 1}], (2, 3, 2, 3)), (["LayerNormalization", {}], (2, 3, 4)),
    (["LayerNormalization", {"axis": [0, 1]}], (2, 3, 4)), (["Softmax", {"axis": 0}], (2, 3, 4)),
    (["Conv1D", {"filters": 2, "kernel_size": 2}], (2, 2, 4, 3)), (["Flatten", {}], (2, 2, 2, 3)),
    (["MaxPooling2D", {}], (1, 2, 4, 4, 1)), (["Reshape", {"target_shape": [2, 2]}], (2, 3, 4)),
    (["GlobalAveragePooling1D", {}], (2, 2, 3, 2)), (lstm, (2, 2, 3, 2)),
    (["TimeDistributed", {"layer": ["Dense", {"units": 2}]}], (2, 2, 2, 3)),
    (["TimeDistributed", {"layer": bn}], (2, 2, 2, 3)),
]:  # fmt: skip
    for training in (False, True):
        add("TimeDistributed", {"layer": inner}, shape, training=training)
for inner, shape, masked in [
    (["Dense", {"units": 3}], (2, 3, 4), (2, 3)), (bn, (2, 3, 4), (2, 3)),
    (["GlobalAveragePooling1D", {}], (2, 2, 3, 2), (2, 2, 3)), (lstm, (2, 2, 3, 2), (2, 2, 3)),
    (["Softmax", {}], (2, 3, 2), (2, 3)), (["Softmax", {}], (2, 3, 4), (2, 3, 4)),
]:  # fmt: skip
    for training in (False, True):
        given = [mask(*masked)]
        add("TimeDistributed", {"layer": inner}, shape, training=training, masks=given)


def model(*layers):
    return ["Sequential", {"layers": [list(layer) for layer in layers]}]


masking, dense, same = ["Masking", {}], ["Dense", {"units": 2}], ["Identity", {}]
gaps = [1, 2, 0, 0, 3, 1, 0, 0, 0, 0, 1, 1, 0, 0, 2, 2]
for layers in [
    [model(dense)], [model(dense, bn), dense], [bn, model(model(bn, dense), bn)],
    [masking, model(lstm)], [model(masking), lstm], [model(masking, same), lstm],
    [masking, model(same), lstm], [masking, model(["AveragePooling1D", {"pool_size": 1}]), lstm],
    [model(masking, model(same)), model(same, lstm)], [masking, model(dense), bn, lstm],
    [["TimeDistributed", {"layer": model(dense, bn)}]], [masking, ["GlobalAveragePooling1D", {}]],
    [["TimeDistributed", {"layer": model(["Dense", {"units": 3}])}], model(lstm)],
    [model(masking, ["LSTM", {"units": 2, "return_sequences": True}], bn), lstm],
    [masking, ["TimeDistributed", {"layer": bn}], lstm],
]:  # fmt: skip
    for training in (False, True):
        add(*model(*layers), (2, 4, 2), values=[gaps], training=training)


def make(name, config):
    """The layer, or the model."""
    config = dict(config)
    if name == "Sequential":
        return keras.Sequential([make(*layer) for layer in config["layers"]])
    if isinstance(config.get("layer"), list):
        config["layer"] = make(*config["layer"])
    return getattr(keras.layers, name)(**config)


def numbers(array):
    """Numbers short enough for a file: 6 digits."""
    flat = np.asarray(array, "float64").ravel().tolist()
    short = [float(f"{number:.6g}") if np.isfinite(number) else str(number) for number in flat]
    return [int(n) if isinstance(n, float) and n == int(n) else n for n in short]


def formula(case, index, shape, values):
    count = int(np.prod(shape))
    if values:
        found = [float(value) for value in values[index]]
    else:
        found = [1.5 * np.sin(0.37 * k + case + 2 * index) for k in range(count)]
    return np.array(found, "float64").reshape(shape).astype("float32")


def weights(case, layer):
    for index, weight in enumerate(layer.weights):
        k = np.arange(int(np.prod(weight.shape)), dtype="float64")
        value = 0.6 * np.cos(0.61 * k + case + 3 * index)
        if "variance" in weight.name or "stddev" in weight.name:
            value = abs(value) + 0.5
        weight.assign(value.reshape(weight.shape).astype("float32"))
    if hasattr(layer, "finalize_state") and layer.weights:
        layer.finalize_state()


def ask(case, name, config, shapes, how):
    """What Keras makes of a case; raises where Keras refuses."""
    layer = make(name, config)
    arrays = [formula(case, i, shape, how.get("values")) for i, shape in enumerate(shapes)]
    inputs = [keras.ops.convert_to_tensor(array, how.get("dtype")) for array in arrays]
    masks = [None if m is None else np.array(m, bool) for m in how.get("masks", [])]
    more = {}
    merges = issubclass(getattr(keras.layers, name, object), keras.layers.Add.__mro__[1])
    if merges:
        for tensor, given in zip(inputs, masks):
            if given is not None:
                backend.set_keras_mask(tensor, keras.ops.convert_to_tensor(given))
    elif masks:
        more["mask"] = keras.ops.convert_to_tensor(masks[0])
    argument = inputs if len(inputs) > 1 or merges else inputs[0]
    more |= how.get("call", {})
    if name == "CategoryEncoding" and len(inputs) > 1:
        argument, more["count_weights"] = inputs
    if not layer.built:
        layer.build([t.shape for t in inputs] if len(inputs) > 1 else inputs[0].shape)
    layer.trainable = how.get("trainable", True)
    weights(case, layer)
    before = [np.array(weight) for weight in layer.weights]
    if layer._call_has_training_arg:
        more["training"] = how.get("training", False)
    output = layer(argument, **more)
    moved = {index: numbers(weight) for index, weight in enumerate(layer.weights)
             if not np.array_equal(before[index], np.array(weight), equal_nan=True)}  # fmt: skip
    return {"sizes": list(output.shape), "numbers": numbers(output)} | (
        {"moved": moved} if moved else {}
    )


def write(cases):
    """Asks Keras all cases and prints the table."""
    kept = []
    for name, config, shapes, how in cases:
        try:
            answer = ask(len(kept), name, config, shapes, how)
        except Exception as error:  # Keras refuses: a matter of shapes, tested elsewhere.
            print(f"{name} {config} {shapes}: {str(error).splitlines()[0]}", file=sys.stderr)
            continue
        kept.append([name, config, shapes, how, answer])
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in kept)
    print(f'{{"keras":"{keras.__version__}","cases":[\n{lines}\n]}}')
    print(f"{len(kept)} of {len(cases)} cases", file=sys.stderr)


if __name__ == "__main__":
    write(CASES)
