"""Makes a .keras file with real Keras 3.15.1, and what its model gives.

    KERAS_BACKEND=jax python make_archives.py

Writes archives/nested.keras and archives/nested.npz (x, y0, y1).
"""

import os
import sys

os.environ.setdefault("KERAS_BACKEND", "jax")
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path = [p for p in sys.path if os.path.abspath(p or ".") != HERE]

import keras  # noqa: E402
import numpy as np  # noqa: E402
from keras import layers as L  # noqa: E402

keras.utils.set_random_seed(7)
given = keras.Input((5, 3), name="sequence")
x = L.Bidirectional(L.LSTM(4, return_sequences=True, dropout=0.1))(given)
x = L.BatchNormalization()(x)
x = L.TimeDistributed(L.Dense(3))(L.Dropout(0.2)(x))
inner = keras.Sequential(
    [keras.Input((5, 3)), L.GRU(4, return_sequences=True), L.Dense(2), L.SimpleRNN(2)])
both = L.Dense(2, name="shared")
x = keras.ops.squeeze(keras.ops.expand_dims(inner(x), 1), 1)
y = L.Dense(1)(both(x))
z = L.Dense(2, name="other")(both(y * x))
model = keras.Model(given, [y, z])
model.compile("adam", ["mse", "mse"])
rng = np.random.default_rng(3)
data = rng.standard_normal((4, 5, 3)).astype("float32")
model.fit(data, [np.ones((4, 1)), np.zeros((4, 2))], epochs=3, verbose=0)
folder = os.path.join(HERE, "archives")
os.makedirs(folder, exist_ok=True)
model.save(os.path.join(folder, "nested.keras"))
outputs = model.predict(data, verbose=0)
np.savez(os.path.join(folder, "nested.npz"), x=data, y0=outputs[0], y1=outputs[1])
