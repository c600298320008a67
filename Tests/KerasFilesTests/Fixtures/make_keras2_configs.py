"""Writes configs of the kind Keras 2 saved, and what their models hold.

    KERAS_BACKEND=jax python make_keras2_configs.py

The configs are made by hand from the format: Keras 3 cannot write them. Nor does its
model_from_json open them; the reader it keeps for old .h5 files does open most. Whether it did,
`opened_by_keras3` says. The shapes and counts are those of the same model written for Keras 3, and
they are checked against a model built in Keras 3 from the old config, layer by layer.
"""

import copy
import json
import math
import os
import sys
import warnings

os.environ.setdefault("KERAS_BACKEND", "jax")
warnings.simplefilter("ignore")
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path = [p for p in sys.path if os.path.abspath(p or ".") != HERE]

import keras  # noqa: E402
from keras import layers  # noqa: E402
from keras.src import tree  # noqa: E402
from keras.src.legacy.saving import saving_utils  # noqa: E402

GLOROT = {"class_name": "VarianceScaling", "config": {
    "scale": 1.0, "mode": "fan_avg", "distribution": "uniform", "seed": None}}
ORTHOGONAL = {"class_name": "Orthogonal", "config": {"gain": 1.0, "seed": None}}
ZEROS = {"class_name": "Zeros", "config": {}}
ONES = {"class_name": "Ones", "config": {}}
UNIFORM = {"class_name": "RandomUniform", "config": {
    "minval": -0.05, "maxval": 0.05, "seed": None}}
GLOROT_TF = {"class_name": "GlorotUniform", "config": {"seed": None}}


def base(name, **more):
    return {"name": name, "trainable": True, **more}


def dense(name, units, activation="linear", glorot=GLOROT, **more):
    return {"class_name": "Dense", "config": base(
        name, **more, units=units, activation=activation, use_bias=True,
        kernel_initializer=glorot, bias_initializer=ZEROS, kernel_regularizer=None,
        bias_regularizer=None, activity_regularizer=None, kernel_constraint=None,
        bias_constraint=None)}


def recurrent(kind, name, units, sequences=False, state=False, glorot=GLOROT, gates=None, **more):
    config = base(
        name, **{k: v for k, v in more.items() if k in ("batch_input_shape", "dtype")},
        return_sequences=sequences, return_state=state, go_backwards=more.get("backwards", False),
        stateful=more.get("stateful", False), unroll=False)
    if "time_major" in more:
        config["time_major"] = more["time_major"]
    config.update(units=units, activation="tanh")
    if kind != "SimpleRNN":
        config["recurrent_activation"] = gates or "sigmoid"
    config.update(use_bias=True, kernel_initializer=glorot, recurrent_initializer=ORTHOGONAL,
                  bias_initializer=ZEROS)
    if kind == "LSTM":
        config["unit_forget_bias"] = True
    config.update(kernel_regularizer=None, recurrent_regularizer=None, bias_regularizer=None,
                  activity_regularizer=None, kernel_constraint=None, recurrent_constraint=None,
                  bias_constraint=None, dropout=0.0, recurrent_dropout=0.0)
    if kind != "SimpleRNN":
        config["implementation"] = more.get("implementation", 2)
    if kind == "GRU":
        config["reset_after"] = more.get("reset_after", False)
    return {"class_name": kind, "config": config}


def embedding(name, words, size, length=None, mask=False, **more):
    return {"class_name": "Embedding", "config": base(
        name, batch_input_shape=[None, length], dtype="float32", input_dim=words, output_dim=size,
        embeddings_initializer=UNIFORM, embeddings_regularizer=None, activity_regularizer=None,
        embeddings_constraint=None, mask_zero=mask, input_length=length, **more)}


def dropout(name, rate, **more):
    return {"class_name": "Dropout", "config": base(
        name, **more, rate=rate, noise_shape=None, seed=None)}


def batch_norm(name, axis=-1):
    return {"class_name": "BatchNormalization", "config": base(
        name, axis=axis, momentum=0.99, epsilon=0.001, center=True, scale=True,
        beta_initializer=ZEROS, gamma_initializer=ONES, moving_mean_initializer=ZEROS,
        moving_variance_initializer=ONES, beta_regularizer=None, gamma_regularizer=None,
        beta_constraint=None, gamma_constraint=None)}


