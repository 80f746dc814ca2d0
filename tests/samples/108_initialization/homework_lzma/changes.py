# The code is right; what is handed in beside it is not.
