"""Words by which figures are read, English and Spanish; each entry is a regular expression for text in lower case."""

from __future__ import annotations

from qa.models.annotations import FigureKind as K

ENGLISH_KINDS = {
    K.REMANDED: r"sent to prison|remanded|jailed (?:pending|before|until)|pre-?trial detention",
    K.ARRESTED: r"arrest(?:s|ed|ing)?|(?<=people )held|(?<=suspects )held|(?<=were )held",
    K.DETAINED: r"detain(?:s|ed|ees?|ing)?|detentions?|in custody",
    K.IMPLICATED: r"implicat(?:ed|es?|ing)|involved in|connected with|linked (?:to|with)"
                  r"|fac(?:e|es|ed|ing) (?:\w+ )?proceedings",
    K.INVESTIGATED: r"under (?:\w+ )?investigation|(?:being|were|are|was|is) investigated|investigating",
    K.REPORTED: r"complaints?|reported to (?:the )?(?:police|authorities)",
    K.WARRANTED: r"warrants?",
    K.CHARGED: r"charged|indict(?:ed|ments?)|prosecuted",
    K.TRIED: r"(?:on|stand|stood|faced?) trial|tried",
    K.CONVICTED: r"convict(?:ed|ions?)|found guilty|sentenced",
    K.ACQUITTED: r"acquitt(?:ed|als?)|cleared of|found not guilty",
    K.RELEASED: r"releas(?:ed?|es)|freed|on bail|let go",
    K.SEARCHED: r"search(?:es|ed|ing)?|raid(?:s|ed)?",
    K.FOUND: r"found|discovered|located|traced|recovered|came to light|(?:brought|bring) to light|turned up|uncovered",
    K.SEIZED: r"seiz(?:ed?|ures?|ing)|confiscated?|impounded",
    K.DISTRIBUTED: r"distribut(?:ed?|ing|ion)|circulat(?:ed?|ing|ion)|disseminated|handed out",
    K.VOTED: r"vot(?:e|es|ed|ing)|ballots?",
    K.ATTENDED: r"attend(?:ed|ing|ees?|ance)?|took part|taken? part|participat(?:ed|ants?)|met(?= )|meeting",
    K.KILLED: r"kill(?:s|ed|ing)?|dead|died|deaths?|fatalities|lost their lives|death toll",
    K.INJURED: r"injur(?:ed|ies|y)|wounded|hurt",
    K.MISSING: r"missing|unaccounted for",
    K.DISPLACED: r"evacuat(?:ed|ions?)|displaced|homeless|fled",
    K.RESCUED: r"rescued?|saved",
}  # fmt: skip
"""What became of the things counted."""

SPANISH_KINDS = {
    K.REMANDED: r"(?:a )?prisión (?:preventiva|provisional)|ingresa(?:ron|do|dos) en prisión",
    K.ARRESTED: r"arrest(?:ad[oa]s?|os?|ó|aron|ar|an?)|capturad[oa]s?",
    K.DETAINED: r"detenid[oa]s?|detien(?:en?)|detuv(?:o|ieron)|detener|detenci(?:ón|ones)",
    K.IMPLICATED: r"implicad[oa]s?|involucrad[oa]s?|relacionad[oa]s? con|vinculad[oa]s?",
    K.INVESTIGATED: r"investigad[oa]s?|imputad[oa]s?",
    K.REPORTED: r"denunciad[oa]s?|denuncias?",
    K.WARRANTED: r"órdenes (?:judiciales|de (?:registro|detención|arresto|entrada|busca y captura))|mandamientos?",
    K.CHARGED: r"procesad[oa]s?|acusad[oa]s? (?:de|formalmente)|formalmente acusad[oa]s?",
    K.TRIED: r"juzgad[oa]s(?! de)|a juicio|en el banquillo",
    K.CONVICTED: r"condenad[oa]s?|sentenciad[oa]s?",
    K.ACQUITTED: r"absuelt[oa]s?|absoluci(?:ón|ones)",
    K.RELEASED: r"en libertad|liberad[oa]s?|excarcelad[oa]s?",
    K.SEARCHED: r"registr(?:os|ad[oa]s?|aron|ó)|registro(?! de lo civil)|redadas?|allanamientos?",
    K.FOUND: r"hallad[oa]s?|hall(?:aron|ó)|encontrad[oa]s?|encontr(?:aron|ó)|localiz(?:ad[oa]s?|aron|ó)|aparecieron"
             r"|descubiert[oa]s?|descubri(?:eron|ó)|recuperad[oa]s?",
    K.SEIZED: r"incautad[oa]s?|incautaron|incautó|decomis(?:ad[oa]s?|aron|ó)|intervenid[oa]s?|confisc(?:ad[oa]s?|aron)"
              r"|confiscó",
    K.DISTRIBUTED: r"distribuid[oa]s?|difundid[oa]s?|distribu(?:yeron|yó|ción)|difu(?:ndieron|ndió|sión)"
                   r"|circul(?:aron|ó|ación)|puest[oa]s? en circulación",
    K.VOTED: r"votos?|votaron|votó|votaci(?:ón|ones)",
    K.ATTENDED: r"acudi(?:eron|ó)|asisti(?:eron|ó)|asistentes|particip(?:aron|ó)|participantes|tomaron parte"
                r"|reuni(?:ó|eron)|convocó",
    K.KILLED: r"muert[oa]s?|muertes|murieron|fallecid[oa]s?|fallecieron|víctimas mortales|asesinad[oa]s?",
    K.INJURED: r"herid[oa]s?|lesionad[oa]s?",
    K.MISSING: r"desaparecid[oa]s?",
    K.DISPLACED: r"evacuad[oa]s?|desplazad[oa]s?|sin hogar",
    K.RESCUED: r"rescatad[oa]s?",
}  # fmt: skip

