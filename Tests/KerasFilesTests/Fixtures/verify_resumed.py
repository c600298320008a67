"""Loads files that were trained on here into Keras and trains on: same numbers as Keras alone.

    UNROLL_RESUMED=/tmp/resumed swift test --filter ResumedTraining
    KERAS_BACKEND=jax python verify_resumed.py /tmp/resumed    (Keras 3.15.1, JAX on a CPU)

Of `resumed/` each file went through two epochs here, of `leftovers/` each was opened and saved.
Names behind the folder, such as `adam unknown`, are all that is looked at. Prints the largest
differences; ends with 1 where one is over 1e-4 or Keras warns of something.
"""

import json
import os
import sys
import warnings
import zipfile

os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
failed = False


def files(folder):
    """The files of a folder that are looked at."""
    names = [file[:-6] for file in sorted(os.listdir(os.path.join(HERE, folder)))
             if file.endswith(".keras")]
    return [name + ".keras" for name in names if not sys.argv[2:] or name in sys.argv[2:]]


def load(path):
    """The model, and what Keras warned of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        model = keras.models.load_model(path)
    return model, [str(warning.message) for warning in caught]


def kept(model):
    """What the model's optimizer keeps; a quantized model has none."""
    optimizer = getattr(model, "optimizer", None)
    return [variable.numpy() for variable in optimizer.variables] if optimizer else []


def config(path):
    return json.loads(zipfile.ZipFile(path).read("config.json")).get("compile_config")


def largest(ours, theirs):
    pairs = list(zip(ours, theirs, strict=True))
    return max((float(np.abs(np.asarray(a, "float64") - np.asarray(b, "float64")).max())
                for a, b in pairs), default=0.0)


def report(name, complaints, **numbers):
    global failed
    bad = bool(complaints) or any(not value <= 1e-4 for value in numbers.values())
    failed |= bad
    print(name, *(f"{key} {value:.1e}" for key, value in numbers.items()), *complaints,
          "FAILED" if bad else "ok")


def resumed(folder):
    arrays = np.load(os.path.join(HERE, "resumed", "resumed.npz"))
    fit = dict(x=arrays["x"], y=arrays["y"], batch_size=8, shuffle=False, verbose=0)
    for file in files("resumed"):
        first = os.path.join(HERE, "resumed", file)
        ours, complaints = load(os.path.join(folder, file))
        if config(first) != config(os.path.join(folder, file)):
            complaints.append("the compile config is another one")
        theirs, _ = load(first)
        # Averages of weights do not survive a second fit of Keras on JAX: all in one.
        averages = file == "adam_averages.keras"
        theirs.fit(**fit, epochs=2 if averages else 3)
        if not averages:
            ours.fit(**fit, epochs=1)
        report(file, complaints, weights=largest(ours.get_weights(), theirs.get_weights()),
               optimizer=largest(kept(ours), kept(theirs)))


def leftovers(folder):
    import make_leftovers  # noqa: F401, the classes of its models

    x = np.random.default_rng(9).normal(size=(4, 5, 4)).astype("float32")
    for file in files("leftovers"):
        policy = file[:-6] if file.startswith("mixed") else "float32"
        keras.config.set_dtype_policy(policy)
        theirs, said = load(os.path.join(HERE, "leftovers", file))
        ours, complaints = load(os.path.join(folder, file))
        keras.config.set_dtype_policy("float32")
        report(file, [text for text in complaints if text not in said],
               outputs=largest([ours.predict(x, verbose=0)], [theirs.predict(x, verbose=0)]),
               weights=largest(ours.get_weights(), theirs.get_weights()),
               optimizer=largest(kept(ours), kept(theirs)))


resumed(sys.argv[1])
leftovers(sys.argv[1])
sys.exit(failed)
