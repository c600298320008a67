"""Why does my LSTM accept any input_shape, and is input_shape=(1, 8) right?

It is ignored here: in a functional model a layer takes the shape of what it is called on.
The left tower reads sentences of any length, the right one sentences of 5 words. Look at what
stands before each LSTM: (None, None, 8) on the left, (None, 4, 8) on the right. The weights depend
on the 8 features only, so both LSTMs have the same 360 parameters, whatever the length.

Look also at the pooling: with data_format="channels_first" it takes the timesteps for channels and
shrinks the 32 features to 8, while the number of timesteps stays as it was.
"""

import random

import numpy
from keras import ops
from keras.layers import LSTM, Conv2D, Dense, Input, MaxPooling1D, Reshape, Subtract
from keras.models import Model

WORD_VECTOR = 300
FILTERS = 32

# Left tower: a sentence of any length.
any_sentence = Input(shape=(None, WORD_VECTOR, 1))
pairs = Conv2D(FILTERS, (2, WORD_VECTOR))(any_sentence)
pairs = ops.squeeze(pairs, 2)
pooled = MaxPooling1D(4, data_format="channels_first")(pairs)
left = LSTM(units=6, input_shape=(1, 8))(pooled)

# Right tower: a sentence of 5 words, so of 4 pairs of neighbours.
short_sentence = Input(shape=(5, WORD_VECTOR, 1))
pairs = Conv2D(FILTERS, (2, WORD_VECTOR))(short_sentence)
pairs = Reshape((4, FILTERS))(pairs)
pooled = MaxPooling1D(4, data_format="channels_first")(pairs)
right = LSTM(units=6, input_shape=(1, 8))(pooled)

# Join the towers: how far apart are the two sentences?
difference = Subtract()([left, right])
hidden = Dense(16, activation="relu")(difference)
answer = Dense(1, activation="sigmoid")(hidden)

model = Model([any_sentence, short_sentence], answer)
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])

# Noise to train on: there is nothing to learn in it.
length = random.randint(2, 10)
x1 = numpy.random.random((100, length, WORD_VECTOR))
x2 = numpy.random.random((100, 5, WORD_VECTOR))
y = numpy.random.randint(2, size=100)

model.fit([x1, x2], y, epochs=10, batch_size=5)
prediction = [round(value) for [value] in model.predict([x1, x2])]
right_answers = prediction == y
print("accuracy:", sum(right_answers) / len(prediction))
