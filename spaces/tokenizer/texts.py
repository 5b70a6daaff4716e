"""Every sentence of this lab, in both languages."""

from shared.i18n import Text, Texts

TEXTS: Texts = {
    "title": Text("分词", "Tokenizer"),
    "summary": Text(
        "看看不同的模型怎样把同一段文字切成词元，每一刀从何而来，词元的向量又记住了什么。",
        "See how different models cut the same text into tokens, where each cut comes from, and what a token's vector knows.",
    ),
    "tab_tokens": Text("词元", "Tokens"),
    "tab_merges": Text("合并过程", "Merges"),
    "tab_vectors": Text("向量", "Vectors"),
    # Tokens
    "text": Text("文本", "Text"),
    "text_placeholder": Text(
        "在这里输入或粘贴，边写边切", "Type or paste here; the tokens follow as you write"
    ),
    "tokenizers": Text("分词器", "Tokenizers"),
    "special": Text("加上特殊词元", "Add special tokens"),
    "chat": Text(
        "当作一条对话消息（有对话模板的才会变）", "As a chat message (for those with a chat template)"
    ),
    "hub_id": Text("从 Hugging Face Hub 添加", "Add one from the Hugging Face Hub"),
    "hub_placeholder": Text(
        "仓库名，例如 Qwen/Qwen2-0.5B-Instruct", "A repository, such as Qwen/Qwen2-0.5B-Instruct"
    ),
    "add": Text("添加", "Add"),
    "more_settings": Text("更多设置", "More settings"),
    "examples": Text("示例", "Examples"),
    "example_zh": Text("一句中文", "Chinese"),
    "example_en": Text("一句英文", "English"),
    "example_code": Text("带缩进的代码", "Indented code"),
    "example_emoji": Text("表情与混合文字", "Emoji, mixed scripts"),
    "example_numbers": Text("数字", "Numbers"),
    "example_long": Text("一篇长文", "A long text"),
    "empty": Text(
        "写点什么，或点一个示例：每个分词器切出的词元会按颜色排在这里，连同编号、字节和位置。",
        "Write something, or click an example: each tokenizer's tokens appear here in colour, with ids, bytes and positions.",
    ),
    "no_tokenizer": Text("请至少选择一个分词器。", "Choose at least one tokenizer."),
    "your_text": Text("原文", "Your text"),
    "characters": Text("{n} 个字符", "{n} characters"),
    "tokens": Text("个词元", "tokens"),
    "per_token": Text("字符/词元", "characters per token"),
    "vocabulary": Text("词表", "vocabulary of"),
    "ids": Text("编号", "ids"),
    "show_whitespace": Text("显示空格与边界记号", "Show spaces and boundary marks"),
    "show_ids": Text("显示编号", "Show ids"),
    "copy": Text("复制表格", "Copy table"),
    "copied": Text("已复制", "Copied"),
    "copy_ids": Text("复制编号", "Copy ids"),
    "more": Text("再显示 2,000 个（还有 {n} 个）", "Show 2,000 more ({n} left)"),
    "round_same": Text("解码后与原文完全相同。", "Decoding gives the text back exactly."),
    "round_differs": Text(
        "解码后与原文不同，从第 {at} 个字符起：原文“{expected}”，解码得“{got}”。",
        "Decoding does not give the text back. From character {at}: the text has “{expected}”, decoding gives “{got}”.",
    ),
    "unknown_tokens": Text(
        "{n} 个词元是“未知”：这些文字模型根本看不到。",
        "{n} tokens are “unknown”: the model never sees that text.",
    ),
    "templated": Text("已套用对话模板", "in its chat template"),
    "hint": Text(
        "指向一个词元：它的编号、在原文中的位置、别的分词器怎样切同一处，都会亮起来。",
        "Point at a token: its id, its place in the text and how the others cut it light up.",
    ),
    "detail_token": Text("第 {n} 个", "token {n}"),
    "detail_id": Text("编号 {id}", "id {id}"),
    "detail_bytes": Text("字节 {bytes}", "bytes {bytes}"),
    "detail_no_bytes": Text("没有字节", "no bytes"),
    "detail_span": Text("原文[{start}:{end}]", "text[{start}:{end}]"),
    "detail_added": Text("原文中没有，由分词器加上", "not in the text, added by the tokenizer"),
    "detail_entry": Text("词表写作 {name}", "in the vocabulary: {name}"),
    "tokenized_by": Text("{n} 个分词器，CPU，{ms} 毫秒", "{n} tokenizers on CPU, {ms} ms"),
    "tokenized_by_one": Text("1 个分词器，CPU，{ms} 毫秒", "1 tokenizer on CPU, {ms} ms"),
    "kind_bytes": Text("字节级 BPE", "byte-level BPE"),
    "kind_wordpiece": Text("WordPiece", "WordPiece"),
    "kind_sentencepiece": Text("SentencePiece BPE，生僻字退回字节", "SentencePiece BPE with byte fallback"),
    "kind_unigram": Text("Unigram", "Unigram"),
    "kind_tiktoken": Text("tiktoken 式字节 BPE", "byte BPE in tiktoken's style"),
    "kind_clip": Text("CLIP 的小写 BPE", "CLIP's lower-case BPE"),
    "kind_bpe": Text("BPE", "BPE"),
    # Merges
    "merges_text": Text("词或短句（最多 300 个字符）", "A word or a short text (up to 300 characters)"),
    "merges_tokenizer": Text("分词器", "Tokenizer"),
    "merges_empty": Text(
        "写一个词，或点一个示例：从最小的符号开始，一步一步看它怎样合成词元。",
        "Write a word, or click an example: watch it grow from the smallest symbols to tokens, one step at a time.",
    ),
    "previous": Text("上一步", "Previous"),
    "next": Text("下一步", "Next"),
    "play": Text("播放", "Play"),
    "pause": Text("暂停", "Pause"),
    "step_of": Text("第 {n} 步，共 {all} 步", "Step {n} of {all}"),
    "start_bpe": Text(
        "起点：最小的符号。接下来总是先合并训练时最早学到的那一对。",
        "The start: the smallest symbols. The pair that was learned first is always merged first.",
    ),
    "start_wordpiece": Text(
        "起点：整个词。接下来每次切下词表里最长的开头。",
        "The start: whole words. Each step cuts off the longest beginning that is in the vocabulary.",
    ),
    "step_merge": Text(
        "{left} + {right} → {made}　训练时的第 {rank} 次合并",
        "{left} + {right} → {made}   merge number {rank} in training",
    ),
    "step_match": Text("切下 {made}", "Cut off {made}"),
    "step_misses": Text(
        "；更长的 {n} 个不在词表里：{tried}", "; {n} longer pieces are not in the vocabulary: {tried}"
    ),
    "step_bytes": Text(
        "{left} 不在词表里，拆成字节 {made}",
        "{left} is not in the vocabulary and falls apart into bytes {made}",
    ),
    "step_whole": Text("{made} 整个就在词表里", "{made} is in the vocabulary as a whole"),
    "step_unknown": Text(
        "没有一块在词表里，整个词成为 {made}", "No piece is in the vocabulary: the whole word becomes {made}"
    ),
    "final_tokens": Text(
        "得到 {n} 个词元，与分词器自己的结果一致。", "{n} tokens, the same as the tokenizer's own."
    ),
    "final_differs": Text(
        "得到 {n} 块；文本里有特殊词元，分词器会先把它们整个取出，所以结果不同。",
        "{n} pieces. The text contains special tokens, which the tokenizer takes out first, so its own result differs.",
    ),
    "no_steps": Text(
        "没有可以合并的：每个符号已经是一个词元。", "Nothing to merge: each symbol is a token already."
    ),
    # Vectors
    "table": Text("嵌入表", "Embedding table"),
    "table_smollm2": Text(
        "SmolLM2-135M 的输入嵌入，49,152 × 576", "SmolLM2-135M input embeddings, 49,152 × 576"
    ),
    "table_minilm": Text("MiniLM 的输入嵌入，30,522 × 384", "MiniLM input embeddings, 30,522 × 384"),
    "lookup": Text("查一个词元", "Look up a token"),
    "lookup_word": Text("词或词元", "A word or token"),
    "look_up": Text("查表", "Look up"),
    "lookup_empty": Text(
        "写一个词并查表：它的向量和离它最近的词元会出现在这里。",
        "Write a word and look it up: its vector and the nearest tokens appear here.",
    ),
    "lookup_pieces": Text(
        "这个词被切成 {n} 个词元，点一个看它的向量：",
        "The word is cut into {n} tokens; click one to see its vector:",
    ),
    "vector_of": Text(
        "{token} 的向量：编号 {id}，{n} 维，长度 {norm}",
        "The vector of {token}: id {id}, {n} dimensions, length {norm}",
    ),
    "dimension": Text("第 {n} 维：{value}", "dimension {n}: {value}"),
    "first_dimensions": Text("前 8 维", "first 8 dimensions"),
    "nearest": Text("最近的词元（余弦相似度）", "Nearest tokens (cosine)"),
    "token": Text("词元", "token"),
    "word": Text("词", "word"),
    "cosine": Text("余弦", "cosine"),
    "id": Text("编号", "id"),
    "negative_end": Text("负", "negative"),
    "positive_end": Text("正", "positive"),
    "arithmetic": Text("词的加减", "Word arithmetic"),
    "positive": Text("加上这些词", "Add these words"),
    "negative": Text("减去这些词", "Subtract these words"),
    "words_placeholder": Text("用逗号隔开", "separated by commas"),
    "compute": Text("计算", "Compute"),
    "arithmetic_empty": Text(
        "例如 king − man + woman：点一个示例，或写自己的词。",
        "For instance king − man + woman: click an example or write your own words.",
    ),
    "nearest_words": Text("最近的词（余弦相似度）", "Nearest words (cosine)"),
    "left_out": Text(
        "输入的词本身（{words}）没有参加排名，大小写不同的同一个词只算一次。",
        "The input words themselves ({words}) are left out, and of one word in two capitalisations only the nearer is listed.",
    ),
    "unfiltered_input": Text(
        "若不排除，最近的会是 {word}：算出的点离输入的词并不远。",
        "Were they allowed, the nearest would be {word}: the sum has not moved far from its inputs.",
    ),
    "unfiltered_other": Text(
        "即使不排除，最近的也是 {word}。", "Even if they were allowed, the nearest would be {word}."
    ),
    "as_expected": Text("最近的正是人们期待的 {word}。", "The nearest is {word}, the answer one hopes for."),
    "not_expected": Text(
        "最近的是 {word}，不是人们期待的 {expected}：这种加减常常成立，但并不总是。",
        "The nearest is {word}, not {expected}, the answer one hopes for: this arithmetic often works, not always.",
    ),
    "averaged": Text(
        "{word} 由 {n} 个词元组成，用的是它们的平均向量。",
        "{word} is made of {n} tokens; their mean was used.",
    ),
    "table_note": Text(
        "在我们量过的 35 道类比题里，排第一的正好是答案：SmolLM2 的输入表 29 题，MiniLM 的输入表 28 题，MiniLM 的整句向量 24 题。",
        "Of 35 analogies that we tried, the answer came first for 29 with SmolLM2's input table, 28 with MiniLM's, and 24 with MiniLM's sentence embeddings.",
    ),
    # Errors
    "not_text": Text("请传入一段文本（字符串）。", "Please send a text (a string)."),
    "too_long": Text(
        "文本有 {characters} 个字符，最多 {limit} 个；请分段试试。",
        "The text has {characters} characters; the limit is {limit}. Please try a part of it.",
    ),
    "surrogate": Text(
        "第 {position} 个字符是半个代理对，不是完整的 Unicode 字符，没有分词器能编码；请删掉它。",
        "Character {position} is half of a surrogate pair, which no tokenizer can encode; please remove it.",
    ),
    "unknown_name": Text(
        "没有叫“{name}”的分词器：请用 {names} 之一，或 Hub 上的仓库名（组织/名称）。",
        "There is no tokenizer called “{name}”: use one of {names}, or a Hub repository (organisation/name).",
    ),
    "not_names": Text("tokenizers 应是名称的列表，或 null。", "tokenizers must be a list of names, or null."),
    "too_many": Text(
        "一次最多比较 {limit} 个分词器。", "At most {limit} tokenizers can be compared at once."
    ),
    "no_files": Text(
        "{name} 里没有能读的分词器文件（tokenizer.json 或 tokenizer.model）。",
        "{name} has no tokenizer file that can be read (tokenizer.json or tokenizer.model).",
    ),
    "unreadable": Text(
        "{name} 的分词器文件读不出来：{reason}", "The tokenizer files of {name} cannot be read: {reason}"
    ),
    "bad_template": Text(
        "这个对话模板套不上一条用户消息：{reason}",
        "This chat template cannot take a single user message: {reason}",
    ),
    "no_such_id": Text("词表里没有编号 {id}。", "The vocabulary has no id {id}."),
    "replay_too_long": Text(
        "合并过程最多回放 {limit} 个字符；请写短一些。",
        "The replay takes up to {limit} characters; please write less.",
    ),
    "no_replay": Text(
        "这个分词器不是 BPE 也不是 WordPiece（Unigram 直接选概率最大的切法），没有合并过程可看。",
        "This tokenizer is neither BPE nor WordPiece (Unigram picks the likeliest cut at once), so there are no steps to replay.",
    ),
    "no_word": Text("请先写一个词。", "Please write a word first."),
    "words_needed": Text("请写 1 到 {limit} 个词。", "Please give 1 to {limit} words."),
    "unknown_table": Text(
        "没有叫“{name}”的嵌入表：请用 {names}。", "There is no embedding table called “{name}”: use {names}."
    ),
    "bad_top_k": Text("top_k 应是 1 到 {limit} 的整数。", "top_k must be a whole number from 1 to {limit}."),
}
