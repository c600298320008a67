from keras.models import Sequential
from keras.layers import *

model = Sequential()
model.add(Input((8, 2)))
model.add(Bidirectional(LSTM(3), "concat", None, None, 5))
