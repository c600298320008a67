"""A script with a main function, as most programs have."""
import os
import sys

import numpy as np
from keras import layers, models


def load(path):
    if path and os.path.exists(path):
        return np.load(path)
    return np.random.normal(size=(200, 50, 6)).astype("float32")


def make_autoencoder(timesteps, features, code=16):
    model = models.Sequential(name="autoencoder")
    model.add(layers.LSTM(64, input_shape=(timesteps, features), return_sequences=True))
    model.add(layers.LSTM(code))
    model.add(layers.RepeatVector(timesteps))
    model.add(layers.LSTM(code, return_sequences=True))
    model.add(layers.LSTM(64, return_sequences=True))
    model.add(layers.TimeDistributed(layers.Dense(features)))
    return model


def main(argv=None):
    argv = argv or []
    data = np.random.normal(size=(200, 50, 6))
    samples, timesteps, features = data.shape
    model = make_autoencoder(timesteps, features)
    model.compile(optimizer="adam", loss="mae")
    model.fit(data, data, epochs=3, batch_size=16, validation_split=0.1)
    return 0


if __name__ == "__main__":
    sys.exit(main())
