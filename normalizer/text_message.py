"""How long a text message is: septets and segments (3GPP TS 23.038 and 23.040)."""

SEGMENT = 160
"""Septets of one text message."""

PARTS = {"septets": (SEGMENT, 153), "letters": (70, 67)}
"""What one message takes, and what each of several takes, in the GSM alphabet and beyond it (UCS-2)."""

GSM_7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_7_TWICE = frozenset("^{}\\[~]|€")
"""Letters of the extension table: an escape and a septet."""


def count_septets(text: str) -> int | None:
    """How long a text message is; None when a letter of it is not in the GSM alphabet."""
    if not set(text) <= GSM_7 | GSM_7_TWICE:
        return None
    return len(text) + sum(letter in GSM_7_TWICE for letter in text)


def count_segments(text: str) -> int:
    """How many messages are paid for."""
    septets = count_septets(text)
    if septets is None:
        length, (one, each) = len(text.encode("utf-16-le", "surrogatepass")) // 2, PARTS["letters"]
    else:
        length, (one, each) = septets, PARTS["septets"]
    return 1 if length <= one else -(-length // each)
