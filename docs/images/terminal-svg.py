"""Draws coloured terminal text from standard input as an SVG on standard output.

    smschain run scenarios/at-scale.toml --color always --no-files | head -25 \
        | python3 docs/images/terminal-svg.py > docs/images/at-scale.svg
"""

import html
import re
import sys

WIDTH, HEIGHT, MARGIN = 8.4, 19, 18
PAPER, INK = "#16181d", "#d8dbe2"
BASIC = ["#5b616e", "#e06c60", "#36b37e", "#e6a23c", "#58a6ff", "#c58af9", "#4ec9d0", "#d8dbe2"]


def of_256(n):
    if n < 16:
        return BASIC[n % 8]
    if n >= 232:
        level = 8 + (n - 232) * 10
        return f"#{level:02x}{level:02x}{level:02x}"
    n -= 16
    steps = [0, 95, 135, 175, 215, 255]
    return "#" + "".join(f"{steps[part]:02x}" for part in (n // 36, n // 6 % 6, n % 6))


def styled(codes, style):
    codes = [int(code or 0) for code in codes.split(";")]
    while codes:
        code = codes.pop(0)
        if code == 0:
            style = {}
        elif code == 1:
            style = {**style, "font-weight": "bold"}
        elif code == 2:
            style = {**style, "opacity": "0.6"}
        elif code == 39:
            style = {key: value for key, value in style.items() if key != "fill"}
        elif 30 <= code <= 37 or 90 <= code <= 97:
            style = {**style, "fill": BASIC[code % 10]}
        elif code == 38 and codes[:1] == [5]:
            style = {**style, "fill": of_256(codes[1])}
            codes = codes[2:]
        elif code == 38 and codes[:1] == [2]:
            style = {**style, "fill": "#%02x%02x%02x" % tuple(codes[1:4])}
            codes = codes[4:]
    return style


lines = sys.stdin.read().rstrip("\n").split("\n")
rows, columns = [], 0
for line in lines:
    style, column, spans = {}, 0, []
    for part in re.split(r"(\x1b\[[0-9;]*m)", line):
        escape = re.fullmatch(r"\x1b\[([0-9;]*)m", part)
        if escape:
            style = styled(escape.group(1), style)
            continue
        for run in re.finditer(r"\S+(?: \S+)*", part):
            spans.append((column + run.start(), run.group(), style))
        column += len(part)
    rows.append(spans)
    columns = max(columns, column)

width, height = round(columns * WIDTH + 2 * MARGIN), len(rows) * HEIGHT + 2 * MARGIN
print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">')
print(f'<rect width="100%" height="100%" rx="8" fill="{PAPER}"/>')
print(f'<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14" fill="{INK}" xml:space="preserve">')
for row, spans in enumerate(rows):
    y = MARGIN + (row + 0.75) * HEIGHT
    for column, text, style in spans:
        attributes = "".join(f' {key}="{value}"' for key, value in style.items())
        x, length = MARGIN + column * WIDTH, len(text) * WIDTH
        print(
            f'<text x="{x:.1f}" y="{y:.1f}" textLength="{length:.1f}" lengthAdjust="spacingAndGlyphs"'
            f"{attributes}>{html.escape(text)}</text>"
        )
print("</g>\n</svg>")
