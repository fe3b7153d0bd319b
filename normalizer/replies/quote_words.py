"""How mail programs in many languages say who wrote what: labels, verbs, separators, signatures. Only data."""
# ruff: noqa: RUF001 - letters of other alphabets are the matter of this file

COLONS = (":", "：", "՝")

FROM_LABELS = frozenset(
    ("from", "från", "fran", "avsändare", "fra", "avsender", "afsender", "lähettäjä", "von", "absender", "van", "afzender", "de",
     "expéditeur", "remitente", "remetente", "da", "mittente", "od", "nadawca", "от", "від", "од", "feladó", "de la", "frá",
     "saatja", "kellelt", "no", "nuo", "kimden", "gönderen", "από", "من", "מאת", "از", "发件人", "寄件者", "寄件人", "差出人", "보낸 사람",
     "보낸사람", "จาก", "từ", "dari", "nga", "ji", "odesílatel", "odosielateľ", "expeditor", "pošiljatelj", "ka", "lähettaja",
     "šalje", "од", "від кого", "от кого", "gönderici", "فرستنده", "از طرف", "ผู้ส่ง", "daripada", "pengirim", "प्रेषक", "nork", "bidaltzailea", "sūtītājs", "siuntėjas", "кімнен", "প্রেরক",
     "გამგზავნი", "κωδ. αποστολέα", "αποστολέας", "người gửi", "送信者", "发送者", "发送人", "寄件人", "보낸이", "ارسال کننده", "المرسل", "השולח", "ka", "imetoka", "mula kay", "anon", "avsendare", "expéditeur", "od koga")
)  # fmt: skip
OTHER_LABELS = frozenset(
    ("sent", "date", "to", "cc", "bcc", "subject", "reply-to", "importance", "attachments", "sent at", "sendt", "skickat", "datum", "till",
     "kopia", "ämne", "amne", "svar till", "dato", "til", "kopi", "emne", "lähetetty", "päiväys", "päivämäärä", "vastaanottaja",
     "vastaanottajat", "kopio", "aihe", "gesendet", "an", "betreff", "kopie", "datum", "verzonden", "aan", "onderwerp", "envoyé",
     "envoyé le", "à", "objet", "date d'envoi", "enviado", "enviado el", "enviado em", "para", "asunto", "assunto", "fecha", "data",
     "inviato", "a", "oggetto", "wysłane", "wysłano", "do", "dw", "temat", "отправлено", "дата", "кому", "копия", "тема",
     "надіслано", "копія", "послано", "за", "odesláno", "komu", "předmět", "odoslané", "predmet", "poslano", "za", "elküldve", "küldve", "kelt", "dátum", "címzett",
     "címzettek", "tárgy", "másolat", "trimis", "către", "subiect", "sent", "sendt", "efni", "til", "saadetud", "teema", "kellele",
     "nosūtīts", "kam", "temats", "išsiųsta", "kam", "tema", "gönderildi", "gönderilme", "tarih", "kime", "kimlere", "konu", "bilgi",
     "στάλθηκε", "ημερομηνία", "προς", "θέμα", "تاريخ", "التاريخ", "إلى", "الى", "الموضوع", "تم الإرسال", "ارسال", "تاريخ الإرسال",
     "נשלח", "אל", "תאריך", "נושא", "תاریخ", "به", "موضوع", "发送时间", "日期", "收件人", "抄送", "主题", "寄件日期", "收件者", "副本",
     "主旨", "送信日時", "日時", "宛先", "件名", "보낸 날짜", "날짜", "받는 사람", "참조", "제목", "đã gửi", "ngày", "tới", "đến", "chủ đề",
     "tarixda", "taariikhda", "ku", "mawduuca", "dërguar", "për", "subjekti",
     "rubrik", "ärende", "svarsadress", "prioritet", "bifogade filer", "bilagor", "liitteet", "vedhæftede filer", "vedlegg", "anlagen", "anhänge", "wichtigkeit", "priorität", "bijlagen", "pièces jointes",
     "datos adjuntos", "allegati", "anexos", "załączniki", "вложения", "вкладення", "přílohy", "prílohy", "mellékletek", "atașări", "до", "изпратено", "послато", "наслов", "предмет", "испратено",
     "prima", "poslato", "zadeva", "adressaat", "temats", "tēma", "adresāts", "gavėjas", "gönderim tarihi", "gönderme tarihi", "alıcı", "enviada", "enviada em", "enviada el", "data de envio", "enviat", "enviat el", "per a", "assumpte",
     "bidalia", "nori", "gaia", "enviado o", "ส่ง", "ถึง", "เรื่อง", "วันที่", "ส่งเมื่อ", "สำเนา", "dikirim", "kepada", "perihal", "subjek", "tanggal", "dihantar", "tarikh", "ke", "भेजा गया", "प्रति", "विषय", "दिनांक", "को",
     "ارسال شده", "تاریخ", "گیرنده", "প্রতি", "পাঠানো হয়েছে", "বিষয়", "গაიგზავნა", "ადრესატი", "თემა", "გაიგზავნა", "жіберілді", "кімге", "тақырып", "ogg", "oggetto:", "reçu", "date :", "à :", "recibido", "otrzymano", "received",
     "получено", "отримано", "дата отправления", "дата отправки", "κοιν", "κοινοποίηση", "תאריך שליחה", "עותק", "נמען", "المستلم", "نسخة", "寄件時間", "傳送日期", "送信日", "日付", "보낸날짜", "받는사람", "수신", "발신", "kopia do", "kopio:", "saatja aadress")
)  # fmt: skip

