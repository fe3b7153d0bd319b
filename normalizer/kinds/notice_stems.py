"""What clauses of notices are made of, concept by concept, one language or a few kin a line. Only data, lower case.

A word is the beginning of a word; with "_" behind it the whole word; with "_" inside a phrase. Scripts with joined
letters or without blanks are looked for anywhere, unless marked as whole. Marks on Latin and Greek letters are
dropped before they are compared. No concept says anything alone: `normalizer/kinds/notice_clauses.py` combines them.
"""
# ruff: noqa: RUF001 - letters of other alphabets are the matter of this file

NOT = """
all: neregul nieregul nepravideln rendszertelen нерегул neredovit neregulat düzensiz epäsäännöl obevak obemann unattended unmonitored valvomaton ubemand ubemann ubevog ubetjent unbesetzt onbemand onbeheerd unmanned unstaffed
sv: utanför_ inte_ ej_ inga_ ingen_ inget_ icke_ aldrig_ knappt_ sällan_ sporadisk begränsa dålig svårt_ bara_ endast_ först_ utan_ oregelbund
fi: ulkopuolel en_lue en_luke en_ole en_voi en_pysty en_pääse en_tavo en_vastaa en_seuraa en_ehdi en_kerkeä en_tarkista en_käsit en_näe en_saa en_käytä en_työskent en_enää ei_ emme_ eivät_ harvoin_ vain_ vasta_ satunnais rajoit rajall heikosti ilman_ epäsäännöl enkä_
da no: utenfor_ udenfor_ ikke_ ikkje_ ingen_ sjelden sjælden begrens begræns vanskelig svært_ først_ kan_kun kun_sporad kun_læs læser_kun kun_begræns tjekker_kun svarer_kun kun_adgang kun_mulighed kun_i_ kun_på_ kun_om_ kun_hver uden_ uten_ sporadisk berre_
is: ekki_ ekkert_ takmark sjaldan
et: väljas ei_ pole_ harva_ piirat
en: out_of outside_ not_ t_ no_ never_ cannot_ barely_ rarely_ seldom_ hardly_ limited_ intermittent sporadic patchy unable_ only_ without_ little_ unlikely_ infrequent irregular longer_than slow_
de: außer_ außerhalb nicht_ kein nie_ selten_ kaum_ erst_ nur_ ohne_ eingeschränkt begrenzt unregelmäßig sporadisch
nl: buiten_ niet_ geen_ nooit_ zelden_ beperkt pas_ alleen_ zonder_ onregelmatig sporadisch
fr: hors_ ne_ n_ pas_ plus_ aucun jamais_ rarement_ peu_ limité ponctuel occasionnel difficile sans_ irréguli
es ca gl: fuera_ fora_ no_ nunca_ sin_ poco_ poca_ apenas_ limitad raramente intermitente sense_ esporádic non_ sen_acces sen_conex
it: fuori_ non_ mai_ senza_ poco_ poca_ raramente limitat saltuari sporadic
pt: fora_ não_ nao_ nem_ sem_acess sem_possib sem_condi sem_ligaç sem_conex pouco_ pouca_ raramente limitad esporádic
ro: afara_ nu_cit nu_pot nu_am nu_voi nu_este nu_mai nu_sunt nu_lucr nu_răsp nu_verif nu_va nu_o nu_mă nu_se nu_fac fără_ limitat rar_ sporadic
pl: poza_ nie_ brak_ bez_ rzadko_ ograniczon sporadycz dopiero_ tylko_ utrudnion
cs: mimo_ nemám nejsem není_ nebud nečt nekontrol nesled nemoh až_ omezen zřídka bez_ jen_ nelze
sk: mimo_ nemám nie_ nebud nečít nekontrol nemôž obmedzen zriedka iba_ len_ bez_
hu: kívül nem_ ne_ sem_tud sem_olvas sem_vál csak_ ritkán korlátoz nincs_ nélkül
hr sr: izvan van_ured van_zeml van_grad van_kancel van_doseg van_domov ne_ nisam_ nemam_ neću_ nismo_ nije_ rijetko retko ograničen samo_ bez_
sl: ne_ nisem_ nimam_ nismo_ ni_v_ ni_mogoč ni_na_ ni_doseg ni_dostop ni_več redko omejen šele_ brez_ samo_
bg mk: извън надвор вон_ отсутен не_ няма нямам рядко ограничен без_ само_ немам нема ретко нисам нећу
ru: вне_ не_ нет_ редко_ ограничен без_ только_ нерегуляр изредка
uk be: поза_ не_ немає немаю рідко обмежен без_ лише_ тільки_ няма рэдка
lt: neturiu negal neskait netikrin nebe nebus retai_ ribot tik_ be_prieig be_internet be_ryši be_galimyb nėra
lv: ārpus neesmu nav_ nevar nelas nepārbaud vairs_ reti_ ierobež tikai_ bez_
el: εκτός δεν_ δε_ μη_ μην_ χωρίς σπάνια περιορισμέν μόνο όχι
tr az: dışında kənarda değil yok_ okuyama bakama okumuyor kullanılmı sınırlı nadiren sadece_ ancak_ edilmi yox_ deyil edeme yapama yoktur
sq: jashtë nuk_ rrallë kufizuar
vi: vắng_ ngoài_ không_ chưa_ hạn_chế
id ms: di_luar tidak_ tak_dapat tak_boleh tak_akan tak_bisa belum_ jarang terbatas terhad tanpa_ bukan_
sw so fil: sita hait haitum siwez kuma_ ma_akhri ma_jir ma_joog ma_shaq ma_heli ma_awood hindi_ wala
eu cy ga af: ez_naiz ez_dut ez_da_ ez_nago ez_daukat gutxi ddim_ nid_ ni_fydd ni_all ni_fyddaf ni_chaiff ní_bheidh ní_féidir ní_bhfu ní_léi níl_ nie_ beperk
ar: خارج لا_ لن_ ليس لم_ غير_ محدود نادرا دون بدون
he: מחוץ לא_ אין_ איני_ אינני_ אינו_ אינה_ ללא_ מוגבל
fa ur: خارج باہر نمی نیست ندار محدود نہیں_ نخواه
hi bn: बाहर বাইরে नहीं না_ নেই
th: ไม่
zh ja ko: 不 无法 無法 没有 沒有 未 ない ません できず 없 않 못 불가 어렵 제한
others: ውጭ გარეთ դուրս አል አይ არ_ ვერ_ չեմ_ չի_ չեն_ емес жоқ алмай
"""

