"""What becomes of Spanish words so that a sentence says something else: patterns and what stands in their place."""

from __future__ import annotations

_VERB = (
    r"(?:es|son|fue|fueron|era|eran|está|están|ha|han|había|habían|será|serán|tiene|tienen|tenía|hay|hubo|arrestó|empezó|"
    r"comenzó|arrancó|aceptaron|acudieron|asistieron|fundaron|cerró|dirige|encabeza|examinaron|examinó|vio|dio|autorizó|"
    r"envió|rechazó|alcanza|llevó|llegó|aparecieron|convocó|correspondió|ofreció|intervino|investigaba|implica|puede|"
    r"podrían|podría|veían|sitúa|cifra|hizo|realizó|habla|resume|permite|figura|consiguió|ganó|lideró|produjo|"
    r"terminó|murió|nació|contiene|incluye|estaba|estaban)"
)
_REFLEXIVE = r"(?:puso|inició|preveía|llevó|presentó|relacionó|ocupa|repartieron|hicieron|distribuyeron|celebró)"

NEGATION = [
    (rf"(?<!\bno )(?<!\bsolo )(?<!\bse )(?<!\blo )(?<!\bla )(?<!\bles )\b({_VERB})\b", r"no \1"),
    (rf"(?<!\bno )\b(se|lo|la) (?={_VERB}\b|{_REFLEXIVE}\b)", r"no \1 "),
    (r"\bno (?=(?:es|está|tiene|ha|se|puede|permite)\b)", ""),
    (r"\by no (?:de )?una condena\b", "y también una condena"),
]  # fmt: skip

MODALITY = [
    (r"\bpodrían (?:afrontar|enfrentarse a)\b", "cumplirán"),
    (r"\bpodría(n)?\b", r"debe\1"),
    (r"\buna posibilidad legal\b", "una certeza legal"),
    (r"\bse preveía en Madrid una reunión\b", "se celebró en Madrid una reunión"),
    (r"\bEstaba prevista en Madrid\b", "Se celebró en Madrid"),
    (r"\b(?:alrededor de|cerca de|unos|unas|aproximadamente|en torno a|casi) (?=\d|veinte|cien\b|un centenar)", ""),
    (r"\b(?:Alrededor de|Cerca de|Unos|Unas) (?=\d|veinte|cien\b|un centenar)", ""),
    (r"\b[Mm]ás de (?=\d|ochenta|setenta)", ""),
    (r"\bhasta (?=\d|ocho)", ""),
    (r"\b(?:presunta|presunto|supuesta|supuesto|posible|probable) (?!que\b)(?=[a-z])", ""),
    (r"\bes (?:posible|probable) que\b", "es seguro que"),
    (r"\bindicios de\b", "pruebas de"),
    (r"\bveían difícil\b", "descartaban"),
    (r"\bera difícil\b", "era imposible"),
    (r"\bentiende\b", "ha comprobado"),
    (r"\buna deducción\b", "un dato comprobado"),
    (r"\bdeduce\b", "ha comprobado"),
    (r"\b(?:destinada a|para) poner en marcha\b", "que puso en marcha"),
    (r"\b(?:probablemente|posiblemente|quizás?|tal vez|al parecer) ", ""),
]  # fmt: skip

