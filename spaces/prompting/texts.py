"""Every sentence of this lab, in both languages."""

from shared.i18n import Text, Texts
from spaces.prompting.example_texts import MEASURED
from spaces.prompting.search_texts import TEXTS as SEARCH_TEXTS

_FORM: Texts = {
    "title": Text("提示", "Prompting"),
    "summary": Text(
        "同一个问题，换一种问法，答案会怎样变？搭一条提示，运行它，再看每个词元是怎么选出来的。",
        "How does the answer change with the way you ask? Build a prompt, run it, and see how each token was chosen.",
    ),
    "try": Text("试试教程里的例子", "Try the tutorial's examples"),
    "example_language": Text("示例语言", "Prompts in"),
    "question": Text("问题", "Question"),
    "question_hint": Text("回车运行，Shift+回车换行", "Enter runs it, Shift+Enter starts a new line"),
    "strategy": Text("策略", "Strategy"),
    "zero_shot": Text("零样本", "Zero-shot"),
    "one_shot": Text("单样本", "One-shot"),
    "few_shot": Text("少样本", "Few-shot"),
    "cot_few_shot": Text("思维链·示例", "Chain of thought, by example"),
    "cot_zero_shot": Text("思维链·一步一步", "Chain of thought, step by step"),
    "tree_of_thought": Text("思维树·三位专家", "Tree of thought, three experts"),
    "examples": Text("示例（每行一问一答）", "Examples (one exchange a row)"),
    "example_input": Text("问", "User says"),
    "example_output": Text("答", "Assistant answers"),
    "elements": Text("提示的四个要素", "The four elements"),
    "role": Text("角色", "Role"),
    "instruction": Text("指令", "Instruction"),
    "context": Text("上下文", "Context"),
    "output_format": Text("输出格式", "Output format"),
    "instruction_default": Text("Answer in one short sentence.", "Answer in one short sentence."),
    "context_default": Text(
        "We are planning a trip through Europe.", "We are planning a trip through Europe."
    ),
    "format_default": Text('Answer in JSON with the key "answer".', 'Answer in JSON with the key "answer".'),
    "temperature": Text("温度", "Temperature"),
    "temperature_hint": Text(
        "0：总取最可能的词元；越高越随机", "0 always takes the most probable token; higher is more random"
    ),
    "model": Text("模型", "Model"),
    "more": Text("更多设置", "More settings"),
    "top_p": Text("top_p", "top_p"),
    "top_k": Text("top_k（0：不限）", "top_k (0: no limit)"),
    "max_new_tokens": Text("最多写多少个词元", "Longest answer, tokens"),
    "seed": Text("随机种子", "Seed"),
    "stop_words": Text("停止词（每行一个，\\n 表示换行）", "Stop words (one a line, \\n is a line break)"),
    "run": Text("运行", "Run"),
    "run_next": Text("看下一个词元", "Show the next token"),
    "run_compare": Text("两边一起运行", "Run both"),
    "stop": Text("停止", "Stop"),
    "regenerate": Text("换种子重来", "Regenerate"),
    "greedy_repeats": Text(
        "温度为 0 时，种子不起作用，答案总是一样；把温度调高再试。",
        "At temperature 0 the seed changes nothing and the answer stays the same; raise the temperature.",
    ),
}

