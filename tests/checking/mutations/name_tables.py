"""Names of each kind: those of the demo archive and others, for one to stand in another's place."""

from __future__ import annotations

OUTLETS = [
    "El País", "The Irish Times", "Reuters", "Radio Cooperativa", "Crítica", "La Voz del Interior", "EDRi-gram",
    "European Voice", "Agence Europe", "El Periódico Extremadura", "La Opinión de Zamora", "Faro de Vigo",
    "La Voz de Galicia", "Libertad Digital", "El Universo", "BBC News", "ITespresso", "The Daily Mail", "Le Monde",
    "The Guardian", "La Vanguardia", "Clarín", "Associated Press",
]  # fmt: skip
PERSONS = [
    "Enrique Múgica", "José Montilla", "José Antonio Alonso", "Juan Fernando López Aguilar", "Alfredo Pérez Rubalcaba",
    "Alexander Alvaro", "Charles Clarke", "Franco Frattini", "Michael Kennedy", "Joan Mesquida", "Sabrina Castelluzzo",
    "T. von Danwitz", "Martín Salvatierra", "Helena Brandt",
]  # fmt: skip
FORCES = [
    "Guardia Civil", "Policía Nacional", "Federal Police", "National Crime Squad", "Gendarmería", "Carabinieri",
    "Ertzaintza",
]  # fmt: skip
BODIES = [
    "Eurojust", "Europol", "Interpol", "IberRed", "Ibered", "IbeRed", "INHOPE", "Protégeles", "PRODENI", "CEOP", "FAPE",
    "Frontex", "Unesco",
]  # fmt: skip
OPERATIONS = [
    "Landmark", "Cerbero", "Canal Grande", "Koala", "Carousel", "Santiago", "Azahar", "Bachata", "Tabú", "Aurora",
    "Meridiano",
]  # fmt: skip
INSTITUTIONS_ENGLISH = [
    "European Parliament", "European Commission", "EU Council", "Court of Justice", "Supreme Court",
    "Constitutional Court", "High Court", "Grand Chamber", "European Court of Human Rights", "Congress of Deputies",
    "Interior Ministry", "Official Journal", "Defensor del Pueblo", "Juan de Mariana Institute", "Council of Europe",
    "World Bank", "Finance Ministry", "Treasury", "Agriculture Department", "Commerce Department", "White House",
    "Senate", "House of Representatives", "Bundesbank", "Federal Reserve", "OPEC",
]  # fmt: skip
INSTITUTIONS_SPANISH = [
    "Tribunal Supremo", "Audiencia Nacional", "Tribunal Constitucional", "Ministerio del Interior",
    "Ministerio de Hacienda", "Consejo de Estado",
]  # fmt: skip
CONVENTIONS = ["Budapest Convention", "Lanzarote Convention", "Geneva Convention", "Aarhus Convention"]

KINDS = {
    "outlet": OUTLETS, "person": PERSONS, "force": FORCES, "body": BODIES, "operation": OPERATIONS,
    "institution": INSTITUTIONS_ENGLISH, "institución": INSTITUTIONS_SPANISH, "convention": CONVENTIONS,
}  # fmt: skip

SPELLINGS = [{"IberRed", "Ibered", "IbeRed"}, {"Reuters", "BBC News", "Associated Press"}]
"""Names of one thing; the second set only so that no agency stands in for another that may have carried its words."""

FIRST_NAMES = {
    "Enrique": "Javier", "José": "Luis", "Juan": "Pedro", "Alfredo": "Ramón", "Alexander": "Stefan",
    "Charles": "Kenneth", "Franco": "Paolo", "Michael": "Martin", "Joan": "Jordi", "Sabrina": "Paola",
    "James": "Robert", "John": "William", "William": "Thomas", "Robert": "Edward", "George": "Henry",
    "David": "Peter", "Paul": "Stephen", "Thomas": "Richard", "Richard": "Arthur", "Peter": "Mark",
    "Mark": "Simon", "Henry": "Walter", "Edward": "Frank", "Frank": "Albert", "Martin": "Oliver",
    "Luis": "Carlos", "Carlos": "Miguel", "Miguel": "Andrés", "Pedro": "Antonio", "Antonio": "Rafael",
    "Kenneth": "Douglas", "Donald": "Gerald", "Gerhard": "Helmut", "Karl": "Otto", "Jacques": "Michel",
    "Nigel": "Trevor", "Ronald": "Harold", "Alan": "Brian", "Brian": "Neil", "Anthony": "Philip", "Philip": "Hugh",
}  # fmt: skip

NOT_NAMES = frozenset(
    [
        "The",
        "A",
        "An",
        "In",
        "On",
        "At",
        "El",
        "La",
        "Los",
        "Las",
        "En",
        "According",
        "Según",
        "It",
        "No",
        "If",
        "But",
        "As",
        "He",
        "And",
        "Pero",
        "Y",
        "Como",
        "He",
        "She",
        "I",
    ]
)
"""Words with a capital that begin sentences."""
