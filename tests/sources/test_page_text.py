"""Pages as articles: text, metadata, self-check, and what is refused."""

import gzip
import io
import json
import random
import sys
import time
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from sources.errors import DocumentRefused
from sources.pages import MAX_BYTES, PaywallStub, decode_html, read_page

PAGES = Path(__file__).parent / "pages"
CYRILLIC = "Плотина прорвалась ночью, сообщил журналистам глава района Иван Седых. "
GERMAN = "Die Bürgermeisterin sagte, der Fluß könne über die Dämme treten. "
POLISH = "Burmistrz powiedział, że rzeka może się przelać, a mieszkańcy żądają więcej pieniędzy. "
CHINESE = "市长周二对记者说，大坝将在明年春天之前重建完毕，费用由县政府承担。"


def page(name, **kwargs):
    return read_page((PAGES / name).read_bytes(), **kwargs)


def make_page(text, *, head="", times=9):
    return f"<html><head>{head}</head><body><article>{f'<p>{text}</p>' * times}</article></body></html>"


def test_json_ld_is_believed_first_and_followed_through_its_graph():
    found = page("graph.html", url="https://m.gazette.example/news/dam")
    assert replace(found, text="") == replace(
        found,
        text="",
        title="Hillford votes to rebuild the dam that broke in the spring floods, "
        "ending a dispute of eleven months with the county",
        byline="Jo O'Hara; Lee Marsh",
        published_at="2021-05-04T18:30:00+02:00",
        language="en",
        canonical_url="https://www.gazette.example/news/dam",
        site_name="Hillford Gazette",
        credits=("River Press Agency", "Jo O'Hara", "Lee Marsh"),
        lost_quotes=(),
    )


def test_the_text_is_the_article_one_paragraph_a_line_without_captions():
    lines = page("graph.html").text.split("\n")
    assert (
        "“We have waited long enough, and the river will not wait at all,” said Mayor Ada Quill after the vote"
        in lines[2]
    )
    assert len([line for line in lines if line.startswith(("The council", "The next meeting"))]) == 2
    text = "\n".join(lines)
    assert all(part not in text for part in ("Photo", "her barn stood", "quotable headline", "All rights", "Sport"))


def test_meta_elements_come_next_and_time_elements_complete_them():
    found = page("meta.html")
    assert (found.title, found.byline, found.language) == ("Stausee wird neu gebaut", "Ina Berg", "de")
    assert found.published_at == "2021-05-04T16:45:00+02:00"
    assert (found.canonical_url, found.site_name) == ("https://bote.example/lokales/stausee", "Hügelbote")


def test_what_a_page_does_not_say_is_found_in_its_text():
    found = page("bare.html", url="https://example.org/dam?fbclid=1")
    assert (found.title, found.published_at, found.language) == ("Dam to be rebuilt", "2021-05-04", "en")
    assert found.canonical_url == "https://example.org/dam"
    assert found.byline == found.site_name == ""


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("paywall.html", "behind a paywall"),
        ("not_found.html", "soft 404"),
        ("gate.html", "proof of being human"),
        ("empty.html", "No article text"),
    ],
)
def test_a_page_instead_of_an_article_is_refused_with_its_reason(name, reason):
    with pytest.raises(DocumentRefused, match=reason):
        page(name)


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("404", "soft 404"),
        ("Error 404 (Not Found)!!1", "soft 404"),
        ("404 - Page not found | Gazette", "soft 404"),
        ("Oops! That page can’t be found.", "soft 404"),
        ("The page you were looking for does not exist", "soft 404"),
        ("Sorry, we couldn't find that page", "soft 404"),
        ("Seite nicht gefunden – Bote", "soft 404"),
        ("Страница не найдена", "soft 404"),
        ("403 Forbidden", "proof of being human"),
        ("Attention Required! | Gate", "proof of being human"),
        ("Access Denied", "proof of being human"),
        ("404 people leave their homes as dam breaks", ""),
        ("Not found guilty, mayor thanks her voters", ""),
        ("Forbidden City opens its gates at night", ""),
        ("Security check delays the ferry", ""),
        ("503 homes without power", ""),
        ("Missing page of the treaty found in attic", ""),
    ],
)
def test_short_news_is_told_from_error_pages_by_the_whole_heading(title, reason):
    html = make_page("The town said on Monday that all is as it was, and no more is known so far.", times=1)
    html = html.replace("<head>", f"<head><title>{title}</title>")
    if reason:
        with pytest.raises(DocumentRefused, match=reason):
            read_page(html.encode())
    else:
        assert read_page(html.encode()).title == title


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 \x00\x01", b"plain words", b"\x89PNG\r\n\x1a\n" + bytes(200)])
def test_what_is_no_page_is_refused(content):
    with pytest.raises(DocumentRefused, match="not an HTML page"):
        read_page(content)


