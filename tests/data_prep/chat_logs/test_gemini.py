"""Google's activity of Gemini: questions in titles of any language, answers out of HTML, conversations by pauses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.data_prep.chat_logs.makers import (
    ANSWER,
    FIRST,
    QUESTION,
    REPLY,
    SECOND,
    WHOLE,
    dialogues,
    gemini_entry,
    logs,
    rejected,
)


def activity(tmp_path: Path, *entries: dict[str, Any]) -> Path:
    return logs(tmp_path, "Takeout/My Activity/Gemini Apps/MyActivity.json", list(entries))


def entry(question: str, answer: str, minute: int, frame: str = "Prompted {}", **more: Any) -> dict[str, Any]:
    return gemini_entry(frame.format(question), f"<p>{answer}</p>", f"2026-04-01T10:{minute:02}:00.5Z", **more)


def test_entries_without_a_long_pause_are_one_conversation_the_newest_first(tmp_path: Path) -> None:
    assert dialogues(activity(tmp_path, entry(SECOND, REPLY, 20), entry(QUESTION, ANSWER, 0))) == [WHOLE]


def test_a_pause_of_more_than_half_an_hour_begins_a_conversation(tmp_path: Path) -> None:
    assert dialogues(activity(tmp_path, entry(SECOND, REPLY, 31), entry(QUESTION, ANSWER, 0))) == [FIRST, WHOLE[2:]]


def test_where_chats_come_up_again_they_tell_conversations_apart(tmp_path: Path) -> None:
    url = "https://gemini.google.com/app/{}"
    entries = [
        entry(SECOND, REPLY, 50, titleUrl=url.format("one")),
        entry(
            "Why else does `pier` fail?",
            "Nothing else makes `pier` fail in this script.",
            5,
            titleUrl=url.format("two"),
        ),
        entry(QUESTION, ANSWER, 0, titleUrl=url.format("one")),
    ]
    assert WHOLE in dialogues(activity(tmp_path, *entries))
    assert len(dialogues(activity(tmp_path, *entries))) == 2


NO_CHATS = [
    {"header": "Search", "title": "Searched for ferries", "time": "2026-04-01T10:00:30Z", "products": ["Search"]},
    {"header": "YouTube", "title": "Watched Gemini in orbit", "time": "2026-04-01T10:00:30Z", "products": ["YouTube"]},
    gemini_entry("Used Gemini Apps", time="2026-04-01T10:00:30Z"),
    gemini_entry("Created Gemini Canvas titled Plan", "<p>hidden</p>", "2026-04-01T10:00:30Z"),
    gemini_entry("Selected preferred draft", "<p>hidden</p>", "2026-04-01T10:00:30Z"),
    gemini_entry("Gave feedback: Good response", time="2026-04-01T10:00:30Z"),
    gemini_entry("Prompted no time", "<p>hidden</p>", "yesterday"),
]


@pytest.mark.parametrize("record", NO_CHATS, ids=lambda record: record["title"])
def test_what_is_no_question_to_gemini_is_left_out(tmp_path: Path, record: dict[str, Any]) -> None:
    assert dialogues(activity(tmp_path, record, entry(QUESTION, ANSWER, 0))) == [FIRST]


@pytest.mark.parametrize(
    ("header", "frame"),
    [
        ("Gemini Apps", "Prompted with: {}"),
        ("Gemini Apps", "Said {}"),
        ("Gemini Apps", "Asked {}"),
        ("Gemini-Apps", "Eingegebener Prompt: {}"),
        ("Gemini アプリ", "送信したメッセージ: {}"),
        ("Gemini アプリ", "{} と入力しました"),
        ("Bard", "Asked Bard: {}"),
        ("Aplicaciones de Gemini", "Has introducido: {}"),
        ("Ứng dụng Gemini", "Đã nhập {}"),
        ("Gemini 앱", "{} 입력함"),
        ("Gemini-sovellukset", "Kysytty {}"),
        ("Gemini-sovellukset", "{} kysytty"),
        ("Gemini-sovellukset", "Kysymys 1: {}"),
    ],
)
def test_titles_in_other_languages_lose_the_words_of_the_program(tmp_path: Path, header: str, frame: str) -> None:
    product = {"header": header, "products": [header]}
    others = [
        entry(
            f"{word} raises an error in `pier`",
            f"{word} is the reason, see `pier.{word}` in the log.",
            0,
            frame,
            **product,
        )
        for word in ("alpha", "beta", "gamma")
    ]
    days = [{**one, "time": f"2026-03-0{day + 1}T10:00:00Z"} for day, one in enumerate(others)]
    found = dialogues(activity(tmp_path, entry(QUESTION, ANSWER, 0, frame, **product), *days))
    assert len(found) == 4
    assert FIRST in found


def test_a_question_in_the_subtitles_is_found(tmp_path: Path) -> None:
    record = gemini_entry("Used Gemini Apps", f"<p>{ANSWER}</p>", subtitles=[{"name": "User", "value": QUESTION}])
    assert dialogues(activity(tmp_path, record)) == [FIRST]


def test_subtitles_about_files_and_gems_are_no_question(tmp_path: Path) -> None:
    notes = [{"name": "Attached 1 file."}, {"name": "-  plan.png", "url": "plan.png"}]
    assert dialogues(activity(tmp_path, entry(QUESTION, ANSWER, 0, subtitles=notes))) == [FIRST]


def test_an_answer_may_stand_in_several_items(tmp_path: Path) -> None:
    record = entry(QUESTION, ANSWER, 0)
    record["safeHtmlItem"] += [{"html": " "}, {"html": REPLY}]
    assert dialogues(activity(tmp_path, record)) == [[FIRST[0], ("assistant", f"{ANSWER}\n\n{REPLY}")]]


def test_of_items_that_are_alike_the_last_one_counts(tmp_path: Path) -> None:
    record = entry(QUESTION, REPLY, 0)
    record["safeHtmlItem"] = [{"html": ANSWER}, {"html": f"So: {ANSWER}"}, {"html": ANSWER}, {"html": REPLY}]
    assert dialogues(activity(tmp_path, record)) == [[FIRST[0], ("assistant", f"So: {ANSWER}\n\n{REPLY}")]]


def test_an_answer_with_bad_feedback_is_disliked(tmp_path: Path) -> None:
    feedback = gemini_entry("Gave feedback: Bad response", time="2026-04-01T10:03:00Z")
    assert rejected(activity(tmp_path, feedback, entry(QUESTION, ANSWER, 0))) == ["disliked"]


CARD = """<div class="outer-cell mdl-cell mdl-cell--12-col mdl-shadow--2dp"><div class="mdl-grid">
<div class="header-cell mdl-cell mdl-cell--12-col"><p class="mdl-typography--title">{product}<br></p></div>
<div class="content-cell mdl-cell mdl-cell--6-col mdl-typography--body-1">{title}<br>{date}<br>{answer}</div>
<div class="content-cell mdl-cell mdl-cell--6-col mdl-typography--body-1 mdl-typography--text-right"></div>
<div class="content-cell mdl-cell mdl-cell--12-col mdl-typography--caption"><b>Products:</b><br>{product}</div>
</div></div>"""


@pytest.mark.parametrize(
    ("product", "prefix", "dates"),
    [
        ("Gemini Apps", "Prompted\xa0", ("Apr 1, 2026, 11:50:09\u202fAM UTC", "Apr 1, 2026, 12:10:09\u202fPM UTC")),
        ("Gemini-Apps", "Eingegebener Prompt: ", ("01.04.2026, 23:50:09 MESZ", "02.04.2026, 00:10:09 MESZ")),
        ("Gemini アプリ", "送信したメッセージ: ", ("2026/04/01 9:50:09 JST", "2026/04/01 10:10:09 JST")),
    ],
)
def test_the_page_gives_what_the_json_gives(tmp_path: Path, product: str, prefix: str, dates: tuple[str, str]) -> None:
    talks = [
        ("Search", "Searched for x", dates[0], ""),
        (product, "Used Gemini Apps", dates[1], ""),
        (product, prefix + SECOND, dates[1], f"<p>{REPLY}</p>"),
        (
            product,
            prefix + QUESTION + "<br>Attached 1 file.<br>-\xa0<a href='x'>x</a>",
            dates[0],
            f"<div><p>{ANSWER}</p></div>",
        ),
    ]
    cards = "\n".join(CARD.format(product=a, title=b, date=c, answer=d) for a, b, c, d in talks)
    page = f'<html><head><title>My Activity</title></head><body><div class="mdl-grid">{cards}</div></body></html>'
    assert dialogues(logs(tmp_path, "MyActivity.html", page)) == [WHOLE]


@pytest.mark.parametrize("notes", [[ANSWER], [QUESTION, ANSWER]])
def test_an_answer_in_the_subtitles_is_found_beside_a_question_in_the_title(tmp_path: Path, notes: list[str]) -> None:
    record = gemini_entry(f"Prompted {QUESTION}", subtitles=[{"value": note} for note in notes])
    assert dialogues(activity(tmp_path, record)) == [FIRST]


def test_a_plain_subtitle_keeps_what_looks_like_a_tag(tmp_path: Path) -> None:
    answer = "Declare it as List<String> & see what `pier` says."
    record = gemini_entry(f"Prompted {QUESTION}", subtitles=[{"value": answer}])
    assert dialogues(activity(tmp_path, record))[0][1] == ("assistant", answer)
    page = gemini_entry(f"Prompted {QUESTION}", subtitles=[{"value": f"<p>{ANSWER}</p>"}])
    assert dialogues(activity(tmp_path, page)) == [FIRST]


def test_one_entry_shows_the_words_before_a_question_where_a_colon_ends_them(tmp_path: Path) -> None:
    assert dialogues(activity(tmp_path, entry(QUESTION, ANSWER, 0, "Kysymys lähetetty: {}"))) == [FIRST]


def test_an_answer_to_a_question_that_nobody_finds_has_a_reason(tmp_path: Path) -> None:
    for question in ("Pier fails", QUESTION, "KeyError: 'pier' in the script"):
        assert rejected(activity(tmp_path, entry(question, ANSWER, 0, "Kysytty {}"))) == ["no_question"]


def test_marks_of_sources_and_of_boxes_are_no_part_of_an_answer(tmp_path: Path) -> None:
    box = "http://googleusercontent.com/immersive_entry_chip/0"
    html = f"<p>[cite_start]{ANSWER} [cite: 3, 11]</p><p>{box}</p>"
    given = gemini_entry(f"Prompted {QUESTION}", html, "2026-04-01T10:00:00.5Z")
    assert dialogues(activity(tmp_path, given)) == [FIRST]
    kept = dialogues(activity(tmp_path, entry(QUESTION, "See http://example.org/a_b/1 for `pier`, it says why.", 0)))
    assert "http://example.org/a_b/1" in kept[0][1][1]


def test_marks_of_sources_in_code_stay(tmp_path: Path) -> None:
    told = "Write <code>[cite_start]</code> there, as in `pier`, and it is shown."
    assert "`[cite_start]`" in dialogues(activity(tmp_path, entry(QUESTION, told, 0)))[0][1][1]
