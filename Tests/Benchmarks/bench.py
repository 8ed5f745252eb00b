"""`make bench`: cganc against PyTorch, JAX and TensorFlow on the same training steps.

Needs only Python itself; the peers live in an environment of their own (environment.py). Each model's rows go to
OUT/MODEL.json, and the page is written anew from all of them: results.json, results.md, results.svg.
"""
import argparse
import json
import os
import tempfile
import time

import environment
import machine
import report
from forms import CGANC, PEERS, Failure, Runner, form_of, forms, label

MODELS = ("mlp-cgan", "mlp-wgan-gp", "dcgan-wgan-gp", "dcgan-bn-bce", "dcgan32-wgan-gp")
TOLERANCE = 1e-5


def words(text):
    return text.replace(",", " ").split()


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cganc", default=".build/release/cganc")
    parser.add_argument("--models", type=words, default=list(MODELS))
    parser.add_argument("--peers", type=words, default=list(PEERS), help="of torch, jax, tensorflow; none for cganc alone")
    parser.add_argument("--rounds", type=int, default=3, help="0 only checks the losses")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=3.0, help="of timed steps in each process")
    parser.add_argument("--out", default="runs/bench")
    parser.add_argument("--add", action="store_true", help="add rounds to those that OUT has of the same C")
    parser.add_argument(
        "--skip", type=float, default=2.0, metavar="FACTOR",
        help="after its first round leave out a form this many times slower than the fastest peer's (default 2)")
    parser.add_argument("--patience", type=float, default=120.0, help="seconds to wait for a quiet machine")
    given = parser.parse_args()
    for name in given.models:
        if name not in MODELS:
            parser.error(f"there is no model {name} here; there are {', '.join(MODELS)}")
    given.peers = [peer for peer in given.peers if peer != "none"]
    for name in given.peers:
        if name not in PEERS:
            parser.error(f"there is no peer {name}; there are {', '.join(PEERS)}")
    if not os.path.exists(given.cganc):
        parser.error(f"there is no {given.cganc}; make build builds it")
    given.threads = min(given.threads, len(machine.cores()))
    return given


def relative_difference(value, reference):
    """|value − reference| in units of the reference, or of 1 where that is smaller."""
    return abs(value - reference) / max(1.0, abs(reference))


def largest_difference(losses, reference):
    return max(relative_difference(losses[phase], reference[phase]) for phase in reference)


def check_losses(runner, model, candidates, threads):
    """The forms whose losses before the first update are cganc's in double precision, and {form: largest difference}.

    cganc's own losses in float are among the differences: a model whose rounding is larger is said.
    """
    agreeing, differences = [], {}
    with tempfile.TemporaryDirectory() as folder:
        reference = runner.dump(model, "double", os.path.join(folder, "double"))
        own = runner.dump(model, "float", os.path.join(folder, "float"))
        differences[CGANC] = largest_difference(own, reference)
        for form in candidates:
            try:
                losses = runner.check_peer(form, model, threads, os.path.join(folder, "double"))
            except Failure as failure:
                print(f"  {form.label}: does not run and is left out: {failure}", flush=True)
                continue
            differences[form.key] = largest_difference(losses, reference)
            if differences[form.key] <= TOLERANCE:
                agreeing.append(form)
            else:
                print(f"  {form.label}: its losses are not {reference} and it is left out: {losses}", flush=True)
    print(f"  losses before the first update: {len(agreeing)} of {len(candidates)} forms agree; differences from "
          f"double precision: cganc {differences[CGANC]:.1e}, peers at most "
          f"{max((differences[form.key] for form in agreeing), default=0):.1e}", flush=True)
    if differences[CGANC] > TOLERANCE:
        print(f"  cganc's own losses differ by more than {TOLERANCE:g}", flush=True)
    return agreeing, differences


