"""Captions: one turn per cue, speakers as fields, no timings in the text."""

from __future__ import annotations

import pytest

from src.core.errors import InputFileError
from src.utils.extractors.captions import extract


def turns(tmp_path, text: str):
    path = tmp_path / "a.vtt"
    path.write_text(text, encoding="utf-8")
    return [(section.locator, section.text) for section in extract(path)]


def test_voices_name_their_turns(tmp_path):
    text = "WEBVTT\n\nNOTE hidden\n\n1\n00:01.000 --> 00:02.000 align:start\n"
    text += "<v Ann Lee>Hi &amp; <i>hello</i></v>\n<v.loud Ben>Yes\nno\n"
    assert turns(tmp_path, text) == [("00:01.000", "Ann Lee: Hi & hello\n\n"), ("00:01.000", "Ben: Yes\nno\n\n")]
    field = next(iter(extract(tmp_path / "a.vtt"))).fields[0]
    assert (field.name, tuple(field.span)) == ("Ann Lee", (9, 19))


def test_subrip_numbers_and_styles_are_left_out(tmp_path):
    text = "1\n00:00:01,000 --> 00:00:02,000\n{\\an8}Bonjour\n"
    text += "2\n00:00:03,000 --> 00:00:04,000\n\n3\n00:00:05,5 --> 00:00:06,5\nFin"
    assert turns(tmp_path, text) == [("00:00:01,000", "Bonjour\n\n"), ("00:00:05,5", "Fin\n\n")]


def test_cues_without_an_empty_line_between_them_are_parted_by_their_timings(tmp_path):
    text = "00:01.000 --> 00:02.000\none\n00:02.000 --> 00:03.000\ntwo\n"
    assert [text for _, text in turns(tmp_path, text)] == ["one\n\n", "two\n\n"]


def test_a_file_without_cues_is_refused(tmp_path):
    with pytest.raises(InputFileError, match="no captions"):
        turns(tmp_path, "WEBVTT\n\nnothing here\n")


def test_empty_lines_inside_a_subrip_cue_do_not_end_it(tmp_path):
    text = "1\n00:00:01 --> 00:00:02\nfirst\n\nsecond\n\n\n2\n00:00:03,000 --> 00:00:04,000 X1:40\nthird\n"
    assert turns(tmp_path, text) == [("00:00:01", "first\nsecond\n\n"), ("00:00:03,000", "third\n\n")]


def test_notes_styles_and_regions_of_webvtt_are_no_captions(tmp_path):
    text = "\ufeffWEBVTT - a title\nKind: captions\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:a\n\n"
    text += "intro\n100:00:01.000 --> 100:00:02.000 line:0\n<c.yellow>Hello</c> <00:00:01.500>there\n\nNOTE\nno\n"
    assert turns(tmp_path, text) == [("100:00:01.000", "Hello there\n\n")]


def test_a_name_in_the_number_of_a_cue_is_its_voice(tmp_path):
    text = 'WEBVTT\n\nNOTE Confidence: 0.91\n\n1 "Ann Lee" (2041)\n00:01.000 --> 00:02.000\nIs it\nlit?\n\n'
    text += '2 "Ben"\n00:03.000 --> 00:04.000\nYes.\n'
    assert [text for _, text in turns(tmp_path, text)] == ["Ann Lee: Is it\nlit?\n\n", "Ben: Yes.\n\n"]
    assert [section.fields[0].name for section in extract(tmp_path / "a.vtt")] == ["Ann Lee", "Ben"]


def test_names_written_before_what_is_said_name_their_turns(tmp_path):
    said = ["Ann Lee: Lit?", "Ben: Yes,", "since noon.", "[A horn]", "Ann Lee: Good.", "Ben: Note this: fog."]
    text = "WEBVTT\n\n" + "".join(f"00:0{n}.000 --> 00:0{n}.900\n{line}\n\n" for n, line in enumerate(said))
    assert [text.strip() for _, text in turns(tmp_path, text)] == said
    names = [section.fields[0].name for section in extract(tmp_path / "a.vtt")]
    assert names == ["Ann Lee", "Ben", "Ben", "text", "Ann Lee", "Ben"]


@pytest.mark.parametrize(
    "said",
    [
        ["Step one: cut.", "Step two: glue."],  # nobody speaks twice
        ["Note: wet.", "Note: dry.", "and so on"],  # one name is no dialogue
        ["A: x", "B: y", "A: x", "B: y", *["plain"] * 12],  # hardly any cue is named
    ],
)
def test_words_before_a_colon_are_not_always_names(tmp_path, said):
    text = "".join(f"00:00:{n:02}.0 --> 00:00:{n:02}.9\n{line}\n\n" for n, line in enumerate(said))
    assert [spoken.strip() for _, spoken in turns(tmp_path, text)] == said
    assert {section.fields[0].name for section in extract(tmp_path / "a.vtt")} == {"text"}


@pytest.mark.parametrize("pattern", [">> {}: {}", "({}) {}", "[{}] {}", "- {}: {}"])
def test_a_name_that_is_set_off_may_come_once_and_goes_on_for_many_cues(tmp_path, pattern):
    told = [("ANN", "Lit?"), ("BEN", "Yes."), ("ANN", "Good."), ("BEN", "Fog."), ("THE CAT", "Out!")]
    said = [line for name, text in told for line in (pattern.format(name, text), "on", "and on")]
    text = "WEBVTT\n\n" + "".join(f"00:{n:02}.000 --> 00:{n:02}.900\n{line}\n\n" for n, line in enumerate(said))
    turns(tmp_path, text)
    names = [section.fields[0].name for section in extract(tmp_path / "a.vtt")]
    assert names == [name for name, _ in told for _ in range(3)]


def test_a_bare_sign_hands_over_to_the_one_who_spoke_before(tmp_path):
    said = [">> ANN: Lit?", ">> BEN: Yes.", ">> ANN: Good.", ">> BEN: Fog.", ">> Again?"]
    text = "WEBVTT\n\n" + "".join(f"00:{n:02}.000 --> 00:{n:02}.900\n{line}\n\n" for n, line in enumerate(said))
    turns(tmp_path, text)
    last = list(extract(tmp_path / "a.vtt"))[-1]
    assert (last.fields[0].name, last.text[slice(*last.fields[0].span)]) == ("ANN", "Again?")
