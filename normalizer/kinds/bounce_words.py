"""How mail servers say that they failed, in many languages. Only data, lower case."""
# ruff: noqa: RUF001 - letters of other alphabets are the matter of this file

FAILED_SUBJECTS = (
    "undeliver", "not deliver", "delivery status", "delivery failure", "delivery has failed", "delivery failed", "delivery problem", "delivery error", "failed delivery",
    "failure notice", "failed notice", "failed to deliver", "mail delivery", "email delivery", "message delivery", "mail system error", "returned mail", "return mail",
    "returned to sender", "could not be delivered", "non-delivery", "nondelivery", "non delivery", "delivery notification", "could not deliver", "rejected", "bounce",
    "delivery report", "message status", "unable to deliver", "address not found", "message blocked", "message you sent blocked", "mail failure", "error sending", "user unknown", "unsolicited bulk email from you", "banned contents from you", "virus in mail from you", "in mail from you", "message quarantined", "not delivered", "undelivered",
    "unknown recipient", "unknown user", "unknown address", "invalid recipient", "recipient not found", "failed mail", "mail error", "delivery fail",
    # sv, fi, da, no
    "kunde inte levereras", "inte levereras", "går inte att leverera", "kan inte levereras", "olevererba", "obeställba", "leveransfel", "misslyckad leverans",
    "leveransstatus", "ei voida toimittaa", "ei voitu toimittaa", "ei voi toimittaa", "toimitus epäonnistui", "toimittamatta", "epäonnistu", "perille", "ei toimitettavissa",
    "kan ikke leveres", "uleverbar", "uleveret", "kunne ikke leveres", "ikke levert", "ikke leveret", "leveringsfejl", "leveringsfeil", "leveringsstatus",
    # de, nl, fr, es, it, pt
    "unzustellbar", "nicht zugestellt", "zustellung", "fehlgeschlagen", "nicht zustellbar", "onbestelbaar", "niet bezorgd", "niet afgeleverd", "niet besteld",
    "aflevering mislukt", "non remis", "échec de remise", "échec de la remise", "non distribu", "non délivr", "non livr", "échec d'envoi", "impossible de remettre",
    "no se puede entregar", "no se pudo entregar", "no entregado", "no entregable", "devuelto", "error de entrega", "fallo en la entrega", "no s'ha pogut", "no lliurat",
    "non recapitabile", "mancato recapito", "consegna", "recapito non riuscito", "não é possível entregar", "não entregue", "falha na entrega", "não foi possível entregar",
    "devolvida", "mensagem devolvida", "não é possível a entrega", "non é posible entregar",
    # pl, cs, sk, hu, ro, hr, sr, sl, et, lv, lt, is
    "niedostarczon", "nie można dostarczyć", "zwrot", "nie dostarczono", "nedoručiteln", "nedoručeno", "nelze doručit", "nedoručiteľn", "nedoručen", "kézbesíthetetlen",
    "kézbesítési", "nem kézbesíthető", "sikertelen kézbesítés", "nelivrabil", "imposibil de livrat", "nu a putut fi livrat", "nelivrat", "ne može se isporučiti",
    "neisporuč", "nije isporučen", "nije moguće isporučiti", "ni mogoče dostaviti", "nedostav", "edastamatu", "edastamine nurjus", "kohaletoimetamatu", "kättetoimetamatu",
    "ei saa edastada", "nepiegād", "nevar piegādāt", "nepristaty", "nepavyko pristatyti", "ekki hægt að afhenda", "óafhendanleg",
    # tr, el, ru, uk, bg, sr, mk
    "teslim edilemedi", "teslim edilemeyen", "teslim edilemez", "iletilemedi", "δεν είναι δυνατή η παράδοση", "αποτυχία παράδοσης", "δεν παραδόθηκε", "αποτυχία αποστολής", "μη παραδοτέο", "αδύνατη η παράδοση", "не παραδόθηκε",
    "не доставлен", "недоставлен", "не удается доставить", "не удалось доставить", "не удаётся доставить", "недоставка", "не вдалося доставити", "недоставлено",
    "неможливо доставити", "не може да бъде", "недоставим", "неиспоруч", "не може да се испорач", "недостав",
    # he, ar, fa
    "לא ניתן למסירה", "לא ניתן למסור", "לא נמסר", "غير قابل للتسليم", "تعذر", "لم يتم تسليم", "فشل التسليم", "غیر قابل تحویل", "تحویل نشد", "تحویل داده نشد",
    # zh, ja, ko, vi, id, ms, th, hi
    "未送达", "无法送达", "退信", "投递失败", "无法投递", "未傳遞", "無法傳遞", "無法送達", "傳送失敗", "配信不能", "配信できません", "送信できません", "배달되지 않음", "배달할 수 없음", "전송 실패",
    "반송", "không thể gửi", "không gửi được", "không thể phân phối", "chưa gửi được", "tidak terkirim", "tidak dapat dikirim", "gagal terkirim", "tidak dapat dihantar",
    "ไม่สามารถส่ง", "ส่งไม่ได้", "ไม่สามารถจัดส่ง", "डिलीवर नहीं", "अवितरित",
)  # fmt: skip

