"""Plots as SVG text: bars of the step times, and curves over batch and width."""
import math
from html import escape

FONT = 'font-family="system-ui, sans-serif" font-size="13"'
OWN, PEER, GRID, INK = "#c2410c", "#94a3b8", "#e2e8f0", "#1e293b"
COLOURS = (OWN, "#334155", "#0e7490", "#7c3aed")


def text(x, y, words, anchor="start", weight="normal", fill=INK):
    return (f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}" fill="{fill}">'
            f"{escape(words)}</text>")


def document(width, height, parts):
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" {FONT}>',
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="white"/>', *parts, "</svg>", ""])


def bars(panels):
    """One group of bars for each (model, [(label, milliseconds, is cganc's)], floor in ms), each to its own scale.

    The dashed line is the time that the step's arithmetic takes at the machine's peak.
    """
    longest = max(len(label) for _, items, _ in panels for label, _, _ in items)
    left, span, row, y = max(120, 7.2 * longest + 24), 420, 22, 34
    parts = [text(16, 22, "Milliseconds per training step, less is better", weight="bold")]
    for model, items, floor in panels:
        y += 18
        parts.append(text(16, y, model, weight="bold"))
        most = max(milliseconds for _, milliseconds, _ in items)
        top = y + 6
        for label, milliseconds, own in items:
            length = span * milliseconds / most
            end, line = length, None if floor is None else span * floor / most
            if line is not None and end <= line < end + 44:  # the number would stand on the dashed line
                end = line
            parts += [
                text(left - 8, y + row - 2, label, anchor="end"),
                f'<rect x="{left:.1f}" y="{y + 8:.1f}" width="{length:.1f}" height="{row - 6}" rx="2" '
                f'fill="{OWN if own else PEER}"/>',
                text(left + end + 6, y + row - 2, f"{milliseconds:.1f}", weight="bold" if own else "normal")]
            y += row
        if floor is not None:
            x = left + span * floor / most
            parts.append(
                f'<line x1="{x:.1f}" y1="{top:.1f}" x2="{x:.1f}" y2="{y + 6:.1f}" stroke="{INK}" '
                f'stroke-dasharray="3 3"/>')
        y += 12
    parts.append(text(16, y + 14, "Dashed: the step's arithmetic, direct methods, at the machine's peak", fill="#64748b"))
    return document(left + span + 70, y + 28, parts)


def ticks(low, high):
    """Powers of ten and their 2- and 5-folds from `low` to `high`."""
    values = []
    for exponent in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1):
        values += [digit * 10.0**exponent for digit in (1, 2, 5)]
    return [value for value in values if low <= value <= high]


def compact(value):
    return f"{value:g}" if value < 10000 else f"{value / 1000:g}k"


def curve_panel(x, y, width, height, title, unit, positions, series):
    """One chart of {name: [value or None for each position]} over named positions, on a logarithmic scale."""
    values = [value for line in series.values() for value in line if value]
    low, high = min(values) / 1.2, max(values) * 1.2

    def across(index):
        return x + width * (index + 0.5) / len(positions)

    def up(value):
        return y + height * (1 - math.log(value / low) / math.log(high / low))

    parts = [text(x, y - 10, f"{title}, {unit}", weight="bold")]
    for value in ticks(low, high):
        parts += [
            f'<line x1="{x:.1f}" y1="{up(value):.1f}" x2="{x + width:.1f}" y2="{up(value):.1f}" stroke="{GRID}"/>',
            text(x - 6, up(value) + 4, compact(value), anchor="end", fill="#64748b")]
    for index, name in enumerate(positions):
        parts.append(text(across(index), y + height + 18, name, anchor="middle", fill="#64748b"))
    for (name, line), colour in zip(series.items(), COLOURS):
        points = [(across(index), up(value)) for index, value in enumerate(line) if value]
        path = " ".join(f"{px:.1f},{py:.1f}" for px, py in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{px:.1f}" cy="{py:.1f}" r="3.5" fill="{colour}"/>' for px, py in points]
    return parts


def curves(panels):
    """A grid of charts: for each (title, positions, {name: milliseconds}, {name: megabytes}) time left, memory right."""
    width, height, gap = 330, 190, 76
    parts, y = [], 56
    names = list(dict.fromkeys(name for panel in panels for name in panel[2]))
    x = 16
    for name, colour in zip(names, COLOURS):
        parts += [f'<rect x="{x}" y="12" width="14" height="14" rx="2" fill="{colour}"/>', text(x + 20, 24, name)]
        x += 40 + 7.2 * len(name)
    for title, positions, times, memory in panels:
        parts += curve_panel(60, y, width, height, title, "ms per step", positions, times)
        parts += curve_panel(60 + width + gap, y, width, height, title, "MB", positions, memory)
        y += height + gap
    return document(60 + 2 * width + gap + 20, y - 30, parts)
