import keras
from keras import layers

x = keras.Input((10, 4))
a, b = layers.LSTM(3, return_state=True)(x)
model = keras.Model(x, a)