FAILED_BODIES = (
    "could not be delivered", "cannot be delivered", "can't be delivered", "couldn't be delivered", "wasn't able to deliver", "unable to deliver", "was not delivered", "wasn't delivered",
    "not been delivered", "undeliverable", "permanent error", "permanent fatal", "permanently fail", "failed permanently", "permanent fail", "did not reach", "did not receive",
    "i'm not going to try again", "user unknown", "unknown user", "mailbox full", "mailbox is full", "mailbox unavailable", "mailbox not found", "no such user", "address not found",
    "recipient rejected", "recipient not found", "recipient address rejected", "delivery has failed", "delivery failed", "over quota", "quota exceeded", "does not exist", "couldn't be found",
    "was blocked by", "automatically rejected", "could not be reached", "delivery error", "failed address", "was rejected", "delivery problems", "delivery of the email was stopped", "delivery was stopped", "has been blocked", "has been rejected", "not delivered", "will not continue trying",
    "no longer in use", "account is disabled", "account has been disabled", "is not active", "inactive user", "inactive account", "exceeds allowed size", "exceeds the maximum", "has failed", "unknown recipient", "not listed in", "invalid recipient", "no mailbox", "relaying denied",
    "relay access denied", "unrouteable address", "unroutable", "host unknown", "domain not found", "host or domain name not found",
    "kunde inte levereras", "gick inte att leverera", "levererades inte", "kunde inte hittas", "gick inte att hitta", "kunde inte nås", "ei voitu toimittaa", "ei toimitettu", "ei löytynyt",
    "konnte nicht zugestellt", "konnten nicht zugestellt", "nicht zugestellt werden", "fehler bei der nachrichtenzustellung", "n'a pas pu être remis", "échec de la remise", "n'a pas été remis",
    "n'a pas pu être", "no se pudo entregar", "no se ha podido entregar", "no se entregó", "no se encontr", "recapito non riuscito", "non è stato possibile recapitare", "non è stato recapitato",
    "falha na entrega", "não foi entregue", "não pôde ser entregue", "kunne ikke leveres", "blev ikke leveret", "ble ikke levert", "levering mislyk", "kon niet worden bezorgd",
    "kon niet worden afgeleverd", "is niet bezorgd", "bezorging is mislukt", "nie mogła zostać dostarczona", "nie została dostarczona", "nie powiodło się", "не может быть доставлено", "сбой доставки",
    "не доставлено", "не удалось доставить", "doručení", "doručenie", "nebyla doručena", "kézbesítés", "livrarea", "isporuka", "dostava", "teslim edilemedi", "не вдалося доставити",
    "δεν ήταν δυνατή", "δεν παραδόθηκε", "δεν υπάρχει", "לא נמסרה", "فشل تسليم", "تعذر تسليم", "无法投递", "投递失败", "傳遞失敗", "配信できません", "送信できませんでした", "배달하지 못했", "전송하지 못했", "không thể gửi", "tidak dapat dikirim",
)  # fmt: skip

SUCCEEDED = (
    "successful mail delivery", "successfully delivered", "delivered successfully", "was delivered to", "has been delivered to", "is complete, but no delivery notification",
)  # fmt: skip
SUCCEEDED_SUBJECTS = (
    "relayed:", "delivered:", "levererat:", "toimitettu:", "leveret:", "levert:", "zugestellt:", "remis :", "entregado:", "consegnato:", "entregue:", "dostarczono:", "bezorgd:", "доставлено:",
    "successful mail delivery", "delivery status notification (success)", "expanded:",
)  # fmt: skip
"""How such a subject begins."""

