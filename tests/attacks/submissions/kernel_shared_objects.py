"""Tries: to leave objects in the kernel that outlive it: System V and POSIX queues, semaphores, shared memory, keys.

Layer: seccomp; namespaces.
Aims at: exercise 1.
"""


def attack():
    from multiprocessing import shared_memory

    return {
        "shm": attempt(lambda: system_call(29, 0x1234, 4096, 0o1666)),
        "msg": attempt(lambda: system_call(68, 0x1234, 0o1666)),
        "sem": attempt(lambda: system_call(64, 0x1234, 1, 0o1666)),
        "mq": attempt(lambda: system_call(240, b"attack", os.O_CREAT | os.O_RDWR, 0o666, None)),
        "posix shm": attempt(lambda: shared_memory.SharedMemory("attack", create=True, size=64)),
        "key": attempt(lambda: system_call(248, b"user", b"attack", b"x", 1, -4)),
    }
