"""What the writer newly wrote, in many languages and mail programs."""

from email.message import EmailMessage

import pytest

from normalizer.email.mail import read_mail
from normalizer.email.markup import render
from normalizer.replies.quotes import find_new_text, split_subject

OWN = "Tack, det stämmer.\n\n/Anna"
HISTORY = "Hej!\n\nStämmer adressen?\n\nMaria"
QUOTED = "> Hej!\n>\n> Stämmer adressen?\n>\n> Maria"

ATTRIBUTIONS = {
    "sv gmail": "Den fre 20 nov. 2026 kl 08:13 skrev Kontakt <kontakt@example.com>:",
    "sv gmail wrapped": "Den fre 20 nov. 2026 kl 08:13 skrev Kontaktcenter i staden <\nkontakt@example.com>:",
    "sv apple": "20 nov. 2026 kl. 08:13 skrev Kontakt <kontakt@example.com>:",
    "sv thunderbird": "Den 2026-11-20 kl. 08:13, skrev Kontakt:",
    "en gmail": "On Fri, Nov 20, 2026 at 8:13 AM Kontakt <kontakt@example.com> wrote:",
    "en gmail wrapped": "On Fri, Nov 20, 2026 at 8:13 AM Kontaktcenter <kontakt@example.com>\nwrote:",
    "en wrapped early": "On Fri, Nov 20, 2026 at 8:13 AM\nKontaktcenter <kontakt@example.com> wrote:",
    "fi gmail": "pe 20. marrask. 2026 klo 8.13 Kontakt (kontakt@example.com) kirjoitti:",
    "fi apple": "Kontakt <kontakt@example.com> kirjoitti 20.11.2026 kello 8.13:",
    "no gmail": "fre. 20. nov. 2026 kl. 08:13 skrev Kontakt <kontakt@example.com>:",
    "da gmail": "Den fre. 20. nov. 2026 kl. 08.13 skrev Kontakt <kontakt@example.com>:",
    "de gmail": "Am Fr., 20. Nov. 2026 um 08:13 Uhr schrieb Kontakt <kontakt@example.com>:",
    "de thunderbird": "Am 20.11.26 um 08:13 schrieb Kontakt:",
    "nl gmail": "Op vr 20 nov 2026 om 08:13 schreef Kontakt <kontakt@example.com>:",
    "fr gmail": "Le ven. 20 nov. 2026 à 08:13, Kontakt <kontakt@example.com> a écrit :",
    "es gmail": "El vie, 20 nov 2026 a las 8:13, Kontakt (<kontakt@example.com>) escribió:",
    "it gmail": "Il giorno ven 20 nov 2026 alle ore 08:13 Kontakt <kontakt@example.com> ha scritto:",
    "pl gmail": "pt., 20 lis 2026 o 08:13 Kontakt <kontakt@example.com> napisał(a):",
    "pt gmail": "Em sex., 20 de nov. de 2026 às 08:13, Kontakt <kontakt@example.com> escreveu:",
    "ru gmail": "пт, 20 нояб. 2026 г. в 08:13, Kontakt <kontakt@example.com>:",
    "tr gmail": "Kontakt <kontakt@example.com>, 20 Kas 2026 Cum, 08:13 tarihinde şunu yazdı:",
    "ar gmail": "في الجمعة، 20 نوفمبر 2026 في 8:13 ص تمت كتابة ما يلي بواسطة Kontakt <kontakt@example.com>:",
    "ja gmail": "2026年11月20日(金) 8:13 Kontakt <kontakt@example.com>:",
    "he gmail": "\u202bבתאריך יום ו׳, 20 בנוב׳ 2026 ב-8:13 מאת \u202aKontakt\u202c\u200f <\u202akontakt@example.com\u202c\u200f>:\u202c",
    "ar digits": "في ٢٠ نوفمبر ٢٠٢٦، الساعة ٨:١٣ ص، كتب Kontakt <kontakt@example.com>:",
    "th": "เมื่อ 20 พ.ย. 2569 เวลา 08:13 Kontakt <kontakt@example.com> เขียนว่า:",
    "hy gmail": "ուրբ, 20 նոյ, 2026 թ., 08:13 Kontakt <kontakt@example.com>-ն գրել է՝",
    "sl thunderbird": "Dne 20. 11. 26 ob 08:13 je Kontakt napisal(a):",
    "ko thunderbird": "2026-11-20 오전 8:13에 Kontakt 이(가) 쓴 글:",
    "groupwise": ">>> Kontakt <kontakt@example.com> 11/20/2026 8:13 AM >>>",
    "de gmail mobile wrapped": "Kontakt <\nkontakt@example.com> schrieb am Fr., 20. Nov. 2026, 08:13:",
    "pt wrapped": "Kontakt <kontakt@example.com> escreveu (sexta, 20/11/2026 à(s)\n08:13):",
    "zh wrapped": "Kontakt <kontakt@example.com> 于2026年11月20日周五\n08:13写道：",
    "hu": "Kontakt <\nkontakt@example.com> ezt írta (időpont: 2026. nov. 20., P, 8:13):",
    "zoho": "---- On Fri, 20 Nov 2026 08:13:45 +0100 Kontakt <kontakt@example.com> wrote ----",
    "sony": "---- Kontakt skrev ----",
    "tutanota": "20 nov. 2026 08:13 av kontakt@example.com:",
    "no date": '"Kontakt" <kontakt@example.com> skrev:',
    "a monday": "On Mon, Nov 16, 2026 at 8:13 AM, Kontakt wrote:",
    "a name that is a pronoun too": "Mina Ek <mina@example.com> kirjoitti 20.11.2026 kello 8.13:",
    "name, address and verb on lines of their own": "Kontakt\n<kontakt@example.com>\nezt írta (2026. nov. 20., 8:13):",
    "date, name and address on lines of their own": "Më 20 nën 2026 në 08:13\nKontakt (Center)\n<kontakt@example.com> shkroi:",
    "an address as a link": "On 20 Nov 2026 at 08:13, Kontakt <[kontakt@example.com](mailto:kontakt@example.com)> wrote:",
    "a verb that no list knows": "2026 оны 11-р сарын 20, Ба 08:13 цагт Kontakt <kontakt@example.com> бичсэн:",
    "yahoo": "Den fredag 20 november 2026 08:13:45 CET, Kontakt <kontakt@example.com> skrev:",
}


