from keras.models import Sequential
from keras.layers import *

n = 10 ** 10 ** 10
model = Sequential([Dense(n, input_shape=(4,))])