WROTE = (
    "wrote", "writes", "skrev", "skriver", "kirjoitti", "kirjoittaa", "schrieb", "schrieb am", "hat geschrieben", "écrit", "ecrit",
    "escribió", "escribio", "ha scritto", "scrisse", "scrive", "napisał", "napisała", "napisał(a)", "pisze", "escreveu", "schreef", "skrifaði",
    "kirjutas", "rakstīja", "rašė", "napsal", "napsala", "napísal", "írta", "ezt írta", "a scris", "scris", "написал", "написала",
    "пишет", "написа", "писал", "написав", "пише", "yazdı", "yazdi", "şunu yazdı", "έγραψε", "כתב", "כתבה", "كتب", "كتبت", "نوشت", "نوشته",
    "写道", "寫道", "写道：", "작성", "đã viết", "menulis", "je napisao", "je napisala", "napisao", "je napisal", "ha escrit", "ka shkruar",
    "shkroi", "ayaa qoray", "qoray", "nivîsî", "schreiben", "skreiv", "geschreven", "het volgende geschreven",
    "napisal", "napisala", "쓴 글", "님이 작성", "ने लिखा", "লিখেছেন", "எழுதியது", "เขียนว่า", "เขียน", "menulis", "aliandika", "ay sumulat", "idatzi zuen", "escribiu", "напиша", "піша", "დაწერა", "գրել է", "نے لکھا", "va escriure", "のメール",
    "je написао", "је написао", "је написао/ла", "şunları yazdı", "het geschreven", "quoting", "citerar", "zitat von", "citando", "selon", "folgendes geschrieben", "scribit", "escreveu", "wiadomość napisana przez", "missatge de", "napísala", "napisaо", "kirjutab",
    "schrijft", "idatzi du", "geskryf", "yazdı", "écrivait", "escribe", "tarihinde yazdı", "bunu yazdı", "yozdi", "жазды", "viết", "writes",
)  # fmt: skip
"""Verbs of "On <date> <somebody> wrote:"."""

BARE_ENDINGS = ("wrote", "skrev", "yazdı", "写道", "寫道", "작성", "schrieb", "գրել է՝", "さんは書きました")
"""The same without a colon."""

PERSONS = frozenset((
    "jag", "vi", "ni", "du", "min", "mitt", "mina", "någon", "han", "hon", "i", "we", "you", "my", "our", "he", "she", "someone", "somebody", "they", "minä", "hän",
    "naapurini", "ich", "wir", "sie", "mein", "meine", "jeg", "dere", "nogen", "noen", "nous", "vous", "mon", "yo", "usted", "ustedes", "io",
    "lei", "ik", "wij", "mijn", "meu", "minha", "mój", "moja", "я", "мы", "вы", "мой", "моя",
    "the", "die", "me", "us", "mig", "mej", "oss", "meg", "minulle", "meille", "mir", "mich", "uns", "moi", "nos", "mij", "ons", "mnie", "nam", "мне", "нам", "мені", "bana", "bize",
))  # fmt: skip
"""Words that make "On Monday at 10:00 my neighbour wrote:" a person's own sentence, not a program's."""

