"""Words of being away, of work, of who helps and of when, as `normalizer/kinds/notice_stems.py` writes them. Only data."""
# ruff: noqa: RUF001 - letters of other alphabets are the matter of this file

WORK = """
sv: företag bolag kommun arbetar jobbar anställ tjänst arbetsplats organisation firma myndighet hos_oss roll förening kollega_hos uppdrag
fi: yritykse talossa palvelukses työskentel työsuh töissä organisaatio tehtäv kaupungi kunna
da no: firma virksomhed bedrift selskap ansat ansatt stilling arbejder jobber arbeider tjeneste kommun hos_os hos_oss organisasjon
is: fyrirtæk starfa vinn stof
et: ettevõt tööta firma amet organisatsioon
en: company firm organi employ work_ working_ worked_ position role post_ team_ agency institution school university department council acme business staff service
de: firma unternehmen gesellschaft behörde arbeite dienst tätig beschäftigt angestellt mitarbeiter stelle haus betrieb organisation
nl: bedrijf organisatie werkzaam dienst werk gemeente firma functie
fr: société entreprise organisme poste fonction équipe service structure effectif association travaille
es ca gl: empresa entidad organización compañía puesto trabaj trabaja institución ayuntamiento plantilla treball empres traballo
it: azienda società ente lavoro lavora organico servizio ditta ufficio_di collabora
pt: empresa organização entidade quadro trabalho serviço câmara instituição
ro: compan firm angajat instituț organizaț lucrez lucrează
pl: firm spółk zatrudn pracuj współprac urzęd instytucj organizacj zespoł stanowisk
cs sk: firm společnost spoločnost pracuj působ pôsob zaměstnan zamestnan úřad úrad organizac organizác
hu: cég vállalat dolgoz munkatárs munkaviszony szervezet intézmény
hr sr sl: tvrtk firm poduzeć kompanij radim zaposl organizacij preduzeć podjetj delam
bg mk: фирм компани работ организаци дружество
ru: компани фирм организаци работ сотрудни должност штат учрежден
uk be: компані фірм організаці працю робот установ посад кампан
lt lv: įmon bendrov darb dirb organizacij uzņēmum strādā iestād
el: εταιρεία εργάζ οργανισμ υπηρεσία επιχείρηση
tr az: şirket kurum çalış firma görev işlə şirkət müəssisə
sq: kompani punoj institucion punë
vi: công_ty làm_việc cơ_quan đơn_vị
id ms: perusahaan kantor bekerja syarikat instansi
sw so fil: kampuni kazi shirkad shaqe kumpanya nagtatrabaho
eu cy ga af: enpresa lan_ gweithio cwmni gcuideachta obair maatskappy werk
ar: الشركة شركة المؤسسة أعمل يعمل العمل الوظيفة
he: חברה בחברה עובד עובדת בארגון בתפקיד
fa ur: شرکت سازمان کار همکاری کمپنی
hi bn: कंपनी कार्यरत काम সংস্থা কোম্পানি চাকরি
th: บริษัท ทำงาน องค์กร
zh ja ko: 公司 单位 任职 工作 会社 弊社 当社 회사 근무 재직 직장
others: ኩባንያ მუშაობ კომპანი աշխատ ընկերություն компани жұмыс
"""

LEFT = """
sv: slutat slutade lämnat lämnade gått_vidare går_vidare avslutat avslutade sagt_upp pension upphört avgått avslutas ny_tjänst nytt_jobb nya_utmaningar bytt_jobb
fi: siirtynyt jättänyt lopettanut lopetti päättyn päättyi eläk irtisanout vaihtanut_työ uusiin_haasteisiin uusiin_tehtäviin
da no: stoppet fratråd sluttet sluttat opsagt gått_av forlatt forladt pensjon pension ny_stilling nyt_job ny_jobb nye_utfordringer nye_udfordringer ophørt opphørt
is: hætt lét_af látið_af eftirlaun
et: lahkunud lahkus pensioni töösuhe
en: left_the left_my left_our leaving_the departed resigned retire moved_on moving_on parted quit_ stepped_down stepped_away new_opportunit final_day last_day last_working passed_away employment_with
de: ausgeschieden verlassen verließ ruhestand pensioniert rente_ gekündigt gewechselt neue_herausforderung
nl: uit_dienst vertrokken verlaten gestopt pensioen ontslag nieuwe_uitdaging andere_functie
fr: quitté quitte_ retraite départ parti_ cessé démission nouvelles_aventures nouvelles_fonctions
es ca gl: dejado dejé cesado jubil desvincul renunci deixat abandon causado_baja marchado retirad cesé
it: lasciato cessato pensione dimess concluso_il terminato_il
pt: deixei deixou desliguei desligad aposent reform saí_da saiu_da cessei cessou
ro: plecat_din părăsit demision pensi încetat
pl: odszed odesz zakończy rozsta emerytur zwolnił zrezygnow przeszed przeszł
cs sk: odeš opustil ukončil důchod dôchod odiš skončil rozviaza
hu: távoz kilép megszűn nyugdíj elhagyt felmond munkaviszonyom
hr sr sl: napusti otiš zapusti mirovin penzij upokoj prestal prestao
bg mk: напусна пенси прекрат замина
ru: уволи покину уволен пенси перешёл перешел ушёл ушел ушла завершил_работу
uk be: звільни покину пенсі перейш пайшоў звольні
lt lv: išėj išeja pensij palik aizgāj pametu atstāj nutrauk beidz pamet
el: αποχώρ συνταξ παραιτ αποχωρ έφυγ
tr az: ayrıl emekli istifa ayrılmış işdən
sq: larg pension dorëheq
vi: nghỉ_việc thôi_việc nghỉ_hưu chuyển_công_tác
id ms: keluar mengundurkan pensiun berhenti bersara resign
sw so fil: niliacha nimeacha nimestaafu ka_tagay umalis nagbitiw
eu cy ga af: utzi gadael ymddeol d'fhág éirithe bedank afgetree verlaat
ar: غادر تركت ترك_ استقل تقاعد انتقل
he: עזבתי עזב_ סיימתי פרשתי לגמלאות סיים_
fa ur: ترک بازنشست استعفا چھوڑ ریٹائر قطع_همکاری
hi bn: छोड़ सेवानिवृत्त ছেড়ে অবসর
th: ลาออก เกษียณ พ้นสภาพ
zh ja ko: 离职 離職 退休 离开 離開 辞职 辭職 调离 调任 退職 退社 異動 定年 転職 辞め 퇴사 퇴직 은퇴 이직 그만두 전근
others: ለቅቄ ለቀዋል წავედი დავტოვ լքել հեռացել кетт зейнет
"""

