"""The fields and files of a multipart post (RFC 7578), as the form and the chat send them."""

from collections.abc import Mapping

from multipart import MultipartError, MultipartSegment, PushMultipartParser, parse_options_header

from normalizer.email.attachments import safe_filename
from normalizer.messages import Attachment

MOST_PARTS = 40
"""Fields and files of one post."""

UNREADABLE = (MultipartError, UnicodeDecodeError, ValueError)
"""What `read_fields` raises when it is no such post."""


def read_fields(body: bytes, headers: Mapping[str, str]) -> tuple[dict[str, str], list[Attachment]]:
    """The fields as typed and the files. Raises one of UNREADABLE."""
    kind, options = parse_options_header(headers.get("content-type", ""))
    boundary = options.get("boundary", "") if kind == "multipart/form-data" else ""
    values: dict[str, str] = {}
    files: list[Attachment] = []
    segment: MultipartSegment | None = None
    content: list[bytes] = []
    with PushMultipartParser(boundary, max_segment_count=MOST_PARTS) as parser:
        for event in parser.parse(body):
            if isinstance(event, MultipartSegment):
                segment, content = event, []
            elif event is not None:
                content.append(bytes(event))
            elif segment is not None:
                _take(segment, b"".join(content), values, files)
    return values, files


def _take(segment: MultipartSegment, content: bytes, values: dict[str, str], files: list[Attachment]) -> None:
    if segment.filename is None:
        # The first of a repeated field counts; browsers send a line break as CR LF.
        values.setdefault(segment.name, content.decode("utf-8").replace("\r\n", "\n").strip())
    elif segment.filename or content:
        # A file field with nothing chosen comes as an empty file without a name.
        files.append(
            Attachment(
                filename=safe_filename(segment.filename) or "file",
                content_type=segment.content_type or "application/octet-stream",
                content=content,
            )
        )