STATUS = [
    (r"\bcomo sospechosas de\b", "como culpables de"),
    (r"\bsospechosas\b", "culpables"), (r"\bsospechosos\b", "culpables"),
    (r"\b(fueron|han sido|sido) arrestadas\b", r"\1 condenadas"), (r"\barrestó\b", "condenó"),
    (r"\bha arrestado\b", "ha condenado"), (r"\b(fueron|han sido|sido) detenidas\b", r"\1 condenadas"),
    (r"\b(fueron|han sido|sido) detenidas\b", r"\1 procesadas"),
    (r"\b(fueron|han sido|sido) arrestadas\b", r"\1 acusadas"),
    (r"\barrestos\b", "condenas"), (r"\bel nuevo arresto\b", "la nueva condena"), (r"\bdetenidos\b", "condenados"),
    (r"\bdetenido\b", "condenado"),
    (r"\binvestigadas\b", "procesadas"), (r"\bpersonas implicadas\b", "personas condenadas"),
    (r"\bimplica a\b", "ha llevado a la condena de"), (r"\barrestados\b", "condenados"),
    (r"\bse arrestó\b", "se condenó"),
    (r"\bdenuncias\b", "condenas"), (r"\bdenuncia\b", "condena"),
    (r"\bindicios de un posible delito\b", "pruebas de un delito"),
    (r"\bpodrían afrontar hasta\b", "fueron condenados a"), (r"\b[Ii]nstrucción\b", "ejecución de la condena"),
    (r"\binvestigación judicial\b", "juicio oral"), (r"\bpresunta red\b", "red condenada"),
    (r"\bregistros\b", "juicios"),
]  # fmt: skip

QUANTIFIER = [
    (r"\b[Aa]lgunos (?=\w+s\b)", "todos los "), (r"\b[Aa]lgunas (?=\w+s\b)", "todas las "),
    (r"\b[Mm]uchos (?=\w+s\b)", "todos los "), (r"\b[Mm]uchas (?=\w+s\b)", "todas las "),
    (r"\b[Vv]arios (?=\w+s\b)", "todos los "), (r"\b[Vv]arias (?=\w+s\b)", "todas las "),
    (r"\b[Ll]a mayoría de\b", "la totalidad de"), (r"\b[Ll]a mayor parte de\b", "la totalidad de"),
    (r"\bun vecino\b", "muchos vecinos"), (r"\bUn vecino\b", "Muchos vecinos"), (r"\bun usuario\b", "muchos usuarios"),
    (r"\bUn usuario\b", "Muchos usuarios"), (r"\bsolo (?=constaban|había)", "no solo "),
    (r"\besa noticia\b", "toda noticia"),
    (r"\bese único caso\b", "cada caso"), (r"\bEse único caso\b", "Cada caso"), (r"\bsolo (?=el juzgado)", "no solo "),
    (r"\buna parte\b", "la totalidad"), (r"\bparte de\b", "la totalidad de"), (r"\bmenos el\b", "incluido el"),
    (r"\bexcepto el\b", "incluido el"), (r"\botros casos\b", "todos los casos"), (r"\ba menudo\b", "siempre"),
    (r"\bcada expediente\b", "un solo expediente"), (r"\bsolo un titular\b", "toda la noticia"),
]  # fmt: skip

COMPARISON = [
    (r"\b[Mm]ás de (?=\d|\w+enta|cien)", "menos de "), (r"\b[Mm]enos de (?=\d)", "más de "),
    (r"\b[Aa]l menos\b", "como máximo"),
    (r"\bhasta (?=\d|ocho)", "más de "), (r"\b[Tt]ras (?=\d|\w+ días)", "antes de "), (r"\bdespués de\b", "antes de"),
    (r"\bantes de\b", "después de"), (r"\baumentó\b", "disminuyó"), (r"\bmayor(es)?\b(?! parte)", r"menor\1"),
    (r"\bmenor\b", "mayor"), (r"\bsuperior(es)? a\b", r"inferior\1 a"), (r"\bcrecimiento\b", "descenso"),
    (r"\b[Aa]l principio\b", "al final"), (r"\ba comienzos de\b", "a finales de"), (r"\bAl principio\b", "Al final"),
    (r"\b[Ff]uera de España\b", "dentro de España"), (r"\bmejor(es)?\b", r"peor\1"), (r"\balto\b", "bajo"),
]  # fmt: skip

