"""Optional detectors: texts are read together, findings come back to their text, and what is missing is said."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from src.core.errors import MissingPackageError
from src.utils.privacy import extras
from src.utils.privacy.extras import find_more
from src.utils.privacy.redaction import Redactor
from src.utils.privacy.screening import Screening

LEAKS = """
calls = []

class Finding:
    def __init__(self, raw):
        self.raw = raw

def part(rule, value, line):
    return {"rule_id": rule, "match": {"value": value}, "location": {"start_line": line}}

def scan_string(text):
    calls.append(text)
    found = []
    for number, line in enumerate(text.split("\\n"), start=1):
        for word in line.split():
            if word.startswith("zq-"):
                raw = part("npm-access-token", word, number)
                raw["component_sets"] = [{"components": [part("other", "kelp77Fjord", number)]}]
                found.append(Finding(raw))
    return found
"""
SPACY = "class util:\n    @staticmethod\n    def is_package(name):\n        return {known}\n"
ANALYZER = """
class Found:
    def __init__(self, start, end, score):
        self.start, self.end, self.score = start, end, score

class AnalyzerEngine:
    def __init__(self, nlp_engine, supported_languages):
        pass

    def analyze(self, text, language, entities):
        names = ("Quist Aramba", "Apache Kafka", "Sunniva")
        return [Found(text.index(name), text.index(name) + len(name), 0.85) for name in names if name in text]
"""

_MODULES = ("betterleaks", "spacy", "presidio_analyzer", "presidio_analyzer.nlp_engine")


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    """Packages are looked for anew in every test."""
    before = {name: sys.modules.pop(name) for name in _MODULES if name in sys.modules}
    yield
    for name in _MODULES:
        sys.modules.pop(name, None)
    sys.modules.update(before)
    extras._betterleaks.cache_clear()
    extras._presidio.cache_clear()


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Small packages with the interfaces of the real ones, found before these."""
    (tmp_path / "betterleaks.py").write_text(LEAKS, encoding="utf-8")
    (tmp_path / "spacy.py").write_text(SPACY.format(known=True), encoding="utf-8")
    (tmp_path / "presidio_analyzer").mkdir()
    (tmp_path / "presidio_analyzer" / "__init__.py").write_text(ANALYZER, encoding="utf-8")
    engine = "class SpacyNlpEngine:\n    def __init__(self, models):\n        pass\n"
    (tmp_path / "presidio_analyzer" / "nlp_engine.py").write_text(engine, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def test_findings_come_back_to_the_text_that_holds_them(packages: Path) -> None:
    texts = ["one\ntwo", "with zq-77aX9k here and zq-77aX9k", "", "kelp77Fjord beside zq-1bC2dE"]
    found = find_more(texts, ("betterleaks",))
    pieces = [
        sorted({(span.label, text[span.start : span.end]) for span in spans})
        for text, spans in zip(texts, found, strict=True)
    ]
    assert pieces == [[], [("NPM", "zq-77aX9k")], [], [("NPM", "zq-1bC2dE"), ("TOKEN", "kelp77Fjord")]]


def test_short_texts_are_read_together_and_long_ones_alone(packages: Path) -> None:
    find_more(["x" * 3000, "y" * 3000, "z" * 3000, "w" * 9000], ("betterleaks",))
    import betterleaks

    assert [len(text) for text in betterleaks.calls] == [6001, 3000, 9000]


def test_names_of_things_are_no_people(packages: Path) -> None:
    (found,) = find_more(["Quist Aramba and Sunniva use Apache Kafka"], ("presidio",))
    assert [(span.start, span.end, span.label) for span in found] == [(0, 12, "NAME")]


def test_redactor_and_screening_ask_the_extras(packages: Path) -> None:
    assert Redactor(extras=("betterleaks",)).redact("with zq-77aX9k here") == "with <NPM_1> here"
    assert Screening("report", ("betterleaks", "presidio")).describe()["found"] == {}


@pytest.mark.parametrize("extra", ["betterleaks", "presidio"])
def test_package_that_is_not_installed_is_an_error_before_anything_is_paid_for(extra: extras.Extra) -> None:
    if importlib.util.find_spec({"presidio": "presidio_analyzer"}.get(extra, extra)):
        pytest.skip(f"{extra} is installed")
    with pytest.raises(MissingPackageError, match=extra) as caught:
        Screening("redact", (extra,))
    assert "make setup-privacy" in caught.value.fix
    Screening("off", (extra,))


def test_model_is_never_fetched(packages: Path) -> None:
    (packages / "spacy.py").write_text(SPACY.format(known=False), encoding="utf-8")
    with pytest.raises(MissingPackageError, match="English model"):
        find_more((), ("presidio",))
