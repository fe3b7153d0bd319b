"""The examination of a learner as a page that people read: one HTML file, no script, pictures within."""

from collections.abc import Sequence
from html import escape

from normalizer.learning.evaluation import Bin, Evaluation

_SHOWN_LABELS = 15
# rows and columns of the confusion table; the rest are in the table of labels
_LONGEST_NAME = 60

_STYLE = """
body{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2.2rem}
.figures{display:flex;flex-wrap:wrap;gap:1rem;padding:0;list-style:none}
.figures li{flex:1 1 11rem;border:1px solid #ccc;border-radius:6px;padding:.7rem 1rem}
.figures b{display:block;font-size:1.7rem;line-height:1.2}
.scroll{overflow-x:auto}table{border-collapse:collapse}caption{text-align:left;padding-bottom:.4rem}
th,td{padding:.25rem .6rem;border-bottom:1px solid #ddd;text-align:right;font-variant-numeric:tabular-nums}
th:first-child,td:first-child{text-align:left}thead th{vertical-align:bottom}
.confusion td{min-width:2.2rem;text-align:center}.confusion .right{outline:2px solid #1a1a1a;outline-offset:-2px}
svg{max-width:100%;height:auto}
"""


def summarize(evaluation: Evaluation) -> list[str]:
    """The examination in a few sentences."""
    promised = 1 - evaluation.wrong
    lines = [
        f"Learned from {evaluation.learned} messages, examined on the {evaluation.cases} that came after them.",
        (
            f"Guess right: {percent(evaluation.accuracy)}. Within the first three: "
            f"{percent(share(evaluation.in_top, evaluation.cases))}. "
            f"Always the most frequent label: {percent(share(evaluation.majority, evaluation.cases))}."
        ),
    ]
    if evaluation.precision is None:
        lines.append(
            f"Named by itself: none. With a promise of {percent(promised)} nothing was sure enough, "
            "and the contact centre decides all."
        )
    else:
        kept = "kept" if evaluation.precision >= promised else "NOT kept"
        lines.append(
            f"Named by itself: {percent(evaluation.coverage)} ({evaluation.named}), of which "
            f"{percent(evaluation.precision)} right. The promise of {percent(promised)} was {kept}."
        )
    lines.append(
        f"Confidence and truth are {percent(evaluation.calibration_error)} apart on average "
        "(expected calibration error)."
    )
    return lines


def write_report(evaluation: Evaluation, *, source: str) -> str:
    """The whole page. `source` says what was examined."""
    named = "none" if evaluation.precision is None else percent(evaluation.precision)
    figures = (
        (percent(evaluation.accuracy), "of all guesses were right"),
        (percent(evaluation.coverage), "named by itself"),
        (named, "of those named were right"),
        (
            percent(share(evaluation.majority, evaluation.cases)),
            "right if the most frequent were always said",
        ),
    )
    cells = "".join(f"<li><b>{value}</b>{escape(what)}</li>" for value, what in figures)
    sentences = "".join(f"<p>{escape(line)}</p>" for line in summarize(evaluation))
    return (
        '<!doctype html>\n<html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>Routing model: {escape(source)}</title><style>{_STYLE}</style>\n"
        f"<h1>Routing model: {escape(source)}</h1>\n"
        f'<ul class="figures">{cells}</ul>\n{sentences}\n'
        "<h2>Is it as sure as it says?</h2>\n"
        "<p>Each dot is a group of messages: to the right what the model said, upwards how many were right. "
        "On the line both agree; below it the model was too sure. Larger dots are more messages.</p>\n"
        f"{draw_curve(evaluation.curve)}\n"
        f"<h2>Label by label</h2>\n{_table_labels(evaluation)}\n"
        f"<h2>What is taken for what</h2>\n{_table_confusion(evaluation)}\n</html>\n"
    )


