"""Writes random Keras scripts, runs each under real Keras and keeps what Keras says of it.

    KERAS_BACKEND=jax python make_random_models.py --seed 1 --count 300 --out random-models.json

Every entry holds the script as a person might have typed it, the model's config, the table that
`model.summary()` prints and the facts behind the table. Scripts that Keras refuses with a
ValueError go into a list of their own, and so do Bidirectional layers with unequal directions,
for which Keras reports a wrong shape.
"""

import argparse
import json
import math
import os
import random
import re
import sys
import traceback
import warnings

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ["COLUMNS"] = "200"
warnings.simplefilter("ignore")
sys.path = [p for p in sys.path if os.path.abspath(p or ".") != os.path.dirname(__file__)]

import keras  # noqa: E402
import numpy  # noqa: E402
from keras.src import tree  # noqa: E402

SCRIPT_NAME = "model.py"

ALIASES = {
    "AveragePooling1D": "AvgPool1D",
    "AveragePooling2D": "AvgPool2D",
    "MaxPooling1D": "MaxPool1D",
    "MaxPooling2D": "MaxPool2D",
    "GlobalAveragePooling1D": "GlobalAvgPool1D",
    "GlobalAveragePooling2D": "GlobalAvgPool2D",
    "GlobalMaxPooling1D": "GlobalMaxPool1D",
    "GlobalMaxPooling2D": "GlobalMaxPool2D",
    "Conv1D": "Convolution1D",
    "Conv2D": "Convolution2D",
}

ACTIVATIONS = [
    "relu", "tanh", "sigmoid", "softmax", "linear", "elu", "selu", "gelu", "swish", "softplus",
    "hard_sigmoid", "exponential", "silu", "softsign", "mish", "relu6", "leaky_relu", None,
]
GATES = ["sigmoid", "hard_sigmoid", "tanh", "relu"]
INITIALIZERS = [
    "glorot_uniform", "he_normal", "zeros", "ones", "lecun_uniform", "random_normal", "HeUniform",
    "orthogonal", "truncated_normal", "uniform",
]
NAMES = [
    "encoder", "decoder", "context", "attention_scores", "hidden", "head", "logits", "probabilities",
    "projection", "forget me not", "stage-1", "block.a", "tokens", "summary_vector", "memory",
    "a_layer_with_a_rather_long_name_indeed", "mixed, joined", "日本語の層", "Größe", "Ünïcode layer",
    "recurrent", "features", "pooled", "narrow", "wide", "gate", "bottleneck", "readout", "lstm_7",
    "dense_3", "x", "Out",
]


class Code(str):
    """Text that stands in the script as it is, not as a quoted string."""


def literal(value):
    if isinstance(value, Code):
        return str(value)
    if isinstance(value, (list, tuple)):
        inner = ", ".join(literal(v) for v in value)
        if isinstance(value, tuple):
            return f"({inner},)" if len(value) == 1 else f"({inner})"
        return f"[{inner}]"
    if isinstance(value, str):
        quote = '"' if "'" in value else "'"
        return quote + value + quote
    return repr(value)


def call(function, *args, **keywords):
    parts = [literal(a) for a in args] + [f"{k}={literal(v)}" for k, v in keywords.items()]
    return Code(f"{function}({', '.join(parts)})")


class Style:
    """How one author imports Keras, and so how each name is spelt in the script."""

    def __init__(self, rng):
        self.rng = rng
        self.kind = rng.choice(["keras", "layers", "star", "L", "names", "modules"])
        self.used = []
        self.extra = []
        self.aliases = rng.random() < 0.3

    def layer(self, name):
        if self.aliases and name in ALIASES and self.rng.random() < 0.5:
            name = ALIASES[name]
        if self.kind == "keras":
            return f"keras.layers.{name}"
        if self.kind in ("layers", "modules"):
            return f"layers.{name}"
        if self.kind == "L":
            return f"L.{name}"
        if self.kind == "names" and name not in self.used:
            self.used.append(name)
        return name

    def input(self):
        return {
            "keras": "keras.Input", "layers": "keras.Input", "star": "Input", "L": "Input",
            "names": self.layer("Input") if self.kind == "names" else "",
            "modules": "layers.Input",
        }[self.kind]

    def model(self, name):
        return {
            "keras": f"keras.{name}", "layers": f"keras.{name}", "star": name, "L": name,
            "names": name, "modules": f"models.{name}",
        }[self.kind]

    def op(self, name):
        if self.kind in ("keras", "layers"):
            return f"keras.ops.{name}"
        return f"ops.{name}"

    def module(self, name):
        if self.kind in ("keras", "layers"):
            return f"keras.{name}"
        if name not in self.extra:
            self.extra.append(name)
        return name

    def imports(self):
        lines = {
            "keras": ["import keras"],
            "layers": ["import keras", "from keras import layers"],
            "star": [
                "from keras.layers import *", "from keras.models import Model, Sequential",
                "from keras import ops",
            ],
            "L": ["import keras.layers as L", "from keras import Input, Model, Sequential, ops"],
            "names": [
                "from keras import ops", "from keras.models import Model, Sequential",
                "from keras.layers import " + ", ".join(self.used or ["Input"]),
            ],
            "modules": ["from keras import layers, models, ops"],
        }[self.kind]
        if self.extra:
            lines = lines + ["from keras import " + ", ".join(self.extra)]
        return lines


def shape_of(tensor):
    return tuple(tensor.shape)


