import random


def even(bits):
    result = True
    for bit in bits:
        result ^= bool(bit)
    return int(result)


def make_parity(n_bits, n_samples, seed):
    dice = random.Random(int(seed))
    seen, rows = set(), []
    while len(rows) < n_samples:
        code = dice.getrandbits(n_bits)
        if n_samples <= 2**n_bits and code in seen:
            continue
        seen.add(code)
        rows.append([int(bit) for bit in f"{code:0{n_bits}b}"])
    return np.array(rows, np.float32), np.array([even(row) for row in rows], np.int32)