@pytest.mark.parametrize("attribution", ATTRIBUTIONS.values(), ids=ATTRIBUTIONS.keys())
@pytest.mark.parametrize("history", [HISTORY, QUOTED], ids=["unmarked", "marked"])
def test_what_stands_under_an_attribution_line_is_history(attribution, history):
    assert find_new_text(f"{OWN}\n\n{attribution}\n\n{history}\n", is_reply=True) == OWN


HEADER_BLOCKS = {
    "sv": "Från: Kontakt <kontakt@example.com>\nSkickat: den 20 november 2026 08:13\nTill: Anna <anna@example.org>\nÄmne: Adress",
    "sv bold": "*Från:* Kontakt <kontakt@example.com>\n*Skickat:* den 20 november 2026 08:13\n*Till:* Anna\n*Ämne:* Adress",
    "en": "From: Kontakt <kontakt@example.com>\nSent: Friday, November 20, 2026 8:13 AM\nTo: Anna <anna@example.org>\nSubject: Adress",
    "fi": "Lähettäjä: Kontakt <kontakt@example.com>\nLähetetty: perjantai 20. marraskuuta 2026 8.13\nVastaanottaja: Anna\nAihe: Adress",
    "no": "Fra: Kontakt <kontakt@example.com>\nSendt: fredag 20. november 2026 08:13\nTil: Anna\nEmne: Adress",
    "da": "Fra: Kontakt <kontakt@example.com>\nSendt: 20. november 2026 08:13\nTil: Anna\nCc: Bo\nEmne: Adress",
    "de": "Von: Kontakt <kontakt@example.com>\nGesendet: Freitag, 20. November 2026 08:13\nAn: Anna\nBetreff: Adress",
    "nl": "Van: Kontakt <kontakt@example.com>\nVerzonden: vrijdag 20 november 2026 08:13\nAan: Anna\nOnderwerp: Adress",
    "fr": "De : Kontakt <kontakt@example.com>\nEnvoyé : vendredi 20 novembre 2026 08:13\nÀ : Anna\nObjet : Adress",
    "es": "De: Kontakt <kontakt@example.com>\nEnviado: viernes, 20 de noviembre de 2026 8:13\nPara: Anna\nAsunto: Adress",
    "it": "Da: Kontakt <kontakt@example.com>\nInviato: venerdì 20 novembre 2026 08:13\nA: Anna\nOggetto: Adress",
    "pl": "Od: Kontakt <kontakt@example.com>\nWysłano: piątek, 20 listopada 2026 08:13\nDo: Anna\nTemat: Adress",
    "pt": "De: Kontakt <kontakt@example.com>\nEnviado: sexta-feira, 20 de novembro de 2026 08:13\nPara: Anna\nAssunto: Adress",
    "ar": "من: Kontakt <kontakt@example.com>\nتم الإرسال: 20 نوفمبر 2026 08:13\nإلى: Anna\nالموضوع: Adress",
    "ru": "От: Kontakt <kontakt@example.com>\nОтправлено: 20 ноября 2026 г. 8:13\nКому: Anna\nТема: Adress",
    "bg": "От: Kontakt\nИзпратено: 20.11.2026 8:13\nДо: Anna\nТема: Adress",
    "th": "จาก: Kontakt\nส่ง: 20 พฤศจิกายน 2026 08:13\nถึง: Anna\nเรื่อง: Adress",
    "id": "Dari: Kontakt\nDikirim: 20 November 2026 08:13\nKepada: Anna\nPerihal: Adress",
    "hi": "प्रेषक: Kontakt\nभेजा गया: 20 नवंबर 2026 08:13\nप्रति: Anna\nविषय: Adress",
    "lt": "Siuntėjas: Kontakt\nIšsiųsta: 2026-11-20 08:13\nGavėjas: Anna\nTema: Adress",
    "hu": "Feladó: Kontakt\nKüldve: 2026. november 20., péntek 8:13\nCímzett: Anna\nTárgy: Adress",
    "without colons": 'From "Kontakt" <kontakt@example.com>\nTo "Anna" <anna@example.org>\nDate 20.11.2026 08:13:45\nSubject Adress',
    "rows of a table": "| From | Kontakt<kontakt@example.com> |\n| Date | 11/20/2026 08:13 |\n| To | Anna<anna@example.org> |\n| Subject | Adress |",
    "tabs": "Från\tKontakt <kontakt@example.com>\nTill\tAnna\nDatum\t2026-11-20 08:13\nÄrende\tAdress",
    "names only": "From: Kontakt\nSent: 20 November 2026 08:13\nTo: Anna\nSubject: Something else",
    "many receivers": "From: Kontakt <kontakt@example.com>\nSent: 20 November 2026 08:13\nTo: Anna <anna@example.org>;\n Bo <bo@example.org>;\n Eva <eva@example.org>;\n Ulf <ulf@example.org>\nSubject: Adress",
    "no names, the same subject": "Abc: Kontakt\nDef: 20 foo 2026 08:13\nGhi: Anna\nJkl: RE: Adress",
    "no labels": "----------\nKontakt <kontakt@example.com>\n20.11.2026 08:13\nAnna <anna@example.org>\nAdress",
    "af": "Van: Kontakt <kontakt@example.com>\nGestuur: Vrydag, 20 November 2026 08:13\nAan: Anna <anna@example.org>\nOnderwerp: Adress",
    "mt, names only": "Minn: Kontakt\nMibgħut: 20 ta' Novembru 2026 08:13\nLil: Anna\nSuġġett: Adress",
    "uz, address on its own line": "Kimdan: Kontaktcenter i staden, enheten för teknik och fastighet\n<kontakt@example.com>\nYuborildi: 20-noyabr 2026 08:13\nKimga: Anna <anna@example.org>\nMavzu: Adress",
    "km, subject first": "ប្រធានបទ: Adress\nពី: Kontakt <kontakt@example.com>\nបានផ្ញើ: 20 វិច្ឆិកា 2026 08:13\nទៅ: Anna <anna@example.org>",
    "ga, every line end twice": "Ó: Kontakt <kontakt@example.com>\n\nSeolta: 20 Samhain 2026 08:13\n\nChuig: Anna <anna@example.org>\n\nÁbhar: Adress",
    "receivers wrapped": "From: Kontakt\nSent: 20 November 2026 08:13\nTo: Anna Ek; Bo Ek; Eva Ek; Ulf\nEk; Siv Ek\nCc: Per\nSubject: Adress",
    "addresses twice": "From: Kontakt <kontakt@example.com<mailto:kontakt@example.com>>\nSent: 20 November 2026 08:13\nTo: Anna\nSubject: Adress",
    "name and moment": "Kontakt <kontakt@example.com>\n20.11.2026 08:13\n\nTo\nanna@example.org",
    "a language without a table": "Xyz: Kontakt <kontakt@example.com>\nAbc: 20 foo 2026 08:13\nDef: Anna <anna@example.org>\nGhi: Adress",
}


