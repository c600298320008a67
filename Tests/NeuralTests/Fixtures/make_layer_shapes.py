"""Asks real Keras 3.15 what layers make of random settings and inputs.

    KERAS_BACKEND=jax python make_layer_shapes.py [CASES] [SEED] > layer-shapes.json

Each line of the result is a case: class, settings, input shapes, and either the shapes of the
outputs and the weights ([name, shape, trained]) or null where Keras refuses.
"""

import json
import os
import random
import sys
import warnings

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras  # noqa: E402
from keras import layers  # noqa: E402

warnings.simplefilter("ignore")
CASES = int(sys.argv[1]) if len(sys.argv) > 1 else 12
R = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 20260701)


def size(low=1, high=9, free=0.15):
    return None if R.random() < free else R.randint(low, high)


def shape(rank, low=1, high=9, free=0.15):
    batch = R.choice([None, None, None, 1, 2, 5])
    return [batch] + [size(low, high, free) for _ in range(rank - 1)]


def usual(rank, *others, low=1, high=9):
    """Mostly the rank that a layer wants, sometimes another; the last axis mostly known."""
    if R.random() < 0.08:
        rank = R.choice([1, 2, 3, 4, 5])
    result = shape(rank, low, high)
    if rank > 1 and R.random() < 0.9:
        result[-1] = R.randint(1, 8)
        if R.random() < 0.9:
            result[1] = result[1] or R.randint(1, 8)
            result[1] = None if R.random() < 0.2 else result[1]
    return [result]


def some(**choices):
    """A random part of the settings."""
    return {k: v() for k, v in choices.items() if R.random() < 0.5}


def window(rank, low=1, high=4):
    return R.randint(low, high) if R.random() < 0.4 else [R.randint(low, high) for _ in range(rank)]


def border():
    return R.choice([R.randint(0, 3), [R.randint(0, 3), R.randint(0, 3)]])


def borders():
    return R.choice([R.randint(0, 3), [border(), border()]])


formats = lambda: R.choice(["channels_last", "channels_last", "channels_first"])  # noqa: E731
flag = lambda: R.random() < 0.5  # noqa: E731
few = lambda: R.randint(1, 6)  # noqa: E731


def conv(rank, filters=True, groups=False, depth=False, transpose=False, causal=False):
    config = {"kernel_size": window(rank)}
    if filters:
        config["filters"] = few()
    pads = ["valid", "same"] + (["causal", "SAME"] if causal else [])
    more = dict(
        strides=lambda: R.choice([1, window(rank, 1, 3)]),
        padding=lambda: R.choice(pads),
        data_format=formats,
        dilation_rate=lambda: R.choice([1, 1, window(rank, 1, 3)]),
        use_bias=flag,
    )
    if groups:
        more["groups"] = lambda: R.choice([1, 1, 2, 3])
    if depth:
        more["depth_multiplier"] = few
    if transpose:
        more["output_padding"] = lambda: R.choice([None, 0, 1, [1] * rank])
    return {**config, **some(**more)}, usual(rank + 2, high=12)


def pool(rank, required=False):
    config = {"pool_size": window(rank)} if required or flag() else {}
    more = some(
        strides=lambda: R.choice([None, window(rank, 1, 3)]),
        padding=lambda: R.choice(["valid", "same"]),
        data_format=formats,
    )
    return {**config, **more}, usual(rank + 2, high=10)


def merge(low=1):
    base = shape(R.randint(2, 4))
    inputs = []
    for _ in range(R.randint(low, 3)):
        other = [R.choice([s, s, s, s, s, 1, None, 3]) if i else R.choice([s, s, s, None, 2])
                 for i, s in enumerate(base)]
        if R.random() < 0.15 and len(other) > 2:
            del other[1]
        inputs.append(other)
    return inputs


def concatenate():
    base = shape(R.randint(2, 4))
    axis = R.choice([-1, -1, -1, 1, 2, 0, -2, 3])
    inputs = []
    for _ in range(R.randint(1, 3)):
        other = [R.choice([s] * 14 + [None, 3]) for s in base]
        if -len(base) <= axis < len(base):
            other[axis] = size()
        inputs.append(other)
    return {"axis": axis}, inputs


