from keras.models import Sequential
from keras.layers import *

import pickle

with open("words.pkl", "rb") as f:
    vocabulary = pickle.load(f)
vocabulary_size = len(vocabulary) + 1
model = Sequential()
model.add(Embedding(vocabulary_size, 32, input_length=10))
