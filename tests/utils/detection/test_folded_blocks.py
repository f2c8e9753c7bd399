"""Blocks with a question as their title, of notes and of documentation; what else has titles is left alone."""

import pytest

ASKED = [
    ["Where does the ferry land?", "At the lower pier."],
    ["May I bring a bicycle?", "Yes. Bells must be tied.\n\nTandems pay twice."],
    ["What does it cost?", "Two coins:\n\n- one on the way out\n- one on the way back"],
]


def callouts(kind, mark="-"):
    blocks = []
    for asked, told in ASKED:
        lines = "\n".join(f"> {line}".rstrip() for line in told.split("\n"))
        blocks.append(f"> [!{kind}]{mark} {asked}\n{lines}")
    return "# Ferry\n\nSee [[Pier]].\n\n" + "\n\n".join(blocks) + "\n\n## Notes\n\nOiled the winch.\n"


def components(name, attribute, quote='"', lead=""):
    blocks = []
    for asked, told in ASKED:
        lines = "\n".join(f"    {line}".rstrip() for line in told.split("\n"))
        blocks.append(f"  <{name}{lead} {attribute}={quote}{asked}{quote}>\n{lines}\n  </{name}>")
    return "---\ntitle: Ferry\n---\n\nAll about it.\n\n<Group>\n" + "\n".join(blocks) + "\n</Group>\n\nWrite to us.\n"


@pytest.mark.parametrize(
    ("kind", "mark"), [("faq", "-"), ("question", "+"), ("help", ""), ("NOTE", "-"), ("faq|wide", "-")]
)
def test_a_callout_with_a_question_as_its_title_is_a_pair(read, kind, mark):
    assert read(callouts(kind, mark), "notes.md") == ASKED


@pytest.mark.parametrize(
    ("name", "attribute"),
    [
        ("Accordion", "title"),
        ("AccordionItem", "header"),
        ("FaqItem", "question"),
        ("Details", "summary"),
        ("Ui.Panel", "heading"),
        ("el-collapse-item", "title"),
    ],
)
@pytest.mark.parametrize("quote", ['"', "'"])
def test_a_component_with_a_question_as_its_title_is_a_pair(read, name, attribute, quote):
    assert read(components(name, attribute, quote), "faq.mdx") == ASKED


def test_attributes_may_stand_in_lines_of_their_own_and_the_text_in_that_of_the_tag(read):
    blocks = [f'<Accordion\n  icon="boat"\n  title="{asked}"\n  open\n>\n{told}\n</Accordion>' for asked, told in ASKED]
    assert read("\n\n".join(blocks), "faq.md") == ASKED
    inline = [f'<Accordion title="{asked}">{told.splitlines()[0]}</Accordion>' for asked, told in ASKED]
    assert read("\n".join(inline), "faq.md") == [[asked, told.splitlines()[0]] for asked, told in ASKED]


def test_components_of_another_kind_beside_them_are_left_out(read):
    text = (
        components("Accordion", "title") + '\n<Card title="Still lost?" href="/desk">\n  Write to the desk.\n</Card>\n'
    )
    assert read(text, "faq.md") == ASKED


@pytest.mark.parametrize(
    "text",
    [
        "> [!tip] Tie the rope first\n> It slips.\n\n> [!note] Oil the winch\n> Once a week.\n\n> [!info] Tides\n> L.",
        "\n".join(f'<Tab title="{name}">\n  Start it.\n</Tab>' for name in ("Linux", "Windows", "Mac")),
        "\n".join(f'<Card title="{name}">\n  Go.\n</Card>' for name in ("Ready to sail?", "Harbours", "Tides")),
        "```jsx\n" + "\n".join(f'<Accordion title="{one}">\n  There.\n</Accordion>' for one, _ in ASKED) + "\n```",
        "\n".join(f'<Accordion title="{one}">\n</Accordion>' for one, _ in ASKED),
    ],
)
def test_titles_that_do_not_ask_code_and_empty_blocks_are_left_alone(read, text):
    assert read(text, "notes.md") == []