_RESULT: Texts = {
    "tab_answer": Text("回答", "Answer"),
    "tab_next": Text("下一个词元", "Next token"),
    "tab_compare": Text("对比", "Compare"),
    "prompt_panel": Text("模型读到的提示", "What the model reads"),
    "prompt_count": Text(
        "{count} 个词元，其中特殊词元 {special} 个", "{count} tokens, {special} of them special"
    ),
    "prompt_cut": Text("（只画出前 {shown} 个）", "(the first {shown} are drawn)"),
    "prompt_over": Text(
        "比窗口（{window} 个词元）多了 {over} 个，请删短一些",
        "{over} too many for the window of {window}; please shorten it",
    ),
    "prompt_later": Text(
        "{model} 载入之后，这里会显示套好聊天模板的提示。",
        "Once {model} is loaded, the prompt appears here with its chat template.",
    ),
    "answer_empty": Text(
        "点“运行”，模型的回答会一个词元一个词元地出现在这里。",
        "Press Run, and the answer appears here token by token.",
    ),
    "tokens_title": Text("每个词元有多确定", "How sure it was of each token"),
    "tokens_hint": Text(
        "颜色越深，概率越高。点一个词元，看它本来还可能是什么。",
        "The deeper the tint, the more probable. Click a token to see what else it could have been.",
    ),
    "tokens_empty": Text("回答的词元会画在这里。", "The answer's tokens will be drawn here."),
    "alternatives_title": Text("第 {number} 个词元的候选", "Candidates for token {number}"),
    "alternatives_hint": Text(
        "概率是模型自己的（温度 1，未截断）。",
        "Probabilities are the model's own (temperature 1, nothing cut).",
    ),
    "copy": Text("复制", "Copy"),
    "download": Text("下载", "Download"),
    "copied": Text("已复制", "Copied"),
    "cut_at_limit": Text("写到长度上限，被截断了。", "Cut at the length limit."),
    "next_empty": Text(
        "点“看下一个词元”：回答的第一个词元会是什么？拖动上面的滑块，分布立刻跟着变，不用重新生成。",
        "Press “Show the next token”: what may the answer begin with? Then move the sliders above; "
        "the distribution follows at once, with nothing generated.",
    ),
    "next_legend": Text(
        "实心条：调整之后；空心框和灰字：模型自己的概率（温度 1）。",
        "Filled: after the settings. Outlined and grey: the model's own, at temperature 1.",
    ),
    "kept_tokens": Text("留下的词元", "Tokens kept"),
    "kept_mass": Text("留下的概率", "Probability kept"),
    "entropy": Text("熵", "Entropy"),
    "rest": Text("第 {count} 名以后", "Beyond the top {count}"),
    "side_a": Text("A：左边的设置", "A: the settings on the left"),
    "side_b": Text("B：换成这些", "B: with these instead"),
    "side_line": Text(
        "{side} · {strategy} · 温度 {temperature}", "{side} · {strategy} · temperature {temperature}"
    ),
    "no_role": Text("无角色", "no role"),
    "compare_empty": Text(
        "点“两边一起运行”：同一个问题，两种设置同时作答，写完后标出不同之处。",
        "Press Run both: two settings answer the same question at once, and the differences are marked at the end.",
    ),
    "same_answer": Text("两边的回答完全相同。", "Both answers are the same."),
    "difference": Text(
        "较长的回答有 {longest} 个词，两边相同的有 {same} 个；不同处已标出。",
        "{same} of the longer answer's {longest} words are in both; the rest is marked.",
    ),
    "schema": Text("JSON schema", "JSON schema"),
    "in_words": Text("也用文字要求这些键", "Ask for the keys in words, too"),
    "held": Text("受 schema 约束", "Held to the schema"),
    "free": Text("不受约束", "Left free"),
    "json_empty": Text(
        "点“运行”：同一条提示跑两遍，一遍每个词元都受 schema 约束，一遍不受，看谁合格。",
        "Press Run: the same prompt runs twice, once with every token held to the schema and once without; "
        "see which answer is valid.",
    ),
    "json_valid": Text("合格：是 JSON，也符合 schema", "Valid: it is JSON and fits the schema"),
    "json_cut": Text(
        "不合格：还没写完就到了长度上限", "Not valid: it reached the length limit before it was complete"
    ),
    "json_broken": Text(
        "不合格：不是 JSON（第 {line} 行第 {column} 列起）",
        "Not valid: no JSON from line {line}, column {column}",
    ),
    "json_misfit": Text("不合格：{where} 处不符合 schema：{reason}", "Not valid at {where}: {reason}"),
    "json_caveat": Text(
        "约束保证的是形式，不是事实：键和类型一定对，值仍可能是错的。",
        "The schema guarantees the form, not the facts: keys and types are right, values may still be wrong.",
    ),
}

_ERRORS: Texts = {
    "needs_examples": Text(
        "这个策略要用示例，请在示例表里至少填一行。",
        "This strategy works with examples; please fill in at least one row.",
    ),
    "bad_examples": Text(
        "示例应是若干行，每行两段文字：问和答。",
        "Examples must be rows of two texts: the input and the output.",
    ),
    "half_example": Text(
        "示例第 {row} 行只填了一半，请补上另一半或删掉这一行。",
        "Example row {row} is only half filled; please complete it or delete it.",
    ),
    "unknown_strategy": Text(
        "没有这种策略，可选：{names}。", "There is no such strategy; choose one of {names}."
    ),
    "not_text": Text("提示的每个部分都应该是文字。", "Every part of a prompt must be text."),
    "too_many_characters": Text(
        "这段文字有 {count} 个字符，最多 {limit} 个，请删短一些。",
        "This text has {count} characters and may have {limit}; please shorten it.",
    ),
    "schema_too_long": Text(
        "JSON schema 最多 {limit} 个字符，请删短一些。",
        "A JSON schema may have {limit} characters; please shorten it.",
    ),
    "schema_not_json": Text(
        "schema 不是合法的 JSON：问题在第 {line} 行第 {column} 列。",
        "The schema is not valid JSON: look at line {line}, column {column}.",
    ),
    "schema_not_object": Text(
        "schema 应是一个 JSON 对象，以左花括号开头。", "The schema must be a JSON object, in curly braces."
    ),
    "schema_too_deep": Text(
        "schema 嵌套得太深，请简化。", "The schema is nested too deeply; please simplify it."
    ),
    "schema_invalid": Text(
        "schema 在 {where} 处不合规范：{reason}", "The schema is wrong at {where}: {reason}"
    ),
}

TEXTS: Texts = {**_FORM, **MEASURED, **_RESULT, **SEARCH_TEXTS, **_ERRORS}
