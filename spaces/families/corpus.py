"""Real English that pip brings: the news and the Wikipedia pages in gensim's test data, cut into plain
paragraphs."""

import bz2
import re
from importlib.util import find_spec
from pathlib import Path

WIKIPEDIA = "enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2"
HELD_OUT = 20
"""Every so many-th document is for testing."""


def gensim_file(name: str) -> Path:
    """A file of gensim's test data, found without importing gensim."""
    found = find_spec("gensim")
    if found is None or found.origin is None:
        raise FileNotFoundError("gensim is not installed")
    return Path(found.origin).parent / "test" / "test_data" / name


def documents() -> list[str]:
    """300 news articles of 2000 and 2001, then about a hundred Wikipedia pages."""
    return [*gensim_file("lee_background.cor").read_text(encoding="utf-8").splitlines(), *_wikipedia()]


def split(documents: list[str]) -> tuple[list[str], list[str]]:
    """(for training, for testing)"""
    test = documents[HELD_OUT - 1 :: HELD_OUT]
    return [d for n, d in enumerate(documents, 1) if n % HELD_OUT], test


def _wikipedia() -> list[str]:
    from gensim.corpora.wikicorpus import extract_pages, filter_wiki

    pages = []
    with bz2.open(gensim_file(WIKIPEDIA)) as dump:
        for _, text, _ in extract_pages(dump, ("0",)):
            if text.lower().startswith("#redirect"):
                continue
            lines = (re.sub(r"'{2,}", "", line).strip() for line in filter_wiki(text).splitlines())
            # what is left of tables, captions, headings and lists is no running text
            kept = [line for line in lines if len(line) > 120 and line[0] not in "*=|#:;" and "|" not in line]
            pages.append(" ".join(kept))
    return [page for page in pages if page]