EXPECTING = (
    r"expect(?:s|ed|ing)?|fear(?:s|ed)?|forecasts?|predict(?:s|ed)?|foresees?|foresaw|estimated to reach"
    r"|could (?:be|reach|rise)|may (?:be|reach|rise)|might|would (?:be|reach|rise)|to come|likely to|planned?"
    r"|espera(?:n|ba|ban)?|prevé(?:n)?|preveía(?:n)?|previst[oa]s?|pronostic\w+|podrían?|tem(?:e|en|ía|ían)"
    r"|calculaba que|llegarían? a|alcanzaría"
)
"""Words by which a figure is a forecast, not a count."""

ADDITIONAL_BEFORE = r"another|further|an additional|additional|other|otr[oa]s|nuev[oa]s?|adicionales"
ADDITIONAL_AFTER = r"(?:more|más)\b(?! than| de)|others?|additional|further|adicionales|nuev[oa]s?|restantes"
"""Words, right before or behind a figure, that put it on top of others."""

WORLDWIDE = (
    r"world-?wide|around the world|across the world|globally|world total|in all (?:the )?countries"
    r"|in (?:\w+ (?:or|to) )?(?:all |total )?(?:\w+|\d+)(?: [A-Z]\w+(?: and [A-Z]\w+)*(?: [A-Z]\w+)?)? countries"
    r"|international(?:ly)?|abroad|en todo el mundo|a nivel mundial|mundialmente|a escala mundial"
    r"|en (?:un total de )?(?:todos los|[\wáéíóú]+|\d+|más de \d+) países|en el extranjero|internacional(?:es|mente)?"
)
"""Words for all countries concerned."""

SAYING = (
    r"says?|said|reports?|reported|writes?|wrote|adds?|added|explains?|explained|tells?|told|recalls?|recalled|notes?"
    r"|noted|claims?|claimed|counts?|counted|puts?|gives?|gave|calls?|called|describes?|described|presents?|presented"
    r"|estimates?|estimated|announced|announces|states?|stated|quotes?|quoted|confirmed|confirms|speaks? of|mentions?"
    r"|mentioned|expected|expects|prints?|printed|files|filed|cites?|cited|warned|warns|insists?|insisted|lists?|listed"
    r"|names?|breaks? down|dice|dijo|informa|informó|señala|señaló|indica|indicó|añade|añadió|explica|explicó|recuerda"
    r"|recordó|cifra|sitúa|habla de|escribe|publica|publicó|asegura|aseguró|afirma|afirmó|calcula|calculó|cuenta"
    r"|anunció|anuncia|cita|menciona|advierte|da|eleva|reduce|estima|estimó"
)
ACCORDING = (
    r"according to|in the words of|as reported by|by the account of|según|de acuerdo con|a juicio de|en palabras de"
)
ITSELF = (
    r"(?:this|the|that) (?:[\w-]+ )?(?:newspaper|paper|daily|weekly|report|article|summary|text|broadcaster|station"
    r"|dispatch|account|story|magazine|site|piece|bulletin|firm)"
    r"|(?:este|esta|el|la|dicho|dicha) (?:propi[oa] )?(?:diario|periódico|rotativo|noticia|crónica|titular|texto"
    r"|información|resumen|emisora|reportaje|artículo|semanario)"
)
"""What a report calls itself, or the one report that it sums up."""

NOT_SPEAKERS = (
    r"(?:it|he|she|they|who|which|that|this|there|people|operation|headline|number|archive|que|quien|lo|se|archivo|él"
    r"|ella|ellos|operación)"
)

LABELS = (
    r"article|articles|section|paragraph|recital|chapter|page|pages|law|act|number|no|court|room|class|route|flight"
    r"|aged?|channel|convention|protocol|resolution|case|volume|highway|unit|artículo|artículos|apartado|página"
    r"|páginas|ley|número|núm|n\.º|capítulo|sala|caso|sección|edad de|calle"
)
"""Words before a number that it numbers, not counts."""

NO = r"no|without|not|never|sin|ningún|ninguna|nunca"
"""Words right before one that says what became of things, which deny it: "no deaths were reported"."""

PERIOD = r"in|over|during|within|for|throughout|en|durante|a lo largo de|tras"
COUNT_OF = r"(?:numbers?|total|count|figure|toll|tally) of|(?:números?|cifra|total|cantidad) de"