DEAL = """
all: obevak obemann staffed_ unattended unmonitored valvomaton ubemand ubemann ubevog ubetjent unbesetzt onbemand onbeheerd unmanned
hu: kapcsolat felvesszük felveszi
en: hear_from hear_back missed_you look_at_ looking_at looks_at looked_after looked_at allow_up please_allow allow_us allow_at count_on_ dispatch ship_ ships_ shipped sent_out using_ time_limit
sv fi da no is et: används_ användas nyttjas käytös käyttö i_brug i_bruk brukes_ bruges_ benyttes notkun kasutus kasutat sköts_ passas_ ses_efter hoidetaan passes_af tilses
en de nl fr es ca gl it pt ro: in_use used_ verwendet benutzt gebruik utilis utiliz usado_ usada_ usato_ usata_ folosi
pl cs sk hu: używan użytk używam používá používán používa használ
hr sr sl bg mk ru uk be: koristi uporablja използва користи использ використов выкарыст
lt lv el tr az sq: naudoj izmanto lieto χρησιμοποι kullan istifadə përdor
vi id ms: sử_dụng digunakan dipakai
ar he fa hi bn th: مستخدم استخدام בשימוש استفاده उपयोग ব্যবহার ใช้งาน
sv: handläggningstid svarstid läser läses läsa läst läsas läsning koll bevak använd töms töm_ hinn nås_på nås_ tillgång åtkomst uppkoppl svar besvar tar_emot hantera övervak återkom återkopp hör_av tittar_på följs betjän bemann handlägg hör_något räkna_med expedier skickas_ gås_igenom gå_igenom går_igenom
fi: käsittelyaika lue luen luet luke vastaa vastau vastat seura tavoit käsitel käsitt pääse palaa valvo tarkist varaudu_ varaudut varautu lähtevät_ lähetetään toimitetaan käymme_läpi näe_ nähdä
da no: sagsbehandlingstid saksbehandlingstid svartid les_ikkje les_e-post les_mail lese leser lest læs læst tjek sjekk svar svare besvar overvåk overvåg vender_tilbake vender_tilbage kommer_tilbake behandl adgang tilgang mulighet mulighed anledning følg kommer_retur ekspeder sendes_ gjennomgås gennemgås
is: les_ lesa lesi svara svör skoða sinn aðgang
et: loe loen loet vasta ligipääs jälgi kontrolli
en: return_your response_time turnaround read check monitor access respond reply repl answer get_back got_back getting_back get_to attend follow_up process review pick_up pick_it deal catch_up catching_up see_your see_it connectivity wifi internet signal look_at look_into attended act_on action address_your
de: bearbeitungszeit dauert lesen liest lese_ gelesen abruf abgeruf betreut bearbeit antwort beantwort melde_ melden_ zugriff kümmere einsehen überwach komme_auf prüf genutzt zugang erreich rechnen_sie rechnen_mit sehe_ich anschau gesichtet geprüft versand verschick
nl: lees lezen gelezen controle reageer reager antwoord beantwoord toegang bekijk bekeken behandel terugkom kom_terug bekeken nagekeken
fr: rappel lis_ lire lirai consult relev répond traite traité reviendrai accès prendrai prendre_connaissance surveill suivi donner_suite examin comptez_ compter_environ prévoir_ prévoyez relevée relève_
es ca gl: leo_ leer leeré revis consult atend respond contest acceso conex conexi llegi llegir mirar respon trat tramit ler_ lerei revisa_ gestion
it: legg leggo leggere control consult rispond accesso prendere_visione visionare presidi monitor ricontatt evadere riscontr gestit evas evad
pt: leio respost prazo_de ler_ lerei verific consult respond acess retorn tratar monitor responder atend analisar
ro: citesc citi_ citi verific răspund acces monitoriz reveni revin proces
pl: czas_odpow czas_oczekiw czyt odczyt przeczyt odpisz odpowi dostęp sprawdz odbier monitorow obsług rozpatrz odezw zajm
cs: čtu číst přečt odpov odpíš ozv přístup kontroluj sled vyříd vyjádř dostanu_se dostanu_k přečtu podívám dostanu čte_ nečte čteme vyrozum evidujeme
sk: čít prečít odpov odpíš ozv prístup kontroluj sled vybav vyjadr
hu: olvas válasz elér hozzáfér figyel keres_fel jelentkez ellenőr feldolgoz foglalkoz
hr sr: čita odgov pristup provjer prover javi prati praćen obrad javit
sl: bere bral odgov dostop preverj spremlj javil prebr
bg mk: чет отговор достъп провер одговор пристап чита преглед обработ следи
ru: чита прочита прочт отвеч отвечу ответ доступ провер смотр просматр рассмотр свяж обработ
uk be: чита прочита відпов доступ перевір перегл розгля зв'яж опрац чыта адка праглядан
lt: skait atsak prieig tikrin perskait susisiek nagrinė peržiūr
lv: lasa lasīt lasām lasu atbild piekļuv pārbaud izlas sazin izskat
el: διαβά διαβασ απαντ πρόσβαση ελέγχ επικοινωνήσ παρακολουθ εξετα δω_
tr az: okuy okuma okund okun oku_ yanıt cevap dönüş erişim kontrol bakaca bakab takip cavab oxu incelen değerlendir dönül
sq: lexo përgjig akses qasje kontroll shqyrt
vi: trả_lời kiểm_tra truy_cập phản_hồi xử_lý xem_
id ms: balasan baca membaca jawab menjawab balas membalas dibalas akses memeriksa cek_ semak menyemak diproses ditindak
sw so: soma jibu tutakujibu tutajibu kukujibu nitakujibu nitajibu kusoma jawaab akhri
fil eu cy ga af: ymateb freagra basahin sagot sasagot tutugon irakur erantzun darllen ateb léamh freagr lees antwoord
ar: قراء اقرأ أقرأ الرد سأرد سنرد الاطلاع أطلع الوصول متابعة الإجابة سأجيب
he: קורא לקרוא אקרא להשיב אשיב אענה תיענה לענות גישה נבדק בודק אחזור נחזור תטופל יטופל מענה
fa ur: خوان پاسخ جواب دسترسی بررسی چیک
hi bn: पढ़ जवाब उत्तर देख পড়ত উত্তর দেখত
th: อ่าน ตอบ เข้าถึง ตรวจสอบ ติดต่อกลับ
zh ja ko: 查看 查收 阅读 閱讀 回复 回覆 答复 处理 處理 收不到 看邮件 確認 返信 閲覧 対応 ご連絡 回答 拝見 확인 답변 답장 회신 열람 처리
others: ያነብ መልስ კითხულობ გიპასუხ პასუხ կարդ պատասխան оқи жауап
"""