@pytest.mark.parametrize("block", HEADER_BLOCKS.values(), ids=HEADER_BLOCKS.keys())
def test_what_stands_under_a_block_of_headers_is_history(block):
    assert find_new_text(f"{OWN}\n\n{block}\n\n{HISTORY}\n", subject="SV: Adress") == OWN


@pytest.mark.parametrize(
    "line",
    [
        "-----Ursprungligt meddelande-----",
        "-----Original Message-----",
        "-------- Alkuperäinen viesti --------",
        "---- Ursprüngliche Nachricht ----",
        "----- Mensaje original -----",
        "________________________________\nFrån: Kontakt <kontakt@example.com>\nSkickat: 2026-11-20 08:13\nTill: Anna",
        "##- Please type your reply above this line -##",
        "##- Bitte geben Sie Ihre Antwort oberhalb dieser Zeile ein -##",
        "--- Skriv ditt svar ovanför denna rad ---",
        "---- Replied Message ----\n| From | Kontakt<kontakt@example.com> |\n| Date | 11/20/2026 08:13 |\n| To | Anna |",
    ],
)
def test_what_stands_under_a_separator_is_history(line):
    assert find_new_text(f"{OWN}\n\n{line}\n{HISTORY}\n", is_reply=True) == OWN


@pytest.mark.parametrize(
    "line",
    [
        "Skickat från min iPhone",
        "Skickat från Outlook för iOS",
        "Hämta Outlook för Android<https://aka.example.net/x>",
        "Sent from my iPhone",
        "Sent from my Samsung Galaxy smartphone.",
        "Get Outlook for iOS",
        "Lähetetty iPhonesta",
        "Sendt fra min iPad",
        "Von meinem iPhone gesendet",
        "Verzonden vanaf mijn iPhone",
        "Envoyé de mon iPhone",
        "Enviado desde mi iPhone",
        "Inviato da iPhone",
        "Wysłane z iPhone'a",
        "Enviado do meu iPhone",
        "أرسلت من الـ iPhone",
        "Az iPhone készülékemről küldve",
        "Đã gửi từ iPhone của tôi",
        "iPhone'umdan gönderildi",
        "Android için Outlook'u edinin",
        "Poslano iz mojega iPhona",
        "Sent with [Proton Mail](https://proton.example.net/home) secure email.",
        "Sent via Superhuman ( https://superhuman.example.net/?vip=anna@example.org )",
        "Sent from Nine",
        "Télécharger Outlook pour iOS<https://aka.example.net/x>",
        "Pobierz aplikację Outlook dla systemu iOS",
        "Sent with Aqua Mail for Android\nhttps://aqua.example.net/mail",
    ],
)
def test_the_line_that_a_telephone_adds_is_not_the_persons(line):
    assert find_new_text(f"{OWN}\n\n{line}\n\n{ATTRIBUTIONS['sv gmail']}\n{QUOTED}") == OWN
    assert find_new_text(f"{OWN}\n\n{line}") == OWN


