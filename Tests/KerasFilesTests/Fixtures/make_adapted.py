"""Writes adapted/: models whose layers were adapted, as Keras 3.15 saves them, and what they give.

    KERAS_BACKEND=tensorflow python make_adapted.py adapted

Lookups need TensorFlow. adapted.json has the input and the output of each file.
"""

import json
import os
import sys

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras  # noqa: E402
import numpy as np  # noqa: E402

L = keras.layers
SEEN = np.array([[5, 5, 5, 9], [9, 9, 3, 5], [70000, 3, 5, 9]])
ASKED = np.array([[5, 9, 3, 70000], [1, 0, 5, 5]])
NUMBERS = np.array([[1.0, -2.0, 3.0], [4.0, 0.5, 9.0], [-1.0, 2.5, 0.0]], "float32")


def lookup(**settings):
    layer = L.IntegerLookup(**settings)
    layer.adapt(SEEN)
    return layer


def whole(*layers):
    return keras.Sequential([keras.Input((4,), dtype="int64"), *layers]), ASKED


def normalization():
    layer = L.Normalization()
    layer.adapt(NUMBERS)
    return keras.Sequential([keras.Input((3,)), layer]), NUMBERS


def nested():
    inner, _ = whole(lookup(mask_token=0))
    a = keras.Input((4,), dtype="int64")
    return keras.Model(a, L.Rescaling(0.5)(inner(a))), ASKED


MODELS = {
    "places": lambda: whole(lookup(num_oov_indices=2, mask_token=0)),
    "rows": lambda: whole(lookup(output_mode="one_hot")),
    "padded": lambda: whole(lookup(output_mode="count", max_tokens=9, pad_to_max_tokens=True)),
    "frequencies": lambda: whole(lookup(output_mode="tf_idf")),
    "numbers": lambda: whole(lookup(invert=True)),
    "nested": nested,
    "normalization": normalization,
}


def main(folder):
    os.makedirs(folder, exist_ok=True)
    facts = {"keras": keras.__version__, "files": []}
    for name, make in MODELS.items():
        keras.utils.clear_session()
        model, given = make()
        model.save(os.path.join(folder, name + ".keras"))
        output = np.asarray(model.predict(given, verbose=0), "float64")
        facts["files"].append({"name": name, "input": given.tolist(), "output": output.tolist()})
    with open(os.path.join(folder, "adapted.json"), "w") as file:
        json.dump(facts, file)


main(sys.argv[1])
