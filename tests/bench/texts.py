"""What the bench sends: posts and mails of residents, no two alike, built by combining phrases.

Everything follows from a seed, so that two rounds of one run send the same kind of work under different ids.
"""

import base64
import hmac
import json
import os
import quopri
import random
import time
from collections.abc import Iterator
from hashlib import sha256

SECRET = "whsec_" + base64.b64encode(b"a key that only this bench uses.").decode()
"""Signs the posts; the service under test is started with it."""

CITY = "kontakt@example.org"
"""The city's own address in the example configuration."""

FIRST = [
    "Anna",
    "Erik",
    "Maria",
    "Lars",
    "Karin",
    "Mikael",
    "Sara",
    "Johan",
    "Elin",
    "Aino",
    "Väinö",
    "Helmi",
    "Omar",
    "Leila",
    "Björn",
    "Åsa",
    "Örjan",
    "Fatima",
]
LAST = [
    "Andersson",
    "Lindqvist",
    "Berg",
    "Nyström",
    "Virtanen",
    "Korhonen",
    "Mäkinen",
    "Hassan",
    "Ek",
    "Sjöberg",
    "Öberg",
    "Holm",
    "Kowalski",
]
HOSTS = ("example.com", "example.net", "post.example", "mail.example.org", "kansli.example")
STREETS = [
    "Storgatan",
    "Drottninggatan",
    "Kyrkogatan",
    "Skolvägen",
    "Parkgatan",
    "Ringvägen",
    "Björkvägen",
    "Hamngatan",
    "Idrottsvägen",
    "Järnvägsgatan",
    "Ekbacken",
    "Nygatan",
    "Slottsgatan",
    "Lindallén",
]

PHRASES = {
    "sv": (
        ("Hej!", "Hejsan,", "God morgon!", "Till den det berör:", "Hej kommunen,", "Goddag."),
        (
            "Gatlyktan vid {p} har inte lyst på en vecka.",
            "Vid {p} är det ett stort hål i gatan.",
            "Soporna vid {p} har inte hämtats sedan i måndags.",
            "Jag vill ansöka om förskoleplats för min dotter, vi bor på {p}.",
            "Jag undrar hur det går med bygglovet för {p}.",
            "Trädet utanför {p} är på väg att falla över gångvägen.",
            "Vattnet på {p} är brunt sedan i går kväll.",
            "Snön vid {p} är inte plogad och min mamma kommer inte ut med rullatorn.",
            "Lekplatsen bredvid {p} har en trasig gunga.",
            "Det saknas en cykelväg mellan {p} och skolan.",
        ),
        (
            "Det har blivit farligt för barnen som går till skolan där.",
            "Jag har ringt två gånger men ingen har återkommit.",
            "Flera grannar har märkt samma sak under {n} dagar.",
            "I fjol tog det {n} veckor innan någon kom.",
            "Kan ni säga när det blir gjort?",
            "Vi är {n} familjer som bor här och alla är lika oroliga.",
            "Det luktar illa och det kommer råttor.",
            "Jag skickar gärna fler bilder om det behövs.",
        ),
        ("Med vänlig hälsning", "Hälsningar", "Tack på förhand", "Mvh", "Vänligen"),
    ),
    "en": (
        ("Hello,", "Good morning,", "Dear Sir or Madam,", "Hi there,", "To whom it may concern,"),
        (
            "The street light outside {p} has been out for a week.",
            "There is a large hole in the road at {p}.",
            "The rubbish at {p} has not been collected since Monday.",
            "I would like to apply for a preschool place for my son, we live at {p}.",
            "Could you tell me what is happening with the building permit for {p}?",
            "The water at {p} has been brown since last night.",
            "The swing in the playground next to {p} is broken.",
        ),
        (
            "It has become dangerous for the children who walk to school there.",
            "I have called twice but nobody has come back to me.",
            "Several neighbours have noticed the same thing for {n} days.",
            "Last year it took {n} weeks before anybody came.",
            "Please let me know when it will be done.",
            "We are {n} families living here and all of us are worried.",
        ),
        ("Kind regards", "Best wishes", "Thank you", "Yours sincerely"),
    ),
    "fi": (
        ("Hei!", "Hyvää huomenta,", "Arvoisa vastaanottaja,", "Moi,"),
        (
            "Katuvalo osoitteessa {p} ei ole palanut viikkoon.",
            "Tiessä kohdassa {p} on suuri kuoppa.",
            "Roskia ei ole haettu osoitteesta {p} maanantain jälkeen.",
            "Haluaisin hakea päivähoitopaikkaa tyttärelleni, asumme osoitteessa {p}.",
            "Vesi osoitteessa {p} on ollut ruskeaa eilisillasta.",
            "Leikkipuiston keinu osoitteen {p} vieressä on rikki.",
        ),
        (
            "Siitä on tullut vaarallista lapsille, jotka kävelevät kouluun.",
            "Olen soittanut kaksi kertaa, mutta kukaan ei ole vastannut.",
            "Monet naapurit ovat huomanneet saman {n} päivän aikana.",
            "Viime vuonna siinä kesti {n} viikkoa.",
            "Voitteko kertoa, milloin se korjataan?",
        ),
        ("Ystävällisin terveisin", "Terveisin", "Kiitos etukäteen"),
    ),
}
LANGUAGES = ("sv", "sv", "sv", "sv", "sv", "sv", "sv", "en", "en", "fi")