SEPARATORS = (
    "original message", "originalmeddelande", "ursprungligt meddelande", "ursprungligt brev", "ursprungligt mail", "alkuperäinen viesti",
    "alkuperäinen sanoma", "opprinnelig melding", "original melding", "oprindelig meddelelse", "original besked", "ursprüngliche nachricht",
    "originalnachricht", "original-nachricht", "oorspronkelijk bericht", "oorspronkelijke bericht", "message d'origine", "message original",
    "message d’origine", "mensaje original", "messaggio originale", "wiadomość oryginalna", "oryginalna wiadomość", "mensagem original",
    "исходное сообщение", "оригинальное сообщение", "původní zpráva", "pôvodná správa", "eredeti üzenet", "mesaj original",
    "originalna poruka", "izvorna poruka", "orijinal ileti", "özgün ileti", "αρχικό μήνυμα", "الرسالة الأصلية", "رسالة أصلية", "הודעה מקורית",
    "پیام اصلی", "原始邮件", "邮件原件", "原始郵件", "元のメッセージ", "원본 메시지", "algkiri", "algne kiri", "upphafleg skilaboð", "reply message",
    "svarmeddelande", "meddelande från",
    "messaggio originale", "оригінальне повідомлення", "вихідне повідомлення", "originalno sporočilo", "izvirno sporočilo", "původní e-mail", "оригинално съобщение", "mensaxe orixinal", "missatge original", "jatorrizko mezua", "pesan asli",
    "mesej asal", "thư gốc", "ข้อความต้นฉบับ", "ข้อความเดิม", "मूल संदेश", "originali žinutė", "pradinis laiškas", "sākotnējais ziņojums", "oriģinālais ziņojums", "mesazhi origjinal", "اصل پیغام", "оригинална порука", "изворна порака", "ujumbe asilia",
    "původní zpráva", "mensagem original", "reply message", "e-mail original", "mail original", "vorherige nachricht", "opprinnelig e-post", "oprindelig mail", "original mail", "original e-mail", "original email",
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
    "sent from ", "get bluemail ", "get aqua mail", "sent from mail for", "sent from outlook", "sent from yahoo", "sent from proton", "sent from samsung", "sent via ",
    "sent with ", "sent using ", "get outlook for", "sent from an ", "sent from a ",
    "skickat från ", "skickat fran ", "skickad från ", "skickad fran ", "skickat via ", "skickat med ", "hämta outlook för",
    "hämta outlook för", "skaffa outlook", "lähetetty ", "hanki outlook", "hae outlook", "lähetetty laitteesta",
    "sendt fra ", "send fra min", "sendt via ", "sendt med ", "hent outlook", "få outlook", "skaff outlook",
    "von meinem ", "von samsung","gesendet von ", "gesendet mit ", "gesendet über ", "diese nachricht wurde von meinem", "holen sie sich outlook",
    "outlook für ", "laden sie outlook", "verzonden vanaf ", "verstuurd vanaf ", "verzonden met ", "verstuurd met ", "download outlook voor",
    "outlook voor ", "verzonden via ", "envoyé de ", "envoyé depuis ", "envoyé à partir de", "envoyé avec ", "télécharger outlook",
    "obtenir outlook", "obtenez outlook", "provenance : courrier", "enviado desde ", "enviado con ", "obtener outlook", "enviado do meu",
    "enviado a partir do", "enviado pelo ", "enviado de mi", "enviado do ", "obtenha o outlook", "obter o outlook", "baixe o outlook",
    "inviato da ", "inviato dal ", "scarica outlook", "ottieni outlook", "wysłane z ", "wysłano z ", "pobierz outlook", "pobierz program outlook",
    "отправлено с ", "отправлено из ", "надіслано з ", "скачать outlook", "odesláno z ", "odoslané z ", "elküldve ", "trimis de pe ",
    "poslano s ", "poslano sa ", "poslato sa ", "послато са ", "iphone'umdan gönderildi", "iphone’umdan gönderildi", "gönderildi", "στάλθηκε από ",
    "أرسلت من ", "أُرسلت من ", "تم الإرسال من ", "مرسل من ", "נשלח מה", "ارسال شده از ", "فرستاده شده از ", "发自我的", "從我的", "从我的", "iphoneから送信",
    "나의 iphone에서", "saadetud minu", "sent frá ", "sent fra min", "skickades från ", "skickat ifrån ", "poslano z ", "изпратено от ", "išsiųsta iš ", "nosūtīts no ", "saadetud ", "ส่งจาก ", "मेरे ", "enviat des del ", "enviat des de ", "bidalia nire", "發自我的",
    "發送自", "发送自", "mula sa aking", "imetumwa kutoka", "wysłane z mojego", "dërguar nga", "надіслано із ", "отправлено при помощи", "enviado via ", "envoyé via ", "inviato con ", "wysłano za pomocą", "downloade outlook", "تم إرسالها من", "ارسال از ",
    "获取 outlook", "đã gửi từ ", "gestuur vanaf ", "取得 outlook", "ios 版 outlook", "android 版 outlook", "được gửi từ", "gửi từ ", "dikirim dari",
)  # fmt: skip
"""Beginnings, in lower case, of the line a telephone adds."""

FROM_MY = (
    "sent from my ", "skickat från min ", "skickat från mitt ", "sendt fra min ", "sendt fra mit ", "verzonden vanaf mijn ", "verstuurd vanaf mijn ",
    "envoyé de mon ", "enviado desde mi ", "enviado do meu ", "inviato dal mio ", "wysłane z mojego ", "отправлено с моего ", "надіслано з мого ",
)  # fmt: skip
"""With one of them no device needs to be named."""

