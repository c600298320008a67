"""Asks real Keras 3.15 what losses make of small batches, and how they change with predictions.

    KERAS_BACKEND=jax python make_loss_numbers.py [SEED] > loss-numbers.json

A case is: loss, settings, how predictions and targets are made, the shape of sample weights, the
mask, and then the loss and its gradient by the predictions ("nan", "inf" where they are none).
Numbers are formulas that a test can compute as well; number k of a tensor, c the place of the case
in the file:

    any       1.5 · sin(0.37 k + c)
    other     1.2 · cos(0.53 k + 2 c)
    unit      0.5 + 0.49 · sin(0.61 k + c)
    share     0.5 + 0.49 · cos(0.7 k + 3 c)
    positive  1.6 + 1.5 · sin(0.53 k + c)
    binary    1 where (5 k + c + k // 3) % 3 is 0, else 0
    labels    (7 k + c + k // 2) % classes, the size of the axis of classes in the predictions
    onehot    the labels, each as a row of the last axis
    weights   0.25 + |sin(0.9 k + c)|

"given" stands for numbers that are listed. "values" in place of a gradient: the losses of each
sample, with reduction None. The names that `keras.losses.get` takes stand under "names".
"""

import json
import math
import os
import random
import sys
import warnings

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import jax  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402
from keras.src import backend  # noqa: E402
from keras.src import losses  # noqa: E402

warnings.simplefilter("ignore")
R = random.Random(int(sys.argv[1]) if len(sys.argv) > 1 else 20260816)
CASES = []