class Texts:
    """An endless supply. `run` keeps the ids of one measurement apart from those of every other."""

    def __init__(self, run: str) -> None:
        self._run = run
        self._random = random.Random(run)

    def _person(self, number: int) -> tuple[str, str]:
        first, last = self._random.choice(FIRST), self._random.choice(LAST)
        plain = (first + "." + last).lower().translate(str.maketrans("åäöæø", "aaoao"))
        return f"{first} {last}", f"{plain}.{self._run}.{number}@{self._random.choice(HOSTS)}"

    def _text(self, details: int) -> tuple[str, str, str]:
        """Language, subject and text."""
        pick = self._random
        language = pick.choice(LANGUAGES)
        greetings, matters, more, closings = PHRASES[language]
        place = f"{pick.choice(STREETS)} {pick.randint(1, 140)}"
        matter = pick.choice(matters).format(p=place)
        sentences = [pick.choice(more).format(n=pick.randint(2, 60)) for _ in range(details)]
        lines = [pick.choice(greetings), "", f"{matter} {' '.join(sentences)}", "", pick.choice(closings)]
        return language, matter[: pick.randint(18, 60)].rstrip(" ."), "\n".join(lines)

    def post(self, number: int, *, addressed: bool) -> tuple[str, bytes, dict[str, str]]:
        """One signed post: its id, body and headers."""
        name, address = self._person(number)
        language, subject, text = self._text(3)
        values = {"text": f"{text}\n{name}", "subject": subject, "kind": "fel"}
        if number % 2:
            # Half of the systems that send us posts know the language; the other half leave it to us.
            values["language"] = language
        if addressed:
            values |= {"name": name, "email": address}
        body = json.dumps(values, ensure_ascii=False).encode()
        identity, now = f"msg_{self._run}_{number}", str(int(time.time()))
        key = base64.b64decode(SECRET.removeprefix("whsec_"))
        signature = hmac.digest(key, f"{identity}.{now}.".encode() + body, sha256)
        headers = {
            "webhook-id": identity,
            "webhook-timestamp": now,
            "webhook-signature": "v1," + base64.b64encode(signature).decode(),
        }
        return identity, body, headers

    def request(self, number: int, *, addressed: bool) -> tuple[str, bytes]:
        """That post as the bytes of an HTTP request."""
        identity, body, headers = self.post(number, addressed=addressed)
        lines = "".join(f"{key}: {value}\r\n" for key, value in headers.items())
        head = (
            f"POST /inbound/webform HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
            f"{lines}content-length: {len(body)}\r\n\r\n"
        )
        return identity, head.encode() + body

    def mail(self, number: int, *, attached: bool = False) -> tuple[str, str, bytes]:
        """One mail of about 2 KB, or of 200 KB: Message-ID, return path, and the bytes with CR LF."""
        name, address = self._person(number)
        _, subject, text = self._text(5)
        text += f"\n{name}\n07{self._random.randint(0, 99_999_999):08}\n"
        identity = f"{self._run}.{number}@{address.rpartition('@')[2]}"
        coded = base64.b64encode(subject.encode()).decode()
        plain = quopri.encodestring(text.encode()).decode().replace("\n", "\r\n")
        page = "".join(f"<p>{line}</p>" for line in text.split("\n") if line)
        page = (
            quopri.encodestring(f"<html><body>{page}</body></html>".encode()).decode().replace("\n", "\r\n")
        )
        part = "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        both = (
            f'Content-Type: multipart/alternative; boundary="in{number}"\r\n\r\n'
            f"--in{number}\r\nContent-Type: text/plain; charset=utf-8\r\n{part}{plain}\r\n"
            f"--in{number}\r\nContent-Type: text/html; charset=utf-8\r\n{part}{page}\r\n--in{number}--\r\n"
        )
        if attached:
            photo = base64.encodebytes(os.urandom(148_000)).decode().replace("\n", "\r\n")
            both = (
                f'Content-Type: multipart/mixed; boundary="out{number}"\r\n\r\n--out{number}\r\n{both}'
                f'--out{number}\r\nContent-Type: image/jpeg; name="IMG_{number}.jpg"\r\n'
                f'Content-Disposition: attachment; filename="IMG_{number}.jpg"\r\n'
                f"Content-Transfer-Encoding: base64\r\n\r\n{photo}--out{number}--\r\n"
            )
        host = address.rpartition("@")[2]
        mail = (
            f"Received: from mobile.{host} (unknown [192.0.2.{number % 250}])\r\n\tby mx.{host} (Postfix) "
            f"with ESMTPSA id 4Fx{number:07}\r\n\tfor <{CITY}>; Sun, 22 Nov 2026 09:12:44 +0100 (CET)\r\n"
            f"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/simple; d={host}; s=mail; t=1795335163;\r\n"
            f"\tbh={base64.b64encode(os.urandom(32)).decode()}; h=From:To:Subject:Date;\r\n"
            f"\tb={base64.b64encode(os.urandom(190)).decode()}\r\n"
            f"From: =?utf-8?B?{base64.b64encode(name.encode()).decode()}?= <{address}>\r\nTo: {CITY}\r\n"
            f"Subject: =?utf-8?B?{coded}?=\r\nDate: Sun, 22 Nov 2026 09:12:43 +0100\r\n"
            f"Message-ID: <{identity}>\r\nMIME-Version: 1.0\r\nX-Mailer: Post 16.0\r\n{both}"
        )
        return identity, address, mail.encode()

    def mails(self, count: int, *, attached_every: int = 0) -> Iterator[tuple[str, str, bytes]]:
        """So many mails, every n-th with an attachment."""
        for number in range(count):
            yield self.mail(number, attached=bool(attached_every) and number % attached_every == 0)
