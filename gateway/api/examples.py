"""Examples of answers, for the OpenAPI document. The people are invented."""

from datetime import UTC, date, datetime

from gateway.api.shapes import (
    Actor,
    Case,
    CasePage,
    CloudEvent,
    Decided,
    Event,
    EventPage,
    Feed,
    File,
    Message,
    MessagePage,
    Note,
    NotePage,
    Person,
    Registered,
    Routing,
)

_CAME = datetime(2026, 11, 24, 8, 41, 7, tzinfo=UTC)
_LATER = datetime(2026, 11, 24, 9, 2, 30, tzinfo=UTC)
_MESSAGE = "019ab4f0c5d87a10b1c2d3e4f5061728"
_LETTER = "019ab4f0c5f07a10b1c2d3e4f5061729"
_EVA = Actor(id="019a000000007000800000000000e0a1", name="Eva Holm")
_ANNA = Person(channel="email", value="anna@example.com", name="Anna Öberg")

CASE = Case(
    reference="7K4M-9QXT",
    href="/api/v1/cases/7K4M-9QXT",
    access="whole",
    version=2,
    state="open",
    received_at=_CAME,
    channel="email",
    department="teknik",
    department_name="Teknik och fastighet",
    decided=True,
    due=date(2026, 11, 26),
    subject="Gatlykta",
    kind="message",
    category="fel",
    matter="",
    alarm="",
    language="sv",
    secrecy="",
    holder=_EVA,
    told_at=_CAME,
    answered_at=None,
    waiting_since=_CAME,
    routing=Routing(rule="gatubelysning", confidence=0.97, sensitive=False),
    contact=_ANNA,
)
CASES = CasePage(
    items=[
        CASE,
        Case(
            reference="B3DX-42KW",
            href="/api/v1/cases/B3DX-42KW",
            access="register",
            version=1,
            state="open",
            received_at=_CAME,
            channel="form",
            department="ifo",
            department_name="Individ och familj",
            decided=True,
            due=date(2026, 11, 26),
        ),
    ],
    next="/api/v1/cases?state=open&limit=2&cursor=AZq08MXYehCxwtPk9QYXKA",
)
MESSAGES = MessagePage(
    items=[
        Message(
            id=_MESSAGE,
            direction="inbound",
            kind="message",
            at=_CAME,
            channel="email",
            person=_ANNA,
            subject="Gatlykta",
            text="Gatlyktan vid Storgatan 5 lyser inte.",
            new_text="Gatlyktan vid Storgatan 5 lyser inte.",
            language="sv",
            files=[
                File(
                    position=0,
                    filename="lykta.jpg",
                    content_type="image/jpeg",
                    size=48213,
                    sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
                    href=f"/api/v1/cases/7K4M-9QXT/messages/{_MESSAGE}/files/0",
                )
            ],
            original=f"/api/v1/cases/7K4M-9QXT/messages/{_MESSAGE}/original",
        ),
        Message(
            id=_LETTER,
            direction="outbound",
            kind="receipt",
            at=_CAME,
            channel="email",
            person=_ANNA,
            subject="Vi har tagit emot ditt meddelande, 7K4M-9QXT",
            text="Hej! Ditt meddelande har kommit fram.",
            language="sv",
            state="delivered",
        ),
    ],
    next=None,
)
EVENTS = EventPage(
    items=[
        Event(
            id="019ab4f0c5d97a10b1c2d3e4f506172a",
            at=_CAME,
            type="case.opened",
            by=None,
            data={"message": _MESSAGE, "department": "teknik", "rule": "gatubelysning"},
        ),
        Event(
            id="019ab5043e707a10b1c2d3e4f506172b",
            at=_LATER,
            type="case.accepted",
            by=_EVA,
            data={"department": "teknik"},
        ),
    ],
    next=None,
)
NOTES = NotePage(
    items=[
        Note(
            id="019ab5043e717a10b1c2d3e4f506172c",
            at=_LATER,
            by=_EVA,
            text="Entreprenören är på väg.",
        )
    ],
    next=None,
)
DECIDED = Decided(reference="7K4M-9QXT", version=3, state="open", department="teknik", told_by="email")
REGISTERED = Registered(
    reference="7K4M-9QXT",
    href="/api/v1/cases/7K4M-9QXT",
    received_at=_CAME,
    department="teknik",
    due=date(2026, 11, 26),
    told_by="sms",
)
FEED = Feed(
    events=[
        CloudEvent(
            specversion="1.0",
            id="019ab5043e707a10b1c2d3e4f506172b",
            source="https://kvitto.example.org",
            type="kvitto.case.accepted",
            subject="7K4M-9QXT",
            time=_LATER,
            datacontenttype="application/json",
            sequence="00000000000000000042",
            data={
                "case": "019ab4f0c5d77a10b1c2d3e4f506172d",
                "reference": "7K4M-9QXT",
                "department": "teknik",
            },
        )
    ],
    next=42,
)
