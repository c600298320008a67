"""Makes .keras files of every kind with real Keras 3.15.1, and what their models give.

    python make_keras_files.py

Writes keras-files/*.keras, keras-files.json (what goes in and comes out of each) and
keras-files.bin (the numbers, 32-bit floats, one behind the other). Two of three archives are
packed again with deflate, which Keras reads as well; the third stays as Keras wrote it.
"""

import json
import os
import sys
import zipfile

os.environ.setdefault("KERAS_BACKEND", "jax")
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path = [p for p in sys.path if os.path.abspath(p or ".") != HERE]

import keras  # noqa: E402
import numpy as np  # noqa: E402
from keras import layers as L  # noqa: E402
from keras import ops  # noqa: E402

I = keras.Input  # noqa: E741

# Classes of our own, as people register them.


@keras.saving.register_keras_serializable(package="own")
class Attend(L.Layer):
    """A layer with settings and weights of its own."""

    def __init__(self, units=3, scale=0.5, **kwargs):
        super().__init__(**kwargs)
        self.units, self.scale = units, scale

    def build(self, shape):
        self.kernel = self.add_weight(shape=(shape[-1], self.units), name="kernel")

    def call(self, x):
        scores = ops.softmax(ops.matmul(x, self.kernel) * self.scale, axis=1)
        return ops.sum(scores[..., :1] * x, axis=1)

    def compute_output_shape(self, shape):
        return (shape[0], shape[-1])

    def get_config(self):
        return {**super().get_config(), "units": self.units, "scale": self.scale}


@keras.saving.register_keras_serializable(package="own")
class Twice(L.Layer):
    def call(self, x):
        return x * 2

    def compute_output_shape(self, shape):
        return shape


@keras.saving.register_keras_serializable(package="own")
class TwoOutputs(L.Layer):
    def call(self, x):
        return x + 1, ops.mean(x, axis=1)

    def compute_output_shape(self, shape):
        return shape, (shape[0], *shape[2:])


@keras.saving.register_keras_serializable(package="own")
class Wrap(L.Wrapper):
    def call(self, x):
        return self.layer(x) * 2

    def compute_output_shape(self, shape):
        return self.layer.compute_output_shape(shape)


@keras.saving.register_keras_serializable(package="own")
class OwnFunctional(keras.Model):
    pass


@keras.saving.register_keras_serializable(package="own")
class OwnSequential(keras.Sequential):
    pass


@keras.saving.register_keras_serializable(package="own")
def own_activation(x):
    return ops.tanh(x) * 0.5


@keras.saving.register_keras_serializable(package="own")
def own_loss(y, p):
    return ops.mean(ops.abs(y - p), axis=-1)


MAKERS = {}
PROPERTIES = {}


def file(function=None, **properties):
    """A file of the function's name; `opaque`: why it cannot be computed without its code."""

    def register(f):
        name = f.__name__.strip("_").replace("_", "-")
        assert name not in MAKERS, name
        MAKERS[name] = f
        PROPERTIES[name] = properties
        return f

    return register(function) if function else register


def stack(*layers, shape=(5, 3), **kwargs):
    return keras.Sequential([I(shape), *layers], **kwargs)


def each(base, shape, table):
    """A file for each entry: a stack of the layers, or what a function of them makes."""
    for name, layers in table.items():
        def make(layers=layers):
            made = layers()
            return stack(*(made if isinstance(made, list) else [made]), shape=shape)

        make.__name__ = f"{base}_{name}" if base else name
        file(make)


# Recurrent layers

each("", (5, 3), {
    "lstm": lambda: L.LSTM(4),
    "lstm_sequences_backwards": lambda: L.LSTM(4, return_sequences=True, go_backwards=True),
    "lstm_dropouts": lambda: L.LSTM(4, dropout=0.2, recurrent_dropout=0.3),
    "lstm_activations": lambda: [
        L.LSTM(3, activation="softsign", recurrent_activation="hard_sigmoid",
               return_sequences=True),
        L.LSTM(3, activation="relu", recurrent_activation="tanh", use_bias=False)],
    "lstm_unrolled": lambda: L.LSTM(4, unroll=True),
    "lstm_no_forget_bias": lambda: L.LSTM(
        4, unit_forget_bias=False, kernel_regularizer="l2", bias_constraint="non_neg",
        recurrent_initializer=keras.initializers.Orthogonal(gain=0.7, seed=3),
        kernel_initializer=keras.initializers.HeNormal(), recurrent_regularizer=keras.regularizers
        .L1L2(0.1, 0.2), activity_regularizer=keras.regularizers.L1(1e-4)),
    "gru": lambda: L.GRU(4),
    "gru_before": lambda: L.GRU(4, reset_after=False, return_sequences=True),
    "gru_no_bias": lambda: L.GRU(4, use_bias=False, go_backwards=True),
    "gru_stack": lambda: [L.GRU(4, return_sequences=True), L.GRU(3, return_sequences=True),
                          L.GRU(2), L.Dense(2, "softmax")],
    "simple_rnn": lambda: L.SimpleRNN(4),
    "simple_rnn_relu": lambda: [L.SimpleRNN(3, activation="relu", return_sequences=True,
                                            recurrent_dropout=0.2), L.SimpleRNN(3, use_bias=False)],
    "masking_lstm": lambda: [L.Masking(0.0), L.LSTM(3, return_sequences=True), L.GRU(3)],
    "many_dense": lambda: [L.Dense(2 + i % 2, "tanh") for i in range(13)],
    "many_lstm": lambda: [L.LSTM(2, return_sequences=True) for _ in range(12)],
})


