"""The left column as data."""

from dataclasses import dataclass

from shared.models import ModelSpec
from spaces.families.choose_model import mask_model, sentiment_model, translator, writer


@dataclass(frozen=True)
class Form:
    """One sentence, a model of each kind, and the settings. The checks raise HubError."""

    text: str
    mask: str
    sentiment: str
    writer: str
    translator: str
    target: str
    max_new_tokens: int
    temperature: float
    seed: int
    top_k: int

    @property
    def mask_spec(self) -> ModelSpec:
        return mask_model(self.mask)

    @property
    def sentiment_spec(self) -> ModelSpec | None:
        return sentiment_model(self.sentiment)

    @property
    def writer_spec(self) -> ModelSpec:
        return writer(self.writer)

    @property
    def translator_spec(self) -> ModelSpec:
        return translator(self.translator)


FIELDS = tuple(Form.__dataclass_fields__)
