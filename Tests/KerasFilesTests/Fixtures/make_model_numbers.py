"""Builds small random models, runs each under real Keras and keeps what comes out.

    KERAS_BACKEND=jax python make_model_numbers.py --seed 1 --out model-numbers

writes model-numbers.json (configs and what was put in) and model-numbers.bin (every output, 32-bit
floats, little-endian, one behind the other). Weights and inputs are not stored: both sides compute
them with `pattern`, from whole numbers alone, so that they agree to the last bit.

Each config is stripped of what no number depends on (initializers, regularizers, …); Keras itself
runs the stripped one, so that what is compared is what is stored.
"""

import argparse
import copy
import json
import os
import random
import sys
import warnings

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
warnings.simplefilter("ignore")
sys.path = [p for p in sys.path if os.path.abspath(p or ".") != os.path.dirname(__file__)]

import keras  # noqa: E402
import numpy as np  # noqa: E402
from keras import layers as L  # noqa: E402
from keras import ops  # noqa: E402

BATCH = 2


def pattern(count, salt):
    """Numbers from -1 up to 1 that look random; the same in any language."""
    k = np.arange(count, dtype=np.uint64)
    mask = np.uint64(0xFFFFFFFF)
    x = ((k + np.uint64(1)) * np.uint64(0x9E3779B1) + np.uint64(salt + 1) * np.uint64(0x85EBCA77)) & mask
    x ^= x >> np.uint64(15)
    x = (x * np.uint64(0x2C1B3C6D)) & mask
    x ^= x >> np.uint64(12)
    x = (x * np.uint64(0x297A2D39)) & mask
    x ^= x >> np.uint64(15)
    return x.astype(np.float64) / 2147483648.0 - 1.0


