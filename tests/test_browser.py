"""The hub in Chromium: tabs and addresses, languages, two visitors, stop, hostile text, small screens."""

import re

import pytest
from playwright.sync_api import Page, expect

QUESTION = "Question"


def question_box(page: Page):
    return page.locator("#prompting-question textarea").first


def answer_text(page: Page) -> str:
    return page.locator("#prompting-answer").first.inner_text()


def test_a_real_model_answers_paris_in_the_page(open_page):
    page = open_page("?tab=prompting")
    question_box(page).fill("What is the capital of France?")
    page.locator("button.prompting-run:visible").click()
    expect(page.locator("#prompting-answer")).to_contain_text("Paris", timeout=60_000)
    expect(page.locator(".answered-by").first).to_contain_text("SmolLM2-135M (Q4_1)")


def test_tokenizer_shows_the_tutorials_sentence_under_five_tokenizers(open_page):
    page = open_page("?tab=tokenizer")
    page.locator(".tokenizer-tabs textarea >> nth=0").fill("什么是大型语言模型？")
    expect(page.locator(".tokenizer-block:not(.tokenizer-original):visible")).to_have_count(5, timeout=60_000)


def test_address_follows_the_tab_and_the_back_button_too(open_page, hub):
    page = open_page()
    expect(page.locator("button.prompting-run:visible")).to_be_visible(timeout=30_000)
    page.get_by_role("tab", name="Tokenizer", exact=True).click()
    expect(page).to_have_url(f"{hub.url}/?tab=tokenizer")
    expect(page.locator(".tokenizer-tabs")).to_be_visible(timeout=30_000)
    page.go_back()
    expect(page.get_by_role("tab", name="Prompting", exact=True)).to_have_attribute("aria-selected", "true")


def test_work_in_a_tab_survives_a_visit_to_another(open_page):
    page = open_page("?tab=prompting")
    question_box(page).fill("Is this still here?")
    page.get_by_role("tab", name="Tokenizer", exact=True).click()
    expect(page.locator(".tokenizer-tabs")).to_be_visible(timeout=30_000)
    page.get_by_role("tab", name="Prompting", exact=True).click()
    expect(question_box(page)).to_have_value("Is this still here?")


def test_language_follows_the_browser_and_switches_for_this_visitor_only(open_page):
    chinese = open_page("?tab=prompting", lang="zh-CN")
    english = open_page("?tab=prompting", lang="en-US")
    expect(chinese.get_by_role("tab", name="分词", exact=True)).to_be_visible(timeout=30_000)
    expect(english.get_by_role("tab", name="Tokenizer", exact=True)).to_be_visible(timeout=30_000)
    english.get_by_role("button", name="中文").click()
    expect(english.get_by_role("tab", name="分词", exact=True)).to_be_visible(timeout=30_000)
    expect(english.locator("button.prompting-run:visible")).to_be_visible(timeout=30_000)
    chinese.get_by_role("button", name="EN", exact=True).click()
    expect(chinese.get_by_role("tab", name="Tokenizer", exact=True)).to_be_visible(timeout=30_000)
    expect(english.get_by_role("tab", name="分词", exact=True)).to_be_visible()


TABS = ["prompting", "tokenizer", "attention", "families", "songs", "classification", "models"]


@pytest.mark.parametrize("tab", TABS)
def test_english_page_has_no_chinese_interface_and_the_other_way_round(open_page, tab):
    """Buttons, labels and tabs: all of the visitor's language (the language switch names both, an
    example speaks its own)."""
    script = """() => [...document.querySelectorAll('button, label > span, [data-testid="block-info"], th')]
        .filter((e) => e.offsetParent !== null && !e.closest('.hub-tools, .prompting-language')
                       && !e.closest('.token-view, .lab-examples'))
        .map((e) => e.innerText.trim()).filter(Boolean)"""
    english = open_page(f"?tab={tab}", lang="en-US")
    expect(english.locator(".lab-summary:visible")).to_have_count(1, timeout=30_000)
    for words in english.evaluate(script):
        assert not re.search(r"[\u3400-\u9fff]", words), words
    chinese = open_page(f"?tab={tab}", lang="zh-CN")
    expect(chinese.locator(".lab-summary:visible")).to_have_count(1, timeout=30_000)
    shown = chinese.evaluate(script)
    assert sum(bool(re.search(r"[\u3400-\u9fff]", words)) for words in shown) >= len(shown) / 2


