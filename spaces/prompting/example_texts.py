"""What the embedded model makes of each preset: measured on SmolLM2-135M (Q4_1) at temperature 0.

tests/test_prompting.py runs the presets again and looks for what is quoted here."""

from shared.i18n import Text, Texts

MEASURED: Texts = {
    "example_screeg": Text("screeg：一个示例", "Screeg, one example"),
    "example_screeg_note_en": Text(
        "135M 模型没学会新词：它接着谈示例里的 Gigamuru，说这种乐器因为形状叫作 screeg。",
        "The 135M model does not pick the word up: it goes on about the example's Gigamuru and says that the "
        "instrument is called screeg because of its shape.",
    ),
    "example_screeg_note_zh": Text(
        "135M 模型不会中文：它一遍遍重复“screeg！”，或者照抄定义，造不出句子。请换成英文提示，或改选 Qwen2。",
        "The 135M model knows no Chinese: it repeats “screeg！” or the definition and makes no "
        "sentence. Ask in English, or choose Qwen2.",
    ),
    "example_screeg_few": Text("screeg：两个示例", "Screeg, two examples"),
    "example_screeg_few_note_en": Text(
        "两个自造动词作示例就好多了：“The knight screegled at the castle.”，有骑士，也当动词用，"
        "只是拼错了词，也没有砍到什么。",
        "Two invented verbs help a lot: “The knight screegled at the castle.” A knight, and a verb; "
        "but misspelt, and nothing is struck.",
    ),
    "example_screeg_few_note_zh": Text(
        "135M 模型照抄第一个示例，只换了词：“那只猫 screeg 过了篱笆。”"
        "句子通顺，意思却是“跳过”。示例能教会它格式，教不会词义。",
        "The 135M model copies the first example and swaps the word: the cat “screegs” over the fence. "
        "Examples teach it the form, not the meaning.",
    ),
    "example_apples": Text("苹果：直接问", "Apples, just asked"),
    "example_apples_note_en": Text(
        "135M 模型答出 9，算式却写成“23 + 6 = 9”：答案对了，推理是错的。别只看结果。",
        "The 135M model says 9, but by way of “23 + 6 = 9”: the right answer from wrong steps. "
        "Do not look at the result alone.",
    ),
    "example_apples_note_zh": Text(
        "135M 模型不会中文：它反复说“你可以在食堂上有……个苹果？”，没有计算。"
        "把“示例语言”换成英文，它至少会列算式。",
        "The 135M model knows no Chinese: it repeats one question about apples and computes nothing. "
        "With the English prompt it at least writes a sum.",
    ),
    "example_apples_cot": Text("苹果：示范推理", "Apples, worked example"),
    "example_apples_cot_note_en": Text(
        "135M 模型学会了罗杰示例的格式，最后也写“The answer is”，"
        "但中间在绕圈，得出 2；正确答案是 9。思维链要更大的模型才见效。",
        "The 135M model learns the form from Roger's tennis balls, down to “The answer is”, but walks in "
        "circles and gets 2, not 9. Chain of thought pays off in larger models.",
    ),
    "example_apples_cot_note_zh": Text(
        "135M 模型模仿了示例的算式，但一算就错（“23 + 6 = 39”），随后胡乱往下数；正确答案是 9。",
        "The 135M model imitates the sums of the example, gets them wrong (“23 + 6 = 39”) and then "
        "counts on at random; the answer is 9.",
    ),
    "example_apples_steps": Text("苹果：一步一步", "Apples, step by step"),
    "example_apples_steps_note_en": Text(
        "135M 模型确实分了步，却写出“23 + 20 + 6 = 108”，最后得 118；正确答案是 9。步骤写出来，错也看得见。",
        "The 135M model does take steps, but writes “23 + 20 + 6 = 108” and ends at 118, not 9. "
        "Written steps at least show where it goes wrong.",
    ),
    "example_apples_steps_note_zh": Text(
        "135M 模型不会中文：它反复写同一句胡话，没有一步计算。换成英文提示，它会分步，但仍算错。",
        "The 135M model knows no Chinese: it repeats one muddled sentence, without a single "
        "step. In English it takes steps, though wrong ones.",
    ),
    "example_experts": Text("三位专家", "Expert panel"),
    "example_experts_note_en": Text(
        "135M 模型没有扮演三位专家：从头到尾一个声音，先算 23 乘 20，最后得 20；正确答案是 9。",
        "The 135M model plays no panel: one voice throughout, which multiplies 23 by 20 "
        "and ends at 20, not 9.",
    ),
    "example_experts_note_zh": Text(
        "135M 模型不会中文：没有专家，没有讨论，只有一句不通的话重复到长度上限。",
        "The 135M model knows no Chinese: no experts, no discussion, one broken sentence repeated to the "
        "limit.",
    ),
    "example_joke": Text("程序员笑话", "A joke"),
    "example_joke_note_en": Text(
        "135M 模型写得出句子，写不出笑点：“A programmer is a joke about a joke about a programmer.”",
        "The 135M model finds sentences but no point: “A programmer is a joke about a joke about a "
        "programmer.”",
    ),
    "example_joke_note_zh": Text(
        "135M 模型不会中文：它说程序员的笑话是“美好的诗子”，然后一直重复。英文提示至少能得到通顺的句子。",
        "The 135M model knows no Chinese: it calls the joke a “beautiful poem” and repeats that. "
        "The English prompt gives whole sentences at least.",
    ),
}
