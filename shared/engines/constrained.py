"""Answers that keep to a JSON schema: which tokens may come next (llguidance), the others get no chance."""

import json
from typing import TYPE_CHECKING, Any

from shared.engines.vocabulary import Vocabulary
from shared.errors import HubError

if TYPE_CHECKING:
    from llguidance._lib import JsonCompileOptions

# One space after `,` and `:`, as json.dumps writes. With free white space small models indent for ever.
_LAYOUT: "JsonCompileOptions" = {
    "whitespace_flexible": False,
    "item_separator": ", ",
    "key_separator": ": ",
}


class Constraint:
    """The state of one answer under `schema`. Raises HubError when the schema cannot be used."""

    def __init__(self, vocabulary: Vocabulary, schema: Any) -> None:
        from llguidance import LLMatcher

        try:
            grammar = LLMatcher.grammar_from_json_schema(json.dumps(schema), overrides=_LAYOUT)
        except (TypeError, ValueError) as error:
            raise HubError("hub.bad_schema", reason=str(error)[:200]) from error
        self._matcher = LLMatcher(vocabulary.trie, grammar, log_level=0)
        self._raise_if_error()

    def mask(self, scores: Any) -> Any:
        """`scores`, shape (vocabulary,), with minus infinity where the schema allows no token. When the
        JSON is complete, only the end is left."""
        import torch

        # 0 for forbidden, 200 for allowed, one byte a token
        allowed = torch.frombuffer(bytearray(self._matcher.compute_logit_bias()), dtype=torch.uint8)
        self._raise_if_error()
        return scores.masked_fill(allowed.to(scores.device) == 0, float("-inf"))

    def accept(self, index: int) -> None:
        """Notes that the token was written."""
        self._matcher.consume_token(index)
        self._raise_if_error()

    def _raise_if_error(self) -> None:
        if self._matcher.is_error():
            raise HubError("hub.bad_schema", reason=self._matcher.get_error().splitlines()[0][:200])
