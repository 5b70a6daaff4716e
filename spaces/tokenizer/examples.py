"""Ready examples. All of them work on what is embedded."""

from pathlib import Path

_CODE = """def mean(values):
    # 平均值
    total = 0.0
    for value in values:
\t\ttotal += value
    return total / len(values)
"""

TOKENS = {
    "example_zh": "什么是大型语言模型？",
    "example_en": "What is a large language model?",
    "example_code": _CODE,
    "example_emoji": "👨‍👩‍👧 naïve café 𝒳 = ½ · 東京 → Ελλάδα, ภาษาไทย",
    "example_numbers": "1234567 + 89 = 1,234,656; 3.14159; 2026-11-30; 0x1F4A9; ٣٫١٤",
    "example_long": Path(__file__)
    .with_name("README.md")
    .read_text(encoding="utf-8")
    .split("---", 2)[2]
    .strip(),
}

MERGES = {
    "tokenization": "tokenization",
    "什么是大型语言模型？": "什么是大型语言模型？",
    "unbelievably": "unbelievably",
    "hello world": "hello world",
    "𝒳²": "𝒳²",
}

ARITHMETIC = {
    "king − man + woman": ("king, woman", "man", "queen"),
    "Paris − France + Italy": ("Paris, Italy", "France", "Rome"),
    "walked − walk + talk": ("walked, talk", "walk", "talked"),
    "father − man + woman": ("father, woman", "man", "mother"),
    "hot − cold + slow": ("hot, slow", "cold", "fast"),
}
"""What to add, what to subtract, and the answer one hopes for."""
