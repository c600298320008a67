from keras.models import Sequential
from keras.layers import *

model = Sequential()
model.add(Input((4,)))
model.add(Dense(2**62))
