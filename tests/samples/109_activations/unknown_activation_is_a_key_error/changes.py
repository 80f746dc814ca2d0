right_activation = get_activation

# %%
def get_activation(name):
    return {name: right_activation(name) for name in ("relu", "tanh")}[name]
