import keras
x = 3
print(x)
