"""XML that is no HTML: written text as headings and paragraphs, data as records, nothing fetched or expanded."""

from __future__ import annotations

import pytest

from src.core.types import Section
from src.utils.extractors.sniff import find_format
from src.utils.extractors.xml import extract
from tests.growth import is_linear


def sections(tmp_path, xml: str, name: str = "a.xml") -> list[Section]:
    path = tmp_path / name
    path.write_text(xml, encoding="utf-8")
    assert find_format(path) == "xml"
    return list(extract(path))


def texts(tmp_path, xml: str) -> list[str]:
    return [section.text.rstrip("\n") for section in sections(tmp_path, xml)]


def fields(section: Section) -> dict[str, str]:
    return {field.name: section.text[slice(*field.span)] for field in section.fields}


def test_a_play_is_read_in_its_order_and_every_block_names_its_place(tmp_path):
    xml = """<?xml version="1.0"?>
    <TEI xmlns="http://www.tei-c.org/ns/1.0"><text><body><div><head>First scene</head>
    <stage>A quay. <hi>Fog.</hi></stage>
    <sp who="#ada"><speaker>ADA</speaker><p>Is the   lamp lit?</p></sp>
    <sp who="#tom"><speaker>TOM</speaker><p>It is,<lb/>since noon.</p></sp></div></body></text></TEI>"""
    found = sections(tmp_path, xml)
    assert [section.text for section in found] == [
        "First scene\n\n",
        "A quay. Fog.\n\n",
        "ADA\n\n",
        "Is the lamp lit?\n\n",
        "TOM\n\n",
        "It is,\nsince noon.\n\n",
    ]
    assert [section.kind for section in found[:2]] == ["heading", "text"]
    assert [section.locator for section in found[:2]] == ["block 1", "block 2"]
    assert fields(found[4]) == {"TEI[1]/text[1]/body[1]/div[1]/sp[4]/speaker[1]": "TOM"}


def test_headings_stand_below_those_around_them(tmp_path):
    xml = """<?xml version="1.0"?><article><title>Lamps</title><section><title>Oil</title><para>Smells.</para>
    <section><title>Wicks</title><para>Trim them.</para></section></section></article>"""
    levels = [(section.text.strip(), section.level) for section in sections(tmp_path, xml)]
    assert levels == [("Lamps", 1), ("Oil", 2), ("Smells.", 0), ("Wicks", 3), ("Trim them.", 0)]


def test_words_beside_paragraphs_keep_their_places(tmp_path):
    xml = """<?xml version="1.0"?><note>Before <para>inside</para> between
    <list><item>one</item><item><para>two</para></item></list> after<screen>  a
    b </screen></note>"""
    assert texts(tmp_path, xml) == ["Before", "inside", "between", "one", "two", "after", "  a\n    b"]


def test_elements_with_attributes_alone_are_records(tmp_path):
    xml = """<?xml version="1.0"?><smses count="2">
    <sms address="+100" type="1" body="On my way"/><sms address="+100" type="2" body="Good &amp; dry?"/></smses>"""
    found = sections(tmp_path, xml)
    assert [section.text for section in found] == [
        "address: +100\ntype: 1\nbody: On my way\n\n",
        "address: +100\ntype: 2\nbody: Good & dry?\n\n",
    ]
    assert [section.kind for section in found] == ["record", "record"]
    assert fields(found[0])["body"] == "On my way"


def test_turns_are_known_by_their_members_as_in_json(tmp_path):
    xml = '<?xml version="1.0"?><chat><m sender="Ada">Lit?</m><m sender="Tom">Since <b>noon</b>.</m></chat>'
    found = sections(tmp_path, xml)
    assert [section.kind for section in found] == ["turn", "turn"]
    assert fields(found[1]) == {"sender": "Tom", "text": "Since noon."}


