"""Every sentence of the view "A Transformer from its parts", in both languages."""
# ruff: noqa: E501

from shared.i18n import Text, Texts

_FRAME: Texts = {
    "parts_tab": Text("从零件搭起", "From its parts"),
    "parts_tab_parts": Text("零件", "The parts"),
    "parts_tab_train": Text("训练", "Train it"),
    "parts_tab_read": Text("读日期", "Ask it"),
    "parts_width": Text("宽度 D", "Width D"),
    "parts_heads": Text("头数 H", "Heads H"),
    "parts_layers": Text("层数", "Layers"),
    "parts_intro": Text(
        "一个完整的编码器-解码器，不到 250 行代码。点图中的任何一块，看它的代码、参数和张量形状；再拿它训练一个小任务：把随手写的日期改写成 ISO 格式。",
        "A whole encoder-decoder in under 250 lines. Click any block to read its code, its parameters and the shapes that go through it; then train it on a small task: dates as people write them into ISO 8601.",
    ),
    "parts_figure": Text("Transformer 的结构图", "The architecture of the Transformer"),
}

_BOXES: Texts = {
    "parts_box_inside": Text("每个注意力里面", "inside every attention"),
    "parts_box_multi_head": Text("多头：Q K V O", "Multi-head: Q K V O"),
    "parts_box_self": Text("自注意力", "Self-attention"),
    "parts_box_cross": Text("交叉注意力", "Cross-attention"),
    "parts_box_masked": Text("自注意力（带掩码）", "Masked self-attention"),
    "parts_box_padding_mask": Text("填充掩码", "padding mask"),
    "parts_box_causal_mask": Text("因果掩码", "causal mask"),
    "parts_box_add_and_norm": Text("残差 + 归一化", "Add & norm"),
    "parts_box_feed_forward": Text("前馈网络", "Feed-forward"),
    "parts_box_encoder_layer": Text("编码器层 × {layers}", "Encoder layer × {layers}"),
    "parts_box_decoder_layer": Text("解码器层 × {layers}", "Decoder layer × {layers}"),
    "parts_box_positions": Text("+ 位置编码", "+ positions"),
    "parts_box_embedding": Text("嵌入", "Embedding"),
    "parts_box_output": Text("线性 → softmax", "Linear → softmax"),
    "parts_box_generate": Text("选一个，接着写", "Choose, feed back"),
    "parts_box_model": Text("整个模型", "The whole model"),
}

