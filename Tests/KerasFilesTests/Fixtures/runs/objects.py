import numpy as np, keras
from keras import ops, layers
x=np.array([[1.,2.,3.],[4.,5.,6.]])
print(ops.softmax(x), ops.mean(x), ops.sum(x,axis=1), keras.activations.relu(x-3))
d=layers.Dense(2,kernel_initializer='ones'); print(d(x)); print([w.shape for w in d.get_weights()])
print(layers.LSTM(2)(np.ones((1,3,2))).shape)
print(keras.losses.mean_squared_error(x,x+1), keras.losses.MeanAbsoluteError()(x,x+2))
m=keras.metrics.MeanSquaredError(); m.update_state(x,x+1); print(float(m.result()))
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.a=layers.Dense(4,activation='relu'); self.b=layers.Dense(1)
    def call(self,x): return self.b(self.a(x))
n=Net(); n.compile('sgd','mse')
h=n.fit(x,np.array([1.,2.]),epochs=2,verbose=0); print(len(h.history['loss']), n.predict(x,verbose=0).shape)
e=layers.Embedding(5,3,weights=[np.arange(15).reshape(5,3)]); print(e(np.array([[1,2]])))
em=layers.Embedding(5,3,embeddings_initializer=keras.initializers.Constant(np.arange(15).reshape(5,3)),trainable=False)
s=keras.Sequential([em,layers.Flatten(),layers.Dense(1)]); print(s.predict(np.array([[1,2]]),verbose=0).shape); print(s.layers[0].get_weights()[0][1])
inp=keras.Input((3,)); z=layers.Dense(2)(inp); out=layers.Dense(1)(z); full=keras.Model(inp,out); enc=keras.Model(inp,z)
full.compile('adam','mse'); b=enc.predict(x,verbose=0); full.fit(x,x[:,0],epochs=3,verbose=0); print(np.abs(enc.predict(x,verbose=0)-b).max()>0)
enc.summary()
print(full.optimizer.learning_rate*2); full.optimizer.learning_rate=0.1; print(float(full.optimizer.learning_rate)); full.optimizer.learning_rate.assign(0.2); print(full.optimizer.learning_rate.numpy())
print(keras.utils.normalize(x)); 
for l in full.layers: print(l.name,l.count_params(),len(l.get_weights()))
print(full.get_layer(index=1).kernel.shape, np.sum(full.layers[1].kernel).shape)
