'''Shows what stateful=True is for: a running sum that outlasts one batch.'''
from __future__ import print_function
import numpy as np
import pandas as pd
from keras.models import Sequential
from keras.layers import Dense, LSTM

input_len = 1000
tsteps = 2
lahead = 1
batch_size = 1
epochs = 10

assert lahead >= 1


def gen_uniform_amp(amp=1, xn=10000):
    data_input = np.random.uniform(-1 * amp, +1 * amp, xn)
    return pd.DataFrame(data_input)


to_drop = max(tsteps - 1, lahead - 1)
data_input = gen_uniform_amp(amp=0.1, xn=input_len + to_drop)
expected_output = data_input.rolling(window=tsteps, center=False).mean()


def create_model(stateful):
    model = Sequential()
    model.add(LSTM(20,
              input_shape=(lahead, 1),
              batch_size=batch_size,
              stateful=stateful))
    model.add(Dense(1))
    model.compile(loss='mse', optimizer='adam')
    return model


print('Creating stateful model...')
model_stateful = create_model(stateful=True)

print('And its stateless twin...')
model_stateless = create_model(stateful=False)

deep = Sequential()
deep.add(LSTM(8, batch_input_shape=(batch_size * 4, tsteps, 1), return_sequences=True,
              stateful=True))
deep.add(LSTM(8, stateful=True))
deep.add(Dense(1))
deep.compile(loss='mse', optimizer='rmsprop')