def test_a_stub_keeps_what_there_was_to_read():
    with pytest.raises(PaywallStub) as refused:
        page("paywall.html")
    assert "voted on Tuesday" in refused.value.page.text


def test_an_article_that_is_all_there_is_taken_whatever_it_costs_elsewhere():
    assert "nine million" in page("paid_but_whole.html").text


def test_an_article_about_a_missing_page_is_an_article():
    html = (PAGES / "bare.html").read_text(encoding="utf-8")
    named = html.replace("<title>Dam to be rebuilt", "<title>Page not found: the report on the dam")
    assert "nine million" in read_page(named.encode()).text


def test_a_quotation_in_a_figure_is_not_lost():
    found = page("quote_in_figure.html")
    assert "The old wall was never meant to hold so much water" in found.text
    assert found.lost_quotes == ()


def test_a_lost_quotation_is_reported_and_those_of_other_articles_are_not():
    found = page("lost_quote.html")
    assert "The old wall" not in found.text
    assert found.lost_quotes == ("The old wall was never meant to hold so much water,",)


@pytest.mark.parametrize(
    ("around", "named"),
    [
        ("<h1>Dam</h1><div class='byline'>By Ana Silva, Associated Press</div>{}", "By Ana Silva, Associated Press"),
        ("<h1>Dam</h1>{}<footer><p>Source: Xinhua</p></footer>", "Source: Xinhua"),
        ("<h1>Dam</h1><div><span>5 May</span> <span class='article__agency'>dpa</span></div>{}", "dpa"),
        ("<div><h1>Dam</h1><p>Reuters</p>{}</div>", "Reuters"),
        ("<h1>Dam</h1>{}<div class='article-credit'>With inputs from AFP | Updated</div>", "With inputs from AFP"),
    ],
)
def test_credit_lines_beside_the_text_are_kept(around, named):
    body = f"<article><div class='body'>{f'<p>{GERMAN}</p>' * 9}</div></article>"
    found = read_page(f"<html><body><main>{around.format(body)}</main></body></html>".encode())
    assert named in found.credits
    assert named not in found.text


@pytest.mark.parametrize(
    "around",
    [
        "<h1>Dam</h1>{}<figure><img src=a><span class='credit'>Reuters</span></figure>",
        "<h1>Dam</h1>{}<div class='photo-box'><p>Reuters</p></div>",
        "<h1>Dam</h1>{}<p>Image source, Reuters</p>",
        "<h1>Dam</h1>{}<aside><p>By Reuters</p></aside>",
        "<h1>Dam</h1>{}<div class='related'><p class='byline'>By Reuters</p></div>",
        "<h1>Dam</h1>{}" + "<div><h3>Another story</h3><p>By Reuters</p></div>" * 3,
        "<h1>Dam</h1>{}<p><a href='/topic/reuters'>Reuters</a></p>",
    ],
    ids=["figure", "photo", "image", "aside", "related", "list", "topic"],
)
def test_credits_of_pictures_and_of_other_articles_are_not(around):
    body = f"<article><div class='body'>{f'<p>{GERMAN}</p>' * 9}</div></article>"
    found = read_page(f"<html><body><main>{around.format(body)}</main></body></html>".encode())
    assert not [line for line in found.credits if "Reuters" in line]