def test_two_browsers_have_their_own_chats_and_stop_their_own(open_page):
    first, second = open_page("?tab=prompting", lang="en-US"), open_page("?tab=prompting", lang="zh-CN")
    for page, words in (
        (first, "Write a very long story about a red lighthouse."),
        (second, "Tell me about green tea."),
    ):
        expect(page.locator("button.prompting-run:visible")).to_be_visible(timeout=30_000)
        question_box(page).fill(words)
    first.locator("button.prompting-run:visible").click()
    second.locator("button.prompting-run:visible").click()
    for page in (first, second):
        page.wait_for_function(
            "() => document.querySelector('#prompting-answer')?.innerText.length > 40", timeout=60_000
        )
    first.locator("button.prompting-stop:visible").click()
    first.wait_for_timeout(700)
    stopped = answer_text(first)
    going = answer_text(second)
    expect(second.locator(".answered-by").first).to_be_visible(
        timeout=60_000
    )  # the other one runs to its end
    assert answer_text(first) == stopped
    assert len(answer_text(second)) >= len(going)
    assert "lighthouse" not in answer_text(second)


def test_script_in_the_question_stays_text(open_page):
    page = open_page("?tab=tokenizer")
    page.on("dialog", lambda dialog: pytest.fail("a script ran"))
    hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    page.locator(".tokenizer-tabs textarea >> nth=0").fill(hostile)
    expect(page.locator(".token-view:visible").first).to_contain_text("script", timeout=30_000)
    assert page.locator(".token-view img, .token-view script").count() == 0
    page.wait_for_timeout(500)


@pytest.mark.parametrize("lang", ["en-US", "zh-CN"])
@pytest.mark.parametrize("tab", TABS)
def test_phone_does_not_scroll_sideways(open_page, tab, lang):
    page = open_page(f"?tab={tab}", lang=lang, width=390, height=844)
    expect(page.locator(".lab-summary:visible")).to_have_count(1, timeout=30_000)
    page.wait_for_timeout(500)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_dark_is_remembered(open_page):
    page = open_page()
    expect(page.locator("[data-theme-toggle]")).to_be_visible(timeout=30_000)
    dark = page.evaluate("document.body.classList.contains('dark')")
    page.locator("[data-theme-toggle]").click()
    page.reload()
    expect(page.locator("[data-theme-toggle]")).to_be_visible(timeout=30_000)
    page.wait_for_function(f"() => document.body.classList.contains('dark') === {str(not dark).lower()}")


def test_thirteen_labs_fit_one_row_in_both_languages(open_page):
    """The books' thirteen titles, measured with the tabs' own font."""
    titles = {
        "en-US": "Prompting Tokenizer Attention Families Songs Classify Topics RAG Agents Vision Finetune "
        "Embeddings Evaluate Models",
        "zh-CN": "提示 分词 注意力 家族 歌曲 分类 主题 检索 智能体 视觉 微调 嵌入 评估 模型",
    }
    for lang, names in titles.items():
        page = open_page(lang=lang)
        expect(page.locator("#tab-prompting-button")).to_be_visible(timeout=30_000)
        width = page.evaluate(
            """(names) => {
              const button = document.querySelector('#tab-prompting-button');
              const row = button.parentElement.getBoundingClientRect().width;
              const box = document.createElement('div');
              box.style.cssText = 'position:absolute;visibility:hidden;display:flex';
              for (const name of names.split(' ')) {
                const copy = button.cloneNode(true);
                copy.textContent = name; copy.removeAttribute('id'); box.append(copy);
              }
              button.parentElement.append(box);
              const wanted = box.getBoundingClientRect().width; box.remove();
              return wanted / row;
            }""",
            names,
        )
        assert width < 1, f"{lang}: {width:.2f} of the row"