def input_layer(name, shape, dtype="float32", tf=False):
    config = {"batch_input_shape": shape, "dtype": dtype, "sparse": False, "name": name}
    if tf:
        config["ragged"] = False
    return {"class_name": "InputLayer", "config": config, "name": name, "inbound_nodes": []}


def node(layer, *inbound):
    """A layer of a functional model; each inbound is the list of tensors of one call."""
    return {**layer, "name": layer["config"]["name"], "inbound_nodes": [
        [[name, index, tensor, {}] for name, index, tensor in call] for call in inbound]}


def saved(class_name, config, version):
    return {"class_name": class_name, "config": config, "keras_version": version,
            "backend": "tensorflow"}


def sequential_as_list():
    """Keras 2.0–2.2.2: the config of a Sequential is the list itself."""
    return saved("Sequential", [
        embedding("embedding_1", 20000, 128, 100),
        {"class_name": "Bidirectional", "config": base(
            "bidirectional_1", layer=recurrent("LSTM", "lstm_1", 64, gates="hard_sigmoid",
                                               implementation=1), merge_mode="concat")},
        dropout("dropout_1", 0.5), dense("dense_1", 1, "sigmoid"),
    ], "2.1.6")


def sequential_named():
    """Keras 2.2.3–2.3: name and layers."""
    return saved("Sequential", {"name": "sequential_1", "layers": [
        recurrent("LSTM", "lstm_1", 50, True, batch_input_shape=[None, 128, 20], dtype="float32",
                  gates="hard_sigmoid", implementation=1),
        batch_norm("batch_normalization_1"), dropout("dropout_1", 0.5, dtype="float32"),
        {"class_name": "TimeDistributed", "config": base(
            "time_distributed_1", dtype="float32", layer=dense("dense_1", 9, "softmax"))},
    ]}, "2.3.1")


def sequential_build_shape():
    """Keras 2.2.3+: a stack built with model.build, with build_input_shape."""
    return saved("Sequential", {"name": "stack", "build_input_shape": [8, None, 6], "layers": [
        recurrent("GRU", "gru_1", 12, True, dtype="float32"),
        recurrent("SimpleRNN", "simple_rnn_1", 5, dtype="float32"),
        dense("dense_1", 2, dtype="float32"),
    ]}, "2.3.0")


def sequential_tf():
    """tf.keras 2.x: an InputLayer at the head, dtype everywhere, reset_after, time_major."""
    first = input_layer("embedding_input", [None, 40], tf=True)
    return saved("Sequential", {"name": "sequential", "layers": [
        {"class_name": "InputLayer", "config": first["config"]},
        embedding("embedding", 5000, 32, 40, mask=True),
        {"class_name": "Bidirectional", "config": base(
            "bidirectional", dtype="float32",
            layer=recurrent("GRU", "gru", 24, True, glorot=GLOROT_TF, dtype="float32",
                            time_major=False, reset_after=True), merge_mode="ave")},
        recurrent("LSTM", "lstm", 10, glorot=GLOROT_TF, dtype="float32", time_major=False),
        dense("dense", 3, "softmax", glorot=GLOROT_TF, dtype="float32"),
    ]}, "2.4.0")


def functional_model():
    """Keras 2.2–2.3 "Model": two inputs, a shared layer, inbound_nodes of lists."""
    return saved("Model", {"name": "model_1", "layers": [
        input_layer("left", [None, None, 5]), input_layer("right", [None, 10, 5]),
        node(recurrent("LSTM", "lstm_1", 6, gates="hard_sigmoid", implementation=1),
             [("left", 0, 0)], [("right", 0, 0)]),
        node({"class_name": "Subtract", "config": base("subtract_1")},
             [("lstm_1", 0, 0), ("lstm_1", 1, 0)]),
        node(dense("dense_1", 16, "relu"), [("subtract_1", 0, 0)]),
        node(dense("dense_2", 1, "sigmoid"), [("dense_1", 0, 0)]),
    ], "input_layers": [["left", 0, 0], ["right", 0, 0]],
        "output_layers": [["dense_2", 0, 0]]}, "2.2.4")


