"""Words of mailboxes, of opening hours and of what is over, as `normalizer/kinds/notice_stems.py` writes them. Only data."""
# ruff: noqa: RUF001 - letters of other alphabets are the matter of this file

PAST = """
sv da no: jag_var_ vi_var_ har_varit var_jag_ var_vi_ jeg_var_ var_jeg_ har_vært har_været hadde_vi_ hade_vi_
is et: ég_var var_ég olin_ olime_ olen_olnud
fi: olin_ olimme_ oli_ olen_ollut olemme_olleet ollessani ollessamme
en: i_was we_were was_away was_on_ was_off was_out i_ve_been we_ve_been have_been had_been has_been was_un was_not_ wasn_t_ weren_t_ were_not_ were_un been_away been_on just_back just_got got_back came_back
de nl: war_ waren_ gewesen ik_was was_ik wij_waren we_waren geweest
fr: j'étais étais_ étions_ ai_été avons_été
es ca gl: estaba_ estuve_ estuvimos estábamos he_estado hemos_estado estava_ estaven
it: ero_ eravamo sono_stato sono_stata siamo_stati
pt ro: estive_ estivemos estávamos am_fost eram_
pl: byłem_ byłam_ byliśmy byłyśmy
cs sk: byl_jsem byla_jsem jsem_byl jsem_byla byli_jsme bol_som bola_som som_bol som_bola
hu: voltam voltunk
hr sr sl: bio_sam bila_sam sam_bio sam_bila sem_bil bil_sem bila_sem
bg mk ru uk: бях_ бев_ был_ была_ были_ був_ була_ були_
lt lv el sq: buvau biju_ ήμουν ήμασταν isha_
tr: tatildeydi izindeydi yoktum yurtdışındaydı dışındaydı hastaydım
ar he fa: كنت_ كنا_ הייתי היינו بودم_ بودیم_
ja ko: しておりまし していまし でした ていて 였습니다 었습니다 했습니다 았습니다 늦었
"""
"""Somebody was, or has been: an absence that is over is no notice of one."""

INBOX = """
sv da no is: brevlåd inkorg inkorgen funktionsbrevlåd funktionsadress postkass innboks indbakk postboks
fi et: postilaatik postkast sähköpostilaatik
en: inbox mailbox
de nl: postfach mailbox postvak postbus
fr: boîte_mail boîte_de boîte_aux messagerie boîte_e-mail boîte_électronique
es ca gl it pt ro: buzón bústia casella_di casella_mail casella_postale caixa_de căsuț
pl cs sk hu: skrzynk schránk postafiók postalád
hr sr sl bg mk ru uk: sanduč nabiralnik predal_ кутия_ сандуче ящик_ ящика_ скриньк
lt lv el tr: dėžut pastkast θυρίδα posta_kutus gelen_kutus
ar he fa zh ja ko: صندوق תיבת צנדוק 邮箱 信箱 受信箱 메일함 편지함
"""
"""The mailbox as a place that somebody looks after."""

HOURS = """
sv da no: kontorstid öppettid telefontid bemanna åbningstid åpningstid telefontid kontortid bemanded betjent sommaröpp
fi et: toimistoaik aukioloaik palveluaik puhelinaik virka-aik arkisin asiakaspalvelu_on lahtiolek tööaeg
en: office_hours opening_hours business_hours working_hours out_of_hours staffed_ manned_ open_from hours_of
de nl: öffnungszeit sprechzeit servicezeit bürozeit geschäftszeit besetzt_ openingstijd kantooruren kantoortijd
fr: heures_d'ouverture heures_de_bureau horaires_ ouvert_de ouvert_du n'est_ouvert
es ca gl pt: horario_de horari_ horário_de atención_al_público horas_de_oficina horário_
it ro: orari_di orario_ apertura_ program_de_lucru programul
pl cs sk: godzin_pracy godzinach_pracy czynne_ czynny_ czynna_ pracovní_dob otevírac úřední_hodin pracovnej_dob otváracie úradné_hodin
hu hr sr sl bg mk: munkaidő nyitvatart ügyfélfogad radno_vrijeme radno_vreme uradne_ure работно_време работно_
ru uk: рабочее_время рабочее рабочие_часы часы_работы режим_работы робочий_час години_роботи графік_роботи
tr el: mesai_saat çalışma_saat ωράριο ώρες_λειτουργίας
ar he fa: ساعات_العمل ساعات_الدوام שעות_הפעילות שעות_פעילות ساعت_کاری ساعات_کاری
zh ja ko vi id: 工作时间 工作時間 办公时间 辦公時間 服务时间 服務時間 营业时间 上班后 営業時間 受付時間 업무_시간 상담_시간 운영_시간 근무_시간 giờ_làm_việc jam_kerja jam_operasional
"""
"""When somebody is there: with what becomes of the mail it is a notice."""