def weight(name, shape, index):
    """The weight at `index` of the model: a spread that keeps sums near 1."""
    count = int(np.prod(shape))
    values = pattern(count, index)
    if name == "moving_variance":
        values = np.abs(values) + 0.5
    elif len(shape) > 1:
        fan = max(1, count // shape[-1])
        values = values * min(0.6, 1.6 / np.sqrt(float(fan)))
    else:
        values = values * 0.5
    return values.astype(np.float32).reshape(shape)


def data(spec, call, place):
    """An input as its entry describes it."""
    shape = spec["shape"]
    values = pattern(int(np.prod(shape)), 1000 + 100 * call + place).reshape(shape)
    if spec["kind"] == "ids":
        values = np.floor((values + 1) / 2 * spec["below"])
    elif spec["kind"] == "truth":
        values = (values > -0.3).astype(np.float64)
    for sample, start, end, value in spec["padding"]:
        values[sample, start:end] = value
    return values.astype(np.float32)


DROPPED = (
    "_initializer", "_regularizer", "_constraint", "synchronized", "build_config", "lora_alpha",
    "compile_config", "registered_name", "quantization_config", "sparse", "ragged", "optional",
)


def stripped(value, key=""):
    """The config without what no number depends on."""
    if isinstance(value, dict):
        result = {}
        for k, v in value.items():
            if k == "seed" or k.endswith(DROPPED):
                continue
            if k == "dtype" and isinstance(v, dict):
                continue
            if k == "module" and v in ("keras.layers", "keras"):
                result[k] = v
                continue
            result[k] = stripped(v, k)
        return result
    if isinstance(value, (list, tuple)):
        return [stripped(v) for v in value]
    return value


def trains_by_accident(config):
    """Whether one call says training=True and another BatchNormalization says nothing.

    In a plain `model(x)` Keras hands the first one's word on to the layers after it.
    """
    said = []

    def walk(layers):
        for layer in layers:
            walk(layer["config"].get("layers", []))
            if layer["class_name"] == "BatchNormalization":
                said.extend(n["kwargs"].get("training") for n in layer.get("inbound_nodes", []))

    walk(config["config"]["layers"])
    return True in said and None in said


class Maker:
    """Makes one model."""

    def __init__(self, rng):
        self.rng = rng
        self.inputs = []
        self.specs = []
        self.calls = 1
        # Which of the catalog it is about.
        self.index = 0

    def chance(self, probability):
        return self.rng.random() < probability

    def pick(self, *items):
        return self.rng.choice(items)

    # Inputs

    def input(self, *shape, kind="float", below=0, padding=(), dtype=None, batch=None):
        shape = list(shape)
        declared = [None if n is not None and batch is None and self.chance(0.2) and i == 0
                    and len(shape) == 2 else n for i, n in enumerate(shape)]
        dtype = dtype or {"float": "float32", "ids": "int32", "truth": "bool"}[kind]
        tensor = keras.Input(batch_shape=[batch] + declared, dtype=dtype)
        self.inputs.append(tensor)
        self.specs.append({
            "kind": kind, "below": below, "shape": [batch or BATCH] + shape, "padding": list(padding)})
        return tensor

    def padding(self, timesteps, value=0.0):
        kinds = [
            [[0, timesteps - 2, timesteps, value]],
            [[1, 0, 2, value]],
            [[0, 1, 2, value], [1, timesteps - 1, timesteps, value]],
            [[0, 0, timesteps, value]],
        ]
        return self.rng.choice(kinds)

    def sequence(self, masked=None, timesteps=None, batch=None, features=None):
        """(batch, timesteps, features), often with a mask."""
        t = timesteps or self.pick(3, 4, 5, 6)
        f = features or self.pick(1, 2, 3, 4)
        masked = self.chance(0.4) if masked is None else masked
        if masked and self.chance(0.5):
            ids = self.input(t, kind="ids", below=7, padding=self.padding(t), batch=batch)
            return L.Embedding(7, f, mask_zero=True)(ids)
        if masked:
            value = self.pick(0.0, -1.0)
            x = self.input(t, f, padding=self.padding(t, value), batch=batch)
            return L.Masking(mask_value=value)(x)
        if self.chance(0.15):
            return L.Embedding(9, f)(self.input(t, kind="ids", below=9, batch=batch))
        return self.input(t, f, batch=batch)

    # Layers

    # glu halves the last axis, which Keras' own shape rule of a layer does not know.
    ACTIVATIONS = ("tanh", "relu", "sigmoid", "linear", "elu", "selu", "gelu", "softplus", "softsign",
                   "hard_sigmoid", "silu", "mish", "exponential", "leaky_relu", "relu6", "softmax",
                   "hard_tanh", "log_sigmoid", "celu", "tanh_shrink", "log_softmax", "hard_silu",
                   "sparse_plus", "squareplus", "soft_shrink", "hard_shrink", "sparse_sigmoid")

    def activation(self, gates=False):
        if gates:
            return self.pick("sigmoid", "sigmoid", "hard_sigmoid", "tanh", "relu", "linear")
        return self.rng.choice(self.ACTIVATIONS)

    def recurrent(self, kind=None, units=None, **given):
        kind = kind or self.pick("LSTM", "GRU", "SimpleRNN")
        k = {}
        if self.chance(0.3):
            k["activation"] = self.pick("relu", "sigmoid", "linear", "softsign", "elu", "hard_tanh",
                                        "softplus", "silu")
        if kind != "SimpleRNN" and self.chance(0.3):
            k["recurrent_activation"] = self.activation(gates=True)
        if self.chance(0.2):
            k["use_bias"] = False
        if kind == "LSTM" and self.chance(0.2):
            k["unit_forget_bias"] = False
        if kind == "GRU":
            k["reset_after"] = self.chance(0.5)
        if self.chance(0.2):
            k["dropout"] = 0.3
        if self.chance(0.15):
            k["recurrent_dropout"] = 0.2
        if self.chance(0.2):
            k["unroll"] = True
        if self.chance(0.25):
            k["go_backwards"] = True
        if self.chance(0.2):
            k["zero_output_for_mask"] = True
        k.update(given)
        return getattr(L, kind)(units or self.pick(1, 2, 3, 4), **k)

    def bidirectional(self, units=None, sequences=None, state=False, **given):
        sequences = self.chance(0.5) if sequences is None else sequences
        units = units or self.pick(1, 2, 3)
        merge = self.pick("concat", "sum", "mul", "ave")
        k = {}
        asymmetric = self.chance(0.3) and not state
        if not asymmetric:
            # Keras takes a layer that goes backwards only beside one that does not.
            given = {**given, "go_backwards": False}
        layer = self.recurrent(units=units, return_sequences=sequences, return_state=state, **given)
        if asymmetric:
            other = units if merge != "concat" or not self.chance(0.5) else self.pick(1, 2, 3)
            k["backward_layer"] = self.recurrent(
                units=other, return_sequences=sequences, **{**given, "go_backwards": not layer.go_backwards})
        return L.Bidirectional(layer, merge_mode=merge, **k)

    def over_sequence(self, x):
        """A layer that takes a sequence and gives one."""
        t, f = x.shape[1], x.shape[2]
        kinds = ["rnn", "rnn", "bi", "dense", "td", "norm", "keep", "conv", "shape", "op", "act"]
        kind = self.rng.choice(kinds)
        if kind == "rnn":
            return self.recurrent(return_sequences=True)(x)
        if kind == "bi":
            return self.bidirectional(sequences=True)(x)
        if kind == "dense":
            return L.Dense(self.pick(1, 2, 3), activation=self.activation(), use_bias=self.chance(0.7))(x)
        if kind == "td":
            return L.TimeDistributed(L.Dense(self.pick(1, 2, 3), activation="tanh"))(x)
        if kind == "norm":
            return self.normal(x)
        if kind == "keep":
            return self.kept(x)
        if kind == "act":
            return self.activated(x)
        if kind == "op":
            return self.pick(
                lambda: x * 0.5 + 1.0, lambda: ops.tanh(x), lambda: ops.flip(x, axis=1),
                lambda: ops.concatenate([x, x], axis=-1), lambda: x[:, :, ::-1],
                lambda: ops.transpose(ops.transpose(x, (0, 2, 1)), (0, 2, 1)),
                lambda: x - ops.mean(x, axis=-1, keepdims=True),
                lambda: ops.softmax(x, axis=-1), lambda: ops.abs(x), lambda: -x,
                lambda: ops.maximum(x, 0.1), lambda: ops.square(x))()
        if kind == "conv":
            return self.conv(x)
        return self.shaped(x)

    def normal(self, x):
        which = self.pick("bn", "bn-training", "ln", "ln-axes")
        if which == "bn":
            return L.BatchNormalization(scale=self.chance(0.7), center=self.chance(0.7),
                                        epsilon=self.pick(1e-3, 1e-2))(x)
        if which == "bn-training":
            return L.BatchNormalization(momentum=0.9)(x, training=True)
        if which == "ln-axes" and len(x.shape) == 3 and x.shape[1] is not None:
            return L.LayerNormalization(axis=[1, 2])(x)
        if self.chance(0.3):
            return L.LayerNormalization(center=False)(x)
        return L.LayerNormalization()(x)

    def kept(self, x):
        kinds = [
            lambda: L.Dropout(0.4)(x), lambda: L.GaussianNoise(0.2)(x), lambda: L.GaussianDropout(0.2)(x),
            lambda: L.AlphaDropout(0.2)(x), lambda: L.ActivityRegularization(l2=0.1)(x),
            lambda: L.Identity()(x), lambda: L.Activation(self.activation())(x),
        ]
        if len(x.shape) == 3:
            kinds += [lambda: L.SpatialDropout1D(0.3)(x)]
        if len(x.shape) == 4:
            kinds += [lambda: L.SpatialDropout2D(0.3)(x)]
        return self.rng.choice(kinds)()

    def activated(self, x):
        kinds = [
            lambda: L.ReLU(max_value=self.pick(None, 0.5), negative_slope=self.pick(0.0, 0.1),
                           threshold=self.pick(0.0, 0.2))(x),
            lambda: L.LeakyReLU(negative_slope=0.2)(x), lambda: L.ELU(alpha=0.7)(x),
            lambda: L.Activation(self.activation())(x),
        ]
        if None not in x.shape[1:]:
            kinds += [lambda: L.PReLU()(x)]
            if len(x.shape) > 2:
                kinds += [lambda: L.PReLU(shared_axes=[1])(x)]
        if len(x.shape) == 2:
            kinds += [lambda: L.Softmax()(x)]
        return self.rng.choice(kinds)()

    def conv(self, x):
        t = x.shape[1]
        f = x.shape[2]
        activation = self.pick(None, "relu", "tanh")
        same = self.pick("same", "causal") if self.chance(0.6) or t is None or t < 3 else "valid"
        kinds = [
            lambda: L.Conv1D(2 * self.pick(1, 2), self.pick(1, 2, 3), padding=same, activation=activation)(x),
            lambda: L.Conv1D(2, 2, padding=same, dilation_rate=2 if same != "valid" else 1,
                             use_bias=self.chance(0.5))(x),
            lambda: L.Conv1D(3, 3, padding="same", strides=2)(x),
            lambda: L.SeparableConv1D(3, 2, padding="same", depth_multiplier=self.pick(1, 2))(x),
            lambda: L.DepthwiseConv1D(2, padding="same", depth_multiplier=self.pick(1, 2))(x),
            lambda: L.Conv1DTranspose(2, self.pick(2, 3), strides=self.pick(1, 2),
                                      padding=self.pick("same", "valid"))(x),
        ]
        if f is not None and f % 2 == 0:
            kinds += [lambda: L.Conv1D(4, 2, padding="same", groups=2)(x)]
        return self.rng.choice(kinds)()

    def shaped(self, x):
        t, f = x.shape[1], x.shape[2]
        kinds = [
            lambda: L.ZeroPadding1D(self.pick(1, (0, 2)))(x), lambda: L.UpSampling1D(2)(x),
            lambda: L.Permute((2, 1))(L.Permute((2, 1))(x)),
        ]
        if t is not None and t > 3:
            kinds += [
                lambda: L.Cropping1D(self.pick(1, (1, 0)))(x), lambda: L.MaxPooling1D(2)(x),
                lambda: L.AveragePooling1D(2, strides=1, padding=self.pick("same", "valid"))(x),
                lambda: L.MaxPooling1D(3, strides=2, padding="same")(x),
            ]
        if t is not None:
            kinds += [lambda: L.Reshape((t * f, 1))(x), lambda: L.Reshape((-1, f))(x)]
        return self.rng.choice(kinds)()

    def ending(self, x):
        """A layer that makes a vector of a sequence."""
        kinds = [
            lambda: self.recurrent(return_sequences=False)(x), lambda: self.bidirectional(sequences=False)(x),
            lambda: L.GlobalAveragePooling1D()(x), lambda: L.GlobalMaxPooling1D()(x), lambda: x[:, -1],
            lambda: ops.mean(x, axis=1), lambda: ops.max(x, axis=1),
        ]
        if x.shape[1] is not None:
            kinds += [lambda: L.Flatten()(x)]
        return self.rng.choice(kinds)()

    def over_vector(self, x):
        kinds = [
            lambda: L.Dense(self.pick(1, 2, 4), activation=self.activation())(x),
            lambda: self.normal(x), lambda: self.kept(x), lambda: self.activated(x),
            lambda: L.RepeatVector(self.pick(2, 3))(x),
            lambda: L.Reshape((1, -1))(x),
        ]
        return self.rng.choice(kinds)()

    def grown(self, x, steps):
        for _ in range(steps):
            if len(x.shape) == 3:
                x = self.over_sequence(x) if self.chance(0.8) else self.ending(x)
            elif len(x.shape) == 2:
                x = self.over_vector(x)
        return x

    # Families

    def one_recurrent(self):
        return self.recurrent(return_sequences=self.chance(0.5))(self.sequence(masked=False))

    def masked_recurrent(self):
        return self.recurrent(return_sequences=self.chance(0.6))(self.sequence(masked=True))

    def one_bidirectional(self):
        return self.bidirectional()(self.sequence())

    def masked_bidirectional(self):
        return self.bidirectional()(self.sequence(masked=True))

    def unmerged(self):
        layer = self.recurrent(return_sequences=self.chance(0.5), go_backwards=False)
        parts = L.Bidirectional(layer, merge_mode=None)(self.sequence())
        if self.chance(0.4):
            return L.Concatenate()(list(parts))
        return list(parts)

    def states(self):
        x = self.sequence()
        if self.chance(0.5):
            return list(self.recurrent(return_state=True, return_sequences=self.chance(0.5))(x))
        return list(self.bidirectional(state=True)(x))

    def encoder_decoder(self):
        kind, units = self.pick("LSTM", "GRU", "SimpleRNN"), self.pick(2, 3)
        encoder = self.recurrent(kind, units, return_state=True)
        _, *states = encoder(self.sequence())
        decoder = self.recurrent(kind, units, return_sequences=True, return_state=self.chance(0.5))
        out = decoder(self.sequence(), initial_state=states)
        if decoder.return_state:
            out, *rest = out
            return [L.Dense(2)(out)] + list(rest)
        return self.grown(out, self.pick(0, 1, 2))

    def bidirectional_states(self):
        kind, units = self.pick("LSTM", "GRU", "SimpleRNN"), 2
        first = L.Bidirectional(self.recurrent(kind, units, return_state=True, go_backwards=False,
                                               return_sequences=True))
        out, *states = first(self.sequence())
        second = L.Bidirectional(self.recurrent(kind, units, go_backwards=False,
                                                return_sequences=self.chance(0.5)))
        return second(self.sequence() if self.chance(0.5) else out, initial_state=states)

    def given_state(self):
        kind, units = self.pick("LSTM", "GRU", "SimpleRNN"), self.pick(2, 3)
        states = [self.input(units) for _ in range(2 if kind == "LSTM" else 1)]
        x = self.sequence()
        return self.recurrent(kind, units, return_sequences=True)(x, initial_state=states)

    def stateful(self):
        self.calls = 3
        x = self.sequence(batch=BATCH)
        k = {"stateful": True, "return_sequences": self.chance(0.5)}
        if self.chance(0.4):
            return self.bidirectional(sequences=k["return_sequences"], stateful=True)(x)
        y = self.recurrent(**k)(x)
        if len(y.shape) == 3 and self.chance(0.5):
            y = self.recurrent(stateful=True)(y)
        return y

    def nested_stateful(self):
        self.calls = 2
        x = self.sequence(batch=BATCH, masked=False)
        inner = keras.Sequential([
            keras.Input(batch_shape=x.shape), self.recurrent(stateful=True, return_sequences=True),
            L.Dense(2)])
        return self.recurrent()(inner(x))

    def stack(self):
        x = self.sequence()
        for _ in range(self.pick(2, 3)):
            layer = self.recurrent(return_sequences=True) if self.chance(0.6) else \
                self.bidirectional(sequences=True)
            x = layer(x)
            if self.chance(0.4):
                x = self.kept(x)
        return self.ending(x) if self.chance(0.6) else x

    def random_stack(self):
        return self.grown(self.sequence(), self.pick(2, 3, 4, 5))

    def towers(self):
        units = self.pick(2, 3)
        sequences = self.chance(0.5)
        t = self.pick(3, 4)
        count = self.pick(2, 2, 3)
        masked = self.chance(0.5)
        towers = [self.recurrent(units=units, return_sequences=sequences)(
            self.sequence(masked=masked or None, timesteps=t)) for _ in range(count)]
        join = self.pick("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate",
                         "Dot")
        if join in ("Subtract", "Dot"):
            towers = towers[:1] + towers[-1:]
        if join == "Dot":
            x = L.Dot(axes=-1, normalize=self.chance(0.4))(towers)
        elif join == "Concatenate":
            x = L.Concatenate(axis=1 if sequences and self.chance(0.4) else -1)(towers)
        else:
            x = getattr(L, join)()(towers)
        return self.grown(x, self.pick(1, 2)) if join != "Dot" else x

    def stretched(self):
        """Joins that stretch axes of size 1."""
        a = self.recurrent(return_sequences=True, units=3)(self.sequence())
        b = L.Dense(self.pick(1, 3))(self.input(self.pick(3, 4)))
        b = L.Reshape((1, -1))(b)
        return self.pick(lambda: L.Multiply()([a, b]), lambda: L.Add()([a, b]), lambda: a * b,
                         lambda: L.Maximum()([a, b]))()

    def nested(self):
        x = self.sequence(features=3)
        inner = keras.Input((None, 3))
        y = inner
        for _ in range(self.pick(1, 2)):
            y = self.pick(
                lambda: L.Dense(3, activation="tanh")(y), lambda: L.Dropout(0.2)(y),
                lambda: self.recurrent(units=3, return_sequences=True, unroll=False)(y),
                lambda: L.BatchNormalization()(y), lambda: L.Masking(mask_value=0.0)(y))()
        if self.chance(0.5):
            sub = keras.Sequential([keras.Input((None, 3)), L.Dense(3), self.recurrent(
                units=2, return_sequences=True, unroll=False)])
            y = sub(y)
        model = keras.Model(inner, y)
        out = model(x)
        if self.chance(0.4):
            return L.Add()([out, model(L.Dropout(0.1)(x))])
        return self.grown(out, self.pick(0, 1, 2))

    def nested_branches(self):
        a, b = keras.Input((4, 2)), keras.Input((3,))
        h = self.recurrent(units=3)(a)
        sub = keras.Model([a, b], [L.Add()([h, b]), L.Concatenate()([h, b])])
        one, two = sub([self.sequence(timesteps=4, features=2), self.input(3)])
        return L.Dense(2)(L.Concatenate()([one, two]))

    def shared(self):
        layer = self.pick(
            lambda: self.recurrent(return_sequences=False), lambda: self.bidirectional(sequences=False),
            lambda: L.TimeDistributed(L.Dense(2)))()
        t = self.pick(3, 4)
        a, b = self.sequence(timesteps=t, features=2), self.sequence(timesteps=t, features=2)
        return self.pick(L.Subtract, L.Add, L.Concatenate, L.Average)()([layer(a), layer(b)])

    def distributed(self):
        which = self.pick("dense", "conv1d", "rnn", "model", "flatten", "norm", "conv2d", "pool", "masked",
                          "embedding", "bi", "dropout")
        td = L.TimeDistributed
        if which == "embedding":
            ids = self.input(3, 4, kind="ids", below=6)
            return td(self.recurrent())(td(L.Embedding(6, 2))(ids))
        if which in ("dense", "norm", "dropout", "masked"):
            x = self.sequence(masked=which == "masked" or None)
            layer = {"dense": lambda: L.Dense(3, activation="relu"), "norm": L.BatchNormalization,
                     "dropout": lambda: L.Dropout(0.5), "masked": lambda: L.Dense(2)}[which]()
            return self.recurrent(return_sequences=self.chance(0.5))(td(layer)(x))
        if which in ("conv2d", "pool"):
            x = self.input(3, 4, 5, 1)
            x = td(L.Conv2D(2, 2, activation="relu"))(x)
            if which == "pool":
                x = td(self.pick(L.MaxPooling2D(2), L.AveragePooling2D(2, padding="same")))(x)
            x = td(self.pick(L.Flatten(), L.GlobalAveragePooling2D(), L.GlobalMaxPooling2D()))(x)
            return self.recurrent()(x)
        x = self.input(3, 4, 2)
        layer = {
            "conv1d": lambda: L.Conv1D(3, 2), "rnn": lambda: self.recurrent(return_sequences=self.chance(0.5)),
            "bi": lambda: self.bidirectional(), "flatten": L.Flatten,
            "model": lambda: keras.Sequential([keras.Input((4, 2)), self.recurrent(units=2), L.Dense(2)]),
        }[which]()
        y = td(layer)(x)
        if len(y.shape) == 4:
            y = td(L.GlobalAveragePooling1D())(y)
        return self.recurrent(return_sequences=self.chance(0.5))(y)

    def convolution(self):
        x = self.sequence(masked=False, timesteps=self.pick(6, 8), features=self.pick(2, 4))
        for _ in range(self.pick(1, 2)):
            x = self.conv(x)
            if self.chance(0.4):
                x = self.shaped(x)
        return self.recurrent()(x) if self.chance(0.6) else x

    def image(self):
        first = self.chance(0.15)
        x = self.input(*((2, 6, 5) if first else (6, 5, 2)))
        form = {"data_format": "channels_first"} if first else {}
        axis = 1 if first else -1
        # Keras on this machine's processor has no channels-first convolution: those are pooled.
        kinds = [
            lambda: L.MaxPooling2D(2, padding=self.pick("same", "valid"), **form)(x),
            lambda: L.AveragePooling2D((2, 1), strides=1, padding=self.pick("same", "valid"), **form)(x),
            lambda: L.ZeroPadding2D(((1, 0), (0, 2)), **form)(x), lambda: L.Cropping2D(1, **form)(x),
            lambda: L.UpSampling2D(2, **form)(x), lambda: L.BatchNormalization(axis=axis)(x),
            lambda: L.LayerNormalization(axis=axis)(x), lambda: L.PReLU(shared_axes=[1, 2])(x),
            lambda: L.Activation(self.activation())(x), lambda: L.SpatialDropout2D(0.2, **form)(x),
        ]
        convolutions = [
            lambda: L.Conv2D(3, self.pick(2, 3), padding="same", activation="relu", **form)(x),
            lambda: L.Conv2D(4, (2, 1), strides=(2, 1), groups=2, **form)(x),
            lambda: L.Conv2D(2, 2, dilation_rate=2, padding="same", use_bias=False, **form)(x),
            lambda: L.SeparableConv2D(3, 2, padding="same", depth_multiplier=2, **form)(x),
            lambda: L.DepthwiseConv2D(2, depth_multiplier=2, padding="same", **form)(x),
            lambda: L.Conv2DTranspose(2, 3, strides=self.pick(1, 2), padding=self.pick("same", "valid"),
                                      output_padding=None, **form)(x),
        ]
        if not first:
            kinds += [lambda: L.UpSampling2D((1, 2), interpolation="bilinear", **form)(x)]
        x = self.rng.choice(kinds + convolutions)()
        x = self.rng.choice(convolutions[:1] + kinds[4:10])()
        which = self.pick("flat", "pool", "rows", "as is", "max")
        if which == "flat":
            return L.Dense(2)(L.Flatten(**form)(x))
        if which == "pool":
            return L.GlobalAveragePooling2D(keepdims=self.chance(0.3), **form)(x)
        if which == "max":
            return L.GlobalMaxPooling2D(**form)(x)
        if which == "rows":
            return self.recurrent()(L.TimeDistributed(L.Flatten())(x))
        return x

    def attention(self):
        x = self.recurrent(return_sequences=True, units=3)(self.sequence())
        q, k, v = (L.Dense(3, use_bias=False)(x) for _ in range(3))
        scores = ops.matmul(q, ops.transpose(k, (0, 2, 1))) / np.float32(1.7320508)
        y = ops.matmul(ops.softmax(scores, axis=-1), v)
        return self.pick(lambda: y, lambda: ops.sum(y, axis=1), lambda: L.Add()([x, y]))()

    def weighted_sum(self):
        x = self.recurrent(return_sequences=True, units=3)(self.sequence())
        scores = L.Dense(1, activation="tanh")(x)
        shares = L.Softmax(axis=1)(L.Dense(1)(ops.tanh(x))) if self.chance(0.4) else \
            ops.softmax(scores, axis=1)
        return self.pick(
            lambda: ops.sum(x * shares, axis=1),
            lambda: ops.squeeze(ops.matmul(ops.transpose(shares, (0, 2, 1)), x), axis=1),
            lambda: L.Flatten()(L.Dot(axes=1)([shares, x])))()

    def operations(self):
        x = self.recurrent(return_sequences=True, units=4)(self.sequence(timesteps=4))
        y = self.pick(
            lambda: x[:, -1], lambda: x[:, 0, :], lambda: x[..., :2], lambda: x[:, 1:3],
            lambda: ops.expand_dims(x, 1), lambda: ops.stack([x, x * 2], axis=1),
            lambda: ops.reshape(x, (-1, 8, 2)), lambda: ops.sum(x, axis=(1, 2)),
            lambda: ops.prod(x, axis=1), lambda: ops.concatenate(ops.split(x, 2, axis=-1), axis=1),
            lambda: ops.where(x > 0, x, x * 0.1), lambda: ops.clip(x, -0.2, 0.3),
            lambda: ops.logsumexp(x, axis=-1), lambda: ops.var(x, axis=1), lambda: ops.std(x, axis=-1),
            lambda: ops.roll(x, 1, axis=1), lambda: ops.tile(x, (1, 2, 1)), lambda: ops.repeat(x, 2, axis=1),
            lambda: ops.pad(x, ((0, 0), (1, 0), (0, 0))), lambda: ops.swapaxes(x, 1, 2),
            lambda: ops.exp(x) - 1.0, lambda: ops.log(ops.abs(x) + 1.0), lambda: 1.0 / (2.0 + x),
            lambda: x ** 2, lambda: ops.min(x, axis=1, keepdims=True) + x, lambda: ops.norm(x, axis=1),
            lambda: ops.sort(x, axis=1), lambda: ops.minimum(x, ops.flip(x, axis=-1)))()
        return y

    def squeezed(self):
        x = self.input(5, 4, 1)
        x = L.Conv2D(3, (2, 4), activation="relu")(x)
        x = ops.squeeze(x, axis=2)
        x = L.MaxPooling1D(2, data_format="channels_first" if self.chance(0.3) else "channels_last")(x)
        return self.recurrent()(x)

    def explicit_mask(self):
        t = 4
        x = self.input(t, 2, padding=self.padding(t))
        mask = self.pick(
            lambda: self.input(t, kind="truth"), lambda: ops.any(ops.not_equal(x, 0.0), axis=-1),
            lambda: x[:, :, 0] > -0.4)()
        layer = self.pick(
            lambda: self.recurrent(return_sequences=True), lambda: self.recurrent(),
            lambda: self.bidirectional(), lambda: self.bidirectional(sequences=True))()
        y = layer(x, mask=mask)
        return self.recurrent()(y) if len(y.shape) == 3 and self.chance(0.6) else y

    def masks_through(self):
        x = self.sequence(masked=True, timesteps=4, features=3)
        which = self.pick("dense", "kept", "td", "concat", "add", "concat-time", "pool", "op", "half",
                          "none", "training", "two", "conv", "bi-bi", "norm", "repeat", "dense-bn")
        if which == "dense":
            x = L.Dense(2, activation="tanh")(x)
        elif which == "kept":
            x = self.kept(self.kept(x))
        elif which == "td":
            x = L.TimeDistributed(L.Dense(3))(x)
        elif which == "concat":
            x = L.Concatenate()([x, L.Dense(2)(x)])
        elif which == "concat-time":
            x = L.Concatenate(axis=1)([x, self.sequence(masked=self.chance(0.5), timesteps=4, features=3)])
        elif which == "add":
            x = getattr(L, self.pick("Add", "Multiply", "Average", "Maximum"))()(
                [x, self.sequence(masked=True, timesteps=4, features=3)])
        elif which == "half":
            x = L.Add()([x, self.sequence(masked=False, timesteps=4, features=3)])
        elif which == "pool":
            return L.GlobalAveragePooling1D(keepdims=self.chance(0.3))(x)
        elif which == "op":
            x = x * 0.5
        elif which == "none":
            return self.recurrent()(x, mask=None)
        elif which == "training":
            return self.recurrent()(x, training=False)
        elif which == "two":
            x = self.recurrent(return_sequences=True)(x)
        elif which == "conv":
            x = L.Conv1D(2, 2, padding="same")(x)
        elif which == "bi-bi":
            x = self.bidirectional(sequences=True)(x)
        elif which == "norm":
            x = L.LayerNormalization()(x)
        elif which == "dense-bn":
            x = L.BatchNormalization()(L.Dense(3)(x), training=self.chance(0.5))
        elif which == "repeat":
            return self.recurrent()(L.RepeatVector(3)(self.recurrent()(x)))
        return self.recurrent(return_sequences=self.chance(0.5))(x) if self.chance(0.7) else \
            self.bidirectional()(x)

    def vectors(self):
        x = self.input(self.pick(3, 5))
        for _ in range(self.pick(2, 3, 4)):
            if len(x.shape) > 2:
                x = L.Flatten()(x)
            x = self.over_vector(x)
        return x

    def normals(self):
        x = self.pick(lambda: self.sequence(), lambda: self.input(4))()
        return self.normal(self.activated(self.normal(x)))

    def sequential(self):
        """A keras.Sequential of its own."""
        layers = [keras.Input((5, 3))]
        self.specs.append({"kind": "float", "below": 0, "shape": [BATCH, 5, 3], "padding": []})
        if self.chance(0.5):
            self.specs[0]["padding"] = self.padding(5)
            layers.append(L.Masking())
        for _ in range(self.pick(1, 2)):
            layers.append(self.pick(
                lambda: self.recurrent(return_sequences=True), lambda: self.bidirectional(sequences=True),
                lambda: L.Dropout(0.3), lambda: L.BatchNormalization(), lambda: L.Dense(3))())
        layers.append(self.recurrent() if self.chance(0.5) else self.bidirectional(sequences=False))
        layers += [L.Dense(4, activation="relu"), L.Dense(2, activation="softmax")]
        return keras.Sequential(layers)

    SEQUENCE_LAYERS = (
        "AveragePooling1D", "MaxPooling1D", "ZeroPadding1D", "Cropping1D", "UpSampling1D", "SpatialDropout1D",
        "SeparableConv1D", "DepthwiseConv1D", "Conv1DTranspose", "Permute", "Identity", "GaussianDropout",
        "AlphaDropout", "ActivityRegularization", "LeakyReLU", "ReLU", "ELU", "GlobalMaxPooling1D",
        "GlobalAveragePooling1D", "Activation",
    )
    IMAGE_LAYERS = (
        "DepthwiseConv2D", "SeparableConv2D", "Conv2DTranspose", "Cropping2D", "ZeroPadding2D", "UpSampling2D",
        "MaxPooling2D", "AveragePooling2D", "SpatialDropout2D", "GlobalMaxPooling2D", "GlobalAveragePooling2D",
    )
    JOINS = ("Minimum", "Maximum", "Average", "Subtract", "Multiply", "Add", "Dot", "Concatenate")
    CATALOG = SEQUENCE_LAYERS + IMAGE_LAYERS + JOINS

    def catalog(self):
        """A layer by its name, between others."""
        name = self.CATALOG[self.index % len(self.CATALOG)]
        layer = getattr(L, name)
        if name in self.JOINS:
            inputs = [self.recurrent(units=2, return_sequences=True)(
                self.sequence(masked=self.chance(0.6), timesteps=3)) for _ in range(2)]
            return (L.Dot(axes=2) if name == "Dot" else layer())(inputs)
        if name in self.IMAGE_LAYERS:
            x = L.Conv2D(2, 2, padding="same", activation="tanh")(self.input(5, 4, 2))
        else:
            x = self.recurrent(units=2, return_sequences=True)(self.sequence(timesteps=6))
        if "Conv" in name:
            first = () if name.startswith("Depthwise") else (3,)
            x = layer(*first, self.pick(2, 3), padding=self.pick("same", "valid"))(x)
        else:
            settings = {
                "AveragePooling1D": (2,), "AveragePooling2D": (2,), "Permute": ((2, 1),),
                "GaussianDropout": (0.2,), "AlphaDropout": (0.2,),
                "Activation": ("softsign",), "SpatialDropout1D": (0.2,), "SpatialDropout2D": (0.2,)}
            x = layer(*settings.get(name, ()))(x)
        if len(x.shape) == 3:
            return self.recurrent(return_sequences=self.chance(0.5))(x)
        return L.Dense(3)(L.Flatten()(x))

    FAMILIES = (
        "one_recurrent", "masked_recurrent", "one_bidirectional", "masked_bidirectional", "unmerged",
        "states", "encoder_decoder", "bidirectional_states", "given_state", "stateful",
        "nested_stateful", "stack", "random_stack", "towers", "stretched", "nested", "nested_branches",
        "shared", "distributed", "convolution", "image", "attention", "weighted_sum", "operations",
        "squeezed", "explicit_mask", "masks_through", "vectors", "normals", "sequential", "random_stack",
        "masked_recurrent", "image", "convolution", "masks_through", "distributed",
    )


def flat(outputs):
    return [np.asarray(o, dtype=np.float32) for o in keras.tree.flatten(outputs)]


def made(family, seed, index):
    """An entry with its outputs; None where its numbers are of no use."""
    maker = Maker(random.Random(seed))
    maker.index = index
    keras.utils.clear_session()
    built = getattr(maker, family)()
    if isinstance(built, keras.Sequential):
        model = built
    else:
        model = keras.Model(maker.inputs, built)
    config = stripped(json.loads(model.to_json()))
    if trains_by_accident(config):
        return None
    kind = keras.Sequential if config["class_name"] == "Sequential" else keras.Model
    model = kind.from_config(copy.deepcopy(config["config"]))
    for index, variable in enumerate(model.weights):
        variable.assign(weight(variable.name, tuple(variable.shape), index))
    names = [[v.path, list(v.shape)] for v in model.weights]
    expected = []
    for call in range(maker.calls):
        values = [data(spec, call, place) for place, spec in enumerate(maker.specs)]
        values = [v.astype({"float": "float32", "ids": "int32", "truth": "bool"}[s["kind"]])
                  for v, s in zip(values, maker.specs)]
        # Not predict: that would pass over a call's own training=True.
        outputs = flat(model(values if len(values) > 1 else values[0]))
        if not all(np.isfinite(o).all() and np.abs(o).max() < 1e3 for o in outputs):
            return None
        if sum(o.size for o in outputs) > 600:
            return None
        expected.append(outputs)
    entry = {
        "id": f"{family}-{seed}", "inputs": maker.specs,
        "weights": [[path, shape] for path, shape in names],
        "outputs": [[list(o.shape) for o in outputs] for outputs in expected], "config": config,
    }
    return entry, expected


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=252)
    parser.add_argument("--catalog", type=int, default=78)
    parser.add_argument("--out", default="model-numbers")
    parser.add_argument("--verbose", action="store_true")
    args = parser.parse_args()
    entries, numbers, seed = [], [], args.seed * 100000
    while len(entries) < args.count + args.catalog:
        index = len(entries) - args.count
        family = "catalog" if index >= 0 else Maker.FAMILIES[len(entries) % len(Maker.FAMILIES)]
        for _ in range(20):
            seed += 1
            try:
                result = made(family, seed, index)
            except Exception as error:  # noqa: BLE001
                result = None
                if args.verbose:
                    print(f"{family}-{seed}: {type(error).__name__}: {str(error).strip()[:200]}",
                          file=sys.stderr)
            if result:
                break
        else:
            sys.exit(f"{family}: no model in 20 tries")
        entries.append(result[0])
        numbers += [o.astype("<f4").ravel() for outputs in result[1] for o in outputs]
    with open(args.out + ".json", "w", encoding="utf-8") as file:
        file.write(f'{{"keras": "{keras.__version__}", "seed": {args.seed}, "models": [\n')
        file.write(",\n".join(
            json.dumps(e, separators=(",", ":"), ensure_ascii=False) for e in entries))
        file.write("\n]}\n")
    with open(args.out + ".bin", "wb") as file:
        file.write(np.concatenate(numbers).tobytes())
    print(f"{len(entries)} models, {sum(n.size for n in numbers)} numbers")


if __name__ == "__main__":
    main()
