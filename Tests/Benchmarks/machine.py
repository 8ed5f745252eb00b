"""The machine: what it is, whether it is quiet, and how fast it can multiply and add."""
import os
import platform
import shutil
import subprocess
import time

HERE = os.path.dirname(os.path.abspath(__file__))


def cores():
    """The numbers of the cores that this process may use; where the system has no such thing, all of them."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def pinned_to(count):
    """For subprocess: keeps the process on `count` of the cores, the last ones, since the first serves interrupts."""
    chosen = cores()[-count:]

    def pin():
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, chosen)

    return pin


def processor_times():
    """(all, idle, stolen by other guests) ticks of all cores, or None where the system does not tell."""
    try:
        with open("/proc/stat", encoding="ascii") as file:
            ticks = [int(word) for word in file.readline().split()[1:]]
    except OSError:
        return None
    return sum(ticks[:8]), ticks[3] + ticks[4], ticks[7]


def busy_share(seconds=0.8):
    """The share of all cores that somebody uses now."""
    before = processor_times()
    time.sleep(seconds)
    after = processor_times()
    if before is None:
        return min(1.0, os.getloadavg()[0] / len(cores()))
    return 1 - (after[1] - before[1]) / max(1, after[0] - before[0])


def stolen_share(before, after):
    """The share of the cores' time that other guests of the host took between two `processor_times`."""
    if before is None or after is None:
        return 0.0
    return (after[2] - before[2]) / max(1, after[0] - before[0])


class Peak:
    """The rate of a register-only loop of multiply-adds, and of PyTorch's convolutions where PyTorch is there."""

    def __init__(self, cache, python=None):
        self.program = os.path.join(cache, "peak")
        self.python = python
        self.best = {}
        compiler = os.environ.get("CGANC_CC", "gcc")
        subprocess.run(
            [compiler, "-std=gnu11", "-O3", "-march=native", "-pthread", os.path.join(HERE, "peak.c"), "-o",
             self.program], check=True)

    def loop(self, threads, seconds=0.5):
        """GFLOP/s of the loop."""
        result = subprocess.run(
            [self.program, str(threads), str(seconds)], check=True, capture_output=True, text=True)
        rate = float(result.stdout)
        self.best[threads] = max(rate, self.best.get(threads, 0.0))
        return rate

    def convolution(self, threads):
        """GFLOP/s of PyTorch's best convolution; 0 without PyTorch."""
        if self.python is None:
            return 0.0
        result = subprocess.run(
            [self.python, os.path.join(HERE, "torch_peak.py"), str(threads)], capture_output=True, text=True,
            preexec_fn=pinned_to(threads))
        return float(result.stdout) if result.returncode == 0 else 0.0

    def spin_share(self):
        """How fast a short loop on all cores is, as a share of the fastest seen."""
        threads = len(cores())
        return self.loop(threads, 0.15) / self.best[threads]


def wait_until_quiet(peak, patience=120.0, most_busy=0.08, least_spin=0.93):
    """Waits for the machine; returns (seconds waited, whether it is quiet)."""
    begin = time.monotonic()
    said = False
    while True:
        busy = busy_share()
        spin = peak.spin_share() if busy < most_busy else 0.0
        waited = time.monotonic() - begin
        if busy < most_busy and spin >= least_spin:
            return waited, True
        if waited > patience:
            print(f"  not quiet after {waited:.0f} s: {busy:.0%} busy, timing all the same", flush=True)
            return waited, False
        if not said:
            reason = f"{busy:.0%} busy" if busy >= most_busy else f"at {spin:.0%} of its speed"
            print(f"  waiting: the machine is {reason}", flush=True)
            said = True
        time.sleep(1)


def first_line(*command):
    if shutil.which(command[0]) is None:
        return ""
    result = subprocess.run(command, capture_output=True, text=True)
    return (result.stdout.splitlines() or [""])[0].strip()


def description():
    """What a reader needs to know of the machine, as {name: text}."""
    facts = {"system": f"{platform.system()} {platform.release()} {platform.machine()}"}
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            facts["processor"] = next(line.split(":", 1)[1].strip() for line in file if line.startswith("model name"))
        with open("/proc/meminfo", encoding="ascii") as file:
            facts["memory"] = f"{int(file.readline().split()[1]) / 2**20:.0f} GiB"
    except (OSError, StopIteration):
        facts["processor"] = platform.processor() or platform.machine()
    facts["cores"] = str(len(cores()))
    facts["C compiler"] = first_line(os.environ.get("CGANC_CC", "gcc"), "--version")
    facts["commit"] = first_line("git", "-C", HERE, "describe", "--always", "--dirty", "--abbrev=10")
    facts["date"] = time.strftime("%Y-%m-%d %H:%M", time.gmtime()) + " UTC"
    return facts
