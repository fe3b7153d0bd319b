"""The mail inside an opaque S/MIME signature (RFC 8551 section 3.5.2): bytes out of a nest of BER, nothing verified."""

_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_DATA = bytes.fromhex("06092a864886f70d010701")
# object identifiers of CMS (RFC 5652 sections 4 and 5.1)
_EXPLICIT, _OCTETS, _CHUNKED_OCTETS = 0xA0, 0x04, 0x24


def read_signed(data: bytes) -> bytes | None:
    """What was signed; None when it is encrypted, cut off, or nothing of the kind."""
    signed = data.find(_SIGNED_DATA, 0, 40)
    inner = data.find(_DATA, signed, signed + 400) if signed >= 0 else -1
    if inner < 0:
        return None
    position = inner + len(_DATA)
    if data[position : position + 1] != bytes([_EXPLICIT]):
        return None
    position, _ = _read_length(data, position + 1)
    tag = data[position : position + 1]
    position, length = _read_length(data, position + 1)
    if tag == bytes([_OCTETS]):
        return data[position : position + length] if 0 < length <= len(data) - position else None
    return _join_chunks(data, position) if tag == bytes([_CHUNKED_OCTETS]) else None


def _join_chunks(data: bytes, position: int) -> bytes | None:
    chunks: list[bytes] = []
    while data[position : position + 1] == bytes([_OCTETS]):
        position, length = _read_length(data, position + 1)
        if length < 0 or length > len(data) - position:
            return None
        chunks.append(data[position : position + length])
        position += length
    return b"".join(chunks) or None


def _read_length(data: bytes, position: int) -> tuple[int, int]:
    """Where the content begins, and its length; -1 when its end is marked instead (X.690 section 8.1.3)."""
    first = data[position] if position < len(data) else 0x80
    if first == 0x80:
        return position + 1, -1
    if first < 0x80:
        return position + 1, first
    count = first & 0x7F
    return position + 1 + count, int.from_bytes(data[position + 1 : position + 1 + min(count, 8)], "big")
