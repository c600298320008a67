"""Makes .h5 files of Keras 2 and Keras 3, and what their models give.

    python make_legacy_models.py                        # tf_keras 2.21.0, TensorFlow 2.21.0
    KERAS_BACKEND=jax python make_legacy_models.py 3    # Keras 3.15.1

The first writes legacy-2.zip: NAME.h5 by tf_keras, the last of Keras 2, and numbers.npz with the
inputs NAME.x0, ... and outputs NAME.y0, ... of each. Files of Keras 1 to 2.3 are written here by
hand in their layout; what they must give is computed by tf_keras from the same numbers. The
second writes legacy-3.zip. (HDF5 files are mostly zeros: packed they take a tenth.)
"""

import json
import os
import sys
import tempfile
import zipfile

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = tempfile.mkdtemp()
sys.path = [p for p in sys.path if os.path.abspath(p or ".") != HERE]
OF_KERAS_3 = sys.argv[1:] == ["3"]

import h5py  # noqa: E402
import numpy as np  # noqa: E402

if OF_KERAS_3:
    import keras
else:
    import tf_keras as keras

L = keras.layers
random = np.random.RandomState(11)
arrays = {}


def settled(model):
    """Gives every weight numbers that are not its first values."""
    for weight in model.weights:
        values = random.uniform(-0.6, 0.6, weight.shape)
        if "variance" in (weight.path if OF_KERAS_3 else weight.name):
            values = np.abs(values) + 0.5
        if np.issubdtype(np.asarray(weight).dtype, np.floating):
            weight.assign(values.astype("float32"))
    return model


def sequences(*sizes):
    return random.uniform(-1, 1, sizes).astype("float32")


def note(name, model, inputs):
    outputs = model.predict(inputs, verbose=0)
    inputs = inputs if isinstance(inputs, list) else [inputs]
    outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
    for index, array in enumerate(inputs):
        arrays[f"{name}.x{index}"] = np.asarray(array, "float32")
    for index, array in enumerate(outputs):
        arrays[f"{name}.y{index}"] = np.asarray(array, "float32")


def save(name, model, inputs, fresh=True):
    if fresh:
        settled(model)
    note(name, model, inputs)
    if getattr(model, "stateful", False) or name.startswith("stateful"):
        model.reset_states()
    model.save(os.path.join(FOLDER, f"{name}.h5"))


# What tf_keras 2.21 writes


