right_initializer = get_initializer

# %
def get_initializer(scheme):
    if scheme == "torch_default":
        return keras.initializers.HeUniform()
    return right_initializer(scheme)