COVER = """
all: převzal převza prevzal agendu_přeb mina_ärenden mina_uppgifter mitt_jobb mina_arbetsuppgifter mina_kunder my_cases my_duties my_tasks my_clients my_workload tehtäviäni tehtävistäni asiakkaitani asiakkaani mine_sager mine_saker mine_oppgaver mine_opgaver meine_aufgaben meine_fälle meine_vorgänge mijn_taken mijn_dossiers mijn_werk mes_dossiers mis_asuntos mis_tareas le_mie_pratiche mie_attività os_meus_processos minhas_tarefas moje_sprawy moje_obowiązki mou_agendu moju_agendu feladataimat feladatköröm моими_делами мои_дела мої_справи işlerimi مهامي 我的工作 업무는
en de es: holding_the_fort minding_the holding_the runs_my ocupa_ahora ocupa_mi
sv: ersätt vikari sköter tar_hand täcker tar_över tagit_över tar_mina hjälper vikarierar bevakar svarar_för efterträd kollega min_chef i_mitt_ställe sköts_av hanteras_av täcks_av bevakas_av tas_över besvaras_av behandlas_av
fi: sijais jatkaa_ hoitaa hoitavat auttaa tuuraa vastaa_ seuraaj esihenkilö kollega päivystä hoidetaan
da no: vikar overtar overtag tager_sig dekker dækker hjelper hjælper kollega avløser afløser etterfølger efterfølger tar_mine tager_mine min_leder passer_min ivaretar varetag håndter overtas overtages ivaretas varetages dekkes_av dækkes_af håndteres behandles_a
is: sinnir leysir afleys tekur_við aðstoð
et: asenda aitab kolleeg
en: managing_my handling_my taken_on covering cover_for standing_in stand_in filling_in deputi replacement my_replacement successor colleague backup back-up assistant taken_over taking_over takes_over look_after looks_after assist help manager supervisor delegate deputy handled_by dealt_with_by looked_after_by looking_after looks_after
de: vertret vertritt übernimmt übernommen übernehm nachfolg kollege kollegin kollegen hilft helfen ansprechpartner ansprechperson zuständig bearbeitet_von bearbeitet_frau bearbeitet_herr
nl: vervang waarne neemt opvolg collega helpt helpen overgenomen
fr: remplac intérim relais collègue suppl succès succède successeur interlocut prendra prend_le assure aidera aider assistant traités_par traité_par
es ca gl: sustitu compañer reemplaz suplent ayudar ayuda_ atender sucesor encarga cubre substitu axud ajudar company
it: sostitu collega colleghi subentr seguirà aiutar assister successore referente gestit gestisce
pt: substitu colega ajudar assegura sucessor assumi encarreg tratar_com
ro: înlocu coleg ajut preluat succesor
pl: zastęp zastąp przejmuje przejął przejęła koleg koleż następc pomoże pomocą obowiązki prowadzi_
cs sk: zastup nahrad kolega kolegyn kolegu kolegov pomůže pomôž nástupce nástupc
hu: helyettes kolléga kollegá segít utód átvette átveszi rendelkezésére
hr sr sl: zamijen zamenj mijenja kolega kolegic kolegu koleginj nadomešč nadomešc pomoći pomaga naslijed nasled preuze
bg mk: замест колега колеж помогне замен колешк поема мења
ru: замещ замен коллег помож исполня_ преемник занимается передан передал
uk be: заступ замін колег допомож виконує передан калег заменя
lt lv: pavaduo kolega kolegė kolegei padės aizviet kolēģ kolēģe palīdz
el: αντικαθιστ συνάδελφ βοηθ αντικατ αναπληρ
tr az: vekil vekalet yerime meslektaş yardım iş_arkadaş əvəz həmkar kömək
sq: zëvendës koleg ndihm
vi: thay_thế đồng_nghiệp hỗ_trợ giúp
id ms: menggantikan digantikan rekan kolega bantu membantu rakan gantikan
sw so fil: mwenzangu msaidizi saaxiib kasamahan
eu cy ga af: ordez lankide cydweithiwr comhghleacaí kollega vervang
ar: زميل بديل ينوب يحل المساعدة نائب
he: עמית מחליף מחליפ ממלא לעזור קולג
fa ur: همکار جانشین جایگزین کمک ساتھی
hi bn: सहकर्मी सहयोगी मदद সহকর্মী সাহায্য
th: แทน เพื่อนร่วมงาน ช่วยเหลือ
zh ja ko: 同事 代理 接替 接手 代为 协助 代わり 後任 代行 担当 동료 후임 대신 대리 담당
others: ባልደረባ კოლეგ გოწოր գործընկեր әріптес
"""

