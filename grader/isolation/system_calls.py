"""The seccomp layer of sandbox.py: the system calls that student code is left with (Linux).

Three kinds. Those below are refused with EPERM. A few are allowed for certain arguments only: threads but no processes,
no signal to another process, no owner for a descriptor's signals, no ioctl but those that ask about a descriptor. Every
other call that Linux had before 5.12 is allowed; what came later does not exist (ENOSYS), as on an older kernel.
"""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from typing import Any

from grader.isolation.sandbox import Unavailable

FIRST_UNKNOWN = 442  # mount_setattr; from 424 on all architectures number alike
CLONE_THREAD = 0x10000
LOW_HALF = 0xFFFFFFFF  # the kernel looks at 32 bits of these arguments, so what stands above them must not matter

PROCESSES = "fork vfork execve execveat ptrace process_vm_readv process_vm_writev process_madvise kcmp"
SIGNALS = "kill tkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_open pidfd_getfd pidfd_send_signal setpgid setsid"
SOCKETS = (
    "socket socketpair connect bind listen accept accept4 shutdown getsockname getpeername setsockopt getsockopt "
    "sendto sendmsg sendmmsg recvfrom recvmsg recvmmsg"
)
SHARED_MEMORY = (
    "memfd_create userfaultfd shmget shmat shmctl shmdt msgget msgsnd msgrcv msgctl semget semop semctl semtimedop "
    "mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr"
)
ATTRIBUTES = (
    "chmod fchmod fchmodat chown fchown lchown fchownat utime utimes futimesat utimensat "
    "setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr mknod mknodat"
)
OTHERS_TIME = (
    "setpriority ioprio_set sched_setattr sched_setscheduler sched_setparam sched_setaffinity migrate_pages move_pages "
    "get_robust_list sync syncfs"
)
WATCHING = "inotify_init inotify_init1 inotify_add_watch inotify_rm_watch fanotify_init fanotify_mark lookup_dcookie"
RIGHTS = "setuid setgid setreuid setregid setresuid setresgid setfsuid setfsgid setgroups capset personality"
KERNEL = (
    "mount umount2 pivot_root chroot unshare setns move_mount open_tree fsopen fsmount fsconfig fspick "
    "bpf perf_event_open io_uring_setup io_uring_enter io_uring_register io_setup io_submit io_getevents io_pgetevents "
    "io_cancel io_destroy keyctl add_key request_key vmsplice remap_file_pages modify_ldt uselib ustat sysfs _sysctl "
    "init_module finit_module delete_module kexec_load kexec_file_load reboot swapon swapoff syslog acct quotactl "
    "settimeofday clock_settime adjtimex clock_adjtime sethostname setdomainname open_by_handle_at name_to_handle_at "
    "iopl ioperm vhangup nfsservctl"
)
REFUSED = " ".join(
    (PROCESSES, SIGNALS, SOCKETS, SHARED_MEMORY, ATTRIBUTES, OTHERS_TIME, WATCHING, RIGHTS, KERNEL)
).split()

FCNTL = (*range(8), *(36, 37, 38), *range(1030, 1035))  # duplicates, flags, locks, sizes; no owner, lease or notice
IOCTL = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)  # TCGETS TIOCGWINSZ FIONREAD FIONBIO FIONCLEX FIOCLEX
PRCTL = (3, 15, 16, 21, 23, 27, 39, 0x53564D41)  # reads of flags, thread names, names of memory
ALLOWED_VALUES = {"fcntl": (1, FCNTL), "ioctl": (1, IOCTL), "prctl": (0, PRCTL), "prlimit64": (0, (0,))}


def filter_system_calls() -> None:
    """Put the filter on this process for good. Raises Unavailable."""
    try:
        import pyseccomp as seccomp
    except (ImportError, OSError, RuntimeError) as error:
        raise Unavailable(f"libseccomp: {error}") from error
    try:
        rules = seccomp.SyscallFilter(seccomp.ERRNO(errno.ENOSYS))
        rules.set_attr(seccomp.Attr.ACT_BADARCH, seccomp.KILL_PROCESS)  # 32-bit and x32 calls
        refused = numbers(seccomp, REFUSED)
        conditional = numbers(seccomp, [*ALLOWED_VALUES, "clone", "clone3", "tgkill"])
        for number in set(range(FIRST_UNKNOWN)) - refused - conditional:
            rules.add_rule(seccomp.ALLOW, number)
        for number in refused:
            rules.add_rule(seccomp.ERRNO(errno.EPERM), number)
        _add_conditions(seccomp, rules)
        rules.load()
    except (OSError, RuntimeError, ValueError) as error:
        raise Unavailable(f"seccomp: {error}") from error


def _add_conditions(seccomp: Any, rules: Any) -> None:
    """clone3 stays unknown: glibc then uses clone, whose flags can be looked at."""
    refuse = seccomp.ERRNO(errno.EPERM)
    for name, (position, values) in ALLOWED_VALUES.items():
        for value in values:
            rules.add_rule(seccomp.ALLOW, name, seccomp.Arg(position, seccomp.MASKED_EQ, LOW_HALF, value))
    rules.add_rule(seccomp.ALLOW, "clone", seccomp.Arg(0, seccomp.MASKED_EQ, CLONE_THREAD, CLONE_THREAD))
    rules.add_rule(refuse, "clone", seccomp.Arg(0, seccomp.MASKED_EQ, CLONE_THREAD, 0))
    rules.add_rule(seccomp.ALLOW, "tgkill", seccomp.Arg(0, seccomp.EQ, os.getpid()))
    rules.add_rule(refuse, "tgkill", seccomp.Arg(0, seccomp.NE, os.getpid()))


def numbers(seccomp: Any, names: list[str]) -> set[int]:
    """The calls' numbers on this machine; a call that its architecture does not have has none."""
    found = set()
    for name in names:
        with suppress(OSError, ValueError, RuntimeError):
            found.add(int(seccomp.resolve_syscall(seccomp.Arch.NATIVE, name)))
    return {number for number in found if number >= 0}