DEVICES = (
    "iphone", "ipad", "ipod", "android", "outlook", "samsung", "galaxy", "huawei", "xiaomi", "mobil", "telefon", "puhelim", "phone", "tablet",
    "yahoo", "gmail", "proton", "e-post", "mail", "windows", "telia", "sony", "motorola", "oneplus", "nokia", "pixel", "surfplatta", "blackberry",
    "handy", "laitte", "móvil", "celular", "app", "honor", "mac", "doro", "device", "enhet", "gerät", "smartphone", "xperia", "thunderbird", "spark", "appareil", "dispositiv", "apparaat", "enhed", "telef", "телефон", "смартфон", "iphon",
    "icloud", "hotmail", "gmx", "web.de", "tutanota", "k-9", "aquamail", "bluemail", "edison", "newton", "airmail", "canary", "pegasus", "почт", "手机", "ios",
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
    "svar i röd", "i rött nedan", "med rött", "svar inne i", "svarar i texten", "se mina svar", "mina kommentarer", "kommenterar nedan", "nedan i ", "i din text", "bland dina frågor", "se nedan", "my answers", "my comments", "in blue", "in red",
    "in green", "inline", "in-line", "answers in", "responses below", "replies below", "responded below", "answered below", "my replies", "in the text below", "within your", "vastaukset punaisella", "vastaukseni", "tekstin seassa", "alla punaisella",
    "i rødt", "med rødt", "se mine svar", "svar i teksten", "meine antworten", "antworten in rot", "in rot", "im text", "mijn antwoorden", "in het rood", "zie hieronder", "en rouge", "mes réponses", "dans le texte", "en rojo", "mis respuestas",
    "in rosso", "risposte sotto", "le mie risposte", "vedi sotto", "em vermelho", "minhas respostas", "abaixo", "na czerwono", "moje odpowiedzi", "poniżej", "красным", "мои ответы", "ниже", "червоним", "mé odpovědi", "červeně",
    "válaszaim", "pirossal", "kırmızı", "cevaplarım", "回复如下", "如下", "以下",
)  # fmt: skip
"""The writer says that the answers stand among the quoted lines: then nothing is cut away."""

LIST_WORDS = ("list", "liste", "lista", "listinfo", "mailman", "postituslista", "unsubscribe", "subscription")
"""One of them stands in the footer that a mailing list adds."""

PRODUCTS = (
    "iphone", "ipad", "ipod", "android", "outlook", "samsung", "galaxy", "huawei", "xiaomi", "blackberry", "yahoo", "gmail", "proton", "k-9",
    "thunderbird", "mailspring", "spark", "gmx", "web.de", "tuta", "aquamail", "bluemail", "airmail", "zoho", "superhuman", "hotmail", "icloud", "oneplus",
    "nokia", "motorola", "fairphone", "яндекс", "mail.ru", "windows phone", "iphon", "айфон", "айпад", "آيفون", "آيباد", "آیفون", "האייפון",
)  # fmt: skip
"""Names that are the same in every language, in lower case."""

SENT_STEMS = (
    "sent", "skickat", "skickad", "lähetetty", "gestuur", "sendt", "gesendet", "gesandt", "verzonden", "verstuurd", "envoy", "enviad", "enviat", "inviat", "wysłan", "odesl", "odosl", "отправл",
    "надісл", "изпрат", "испрат", "послат", "poslan", "poslat", "küld", "trimis", "gönder", "στάλθ", "εστάλ", "αποστ", "أرسل", "أُرسل", "ارسال", "فرستاده", "מנשלח", "נשלח", "发自", "發自", "发送",
    "傳送", "送信", "보냄", "보낸", "gửi", "dikirim", "dihantar", "saadet", "išsiųst", "nosūt", "sūtīt", "bidali", "dërguar", "tumwa", "ส่ง", "भेजा", "পাঠানো", "göndər", "жіберіл", "გაგზავნ", "ուղարկ", "versendet", "enviou", "skrevet på", "sendu", "danfon", "seolta", "loetud", "ipinadala",
)  # fmt: skip
"""Beginnings of "sent" in many languages."""

REPLY_ABOVE = (
    "above this line", "ovanför denna", "ovanför den här", "ovan denna", "över denna linje", "över den här", "yläpuolelle", "oberhalb dies", "über diese",
    "au-dessus de cette", "por encima de esta", "encima de esta línea", "arriba de esta", "sopra questa", "acima desta", "boven deze", "powyżej tej", "over denne", "nad tento",
    "nad tímto", "nad túto", "выше этой", "над цією", "e fölé", "deasupra acestei", "bu satırın üst", "πάνω από αυτή", "فوق هذا", "מעל שורה", "此行上方", "この行より上", "이 줄 위",
)  # fmt: skip
"""What a case system writes above its mail, so that it finds the answer again."""
