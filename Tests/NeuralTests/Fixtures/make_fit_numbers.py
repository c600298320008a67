"""Asks real Keras 3.15 what three epochs of training make of small models.

    KERAS_BACKEND=jax python make_fit_numbers.py > fit-numbers.json

ONLY=FROM:TO asks for some of the cases alone.

A case has: "layers" (name, class, settings, names of the inputs), "inputs", "targets" and "weights"
(how much samples count), "outputs", "compile" (as files keep it), "fit" (the arguments of fit, with
"callbacks"), and what came of it: "history", "evaluation" (as a list), "predictions", and
"optimizer" (how many numbers it keeps). Data and first weights are formulas that a test can compute
as well, where c is the place of the case:

    number k of weight j of the model is 0.5 · cos(0.61 k + c + 3 j) · scale, for variances its
    absolute value + 0.5; scale is 1 but where the case says another "scale"
    numbers of data are ["kind", sizes], the formulas of make_loss_numbers.py; input i and target i
    take c + 10 i for c
"""

import json
import math
import os
import sys
import warnings

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras  # noqa: E402
import numpy as np  # noqa: E402
from keras import optimizers as opt  # noqa: E402
from keras.optimizers import schedules  # noqa: E402

warnings.simplefilter("ignore")
CASES = []


