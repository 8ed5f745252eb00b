"""Whether `cganc diagnose RUN --try` mends what can go wrong: `make mends`.

Each faulty model of Tests/Diagnosis/DynamicCases is trained with each seed until its trouble shows, and `--try --apply` looks
for a mend. That is mended which passes two runs from the beginning, neither of which had a part in the choice:

    confirmed   the run with a fresh seed by which `--try` confirms its best mend
    held        the file that `--apply` wrote, trained by `cganc train` with another fresh seed for all of its steps, of which
                `cganc diagnose` must not have found anything wrong at any step

Cases that change their data (`// examples: 64`) are left out: the trouble is not in the model's file, and `cganc train` takes
data as they are.

The table is printed and written as CSV. What is done is not done again as long as cganc is the same, so that it goes on where it
was stopped.
"""
import argparse
import concurrent.futures
import csv
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time

CASES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Diagnosis", "DynamicCases")
COLUMNS = ("case", "data", "seed", "verdict", "winner", "confirmed", "held", "tried", "recovered", "seconds", "build")
# Comments at the beginning of a case that say what Tests/Diagnosis/DynamicCase.swift does to the data.
CHANGES = ("examples", "pixels")
# What is added to a run's seed for the run that has to hold; `--try` adds 1, 2 and 3.
HELD_SEED = 1000


def cases(folder=CASES):
    """(name, path) of each faulty model, by name."""
    names = sorted(name[:-6] for name in os.listdir(folder) if name.endswith(".swift"))
    return [(name, os.path.join(folder, name + ".swift")) for name in names if not name.endswith("-healthy")]


def key(name, data, seed):
    """What a row is known by; a folder of data by its last part."""
    return name, os.path.basename(data.rstrip("/")), int(seed)


def head(path):
    """What the comments at the beginning of a file say: {"data": "NAME"} for `// data: NAME`."""
    facts = {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            if not line.startswith("//"):
                break
            name, colon, value = line[2:].strip().partition(": ")
            if colon:
                facts[name] = value
    return facts


def data_of(path, given):
    """The data that a case is trained on: those it names in a line `// data: NAME`, where they are the cause, or `given`."""
    return head(path).get("data", given)


def left_out(path):
    """Why no mend of a case is looked for; None if one is."""
    facts = head(path)
    changes = [f"{name}: {facts[name]}" for name in CHANGES if name in facts]
    return f"its trouble is in the data, not in the model ({', '.join(changes)})" if changes else None


def build_of(cganc):
    """What tells one build of cganc from another: a hash of the program and of the library for model files beside it."""
    digest = hashlib.sha256()
    for name in (cganc, os.path.join(os.path.dirname(cganc), "libCGAN.so")):
        if os.path.exists(name):
            with open(name, "rb") as file:
                digest.update(file.read())
    return digest.hexdigest()[:12]


class Runner:
    """Runs cganc for one case at a time in a folder of its own."""

    def __init__(self, cganc, out, keep):
        self.cganc = os.path.abspath(cganc)
        self.out = out
        self.keep = keep

    def call(self, log, *words):
        """Runs cganc; what it prints goes to `log`. Returns its exit code."""
        with open(log, "w", encoding="utf-8") as file:
            return subprocess.run([self.cganc, *words], stdout=file, stderr=subprocess.STDOUT, check=False).returncode

    def verdict(self, run):
        """(code of the present verdict or "healthy", codes of everything that was ever wrong) in a run."""
        found = subprocess.run(
            [self.cganc, "diagnose", run, "--format", "json"], capture_output=True, text=True, check=False)
        try:
            diagnosis = json.loads(found.stdout)
        except json.JSONDecodeError:
            return (found.stderr.strip().splitlines() or ["no diagnosis"])[0], ["?"]
        return diagnosis["verdict"].get("code") or "healthy", [fault["code"] for fault in diagnosis["history"]]

    def case(self, name, path, data, seed):
        """The table's row for one case and seed."""
        start = time.monotonic()
        folder = os.path.join(self.out, "{}.{}.{}".format(*key(name, data, seed)))
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)

        def at(part):
            return os.path.join(folder, part)

        threads = ("--threads", "1")
        # A run that ends in a value that is not finite exits with 1.
        self.call(at("train.log"), "train", path, "--data", data, "--seed", str(seed), "--out", at("run"), *threads)
        row = dict(zip(COLUMNS, key(name, data, seed))) | {"verdict": self.verdict(at("run"))[0]}
        mended = at("Mended.swift")
        self.call(at("try.log"), "diagnose", at("run"), "--try", "--apply", "--out", mended, *threads)
        report = {}
        if os.path.exists(at("run/mends.json")):
            with open(at("run/mends.json"), encoding="utf-8") as file:
                report = json.load(file)
        tried = report.get("mends", [])
        row["tried"] = len(tried)
        row["recovered"] = sum(mend["isRecovered"] for mend in tried)
        row["winner"] = report.get("best") or ""
        row["confirmed"] = "yes" if report.get("best") else "no"
        row["held"] = "no"
        if os.path.exists(mended):
            self.call(
                at("held.log"), "train", mended, "--data", data, "--seed", str(seed + HELD_SEED), "--out", at("held"),
                *threads)
            present, faults = self.verdict(at("held"))
            row["held"] = "yes" if present == "healthy" and not faults else " ".join(faults or [present])
        row["seconds"] = round(time.monotonic() - start, 1)
        if not self.keep:
            for part in ("run/checkpoints", "run/samples", "held/checkpoints", "held/samples"):
                shutil.rmtree(at(part), ignore_errors=True)
        return row


