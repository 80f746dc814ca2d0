right_initializer = get_initializer

# %
def get_initializer(scheme):
    if scheme == "lecun":
        return keras.initializers.LecunUniform()
    return right_initializer(scheme)
