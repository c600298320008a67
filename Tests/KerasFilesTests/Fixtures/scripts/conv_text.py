"""Sentences through convolutions of several widths (the usual text CNN), functional style."""
import numpy as np
import keras
from keras.layers import (Input, Embedding, Conv1D, GlobalMaxPooling1D, Concatenate, Dense,
                          Dropout, Reshape, Conv2D, MaxPool2D, Flatten)
from keras.models import Model

sequence_length = 56
vocabulary_size = 18765
embedding_dim = 64
filter_sizes = [3, 4, 5]
num_filters = 32

inputs = Input(shape=(sequence_length,), dtype='int32')
embedding = Embedding(input_dim=vocabulary_size, output_dim=embedding_dim,
                      input_length=sequence_length)(inputs)
reshape = Reshape((sequence_length, embedding_dim, 1))(embedding)

maps = []
for size in filter_sizes:
    conv = Conv2D(num_filters, kernel_size=(size, embedding_dim), padding='valid',
                  kernel_initializer='normal', activation='relu')(reshape)
    maps.append(MaxPool2D(pool_size=(sequence_length - size + 1, 1), strides=(1, 1),
                          padding='valid')(conv))
concatenated = Concatenate(axis=1)(maps)
flatten = Flatten()(concatenated)
side = [GlobalMaxPooling1D()(Conv1D(num_filters // 2, k, activation='relu')(embedding))
        for k in filter_sizes if k % 2]
joined = Concatenate()([flatten] + side)
output = Dense(units=2, activation='softmax')(Dropout(0.5)(joined))

model = Model(inputs=inputs, outputs=output)
model.compile(optimizer='adam', loss='binary_crossentropy', metrics=['accuracy'])
