import keras
from keras import layers

a = keras.Input((10, 4))
b = keras.Input((12, 4))
c = layers.concatenate([a, b])
model = keras.Model([a, b], c)