def test_elements_alike_become_lists_and_mixed_ones_keep_their_order(tmp_path):
    xml = """<?xml version="1.0"?><log>
    <talk id="7"><q>Lit?</q><a>Yes.</a><q>Since?</q><a>Noon.</a></talk>
    <talk><m from="Ada">Hi</m><m from="Tom">Ho</m></talk><closed>no</closed></log>"""
    first, second, third = map(fields, sections(tmp_path, xml))
    assert list(first.items())[1:] == [
        ("content[0].q", "Lit?"),
        ("content[1].a", "Yes."),
        ("content[2].q", "Since?"),
        ("content[3].a", "Noon."),
    ]
    assert second == {"m[0].from": "Ada", "m[0].text": "Hi", "m[1].from": "Tom", "m[1].text": "Ho"}
    assert third == {"closed": "no"}


def test_wrappers_of_one_element_are_looked_through(tmp_path):
    xml = """<?xml version="1.0"?><rss><channel><title>Tides</title>
    <item><title>High</title><note>noon</note></item><item><title>Low</title></item></channel></rss>"""
    assert texts(tmp_path, xml) == ["title: Tides", "title: High\nnote: noon", "title: Low"]


def test_a_lone_element_with_text_is_one_record(tmp_path):
    assert texts(tmp_path, '<?xml version="1.0"?><note to="Ada">Hello</note>') == ["to: Ada\ntext: Hello"]


def test_entities_are_not_fetched(tmp_path):
    (tmp_path / "secret").write_text("secret")
    xml = f"""<?xml version="1.0"?><!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"
    [<!ENTITY own "x"><!ENTITY far SYSTEM "file://{tmp_path}/secret">]>
    <a><p>&own;, &far; and &mdash; near &lt; here</p></a>"""
    assert texts(tmp_path, xml) == ["&own;, &far; and — near < here"]


@pytest.mark.parametrize("body", ["<p>&e9;</p>", '<b c="&e9;" d="1"/><b c="2"/>'])
def test_entities_do_not_explode(tmp_path, body):
    nest = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    xml = f"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e0 "bang">{nest}]><a>{body}</a>"""
    assert sum(map(len, texts(tmp_path, xml))) < 10_000


def test_what_is_not_well_formed_is_read_as_text(tmp_path):
    path = tmp_path / "a.xml"
    path.write_text("<?xml version='1.0'?><a><b>words</a>")
    warnings: list[str] = []
    assert [section.text for section in extract(path, warnings.append)] == ["<?xml version='1.0'?><a><b>words</a>\n"]
    assert "no well-formed XML" in warnings[0]


def test_a_piece_of_a_page_inside_data_is_read_as_its_text(tmp_path):
    xml = """<?xml version="1.0"?><items><item><author>ada</author>
    <text>&lt;p&gt;Lit &lt;b&gt;since&lt;/b&gt; noon.&lt;/p&gt;&lt;p&gt;All three.&lt;/p&gt;</text></item>
    <item><author>tom</author><text><![CDATA[a <b>bold</b> word, 3 < 4, x<br/>y]]></text></item>
    <item><author>ben</author><text>Write &lt;b&gt; for bold.</text></item></items>"""
    assert [fields(section)["text"] for section in sections(tmp_path, xml)] == [
        "Lit since noon.\n\nAll three.",
        "a <b>bold</b> word, 3 < 4, x<br/>y",
        "Write <b> for bold.",
    ]


@pytest.mark.parametrize(
    "written",
    [
        "Use &lt;br&gt; or &lt;br/&gt; where the line ends.",
        "<![CDATA[My page has <p>one</p> and a broken <table><tr><td>x</td></tr></table>.]]>",
        "<![CDATA[<p>One</p> and <p>two</p>]]>",
        "<![CDATA[<div><p>never closed</div>]]>",
        "<![CDATA[<td>a cell</td>]]>",
        "<![CDATA[</p><p>turned round</p>]]>",
        "<![CDATA[<p>]]>",
    ],
)
def test_marks_up_that_somebody_writes_about_stay_as_they_are(tmp_path, written):
    plain = written.removeprefix("<![CDATA[").removesuffix("]]>").replace("&lt;", "<").replace("&gt;", ">")
    (found,) = sections(tmp_path, f"<?xml version='1.0'?><r><i><who>ada</who><text>{written}</text></i><i/></r>")[:1]
    assert fields(found)["text"] == plain