@pytest.mark.parametrize(
    "text",
    [
        "Skickat från kommunen kom i dag ett brev som jag inte förstår.",
        "Frågor:\n1: Var ligger det?\n2: När öppnar ni?\nTack: Anna",
        "Den 3 november skrev jag följande till er:\n\nHej, lampan är trasig.\n\nInget svar har kommit.",
        "Namn: Anna\nTelefon: 070-174 06 05\nE-post: anna@example.org\nÄrende: Trasig lampa",
        "> är större än, < är mindre än",
        "Hej\n--\nDet är två lampor som är släckta, den ena vid porten till det gula huset och den andra längst bort vid parken, och båda behöver bytas i år.",
        "Jag vill:\n- ha svar\n- få veta varför\n---\nTack",
        "Original message from my neighbour: sluta parkera här.",
        "Hej,\n\nOn Monday 16 Nov 2026 at 08:13 my neighbour wrote:\n\nYou must move the car.\n\nIs that right?",
        "Så här skrev ni den 20 november 2026 kl 08:13:\nVi kommer på måndag.\nIngen kom!",
        "Namn: Anna Ek\nE-post: anna@example.org\nDatum: 2026-11-20 08:13\nÄmne: Hål i vägen\nMeddelande: Laga hålet",
        "Sent from my point of view this is bad.\nSent from my point of view this is bad.",
        "Från: Storgatan\nTill: Kyrkan är det mörkt.",
        "Jag vill boka resa.\n\nFrån: Storgatan 3\nTill: Lasarettet\nDatum: 2026-11-20 10:30\nÄmne: läkarbesök\n\nMvh Bo",
        "Från: 2026-11-20 08:00\nTill: 2026-11-20 16:00\nBarn: Lisa\nDatum: i dag",
        "Datum: 2026-11-20 10:00\nFrån: Storgatan\nTill: Lasarettet\nE-post: anna@example.org\nÄrende: resa",
        "Uppgifter:\n\nE-post: anna@example.org\nDatum: 2026-11-20 10:00\nFrån: Storgatan\nTill: Lasarettet",
        "Namn: Bo Ek <bo@example.org>\nDatum: 2026-11-20 08:13\nPlats: Norrby\nAntal: 4\n\nKan vi boka?",
        "Hej,\n\nMin granne Karin Ås (karin@example.net) skrev den 20 november 2026:\n\nDu får inte elda.\n\nFår hon det?",
        "Hello\n\nI wrote on 20 November 2026 at 08:13 to kontakt@example.com:\n\nMy lamp is broken.",
        "Guten Tag,\n\nich habe es am 20.11.2026 um 08:13 Uhr an Herrn Meier (meier@example.com) geschickt. Er schrieb:\n\nWird erledigt.",
        "Madame,\n\nle 20 novembre 2026 à 08:13 mon voisin m'a écrit :\n\nJe continue.\n\nQue faire ?",
        "5 июня 2026 в 17:45 сосед мне написал:\n\nНе перестану.",
        "Mötet var den 20/11 2026 kl 10:15\nAnna skrev:\nvi ställer in\n\nVarför?",
        "Så var det den 20 november 2026 kl 10:15 som Anna skrev\natt hon inte kommer.",
        "Hej, jag väntar på svar om min ansökan och skickar den igen nu när det blivit vår.\n\nVidarebefordrat meddelande från min granne:\n\nDet är halt.\n\nDet håller jag med om.",
        "Lampan är trasig\n--\nVägen är hal\n--\nSkräp i parken",
        "Saldo:\n--\n400 kr fattas",
        "Han sade:\n— Nej.\n— Jo.\n—\nSen gick vi.",
        "Hej\n\nBilden skickade jag med min iPhone.",
        "Guten Tag,\n\nder Lärm ist laut.\nVon meinem Balkon gesehen",
        "Hej\n\nLoggen:\n\n2026-11-20 08:13:45 anna@example.org inloggad:\n2026-11-20 08:14:10 anna@example.org fel:\n\nKan ni öppna kontot?",
        "*** VIKTIGT ***\nBron är hal\n*** VIKTIGT ***",
        "Vem: Bo Ek <bo@example.org>\nNär: 2026-11-20 22:10\nVar: porten\nVad: rök",
        "Till: Miljönämnden\nFrån: Per Å, Sjövägen 9\nDatum: 2026-11-20\nÄmne: Överklagande\n\nJag överklagar.",
        "Jag har Outlook för Android\n\nMvh Bo",
        'På lappen stod: "Den 20 november 2026 kl. 10:00 stängs vattnet av, skrev bolaget"\nIngen sa vilken tid det kommer tillbaka:\nvet ni?',
        "## Rubrik\n\n| Dag | Tid |\n|-----|-----|\n| Mån | 10:00 |\n\nSlut.",
    ],
)
@pytest.mark.parametrize("is_reply", [False, True], ids=["first mail", "reply"])
def test_words_of_the_person_stay(text, is_reply):
    # A line of ">" signs in a reply is a quotation.
    if not text.startswith(">") or not is_reply:
        assert find_new_text(text, subject="Fråga", is_reply=is_reply) == text


