"""Makes compile-configs.json: what Keras writes of `compile` into files.

An entry has `outputs` (1 or 2) and `config`. The training of each is read and written again.

    KERAS_BACKEND=jax python make_compile_configs.py    (Keras 3.15.1)
"""

import inspect
import json
import os

os.environ["KERAS_BACKEND"] = "jax"
import keras

HERE = os.path.dirname(os.path.abspath(__file__))
O, L, M = keras.optimizers, keras.losses, keras.metrics
S = O.schedules
NEEDED = {
    "SensitivityAtSpecificity": {"specificity": 0.5},
    "SpecificityAtSensitivity": {"sensitivity": 0.5},
    "PrecisionAtRecall": {"recall": 0.5},
    "RecallAtPrecision": {"precision": 0.5},
    "IoU": {"num_classes": 2, "target_class_ids": [0]},
    "MeanIoU": {"num_classes": 2},
    "OneHotIoU": {"num_classes": 2, "target_class_ids": [0]},
    "OneHotMeanIoU": {"num_classes": 2},
    "MeanMetricWrapper": {"fn": L.mean_squared_error},
}


def model(outputs):
    x = keras.Input((2,))
    names = ["b", "a"][:outputs]
    return keras.Model(x, [keras.layers.Dense(1, name=name)(x) for name in names])


def config(outputs, **arguments):
    one = model(outputs)
    one.compile(**arguments)
    result = {"outputs": outputs, "config": one.get_compile_config()}
    return json.loads(json.dumps(result))


def classes(module, without):
    return [c for n, c in sorted(vars(module).items()) if inspect.isclass(c) and n not in without]


def main():
    entries = [
        config(1, optimizer="adam", loss="mse"),
        config(1, optimizer="sgd", loss="huber", metrics=["acc", "mae"], loss_weights=[0.5]),
        config(1, optimizer="adam", loss="mse", run_eagerly=True, steps_per_execution=4),
        config(1, optimizer="adam", loss="mse", jit_compile=False),
        config(1, optimizer="adam", loss=L.mean_squared_error,
               metrics=[L.Huber(), M.binary_accuracy]),
        config(1, optimizer="adam", loss="mse", weighted_metrics=["mse", M.AUC(curve="PR")]),
        config(1),
        config(2, optimizer="adam", loss=["mse", "mae"], loss_weights=[1.0, 0.5],
               metrics=[["mae"], ["mse"]]),
        config(2, optimizer="adam", loss={"a": "mse", "b": L.LogCosh()}, metrics={"a": ["mae"]}),
        config(2, optimizer="adam", loss=["mse", None]),
    ]
    for one in [S.ExponentialDecay(0.1, 10, 0.5), S.PiecewiseConstantDecay([1, 2], [0.1, 0.2, 0.3]),
                S.PolynomialDecay(0.1, 10), S.InverseTimeDecay(0.1, 10, 0.5),
                S.CosineDecay(0.1, 10, warmup_target=0.2, warmup_steps=3),
                S.CosineDecayRestarts(0.1, 10)]:
        entries.append(config(1, optimizer=O.RMSprop(one, momentum=0.1), loss="mse"))
    others = ["Optimizer", "LossScaleOptimizer", "MultiOptimizer", "OptimizerMap", "Muon"]
    for c in classes(O, others):
        entries.append(config(1, optimizer=c(learning_rate=0.05, clipnorm=1.0), loss="mse"))
    for c in classes(L, ["Loss", "CTC"]):
        entries.append(config(1, optimizer="sgd", loss=c(name="other")))
    for c in classes(M, ["Metric"]):
        arguments = NEEDED.get(c.__name__, {})
        entries.append(config(1, optimizer="sgd", loss="mse", metrics=[c(**arguments, name="m")]))
    with open(os.path.join(HERE, "compile-configs.json"), "w") as file:
        json.dump(entries, file, separators=(",", ":"))


main()
