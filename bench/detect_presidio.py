"""Presidio beside the product: reads texts, a line each, and writes the spans that it finds, in characters.

    python detect_presidio.py TEXTS > SPANS

Its analyzer runs over a blank Chinese pipeline of spaCy, since models are not fetched: the recognizers that need one
(names, places) are not run. Run are its own PhoneRecognizer (region CN), its own CreditCardRecognizer, and a
PatternRecognizer with the pattern and the check digit of GB 11643 that its user would write, which it has none for.
The last line tells the seconds.
"""

import sys
import time

import spacy
from presidio_analyzer import AnalyzerEngine, Pattern, PatternRecognizer, RecognizerRegistry
from presidio_analyzer.nlp_engine import SpacyNlpEngine
from presidio_analyzer.predefined_recognizers import CreditCardRecognizer, PhoneRecognizer

KINDS = {"CN_ID": "id_number", "PHONE_NUMBER": "phone", "CREDIT_CARD": "bank_card"}


class BlankEngine(SpacyNlpEngine):
    """A pipeline without a model: words, no entities."""

    def load(self):
        self.nlp = {"zh": spacy.blank("zh")}


class IdentityRecognizer(PatternRecognizer):
    def __init__(self):
        super().__init__(supported_entity="CN_ID", supported_language="zh", patterns=[
            Pattern("GB 11643", r"(?<![0-9A-Za-z])[1-9]\d{5}(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\d{3}[0-9Xx](?![0-9A-Za-z])", 0.5)])

    def validate_result(self, pattern_text):
        weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
        return "10X98765432"[sum(int(d) * w for d, w in zip(pattern_text, weights)) % 11] == pattern_text[17].upper()


def main():
    registry = RecognizerRegistry(supported_languages=["zh"], recognizers=[
        IdentityRecognizer(), CreditCardRecognizer(supported_language="zh"),
        PhoneRecognizer(supported_language="zh", supported_regions=("CN",))])
    engine = AnalyzerEngine(nlp_engine=BlankEngine(models=[{"lang_code": "zh", "model_name": "blank"}]),
                            registry=registry, supported_languages=["zh"])
    with open(sys.argv[1], encoding="utf-8") as file:
        texts = file.read().splitlines()
    engine.analyze("试", language="zh")
    began = time.process_time()
    found = [engine.analyze(text, language="zh", entities=list(KINDS)) for text in texts]
    seconds = time.process_time() - began
    for results in found:
        print(" ".join(f"{r.start}:{r.end}:{KINDS[r.entity_type]}" for r in sorted(results, key=lambda r: r.start)))
    print(f"seconds {seconds:.3f}")


if __name__ == "__main__":
    main()
