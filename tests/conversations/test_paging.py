"""A long text is cut into messages that fit, and nothing of it gets lost."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from conversations.paging import LIMIT, split

ALPHABET = st.sampled_from(["a", "é", "🔒", "👨‍👩‍👧", " ", "\n", "\n\n", "woord ", "<b>", "\u202e"])
TEXTS = st.lists(ALPHABET, max_size=120).map("".join)


def units(text: str) -> int:
    """Count as Telegram does: UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


@given(TEXTS, st.integers(2, 40))
def test_every_page_fits_and_none_is_empty(text: str, limit: int) -> None:
    """Measured in UTF-16, an emoji counts as two; only a text of nothing gives an empty page."""
    pages = [page for page, _ in split(text, [], limit)]
    assert [page for page in pages if units(page) > limit] == []
    assert [page for page in pages if not page.strip()] == ([""] if not text.strip() else [])


@given(TEXTS, st.integers(2, 40))
def test_the_pages_hold_the_whole_text_in_order(text: str, limit: int) -> None:
    """Only the white space at a cut is left out."""
    pages = [page for page, _ in split(text, [], limit)]
    assert "".join("".join(pages).split()) == "".join(text.split())


@given(st.lists(st.tuples(TEXTS.filter(str.strip), st.booleans()), max_size=8), st.integers(2, 40))
def test_what_is_bold_stays_bold(parts: list[tuple[str, bool]], limit: int) -> None:
    """The bold characters are the same before and after, and no span leaves its page."""
    text, bold = "", []
    for part, is_bold in parts:
        bold += [(len(text), len(part))] if is_bold else []
        text += part
    pages = split(text, bold, limit)
    found = "".join(page[start : start + length] for page, spans in pages for start, length in spans)
    assert "".join(found.split()) == "".join("".join(p for p, is_bold in parts if is_bold).split())
    assert [s for page, spans in pages for s in spans if not 0 <= s[0] < sum(s) <= len(page)] == []


def test_a_short_text_is_one_page() -> None:
    """Nothing is cut that fits to the last unit."""
    text = "🔒" * (LIMIT // 2)
    assert split(text, [(0, 2)]) == [(text, [(0, 2)])]


def test_a_cut_falls_between_paragraphs_where_it_can() -> None:
    """Then between lines, then between words."""
    assert [page for page, _ in split("een twee\n\ndrie vier", [], 14)] == ["een twee", "drie vier"]
    assert [page for page, _ in split("een twee\ndrie vier", [], 14)] == ["een twee", "drie vier"]
    assert [page for page, _ in split("een twee drie vier", [], 14)] == ["een twee drie", "vier"]


def test_a_word_without_end_is_cut_where_the_page_ends() -> None:
    """Between characters: an emoji is never halved."""
    assert [page for page, _ in split("a🔒🔒🔒", [], 4)] == ["a🔒", "🔒🔒"]


def test_a_bold_heading_over_a_cut_is_bold_on_both_pages() -> None:
    """Each page carries its own part."""
    assert split("een twee", [(0, 8)], 5) == [("een", [(0, 3)]), ("twee", [(0, 4)])]


def test_nothing_is_one_empty_page() -> None:
    """A message of nothing is the caller's to leave out."""
    assert split("", []) == [("", [])]