def number(k, kind, c, width, classes):
    if kind == "any":
        return 1.5 * math.sin(0.37 * k + c)
    if kind == "other":
        return 1.2 * math.cos(0.53 * k + 2 * c)
    if kind == "share":
        return 0.5 + 0.49 * math.cos(0.7 * k + 3 * c)
    if kind == "unit":
        return 0.5 + 0.49 * math.sin(0.61 * k + c)
    if kind == "positive":
        return 1.6 + 1.5 * math.sin(0.53 * k + c)
    if kind == "binary":
        return 1 if (5 * k + c + k // 3) % 3 == 0 else 0
    if kind == "labels":
        return (7 * k + c + k // 2) % classes
    if kind == "onehot":
        row = k // width
        return 1 if (7 * row + c + row // 2) % width == k % width else 0
    if kind == "weights":
        return 0.25 + abs(math.sin(0.9 * k + c))
    raise ValueError(kind)


def data(description, c, classes):
    kind, sizes = description
    width = sizes[-1]
    values = [number(k, kind, c, width, classes) for k in range(math.prod(sizes))]
    return np.array(values, "float32").reshape(sizes)


def add(layers, inputs, targets, compile, fit=None, outputs=None, weights=None, **more):
    CASES.append(
        {
            "layers": layers, "inputs": inputs, "targets": targets, "weights": weights,
            "outputs": outputs or [layers[-1][0]], "compile": compile, "fit": fit or {}, **more,
        }
    )


def chain(input_shape, *layers):
    """Layers one behind the other: (class, settings)."""
    result = [["in", "InputLayer", {"shape": input_shape}, []]]
    for place, (name, config) in enumerate(layers):
        result.append([f"l{place}", name, config, [result[-1][0]]])
    return result


def dense(units=1, activation="linear", **more):
    return chain(
        [3], ("Dense", {"units": 4, "activation": "tanh"}),
        ("Dense", {"units": units, "activation": activation, **more}))


X = [["any", [10, 3]]]


# Every optimizer.
def optimizer(made, epochs=3, layers=None, **more):
    add(layers or dense(), X, [["any", [10, 1]]],
        lambda: {"optimizer": made(), "loss": "mse", "metrics": ["mae"]},
        {"epochs": epochs, "batch_size": 4}, **more)


RATES = {
    "SGD": 0.05, "RMSprop": 0.01, "Adam": 0.02, "AdamW": 0.02, "Adamax": 0.02, "Nadam": 0.02,
    "Adagrad": 0.05, "Adadelta": 0.5, "Adafactor": 0.05, "Lion": 0.01, "Lamb": 0.02, "Ftrl": 0.05,
    "ScheduleFreeAdamW": 0.02,
}
for name, rate in RATES.items():
    optimizer(lambda name=name: getattr(opt, name)())
    optimizer(lambda name=name, rate=rate: getattr(opt, name)(rate, weight_decay=0.05, clipnorm=0.4))
for made in [
    lambda: opt.SGD(0.05, momentum=0.9),
    lambda: opt.SGD(0.05, momentum=0.9, nesterov=True),
    lambda: opt.SGD(0.1, clipvalue=0.05),
    lambda: opt.SGD(0.1, global_clipnorm=0.3, momentum=0.5),
    lambda: opt.SGD(0.1, gradient_accumulation_steps=2),
    lambda: opt.SGD(0.1, use_ema=True, ema_momentum=0.8),
    lambda: opt.SGD(0.1, use_ema=True, ema_momentum=0.8, ema_overwrite_frequency=2),
    lambda: opt.RMSprop(0.01, rho=0.8, momentum=0.5),
    lambda: opt.RMSprop(0.01, centered=True),
    lambda: opt.RMSprop(0.01, centered=True, momentum=0.3, epsilon=1e-4),
    lambda: opt.Adam(0.02, beta_1=0.8, beta_2=0.95, epsilon=1e-3),
    lambda: opt.Adam(0.02, amsgrad=True),
    lambda: opt.Adam(0.02, weight_decay=0.1, global_clipnorm=0.1),
    lambda: opt.Adam(0.02, use_ema=True, gradient_accumulation_steps=2, loss_scale_factor=8.0),
    lambda: opt.AdamW(0.02, weight_decay=0.2, amsgrad=True),
    lambda: opt.Nadam(0.02, gradient_accumulation_steps=3),
    lambda: opt.Adagrad(0.05, initial_accumulator_value=0.01),
    lambda: opt.Adadelta(1.0, rho=0.8),
    lambda: opt.Adafactor(0.1, relative_step=False),
    lambda: opt.Ftrl(
        0.05, l1_regularization_strength=0.02, l2_regularization_strength=0.01,
        l2_shrinkage_regularization_strength=0.01, beta=0.1),
    lambda: opt.Ftrl(0.05, learning_rate_power=-0.4),
    lambda: opt.ScheduleFreeAdamW(0.02, warmup_steps=4),
    lambda: opt.SGD(schedules.ExponentialDecay(0.1, 3, 0.5)),
    lambda: opt.SGD(schedules.ExponentialDecay(0.1, 3, 0.5, staircase=True)),
    lambda: opt.SGD(schedules.PiecewiseConstantDecay([2, 5], [0.1, 0.05, 0.01])),
    lambda: opt.SGD(schedules.PolynomialDecay(0.1, 6, 0.01, power=2.0)),
    lambda: opt.Adam(schedules.PolynomialDecay(0.1, 4, 0.01, cycle=True)),
    lambda: opt.SGD(schedules.InverseTimeDecay(0.1, 2, 0.5)),
    lambda: opt.SGD(schedules.InverseTimeDecay(0.1, 2, 0.5, staircase=True)),
    lambda: opt.SGD(schedules.CosineDecay(0.1, 7, alpha=0.1)),
    lambda: opt.SGD(schedules.CosineDecay(0.01, 6, warmup_target=0.1, warmup_steps=3)),
    lambda: opt.SGD(schedules.CosineDecayRestarts(0.1, 2, t_mul=2.0, m_mul=0.8, alpha=0.05)),
    lambda: opt.SGD(schedules.CosineDecayRestarts(0.1, 3, t_mul=1.0)),
]:
    optimizer(made)
for made in [lambda: opt.Adafactor(0.05), lambda: opt.Lamb(0.02), lambda: opt.Adam(0.02)]:
    optimizer(made, layers=chain(
        [3], ("Reshape", {"target_shape": [3, 1]}),
        ("Conv1D", {"filters": 2, "kernel_size": [2]}), ("Flatten", {}), ("Dense", {"units": 1})))


# Every loss.
def loss(made, target, units, activation="linear", sizes=None, rate=0.05, **more):
    add(dense(units, activation), X, [[target, sizes or [10, units]]],
        lambda: {"optimizer": opt.SGD(rate), "loss": made, "metrics": []},
        {"epochs": 3, "batch_size": 4}, **more)


L = keras.losses
loss(L.MeanSquaredError(), "any", 2)
loss(L.MeanAbsoluteError(), "any", 2)
loss(L.MeanAbsolutePercentageError(), "positive", 2, rate=1e-4)
loss(L.MeanSquaredLogarithmicError(), "positive", 2, "softplus")
loss(L.CosineSimilarity(), "any", 3)
# Keras forgets delta when it saves.
loss(L.Huber(delta=0.5), "any", 2, forgotten={"delta": 0.5})
loss(L.LogCosh(), "any", 2)
loss(L.Hinge(), "binary", 2)
loss(L.SquaredHinge(), "binary", 2)
loss(L.CategoricalHinge(), "onehot", 3)
loss(L.KLDivergence(), "unit", 3, "softmax")
loss(L.Poisson(), "positive", 2, "softplus")
loss(L.BinaryCrossentropy(), "binary", 1, "sigmoid")
loss(L.BinaryCrossentropy(from_logits=True, label_smoothing=0.1), "binary", 2)
loss(L.BinaryFocalCrossentropy(apply_class_balancing=True), "binary", 2, "sigmoid")
loss(L.CategoricalCrossentropy(), "onehot", 3, "softmax")
loss(L.CategoricalCrossentropy(label_smoothing=0.2), "onehot", 3, "softmax")
loss(L.CategoricalCrossentropy(from_logits=True), "onehot", 3)
loss(L.CategoricalFocalCrossentropy(), "onehot", 3, "softmax")
loss(L.SparseCategoricalCrossentropy(), "labels", 3, "softmax", [10])
loss(L.SparseCategoricalCrossentropy(from_logits=True), "labels", 3, sizes=[10, 1])
loss(L.SparseCategoricalCrossentropy(ignore_class=1), "labels", 3, "softmax", [10])
loss(L.Dice(), "onehot", 3, "softmax")
loss(L.Tversky(alpha=0.3, beta=0.7), "onehot", 3, "softmax")
loss(L.CategoricalGeneralizedCrossEntropy(q=0.7), "labels", 3, "softmax", [10])
loss(L.MeanSquaredError(reduction="sum"), "any", 1)
loss("mse", "any", 1, sizes=[10])
loss("crossentropy", "labels", 3, "softmax", [10])
loss(L.MeanSquaredError(), "any", 2, weights=[["weights", [10]]])

# Other layers, and masks.
SEQUENCE = [["any", [9, 5, 3]]]
BINARY = {"units": 1, "activation": "sigmoid"}


def sequence(*layers, inputs=None, shape=(5, 3), targets=("binary", [9, 1]), loss=None, **more):
    add(chain(list(shape), *layers), inputs or SEQUENCE, [list(targets)],
        lambda: {
            "optimizer": opt.Adam(0.02), "loss": loss or "binary_crossentropy",
            "metrics": ["accuracy"],
        },
        {"epochs": 3, "batch_size": 4}, **more)


for name in ["LSTM", "GRU", "SimpleRNN"]:
    sequence((name, {"units": 3}), ("Dense", BINARY))
    inner = {"class_name": name, "config": {"name": "inner", "units": 2, "return_sequences": True}}
    sequence(("Bidirectional", {"layer": inner}), (name, {"units": 2}), ("Dense", BINARY))
for mode in ["sum", "ave", "mul"]:
    inner = {"class_name": "LSTM", "config": {"name": "inner", "units": 2}}
    sequence(("Bidirectional", {"layer": inner, "merge_mode": mode}), ("Dense", BINARY))
sequence(("Dense", {"units": 4, "use_bias": False}), ("BatchNormalization", {"momentum": 0.8}),
         ("Activation", {"activation": "relu"}), ("Flatten", {}), ("Dense", BINARY))
sequence(("LayerNormalization", {}), ("Flatten", {}), ("Dense", BINARY))
WORDS = {"inputs": [["labels", [9, 5]]], "shape": [5], "classes": 3}
EMBEDDING = ("Embedding", {"input_dim": 3, "output_dim": 2, "mask_zero": True})
sequence(EMBEDDING, ("LSTM", {"units": 3}), ("Dense", BINARY), **WORDS)
inner = {"class_name": "GRU", "config": {"name": "inner", "units": 2, "return_sequences": True}}
sequence(EMBEDDING, ("Bidirectional", {"layer": inner}), ("Dense", {"units": 2, "activation": "softmax"}),
         targets=("binary", [9, 5]), loss="sparse_categorical_crossentropy", **WORDS)
sequence(EMBEDDING, ("LSTM", {"units": 2, "return_sequences": True}), ("Dense", BINARY),
         targets=("binary", [9, 5, 1]), weights=[["weights", [9, 5]]], **WORDS)
inner = {"class_name": "Dense", "config": {"name": "inner", "units": 2, "activation": "softmax"}}
sequence(("LSTM", {"units": 2, "return_sequences": True}), ("TimeDistributed", {"layer": inner}),
         targets=("onehot", [9, 5, 2]), loss="categorical_crossentropy")

# Several outputs.
TWO = [
    ["in", "InputLayer", {"shape": [3]}, []], ["h", "Dense", {"units": 4, "activation": "tanh"}, ["in"]],
    ["zeta", "Dense", {"units": 2, "activation": "softmax"}, ["h"]],
    ["beta", "Dense", {"units": 1}, ["h"]],
]


def two(compile, fit=None, weights=None, targets=None):
    add(TWO, X, targets or [["onehot", [10, 2]], ["any", [10, 1]]],
        lambda: {"optimizer": opt.SGD(0.1, momentum=0.5), **compile},
        {"epochs": 3, "batch_size": 4, **(fit or {})}, outputs=["zeta", "beta"], weights=weights)


two({"loss": ["categorical_crossentropy", "mse"]})
two({"loss": {"zeta": "categorical_crossentropy", "beta": "mae"}, "loss_weights": {"zeta": 0.3, "beta": 2.0},
     "metrics": {"zeta": ["accuracy", "mse"], "beta": "mae"}, "weighted_metrics": [["accuracy"], ["mae", "mse"]]},
    {"validation_split": 0.3}, weights=[["weights", [10]], ["weights", [10]]])
two({"loss": [None, "mse"], "metrics": [["accuracy"], []]})
two({"loss": "mse", "loss_weights": None, "metrics": [["mae", "mae"], None]})

# Penalties and constraints.
reg, con = keras.regularizers, keras.constraints


def penalised(*layers, inputs=None, shape=(3,)):
    add(chain(list(shape), *layers, ("Dense", {"units": 1})), inputs or X,
        [["any", [(inputs or X)[0][1][0], 1]]],
        lambda: {"optimizer": opt.SGD(0.1), "loss": "mse", "metrics": ["mae"]},
        {"epochs": 3, "batch_size": 4, "validation_split": 0.2})


def named(thing):
    return keras.saving.serialize_keras_object(thing)


penalised(("Dense", {"units": 3, "kernel_regularizer": named(reg.L2(0.05)), "bias_regularizer": named(reg.L1(0.1))}))
penalised(("Dense", {"units": 3, "kernel_regularizer": named(reg.L1L2(0.02, 0.03)),
                     "activity_regularizer": named(reg.L2(0.1))}))
penalised(("Dense", {"units": 3, "kernel_regularizer": named(reg.OrthogonalRegularizer(0.1))}))
# No L1 where NonNeg makes numbers 0: on JAX alone the slope of |x| there is 1.
penalised(("LSTM", {"units": 2, "kernel_regularizer": named(reg.L2(0.1)), "recurrent_regularizer": named(reg.L2(0.2)),
                    "bias_regularizer": named(reg.L2(0.1)), "recurrent_constraint": named(con.MaxNorm(0.8)),
                    "bias_constraint": named(con.NonNeg())}), inputs=SEQUENCE, shape=(5, 3))
penalised(("Conv1D", {"filters": 2, "kernel_size": [2], "kernel_regularizer": named(reg.L2(0.1)),
                      "kernel_constraint": named(con.UnitNorm(axis=[0, 1]))}), ("Flatten", {}),
          inputs=SEQUENCE, shape=(5, 3))
penalised(("SeparableConv1D", {"filters": 2, "kernel_size": [2], "depthwise_regularizer": named(reg.L2(0.1)),
                               "pointwise_regularizer": named(reg.L1(0.1)), "pointwise_constraint": named(con.NonNeg())}),
          ("Flatten", {}), inputs=SEQUENCE, shape=(5, 3))
penalised(("BatchNormalization", {"gamma_regularizer": named(reg.L2(0.1)), "beta_constraint": named(con.NonNeg())}))
for constraint in [con.MaxNorm(0.7), con.MinMaxNorm(0.4, 0.6, rate=0.5), con.NonNeg(), con.UnitNorm(axis=1)]:
    penalised(("Dense", {"units": 3, "kernel_constraint": named(constraint)}))

# How fit goes over the data.
BINARY_MODEL = dense(1, "sigmoid")


def way(fit, targets=None, weights=None, layers=None, rate=0.1, metrics=("accuracy",), **more):
    add(layers or BINARY_MODEL, X, [targets or ["binary", [10, 1]]],
        lambda: {"optimizer": opt.SGD(rate), "loss": more.get("loss", "binary_crossentropy"),
                 "metrics": list(metrics), "weighted_metrics": ["accuracy"]},
        {"epochs": 3, "batch_size": 4, **fit}, weights=weights)


way({"class_weight": {0: 0.5, 1: 2.0}})
way({"class_weight": {0: 3.0}, "validation_split": 0.25}, targets=["onehot", [10, 3]],
    layers=dense(3, "softmax"), loss="categorical_crossentropy")
way({"class_weight": {1: 3.0}}, targets=["binary", [10]])
way({"validation_split": 0.35}, weights=[["weights", [10]]])
way({"validation_split": 0.3, "validation_freq": 2, "epochs": 5})
way({"validation_split": 0.5, "validation_batch_size": 2, "validation_steps": 2})
way({"initial_epoch": 1, "epochs": 3})
way({"batch_size": 3, "steps_per_epoch": 3})
way({"batch_size": 64})
way({"epochs": 8, "callbacks": [["EarlyStopping", {"monitor": "loss", "min_delta": 0.02, "patience": 1}]]})
way({"epochs": 9, "validation_split": 0.3, "callbacks": [
    ["EarlyStopping", {"monitor": "val_loss", "patience": 2, "restore_best_weights": True}]]}, rate=1.5)
way({"epochs": 6, "validation_split": 0.3, "callbacks": [
    ["EarlyStopping", {"monitor": "val_accuracy", "patience": 1, "start_from_epoch": 2}]]})
way({"epochs": 6, "callbacks": [
    ["EarlyStopping", {"monitor": "accuracy", "patience": 2, "baseline": 0.99, "mode": "max"}]]})
way({"epochs": 8, "validation_split": 0.3, "callbacks": [
    ["ReduceLROnPlateau", {"monitor": "val_loss", "factor": 0.3, "patience": 1, "cooldown": 1, "min_lr": 0.01}]]},
    rate=2.0)
way({"epochs": 5, "callbacks": [
    ["ReduceLROnPlateau", {"monitor": "loss", "factor": 0.5, "patience": 1, "min_delta": 1.0}],
    ["EarlyStopping", {"monitor": "loss", "patience": 3, "min_delta": 0.5}]]})
way({"epochs": 4, "callbacks": [["LearningRateScheduler", [0.1, 0.05, 0.5, 0.2]]]})
for layers, targets, more in [
    (dense(3, "softmax"), ["labels", [10]], "sparse_categorical_crossentropy"),
    (dense(3, "softmax"), ["labels", [10, 1]], "sparse_categorical_crossentropy"),
    (dense(3, "softmax"), ["onehot", [10, 3]], "categorical_crossentropy"),
    (dense(2, "sigmoid"), ["binary", [10, 2]], "binary_crossentropy"),
]:
    way({}, targets=targets, layers=layers, loss=more, metrics=("acc", "Accuracy"))


def layer_of(name, class_name, config):
    """A layer from its class and settings, layers inside it likewise."""
    config = dict(config, name=name)
    for key, value in config.items():
        if isinstance(value, dict) and value.get("class_name") and key in ("layer", "backward_layer"):
            config[key] = keras.saving.serialize_keras_object(
                layer_of(value["config"]["name"], value["class_name"], value["config"]))
    return getattr(keras.layers, class_name).from_config(config)


def ask(case, place):
    classes = case.get("classes", 3)
    tensors = {}
    for name, class_name, config, inputs in case["layers"]:
        if class_name == "InputLayer":
            tensors[name] = keras.Input(shape=config["shape"], name=name)
            continue
        layer = layer_of(name, class_name, config)
        found = [tensors[other] for other in inputs]
        tensors[name] = layer(found[0] if len(found) == 1 else found)
    outputs = [tensors[name] for name in case["outputs"]]
    ins = [tensors[l[0]] for l in case["layers"] if l[1] == "InputLayer"]
    model = keras.Model(ins[0] if len(ins) == 1 else ins, outputs[0] if len(outputs) == 1 else outputs)
    j = 0
    for layer in model.layers:
        for weight in layer.weights:
            values = [0.5 * math.cos(0.61 * k + place + 3 * j) for k in range(math.prod(weight.shape))]
            if "variance" in weight.path:
                values = [abs(value) + 0.5 for value in values]
            weight.assign(np.array(values, "float32").reshape(weight.shape))
            j += 1
    # Without compiling small models are done sooner, but for those that walk over timesteps.
    is_recurrent = any("LSTM" in str(l) or "GRU" in str(l) or "RNN" in str(l) for l in case["layers"])
    model.compile(**case["compile"](), run_eagerly=not is_recurrent)
    config = json.loads(json.dumps(model.get_compile_config()))
    kept = {key: config[key] for key in ["optimizer", "loss", "loss_weights", "metrics", "weighted_metrics"]}
    if case.get("forgotten"):
        kept["loss"]["config"].update(case.pop("forgotten"))
    x = [data(d, place + 10 * i, classes) for i, d in enumerate(case["inputs"])]
    y = [data(d, place + 10 * i, classes) for i, d in enumerate(case["targets"])]
    w = case["weights"] and [data(d, place + 10 * i, classes) for i, d in enumerate(case["weights"])]
    single = lambda a: a[0] if a and len(a) == 1 else a
    fit = dict(case["fit"])
    callbacks = []
    for name, settings in fit.pop("callbacks", []):
        if name == "LearningRateScheduler":
            callbacks.append(keras.callbacks.LearningRateScheduler(lambda e, s=settings: s[e]))
        else:
            callbacks.append(getattr(keras.callbacks, name)(**settings))
    history = model.fit(
        single(x), single(y), sample_weight=single(w), shuffle=False, verbose=0, callbacks=callbacks, **fit)
    evaluation = model.evaluate(single(x), single(y), sample_weight=single(w), verbose=0, batch_size=4)
    predictions = model.predict(single(x), verbose=0)
    predictions = predictions if isinstance(predictions, list) else [predictions]
    short = lambda v: float(f"{float(v):.7g}")
    return {
        "case": place, **{k: v for k, v in case.items() if k != "compile" and v is not None}, "compile": kept,
        "history": [[k, [short(v) for v in vs]] for k, vs in history.history.items()],
        "evaluation": [short(v) for v in np.atleast_1d(evaluation)],
        "predictions": [[short(v) for v in p.reshape(-1)] for p in predictions],
        "optimizer": sum(math.prod(v.shape) for v in model.optimizer.variables),
    }


separator = "["
only = os.environ.get("ONLY")
for place, case in enumerate(CASES):
    if only and place not in range(*map(int, only.split(":"))):
        continue
    keras.utils.clear_session()
    try:
        line = json.dumps(ask(case, place), separators=(",", ":"))
    except Exception as error:
        raise RuntimeError(f"case {place}: {case['layers']} {case['fit']}") from error
    print(separator + line, end="", flush=True)
    separator = ",\n"
print("]")
