def best_initializer(results):
    return [name for name in results if name != "glorot_uniform"][0]
