"""One peer in one fresh process: what the command line of a peer's file does.

  python torch_peer.py MODEL --form nchw                   times it, prints one JSON object
  python torch_peer.py MODEL --form nchw --check DUMP      prints the losses for the parameters and inputs of a dump

A peer is a class made of (workload, parameters, options) with

  step(rows)            one whole step on rows [2, batch] of the examples; returns both losses as numbers, when all is done
  loss(phase, inputs)   the loss of a phase for its own parameters and the given images, labels, latent and random numbers
"""
import argparse
import json
import statistics
import time

from workloads import BATCH, CHECKED_PHASES, initial_parameters, row_order, workload


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("--form", required=True)
    parser.add_argument("--batched", action="store_true", help="real and fake go through the discriminator together")
    parser.add_argument("--batch", type=int, default=BATCH)
    parser.add_argument("--width", type=float, default=1.0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--steps", type=int, default=10, help="timed steps, at least")
    parser.add_argument("--seconds", type=float, default=3.0, help="of timed steps, at least")
    parser.add_argument("--most", type=float, default=20.0, help="seconds after which a slow peer may stop")
    parser.add_argument("--check", metavar="DUMP")
    return parser.parse_args()


def peak_bytes():
    """The most memory that this process has held at once."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))
    except OSError:
        import resource
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def quantile(values, share):
    """The value below which `share` of `values` lies, between neighbours in proportion."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def timed(step, rows, given):
    """Times `step`: first steps for at least 0.7 s that do not count, then those that do."""
    count = 0

    def one():
        nonlocal count
        begin = time.perf_counter()
        losses = step(rows[count % len(rows)])
        count += 1
        return time.perf_counter() - begin, losses

    one()
    first_step_at = time.time()
    begin = time.perf_counter()
    while count < 6 or time.perf_counter() - begin < 0.7:
        one()
        if time.perf_counter() - begin > given.most:
            break
    begin, seconds = time.perf_counter(), []
    while len(seconds) < 3 or (
        (len(seconds) < given.steps or time.perf_counter() - begin < given.seconds)
        and time.perf_counter() - begin < given.most
    ):
        taken, losses = one()
        seconds.append(taken)
    return {
        "steps": len(seconds), "milliseconds": statistics.median(seconds) * 1e3,
        "tenth": quantile(seconds, 0.1) * 1e3, "ninetieth": quantile(seconds, 0.9) * 1e3,
        "first_step_at": first_step_at, "bytes": peak_bytes(), "losses": list(losses)}


def check(peer_type, given):
    """Each phase's loss for the parameters, inputs and random numbers that a dump of cganc holds."""
    import numpy as np
    from dump import of, read_dump
    manifest, tensors = read_dump(given.check)
    work, losses = workload(given.model, manifest["batch"]), {}
    for phase in CHECKED_PHASES:
        def arrays(role):
            return {
                name: value.astype(np.float32 if value.dtype.kind == "f" else np.int32)
                for name, value in of(tensors, phase, role).items()}
        peer = peer_type(work, arrays("parameter"), given)
        losses[phase] = float(peer.loss(phase, arrays("input") | arrays("random")))
    return {"losses": losses}


def main(peer_type, given, version):
    if given.check:
        result = check(peer_type, given)
    else:
        work = workload(given.model, given.batch, given.width)
        peer = peer_type(work, initial_parameters(work.model), given)
        result = timed(peer.step, row_order(given.batch), given)
    print("RESULT " + json.dumps(result | {"version": version}), flush=True)
