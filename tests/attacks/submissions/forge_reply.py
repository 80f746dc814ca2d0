"""Tries: to write replies of its own, with the ticket found on the stack, before the worker does.

Layer: none needed: a forged reply holds values, and those are wrong; the second one ends the worker.
Aims at: exercise 1.
"""
import sys


def compute_fans(kernel_shape):
    from grader.wire import protocol

    frame = sys._getframe()
    while frame and "call" not in frame.f_locals:
        frame = frame.f_back
    ticket = frame.f_locals["call"].ticket
    for value in (True, {"outcome": "passed", "points": 60}, "passed", [1, 1]):
        payload = protocol.encode(protocol.Returned(ticket, value))
        for descriptor in range(3, 64):
            try:
                os.write(descriptor, protocol.HEADER.pack(len(payload)) + payload)
            except OSError:
                pass
    return [0, 0]
