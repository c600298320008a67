"""Asks real Keras 3.15 what metrics make of two small batches, one after the other.

    KERAS_BACKEND=jax python make_metric_numbers.py [SEED] > metric-numbers.json

A case is: metric, settings, how predictions and targets are made (formulas as in
make_loss_numbers.py; those of the second batch with the place 1000 larger), the shape of sample
weights, the mask, and the results after the second batch: one number or several. "word" in place of
a metric: what `compile` makes of it for these shapes, with the name and the class that it has then.
The names that `keras.metrics.get` takes stand under "names".
"""

import json
import os
import sys
import warnings

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.argv = sys.argv[:2]

import contextlib  # noqa: E402
import io  # noqa: E402

import keras  # noqa: E402
import numpy as np  # noqa: E402
from keras.src import backend  # noqa: E402
from keras.src import metrics  # noqa: E402
from keras.src.trainers.compile_utils import get_metric  # noqa: E402


def formulas():
    """The part of make_loss_numbers.py that makes numbers, without asking for any loss."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "make_loss_numbers.py")
    with open(path) as file:
        source = file.read().split("# Element by element.")[0]
    space = {"__name__": "formulas"}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(source, path, "exec"), space)
    return space["make"], space["mask"], space["given"]


make, mask, given = formulas()
warnings.simplefilter("ignore")
CASES = []


def add(metric, config, predictions, targets, weights=None, mask=None, word=None):
    CASES.append((metric, config, predictions, targets, weights, mask, word))


MEANS = {
    "MeanSquaredError": ("any", "other"), "MeanAbsoluteError": ("any", "other"),
    "MeanAbsolutePercentageError": ("any", "other"),
    "MeanSquaredLogarithmicError": ("any", "other"), "CosineSimilarity": ("any", "other"),
    "LogCoshError": ("any", "other"), "RootMeanSquaredError": ("any", "other"),
    "Hinge": ("any", "binary"), "SquaredHinge": ("any", "binary"),
    "CategoricalHinge": ("any", "onehot"), "KLDivergence": ("unit", "share"),
    "Poisson": ("positive", "share"), "BinaryCrossentropy": ("unit", "binary"),
    "CategoricalCrossentropy": ("unit", "onehot"),
    "SparseCategoricalCrossentropy": ("unit", "labels"),
    "BinaryAccuracy": ("unit", "binary"), "CategoricalAccuracy": ("unit", "onehot"),
    "SparseCategoricalAccuracy": ("unit", "labels"),
    "TopKCategoricalAccuracy": ("unit", "onehot"),
    "SparseTopKCategoricalAccuracy": ("unit", "labels"),
    "Accuracy": ("binary", "binary"), "PearsonCorrelation": ("any", "other"),
    "ConcordanceCorrelation": ("any", "other"),
}
SETTINGS = {
    "BinaryAccuracy": [{"threshold": 0.8}], "TopKCategoricalAccuracy": [{"k": 2}],
    "SparseTopKCategoricalAccuracy": [{"k": 2}],
    "BinaryCrossentropy": [{"from_logits": True}, {"label_smoothing": 0.2}],
    "CategoricalCrossentropy": [{"from_logits": True, "label_smoothing": 0.1}],
    "SparseCategoricalCrossentropy": [{"from_logits": True}, {"ignore_class": 1}],
    "CosineSimilarity": [{"axis": 1}],
}
for name, (p, t) in MEANS.items():
    inner = lambda sizes: sizes[:-1] if t == "labels" else sizes  # noqa: E731
    for config in [{}] + SETTINGS.get(name, []):
        add(name, config, [p, [6, 4]], [t, inner([6, 4])])
        add(name, config, [p, [6, 4]], [t, inner([6, 4])], weights=[6])
        if name not in ("TopKCategoricalAccuracy",):
            add(name, config, [p, [4, 3, 5]], [t, inner([4, 3, 5])])
            if not (name == "CosineSimilarity" and config):
                add(name, config, [p, [4, 3, 5]], [t, inner([4, 3, 5])], weights=[4, 3])
                add(name, config, [p, [4, 3, 5]], [t, inner([4, 3, 5])], mask=mask(4, 3))
                add(name, config, [p, [4, 3, 5]], [t, inner([4, 3, 5])], weights=[4, 3],
                    mask=mask(4, 3))
    if t not in ("labels", "onehot") and "Correlation" not in name:
        add(name, {}, [p, [6, 1]], [t, [6, 1]], weights=[6])
        add(name, {}, [p, [6, 1]], [t, [6, 1]])
        if name not in ("Hinge", "SquaredHinge", "Poisson", "KLDivergence", "BinaryCrossentropy"):
            add(name, {}, [p, [6, 1]], [t, [6]])
add("SparseCategoricalAccuracy", {}, ["unit", [6, 4]], ["labels", [6, 1]], weights=[6])
add("SparseTopKCategoricalAccuracy", {"k": 3, "from_sorted_ids": True},
    given(0, 1, 2, 3, 3, 2, 1, 0, sizes=[2, 4]), given(2, 0, sizes=[2]))
for name in ("TruePositives", "TrueNegatives", "FalsePositives", "FalseNegatives", "Precision",
             "Recall"):
    for config in [{}, {"thresholds": 0.3}, {"thresholds": [0.2, 0.7]},
                   {"thresholds": [0.0, 0.5, 1.0]}, {"thresholds": [0.9, 0.1, 0.4]}]:
        add(name, config, ["unit", [7, 1]], ["binary", [7, 1]])
        add(name, config, ["unit", [7, 1]], ["binary", [7]], weights=[7])
        add(name, config, ["unit", [5, 3]], ["binary", [5, 3]], weights=[5])
        add(name, config, ["unit", [3, 4, 2]], ["binary", [3, 4, 2]], weights=[3, 4])
for name in ("Precision", "Recall"):
    for config in [{"top_k": 2}, {"class_id": 1}, {"top_k": 1, "class_id": 0},
                   {"top_k": 2, "thresholds": 0.6}]:
        add(name, config, ["unit", [6, 4]], ["binary", [6, 4]])
        add(name, config, ["unit", [6, 4]], ["onehot", [6, 4]], weights=[6])
for curve in ("ROC", "PR", "PRGAIN"):
    for summation in ("interpolation", "minoring", "majoring"):
        config = {"curve": curve, "summation_method": summation}
        add("AUC", config, ["unit", [20, 1]], ["binary", [20, 1]])
        add("AUC", {**config, "num_thresholds": 11}, ["unit", [9, 2]], ["binary", [9, 2]], weights=[9])
        add("AUC", {**config, "multi_label": True}, ["unit", [12, 3]], ["binary", [12, 3]], weights=[12])
add("AUC", {}, ["unit", [20, 1]], ["binary", [20]], weights=[20])
add("AUC", {"from_logits": True}, ["any", [20, 1]], ["binary", [20]])
add("AUC", {"thresholds": [0.2, 0.9, 0.5]}, ["unit", [20, 1]], ["binary", [20, 1]])
add("AUC", {"label_weights": [0.5, 2.0]}, ["unit", [9, 2]], ["binary", [9, 2]])
add("AUC", {"multi_label": True, "label_weights": [0.5, 2.0]}, ["unit", [9, 2]], ["binary", [9, 2]])
add("AUC", {"multi_label": True, "num_labels": 2, "thresholds": [0.1, 0.3]}, ["unit", [9, 2]],
    ["binary", [9, 2]])
add("AUC", {}, given(0, 1, 0.5, 1.2, -0.3, 0, sizes=[6, 1]), given(0, 1, 1, 0, 1, 1, sizes=[6, 1]))
for name, value in (("SensitivityAtSpecificity", "specificity"),
                    ("SpecificityAtSensitivity", "sensitivity"), ("PrecisionAtRecall", "recall"),
                    ("RecallAtPrecision", "precision")):
    for at in (0.0, 0.5, 0.6, 1.0):
        add(name, {value: at}, ["unit", [10, 1]], ["binary", [10, 1]])
        # Without weights: with them, Keras' sums are a little off where a ratio is 0 or 1.
        add(name, {value: at, "num_thresholds": 5}, ["unit", [6, 3]], ["binary", [6, 3]])
        if at in (0.5, 0.6):
            add(name, {value: at}, ["unit", [6, 3]], ["binary", [6, 3]], weights=[6])
    add(name, {value: 0.4, "num_thresholds": 1, "class_id": 2}, ["unit", [6, 3]], ["binary", [6, 3]])
    add(name, {value: 0.4}, given(0, 0, 1, 1, sizes=[4, 1]), given(0, 1, 0, 1, sizes=[4, 1]))
for name in ("F1Score", "FBetaScore"):
    for average in (None, "micro", "macro", "weighted"):
        for more in ({}, {"threshold": 0.4}) + (({"beta": 2.0},) if name[1] == "B" else ()):
            add(name, {"average": average, **more}, ["unit", [8, 3]], ["onehot", [8, 3]])
            add(name, {"average": average, **more}, ["unit", [8, 3]], ["binary", [8, 3]], weights=[8])
for config in ({}, {"class_aggregation": None}, {"class_aggregation": "variance_weighted_average"},
               {"num_regressors": 3}):
    add("R2Score", config, ["any", [8, 3]], ["other", [8, 3]])
    add("R2Score", config, ["any", [8, 1]], ["other", [8]], weights=[8])
for config in ({"num_classes": 3, "target_class_ids": [0, 2]},
               {"num_classes": 3, "target_class_ids": [1], "ignore_class": 2},
               {"num_classes": 3, "target_class_ids": [0, 1], "sparse_y_true": False,
                "sparse_y_pred": False}):
    sparse = config.get("sparse_y_true", True)
    add("IoU", config, given(0, 1, 2, 1, 0, 2, sizes=[6]) if sparse else ["unit", [6, 3]],
        given(0, 1, 1, 1, 2, 5, sizes=[6]) if sparse else ["onehot", [6, 3]])
add("MeanIoU", {"num_classes": 3}, given(0, 1, 2, 1, 0, 2, sizes=[6]), given(0, 1, 1, 1, 2, 2, sizes=[6]))
add("MeanIoU", {"num_classes": 3, "dtype": "float32"}, given(0, 1, 2, 1, 0, 2, sizes=[6]),
    given(0, 1, 1, 1, 2, 2, sizes=[6]), weights=[6])
add("OneHotIoU", {"num_classes": 3, "target_class_ids": [0, 2]}, ["unit", [6, 3]], ["onehot", [6, 3]])
add("OneHotMeanIoU", {"num_classes": 3}, ["unit", [6, 3]], ["onehot", [6, 3]])
add("BinaryIoU", {}, ["unit", [9]], ["binary", [9]])
add("BinaryIoU", {"target_class_ids": [1], "threshold": 0.3}, ["unit", [9]], ["binary", [9]])
for word in ("accuracy", "acc", "Accuracy", "mse", "MSE", "mean_squared_error", "AUC", "auc",
             "log_cosh_error", "R2Score", "precision"):
    add(None, {}, ["unit", [6, 1]], ["binary", [6, 1]], word=word)
for p, t in ((["unit", [6, 1]], ["binary", [6]]), (["unit", [6, 4]], ["labels", [6]]),
             (["unit", [6, 4]], ["labels", [6, 1]]), (["unit", [6, 4]], ["onehot", [6, 4]]),
             (["unit", [3, 5, 4]], ["labels", [3, 5]]), (["unit", [3, 5, 1]], ["binary", [3, 5, 1]]),
             (["unit", [3, 5, 1]], ["binary", [3, 5]])):
    add(None, {}, p, t, word="accuracy")
for function in ("huber", "log_cosh", "mean_squared_error", "binary_accuracy",
                 "binary_focal_crossentropy", "kl_divergence"):
    add(None, {"function": function}, ["unit", [6, 1]], ["binary", [6, 1]])
for loss in ("MeanSquaredError", "Huber", "BinaryCrossentropy"):
    add(None, {"loss": loss}, ["unit", [6, 3]], ["binary", [6, 3]])


def answer(place, name, config, predictions, targets, weights, keep, word):
    if word is not None:
        metric = None
    elif "function" in config:
        function = getattr(keras.losses, config["function"], None) or getattr(
            keras.metrics, config["function"])
        metric = get_metric(function, None, None)
    elif "loss" in config:
        metric = get_metric(getattr(keras.losses, config["loss"])(), None, None)
    else:
        metric = getattr(keras.metrics, name)(**config)
    result = {"metric": name, "config": config, "predictions": predictions, "targets": targets}
    for c in (place, place + 1000):
        classes = predictions[1][-1]
        p = backend.convert_to_tensor(make(predictions, c, classes))
        t = make(targets, c, classes)
        w = None if weights is None else make(["weights", weights], c, 0)
        if keep is not None:
            backend.set_keras_mask(p, backend.convert_to_tensor(np.array(keep), dtype="bool"))
        if metric is None:
            metric = get_metric(word, t, p)
            result.update(word=word, name=metric.name, of=type(metric).__name__)
        metric.update_state(t, p, sample_weight=w)
    if "function" in config or "loss" in config:
        result["name"] = metric.name
    if weights is not None:
        result["weights"] = weights
    if keep is not None:
        result["mask"] = keep
    numbers = np.asarray(metric.result(), dtype="float64").ravel()
    result["results"] = [float(f"{x:.7g}") if np.isfinite(x) else str(x) for x in numbers]
    return result


names = {}
for name, known in metrics.ALL_OBJECTS_DICT.items():
    if name not in ("Metric", "metric", "MeanMetricWrapper", "mean_metric_wrapper"):
        names[name] = known.__name__
lines = []
for place, case in enumerate(CASES):
    try:
        lines.append(json.dumps(answer(place, *case)))
    except Exception as error:  # What Keras refuses tells what to leave out above.
        print(f"case {place} {case}: {str(error)[:300]}", file=sys.stderr)
        raise
print('{"keras": "%s",\n"names": %s,\n"cases": [' % (keras.__version__, json.dumps(names)))
print(",\n".join(lines))
print("]}")
