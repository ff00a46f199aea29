"""Spanish words by which claims are read; each entry is a regular expression, matched without regard to case."""

from __future__ import annotations

from qa.domain.claims import ClaimKind as K

KINDS = {
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
             r"|descubiert[oa]s?|descubri(?:eron|ó)"
             r"|recuperad[oa]s?",
    K.SEIZED: r"incautad[oa]s?|incautaron|incautó|decomis(?:ad[oa]s?|aron|ó)|intervenid[oa]s?|confisc(?:ad[oa]s?|aron)"
              r"|confiscó",
    K.DISTRIBUTED: r"distribuid[oa]s?|difundid[oa]s?|distribu(?:yeron|yó|ción)|difu(?:ndieron|ndió|sión)"
                   r"|circul(?:aron|ó|ación)|puest[oa]s? en circulación",
    K.VOTED: r"votos?|votaron|votó|votaci(?:ón|ones)|abstenciones",
    K.ATTENDED: r"acudi(?:eron|ó)|asisti(?:eron|ó)|asistentes|particip(?:aron|ó)|participantes|tomaron parte"
                r"|reuni(?:ó|eron)|convocó",
    K.KILLED: r"muert[oa]s?|muertes|murieron|fallecid[oa]s?|fallecieron|víctimas mortales|asesinad[oa]s?",
    K.INJURED: r"herid[oa]s?|lesionad[oa]s?",
    K.MISSING: r"desaparecid[oa]s?",
    K.DISPLACED: r"evacuad[oa]s?|desplazad[oa]s?|sin hogar",
    K.RESCUED: r"rescatad[oa]s?",
}  # fmt: skip

EXPECTING = (
    r"espera(?:n|ba|ban)?|prevé(?:n)?|preveía(?:n)?|previst[oa]s?|pronostic\w+|podrían?|calculaba que|llegaría a"
    r"|llegarían a|alcanzaría"
)

ADDITIONAL_BEFORE = r"otr[oa]s|nuev[oa]s?|adicionales"
ADDITIONAL_AFTER = r"más\b(?! de)|adicionales|nuev[oa]s?|restantes"

WORLDWIDE = (
    r"en todo el mundo|a nivel mundial|mundialmente|a escala mundial"
    r"|en (?:un total de )?(?:todos los|[\wáéíóú]+|\d+|más de \d+) países|en el extranjero|internacional(?:es|mente)?"
)

SAYING = (
    r"dice|dijo|informa|informó|señala|señaló|indica|indicó|añade|añadió|explica|explicó|recuerda|recordó|cifra|sitúa"
    r"|habla de|escribe|publica|publicó|asegura|aseguró|afirma|afirmó|calcula|calculó|cuenta|anunció|anuncia|cita"
    r"|menciona|advierte|da|eleva|reduce|estima|estimó"
)
ACCORDING = r"según|de acuerdo con|a juicio de|en palabras de"

ITSELF = (
    r"(?:este|esta|el|la|dicho|dicha) (?:propi[oa] )?(?:diario|periódico|rotativo|noticia|crónica|titular|texto"
    r"|información|resumen|emisora|reportaje|artículo|semanario)"
)

NOT_SPEAKERS = r"(?:que|quien|lo|se|archivo|él|ella|ellos|operación)"

LABELS = r"artículo|artículos|apartado|página|páginas|ley|número|núm|n\.º|capítulo|sala|caso|sección|edad de|calle"

NO_ONE = r"nadie|ningun[oa]?|ningún|ninguna"

NO = r"no|sin|ningún|ninguna|nunca"

SOME = r"arrestos|detenciones|muertes|heridos|condenas|evacuaciones"

PERIOD = r"en|durante|a lo largo de|tras"
COUNT_OF = r"(?:número|números|cifra|total|cantidad) de"
