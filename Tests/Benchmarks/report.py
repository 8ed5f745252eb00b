"""The page: from the rows of each model to tables as text, Markdown, JSON and a plot."""
import json
import os
import statistics

import plot
from forms import CGANC, PEERS, label

ORDER = ("mlp-cgan", "mlp-wgan-gp", "dcgan-wgan-gp", "dcgan-bn-bce", "dcgan32-wgan-gp")


def rows_of(record, key, threads, cold=False):
    return [
        row for row in record["rows"]
        if row["form"] == key and row["threads"] == threads and row["cold"] == cold and "milliseconds" in row]


def by_round(rows, field="milliseconds"):
    """The median in each round, by round."""
    rounds = {}
    for row in rows:
        rounds.setdefault(row["round"], []).append(row[field])
    return [statistics.median(values) for _, values in sorted(rounds.items())]


def median(rows, field="milliseconds"):
    """The median over rounds of the median in each; None without rows."""
    return statistics.median(by_round(rows, field)) if rows else None


def medians(record, threads):
    """{form: milliseconds} of all forms, in the order in which they were first timed."""
    keys = dict.fromkeys(row["form"] for row in record["rows"])
    found = {key: median(rows_of(record, key, threads)) for key in keys}
    return {key: value for key, value in found.items() if value is not None}


def fastest_peer(record):
    """The key of the fastest form of the fastest peer, or None."""
    peers = {key: value for key, value in medians(record, record["threads"]).items() if key != CGANC}
    return min(peers, key=peers.get) if peers else None


def peak(record, threads):
    """GFLOP/s: the better of the loop and the convolution, the best round of each."""
    return max(
        (max(entry["loop"], entry["convolution"]) for entry in record["peaks"] if entry["threads"] == threads),
        default=None)


def scaling(record, key):
    """How many times faster two threads are than one, from the rounds that have both; None without them."""
    one, several = rows_of(record, key, 1), rows_of(record, key, record["threads"])
    both = {row["round"] for row in one} & {row["round"] for row in several}
    if record["threads"] == 1 or not both:
        return None
    return (median([row for row in one if row["round"] in both])
            / median([row for row in several if row["round"] in both]))


def summary(record):
    """One model's numbers, as they stand in results.json."""
    threads, fastest = record["threads"], fastest_peer(record)
    own = rows_of(record, CGANC, threads)
    flops = own[0]["flops"] if own else None
    top = peak(record, threads)
    best = median(rows_of(record, fastest, threads)) if fastest else None
    forms = []
    for key, milliseconds in medians(record, threads).items():
        rows = rows_of(record, key, threads)
        forms.append({
            "form": key, "label": label(key), "milliseconds": milliseconds,
            "least": min(by_round(rows)), "most": max(by_round(rows)), "rounds": len(by_round(rows)),
            "ratio_to_fastest_peer": best / milliseconds if best else None,
            "share_of_peak": flops / (milliseconds * 1e6) / top if flops and top else None,
            "megabytes": median(rows, "bytes") / 1e6, "first_step_seconds": median(rows, "first_step"),
            "cold_first_step_seconds": median(rows_of(record, key, threads, cold=True), "first_step"),
            "one_to_several_threads": scaling(record, key),
            "loss_difference": record["differences"].get(key)})
    return {
        "model": record["model"], "threads": threads, "flops": flops, "peak_gflops": top,
        "one_thread_peak_gflops": peak(record, 1), "fastest_peer": fastest,
        "quiet": all(row["quiet"] for row in record["rows"]), "forms": forms, "machine": record["machine"]}


def number(value, digits, unit=""):
    return "–" if value is None else f"{value:.{digits}f}{unit}"


def share(value):
    return "–" if value is None else f"{100 * value:.0f}%"


