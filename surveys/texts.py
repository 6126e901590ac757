"""The texts of the shipped surveys in both languages; a survey version freezes them as they were sent."""

from typing import Any

VENDOR = "{vendor}"  # the one placeholder, replaced as text
NAMELESS = {"de": "uns", "en": "us"}

NPS = {
    "de": {
        "title": "Eine Frage an Sie",
        "intro": "Eine Frage und, wenn Sie mögen, ein Satz dazu. Das dauert keine Minute.",
        "question": "Wie wahrscheinlich ist es, dass Sie {vendor} weiterempfehlen?",
        "low": "äußerst unwahrscheinlich",
        "high": "äußerst wahrscheinlich",
        "comment": "Was ist der wichtigste Grund für Ihre Wertung?",
        "thanks": "Ihre Antwort ist angekommen. Wir lesen jede und melden uns, wenn wir etwas besser machen können.",
    },
    "en": {
        "title": "One question for you",
        "intro": "One question and, if you like, a sentence about it. It takes less than a minute.",
        "question": "How likely are you to recommend {vendor}?",
        "low": "not at all likely",
        "high": "extremely likely",
        "comment": "What is the main reason for your score?",
        "thanks": "Your answer has arrived. We read every one and get back to you where we can do better.",
    },
}


def nps_content(vendor: str) -> dict[str, Any]:
    """The NPS texts with the vendor's name in them."""
    return {
        language: {part: text.replace(VENDOR, vendor or NAMELESS[language]) for part, text in texts.items()}
        for language, texts in NPS.items()
    }
