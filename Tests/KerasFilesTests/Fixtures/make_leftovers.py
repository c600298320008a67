"""Makes leftovers/: files with arrays that are no weights of a layer known here.

A layer of a class that is not known inside a model inside a model and in TimeDistributed, weights
of bfloat16, float16 and float64, quantized weights, an optimizer that scales losses. Packed, to be
small.

    KERAS_BACKEND=jax python make_leftovers.py    (Keras 3.15.1, JAX on a CPU)
"""

import os
import zipfile

os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np
from keras import layers

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "leftovers")
random = np.random.default_rng(3)
x = random.normal(size=(8, 5, 4)).astype("float32")
y = random.normal(size=(8, 1)).astype("float32")


def save(model, name):
    path = os.path.join(HERE, name + ".keras")
    model.save("/tmp/leftovers.keras")
    with zipfile.ZipFile("/tmp/leftovers.keras") as source:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
            for member in source.namelist():
                target.writestr(zipfile.ZipInfo(member), source.read(member), zipfile.ZIP_DEFLATED)


def plain(policy):
    keras.config.set_dtype_policy(policy)
    keras.utils.set_random_seed(5)
    i = keras.Input((5, 4))
    # JAX has no orthogonal matrices of 16 bits.
    h = layers.LSTM(3, recurrent_initializer="glorot_uniform")(i)
    h = layers.Dropout(0.25)(h)
    model = keras.Model(i, layers.Dense(1)(h))
    model.compile("adam", "mse")
    model.fit(x, y, epochs=1, verbose=0)
    keras.config.set_dtype_policy("float32")
    return model


@keras.saving.register_keras_serializable("fixtures")
class Heads(layers.Layer):
    """A layer of somebody's own, with layers inside."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        inner = "abc,cde->abde", (None, 2, 3), "linear", "de"
        self.query_dense = layers.EinsumDense(*inner)
        self.key_dense = layers.EinsumDense(*inner)
        self.value_dense = layers.EinsumDense(*inner)
        self.output_dense = layers.EinsumDense("abcd,cde->abe", (None, 4), "linear", "e")

    def call(self, x):
        return self.output_dense(self.query_dense(x) * self.key_dense(x) + self.value_dense(x))


def unknown():
    keras.utils.set_random_seed(5)
    i = keras.Input((5, 4))
    h = layers.Dense(4)(i)
    h = Heads()(h)
    inner = keras.Model(i, layers.Dense(3)(h), name="inner")
    pieces = keras.Sequential([keras.Input((3,)), layers.Dense(2), layers.SpectralNormalization(
        layers.Dense(3))], name="pieces")
    i = keras.Input((5, 4))
    h = inner(i)
    h = layers.TimeDistributed(pieces)(h)
    h = layers.GRU(2)(h)
    model = keras.Model(i, layers.Dense(1)(h))
    model.compile(keras.optimizers.SGD(0.01, momentum=0.5), "mse")
    model.fit(x, y, epochs=1, verbose=0)
    return model


def quantized():
    keras.utils.set_random_seed(5)
    model = keras.Sequential([keras.Input((5, 4)), layers.GRU(3), layers.Dense(4), layers.Dense(1)])
    model.quantize("int8")
    return model


def main():
    os.makedirs(HERE, exist_ok=True)
    for policy in ["bfloat16", "float16", "float64", "mixed_float16", "mixed_bfloat16"]:
        save(plain(policy), policy)
    save(unknown(), "unknown")
    save(quantized(), "quantized")


if __name__ == "__main__":
    main()
