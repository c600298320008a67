from keras.models import Sequential
from keras.layers import *

model = Sequential()
model.add(Input(shape=(10, None)))
model.add(LSTM(6))
