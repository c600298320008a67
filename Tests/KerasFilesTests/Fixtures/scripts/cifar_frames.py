"""Pictures as sequences of rows: shapes from a data set, built with model.build."""
import numpy as np
from keras.datasets import cifar10
from keras.models import Sequential
from keras.layers import (LSTM, Activation, BatchNormalization, Conv2D, Dense, GlobalAveragePooling2D,
                          MaxPooling2D, Reshape)

(train_x, train_y), (test_x, test_y) = cifar10.load_data()
classes = len(set(["plane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"]))
rows, columns, colours = train_x.shape[1], train_x.shape[2], train_x.shape[3]
print(train_x.dtype, train_x.nbytes, train_y.shape)
train_x = (train_x - train_x.mean(axis=(0, 1, 2))) / 255.0

model = Sequential([
    Conv2D(16, 3, padding="same"),
    BatchNormalization(),
    Activation("relu"),
    MaxPooling2D((1, 2)),
    Reshape((rows, (columns // 2) * 16)),
    LSTM(48),
    Dense(classes, activation="softmax"),
])
model.build(input_shape=(None, rows, columns, colours))
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")

pooled = Sequential()
pooled.add(Conv2D(8, (3, 5), strides=(2, 1), input_shape=train_x.shape[1:]))
pooled.add(GlobalAveragePooling2D())
pooled.add(Dense(classes))
