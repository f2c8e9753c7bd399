"""Samples from a model too small to be trusted: the answer is a sentence of the source, the model writes the question.

A model of 135 million parameters cannot write an answer: what it says is fluent and wrong. So the code picks a
sentence that stands on its own, decides what can be asked for it, and lets the model only put that into a question,
word by word under a grammar. A question is kept when it names its subject, tells nothing of the answer, and leads back
to its own sentence among all others (Alberti et al. 2019, round-trip consistency).
"""

from __future__ import annotations

import hashlib
import logging
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any, Literal

from src.core.errors import ProviderError
from src.core.types import ChatRequest, Message, Rejection, Sample, Span, WriterModel
from src.generation.embedder import load_embedder
from src.generation.engine import Engine
from src.generation.facts import Fact, FoundPair, find_facts, find_question_headings, slice_pieces
from src.generation.question_checks import Draft, check_question, question_key, rate_question
from src.generation.question_grammar import build_grammar
from src.generation.question_kinds import find_targets
from src.generation.question_parts import Target
from src.generation.retrieval import Bm25
from src.utils.chunker import Passage
from src.utils.keywords import KeywordExtractor
from src.utils.prompt_loader import read_prompt, render
