"""Whether one person speaks, of what he has received or done, or of somebody of his: machines do not."""
# ruff: noqa: RUF001 - letters of other alphabets are the matter of this file

import re

_I = re.compile(
    r"(?<!\w)(?:jag|jeg|minä|ich|ik|je (?:suis|vous|ne|n'|l|m|te|le|vais|ser|peux|veu|voud|souh|confirm|accus|compr|pens)|j'ai|yo|io|eu|я|i(?:'ll|'m|'ve)|i (?:am|will|shall|have|had|confirm|would|received|write|want))(?!\w)"
    r"|我(?!们|們|司|局|方|公司|处|處|部|会|會)|私(?!ども)|(?<!\w)(?:저는|제가|저도|나는|내가|أنا|אני)(?!\w)"
    r"|(?<!\w)(?<!chúng )(?:tôi|saya|ben|én|aš|εγώ|recibí|he recibido|ho ricevuto|di aver ricevuto|recebi|rebut|otrzymał[ae]m|dostał[ae]m|obdržel[a]? jsem|dostal[a]? (?:jsem|som)|megkaptam|primi(?:o|la) sam|sam primi(?:o|la)|aldım|получил[а]?|отримав|отримала|έλαβα|sain|olen saanut|gavau|saņēmu|sain kätte|am primit eu)(?!\w)|استلمت|קיבלתי|(?:\A|[.!,] )(?:habe|bin|har (?:fått|läst|sett)) "
)
# "I", or a verb of receiving in the first person where the pronoun is left out
_DID = re.compile(
    r"(?<!\w)(?:(?:jag|jeg) har(?: [^\W\d]{1,9}){0,2}? [^\W\d]{2,20}(?:at|tt|it|rt|lt|dd|et)|i(?:'ve| have)(?: [^\W\d]{1,9}){0,1}? [^\W\d]{2,20}(?:ed|en|ought|ade|ent)|ich habe (?:[^\W\d]{1,25} ){0,8}?(?:[^\W\d]{1,8})?ge[^\W\d]{2,20}(?:t|en)"
    r"|ik heb (?:[^\W\d]{1,25} ){0,8}?(?:[^\W\d]{1,8})?ge[^\W\d]{2,20}(?:t|d|en)|j'ai (?:[^\W\d]{1,9} )?[^\W\d]{2,20}[éit]s?|(?:le |vi |gli )?ho (?:[^\W\d]{1,9} )?[^\W\d]{2,20}(?:ato|uto|ito|sso|tto|ata|uta|ita)|he [^\W\d]{2,20}[ai]do|[^\W\d]{2,20}(?:łem|łam)|i (?:also |just |even |first |then |already )?(?:[a-z]{2,12}ed|wrote|went|came|sent|paid|rang|told|saw|found|spoke|bought|took|gave|brought|put)|jag (?!hade|ville|skulle|kunde|borde|måste|ställde in)(?:[^\W\d]{2,12}(?:ade|rde|lde|gde|nde|kte|pte|ste)|skrev|gick|kom|såg|tog|gav|bad|stod)|jeg (?:ringte|ringede|skrev|gikk|gik|kom|sendte|betalte|var innom)|(?:soitin|kävin|kirjoitin|lähetin|maksoin|ilmoitin|pyysin|kysyin|yritin)|ich (?:rief|schrieb|ging|kam|schickte|bezahlte)|я [^\W\d]{2,20}(?:л|ла|лся|лась)|я [^\W\d]{2,20}(?:в|вся))(?!\w)"
)
_MINE = re.compile(
    r"(?:(?:[^\W\d]{1,9} ){0,2}?(?:il |la |o |a |i |le )?(?:min|mitt|vår|vårt|mein|meine|unser|unsere|my|our|mijn|onze|mon|notre|mi|nuestro|nuestra|mio|mia|nostro|nostra|meu|minha|nosso|nossa|mój|moja|nasz|nasza|můj|moje|náš|naše|môj|moj|naš|naša|мой|моя|наш|наша|мій)) ([^\W\d]{2,25}) (?:är|er|is|ist|est|è|está|esta|es|jest|je|har|has|hat|ha|tem|у|в|на)(?!\w)"
)
# "my builder is on holiday"


_GOT_NOTICE = re.compile(
    r"(?<!\w)(?:fick|får|fått|i (?:just |only |keep |always )?(?:get|got|getting|receive|received)|i've (?:got|received)|i have (?:got|received)|saan|sain|olen saanut|får|fikk|bekomme|bekam|erhalte|erhielt|kriege|krijg|kreeg|ontving|j'ai (?:bien |seulement )?(?:reçu|eu)|je reçois|recibo|recibí|he recibido|me llega|me llegó|ricevo|ho ricevuto|mi arriva|recebo|recebi|dostaję|dostałe?a?m|otrzymał[ae]m|chodí mi|přišl[ao] mi|dostal[a]? jsem|dostal[a]? som|получаю|получила?|приходит|отримую|отримав|отримала)(?: [^\s.!?]{1,20}){0,5}? (?:auto[- ]?(?:svar|repl|respon|matisk|matic|mat)|automaat|automat|respuesta auto|out[- ]of[- ]office|frånvaro|poissaolo|abwesenheits|afwezigheids|message d'absence|réponse auto|risposta auto|mensaje de ausencia|автоответ|автоматическ|автоматичн|bounce|studs|failure notice|undeliver|unzustellbar|olevererb)"
)
# who has got an automatic answer is a person
_MAY_NAME_NOTICE = re.compile(
    r"of.office|frånvaro|poissaolo|abwesenheit|afwezigheid|absence|ausencia|автомат|автоответ|bounce|studs|deliver|zustellbar|leverer"
)


_OF_YOU = re.compile(
    r"(?<!\w)(?:att|at|that|know|see|understand|vet|ser|förstår|forstår|ved|että|tiedän|näen|dass|weiß|sehe|dat|weet|zie|que|sais|vois|sé|veo|che|so|vedo|sei|vejo|że|wiem|widzę|že|vím|vidím|hogy|что|знаю|вижу|що),? (?:(?:jag|jeg|ich|ik|att|at|that|dass) ){0,2}?"
    r"(?:du|ni|dere|i|you|sinä|te|sie|ihr|u|je|jij|jullie|vous|tu|usted|ustedes|lei|voi|você|vocês|pan|pani|ty|вы|ви) (?:är|er|are|olet|olette|sind|seid|bist|bent|zijn|êtes|es|está|están|è|siete|jest|jste|jsi|sú|ste)(?!\w)|(?<!\w)(?:you're|that you are|know you are|see you are) "
)
# "I see that you are away"


def is_of_reader(clause: str) -> bool:
    """Whether the writer knows or sees something of the reader."""
    return _OF_YOU.search(clause) is not None


def speaks_of_self(text: str) -> bool:
    """Whether one person speaks: a machine says "we", or names nobody."""
    return _I.search(text) is not None


def tells_of_deed(clause: str) -> bool:
    """Whether it says "I have done" something, whatever it is."""
    return _DID.search(clause) is not None


def tells_of_notice(text: str) -> bool:
    """Whether the writer says that he got an automatic answer, or that his mail came back."""
    return ("auto" in text or _MAY_NAME_NOTICE.search(text) is not None) and _GOT_NOTICE.search(
        text
    ) is not None


def whose_absence(clause: str) -> str:
    """What "my" stands before at its beginning: "builder" in "my builder is on holiday"; else ""."""
    found = _MINE.match(clause.strip())
    return found[1] if found else ""
