from keras import Sequential, layers

model = Sequential()
model.add(layers.Input((4,)))
model.add(layers.Dense(3, name="head"))
model.add(layers.Dense(3, name="head"))
