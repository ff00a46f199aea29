"""Places for one to stand in another's place."""

from __future__ import annotations

COUNTRIES = {
    "en": [
        "France", "Italy", "Sweden", "Chile", "Argentina", "Mexico", "Germany", "Ireland", "Brazil", "Poland",
        "Portugal",
        "Norway", "Peru", "Greece", "Japan", "Canada", "China", "Australia", "Finland", "Egypt",
    ],
    "es": [
        "Francia", "Italia", "Suecia", "Chile", "México", "Alemania", "Irlanda", "Brasil", "Polonia", "Portugal",
        "Noruega", "Perú", "Grecia", "Japón", "Canadá", "China", "Australia", "Finlandia", "Egipto",
    ],
}  # fmt: skip
WITH_ARTICLE = ["United Kingdom", "Netherlands", "Dominican Republic", "United States", "Philippines", "Czech Republic"]

CITIES = [
    "Caldas de Reis", "Pontevedra", "Cartagena", "Granada", "The Hague", "Burgos", "Pobla de Vallbona", "Galicia",
    "Madrid", "Valencia", "Venecia", "Venice", "Oporto", "Salamanca", "Bilbao", "Toledo", "Girona", "London",
    "New York", "Washington", "Tokyo", "Chicago", "Geneva", "Brussels", "Zurich", "Frankfurt", "Houston", "Boston",
    "California", "Texas", "Florida", "Ohio", "Warsaw", "Varsovia", "Los Angeles", "Londres", "Nueva York",
    "San Francisco", "Miami", "Denver", "Berlin", "Berlín",
]  # fmt: skip
OTHER_CITIES = ["Toledo", "Salamanca", "Girona", "Oporto", "Bilbao", "Burgos"]

DEMONYMS = {
    "en": [
        "Spanish", "Italian", "Chilean", "Panamanian", "British", "Brazilian", "Dutch", "French", "German", "American",
        "Japanese", "Portuguese", "Peruvian", "Greek", "Norwegian", "Canadian", "Mexican", "Australian", "Chinese",
        "European", "Latin American", "African", "Asian", "Soviet", "Turkish", "Swiss", "Egyptian", "Roman", "Iranian",
    ],
    "es": [
        "español", "española", "españoles", "españolas", "italiano", "italiana", "italianos", "italianas", "francés",
        "francesa", "franceses", "francesas", "alemán", "alemana", "alemanes", "alemanas", "portugués", "portuguesa",
        "portugueses", "portuguesas", "británico", "británica", "británicos", "británicas", "iberoamericana",
        "europeo", "europea", "europeos", "europeas", "estadounidense", "chino", "china", "chinos", "chinas",
    ],
}  # fmt: skip
OTHER_DEMONYMS = {
    "en": ["Portuguese", "Peruvian", "Greek", "Norwegian", "Canadian", "Mexican", "Turkish"],
    "es": ["griego", "griega", "griegos", "griegas", "noruego", "noruega", "noruegos", "noruegas"],
}

REGIONS = {
    "en": ["Europe", "Latin America", "Africa", "Asia", "the Americas", "North America", "the Middle East"],
    "es": ["Europa", "América Latina", "África", "Asia", "Norteamérica", "Oriente Medio"],
}
