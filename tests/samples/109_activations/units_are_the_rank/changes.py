def distinct_units(weights):
    return int(np.linalg.matrix_rank(weights))
