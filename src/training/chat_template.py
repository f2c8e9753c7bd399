"""Chat templates that say which part the model is to learn: {% generation %} markers that leave every text as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

PLAIN_TEMPLATE: Final = (
    "{% for message in messages %}"
    "{{ '<|' + message['role'] + '|>\n' + message['content'] + eos_token + '\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% endif %}"
)
"""For a raw base model, which has no template of its own: needs no special token but the end that every model has."""
_OUTPUT: Final = re.compile(r"\{\{(-?)(.*?)(-?)\}\}", re.DOTALL)
_CONTENT: Final = re.compile(r"""\(?\s*(\w+)(?:\.content\b|\[\s*['"]content['"]\s*\])""")
_MARKER: Final = re.compile(r"\{%-?\s*generation\s*-?%\}")
_SPACE_AT_END: Final = re.compile(r"(?:\\n|\s)+$")
_QUOTES: Final = "'\""

PROBES: Final[Sequence[Sequence[dict[str, str]]]] = (
    ({"role": "user", "content": "One?"}, {"role": "assistant", "content": "Two."}),
    (
        {"role": "system", "content": " Be short. "},
        {"role": "user", "content": "  Where?\n\nAnd when? "},
        {"role": "assistant", "content": "Here.\n- now\n"},
        {"role": "user", "content": "{{ why }} <|x|>"},
        {"role": "assistant", "content": " Because 'it' is \"so\". "},
    ),
)
"""Conversations on which a changed template must say the same as before, byte for byte."""


def ensure_template(tokenizer: Any) -> None:
    """Give a tokenizer without a chat template the plain one."""
    if not tokenizer.chat_template:
        tokenizer.chat_template = PLAIN_TEMPLATE


def mark_template(tokenizer: Any) -> str | None:
    """The chat template of ``tokenizer`` with {% generation %} around what the assistant writes, its end included.

    None where no markers can be set: the template builds its text in another way than by ``{{ ... + content + ... }}``,
    or the marked one said something else on a probe.
    """
    template = str(tokenizer.chat_template)
    if _MARKER.search(template):
        return template
    marked = _OUTPUT.sub(_mark_output, template)
    if marked == template or not all(_says_the_same(tokenizer, template, marked, probe) for probe in PROBES):
        return None
    return marked


def _says_the_same(tokenizer: Any, template: str, marked: str, probe: Sequence[dict[str, str]]) -> bool:
    from jinja2 import TemplateError

    said = []
    for one in (template, marked):
        try:
            said.append(tokenizer.apply_chat_template(list(probe), chat_template=one, tokenize=False))
        except TemplateError as error:  # a template may refuse a system turn: then both have to
            said.append(str(error))
    return bool(said[0] == said[1])


def _mark_output(found: re.Match[str]) -> str:
    """One ``{{ a + message['content'] + b }}``, with its content and end marked where the role is the assistant's."""
    terms = list(_terms(found[2]))
    place = next((number for number, term in enumerate(terms) if _CONTENT.match(term.strip())), None)
    if place is None:
        return found[0]
    match = _CONTENT.match(terms[place].strip())
    assert match is not None
    end = _end_of_turn(terms[place + 1 :])
    head, learnt, rest = terms[:place], [terms[place], *end.said], end.rest
    opening, closing = found[1], found[3]
    return "".join(
        [
            f"{{%{opening} if {match[1]}['role'] == 'assistant' %}}",
            _output(head),
            "{% generation %}",
            _output(learnt),
            "{% endgeneration %}",
            _output(rest),
            "{% else %}",
            _output(terms),
            f"{{% endif {closing}%}}",
        ]
    )


class _End(NamedTuple):
    said: list[str]
    rest: list[str]


def _end_of_turn(terms: list[str]) -> _End:
    """What stands behind the content: the mark of its end, and the white space up to the next turn, which nobody has to
    learn to write."""
    said = list(terms)
    rest: list[str] = []
    while said and _is_text(said[-1]):
        text = said.pop().strip()
        space = _SPACE_AT_END.search(text[1:-1])
        if space is None:
            said.append(text)
            break
        rest.insert(0, f"{text[0]}{space[0]}{text[0]}")
        if space.start():
            said.append(f"{text[0]}{text[1 : 1 + space.start()]}{text[0]}")
            break
    return _End(said, rest)


def _is_text(term: str) -> bool:
    text = term.strip()
    return len(text) >= 2 and text[0] in _QUOTES and text[-1] == text[0] and text[0] not in text[1:-1]


def _output(terms: Sequence[str]) -> str:
    return f"{{{{ {' + '.join(term.strip() for term in terms)} }}}}" if terms else ""


def _terms(expression: str) -> Iterator[str]:
    """The operands of the outermost ``+``."""
    start, depth, quote = 0, 0, ""
    for place, character in enumerate(expression):
        if quote:
            quote = "" if character == quote and expression[place - 1] != "\\" else quote
        elif character in _QUOTES:
            quote = character
        elif character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character == "+" and depth == 0:
            yield expression[start:place]
            start = place + 1
    yield expression[start:]
