"""How absence notices speak, in many languages. Only data, lower case, one space between words.

A machine's notice has two halves: that its owner is away (ABSENCE), and what the reader shall do about it
(NOTICE). A person says the first as well ("I am on holiday that week"), hardly ever both without asking.
"""
# ruff: noqa: RUF001 - letters of other alphabets are the matter of this file

ABSENCE = (
    # sv
    "jag är på semester", "jag har semester", "är på semester", "jag är ledig", "jag är tjänstledig", "jag är föräldraledig", "jag är sjukskriven",
    "inte på kontoret", "inte på plats", "jag är frånvarande", "jag är bortrest", "inte i tjänst", "på tjänsteresa", "jag är på resa", "arbetar inte idag", "jobbar inte idag", "arbetar inte i dag", "jobbar inte i dag", "på konferens", "gått i pension", "at a conference", "attending a conference", "have retired", "auf einer konferenz", "i have left the", "i have left my", "i have now left", "jag är på kurs",
    "jag har slutat", "jag slutade", "avslutat min anställning", "avslutat min tjänst", "inte längre kvar", "arbetar inte längre", "jobbar inte längre",
    "är föräldraledig", "är tjänstledig", "vårdar sjukt barn", "jag är hemma med sjukt barn", "semesterstängt", "sommarstängt", "julstängt", "vi har stängt",
    # acknowledgements: nobody has read it yet
    "har tagit emot ditt mejl", "har tagit emot ditt mail", "har mottagit ditt", "har tagit emot din e-post", "ditt ärende har registrerats", "ditt ärendenummer", "we have received your message", "we have received your e-mail", "we have received your email", "we have received your request",
    "we've received your message", "we've received your email", "request has been received", "message has been received", "your ticket number", "ticket has been created", "olemme vastaanottaneet", "viestisi on vastaanotettu", "wir haben ihre e-mail erhalten",
    "wir haben ihre nachricht erhalten", "nous avons bien reçu", "hemos recibido su", "abbiamo ricevuto", "recebemos a sua", "recebemos sua", "otrzymaliśmy", "vi har modtaget din",
    "vi har mottatt din", "wij hebben uw", "мы получили ваше",
    # fi
    "olen lomalla", "olen poissa", "lomalla", "en ole paikalla", "en ole töissä", "en ole toimistolla", "olen äitiyslomalla", "olen vanhempainvapaalla",
    "olen sairaslomalla", "olen virkavapaalla", "en työskentele enää", "olen opintovapaalla",
    # en
    "out of the office", "out of office", "i am away", "i'm away", "i am on leave", "i'm on leave", "on annual leave", "i am on vacation",
    "i'm on vacation", "i am on holiday", "i'm on holiday", "i'm out of", "i am out of", "on parental leave", "maternity leave", "paternity leave",
    "sick leave", "on sabbatical", "i am travelling", "i am traveling", "i'm travelling", "i'm traveling", "no longer with the company",
    "no longer work", "no longer with", "no longer employed", "has left the company", "left the organi", "away from my desk", "away from the office",
    "away from my email", "i am currently away", "i am currently unavailable", "our office is closed", "our offices are closed", "i will be away",
    # da, no
    "jeg er på ferie", "jeg har ferie", "jeg holder ferie", "er på ferie", "ikke på kontoret", "er fraværende", "ikke til stede", "ikke tilstede",
    "på barsel", "foreldrepermisjon", "jeg har permisjon", "jeg er bortreist", "ute av kontoret", "jeg har fri", "jeg er sykemeldt", "jeg er sygemeldt",
    "på tjenestereise", "på forretningsrejse", "er fratrådt", "jeg har sluttet", "jeg er stoppet",
    # de
    "nicht im büro", "nicht im haus", "im urlaub", "abwesend", "außer haus", "nicht erreichbar", "nicht am arbeitsplatz", "in elternzeit", "in mutterschutz",
    "auf dienstreise", "auf geschäftsreise", "nicht mehr im unternehmen", "nicht mehr für", "nicht mehr bei", "in den ferien", "ferienabwesend",
    # nl
    "ben ik afwezig", "ik ben afwezig", "met vakantie", "niet aanwezig", "op vakantie", "niet op kantoor", "zwangerschapsverlof", "ouderschapsverlof",
    "niet bereikbaar", "met verlof", "niet meer werkzaam", "niet aan het werk",
    # fr
    "je suis absent", "je suis actuellement absent", "je serai absent", "en congé", "en vacances", "absent du bureau", "absente du bureau",
    "hors du bureau", "absent jusqu", "absente jusqu", "en déplacement", "congé maternité", "congé parental", "ne fais plus partie", "ne travaille plus",
    # es, ca, gl
    "de vacaciones", "estaré ausente", "fuera de la oficina", "fuera de oficina", "estoy fuera", "me encuentro ausente", "me encuentro fuera", "estoy ausente",
    "baja por maternidad", "ya no trabajo", "ya no trabaja", "de baja médica", "estic de vacances", "fora de l'oficina", "seré fora", "estou de vacacións",
    # it
    "in ferie", "sono assente", "sarò assente", "fuori ufficio", "fuori sede", "in maternità", "assente dall'ufficio", "non lavoro più", "non sono in ufficio",
    # pt
    "de férias", "estou ausente", "estarei ausente", "fora do escritório", "em licença", "licença maternidade", "já não trabalho", "não trabalho mais",
    # pl
    "na urlopie", "nieobecn", "poza biurem", "przebywam na", "urlopie macierzyńskim", "zwolnieniu lekarskim", "już nie pracuję", "nie pracuje już",
    # cs, sk
    "na dovolené", "na dovolenke", "mimo kancelář", "mimo kancelárie", "nejsem v kanceláři", "nie som v kancelárii", "nejsem přítom", "nepřítom", "neprítom",
    # hu, ro
    "szabadságon", "házon kívül", "nem vagyok az irodában", "távol vagyok", "nem tartózkodom", "în concediu", "in concediu", "nu sunt la birou", "nu mă aflu",
    "plecat din birou", "în afara biroului",
    # hr, sr, sl
    "na godišnjem", "na odmoru", "nisam u uredu", "nisam u kancelariji", "izvan ureda", "odsutan", "odsutna", "odsustv", "na dopustu", "nisem v pisarni",
    "odsoten", "odsotna",
    # et, lv, lt, is, sq
    "olen puhkusel", "puhkusel", "ei viibi kontoris", "kontorist väljas", "atvaļinājumā", "neesmu birojā", "prombūtnē", "atostogose", "atostogauju",
    "nesu biure", "esu išvyk", "neesu darbe", "í fríi", "í orlofi", "ekki við", "utan skrifstofu", "me pushime", "jam me leje", "jashtë zyrës",
    # tr, az
    "ofiste değilim", "izindeyim", "izinliyim", "yıllık izinde", "ofis dışında", "tatildeyim", "ofiste olmayaca", "məzuniyyətdəyəm",
    # vi, id, ms, sw, so, fil
    "nghỉ phép", "vắng mặt", "không có mặt tại văn phòng", "sedang cuti", "di luar kantor", "tidak berada di kantor", "sedang bercuti", "di luar pejabat",
    "niko likizo", "nipo likizo", "fasax ayaan", "fasax baan", "naka-bakasyon", "wala ako sa opisina",
    # el
    "σε άδεια", "απουσιάζω", "εκτός γραφείου", "θα απουσιάσω", "λείπω",
    # ru, uk, bg, sr, mk, be
    "в отпуске", "отсутствую", "буду отсутствовать", "вне офиса", "в командировке", "на больничном", "больше не работа", "у відпустці", "відсутн", "поза офісом",
    "у відрядженні", "в отпуск", "извън офиса", "отсъствам", "на годишњем", "на одмору", "одсутан", "одсутна", "на годишен одмор", "надвор од канцеларија",
    "у адпачынку", "демалыстамын",
    # he, ar, fa, ur
    "בחופשה", "בחופשת", "לא נמצא במשרד", "לא נמצאת במשרד", "מחוץ למשרד", "لا أتواجد", "في إجازة", "خارج المكتب", "في اجازة", "غير متواجد", "لست في المكتب",
    "در مرخصی", "خارج از دفتر", "در دفتر نیستم", "چھٹی پر", "دفتر سے باہر",
    # zh, ja, ko, th, hi, bn, ta
    "休假", "外出", "不在办公室", "不在辦公室", "出差", "离职", "離職", "休暇", "不在にして", "不在と", "休業", "休みを", "出張", "휴가", "부재", "출장", "외출",
    "ลาพักร้อน", "ลาหยุด", "ไม่อยู่ที่ออฟฟิศ", "ไม่อยู่ในสำนักงาน", "ไม่อยู่ที่สำนักงาน", "छुट्टी पर", "कार्यालय से बाहर", "अवकाश पर", "ছুটিতে", "அலுவலகத்தில் இல்லை", "விடுமுறையில்",
    "შვებულებაში", "արձակուրդ",
)  # fmt: skip