DUE = """
all: moins_rapide plus_lent d'habitude than_usual than_normal slower_than än_vanligt än_normalt end_normalt end_sædvanlig enn_vanlig enn_normalt tavallista_hita als_gewöhnlich als_üblich als_gewohnt dan_normaal dan_gebruikelijk di_quanto_al de_lo_habitual que_o_habitual niż_zwykle než_obvykle ako_zvyčajne szokásosnál nego_inače kot_običajno обычного зазвичай
sv da no fi de nl fr es it pt pl id: försenad forsinket forsinkelse viiveel viivästy verspätet vertraagd retard_ retraso demora ritardo atraso opóźnien terlambat lambat zpoždění oneskoren késve întârziere kašnjenj zamud закъснен опоздан запізнен затримк задержк vėluo kavē καθυστέρ gecik
en: slower_ delayed delay delays expect_a within_one_week in_the_evening evenings_ this_evening at_night
sv: arbetsdag vardag dygn inom_kort turordning tur_och_ordning skyndsamt handläggningstid svarstid så_fort_jag så_snart_jag när_jag_kan när_jag_är efter_semestern snarast så_snart efter_det därefter ikväll_ i_kväll på_kvällen kvällarna kvällstid när_jag_får när_jag_kommer när_jag_hinner när_vi_kan i_turordning i_den_ordning
fi: työpäiv arkipäiv vuorokaude viipymättä käsittelyaika jonotus mahdollisimman kun_pala myöhemmin jälkeen illalla iltaisin
da no: virkedag hverdag arbejdsdag arbeidsdag sagsbehandlingstid saksbehandlingstid svartid når_jeg så_snart så_fort hurtigst etter_ferien efter_ferien deretter derefter snarest senere etter_at i_aften om_aftenen i_kveld om_kvelden rækkefølge rekkefølge
is: virka þegar_ég fljótt
et: tööpäev esimesel_võimalusel peagi hiljem
en: working_day business_day in_due_course response_time turnaround when_i on_my_return upon_my_return as_soon_as shortly once_i after_that until_then next_in order_received in_the_order promptly later_ after_ first_thing
de: werktag arbeitstag sobald schnellst umgehend zeitnah danach nach_meiner nach_dem bearbeitungszeit etwas_länger in_kürze anschließend später abends am_abend heute_abend reihenfolge
nl: werkdag zodra spoedig doorlooptijd daarna nadien zo_snel later_ hierna avonds vanavond volgorde
fr: jours_ouvr dès_que dès_mon à_mon_retour au_plus meilleurs_délais plus_rapidement ultérieur dans_un_délai dans_les ensuite sous_peu le_soir ce_soir en_soirée
es ca gl: hábil laborable cuanto_antes lo_antes brevedad a_mi_vuelta a_la_vuelta a_mi_regreso plazo orden_de_llegada en_cuanto mi_regreso cuando_vuelva laborabl canto_antes por_la_noche por_la_tarde al_vespre
it: giorni_lavorativ quanto_prima appena_possibile prima_possibile al_mio al_più entro_ quando_torn la_sera stasera in_serata ordine_di
pt: úteis brevidade breve_ assim_que quando_volt quando_regress logo_que mais_breve prazo ordem_de à_noite ao_fim_do_dia
ro: lucrătoare curând cât_mai în_termen după_ cand_ când_
pl: robocz możliwie najszybciej po_powrocie wkrótce niezwłocznie później czas_oczekiw czas_odpow wieczor kolejnoś
cs sk: pracovn co_nejdř čo_najsk po_návrat po_mém jakmile hneď akonáhle lhůt lehot neprodlen bezodklad večer pořad
hu: munkanap hamarosan mielőbb amint rövidesen visszatér napon_belül hazatér később után_ este_ esténként
hr sr sl: radn delovn najkrać uskoro povratk čim_ nakon takoj vrnitv kasnej
bg mk: работн скоро завръщ възможно наскоро враќањ ускоро повратк
ru: рабоч ближайш по_возвращ после_ возвращ как_можно позже порядке_очеред срок вечером по_вечерам
uk be: робоч найближч поверн якомога пізніше після_ термін бліжэйш вярт
lt lv: darbo_dien darba_dien grįž netrukus drīzum atgriez artimiaus tuvākaj kai_tik tiklīdz
el: εργάσιμ σύντομ συντομότερ επιστροφή μόλις μετά_ αργότερα
tr az: iş_gün en_kısa döndüğ sonra_ dönüşüm kısa_süre gün_içinde tezlik qayıd dönünce sonunda
sq: ditë_pune shpejt kthim
vi: ngày_làm_việc sớm_nhất sớm_liên sớm_trả khi_trở_lại sau_khi khi_quay_lại
id ms: hari_kerja segera setelah secepat hari_bekerja selepas
sw so fil: siku_za_kazi haraka dhaqso pagbalik sa_lalong
eu cy ga af: lanegun laster cyn_gynted dychwelyd luath filleadh werksdae sodra terugkeer
ar: أيام_عمل أقرب_وقت يوم_عمل عودتي خلال لاحقا متأخر تأخير
he: ימי_עסקים ימי_עבודה בהקדם שובי חזרתי תוך_ לאחר_
fa ur: روز_کاری اسرع بازگشت ظرف_ واپسی جلد_ تأخیر
hi bn: कार्य_दिवस कार्यदिवस जल्द लौट কার্যদিবস শীঘ্র ফিরে
th: วันทำการ เร็วที่สุด กลับมา โดยเร็ว
zh ja ko: 工作日 尽快 盡快 儘快 回来后 返回后 之后 以内 以降 後日 営業日 戻り次第 追って 영업일 빠른 복귀 이후 이내 순차
others: ስመለስ დაბრუნ შემდეგ მალე վերադառնալ հնարավորինս жұмыс_күн оралған
"""