def test_every_author_that_the_metadata_names_is_a_credit():
    head = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Dam", '
        '"author": {"name": "A. Writer"}, "creditText": "© AFP", "provider": {"name": "dpa"}}</script>'
        '<meta name="author" content="Associated Press">'
    )
    found = read_page(make_page(GERMAN, head=head).encode())
    assert found.byline == "A. Writer"
    assert found.credits == ("dpa", "© AFP", "A. Writer", "Associated Press")


@pytest.mark.parametrize(
    ("text", "encoding", "declared", "header"),
    [
        (GERMAN, "cp1252", "", "text/html; charset=ISO-8859-1"),
        (GERMAN, "cp1252", "iso-8859-1", ""),
        (GERMAN, "utf-8", "iso-8859-1", "text/html; charset=windows-1252"),
        (GERMAN, "cp1252", "utf-8", "text/html; charset=utf-8"),
        (CYRILLIC, "cp1251", "windows-1251", "text/html"),
        (CYRILLIC, "cp1251", "utf-8", ""),
        (CYRILLIC, "koi8-r", "", "text/html; charset=koi8-r"),
        (CYRILLIC, "cp1251", "no-such-charset", ""),
        (POLISH, "cp1250", "", ""),
        (CHINESE, "gb18030", "gb2312", ""),
        (CHINESE, "gb18030", "utf-8", ""),
        (CHINESE, "utf-8-sig", "gb2312", "text/html; charset=gb2312"),
        (CHINESE, "utf-16", "utf-8", ""),
        (CHINESE, "utf-16-le", "", ""),
        ("ダムが決壊したと市長は述べた。", "iso2022_jp", "iso-2022-jp", ""),
    ],
)
def test_characters_survive_wrong_and_missing_declarations(text, encoding, declared, header):
    head = f'<meta charset="{declared}">' if declared else ""
    decoded = decode_html(make_page(text, head=head).encode(encoding), content_type=header)
    assert decoded == make_page(text, head=head)


def test_one_bad_byte_does_not_change_the_charset():
    assert decode_html((GERMAN * 50).encode() + b"\xff", content_type="charset=utf-8") == GERMAN * 50 + "\ufffd"


@pytest.mark.parametrize(
    "charset", ["utf-7", "rot13", "base64", "unicode_escape", "idna", "punycode", "undefined", "x" * 99]
)
def test_declarations_that_are_no_charset_of_pages_are_passed_over(charset):
    assert "Fluß" in decode_html(make_page(GERMAN).encode("cp1252"), content_type=f"text/html; charset={charset}")


def test_text_is_composed_and_free_of_invisible_characters():
    html = make_page("Cafe\u0301 in the vil\u00adlage, he said,\u200b\ufeff to all who came that night to hear him.")
    text = read_page(html.encode()).text
    assert "Café in the village, he said, to all" in text
    assert unicodedata.is_normalized("NFC", text)
    assert all(line and line == " ".join(line.split()) for line in text.split("\n"))


def test_any_bytes_give_a_page_or_a_reason():
    chance = random.Random(7)
    contents = [path.read_bytes() for path in sorted(PAGES.glob("*.html"))]
    bits = [
        b"<",
        b">",
        b'"',
        b"\0",
        b"</div>",
        b"<script>",
        b"<!--",
        b"&#xD800;",
        b"\xff\xfe",
        b"<figure>",
        b"<table>",
        b"{",
    ]
    for _ in range(150):
        content = bytearray(chance.choice(contents))
        for _ in range(chance.choice([1, 20, 300])):
            at = chance.randrange(len(content))
            content[at : at + chance.randrange(3)] = chance.choice(bits)
        del content[chance.choice([len(content), chance.randrange(len(content))]) :]
        try:
            found = read_page(
                bytes(content), url="https://example.org/a", content_type=chance.choice(["", "charset=gbk"])
            )
        except DocumentRefused:
            pass
        else:
            assert found.text.encode()
            assert "\0" not in found.text + found.title + found.byline


