'''Word vectors averaged over a review; pairs of words may be added to the vocabulary.'''
from __future__ import print_function
import numpy as np

from keras.preprocessing import sequence
from keras.models import Sequential
from keras.layers import Dense
from keras.layers import Embedding
from keras.layers import GlobalAveragePooling1D
from keras.datasets import imdb


def ngrams_of(words, n=2):
    """The set of runs of n words."""
    return set(zip(*[words[i:] for i in range(n)]))


def with_ngrams(reviews, index_of, longest=2):
    longer = []
    for review in reviews:
        new = review[:]
        for n in range(2, longest + 1):
            for start in range(len(new) - n + 1):
                gram = tuple(new[start:start + n])
                if gram in index_of:
                    new.append(index_of[gram])
        longer.append(new)
    return longer


ngram_range = 1
max_features = 20000
maxlen = 400
batch_size = 32
embedding_dims = 50
epochs = 5

(x_train, y_train), (x_test, y_test) = imdb.load_data(num_words=max_features)
print('Average length: {}'.format(np.mean(list(map(len, x_train)), dtype=int)))

if ngram_range > 1:
    grams = set()
    for review in x_train:
        for n in range(2, ngram_range + 1):
            grams.update(ngrams_of(review, n=n))
    first = max_features + 1
    index_of = {gram: k + first for k, gram in enumerate(grams)}
    max_features = np.max(list(index_of.values())) + 1
    x_train = with_ngrams(x_train, index_of, ngram_range)
    x_test = with_ngrams(x_test, index_of, ngram_range)

x_train = sequence.pad_sequences(x_train, maxlen=maxlen)
x_test = sequence.pad_sequences(x_test, maxlen=maxlen)

model = Sequential()
# words to vectors of embedding_dims numbers
model.add(Embedding(max_features,
                    embedding_dims,
                    input_length=maxlen))
# one vector a review
model.add(GlobalAveragePooling1D())
model.add(Dense(1, activation='sigmoid'))
model.compile(loss='binary_crossentropy', optimizer='adam', metrics=['accuracy'])

model.fit(x_train, y_train, batch_size=batch_size, epochs=epochs,
          validation_data=(x_test, y_test))