BOX = """
sv: mejl mail e-post epost_ brevlåd inkorg meddeland meilen mailen konto adress epostadress funktionsadress meddelanden beställning order_ ordrar
fi: sähköpost posti viest laatiko osoite osoitet tili_ tiliä meil tilaukset tilauksen tilaus_
da no: mail e-post epost mailboks postkass innboks indbakk konto adress beskeder meldinger meldingen postboks bestilling ordrer
is: póst netfang skeyti
et: kiri kirja post meil e-posti aadress postkast
en: mail e-mail email inbox mailbox address account message voicemail queue voice_mail orders_ correspondence
de: mail e-mail postfach nachricht adresse konto post_ bestellung aufträge
nl: mail e-mail postbus bericht adres mailbox inbox account bestelling
fr: mail mails e-mail courriel message messagerie boîte adresse courrier compte commandes_
es ca gl: correo mensaje buzón dirección cuenta e-mail email bústia adreça missatge enderezo conta_ pedidos_
it: mail posta casella indirizzo messagg email account e-mail ordini_
pt: email e-mail mail caixa mensage mensagen endereço conta_ correio
ro: mail e-mail email mesaj căsuț adres cont_ corespondenț
pl: mail e-mail poczt skrzynk wiadomoś adres konto zamówieni
cs sk: e-mail email mail pošt schránk zpráv adres správ účet
hu: e-mail email mail levél level postaláda postafiók fiók üzenet cím_ címe
hr sr sl: mejl mail e-mail email pošt sanduč adres poruk sporočil naslov račun nabiralnik predal
bg mk: мейл имейл поща порака пошта адрес съобщен кутия мејл сандуче порук адреса
ru: почт письм ящик сообщен адрес e-mail мейл аккаунт
uk be: пошт лист скриньк повідомл адрес пошц ліст скрын
lt lv: pašt laišk žinut adres dėžut e-past past vēstul ziņu ziņoj pastkast
el: email e-mail mail μήνυμα μηνύματα αλληλογραφία ταχυδρομ διεύθυνση θυρίδα λογαριασμ
tr az: e-posta eposta mail posta mesaj adres kutus hesab e-poçt poçt ünvan
sq: email mail posta postë mesazh adres kuti
vi: email thư_ hộp_thư mail tin_nhắn địa_chỉ
id ms: email e-mail surel pesan alamat kotak e-mel emel mesej akaun
sw so fil: barua pepe email fariim mensahe
eu cy ga af: posta mezu helbide e-bost ebost neges cyfeiriad r-phost ríomhphost seoladh e-pos boodskap
ar: البريد بريد الرسائل رسائل رسالة العنوان عنوان حساب
he: מייל דוא הודעות הודעה תיבת תיבה כתובת חשבון פנייתך
fa ur: ایمیل پیام صندوق آدرس نشانی ای_میل پیغام
hi bn: ईमेल मेल संदेश पता ইমেইল ইমেল বার্তা ঠিকানা
th: อีเมล ข้อความ กล่อง
zh ja ko: 邮件 郵件 邮箱 信箱 電郵 电邮 来信 メール アドレス メッセージ 메일 메시지 주소 편지함
others: ኢሜይል ኢሜል ፖስታ მეილ ფოსტა წერილ նամակ փոստ хат пошта
"""

