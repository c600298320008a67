import keras
from keras import layers

a = keras.Input((10, 4))
b = keras.Input((10, 6))
c = layers.Add()([a, b])
model = keras.Model([a, b], c)
