"""How written Spanish is said."""

from __future__ import annotations

from voicecoach.language.speakable.written import Words, rules_of

_SECOND, _MINUTE, _HOUR = ("segundo", "segundos"), ("minuto", "minutos"), ("hora", "horas")
_REP = ("repetición", "repeticiones")

WORDS = Words(
    language="es",
    units={
        "s": _SECOND, "seg": _SECOND, "min": _MINUTE, "h": _HOUR,
        "mm": ("milímetro", "milímetros"), "cm": ("centímetro", "centímetros"), "m": ("metro", "metros"),
        "km": ("kilómetro", "kilómetros"), "km/h": ("kilómetro por hora", "kilómetros por hora"),
        "g": ("gramo", "gramos"), "kg": ("kilo", "kilos"), "ml": ("mililitro", "mililitros"),
        "l": ("litro", "litros"), "rep": _REP, "reps": _REP, "%": ("por ciento", "por ciento"),
        "°c": ("grado centígrado", "grados centígrados"), "°": ("grado", "grados"),
    },
    hour=_HOUR, minute=_MINUTE, second=_SECOND, rep=_REP,
    sets=("serie", "series"), set_of="de", times=("vez", "veces"), multiplied="por",
    range_from="", range_to="a", number="número", and_="y", or_="o", plus="más",
    per="por", each=("lado", "pierna", "brazo", "mano", "pie"),
    abbreviations={
        "p.ej": "por ejemplo", "aprox": "aproximadamente", "etc": "etcétera", "máx": "máximo",
        "mín": "mínimo", "núm": "número", "izq": "izquierda", "dcha": "derecha", "sr": "señor",
        "sra": "señora", "dr": "doctor", "dra": "doctora", "incl": "incluido",
    },
)  # fmt: skip

RULES = rules_of(WORDS)
