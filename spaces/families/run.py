"""Leases the models of the form and runs one family on its sentence."""

from shared.embedder import open_embedder
from shared.models import cache
from spaces.families import sentiment
from spaces.families.choose_model import sentence
from spaces.families.form import Form
from spaces.families.sentiment import Label
from spaces.families.translate import Translation, translate


def translated(form: Form) -> Translation:
    """The form's sentence in the other language."""
    spec = form.translator_spec
    with cache().lease(spec) as weights:
        return translate(spec, weights, form.text, form.target)


def judged(form: Form) -> tuple[list[Label], sentiment.Classifier | None, str]:
    """(the classes, the embedded classifier if it was that, who judged)."""
    spec = form.sentiment_spec
    if spec is not None:
        with cache().lease(spec) as weights:
            return sentiment.classify(weights, form.text), None, spec.name
    text = sentence(form.text)
    with open_embedder() as embedder:
        trained = sentiment.classifier(embedder.encode)
        return sentiment.judge(trained, embedder.encode([text])[0]), trained, embedder.name