@file
def stateful():
    return keras.Sequential([I((4, 3), batch_size=2), L.LSTM(3, stateful=True,
                             return_sequences=True), L.GRU(2, stateful=True)])


@file
def return_state():
    x = I((5, 3))
    y, h, c = L.LSTM(4, return_state=True)(x)
    z, g = L.GRU(4, return_state=True, return_sequences=True)(x)
    return keras.Model(x, [y, h, c, z, g])


@file
def encoder_decoder():
    left, right = I((5, 3), name="encoder input"), I((4, 2), name="decoder input")
    _, h, c = L.LSTM(3, return_state=True)(left)
    y = L.LSTM(3, return_sequences=True)(right, initial_state=[h, c])
    z = L.GRU(3)(right, initial_state=h)
    w = L.Bidirectional(L.LSTM(3))(right, initial_state=[h, c, c, h])
    return keras.Model([left, right], [L.TimeDistributed(L.Dense(2))(y), z, w])


@file
def rnn_of_a_cell():
    return stack(L.RNN(L.LSTMCell(3), return_sequences=True), L.RNN(L.GRUCell(3)))


@file
def rnn_of_cells():
    x = I((5, 3))
    return keras.Model(x, L.RNN([L.LSTMCell(3), L.SimpleRNNCell(2), L.GRUCell(2)])(x))


@file
def time_major_slices():
    x = I((6, 3))
    y = L.LSTM(3, return_sequences=True)(x)
    return keras.Model(x, [y[:, -1], y[:, ::2], y[:, 1:4, :2] * 2.0])


# Bidirectional

each("bidirectional", (5, 3), {
    mode: lambda mode=mode: L.Bidirectional(L.LSTM(3, return_sequences=True), merge_mode=mode)
    for mode in ["concat", "sum", "mul", "ave"]
})
each("bidirectional", (5, 3), {
    "last": lambda: [L.Bidirectional(L.GRU(3)), L.Dense(2)],
    "rnn": lambda: L.Bidirectional(L.SimpleRNN(3), merge_mode="sum"),
    "own_backward": lambda: L.Bidirectional(
        L.LSTM(3, return_sequences=True),
        backward_layer=L.LSTM(3, activation="relu", return_sequences=True, go_backwards=True)),
    "asymmetric_classes": lambda: [L.Bidirectional(
        L.GRU(3), backward_layer=L.LSTM(3, go_backwards=True, name="own backward")), L.Dense(2)],
    "twice": lambda: [L.Bidirectional(L.LSTM(2, return_sequences=True)),
                      L.Bidirectional(L.LSTM(3))],
    "masked": lambda: [L.Masking(), L.Bidirectional(L.GRU(3, return_sequences=True)),
                       L.Bidirectional(L.LSTM(2))],
    "frozen": lambda: L.Bidirectional(L.LSTM(3), trainable=False),
    "backwards": lambda: L.Bidirectional(
        L.LSTM(3, go_backwards=True, return_sequences=True),
        backward_layer=L.GRU(3, return_sequences=True, reset_after=False)),
})


@file
def bidirectional_none():
    x = I((5, 3))
    forward, backward = L.Bidirectional(L.LSTM(3, return_sequences=True), merge_mode=None)(x)
    return keras.Model(x, [forward, backward, L.Subtract()([forward, backward])])


@file
def bidirectional_unequal():
    x = I((5, 3))
    y = L.Bidirectional(L.LSTM(3), backward_layer=L.LSTM(4, go_backwards=True))(x)
    return keras.Model(x, y)


@file
def bidirectional_states():
    x = I((5, 3))
    y, *states = L.Bidirectional(L.LSTM(3, return_state=True, return_sequences=True))(x)
    return keras.Model(x, [L.Dense(2)(y), *states])


# Wrappers

each("time_distributed", (4, 5, 3), {
    "dense": lambda: L.TimeDistributed(L.Dense(2, "relu")),
    "lstm": lambda: [L.TimeDistributed(L.LSTM(3)), L.LSTM(2)],
    "bidirectional": lambda: L.TimeDistributed(L.Bidirectional(L.GRU(2))),
    "pooling": lambda: [L.TimeDistributed(L.MaxPooling1D(2)),
                        L.TimeDistributed(L.BatchNormalization()), L.TimeDistributed(L.Flatten())],
    "twice": lambda: L.TimeDistributed(L.TimeDistributed(L.Dense(2))),
})


