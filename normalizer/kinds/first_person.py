"""Whether one person speaks, of what he has received or done, or of somebody of his: machines do not."""
# ruff: noqa: RUF001 - letters of other alphabets are the matter of this file

import re

_I = re.compile(
    r"(?<!\w)(?:jag|jeg|minä|ich|ik|je (?:suis|vous|ne|n'|l|m|te|le|vais|ser|peux|veu|voud|souh|confirm|accus|compr|pens)|j'ai|yo|io|eu|я|i(?:'ll|'m|'ve)|i (?:am|will|shall|have|had|confirm|would|received|write|want))(?!\w)"
    r"|我(?!们|們|司|局|方|公司|处|處|部|会|會)|私(?!ども)|(?<!\w)(?:저는|제가|저도|나는|내가|أنا|אני)(?!\w)"
    r"|(?<!\w)(?<!chúng )(?:tôi|saya|ben|én|aš|εγώ|recibí|he recibido|ho ricevuto|di aver ricevuto|recebi|rebut|otrzymał[ae]m|dostał[ae]m|obdržel[a]? jsem|dostal[a]? (?:jsem|som)|megkaptam|primi(?:o|la) sam|sam primi(?:o|la)|aldım|получил[а]?|отримав|отримала|έλαβα|sain|olen saanut|gavau|saņēmu|sain kätte|am primit eu)(?!\w)|استلمت|קיבלתי"
)
# "I", or a verb of receiving in the first person where the pronoun is left out
_DID = re.compile(
    r"(?<!\w)(?:(?:jag|jeg) har(?: [^\W\d]{1,9}){0,2}? [^\W\d]{2,20}(?:at|tt|it|rt|lt|dd|et)|i(?:'ve| have)(?: [^\W\d]{1,9}){0,1}? [^\W\d]{2,20}(?:ed|en|ought|ade|ent)|ich habe (?:[^\W\d]{1,25} ){0,8}?(?:[^\W\d]{1,8})?ge[^\W\d]{2,20}(?:t|en)"
    r"|ik heb (?:[^\W\d]{1,25} ){0,8}?(?:[^\W\d]{1,8})?ge[^\W\d]{2,20}(?:t|d|en)|j'ai (?:[^\W\d]{1,9} )?[^\W\d]{2,20}[éit]s?|(?:le |vi |gli )?ho (?:[^\W\d]{1,9} )?[^\W\d]{2,20}(?:ato|uto|ito|sso|tto|ata|uta|ita)|he [^\W\d]{2,20}[ai]do|[^\W\d]{2,20}(?:łem|łam)|я [^\W\d]{2,20}(?:л|ла|лся|лась)|я [^\W\d]{2,20}(?:в|вся))(?!\w)"
)
_MINE = re.compile(
    r"(?:(?:[^\W\d]{1,9} ){0,2}?(?:il |la |o |a |i |le )?(?:min|mitt|vår|vårt|mein|meine|unser|unsere|my|our|mijn|onze|mon|notre|mi|nuestro|nuestra|mio|mia|nostro|nostra|meu|minha|nosso|nossa|mój|moja|nasz|nasza|můj|moje|náš|naše|môj|moj|naš|naša|мой|моя|наш|наша|мій)) ([^\W\d]{2,25}) (?:är|er|is|ist|est|è|está|esta|es|jest|je|har|has|hat|ha|tem|у|в|на)(?!\w)"
)
# "my builder is on holiday"


def speaks_of_self(text: str) -> bool:
    """Whether one person speaks: a machine says "we", or names nobody."""
    return _I.search(text) is not None


def tells_of_deed(clause: str) -> bool:
    """Whether it says "I have done" something, whatever it is."""
    return _DID.search(clause) is not None


def whose_absence(clause: str) -> str:
    """What "my" stands before at its beginning: "builder" in "my builder is on holiday"; else ""."""
    found = _MINE.match(clause.strip())
    return found[1] if found else ""
