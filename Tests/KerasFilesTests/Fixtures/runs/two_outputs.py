import numpy as np, keras
from keras import layers
a=keras.Input((4,),name='a'); b=keras.Input((3,),name='b')
h=layers.concatenate([layers.Dense(5,activation='tanh',name='da')(a),layers.Dense(5,name='db')(b)])
o1=layers.Dense(1,activation='sigmoid',name='yes')(h)
o2=layers.Dense(3,activation='softmax',name='kind')(h)
m=keras.Model([a,b],[o1,o2])
rng=np.random.RandomState(0)
m.set_weights([rng.normal(size=w.shape).astype('float32')*0.3 for w in m.get_weights()])
m.compile(keras.optimizers.RMSprop(0.01),{'yes':'binary_crossentropy','kind':'sparse_categorical_crossentropy'},loss_weights={'yes':1.,'kind':.5},metrics={'yes':['accuracy'],'kind':['accuracy','mse'][:1]})
x1=rng.rand(30,4);x2=rng.rand(30,3);y1=(x1.sum(1)>2).astype(int);y2=rng.randint(0,3,30)
class Log(keras.callbacks.Callback):
    def on_train_begin(self, logs=None): print('begin', sorted(self.params))
    def on_epoch_end(self, epoch, logs=None):
        p=self.model.predict({'a':x1[:1],'b':x2[:1]},verbose=0)
        print(epoch, sorted(logs), round(float(p[0][0,0]),4))
        if epoch==2: self.model.stop_training=True
    def on_train_end(self, logs=None): print('end')
h=m.fit({'a':x1,'b':x2},{'yes':y1,'kind':y2},epochs=6,batch_size=8,shuffle=False,verbose=0,validation_data=([x1,x2],[y1,y2]),callbacks=[Log(),keras.callbacks.LearningRateScheduler(lambda e,lr: lr*0.5)])
for k in sorted(h.history): print(k,[round(v,4) for v in h.history[k]])
r=m.evaluate([x1,x2],[y1,y2],verbose=0)
print([round(v,4) for v in r])
print({k:round(v,4) for k,v in m.evaluate([x1,x2],[y1,y2],verbose=0,return_dict=True).items()})
print(np.round(m.predict([x1,x2],verbose=0)[1][:2],4), float(m.optimizer.learning_rate))
print(m.train_on_batch([x1,x2],[y1,y2],return_dict=True).keys())
print(len(m.trainable_weights), m.count_params(), [l.name for l in m.layers])
