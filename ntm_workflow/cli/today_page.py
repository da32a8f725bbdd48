"""This morning's list as one page to print: A4, plain type, nothing loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any, Final

from ntm_workflow.cli.answers import phrase

_STYLE: Final = """
@page { size: A4; margin: 18mm 16mm; }
body { font: 11pt/1.4 'Times New Roman', 'Liberation Serif', serif; color: #1a1a1a; max-width: 178mm; margin: 0 auto; }
h1 { font-size: 15pt; margin: 0 0 2mm; }
h2 { font-size: 12pt; margin: 6mm 0 1mm; border-bottom: 0.4pt solid #1a1a1a; break-after: avoid; }
ul { margin: 0; padding: 0; list-style: none; }
li { padding: 0.8mm 0 0.8mm 7mm; position: relative; break-inside: avoid; }
li::before { content: ''; position: absolute; left: 0; top: 1.7mm; width: 3.2mm; height: 3.2mm; border: 0.5pt solid #1a1a1a; }
p { margin: 1mm 0; } .foot { margin-top: 8mm; font-size: 9pt; }
"""

#: A head, how many things stand under it, and a line for each or for several that are alike.
Section = tuple[str, int, list[str]]


def today_page(title: str, stamp: dict[str, Any], sections: Iterable[Section], lang: str) -> str:
    """The whole page; an empty section says so, that nobody wonders whether it was left out."""
    known = stamp["known_at"]
    foot = phrase(
        "Theo sổ đến vị trí {position}, lúc {instant}.",
        "By the journal up to position {position}, at {instant}.",
        **known,
    )
    body = "\n".join(_section(*each) for each in sections)
    return (
        f'<!doctype html>\n<html lang="{lang}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width">\n<title>{escape(title)}</title>\n'
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{escape(title)}</h1>\n{body}\n"
        f'<p class="foot">{escape(foot)}</p>\n</body>\n</html>\n'
    )


def _section(head: str, count: int, lines: list[str]) -> str:
    told = escape(phrase("{head} ({n})", "{head} ({n})", head=head, n=count))
    if not lines:
        return f"<h2>{told}</h2>\n<p>{escape(phrase('Không có.', 'None.'))}</p>"
    items = "\n".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<h2>{told}</h2>\n<ul>\n{items}\n</ul>"
