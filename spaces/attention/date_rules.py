"""Reads a date by rules, to say whether the model is right about a visitor's own text. No torch."""

import re
from datetime import date

from spaces.attention.dates import FIRST_YEAR, LAST_YEAR, MONTHS

_HAN = {character: n for n, character in enumerate("〇一二三四五六七八九")} | {"零": 0}
_NAMES = {name[:3].lower(): n for n, name in enumerate(MONTHS, 1)}
_MONTH = r"(?P<name>" + "|".join(rf"{name[:3]}(?:{name[3:]}|\.)?" for name in MONTHS).lower() + r")"
_DAY, _NUMBER, _YEAR = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?", r"(?P<month>\d{1,2})", r"(?P<year>\d{4})"
_PATTERNS = tuple(
    re.compile(rf"(?<![a-z\d]){pattern}(?![a-z\d])")
    for pattern in (
        rf"{_MONTH} {_DAY},? {_YEAR}",
        rf"{_DAY} of {_MONTH},? {_YEAR}",
        rf"{_DAY}[ -]{_MONTH}[ ,-]+{_YEAR}",
        rf"{_NUMBER}/{_DAY}/{_YEAR}",
        rf"{_DAY}\. ?{_NUMBER}\. ?{_YEAR}",
        rf"{_YEAR}(?P<mark>[./ -]){_NUMBER}(?P=mark){_DAY}",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
        rf"{_YEAR} ?年 ?{_NUMBER} ?月 ?(?P<day>\d{{1,2}}) ?[日号]",
        r"(?P<year>[〇零一二三四五六七八九]{4})年(?P<month>[一二三四五六七八九十]{1,2})月(?P<day>[一二三四五六七八九十]{1,3})[日号]",
    )
)


def read_by_rules(text: str) -> tuple[int, int, int] | None:
    """Year, month and day of a normalised text, possible or not; None: it is in none of the nine families."""
    for pattern in _PATTERNS:
        found = pattern.search(text)
        if found:
            parts = found.groupdict()
            month = _NAMES[parts["name"][:3]] if parts.get("name") else _number(parts["month"])
            return _number(parts["year"]), month, _number(parts["day"])
    return None


def is_date(year: int, month: int, day: int) -> bool:
    """Whether the calendar has this day."""
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def is_iso(text: str) -> bool:
    """Whether `text` is a day of the calendar in ISO 8601."""
    found = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", text)
    return found is not None and is_date(*map(int, found.groups()))


def verdict(text: str, written: str) -> str:
    """What to say about the model's answer to a normalised text, as the end of a text key.

    right, wrong; unknown_form; impossible (the calendar has no such day); untrained_year."""
    parts = read_by_rules(text)
    if parts is None:
        return "unknown_form"
    if not is_date(*parts):
        return "impossible"
    if not FIRST_YEAR <= parts[0] <= LAST_YEAR:
        return "untrained_year"
    return "right" if written == date(*parts).isoformat() else "wrong"


def _number(text: str) -> int:
    """12, 十二, 三十一, 二〇二六."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.partition("十")
    if ten:
        return 10 * _HAN.get(tens, 1) + _HAN.get(ones, 0)
    return int("".join(str(_HAN[character]) for character in text))
