from keras.models import Sequential
from keras.layers import *

a = [0] * 10 ** 9
b = [i for i in range(10 ** 9)]
model = Sequential([Dense(len(b), input_shape=(4,))])