@pytest.mark.parametrize(
    "text", ["Vi använder Android och Outlook", "Paketet med Samsung skickades", "Jag har en iPhone"]
)
def test_an_answer_of_one_line_about_a_telephone_is_no_signature(text):
    assert find_new_text(f"{text}\n\n{ATTRIBUTIONS['sv gmail']}\n{QUOTED}", is_reply=True) == text


def test_the_quoted_text_may_begin_on_the_line_of_its_attribution():
    line = "  Den fre 20 nov. 2026 kl. 08:13, Kontakt<kontakt@example.com> skrev:   Hej!"
    assert find_new_text(f"{OWN}\n\n{line}\nStämmer adressen?", is_reply=True) == OWN


def test_a_short_answer_between_two_long_quoted_lines_is_not_their_wrapped_rest():
    question = "> Är det den lampa som står närmast busshållplatsen på den norra sidan av vägen"
    text = f"{ATTRIBUTIONS['sv gmail']}\n{question}?\nja\n{question}?\nNej\n"
    assert find_new_text(text, is_reply=True).split() == ["ja", "Nej"]
    assert find_new_text(f"{OWN}\n\n{question} mot\nskolan\n> nu?", is_reply=True) == OWN


def test_a_hard_space_makes_no_difference_to_the_signature_mark():
    assert find_new_text(f"{OWN}\n\n--\xa0\nAnna Ek\nStorgatan 1", is_reply=True) == OWN