def make(how, c, classes):
    kind, sizes = how[0], how[1]
    k = np.arange(math.prod(sizes), dtype="float64")
    n = k.astype(int)
    if kind == "any":
        x = 1.5 * np.sin(0.37 * k + c)
    elif kind == "other":
        x = 1.2 * np.cos(0.53 * k + 2 * c)
    elif kind == "share":
        x = 0.5 + 0.49 * np.cos(0.7 * k + 3 * c)
    elif kind == "unit":
        x = 0.5 + 0.49 * np.sin(0.61 * k + c)
    elif kind == "positive":
        x = 1.6 + 1.5 * np.sin(0.53 * k + c)
    elif kind == "binary":
        x = ((5 * n + c + n // 3) % 3 == 0).astype(float)
    elif kind == "labels":
        x = ((7 * n + c + n // 2) % classes).astype(float)
    elif kind == "onehot":
        rows = np.arange(math.prod(sizes[:-1]))
        x = np.eye(sizes[-1])[(7 * rows + c + rows // 2) % sizes[-1]]
    elif kind == "weights":
        x = 0.25 + np.abs(np.sin(0.9 * k + c))
    else:
        x = np.array(how[2], dtype="float64")
    return x.astype("float32").reshape(sizes)


def add(loss, config, predictions, targets, weights=None, mask=None):
    CASES.append((loss, config, predictions, targets, weights, mask))


def mask(*sizes):
    ones = np.array([R.random() < 0.6 for _ in range(math.prod(sizes))]).reshape(sizes)
    ones[:, 0] = True
    return ones.astype(int).tolist()


def given(*numbers, sizes=None):
    return ["given", sizes or [1, len(numbers)], list(numbers)]


# Element by element.
KINDS = {
    "MeanSquaredError": ("any", "other"),
    "MeanAbsoluteError": ("any", "other"),
    "MeanAbsolutePercentageError": ("any", "other"),
    "MeanSquaredLogarithmicError": ("any", "other"),
    "Huber": ("any", "other"),
    "LogCosh": ("any", "other"),
    "Poisson": ("positive", "share"),
    "KLDivergence": ("unit", "share"),
    "Hinge": ("any", "binary"),
    "SquaredHinge": ("any", "binary"),
    "BinaryCrossentropy": ("unit", "binary"),
    "BinaryFocalCrossentropy": ("unit", "binary"),
    "CategoricalHinge": ("any", "onehot"),
    "CosineSimilarity": ("any", "other"),
    "CategoricalCrossentropy": ("unit", "onehot"),
    "CategoricalFocalCrossentropy": ("unit", "onehot"),
    "Dice": ("unit", "binary"),
    "Tversky": ("unit", "binary"),
}
SETTINGS = {
    "Huber": [{"delta": 0.5}, {"delta": 2.0}],
    "BinaryCrossentropy": [
        {"from_logits": True}, {"label_smoothing": 0.2}, {"axis": 1},
        {"from_logits": True, "label_smoothing": 0.1},
    ],
    "BinaryFocalCrossentropy": [
        {"apply_class_balancing": True}, {"gamma": 1.0, "from_logits": True},
        {"gamma": 0.0}, {"gamma": 1.5, "alpha": 0.7, "apply_class_balancing": True,
                         "label_smoothing": 0.1},
    ],
    "CategoricalCrossentropy": [
        {"from_logits": True}, {"label_smoothing": 0.2}, {"axis": 1},
        {"from_logits": True, "label_smoothing": 0.3, "axis": -2},
    ],
    "CategoricalFocalCrossentropy": [
        {"from_logits": True}, {"alpha": 0.5, "gamma": 1.0}, {"gamma": 0.0, "label_smoothing": 0.1},
        {"alpha": [0.2, 0.5, 0.9], "from_logits": True},
    ],
    "CosineSimilarity": [{"axis": 1}, {"axis": -2}],
    "Dice": [{"axis": [1]}, {"axis": [1, 2]}, {"axis": -1}],
    "Tversky": [{"alpha": 0.3, "beta": 0.8}, {"axis": [1, 2], "alpha": 0.9, "beta": 0.2}],
}
REDUCTIONS = ["sum_over_batch_size", "mean", "sum", "mean_with_sample_weight"]

for name, (p, t) in KINDS.items():
    add(name, {}, [p, [4, 3]], [t, [4, 3]])
    add(name, {}, [p, [2, 13]], [t, [2, 13]])
    for reduction in REDUCTIONS:
        scalar = name in ("Dice", "Tversky")
        add(name, {"reduction": reduction}, [p, [4, 3]], [t, [4, 3]], weights=[4])
        if not scalar:
            add(name, {"reduction": reduction}, [p, [3, 4, 3]], [t, [3, 4, 3]], mask=mask(3, 4))
            add(name, {"reduction": reduction}, [p, [3, 2, 3]], [t, [3, 2, 3]],
                weights=[3, 2], mask=mask(3, 2))
            add(name, {"reduction": reduction}, [p, [3, 2, 3]], [t, [3, 2, 3]], weights=[3, 1])
    add(name, {"reduction": None}, [p, [3, 2, 3]], [t, [3, 2, 3]], weights=[3, 2])
    for settings in SETTINGS.get(name, []):
        logits = "any" if settings.get("from_logits") else p
        add(name, settings, [logits, [2, 3, 3]], [t, [2, 3, 3]])
        add(name, settings, [logits, [2, 9, 3]], [t, [2, 9, 3]])
    if t != "onehot":
        add(name, {}, [p, [5, 1]], [t, [5]])
        add(name, {}, [p, [5, 1]], [t, [5]], weights=[5])
        add(name, {}, [p, [3, 4, 1]], [t, [3, 4]])
        add(name, {"reduction": "sum"}, [p, [3, 4, 1]], [t, [3, 4]])
        add(name, {}, [p, [3, 4]], [t, [3, 4, 1]])
        add(name, {}, [p, [6]], [t, [6]])
    if name in ("MeanSquaredError", "Huber", "Hinge", "KLDivergence", "Poisson"):
        add(name, {}, [p, [3, 4]], [t, [3, 1]])
        add(name, {}, [p, [2, 3, 4]], [t, [2, 1, 4]])

# Numbers of classes.
for settings in [{}, {"from_logits": True}, {"ignore_class": 1}, {"ignore_class": -1},
                 {"ignore_class": 2, "from_logits": True}]:
    p = "any" if settings.get("from_logits") else "unit"
    for reduction in ["sum_over_batch_size", "sum", "mean_with_sample_weight"]:
        more = {**settings, "reduction": reduction}
        add("SparseCategoricalCrossentropy", more, [p, [4, 3]], ["labels", [4]])
        add("SparseCategoricalCrossentropy", more, [p, [4, 3]], ["labels", [4, 1]], weights=[4])
        add("SparseCategoricalCrossentropy", more, [p, [2, 4, 3]], ["labels", [2, 4]],
            mask=mask(2, 4))
        add("SparseCategoricalCrossentropy", more, [p, [2, 4, 11]], ["labels", [2, 4, 1]],
            weights=[2, 4], mask=mask(2, 4))
add("SparseCategoricalCrossentropy", {"ignore_class": -1, "reduction": None}, ["unit", [5, 3]],
    given(0, -1, 2, -1, 1, sizes=[5]))
add("SparseCategoricalCrossentropy", {"ignore_class": 255}, ["unit", [5, 3]],
    given(0, 255, 2, 255, 1, sizes=[5]))
add("CategoricalGeneralizedCrossEntropy", {"q": 0.7}, ["unit", [4, 3]], ["labels", [4]])
add("CategoricalGeneralizedCrossEntropy", {}, ["unit", [4, 3]], ["labels", [4]], weights=[4])
unit = np.array([[0.6, 0.8], [0.8, 0.6], [-0.6, 0.8], [1, 0], [0, 1], [-0.8, 0.6]])
for settings in [{}, {"gamma": 8.0, "margin": 0.25}, {"gamma": 2.0, "remove_diagonal": False}]:
    add("Circle", settings, ["given", [6, 2], unit.ravel().tolist()],
        given(0, 1, 0, 1, 1, 2, sizes=[6]))
add("Circle", {"gamma": 4.0}, ["unit", [5, 3]], given(0, 1, 0, 1, 1, sizes=[5]), weights=[5])

# Corners: probabilities at and beyond their bounds, ties, zeros, numbers that are none.
edge = [0.0, 1.0, 1e-7, 0.9999999, -0.2, 1.3, 0.5, 1e-9]
for target in (0, 1):
    for name in ("BinaryCrossentropy", "KLDivergence", "BinaryFocalCrossentropy", "Poisson"):
        add(name, {}, given(*edge, sizes=[8, 1]), given(*[target] * 8, sizes=[8, 1]))
for row in ([0, 0, 1], [1, 0, 0], [0, 0, 0], [2, 1, 1], [-1, 1, 1], [1e-8, 1, 0], [1e-7, 0.9999999, 0]):
    for hot in range(2):
        add("CategoricalCrossentropy", {}, given(*row), given(*np.eye(3)[hot].tolist()))
        add("SparseCategoricalCrossentropy", {}, given(*row), given(hot, sizes=[1]))
for row in ([100, -100, 0], [0, 0, 0], [1000, 999, 1000], [-1000, -1000, -1000]):
    add("CategoricalCrossentropy", {"from_logits": True}, given(*row), given(0, 1, 0))
    add("BinaryCrossentropy", {"from_logits": True}, given(*row), given(0, 1, 1))
    add("SparseCategoricalCrossentropy", {"from_logits": True}, given(*row), given(0, sizes=[1]))
add("MeanAbsoluteError", {}, given(1, 2, 3, -1), given(1, 2.5, 2, 0))
add("Huber", {}, given(1, 2, 3, -1), given(1, 3, 1, 0))
add("LogCosh", {}, given(100, -100, 0, 1e-4), given(0, 0, 0, 0))
add("MeanSquaredLogarithmicError", {}, given(-1, 0, 1e-7, 5), given(1, 0, -3, 2))
add("MeanAbsolutePercentageError", {}, given(1, 0.5, 0, -1), given(0, 0.5, 0, 1e-8))
add("Hinge", {}, given(1, -1, 0.5, 2), given(1, -1, 1, -1))
add("Hinge", {}, given(1, -1, 0.5, 2), given(1, 0, 1, 0.5))
add("SquaredHinge", {}, given(1, -1, 0.5, 2), given(1, -1, 1, -1))
add("CategoricalHinge", {}, given(1, 2, 2, 0), given(1, 0, 0, 0))
add("CategoricalHinge", {}, given(1, 0, 0, 0), given(1, 0, 0, 0))
add("CategoricalHinge", {}, given(3, 0, 1, 0), given(1, 0, 0, 0))
add("CosineSimilarity", {}, given(1e-9, 0, 0), given(1, 2, 3))
add("CosineSimilarity", {}, given(1, 2, 3), given(0, 0, 0))
add("MeanSquaredError", {}, given(1, 2, 3), given(1, float("nan"), 2))
add("BinaryCrossentropy", {}, given(0.1, 0.2, 0.3), given(1, float("nan"), 0))
add("CategoricalCrossentropy", {}, given(float("nan"), 0.2, 0.3), given(1, 0, 0))
add("MeanSquaredError", {}, ["any", [2, 3]], ["other", [2, 3]], mask=[[0], [0]])
add("MeanSquaredError", {"reduction": "mean_with_sample_weight"}, ["any", [2, 3]],
    ["other", [2, 3]], weights=given(0, 0, sizes=[2]))


def number(x):
    x = float(x)
    return float(f"{x:.6g}") if math.isfinite(x) else str(x)


def numbers(x):
    return [number(v) for v in np.asarray(x).ravel()]


def answer(place, loss, config, predictions, targets, weights, keep):
    axis = config.get("axis", -1)
    classes = predictions[1][axis] if isinstance(axis, int) else 2
    p = make(predictions, place, classes)
    t = make(targets, place, classes)
    if weights is None:
        w = None
    elif weights[0] == "given":
        w = make(weights, place, 0)
    else:
        w = make(["weights", weights], place, 0)
    function = getattr(keras.losses, loss)(**config)

    def value(p):
        p = p + 0
        if keep is not None:
            backend.set_keras_mask(p, backend.convert_to_tensor(np.array(keep), dtype="bool"))
        return function(t, p, w)

    result = {"loss": loss, "config": config, "predictions": predictions, "targets": targets}
    if weights is not None:
        result["weights"] = weights
    if keep is not None:
        result["mask"] = keep
    if config.get("reduction", "") is None:
        result["values"] = numbers(value(jax.numpy.array(p)))
    else:
        loss, gradient = jax.value_and_grad(value)(jax.numpy.array(p))
        result["value"] = number(loss)
        result["gradient"] = numbers(gradient)
    return result


def plain(x):
    """Lists without numbers that JSON does not have."""
    if isinstance(x, (list, tuple)):
        return [plain(v) for v in x]
    return str(x) if isinstance(x, float) and not math.isfinite(x) else x


names = {}
for name, known in losses.ALL_OBJECTS_DICT.items():
    if name not in ("Loss", "LossFunctionWrapper", "CTC", "ctc"):
        names[name] = known.__name__
print('{"keras": "%s",\n"names": %s,\n"cases": [' % (keras.__version__, json.dumps(names)))
lines = []
for place, case in enumerate(CASES):
    try:
        done = answer(place, *case)
    except Exception as error:  # What Keras refuses tells what to leave out above.
        print(f"case {place} {case}: {error}", file=sys.stderr)
        raise
    done["predictions"], done["targets"] = plain(done["predictions"]), plain(done["targets"])
    lines.append(json.dumps(done))
print(",\n".join(lines))
print("]}")