@file
def time_distributed_conv():
    return stack(L.TimeDistributed(L.Conv2D(2, 3, activation="relu")), L.TimeDistributed(
        L.MaxPooling2D()), L.TimeDistributed(L.Flatten()), L.LSTM(2), shape=(3, 6, 6, 2))


@file
def time_distributed_model():
    inner = keras.Sequential([I((5, 3)), L.LSTM(3), L.Dense(2)], name="frame_encoder")
    return stack(L.TimeDistributed(inner), L.GRU(2), shape=(4, 5, 3))


@file
def time_distributed_functional():
    a = I((5, 3))
    inner = keras.Model(a, L.Add()([L.Conv1D(2, 2, padding="same")(a), L.Dense(2)(a)]))
    return stack(L.TimeDistributed(inner), L.TimeDistributed(L.GRU(2)), shape=(4, 5, 3))


# Convolutions, pooling, normalization

each("conv", (8, 3), {
    "1d": lambda: [L.Conv1D(4, 3, strides=2, padding="same", activation="relu"),
                   L.Conv1D(4, 2, groups=2, use_bias=False)],
    "1d_causal": lambda: [L.Conv1D(3, 2, padding="causal", dilation_rate=2), L.GRU(2)],
    "1d_separable": lambda: [L.SeparableConv1D(4, 3, depth_multiplier=2),
                             L.DepthwiseConv1D(2, padding="same")],
    "1d_transpose": lambda: [L.Conv1DTranspose(3, 3, strides=2, padding="same"), L.LSTM(2)],
    "1d_pooling": lambda: [L.ZeroPadding1D(1), L.AveragePooling1D(3, 2, "same"),
                           L.MaxPooling1D(2, padding="same"), L.UpSampling1D(2),
                           L.Cropping1D((0, 1)), L.GlobalAveragePooling1D()],
})
each("conv", (7, 6, 2), {
    "2d": lambda: [L.Conv2D(3, (3, 2), dilation_rate=(1, 2)), L.BatchNormalization(),
                   L.LeakyReLU(0.1), L.GlobalMaxPooling2D()],
    "2d_separable": lambda: [L.SeparableConv2D(3, 2, activation="selu"),
                             L.DepthwiseConv2D(2, depth_multiplier=2), L.PReLU(shared_axes=[1, 2])],
    "2d_transpose": lambda: [L.Conv2DTranspose(2, 3, strides=2), L.AveragePooling2D(2),
                             L.UpSampling2D(2, interpolation="bilinear")],
    "2d_pooling": lambda: [L.ZeroPadding2D(((1, 0), (0, 2))), L.MaxPooling2D((2, 1), 2, "same"),
                           L.Cropping2D(1), L.Permute((2, 1, 3)), L.Flatten(), L.Dense(2)],
})


@file
def conv_3d():
    return stack(L.Conv3D(2, 2), L.MaxPooling3D(2), L.Flatten(), shape=(4, 4, 4, 2))


@file
def conv_lstm_1d():
    return stack(L.ConvLSTM1D(2, 2, return_sequences=True), L.Flatten(), shape=(3, 5, 2))


@file
def conv_lstm_2d():
    return stack(L.ConvLSTM2D(2, 2), L.Flatten(), shape=(3, 4, 4, 1))


each("normalization", (5, 4), {
    "batch": lambda: [L.BatchNormalization(momentum=0.8, epsilon=1e-2, center=False),
                      L.LSTM(2, return_sequences=True), L.BatchNormalization(axis=1)],
    "layer": lambda: [L.LayerNormalization(), L.LayerNormalization(axis=[1, 2], scale=False)],
    "group": lambda: L.GroupNormalization(2),
    "unit": lambda: L.UnitNormalization(),
    "rms": lambda: L.RMSNormalization(),
    "spectral": lambda: L.SpectralNormalization(L.Dense(3)),
    "others": lambda: [L.Dropout(0.3, seed=2), L.GaussianNoise(0.2), L.GaussianDropout(0.2),
                       L.AlphaDropout(0.1), L.SpatialDropout1D(0.2),
                       L.ActivityRegularization(l2=0.1),
                       L.ELU(0.5), L.ReLU(6, 0.1, 0.2), L.Softmax(axis=1)],
})

# Attention


@file
def attention():
    q, v = I((4, 3)), I((5, 3))
    return keras.Model([q, v], [L.Attention()([q, v]), L.Attention(use_scale=True)([q, v]),
                                L.Attention(score_mode="concat")([q, v])])


@file
def attention_causal_with_scores():
    q, v, k = I((5, 3)), I((5, 3)), I((5, 3))
    y, scores = L.Attention(dropout=0.3)([q, v, k], return_attention_scores=True,
                                         use_causal_mask=True)
    return keras.Model([q, v, k], [y, scores])


@file
def attention_masked():
    ids, other = I((5,), dtype="int32"), I((4,), dtype="int32")
    table = L.Embedding(9, 4, mask_zero=True)
    v, q = L.LSTM(4, return_sequences=True)(table(ids)), table(other)
    y = L.Attention()([q, v])
    z = L.AdditiveAttention()([q, v])
    return keras.Model([ids, other], [L.GlobalAveragePooling1D()(y), L.LSTM(3)(z)])


