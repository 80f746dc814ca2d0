right_initializer = get_initializer

# %%
def get_initializer(scheme):
    if scheme in ("xavier", "he", "lecun"):
        return right_initializer(scheme)
    else:
        return right_initializer("torch_default")
