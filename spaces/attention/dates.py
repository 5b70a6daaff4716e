"""The task: a date as people write it -> ISO 8601. Nine families of forms, English and Chinese; no torch.

All dates from 1900 to 2099. One date in ten is held out: no form of it is ever trained on, so a right answer
there is not a remembered one.
"""

import random
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from shared.errors import HubError

FIRST_YEAR, LAST_YEAR = 1900, 2099
LONGEST = 48
"""Characters a text may have."""
OUTPUT_LENGTH = 11
"""Ten characters and the end."""
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
PADDING, START, END = 0, 1, 2
_SPECIAL = 3
SOURCE = "0123456789abcdefghijklmnopqrstuvwxyz ,./-()年月日号星期周天一二三四五六七八九十〇零"
TARGET = "0123456789-"
_SOURCE_ID = {character: i for i, character in enumerate(SOURCE, _SPECIAL)}
_TARGET_ID = {character: i for i, character in enumerate(TARGET, _SPECIAL)}
SOURCE_VOCABULARY, TARGET_VOCABULARY = len(SOURCE) + _SPECIAL, len(TARGET) + _SPECIAL
_HAN_DIGITS = "〇一二三四五六七八九"


def han_number(n: int) -> str:
    """1 to 99 as it is said: 一, 十, 十二, 三十一."""
    tens, ones = divmod(n, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _HAN_DIGITS[tens] + "十"
    return head + (_HAN_DIGITS[ones] if ones else "")


def ordinal(n: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th."""
    ending = "th" if n // 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


Chooser = random.Random
Form = Callable[[date, Chooser], str]


def _month(d: date, r: Chooser) -> str:
    name = MONTHS[d.month - 1]
    return name if len(name) == 3 else r.choice((name, name, name[:3], name[:3] + "."))


def _digits(n: int, r: Chooser) -> str:
    """3 or 03."""
    return f"{n:02d}" if r.random() < 0.5 else str(n)


def _month_first(d: date, r: Chooser) -> str:
    day = ordinal(d.day) if r.random() < 0.25 else str(d.day)
    return f"{_month(d, r)} {day}{r.choice((',', ',', ''))} {d.year}"


def _day_first(d: date, r: Chooser) -> str:
    if r.random() < 0.2:
        return f"{d.day}-{_month(d, r).rstrip('.')}-{d.year}"
    day = ordinal(d.day) if r.random() < 0.25 else str(d.day)
    return f"{day} {_month(d, r)} {d.year}"


def _spoken(d: date, r: Chooser) -> str:
    name = DAYS[d.weekday()]
    day = r.choice(("", name, name, name[:3]))
    rest = r.choice(
        (
            f"{ordinal(d.day)} of {_month(d, r)} {d.year}",
            f"the {ordinal(d.day)} of {_month(d, r)}, {d.year}",
            _month_first(d, r),
            _day_first(d, r),
        )
    )
    return f"{day}, {rest}" if day else rest


def _slashes(d: date, r: Chooser) -> str:
    return f"{_digits(d.month, r)}/{_digits(d.day, r)}/{d.year}"


def _dots(d: date, r: Chooser) -> str:
    dot = r.choice((".", ". "))
    return f"{_digits(d.day, r)}{dot}{_digits(d.month, r)}{dot}{d.year}"


def _year_first(d: date, r: Chooser) -> str:
    mark = r.choice("./-- ")
    if r.random() < 0.15:
        return f"{d:%Y%m%d}"
    return mark.join([str(d.year), _digits(d.month, r), _digits(d.day, r)])


def _chinese(d: date, r: Chooser) -> str:
    space = " " if r.random() < 0.2 else ""
    parts = [str(d.year), "年", _digits(d.month, r), "月", _digits(d.day, r), r.choice("日日号")]
    return space.join(parts)


def _han(d: date, r: Chooser) -> str:
    year = "".join(_HAN_DIGITS[int(digit)] for digit in str(d.year))
    if r.random() < 0.4:
        year = year.replace("〇", "零")
    return f"{year}年{han_number(d.month)}月{han_number(d.day)}{r.choice('日日号')}"


def _chinese_weekday(d: date, r: Chooser) -> str:
    name = r.choice(("星期", "星期", "周")) + "一二三四五六日"[d.weekday()]
    text = (_han if r.random() < 0.4 else _chinese)(d, r)
    return text + r.choice(("{}", " {}", "({})", ",{}")).format(name)


FORMS: dict[str, Form] = {
    "month_first": _month_first,
    "day_first": _day_first,
    "spoken": _spoken,
    "slashes": _slashes,
    "dots": _dots,
    "year_first": _year_first,
    "chinese": _chinese,
    "han": _han,
    "chinese_weekday": _chinese_weekday,
}
"""`slashes` is month first (3/4/2026 is March 4), `dots` is day first (4.3.2026 is March 4)."""


@dataclass(frozen=True)
class Example:
    """What goes in, what should come out, and in which form it is written."""

    text: str
    iso: str
    form: str


def split_dates(seed: int = 0) -> tuple[list[date], list[date]]:
    """The dates to train on and the held-out tenth."""
    first = date(FIRST_YEAR, 1, 1)
    days = [first + timedelta(n) for n in range((date(LAST_YEAR, 12, 31) - first).days + 1)]
    random.Random(seed).shuffle(days)
    tenth = len(days) // 10
    return days[tenth:], days[:tenth]


def examples(dates: Sequence[date], seed: int) -> Iterator[Example]:
    """Endless: a date, written in some form."""
    r = Chooser(seed)
    names = list(FORMS)
    while True:
        d, form = r.choice(dates), r.choice(names)
        yield Example(FORMS[form](d, r), d.isoformat(), form)


def in_every_form(dates: Sequence[date], seed: int) -> Iterator[Example]:
    """Each date once in each form."""
    r = Chooser(seed)
    for d in dates:
        for name, form in FORMS.items():
            yield Example(form(d, r), d.isoformat(), name)


def normalise(text: str) -> str:
    """What the model reads: full-width characters made plain, lower case, single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).lower().split())


def check(text: object) -> str:
    """`text` as the model reads it. Raises HubError: nothing, too long, a character it has never seen."""
    read = normalise(text) if isinstance(text, str) else ""
    if not read:
        raise HubError("attention.parts_no_date")
    if len(read) > LONGEST:
        raise HubError("attention.parts_too_long", length=len(read), limit=LONGEST)
    strange = list(dict.fromkeys(character for character in read if character not in _SOURCE_ID))
    if strange:
        raise HubError("attention.parts_strange", characters=" ".join(strange[:8]))
    return read


def source_ids(text: str) -> list[int]:
    return [_SOURCE_ID[character] for character in normalise(text)]


def target_ids(iso: str) -> list[int]:
    return [*(_TARGET_ID[character] for character in iso), END]


def read_target(ids: Sequence[int]) -> str:
    """The characters up to the end; what is no character is shown as ?."""
    written = list(ids)[: list(ids).index(END)] if END in ids else ids
    return "".join(TARGET[i - _SPECIAL] if i >= _SPECIAL else "?" for i in written)
