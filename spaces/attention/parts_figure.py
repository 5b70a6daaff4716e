"""The figure of the architecture (Vaswani et al. 2017, figure 1) as SVG; every block can be clicked."""

from html import escape

from shared.i18n import Translator
from spaces.attention.parts import Size

_LEFT, _RIGHT, _WIDE = 32, 262, 166
"""Where the blocks of the encoder and of the decoder begin, and how wide they are."""


def figure(t: Translator, size: Size, chosen: str) -> str:
    """The drawing, with the block `chosen` marked."""

    def block(part: str, label: str, x: float, y: float, width: float = _WIDE, height: float = 32) -> str:
        said = escape(t(f"parts_name_{part}"), quote=True)
        marked = " chosen" if part == chosen else ""
        return (
            f"<g class='parts-block{marked}' data-part='{part}' role='button' tabindex='0' "
            f"aria-label='{said}'>"
            f"<rect x='{x}' y='{y}' width='{width}' height='{height}' rx='4'/>"
            f"<text x='{x + width / 2}' y='{y + height / 2 + 4.5}'>{escape(label)}</text></g>"
        )

    def named(part: str, x: float, y: float, height: float = 32, key: str = "") -> str:
        return block(part, t(f"parts_box_{key or part}"), x, y, height=height)

    def frame(part: str, x: float, y: float, height: float) -> str:
        marked = " chosen" if part == chosen else ""
        label = t(f"parts_box_{part}", layers=size.layers)
        return (
            f"<g class='parts-frame{marked}' data-part='{part}' role='button' tabindex='0' "
            f"aria-label='{escape(t(f'parts_name_{part}'), quote=True)}'>"
            f"<rect x='{x - 14}' y='{y}' width='{_WIDE + 28}' height='{height}' rx='8'/>"
            f"<text x='{x - 4}' y='{y + 18}'>{escape(label)}</text></g>"
        )

    def arrow(*points: tuple[float, float]) -> str:
        line = " ".join(f"{x},{y}" for x, y in points)
        return f"<polyline class='parts-arrow' points='{line}' marker-end='url(#parts-head)'/>"

    def words(text: str, x: float, y: float, kind: str = "parts-words") -> str:
        return f"<text class='{kind}' x='{x}' y='{y}'>{escape(text)}</text>"

    left, right = _LEFT + _WIDE / 2, _RIGHT + _WIDE / 2
    pieces = [
        # what is inside every attention, in the free corner
        "<rect class='parts-zoom' x='18' y='14' width='194' height='148' rx='8'/>",
        words(t("parts_box_inside"), left, 34, "parts-words small"),
        block("multi_head", t("parts_box_multi_head"), _LEFT, 44, height=48),
        block("dot_product", "softmax(QKᵀ/√d)·V", _LEFT, 104, height=48),
        arrow((left, 104), (left, 94)),
        # the encoder
        frame("encoder_layer", _LEFT, 226, 208),
        named("add_and_norm", _LEFT, 254, 24),
        named("feed_forward", _LEFT, 286),
        named("add_and_norm", _LEFT, 326, 24),
        named("multi_head", _LEFT, 358, key="self"),
        named("padding_mask", _LEFT, 398, 24),
        named("positions", _LEFT, 450, 26),
        named("embedding", _LEFT, 486),
        arrow((left, 538), (left, 520)),
        arrow((left, 450), (left, 437)),
        words("4 march 2026", left, 554),
        # the decoder
        frame("decoder_layer", _RIGHT, 122, 312),
        named("add_and_norm", _RIGHT, 150, 24),
        named("feed_forward", _RIGHT, 182),
        named("add_and_norm", _RIGHT, 222, 24),
        named("multi_head", _RIGHT, 254, key="cross"),
        named("add_and_norm", _RIGHT, 294, 24),
        named("multi_head", _RIGHT, 326, key="masked"),
        named("causal_mask", _RIGHT, 366, 24),
        named("positions", _RIGHT, 450, 26),
        named("embedding", _RIGHT, 486),
        arrow((right, 538), (right, 520)),
        arrow((right, 450), (right, 437)),
        words("‹start› 2026-03", right, 554),
        # from one to the other, and out
        arrow((left, 226), (left, 206), (232, 206), (232, 270), (_RIGHT - 2, 270)),
        arrow((right, 122), (right, 110)),
        named("output", _RIGHT, 76),
        arrow((right, 76), (right, 64)),
        named("generate", _RIGHT, 32),
        words("2026-03-04", right, 22),
        arrow((_RIGHT + _WIDE, 48), (454, 48), (454, 502), (_RIGHT + _WIDE + 2, 502)),
        block("model", t("parts_box_model"), _LEFT, 172, height=26),
    ]
    return (
        "<svg class='parts-figure' viewBox='0 0 470 566' xmlns='http://www.w3.org/2000/svg'>"
        f"<title>{escape(t('parts_figure'))}</title>"
        "<defs><marker id='parts-head' viewBox='0 0 8 8' refX='7' refY='4' markerWidth='7' markerHeight='7' "
        "orient='auto'><path d='M0,0 L8,4 L0,8 z'/></marker></defs>" + "".join(pieces) + "</svg>"
    )


SCRIPT = """
const pick = (target) => {
  const block = target.closest('[data-part]');
  if (block) trigger('select', {part: block.dataset.part});
};
element.addEventListener('click', (event) => pick(event.target));
element.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' && event.key !== ' ') return;
  if (event.target.closest('[data-part]')) { event.preventDefault(); pick(event.target); }
});
"""