NO_MORE = """
sv: längre_ slut_ slutat_använda
fi: enää_
da no: længere_ lenger_ lengre_ mere_ mer_
is: lengur_
et: enam_
en: longer_ anymore_ any_more stopped_using
de: mehr_ länger_
nl: meer_ langer_
fr: plus_
es ca gl: ya_no ja_no xa_non no_més dejado_
it: più_
pt: já_não já_nao mais_ deixou_ deixei_
ro: mai_
pl: już_ więcej
cs sk: již_ už_ viac_
hu: már_ többé
hr sr sl: više_ vise_ več_
bg mk: вече_ повече повеќе веќе више_
ru: больше_ уже_
uk be: більше_ вже_ больш_ ўжо_
lt lv: nebe daugiau_ vairs_
el: πλέον πια_
tr az: artık_ daha_ artıq_
sq: nuk_më
vi: vắng_ ngoài_ không_còn
id ms: lagi_
sw so fil: tena_ hadda_
eu cy ga af: jada_ bellach_ thuilleadh_ meer_
ar: لم_أعد لم_يعد لم_تعد لم_نعد
he: יותר_ כבר_
fa ur: دیگر_ اب_
hi bn: अब আর_
th: แล้ว อีกต่อไป
zh ja ko: 不再 已经 已 現在は 더_이상 더이상
others: ከእንግዲህ აღარ այլևս енді
"""

NEW = """
sv: ny_ nya_ nytt_ bytt byter ändrad ändrats ändrat flyttat_till flyttad ersatts gamla_ avvecklad stängs stängts nedlagd upphör slutar_fungera ogiltig inaktiv avslutats framöver i_stället hädanefter
fi: uusi_ uude uute uuden muuttun muuttui vaihtun vaihtui vanha_ poistett poistunut poistuu suljett suljetaan jatkossa lakkautet
da no: ny_ nye_ nyt_job nyt_num nyt_tele nyt_mail nyt_e-mail nytt_ ændret endret skift bytt gamle_ gammel nedlagt lukket lukkes stengt utgått udgået fremover fremadrettet heretter endra sløyf
is: ný_ nýtt breytt breyst
et: uus_ uue muutu suleta
en: new_ changed changing change_of moved_to old_ discontinu deactivat disabled retired closed_ closing replaced instead_ moving_forward going_forward defunct decommission inactive phased obsolete longer_valid switched migrat update_your unattended unmonitored
de: neue neu_ neuen geändert ändert alte_ alten ersetzt künftig zukünftig ab_sofort deaktivier abgeschalt eingestellt gelöscht ungültig abgekündigt umgestellt gültig stattdessen aufgelöst
nl: nieuw gewijzigd veranderd oude_ voortaan opgeheven vervallen gesloten vervangen wijzigt uitgeschakeld
fr: nouve changé désormais ancien dorénavant désactiv supprim fermée modifié remplacé valide dédié obsolète
es ca gl: nuev nova_ nou_ cambiado cambia_ antigu adelante sucesivo desactiv dado_de_baja canviat novo_ obsolet inactiv vàlid válid
it: nuov cambiato cambiata modificat vecchi dismess disattivat d'ora_in_poi attivo attiva sostituit
pt: novo_ nova_ mudou mudei alterad antig desativ desactiv doravante descontinu inativ
ro: nou_ noua_ nouă_ schimbat vechi dezactivat
pl: nowy nowa nowe nowym zmien zmian stary starego nieaktual nieaktywn zlikwidow wyłączon zamknię
cs sk: nový nove_ nové novou nová novu novi_ novo_ změn zmen star zrušen neplatn nefunk
hu: új_ megváltoz régi megszűn változ megszünt
hr sr sl: nov_ nova_ novi_ novu_ promijen promen stara_ staru_ ukinut spremen ugasn ugaše deaktiv
bg mk: новы новый новая новое нового нова_ новий нове_ новата новият смен промен стар закрит
ru: новы новый новая новое нового нова_ новий нове_ новата новият смен измен стар закрыт неактуал удал отключ
uk be: новы новый новая новое нового нова_ новий нове_ новата новият змін стар закрит змяні недійсн
lt lv: nauj pasikei seną jaun mainī mainīt vecā panaikin slēgt
el: νέα_ νέο_ άλλαξ αλλαγή παλι καταργ
tr az: yeni_ değiş eski_ kapat dəyiş köhnə kapan
sq: ndryshuar vjetër mbyll
vi: địa_chỉ_mới email_mới số_mới thay_đổi cũ_ ngừng
id ms: baru_ berubah berganti bertukar lama_ ditutup
sw so fil: mpya cusub bago_ napalitan
eu cy ga af: berri aldatu newydd newid nua_ athraí nuwe verander
ar: جديد الجديد تغير تغيير غيرت القديم ملغ
he: חדש השתנ הוחלפ ישנה
fa ur: جدید تغییر قدیمی نیا_ تبدیل
hi bn: नया नई बदल নতুন পরিবর্তন
th: ใหม่ เปลี่ยน ยกเลิก
zh ja ko: 停止 停用 使用しておりません 使われて 新 更换 變更 变更 更改 停用 新しい 変更 廃止 変わり 새로운 변경 바뀌 폐쇄 중단
others: አዲስ ახალი նոր փոխվ жаңа өзгер
"""

THANKS = """
sv da no is: tack_ tak_ takk_ þakk tackar_för takker_for
fi et: kiito tänan_ täname tänam_ tänud tänu_ aitäh
en de nl af: thank dank bedankt dankie
fr es ca gl pt it ro: merci remercion graci gràcie grazie ringraz obrigad agradec mulțum graza moltes
pl cs sk hu: dzięku děku ďaku köszön
hr sr sl bg mk ru uk be: hvala zahvalj благодар хвала спасибо дяку дзяку
lt lv el tr az sq: ačiū dėkoj paldies ευχαριστ teşekkür sağ_ol təşəkkür faleminder
vi id ms: cảm_ơn terima_kasih
sw so fil eu cy ga: asante mahadsanid salamat eskerrik milesker diolch maith_agat maith_agaibh
ar he fa ur hi bn: شكرا תודה ممنون متشکر سپاس شکریہ धन्यवाद ধন্যবাদ
th zh ja ko: ขอบคุณ 感谢 感謝 谢谢 謝謝 ありがとう 감사
others: አመሰግናለሁ እናመሰግናለን გმადლობ მადლობ շնորհակալ рахмет የቐንየልና
"""

