import numpy as np, keras
from keras import layers
rng = np.random.RandomState(5)
x = rng.rand(24, 6, 2).astype("float32")
y = (x[:, 0, 0] > 0.5).astype("float32")
w = rng.rand(24)
m = keras.Sequential([keras.Input((6, 2)), layers.SimpleRNN(3), layers.Dropout(0.0), layers.Dense(1, activation="sigmoid")])
m.set_weights([rng.normal(size=v.shape) * 0.5 for v in m.get_weights()])
m.compile(keras.optimizers.SGD(learning_rate=0.1, momentum=0.9, nesterov=True), "binary_crossentropy",
          metrics=[keras.metrics.BinaryAccuracy(name="right"), keras.metrics.AUC()], weighted_metrics=["mae"])
class Halve(keras.callbacks.Callback):
    def __init__(self, every):
        super().__init__()
        self.every = every
        self.seen = []
    def on_train_batch_begin(self, batch, logs=None):
        self.seen.append(batch)
    def on_epoch_begin(self, epoch, logs=None):
        if epoch and epoch % self.every == 0:
            self.model.optimizer.learning_rate = float(self.model.optimizer.learning_rate) / 2
halve = Halve(2)
h = m.fit(x, y, sample_weight=w, epochs=5, batch_size=10, shuffle=False, verbose=0, callbacks=[halve, keras.callbacks.History()],
          validation_data=(x[:8], y[:8], w[:8]), validation_freq=2, initial_epoch=1)
for key, values in h.history.items():
    print(key, [round(v, 4) for v in values])
print(h.epoch, halve.seen, float(m.optimizer.learning_rate), m.optimizer.iterations if isinstance(m.optimizer.iterations, int) else int(m.optimizer.iterations))
print(m.test_on_batch(x, y, return_dict=True).keys())
print([round(float(v), 4) for v in m.train_on_batch(x, y)])
weights = m.get_weights()
m.fit(x, y, epochs=1, verbose=0, shuffle=False)
print([bool(np.abs(a - b).max() > 0) for a, b in zip(weights, m.get_weights())])
m.set_weights(weights)
print(np.round(m.predict(x[:4], verbose=0).ravel(), 4))
m.layers[0].trainable = False
m.compile("adam", "mse")
m.fit(x, y, epochs=1, verbose=0)
print([bool(np.abs(a - b).max() > 0) for a, b in zip(weights, m.get_weights())])
m.summary()
