"""How mail programs in many languages say who wrote what: labels, verbs, separators, signatures. Only data."""
# ruff: noqa: RUF001 - letters of other alphabets are the matter of this file

COLONS = (":", "：")

FROM_LABELS = frozenset(
    ("from", "från", "fran", "avsändare", "fra", "avsender", "afsender", "lähettäjä", "von", "absender", "van", "afzender", "de",
     "expéditeur", "remitente", "remetente", "da", "mittente", "od", "nadawca", "от", "від", "од", "feladó", "de la", "frá",
     "saatja", "kellelt", "no", "nuo", "kimden", "gönderen", "από", "من", "מאת", "از", "发件人", "寄件者", "寄件人", "差出人", "보낸 사람",
     "보낸사람", "จาก", "từ", "dari", "nga", "ji", "odesílatel", "odosielateľ", "expeditor", "pošiljatelj", "ka", "lähettaja")
)  # fmt: skip
OTHER_LABELS = frozenset(
    ("sent", "date", "to", "cc", "bcc", "subject", "reply-to", "importance", "attachments", "sent at", "sendt", "skickat", "datum", "till",
     "kopia", "ämne", "amne", "svar till", "dato", "til", "kopi", "emne", "lähetetty", "päiväys", "päivämäärä", "vastaanottaja",
     "vastaanottajat", "kopio", "aihe", "gesendet", "an", "betreff", "kopie", "datum", "verzonden", "aan", "onderwerp", "envoyé",
     "envoyé le", "à", "objet", "date d'envoi", "enviado", "enviado el", "enviado em", "para", "asunto", "assunto", "fecha", "data",
     "inviato", "a", "oggetto", "wysłane", "wysłano", "do", "dw", "temat", "отправлено", "дата", "кому", "копия", "тема",
     "надіслано", "копія", "послано", "за", "odesláno", "komu", "předmět", "odoslané", "predmet", "poslano", "za", "elküldve", "címzett",
     "címzettek", "tárgy", "másolat", "trimis", "către", "subiect", "sent", "sendt", "efni", "til", "saadetud", "teema", "kellele",
     "nosūtīts", "kam", "temats", "išsiųsta", "kam", "tema", "gönderildi", "gönderilme", "tarih", "kime", "kimlere", "konu", "bilgi",
     "στάλθηκε", "ημερομηνία", "προς", "θέμα", "تاريخ", "التاريخ", "إلى", "الى", "الموضوع", "تم الإرسال", "ارسال", "تاريخ الإرسال",
     "נשלח", "אל", "תאריך", "נושא", "תاریخ", "به", "موضوع", "发送时间", "日期", "收件人", "抄送", "主题", "寄件日期", "收件者", "副本",
     "主旨", "送信日時", "日時", "宛先", "件名", "보낸 날짜", "날짜", "받는 사람", "참조", "제목", "đã gửi", "ngày", "tới", "đến", "chủ đề",
     "tarixda", "taariikhda", "ku", "mawduuca", "dërguar", "për", "subjekti")
)  # fmt: skip

WROTE = (
    "wrote", "writes", "skrev", "skriver", "kirjoitti", "kirjoittaa", "schrieb", "schrieb am", "hat geschrieben", "écrit", "ecrit",
    "escribió", "escribio", "ha scritto", "scrisse", "scrive", "napisał", "napisała", "napisał(a)", "pisze", "escreveu", "schreef", "skrifaði",
    "kirjutas", "rakstīja", "rašė", "napsal", "napsala", "napísal", "írta", "ezt írta", "a scris", "scris", "написал", "написала",
    "пишет", "написа", "писал", "написав", "пише", "yazdı", "yazdi", "şunu yazdı", "έγραψε", "כתב", "כתבה", "كتب", "كتبت", "نوشت", "نوشته",
    "写道", "寫道", "写道：", "작성", "đã viết", "menulis", "je napisao", "je napisala", "napisao", "je napisal", "ha escrit", "ka shkruar",
    "shkroi", "ayaa qoray", "qoray", "nivîsî", "schreiben", "skreiv", "geschreven", "het volgende geschreven",
)  # fmt: skip
"""Verbs of "On <date> <somebody> wrote:"."""

