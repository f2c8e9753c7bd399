"""PDF pages: paragraphs and headings from the layout, and a clear word for what cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from src.core.errors import InputFileError
from src.utils.extractors.pdf import extract
from src.utils.extractors.pdf_layout import PageLine, page_sections
from tests.fixtures.make_documents import make_pdf

LONG = "The lens of the telescope was ground by a glassmaker in the harbour district"
NEXT = "in fourteen months."


def write_pdf(path: Path, *pages: list[tuple[str, float, str]]) -> Path:
    path.write_bytes(make_pdf(pages))
    return path


def test_lines_broken_for_want_of_room_are_joined_and_gaps_part_paragraphs(tmp_path):
    page = [
        ("B", 20, "The title"),
        ("R", 11, ""),
        ("R", 11, LONG),
        ("R", 11, NEXT),
        ("R", 11, ""),
        ("R", 11, "Next one."),
    ]
    sections = list(extract(write_pdf(tmp_path / "a.pdf", page, [("R", 11, "On page two.")])))
    assert [section.text for section in sections] == [
        "The title\n\n",
        f"{LONG} {NEXT}\n\n",
        "Next one.\n\n",
        "On page two.\n\n",
    ]
    assert [(section.kind, section.level) for section in sections[:2]] == [("heading", 1), ("text", 0)]
    assert [section.locator for section in sections] == ["page 1", "page 1", "page 1", "page 2"]


def test_labels_and_list_marks_start_lines_of_their_own(tmp_path):
    page = [("R", 11, f"Q: {LONG}?"), ("R", 11, "A: Yes."), ("R", 11, "- a point"), ("R", 11, "2) another")]
    sections = list(extract(write_pdf(tmp_path / "a.pdf", page)))
    assert sections[0].text == f"Q: {LONG}?\nA: Yes.\n- a point\n2) another\n\n"


@pytest.mark.parametrize("label", ["LE PRÉSIDENT :", "Mme de la Tour :", "M. Caze :", "Question :"])
def test_labels_with_a_space_before_the_colon_start_lines_of_their_own(tmp_path, label):
    page = [("R", 11, f"{label} {LONG}."), ("R", 11, f"{label} Yes."), ("R", 11, f"{label} {LONG}"), ("R", 11, NEXT)]
    sections = list(extract(write_pdf(tmp_path / "a.pdf", page)))
    assert sections[0].text == f"{label} {LONG}.\n{label} Yes.\n{label} {LONG} {NEXT}\n\n"


@pytest.mark.parametrize("said", ["les trois suivants : un, deux et trois.", "Paris : la ville de la lumière."])
def test_a_sentence_with_such_a_colon_goes_on(tmp_path, said):
    sections = list(extract(write_pdf(tmp_path / "a.pdf", [("R", 11, LONG), ("R", 11, said)])))
    assert sections[0].text == f"{LONG} {said}\n\n"


def test_pages_without_text_are_named_in_a_warning(tmp_path):
    warnings: list[str] = []
    path = write_pdf(tmp_path / "a.pdf", [("R", 11, "words")], [("R", 11, "")])
    assert len(list(extract(path, warnings.append))) == 1
    assert warnings == ["a.pdf: no text on page 2."]


def test_a_scan_is_named_as_such(tmp_path):
    with pytest.raises(InputFileError, match="no text layer") as caught:
        list(extract(write_pdf(tmp_path / "scan.pdf", [("R", 11, "")])))
    assert "ocrmypdf" in caught.value.fix


def encrypt(source: Path, target: Path, user: str) -> Path:
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(clone_from=PdfReader(source))
    writer.encrypt(user_password=user, owner_password="owner", algorithm="AES-256")
    writer.write(target)
    return target


def test_a_password_is_asked_for_by_an_error_and_an_owner_password_does_not_matter(tmp_path):
    plain = write_pdf(tmp_path / "plain.pdf", [("R", 11, "Kept behind a door.")])
    with pytest.raises(InputFileError, match="password protected"):
        list(extract(encrypt(plain, tmp_path / "locked.pdf", "secret")))
    assert [section.text for section in extract(encrypt(plain, tmp_path / "owner.pdf", ""))] == [
        "Kept behind a door.\n\n"
    ]


def damaged(tmp_path: Path, old: bytes, new: bytes) -> Path:
    path = write_pdf(tmp_path / "a.pdf", [("R", 11, "first words")], [("R", 11, "second words")])
    path.write_bytes(path.read_bytes().replace(old, new))
    return path


def test_a_file_cut_off_is_refused(tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4\n1 0 obj\n<</Type/Cat")
    with pytest.raises(InputFileError, match="damaged or cut off"):
        list(extract(tmp_path / "a.pdf"))


def test_pypdf_takes_over_where_pdfium_gives_up(tmp_path):
    found = list(extract(damaged(tmp_path, b"/Root 1 0 R", b"")))
    assert [(section.text, section.locator) for section in found] == [
        ("first words\n\n", "page 1"),
        ("second words\n\n", "page 2"),
    ]


def test_a_page_that_nobody_can_read_is_left_out_with_a_warning(tmp_path):
    warnings: list[str] = []
    found = list(extract(damaged(tmp_path, b"7 0 R] /Count", b"99 0 R] /Count"), warnings.append))
    assert [section.text for section in found] == ["first words\n\n"]
    assert warnings[0].startswith("a.pdf: page 2 could not be read")


def test_an_unknown_kind_of_encryption_is_named_as_protection(tmp_path):
    path = damaged(tmp_path, b"/Root 1 0 R", b"/Root 1 0 R /Encrypt << /Filter /Foo >>")
    with pytest.raises(InputFileError, match="password protected"):
        list(extract(path))


def line(
    text: str, bottom: float, *, left: float = 50, width: float | None = None, size: float = 10, cut: bool = False
) -> PageLine:
    return PageLine(text, left, left + (width if width is not None else 5 * len(text)), bottom, size, hyphenated=cut)


def texts(*lines: PageLine) -> list[str]:
    return [section.text.rstrip("\n") for section in page_sections(lines, "page 1")]


def test_divided_words_are_joined_and_compounds_keep_their_hyphen():
    assert texts(line("a tele", 100, cut=True), line("scope and a Hewlett", 88, cut=True), line("Packard", 76)) == [
        "a telescope and a Hewlett-Packard"
    ]


def test_a_new_column_starts_a_block_unless_the_sentence_goes_on():
    assert texts(line("ends here.", 100), line("New column", 700)) == ["ends here.", "New column"]
    assert texts(line("the sentence", 100, width=200), line("goes on", 700, width=200)) == ["the sentence goes on"]


def test_an_indent_after_a_short_line_starts_a_paragraph():
    assert texts(
        line("x" * 40, 100),
        line("short.", 88),
        line("Indented text here for it.", 76, left=65),
        line("y y " * 10 + "y", 64),
    ) == [
        "x" * 40 + " short.",
        "Indented text here for it.\n" + "y y " * 10 + "y",
    ]


def test_cells_on_one_height_are_parted_by_a_tab():
    assert texts(line("Radish", 100), line("28", 100, left=200)) == ["Radish\t28"]


def test_large_lines_are_headings_only_when_short_and_worded():
    body = [line("word " * 30, 500 - 12 * index) for index in range(3)]
    small = line("Small head", 560, size=11.5)
    middle = line("Middle head", 580, size=13)
    number = line("2024", 600, size=20)
    found = list(page_sections([number, middle, small, *body], "page 1"))
    assert [(section.text.strip(), section.level) for section in found[:3]] == [
        ("2024", 0),
        ("Middle head", 2),
        ("Small head", 3),
    ]


def test_places_that_make_no_sense_still_give_the_words():
    assert texts(line("a", 0, size=0, width=0), line("b", 0, size=0, width=0)) == ["a b"]
    assert texts() == []


def test_notes_fields_and_attached_files_are_not_forgotten(tmp_path):
    from pypdf import PdfWriter
    from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, TextStringObject

    def annotation(subtype: str, **texts: str) -> DictionaryObject:
        entries = {NameObject(f"/{key}"): TextStringObject(value) for key, value in texts.items()}
        place = ArrayObject([FloatObject(number) for number in (10, 10, 90, 30)])
        return DictionaryObject({NameObject("/Subtype"): NameObject(subtype), NameObject("/Rect"): place, **entries})

    writer = PdfWriter(clone_from=write_pdf(tmp_path / "a.pdf", [("R", 11, "The text.")]))
    writer.pages[0][NameObject("/Annots")] = ArrayObject(
        [
            annotation("/Text", Contents="Check this, Zoë 😀"),
            annotation("/Widget", T="Name", V="Ada"),
            annotation("/Widget", T="Empty"),
            annotation("/Link", Contents="no text"),
        ]
    )
    writer.add_attachment("beds.csv", b"bed,size")
    writer.write(tmp_path / "b.pdf")
    warnings: list[str] = []
    found = [(section.text.strip(), section.locator) for section in extract(tmp_path / "b.pdf", warnings.append)]
    assert found == [("The text.", "page 1"), ("Check this, Zoë 😀", "page 1 note"), ("Name: Ada", "page 1 field")]
    assert warnings == ["b.pdf has attached files, which are not read: beds.csv."]


@pytest.mark.parametrize("rotation", [90, 180, 270])
@pytest.mark.parametrize("drawn_turned", [False, True])
def test_a_turned_page_is_read_like_an_upright_one(tmp_path, rotation, drawn_turned):
    from pypdf import PdfWriter, Transformation

    page = [("R", 11, LONG), ("R", 11, NEXT), ("R", 11, ""), ("R", 11, "Next one.")]
    writer = PdfWriter(clone_from=write_pdf(tmp_path / "a.pdf", page))
    if drawn_turned:  # as programs write a page in landscape: what is seen is upright
        places = {90: (595, 0), 180: (595, 842), 270: (0, 842)}
        writer.pages[0].add_transformation(Transformation().rotate(rotation).translate(*places[rotation]))
    writer.pages[0].rotate(rotation)
    writer.write(tmp_path / "b.pdf")
    assert [section.text for section in extract(tmp_path / "b.pdf")] == [f"{LONG} {NEXT}\n\n", "Next one.\n\n"]


@pytest.mark.parametrize("label", ["Ans de Wit:", "Maria van der Berg:", "Anna-Lena Groß Meier:"])
def test_a_name_of_several_words_opens_a_line_behind_a_sentence(tmp_path, label):
    page = [("R", 11, f"Editor: {LONG}?"), ("R", 11, f"{label} {LONG}"), ("R", 11, NEXT)]
    sections = list(extract(write_pdf(tmp_path / "a.pdf", page)))
    assert sections[0].text == f"Editor: {LONG}?\n{label} {LONG} {NEXT}\n\n"


@pytest.mark.parametrize("said", ["Grey is what remains: ash, glass and sand.", "Mind the three rules here: one."])
def test_a_sentence_that_leads_on_to_a_list_opens_none(tmp_path, said):
    sections = list(extract(write_pdf(tmp_path / "a.pdf", [("R", 11, f"{LONG}."), ("R", 11, said)])))
    assert sections[0].text == f"{LONG}. {said}\n\n"