def functional_tf():
    """tf.keras 2.3+ "Functional": convolution, pooling, merge layers, several outputs."""
    conv = {"class_name": "Conv1D", "config": base(
        "conv1d", dtype="float32", filters=12, kernel_size=[3], strides=[1], padding="causal",
        data_format="channels_last", dilation_rate=[2], groups=1, activation="relu", use_bias=True,
        kernel_initializer=GLOROT_TF, bias_initializer=ZEROS, kernel_regularizer=None,
        bias_regularizer=None, activity_regularizer=None, kernel_constraint=None,
        bias_constraint=None)}
    pool = {"class_name": "MaxPooling1D", "config": base(
        "max_pooling1d", dtype="float32", strides=[2], pool_size=[2], padding="valid",
        data_format="channels_last")}
    gap = {"class_name": "GlobalAveragePooling1D", "config": base(
        "global_average_pooling1d", dtype="float32", data_format="channels_last")}
    return saved("Functional", {"name": "functional_1", "layers": [
        input_layer("signal", [None, 64, 4], tf=True),
        node(conv, [("signal", 0, 0)]), node(pool, [("conv1d", 0, 0)]),
        node(gap, [("max_pooling1d", 0, 0)]),
        node({"class_name": "GlobalMaxPooling1D", "config": base(
            "global_max_pooling1d", dtype="float32", data_format="channels_last")},
             [("max_pooling1d", 0, 0)]),
        node({"class_name": "Concatenate", "config": base("concatenate", dtype="float32", axis=-1)},
             [("global_average_pooling1d", 0, 0), ("global_max_pooling1d", 0, 0)]),
        node(dense("angle", 1, glorot=GLOROT_TF, dtype="float32"), [("concatenate", 0, 0)]),
        node(dense("kind", 6, "softmax", glorot=GLOROT_TF, dtype="float32"),
             [("concatenate", 0, 0)]),
    ], "input_layers": [["signal", 0, 0]],
        "output_layers": [["angle", 0, 0], ["kind", 0, 0]]}, "2.4.0")


def encoder_decoder():
    """Keras 2.3: states of one LSTM as the initial state of another: extra tensors of the call."""
    return saved("Model", {"name": "model_1", "layers": [
        input_layer("input_1", [None, None, 71]), input_layer("input_2", [None, None, 93]),
        node(recurrent("LSTM", "lstm_1", 32, state=True, gates="hard_sigmoid", implementation=1),
             [("input_1", 0, 0)]),
        node(recurrent("LSTM", "lstm_2", 32, True, True, gates="hard_sigmoid", implementation=1),
             [("input_2", 0, 0), ("lstm_1", 0, 1), ("lstm_1", 0, 2)]),
        node(dense("dense_1", 93, "softmax"), [("lstm_2", 0, 0)]),
    ], "input_layers": [["input_1", 0, 0], ["input_2", 0, 0]],
        "output_layers": [["dense_1", 0, 0]]}, "2.3.1")


def encoder_decoder_3():
    a, b = keras.Input((None, 71)), keras.Input((None, 93))
    _, h, c = layers.LSTM(32, return_state=True)(a)
    y, _, _ = layers.LSTM(32, return_sequences=True, return_state=True)(b, initial_state=[h, c])
    return keras.Model([a, b], layers.Dense(93)(y))


def nested_models():
    """Keras 2.3: a Sequential as a layer, used twice; node indices start at 1 there."""
    tower = {"class_name": "Sequential", "config": {"name": "sequential_1", "layers": [
        dense("dense_1", 8, "relu", batch_input_shape=[None, 7], dtype="float32"),
        dropout("dropout_1", 0.1), dense("dense_2", 4, "relu")]}}
    return saved("Model", {"name": "model_1", "layers": [
        input_layer("input_1", [None, 7]), input_layer("input_2", [None, 7]),
        node(tower, [("input_1", 0, 0)], [("input_2", 0, 0)]),
        node({"class_name": "Concatenate", "config": base("concatenate_1", axis=-1)},
             [("sequential_1", 1, 0), ("sequential_1", 2, 0)]),
        node(dense("dense_3", 1), [("concatenate_1", 0, 0)]),
    ], "input_layers": [["input_1", 0, 0], ["input_2", 0, 0]],
        "output_layers": [["dense_3", 0, 0]]}, "2.3.1")


def nested_models_3():
    tower = keras.Sequential([keras.Input((7,)), layers.Dense(8), layers.Dropout(0.1),
                              layers.Dense(4)])
    a, b = keras.Input((7,)), keras.Input((7,))
    return keras.Model([a, b], layers.Dense(1)(layers.Concatenate()([tower(a), tower(b)])))