BARE_ENDINGS = ("wrote", "skrev", "yazdı", "写道", "寫道", "작성", "schrieb")
"""The same without a colon."""

SEPARATORS = (
    "original message", "originalmeddelande", "ursprungligt meddelande", "ursprungligt brev", "ursprungligt mail", "alkuperäinen viesti",
    "alkuperäinen sanoma", "opprinnelig melding", "original melding", "oprindelig meddelelse", "original besked", "ursprüngliche nachricht",
    "originalnachricht", "original-nachricht", "oorspronkelijk bericht", "oorspronkelijke bericht", "message d'origine", "message original",
    "message d’origine", "mensaje original", "messaggio originale", "wiadomość oryginalna", "oryginalna wiadomość", "mensagem original",
    "исходное сообщение", "оригинальное сообщение", "původní zpráva", "pôvodná správa", "eredeti üzenet", "mesaj original",
    "originalna poruka", "izvorna poruka", "orijinal ileti", "özgün ileti", "αρχικό μήνυμα", "الرسالة الأصلية", "رسالة أصلية", "הודעה מקורית",
    "پیام اصلی", "原始邮件", "邮件原件", "原始郵件", "元のメッセージ", "원본 메시지", "algkiri", "algne kiri", "upphafleg skilaboð", "reply message",
    "svarmeddelande", "meddelande från",
)  # fmt: skip
FORWARDED = (
    "forwarded message", "forwarded by", "begin forwarded message", "vidarebefordrat meddelande", "vidarebefordrat brev",
    "vidarebefordrat mail", "vidarebefordrar", "start på vidarebefordrat", "välitetty viesti", "edelleenlähetetty viesti",
    "videresendt melding", "videresendt meddelelse", "videresendt besked", "videresend", "weitergeleitete nachricht",
    "anfang der weitergeleiteten", "weitergeleitet", "doorgestuurd bericht", "begin doorgestuurd bericht", "message transféré",
    "message transmis", "début du message réexpédié", "mensaje reenviado", "inicio del mensaje reenviado", "messaggio inoltrato",
    "inizio messaggio inoltrato", "przekazana wiadomość", "wiadomość przekazana", "mensagem encaminhada", "mensagem reencaminhada",
    "пересылаемое сообщение", "пересланное сообщение", "пересланное письмо", "переслане повідомлення", "přeposlaná zpráva",
    "továbbított üzenet", "mesaj redirecționat", "proslijeđena poruka", "prosleđena poruka", "iletilen mesaj", "iletilmiş mesaj",
    "προωθημένο μήνυμα", "رسالة معاد توجيهها", "رسالة محولة", "الرسالة المحولة", "הודעה שהועברה", "پیام بازارسال شده", "转发的邮件", "轉寄郵件", "転送されたメッセージ",
    "전달된 메시지", "edastatud kiri", "áframsent",
)  # fmt: skip

REPLY_PREFIXES = frozenset(
    ("re", "sv", "aw", "antw", "antwort", "vs", "ref", "rif", "odp", "res", "r", "ynt", "yanıt", "svar", "回复", "答复", "回覆", "答覆",
     "на", "отв", "ответ", "відп", "vast", "atb", "vá", "회신", "رد", "הב", "απ", "bls", "balas", "trả lời", "odg")
)  # fmt: skip
FORWARD_PREFIXES = frozenset(
    ("fw", "fwd", "vb", "vl", "wg", "tr", "rv", "i", "enc", "pd", "doorst", "vs", "vidarebefordrat", "i", "továbbítás", "továbbított",
     "ilt", "转发", "轉寄", "전달", "fs", "trs", "пересл", "переслано", "edasi", "proslijeđeno", "إعادة توجيه", "تحويل", "הע", "πρθ", "redir")
)  # fmt: skip

