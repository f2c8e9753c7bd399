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