def models_of_keras_2():
    save("stacked", keras.Sequential([
        keras.Input((5, 3)), L.LSTM(4, return_sequences=True), L.LSTM(3, use_bias=False),
        L.Dense(2, activation="softmax")]), sequences(2, 5, 3))
    x = keras.Input((6, 3))
    after = L.GRU(4, return_sequences=True, name="after")(x)
    before = L.GRU(3, reset_after=False, name="before")(after)
    save("gru", keras.Model(x, [after, before]), sequences(2, 6, 3))
    save("simple_rnn", keras.Sequential([
        L.SimpleRNN(4, go_backwards=True, return_sequences=True, input_shape=(5, 2)),
        L.SimpleRNN(3, activation="relu")]), sequences(2, 5, 2))

    x = keras.Input((4, 3))
    outputs = [
        L.Bidirectional(cell(2, return_sequences=returns), merge_mode=mode)(x)
        for cell, returns, mode in [
            (L.LSTM, True, "concat"), (L.GRU, False, "sum"), (L.LSTM, False, "mul"),
            (L.SimpleRNN, True, "ave"), (L.GRU, True, None)]]
    save("bidirectional", keras.Model(x, outputs[:4] + list(outputs[4])),
         sequences(2, 4, 3))
    save("own_backward", keras.Sequential([
        keras.Input((4, 3)),
        L.Bidirectional(
            L.LSTM(2, return_sequences=True, name="ahead"),
            backward_layer=L.GRU(3, return_sequences=True, go_backwards=True, name="back")),
        L.Bidirectional(L.LSTM(2))]), sequences(2, 4, 3))
    save("time_distributed", keras.Sequential([
        keras.Input((3, 6, 2)), L.TimeDistributed(L.Conv1D(3, 2, activation="relu")),
        L.TimeDistributed(L.Flatten()), L.TimeDistributed(L.Dense(2)), L.LSTM(2)]),
        sequences(2, 3, 6, 2))
    frozen = L.BatchNormalization(trainable=False)
    save("convolutions", keras.Sequential([
        keras.Input((10, 3)), L.Conv1D(4, 3, padding="causal", dilation_rate=2), frozen,
        L.LeakyReLU(0.2), L.SeparableConv1D(3, 2), L.PReLU(shared_axes=[1]), L.MaxPooling1D(2),
        L.BatchNormalization(), L.LayerNormalization(), L.ELU(), L.GRU(2)]), sequences(2, 10, 3))
    ids = random.randint(0, 6, (3, 5))
    ids[0, 3:] = 0
    ids[1, 1] = 0
    save("embedded", keras.Sequential([
        L.Embedding(6, 3, mask_zero=True, input_length=5), L.SpatialDropout1D(0.2),
        L.Bidirectional(L.LSTM(2, return_sequences=True)), L.GRU(3, return_sequences=True),
        L.LSTM(2)]), ids)
    steps = sequences(2, 5, 3)
    steps[0, 2:] = 0
    save("masked", keras.Sequential([
        L.Masking(input_shape=(5, 3)), L.LSTM(3, return_sequences=True),
        L.TimeDistributed(L.Dense(2)), L.Dropout(0.3), L.SimpleRNN(2)]), steps)

    left, right = keras.Input((None, 6, 1), name="left"), keras.Input((5, 6, 1), name="right")
    a = L.Conv2D(4, (2, 6), activation="relu")(left)
    a = L.TimeDistributed(L.Flatten())(a)
    a = L.LSTM(3)(L.MaxPooling1D(2)(a))
    b = L.Reshape((4, 4))(L.Conv2D(4, (2, 6), activation="relu")(right))
    b = L.LSTM(3)(L.MaxPooling1D(2, data_format="channels_first")(b))
    y = L.Dense(1, activation="sigmoid")(L.Dense(4, activation="relu")(L.Subtract()([a, b])))
    save("towers", keras.Model([left, right], y), [sequences(2, 7, 6, 1), sequences(2, 5, 6, 1)])

    deep = keras.Sequential([
        keras.Input((4, 3)), L.BatchNormalization(name="n1"), L.LSTM(3, return_sequences=True)],
        name="deep")
    x = keras.Input((4, 3))
    h = L.Dense(3, name="d1", trainable=False)(x)
    h = L.BatchNormalization(name="n2")(deep(h))
    middle = keras.Model(x, L.Dense(3, name="d2")(h), name="middle")
    x = keras.Input((4, 3), name="given")
    save("nested", keras.Model(x, L.GRU(2)(middle(L.Dense(3)(x)))), sequences(2, 4, 3))
    inner = keras.Sequential([
        keras.Input((4, 3)), L.Bidirectional(L.GRU(2, return_sequences=True)),
        L.BatchNormalization(), L.TimeDistributed(L.Dense(3))], name="kept")
    inner.trainable = False
    x = keras.Input((4, 3))
    save("frozen", keras.Model(x, L.Dense(1)(L.LSTM(2)(inner(x)))), sequences(2, 4, 3))
    x, y = keras.Input((4, 3), name="first"), keras.Input((4, 3), name="second")
    both, joined = L.LSTM(3, name="both"), L.Dense(2, name="joined")
    save("shared", keras.Model([x, y], [
        L.Concatenate()([joined(both(x)), joined(both(y))]), L.Dot(1)([both(x), both(y)])]),
        [sequences(2, 4, 3), sequences(2, 4, 3)])
    x, y = keras.Input((4, 3), name="source"), keras.Input((3, 2), name="target")
    _, h, c = L.LSTM(3, return_state=True)(x)
    save("encoder_decoder", keras.Model([x, y], L.Dense(2)(
        L.LSTM(3, return_sequences=True)(y, initial_state=[h, c]))),
        [sequences(2, 4, 3), sequences(2, 3, 2)])
    save("stateful", keras.Sequential([
        L.LSTM(3, stateful=True, batch_input_shape=(2, 4, 3)), L.Dense(2)]), sequences(2, 4, 3))
    save("hard", keras.Sequential([
        keras.Input((5, 3)), L.LSTM(3, recurrent_activation="hard_sigmoid", return_sequences=True),
        L.Bidirectional(
            L.GRU(2, recurrent_activation="hard_sigmoid", return_sequences=True)),
        L.GRU(2, recurrent_activation="hard_sigmoid", reset_after=False, return_sequences=True),
        L.SimpleRNN(3, activation="hard_sigmoid", return_sequences=True),
        L.TimeDistributed(L.Dense(3, activation="hard_sigmoid")),
        L.Conv1D(2, 2, activation="hard_sigmoid")]), 3 * sequences(2, 5, 3))

    x, y = sequences(8, 4, 3), random.uniform(0, 1, (8, 1)).round().astype("float32")
    model = keras.Sequential([
        keras.Input((4, 3)), L.LSTM(3), L.BatchNormalization(), L.Dense(1, activation="sigmoid")])
    model.compile(
        keras.optimizers.Adam(0.02), "binary_crossentropy", metrics=["accuracy", "mse"])
    model.fit(x, y, epochs=2, batch_size=4, shuffle=False, verbose=0)
    save("trained", model, x, fresh=False)
    # What one more epoch makes of the weights: the optimizer goes on.
    model.fit(x, y, epochs=1, batch_size=4, shuffle=False, verbose=0)
    arrays["trained.target"] = y
    for index, weight in enumerate(model.get_weights()):
        arrays[f"trained.w{index}"] = weight
    model = keras.Sequential([keras.Input((4, 3)), L.GRU(2), L.Dense(1)])
    model.compile(
        keras.optimizers.legacy.Adam(0.02, decay=0.1), keras.losses.Huber(),
        metrics=[keras.metrics.MeanAbsoluteError(), "mse"])
    model.fit(x, y, epochs=2, batch_size=4, shuffle=False, verbose=0)
    save("trained_before", model, x, fresh=False)
    model.fit(x, y, epochs=1, batch_size=4, shuffle=False, verbose=0)
    arrays["trained_before.target"] = y
    for index, weight in enumerate(model.get_weights()):
        arrays[f"trained_before.w{index}"] = weight

    class Scaled(L.Layer):
        def build(self, shape):
            self.scale = self.add_weight("scale", (shape[-1],))

        def call(self, x):
            return x * self.scale

    model = settled(keras.Sequential([
        keras.Input((4, 3)), L.LSTM(3, return_sequences=True), Scaled(name="scaled"),
        L.Dense(2, name="last")]))
    model.save(os.path.join(FOLDER, "custom.h5"))

    class Shifted(Scaled):
        def build(self, shape):
            super().build(shape)
            self.shift = self.add_weight("shift", (shape[-1],), trainable=False)

    inside = keras.Sequential([
        keras.Input((4, 3)), L.Dense(3), Shifted(name="scaled"), L.BatchNormalization()],
        name="inside")
    x = keras.Input((4, 3))
    model = settled(keras.Model(x, L.LSTM(2)(inside(x))))
    model.save(os.path.join(FOLDER, "custom_inside.h5"))

    model = settled(keras.Sequential([
        keras.Input((4, 3), name="given"), L.LSTM(3, name="reader"), L.Dense(2, name="answer")]))
    note("weights_alone", model, sequences(2, 4, 3))
    model.save_weights(os.path.join(FOLDER, "weights_alone.h5"))