@file
def attention_additive():
    q, v = I((4, 3)), I((5, 3))
    return keras.Model([q, v], L.AdditiveAttention(use_scale=False)([q, v])
                       + L.AdditiveAttention()([q, v]))


@file
def multi_head_attention():
    x = I((5, 6))
    y = L.MultiHeadAttention(2, 3)(x, x)
    return keras.Model(x, L.LayerNormalization()(L.Add()([x, y])))


@file
def multi_head_attention_cross():
    q, v = I((4, 6)), I((5, 3))
    y, scores = L.MultiHeadAttention(3, 2, value_dim=4, output_shape=5, use_bias=False)(
        q, v, return_attention_scores=True)
    return keras.Model([q, v], [y, scores])


@file
def multi_head_attention_masked():
    ids = I((5,), dtype="int32")
    x = L.Embedding(9, 4, mask_zero=True)(ids)
    y = L.MultiHeadAttention(2, 2, dropout=0.1)(x, x, use_causal_mask=True)
    return keras.Model(ids, L.LSTM(3)(y))


@file
def transformer_block():
    x = I((5, 4))
    y = x
    for _ in range(2):
        a = L.MultiHeadAttention(2, 2)(query=y, value=y, key=y)
        y = L.LayerNormalization(epsilon=1e-6)(y + L.Dropout(0.1)(a))
        f = L.Dense(4)(L.Dense(8, "gelu")(y))
        y = L.LayerNormalization(epsilon=1e-6)(y + f)
    return keras.Model(x, L.Dense(2, "softmax")(L.GlobalAveragePooling1D()(y)))


@file
def grouped_query_attention():
    x = I((5, 4))
    return keras.Model(x, L.GroupQueryAttention(2, 4, 2)(x, x))


@file
def attention_by_hand():
    x = I((5, 3))
    h = L.Bidirectional(L.LSTM(3, return_sequences=True))(x)
    e = L.Dense(1, "tanh")(h)
    a = L.Activation("softmax")(L.Flatten()(e))
    a = L.Permute((2, 1))(L.RepeatVector(6)(a))
    context = ops.sum(L.Multiply()([h, a]), axis=1)
    return keras.Model(x, L.Dense(1, "sigmoid")(context))


@file
def attention_by_dot():
    x = I((5, 3))
    h, s = L.GRU(4, return_sequences=True, return_state=True)(x)
    score = L.Softmax()(L.Dot(axes=(2, 1))([h, s]))
    context = L.Dot(axes=(1, 1))([score, h])
    return keras.Model(x, L.Dense(2)(L.Concatenate()([context, s])))


# Towers, shared layers, nested models


@file
def two_towers():
    left, right = I((None, 6, 1)), I((5, 6, 1))

    def tower(x, squeeze):
        x = squeeze(L.Conv2D(4, (2, 6), activation="relu")(x))
        return L.LSTM(3)(L.MaxPooling1D(2, data_format="channels_first")(x))

    a = tower(left, lambda x: ops.squeeze(x, 2))
    b = tower(right, lambda x: L.Reshape((4, 4))(x))
    y = L.Dense(3, "relu")(L.Subtract()([a, b]))
    return keras.Model([left, right], L.Dense(1, "sigmoid")(y))


@file
def siamese():
    a, b = I((5, 3), name="a"), I((5, 3), name="b")
    shared = L.LSTM(3, name="shared lstm")
    y = L.Dense(1)(ops.abs(shared(a) - shared(b)))
    return keras.Model([a, b], y)


@file
def shared_many_times():
    x = I((4,))
    dense = L.Dense(4, "tanh")
    y = x
    for _ in range(5):
        y = dense(y) + y
    return keras.Model(x, [y, dense(y)])


@file
def merges():
    a, b = I((5, 3)), I((5, 3))
    return keras.Model([a, b], [
        L.Add()([a, b]), L.Multiply()([a, b]), L.Average()([a, b]), L.Maximum()([a, b]),
        L.Minimum()([a, b]), L.Subtract()([a, b]), L.Concatenate(axis=1)([a, b]),
        L.Dot((2, 2), normalize=True)([a, b])])


@file
def nested_sequential():
    inner = keras.Sequential([L.Dense(3, "relu"), L.Dense(2)], name="head")
    x = I((5, 3))
    return keras.Model(x, inner(L.LSTM(4)(x)))


@file
def nested_twice():
    a = I((5, 3))
    encoder = keras.Model(a, L.GRU(3)(L.Conv1D(3, 2)(a)), name="encoder")
    x, y = I((5, 3)), I((5, 3))
    return keras.Model([x, y], L.Dense(1)(L.Concatenate()([encoder(x), encoder(y)])))


