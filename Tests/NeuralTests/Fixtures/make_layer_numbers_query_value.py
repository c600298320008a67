"""Asks real Keras 3.15 what numbers attention without heads makes of small inputs.

    KERAS_BACKEND=jax python make_layer_numbers_query_value.py > layer-numbers-query-value.json

Cases, inputs and weights are as make_layer_numbers.py says. "masks" are those of query and value;
"call" are further arguments of the call, "output" is the place of the output that is compared.
"""

import keras
import make_layer_numbers as base
import numpy as np

base.CASES.clear()
R, add, mask = base.R, base.add, base.mask


def ask(case, name, config, shapes, how):
    """What Keras makes of a case; raises where Keras refuses."""
    layer = base.make(name, config)
    inputs = [keras.ops.convert_to_tensor(base.formula(case, i, shape, how.get("values")))
              for i, shape in enumerate(shapes)]  # fmt: skip
    masks = [None if m is None else keras.ops.convert_to_tensor(m, "bool")
             for m in how.get("masks", [])]  # fmt: skip
    layer.build([t.shape for t in inputs])
    base.weights(case, layer)
    output = layer(inputs, mask=masks or None, **how.get("call", {}))
    if isinstance(output, tuple):
        output = output[how.get("output", 0)]
    return {"sizes": list(output.shape), "numbers": base.numbers(output)}


base.ask = ask
LAYERS = [("Attention", {"score_mode": mode, "use_scale": scale})
          for mode in ("dot", "concat") for scale in (False, True)] + [
    ("AdditiveAttention", {"use_scale": scale}) for scale in (False, True)]  # fmt: skip
causal, scores = {"use_causal_mask": True}, {"return_attention_scores": True}

for name, config in LAYERS:
    add(name, config, (2, 3, 4), (2, 3, 4))
    add(name, config, (2, 2, 4), (2, 5, 4))
    add(name, config, (2, 3, 4), (2, 2, 3), (2, 2, 4))
    add(name, config, (1, 2, 2, 3), (1, 2, 3, 3))
    add(name, config, (2, 2, 2, 3), (2, 2, 3, 1), (2, 2, 3, 3), call=causal)
    add(name, config, (2, 3), (4, 3))
    for one, other in ((3, 3), (2, 4), (4, 2)):
        add(name, config, (2, one, 2), (2, other, 2), call=causal)
        add(name, config, (2, one, 2), (2, other, 2), masks=[mask(2, one), mask(2, other)])
        add(name, config, (2, one, 2), (2, other, 2), masks=[None, mask(2, other)],
            call=causal | scores, output=1)  # fmt: skip
    add(name, config, (2, 3, 2), (2, 2, 1), (2, 2, 2), masks=[mask(2, 3), None], call=scores)
    add(name, config, (2, 3, 2), (2, 2, 2), masks=[mask(2, 3), mask(2, 2)], call=scores, output=1)
    # Where no timestep of the value counts, all count alike.
    nothing = [[[0, 1, 0], [0, 0, 0]], [[0, 0], [0, 1]]]
    given = [(np.arange(12) % 5 - 2).tolist(), (np.arange(8) % 3 - 1).tolist()]
    add(name, config, (2, 3, 2), (2, 2, 2), masks=nothing, values=given)
    add(name, config, (2, 3, 2), (2, 2, 2), masks=nothing, values=given,
        call=causal | scores, output=1)  # fmt: skip
    # A mask for each pair of timesteps.
    add(name, config, (2, 3, 2), (2, 2, 2), masks=[None, [mask(3, 2), mask(3, 2)]])
add("Attention", {}, (1, 2, 2), (1, 2, 2), values=[["inf", 1, 2, 3], [1, 0, 0, "nan"]])
add("Attention", {}, (1, 2, 2), (1, 3, 2), values=[[300, 1, -2e3, 30], [90, 1e3, 0, 3, -50, 4]])
add("Attention", {"dropout": 0.5}, (2, 3, 4), (2, 3, 4))
add("AdditiveAttention", {"dropout": 0.5}, (2, 3, 4), (2, 3, 4))

if __name__ == "__main__":
    base.write(base.CASES)