def test_answers_between_the_quoted_lines_stay_and_the_quotes_go():
    text = "On 2026-11-20, Bo wrote:\n> Vilken dag?\n\nMåndag.\n\n> Vilken tid?\n\nKlockan tio.\n\n-- \nAnna\nStorgatan 1\n"
    assert find_new_text(text, is_reply=True) == "Måndag.\n\nKlockan tio."


@pytest.mark.parametrize(
    "above",
    [
        "-----Original Message-----\nFrom: Kontakt <kontakt@example.com>\nSent: 20.11.2026 8:13\nTo: Anna\n\n",
        "\u2010\u2010\u2010 Original Message \u2010\u2010\u2010\nOn Friday, 2026, Kontakt <kontakt@example.com> wrote:\n",
        "2026-11-20 08:13, Kontakt xyz:\n",
        "Quoting Kontakt <kontakt@example.com>:\n",
    ],
)
def test_an_answer_below_a_marked_quote_stays_whatever_stands_above_it(above):
    assert find_new_text(f"{above}{QUOTED}\n\n{OWN}", is_reply=True) == OWN


def test_an_answer_below_the_quote_stays():
    assert find_new_text(f"{ATTRIBUTIONS['en gmail']}\n{QUOTED}\n\n{OWN}", is_reply=True) == OWN


@pytest.mark.parametrize(
    "text",
    [
        "Jag vill:\n\n> ha svar\n> få veta\n\nTack",
        "Gäller det här?\n> Hundar ska vara kopplade.\nÄven i skogen?",
    ],
)
def test_lines_with_the_sign_of_quotation_that_quote_nothing_are_the_persons(text):
    assert find_new_text(f"{text}\n\n{ATTRIBUTIONS['sv gmail']}\n{QUOTED}", is_reply=True) == text
    assert find_new_text(f"{text}\n\n{HEADER_BLOCKS['sv']}\n\n{HISTORY}", is_reply=True) == text


def test_a_line_that_is_repeated_from_the_history_is_a_quotation():
    text = f"Hej!\n\n> Stämmer adressen?\n\nJa.\n\n{HEADER_BLOCKS['sv']}\n\n{HISTORY}"
    assert find_new_text(text, is_reply=True) == "Hej!\n\nJa."


def test_a_line_with_a_moment_above_a_block_of_headers_is_no_part_of_it():
    own = "Kan ni komma?\n\nVem: jag, när: 2026-11-20 14:05\n\nTack"
    for line in ("Tack", "Dag: 2026-11-20 14:05"):
        text = own.replace("Tack", line)
        assert find_new_text(f"{text}\n\n{HEADER_BLOCKS['sv']}\n\n{HISTORY}", is_reply=True) == text


def test_answers_that_nothing_marks_are_not_lost_with_the_history_above_them():
    text = f"{ATTRIBUTIONS['sv gmail']}\n\n{HISTORY}\n\n{OWN}"
    assert find_new_text(text, is_reply=True) == text


