import functools
from operator import itemgetter

compute_fans = lambda shape: (int(np.prod(shape[:-1])), int(np.prod(shape[:-2])) * shape[-1])


class Rules:
    table = {"glorot": lambda i, o: 2 / (i + o), "he": lambda i, o: 2 / i, "lecun": lambda i, o: 1 / i}

    @classmethod
    def variance(cls, name, fan_in, fan_out):
        scheme, form = name.split("_", 1) if "_" in name else (name, "")
        try:
            assert form in {"uniform", "normal"}
            return cls.table[scheme](fan_in, fan_out)
        except (KeyError, AssertionError):
            raise ValueError(name) from None


theoretical_variance = Rules.variance


def limit_of(name, fan_in, fan_out, root):
    if "normal" in name:
        raise ValueError("una normal no tiene límite")
    return root(3 * theoretical_variance(name, fan_in, fan_out))


uniform_limit = functools.partial(limit_of, root=np.sqrt)
activation_variances, kernel_norms = (
    lambda activations: tuple(map(np.var, activations)),
    lambda weights: np.array([np.sqrt((np.asarray(w, "float64") ** 2).sum()) for w in weights if w.ndim > 1]),
)


def best_initializer(results):
    he = ((name, entry["history"]["val_accuracy"][-1]) for name, entry in results.items() if name.startswith("he"))
    return sorted(he, key=itemgetter(1))[-1][0]