NOBODY = """
sv da no is: ingen_ enginn_ ingen
fi et: kukaan_ keegi_
en: nobody_ no_one_ noone_ none_of_us no-one_
de nl: niemand keiner_ geen_mens
fr: personne_
es ca gl it pt ro: nadie_ ningú_ ninguén_ nessuno_ ninguém_ nimeni_
pl cs sk hu: nikt_ nikdo_ nikto_ senki_
hr sr sl bg mk ru uk be: nitko_ niko_ nihče_ никой_ никој_ нико_ никто_ ніхто_ ніхто ніхто_ ніхто_
lt lv el tr az sq: niekas_ neviens_ κανείς_ κανένας_ kimse_ heç_kim askush_
vi id ms sw so fil: không_ai tidak_ada_yang tiada_siapa hakuna_mtu cidna_ walang_
ar he fa ur hi bn: لا_أحد لا_احد אף_אחד איש_לא هیچ‌کس هیچ_کس کوئی_نہیں कोई_नहीं কেউ_না
th zh ja ko: ไม่มีใคร 没有人 无人 無人 没人 沒人 誰も 아무도
"""
"""Nobody: who says of this mailbox that nobody reads it gives notice, who says it of anything else complains."""

INSTEAD = """
sv da no: vikarier ersättare ersätter_mig i_mitt_ställe vikar_for_mig vikar_er min_vikarie min_vikar min_stedfortræder stedfortreder afløser_mig min_avløser min_afløser
fi et: sijaiseni sijaisenani sijaistaa_minua sijaistajani tuuraajani asendab_mind minu_asendaja asendajaks
en: stand-in_ stand_in_is standing_in_for covering_for_me covers_for_me my_cover_ my_deputy in_my_place replaces_me replacing_me acting_for_me deputising fills_in_for filling_in_for my_replacement
de nl: meine_vertretung vertritt_mich vertreten_mich werde_ich_vertreten werde_ich_von vertritt_mich mijn_vervang vervangt_mij vervangt_me waarnemer neemt_mijn
fr: me_remplace mon_remplaç ma_remplaç assure_mon_intérim assure_l'intérim
es ca gl it pt ro: me_sustituye mi_sustitut me_substitueix em_substitueix mi_sostituisce il_mio_sostituto la_mia_sostituta sono_sostituit substitui-me me_substitui minha_substitut meu_substitut înlocuiește_pe mă_înlocuiește îmi_ține
pl cs sk hu: zastępuje_mnie mnie_zastępuje zastępstwo_pełni zastępować_mnie zastupuje_mě zastupuje_mne mě_zastupuje zastupuje_ma ma_zastupuje helyettesem helyettesít
hr sr sl bg mk: mijenja_me zamjenjuje_me menja_me nadomešča_me me_nadomešča замества_ме ме_замества мења_ме ме_заменува ме_мења
ru uk be: меня_замещает меня_заменяет замещает_меня заменяет_меня мене_заміщає мене_замінює заміщує_мене мяне_замяняе
lt lv el tr az sq: mane_pavaduoja pavaduoja_mane mani_aizvieto mani_aizstāj με_αντικαθιστά yerime_ mənə_vəkil më_zëvendëson
vi id ms: thay_tôi menggantikan_saya pengganti_saya
ar he fa: ينوب_عني تنوب_عني מחליף_אותי מחליפה_אותי ממלא_מקומי ממלאת_מקומי جانشین_من
zh ja ko: 代理人 由我的同事 代わりに 代理で 업무_대행 대신하여
"""
"""Somebody stands in for the writer: he is away, whatever he is doing."""

MAILS = """
sv da no is: mejlen_ mailen_ e-posten_ meddelanden meldinger beskeder mails_ mejl_ mail_ e-post_ e-poster brevlådan inkorgen póstinn
fi et: viestejä viestit_ viesteihin sähköposteja sähköposteihin sähköpostit meilejä meileihin kirju_ kirjadele
en: messages e-mails emails_ mails_ email_ e-mail_ mail_ voicemails inbox voicemail_ inboxes_
de nl: e-mails mails_ nachrichten berichten e-mail_ mail_ mailbox_ posteingang
fr: mails messages e-mails courriels messagerie
es ca gl: mensajes correos correo_ e-mails missatges correus mensaxes
it pt ro: messaggi mensagens emails_ e-mail_ e-mails posta_ mesajele mailuri emailuri
pl cs sk hu: maile_ wiadomości_ e-maile pocztę_ zprávy_ e-maily maily_ správy_ poštu_ üzeneteket leveleket leveleimet emaileket postámat
hr sr sl: poruke_ mailove mejlove poštu_ pošto_ sporočila e-maile
bg mk ru uk be: пощата_ имейли_ мейли_ пораки_ почту_ сообщения письма_ пошту_ повідомлення листи_
lt lv el tr az sq: laiškus_ paštą_ e-pastus vēstules_ pastu_ μηνύματα e-postaları e-postalara mesajlara mesajları postat_ emailet
vi id ms: email_ pesan_ surel_ emel_
ar he fa: الرسائل رسائل_البريد בהודעות בהודעות_ הודעות_ במיילים מיילים ایمیل‌ها پیام‌ها
zh ja ko: 邮件 郵件 メール 메일
"""
"""Messages in general: what becomes of them, and when, tells who looks after a mailbox, not who has a matter."""

BOX_ENDS = (
    "adress", "adressen", "brevlåda", "brevlådan", "postlåda", "postlådan", "osoite", "osoitetta", "osoitteen", "postfach", "postbus", "adresse", "adressen", "postboks", "mailbox",
)  # fmt: skip
"""Ends of words that are a mailbox or an address, in languages that join them."""
