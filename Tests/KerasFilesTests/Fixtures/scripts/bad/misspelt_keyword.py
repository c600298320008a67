from keras.models import Sequential
from keras.layers import *

model = Sequential()
model.add(LSTM(untis=32, input_shape=(10, 4)))