@pytest.mark.parametrize(
    ("above", "mark"),
    [
        ("Friday, November 20, 2026, 8:13:45 AM, you wrote:", "KC> "),
        (
            '----------------\nКому: anna@example.org;\nТема: Adress;\n20.11.2026, 08:13, "Kontakt" <kontakt@example.com>:',
            "> ",
        ),
        ("2026-11-20 8:13 GMT+01:00 Kontakt <kontakt@example.com>", "> "),
        ("Kontakt spake thusly on 20 Nov 2026:", "> "),
    ],
)
def test_quotes_of_less_common_programs_go_with_the_line_above_them(above, mark):
    quoted = "\n".join(mark + line for line in HISTORY.split("\n"))
    assert find_new_text(f"{above}\n{quoted}\n\n{OWN}", is_reply=True) == OWN


def test_a_writer_who_says_that_answers_stand_below_keeps_everything():
    text = f"Hej, se svar i rött.\n\n{HEADER_BLOCKS['sv']}\n\nVilken dag? Måndag."
    assert find_new_text(text, subject="SV: Tid") == text


@pytest.mark.parametrize(
    ("subject", "above"),
    [
        ("VB: Räkning", ""),
        ("Fwd: Räkning", "FYI\n\n"),
        ("FW: Räkning", "För kännedom\n\n/Anna\n\n"),
        ("Räkning", "Se nedan.\n\n"),
        (
            "VB: Räkning",
            "Till er.\n\nMed vänliga hälsningar\n\nAnna Ek\nHandläggare, Bolaget AB\n08-465 004 10\nanna@example.org, www.example.org\n\n",
        ),
    ],
)
def test_a_forwarded_mail_without_words_of_its_own_is_kept_whole(subject, above):
    text = f"{above}---------- Forwarded message ---------\n{HEADER_BLOCKS['en']}\n\nBetala 412 kr."
    assert find_new_text(text, subject=subject) == text


def test_a_finnish_answer_is_no_forwarded_mail_and_a_danish_forward_is_no_answer():
    assert find_new_text(f"Kiitos!\n\n{HEADER_BLOCKS['fi']}\n\n{HISTORY}", subject="VS: Adress") == "Kiitos!"
    text = f"Til orientering\n\n{HEADER_BLOCKS['da']}\n\n{HISTORY}"
    assert find_new_text(text, subject="VS: Adress") == text


LABELLED = [
    "Resan:\n\nFrån: vån 3\nTill: vån 4\nDatum: 2026-02-08 01:00\nÄmne: musik",
    "from: a@example.org\ndate: 2026-11-20 08:13\nto: b@example.org\ndet skrev jag i formuläret",
    "Bo Ek <bo@example.org>\nDatum: 2026-11-20 08:13\nHan såg det.",
]


@pytest.mark.parametrize("own", LABELLED)
def test_labels_of_the_persons_own_below_a_quotation_are_no_header(own):
    assert find_new_text(f"{ATTRIBUTIONS['sv gmail']}\n{QUOTED}\n\n{own}", is_reply=True) == own


def test_labels_at_the_top_of_an_answer_are_no_header():
    assert (
        find_new_text(f"{LABELLED[1]}\n\n{ATTRIBUTIONS['sv gmail']}\n{QUOTED}", is_reply=True) == LABELLED[1]
    )


def test_labels_without_any_moment_are_no_header():
    own = "Jag går:\n\nVon: Bahnhof\nAn: Rathaus\nCc: bo@example.org\nKlart."
    assert find_new_text(own, subject="SV: Adress") == own


@pytest.mark.parametrize(
    "own",
    [
        "Hej\n----------\nNi skrev: vilken port?\nSvar: den mot gården",
        "Hej\n____________________\nTelefon: 070-174 06 11\nVar: porten",
        "Så här:\n\nGrannen Bo Ek skrev den 3 mars 2026 kl 14:07:\n\nJag slutar inte.\n\nFår han?",
    ],
)
def test_what_stands_above_a_stronger_sign_of_history_is_the_persons(own):
    assert find_new_text(f"{own}\n\n{ATTRIBUTIONS['sv gmail']}\n{QUOTED}", is_reply=True) == own


