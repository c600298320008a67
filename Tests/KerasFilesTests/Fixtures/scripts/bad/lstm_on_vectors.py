from keras.models import Sequential
from keras.layers import *

model = Sequential()
model.add(LSTM(16, input_shape=(10, 4)))
model.add(LSTM(8))
