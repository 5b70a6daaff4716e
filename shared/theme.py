"""The look: Gradio's base theme in our colours, and the style sheets under static/."""

from pathlib import Path

from gradio.themes import Base, Color

from shared import ROOT
from shared.i18n import LANGS
from shared.texts import TEXTS

STATIC = Path(__file__).parent / "static"

ACCENT = Color(
    name="teal-ink",
    c50="#eef7f6",
    c100="#d5ebe8",
    c200="#abd6d1",
    c300="#78bab4",
    c400="#439a94",
    c500="#217f79",
    c600="#12665f",
    c700="#0f534e",
    c800="#0d413d",
    c900="#0a2f2d",
    c950="#061e1d",
)
GREY = Color(
    name="paper-grey",
    c50="#fafaf8",
    c100="#f3f3f0",
    c200="#e5e5e0",
    c300="#d0d0ca",
    c400="#9d9d96",
    c500="#6b6b65",
    c600="#52524d",
    c700="#3b3b37",
    c800="#262624",
    c900="#1a1a19",
    c950="#121211",
)
SANS = (
    "system-ui",
    "-apple-system",
    "Segoe UI",
    "PingFang SC",
    "Noto Sans CJK SC",
    "Microsoft YaHei",
    "sans-serif",
)
MONO = ("ui-monospace", "SF Mono", "Cascadia Code", "DejaVu Sans Mono", "Noto Sans Mono CJK SC", "monospace")


def theme() -> Base:
    """Light and dark, one accent, no shadows, no fonts from the network."""
    return Base(
        primary_hue=ACCENT,
        secondary_hue=ACCENT,
        neutral_hue=GREY,
        font=SANS,
        font_mono=MONO,
        radius_size="sm",
        spacing_size="md",
        text_size="md",
    ).set(
        body_background_fill="*neutral_50",
        body_background_fill_dark="*neutral_950",
        body_text_color="*neutral_900",
        body_text_color_dark="*neutral_100",
        body_text_color_subdued="*neutral_500",
        body_text_color_subdued_dark="*neutral_400",
        block_background_fill="white",
        block_background_fill_dark="*neutral_900",
        block_border_width="1px",
        block_border_color="*neutral_200",
        block_border_color_dark="*neutral_700",
        block_shadow="none",
        block_label_background_fill="transparent",
        block_label_background_fill_dark="transparent",
        block_label_border_width="0px",
        block_label_text_color="*neutral_600",
        block_label_text_color_dark="*neutral_400",
        block_title_text_color="*neutral_700",
        block_title_text_color_dark="*neutral_300",
        block_title_text_weight="500",
        input_background_fill="white",
        input_background_fill_dark="*neutral_900",
        input_border_width="1px",
        input_border_width_dark="1px",
        input_radius="*radius_sm",
        button_large_text_weight="550",
        button_large_text_size="*text_md",
        button_large_padding="7px 18px",
        button_small_text_weight="500",
        button_small_padding="4px 12px",
        input_border_color="*neutral_300",
        input_border_color_dark="*neutral_600",
        input_border_color_focus="*primary_500",
        input_border_color_focus_dark="*primary_400",
        button_primary_background_fill="*primary_600",
        button_primary_background_fill_hover="*primary_700",
        button_primary_background_fill_dark="*primary_500",
        button_primary_background_fill_hover_dark="*primary_600",
        button_primary_text_color="white",
        button_secondary_background_fill="transparent",
        button_secondary_background_fill_dark="transparent",
        button_secondary_background_fill_hover="*neutral_100",
        button_secondary_background_fill_hover_dark="*neutral_800",
        button_secondary_border_color="*neutral_300",
        button_secondary_border_color_dark="*neutral_600",
        button_border_width="1px",
        slider_color="*primary_600",
        slider_color_dark="*primary_400",
    )


def css() -> str:
    """The hub's style sheets (static/*.css), then each lab's own (spaces/<topic>/*.css). Gradio prefixes
    every selector with its container."""
    ours = (sheet for sheet in STATIC.glob("*.css") if sheet.name != "page.css")
    sheets = sorted(ours, key=lambda sheet: (sheet.name != "hub.css", sheet.name))
    labs = sorted((ROOT / "spaces").glob("[!_.]*/*.css"))
    return "\n".join(sheet.read_text(encoding="utf-8") for sheet in (*sheets, *labs))


def page_css() -> str:
    """The rules that look at `<html>` or outside Gradio's container, and so must not be prefixed."""
    titles = []
    for lang in LANGS:
        title = getattr(TEXTS["error_title"], lang)
        titles.append(f'html[data-lang="{lang}"] .toast-title.error::before {{ content: "{title}"; }}')
    return "\n".join([(STATIC / "page.css").read_text(encoding="utf-8"), *titles])
