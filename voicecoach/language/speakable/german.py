"""How written German is said."""

from __future__ import annotations

from voicecoach.language.speakable.written import Words, rules_of

_SECOND, _MINUTE, _HOUR = ("Sekunde", "Sekunden"), ("Minute", "Minuten"), ("Stunde", "Stunden")
_REP = ("Wiederholung", "Wiederholungen")

WORDS = Words(
    language="de",
    units={
        "s": _SECOND, "sek": _SECOND, "sec": _SECOND, "min": _MINUTE, "h": _HOUR, "std": _HOUR,
        "mm": ("Millimeter", "Millimeter"), "cm": ("Zentimeter", "Zentimeter"), "m": ("Meter", "Meter"),
        "km": ("Kilometer", "Kilometer"), "km/h": ("Kilometer pro Stunde", "Kilometer pro Stunde"),
        "g": ("Gramm", "Gramm"), "kg": ("Kilogramm", "Kilogramm"), "ml": ("Milliliter", "Milliliter"),
        "l": ("Liter", "Liter"), "wdh": _REP, "%": ("Prozent", "Prozent"),
        "°c": ("Grad Celsius", "Grad Celsius"), "°": ("Grad", "Grad"),
    },
    hour=_HOUR, minute=_MINUTE, second=_SECOND, rep=_REP,
    sets=("Satz", "Sätze"), set_of="mit je", times=("Mal", "Mal"), multiplied="mal",
    range_from="", range_to="bis", number="Nummer", and_="und", or_="oder", plus="plus",
    per="je", each=("Seite", "Bein", "Arm", "Hand", "Fuß"),
    abbreviations={
        "z.b": "zum Beispiel", "d.h": "das heißt", "u.a": "unter anderem", "i.d.r": "in der Regel",
        "ca": "etwa", "bzw": "beziehungsweise", "evtl": "eventuell", "ggf": "gegebenenfalls",
        "inkl": "inklusive", "usw": "und so weiter", "etc": "und so weiter", "max": "maximal",
        "mind": "mindestens", "min": "mindestens", "nr": "Nummer", "wdh": "Wiederholungen",
        "li": "links", "re": "rechts", "dr": "Doktor",
    },
)  # fmt: skip

RULES = rules_of(WORDS)
