"""The forms that are timed, and how one of them is run in a fresh process."""
import hashlib
import json
import os
import re
import signal
import struct
import subprocess
import tempfile
import time
from dataclasses import dataclass

from machine import pinned_to

HERE = os.path.dirname(os.path.abspath(__file__))
PEERS = ("torch", "jax", "tensorflow")
FORMS = {"torch": ("nchw", "nhwc", "compile"), "jax": ("native", "gemm"), "tensorflow": ("graph", "xla")}
# These differ from a peer's first form only where there are convolutions.
ONLY_CONVOLUTIONS = {("torch", "nhwc"), ("jax", "gemm")}
LABELS = {
    ("torch", "nchw"): "PyTorch eager, NCHW", ("torch", "nhwc"): "PyTorch eager, NHWC",
    ("torch", "compile"): "PyTorch compile", ("jax", "native"): "JAX", ("jax", "gemm"): "JAX, convolutions as GEMM",
    ("tensorflow", "graph"): "TensorFlow graph", ("tensorflow", "xla"): "TensorFlow XLA"}
CGANC = "cganc"
PHASES = ("discriminator", "generator")


@dataclass(frozen=True)
class Form:
    """A peer, how it computes, and whether real and fake images go through its discriminator together."""
    peer: str
    form: str
    batched: bool = False

    @property
    def key(self):
        return f"{self.peer}:{self.form}" + ("+batched" if self.batched else "")

    @property
    def label(self):
        return LABELS[self.peer, self.form] + (", batched D" if self.batched else "")


def form_of(key):
    name, _, batched = key.partition("+")
    peer, _, form = name.partition(":")
    return Form(peer, form, bool(batched))


def label(key):
    return CGANC if key == CGANC else form_of(key).label


def forms(peers, convolutional):
    """Every form of `peers`, in the order in which they take turns."""
    return [
        Form(peer, form, batched) for batched in (False, True) for peer in peers for form in FORMS[peer]
        if convolutional or (peer, form) not in ONLY_CONVOLUTIONS]


class Failure(Exception):
    """A process that gave no result."""


def run(command, threads, environment=None, timeout=600):
    """Standard output of `command` on `threads` cores, and when it was begun."""
    begin = time.time()
    try:
        result = subprocess.run(
            command, capture_output=True, text=True, timeout=timeout, env=os.environ | (environment or {}),
            preexec_fn=pinned_to(threads))
    except subprocess.TimeoutExpired:
        raise Failure(f"not done after {timeout} s") from None
    if result.returncode != 0:
        raise Failure((result.stderr.strip().splitlines() or [f"exit status {result.returncode}"])[-1])
    return result.stdout, begin


def run_in_turn(commands, threads, turn=0.5, timeout=600):
    """Standard outputs of `commands`, of which one runs at a time, for `turn` seconds, while the others are stopped.

    What other guests of the host do for seconds or minutes comes over all of them alike.
    """
    pin = pinned_to(threads)
    begin, processes = time.monotonic(), []
    try:
        for command in commands:
            process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=pin)
            process.send_signal(signal.SIGSTOP)
            processes.append(process)
        while any(process.poll() is None for process in processes):
            if time.monotonic() - begin > timeout:
                raise Failure(f"not done after {timeout} s")
            for process in processes:
                process.send_signal(signal.SIGCONT)  # nothing happens to one that is done
                try:
                    process.wait(turn)
                except subprocess.TimeoutExpired:
                    process.send_signal(signal.SIGSTOP)
        results = [process.communicate() for process in processes]
    finally:
        for process in processes:
            process.kill()
            process.wait()
            process.stdout.close()
            process.stderr.close()
    for process, (_, errors) in zip(processes, results):
        if process.returncode != 0:
            raise Failure((errors.strip().splitlines() or [f"exit status {process.returncode}"])[-1])
    return [output for output, _ in results]


