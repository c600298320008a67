import keras
from keras import layers

x = keras.Input((10, 4))
y = layers.LSTM(8, return_sequence=True)(x)
model = keras.Model(x, y)