@file
def nested_two_levels():
    a = I((3,))
    small = keras.Model(a, L.Dense(3)(L.Dense(4, "elu")(a)), name="small")
    c = I((3,))
    other = keras.Model(c, L.Dense(2)(c), name="other")
    b = I((5, 3))
    middle = keras.Model(b, [small(L.LSTM(3)(b)), L.TimeDistributed(other)(b)], name="middle")
    x = I((5, 3))
    one, many = middle(x)
    again, _ = middle(L.Dense(3)(x))
    return keras.Model(x, [L.Dense(2)(one), L.GRU(2)(many), again])


@file
def nested_in_sequential():
    inner = keras.Sequential([I((5, 3)), L.LSTM(3, return_sequences=True), L.BatchNormalization()])
    a = I((5, 3))
    graph = keras.Model(a, L.Concatenate()([a, L.Dense(2)(a)]))
    return keras.Sequential([I((5, 3)), inner, graph, L.GRU(2)])


@file
def nested_first():
    inner = keras.Sequential([I((5, 3)), L.Dense(2)])
    return keras.Sequential([inner, L.LSTM(3)])


@file
def nested_several_inputs():
    a, b = I((3,)), I((4,))
    inner = keras.Model([a, b], [L.Dense(2)(a) + L.Dense(2)(b), L.Concatenate()([b, a])])
    x, y = I((4,)), I((3,))
    one, two = inner([y, x])
    three, four = inner([L.Dense(3)(x), L.Dense(4)(y)])
    return keras.Model([x, y], [one * three, two, four])


@file
def nested_dict():
    a, b = I((3,), name="left"), I((4,), name="right")
    inner = keras.Model({"left": a, "right": b},
                        {"sum": L.Dense(2)(a) + L.Dense(2)(b), "all": L.Concatenate()([a, b])})
    x, y = I((3,)), I((4,))
    made = inner({"left": x, "right": y})
    return keras.Model([x, y], [made["sum"], L.Dense(2)(made["all"])])


# Embeddings and masks


@file(below=9)
def embedding_mask():
    ids = I((6,), dtype="int32")
    x = L.Embedding(9, 3, mask_zero=True)(ids)
    return keras.Model(ids, [L.LSTM(3)(x), L.Bidirectional(L.GRU(2, return_sequences=True))(x),
                             L.TimeDistributed(L.Dense(2))(x)])


@file(below=9)
def embedding_mask_merges():
    ids, more = I((6,), dtype="int32"), I((6,), dtype="int32")
    table = L.Embedding(9, 3, mask_zero=True)
    a, b = table(ids), L.Embedding(9, 3, mask_zero=True)(more)
    y = L.LSTM(3, return_sequences=True)(L.Concatenate()([a, b]))
    z = L.GRU(3)(L.Add()([a, b]))
    w = L.GlobalAveragePooling1D()(L.Dropout(0.2)(y))
    v = L.LSTM(2)(L.Concatenate(axis=1)([a, b]))
    return keras.Model([ids, more], [y, z, w, v])


@file(below=9)
def embedding_stack():
    return keras.Sequential([I((None,)), L.Embedding(9, 4), L.SpatialDropout1D(0.2), L.LSTM(3),
                             L.Dense(1, "sigmoid")])


@file(below=9)
def embedding_mask_nested():
    inner = keras.Sequential([L.LSTM(3, return_sequences=True), L.LSTM(2)])
    ids = I((6,), dtype="int32")
    return keras.Model(ids, inner(L.Embedding(9, 3, mask_zero=True)(ids)))


@file
def explicit_mask():
    x, mask = I((5, 3)), I((5,), dtype="bool")
    return keras.Model([x, mask], L.LSTM(3)(x, mask=mask))


# Operations


@file
def operations():
    x = I((4, 6))
    a = ops.reshape(x, (-1, 6, 4))
    b = ops.transpose(x, (0, 2, 1))
    c = ops.concatenate([a, b], axis=-1) * 2 - 1
    d = ops.stack([x[:, 0], x[:, -1]], axis=1)
    e = ops.mean(c, axis=1, keepdims=True) / 3.0
    f = ops.expand_dims(ops.max(x, axis=-1), -1) ** 2
    return keras.Model(x, [c, d, e, f, -x, 1.0 - x, 2 / (ops.abs(x) + 1)])


@file
def operations_on_numbers():
    x = I((4, 3))
    return keras.Model(x, [
        ops.tanh(x) + ops.sigmoid(x), ops.exp(-ops.square(x)), ops.sqrt(ops.abs(x)),
        ops.clip(x, -0.5, 0.5), ops.where(x > 0, x, 0.1 * x), ops.maximum(x, 0.2),
        ops.softmax(x, axis=1), keras.activations.gelu(x), ops.relu(x), ops.sum(x, axis=(1, 2)),
        ops.log(ops.abs(x) + 1), ops.split(x, 3, axis=-1)[1]])