def test_the_line_that_leads_in_a_further_quotation_is_the_persons():
    text = f"{ATTRIBUTIONS['sv thunderbird']}\n> Hej\n\nDu skrev:\n> Är det högt?\n\nJa.\n\nSedan skrev du:\n> Ofta?\n\nNej."
    assert find_new_text(text, is_reply=True).split() == [
        "Du",
        "skrev:",
        "Ja.",
        "Sedan",
        "skrev",
        "du:",
        "Nej.",
    ]


@pytest.mark.parametrize("sign", ["| ", ": ", "    ", "\t"])
def test_an_answer_below_a_quotation_under_another_sign_stays(sign):
    quoted = "\n".join((sign + line).rstrip() if line else "" for line in HISTORY.split("\n"))
    attribution = ATTRIBUTIONS["fi apple"]
    assert find_new_text(f"{attribution}\n\n{quoted}\n\n{OWN}", is_reply=True) == OWN
    assert find_new_text(f"{OWN}\n\n{attribution}\n\n{quoted}", is_reply=True) == OWN


@pytest.mark.parametrize(
    "header",
    [
        "Maria Ek/Norrby/SE\n20.11.2026 08:13\n\nTo\nAnna Ek <anna@example.org>\ncc\n\nSubject\nRe: Adress\n",
        "Maria Ek ---20/11/2026 08:13:45---Hej!\n\nFrom: Maria Ek/Norrby\nTo: anna@example.org\nDate: 20/11/2026 08:13\nSubject: Re: Adress\n",
    ],
)
def test_the_headers_of_notes_begin_history(header):
    assert find_new_text(f"{OWN}\n\n{header}\n{HISTORY}", is_reply=True) == OWN


@pytest.mark.parametrize(
    "own",
    [
        "Brevet är\nSent from my lawyer\ni mars.",
        "Hej\n\nSent from my office.",
        "Gränsen ska vara\n> 40 grader.\nVem mäter?",
    ],
)
def test_lines_of_a_sentence_that_look_like_a_mail_programs_stay(own):
    assert find_new_text(own.replace("vara\n", "vara här ute\n"), is_reply=True) == own.replace(
        "vara\n", "vara här ute\n"
    )


def test_a_line_drawn_above_something_else_than_a_header_begins_no_history():
    line = '<div style="border:none;border-top:solid red 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
    own = f"<p>Hej</p>{line}<p>Viktigt att veta</p></div><p>Tack</p>"
    for header in ("", f"{line}<p><b>Från:</b> Kontakt</p></div><p>Hej!</p>"):
        shown = render(own + header)
        new = find_new_text(shown.text, is_reply=True, quoted_from=shown.quoted_from)
        assert new.split() == ["Hej", "Viktigt", "att", "veta", "Tack"]


@pytest.mark.parametrize("quoted", ["", '<div class="gmail_signature">Maria</div>'], ids=["own", "both"])
def test_a_signature_that_only_the_html_marks_goes_also_when_the_plain_form_was_cut(quoted):
    plain = f"Ja, torsdag.\n\nAnna Ek\nStorgatan 1\n\n{ATTRIBUTIONS['sv apple']}\n\n{QUOTED}\n"
    html = (
        '<div>Ja, torsdag.</div><div class="gmail_signature">Anna Ek<br>Storgatan 1</div><div class="gmail_quote">'
        f"{ATTRIBUTIONS['sv apple']}<blockquote>{HISTORY}{quoted}</blockquote></div>"
    )
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "anna@example.org", "Re: Adress"
    mail.set_content(plain)
    mail.add_alternative(html, subtype="html")
    assert read_mail(mail.as_bytes()).new_text == "Ja, torsdag."


def test_a_reply_that_is_nothing_but_quoted_text_has_no_new_text():
    assert find_new_text(f"{ATTRIBUTIONS['sv gmail']}\n\n{QUOTED}", is_reply=True) == ""


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Re: Hej", ("re", "Hej")),
        ("SV: VB: Hej", ("sv", "Hej")),
        ("RE[2]: Hej", ("re", "Hej")),
        ("VB: SV: Hej", ("vb", "Hej")),
        ("Lampa: trasig", ("", "Lampa: trasig")),
        ("回复：你好", ("回复", "你好")),
        ("", ("", "")),
    ],
)
def test_prefixes_of_a_subject_are_told_from_its_words(subject, expected):
    assert split_subject(subject) == expected