class Builder:
    """Grows one script statement by statement; each statement is tried on real Keras at once."""

    def __init__(self, rng):
        self.rng = rng
        self.style = Style(rng)
        self.body = []
        self.header = []
        self.space = {"keras": keras, "numpy": numpy}
        exec(
            "import keras.layers as L\nfrom keras.layers import *\nfrom keras import *\n"
            "from keras import layers, models, ops\nimport keras\n"
            "from keras.models import Model, Sequential",
            self.space,
        )
        self.names = list(NAMES)
        rng.shuffle(self.names)
        self.tags = set()
        self.failure = None
        self.counter = 0
        self.named = rng.random() < 0.3
        self.want_failure = False

    # Small choices

    def chance(self, probability):
        return self.rng.random() < probability

    def pick(self, *items):
        return self.rng.choice(items)

    def units(self):
        return self.pick(1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 20, 24, 32, 50, 64)

    def common(self, **keywords):
        if self.named and self.names and self.chance(0.4):
            keywords["name"] = self.names.pop()
        if self.chance(0.06):
            keywords["trainable"] = False
            self.tags.add("frozen")
        return keywords

    def weight_options(self, keywords, recurrent=False):
        regularizer = lambda: self.pick(  # noqa: E731
            "l2", "l1", "L1L2", call(self.style.module("regularizers") + ".L2", 0.01),
            call(self.style.module("regularizers") + ".l1", 1e-4),
            call(self.style.module("regularizers") + ".L1L2", l1=0.001, l2=0.02))
        constraint = lambda: self.pick(  # noqa: E731
            "non_neg", "unit_norm", call(self.style.module("constraints") + ".MaxNorm", 2),
            call(self.style.module("constraints") + ".MinMaxNorm", 0.5, 1.5))
        initializer = lambda: self.pick(  # noqa: E731
            *INITIALIZERS, call(self.style.module("initializers") + ".RandomNormal", stddev=0.001),
            call(self.style.module("initializers") + ".Constant", 0.25),
            call(self.style.module("initializers") + ".VarianceScaling", 2.0, mode="fan_out"))
        if self.chance(0.1):
            keywords["kernel_regularizer"] = regularizer()
        if self.chance(0.06):
            keywords["bias_regularizer"] = regularizer()
        if self.chance(0.04):
            keywords["activity_regularizer"] = regularizer()
        if self.chance(0.08):
            keywords["kernel_initializer"] = initializer()
        if self.chance(0.05):
            chosen = initializer()
            # A bias is a vector, for which no orthogonal matrix stands.
            keywords["bias_initializer"] = "zeros" if chosen == "orthogonal" else chosen
        if self.chance(0.06):
            keywords["kernel_constraint"] = constraint()
        if recurrent and self.chance(0.06):
            keywords["recurrent_initializer"] = initializer()
        if recurrent and self.chance(0.05):
            keywords["recurrent_regularizer"] = regularizer()
        if recurrent and self.chance(0.05):
            keywords["recurrent_constraint"] = constraint()
        return keywords

    # Layers, as source text

    def dense(self, **more):
        keywords = {}
        if self.chance(0.45):
            keywords["activation"] = self.pick(*ACTIVATIONS)
        if self.chance(0.12):
            keywords["use_bias"] = False
        keywords = self.weight_options(keywords)
        keywords.update(self.common(**more))
        return call(self.style.layer("Dense"), self.units(), **keywords)

    def recurrent(self, sequences=None, state=False, kind=None, backwards=None, units=None,
                  inner=False, stateful=False, plain=False):
        kind = kind or self.pick("LSTM", "LSTM", "GRU", "SimpleRNN")
        keywords = {}
        if self.chance(0.15):
            keywords["activation"] = self.pick(*ACTIVATIONS[:12])
        if kind != "SimpleRNN" and self.chance(0.1):
            keywords["recurrent_activation"] = self.pick(*GATES)
        if self.chance(0.1):
            keywords["use_bias"] = False
        if kind == "LSTM" and self.chance(0.08):
            keywords["unit_forget_bias"] = False
        if kind == "GRU" and self.chance(0.35):
            keywords["reset_after"] = self.pick(True, False)
        if sequences is None:
            sequences = self.chance(0.5)
        if sequences:
            keywords["return_sequences"] = True
        if state:
            keywords["return_state"] = True
        if backwards is not None:
            keywords["go_backwards"] = backwards
        elif not inner and self.chance(0.1):
            keywords["go_backwards"] = True
        if stateful:
            keywords["stateful"] = True
        if self.chance(0.15):
            keywords["dropout"] = self.pick(0.1, 0.2, 0.5)
        if self.chance(0.08):
            keywords["recurrent_dropout"] = self.pick(0.1, 0.25)
        if not plain:
            keywords = self.weight_options(keywords, recurrent=True)
        if self.chance(0.04):
            keywords["unroll"] = True
        if not inner:
            keywords.update(self.common())
        return call(self.style.layer(kind), units or self.units(), **keywords)

    def bidirectional(self, state=False, stateful=False):
        kind = self.pick("LSTM", "LSTM", "GRU", "SimpleRNN")
        merge = self.pick("concat", "concat", "sum", "mul", "ave", None)
        keywords = {}
        units = self.units()
        sequences = self.chance(0.6)
        layer = self.recurrent(sequences=sequences, state=state, kind=kind, units=units,
                               inner=True, stateful=stateful)
        if merge != "concat" or self.chance(0.3):
            keywords["merge_mode"] = merge
        if self.chance(0.15) and "name" not in layer:
            kind = kind if state else self.pick("LSTM", "GRU", "SimpleRNN")
            keywords["backward_layer"] = self.recurrent(
                sequences=sequences, state=state, kind=kind, units=units, inner=True,
                backwards=True, stateful=stateful, plain=True)
        keywords.update(self.common())
        return call(self.style.layer("Bidirectional"), layer, **keywords)

    def conv(self, dimensions, shape):
        keywords = {}
        channels_first = self.chance(0.08)
        space = shape[2:] if channels_first else shape[1:-1]
        channels = shape[1] if channels_first else shape[-1]
        many = lambda low, high: self.rng.randint(low, high)  # noqa: E731
        def size(limit):
            limit = 5 if limit is None else max(1, min(5, limit))
            return many(1, limit)
        kernel = [size(s) for s in space] or [1] * dimensions
        if self.chance(0.5) and None not in space:
            kernel = [min(kernel)] * dimensions
        if len(set(kernel)) == 1 and self.chance(0.6):
            kernel = kernel[0]
        else:
            kernel = tuple(kernel)
        filters = self.pick(1, 2, 4, 6, 8, 12, 16, 32)
        if self.chance(0.4):
            choices = ["same", "valid", "causal"] if dimensions == 1 else ["same", "valid"]
            keywords["padding"] = self.pick(*choices)
        if self.chance(0.3):
            keywords["strides"] = many(1, 3)
        elif self.chance(0.2):
            keywords["dilation_rate"] = many(1, 2)
        if self.chance(0.1) and isinstance(channels, int):
            groups = [g for g in (2, 3, 4) if channels % g == 0]
            if groups:
                keywords["groups"] = self.pick(*groups)
                filters = keywords["groups"] * self.pick(1, 2, 3)
        if channels_first:
            keywords["data_format"] = "channels_first"
        if self.chance(0.4):
            keywords["activation"] = self.pick("relu", "tanh", "elu", None)
        if self.chance(0.1):
            keywords["use_bias"] = False
        keywords = self.weight_options(keywords)
        keywords.update(self.common())
        args = [filters, kernel]
        if self.chance(0.15):
            keywords["kernel_size"] = args.pop()
        return call(self.style.layer(f"Conv{dimensions}D"), *args, **keywords)

    def pooling(self, dimensions):
        kind = self.pick("Max", "Average")
        args, keywords = [], {}
        if self.chance(0.8):
            size = self.pick(1, 2, 2, 2, 3, 4)
            if dimensions == 2 and self.chance(0.4):
                size = (size, self.pick(1, 2, 3))
            if self.chance(0.3):
                keywords["pool_size"] = size
            else:
                args.append(size)
        if self.chance(0.25):
            keywords["strides"] = self.pick(1, 2, 3)
        if self.chance(0.3):
            keywords["padding"] = self.pick("same", "valid")
        if self.chance(0.2):
            keywords["data_format"] = self.pick("channels_first", "channels_last")
        keywords.update(self.common())
        return call(self.style.layer(f"{kind}Pooling{dimensions}D"), *args, **keywords)

    def global_pooling(self, dimensions):
        keywords = {}
        if self.chance(0.25):
            keywords["keepdims"] = self.pick(True, True, False)
        if self.chance(0.15):
            keywords["data_format"] = self.pick("channels_first", "channels_last")
        keywords.update(self.common())
        kind = self.pick("Max", "Average")
        return call(self.style.layer(f"Global{kind}Pooling{dimensions}D"), **keywords)

    def regular(self, shape):
        layer = self.style.layer
        kind = self.pick("Activation", "Dropout", "GaussianNoise", "BatchNormalization",
                         "LayerNormalization", "BatchNormalization", "Dropout")
        keywords = {}
        if kind == "Activation":
            args = [self.pick(*ACTIVATIONS[:-1])]
        elif kind in ("Dropout", "GaussianNoise"):
            args = [self.pick(0.1, 0.2, 0.25, 0.5)]
            if kind == "Dropout" and self.chance(0.1):
                keywords["seed"] = 7
        else:
            args = []
            if self.chance(0.15):
                keywords["axis"] = self.rng.choice(
                    [a for a in range(1, len(shape)) if shape[a] is not None] or [-1])
            if kind == "LayerNormalization" and len(shape) > 2 and self.chance(0.15):
                if shape[-1] and shape[-2]:
                    keywords["axis"] = [-2, -1]
            if kind == "BatchNormalization" and self.chance(0.2):
                keywords["momentum"] = self.pick(0.9, 0.8)
            if self.chance(0.15):
                keywords["epsilon"] = 1e-5
            if self.chance(0.15):
                keywords["center"] = False
            if self.chance(0.15):
                keywords["scale"] = False
        keywords.update(self.common())
        return call(layer(kind), *args, **keywords)

    def reshaping(self, shape):
        rest = shape[1:]
        keywords = self.common()
        if None in rest:
            if len(rest) < 2 or rest.count(None) > 1:
                return call(self.style.layer("Activation"), "relu")
            known = math.prod(d for d in rest if d is not None)
            return call(self.style.layer("Reshape"), (-1, known), **keywords)
        total = math.prod(rest)
        divisors = [d for d in range(1, min(total, 64) + 1) if total % d == 0]
        first = self.rng.choice(divisors)
        target = [first, total // first]
        if self.chance(0.3):
            second = self.rng.choice([d for d in divisors if target[1] % d == 0])
            target = [first, second, target[1] // second]
        if self.chance(0.15):
            target = [total]
        if self.chance(0.3):
            target[self.rng.randrange(len(target))] = -1
        return call(self.style.layer("Reshape"), tuple(target), **keywords)

    def distributed(self, shape):
        rank = len(shape)
        inner_shape = (shape[0],) + tuple(shape[2:])
        layer = self.style.layer
        if rank == 3:
            choice = self.pick("dense", "dense", "regular", "nested")
        elif rank == 4:
            choice = self.pick("dense", "recurrent", "conv1", "pool1", "global1", "flatten",
                               "nested", "bidirectional")
        else:
            choice = self.pick("conv2", "pool2", "global2", "flatten", "dense")
        inner = {
            "dense": lambda: self.dense(), "regular": lambda: self.regular(inner_shape),
            "recurrent": lambda: self.recurrent(), "conv1": lambda: self.conv(1, inner_shape),
            "bidirectional": lambda: self.bidirectional(),
            "conv2": lambda: self.conv(2, inner_shape), "pool1": lambda: self.pooling(1),
            "pool2": lambda: self.pooling(2), "global1": lambda: self.global_pooling(1),
            "global2": lambda: self.global_pooling(2),
            "flatten": lambda: call(layer("Flatten")),
            "nested": lambda: self.nested(inner_shape),
        }[choice]()
        return call(layer("TimeDistributed"), inner, **self.common())

    def lambda_layer(self, shape):
        self.tags.add("lambda")
        rank = len(shape)
        options = [
            ("lambda t: t * 2", {}),
            ("lambda t: t ** 2 + 1", {}),
            (f"lambda t: {self.style.op('relu')}(t)", {}),
            (f"lambda v: {self.style.op('mean')}(v, axis=-1, keepdims=True)", {}),
        ]
        if rank >= 3 and None not in shape[1:]:
            options += [
                ("lambda t: t[:, -1]", {"output_shape": tuple(shape[2:])}),
                (f"lambda t: {self.style.op('sum')}(t, axis=1)", {"output_shape": tuple(shape[2:])}),
                (f"lambda t: {self.style.op('max')}(t, axis=1)",
                 {"output_shape": Code("lambda s: (s[0],) + s[2:]")}),
                ("lambda t: t[:, 1:]", {}),
            ]
        function, keywords = self.rng.choice(options)
        if not keywords:
            self.tags.add("lambda-inferred")
        keywords = dict(keywords, **self.common())
        return call(self.style.layer("Lambda"), Code(function), **keywords)

    def nested(self, shape):
        """A Sequential written in place, fitting one step of `shape`."""
        self.tags.add("nested")
        layers, current = [], shape
        for _ in range(self.rng.randint(1, 3)):
            source = self.layer_for(current, allow_nested=False)
            result = self.try_layer(source, current)
            if result is None:
                continue
            layers.append(source)
            current = result
        if not layers:
            layers = [self.dense()]
        head = [call(self.style.input(), tuple(shape[1:]))] if self.chance(0.6) else []
        return call(self.style.model("Sequential"), [Code(x) for x in head + layers])

    def try_layer(self, source, shape):
        """The shape a layer gives for an input of `shape`; nil when Keras refuses."""
        try:
            made = eval(source, dict(self.space))
            out = made(keras.Input(batch_shape=shape))
            return shape_of(out) if not isinstance(out, (list, tuple)) else None
        except Exception:
            return None

    def layer_for(self, shape, allow_nested=True):
        rank = len(shape)
        layer = self.style.layer
        options = [lambda: self.dense(), lambda: self.regular(shape), lambda: self.regular(shape)]
        if rank == 2:
            options += [
                lambda: self.dense(), lambda: self.dense(),
                lambda: call(layer("RepeatVector"), self.rng.randint(2, 9), **self.common()),
                lambda: self.reshaping(shape), lambda: call(layer("Flatten"), **self.common()),
            ]
        if rank == 3:
            options += [
                lambda: self.recurrent(), lambda: self.recurrent(), lambda: self.recurrent(),
                lambda: self.bidirectional(), lambda: self.bidirectional(),
                lambda: self.conv(1, shape), lambda: self.conv(1, shape), lambda: self.pooling(1),
                lambda: self.global_pooling(1), lambda: self.distributed(shape),
                lambda: self.reshaping(shape), lambda: call(layer("Flatten"), **self.common()),
                lambda: call(layer("Permute"), (2, 1), **self.common()),
                lambda: call(layer("SpatialDropout1D"), self.pick(0.1, 0.3), **self.common()),
                lambda: self.masking(), lambda: self.masking(),
            ]
        if rank == 4:
            options += [
                lambda: self.conv(2, shape), lambda: self.conv(2, shape), lambda: self.pooling(2),
                lambda: self.global_pooling(2), lambda: self.distributed(shape),
                lambda: self.distributed(shape), lambda: self.reshaping(shape),
                lambda: call(layer("Permute"), tuple(self.rng.sample([1, 2, 3], 3))),
                lambda: call(layer("Flatten"), **self.common()),
            ]
        if rank == 5:
            options += [lambda: self.distributed(shape)] * 4 + [
                lambda: call(layer("Flatten")), lambda: self.reshaping(shape)]
        if self.chance(0.06):
            options = [lambda: self.lambda_layer(shape)]
        elif allow_nested and self.chance(0.04):
            options = [lambda: self.nested(shape)]
        return self.rng.choice(options)()

    def masking(self):
        self.tags.add("mask")
        keywords = {"mask_value": self.pick(-1.0, 0.0, 9)} if self.chance(0.5) else {}
        return call(self.style.layer("Masking"), **self.common(**keywords))

    def input_shape(self):
        """A batch size, the rest of the shape, and whether the values are word numbers."""
        batch = self.pick(None, None, None, None, None, 2, 8, 32)
        kind = self.pick("words", "words", "sequence", "sequence", "sequence", "sequence", "vector",
                         "image", "frames", "stack")
        length = self.pick(None, 3, 4, 5, 7, 8, 10, 12, 16, 28, 64)
        features = self.pick(1, 2, 3, 4, 5, 6, 8, 10, 16, 20, 32)
        if kind == "words":
            return batch, (length,), True
        if kind == "vector":
            return batch, (features,), False
        if kind == "sequence":
            return batch, (length, features), False
        if kind == "image":
            side = self.pick(8, 10, 16, 28)
            return batch, (side, self.pick(side, 12), self.pick(1, 3)), False
        if kind == "frames":
            return batch, (self.pick(3, 4, None), self.pick(5, 6, 8), features), False
        return batch, (self.pick(2, 3), 8, 8, self.pick(1, 3)), False

    def embedding(self):
        keywords = {}
        if self.chance(0.5):
            keywords["mask_zero"] = True
            self.tags.add("mask")
        if self.chance(0.15):
            keywords["embeddings_initializer"] = self.pick("uniform", "random_normal")
        if self.chance(0.1):
            keywords["embeddings_regularizer"] = "l2"
        keywords.update(self.common())
        if self.chance(0.3):
            return call(self.style.layer("Embedding"), input_dim=self.pick(50, 100, 1000),
                        output_dim=self.units(), **keywords)
        return call(self.style.layer("Embedding"), self.pick(10, 100, 500, 1000), self.units(),
                    **keywords)

    # Statements

    def run(self, statement):
        """Tries a statement; true when Keras took it and it now stands in the script."""
        try:
            exec(compile(statement, SCRIPT_NAME, "exec"), self.space)
        except ValueError:
            if self.want_failure and self.failure is None:
                self.failure = statement
                self.body.append(statement)
            return False
        except Exception:
            return False
        self.body.append(statement)
        return True

    def source(self):
        lines = self.style.imports()
        if self.header:
            lines = lines + [""] + self.header
        return "\n".join(lines + [""] + self.body) + "\n"


class SequentialBuilder(Builder):
    """A stack, written in one of the ways people write one."""

    def build(self):
        batch, rest, words = self.input_shape()
        shape = (batch,) + rest
        layers = []
        wanted = self.rng.randint(2, 9)
        stateful = batch is not None and self.chance(0.4) and len(rest) == 2
        if words:
            layers.append(self.embedding())
            shape = shape + (keras.layers.Embedding.compute_output_shape(
                eval(layers[0], dict(self.space)), shape)[-1],)
        tries = 0
        while len(layers) < wanted and tries < 40:
            tries += 1
            if stateful and not layers:
                source = self.recurrent(sequences=True, stateful=True)
            elif self.want_failure and len(layers) >= wanted - 1:
                source = self.misfit(shape)
            elif tries == 40 or (len(layers) == wanted - 1 and len(shape) == 3
                                 and self.chance(0.15)):
                source = self.bidirectional(state=True)
                try:
                    eval(source, dict(self.space))(keras.Input(batch_shape=shape))
                    layers.append(source)
                except Exception:
                    pass
                break
            else:
                source = self.layer_for(shape)
            result = self.try_layer(source, shape)
            if result is None:
                if self.want_failure and len(layers) >= wanted - 1:
                    layers.append(source)
                    break
                continue
            if any(d is not None and d <= 0 for d in result[1:]):
                continue
            if math.prod(d or 1 for d in result[1:]) > 20000:
                continue
            layers.append(source)
            shape = result
        if not layers:
            layers.append(self.dense())
        self.write(layers, batch, rest)

    def misfit(self, shape):
        """A layer that may well not fit `shape`."""
        layer = self.style.layer
        known = [d for d in shape[1:] if d is not None] or [4]
        return self.rng.choice([
            lambda: self.recurrent(), lambda: self.bidirectional(),
            lambda: call(layer("Conv1D"), 4, max(known) + 3),
            lambda: call(layer("Conv2D"), 4, (3, 40)),
            lambda: call(layer("Reshape"), (7, known[0] * 3 + 1)),
            lambda: call(layer("Reshape"), (-1, math.prod(known) + 1)),
            lambda: call(layer("MaxPooling1D"), 2), lambda: call(layer("RepeatVector"), 3),
            lambda: call(layer("Permute"), (2, 1, 3)), lambda: call(layer("Dense"), 0),
            lambda: call(layer("LSTM"), -1), lambda: call(layer("Dropout"), 1.5),
            lambda: call(layer("Conv1D"), 5, 2, groups=3),
            lambda: call(layer("GlobalAveragePooling1D")),
            lambda: call(layer("Conv1D"), 4, 2, strides=2, dilation_rate=2),
            lambda: call(layer("MaxPooling1D"), max(known) + 5),
            lambda: call(layer("SpatialDropout1D"), 0.2),
            lambda: call(layer("Bidirectional"), call(layer("LSTM"), 4), merge_mode="max"),
            lambda: call(layer("Bidirectional"), call(layer("Dense"), 4)),
            lambda: call(layer("TimeDistributed"), call(layer("LSTM"), 3)),
            lambda: call(layer("Embedding"), 0, 4),
            lambda: call(layer("LSTM"), 4, activation="reluu"),
            lambda: call(layer("Dense"), 4, kernel_initializer="glorot"),
            lambda: call(layer("Conv1D"), 4, 3, padding="full"),
            lambda: call(layer("MaxPooling2D"), 2, data_format="channels_middle"),
            lambda: call(layer("BatchNormalization"), axis=5),
        ])()

    def write(self, layers, batch, rest):
        model = self.rng.choice(["model", "model", "model", "net", "m"])
        self.model_name = model
        named = {"name": self.pick("tagger", "stack", "my model")} if self.chance(0.15) else {}
        start = {"batch_size": batch} if batch is not None else {}
        shape = rest
        if self.chance(0.25) and rest and isinstance(rest[-1], int):
            constant = self.pick("features", "DIM", "n_features")
            self.header.append(f"{constant} = {rest[-1]}")
            shape = rest[:-1] + (Code(constant),)
        shape_argument = {"shape": shape} if self.chance(0.5) else None
        if batch is not None and self.chance(0.3):
            source = call(self.style.input(), batch_shape=(batch,) + tuple(shape))
        elif shape_argument:
            source = call(self.style.input(), **shape_argument, **start)
        else:
            source = call(self.style.input(), shape, **start)
        first = layers[0]
        form = self.pick("input", "input", "input", "keyword", "build", "unbuilt")
        if form == "keyword" and (batch is not None or not first.endswith(")")
                                  or "Sequential" in first.split("(")[0]):
            form = "input"
        if "stateful=True" in "".join(layers):
            form = "input" if form != "build" else "build"
        if form == "unbuilt" and (self.chance(0.5) or self.want_failure):
            form = "input"
        self.tags.add(form)
        if form == "input":
            layers = [source] + layers
        elif form == "keyword":
            keyword = "input_shape"
            argument = literal(tuple(shape))
            if len(shape) == 1 and "Embedding" not in first and self.chance(0.5):
                keyword, argument = "input_dim", literal(shape[0])
            layers[0] = Code(f"{first[:-1]}, {keyword}={argument})".replace("(, ", "("))
        if self.chance(0.5):
            inner = ",\n".join("    " + str(x) for x in layers)
            text = f"{model} = {self.style.model('Sequential')}([\n{inner},\n]"
            text += "".join(f", {k}={literal(v)}" for k, v in named.items()) + ")"
            self.body.append(text)
        else:
            self.tags.add("add")
            self.body.append(f"{model} = {call(self.style.model('Sequential'), **named)}")
            for layer in layers:
                self.body.append(f"{model}.add({layer})")
        if form == "build":
            argument = literal((batch,) + tuple(shape))
            if self.chance(0.5):
                self.body.append(f"{model}.build(input_shape={argument})")
            else:
                self.body.append(f"{model}.build({argument})")
        if self.chance(0.3):
            self.body.append(f"{model}.compile(optimizer='adam', loss='mse')")
        self.body.append(f"{model}.summary()")


class FunctionalBuilder(Builder):
    """A graph: a pool of tensors with names, joined at random."""

    def fresh(self, *preferred):
        for name in preferred:
            if name not in self.taken:
                self.taken.add(name)
                return name
        self.counter += 1
        name = f"{preferred[0]}{self.counter}"
        self.taken.add(name)
        return name

    def tensor(self, name):
        return self.space[name]

    def shape(self, name):
        return shape_of(self.space[name])

    def usable(self):
        return [n for n in self.pool
                if n not in self.words and math.prod(d or 1 for d in self.shape(n)[1:]) < 20000
                and all(d is None or d > 0 for d in self.shape(n))]

    def build(self):
        self.pool, self.inputs, self.words = [], [], set()
        self.taken = set(self.space) | {"model"}
        self.states = []
        self.models = []
        batch = self.pick(None, None, None, None, None, 4, 16)
        for index in range(self.pick(1, 1, 1, 2, 2, 3)):
            self.add_input(batch, index)
        wanted = self.rng.randint(2, 9)
        steps = 0
        done = 0
        while done < wanted and steps < 60 and self.failure is None:
            steps += 1
            if self.want_failure and done >= wanted - 1:
                self.misfit()
                continue
            if self.step():
                done += 1
        self.finish()

    def add_input(self, batch, index):
        twin = index > 0 and self.chance(0.6)
        if twin:
            rest, words = self.first
            if self.chance(0.4) and len(rest) == 2:
                rest = (self.pick(None, 4, 6, 9), rest[1])
        else:
            _, rest, words = self.input_shape()
        if index == 0:
            self.first = (rest, words)
        name = self.fresh(*self.rng.sample(["inputs", "inp", "a", "left", "question", "source"], 3))
        keywords = {}
        if batch is not None:
            keywords["batch_size"] = batch
        if words and self.chance(0.3):
            keywords["dtype"] = "int32"
        if self.chance(0.25):
            keywords["name"] = f"{name}_in"
        if batch is not None and self.chance(0.3):
            keywords.pop("batch_size")
            source = call(self.style.input(), batch_shape=(batch,) + rest, **keywords)
        elif self.chance(0.6):
            source = call(self.style.input(), shape=rest, **keywords)
        else:
            source = call(self.style.input(), rest, **keywords)
        if self.run(f"{name} = {source}"):
            self.pool.append(name)
            self.inputs.append(name)
            if words:
                self.words.add(name)

    def give(self, name, source, old=None):
        """Binds the result of `source`; sometimes to the old name, as in x = Dense(4)(x)."""
        if old and old not in self.inputs and self.chance(0.6):
            name = old
        else:
            name = self.fresh(name, "x", "y", "h", "z", "hidden", "out")
        before = self.space.get(name)
        if not self.run(f"{name} = {source}"):
            return None
        value = self.space[name]
        if not hasattr(value, "shape"):
            self.body.pop()
            self.space[name] = before
            return None
        if name not in self.pool:
            self.pool.append(name)
        return name

    def step(self):
        ready = self.usable()
        wordy = [n for n in self.pool if n in self.words]
        if wordy and (not ready or self.chance(0.5)):
            return self.embed(wordy)
        if not ready:
            return False
        kinds = ["layer"] * 8 + ["operation"] * 3 + ["merge"] * 4 + ["states"] * 2 + [
            "arithmetic", "arithmetic", "decode", "shared", "submodel", "loop", "residual"]
        if self.states:
            kinds += ["decode"] * 8
        return getattr(self, "step_" + self.rng.choice(kinds))(ready)

    def embed(self, wordy):
        if len(wordy) > 1 and self.chance(0.5):
            layer = self.fresh("embed", "embedding", "lookup")
            if not self.run(f"{layer} = {self.embedding()}"):
                return False
            for word in wordy:
                if self.give("e", f"{layer}({word})") is None:
                    return False
                self.words.discard(word)
                self.pool.remove(word)
            return True
        word = self.rng.choice(wordy)
        made = self.give("x", f"{self.embedding()}({word})")
        if made and self.chance(0.8):
            self.pool.remove(word)
        return made is not None

    def step_layer(self, ready):
        name = self.rng.choice(ready[-2:])
        return self.give("x", f"{self.layer_for(self.shape(name))}({name})", old=name) is not None

    def step_operation(self, ready):
        name = self.rng.choice(ready)
        shape = self.shape(name)
        rank = len(shape)
        op = self.style.op
        axis = self.rng.randrange(1, rank) if rank > 1 else 0
        options = [
            f"{op('relu')}({name})", f"{op('sigmoid')}({name})", f"{op('tanh')}({name})",
            f"{op('softmax')}({name})", f"{op('softmax')}({name}, axis=-1)", f"{op('abs')}({name})",
            f"{op('exp')}({name})", f"{op('square')}({name})", f"{op('sqrt')}({name})",
            f"{op('expand_dims')}({name}, {axis})", f"{op('expand_dims')}({name}, axis=-1)",
            f"{op('maximum')}({name}, 0.0)", f"abs({name})",
        ]
        if rank >= 3:
            keep = self.pick("", "", ", keepdims=True")
            options += [
                f"{op('sum')}({name}, axis={axis}{keep})", f"{op('mean')}({name}, axis={axis}{keep})",
                f"{op('max')}({name}, axis={axis}{keep})", f"{op('flip')}({name}, axis={axis})",
                f"{op('min')}({name}, axis=-1{keep})",
                f"{op('mean')}({name}, axis=[1, 2])", f"{name}[:, -1]", f"{name}[:, 0]",
                f"{name}[:, 1:3]", f"{name}[:, ::2]", f"{name}[..., :1]", f"{name}[:, -1, :]",
                f"{name}[:, :, 0]", f"{name}[:, :-1]",
                f"{op('transpose')}({name}, {literal((0,) + tuple(self.rng.sample(range(1, rank), rank - 1)))})",
            ]
            if None not in shape[2:]:
                options.append(f"{op('reshape')}({name}, (-1, {math.prod(shape[1:]) if None not in shape[1:] else shape[-1]}))")
        ones = [i for i in range(1, rank) if shape[i] == 1]
        if ones and rank > 2:
            options += [f"{op('squeeze')}({name}, axis={ones[0]})"] * 6
        self.tags.add("ops")
        return self.give("x", self.rng.choice(options), old=name) is not None

    def partners(self, ready, same=True):
        pairs = [(a, b) for a in ready for b in ready
                 if a < b and (self.shape(a) == self.shape(b)) == same]
        return self.rng.choice(pairs) if pairs else None

    def step_arithmetic(self, ready):
        self.tags.add("ops")
        pair = self.partners(ready)
        a = self.rng.choice(ready)
        options = [f"2 * {a}", f"1 - {a}", f"{a} / 4", f"{a} + 0.5", f"-{a}", f"{a} ** 2",
                   f"0.5 * {a} + 1", f"{a} * {a}"]
        if pair:
            x, y = pair
            if len(self.shape(x)) == 3:
                options = []
            options += [f"{x} + {y}", f"{x} * {y}", f"{x} - {y}", f"{x} / ({y} + 1.0)",
                        f"{self.style.op('stack')}([{x}, {y}], axis=1)",
                        f"{self.style.op('concatenate')}([{x}, {y}], axis=-1)",
                        f"{self.style.op('add')}({x}, {y})"]
            if len(self.shape(x)) == 3:
                axes = literal((0, 2, 1))
                options += [f"{self.style.op('matmul')}({x}, {self.style.op('transpose')}({y}, {axes}))",
                            f"{x} @ {self.style.op('transpose')}({y}, {axes})"]
        return self.give("z", self.rng.choice(options)) is not None

    def step_merge(self, ready):
        pair = self.partners(ready) or self.partners(ready, same=False)
        if pair is None:
            return self.step_residual(ready)
        tensors = list(pair)
        self.rng.shuffle(tensors)
        more = [n for n in ready if n not in tensors and self.shape(n) == self.shape(tensors[0])]
        if more and self.chance(0.3):
            tensors.append(self.rng.choice(more))
        listed = "[" + ", ".join(tensors) + "]"
        layer = self.style.layer
        same = len({self.shape(t) for t in tensors}) == 1
        rank = len(self.shape(tensors[0]))
        if same:
            options = [call(layer(k), **self.common())
                       for k in ("Add", "Multiply", "Average", "Maximum", "Minimum")]
            if len(tensors) == 2:
                options.append(call(layer("Subtract"), **self.common()))
            if len(tensors) == 2 and rank in (2, 3):
                axis = self.rng.randrange(1, rank)
                options += [call(layer("Dot"), axes=axis, **self.common()),
                            call(layer("Dot"), axes=(axis, axis), normalize=True)]
            options += [call(layer("Concatenate"), **self.common()),
                        call(layer("Concatenate"), axis=self.rng.randrange(1, rank))]
            options += [f"{layer(k)}(" for k in ("add", "concatenate", "average", "subtract")
                        if k != "subtract" or len(tensors) == 2]
        else:
            options = [call(layer("Concatenate"), axis=self.rng.randrange(1, rank)),
                       call(layer("Concatenate")), call(layer("Concatenate"), axis=-1),
                       call(layer("Add")), call(layer("Dot"), axes=(rank - 1, 1)),
                       call(layer("Multiply"))]
        chosen = self.rng.choice(options)
        text = f"{chosen}{listed})" if chosen.endswith("(") else f"{chosen}({listed})"
        return self.give(self.pick("joined", "merged", "both"), text) is not None

    def step_residual(self, ready):
        name = self.rng.choice(ready)
        shape = self.shape(name)
        layer = self.style.layer
        if not isinstance(shape[-1], int):
            return False
        size = shape[-1]
        sources = [call(layer("Dense"), size, activation="relu"), self.regular(shape)]
        if len(shape) == 3:
            sources += [call(layer("Conv1D"), size, 3, padding="same"),
                        call(layer("LSTM"), size, return_sequences=True),
                        call(layer("Bidirectional"),
                             call(layer("GRU"), size, return_sequences=True), merge_mode="sum")]
        branch = self.give("branch", f"{self.rng.choice(sources)}({name})")
        if branch is None or self.shape(branch) != shape:
            return False
        joins = [f"{layer('Add')}()([{name}, {branch}])", f"{name} + {branch}",
                 f"{layer('Multiply')}()([{branch}, {name}])",
                 f"{layer('Concatenate')}()([{name}, {branch}])"]
        return self.give("x", self.rng.choice(joins)) is not None

    def step_states(self, ready):
        sequences = [n for n in ready if len(self.shape(n)) == 3]
        if not sequences:
            return False
        name = self.rng.choice(sequences)
        kind = self.pick("LSTM", "LSTM", "GRU", "SimpleRNN")
        both = self.chance(0.3)
        if both:
            source = self.bidirectional(state=True)
        else:
            source = self.recurrent(state=True, kind=kind)
        try:
            made = eval(source, dict(self.space))(keras.Input(batch_shape=self.shape(name)))
        except Exception:
            return False
        out = self.fresh("outputs", "encoded", "seq")
        letters = [self.fresh(x) for x in ("h", "c", "hb", "cb", "s1", "s2")[:len(made) - 1]]
        if self.chance(0.15):
            packed = self.fresh("result", "everything")
            if not self.run(f"{packed} = {source}({name})"):
                return False
            if not self.run(f"{out} = {packed}[0]"):
                return False
            self.pool.append(out)
            if self.run(f"{letters[0]} = {packed}[1]"):
                self.pool.append(letters[0])
            return True
        targets = ", ".join([out] + letters)
        if not self.run(f"{targets} = {source}({name})"):
            return False
        self.pool.append(out)
        self.states.append((kind if not both else None, letters))
        self.pool += letters[:1]
        return True

    def step_decode(self, ready):
        choices = [s for s in self.states if s[0]]
        sequences = [n for n in ready if len(self.shape(n)) == 3]
        if not choices or not sequences:
            return False
        kind, letters = self.rng.choice(choices)
        count = 2 if kind == "LSTM" else 1
        letters = letters[:count]
        if any(l not in self.space for l in letters):
            return False
        size = self.shape(letters[0])[-1]
        source = self.recurrent(kind=kind, units=size, sequences=self.chance(0.7))
        name = self.rng.choice(sequences)
        state = f"[{', '.join(letters)}]" if count == 2 else letters[0]
        self.tags.add("initial_state")
        return self.give("decoded", f"{source}({name}, initial_state={state})") is not None

    def step_shared(self, ready):
        name = self.rng.choice(ready)
        others = [n for n in ready if n != name and len(self.shape(n)) == len(self.shape(name))
                  and self.shape(n)[-1] == self.shape(name)[-1]]
        layer = self.fresh("shared", "tower", "both_sides", "layer")
        shape = self.shape(name)
        source = self.recurrent() if len(shape) == 3 else self.dense()
        if self.try_layer(source, shape) is None or not self.run(f"{layer} = {source}"):
            return False
        self.tags.add("shared")
        first = self.give("u", f"{layer}({name})")
        if first is None:
            return False
        target = self.rng.choice(others) if others else name
        if target == name and self.shape(first) == shape and self.chance(0.5):
            target = first
        self.give("v", f"{layer}({target})")
        return True

    def step_loop(self, ready):
        name = self.rng.choice(ready)
        if name in self.inputs:
            return False
        layer = self.style.layer
        statement = self.rng.choice([
            f"for units in (8, 4):\n    {name} = {layer('Dense')}(units, activation='relu')({name})",
            f"for _ in range(2):\n    {name} = {layer('Dropout')}(0.2)({name})",
            f"for i, size in enumerate([6, 3]):\n    {name} = {layer('Dense')}(size, name=f'block_{{i}}')({name})",
        ])
        if "block_" in statement and "loop" in self.tags:
            return False
        self.tags.add("loop")
        return self.run(statement)

    def step_submodel(self, ready):
        name = self.rng.choice(ready)
        shape = self.shape(name)
        self.tags.add("nested")
        model = self.fresh("encoder", "block", "submodel")
        named = {"name": f"{model}_model"} if self.chance(0.4) else {}
        steps = self.rng.randint(1, 3)
        if self.chance(0.5):
            layers, current = [], shape
            for _ in range(steps):
                source = self.layer_for(current, allow_nested=False)
                result = self.try_layer(source, current)
                if result:
                    layers.append(source)
                    current = result
            if not layers:
                return False
            head = [call(self.style.input(), tuple(shape[1:]))] if self.chance(0.6) else []
            text = call(self.style.model("Sequential"), [Code(x) for x in head + layers], **named)
            if not self.run(f"{model} = {text}"):
                return False
        else:
            start = self.fresh("inner", "block_input", "i")
            statements = [f"{start} = {call(self.style.input(), tuple(shape[1:]))}"]
            current, inside, last = shape, self.fresh("t", "inside"), start
            outs = []
            for index in range(steps):
                source = self.layer_for(current, allow_nested=False)
                result = self.try_layer(source, current)
                if result:
                    statements.append(f"{inside} = {source}({last})")
                    current, last = result, inside
            if last == start:
                return False
            outs = [inside]
            if self.chance(0.3):
                second = self.fresh("side", "aux")
                statements.append(f"{second} = {self.style.layer('Dense')}(2)({inside})")
                outs.append(second)
            joined = outs[0] if len(outs) == 1 else Code("[" + ", ".join(outs) + "]")
            text = call(self.style.model("Model"), Code(start), Code(joined), **named)
            statements.append(f"{model} = {text}")
            if not self.run("\n".join(statements)):
                return False
            if len(outs) == 2:
                one, two = self.fresh("p", "main_out"), self.fresh("q", "aux_out")
                if self.run(f"{one}, {two} = {model}({name})"):
                    self.pool += [one, two]
                    return True
                return False
        first = self.give("n", f"{model}({name})")
        if first is None:
            return False
        others = [n for n in ready if n != name and self.shape(n) == shape]
        if others and self.chance(0.6):
            self.give("n", f"{model}({self.rng.choice(others)})")
        if self.chance(0.1):
            self.tags.add("attribute")
            self.run(f"{model}.trainable = False")
        return True

    def misfit(self):
        ready = self.usable()
        if not ready:
            self.step()
            return
        name = self.rng.choice(ready)
        layer = self.style.layer
        sources = [f"{SequentialBuilder.misfit(self, self.shape(name))}({name})"]
        pair = self.partners(ready, same=False)
        if pair:
            x, y = pair
            sources += [f"{layer(k)}()([{x}, {y}])" for k in ("Add", "Concatenate", "Multiply",
                                                               "Maximum", "Subtract")]
            sources += [f"{layer('Dot')}(axes=1)([{x}, {y}])", f"{x} + {y}"] * 2
        sources += [f"{layer('Add')}()({name})", f"{layer('Subtract')}()([{name}])",
                    f"{self.style.op('squeeze')}({name}, axis=1)"]
        self.run(f"bad = {self.rng.choice(sources)}")

    def gather(self):
        """Joins two loose ends, so that more of what was made is in the model."""
        loose = [n for n in self.usable() if n not in self.inputs and not leads_on(self.space[n])]
        if len(loose) < 2 or self.failure or self.chance(0.3):
            return
        layer = self.style.layer
        flat = []
        for name in self.rng.sample(loose, 2):
            rank = len(self.shape(name))
            if rank == 3:
                name = self.give("end", f"{self.recurrent(sequences=False)}({name})")
            elif rank > 3:
                name = self.give("end", f"{call(layer('Flatten'))}({name})")
            flat.append(name)
        if None not in flat:
            made = self.give("joined", f"{call(layer('Concatenate'))}([{', '.join(flat)}])")
            if made:
                self.give("answer", f"{self.dense()}({made})")

    def finish(self):
        outputs = [n for n in self.pool if n not in self.inputs and n in self.space]
        if not outputs:
            outputs = []
            self.give("x", f"{self.dense()}({self.inputs[0]})")
            outputs = [n for n in self.pool if n not in self.inputs]
        reach = self.rng.choice([1, 1, 1, 2, 2, 3])
        self.gather()
        outputs = [n for n in self.pool if n not in self.inputs and n in self.space]
        deepest = max(outputs, key=lambda n: ancestors(self.space[n]))
        chosen = [deepest] if self.chance(0.75) else outputs[-1:]
        if reach > 1:
            others = [n for n in outputs if n not in chosen]
            chosen = chosen + self.rng.sample(others, min(len(others), reach - 1))
            if self.chance(0.3):
                chosen.reverse()
        needed = [n for n in self.inputs if depends(self.space, chosen, n)]
        if self.chance(0.12):
            needed = list(self.inputs)
            self.tags.add("unused-input-possible")
        if not needed:
            needed = self.inputs[:1]
        inputs = needed[0] if len(needed) == 1 and self.chance(0.8) else needed
        result = chosen[0] if len(chosen) == 1 and self.chance(0.8) else chosen
        coded = lambda v: Code(v) if isinstance(v, str) else [Code(x) for x in v]  # noqa: E731
        named = {"name": self.pick("graph", "two_towers", "net")} if self.chance(0.15) else {}
        if self.chance(0.4):
            text = call(self.style.model("Model"), inputs=coded(inputs), outputs=coded(result),
                        **named)
        else:
            text = call(self.style.model("Model"), coded(inputs), coded(result), **named)
        self.body.append(f"model = {text}")
        if self.chance(0.3):
            self.body.append("model.compile(optimizer='rmsprop', loss='mse')")
        self.body.append("model.summary()")
        self.model_name = "model"


def leads_on(tensor):
    """Whether anything was made of a tensor."""
    history = tensor._keras_history
    return any(tensor is x for node in history.operation._outbound_nodes
               for x in node.input_tensors)


def ancestors(tensor):
    """How many nodes lie above a tensor."""
    seen, queue = set(), [tensor]
    while queue:
        history = queue.pop()._keras_history
        node = history.operation._inbound_nodes[history.node_index]
        if id(node) not in seen:
            seen.add(id(node))
            queue += node.input_tensors
    return len(seen)


def depends(space, outputs, wanted):
    """Whether any of the named tensors comes from the named input."""
    target = space[wanted]
    seen, queue = set(), [space[n] for n in outputs]
    while queue:
        tensor = queue.pop()
        if id(tensor) in seen:
            continue
        seen.add(id(tensor))
        if tensor is target:
            return True
        history = tensor._keras_history
        queue += history.operation._inbound_nodes[history.node_index].input_tensors
    return False


# What Keras says of a finished script


def fresh_run(source):
    keras.utils.clear_session()
    space = {"__name__": "__main__"}
    exec(compile(source, SCRIPT_NAME, "exec"), space)
    return space


def count(weights):
    return int(sum(math.prod(w.shape) for w in weights))


def shapes(tensors):
    return [list(t.shape) for t in tree.flatten(tensors)]


def described(operation, nodes, names):
    layer = isinstance(operation, keras.layers.Layer)
    own = [n for n in operation._inbound_nodes]
    connected = []
    for node in own:
        if nodes is not None and node in nodes:
            connected += [t._keras_history.operation.name for t in node.input_tensors]
    if names is not None:
        connected = [c for c in connected if c in names]
    built = layer and operation.built
    trainable = count(operation.trainable_weights) if built else 0
    frozen = count(operation.non_trainable_weights) if built else 0
    return {
        "name": operation.name,
        "class_name": type(operation).__name__,
        "output_shapes": shapes(own[-1].output_tensors) if own else [],
        "params": trainable + frozen,
        "trainable_params": trainable,
        "non_trainable_params": frozen,
        "connected_to": connected,
    }


def facts(model):
    """What `unroll summary --style json` must say of a model."""
    sequential = isinstance(model, keras.Sequential)
    graph = model._functional if sequential else model
    nodes = [n for v in graph._nodes_by_depth.values() for n in v] if graph else []
    layers = model.layers
    names = {layer.name for layer in layers} if sequential else None
    rows = [described(layer, nodes, names) for layer in layers]
    if sequential and graph is None:
        for before, row in zip(rows, rows[1:]):
            row["connected_to"] = [before["name"]]
    operations = []
    if not sequential:
        operations = [described(op, nodes, None) for op in model._operations
                      if not isinstance(op, keras.layers.Layer)]
    trainable = count(model.trainable_weights)
    frozen = count(model.non_trainable_weights)
    return {
        "name": model.name,
        "class_name": type(model).__name__,
        "layers": rows,
        "operations": operations,
        "output_shapes": shapes(graph.outputs) if graph else [],
        "total_params": trainable + frozen,
        "trainable_params": trainable,
        "non_trainable_params": frozen,
    }


def summary_options(rng, model):
    options = {
        "columns": 200,
        "line_length": rng.choice([None, None, None, 76, 100, 120, 60]),
        "show_trainable": rng.random() < 0.25,
        "expand_nested": rng.random() < 0.35,
        "layer_range": None,
    }
    graph = isinstance(model, keras.Sequential)
    listed = model.layers if graph else model._operations
    if len(listed) > 3 and rng.random() < 0.15:
        first = rng.randrange(len(listed))
        last = rng.randrange(first, len(listed))
        options["layer_range"] = [listed[first].name, listed[last].name]
    return options


def summary_text(model, options):
    lines = []
    model.summary(
        print_fn=lambda text, line_break=False: lines.append(text),
        line_length=options["line_length"], show_trainable=options["show_trainable"],
        expand_nested=options["expand_nested"], layer_range=options["layer_range"])
    return "\n".join(lines)


def recorded(rng, builder, identifier):
    source = builder.source()
    space = quietly(fresh_run, source)
    model = space[builder.model_name]
    if len(model.layers) == 0:
        raise ValueError("empty")
    entry = {
        "id": identifier,
        "tags": sorted(builder.tags),
        "script": source,
        "model_class": type(model).__name__,
    }
    try:
        entry["config"] = json.loads(model.to_json())
    except Exception:
        entry["tags"].append("no-config")
    options = summary_options(rng, model)
    try:
        entry["summary"] = summary_text(model, options)
    except (re.error, ValueError):
        options["layer_range"] = None
        entry["summary"] = summary_text(model, options)
    entry["summary_options"] = options
    entry["json"] = facts(model)
    return entry


def quietly(function, *args):
    stdout = sys.stdout
    with open(os.devnull, "w") as sink:
        sys.stdout = sink
        try:
            return function(*args)
        finally:
            sys.stdout = stdout


def refused(builder, identifier):
    """The entry of a script that Keras refuses; nil when it takes it, or fails otherwise."""
    source = builder.source()
    try:
        quietly(fresh_run, source)
    except ValueError as error:
        frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == SCRIPT_NAME]
        line = frames[-1].lineno if frames else None
        text = source.splitlines()[line - 1] if line else ""
        lines = [l for l in str(error).splitlines() if l.strip()]
        telling = [l for l in lines if not l.startswith("Exception encountered")]
        first = (telling or lines or [""])[0]
        first = re.sub(r"\x1b\[[0-9;]*m", "", first)
        return {"id": identifier, "script": source, "error": first, "line": line,
                "layer": failing_layer(text)}
    except Exception:
        return None
    return None


def failing_layer(text):
    found = re.findall(r"\b([A-Z][A-Za-z0-9]+)\(", text)
    found = [f for f in found if hasattr(keras.layers, f)]
    return getattr(keras.layers, found[0]).__name__ if found else None


def without_random_numbers():
    """Weights start at zero here: only their shapes matter, and zeros are quick to make."""
    from keras.src import initializers
    for name in dir(initializers):
        kind = getattr(initializers, name)
        if isinstance(kind, type) and issubclass(kind, initializers.Initializer):
            kind.__call__ = lambda self, shape, dtype=None, **_: numpy.zeros(shape, dtype or "float32")


ASYMMETRIC = [
    ("LSTM", 47, "LSTM", 240, "(128, 20)", ", return_sequences=True", []),
    ("LSTM", 8, "GRU", 5, "(12, 4)", "", ["Dense(3)"]),
    ("GRU", 3, "GRU", 9, "(None, 6)", ", return_sequences=True", ["LSTM(4)"]),
    ("SimpleRNN", 2, "LSTM", 7, "(5, 3)", ", return_sequences=True",
     ["BatchNormalization()", "Dropout(0.5)"]),
    ("LSTM", 16, "LSTM", 4, "(10, 8)", "", ["RepeatVector(3)"]),
    ("GRU", 10, "SimpleRNN", 20, "(7, 2)", ", return_sequences=True",
     ["TimeDistributed(Dense(5))"]),
]


def asymmetric_entries():
    for index, (f, fu, b, bu, shape, flags, rest) in enumerate(ASYMMETRIC):
        first = (f"    Bidirectional({f}({fu}{flags}),\n"
                 f"                  backward_layer={b}({bu}{flags}, go_backwards=True)),\n")
        head = ("from keras.layers import *\nfrom keras.models import Sequential\n\n"
                f"model = Sequential([\n    Input({shape}),\n{first}")
        source = head + "".join(f"    {r},\n" for r in rest) + "])\nmodel.summary()\n"
        entry = {"id": f"asymmetric-{index}", "script": source, "forward": fu, "backward": bu,
                 "right_features": fu + bu}
        try:
            model = quietly(fresh_run, source)["model"]
            options = {"columns": 200, "line_length": None, "show_trainable": False,
                       "expand_nested": False, "layer_range": None}
            entry["config"] = json.loads(model.to_json())
            entry["keras_json"] = facts(model)
            entry["keras_summary"] = summary_text(model, options)
        except Exception as error:
            entry["keras_error"] = str(error).splitlines()[0]
        yield entry


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--refused", type=int, default=60)
    parser.add_argument("--out", default="random-models.json")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    without_random_numbers()

    good, bad, problems = [], [], {}
    seen = set()
    attempt = 0
    while len(good) < options.count and attempt < options.count * 20:
        attempt += 1
        functional = len(good) % 2 == 1
        keras.utils.clear_session()
        builder = (FunctionalBuilder if functional else SequentialBuilder)(
            random.Random(rng.random()))
        try:
            quietly(builder.build)
            entry = recorded(rng, builder, f"{'functional' if functional else 'sequential'}-{len(good)}")
        except Exception as error:
            kind = f"{type(error).__name__}: {str(error)[:70]}"
            problems[kind] = problems.get(kind, 0) + 1
            continue
        if entry["script"] in seen:
            continue
        seen.add(entry["script"])
        good.append(entry)
    attempt = 0
    while len(bad) < options.refused and attempt < options.refused * 30:
        attempt += 1
        keras.utils.clear_session()
        functional = attempt % 2 == 1
        builder = (FunctionalBuilder if functional else SequentialBuilder)(
            random.Random(rng.random()))
        builder.want_failure = True
        try:
            quietly(builder.build)
        except Exception:
            continue
        entry = refused(builder, f"refused-{len(bad)}")
        if entry is None or sum(b["error"][:25] == entry["error"][:25] for b in bad) > 5:
            continue
        bad.append(entry)

    dump = lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":"))  # noqa: E731
    lists = [("models", good), ("refused", bad), ("asymmetric", list(asymmetric_entries()))]
    with open(options.out, "w", encoding="utf-8") as file:
        file.write('{"keras":' + dump(keras.__version__) + ',"seed":' + dump(options.seed))
        for name, entries in lists:
            file.write(f',\n"{name}":[\n' + ",\n".join(dump(e) for e in entries) + "\n]")
        file.write("}\n")
    layers = sum(len(e["json"]["layers"]) for e in good)
    print(f"{len(good)} models, {layers / max(1, len(good)):.1f} layers each; {len(bad)} refused")
    for kind, times in sorted(problems.items(), key=lambda p: -p[1])[:12]:
        print(f"  {times:4} {kind}", file=sys.stderr)


if __name__ == "__main__":
    main()
