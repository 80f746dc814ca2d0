"""Tries: to send from one end of a harmless pair of Unix sockets to somebody else's address, which Linux allows.

Layer: seccomp (socketpair and sendto too, not only socket and connect); scratch (no path).
Aims at: exercise 1.
"""


def attack():
    import socket

    def send(address):
        ours, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        return ours.sendto(b"stolen", address)

    return {"path": attempt(lambda: send(PLACES["datagrams"])), "log": attempt(lambda: send("/dev/log"))}
