right_activation = get_activation

# %%
def get_activation(name):
    try:
        return right_activation(name)
    except ValueError:
        raise ValueError("No conozco esa activación.") from None