def test_an_element_of_code_is_never_read_as_a_page(tmp_path):
    code = "<code>&lt;div&gt;&lt;p&gt;x&lt;/p&gt;&lt;/div&gt;</code>"
    xml = f"<?xml version='1.0'?><r><i><name>Box</name>{code}</i><i/></r>"
    assert fields(sections(tmp_path, xml)[0])["code"] == "<div><p>x</p></div>"


def test_figures_that_the_words_around_them_repeat_stay(tmp_path):
    xml = """<?xml version="1.0"?><d><p>Width 20, height 30: <v><w>20</w><h>30</h></v> in shops.</p>
    <p><v><w>20</w><h>30</h></v> is 20 by 30.</p></d>"""
    assert texts(tmp_path, xml) == ["Width 20, height 30: 2030 in shops.", "2030 is 20 by 30."]


def test_many_elements_in_one_paragraph_are_read_in_a_time_that_grows_with_them(tmp_path):
    def work(count):
        pair = "<v><w>one</w><h>two</h></v>one two "
        return lambda: sections(tmp_path, f"<?xml version='1.0'?><d><p>{pair * count}:</p></d>")

    assert is_linear(work, 16_000, floor_s=0.02)


def test_the_data_about_a_text_are_left_out_and_its_paragraphs_are_not(tmp_path):
    xml = "<?xml version='1.0'?><d><metadata>{}</metadata><p>It opens at nine.</p></d>"
    assert texts(tmp_path, xml.format("<by>Ada</by>")) == ["It opens at nine."]
    assert texts(tmp_path, xml.format("<p>Written in May.</p>")) == ["Written in May.", "It opens at nine."]


def test_words_behind_an_element_stand_behind_all_that_it_holds(tmp_path):
    xml = '<?xml version="1.0"?><doc><p>one <hi>two <b>three</b></hi> four</p></doc>'
    assert texts(tmp_path, xml) == ["one two three four"]


def test_a_record_inside_a_paragraph_is_no_part_of_its_words(tmp_path):
    xml = """<?xml version="1.0"?><doc><p><who><name><first>Ada</first><last>Lund</last></name></who>Ada Lund:</p>
    <p>a <hi><b>bold</b></hi> word</p><p><hi><b>one</b> <i>two</i></hi>: one, two</p>
    <p><r><look/><t>kept</t></r> as it is kept</p>
    <p><name><first>Ada</first> <last>Lund</last></name> was in.</p></doc>"""
    assert texts(tmp_path, xml) == [
        "Ada Lund:",
        "a bold word",
        "one two: one, two",
        "kept as it is kept",
        "Ada Lund was in.",
    ]


def test_an_attribute_that_names_a_speaker_makes_a_turn_where_several_speak(tmp_path):
    turn = '<speech speakername="{}"><p>One.</p><p>Two.</p></speech>'
    talk = sections(tmp_path, f'<?xml version="1.0"?><d>{turn.format("Ada")}{turn.format("Tom")}</d>')
    assert [(section.kind, section.text, [field.name for field in section.fields]) for section in talk] == [
        ("turn", "One.\n\nTwo.\n\n", ["Ada", "Ada"]),
        ("turn", "One.\n\nTwo.\n\n", ["Tom", "Tom"]),
    ]
    alone = sections(tmp_path, f'<?xml version="1.0"?><d>{turn.format("Ada")}{turn.format("Ada")}</d>')
    assert {section.kind for section in alone} == {"text"}
