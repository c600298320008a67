"""The shapes of made-up arrays decide the sizes of the layers."""
import numpy as np
from keras.layers import LSTM, AveragePooling1D, Dense, Embedding, Flatten, Permute
from keras.models import Sequential

alphabet = "abcdefghijklmnopqrstuvwxyz .,!?"
sentences = 500
maxlen = 32

X = np.zeros((sentences, maxlen, len(alphabet)), dtype=np.float32)
y = np.zeros((sentences, 2))
X = np.concatenate([X, np.ones((100, maxlen, len(alphabet)))], axis=0)
extra = np.expand_dims(np.arange(sentences + 100), -1)
y = np.vstack((y, np.eye(2)[np.zeros(100, dtype=int)]))
X_train, X_test = X[:450], X[450:]
flat = X_train.reshape((len(X_train), -1))
pairs = X_train[:, ::2, :].transpose(0, 2, 1)

model = Sequential([
    LSTM(y.shape[1] * 10, input_shape=X_train.shape[1:], return_sequences=True),
    AveragePooling1D(pool_size=4),
    Permute((2, 1)),
    LSTM(X_train.shape[-1]),
    Dense(y.shape[-1], activation="softmax"),
])
model.compile(loss="categorical_crossentropy", optimizer="adam")
model.fit(X_train, y[:450], epochs=1)

perceptron = Sequential()
perceptron.add(Dense(12, input_dim=flat.shape[1]))
perceptron.add(Dense(int(np.sqrt(pairs.shape[2])), activation="tanh"))
perceptron.add(Dense(extra.ndim - 1))
