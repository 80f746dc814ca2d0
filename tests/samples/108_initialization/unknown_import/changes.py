import torch

# %%
def theoretical_variance(initializer, fan_in, fan_out):
    return float(torch.tensor(2.0) / (fan_in + fan_out))