_NAMES: Texts = {
    "parts_name_model": Text("整个 Transformer", "The whole Transformer"),
    "parts_name_embedding": Text("嵌入", "Embedding"),
    "parts_name_positions": Text("正弦位置编码", "Sinusoidal positions"),
    "parts_name_dot_product": Text("缩放点积注意力", "Scaled dot-product attention"),
    "parts_name_multi_head": Text("多头注意力", "Multi-head attention"),
    "parts_name_padding_mask": Text("填充掩码", "Padding mask"),
    "parts_name_causal_mask": Text("因果掩码", "Causal mask"),
    "parts_name_add_and_norm": Text("残差连接与层归一化", "Residual connection and layer norm"),
    "parts_name_feed_forward": Text("前馈网络", "Feed-forward network"),
    "parts_name_encoder_layer": Text("编码器层", "Encoder layer"),
    "parts_name_decoder_layer": Text("解码器层", "Decoder layer"),
    "parts_name_output": Text("解码与输出层", "Decoder and output layer"),
    "parts_name_generate": Text("逐字生成", "Writing, one character at a time"),
    "parts_about_model": Text(
        "编码器把输入读成一组向量，解码器看着它们一个字符一个字符地写。训练时正确答案整个送进解码器（错开一位），所有位置一次算完。",
        "The encoder reads the input into vectors, the decoder writes while looking at them. In training the right answer goes in whole, shifted by one, and all positions are computed at once.",
    ),
    "parts_about_embedding": Text(
        "查表得到字符的向量，乘以 √D，再加上位置。输出层与目标端的嵌入共用同一个矩阵。",
        "A row of a table for each character, times √D, plus its position. The output layer uses the target's table again.",
    ),
    "parts_about_positions": Text(
        "偶数维是正弦，奇数维是余弦，波长从 2π 到 10000·2π。没有参数要学。教程的代码把正弦、余弦前后拼接，这里按论文交错排列。",
        "Sine in the even dimensions, cosine in the odd ones, wavelengths from 2π to 10000·2π; nothing to learn. The tutorial's code puts all sines before all cosines; here they alternate, as in the paper.",
    ),
    "parts_about_dot_product": Text(
        "问与键的点积除以 √d，经 softmax 变成权重，再对值加权求和。掩码把不许看的位置变成 −∞，权重就是 0。",
        "Query times key, over √d, through a softmax: weights, with which the values are added up. A mask turns what may not be seen into −∞, so that its weight is 0.",
    ),
    "parts_about_multi_head": Text(
        "同一段代码用了三次：编码器自注意力、解码器自注意力（看不到右边）、交叉注意力（问来自解码器，键和值来自编码器）。",
        "The same code three times: the encoder looks at itself, the decoder at what it has written, and in cross-attention the queries are the decoder's, keys and values the encoder's.",
    ),
    "parts_about_padding_mask": Text(
        "一批文本长短不一，短的用填充补齐；填充不许被看到。",
        "Texts of a batch differ in length and are filled up; nobody may look at the filling.",
    ),
    "parts_about_causal_mask": Text(
        "下三角矩阵：每个位置只看自己和左边，不然训练时就能偷看答案。",
        "A lower triangle: a position sees itself and what is left of it; else it could read the answer it is trained to give.",
    ),
    "parts_about_add_and_norm": Text(
        "子层只算“改动”，加回原来的向量。论文在相加之后归一化；现在的模型多在子层之前归一化（pre-norm），层数多时更容易训练，两层时差别不大。",
        "A sublayer computes a change, which is added to what was there. The paper normalises the sum. Most models now normalise what the sublayer reads (pre-norm), which trains more easily when there are many layers; with two it hardly matters.",
    ),
    "parts_about_feed_forward": Text(
        "每个位置各自经过：放宽到 4 倍、ReLU、收回。编码器层三分之二的参数在这里。",
        "Each position by itself: four times as wide, ReLU, and back. Two thirds of an encoder layer's parameters are here.",
    ),
    "parts_about_encoder_layer": Text(
        "自注意力加前馈网络，各带一个残差和归一化。",
        "Self-attention and a feed-forward network, each with its residual and norm.",
    ),
    "parts_about_decoder_layer": Text(
        "比编码器层多一个交叉注意力：写每个字符时去看输入的哪里。",
        "An encoder layer with cross-attention in its middle: where to look in the input for each character.",
    ),
    "parts_about_output": Text(
        "每个位置的向量与每个字符的向量做点积，得到下一个字符的 logits。",
        "Each position's vector times each character's vector: the logits of the next character.",
    ),
    "parts_about_generate": Text(
        "取最可能的字符，接到已写的后面，再来一遍，直到结束符。",
        "Take the most probable character, append it, and again, until the end.",
    ),
    "parts_letters": Text(
        "B 批大小，S 输入长度，T 输出长度。",
        "B: texts in a batch; S: characters read; T: characters written.",
    ),
    "parts_flow": Text("{inside} → {outside}", "{inside} → {outside}"),
    "parts_parameters": Text("参数", "Parameters"),
    "parts_share": Text("占整个模型", "Share of the model"),
    "parts_shapes": Text("形状", "Shapes"),
    "parts_parameter": Text("参数名", "Parameter"),
    "parts_shape": Text("形状", "Shape"),
    "parts_count": Text("个数", "Numbers"),
    "parts_rest": Text("其余 {n} 个张量", "{n} more tensors"),
    "parts_no_parameters": Text("没有要学的参数。", "Nothing to learn here."),
}

_TRAIN: Texts = {
    "parts_rate": Text("学习率", "Learning rate"),
    "parts_norm": Text("归一化的位置", "Where to normalise"),
    "parts_pre": Text("子层之前（pre-norm）", "before the sublayer (pre-norm)"),
    "parts_post": Text("相加之后（论文）", "after the sum (the paper)"),
    "parts_steps": Text("训练步数", "Steps"),
    "parts_steps_hint": Text(
        "每步 64 条。最多三分钟，在一个核上；种子固定。",
        "64 examples each. Three minutes at most, on one core; the seed is fixed.",
    ),
    "parts_train": Text("开始训练", "Train"),
    "parts_stop": Text("停止", "Stop"),
    "parts_train_empty": Text(
        "点“开始训练”：损失曲线、从没见过的日期上的准确率，和九个样例的答案会一边训练一边变。",
        "Press Train: the loss, the share of right answers on dates never trained on, and nine sample answers will move as it learns.",
    ),
    "parts_starting": Text("正在准备 torch 和数据", "Getting torch and the dates ready"),
    "parts_going": Text(
        "第 {step} / {steps} 步 · 损失 {loss} · 完全正确 {exact} · 每秒 {rate} 条",
        "step {step} of {steps} · loss {loss} · exact match {exact} · {rate} examples/s",
    ),
    "parts_done": Text("训练完成。", "Done."),
    "parts_stopped": Text(
        "已停止；学到这里的模型可以用了。", "Stopped; what it has learned so far can be asked."
    ),
    "parts_limit": Text("到了三分钟的上限。", "Three minutes are over."),
    "parts_failed": Text(
        "训练出错了，请换一组设置再试。", "The training failed; please try again with other settings."
    ),
    "parts_diverged": Text(
        "损失没怎么降：学习率多半太大或太小，换一个再试。",
        "The loss has hardly fallen: the learning rate is probably too large or too small; try another.",
    ),
    "parts_step": Text("步", "step"),
    "parts_loss": Text("损失", "loss"),
    "parts_exact": Text("完全正确", "exact match"),
    "parts_loss_axis": Text("损失（对数轴）", "loss (log axis)"),
    "parts_exact_axis": Text("完全正确的比例", "exact match"),
    "parts_samples": Text("一个从没训练过的日期，九种写法", "One date never trained on, in nine forms"),
    "parts_written_as": Text("写法", "Written as"),
    "parts_answer": Text("模型的答案", "The model's answer"),
    "parts_judged": Text("对错", "Right?"),
    "parts_is_right": Text("对", "right"),
    "parts_is_wrong": Text("错", "wrong"),
    "parts_held_out": Text(
        "“完全正确”在 30 个没训练过的日期 × 9 种写法上算：十个字符加结束符都对才算对。",
        "Exact match: 30 dates never trained on, in 9 forms each; all ten characters and the end must be right.",
    ),
    "parts_model_name": Text(
        "从零件搭起的 Transformer（{parameters} 个参数）",
        "the Transformer from its parts ({parameters} parameters)",
    ),
}

