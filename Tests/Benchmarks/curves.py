"""`make bench-curves`: step time and memory over batch and width, cganc beside the fastest peer.

The peer's form is the fastest one that OUT/MODEL.json has, from `make bench`. Each point is timed with both in turn. Points
go to OUT/curves.json; curves.md and curves.svg are written from it.
"""
import argparse
import json
import os
import statistics
import tempfile

import environment
import machine
import plot
import report
from bench import words
from forms import Failure, Runner, form_of, label

BATCHES = (8, 16, 32, 64, 128, 256, 512)
WIDTHS = (0.5, 1.0, 2.0, 4.0)
HERE = os.path.dirname(os.path.abspath(__file__))


def model_file(model, width, folder):
    """A model file of `model` with its hidden layers `width` times as wide, from the template."""
    with open(os.path.join(HERE, "templates", f"{model}.swift.txt"), encoding="utf-8") as file:
        source = file.read()
    path = os.path.join(folder, f"{model}-{width:g}.swift".replace(model, model.replace("-", "_")))
    with open(path, "w", encoding="utf-8") as file:
        file.write(source.replace("{{width}}", repr(float(width))))
    return path


def measure(runner, peak, given, model, form, batch, width, folder):
    """One point: each side `rounds` times, in turn."""
    point = {"model": model, "batch": batch, "width": width, "peer": form.key}
    source = model if width == 1 else model_file(model, width, folder)
    rows = {"cganc": [], "peer": []}
    for _ in range(given.rounds):
        machine.wait_until_quiet(peak, given.patience)
        rows["cganc"].append(runner.time_cganc(source, given.threads, batch=batch))
        machine.wait_until_quiet(peak, given.patience)
        rows["peer"].append(runner.time_peer(form, model, given.threads, batch, width))
    for who, results in rows.items():
        for field in ("milliseconds", "bytes"):
            point[f"{who}_{field}"] = statistics.median(result[field] for result in results)
    point["flops"] = rows["cganc"][0]["flops"]
    point["ratio"] = point["peer_milliseconds"] / point["cganc_milliseconds"]
    print(f"  batch {batch:3}, width ×{width:g}: cganc {point['cganc_milliseconds']:9.2f} ms, {form.label} "
          f"{point['peer_milliseconds']:9.2f} ms, {point['ratio']:.2f}×", flush=True)
    return point


def series(points, model, axis):
    """(positions, {name: milliseconds}, {name: megabytes}) of one model along `axis`."""
    other = "width" if axis == "batch" else "batch"
    chosen = sorted(
        (point for point in points if point["model"] == model and point[other] == (1 if other == "width" else 64)),
        key=lambda point: point[axis])
    positions = [f"{point[axis]:g}" if axis == "batch" else f"×{point[axis]:g}" for point in chosen]
    times = {"cganc": [point["cganc_milliseconds"] for point in chosen]}
    memory = {"cganc": [point["cganc_bytes"] / 1e6 for point in chosen]}
    times["fastest peer"] = [point["peer_milliseconds"] for point in chosen]
    memory["fastest peer"] = [point["peer_bytes"] / 1e6 for point in chosen]
    return chosen, positions, times, memory


def write(folder, points):
    """Writes curves.json, curves.md and curves.svg; returns the table."""
    with open(os.path.join(folder, "curves.json"), "w", encoding="utf-8") as file:
        json.dump(points, file, indent=1)
        file.write("\n")
    panels, rows = [], [["model", "batch", "width", "cganc ms", "peer ms", "ratio", "cganc GFLOP/s", "cganc MB", "peer MB", "peer"]]
    for model in dict.fromkeys(point["model"] for point in points):
        for axis in ("batch", "width"):
            chosen, positions, times, memory = series(points, model, axis)
            if len(chosen) > 1:
                panels.append((f"{model} over {axis}", positions, times, memory))
            for point in chosen:
                rows.append([
                    model, str(point["batch"]), f"×{point['width']:g}", f"{point['cganc_milliseconds']:.2f}",
                    f"{point['peer_milliseconds']:.2f}", f"{point['ratio']:.2f}×",
                    f"{point['flops'] / point['cganc_milliseconds'] / 1e6:.0f}", f"{point['cganc_bytes'] / 1e6:.0f}",
                    f"{point['peer_bytes'] / 1e6:.0f}", label(point["peer"])])
    table = report.table(rows)
    if panels:
        with open(os.path.join(folder, "curves.svg"), "w", encoding="utf-8") as file:
            file.write(plot.curves(panels))
    with open(os.path.join(folder, "curves.md"), "w", encoding="utf-8") as file:
        file.write(f"# Step time and memory over batch and width\n\n![curves](curves.svg)\n\n{table}\n")
    return table


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cganc", default=".build/release/cganc")
    parser.add_argument("--models", type=words, default=["mlp-cgan", "dcgan-wgan-gp"])
    parser.add_argument("--axes", type=words, default=["batch", "width"])
    parser.add_argument("--batches", type=lambda text: [int(word) for word in words(text)], default=list(BATCHES))
    parser.add_argument("--widths", type=lambda text: [float(word) for word in words(text)], default=list(WIDTHS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--out", default="runs/bench")
    parser.add_argument("--patience", type=float, default=60.0)
    return parser.parse_args()


def main():
    given = options()
    given.threads = min(given.threads, len(machine.cores()))
    fastest = {record["model"]: report.fastest_peer(record) for record in report.read(given.out)}
    cache = environment.cache_folder()
    python, _ = environment.prepare({form_of(key).peer for key in fastest.values() if key})
    peak = machine.Peak(cache)
    runner = Runner(given.cganc, python, cache, given.seconds)
    path, points = os.path.join(given.out, "curves.json"), []
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            points = json.load(file)
    for model in given.models:
        if not fastest.get(model):
            print(f"{model}: {given.out}/{model}.json names no peer; run make bench MODELS={model} first")
            continue
        print(model, flush=True)
        wanted = []
        if "batch" in given.axes:
            wanted += [(batch, 1.0) for batch in given.batches]
        if "width" in given.axes:
            wanted += [(64, width) for width in given.widths if (64, width) not in wanted]
        with tempfile.TemporaryDirectory() as folder:
            for batch, width in wanted:
                try:
                    point = measure(runner, peak, given, model, form_of(fastest[model]), batch, width, folder)
                except Failure as failure:
                    print(f"  batch {batch}, width ×{width:g}: {failure}", flush=True)
                    continue
                points = [
                    old for old in points if (old["model"], old["batch"], old["width"]) != (model, batch, width)]
                points.append(point)
                write(given.out, points)
    print(write(given.out, points) if points else "no points")


if __name__ == "__main__":
    main()
