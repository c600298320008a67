"""Asks real Keras 3.15 what attention without heads makes of random settings and inputs.

    KERAS_BACKEND=jax python make_layer_shapes_query_value.py [CASES] [SEED]

Prints layer-shapes-query-value.json; cases are as make_layer_shapes.py says.
"""

import make_layer_shapes as base

R = base.R


def inputs():
    """Query, value and mostly no key, which fit each other most of the time."""
    rank = R.choice([3, 3, 3, 3, 2, 4])
    query = base.shape(rank)
    value = list(query)
    value[-2] = base.size() if rank > 2 else query[0]
    query[-1] = value[-1] = R.choice([None, 2, 4, 4])
    result = [query, value]
    if R.random() < 0.4:
        result.append(list(value))
        value[-1] = base.size()
    if R.random() < 0.1:
        result.append(list(value))
    if R.random() < 0.1:
        R.choice(result)[-1] = 3
    return result if R.random() < 0.95 else result[:1]


def cannot_run(name, config, shapes):
    """Cases whose shape Keras computes though the layer could not run on real numbers."""
    if len(shapes) not in (2, 3):
        return False
    query, value, key = shapes[0], shapes[1], shapes[-1 if len(shapes) > 2 else 1]

    def differ(one, other):
        return None not in (one, other) and one != other

    return differ(query[-1], key[-1]) or differ(value[-2], key[-2]) or any(
        differ(a, b) for other in (value, key) for a, b in zip(query[:-2], other[:-2]))


base.MAKERS = {
    "Attention": lambda: (base.some(use_scale=base.flag,
                                    score_mode=lambda: R.choice(["dot", "concat"])), inputs()),
    "AdditiveAttention": lambda: (base.some(use_scale=base.flag), inputs()),
}
base.MERGES |= set(base.MAKERS)
base.cannot_run = cannot_run

if __name__ == "__main__":
    base.main()
