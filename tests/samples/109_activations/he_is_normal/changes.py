right_initializer = get_initializer

# %
def get_initializer(scheme):
    if scheme == "he":
        return keras.initializers.HeNormal()
    return right_initializer(scheme)
