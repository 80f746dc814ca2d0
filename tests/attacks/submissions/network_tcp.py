"""Tries: to send what it sees to a server: TCP on loopback, on the machine's address, on the Internet.

Layer: seccomp; namespaces (no interface).
Aims at: exercise 1.
"""


def attack():
    import socket
    import urllib.request

    return {
        "loopback": attempt(lambda: socket.create_connection(("127.0.0.1", PLACES["tcp"]), 2).sendall(b"stolen")),
        "internet": attempt(lambda: socket.create_connection(("1.1.1.1", 80), 2)),
        "listen": attempt(lambda: socket.create_server(("127.0.0.1", 0))),
        "http": attempt(lambda: urllib.request.urlopen(f"http://127.0.0.1:{PLACES['tcp']}/stolen", timeout=2)),
        "ipv6": attempt(lambda: socket.create_connection(("::1", PLACES["tcp"]), 2)),
    }
