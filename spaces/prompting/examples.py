"""The tutorial's examples (chapters 1 and 2), in both languages.

`example_texts.py` says what the 135M model makes of them."""

from dataclasses import dataclass

from spaces.prompting.lab import Example, Language, Strategy, default_examples

_APPLES: dict[Language, str] = {
    "en": (
        "The canteen starts the day with 23 apples, uses 20 of them at lunch and buys 6 more. "
        "How many apples does it have now?"
    ),
    "zh": "食堂原来有23个苹果，午餐用掉20个，又买了6个。现在有多少个苹果？",
}
_GIGAMURU: dict[Language, tuple[Example, ...]] = {
    "en": (
        (
            "A “Gigamuru” is a Japanese musical instrument. Use the word in a sentence:",
            "My uncle gave me a Gigamuru, and I like to play it at home.",
        ),
    ),
    "zh": (
        (
            "“Gigamuru”是一种日本乐器。请用这个词造一个句子：",
            "叔叔送了我一把 Gigamuru，我喜欢在家里弹它。",
        ),
    ),
}
_INVENTED_VERBS: dict[Language, tuple[Example, ...]] = {
    "en": (
        ("To glorp means to jump high. Use glorp in a sentence.", "The cat glorped over the fence."),
        ("To fendle means to cook slowly. Use fendle in a sentence.", "My aunt fendled a soup all day."),
    ),
    "zh": (
        ("“glorp”的意思是高高跳起。请用它造一个句子：", "那只猫 glorp 过了篱笆。"),
        ("“fendle”的意思是慢慢地煮。请用它造一个句子：", "姑妈把汤 fendle 了一整天。"),
    ),
}


@dataclass(frozen=True)
class Preset:
    """What one click fills in. The texts `example_<key>` and `example_<key>_note_<language>` belong to it."""

    key: str
    question: dict[Language, str]
    strategy: Strategy = "zero_shot"
    examples: dict[Language, tuple[Example, ...]] | None = None
    max_new_tokens: int = 256

    def rows(self, language: Language) -> tuple[Example, ...]:
        """The example table."""
        return default_examples(self.strategy, language) if self.examples is None else self.examples[language]


PRESETS = (
    Preset(
        "screeg",
        {
            "en": "To “screeg” something means to swing a sword at it. Use the word in a sentence:",
            "zh": "“screeg”某物，意思是挥剑砍它。请用这个词造一个句子：",
        },
        "one_shot",
        _GIGAMURU,
    ),
    Preset(
        "screeg_few",
        {
            "en": "To screeg means to swing a sword at something. Use screeg in a sentence.",
            "zh": "“screeg”的意思是挥剑砍某物。请用它造一个句子：",
        },
        "few_shot",
        _INVENTED_VERBS,
    ),
    Preset("apples", _APPLES),
    Preset("apples_cot", _APPLES, "cot_few_shot"),
    Preset("apples_steps", _APPLES, "cot_zero_shot"),
    Preset("experts", _APPLES, "tree_of_thought", max_new_tokens=400),
    Preset("joke", {"en": "Tell me a joke about programmers.", "zh": "讲一个关于程序员的笑话。"}),
)

CHOICES: dict[str, dict[Language, tuple[str, str]]] = {
    "review": {
        "en": (
            "Is this review positive, neutral or negative? “The food was wonderful and I will come back.”",
            "positive\nneutral\nnegative",
        ),
        "zh": ("这条评论是正面、中性还是负面？“饭菜好吃极了，下次还来。”", "正面\n中性\n负面"),
    },
    "capital": {
        "en": ("What is the capital of France?", "Berlin\nMadrid\nParis\nRome"),
        "zh": ("法国的首都是哪里？", "柏林\n马德里\n巴黎\n罗马"),
    },
    "apples": {
        "en": (_APPLES["en"], "3\n9\n23\n49"),
        "zh": (_APPLES["zh"], "3\n9\n23\n49"),
    },
}
"""For the choices: a question, and the choices one a line."""
