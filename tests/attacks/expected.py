"""What must become of every attack of submissions/: by which checks it is graded, and what their messages say."""

from dataclasses import dataclass

from grader.results import Outcome
from tests.attacks.arena import Small

FANS = "108.1.dense_fans"
VARIANCES = "108.1.variances"
LIMITS = "108.1.limits"
WAITS = Small(30, wall=3)
SPINS = Small(0.7)
HUNGRY = Small(30, memory_bytes=3 * 2**28)
MUST_BE_A_LIST = "should return a list"


@dataclass(frozen=True)
class Expected:
    """What becomes of an attack. ``checks`` name the outcome of each check that grades it."""

    name: str
    says: str = MUST_BE_A_LIST
    checks: tuple[tuple[str, Outcome], ...] = ((FANS, Outcome.FAILED),)
    limits: Small | None = None

    @property
    def earned(self) -> set[str]:
        """The checks that it passes because what they ask was done."""
        return {name for name, outcome in self.checks if outcome is Outcome.PASSED}


def ends(name: str, says: str, limits: Small | None = None) -> Expected:
    """An attack that ends its worker or is ended."""
    return Expected(name, says, ((FANS, Outcome.ERROR),), limits)


def fails(name: str, says: str, *checks: str) -> Expected:
    """An attack whose values are looked at and are wrong."""
    return Expected(name, says, tuple((check, Outcome.FAILED) for check in checks or (FANS,)))


ATTACKS = [
    *map(
        Expected,
        (
            *("read_home", "read_names_and_sizes", "read_others_work", "read_solutions", "read_the_checks"),
            *("read_environment", "read_processes", "read_system_files", "read_journal", "read_by_handle"),
            *("write_outside", "write_attributes", "write_by_links", "write_traps_for_the_cleanup", "write_devices"),
            *("write_kernel_settings", "network_tcp", "network_udp", "network_unix", "network_socketpair"),
            *("network_dns", "network_rare_families", "processes_fork", "processes_fork_bomb", "processes_daemon"),
            *("processes_kill", "processes_kill_by_descriptor", "processes_slow_others_down", "processes_ptrace"),
            *("kernel_namespaces", "kernel_mounts", "kernel_interfaces", "kernel_unknown_calls", "kernel_terminal"),
            *("kernel_raw_machine_code", "kernel_shared_objects", "kernel_own_filters", "resources_hidden_files"),
            *("resources_disk", "resources_inodes", "resources_descriptors", "resources_limits"),
            *("resources_memory_in_one_call", "forge_collector"),
        ),
    ),
    Expected("processes_answer_and_go_on", "", ((FANS, Outcome.PASSED),)),
    ends("processes_thread_bomb", "more than 1000 threads"),
    ends("processes_abort", "ended its process"),
    ends("processes_die_silently", "ended its process"),
    ends("processes_close_everything", "did not answer|ended its process", WAITS),
    ends("kernel_32_bit_calls", "ended its process"),
    ends("kernel_x32_calls", "ended its process"),
    ends("resources_memory", "GB of memory", HUNGRY),
    ends("resources_shared_memory", "GB of memory", HUNGRY),
    ends("resources_loop", "CPU time", SPINS),
    ends("resources_native_spin", "CPU time", SPINS),
    ends("resources_regular_expression", "CPU time", SPINS),
    ends("resources_linear_algebra", "CPU time", SPINS),
    ends("resources_sleep", "did not answer", WAITS),
    ends("resources_stop", "did not answer", WAITS),
    ends("resources_output_flood", "CPU time", SPINS),
    ends("resources_giant_reply", "returned too much"),
    ends("resources_announced_reply", "not asked for"),
    ends("resources_slow_reply", "did not answer|not asked for", WAITS),
    fails("resources_deep_reply", "compute_fans"),
    ends("resources_raw_deep_reply", "not asked for"),
    ends("resources_wide_reply", "not asked for"),
    ends("resources_stack_overflow", "ended its process|memory", Small(60)),
    ends("forge_machinery", "ended its process"),
    Expected("forge_equality", "Anything", ((FANS, Outcome.ERROR), (VARIANCES, Outcome.ERROR))),
    fails("forge_reply", "compute_fans"),
    ends("forge_other_messages", "not asked for"),
    fails("forge_encode", "compute_fans"),
    Expected("forge_later_calls", "", ((FANS, Outcome.FAILED),)),
    fails("forge_random", "compute_fans"),
    fails("forge_keras", "inspect_default_kernel|[Kk]ernel", "108.1.default_kernel"),
    fails("forge_facts", "build_mlp|[Kk]ernel", "108.2.mlp_initializers"),
    fails("forge_handles", "build_mlp|[Kk]ernel", "108.2.mlp_initializers"),
    fails("forge_grader_fault", "compute_fans|finite number", FANS, VARIANCES, LIMITS),
    Expected("forge_broken_tools", "Your code changed", (("108.5.seed_everything", Outcome.ERROR),)),
    ends("forge_messages", "raised passed"),
    fails("forge_type_name", "compute_fans|finite number", FANS, VARIANCES),
    ends("forge_through_a_traceback", "raised Endless|ended its process"),
]
