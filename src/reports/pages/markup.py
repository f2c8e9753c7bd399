"""HTML that cannot be broken by what stands in it: every text is escaped where it enters an element."""

from __future__ import annotations

import html
from typing import Final

_STRANGE: Final = {
    code: "\N{REPLACEMENT CHARACTER}"
    for code in (*range(32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFFFE, 0xFFFF)
    if chr(code) not in "\n\t"
}
"""Control characters, and those that turn the direction of everything after them."""
_EMPTY: Final = frozenset({"meta", "rect", "line", "br", "input"})

Attribute = str | int | float | None


class Markup(str):
    """HTML that is already safe; only this module makes it."""

    __slots__ = ()


Child = str | Markup | None


def tag(name: str, /, *children: Child, **attributes: Attribute) -> Markup:
    """An element. Children that are plain text are escaped, None is left out; ``class_`` is written class, ``a_b`` is
    written a-b. The result is well-formed XML too."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _EMPTY:
        return Markup(f"<{name}{written} />")
    return Markup(f"<{name}{written}>{join(*children)}</{name}>")


def join(*children: Child) -> Markup:
    """Several children one after the other."""
    return Markup("".join(escape(child) for child in children if child is not None))


def escape(text: str) -> Markup:
    """``text`` as HTML; markup stays as it is."""
    return text if isinstance(text, Markup) else Markup(html.escape(text.translate(_STRANGE)))


def document(title: str, style: str, body: Markup) -> str:
    """A whole page. Its policy forbids every script and every request, should anything ever slip through."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", http_equiv="Content-Security-Policy", content="default-src 'none'; style-src 'unsafe-inline'"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("title", title),
        # our own file, which holds no "</": a style element is not escaped
        Markup(f"<style>\n{style}</style>"),
    )
    page = Markup(f'<html lang="en">\n{head}\n{tag("body", body)}\n</html>')
    return f"<!DOCTYPE html>\n{page}\n"