def table(rows):
    """`rows` as a Markdown table that also reads well as text."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]

    def line(cells):
        return "| " + " | ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(cells, widths))) + " |"

    rule = "| " + " | ".join("-" * width if column == 0 else "-" * (width - 1) + ":" for column, width in enumerate(widths)) + " |"
    return "\n".join([line(rows[0]), rule] + [line(row) for row in rows[1:]])


def overview(summaries):
    """One line for each model: cganc and the fastest form of the fastest peer."""
    rows = [["model", "cganc ms", "fastest peer ms", "ratio", "of peak", "MB", "first step s, cold/warm", "1→2 threads", "fastest peer"]]
    for each in summaries:
        own = next((form for form in each["forms"] if form["form"] == CGANC), None)
        peer = next((form for form in each["forms"] if form["form"] == each["fastest_peer"]), None)
        if own is None:
            continue
        rows.append([
            each["model"], number(own["milliseconds"], 2), number(peer and peer["milliseconds"], 2),
            number(own["ratio_to_fastest_peer"], 2, "×"), share(own["share_of_peak"]), number(own["megabytes"], 0),
            f"{number(own['cold_first_step_seconds'], 1)} / {number(own['first_step_seconds'], 1)}",
            number(own["one_to_several_threads"], 2, "×"), peer["label"] if peer else "–"])
    return table(rows)


def detail(each):
    """Every form of one model, the fastest first."""
    rows = [["form", "ms", "rounds' range", "rounds", "ratio", "of peak", "MB", "first step s", "1→2 threads"]]
    for form in sorted(each["forms"], key=lambda form: form["milliseconds"]):
        first = number(form["first_step_seconds"], 1)
        if form["cold_first_step_seconds"] is not None:
            first = f"{number(form['cold_first_step_seconds'], 1)} cold, {first}"
        rows.append([
            form["label"], number(form["milliseconds"], 2), f"{form['least']:.2f}–{form['most']:.2f}",
            str(form["rounds"]), number(form["ratio_to_fastest_peer"], 2, "×"), share(form["share_of_peak"]),
            number(form["megabytes"], 0), first, number(form["one_to_several_threads"], 2, "×")])
    return table(rows)


NOTES = """\
A step is one update of the discriminator and one of the generator: random numbers, the gathering of examples, losses,
gradients, Adam, moving average, and for cganc a line of metrics. Times are medians over rounds of the median step of a fresh
process. *Ratio* is the fastest peer form's time over the row's, above 1 is faster. *Of peak* is the step's arithmetic as
`cganc summary` counts it, over the row's time, over the highest rate seen in the same run: that of a loop of multiply-adds in
registers or of PyTorch's best convolution; minimal filtering multiplies less than is counted, so it may exceed 100%. *MB* is
the process's peak. A form far slower than the fastest is timed in fewer rounds. A peer's losses before the first update agree
to 1e-5 with cganc's in double precision."""


def page(summaries):
    """The whole page as Markdown."""
    parts = ["# cganc and other frameworks on the same steps", overview(summaries), "![times](results.svg)", NOTES]
    for each in summaries:
        facts = (f"{each['flops'] / 1e9:.2f} GFLOP a step; peak {each['peak_gflops']:.0f} GFLOP/s with "
                 f"{each['threads']} threads, {each['one_thread_peak_gflops']:.0f} with one")
        own, peers = ([form["loss_difference"] for form in each["forms"] if (form["form"] == CGANC) == mine
                       and form["loss_difference"] is not None] for mine in (True, False))
        facts += f"; losses differ from double precision by {max(own, default=0):.0e} in cganc"
        if peers:
            facts += f", at most {max(peers):.0e} in peers"
        if not each["quiet"]:
            facts += "; **the machine was not always quiet**"
        parts += [f"## {each['model']}", facts, detail(each)]
    last = summaries[-1]["machine"]
    parts += ["## Machine", "\n".join(f"- {name}: {text}" for name, text in last.items())]
    return "\n\n".join(parts) + "\n"


def read(folder):
    """The records of all models in `folder`."""
    records = []
    for model in ORDER:
        path = os.path.join(folder, f"{model}.json")
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                records.append(json.load(file))
    return [record for record in records if record["rows"]]


def panels(summaries):
    """What the plot shows of each model: cganc, and the best form of every peer."""
    shown = []
    for each in summaries:
        bars = []
        for who in (CGANC,) + PEERS:
            own = [form for form in each["forms"] if form["form"].split(":")[0] == who]
            if own:
                best = min(own, key=lambda form: form["milliseconds"])
                bars.append((best["label"], best["milliseconds"], who == CGANC))
        floor = each["flops"] / each["peak_gflops"] / 1e6 if each["flops"] and each["peak_gflops"] else None
        shown.append((each["model"], bars, floor))
    return shown


def write(folder):
    """Writes the page of `folder`; returns the overview."""
    summaries = [summary(record) for record in read(folder)]
    if not summaries:
        return f"{folder} has no timings yet"
    with open(os.path.join(folder, "results.json"), "w", encoding="utf-8") as file:
        json.dump(summaries, file, indent=1)
        file.write("\n")
    with open(os.path.join(folder, "results.md"), "w", encoding="utf-8") as file:
        file.write(page(summaries))
    with open(os.path.join(folder, "results.svg"), "w", encoding="utf-8") as file:
        file.write(plot.bars(panels(summaries)))
    return "\n\n".join(["", overview(summaries), f"{folder}/results.md has every form, results.json and results.svg beside it"])