AT = """
all: till_er_tjänst till_din_tjänst für_sie_da für_euch_da für_dich_da there_for_you here_for_you at_your_service voor_u_klaar voor_je_klaar à_votre_disposition à_votre_service a_su_disposición a_sua_disposizione a_vostra_disposizione ao_seu_dispor à_sua_disposição do_dyspozycji do_państwa_dyspozycji vám_k_dispozici k_dispozícii rendelkezésére_áll la_dispoziția vam_na_raspolaganju в_строю palvelukses til_din_rådighed til_tjeneste teie_teenist
fa zh ja: سر_کار 上班
sv da no: kontor jobbet på_plats i_tjänst arbetsplats kontaktbar anträffbar nåbar tilgjengelig tilgængelig tillgänglig stede_ på_jobb på_arbejde nettet vid_datorn ved_computer ved_pc nås_ treffes_ træffes_ täckning_ dekning_ dækning_ mobilnät
fi et: toimisto paikalla töissä tavoitettavissa työpaikal kontor tööl_ kättesaadav koneella tietokoneella kuuluvuu kenttää_ levi_
is: skrifstof ekki_við við_skrifb vinnu_ staðnum
en: office desk_ reachable available at_work workplace in_today contactable my_computer my_screen signal_ coverage_
de nl: büro am_platz arbeitsplatz erreichbar im_haus im_dienst verfügbar kantoor bereikbaar aanwezig op_het_werk werkplek beschikbaar am_rechner am_computer achter_de_computer empfang_ netz_ bereik_
fr: bureau joignable disponible poste_de_travail réseau_
es ca gl pt it: oficina despacho disponib disponív escritório ufficio sede_ reperibil contactable localizable raggiungibil servizio gabinete cobertura_ copertura_
ro: birou disponibil serviciu
pl cs sk: biur dostępn w_pracy osiągaln kancelář kancelár v_práci dosažiteln dostupn k_zastižení zastihn dosiahn zasięg signálu_
hu: irod elérhet munkahely
hr sr sl bg mk: ured kancelarij pisarn dostup dosegljiv na_poslu канцелари офис на_работа достап на_разположение на_послу на_посао
ru uk be: офис_ офиса офисе офісі офісу на_работе на_роботі на_месте на_місці доступен доступн на_связи на_зв'яз рабочем
lt lv: biur darbe_ darbo_vietoj biroj pasiekiam sasniedzam
el tr az sq: γραφείο διαθέσιμ ofis iş_yer müsait ulaşılabil işdə zyrë disponuesh
vi id ms: văn_phòng kantor_ kantor tempat_kerja pejabat dihubungi
sw so fil eu cy ga af: ofisi ofisini xafiis opisina trabaho_ bulego swyddfa oifig kantoor
ar he fa ur: المكتب مكتبي متواجد משרד זמין زمין محل_کار دفتر دسترس
hi bn th: कार्यालय ऑफिस दफ्तर উপলব্ধ অফিস সবার สำนักงาน ออฟฟิศ ที่ทำงาน
zh ja ko: 办公室 辦公室 在岗 在席 席を 出社 会社に 사무실 자리를 자리에
others: ቢሮ ოფის გրասենյակ գրասենյակ кеңсе
"""