@file
def operations_of_matrices():
    x, y = I((4, 3)), I((4, 3))
    m = ops.matmul(x, ops.transpose(y, (0, 2, 1)))
    e = ops.einsum("btf,bsf->bts", x, y)
    return keras.Model([x, y], [m, m @ y, e, ops.cumsum(x, axis=1), ops.flip(x, axis=1),
                                ops.pad(x, ((0, 0), (1, 1), (0, 0))),
                                ops.repeat(x, 2, axis=1), ops.tile(x, (1, 2, 1))])


@file
def constant_array():
    x = I((3,))
    return keras.Model(x, L.Dense(2)(x * np.array([1.0, -2.0, 0.5], "float32")) + 1)


# Inputs and outputs


@file
def dictionary_ends():
    b, a = I((5, 3), name="zebra"), I((4,), name="ant")
    y = L.Concatenate()([L.LSTM(3)(b), a])
    return keras.Model({"zebra": b, "ant": a},
                       {"second": L.Dense(2, name="second")(y), "first": L.Dense(1)(y)})


@file
def nested_ends():
    a, b, c = I((3,), name="a"), I((4,), name="b"), I((2,), name="one")
    y = L.Concatenate()([a, b, c])
    return keras.Model({"pair": [a, b], "one": c},
                       [L.Dense(2)(y), {"x": L.Dense(1)(y), "w": (L.Dense(3)(y), L.Dense(2)(y))}])


@file
def list_of_one():
    x = I((3,))
    return keras.Model([x], [L.Dense(2)(x)])


@file
def input_is_output():
    x = I((3,))
    return keras.Model(x, [x, L.Dense(2)(x)])


@file
def same_output_twice():
    x = I((3,))
    y = L.Dense(2)(x)
    return keras.Model(x, [y, y, L.Activation("relu")(y)])


@file
def free_time():
    return keras.Sequential([I((None, 3)), L.Bidirectional(L.LSTM(3, return_sequences=True)),
                             L.Conv1D(2, 2), L.GlobalMaxPooling1D()])


@file
def fixed_batch():
    x = I((5, 3), batch_size=2)
    return keras.Model(x, L.Dense(2)(L.LSTM(3)(x)))


@file
def optional_names():
    x = I((5, 3), name="first input")
    y = L.LSTM(3, name="время")(x)
    z = L.Dense(2, name="dense (2), \"quoted\"")(y)
    return keras.Model(x, L.Dense(1, name="日本語")(z), name="my model 1.0")


@file
def colliding_names():
    x = I((5, 3))
    a = L.Dense(3, name="dense_1")(x)
    b = L.Dense(2, name="dense")(a)
    c = L.LSTM(2, name="dense_2")(b)
    d = L.Dense(2, name="lstm")(c)
    return keras.Model(x, L.Dense(2, name="lstm_1")(d), name="dense")


@file
def frozen_parts():
    x = I((5, 3))
    inner = keras.Sequential([L.LSTM(3), L.Dense(2, trainable=False)])
    inner.trainable = False
    y = L.BatchNormalization(trainable=False)(L.Dense(3, trainable=False)(x))
    return keras.Model(x, L.Dense(1)(inner(y)))


# Precision policies


@file
def policy_mixed():
    x = I((5, 3))
    y = L.LSTM(3, dtype="mixed_float16")(x)
    return keras.Model(x, L.Dense(2, dtype="float32")(y))


@file
def policy_half():
    return stack(L.Dense(3, dtype="float16"), L.Dense(2, dtype=keras.DTypePolicy("bfloat16")))


@file
def policy_double():
    return stack(L.LSTM(3, dtype="float64"), L.Dense(2, dtype="float64"))


@file
def policy_objects():
    return stack(L.Dense(3, dtype=keras.DTypePolicy("mixed_bfloat16")), L.Dense(2))


# Settings that are objects


@file
def objects_everywhere():
    return stack(
        L.Dense(4, kernel_initializer=keras.initializers.RandomNormal(0.1, 0.2, seed=1),
                bias_initializer=keras.initializers.Constant(0.3),
                kernel_regularizer=keras.regularizers.L1(1e-3),
                bias_regularizer=keras.regularizers.L2(1e-3),
                kernel_constraint=keras.constraints.MaxNorm(2, axis=0)),
        L.Dense(3, kernel_initializer=keras.initializers.VarianceScaling(2.0, "fan_out", "uniform"),
                kernel_regularizer=keras.regularizers.OrthogonalRegularizer(0.02),
                kernel_constraint=keras.constraints.MinMaxNorm(0.1, 1.5),
                activation=keras.layers.LeakyReLU(negative_slope=0.2)),
        L.Dense(2, activation=keras.activations.mish,
                kernel_initializer=keras.initializers.Identity(0.5)), shape=(3,))


@file
def own_functions():
    return stack(L.Dense(3, activation=own_activation), L.LSTM(2, activation=own_activation))


# Compiled models


def compiled(name, **arguments):
    def make():
        model = stack(L.LSTM(2), L.Dense(2, "softmax"))
        model.compile(**{key: value() if callable(value) else value
                         for key, value in arguments.items()})
        model.optimizer.build(model.trainable_variables)
        return model

    make.__name__ = "compiled_" + name
    file(make)