THIS = """
all: этого_ этому_ этой_ цього_ цьому_ цієї_
pl: ta_skrzynka tej_skrzynki ten_adres ta_wiadomość
sv da no is: denna_ detta_ den_här det_här dette_ denne_ þetta_ þessi_
fi et: tämä_ tätä_ tähän_ tämän_ see_aadress see_postkast see_kiri see_meil see_konto seda_
en de nl af: this_ diese_ dieses_ dieser_ dieser_ diesem_ deze_ dit_ hierdie_ das_postfach die_mailbox
fr: cette_ ce_ cet_
es ca gl pt it ro: este_ esta_ aquest aquesta_ questo_ questa_ quest_ acest această aceasta_
pl cs sk: ten_ tej_ tato_ tento_ táto_ tuto_ této_ tejto_
hu: ez_ ezt_ ezen_ erre_
hr sr sl bg mk: ovaj_ ova_ ovu_ ovoj_ tega_ този_ тази_ този_ оваа_ овој_ ова_
ru uk be: этот_ это_ эта_ данный данная этом_ цей_ ця_ цю_ гэты_ гэта_
lt lv: šis_ ši_dėžut ši_pašto šio_ šī_ šo_e-past šo_adres šo_past šajā_
el tr az sq: αυτή_ αυτό_ αυτός_ bu_ ky_ kjo_
vi id ms sw so fil: này_ ini_ hii_ hili_ tani_ ito_ itong_
ar he fa ur: هذا_ هذه_ זו_ זה_ این_ یہ_
hi bn th zh ja ko: यह_ इस_ এই_ นี้ 本邮箱 此邮箱 该邮箱 此信箱 本信箱 当メール このメール このアドレス 本メール 이_메일 본_메일
"""

ASK = """
zh: 请派 请来 请把 请帮 请安排 请尽快派 请尽快修 请您派 请你们 请贵 请下周 请明天 請派 請來 請把 請幫 請安排 請你們 請貴 請下週 請明天
sv da no: vänligen snälla_ var_vänlig be_om ber_om ber_er vær_så vennligst venligst
fi et: pyydän_ pyydämme_ ystävällisesti palun_
is: vinsamleg
en: please_ kindly_
de: bitte_ bitten_
nl: alstublieft graag_ gelieve verzoek_
fr: merci_de veuillez je_vous_prie prière_de
es ca gl pt it ro: por_favor se_ruega ruego_ per_favore prego_ vă_rog si_us_plau peço_
pl cs sk hu: proszę_ prosím_ kérem_ kérjük_
hr sr sl bg mk ru uk be lt lv: molim_ prosim_ моля_ молам_ молим_ прошу_ пожалуйста_ просьба_ будь_ласка калі_ласка prašau_ prašome_ lūdzu_
el tr az sq: παρακαλώ lütfen zəhmət ju_lutem
vi id ms: xin_ vui_lòng tolong_ silakan_ sila_
ar he fa ur hi: نرجو الرجاء يرجى נא_ אנא_ לבקש لطفا براہ_کرم कृपया
zh ja ko th: 请_ ください 부탁 กรุณา
"""
"""A request: in a notice it says where to turn, or asks for patience."""

ME = """
when: ring_gärna_då ring_då ring_efter soita_silloin soittakaa_silloin call_then ring_then rufen_sie_dann bel_dan appelez_alors llame_entonces ring_da ring_så
sv da no: ring_mig kontakta_mig mejla_mig maila_mig nå_mig når_mig ring_gärna_mig hör_av_er ring_meg kontakt_meg kontakt_mig skriv_til_meg skriv_til_mig
fi: soita_minulle soittakaa_minulle minulle_numeroon minut_tavoittaa
en: call_me phone_me ring_me contact_me reach_me text_me
de nl: rufen_sie_mich kontaktieren_sie_mich bel_me bel_mij mij_bellen
fr: contactez-moi appelez-moi m'appeler me_joindre
es it pt: llámenme llámeme llamarme chiamatemi contattatemi mi_trovate ligue-me contacte-me ligar-me
pl cs ru uk: zadzwonić_do_mnie do_mnie zavolejte_mi zavolajte_mi позвоните_мне мне_на зателефонуйте_мені
"""
"""The writer wants to be called."""

