"""A Transformer from its parts: "Attention Is All You Need" (Vaswani et al. 2017), chapter 4.

Shapes: B texts, T target and S source positions, H heads, width D. Masks are True where one may look. Dropout
is left out: it fights overfitting, and the task this is trained on never shows the same example twice.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn


def attention(query: Tensor, key: Tensor, value: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """softmax(Q K^T / sqrt(d_k)) V, and the softmax itself. Q is [.., T, d_k], K and V are [.., S, d_k]."""
    scores = query @ key.transpose(-2, -1) / math.sqrt(query.shape[-1])
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    weights = scores.softmax(dim=-1)
    return weights @ value, weights


class MultiHeadAttention(nn.Module):
    """H attentions side by side, each on its own D / H dimensions, mixed by one more matrix."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        if width % heads:
            raise ValueError(f"width {width} is not a multiple of {heads} heads")
        self.heads = heads
        self.query = nn.Linear(width, width)
        self.key = nn.Linear(width, width)
        self.value = nn.Linear(width, width)
        self.output = nn.Linear(width, width)

    def forward(self, x: Tensor, memory: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """`x` [B, T, D] asks, `memory` [B, S, D] answers (self-attention: the same tensor). Returns the
        mixture [B, T, D] and the weights [B, H, T, S]."""
        query = self._split(self.query(x))
        key, value = self._split(self.key(memory)), self._split(self.value(memory))
        mixed, weights = attention(query, key, value, mask)
        return self.output(mixed.transpose(1, 2).flatten(2)), weights

    def _split(self, x: Tensor) -> Tensor:
        """[B, T, D] -> [B, H, T, D / H]."""
        return x.unflatten(-1, (self.heads, -1)).transpose(1, 2)


class FeedForward(nn.Module):
    """Two linear layers with a ReLU between, on every position by itself."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.widen = nn.Linear(width, hidden)
        self.narrow = nn.Linear(hidden, width)

    def forward(self, x: Tensor) -> Tensor:
        return self.narrow(torch.relu(self.widen(x)))


class AddAndNorm(nn.Module):
    """The residual connection and the layer normalisation around a sublayer.

    The paper normalises the sum (post-norm). Normalising what goes in (pre-norm) leaves a straight road from
    the loss to every layer: with two layers it hardly matters, with dozens it does (Xiong et al. 2020)."""

    def __init__(self, width: int, pre_norm: bool) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.pre_norm = pre_norm

    def before(self, x: Tensor) -> Tensor:
        """What the sublayer reads."""
        return self.norm(x) if self.pre_norm else x

    def after(self, x: Tensor, change: Tensor) -> Tensor:
        """What the next sublayer gets."""
        return x + change if self.pre_norm else self.norm(x + change)


class EncoderLayer(nn.Module):
    """Every position looks at all others, then thinks for itself."""

    def __init__(self, width: int, heads: int, hidden: int, pre_norm: bool = False) -> None:
        super().__init__()
        self.self_attention = MultiHeadAttention(width, heads)
        self.feed_forward = FeedForward(width, hidden)
        self.add_attention = AddAndNorm(width, pre_norm)
        self.add_feed_forward = AddAndNorm(width, pre_norm)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """[B, S, D] -> [B, S, D] and the attention weights [B, H, S, S]."""
        read = self.add_attention.before(x)
        change, weights = self.self_attention(read, read, mask)
        x = self.add_attention.after(x, change)
        change = self.feed_forward(self.add_feed_forward.before(x))
        return self.add_feed_forward.after(x, change), weights


class DecoderLayer(nn.Module):
    """A position looks back at what is written, then at the source, then thinks for itself."""

    def __init__(self, width: int, heads: int, hidden: int, pre_norm: bool = False) -> None:
        super().__init__()
        self.self_attention = MultiHeadAttention(width, heads)
        self.cross_attention = MultiHeadAttention(width, heads)
        self.feed_forward = FeedForward(width, hidden)
        self.add_self = AddAndNorm(width, pre_norm)
        self.add_cross = AddAndNorm(width, pre_norm)
        self.add_feed_forward = AddAndNorm(width, pre_norm)

    def forward(
        self, x: Tensor, memory: Tensor, mask: Tensor | None = None, memory_mask: Tensor | None = None
    ) -> tuple[Tensor, Tensor, Tensor]:
        """[B, T, D] -> [B, T, D], the self-attention [B, H, T, T] and the cross-attention [B, H, T, S]."""
        read = self.add_self.before(x)
        change, self_weights = self.self_attention(read, read, mask)
        x = self.add_self.after(x, change)
        change, cross_weights = self.cross_attention(self.add_cross.before(x), memory, memory_mask)
        x = self.add_cross.after(x, change)
        change = self.feed_forward(self.add_feed_forward.before(x))
        return self.add_feed_forward.after(x, change), self_weights, cross_weights


def padding_mask(tokens: Tensor, padding: int = 0) -> Tensor:
    """[B, S] -> [B, 1, 1, S]: nobody looks at what only fills the row."""
    return (tokens != padding)[:, None, None, :]


def causal_mask(length: int) -> Tensor:
    """[T, T]: a position sees itself and what is left of it, for the rest is what it must predict."""
    return torch.ones(length, length, dtype=torch.bool).tril()


def sinusoidal_positions(length: int, width: int) -> Tensor:
    """[length, D]: sine in the even dimensions, cosine in the odd ones, slower and slower waves."""
    position = torch.arange(length, dtype=torch.float32)[:, None]
    frequency = torch.exp(torch.arange(0, width, 2, dtype=torch.float32) * (-math.log(10_000) / width))
    waves = torch.stack([(position * frequency).sin(), (position * frequency).cos()], dim=-1)
    return waves.flatten(1)[:, :width]


@dataclass(frozen=True)
class Config:
    """The measures of a Transformer. `tied`: the target's embedding is the output matrix as well."""

    source_vocabulary: int
    target_vocabulary: int
    width: int = 64
    heads: int = 4
    layers: int = 2
    hidden: int = 256
    pre_norm: bool = True
    tied: bool = True
    positions: int = 64


class Transformer(nn.Module):
    """Encoder and decoder with embeddings: source tokens and what is written -> logits of what comes."""

    def __init__(self, config: Config) -> None:
        super().__init__()
        sizes = (config.width, config.heads, config.hidden, config.pre_norm)
        self.config = config
        self.source_embedding = nn.Embedding(config.source_vocabulary, config.width)
        self.target_embedding = nn.Embedding(config.target_vocabulary, config.width)
        self.encoder = nn.ModuleList(EncoderLayer(*sizes) for _ in range(config.layers))
        self.decoder = nn.ModuleList(DecoderLayer(*sizes) for _ in range(config.layers))
        # as in torch.nn.Transformer: pre-norm leaves the sums of all layers unnormalised without these two
        self.encoder_norm = nn.LayerNorm(config.width)
        self.decoder_norm = nn.LayerNorm(config.width)
        self.output = nn.Linear(config.width, config.target_vocabulary)
        if config.tied:
            self.output.weight = self.target_embedding.weight
        positions = sinusoidal_positions(config.positions, config.width)
        self.register_buffer("positions", positions, persistent=False)
        self.positions: Tensor
        self._initialise()

    def _initialise(self) -> None:
        """Glorot's for matrices; embeddings so small that sqrt(D) makes them as large as the positions."""
        for name, parameter in self.named_parameters():
            if parameter.dim() > 1:
                if "embedding" in name:
                    nn.init.normal_(parameter, std=self.config.width**-0.5)
                else:
                    nn.init.xavier_uniform_(parameter)
            elif "norm.weight" not in name:
                nn.init.zeros_(parameter)

    def embed(self, tokens: Tensor, embedding: nn.Embedding) -> Tensor:
        """[B, T] -> [B, T, D]: what it is plus where it is."""
        return embedding(tokens) * math.sqrt(self.config.width) + self.positions[: tokens.shape[1]]

    def encode(self, source: Tensor) -> tuple[Tensor, Tensor, list[Tensor]]:
        """[B, S] -> the memory [B, S, D], who may be looked at, and each layer's weights [B, H, S, S]."""
        mask = padding_mask(source)
        x = self.embed(source, self.source_embedding)
        weights = []
        for layer in self.encoder:
            x, attended = layer(x, mask)
            weights.append(attended)
        return self.encoder_norm(x), mask, weights

    def decode(self, target: Tensor, memory: Tensor, memory_mask: Tensor) -> tuple[Tensor, list[Tensor]]:
        """[B, T] so far -> logits [B, T, V] of each next token, and each layer's cross-attention."""
        mask = causal_mask(target.shape[1])
        x = self.embed(target, self.target_embedding)
        weights = []
        for layer in self.decoder:
            x, _, attended = layer(x, memory, mask, memory_mask)
            weights.append(attended)
        return self.output(self.decoder_norm(x)), weights

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        """Teacher forcing: the true target goes in, shifted by one; all positions are predicted at once."""
        memory, mask, _ = self.encode(source)
        return self.decode(target, memory, mask)[0]

    @torch.no_grad()
    def generate(self, source: Tensor, start: int, steps: int) -> Tensor:
        """[B, S] -> [B, steps]: the most probable token, again and again, each fed back in."""
        memory, mask, _ = self.encode(source)
        written = torch.full((len(source), 1), start)
        for _ in range(steps):
            logits, _ = self.decode(written, memory, mask)
            written = torch.cat([written, logits[:, -1:].argmax(dim=-1)], dim=1)
        return written[:, 1:]