def stateful_batch():
    """A batch size in batch_input_shape, a stateful stack, two-dimensional layers first."""
    return saved("Sequential", {"name": "sequential_3", "layers": [
        {"class_name": "Conv2D", "config": base(
            "conv2d_1", batch_input_shape=[4, 12, 10, 1], dtype="float32", filters=6,
            kernel_size=[2, 10], strides=[1, 1], padding="valid", data_format="channels_last",
            dilation_rate=[1, 1], activation="relu", use_bias=False, kernel_initializer=GLOROT,
            bias_initializer=ZEROS, kernel_regularizer={"class_name": "L1L2", "config": {
                "l1": 0.0, "l2": 0.01}}, bias_regularizer=None, activity_regularizer=None,
            kernel_constraint=None, bias_constraint=None)},
        {"class_name": "Reshape", "config": base("reshape_1", target_shape=[-1, 6])},
        {"class_name": "Masking", "config": base("masking_1", mask_value=0.0)},
        recurrent("SimpleRNN", "simple_rnn_1", 7, stateful=True),
        {"class_name": "RepeatVector", "config": base("repeat_vector_1", n=3)},
        {"class_name": "Flatten", "config": base("flatten_1", data_format="channels_last")},
        {"class_name": "Activation", "config": base("activation_1", activation="tanh")},
    ]}, "2.2.4")


def from_settings():
    """Only what model.to_json() of Keras 2.0 wrote around a LayerNormalization-free stack of
    wrappers: Permute, pooling over channels first, SpatialDropout1D and GaussianNoise."""
    return saved("Sequential", [
        {"class_name": "MaxPooling1D", "config": base(
            "max_pooling1d_1", batch_input_shape=[None, 144, 8], dtype="float32", pool_size=[4],
            strides=[4], padding="valid", data_format="channels_first")},
        {"class_name": "SpatialDropout1D", "config": base(
            "spatial_dropout1d_1", rate=0.2, noise_shape=None, seed=None)},
        {"class_name": "GaussianNoise", "config": base("gaussian_noise_1", stddev=0.1)},
        {"class_name": "Permute", "config": base("permute_1", dims=[2, 1])},
        {"class_name": "AveragePooling1D", "config": base(
            "average_pooling1d_1", pool_size=[1], strides=[1], padding="same",
            data_format="channels_last")},
        dense("dense_1", 3),
    ], "2.0.8")


def from_settings_3():
    return keras.Sequential([
        keras.Input((144, 8)), layers.MaxPooling1D(4, data_format="channels_first"),
        layers.SpatialDropout1D(0.2), layers.GaussianNoise(0.1), layers.Permute((2, 1)),
        layers.AveragePooling1D(1, padding="same"), layers.Dense(3)])


def sequential_as_list_3():
    return keras.Sequential([
        keras.Input((100,)), layers.Embedding(20000, 128), layers.Bidirectional(layers.LSTM(64)),
        layers.Dropout(0.5), layers.Dense(1)])


def sequential_named_3():
    return keras.Sequential([
        keras.Input((128, 20)), layers.LSTM(50, return_sequences=True), layers.BatchNormalization(),
        layers.Dropout(0.5), layers.TimeDistributed(layers.Dense(9))])


def sequential_build_shape_3():
    return keras.Sequential([
        keras.Input((None, 6), batch_size=8), layers.GRU(12, return_sequences=True,
                                                         reset_after=False),
        layers.SimpleRNN(5), layers.Dense(2)])


def sequential_tf_3():
    return keras.Sequential([
        keras.Input((40,)), layers.Embedding(5000, 32, mask_zero=True),
        layers.Bidirectional(layers.GRU(24, return_sequences=True), merge_mode="ave"),
        layers.LSTM(10), layers.Dense(3)])


def functional_model_3():
    a, b, shared = keras.Input((None, 5)), keras.Input((10, 5)), layers.LSTM(6)
    x = layers.Dense(16)(layers.Subtract()([shared(a), shared(b)]))
    return keras.Model([a, b], layers.Dense(1)(x))


def functional_tf_3():
    a = keras.Input((64, 4))
    x = layers.Conv1D(12, 3, padding="causal", dilation_rate=2)(a)
    x = layers.MaxPooling1D(2)(x)
    x = layers.Concatenate()([layers.GlobalAveragePooling1D()(x), layers.GlobalMaxPooling1D()(x)])
    return keras.Model(a, [layers.Dense(1)(x), layers.Dense(6)(x)])


def stateful_batch_3():
    return keras.Sequential([
        keras.Input((12, 10, 1), batch_size=4), layers.Conv2D(6, (2, 10), use_bias=False),
        layers.Reshape((-1, 6)), layers.Masking(), layers.SimpleRNN(7, stateful=True),
        layers.RepeatVector(3), layers.Flatten(), layers.Activation("tanh")])