MOBILE_SIGNATURES = (
    "sent from my ", "sent from mail for", "sent from outlook", "sent from yahoo", "sent from proton", "sent from samsung", "sent via ",
    "sent with proton", "sent using ", "get outlook for", "sent from an ", "sent from a ",
    "skickat från ", "skickat fran ", "skickad från ", "skickad fran ", "skickat via ", "skickat med ", "hämta outlook för",
    "hämta outlook för", "skaffa outlook", "lähetetty ", "hanki outlook", "hae outlook", "lähetetty laitteesta",
    "sendt fra ", "send fra min", "sendt via ", "sendt med ", "hent outlook", "få outlook", "skaff outlook",
    "von meinem ", "gesendet von ", "gesendet mit ", "gesendet über ", "diese nachricht wurde von meinem", "holen sie sich outlook",
    "outlook für ", "laden sie outlook", "verzonden vanaf ", "verstuurd vanaf ", "verzonden met ", "verstuurd met ", "download outlook voor",
    "outlook voor ", "verzonden via ", "envoyé de ", "envoyé depuis ", "envoyé à partir de", "envoyé avec ", "télécharger outlook",
    "obtenir outlook", "obtenez outlook", "provenance : courrier", "enviado desde ", "enviado con ", "obtener outlook", "enviado do meu",
    "enviado a partir do", "enviado pelo ", "enviado de mi", "enviado do ", "obtenha o outlook", "obter o outlook", "baixe o outlook",
    "inviato da ", "inviato dal ", "scarica outlook", "ottieni outlook", "wysłane z ", "wysłano z ", "pobierz outlook", "pobierz program outlook",
    "отправлено с ", "отправлено из ", "надіслано з ", "скачать outlook", "odesláno z ", "odoslané z ", "elküldve ", "trimis de pe ",
    "poslano s ", "poslano sa ", "poslato sa ", "послато са ", "iphone'umdan gönderildi", "iphone’umdan gönderildi", "gönderildi", "στάλθηκε από ",
    "أرسلت من ", "أُرسلت من ", "تم الإرسال من ", "مرسل من ", "נשלח מה", "ارسال شده از ", "فرستاده شده از ", "发自我的", "從我的", "从我的", "iphoneから送信",
    "나의 iphone에서", "saadetud minu", "sent frá ", "sent fra min", "được gửi từ", "gửi từ ", "dikirim dari",
)  # fmt: skip
"""Beginnings, in lower case, of the line a telephone adds."""

ORDINARY_BEGINNINGS = (
    "skickat ", "skickad ", "lähetetty ", "sent via ", "sent using ", "sendt ", "gönderildi", "elküldve ", "enviado ", "inviato ", "sent from a",
)  # fmt: skip
"""Those of them that are ordinary words too: they count only when a device or a program is named."""

DEVICES = (
    "iphone", "ipad", "ipod", "android", "outlook", "samsung", "galaxy", "huawei", "xiaomi", "mobil", "telefon", "puhelim", "phone", "tablet",
    "yahoo", "gmail", "proton", "e-post", "mail", "windows", "telia", "sony", "motorola", "oneplus", "nokia", "pixel", "surfplatta", "blackberry",
    "handy", "laitte", "móvil", "celular", "app", "honor", "mac", "doro",
)  # fmt: skip

CLOSINGS = (
    "med vänlig", "vänlig", "mvh", "hälsning", "bästa hälsning", "allt gott", "med venlig", "venlig", "med vennlig", "vennlig", "hilsen", "best regards",
    "kind regards", "regards", "sincerely", "best wishes", "terveisin", "ystävällisin", "t. ", "terv", "mit freundlich", "freundliche", "viele grüße",
    "mfg", "met vriendelijke", "groet", "cordialement", "bien à vous", "saludos", "un saludo", "atentamente", "cordiali", "saluti", "z poważaniem",
    "pozdrawiam", "atenciosamente", "cumprimentos", "с уважением", "з повагою", "مع التحية", "saygılarımla",
)  # fmt: skip
"""Beginnings of the line above a writer's name."""

ANSWERS_INSIDE = (
    "svar nedan", "svarar nedan", "mina svar nedan", "se svar i ", "svar i rött", "kommentarer nedan", "svar i texten", "see below", "answers below",
    "comments below", "answers inline", "comments inline", "inline below", "in red below", "see inline", "reply inline", "vastaukset alla",
    "vastaan alle", "antworten unten", "siehe unten", "svar nedenfor", "se svar under", "réponses ci-dessous", "ver abajo", "respuestas abajo",
)  # fmt: skip
"""The writer says that the answers stand among the quoted lines: then nothing is cut away."""
