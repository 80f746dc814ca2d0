"""Tries: families that filters forget: netlink, packet, raw, vsock, Bluetooth, CAN, ALG, TIPC, XDP, SMC.

Layer: seccomp; namespaces for most.
Aims at: exercise 1.
"""


def attack():
    found = {}
    for family in range(48):
        for kind in (1, 2, 3, 5):
            found[f"{family} {kind}"] = attempt(lambda: c("socket", family, kind, 0))
    found["io_uring"] = attempt(lambda: system_call(425, 4, ctypes.create_string_buffer(120)))
    return {name: answer for name, answer in found.items() if answer.startswith("OPEN")} or {"all": "closed"}
