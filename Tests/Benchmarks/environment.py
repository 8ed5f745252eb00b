"""The throw-away virtual environment of the peers, in the user's cache and never in the repository."""
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
PACKAGES = {"torch": "torch", "jax": "jax", "tensorflow": "tensorflow-cpu"}


def cache_folder():
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    folder = os.path.join(base, "cganc")
    os.makedirs(folder, exist_ok=True)
    return folder


def requirements():
    """{package: its line}"""
    with open(os.path.join(HERE, "requirements.txt"), encoding="ascii") as file:
        lines = [line.strip() for line in file if line.strip()]
    return {line.split(">=")[0].split("==")[0]: line for line in lines}


def version(python, package):
    """The installed version, or None."""
    code = f"import importlib.metadata as m; print(m.version({package!r}))"
    result = subprocess.run([python, "-c", code], capture_output=True, text=True)
    return result.stdout.strip() if result.returncode == 0 else None


def prepare(wanted):
    """The environment's Python and {peer: version} of those of `wanted` that are there, installing what is missing.

    A peer that cannot be installed is said and left out.
    """
    folder = os.environ.get("BENCH_VENV") or os.path.join(cache_folder(), "bench-venv")
    python = os.path.join(folder, "bin", "python")
    if not os.path.exists(python):
        print(f"making {folder} for the peers", flush=True)
        made = subprocess.run([sys.executable, "-m", "venv", folder], capture_output=True, text=True)
        if made.returncode != 0:
            print("no peers: no virtual environment can be made\nhelp: install python3-venv, or set BENCH_VENV to one")
            return None, {}
    present, lines = {}, requirements()
    for package, peer in [("numpy", None)] + [(PACKAGES[peer], peer) for peer in wanted]:
        found = version(python, package)
        if found is None:
            print(f"installing {lines[package]}: this may be several hundred megabytes", flush=True)
            result = subprocess.run(
                [python, "-m", "pip", "install", "-q", lines[package]], capture_output=True, text=True)
            found = version(python, package)
            if found is None:
                reason = (result.stderr.strip().splitlines() or ["no reason given"])[-1]
                print(f"{package} cannot be installed and is left out: {reason}", flush=True)
                if peer is None:
                    return None, {}
                continue
        if peer is not None:
            present[peer] = found
    return python, present
