"""Runs with either Keras, as long-lived scripts do."""
try:
    from tensorflow.keras.models import Model
    from tensorflow.keras import layers as kl
    from tensorflow.keras import backend as K
except ImportError:
    from keras.models import Model
    from keras import layers as kl
    from keras import backend as K

try:
    import cPickle as pickle
except ImportError:
    import pickle

import logging
import time

log = logging.getLogger(__name__)
K.clear_session()

started = time.time()
frames, height, width, channels = 8, 24, 24, 3
video = kl.Input(shape=(frames, height, width, channels))
x = kl.TimeDistributed(kl.Conv2D(12, (5, 5), strides=2, activation='relu'))(video)
x = kl.TimeDistributed(kl.MaxPool2D())(x)
x = kl.TimeDistributed(kl.Flatten())(x)
sequence, h, c = kl.LSTM(30, return_sequences=True, return_state=True)(x)
query = kl.Reshape((1, 30))(h)
scores = kl.Dot(axes=(2, 2))([sequence, query])
weights = kl.Activation('softmax')(scores)
context = kl.Dot(axes=(1, 1))([weights, sequence])
context = kl.Flatten()(context)
both = kl.concatenate([context, c])
out = kl.Dense(11, activation='softmax')(both)
model = Model(video, out)
log.info('built in %.1f s', time.time() - started)
model.compile(optimizer='adam', loss='categorical_crossentropy')