CASES = [sequential_as_list, sequential_named, sequential_build_shape, sequential_tf,
         functional_model, functional_tf, encoder_decoder, nested_models, stateful_batch,
         from_settings]


def modern_layer(saved_layer):
    """The Keras 3 layer of a Keras 2 config, by way of the settings that both have."""
    config = copy.deepcopy(saved_layer["config"])
    if saved_layer["class_name"] == "Sequential":
        return modern_model(saved_layer)
    for gone in ("batch_input_shape", "time_major", "implementation", "input_length"):
        config.pop(gone, None)
    kind = getattr(layers, saved_layer["class_name"])
    if "layer" in config:
        inner = modern_layer(config.pop("layer"))
        return kind(inner, **config)
    if kind is layers.SpatialDropout1D:
        config = {k: config[k] for k in ("rate", "seed", "name")}
    if kind is layers.BatchNormalization and isinstance(config["axis"], list):
        config["axis"] = config["axis"][0]
    return kind(**config)


def modern_model(whole):
    """A Keras 3 model built layer by layer from a whole Keras 2 config."""
    config = whole["config"]
    listed = config if isinstance(config, list) else config["layers"]
    if whole["class_name"] == "Sequential":
        shape = listed[0]["config"].get("batch_input_shape") or config["build_input_shape"]
        listed = [layer for layer in listed if layer["class_name"] != "InputLayer"]
        return keras.Sequential([keras.Input(batch_shape=shape)] + [modern_layer(x) for x in listed])
    tensors = {}
    for layer in listed:
        name = layer["name"]
        if layer["class_name"] == "InputLayer":
            tensors[name, 0, 0] = keras.Input(
                batch_shape=layer["config"]["batch_input_shape"], name=name)
            continue
        made = modern_layer(layer)
        first = 1 if layer["class_name"] == "Sequential" else 0
        for index, inbound in enumerate(layer["inbound_nodes"]):
            given = [tensors[tuple(x[:3])] for x in inbound]
            if isinstance(made, layers.RNN) and len(given) > 1:
                outputs = made(given[0], initial_state=given[1:])
            else:
                outputs = made(given if len(given) > 1 else given[0])
            for place, output in enumerate(tree.flatten(outputs)):
                tensors[name, index + first, place] = output
    ends = [[tensors[tuple(x)] for x in config[k]] for k in ("input_layers", "output_layers")]
    return keras.Model(*ends)


def facts(model):
    rows = []
    for layer in model.layers:
        outputs = layer._inbound_nodes[-1].output_tensors
        found = [list(t.shape) for t in tree.flatten(outputs)]
        rows.append([type(layer).__name__, found[0] if len(found) == 1 else found,
                     layer.count_params()])
    trainable = sum(math.prod(w.shape) for w in model.trainable_weights)
    return {"class_name": type(model).__name__, "total_params": model.count_params(),
            "trainable_params": trainable, "layers": rows}


def main():
    folder = os.path.join(HERE, "keras2")
    expected = {}
    for case in CASES:
        config = case()
        name = case.__name__ + ".json"
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            json.dump(config, file)
            file.write("\n")
        keras.utils.clear_session()
        same = facts(globals()[case.__name__ + "_3"]())
        keras.utils.clear_session()
        assert facts(modern_model(config)) == same, (name, facts(modern_model(config)), same)
        entry = {"about": " ".join(case.__doc__.split()), **same}
        try:
            keras.utils.clear_session()
            opened = saving_utils.model_from_config(copy.deepcopy(config))
            found = facts(opened)
            entry["opened_by_keras3"] = True
            if found["layers"] != same["layers"]:
                print("  differs in Keras 3:", name, found["layers"], same["layers"])
                entry["keras3_layers"] = found["layers"]
        except Exception as error:
            entry["opened_by_keras3"] = False
            entry["keras3_error"] = str(error).strip().splitlines()[0][:160]
        layers_of = config["config"]
        listed = layers_of if isinstance(layers_of, list) else layers_of["layers"]
        entry["names"] = [l["config"]["name"] for l in listed
                          if config["class_name"] != "Sequential" or l["class_name"] != "InputLayer"]
        expected[name] = entry
        print(name, entry["total_params"], entry["opened_by_keras3"], entry.get("keras3_error", ""))
    with open(os.path.join(folder, "expected.json"), "w", encoding="utf-8") as file:
        json.dump(expected, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
