from keras.models import Sequential
from keras.layers import *

s = "ab" * 10 ** 10
model = Sequential([Dense(len(s), input_shape=(4,))])