AGAIN = """
cs so ar fa: vracím vracam soo_noq أعود برمی_گردم
hr sr: ponovo_ ponovno_
sv da no is: igen_ åter_ tillbaka tilbage tilbake igjen_ aftur
fi et: taas_ jälleen takaisin palaan palaamme jatkamme tagasi jälle_
en: again_ back_ return reopen resume
de nl: wieder zurück erneut weer_ terug
fr: nouveau_ retour reprend rouvr reviens
es ca gl pt it: vuelvo vuelta nuevamente regres reincorpor torno retorn volto voltar de_novo di_nuovo rientr tornerò riapr reabr reapertura retomar
ro pl cs sk: revin reveni din_nou znowu ponownie wracam wróc powrot opět zpět zpátky vrát opäť späť
hu hr sr sl: ismét újra vissza ponovno ponovo natrag vraća vrać spet_ nazaj vrnem
bg mk ru uk be: отново обратно върн снова верн вернусь выйду знову поверн повернус враќам повторно зноў вяртаюс врати
lt lv: vėl_ grįš grįžt atkal_ atgriez
el tr az sq: ξανά πάλι επιστρ tekrar yine_ geri_ döne qayıd sërish kthehem
vi id ms: trở_lại quay_lại kembali
sw so fil eu cy ga af: nitarudi soo_laab babalik itzuli bueltan dychwelyd nôl ar_ais fillfidh terug
ar he fa ur: أعود العودة سأعود אחזור אשוב בחזרה بازمی برمی واپس
hi bn th: वापस लौट ফিরে กลับ
zh ja ko: 返回 回来 回到 恢复 復帰 戻り 戻る 再開 복귀 돌아 다시
others: እመለሳ დავბრუნდ կվերադառն оралам
"""

ABSENT = """
sv da no is: frånvarande frånvaro fraværende fravær fjarver
fi et: poissaol eemal_
en: absent out_of_office out_of_the_office ooo
de nl: abwesen afwezig ausser_haus außer_haus
fr: absent
es ca gl pt it ro: ausente ausència absent assente ausenc absență
pl cs sk: nieobecn nepřítom neprítom
hu: távol
hr sr sl: odsut odsoten odsotn
bg mk ru uk be: отсъств отсутств отсутен отсутна відсутн адсутн одсут
lt lv el: nedirb prombūtn απουσ λείπω
tr az sq vi id: mungoj vắng_mặt
ar he fa: غائب נעדר
zh ja ko: 不在 부재
"""

DAYS = """
eu cy ga ka hy kk: diwrnod lá_oibre laethanta lanegun სამუშაო_დღე დღეში օրվա жұмыс_күн
sv da no nl: dag_ dagar timm dage dager timer dagen uur uren veck uke uge weken
fi et is: päivä tunti tunnin viiko päeva tunni nädala daga daginn
en: day hour week month
de: tage_ tagen_ stunden woche
fr: jours_ heures_ semaine
es ca gl pt it ro: días_ dias_ horas_ hores_ dies_ giorni_ ore_ settiman semana zile_
pl cs sk: dni_ godzin tygodni dnů_ hodin dní_ dnech týdn týžd
hu: nap_ napon óra_ órán héten
hr sr sl: dana_ sati_ radni_dan radnog_dan delovni_dan dneh dnevih tjed ur_ urah nedelj
bg mk ru uk be: дни_ дней_ дня_ днів_ днях_ часа часов годин недел тижн дена_ дана_ сати_ гадзін дзён
lt lv: dien valand stund savait nedēļ
el: ημερ ωρών ώρες εβδομάδ
tr az sq: gün_ günü saat hafta ditë_ orë_ javë
vi id ms: ngày_ giờ_ tuần_ hari_ jam_ minggu
sw so fil: siku_ saa_ saac maalmood araw
ar he fa ur: أيام ساعة أسبوع ימים שעות שבוע روز ساعت دن_ گھنٹ
hi bn th: दिन घंट দিন ঘণ্টা วัน ชั่วโมง
zh ja ko: 天内 小时 个工作日 日内 日以内 時間以内 일_이내 일_내 시간_이내
"""