PATIENCE = """
all: 知悉 见谅 海涵 理解 等待 稍候 wait_for_my await_my_return until_my_return invänta_min vänta_tills_jag odota_paluu odottakaa_paluu meine_rückkehr_ab warten_sie_bis mijn_terugkeer_af attendre_mon_retour patienter_ esperar_mi_regreso attendere_il_mio aguardar_o_meu poczekać_na_mój počkat_na_můj note_ noted_ advised aware_ patien tålamod överseende uppskatta notera observera kärsiväl ymmärr huomioi tålmod forståel bemærk merk geduld verständnis beachten verstoring begrip compren patienc note_que notez pacienc comprensión comprens pazien compreens cierpliw zrozum trpěliv pochop trpezliv türel megért răbd înțeleg strplj razumij razumev potrpež търпен разбир терпен терпін розум понима kantryb supras paciet saprat υπομον κατανό sabır anlay kuptim kiên_nhẫn thông_cảm sabar maklum الصبر תודתנו סבלנות هבנ صبر شکیب धैर्य 耐心 谅解 諒解 了承 양해 อดทน อภัย excuse apolog ursäkt pahoittel unskyld beklag entschuldig excus discul scus desculp przepra omluv ospravedl elnézés scuze ispri извин вибач quote_the reference_the subject_line include_the change_the ange_ oppgi_ angi_ angeben mentionn indiquer indicar indicare podać uvést uviesť указ nachfragen rückfragen refrain abstand_zu påminnelse påminn muistut relance_ reclamar sollecit ponagl urgovat chase_ chasing nachsicht indulgence indulgenc indulgenz indulgênc wyrozumiał shovíva elnézés hoşgörü снисхожд bear_with
"""

STILL = """
sv da no: fortfarande_ ännu_ endnu_ ennå_ enda_ fortsatt stadig_ fremdeles
fi et is: vieläkään vielä_ edelleen ikka_ endiselt_ ennþá_ enn_
en: still_ yet_ so_far last_week_
de nl: noch_ bisher_ bislang_ immer_noch nog_ steeds_
fr: toujours_ encore_ jusqu'ici
es ca gl pt it ro: todavía aún_ sigo_ encara_ aínda ainda_ ancora_ încă_
pl cs sk: nadal_ jeszcze_ wciąż dotąd dosud stále ještě_ doteraz ešte_n zatiaľ
hu hr sr sl: még_nem még_mindig még_sem mindig_ još_uv još_nis još_nij još_ček dosad_ doslej
bg mk ru uk be: още_ все_още сè_уште уште_ до_сих_пор ещё_ еще_ досі_ ще_не до_гэтуль
lt lv: vis_dar dar_nega dar_nėra dar_laukiu joprojām vēl_
el tr az sq: ακόμα ακόμη hâlâ henüz hələ ende_ akoma
vi id ms: vẫn_chưa vẫn_không masih_ belum_
sw so fil: bado_ weli_ wali_ pa_rin
eu cy ga af: oraindik_ o_hyd fós_ nog_
ar he fa ur: حتى_الآن بعد_ לא_קיבלתי עדיין هنوز ابھی_تک
hi bn th: अभी_तक এখনও ยังไม่
zh ja ko: 还没 還沒 尚未 仍 まだ 未だ 아직
others: እስካሁን ჯერ դեռ әлі
"""
"""With "not" and a word of answers: somebody waits."""

