"""Tries: to send the judge the messages that only a judge sends, or only a fresh worker: Ready, Load, Call.

Layer: none needed: what was not asked for ends the worker.
Aims at: exercise 1.
"""


def compute_fans(kernel_shape):
    from grader.wire import protocol

    messages = [
        protocol.Ready({"python": "9"}, ["namespaces", "scratch", "landlock", "seccomp", "limits"]),
        protocol.Load([protocol.CellSource("points = 100", 1)]),
        protocol.Call("0" * 16, "exit", [], {}, [], True),
    ]
    for message in messages:
        payload = protocol.encode(message)
        for descriptor in range(3, 64):
            try:
                os.write(descriptor, protocol.HEADER.pack(len(payload)) + payload)
            except OSError:
                pass
    return [0, 0]