O, M, S = keras.optimizers, keras.metrics, keras.optimizers.schedules
compiled("adam", optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
compiled("adam_rate", optimizer=lambda: O.Adam(3e-4, clipnorm=1.0), loss="mse",
         metrics=lambda: ["mae", M.RootMeanSquaredError()])
compiled("adamw", optimizer=lambda: O.AdamW(1e-3, weight_decay=1e-2, amsgrad=True),
         loss=lambda: keras.losses.CategoricalCrossentropy(label_smoothing=0.1),
         metrics=lambda: [M.CategoricalAccuracy(name="acc"), M.TopKCategoricalAccuracy(k=2)])
compiled("sgd", optimizer=lambda: O.SGD(0.1, momentum=0.9, nesterov=True), loss="mae")
compiled("rmsprop", optimizer=lambda: O.RMSprop(centered=True, momentum=0.1),
         loss="sparse_categorical_crossentropy", metrics=["sparse_categorical_accuracy"])
compiled("adagrad", optimizer="adagrad", loss=lambda: keras.losses.Huber(0.5))
compiled("adadelta", optimizer="adadelta", loss="kl_divergence", weighted_metrics=["mse"])
compiled("adamax", optimizer="adamax", loss="poisson", jit_compile=False)
compiled("nadam", optimizer=lambda: O.Nadam(use_ema=True, ema_momentum=0.9), loss="log_cosh")
compiled("ftrl", optimizer=lambda: O.Ftrl(l1_regularization_strength=0.01), loss="mse")
compiled("lion", optimizer="lion", loss="cosine_similarity", steps_per_execution=2)
compiled("exponential_decay", optimizer=lambda: O.Adam(
    S.ExponentialDecay(0.01, 100, 0.9, staircase=True)), loss="mse")
compiled("cosine_decay", optimizer=lambda: O.SGD(
    S.CosineDecay(0.0, 50, warmup_target=0.1, warmup_steps=5)), loss="binary_crossentropy",
    metrics=lambda: [M.BinaryAccuracy(threshold=0.4), M.AUC(num_thresholds=20), M.Precision()])
compiled("piecewise", optimizer=lambda: O.Adam(S.PiecewiseConstantDecay([5, 9], [0.1, 0.01, 1e-3])),
         loss=lambda: keras.losses.BinaryCrossentropy(from_logits=True), run_eagerly=True)
compiled("loss_scale", optimizer=lambda: O.LossScaleOptimizer(O.Adam(1e-3)), loss="mse")
compiled("own_loss", optimizer="adam", loss=lambda: own_loss)


@file
def compiled_several_outputs():
    x = I((5, 3))
    h = L.LSTM(3)(x)
    model = keras.Model(x, {"kind": L.Dense(2, "softmax", name="kind")(h),
                            "size": L.Dense(1, name="size")(h)})
    model.compile(O.Adam(beta_1=0.8), {"kind": "categorical_crossentropy", "size": "mse"},
                  metrics={"kind": ["accuracy"], "size": ["mae", "mse"]},
                  loss_weights={"kind": 1.0, "size": 0.2})
    return model


@file
def compiled_list_of_losses():
    x = I((3,))
    model = keras.Model(x, [L.Dense(2)(x), L.Dense(1)(x)])
    model.compile("rmsprop", ["mse", keras.losses.MeanAbsoluteError()], loss_weights=[1, 0.5],
                  metrics=[["mae"], []])
    return model


# Classes that are not Keras' own, preprocessing, functions


@file(opaque="own>Attend")
def own_layer():
    return stack(L.LSTM(4, return_sequences=True), Attend(2, name="attend"), L.Dense(2))


@file(opaque="own>Attend")
def own_layer_in_graph():
    x = I((5, 3))
    a, b = TwoOutputs()(x)
    return keras.Model(x, [L.LSTM(2)(Twice()(a)), L.Dense(2)(b), Attend()(x)])


@file(opaque="own>Wrap")
def own_wrapper():
    return stack(Wrap(L.Dense(2)), L.LSTM(2))


@file(opaque="own>Twice")
def own_layer_in_wrapper():
    return stack(L.TimeDistributed(Twice()), L.GRU(2))


@file
def own_functional():
    x = I((5, 3))
    return OwnFunctional(x, L.Dense(2)(L.LSTM(3)(x)), name="mine")


@file
def own_sequential():
    return OwnSequential([I((5, 3)), L.GRU(3), L.Dense(2)])


@file
def own_model_nested():
    a = I((3,))
    inner = OwnFunctional(a, L.Dense(3)(L.Dense(2)(a)), name="inside")
    b = keras.Model(a, L.Dense(2)(a))
    x = I((5, 3))
    return keras.Model(x, [inner(L.GRU(3)(x)), b(L.LSTM(3)(x)), OwnSequential(
        [L.Dense(2)], name="stack")(L.Flatten()(x))])


@file(opaque="Lambda")
def lambda_function():
    return stack(L.Lambda(lambda x: x[:, -1] * 2, output_shape=(3,)), L.Dense(2))


@file
def preprocessing_numbers():
    numbers = np.arange(12, dtype="float32").reshape(4, 3)
    norm = L.Normalization()
    norm.adapt(numbers)
    x = I((3,))
    return keras.Model(x, L.Dense(2)(norm(L.Rescaling(1 / 255, 0.5)(x))))


@file(below=5)
def preprocessing_categories():
    x = I((1,))
    bins = L.Discretization([0.5, 1.5, 2.5])(x)
    return keras.Model(x, L.Dense(2)(L.CategoryEncoding(4, "one_hot")(bins)))


@file(opaque="EinsumDense")
def einsum_dense():
    return stack(L.EinsumDense("abc,cd->abd", (None, 4), bias_axes="d", activation="relu"),
                 L.LSTM(2))


@file(saves_only=True)
def without_shape():
    return keras.Sequential([L.LSTM(3, return_sequences=True), L.Dense(2)], name="unbuilt")


# Making


def numbers_of(model, rng):
    """Weights that are no one's defaults."""
    for variable in model.weights:
        values = rng.standard_normal(variable.shape) * 0.4
        if "variance" in variable.path.split("/")[-1]:
            values = np.abs(values) + 0.5
        if "count" in variable.path.split("/")[-1]:
            continue
        variable.assign(values.astype("float32"))
    # These layers compute with copies of their weights.
    for layer in model.layers:
        if isinstance(layer, L.Normalization):
            layer.finalize_state()


def inputs_of(model, rng, below):
    """An array for each input: numbers, whole numbers below a bound, or truth values."""
    result = []
    for tensor in model.inputs:
        shape = [2 if i == 0 else 6 if s is None else s for i, s in enumerate(tensor.shape)]
        dtype = keras.backend.standardize_dtype(tensor.dtype)
        if dtype.startswith("int") or below:
            values = rng.integers(0, below or 9, shape)
            if len(shape) > 1:
                values[0, :2] = values[0, :2] + 1 - (values[0, :2] > 0)
                values[-1, -2:] = 0
        elif dtype == "bool":
            values = rng.integers(0, 2, shape).astype(bool)
            values[:, 0] = True
        else:
            values = rng.standard_normal(shape)
            if len(shape) == 3:
                values[0, -1] = 0
        result.append(values.astype(dtype))
    return result


def called(model, values):
    """The outputs in the order of model.outputs."""
    structure = keras.tree.pack_sequence_as(model._inputs_struct, values) if hasattr(
        model, "_inputs_struct") else values[0]
    return [np.asarray(ops.convert_to_numpy(y), "float32")
            for y in keras.tree.flatten(model(structure, training=False))]


def rows(model):
    """Class and number of weights of each layer, whatever its name."""
    return [[type(layer).__name__, layer.count_params() if layer.built else 0]
            for layer in model.layers]


def repack(path):
    """The same members, deflated."""
    with zipfile.ZipFile(path) as archive:
        members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in members:
            archive.writestr(name, data)


def main():
    folder = os.path.join(HERE, "keras-files")
    os.makedirs(folder, exist_ok=True)
    for name in os.listdir(folder):
        if name.endswith(".keras"):
            os.remove(os.path.join(folder, name))
    entries, numbers = [], []
    for index, (name, make) in enumerate(MAKERS.items()):
        keras.utils.clear_session()
        keras.utils.set_random_seed(index)
        rng = np.random.default_rng(index)
        properties = PROPERTIES[name]
        model = make()
        if model.built:
            numbers_of(model, rng)
        path = os.path.join(folder, name + ".keras")
        model.save(path)
        if index % 3:
            repack(path)
        entry = {"name": name, "class_name": type(model).__name__, "model": model.name,
                 "opaque": properties.get("opaque"), "layers": rows(model),
                 "params": model.count_params() if model.built else 0, "inputs": [], "outputs": []}
        if not properties.get("saves_only"):
            values = inputs_of(model, rng, properties.get("below"))
            outputs = called(model, values)
            for tensor, value in zip(model.inputs, values):
                entry["inputs"].append(
                    [tensor._keras_history.operation.name, str(value.dtype), list(value.shape)])
                numbers.append(value)
            entry["outputs"] = [list(o.shape) for o in outputs]
            numbers += outputs
        entries.append(entry)
    with open(os.path.join(HERE, "keras-files.json"), "w", encoding="utf-8") as out:
        out.write(f'{{"keras": "{keras.__version__}", "files": [\n')
        out.write(",\n".join(json.dumps(e, ensure_ascii=False) for e in entries))
        out.write("\n]}\n")
    with open(os.path.join(HERE, "keras-files.bin"), "wb") as out:
        for array in numbers:
            out.write(np.asarray(array).astype("<f4").tobytes())
    size = sum(os.path.getsize(os.path.join(folder, n)) for n in os.listdir(folder))
    print(f"{len(entries)} files, {size} bytes, {sum(np.size(n) for n in numbers)} numbers")


if __name__ == "__main__":
    main()
