from keras.models import Sequential
from keras.layers import *

def f(n):
    return f(n + 1)


model = Sequential([Dense(f(0), input_shape=(4,))])