ANTONYM = [
    (r"\bdado la razón\b", "quitado la razón"), (r"\baceptaron\b", "rechazaron"), (r"\brechazó\b", "aceptó"),
    (r"\bfundaron\b", "disolvieron"), (r"\bfundada\b", "disuelta"), (r"\bfundación\b", "disolución"),
    (r"\bcerró\b", "abrió"),
    (r"\bse cerró\b", "se abrió"), (r"\bterminó\b", "empezó"), (r"\b(?:empezó|comenzó|arrancó)\b", "terminó"),
    (r"\b(?:acelerar|agilizar)\b", "frenar"), (r"\bcompartir\b", "ocultar"), (r"\bdio permiso para\b", "prohibió"),
    (r"\bautorizó\b", "prohibió"), (r"\bdio la alarma\b", "guardó silencio"), (r"\bpúblic(o|a)\b", r"secret\1"),
    (r"\bse puso en marcha\b", "se suspendió"), (r"\bpuesta en marcha\b", "suspendida"),
    (r"\bponer en marcha\b", "suprimir"),
    (r"\bha dado hoy por terminada\b", "ha prorrogado hoy"), (r"\bdio por terminada\b", "prorrogó"),
    (r"\bdirige\b", "critica"),
    (r"\bencabeza\b", "critica"), (r"\bdistint[oa]\b", "idéntico"), (r"\bera otro\b", "era el mismo"),
    (r"\bdifundir\b", "retirar"), (r"\b[Ll]a difusión\b", "la retirada"), (r"\bdifundió\b", "ocultó"),
    (r"\bcasos aislados\b", "una sola red"), (r"\bregresaran\b", "salieran"), (r"\bse queda en\b", "sale de"),
    (r"\bdevuelto\b", "archivado"), (r"\bfueron convocados\b", "fueron rechazados"), (r"\bconvocó\b", "rechazó"),
    (r"\bexaminaron\b", "borraron"), (r"\bpago\b", "acceso gratuito"), (r"\bcon urgencia\b", "sin prisa"),
    (r"\babierto\b", "cerrado"), (r"\bnuevo\b", "antiguo"), (r"\bfrente al crimen\b", "junto al crimen"),
    (r"\bcontra el crimen\b", "en favor del crimen"), (r"\bse ocupa del asunto\b", "se inhibe del asunto"),
    (r"\blleva el asunto\b", "se inhibe del asunto"), (r"\bse presentó\b", "se retiró"), (r"\benvió\b", "negó"),
    (r"\bganó\b", "perdió"), (r"\bperdió\b", "ganó"), (r"\bpermite\b", "impide"), (r"\bnació\b", "murió"),
    (r"\bprimer(a|o)?\b", "último"), (r"\bsegunda fase\b", "quinta fase"),
]  # fmt: skip

COUNTED = [
    (r"\b(\S+) personas\b", r"\1 empresas"), (r"\b(\S+) países\b", r"\1 provincias"),
    (r"\b(\S+) provincias\b", r"\1 países"),
    (r"\b(\S+) arrestos\b", r"\1 registros"), (r"\b(\S+) registros\b", r"\1 arrestos"),
    (r"\b(\S+) conexiones\b", r"\1 usuarios"),
    (r"\b(\S+) archivos\b", r"\1 ordenadores"), (r"\b(\S+) jueces y fiscales\b", r"\1 periodistas"),
    (r"\b(\S+) comunidades autónomas\b", r"\1 municipios"), (r"\b(\S+) habitantes\b", r"\1 visitantes"),
    (r"\b(\S+) localidades\b", r"\1 países"), (r"\b(\S+) detenidos\b", r"\1 registros"),
    (r"\b(\S+) casos\b", r"\1 recursos"),
    (r"\b(\S+) sospechosos\b", r"\1 testigos"), (r"\b(\S+) partidos\b", r"\1 jugadores"),
    (r"\b(\S+) capturas\b", r"\1 pases"),
    (r"\b(\S+) estudiantes\b", r"\1 profesores"),
]  # fmt: skip

WORDS = {
    "negation": NEGATION, "modality": MODALITY, "status": STATUS, "quantifier": QUANTIFIER, "comparison": COMPARISON,
    "antonym": ANTONYM, "counted": COUNTED,
}  # fmt: skip
