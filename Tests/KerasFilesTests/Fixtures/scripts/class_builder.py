"""A class that keeps its model in an attribute and adds layers in its methods."""
from keras import layers, optimizers
from keras.models import Sequential


class Classifier:
    default_units = 32

    def __init__(self, seq_length, feature_dim, classes, units=None):
        self.seq_length = seq_length
        self.feature_dim = feature_dim
        self.classes = classes
        self.units = units or self.default_units
        self.model = Sequential()
        self._add_recurrent()
        self._add_head()

    @property
    def input_shape(self):
        return (self.seq_length, self.feature_dim)

    def _add_recurrent(self):
        self.model.add(layers.Bidirectional(
            layers.LSTM(self.units, return_sequences=True), input_shape=self.input_shape))
        self.model.add(layers.BatchNormalization())
        self.model.add(layers.Dropout(0.5))
        self.model.add(layers.GRU(self.units // 2, reset_after=False))

    def _add_head(self):
        activation = "sigmoid" if self.classes == 1 else "softmax"
        self.model.add(layers.Dense(self.classes, activation=activation))

    def train(self, x, y):
        self.model.compile(optimizer=optimizers.Adam(), loss="categorical_crossentropy")
        return self.model.fit(x, y, epochs=10)


class WideClassifier(Classifier):
    default_units = 96

    def _add_head(self):
        self.model.add(layers.Dense(64, activation="relu"))
        super()._add_head()


narrow = Classifier(128, 20, 4)
wide = WideClassifier(seq_length=128, feature_dim=20, classes=1)
wide.model.summary()
