"""Texts: both languages are there, the braces agree, the visitor's choice is obeyed."""

import ast
import re
import string

import pytest

from shared import ROOT, i18n
from shared.i18n import choose_lang
from shared.space import Space, discover
from shared.texts import TEXTS

LABS = [space for space in discover() if isinstance(space, Space)]
ALL = [("hub", TEXTS), *((space.id, space.texts) for space in LABS)]


def braces(sentence: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(sentence) if field}


@pytest.mark.parametrize(("namespace", "texts"), ALL, ids=[name for name, _ in ALL])
def test_every_text_exists_in_both_languages_with_the_same_braces(namespace, texts):
    for key, text in texts.items():
        assert text.zh.strip() and text.en.strip(), f"{namespace}.{key}"
        assert braces(text.zh) == braces(text.en), f"{namespace}.{key}"


@pytest.mark.parametrize(("namespace", "texts"), ALL, ids=[name for name, _ in ALL])
def test_english_has_no_chinese_and_chinese_has_some_or_is_a_name(namespace, texts):
    for key, text in texts.items():
        visible = re.sub(r"[“”‘’「」]", "", text.en)
        if "example" not in key:  # examples may be Chinese in both languages
            assert not re.search(r"[\u3400-\u9fff]", visible) or text.en == text.zh, (
                f"{namespace}.{key}: {text.en}"
            )


@pytest.mark.parametrize("space", LABS, ids=lambda space: space.id)
def test_titles_are_one_word_and_every_lab_has_a_lesson_in_both_languages(space):
    from shared.ui import lesson

    assert " " not in space.texts["title"].en and len(space.texts["title"].zh) <= 4
    assert space.texts["summary"]
    for lang in i18n.LANGS:
        assert len(lesson(ROOT / "spaces" / space.id / "README.md", lang)) > 100


def test_every_key_the_code_names_exists():
    """Literal keys in t("...") and HubError("..."): each is a text of the lab, or of the shell with
    `hub.`."""
    known = {f"{name}.{key}" for name, texts in ALL for key in texts}
    missing = []
    for path in [*(ROOT / "shared").rglob("*.py"), *(ROOT / "spaces").rglob("*.py")]:
        parts = path.relative_to(ROOT).parts
        if parts[1] == "_template":
            continue
        namespace = parts[1] if parts[0] == "spaces" else "hub"
        if path.name == "ui.py" and namespace == "hub":
            known |= {"hub.summary"}  # lab_head is handed the lab's own texts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args):
                continue
            first = node.args[0]
            if node.func.id not in ("t", "HubError") or not isinstance(first, ast.Constant):
                continue
            key = first.value
            if "." not in key:
                assert node.func.id == "t", f"{path}: HubError({key!r}) needs a namespace"
                key = f"{namespace}.{key}"
            if key not in known:
                missing.append(f"{path.relative_to(ROOT)}: {key}")
    assert not missing


@pytest.mark.parametrize(
    ("cookies", "header", "lang"),
    [
        ({}, "", "en"),
        ({}, "zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ({}, "en-US,en;q=0.9,zh;q=0.8", "en"),
        ({}, "fr,zh;q=0.3,en;q=0.2", "zh"),
        ({}, "fr-FR", "en"),
        ({"hub_lang": "zh"}, "en-US", "zh"),
        ({"hub_lang": "en"}, "zh-CN", "en"),
        ({"hub_lang": "<script>"}, "zh-CN", "zh"),
        ({}, "zh;q=abc,en;q=0.1", "en"),
    ],
)
def test_language_is_the_visitors_choice_then_the_browsers(cookies, header, lang):
    assert choose_lang(cookies, header) == lang