def read(path, build):
    """The rows that are done, of this build alone."""
    if not os.path.exists(path):
        return []
    with open(path, newline="", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row.get("build") == build and None not in row.values()]


def write(path, rows):
    """Writes the table whole or not at all."""
    with open(path + ".new", "w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    os.replace(path + ".new", path)


def is_mended(row):
    return row["confirmed"] == "yes" and row["held"] == "yes"


def table(rows):
    """The table as people read it, with the total below."""
    shown = ("case", "data", "seed", "verdict", "winner", "confirmed", "held", "seconds")
    cells = [shown] + [tuple(str(row[column]) for column in shown) for row in rows]
    widths = [max(len(line[place]) for line in cells) for place in range(len(shown))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip() for line in cells]
    mended = sum(map(is_mended, rows))
    share = 100 * mended / len(rows) if rows else 0
    return "\n".join(lines + ["", f"{mended} of {len(rows)} mended ({share:.1f}%)"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cganc", default=".build/release/cganc")
    parser.add_argument("--out", default="runs/mends", help="the folder for runs and the table")
    parser.add_argument("--seeds", default="1 2 3")
    parser.add_argument("--data", default="glyphs", help="glyphs, or a folder of 28x28 images of ten classes")
    parser.add_argument("--cases", default="", help="names, with blanks between (default: all)")
    parser.add_argument("--jobs", type=int, default=2, help="cases at a time, each with one thread")
    parser.add_argument("--minutes", type=float, help="begin nothing after so many minutes; called again, it goes on")
    parser.add_argument("--keep", action="store_true", help="keep checkpoints and sample sheets")
    given = parser.parse_args()
    if not os.path.exists(given.cganc):
        sys.exit(f"error: {given.cganc} does not exist\nhelp: make build")
    known = cases()
    wanted = given.cases.split() or [name for name, _ in known]
    for name in wanted:
        if name not in dict(known):
            sys.exit(f"error: there is no case {name}\nhelp: there are {', '.join(name for name, _ in known)}")
    for name, file in known:
        if name in wanted and left_out(file):
            print(f"{name} is left out: {left_out(file)}")
    known = [(name, file) for name, file in known if not left_out(file)]
    build = build_of(given.cganc)
    os.makedirs(given.out, exist_ok=True)
    path = os.path.join(given.out, "mends.csv")
    rows = read(path, build)
    done = {key(row["case"], row["data"], row["seed"]) for row in rows}
    asked = [
        (name, file, data_of(file, given.data), seed)
        for seed in map(int, given.seeds.split()) for name, file in known if name in wanted]
    work = [item for item in asked if key(item[0], *item[2:]) not in done]
    runner = Runner(given.cganc, given.out, given.keep)
    end = time.monotonic() + 60 * given.minutes if given.minutes else float("inf")

    def one(item):
        return runner.case(*item) | {"build": build} if time.monotonic() < end else None

    with concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        for future in concurrent.futures.as_completed([pool.submit(one, item) for item in work]):
            row = future.result()
            if row is None:
                continue
            rows.append(row)
            rows.sort(key=lambda row: key(row["case"], row["data"], row["seed"]))
            write(path, rows)
            outcome = "mended" if is_mended(row) else "NOT mended"
            print(
                f"{row['case']} seed {row['seed']}: {row['verdict']}, {row['winner'] or 'no mend'}, {outcome}, "
                f"{row['seconds']} s", flush=True)
    wished = {key(item[0], *item[2:]) for item in asked}
    rows = [row for row in rows if key(row["case"], row["data"], row["seed"]) in wished]
    print(table(rows))
    print(path)
    if len(rows) < len(wished):
        print(f"{len(wished) - len(rows)} are left to do: call it again")


if __name__ == "__main__":
    main()