def draw_curve(curve: Sequence[Bin]) -> str:
    """The calibration curve as an SVG picture."""
    size, left, top = 300, 50, 12
    most = max((each.cases for each in curve), default=1)

    def at(confidence: float, right: float) -> tuple[float, float]:
        return round(left + confidence * size, 1), round(top + (1 - right) * size, 1)

    parts = []
    for tenth in range(0, 11, 2):
        x, y = at(tenth / 10, tenth / 10)
        parts.append(
            f'<path d="M{left} {y}h{size}M{x} {top}v{size}" stroke="#e2e2e2"/>'
            f'<text x="{left - 6}" y="{y + 4}" text-anchor="end">{tenth * 10}</text>'
            f'<text x="{x}" y="{top + size + 16}" text-anchor="middle">{tenth * 10}</text>'
        )
    parts.append(f'<path d="M{left} {top + size}L{left + size} {top}" stroke="#777" stroke-dasharray="5 4"/>')
    places = [at(each.confidence, each.right) for each in curve]
    line = " ".join(f"{x},{y}" for x, y in places)
    parts.append(f'<polyline points="{line}" fill="none" stroke="#0b5c8a" stroke-width="2"/>')
    for (x, y), each in zip(places, curve, strict=True):
        radius = round(3 + 7 * (each.cases / most) ** 0.5, 1)
        told = f"{each.cases} messages: said {percent(each.confidence)}, right {percent(each.right)}"
        parts.append(f'<circle cx="{x}" cy="{y}" r="{radius}" fill="#0b5c8a"><title>{told}</title></circle>')
    parts.append(
        f'<text x="{left + size / 2}" y="{top + size + 36}" text-anchor="middle">said (%)</text>'
        f'<text x="14" y="{top + size / 2}" text-anchor="middle" '
        f'transform="rotate(-90 14 {top + size / 2})">right (%)</text>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + size + 20} {top + size + 44}" '
        f'width="{left + size + 20}" role="img" aria-label="Calibration curve" '
        f'font-family="system-ui,sans-serif" font-size="12">{"".join(parts)}</svg>'
    )


def percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _table_labels(evaluation: Evaluation) -> str:
    rows = "".join(
        f"<tr><td>{_name(each.label)}</td><td>{each.cases}</td>"
        f"<td>{_of(each.right, each.cases)}</td><td>{_of(each.right, each.guessed)}</td>"
        f"<td>{'never' if each.cut is None else f'{each.cut:.2f}'}</td>"
        f"<td>{each.named}</td><td>{_of(each.named_right, each.named)}</td></tr>"
        for each in evaluation.labels
    )
    return (
        '<div class="scroll"><table><thead><tr><th scope="col">label</th><th scope="col">messages</th>'
        '<th scope="col">of these found</th><th scope="col">of its guesses right</th>'
        '<th scope="col">named from</th><th scope="col">named</th><th scope="col">of these right</th>'
        f"</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _table_confusion(evaluation: Evaluation) -> str:
    """The most frequent labels against each other; numbers in the first row stand for the labels."""
    chosen = [each.label for each in evaluation.labels if each.cases][:_SHOWN_LABELS]
    counted = {(was, guess): count for was, guess, count in evaluation.confusion}
    head = "".join(f'<th scope="col">{place}</th>' for place in range(1, len(chosen) + 1))
    rows = []
    for place, was in enumerate(chosen, 1):
        total = sum(count for (truth, _), count in counted.items() if truth == was)
        cells = []
        for guess in chosen:
            count = counted.get((was, guess), 0)
            shade = round(100 - 45 * share(count, total))
            mark = ' class="right"' if was == guess else ""
            cells.append(f'<td{mark} style="background:hsl(204 70% {shade}%)">{count or ""}</td>')
        others = total - sum(counted.get((was, guess), 0) for guess in chosen)
        rows.append(
            f'<tr><th scope="row">{place} {_name(was)}</th>{"".join(cells)}<td>{others or ""}</td></tr>'
        )
    return (
        '<div class="scroll"><table class="confusion"><caption>A row is where messages belonged, a column what '
        "was guessed. Framed: right. The numbers of the columns are those of the rows.</caption>"
        f'<thead><tr><th></th>{head}<th scope="col">other</th></tr></thead><tbody>{"".join(rows)}</tbody>'
        "</table></div>"
    )


def _of(part: int, whole: int) -> str:
    return percent(part / whole) if whole else ""


def _name(label: str) -> str:
    shown = label if len(label) <= _LONGEST_NAME else label[: _LONGEST_NAME - 3] + "..."
    return escape("".join(c for c in shown if c.isprintable()))
