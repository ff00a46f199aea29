"""Spanish: its words for dates and the ways to put them together. The letters are those of `grammar`."""

from __future__ import annotations

from functools import lru_cache

from qa.language.dates.grammar import Grammar, Rule, Shape, TenseWords, lexicon, rule, word_set

_WORDS = lexicon(
    {
        "W": "lunes=0 martes=1 miércoles=2 miercoles=2 jueves=3 viernes=4 sábado=5 sabado=5 domingo=6",
        "s": "primavera=0 verano=1 otoño=2 invierno=3",
        "J": "día=0 días=0 dia=0 dias=0 jornada=0 jornadas=0",
        "k": "semana=2 semanas=2",
        "U": "mes=3 meses=3",
        "q": "trimestre=4 trimestres=4",
        "H": "semestre=5 mitad=5",
        "V": "año=6 años=6 ejercicio=6",
        "o": "década=7 décadas=7 decenio=7",
        "K": "1t=1 2t=2 3t=3 4t=4",
        "n": "treinta=30 cuarenta=40 cincuenta=50 dos=2 noventa=90 ochenta=80 setenta=70 sesenta=60",
        "A": "un=1 una=1",
        "T": "el la lo",
        "t": "los las",
        "F": "de del",
        "I": "en desde durante hasta entre para tras a al sobre antes después por",
        "&": "y al a",
        "-": "- – —",
        "E": "principios comienzos inicios finales mediados fines final fin inicio comienzo finalizar",
        "O": "primeros=1 primeras=1",
        "L": "pasado=-1 pasada=-1",
        "p": "último=-1 última=-1 últimos=-1 últimas=-1 ultimo=-1 ultima=-1 pasados=-1 pasadas=-1",
        "N": "próximo=1 próxima=1 próximos=1 próximas=1 proximo=1 proxima=1 entrante=1",
        "S": "este=0 esta=0 presente=0 actual=0",
        "h": "ese=0 esa=0 mismo=0 misma=0 aquel=0 aquella=0",
        "P": "anterior=-1 previo=-1 previa=-1",
        "X": "siguiente=1",
        "G": "atrás=-1",
        "g": "hace=-1",
        "v": "antes=-1",
        "z": "después=1 despues=1",
        "R": "anteayer=-2 antier=-2 ayer=-1 anoche=-1 anteanoche=-2 hoy=0 mañana=1",
        "D": "madrugada noche tarde mediodía",
        "%": "% personas detenidos detenidas agentes países euros millones mil pesetas dólares horas kilómetros puntos"
        " casos votos hombres mujeres",
    },
    M="enero febrero marzo abril mayo junio julio agosto septiembre|setiembre octubre noviembre diciembre",
    m="ene feb mar abr · jun jul ago sep|sept oct nov dic",
    n="uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete"
    " dieciocho diecinueve veinte veintiuno|veintiún veintidós veintitrés veinticuatro veinticinco veintiséis"
    " veintisiete veintiocho veintinueve",
    O="primer|primero|primera segundo|segunda tercer|tercero|tercera cuarto|cuarta",
)
"""Values: units as in periods.Unit, weekdays from Monday, seasons from spring; -1 is back, 0 here, 1 on."""

_PHRASES = lexicon(
    {
        "R": "antes_de_ayer=-2 pasado_mañana=2",
        "b": "fin_de_semana=1 fines_de_semana=1",
        "N": "que_viene=1",
        "i": "dentro_de=1",
        "h": "ese_mismo=0 esa_misma=0 aquel_mismo=0 el_mismo=0 la_misma=0",
        "D": "por_la_mañana por_la_noche por_la_tarde de_madrugada al_mediodía a_mediodía a_primera_hora"
        " a_última_hora a_media_mañana a_última_hora_de_la_tarde",
        "V": "del_curso=6",
        "x": "próximos_días próximas_semanas próximos_meses próximos_años"
        " hoy_en_día hoy_por_hoy santo_domingo plaza_de_mayo avenida_de_mayo viernes_santo jueves_santo"
        " domingo_de_ramos miércoles_de_ceniza dos_de_mayo primero_de_mayo a_diario mañana_mismo de_la_mañana",
    }
) | {"mañana mismo": ("R", 1)}

