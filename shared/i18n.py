"""Every sentence in two languages: where the texts are kept and which language a visitor reads."""

from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple, get_args

from shared.errors import HubError

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = get_args(Lang)
COOKIE = "hub_lang"


class Text(NamedTuple):
    """One sentence, in both languages. Braces are filled by `str.format`."""

    zh: str
    en: str


Texts = Mapping[str, Text]
Translator = Callable[..., str]
"""`t("run")` or `t("too_long", over=12)`: a text of the lab (or `t("hub.stop")`: of the shell) in one
language."""

_TEXTS: dict[str, Text] = {}


def register(namespace: str, texts: Texts) -> None:
    """Adds a lab's texts under `<namespace>.<key>`."""
    _TEXTS.update({f"{namespace}.{key}": text for key, text in texts.items()})


def all_keys() -> list[str]:
    return sorted(_TEXTS)


def text(lang: Lang, key: str, **values: Any) -> str:
    """The sentence `key` in `lang`. An unknown key comes back as itself: ugly, and found by the tests, but
    no crash."""
    entry = _TEXTS.get(key)
    if entry is None:
        return key
    sentence = entry.zh if lang == "zh" else entry.en
    return sentence.format(**values) if values else sentence


def translator(namespace: str, lang: Lang) -> Translator:
    """A function that looks keys up in `namespace`, or anywhere when the key has a dot."""

    def t(key: str, **values: Any) -> str:
        return text(lang, key if "." in key else f"{namespace}.{key}", **values)

    return t


def explain(error: HubError, lang: Lang) -> str:
    """The error's sentence in `lang`."""
    return text(lang, error.key, **error.values)


def choose_lang(cookies: Mapping[str, str], accept_language: str = "") -> Lang:
    """The visitor's own choice (a cookie), else the first of zh/en in Accept-Language, else English."""
    chosen = cookies.get(COOKIE, "")
    if chosen in LANGS:
        return "zh" if chosen == "zh" else "en"
    ranked: list[tuple[float, Lang]] = []
    for part in accept_language.split(","):
        tag, _, q = part.strip().partition(";q=")
        base = tag.split("-")[0].lower()
        if base in LANGS:
            try:
                weight = float(q) if q else 1.0
            except ValueError:
                weight = 0.0
            ranked.append((weight, "zh" if base == "zh" else "en"))
    return max(ranked, key=lambda pair: pair[0])[1] if ranked else "en"