DELIVER = (
    "deliver", "lever", "skicka", "toimit", "välit", "zustell", "zugestellt", "bezorg", "remis", "remettre", "distribu", "entreg", "envi", "lliura", "consegn", "recapit", "inoltr", "dostarcz", "doruč", "kézbesít", "livra", "expedi", "isporuč", "isporuk", "dostav", "достав", "испорач", "испоруч", "toimeta", "edasta", "pristat", "piegād", "nogād",
    "αποστολ", "παράδοσ", "παραδό", "teslim", "ilet", "gönder", "çatdır", "dorëz", "gửi", "phân phối", "terkirim", "dikirim", "pengiriman", "dihantar", "تسليم", "توصيل", "إرسال", "تحویل", "ارسال", "נמסר", "מסיר", "למסור", "לשלוח", "ส่ง", "भेज", "डिलीवर", "পাঠা", "投递", "送达", "发送", "傳遞", "送達", "配信", "送信", "전송", "배달", "전달",
)  # fmt: skip
"""To deliver, to send. With a word of failure in the same sentence a daemon says that it did not."""

FAILED = (
    "nav ", "nevar", "nebija", "negalėjo", "nebuvo", "ei õnn", "δεν ", "abgelehnt", "zurückgewiesen", "avvisa", "avvist", "afvist", "hylät", "hylkä", "geweigerd", "refus", "rechaz", "rifiut", "rejeit", "recusad", "odrzuc", "odmítn", "odmietn", "visszautas", "respins", "odbijen", "отклон", "відхил", "reddedil", "ditolak", "từ chối", "رفض", "נדח", "拒", "거부",
    "not", "fail", "unable", "inte ", "misslyck", "ei ", "epäonn", "ikke", "ikkje", "mislyk", "fejl", "feil", "nicht", "fehl", "gescheit", "niet", "mislukt", "n'a ", "n'est", "échec", "echec", "impossible", "no se", "no ha", "no fue", "fallo", "fallid", "error", "non ", "mancat", "fallit", "não", "falha", "nie ", "niepowodz", "nepodař", "nepodaril", "nelze", "nebyl", "nem ", "sikertelen", "nu a", "eșuat", "nije", "nisu", "neuspe", "neuspj", "ni bil", "ni mogoče",
    "не ", "сбой", "ошибк", "помилк", "невдал", "ebaõnn", "nepavyko", "nėra", "neizdevās", "αποτυχ", "δεν ", "edilemedi", "başarısız", "olmadı", "dështoi", "không", "thất bại", "gagal", "tidak", "فشل", "تعذر", "لم ", "عدم", "نشد", "לא ", "נכשל", "ไม่", "नहीं", "विफल", "ব্যর্থ", "无法", "失败", "未", "無法", "失敗", "できま", "エラー", "실패", "못",
)  # fmt: skip

YET = (
    "pas encore", "aún no", "todavía no", "nog niet", "noch nicht", "ännu inte", "inte ännu", "ei ole vielä", "endnu ikke", "ennå ikke", "non è ancora", "non è stato ancora", "ancora stat", "ainda não", "jeszcze nie", "dosud ne", "zatím ne", "zatiaľ", "még nem", "încă nu", "još nij", "још није", "ще не", "ещё не", "еще не", "все още не", "dar ne", "vēl nav", "ακόμα δεν", "henüz", "尚未", "暂时", "まだ", "아직",
    "försöker igen", "fortsätter försöka", "nya försök", "yritämme edelleen", "yritetään", "forsøger igen", "prøver igjen", "prøver igen", "weiter versucht", "erneut versucht", "weiterhin versuch", "opnieuw geprobeerd", "nog geprobeerd", "nouvelles tentatives", "seguirá intent", "nuevos intentos", "continuerà a tent", "nuovi tentativi", "continuar a tentar", "novas tentativas", "kolejne próby", "ponawia", "další pokus", "ďalšie pokusy", "újra próbál", "попытки будут", "попытки продолж", "повторные попытки", "спроби будуть", "tekrar dene", "继续尝试", "繼續嘗試", "再送", "再試行", "다시 시도",
)  # fmt: skip
"""Not yet, and tried again: with that it is a delay."""