def dot():
    depth = R.choice([2, 3, 4])
    a, b = shape(R.choice([2, 3, 4]), free=0.05), shape(R.choice([2, 3, 4]), free=0.05)
    one, other = R.randint(1, len(a) - 1), R.randint(1, len(b) - 1)
    a[0] = b[0] = R.choice([None, 2])
    a[one] = b[other] = R.choice([depth, depth, depth, None])
    axes = [one, other]
    if R.random() < 0.3:
        axes = [one - len(a), other - len(b)]
    if one == other and flag():
        axes = one
    if R.random() < 0.15:
        axes = R.choice([1, 2, -1, [1, 2], [2, 1]])
    return {"axes": axes, **some(normalize=flag)}, [a, b]


def recurrent():
    config = {"units": few(), **some(use_bias=flag, return_sequences=flag, return_state=flag,
                                     go_backwards=flag, unroll=lambda: R.random() < 0.2,
                                     stateful=lambda: R.random() < 0.2)}
    return config, usual(3)


def inner():
    name = R.choice(["Dense", "LSTM", "Conv1D", "Flatten", "Dropout", "BatchNormalization",
                     "Conv2D", "MaxPooling1D", "Embedding"])
    return name, MAKERS[name]()


def time_distributed():
    name, (config, inputs) = inner()
    config.pop("return_state", None)
    result = list(inputs[0])
    result.insert(1, size())
    return {"layer": [name, config]}, [result]


def reshape():
    inputs = usual(R.randint(1, 5), high=6)
    target = [R.choice([-1, 1, 2, 3, 4, 6, 12]) for _ in range(R.randint(0, 3))]
    if R.random() < 0.6:
        known = [s or 2 for s in inputs[0][1:]]
        R.shuffle(known)
        target = known
        if target and flag():
            target[R.randrange(len(target))] = -1
    return {"target_shape": target}, inputs


def permute():
    rank = R.randint(2, 5)
    dims = list(range(1, rank))
    R.shuffle(dims)
    if R.random() < 0.1:
        dims[0] = R.choice([0, 1, 7])
    return {"dims": dims}, usual(rank)


any_rank = lambda: usual(R.randint(1, 5))  # noqa: E731
axis = lambda: R.choice([-1, -1, 1, 2, -2, 3, 0])  # noqa: E731

