"""Tries: to send datagrams to loopback, broadcast and multicast.

Layer: seccomp; namespaces.
Aims at: exercise 1.
"""


def attack():
    import socket

    def send(host):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            return sender.sendto(b"stolen", (host, PLACES["udp"]))

    return {host: attempt(lambda: send(host)) for host in ("127.0.0.1", "255.255.255.255", "224.0.0.1")}