DAY = """
all: today_ heute_ vandaag_ aujourd'hui hoy_ oggi_ hoje_ azi_ astăzi dziś dzisiaj dnes_ danas_ danes_ днес_ денес_ данас_ сегодня сьогодні сёння šiandien šodien σήμερα bugün bu_gün sot_ hôm_nay hari_ini leo_ maanta gaur_ heddiw inniu vandag_ اليوم היום امروز آج आज আজ วันนี้ 今天 本日 今日 오늘 ዛሬ დღეს այսօր бүгін
all: septemb septembr oktob octob ottob outub octubre listopad novemb noviembre decemb dezemb diciembre dicembre agosto agost avgust rujn studen prosin siječn veljač ožujk svibnj srpnj wrześn sierpn paździer grudni styczn kwietn czerwc lipca września vasaris kovo rugpjū rugsėj lapkri gruodž sausio augustus septembrie август сентябр октябр ноябр декабр январ феврал серпн вересн жовтн листопад грудн січн ουρβάτ αυγούστ σεπτεμβρ οκτωβρ νοεμβρ δεκεμβρ ağustos eylül kasım aralık ocak şubat ուրբաթ პარასკ
fi et: tammiku helmiku maalisku huhtiku toukoku kesäku heinäku eloku syysku lokaku marrasku jouluku augusti_ septembri
sv: måndag tisdag onsdag torsdag fredag lördag söndag imorgon_ i_morgon nästa_ veckan_ idag_ januari februari till_den till_och till_vecka till_helg till_efter
da no: mandag tirsdag torsdag lørdag søndag i_morgen neste_ næste_ januar mars_ marts_
fi: maanantai tiistai keskiviik torstai perjantai lauantai sunnuntai huomen ensi_ ensim tänään loppuun
is: mánudag þriðjudag miðvikudag fimmtudag föstudag morgun janúar ágúst
et: esmaspäev teisipäev kolmapäev neljapäev reede homme järgmi jaanuar
en: tues_ weds_ wed_ thurs_ on_mon until_mon from_mon by_mon mon_to mon_till fri_ monday tuesday wednesday thursday friday saturday sunday tomorrow next_ until_ till_the till_monday till_further till_next till_early till_mid till_late till_end till_then january february april june july august september october november december
de: montag dienstag mittwoch donnerstag freitag samstag sonntag morgen_ nächste bis_ januar märz juli oktober dezember
nl: maandag dinsdag woensdag donderdag vrijdag zaterdag zondag volgende_ vanaf_ januari maart mei_
fr: lundi mardi mercredi jeudi vendredi samedi dimanche demain_ prochain janvier février mars_ juillet août
es ca gl: lunes martes miércoles jueves viernes sábado domingo mañana_ próxim enero febrero dilluns dimarts dimecres dijous divendres demà_ luns_ xoves venres hasta_ fins_
it: lunedì martedì mercoledì giovedì venerdì sabato domenica domani prossim fino_ gennaio febbraio
pt: segunda terça quarta_ quinta_ sexta amanhã próxim até_ janeiro fevereiro
ro: luni_ marți miercuri joi_ vineri mâine_ până_ ianuarie săptămâna
pl: poniedział wtor środ czwart piąt sobot niedziel jutro jutra następn przyszł do_końca
cs: pondělí pondělk úterý středu středy čtvrt pátek pátku zítra příští neděl
sk: pondel utor stred štvrt piatok piatku zajtra budúc
hu: hétfő kedd szerda szerdá csütört péntek szombat vasárnap holnap jövő augusztus január végéig
hr sr sl: ponedjelj ponedelj utor_ utora utork srijed sred_ sreda sredu četvrt četrt petak petka petk sutra jutri sljedeć sledeć nasledn
bg mk: понеделник вторник сряда среда четвъртък четврток петък петок петак утре следващ следн недела понедељ уторак сутра
ru: понедельник вторник сред четверг пятниц суббот воскресен завтра следующ недел
uk be: понеділ вівтор серед четвер пʼятниц п'ятниц завтра наступн панядзел аўтор серад чацвер пятніц заўтра
lt lv: pirmadien antradien trečiadien ketvirtadien penktadien rytoj kitą_ pirmdien otrdien trešdien ceturtdien piektdien rīt_ nākam
el: δευτέρα τρίτη τετάρτη πέμπτη παρασκευή αύριο επόμεν
tr az: pazartesi salı_ çarşamba perşembe cuma yarın haftaya gelecek bazar_ertəsi çərşənbə cümə sabah
sq: hënë_ hënën martë_ martën mërkur enjte premte nesër
vi: thứ_ ngày_mai tuần_sau tháng_
id ms: senin selasa rabu_ kamis jumat besok isnin khamis jumaat esok_ hingga_ sampai_ minggu_depan
sw so fil: jumatatu jumanne jumatano alhamisi ijumaa kesho isniin talaado arbaco khamiis jimce berri_ lunes_ bukas_ hanggang
eu cy ga af: astelehen astearte asteazken ostegun ostiral bihar_ llun_ mawrth_ mercher iau_ gwener yfory luan mháirt céadaoin déardaoin aoine amárach maandag môre_
ar: الأحد الاثنين الإثنين الثلاثاء الأربعاء الخميس الجمعة غدا القادم نهاية
he: ראשון שני_ שלישי רביעי חמישי מחר הבא סוף
fa ur: شنبه جمعه فردا آینده پیر_ منگل بدھ جمعرات جمعہ
hi bn th: सोमवार मंगलवार बुधवार गुरुवार शुक्रवार कल_ সোমবার মঙ্গলবার বুধবার বৃহস্পতিবার শুক্রবার আগামী จันทร์ อังคาร วันพุธ พฤหัส ศุกร์ พรุ่งนี้
zh ja ko: 周一 周二 周三 周四 周五 星期 下周 明天 明日 下週 月曜 火曜 水曜 木曜 金曜 来週 翌日 월요일 화요일 수요일 목요일 금요일 내일 다음
others: ሰኞ ማክሰኞ ሶኑይ ორშაბათ სამშაბათ ხვალ երկուշաբթի վաղը дүйсенбі ертең duşem
"""

