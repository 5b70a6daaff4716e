"""The colours: WCAG AA contrast (4.5 : 1) for every pair of text and ground, light and dark."""

import re

import pytest

from shared.theme import ACCENT, GREY, page_css


def luminance(colour: str) -> float:
    """Relative luminance of `#rrggbb` (WCAG 2.2)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def variables(rule: str) -> dict[str, str]:
    block = re.search(re.escape(rule) + r"\s*\{(.*?)\}", page_css(), re.S)
    assert block, rule
    return dict(re.findall(r"--hub-([\w-]+):\s*(#[0-9a-f]{6})", block[1]))


LIGHT, DARK = variables(":root"), variables(":root .dark, .dark")
PAIRS = [
    ("ink", "surface"),
    ("ink", "sunken"),
    ("ink", "token-a"),
    ("ink", "token-b"),
    ("muted", "surface"),
    ("muted", "sunken"),
    ("accent", "surface"),
    ("warn", "surface"),
]


def test_contrast_is_computed_as_wcag_says():
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_can_be_read(palette, text, ground):
    assert contrast(palette[text], palette[ground]) >= 4.5


def test_text_on_the_page_and_on_buttons_can_be_read():
    assert contrast(LIGHT["muted"], GREY.c50) >= 4.5
    assert contrast(DARK["muted"], GREY.c950) >= 4.5
    assert contrast("#ffffff", ACCENT.c600) >= 4.5
    assert contrast("#ffffff", ACCENT.c500) >= 4.5