NOTICE = (
    # sv
    "åter i tjänst", "tillbaka på kontoret", "är tillbaka", "tillbaka igen", "åter på kontoret", "åter igen", "jag är åter", "och åter", "åter den",
    "åter måndag", "åter tisdag", "åter onsdag", "åter torsdag", "åter fredag", "begränsad tillgång", "begränsad möjlighet", "läser inte e-post", "vid frågor kontakta", "vid frågor", "upon my", "kontakta gärna", "läser inte min e-post",
    "läser inte min mejl", "läser inte mail", "läser inte mejl", "läser mail sporadiskt", "läser mejl sporadiskt", "vid brådskande", "brådskande ärenden",
    "vid akuta ärenden", "vid akut ärende", "tack för ditt mejl", "tack för ditt mail", "tack för ditt meddelande", "tack för din e-post", "vidarebefordras inte",
    "svarar när jag", "jag återkommer", "har du frågor under", "kontakta istället", "kontakta i stället", "vänligen kontakta", "besvaras när", "hänvisar till",
    "kontakta växeln", "så snart vi kan", "så snart som möjligt", "inom två arbetsdagar", "går inte att svara på", "as soon as possible", "business days", "working days",
    "so schnell wie möglich", "dans les plus brefs délais", "lo antes posible", "ditt mejl kommer inte", "ditt mail kommer inte",
    # fi
    "kiireellisissä asioissa", "kiireellisessä", "kiireisissä asioissa", "en lue sähköposti", "palaan töihin", "palaan toimistolle", "palaan ", "sijaiseni",
    "sijaisenani", "kiitos viestistä", "kiitos viestistäsi", "ota yhteyttä",
    # en
    "limited access", "i will be back", "i'll be back", "back in the office", "i will return", "returning on", "upon my return", "on my return", "when i return",
    "when i get back", "as soon as i return", "for urgent", "if urgent", "urgent matters", "if your matter is urgent", "if it is urgent", "immediate assistance",
    "in my absence", "during my absence", "thank you for your email", "thank you for your e-mail", "thank you for your message", "thanks for your email",
    "thanks for your message", "will not be forwarded", "no access to my", "please contact", "will respond", "intermittent access", "until further notice",
    "away until", "office until", "leave until", "leave from", "vacation until", "holiday until", "office from", "will not return", "please do not reply",
    # da, no
    "tilbage på kontoret", "tilbake på kontoret", "er tilbage", "er tilbake", "tilbake mandag", "tilbage mandag", "ved hastesaker", "ved hastende", "ved presserende",
    "i hastetilfælde", "vennligst kontakt", "venligst kontakt", "kontakt venligst", "takk for din e-post", "takk for e-posten", "tak for din mail",
    "tak for din e-mail", "begrenset tilgang", "begrænset adgang", "ferie til og med", "til og med", "videresendes ikke", "ikke videresendt",
    # de
    "bin ich wieder", "wieder im büro", "wieder erreichbar", "ab dem", "bis einschließlich", "bis zum", "in dringenden", "bei dringenden", "in dringlichen",
    "nicht weitergeleitet", "vielen dank für ihre", "danke für ihre", "meine vertretung", "wenden sie sich", "nach meiner rückkehr", "kehre zurück",
    "ich kehre", "kontaktieren sie", "nur eingeschränkt", "werde ich ihre",
    # nl
    "voor dringende", "bij spoed", "in dringende", "contact opnemen met", "neem contact op", "weer aanwezig", "weer bereikbaar", "bij afwezigheid", "bedankt voor uw",
    "uw e-mail wordt niet", "terug op kantoor", "afwezig tot", "vanaf maandag",
    # fr
    "de retour le", "de retour à", "mon retour", "en cas d'urgence", "pour toute urgence", "veuillez contacter", "merci de contacter", "vous pouvez contacter",
    "en mon absence", "pendant mon absence", "accès limité", "merci pour votre", "jusqu'au", "ne sera pas transféré", "serai de retour", "prendrai connaissance",
    # es, ca, gl
    "asuntos urgentes", "caso de urgencia", "para urgencias", "si es urgente", "temas urgentes", "mi regreso", "mi vuelta", "contacte con", "ponerse en contacto",
    "póngase en contacto", "durante mi ausencia", "acceso limitado", "gracias por su correo", "gracias por su mensaje", "gracias por contactar", "oficina hasta",
    "hasta el", "contacteu amb", "per a temes urgents", "fins al", "contactar con",
    # it
    "per urgenze", "per questioni urgenti", "in caso di urgenza", "al mio rientro", "al mio ritorno", "contattare", "rientrerò", "rientro il", "accesso limitato",
    "fino al", "in mia assenza", "grazie per il", "grazie per la", "non verrà inoltrat",
    # pt
    "assuntos urgentes", "em caso de urgência", "casos urgentes", "meu retorno", "meu regresso", "contactar", "entre em contato", "favor contatar", "acesso limitado",
    "obrigado pelo seu", "obrigado por sua", "até segunda", "férias até", "retornarei", "regressarei", "escritório até",
    # pl
    "w pilnych", "w sprawach pilnych", "proszę o kontakt", "po powrocie", "wracam", "dziękuję za wiadomość", "do dnia", "ograniczony dostęp", "pod moją nieobecność",
    "w czasie mojej", "do poniedziałku", "kontakt z",
    # cs, sk
    "v naléhavých", "v naliehavých", "v urgentních", "kontaktujte", "po návratu", "po mém návratu", "obraťte se", "obráťte sa", "zpět v", "späť v", "děkuji za vaši",
    # hu, ro
    "sürgős", "keresse", "visszatérésem", "elérhető leszek", "vissza fogok", "pentru urgențe", "urgențe", "contactați", "mă întorc", "revin", "până pe", "până la",
    # hr, sr, sl
    "za hitne", "u hitnim", "kontaktirajte", "obratite", "po povratku", "v nujnih", "obrnite na", "po vrnitvi",
    # et, lv, lt, is, sq
    "kiirete küsimuste", "kiireloomuliste", "pöörduge", "palun võtke", "tagasi kontoris", "steidzamos", "lūdzu sazin", "skubiais", "kreipkitės", "grįšiu", "dirbu nuo",
    "ef erindið", "vinsamlegast", "til baka", "ju lutem kontaktoni",
    # tr
    "acil durum", "acil konular", "iletişime geç", "döndüğümde", "dönüşümde", "tarihine kadar", "tarihinde döneceğim",
    # vi, id, ms, sw, so
    "khẩn cấp", "vui lòng liên hệ", "việc gấp", "hal mendesak", "mendesak", "hubungi", "kembali ke kantor", "perkara mendesak", "tafadhali wasiliana", "fadlan la xiriir",
    "ilaa ",
    # el
    "επείγον", "επικοινωνήστε", "επιστρέφω", "επιστροφή μου", "μέχρι τις", "μέχρι την",
    # ru, uk, bg, sr, mk
    "по срочным", "срочны", "обращайтесь", "обращаться", "после возвращения", "вернусь", "по возвращении", "терміново", "з термінових", "звертайтеся", "звертатися",
    "після повернення", "при спешн", "свържете", "за спешни", "ще се върна", "за хитне", "контактирајте", "обратите", "за итни",
    # he, ar, fa
    "במקרים דחופים", "בנושאים דחופים", "במקרה דחוף", "נא לפנות", "אשוב", "אחזור", "للأمور العاجلة", "العاجلة", "للحالات العاجلة", "يرجى التواصل", "سأعود", "عند عودتي",
    "موارد فوری", "موارد ضروری", "تماس بگیرید", "بازمی‌گردم", "برای کارهای فوری", "فوری رابطہ",
    # zh, ja, ko, th, hi, bn, ta
    "如有急事", "紧急", "緊急", "请联系", "請聯繫", "請聯絡", "返回", "尽快回复", "盡快回覆", "急ぎ", "お急ぎ", "ご連絡ください", "までご連絡", "戻り次第", "급한", "긴급",
    "연락 바랍니다", "연락주시", "복귀", "กรณีเร่งด่วน", "กรุณาติดต่อ", "เร่งด่วน", "संपर्क करें", "तत्काल", "যোগাযোগ করুন", "தொடர்பு கொள்ளவும்", "დამიკავშირდით", "կապվեք",
)  # fmt: skip