OUT = """
all: em_formação en_formación in_formazione ude_af_huset ute_av_huset op_cursus op_training op_opleiding op_studiedag auf_schulung in_schulung schulung_ auf_einer_schulung lehrgang wypoczyn geniet_van genieße_gerade genieße_meine genieße_den disfrut profite_de_mes profite_de_quelques odpočív pihen_ pihenek dinlen
en de: secondment sabbatical abgeordnet feber fieber fever fieberhaft in_court in_session at_trial vor_gericht
pt es no: folga día_libre hjemme_med hemma_med
en: working_pattern working_days working_hours sunny_ days_off in_the_field out_in_the_field trade_fair trade_show abroad overseas day_off days_off congress_ symposium on_tour_ gone_home left_for_the_day on_site_ furlough
hy ka: գործուղմ მივლინებ
ko ja: 자리를_비 席を外
sv da no en nl de fr: ute_på_ på_resande back_on_ i_am_out im_out away_from_my in_einem_workshop auf_reisen bin_unterwegs en_vadrouille
de nl: krank krankenstand ziek siek
fi et: sairaana sairasta kesätau joulutau matkalla_ matkoilla lomall haige_ haiguslehel kuumeessa istunnossa oikeudessa käräjä palavik sapatti messuilla ulkomail välismaal kongressissa seminaarissa kiertueella häämatka työmaalla lomautettu
fr es ca gl pt it ro: malade maladie enferm_ enfermo enfermedad malalt doente doença malat bolnav réunion réunions reunião reunión riunione jubilado
pl cs sk: chor choroby chorob nemoc nemocn chorý chorá práceneschop pracovní_neschop pracovnej_neschop
hu hr sr sl: beteg bolest bolan bolna_ bolovanj bolezn
bg mk ru uk be: болен болест болею боле болез хвор хвар захвор
lt lv: serg ligos slimo slimoj slimo_ slims_
el tr az sq: άρρωστ ασθέν hastayım hastalandı hasta_olduğ hastalık hastay xəstə sëmur
vi id ms: bị_ốm đang_ốm sakit_ dinas
sw so fil eu cy ga: mgonjwa ninaumwa jirran sakit_ gaixo gaixorik yn_sâl tinn_ breoite
ar he fa ur hi bn: مريض מחלה חולה بیمار बीमार অসুস্থ
th zh ja ko: ป่วย ราชการต่าง 生病 因病 请假 請假 体調 아파서 몸이
others: ავად հիվանդ ታምሜ ауырып
en: workshop out_until out_till off_until back_to_back honeymoon convalesc recovering
sv: ute_och_res reser_ resande_fot opereras konvalescent ledig föräldraled vab semester bortrest sjuk tjänsteresa utlandsresa på_resa pappaledig mammaledig feber_ i_domstol förhandling_hela i_rättegång sabbat kompled i_fält ute_i_fält mässa mässan utomlands tjänstgöring_utomlands kongress_ kompledig på_turné smekmånad bröllopsresa gått_hem gått_för_dagen på_bygget permitterad
is: sumarfrí sumarleyf fæðingarorlof orlof frí_ veik ekki_við fjarver lokað
no da: perm_ permittert permisjon orlov ferie sygemeld sykmeld sykemeld barsel fri_ ute_i_felt i_felten på_messe utenlands udenlands i_utlandet i_udlandet på_kurs_ på_kursus på_seminar på_konferanse på_konference på_turne på_turné bryllupsreise bryllupsrejse gått_hjem gått_for_dagen gået_hjem på_byggeplass på_byggeplads
en: off-site offsite attending_a attending_an on_a_course out_sick off_sick sick_today pto jury newborn bereavement work_mornings work_afternoons part-time part_time
de: habe_frei habe_ich_frei ich_frei urlaub betriebsferien krankheitsbedingt teilzeit fortbildung dienstreise sabbat auf_messe auf_der_messe im_ausland auf_kur in_kur kongress trauerfall auf_tournee flitterwochen feierabend auf_der_baustelle kurzarbeit
fr: congé déplacement formation_ repos arrêt_maladie maternité télétravail fièvre en_audience à_l'étranger sur_chantier au_salon en_reportage congrès_ colloque en_tournée lune_de_miel
es pt it: jubil ocupa_ahora vacaciones de_viaje em_viagem in_viaggio de_baja de_baixa de_permiso ferie de_licença em_licença licença_pater licença_mater licença_méd licença_paren vacaciones férias fiebre febbre febre en_juicio in_udienza extranjero estrangeiro all'estero sabático sabatic sabbatico congreso en_feria in_fiera em_feira convegno congresso_ congreso_ de_gira luna_de_miel lua_de_mel em_digressão in_tournée viaggio_di_nozze luna_di_miele in_cantiere en_obra_ en_erte cassa_integrazione
pl: urlop dzień_wolny delegacj szkoleni zwolnieni chorobow gorączk na_rozprawie za_granicą na_targach na_kongresie na_konferencji w_trasie_ na_budowie podróż_poślubn na_zwolnieniu postojow
cs sk: dovolen služební_cest služobnej_cest rodičovsk mateřsk matersk pracovní_cest pracovnej_cest nemocensk pn_ péenk horečk školení_ skolenie školenie školení_mimo u_soudu zahranič na_veletrhu na_turné svatební_cest
hu: szabads külföldön kiküldet betegáll táppénz szülési gyed gyes lázas tárgyaláson vásáron
hr sr sl: godišnj bolovan odmor službenom službeni dopust porodnišk porodilj bolnišk
bg mk: отпуск болнич командировк одмор боловање службен годишњ майчинств
ru uk be: отпуск командировк больничн декрет відпуст відряджен лікарнян адпачынк декретн за_границей за_рубежом за_кордоном на_гастрол в_турне медовый медовий
lt lv: atostog komandiruot nedarbing atvaļin komandējum slimīb dekrēt motinyst
el: άδεια άδειας ταξίδι διακοπ ασθένει απουσι λείπω
tr az: izin iznim izn seyahat tatil raporlu raporum məzuniyy ezamiyy yurt_dışı yurtdışı
sq: pushim leje udhëtim
vi: nghỉ_phép công_tác nghỉ_ốm thai_sản nghỉ_lễ
id ms: cuti dinas_luar sakit bercuti perjalanan
sw so fil: likizo safar fasax maqan bakasyon naka-leave
eu cy ga af: oporr baja_n gwyliau saoire vakansie verlof
lb: congé vakanz
ar: إجازة اجازة مسافر سفر مرضية أمومة عطلة خارج_البلاد في_الخارج
he: בחופש חופשה חופשת בחו נסיעה מילואים בחו"ל
fa ur: مرخصی سفر ماموریت چھٹی رخصت
hi bn: छुट्टी अवकाश यात्रा ছুটি ভ্রমণ
th: ลาพักร้อน ลาหยุด ลาป่วย ลาคลอด เดินทาง หยุดพัก
zh ja ko: 休假 年假 出差 病假 产假 培训 参加会议 旅行 外出 休暇 休業 出張 育休 産休 研修 不在 お休み 휴가 출장 휴직 병가 교육_중 연수 부재 国外 國外 海外 해외
others: እረፍት ዕረፍት ፈቃድ შვებულება მივლინებ արձակուրդ գործուղ демалыс іссапар betlan
"""

