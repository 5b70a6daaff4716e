"""Every sentence of this lab, in both languages."""

from shared.i18n import Text, Texts

TEXTS: Texts = {
    "title": Text("家族", "Families"),
    "summary": Text(
        "把同一句话交给三大家族：编码器读懂它，解码器续写它，编码器-解码器翻译它；看清每一家能看到哪些词。",
        "Give one sentence to the three families: the encoder reads it, the decoder continues it, the encoder-decoder translates it. See which words each of them may look at.",
    ),
    "tab_side": Text("并排看", "Side by side"),
    "tab_fill": Text("填空", "Fill the blank"),
    "tab_continue": Text("续写", "Continue"),
    "tab_translate": Text("翻译", "Translate"),
    "tab_choose": Text("选哪家？", "Which fits?"),
    # Left column
    "sentence": Text("句子（英文）", "Sentence (English)"),
    "sentence_hint": Text("可以写 [MASK] 表示空缺", "Write [MASK] for a blank"),
    "ex_default": Text("咖啡", "Coffee"),
    "ex_paris": Text("法国首都", "Capital of France"),
    "ex_review": Text("影评", "Film review"),
    "ex_story": Text("从前", "Once upon a time"),
    "ex_company": Text("教程例句", "The book's sentence"),
    "run_side": Text("三家一起运行", "Run all three"),
    "run_fill": Text("填空", "Fill"),
    "run_continue": Text("续写", "Continue"),
    "run_translate": Text("翻译", "Translate"),
    "stop": Text("停止", "Stop"),
    "mask_model": Text("编码器：填空", "Encoder: blanks"),
    "sentiment_model": Text("编码器：情感", "Encoder: sentiment"),
    "writer_model": Text("解码器", "Decoder"),
    "translator_model": Text("编码器-解码器", "Encoder-decoder"),
    "from_hub": Text("来自 Hub", "from the Hub"),
    "reviews_model": Text("MiniLM + 逻辑回归", "MiniLM + logistic regression"),
    "target": Text("译成", "Into"),
    "target_de": Text("德语", "German"),
    "target_zh": Text("中文", "Chinese"),
    "more_settings": Text("模型与更多设置", "Models and more settings"),
    "max_new_tokens": Text("续写多少个词元", "New tokens"),
    "temperature": Text("温度", "Temperature"),
    "seed": Text("随机种子", "Seed"),
    "top_k": Text("显示前几名", "Guesses shown"),
    # Families
    "encoder": Text("仅编码器", "Encoder-only"),
    "decoder": Text("仅解码器", "Decoder-only"),
    "encoder_decoder": Text("编码器-解码器", "Encoder-decoder"),
    "lead_encoder": Text(
        "每个词元依次遮住，再从两边猜。颜色越浓，越出乎意料。",
        "Each token is hidden in turn and guessed from both sides. The stronger the colour, the less expected.",
    ),
    "lead_decoder": Text(
        "每个词元只凭左边来猜。颜色越浓，越出乎意料。",
        "Each token is guessed from its left alone. The stronger the colour, the less expected.",
    ),
    "lead_encoder_decoder": Text(
        "整句读完，再逐词写出译文；每个词元看全部原文和译文的左边。",
        "Reads the whole sentence, then writes another: each token sees all of the source and its own left.",
    ),
    "mask_encoder": Text("每个词元都能看到所有词元", "Every token may look at every other"),
    "mask_decoder": Text("每个词元只能看到自己和左边", "Every token may look at itself and to its left"),
    "mask_encoder_decoder": Text(
        "左上：原文双向；左下：译文看原文（交叉注意力）；右下：译文只看左边",
        "Top left: the source, both ways. Bottom left: the output looks at the source (cross-attention). Bottom right: the output looks left",
    ),
    "mask_cut": Text("只画前 {n} 个词元。", "The first {n} tokens are drawn."),
    "reads": Text("“{q}”可以看“{k}”", "“{q}” may look at “{k}”"),
    "reads_not": Text("“{q}”不能看“{k}”", "“{q}” may not look at “{k}”"),
    "side_empty": Text(
        "点“三家一起运行”：这里会并排出现三张注意力掩码、每个词元的概率，以及填空、续写和译文。",
        "Click “Run all three”: three attention masks appear here side by side, with each token's probability, a sentiment, a continuation and a translation.",
    ),
    "sentiment_title": Text("情感", "Sentiment"),
    "continuation_title": Text("续写", "Continuation"),
    "translation_title": Text("译文", "Translation"),
    "click_token": Text(
        "点一个词元，看模型原本会猜什么。", "Click a token to see what the model would have guessed."
    ),
    "click_output": Text(
        "点译文里的词元，看写它时看了原文哪里。",
        "Click a token of the output to see where in the source the model looked.",
    ),
    "looked_at": Text("写“{token}”时看得最多的原文", "Where it looked to write “{token}”"),
    "token_both": Text("“{token}”的位置，从两边猜", "In place of “{token}”, from both sides"),
    "token_left": Text("“{token}”的位置，只凭左边猜", "In place of “{token}”, from the left"),
    "nothing_left": Text(
        "第一个词元左边什么也没有，无从猜起。",
        "Nothing stands left of the first token, so there is no guess.",
    ),
    "perplexity": Text("困惑度", "Perplexity"),
    "guess_cut": Text("只猜前 {n} 个词元。", "The first {n} tokens are guessed."),
    "table_title": Text(
        "本章的表：点一格，就在上面的句子上演示",
        "The chapter's table: click a cell to see it happen to your sentence",
    ),
    "demo_empty": Text(
        "点表里的一格，演示出现在这里。", "Click a cell of the table; what it means appears here."
    ),
    # The table
    "col_mechanism": Text("核心机制", "Mechanism"),
    "col_flow": Text("信息流", "Information flow"),
    "col_objective": Text("关键训练任务", "Training objective"),
    "col_good_at": Text("擅长", "Good at"),
    "col_examples": Text("代表模型", "Examples"),
    "cell_encoder_mechanism": Text("双向自注意力", "Two-way self-attention"),
    "cell_encoder_flow": Text("双向", "Both ways"),
    "cell_encoder_objective": Text("掩码语言建模 (MLM)", "Masked language modelling (MLM)"),
    "cell_encoder_good_at": Text("理解：分类、检索", "Understanding: classify, search"),
    "cell_encoder_examples": Text("BERT、RoBERTa、MiniLM", "BERT, RoBERTa, MiniLM"),
    "cell_decoder_mechanism": Text("掩码（因果）自注意力", "Masked (causal) self-attention"),
    "cell_decoder_flow": Text("单向，自回归", "One way, autoregressive"),
    "cell_decoder_objective": Text("因果语言建模 (CLM)", "Causal language modelling (CLM)"),
    "cell_decoder_good_at": Text("生成：对话、写作、代码", "Generating: chat, prose, code"),
    "cell_decoder_examples": Text("GPT、Llama、Phi-3、SmolLM2", "GPT, Llama, Phi-3, SmolLM2"),
    "cell_encoder_decoder_mechanism": Text("完整架构，含交叉注意力", "Both stacks, with cross-attention"),
    "cell_encoder_decoder_flow": Text("源序列 → 目标序列", "Source → target"),
    "cell_encoder_decoder_objective": Text("去噪、序列到序列", "Denoising, sequence to sequence"),
    "cell_encoder_decoder_good_at": Text("转换：翻译、摘要", "Transforming: translate, summarise"),
    "cell_encoder_decoder_examples": Text("T5、BART", "T5, BART"),
    "demo_flow_encoder": Text(
        "要理解“{token}”，编码器读了这些词元（深色）：",
        "To understand “{token}” the encoder reads these tokens (dark):",
    ),
    "demo_flow_decoder": Text(
        "写到“{token}”时，解码器只读过这些（深色），后面的还不存在：",
        "When it comes to “{token}” the decoder has read only these (dark); the rest does not exist yet:",
    ),
    "demo_flow_encoder_decoder": Text(
        "写译文的“{token}”时，模型读了整句原文，和已写出的译文：",
        "To write “{token}” the model reads the whole source and what it has written so far:",
    ),
    "demo_mlm": Text(
        "训练时就是这样出题的：遮住“{token}”，要模型从两边猜。损失是 −ln 正确词元的概率 = {loss}。",
        "This is a training question: “{token}” is hidden and must be guessed from both sides. The loss is −ln of the right token's probability: {loss}.",
    ),
    "demo_clm": Text(
        "训练时每个位置都是一道题：读到这里，下一个词元是什么？正确的是“{token}”，损失 {loss}。",
        "In training every position is a question: having read this far, what comes next? It was “{token}”; the loss is {loss}.",
    ),
    "demo_seq": Text(
        "训练时给出原文和正确译文，逐词预测译文。下面是模型写每个词元时给它的概率。",
        "In training the source and the right target are given, and the target is predicted token by token. Below: the probability of each token as the model wrote it.",
    ),
    "demo_models": Text("本站里这一家的模型：", "Models of this family in the hub:"),
    "col_model": Text("模型", "Model"),
    "col_parameters": Text("参数", "Parameters"),
    "col_source": Text("来源", "Source"),
    "source_embedded": Text("自带", "embedded"),
    "source_hub": Text("Hub", "Hub"),
    # Fill
    "fill_lead": Text(
        "点词元把它遮住，再点恢复；也可以在左边的句子里写 [MASK]。",
        "Click a token to hide it, click again to show it; or write [MASK] in the sentence on the left.",
    ),
    "fill_empty": Text(
        "点“填空”，句子会切成词元排在这里；再点词元，就能遮住它。",
        "Click “Fill” and the sentence appears here cut into tokens; then click tokens to hide them.",
    ),
    "blank_title": Text("第 {n} 个空", "Blank {n}"),
    "blank_one": Text("空里可能是", "In the blank"),
    "blank_was": Text("原来是“{token}”", "it was “{token}”"),
    "mlm_measured": Text(
        "自带的填空模型是 MiniLM 加本站训练的头：在没见过的文章上，遮住的词元第一名猜中 {top1}，前五名 {top5}。bert-base-uncased 大得多，也好得多。",
        "The embedded model is MiniLM with a head trained here: on articles it never saw it guesses {top1} of hidden tokens at first try, {top5} within five. bert-base-uncased is far larger and far better.",
    ),
    "second": Text("另一句，比较意思", "A second sentence, to compare"),
    "compare": Text("比较", "Compare"),
    "similarity": Text("句向量的余弦相似度", "Cosine similarity of the sentence vectors"),
    "vector_head": Text(
        "句向量共 {dim} 维，前 8 维：{values}", "The sentence vector has {dim} numbers; the first 8: {values}"
    ),
    "reviews_measured": Text(
        "由 {n} 条影评训练，五折交叉验证准确率 {accuracy}：方向大致可信，分数不可当真。",
        "Trained on {n} film reviews; five-fold accuracy {accuracy}. Trust the direction, not the decimals.",
    ),
    # Continue
    "continue_empty": Text(
        "点“续写”：模型先读你的话，再接着写；每个词元按意外程度着色。",
        "Click “Continue”: the model reads your words and goes on writing; each token is shaded by how surprising it was.",
    ),
    "continue_legend": Text(
        "▸ 之后是模型写的。颜色越浓，左边的文字越难料到它；点词元看备选。",
        "After ▸ the model writes. The stronger a token's colour, the less its left side led to expect it; click one to see the alternatives.",
    ),
    "continue_note": Text(
        "这里没有套用对话模板：解码器只做一件事，接着写。",
        "No chat template here: a decoder does one thing, it goes on.",
    ),
    "tokens_read": Text("读入词元", "Tokens read"),
    "tokens_written": Text("写出词元", "Tokens written"),
    # Translate
    "translate_empty": Text(
        "点“翻译”：译文和交叉注意力图出现在这里。",
        "Click “Translate”: the translation and the cross-attention map appear here.",
    ),
    "translate_examples": Text("小 T5 会的句子", "Sentences the small T5 knows"),
    "cross_title": Text(
        "交叉注意力：写译文每个词元时，看了原文哪里",
        "Cross-attention: where each output token looked in the source",
    ),
    "cross_hint": Text(
        "行是译文，列是原文；颜色越浓看得越多。",
        "Rows are the output, columns the source; the stronger the colour, the more attention.",
    ),
    "looked": Text("写“{q}”时看“{k}”的权重：{w}", "Writing “{q}” it gave “{k}” the weight {w}"),
    "layer": Text("层（各头平均）", "Layer (mean of its heads)"),
    "layer_mean": Text("所有层的平均", "mean of all layers"),
    "layer_n": Text("第 {n} 层", "layer {n}"),
    "show_prompt": Text("也画出任务提示", "Draw the task prompt too"),
    "download_csv": Text("下载 CSV", "Download CSV"),
    "copy": Text("复制译文", "Copy translation"),
    "unknown_words": Text(
        "小 T5 没学过这些词，所以不译：{words}。请点一个例句，看下面的词表，或换成来自 Hub 的 t5-small。",
        "The small T5 never learned these words, so it does not translate: {words}. Click an example, look at the word list below, or choose t5-small from the Hub.",
    ),
    "unfamiliar": Text(
        "词都认识，但训练中没有这种句式，译文可能不对。",
        "It knows every word, but no sentence of this form was in its training: the translation may be wrong.",
    ),
    "knows": Text("小 T5 学过什么", "What the small T5 has learned"),
    "knows_accuracy": Text(
        "它是本站用一套手写语法训练的，136 万个参数。在训练中没出现过的词语搭配上（各 {n} 句），整句全对：德语 {de}，中文 {zh}；按词元：德语 {token_de}，中文 {token_zh}。",
        "The project trained it on a hand-written grammar; 1.36 million weights. On combinations of words that training never had ({n} sentences each), whole sentences right: German {de}, Chinese {zh}; tokens right: German {token_de}, Chinese {token_zh}.",
    ),
    "knows_words": Text("它认识的 {n} 个英文词形：", "The {n} English word forms it knows:"),
    # Choose
    "task": Text("你的任务", "Your task"),
    "task_placeholder": Text(
        "例如：把客服邮件分到各个部门", "For example: sort support e-mails by department"
    ),
    "choose": Text("选哪家？", "Which fits?"),
    "choose_empty": Text(
        "用一句话描述任务，或点一个例子：这里会说出合适的家族和理由。",
        "Describe a task in a sentence, or click an example: the family that fits appears here, and why.",
    ),
    "task_1": Text("判断微博是高兴还是生气", "Tell happy tweets from angry ones"),
    "task_2": Text("把会议录音整理成三句话的摘要", "Summarise a meeting in three sentences"),
    "task_3": Text("给孩子讲睡前故事的机器人", "A bot that tells bedtime stories"),
    "task_4": Text("在产品手册里按意思搜索", "Search our manuals by meaning"),
    "verdict_encoder": Text("理解：仅编码器", "Understand: encoder-only"),
    "verdict_decoder": Text("生成：仅解码器", "Generate: decoder-only"),
    "verdict_encoder_decoder": Text("转换：编码器-解码器", "Transform: encoder-decoder"),
    "why_encoder": Text(
        "答案是一个标签、一个分数、一个向量或文中的一处，不需要写新文字；读得懂最要紧，双向注意力让每个词看到全句。",
        "The answer is a label, a score, a vector or a place in the text; nothing new is written. Reading well is what counts, and two-way attention lets every word see the whole sentence.",
    ),
    "why_decoder": Text(
        "答案是新写的文字，内容没有逐句写在输入里；因果注意力正是为逐词写下去而训练的。",
        "The answer is new text whose content is not laid down in the input. Causal attention is trained for exactly that: writing on, word by word.",
    ),
    "why_encoder_decoder": Text(
        "有一份完整的输入，要变成另一份内容相同的文字；编码器先双向读完，解码器边写边通过交叉注意力回头看。",
        "A complete input becomes another text with the same content. The encoder reads it both ways; the decoder looks back at it through cross-attention as it writes.",
    ),
    "why_words": Text("你的描述里有这些线索：{words}。", "Telling words in your description: {words}."),
    "why_no_words": Text(
        "没有明显的线索词，只凭与下面这些任务的相似程度。",
        "No telling word was found; only the likeness to the tasks below decides.",
    ),
    "why_close": Text(
        "差距很小：另一家也可以试试。如今的大解码器三类事都能做，只是更大、更贵。",
        "It is close: another family could do it too. Today's large decoders do all three kinds, only larger and dearer.",
    ),
    "nearest": Text("最相近的任务", "The nearest described tasks"),
    "measured_en": Text(
        "这个选择器比较 MiniLM 句向量，再加线索词；在 45 条没见过的英文描述上，38 条与我们的标注一致。",
        "The chooser compares MiniLM vectors and adds telling words; on 45 descriptions it had not seen it agreed with our labels on 38.",
    ),
    "measured_zh": Text(
        "中文不经过 MiniLM（它不懂中文）：比较单字和相邻两字，再加线索词；在 45 条没见过的中文描述上，41 条与我们的标注一致。",
        "Chinese does not go through MiniLM, which cannot read it: characters and pairs are compared, plus telling words; on 45 descriptions it had not seen it agreed with our labels on 41.",
    ),
    # Errors
    "empty": Text("请先写一句话，或点一个示例。", "Please write a sentence first, or click an example."),
    "too_many_characters": Text(
        "这段文字有 {count} 个字符，最多 {limit} 个；请缩短。",
        "The text has {count} characters; at most {limit} fit. Please shorten it.",
    ),
    "too_long": Text(
        "这段文字有 {count} 个词元，模型最多读 {limit} 个；请缩短。",
        "The text has {count} tokens; the model reads at most {limit}. Please shorten it.",
    ),
    "no_mask": Text(
        "句子里没有空缺：请写上 [MASK]，或点一个词元把它遮住。",
        "There is no blank in the sentence: write [MASK] in it, or click a token to hide it.",
    ),
    "no_mask_token": Text(
        "{model} 没有 [MASK] 词元，不能填空；请选 bert-base-uncased 或自带的模型。",
        "{model} has no mask token and cannot fill blanks; choose bert-base-uncased or the embedded model.",
    ),
    "no_mask_head": Text(
        "{model} 没有填空用的输出头；请从这些里选：{names}。",
        "{model} has no head for filling blanks; choose one of: {names}.",
    ),
    "no_decoder": Text(
        "{model} 不是编码器-解码器，不能翻译；请从这些里选：{names}。",
        "{model} is no encoder-decoder and cannot translate; choose one of: {names}.",
    ),
    "no_sentiment_head": Text(
        "{model} 没有情感分类的输出头；请从这些里选：{names}。",
        "{model} has no head for sentiment; choose one of: {names}.",
    ),
    "not_causal": Text(
        "{model} 不是仅解码器模型，不能续写；请选一个对话模型。",
        "{model} is no decoder and cannot continue a text; choose a chat model.",
    ),
    "unknown_target": Text("只能译成这些语言：{names}。", "The target must be one of: {names}."),
    "no_chinese": Text(
        "{model} 没学过中文；请选自带的小 T5，或译成德语。",
        "{model} never learned Chinese; choose the embedded small T5, or German.",
    ),
    "bad_top_k": Text(
        "显示前几名要在 {low} 到 {high} 之间。", "The number of guesses must be between {low} and {high}."
    ),
}
