"""Is a film review friendly? Word numbers in, one probability out.

Look at the shapes: the embedding turns 200 word numbers into 200 timesteps of 64 features; the
bidirectional LSTM keeps only each direction's final state, so the time axis is gone: 32→ 32←.
Most parameters are in the embedding, one row of 64 numbers for each of 20,000 words.

Try in the explorer: press r on the bidirectional layer and see which layer no longer fits.
"""

from keras.layers import LSTM, Bidirectional, Dense, Dropout, Embedding, Input
from keras.models import Sequential

vocabulary = 20000
words = 200

model = Sequential(
    [
        Input(shape=(words,), dtype="int32", name="word_numbers"),
        Embedding(vocabulary, 64),
        Bidirectional(LSTM(32)),
        Dropout(0.5),
        Dense(1, activation="sigmoid"),
    ],
    name="sentiment",
)
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
model.summary()