MAKERS = {
    "Dense": lambda: ({"units": few(), **some(use_bias=flag)}, any_rank()),
    "Activation": lambda: ({"activation": R.choice(["relu", "tanh"])}, any_rank()),
    "Dropout": lambda: ({"rate": R.random()}, any_rank()),
    "SpatialDropout1D": lambda: ({"rate": 0.3}, usual(3)),
    "SpatialDropout2D": lambda: ({"rate": 0.3, **some(data_format=formats)}, usual(4)),
    "GaussianNoise": lambda: ({"stddev": 0.2}, any_rank()),
    "GaussianDropout": lambda: ({"rate": 0.3}, any_rank()),
    "AlphaDropout": lambda: ({"rate": 0.3}, any_rank()),
    "ActivityRegularization": lambda: ({"l1": 0.1}, any_rank()),
    "Identity": lambda: ({}, any_rank()),
    "BatchNormalization": lambda: (some(axis=axis, center=flag, scale=flag, renorm=flag),
                                   any_rank()),
    "LayerNormalization": lambda: (
        some(axis=lambda: R.choice([axis(), [axis()], [1, -1], [-1, 1], [2, 1]]), center=flag,
             scale=flag, rms_scaling=flag), any_rank()),
    "LSTM": recurrent, "GRU": recurrent, "SimpleRNN": recurrent,
    "TimeDistributed": time_distributed,
    "Embedding": lambda: ({"input_dim": few(), "output_dim": few(), **some(mask_zero=flag)},
                          any_rank()),
    "Masking": lambda: (some(mask_value=lambda: R.choice([0, 0.5, -1])), usual(3)),
    "Conv1D": lambda: conv(1, groups=True, causal=True),
    "Conv2D": lambda: conv(2, groups=True),
    "SeparableConv1D": lambda: conv(1, depth=True),
    "SeparableConv2D": lambda: conv(2, depth=True),
    "DepthwiseConv1D": lambda: conv(1, filters=False, depth=True),
    "DepthwiseConv2D": lambda: conv(2, filters=False, depth=True),
    "Conv1DTranspose": lambda: conv(1, transpose=True),
    "Conv2DTranspose": lambda: conv(2, transpose=True),
    "MaxPooling1D": lambda: pool(1), "MaxPooling2D": lambda: pool(2),
    "AveragePooling1D": lambda: pool(1, True), "AveragePooling2D": lambda: pool(2, True),
    "GlobalMaxPooling1D": lambda: (some(data_format=formats, keepdims=flag), usual(3)),
    "GlobalAveragePooling1D": lambda: (some(data_format=formats, keepdims=flag), usual(3)),
    "GlobalMaxPooling2D": lambda: (some(data_format=formats, keepdims=flag), usual(4)),
    "GlobalAveragePooling2D": lambda: (some(data_format=formats, keepdims=flag), usual(4)),
    "Flatten": lambda: (some(data_format=formats), any_rank()),
    "Reshape": reshape, "Permute": permute,
    "RepeatVector": lambda: ({"n": few()}, usual(2)),
    "Add": lambda: ({}, merge()), "Subtract": lambda: ({}, merge()),
    "Multiply": lambda: ({}, merge()), "Average": lambda: ({}, merge()),
    "Maximum": lambda: ({}, merge()), "Minimum": lambda: ({}, merge()),
    "Concatenate": concatenate, "Dot": dot,
    "ReLU": lambda: (some(max_value=few, negative_slope=R.random), any_rank()),
    "LeakyReLU": lambda: (some(negative_slope=R.random), any_rank()),
    "PReLU": lambda: (some(shared_axes=lambda: R.choice([None, 1, [1], [1, 2], [2]])),
                      any_rank()),
    "ELU": lambda: (some(alpha=R.random), any_rank()),
    "Softmax": lambda: (some(axis=axis), any_rank()),
    "ZeroPadding1D": lambda: (some(padding=border, data_format=formats), usual(3)),
    "ZeroPadding2D": lambda: (some(padding=borders, data_format=formats), usual(4)),
    "Cropping1D": lambda: (some(cropping=border), usual(3)),
    "Cropping2D": lambda: (some(cropping=borders, data_format=formats), usual(4)),
    "UpSampling1D": lambda: (some(size=few), usual(3)),
    "UpSampling2D": lambda: (some(size=lambda: window(2), data_format=formats), usual(4)),
}
MERGES = {"Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Dot"}


def make(name, config):
    config = dict(config)
    if isinstance(config.get("layer"), list):
        config["layer"] = make(*config["layer"])
    return getattr(layers, name)(**config)


def answer(name, config, inputs):
    """What Keras makes of a case: the shapes of the outputs and the weights, or None."""
    tensors = [keras.Input(batch_shape=s) for s in inputs]
    try:
        layer = make(name, config)
        result = layer(tensors if name in MERGES else tensors[0])
    except Exception:
        return None
    outputs = result if isinstance(result, (list, tuple)) else [result]
    trained = {id(v) for v in layer.trainable_variables}
    weights = [[w.name, list(w.shape), id(w) in trained] for w in layer.weights]
    return {"outputs": [list(t.shape) for t in outputs], "weights": weights}


def cannot_run(name, config, inputs):
    """Cases whose shape Keras computes though the layer could not run on real numbers."""
    rank = len(inputs[0])
    if name == "Softmax" or (name == "Concatenate" and len(inputs) == 1):
        return not -rank <= config.get("axis", -1) < rank
    if config.get("unroll"):
        return rank > 1 and inputs[0][1] is None
    if name == "TimeDistributed" and config["layer"][0] in ("LSTM", "GRU", "SimpleRNN"):
        return rank != 4 or cannot_run("LSTM", config["layer"][1], [inputs[0][:1] + inputs[0][2:]])
    return False


def main():
    print('{"keras": "%s", "cases": [' % keras.__version__)
    lines = []
    for name, maker in MAKERS.items():
        refused = 0
        for _ in range(CASES):
            config, inputs = maker()
            if cannot_run(name, config, inputs):
                continue
            found = answer(name, config, inputs)
            refused += found is None
            if found is None and refused > max(3, CASES // 3):
                continue
            lines.append(json.dumps([name, config, inputs, found], separators=(",", ":")))
        keras.backend.clear_session()
    print(",\n".join(lines))
    print("]}")


if __name__ == "__main__":
    main()
