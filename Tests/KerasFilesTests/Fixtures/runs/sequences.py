import numpy as np, keras
from keras.models import Sequential
from keras.layers import *
from keras.callbacks import EarlyStopping, ReduceLROnPlateau, LambdaCallback
from keras.utils import to_categorical
from keras.utils import pad_sequences
rng=np.random.RandomState(3)
seqs=[list(rng.randint(1,10,size=n)) for n in rng.randint(2,8,size=40)]
x=pad_sequences(seqs,maxlen=6)
y=to_categorical([s[0]%3 for s in seqs],3)
m=Sequential([Embedding(10,4,mask_zero=True),Bidirectional(LSTM(3,return_sequences=True)),GRU(4),Dense(3,activation='softmax')])
m.build((None,6))
m.set_weights([rng.normal(size=w.shape)*0.4 for w in m.get_weights()])
m.compile(loss='categorical_crossentropy',optimizer=keras.optimizers.Adam(learning_rate=0.02,clipnorm=1.0),metrics=['acc'])
h=m.fit(x,y,batch_size=16,epochs=4,shuffle=False,validation_split=0.25,verbose=0,callbacks=[EarlyStopping(patience=1,monitor='val_loss',restore_best_weights=True,verbose=1),ReduceLROnPlateau(monitor='loss',patience=1),LambdaCallback(on_epoch_end=lambda e,l: print('L',e,round(l['loss'],4)))],class_weight={0:1.,1:2.,2:1.})
print({k:[round(v,4) for v in vs] for k,vs in h.history.items()})
p=m.predict(x,verbose=0); print(p.shape,p.dtype,np.round(p[:2],4)); print(np.argmax(p,axis=-1)[:10])
print(m(x[:2]).shape, x[:2])
acc=(p.argmax(1)==y.argmax(1)).mean(); print('acc %.3f'%acc)
