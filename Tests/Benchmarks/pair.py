"""Times two builds of cganc alternately, to tell small differences: `pair.py A B --model dcgan-wgan-gp`.

In each round both run in fresh processes, half a second at a time in turn. A and B are commands, so that one of them may be
a build with an option or a variable set:

  pair.py .build/release/cganc "env CGANC_CACHE=/tmp/other other/.build/release/cganc"
"""
import argparse
import random
import shlex
import statistics

import environment
import machine
from forms import Runner


def bootstrap(ratios, samples=2000, seed=1):
    """The middle 95% of the medians of `ratios` drawn with replacement."""
    draw = random.Random(seed)
    medians = sorted(statistics.median(draw.choices(ratios, k=len(ratios))) for _ in range(samples))
    return medians[int(0.025 * samples)], medians[int(0.975 * samples) - 1]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("a")
    parser.add_argument("b")
    parser.add_argument("--model", default="dcgan-wgan-gp")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--batch", type=int, help="examples in a batch, instead of the model's own number")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--patience", type=float, default=60, help="seconds to wait for a quiet machine")
    given = parser.parse_args()
    runner = Runner(None, None, environment.cache_folder(), given.seconds)
    peak = machine.Peak(environment.cache_folder())
    commands, times = [shlex.split(given.a), shlex.split(given.b)], ([], [])
    for command in commands:  # builds the C before anything counts
        runner.time_cganc(given.model, given.threads, seconds=0, command=command, batch=given.batch)
    for number in range(given.rounds):
        machine.wait_until_quiet(peak, given.patience)
        order = (0, 1) if number % 2 == 0 else (1, 0)
        runs = [{"command": commands[which], "batch": given.batch} for which in order]
        results = runner.time_in_turn(given.model, given.threads, runs)
        for which, result in zip(order, results):
            times[which].append(result["milliseconds"])
        print(f"  {number + 1:2}  A {times[0][-1]:9.3f} ms   B {times[1][-1]:9.3f} ms", flush=True)
    ratios = [b / a for a, b in zip(*times)]
    low, high = bootstrap(ratios)
    a, b = (statistics.median(each) for each in times)
    print(f"{given.model}: A {a:.3f} ms, B {b:.3f} ms; B takes {100 * (statistics.median(ratios) - 1):+.2f}% "
          f"(95% between {100 * (low - 1):+.2f}% and {100 * (high - 1):+.2f}%) over {given.rounds} rounds")


if __name__ == "__main__":
    main()
