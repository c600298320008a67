from keras.models import Sequential
from keras.layers import *

model = Sequential()
model.add(Input(shape=(5, 3)))
model.add(Conv1D(8, 7))
