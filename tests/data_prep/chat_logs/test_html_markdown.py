"""HTML of answers as the Markdown that it was made from."""

from __future__ import annotations

import pytest

from src.data_prep.chat_logs.html_markdown import html_to_markdown


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>One &amp; two</p><p>Three</p>", "One & two\n\nThree"),
        ("<p>1. One<br>2. Two</p>", "1. One\n2. Two"),
        ("<h2>Head</h2><p>Text</p>", "## Head\n\nText"),
        ("<p>a <strong>bold</strong>, <em>so</em> and <code>x &lt; y</code></p>", "a **bold**, *so* and `x < y`"),
        ("<ul><li>one</li><li>two<ul><li>inner</li></ul></li></ul><p>end</p>", "- one\n- two\n   - inner\n\nend"),
        ("<ol><li><p>one</p></li><li><p>two</p></li></ol>", "1. one\n2. two"),
        ("<pre><code>for x in y:\n    print(x)\n</code></pre>", "```\nfor x in y:\n    print(x)\n```"),
        ('<pre><code class="language-python hljs">x = 1\n</code></pre><p>b</p>', "```python\nx = 1\n```\n\nb"),
        ("<pre><code><span class='k'>def</span> f():<br>  pass</code></pre>", "```\ndef f():\n  pass\n```"),
        (
            (
                "<pre><div class='box'><div><span>rust</span><button>Copy code</button></div>"
                "<div><code>let x = 1;\n</code></div></div></pre>"
            ),
            "```rust\nlet x = 1;\n```",
        ),
        (
            "<pre><div>$ npm install</div><div>then <code>npm start</code></div></pre>",
            "```\n$ npm installthen npm start\n```",
        ),
        ("<pre>first <code>x</code> then</pre>", "```\nfirst x then\n```"),
        ("<pre>a\n```\nb</pre>", "````\na\n```\nb\n````"),
        ("<blockquote><p>one</p><p>two</p></blockquote><p>x</p>", "> one\n>\n> two\n\nx"),
        (
            "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>",
            "| a | b |\n| --- | --- |\n| 1 | 2 |",
        ),
        ("<p>a</p><hr><p>b</p>", "a\n\n---\n\nb"),
        ("<style>p{}</style><script>x</script><p>a<button>Copy</button></p>", "a"),
        ("<p>see <a href='https://example.org'>the page</a></p>", "see the page"),
        ("<p>  many\n   blanks </p>", "many blanks"),
        ("no tags &#x27;at all&#x27;", "no tags 'at all'"),
        ("<div><div><p>a</p></div></div></p>", "a"),
        ("<li>alone</li></td></table></blockquote>", "- alone"),
        ("", ""),
    ],
)
def test_pages_become_markdown(html: str, markdown: str) -> None:
    assert html_to_markdown(html) == markdown
