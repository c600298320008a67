"""All sizes in one dictionary, handed on with ** as people do."""
from keras.layers import LSTM, Bidirectional, Dense, Embedding, SpatialDropout1D
from keras.models import Sequential

PARAMETERS = {
    "vocabulary": 8_000,
    "embedding": {"output_dim": 100, "mask_zero": True},
    "spatial_dropout": 0.2,
    "recurrent": [
        dict(units=64, return_sequences=True, dropout=0.1),
        dict(units=32, recurrent_dropout=0.1),
    ],
    "dense": {"units": 20, "activation": "relu", "kernel_regularizer": "l2"},
    "classes": 5,
}

overrides = {"classes": 3, "dense": {**PARAMETERS["dense"], "units": 24}}
settings = dict(PARAMETERS)
settings.update(overrides)

model = Sequential()
model.add(Embedding(settings["vocabulary"], input_length=45, **settings["embedding"]))
model.add(SpatialDropout1D(settings.get("spatial_dropout", 0.0)))
for recurrent in settings["recurrent"]:
    model.add(Bidirectional(LSTM(**recurrent)))
model.add(Dense(**settings["dense"]))
if settings.get("extra_layer"):
    model.add(Dense(10))
model.add(Dense(settings["classes"], activation="softmax" if settings["classes"] > 1 else "sigmoid"))
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