_DAY = "(?P<day>[den])"
_MONTH = r"(?P<month>M|m\.?)"
_YEAR = (
    r"(?:,?F?T?V?(?P<year>Y)|FT?V(?P<year_way1>[LN])|FT?(?P<year_way2>[LNS])V|FT?V(?P<year_step1>[PX])"
    r"|FT?(?P<year_step2>[hP])V)"
)
_OF_YEAR = rf"(?:{_YEAR}|(?P<year_way4>F)T?V)"
_NUMBER = "(?P<number>[ndA#])(?:&(?P<plus>[nd]))?"
_UNIT = "(?P<unit>[JkUVqo])"
_LENT = r"(?=[-&,]I?T?(?:[de]F?)?(?P<later>M|m\.?),?F?T?V?(?P<lent>Y))"
_EARLY = "(?:T?EF?)?"
_ON = r"(?:T?W,?J?)?T?(?P<way1>[LN])?J?"
_END = r"(?=[.,;:)¶”\"&»]|$)"
_NIGHT = "(?:TDF)?"

_RULES: tuple[Rule, ...] = (
    rule(Shape.NUMERIC, "(?P<numeric>C)"),
    # el miércoles 16 de marzo de 2005 · el pasado 16 de marzo · 16 de marzo pasado
    rule(Shape.DAY, rf"{_ON}{_DAY}F{_MONTH}(?:{_YEAR}|{_LENT}|(?P<way2>[LN]))?"),
    rule(Shape.DAY, rf"T?W\({_DAY}F{_MONTH}{_YEAR}?\)"),
    rule(Shape.DAYS, rf"T?{_DAY}[-&]T?(?P<until>[de])F{_MONTH}{_YEAR}?"),
    rule(Shape.DAY, r"T(?P<way>L)J(?P<day>[de])(?![F%])"),
    rule(Shape.DAY, r"TJ(?P<day>[de])(?![F%])"),
    # marzo de 2005 · el pasado diciembre · el pasado mes de diciembre · marzo pasado · enero
    rule(Shape.MONTH, rf"{_EARLY}{_MONTH}(?:{_YEAR}|{_LENT})"),
    rule(Shape.MONTH, rf"{_EARLY}T?(?P<way>[LNSp])(?:UF)?{_MONTH}"),
    rule(Shape.MONTH, rf"{_EARLY}(?:TUF)?{_MONTH}(?P<way>[LN])"),
    rule(Shape.MONTH, rf"{_EARLY}(?P<month>M)(?P<step>[PX])"),
    rule(Shape.MONTH, rf"{_EARLY}(?:[hT]UF)?(?P<month>M)"),
    rule(Shape.SEASON, rf"{_EARLY}T?(?P<season>s){_YEAR}"),
    rule(Shape.SEASON, rf"{_EARLY}T?(?P<way>[LNS])(?P<season>s)"),
    rule(Shape.SEASON, rf"{_EARLY}T(?P<season>s)(?P<way>[LN])"),
    # el martes · el próximo viernes · el viernes que viene · el martes de la semana pasada · la noche del martes
    rule(Shape.WEEKDAY, rf"(?<!t){_NIGHT}T?(?P<weekday>W)D?"),
    rule(Shape.WEEKDAY, rf"{_NIGHT}T?(?P<way>[LNSp])(?P<weekday>W)D?"),
    rule(Shape.WEEKDAY, rf"{_NIGHT}T?(?P<weekday>W)(?P<way>[LN])D?"),
    rule(Shape.WEEKDAY, r"T?(?P<weekday>W)(?P<step>[PX])"),
    rule(Shape.WEEKDAY, r"T?(?P<weekday>W)FTk(?P<week>[LN])"),
    rule(Shape.WEEKDAY, r"T?(?P<weekday>W)FT?(?P<week>[LNS])k"),
    # ayer · ayer miércoles · hoy, jueves · ayer por la tarde · esta noche · la noche de ayer
    rule(Shape.OFFSET, rf"{_NIGHT}(?P<offset>R)(?:,?W|\(W\))?D?"),
    rule(Shape.OFFSET, "(?P<offset>S)D"),
    rule(Shape.OFFSET, "T(?P<offset>L)D"),
    rule(Shape.OFFSET, "TD(?P<offset>L)"),
    # el mes pasado · la próxima semana · este año · a finales de año · el fin de semana
    rule(Shape.UNIT, f"{_EARLY}T?(?P<unit>[kbUVqHo])(?P<way>[LN])(?![FM])"),
    rule(Shape.UNIT, f"{_EARLY}T?(?P<way>[LNS])(?P<unit>[kbUVqHo])(?!FM|Y)"),
    rule(Shape.UNIT, "T?EFT?(?P<unit>[UV])(?![YLNPX]|FM)", way=0),
    rule(Shape.UNIT, "(?<=[I&])(?P<way>T)(?P<unit>b)"),
    # los últimos siete días · los tres últimos meses · el último año · las próximas dos semanas
    rule(Shape.WINDOW, f"[Tt]?(?P<way>[LpN]){_NUMBER}{_UNIT}"),
    rule(Shape.WINDOW, f"t{_NUMBER}(?P<way>[pN]){_UNIT}"),
    rule(Shape.WINDOW, f"t{_NUMBER}{_UNIT}(?P<way>p)"),
    rule(Shape.WINDOW, "T(?P<way>p)(?P<unit>[kUVo])(?!FY)", number=1),
    # hace tres meses · tres meses atrás · dentro de diez días
    rule(Shape.COUNTED, f"(?P<way>g){_NUMBER}{_UNIT}"),
    rule(Shape.COUNTED, f"{_NUMBER}{_UNIT}(?P<way>G)"),
    rule(Shape.COUNTED, f"(?P<way>i){_NUMBER}{_UNIT}"),
    # el mes anterior · al día siguiente · dos semanas antes · ese mismo día
    rule(Shape.STEP, "T?(?P<unit>[JkbUVq])(?P<step>[PX])", number=1),
    rule(Shape.STEP, "T(?P<step>[PX])(?P<unit>[JkUV])", number=1),
    rule(Shape.STEP, f"{_NUMBER}{_UNIT}(?P<step>[vz]){_END}"),
    rule(Shape.STEP, f"{_NUMBER}{_UNIT}(?P<step>z)(?!F)"),
    rule(Shape.STEP, "(?P<step>h)(?P<unit>[JkUV])", number=1),
    # el primer semestre de 2005 · el último trimestre del año pasado · los tres primeros meses de 2005
    rule(Shape.PART, f"{_EARLY}T?(?P<ordinal>[Op])(?P<part>[qH]){_OF_YEAR}"),
    rule(Shape.PART, "T?(?P<ordinal>O)(?P<part>q)(?![FLNPX])"),
    rule(Shape.PART, f"(?P<ordinal>K){_OF_YEAR}?", part=4),
    rule(Shape.MONTHS, f"t?(?P<number>[nd])(?P<ordinal>[Op])U{_OF_YEAR}"),
    rule(Shape.MONTHS, f"t?(?P<ordinal>[Op])(?P<number>[nd])U{_OF_YEAR}"),
    # 2005 · 2001-2004 · los años 90
    rule(Shape.YEARS, "(?P<year>Y)-(?P<until>Y)(?![%-])"),
    rule(Shape.YEARS, "(?P<years>y)"),
    rule(Shape.DECADE, "ToF(?P<decade>Y)"),
    rule(Shape.DECADE, "[Tt]VF?t?(?P<short_decade>[#n])(?!&)"),
    rule(Shape.YEAR, rf"{_EARLY}(?:T?V)?(?<=[IFETV&t])(?P<year>Y)(?![%#d-])"),
    rule(Shape.YEAR, r"(?<=\()(?P<year>Y)(?=\)(?!d))"),
)