ANSWER = """
sv da no is: svar_ svaret_ svaren_ snabb hurtig rask_ raske_ hjälp_ hjälpen_ hjelp_ hjelpen_ hjælp_ hjælpen_ besked_ beskedet_ återkoppling svarið_ aðstoð
fi et: vastauksest vastauksesta vastaamisest avusta_ avustanne_ neuvoist tiedosta_ tiedoista_ vastuse_ vastamast abi_
en: your_reply the_reply your_answer the_answer your_response the_response quick_ prompt_ swift_ for_replying for_answering for_responding your_help the_help the_information the_update
de nl: ihre_antwort die_antwort deine_antwort rückmeldung rückantwort rasche_ schnelle_ hilfe_ auskunft antwoord_ reactie_ uitleg_ hulp_
fr es ca gl: réponse retour_rapide aide_ respuesta contestar responder_ ayuda_ resposta_ ajuda_ axuda_
it pt ro: risposta aiuto_ chiarimento resposta_ ajuda_ răspuns ajutor_
pl cs sk: odpowiedź_ pomoc_ odpověď_ odpověd odpoveď_ pomoc_
hu hr sr sl: válasz_ választ_ segítség odgovor_ odgovoru_ pomoć_ pomoči_ pomoč_ odgovoru одговор
bg mk ru uk be: отговор_ отговора_ помощ ответ_ быстрый отклик помощь відповідь_ допомог адказ
lt lv sq el tr az: atsakymą_ pagalb atbildi_ palīdzīb përgjigj ndihm απάντηση βοήθεια cevab yanıtınız yardım cavab
vi id so sw: trả_lời_ jawaban balasan jawaabta jibu
ar he fa ur: ردكم الرد_ الجواب جوابكم המענה התשובה תשובתכם עזרתכם پاسخ جواب_
hi th zh ja ko: उत्तर जवाब คำตอบ 帮助 帮忙 幫助 도와 答复 回复 回覆 ご返信 お返事 ご回答 답변 회신
"""
