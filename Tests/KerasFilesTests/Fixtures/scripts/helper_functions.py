"""Builds a tagger from small functions, each adding one block."""
from keras.layers import (BatchNormalization, Bidirectional, Conv1D, Dense, Dropout, Embedding,
                          Input, LSTM, TimeDistributed)
from keras.models import Model

VOCABULARY, LENGTH, TAGS = 5000, 60, 17


def conv_block(x, filters, size=3, drop=None):
    x = Conv1D(filters, size, padding="same", use_bias=False)(x)
    x = BatchNormalization()(x)
    if drop:
        x = Dropout(drop)(x)
    return x


def recurrent_block(x, *widths, merge="concat"):
    for width in widths:
        x = Bidirectional(LSTM(width, return_sequences=True), merge_mode=merge)(x)
    return x


def build(blocks=2, **options):
    words = Input((LENGTH,), dtype="int32")
    x = Embedding(VOCABULARY, 48)(words)
    for block in range(blocks):
        x = conv_block(x, 32 * (block + 1), drop=0.2 if block else None)
    x = recurrent_block(x, 40, 20, **options)
    return Model(words, TimeDistributed(Dense(TAGS, activation="softmax"))(x))


def count_layers(m):
    return sum(1 for _ in m.layers)


plain = build()
tagger = build(blocks=3, merge="sum")
tagger.compile("adam", "sparse_categorical_crossentropy")
print("layers:", count_layers(tagger))