# What Keras 1 to 2.3 wrote


FORMER_INITIALIZERS = {
    "GlorotUniform": {"class_name": "VarianceScaling", "config": {
        "scale": 1.0, "mode": "fan_avg", "distribution": "uniform", "seed": None}},
    "Orthogonal": {"class_name": "Orthogonal", "config": {"gain": 1.0, "seed": None}},
}


def former(config, **renamed):
    """A layer's object as Keras 2.0 to 2.3 wrote it."""
    config = {"class_name": config["class_name"], "config": dict(config["config"])}
    settings = config["config"]
    config["class_name"] = renamed.get(config["class_name"], config["class_name"])
    for key in ["dtype", "time_major", "build_config", "backward_layer"]:
        settings.pop(key, None)
    for key, value in settings.items():
        if isinstance(value, dict) and value.get("module") == "keras.initializers":
            settings[key] = FORMER_INITIALIZERS.get(
                value["class_name"], {"class_name": value["class_name"], "config": value["config"]})
    if "layer" in settings:
        settings["layer"] = former(settings["layer"], **renamed)
    if config["class_name"].startswith("CuDNN"):
        for key in ["activation", "recurrent_activation", "use_bias", "dropout", "unroll",
                    "recurrent_dropout", "implementation", "reset_after"]:
            settings.pop(key, None)
    return config


