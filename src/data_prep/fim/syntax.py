"""Pieces of a parsed file that are whole in its grammar: blocks, expressions, statements and declarations."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from src.core.errors import MissingPackageError

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

SETUP: Final = "make setup-code"
Shape = Literal["block", "expression", "node"]

# Grammars call the same thing by many names, but end them alike: compound_statement, body_statement, do_block.
_BLOCK: Final = re.compile(
    r"(?:^|_)(?:block|body|compound_statement|suite|statement_list|declaration_list|statements|stmts|closure|"
    r"else_clause|members|field_list)$"
)
_STATEMENT: Final = re.compile(
    r"statement|declaration|definition|directive|import|export|decorat|(?:^|_)(?:item|clause|case|arm|method|class|"
    r"module|impl|struct|enum|interface|trait|constructor|section|rule|command|instruction|defn?|let|for|if|while)$"
)
_EXPRESSION: Final = re.compile(
    r"expression|argument|condition|call|parameter|literal|string|array|object|dict|list|tuple|set|lambda|function|"
    r"comprehension|operator|assignment|subscript|attribute|member|access|invocation|binary|unary|ternary|"
    r"pair|type|exp$|expr|infix|apply|application|template|interpolation|pattern|selector|value|creation"
)
_NOT_CODE: Final = re.compile(r"comment|ERROR|heredoc|shebang|hash_bang|text$|content$|escape|raw")


class Piece(NamedTuple):
    """A part of a file that is whole in its grammar. ``is_run``: it goes on with the statements behind ``node``."""

    node: Node
    shape: Shape
    kind: str
    is_run: bool = False


class Tree:
    """A parsed file."""

    def __init__(self, root: Node, data: bytes) -> None:
        self._root = root
        self._data = data

    def pieces_at(self, place: int, longest: int) -> list[Piece]:
        """The pieces around the byte ``place`` that may have at most ``longest`` bytes; none where the text does not
        parse."""
        cursor = self._root.walk()
        descend = cursor.goto_first_child_for_byte
        if descend(place) is None or (outermost := cursor.node) is None or outermost.has_error:
            return []
        pieces: list[Piece] = []
        in_block = False
        node: Node | None = outermost
        while node is not None and (start := node.start_byte) <= place < (end := node.end_byte):
            kind = node.type
            shape = _shape_of(kind) if node.is_named else None
            if shape is not None and end - start <= longest:
                pieces.append(Piece(node, shape, kind))
                if in_block:
                    pieces.append(Piece(node, "block", "statements", is_run=True))
            in_block = shape == "block"
            node = cursor.node if descend(place) is not None else None
        return pieces

    def ends_of(self, piece: Piece, longest: int) -> tuple[int, int]:
        """The bytes of a piece: of a block with braces what stands between them, of a run as many statements as fit."""
        node = piece.node
        start, end = node.start_byte, node.end_byte
        if piece.is_run:
            return start, _end_of_run(node, longest)
        data = self._data
        if piece.shape == "block" and data[start : start + 1] == b"{" and data[end - 1 : end] == b"}":
            inside = data[start + 1 : end - 1]
            start += 1 + len(inside) - len(inside.lstrip())
            end = start + len(inside.strip())
        return start, end


def parse(grammar: str, data: bytes) -> Tree:
    """The tree of a source text. Raises MissingPackageError without the grammars."""
    return Tree(load_parser(grammar).parse(data).root_node, data)


@cache
def load_parser(grammar: str) -> Parser:
    """The parser for a grammar, loaded once. Raises MissingPackageError without the grammars."""
    try:
        pack: Any = import_module("tree_sitter_language_pack")
    except ModuleNotFoundError as error:
        raise MissingPackageError(
            "The grammars of programming languages are not installed.", fix=f"Run: {SETUP}"
        ) from error
    parser: Parser = pack.get_parser(grammar)
    return parser


def _end_of_run(node: Node, longest: int) -> int:
    start, end = node.start_byte, node.end_byte
    following = node.next_named_sibling
    while following is not None and following.end_byte - start <= longest:
        end = following.end_byte
        following = following.next_named_sibling
    return end


@cache
def _shape_of(kind: str) -> Shape | None:
    if _NOT_CODE.search(kind):
        return None
    if _BLOCK.search(kind):
        return "block"
    if _STATEMENT.search(kind):
        return "node"
    return "expression" if _EXPRESSION.search(kind) else None