@pytest.mark.parametrize(
    "content",
    [
        b"<html><body>" + b"<div>" * 1_000_000,
        b"<html><body>" + b"<p>" + b"<b>" * 40_000 + b"deep",
        b"<html><body>" + b"<div class=caption>x</div>" * 40_000,
        b"<html><body>" + b"<script " * 100_000 + b"\xe9",
        b'<html><script type="application/ld+json">' + b'{"a":[' * 200_000 + b"</script><body>",
        b"<html><body>" + b"<div>a</div>" * 400_000,
        b"a" * (MAX_BYTES + 1),
    ],
    ids=["nested", "deep", "captions", "unclosed", "json", "elements", "bytes"],
)
def test_monstrous_pages_are_refused_in_seconds(content):
    started = time.monotonic()
    with pytest.raises(DocumentRefused):
        read_page(content)
    assert time.monotonic() - started < 20


# The command


def run(*paths, output):
    call_command("extract_pages", *map(str, paths), output=str(output))


def test_the_command_writes_a_line_a_page(tmp_path):
    folder = tmp_path / "pages" / "deep"
    folder.mkdir(parents=True)
    (folder / "one.html.gz").write_bytes(gzip.compress((PAGES / "graph.html").read_bytes(), mtime=0))
    (folder / "two.HTM").write_bytes((PAGES / "bare.html").read_bytes())
    (folder / "notes.txt").write_text("Not a page.")
    run(tmp_path / "pages", output=tmp_path / "out.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [Path(row["file"]).name for row in rows] == ["one.html.gz", "two.HTM"]
    assert list(rows[0]) == ["file", "title", "byline", "published_at", "language", "canonical_url", "text"]
    assert rows[0]["byline"] == "Jo O'Hara; Lee Marsh"


def test_the_command_names_what_it_cannot_read_and_does_the_others(tmp_path, capsys):
    packed = gzip.compress((PAGES / "bare.html").read_bytes(), mtime=0)
    (tmp_path / "cut.html.gz").write_bytes(packed[:-20])
    (tmp_path / "broken.html.gz").write_bytes(packed[:10] + b"\xff" * 20)
    (tmp_path / "bomb.html.gz").write_bytes(gzip.compress(bytes(MAX_BYTES + 1), mtime=0))
    with pytest.raises(CommandError, match=r"5 of 6 pages gave no article"):
        run(
            tmp_path, tmp_path / "absent.html", PAGES / "empty.html", PAGES / "bare.html", output=tmp_path / "out.jsonl"
        )
    errors = capsys.readouterr().err
    for part in (
        "cut.html.gz: is a gzip file that was cut off",
        "broken.html.gz: is not a sound gzip file",
        "bomb.html.gz: The page has",
        "absent.html: cannot be read: No such file",
        "empty.html: No article text",
    ):
        assert part in errors
    assert len((tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()) == 1


def test_the_command_writes_the_beginning_of_a_paid_article_and_says_so(tmp_path, capsys):
    run(PAGES / "paywall.html", output=tmp_path / "out.jsonl")
    assert "voted on Tuesday" in (tmp_path / "out.jsonl").read_text(encoding="utf-8")
    assert "behind a paywall" in capsys.readouterr().err


def test_the_command_reads_standard_input(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO((PAGES / "bare.html").read_bytes())))
    run("-", output="-")
    assert json.loads(capsys.readouterr().out)["title"] == "Dam to be rebuilt"


def test_the_command_says_where_it_cannot_write(tmp_path):
    with pytest.raises(CommandError, match=r"absent/out\.jsonl cannot be written"):
        run(PAGES / "bare.html", output=tmp_path / "absent" / "out.jsonl")
