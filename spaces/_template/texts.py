"""Every sentence of this lab, in both languages."""

from shared.i18n import Text, Texts

TEXTS: Texts = {
    "title": Text("示例", "Template"),
    "summary": Text("看看一句话里有几个字符。", "See how many characters a sentence has."),
    "sentence": Text("一句话", "A sentence"),
    "count": Text("数一数", "Count"),
    "result": Text("字符数", "Characters"),
    "empty": Text("请先写一句话。", "Please write a sentence first."),
}
