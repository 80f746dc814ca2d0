"""Tries: to talk to services of the machine through Unix sockets: by path, abstract, streams and datagrams.

Layer: seccomp; scratch (no path); namespaces (abstract names).
Aims at: exercise 1.
"""


def attack():
    import socket

    def send(kind, address):
        with socket.socket(socket.AF_UNIX, kind) as sender:
            sender.connect(address)
            return sender.send(b"stolen")

    return {
        "stream": attempt(lambda: send(socket.SOCK_STREAM, PLACES["unix"])),
        "datagram": attempt(lambda: send(socket.SOCK_DGRAM, PLACES["datagrams"])),
        "abstract": attempt(lambda: send(socket.SOCK_STREAM, "\0" + PLACES["abstract"])),
        "docker": attempt(lambda: send(socket.SOCK_STREAM, "/var/run/docker.sock")),
        "log": attempt(lambda: send(socket.SOCK_DGRAM, "/dev/log")),
    }