class ModelRun:
    """The rows of one model."""

    def __init__(self, runner, peak, model, given):
        self.runner, self.peak, self.model, self.given = runner, peak, model, given
        self.path = os.path.join(given.out, f"{model}.json")
        self.record = {
            "model": model, "threads": given.threads, "emitted": runner.emitted_digest(model), "rows": [],
            "peaks": [], "differences": {}}
        if given.add and os.path.exists(self.path):
            with open(self.path, encoding="utf-8") as file:
                earlier = json.load(file)
            if all(earlier[key] == self.record[key] for key in ("threads", "emitted")):
                self.record = earlier
            else:
                print("  what OUT has is of other C or another number of threads: beginning anew", flush=True)
        self.first_round = 1 + max((row["round"] for row in self.record["rows"]), default=-1)

    def timed(self, number, key, threads, action, cold=False):
        """Adds the row of one process, once the machine is quiet."""
        waited, quiet = machine.wait_until_quiet(self.peak, self.given.patience)
        before = machine.processor_times()
        row = {"round": number, "form": key, "threads": threads, "cold": cold}
        try:
            row |= action()
        except Failure as failure:
            print(f"  {label(key)}: {failure}", flush=True)
            row["error"] = str(failure)
        stolen = machine.stolen_share(before, machine.processor_times())
        row |= {"quiet": quiet, "waited": waited, "stolen": stolen, "at": time.strftime("%H:%M:%S", time.gmtime())}
        self.record["rows"].append(row)
        if "milliseconds" in row:
            remark = f", {stolen:.1%} stolen" if stolen > 0.01 else ""
            name = label(key) + (" (cold)" if cold else "") + ("" if threads == self.given.threads else f", {threads} thread")
            print(f"  {number + 1}  {name:44}{row['milliseconds']:9.2f} ms{remark}", flush=True)
        return row

    def measure_peak(self, number):
        for threads in sorted({1, self.given.threads}):
            machine.wait_until_quiet(self.peak, self.given.patience)
            self.record["peaks"].append({
                "round": number, "threads": threads, "loop": self.peak.loop(threads),
                "convolution": self.peak.convolution(threads)})

    def is_hopeless(self, form):
        """True if earlier rounds leave no doubt that the form is not the fastest."""
        medians = report.medians(self.record, self.given.threads)
        peers = [ms for key, ms in medians.items() if key != CGANC]
        return form.key in medians and medians[form.key] > self.given.skip * min(peers)

    def round(self, number, candidates):
        """cganc and every form once; cganc also with one thread and with a cold cache."""
        threads, runner, model = self.given.threads, self.runner, self.model
        self.measure_peak(number)
        self.timed(number, CGANC, threads, lambda: runner.time_cganc(model, threads))
        for index, form in enumerate(candidates):
            if not self.is_hopeless(form):
                self.timed(number, form.key, threads, lambda form=form: runner.time_peer(form, model, threads))
            if index == len(candidates) // 2 - 1:
                self.timed(number, CGANC, threads, lambda: runner.time_cganc(model, threads))
        if threads > 1:
            self.timed(number, CGANC, 1, lambda: runner.time_cganc(model, 1))
            fastest = report.fastest_peer(self.record)
            if fastest is not None:
                self.timed(number, fastest, 1, lambda: runner.time_peer(form_of(fastest), model, 1))
        self.timed(
            number, CGANC, threads, lambda: runner.time_cganc(model, threads, cold=True, seconds=0), cold=True)

    def save(self, facts):
        self.record["machine"] = facts
        os.makedirs(self.given.out, exist_ok=True)
        with open(self.path, "w", encoding="utf-8") as file:
            json.dump(self.record, file, indent=1)
            file.write("\n")


def main():
    given = options()
    cache = environment.cache_folder()
    python, versions = environment.prepare(given.peers) if given.peers else (None, {})
    peers = [peer for peer in given.peers if peer in versions]
    peak = machine.Peak(cache, python if "torch" in versions else None)
    peak.loop(len(machine.cores()))
    runner = Runner(given.cganc, python, cache, given.seconds)
    facts = machine.description() | {f"{peer} version": text for peer, text in versions.items()}
    for model in given.models:
        print(f"{model}", flush=True)
        run = ModelRun(runner, peak, model, given)
        candidates = forms(peers, convolutional=model.startswith("dcgan"))
        known = run.record["differences"]
        if any(key not in known for key in [CGANC] + [form.key for form in candidates]):
            candidates, differences = check_losses(runner, model, candidates, given.threads)
            known |= differences
            run.save(facts)
        else:
            candidates = [form for form in candidates if known[form.key] <= TOLERANCE]
        for number in range(run.first_round, run.first_round + given.rounds):
            run.round(number, candidates)
            run.save(facts)
            report.write(given.out)  # a run that is ended early leaves a page of what it has
    print(report.write(given.out))


if __name__ == "__main__":
    main()