_TENSE = TenseWords(
    past=word_set(
        "era eran fue fueron había habían hubo hubieron ha han he hemos estaba estaban tenía tenían podía podían dijo"
        " hizo hicieron puso pusieron dijeron detuvo detuvieron tuvo tuvieron vino vinieron dio dieron vio vieron"
        " pudo quiso supo trajo condujo produjo redujo tradujo estuvo anduvo obtuvo mantuvo supuso propuso expuso"
        " impuso dispuso compuso opuso cuestionaba celebraba"),
    past_endings=("ó", "aron", "ieron", "aba", "aban"),
    future=word_set(
        "prevé prevén previsto prevista previstos previstas va van convocado convocada convocados aplazado"
        " aplazada aplazó pospuesto pospuesta plazo espera esperan podría podrían debería deberían sería serían"
        " tendría tendrían iniciaría comenzaría citado citada debe deben puede pueden celebra"
        " comienza empieza termina acaba concluye viene sale llega"
        " arranca visita viaja juega recibe inaugura reúne reúnen planea planean vence"),
    future_endings=("ará", "erá", "irá", "drá", "arán", "erán", "irán", "drán", "aremos", "eremos", "iremos", "dremos",
                    "brá", "brán", "rrá", "rrán"),
    neither=word_set("no"),
    modals=frozenset(),
    carriers=frozenset(),
    goals=word_set("hasta para antes"),
    plain_be=word_set("es son"),
    before_to=frozenset(),
    afterwards=word_set("después luego posteriormente"),
)  # fmt: skip


@lru_cache(maxsize=1)
def spanish() -> Grammar:
    return Grammar(
        words=_WORDS,
        phrases=_PHRASES,
        capitals=False,
        doubtful=frozenset(),
        day_first=True,
        rules=_RULES,
        tense=_TENSE,
        attacks=frozenset({"atentado", "atentados", "ataques", "masacre"}),
    )