class Runner:
    """Runs cganc and peers; every run is a fresh process."""

    def __init__(self, cganc, python, cache, seconds=3.0):
        self.cganc, self.python, self.seconds = cganc, python, seconds
        self.environment = {
            "PYTHONWARNINGS": "ignore", "TORCHINDUCTOR_CACHE_DIR": os.path.join(cache, "bench-inductor")}

    def cganc_words(self, model, threads, batch=None, seconds=None, command=None, interval=None, data=None):
        """The command of one timing; `interval` is that of telemetry, `data` are trained on instead of noise."""
        words = (command or [self.cganc]) + [
            "time", model, "--json", "--threads", str(threads), "--steps", "10", "--seconds",
            str(self.seconds if seconds is None else seconds)]
        options = (("--batch", batch), ("--telemetry-interval", interval), ("--data", data))
        return words + [word for name, value in options if value is not None for word in (name, str(value))]

    def time_cganc(self, model, threads, cold=False, **options):
        """One timing of `cganc time`; `cold` builds the C anew."""
        words = self.cganc_words(model, threads, **options)
        if not cold:
            output, begin = run(words, threads)
        else:
            with tempfile.TemporaryDirectory() as empty:
                output, begin = run(words, threads, {"CGANC_CACHE": empty})
        report = json.loads(output)
        return timing(report) | {"first_step": report["firstStepAt"] - begin}

    def time_in_turn(self, model, threads, runs):
        """A timing for each of `runs`, the options of `cganc_words`, in processes that run a little at a time each."""
        # Steps also last while their process is stopped.
        seconds = self.seconds * len(runs)
        words = [self.cganc_words(model, threads, seconds=seconds, **options) for options in runs]
        return [timing(json.loads(output)) for output in run_in_turn(words, threads)]

    def peer_command(self, form, model, threads):
        words = [
            self.python, os.path.join(HERE, f"{form.peer}_peer.py"), model, "--form", form.form, "--threads",
            str(threads)]
        return words + (["--batched"] if form.batched else [])

    def peer_result(self, words, threads):
        output, begin = run(words, threads, self.environment)
        line = next((line for line in output.splitlines() if line.startswith("RESULT ")), None)
        if line is None:
            raise Failure("it printed no result")
        return json.loads(line[len("RESULT "):]), begin

    def time_peer(self, form, model, threads, batch=64, width=1.0):
        result, begin = self.peer_result(
            self.peer_command(form, model, threads) + [
                "--seconds", str(self.seconds), "--batch", str(batch), "--width", str(width)], threads)
        result["first_step"] = result.pop("first_step_at") - begin
        return result

    def check_peer(self, form, model, threads, dump):
        """Both losses of a peer, {phase: loss}, for the parameters and inputs of `dump`."""
        result, _ = self.peer_result(self.peer_command(form, model, threads) + ["--check", dump], threads)
        return result["losses"]

    def emitted_digest(self, model):
        """Tells two cganc apart by what they emit for `model`."""
        return hashlib.sha256(run([self.cganc, "compile", model, "--show", "c"], 1)[0].encode()).hexdigest()[:16]

    def dump(self, model, precision, folder):
        """Writes a dump and returns its losses, {phase: loss}; each phase begins with its own parameters."""
        run([self.cganc, "dump", model, "--precision", precision, "--out", folder], 1)
        return {phase: scalar(os.path.join(folder, f"{phase}.loss.loss.npy")) for phase in PHASES}


def timing(report):
    """What is kept of a report of `cganc time`."""
    return {
        "milliseconds": report["medianMilliseconds"], "tenth": report["tenthMilliseconds"],
        "ninetieth": report["ninetiethMilliseconds"], "steps": report["steps"],
        "watched": report.get("watchedMilliseconds"), "bytes": report["peakMemoryBytes"],
        "flops": report["contractionFLOPs"], "build": report["buildSeconds"], "arena": report["arenaBytes"]}


def scalar(path):
    """The one number of an .npy file."""
    with open(path, "rb") as file:
        content = file.read()
    if content[:8] != b"\x93NUMPY\x01\x00":
        raise Failure(f"{path} is no .npy file of version 1")
    length = struct.unpack("<H", content[8:10])[0]
    kind = {b"'<f4'": "<f", b"'<f8'": "<d"}[re.search(rb"'<f[48]'", content[10:10 + length])[0]]
    return struct.unpack(kind, content[10 + length:])[0]