DEED = """
sv fi da no en de fr es it pt: svarar_jag_för_föreningen on_behalf_of_the our_association vår_förening godkänner_ vi_accepterar hyväksymme_ we_accept i_accept wir_akzeptieren nous_acceptons j'accepte aceptamos accettiamo aceitamos estamos_de_acuerdo ringer_dig_ ringer_er_ ringer_deg_ ringer_til_dig ringer_upp call_you phone_you give_you_a ring_you rufe_sie_an rufe_an bel_u_ bel_je_ vous_appelle vous_rappelle le_llamo les_llamo la_chiamo vi_chiamo ligo-lhe zadzwonię zavolám felhívom позвоню_ зателефоную
all: 立ち会 持参し 持参い 提出し 提出い bin_einverstanden einverstanden_ håller_med_ jag_instämmer samaa_mieltä i_agree we_agree suis_d'accord sono_d'accordo akkoord_mee ga_akkoord zgadzam_się souhlasím súhlasím egyetértek сагласан согласен согласна згоден згодна 同意_ 동의합 would_suit suit_me suit_us suits_me better_for_me better_for_us i_prefer we_prefer i'd_prefer passar_bättre passar_bäst bättre_för_mig bättre_för_oss jag_föredrar sopisi_paremmin sopii_paremmin mieluummin_ passer_bedre heller_på hellere_ passt_besser wäre_besser wäre_mir besser_wäre liever_ komt_beter préfère_ préférerais m'arrangerait me_va_mejor prefiero_ preferiría preferisco_ preferirei mi_va_meglio prefiro_ preferia_ wolałbym wolałabym lepiej_pasuje lépe_hodí lepšie_hodí jobban_megfelel удобнее зручніше väntar_på_ert väntar_på_ditt odotan_ venter_på_svar afventer_ jag_avvaktar wait_to_hear awaiting_your i_await warte_ich warte_auf wacht_uw j'attends attends_votre espero_su aguardo_ aguardar attendo_ czekam_ počkám várom_ aștept_ чекаю чекатиму жду_ ждать_ очаквам чакам čekam lauksiu gaidīšu ootan_ περιμένω bekliyorum سأنتظر بانتظار אחכה ממתין_ל منتظر 等您 等你 お待ちして 기다리겠 đợi_ chờ_ รอคำตอบ sugayaa funkar_ passar_bra passar_oss passar_mig passer_fint passer_bra går_fint käy_hyvin sopii_ is_fine suits_ works_fine any_other_day passt_mir passt_uns schikt_me komt_me me_conviendrait me_convient nous_convient me_viene nos_viene va_bene_ mi_va_ dá-me_jeito pasuje_mi hodí_se vyhovuje megfelel_ мне_подходит підходить he_said she_said they_said you_said you_promised ni_sa_ ni_sade ni_lovade ni_skulle han_sa_ hon_sa_ de_sa_ lupasitte sanoitte luvattiin han_sagde i_lovede dere_sa dere_lovet sie_sagten sie_haben_gesagt er_sagte versprochen u_zei beloofd vous_avez_dit vous_aviez promis_ dijeron prometieron ha_detto avete_detto disseram prometeram powiedzi obiecan řekli slíbil mondták ígért вы_обещали обещали сказали ви_обіцяли söylediniz the_slow_reply the_late_reply the_slow_response the_late_response my_late_reply my_slow_reply sent_svar sena_svaret myöhäinen_vastaus sene_svar späte_antwort späte_rückmeldung verspätete_antwort late_reactie réponse_tardive contestar_tarde respuesta_tardía risposta_tardiva resposta_tardia za_zwłokę za_opóźnienie pozdní_odpověď neskorú_odpoveď késői_válasz поздний_ответ задержку_с_ответом пізню_відповідь 回复晚了 返信が遅くなり 늦어서 able_to_attend unable_to_attend cannot_attend can't_attend will_attend nicht_teilnehmen teilnehmen_kann inte_delta ikke_delta pääse_osallistumaan kan_niet_bijwonen pas_participer pas_assister no_podré_asistir non_potrò_partecipare não_poderei_comparecer nie_wezmę_udziału nezúčastním nem_tudok_részt не_смогу_присутствовать vi_åker_ vi_reser_ vi_rejser_ vi_reiser_ lähdemme_ matkustamme_ we_leave_ we_are_going we_re_going we_are_leaving wir_fahren_ wir_verreisen_ wij_gaan_ we_gaan_ nous_partons salimos_ nos_vamos partiamo_ partimos_ wyjeżdżamy odjíždíme odcestujeme elutazunk мы_уезжаем уезжаем_ їдемо_ gidiyoruz_ krockar_ kolliderar kolliderer kollidiert clashes_with förslag_ föreslår foreslår_ ehdotan_ ehdottaisin i_suggest could_we let's_say schlage_vor vorschlag_ stel_voor je_propose nous_proposons propongo_ proponemos proponiamo_ proponho_ proponuję navrhuji navrhujem javaslom предлагаю пропоную öneriyorum bifogas_ bifogar_ bifogat_ bifogad vedlagt_ vedlegger_ vedhæftet vedhæfter liitteenä oheisena attached_ i_attach enclosed_ anbei_ im_anhang beigefügt bijgevoegd bijlage ci-joint ci-joints pièce_jointe adjunto_ adjuntos_ adjunta_ in_allegato allego_ em_anexo segue_anexo w_załączeniu załączam_ v_příloze přikládám v_prílohe csatoltan mellékelten ektedir ekte_ во_вложении прилагаю у_вкладенні додаю_ مرفق_ بالمرفقات מצורף מצורפת 附件 添付 첨부
sv da no fi: kan_inte_komma kommer_inte_på kommer_inte_till inte_komma ikke_komme kan_ikke_møte kan_ikke_komme säger_upp sier_opp siger_op opsiger säga_upp irtisano en_pääse
en de nl: cannot_come can't_come unable_to_come cancel_my cancel_the give_notice nicht_kommen kündige niet_komen zeg_op opzeggen
fr es ca it pt ro: pas_venir pourrai_pas_venir résilie no_puedo_ir no_podré_ir doy_de_baja_la non_posso_venire disdico não_posso_ir cancelo_ nu_pot_veni
sv da no fi et: min_fru min_man min_sambo min_mamma min_pappa min_mor min_far min_granne min_kone min_mann min_mand vaimoni mieheni äitini isäni naapurini abikaasa
en: my_wife my_husband my_mother my_father my_mum my_dad my_partner my_neighbour my_neighbor my_landlord my_doctor
de nl: meine_frau mein_mann meine_mutter mein_vater mein_nachbar mijn_man mijn_vrouw mijn_moeder mijn_vader
fr: mon_mari ma_femme ma_mère mon_père mon_voisin mon_épou
es it pt ca ro: mi_marido mi_mujer mi_esposa mi_madre mi_padre mi_vecin mio_marito mia_moglie mia_madre mio_padre meu_marido minha_mulher minha_mãe meu_pai minha_esposa soțul soția mama_mea
pl cs sk hu hr sr sl: mój_mąż moja_żona mąż żona manžel férjem feleségem anyám apám moj_muž moja_žena muž_ žena_
ru uk bg lt lv: муж_ мой_муж моя_жена мама_ чоловік моя_дружина мама мъжът_ми жена_ми vyras žmona vīrs sieva
el tr ar he fa: ο_άντρας_μου η_γυναίκα_μου η_μητέρα_μου eşim kocam annem babam زوجي زوجتي والدتي والدي בעלי אשתי אמי אבי همسرم مادرم پدرم
zh ja ko: 我丈夫 我妻子 我母亲 我父亲 我妈 我爸 主人が 妻が 母が 父が 남편 아내 어머니 아버지
en: still_there still_waiting weeks_ago months_ago still_broken still_dark
sv da no fi: söker_jag jag_söker jeg_søger jeg_søker jeg_leter etsin_
en de nl: looking_for ich_suche suche_ich ik_zoek can't_make
fr es it pt: je_cherche busco_ cerco_un procuro_
pl cs ru uk: szukam hledám ищу_ шукаю_
sv da no fi: vi_flyttar flyttar_den flyttar_till vi_flytter vi_flyttet vi_flyttade muutamme muutimme
en de nl: we_moved_ we_are_moving we_re_moving moving_house wir_ziehen umzug umgezogen verhuiz
fr es pt it ro: déménag nos_mudamos mudamo-nos trasferiamo mudámos ne_mutăm
pl cs sk hu hr ru uk: przeprowadz stěhuj sťahuj költöz selimo переезжа переехал переїжджа переїха
sv da no: var_stängt stod_öppet kom_dit nytt_telefon nytt_nummer nya_nummer var_stengt var_lukket nyt_nummer ny_telefon
fi et: oli_kiinni uusi_puhelin puhelinnumeroni oli_suljet
en: was_closed were_closed was_shut i_came when_i_got new_phone new_number new_mobile number_has
de nl: war_geschlossen war_zu_ neue_telefon neue_nummer neue_handy was_gesloten nieuw_nummer nieuwe_telefoon
fr es it pt: était_ferm nouveau_numéro estaba_cerrad nuevo_número nuevo_teléfono era_chius nuovo_numero estava_fechad novo_número
pl cs sk hu ru uk: było_zamkn był_zamkn nowy_numer bylo_zavřen nové_číslo zárva_volt было_закрыто новый_номер новый_телефон було_зачинено новий_номер
sv: kommer_till_er jag_kommer_in_ vi_kommer_in_ kommer_jag_in_ kommer_vi_in_ kommer_förbi kommer_då hämtar hämta_ lämnar_in lämna_in skriver_under betalar flytta_bilen överklag klaga_ hinner_inte_till vill_jag vill_ni vill_ha vill_att tar_med väntar_på_ert vad_gäller bokar boka_
fi: tulen_ tulemme_ tuon_ haen_ hakemaan allekirjoit maksan soitan_ haluan_ haluaisin voisitteko_ voitteko_ tarvitsen_ pyytä siirtää_aikaa sopiiko käyn_ enkä_pääse enkä_tule
da no: kommer_innom kommer_forbi henter hente_ leverer underskriv betaler klage_ klager ønsker_ trenger_ vil_gerne vil_gjerne flytte_bilen kan_dere kan_i_ bestill
en: come_by come_in come_over drop_off drop_by pick_up_my pick_up_the pick_up_a collect_my collect_the bring_the bring_my sign_the will_sign pay_the please_don please_do_not_collect i_need_ i_want_ would_like i_d_like could_you can_you may_i can_i_ could_i book_a move_my move_the postpone reschedul suits_me works_for can_do_
de: hole_ abhol vorbei_ unterschreib bringe_ zahle_ überweis möchte_ich ich_möchte brauche_ich ich_brauche können_sie könnten_sie bitte_die_tonne beschwer nehme_ich_wahr wahrnehm
nl: haal_ ophal kom_langs breng_ teken_ betaal_ ik_wil_ wil_ik kunt_u afspraak bezwaar kom_ik
fr: passerai viendrai venir_ apporter apporterai signer signerai chercher récupérer payer paierai je_voudrais je_souhaite pouvez-vous pourriez décaler besoin_de retirer
es ca gl: paso_por pasaré iré_ firmar recoger llevaré llevo_ pagaré quiero_ quisiera necesito_ podría pueden_ solicito_ vindré recollir passaré
it: verrò_ passerò ritirare firmare porterò pagherò vorrei_ ho_bisogno potete_venire potreste_ chiedo_
pt: passo_ passarei irei_ vou_ levantar assinar levar_ buscar_ pagarei quero_ preciso_ gostaria poderia como_faço
ro: voi_veni ridic semna aduc plătesc doresc aș_dori aveți am_nevoie puteți
pl: przyjdę przyniosę odbiorę podpis zapłacę przełoż przesun proszę_o_przes potrzebuję chciał chcę_ zgadzam odebra
cs sk: přijd přines vyzvedn podepí zaplat potřebuj chtěl chci_ prídem prinesiem podpí potrebujem chcem_ mohl_bych mohla_bych
hu: megyek_ bemegyek elhoz aláír fizet szeretn kérem_a tudn kérném
hr sr sl: doći donijet donet potpis platit trebam_ želim_ podić dođem prišel prišla prinesel podpis želel potrebujem
bg mk: дойда донеса взема подпиш платя искам_ дојдам донесам
ru: приду_ зайду принесу заберу подпишу оплачу хочу_ хотел прошу_вас можно_ли забрать прийти
uk be: прийду зайду принесу заберу підпишу хочу_ прошу_ чи_можна прыйду
lt lv: ateisiu atvyksiu atnešiu pasiim pasiraš sumokė noriu_ atnākšu paņem parakst samaksā vēlos_
el: θα_έρθω θα_περάσω να_περάσω υπογρ πληρώσ φέρω θέλω_ μπορώ_να παραλάβω
tr az: geleceğim gelebilir getirece almaya_gel imzala ödeme ödey istiyorum ister_misiniz
sq: do_të_vij vij_ sjell nënshkru paguaj dua_
vi: đến_lấy mang_theo ký_tên tôi_muốn
id ms: akan_datang datang_ ambil_ mengambil membawa tanda_tangan bayar_ mau_ ingin_
sw so fil: nitakuja nitaleta imaan keeni pupunta dadalhin
ar: سآتي سأحضر استلام_ سأدفع أريد_ هل_يمكن أوقع سأمر
he: אגיע אבוא אביא לאסוף לחתום אשלם רוצה_ אפשר_ל
fa ur: می‌آیم خواهم_آمد بیاورم امضا می‌خواهم آؤں_گا
hi bn: आऊँगा आऊंगा लाऊँगा चाहता चाहती আসব আনব চাই
th: จะไป จะมา จะเข้าไป ต้องการ
zh ja ko: 去领 领取 去拿 过去取 我想 我要 签字 付款 可以吗 伺います 参ります 取りに お願いできます いただけますか ほしい 방문하 가겠습니다 제출하 받으러 하고_싶 주실_수
"""
"""What residents do themselves or ask for: no notice speaks of it."""
