"""What telemetry costs: training steps of each model with and without it, in turn: `make bench-telemetry`.

Two builds of the same emitted C take turns, half a second each: one with the norms of every tensor; one without norms
(-DCGANC_NORMS=0), by a compiler of that name which adds the option, without telemetry. Both look whether all gradients are
finite: with norms by the norms themselves.

The cost has two parts. The norms and a line of metrics with them cost something in every step: the difference of the medians.
A watched step costs more, once in an interval: the median of the watched steps less that of all, divided by the interval.
Few steps are watched at the usual interval, so that a third run watches every fourth.
"""
import argparse
import os
import shlex
import statistics
import sys
import tempfile

import environment
import machine
from forms import Failure, Runner
from pair import bootstrap

MODELS = ("mlp-cgan", "mlp-wgan-gp", "article-basic", "dcgan-bn-bce", "dcgan-wgan-gp", "dcgan32-wgan-gp")
DENSE = 4  # steps from one that is watched to the next in the runs that time watched ones
NEVER = 1_000_000


def compiler_without_norms(folder):
    """A command that compiles as the given compiler does, without norms."""
    path = os.path.join(folder, "cc-without-norms")
    with open(path, "w", encoding="ascii") as file:
        file.write(f'#!/bin/sh\nexec {os.environ.get("CGANC_CC", "gcc")} -DCGANC_NORMS=0 "$@"\n')
    os.chmod(path, 0o755)
    return path


def cost(bare, norms, watching, interval):
    """(always, watched) shares of a bare step that telemetry takes in one round of timings."""
    always = norms["milliseconds"] / bare["milliseconds"] - 1
    return always, (watching["watched"] - norms["milliseconds"]) / interval / bare["milliseconds"]


def measure(runner, model, commands, given, peak):
    """The rounds of one model, [(bare, norms, watching)]."""
    without, usual = commands
    runs = [
        {"command": command, "interval": interval, "data": given.data}
        for command, interval in ((without, 0), (usual, NEVER), (usual, DENSE))]
    for options in runs[:2]:  # builds the C before anything counts
        runner.time_cganc(model, given.threads, seconds=0, **options)
    rounds = []
    for number in range(given.rounds):
        machine.wait_until_quiet(peak, given.patience)
        order = range(len(runs)) if number % 2 == 0 else range(len(runs))[::-1]
        results = runner.time_in_turn(model, given.threads, [runs[which] for which in order])
        rounds.append([results[order.index(which)] for which in range(len(runs))])
    return rounds


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cganc", default=".build/release/cganc")
    parser.add_argument("--models", default=" ".join(MODELS), help="names or files, with spaces between them")
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=3.0, help="of each timing, at least")
    parser.add_argument("--interval", type=int, default=50, help="steps from one that is watched to the next")
    parser.add_argument("--data", help="what is trained on, instead of noise: a folder with test images has them watched")
    parser.add_argument("--patience", type=float, default=60, help="seconds to wait for a quiet machine")
    parser.add_argument("--limit", type=float, default=2.0, help="percent that telemetry may cost")
    given = parser.parse_args()
    cache = environment.cache_folder()
    runner, peak = Runner(given.cganc, None, cache, given.seconds), machine.Peak(cache)
    dear = []
    with tempfile.TemporaryDirectory() as folder:
        without = ["env", f"CGANC_CC={compiler_without_norms(folder)}", f"CGANC_CACHE={folder}/builds"]
        commands = [without + shlex.split(given.cganc), shlex.split(given.cganc)]
        print(f"{'model':18} {'bare step':>10} {'norms':>8} {'watching':>9} {'all':>7}   95% between")
        for model in given.models.split():
            try:
                rounds = measure(runner, model, commands, given, peak)
            except Failure as failure:
                sys.exit(f"error: {model}: {failure}")
            parts = [cost(*each, given.interval) for each in rounds]
            always, watched = (100 * statistics.median(part) for part in zip(*parts))
            alls = [100 * sum(part) for part in parts]
            low, high = bootstrap(alls)
            whole = statistics.median(alls)
            bare = statistics.median(each[0]["milliseconds"] for each in rounds)
            print(f"{model:18} {bare:7.3f} ms {always:+7.2f}% {watched:+8.2f}% {whole:+6.2f}%   "
                  f"{low:+.2f}% and {high:+.2f}%", flush=True)
            if low > given.limit:
                dear.append(model)
    if dear:
        sys.exit(f"telemetry costs more than {given.limit}% of a step in {', '.join(dear)}")


if __name__ == "__main__":
    main()