_READ: Texts = {
    "parts_date": Text("一个日期，随便怎么写", "A date, in any form"),
    "parts_date_hint": Text(
        "中英文都行，1900 到 2099 年；3/4/2026 月在前，4.3.2026 日在前",
        "English or Chinese, 1900 to 2099; 3/4/2026 is month first, 4.3.2026 day first",
    ),
    "parts_read": Text("读", "Read it"),
    "parts_which": Text("用哪个模型", "Which model"),
    "parts_checkpoint": Text("训练得更久的（随附）", "trained longer (comes with the lab)"),
    "parts_mine": Text("我刚训练的", "the one I trained"),
    "parts_read_empty": Text(
        "写一个日期，或点左边的例子：这里会出现 ISO 日期，以及写每个字符时看了输入的哪里。",
        "Write a date or click an example: its ISO form appears here, and where in the input the model looked for each character.",
    ),
    "parts_map": Text("看哪种注意力", "Which attention"),
    "parts_cross": Text("交叉注意力", "Cross-attention"),
    "parts_encoder": Text("编码器自注意力", "Encoder self-attention"),
    "parts_layer": Text("层", "Layer"),
    "parts_head": Text("头", "Head"),
    "parts_mean": Text("平均", "mean"),
    "parts_input_axis": Text("输入的字符", "characters read"),
    "parts_output_axis": Text("写出的字符", "characters written"),
    "parts_looking_axis": Text("看的字符", "characters that look"),
    "parts_end": Text("结束", "end"),
    "parts_csv": Text("下载 CSV", "Download CSV"),
    "parts_measured": Text(
        "这个模型在 {count} 条没训练过的日期上答对 {exact}。",
        "This model is right on {exact} of {count} texts with dates it was never trained on.",
    ),
    "parts_surest": Text(
        "模型最没把握的一个字符：{share}。", "The character the model was least sure of: {share}."
    ),
    "parts_right": Text("与按规则读出的日期一致。", "The same as reading it by rules."),
    "parts_wrong": Text("答错了：按规则读出的是 {expected}。", "Wrong: read by rules it is {expected}."),
    "parts_unknown_form": Text(
        "这不是它学过的九种写法之一。它只会写日期，所以照样给一个答案，别当真。",
        "This is in none of the nine forms it was trained on. Dates are all it can write, so it answers anyway; do not believe it.",
    ),
    "parts_impossible": Text(
        "日历上没有这一天（用斜杠时月在前）。模型学的是写法，不是日历，所以照样作答。",
        "The calendar has no such day (with slashes the month comes first). The model has learned how dates are written, not the calendar, so it answers anyway.",
    ),
    "parts_untrained_year": Text(
        "训练只到 1900 至 2099 年，这一年它没见过，答案不可靠。",
        "It was trained on 1900 to 2099 only and has never seen this year; do not rely on the answer.",
    ),
    "parts_map_hint": Text(
        "每一行是写出的一个字符，颜色是写它时对各个输入字符的权重，一行加起来是 1。",
        "A row is a character written; the colours are the weights on the input's characters while it was chosen. A row adds up to 1.",
    ),
    "parts_no_date": Text(
        "请先写一个日期，例如 March 4, 2026。", "Please write a date first, for instance March 4, 2026."
    ),
    "parts_too_long": Text(
        "这里有 {length} 个字符，模型最多读 {limit} 个。请只留下日期。",
        "These are {length} characters and the model reads {limit} at most. Please keep only the date.",
    ),
    "parts_strange": Text(
        "模型的字表里没有这些字符：{characters}。请去掉再试。",
        "The model has never seen these characters: {characters}. Please take them out.",
    ),
    "parts_untrained": Text(
        "你还没有训练过模型。请先到“训练”里训练，或选随附的模型。",
        "You have not trained a model yet. Train one first, or choose the one that comes with the lab.",
    ),
    "parts_bad_size": Text(
        "请从给出的宽度、头数、层数、学习率和步数里选。",
        "Please choose one of the widths, heads, layers, learning rates and steps on offer.",
    ),
}

PARTS: Texts = {**_FRAME, **_BOXES, **_NAMES, **_TRAIN, **_READ}
