from keras.models import Sequential
from keras.layers import *

model = Sequential()
model.add(LSTM("64", input_shape=(4, 3)))
