"""Makes resumed/: models that Keras trained for two epochs, and what two more give.

For each optimizer a `.keras` file (packed, to be small), and in resumed.npz the samples, the
losses of epochs 3 and 4 after load_model, and the weights then, one behind the other. Nothing is
drawn at random in training: no shuffling, no Dropout.

    KERAS_BACKEND=jax python make_resumed.py    (Keras 3.15.1, JAX on a CPU)
"""

import io
import os
import zipfile

os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "resumed")
O = keras.optimizers
S = O.schedules
OPTIMIZERS = {
    "sgd": lambda: O.SGD(0.05),
    "sgd_momentum": lambda: O.SGD(0.05, momentum=0.9, nesterov=True),
    "sgd_cosine": lambda: O.SGD(S.CosineDecay(0.1, 20), momentum=0.5),
    "rmsprop": lambda: O.RMSprop(0.01),
    "rmsprop_centered": lambda: O.RMSprop(0.005, momentum=0.3, centered=True),
    "adam": lambda: O.Adam(0.01),
    "adam_amsgrad": lambda: O.Adam(0.01, amsgrad=True, clipnorm=0.5),
    "adam_averages": lambda: O.Adam(
        0.01, use_ema=True, ema_overwrite_frequency=3, gradient_accumulation_steps=2
    ),
    "adamw": lambda: O.AdamW(S.ExponentialDecay(0.01, 4, 0.8)),
    "adamax": lambda: O.Adamax(0.01),
    "nadam": lambda: O.Nadam(0.01),
    "adagrad": lambda: O.Adagrad(0.05),
    "adadelta": lambda: O.Adadelta(1.0),
    "adafactor": lambda: O.Adafactor(0.01),
    "lion": lambda: O.Lion(0.002),
    "lamb": lambda: O.Lamb(0.01),
    "ftrl": lambda: O.Ftrl(0.05),
    "schedule_free": lambda: O.ScheduleFreeAdamW(0.01, warmup_steps=4),
}


def model():
    """Layers whose order in the file is not that of their attributes, in a model in a model."""
    inner_in = keras.Input((6, 3))
    a = keras.layers.Dense(2, activation="tanh", name="right")(inner_in)
    b = keras.layers.Dense(3, name="left")(inner_in)
    b = keras.layers.LayerNormalization(name="norm")(b)
    inner = keras.Model(inner_in, keras.layers.Concatenate()([a, b]), name="inner")
    x = keras.Input((6, 3))
    h = keras.layers.GRU(3, return_sequences=True)(x)
    h = inner(h)
    h = keras.layers.Bidirectional(keras.layers.LSTM(2))(h)
    h = keras.layers.BatchNormalization()(h)
    return keras.Model(x, keras.layers.Dense(1)(h))


def packed(model):
    """The bytes of the model's file, packed."""
    model.save("/tmp/resumed.keras")
    out = io.BytesIO()
    with zipfile.ZipFile("/tmp/resumed.keras") as source:
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
            for name in source.namelist():
                target.writestr(zipfile.ZipInfo(name), source.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def main():
    os.makedirs(HERE, exist_ok=True)
    random = np.random.default_rng(1)
    x = random.normal(size=(20, 6, 3)).astype("float32")
    y = random.normal(size=(20, 1)).astype("float32")
    arrays = {"x": x, "y": y}
    for name, make in OPTIMIZERS.items():
        keras.utils.set_random_seed(7)
        trained = model()
        trained.compile(make(), "mse", metrics=["mae"])
        trained.fit(x, y, batch_size=8, epochs=2, shuffle=False, verbose=0)
        with open(os.path.join(HERE, f"{name}.keras"), "wb") as file:
            file.write(packed(trained))
        again = keras.models.load_model(os.path.join(HERE, f"{name}.keras"))
        history = again.fit(x, y, batch_size=8, epochs=2, shuffle=False, verbose=0)
        arrays[f"{name}_loss"] = np.array(history.history["loss"], "float32")
        arrays[f"{name}_weights"] = np.concatenate([w.ravel() for w in again.get_weights()])
    np.savez_compressed(os.path.join(HERE, "resumed.npz"), **arrays)


main()