def by_hand(name, model, inputs, convert, version, backend="tensorflow", training=None,
            optimizer=(), splits=False, **renamed):
    """Writes a stack as a file of an older Keras; `convert` says the arrays of a layer."""
    note(name, model, inputs)
    layers = [former(keras.layers.serialize(layer), **renamed) for layer in model.layers]
    layers[0]["config"]["batch_input_shape"] = list(model.input_shape)
    layers[0]["config"]["dtype"] = "float32"
    config = {"class_name": "Sequential", "config": layers}
    with h5py.File(os.path.join(FOLDER, f"{name}.h5"), "w") as file:
        file.attrs["model_config"] = json.dumps(config).encode()
        group = file.create_group("model_weights")
        if version:
            for place in (file, group):
                place.attrs["keras_version"] = version.encode()
                place.attrs["backend"] = backend.encode()
        names = [layer.name.encode() for layer in model.layers]
        if splits:
            group.attrs["layer_names0"] = np.array(names[:2])
            group.attrs["layer_names1"] = np.array(names[2:])
        else:
            group.attrs["layer_names"] = names
        for layer in model.layers:
            place = group.create_group(layer.name)
            weights = convert(layer, layer.get_weights())
            place.attrs["weight_names"] = [n.encode() for n, _ in weights]
            for path, values in weights:
                place[path] = values
        if training:
            file.attrs["training_config"] = json.dumps(training).encode()
            place = file.create_group("optimizer_weights")
            place.attrs["weight_names"] = [n.encode() for n, _ in optimizer]
            for path, values in optimizer:
                place[path] = values


def plain(layer, weights):
    kinds = ["kernel", "recurrent_kernel", "bias"] if len(weights) == 3 else ["kernel", "bias"]
    if isinstance(layer, L.Bidirectional):
        return [
            (f"{layer.name}/{way}_{layer.layer.name}/{kind}:0", values)
            for (way, kind), values in zip(
                [(way, kind) for way in ["forward", "backward"]
                 for kind in ["kernel", "recurrent_kernel", "bias"]], weights)]
    return [(f"{layer.name}/{kind}:0", values) for kind, values in zip(kinds, weights)]


def to_cudnn(weights, gates):
    """The numbers as a layer of cuDNN keeps them."""
    kernel, recurrent, bias = weights
    kernel = np.hstack([k.T.reshape(k.shape) for k in np.hsplit(kernel, gates)])
    recurrent = np.hstack([k.T for k in np.hsplit(recurrent, gates)])
    if gates == 3:
        return [kernel, recurrent, bias.reshape(-1)]
    share = random.uniform(0, 1, bias.shape).astype("float32")
    return [kernel, recurrent, np.concatenate([share * bias, bias - share * bias])]


def cudnn(layer, weights):
    gates = {"LSTM": 4, "GRU": 3}
    inner = getattr(layer, "layer", layer)
    count = gates.get(type(inner).__name__)
    if count:
        weights = [w for start in range(0, len(weights), 3)
                   for w in to_cudnn(weights[start:start + 3], count)]
    return plain(layer, weights)


def keras_1(layer, weights):
    orders = {"LSTM": ([0, 2, 1, 3], "icfo"), "GRU": ([0, 1, 2], "zrh")}
    if type(layer).__name__ == "Conv1D":
        return [(f"{layer.name}_W", weights[0][:, None]), (f"{layer.name}_b", weights[1])]
    if type(layer).__name__ not in orders:
        return [(f"{layer.name}_{kind}", values) for kind, values in zip("Wb", weights)]
    order, letters = orders[type(layer).__name__]
    parts = [np.split(values, len(order), axis=-1) for values in weights]
    return [(f"{layer.name}_{kind}_{letter}", part[gate])
            for gate, letter in zip(order, letters) for kind, part in zip("WUb", parts)]


def theano(layer, weights):
    if "Conv" in type(layer).__name__:
        axes = tuple(range(weights[0].ndim - 2))
        weights = [np.flip(weights[0], axes)] + weights[1:]
    return plain(layer, weights)