DELAYED = (
    "différé", "aplazad", "aplaza", "uitgesteld", "utsatt", "udsat", "zurückgestellt", "rinviat", "adiad", "odłożon", "odložen", "elhalaszt", "amânat", "odgođen", "odgođeno", "відкладен", "ertelendi", "延期", "보류",
    "deferred",
    "delayed", "delay notification", "notification (delay)", "still trying", "still being tried", "still being retried", "warning: could not send", "warning: message", "will continue to try", "will continue to be",
    "will be retried", "will retry", "has not yet been delivered", "has not been delivered yet", "not yet been delivered", "no need to resend", "do not need to resend", "don't need to resend",
    "delivery attempts will continue", "försenad", "fördröj", "viivästy", "verzöger", "vertraagd", "retardé", "retrasad", "retraso", "forsinket", "in ritardo", "ritardata", "opóźnion",
    "atrasad", "задерж", "отложен", "zpožděn", "oneskoren", "késik", "késleltetett", "întârziat", "gecik", "καθυστέρ", "延迟", "延遲", "遅延", "지연",
)  # fmt: skip
GIVEN_UP = (
    "given up", "giving up", "gave up", "could not be delivered for more than", "permanent", "will not retry", "will not be retried", "no further attempts", "has been returned",
    "retry timeout exceeded", "retry time not reached", "could not be delivered",
)  # fmt: skip
TRANSIENT = (
    "är full", "täynnä", "er fuld", "er full", "quota", "is vol", "saturé", "está saturad", "está llen", "è pien", "lotad", "cheia", "przepełnion", "zapełnion", "je plná", "je plne", "přeplněn", "preplnen", "megtelt", "betelt", "plină", "je pun", "je puna", "препълнен", "пълна", "переповнен", "заповнен", "täis", "pilna", "perpild", "γεμάτ", "dolu", "đầy", "penuh", "ممتلئ", "מלאה", "پر است", "เต็ม", "भरा", "가득", "いっぱい", "一杯", "満杯",
    "mailbox full", "mailbox is full", "over quota", "quota exceeded", "exceeded storage", "insufficient storage", "fullt", "full inbox", "try again later", "temporar", "timed out",
    "retry timeout exceeded", "boîte pleine", "aux lettres pleine", "bandeja llena", "buzón lleno", "casella piena", "caixa cheia", "postfach voll", "ist voll", "postbus vol",
    "postilaatikko on täynnä", "skrzynka jest pełna", "переполнен", "host not responding", "not responding", "connection refused", "greylist", "out of storage", "inbox is full",
    "mailbox is over", "too much mail", "too many messages", "overquota", "receiving mail at a rate", "recipient inbox full", "容量", "용량 초과", "용량초과", "已满", "已滿",
)  # fmt: skip

SPACE = (
    "utrymme", "lagring", "kvot", "tila ", "tilaa", "tila on", "kiintiö", "levytila", "plads", "plass", "lager", "speicher", "kontingent", "ruimte", "opslag", "quota", "espace", "stockage", "espacio", "almacen", "spazio", "espaço", "armazen", "miejsc", "pojemno", "místo", "kapacit", "miesto",
    "tárhely", "spațiu", "spatiu", "prostor", "kvota", "квот", "мест", "місц", "обсяг", "объем", "объём", "място", "χώρο", "χωρητικ", "alan", "depolama", "ruang", "penyimpanan", "dung lượng", "المساحة", "سعة", "حصة", "מקום", "אחסון", "נפח", "فضا", "ظرفیت", "พื้นที่", "空间", "空間", "容量", "용량", "공간", "storage", "space",
)  # fmt: skip
USED_UP = (
    "slut", "uppnådd", "överskrid", "räcker inte", "saknas", "lopussa", "loppu", "ylitt", "riitä", "opbrugt", "overskred", "overskrid", "oppbrukt", "brukt opp", "erschöpft", "überschrit", "aufgebraucht", "reicht nicht", "ausreichend", "overschreden", "onvoldoende", "bereikt", "épuisé", "dépass", "insuffis", "agotad", "superad", "excedi", "insuficien", "esaurit", "superat", "insufficien", "esgotad", "excede",
    "brak ", "wyczerpan", "przekrocz", "vyčerpán", "překroč", "prekroč", "nedostat", "betelt", "túllép", "epuizat", "depăși", "insuficient", "popunjen", "prekorač", "presežen", "исчерпан", "превыш", "недостаточно", "закончил", "нет свободн", "вичерпан", "перевищ", "недостатньо", "изчерпан", "надвишен", "εξαντλ", "υπέρβασ", "doldu", "aşıl", "yetersiz", "habis", "melebihi", "hết", "vượt", "امتلأ", "تجاوز", "لا توجد", "נגמר", "חריג", "אין מספיק", "تمام", "تکمیل", "เต็ม", "不足", "超出", "超过", "已用完", "초과", "부족", "exceed", "insufficient", "no more", "not enough", "out of", "no space",
)  # fmt: skip
"""With a word of space in the same sentence: the mailbox is full."""
