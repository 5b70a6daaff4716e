"""Every sentence of the shell, in both languages."""

from shared.i18n import Text, Texts

TEXTS: Texts = {
    "name": Text("动手学大语言模型", "Hands-On LLM Hub"),
    "models_tab": Text("模型", "Models"),
    "lesson": Text("讲解", "Lesson"),
    "show_code": Text("看代码", "Show code"),
    "code_label": Text("照抄即可运行：得到与上面相同的结果", "Runs on its own and gives the same result"),
    "answered_by": Text(
        "由 {model} 在 {device} 上回答，用时 {seconds} 秒", "answered by {model} on {device}, {seconds} s"
    ),
    "tokens_per_second": Text("每秒 {rate} 个词元", "{rate} tokens/s"),
    "error_title": Text("请看一下", "Please check"),
    "unexpected": Text(
        "这一步没有成功，原因不在你的输入；详情已写入日志，请再试一次。",
        "That did not work, and not because of your input; the log has the details. Please try again.",
    ),
    "lab_broken": Text(
        "这个实验没能加载，其他实验不受影响。", "This lab did not load; the others are not affected."
    ),
    "chip": Text(
        "{model} · {device} · 内存 {used} / {budget} · {waiting} 人等候",
        "{model} · {device} · {used} of {budget} · {waiting} waiting",
    ),
    "chip_loading": Text("正在载入 {model}", "loading {model}"),
    "chip_cold": Text("{model}（首次使用时载入）", "{model} (loads on first use)"),
    "models_summary": Text(
        "这里是本站认识的所有模型：许可证、大小、来源，以及此刻占用的内存。",
        "Every model the hub knows: its licence, size and source, and what it costs in memory right now.",
    ),
    "col_model": Text("模型", "Model"),
    "col_task": Text("用途", "Task"),
    "col_licence": Text("许可证", "Licence"),
    "col_size": Text("参数 / 磁盘", "Parameters / disk"),
    "col_quantization": Text("精度", "Precision"),
    "col_source": Text("来源", "Source"),
    "col_state": Text("状态", "State"),
    "col_hits": Text("命中", "Hits"),
    "col_load_time": Text("载入用时", "Load time"),
    "col_last_used": Text("上次使用", "Last used"),
    "task_chat": Text("对话", "chat"),
    "task_causal-lm": Text("白盒语言模型", "white-box LM"),
    "task_embed": Text("句向量", "embedding"),
    "task_tokenizer": Text("分词", "tokenizer"),
    "state_idle": Text("已载入 {memory}", "loaded, {memory}"),
    "state_leased": Text("使用中 {memory}", "in use, {memory}"),
    "state_loading": Text("正在载入", "loading"),
    "state_cold": Text("未载入", "not loaded"),
    "source_embedded": Text("内置（{origin}）", "embedded ({origin})"),
    "source_hub": Text("Hugging Face Hub", "Hugging Face Hub"),
    "origin_made": Text("由 GGUF 转换", "converted from the GGUF"),
    "seconds_ago": Text("{n} 秒前", "{n} s ago"),
    "minutes_ago": Text("{n} 分钟前", "{n} min ago"),
    "memory_line": Text("模型占用 {used}，预算 {budget}", "Models use {used} of {budget}"),
    "hub_online": Text("Hugging Face Hub：可以连接", "Hugging Face Hub: reachable"),
    "hub_offline": Text(
        "Hugging Face Hub：连不上，正在离线工作", "Hugging Face Hub: not reachable, working offline"
    ),
    "hub_unasked": Text("Hugging Face Hub：尚未询问", "Hugging Face Hub: not asked yet"),
    "hub_ask": Text("再试一次连接", "Try the Hub again"),
    "pick_model": Text("选择模型", "Model"),
    "load": Text("载入", "Load"),
    "unload": Text("卸载", "Unload"),
    "admin_token": Text("管理员口令（卸载时需要）", "Admin token (needed to unload)"),
    "loaded_in": Text("{model} 已就绪，用时 {seconds} 秒。", "{model} is ready after {seconds} s."),
    "unloaded": Text("{model} 已卸载，内存已归还。", "{model} is unloaded and its memory given back."),
    "admin_unset": Text(
        "还没有设置管理员口令：启动前设好环境变量 HUB_ADMIN_TOKEN 才能卸载模型。",
        "No admin token is set: start the hub with HUB_ADMIN_TOKEN to allow unloading.",
    ),
    "admin_wrong": Text("管理员口令不对，模型没有卸载。", "The admin token is wrong; nothing was unloaded."),
    "unknown_model": Text(
        "没有叫“{model}”的模型，请从列表里选一个。",
        "There is no model called “{model}”; please choose one from the list.",
    ),
    "loading_model": Text(
        "正在载入 {model}……首次需要几秒", "Loading {model}… the first time takes a few seconds"
    ),
    "bad_unicode": Text(
        "第 {position} 个字符只有半个（孤立的代理项），无法编码；请删掉它再试。",
        "Character {position} is only half a character (a lone surrogate) and cannot be encoded; please delete it.",
    ),
    "bad_messages": Text(
        '消息应为若干条 {{"role", "content"}}，角色是 system、user 或 assistant。',
        'Messages must be a list of {{"role", "content"}} with the role system, user or assistant.',
    ),
    "empty_prompt": Text(
        "还没有问题，请先写点什么。", "There is no question yet; please write something first."
    ),
    "out_of_range": Text("{name} 应在 {low} 到 {high} 之间。", "{name} must be between {low} and {high}."),
    "prompt_too_long": Text(
        "提示比模型的窗口（{window} 个词元）多了 {over} 个词元，请删短一些。",
        "The prompt is {over} tokens too long for the model's window of {window}; please shorten it.",
    ),
    "bad_schema": Text("这个 JSON schema 不能用：{reason}", "This JSON schema cannot be used: {reason}"),
    "engine_refused": Text(
        "模型引擎拒绝了这个请求：{reason}", "The model engine refused the request: {reason}"
    ),
    "model_broken": Text(
        "{model} 的权重文件无法读取，可能已损坏；请删除后重新下载。",
        "The weights of {model} cannot be read and may be damaged; please delete them and fetch them again.",
    ),
}
