"""Tries: to take over the connection: read the judge's requests and answer all later calls itself, from a thread.

Layer: none needed: each answer is still a value for inputs that were drawn for the call.
Aims at: exercise 1.
"""
import os
import struct
import threading


def compute_fans(kernel_shape):
    from grader.wire import protocol

    def serve():
        buffer = b""
        while True:
            for descriptor in range(3, 16):
                try:
                    os.set_blocking(descriptor, False)
                    buffer += os.read(descriptor, 2**20)
                except OSError:
                    continue
            while len(buffer) >= 8 and len(buffer) >= 8 + struct.unpack(">Q", buffer[:8])[0]:
                length = struct.unpack(">Q", buffer[:8])[0]
                call, buffer = protocol.decode(buffer[8 : 8 + length]), buffer[8 + length :]
                payload = protocol.encode(protocol.Returned(call.ticket, True))
                for descriptor in range(3, 16):
                    try:
                        os.write(descriptor, protocol.HEADER.pack(len(payload)) + payload)
                    except OSError:
                        pass

    threading.Thread(target=serve, daemon=True).start()
    return [0, 0]