def models_by_hand():
    model = settled(keras.Sequential([
        L.LSTM(3, return_sequences=True, input_shape=(5, 2), name="cu_dnnlstm_1"),
        L.Bidirectional(L.GRU(2, return_sequences=True, name="cu_dnngru_1"), name="both_1"),
        L.Bidirectional(L.LSTM(2, name="cu_dnnlstm_2"), merge_mode="sum", name="both_2"),
        L.Dense(2, name="dense_1")]))
    by_hand("cudnn", model, sequences(2, 5, 2), cudnn, "2.2.4", LSTM="CuDNNLSTM", GRU="CuDNNGRU")

    model = settled(keras.Sequential([
        L.Conv1D(3, 2, input_shape=(6, 2), name="convolution1d_1"),
        L.LSTM(3, return_sequences=True, recurrent_activation="hard_sigmoid", name="lstm_1"),
        L.GRU(2, reset_after=False, recurrent_activation="hard_sigmoid", name="gru_1"),
        L.Dense(2, name="dense_1")]))
    by_hand("keras_1", model, sequences(2, 6, 2), keras_1, None)

    model = settled(keras.Sequential([
        L.LSTM(3, return_sequences=True, input_shape=(5, 2), recurrent_activation="hard_sigmoid",
               name="lstm_1"),
        L.Bidirectional(L.LSTM(2, recurrent_activation="hard_sigmoid", name="lstm_2"),
                        name="bidirectional_1"),
        L.Dropout(0.5, name="dropout_1"), L.Dense(1, activation="sigmoid", name="dense_1")]))
    shapes = [w.shape for w in model.trainable_weights]
    slots = [random.uniform(0, 0.1, shape).astype("float32") for shape in 2 * shapes]
    by_hand(
        "keras_2_2", model, sequences(2, 5, 2), plain, "2.2.4", splits=True,
        training={
            "optimizer_config": {"class_name": "Adam", "config": {
                "lr": 0.0020000000949949026, "beta_1": 0.8999999761581421,
                "beta_2": 0.9990000128746033, "decay": 0.0, "epsilon": 1e-07, "amsgrad": False}},
            "loss": "binary_crossentropy", "metrics": ["acc"], "sample_weight_mode": None,
            "loss_weights": None},
        optimizer=[("Adam/iterations:0", np.int64(12))] + [
            (f"training/Adam/Variable{'_%d' % i if i else ''}:0", s) for i, s in enumerate(slots)])
    model = settled(keras.Sequential([
        L.Conv2D(3, (2, 3), input_shape=(5, 6, 2), name="conv2d_1"),
        L.Reshape((4, 12), name="reshape_1"), L.Conv1D(2, 2, name="conv1d_1")]))
    by_hand("theano", model, sequences(2, 5, 6, 2), theano, "2.1.3", backend="theano")


# What Keras 3.15 writes


def models_of_keras_3():
    x = keras.Input((5, 3), name="x")
    h = L.Bidirectional(L.LSTM(2, return_sequences=True), name="both")(x)
    given = keras.Input((5, 4))
    frozen = L.Dense(3, name="d1", trainable=False)
    inner = keras.Model(given, L.Dense(2, name="d2")(L.BatchNormalization(name="n")(frozen(given))),
                        name="inner")
    stack = keras.Sequential([L.Input((5, 2)), L.BatchNormalization(), L.Dense(2)], name="stack")
    h = L.TimeDistributed(L.Dense(4))(stack(inner(h)))
    save("nested3", keras.Model(x, L.Dense(1)(L.Dropout(0.2)(L.GRU(2)(h)))), sequences(2, 5, 3))

    # Keras itself cannot open this one: it leaves out that NotEqual and Multiply are operations.
    ids = keras.Input((5,), name="ids")
    h = L.LSTM(2, return_sequences=True)(L.Embedding(7, 3, mask_zero=True)(ids))
    h = L.Concatenate()([h, keras.ops.multiply(h, 2.0)])
    h = L.Multiply()([h, L.Dense(4)(h)])
    y = L.LayerNormalization(axis=[1, 2])(h)[:, -1] + 1
    save("operations3", keras.Model(ids, [y, keras.ops.sum(y, axis=-1, keepdims=True)]),
         np.array([[1, 2, 3, 0, 0], [4, 0, 5, 6, 1]]))

    x, y = sequences(8, 4, 3), random.uniform(0, 1, (8, 2)).astype("float32")
    given = keras.Input((4, 3))
    h = L.GRU(3)(given)
    model = keras.Model(given, [L.Dense(2, name="a")(h), L.Dense(2, name="b")(h)])
    model.compile(
        keras.optimizers.RMSprop(
            keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.5), momentum=0.5),
        loss=["mse", keras.losses.Huber()], loss_weights=[1.0, 0.5],
        metrics=[["mae"], [keras.metrics.MeanSquaredError(name="m")]])
    model.fit(x, [y, y], epochs=2, batch_size=4, shuffle=False, verbose=0)
    save("trained3", model, x, fresh=False)


if OF_KERAS_3:
    models_of_keras_3()
else:
    models_of_keras_2()
    models_by_hand()
np.savez(os.path.join(FOLDER, "numbers.npz"), **arrays)
path = os.path.join(HERE, "legacy-3.zip" if OF_KERAS_3 else "legacy-2.zip")
with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
    for name in sorted(os.listdir(FOLDER)):
        with open(os.path.join(FOLDER, name), "rb") as file:
            archive.writestr(zipfile.ZipInfo(name), file.read(), zipfile.ZIP_DEFLATED, 9)
        os.remove(os.path.join(FOLDER, name))
os.rmdir(FOLDER)
print(f"Keras {keras.__version__}: {len({name.split('.')[0] for name in arrays})} models")
