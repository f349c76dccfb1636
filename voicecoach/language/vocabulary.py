"""What words mean to the lints, by language: the one place of lists that know a language.

Patterns are regular expressions that ignore case; blanks in them are blanks. A language that is not in
`VOCABULARIES` is checked by everything that does not need to understand it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicecoach.routine.model import Step


TEXTS_KEPT: Final = 2048
"""Several lints ask the same of a text; so many answers are kept, as many as a large file has texts."""
NUMBER: Final = "{number}"
"""Stands in a pattern for a number, in figures or in words."""


class Position(StrEnum):
    """How a body is; what needs no words to change between is one position."""

    STANDING = "standing"
    """On the feet: standing, walking, squatting."""
    SITTING = "sitting"
    KNEELING = "kneeling"
    HANDS_AND_KNEES = "hands and knees"
    HANDS_AND_FEET = "hands and feet"
    BACK = "lying on the back"
    FRONT = "lying on the front"
    SIDE = "lying on the side"
    HANGING = "hanging"


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The words of one language."""

    needs_eyes: str
    """Words that only somebody who looks can follow."""
    denied: str
    """Words that say not to do what follows, right before it."""
    clause_end: str
    """Words that begin a new part of a sentence, beside its punctuation."""
    left: str
    right: str
    """Words for the sides of a body, and for no other meaning of the same letters."""
    left_limb: str
    right_limb: str
    """A limb of one side, or lying on that side: what can be worked alone."""
    positions: Mapping[Position, str]
    """Words that say what position a person is in or takes."""
    ways: Mapping[Position, str]
    """Words that help a person who does not see to get there; looser than the positions."""
    change: str
    """What stands between the first and the last position of a step: `sitting to standing`."""
    weights: str
    """Things that are lifted to be heavy."""
    stop: str
    hurts: str
    """A sentence with both tells a person to stop when something hurts."""
    held_breath: str
    """Asks for a held breath; in a group `denial` where it is the denial that asks."""
    things: Mapping[str, str]
    """Things that an exercise may need, by what they are called."""
    imagined: str
    """Words that say that a thing is not really there, right before it."""
    remaining: str
    """A number of what is still to do, which depends on the dose; with `{number}`."""
    amount: str
    """A number of seconds, reps or sets, as a dose has; with `{number}`."""
    seconds: str
    """Words for seconds."""
    minutes: str
    """A number of minutes; with `{number}`."""
    openers: str
    """Words at the start of a sentence that it does as well without."""


@cache
def pattern(written: str) -> re.Pattern[str]:
    """Return a pattern of a vocabulary, ready to search with."""
    return re.compile(written, re.IGNORECASE)


def vocabulary_of(language: str) -> Vocabulary | None:
    """Return the vocabulary of a language tag; None where there is none."""
    tag = language.replace("_", "-").lower()
    return VOCABULARIES.get(tag) or VOCABULARIES.get(tag.split("-", maxsplit=1)[0])


def is_denied(vocabulary: Vocabulary, text: str, index: int) -> bool:
    """Return whether a text says not to do what stands at an index, in the same part of a sentence."""
    clause = pattern(rf"[.,;:!?…]|\b(?:{vocabulary.clause_end})\b").split(text[:index])[-1]
    found = pattern(rf"(?:{vocabulary.denied})(?:\s+[\w'’-]+){{0,4}}[\s-]*$").search(clause)
    return found is not None


def is_imagined(vocabulary: Vocabulary, text: str, index: int) -> bool:
    """Return whether a text only compares with the thing at an index: "flat like a table"."""
    found = pattern(rf"\b(?:{vocabulary.imagined})\b(?:\s+[\w'’-]+){{0,3}}\s+$").search(
        text[:index]
    )
    return found is not None


@lru_cache(maxsize=TEXTS_KEPT)
def positions_in(vocabulary: Vocabulary, text: str) -> frozenset[Position]:
    """Return the positions that a text speaks of."""
    return frozenset(
        position
        for position, written in vocabulary.positions.items()
        if pattern(written).search(text)
    )


_EN_LIMB: Final = (
    r"(?:straight |bent |top |upper |lower |front |back |whole )?"
    r"(?:legs?|arms?|knees?|foot|feet|heels?|thighs?|hips?|ankles?|calf|elbows?|shoulders?|toes?)"
)
_EN_PARTS: Final = (
    r"(?:legs?|arms?|knees?|foot|hands?|heels?|thighs?|hips?|ankles?|calf|elbows?|shoulders?|toes?"
    r"|wrists?|palms?|sides?|ears?|cheeks?|ribs?|fingers?|thumbs?|glutes?|buttocks?|shins?|forearms?"
    r"|nostrils?|dumbbells?|first|straight|bent|lower|upper|then left|and left|then right|and right)"
)


def _en_side(side: str, other: str) -> str:
    """Return the pattern of an English side, as in "right knee", "to the right" or "left and right"."""
    before = "|".join(
        rf"(?<=\b{word} )" for word in ("your", "the", "to", "on", "onto", "toward", "towards")
    )
    after = "|".join(rf"(?<=\b{other}{link} )" for link in (" and", " then", ", then", " or"))
    return (
        rf"\b{side}\b(?= {_EN_PARTS}\b)"
        rf"|(?:{after}){side}\b"
        rf"|(?:{before}){side}\b(?! (?:angles?|way|amount|speed|height|moment|time)\b)"
        rf"|(?:^|(?<=[,;:(–—-])|(?<=[,;:(–—-] )){side}(?=$|[.,;:!?)])"
        rf"|^{side}\b(?= [^\W_])(?! (?:now|away|here|there)\b)"
    )


def _en_limb(side: str) -> str:
    return rf"\b{side} {_EN_LIMB}\b|\b(?:lie|lying) on (?:your|the) {side} side\b"


_EN_DOWN: Final = (
    r"(?:lie|lies|lying|lay|laying|roll|rolls|turn|turns|flip|get|go|come|down|flat|start|begin"
    r"|settle)"
)

_ENGLISH: Final = Vocabulary(
    needs_eyes=(
        r"\blike (?:this|so)\b(?=\s*(?:[.,;:!?)–—-]|$))|\blike this\b"
        r"|\bas (?:shown|seen|pictured|illustrated|demonstrated|depicted)\b"
        r"|\bas (?:you |we )?(?:can )?see\b"
        r"|\b(?:shown|pictured|illustrated) (?:above|below|here|on|in)\b"
        r"|\b(?:watch|see|observe) how (?:I|we|it|he|she|they)\b"
        r"|\bwatch (?:me|us|this|closely|carefully|the (?:screen|video|picture|clip|demonstration|demo"
        r"|instructor|trainer|teacher|coach|example))\b"
        r"|\blook (?:at|to) (?:me|us|this|the (?:\w+ )?(?:screen|video|picture|image|photo"
        r"|figure|drawing"
        r"|diagram|illustration|demonstration|instructor|trainer|teacher|coach))\b"
        r"|\bsee (?:the |our )?(?:figure|fig\b|picture|image|photo|diagram|illustration"
        r"|drawing|video|above"
        r"|below)\b"
        r"|\b(?:in|on|from) the (?:picture|video|photo|photograph|diagram|figure|illustration|screen)\b"
        r"|\bfollow (?:me|along with me|my (?:lead|moves?|movements?|hands?|arms?))\b"
        r"|\b(?:mirror|copy|imitate) (?:me|us|my|what I)\b"
        r"|\bdo (?:it |this |the same |exactly )?(?:as|what|like) I (?:do|am)\b|\bsame as me\b"
        r"|\b(?:turn|lean|face|go|step|move|twist|bend|reach|roll|swing|look|tilt|rotate|come)"
        r"(?: \w+){0,3} this way\b(?! and)"
        r"|\bover (?:here|there)\b|\b(?:in|into) (?:the|a|your) mirror\b|\bI(?:'m|’m"
        r"| am) (?:showing|pointing)\b"
    ),
    denied=r"(?:\b(?:no|not|never|nobody|without|neither|nor|cannot|avoid|instead\s+of)\b|n['’]t\b)",
    clause_end="and|but|then",
    left=_en_side("left", "right"),
    right=_en_side("right", "left"),
    left_limb=_en_limb("left"),
    right_limb=_en_limb("right"),
    positions={
        Position.STANDING: (
            r"\bstand(?:s|ing)?\b|\bwalk(?:s|ing)?\b(?! your)|\bmarch(?:es|ing)?\b|\bsquat(?:s|ting)?\b"
            r"|\blung(?:e|es|ing)\b|\bon (?:your |the )?(?:feet|tiptoes?)\b|\bjog(?:ging)?\b"
            r"|\b(?:jump|hop)(?:s|ing)?\b"
        ),
        Position.SITTING: r"\bsit(?:s|ting)?\b(?!-ups?\b| ups\b)|\bseated\b",
        Position.KNEELING: (
            r"\b(?:half-?\s?)?kneel(?:s|ing)?\b"
            r"|\b(?:get|go|come|down|up|drop)\b[^.;:!?]{0,15}\bon(?:to)? (?:your |the |both "
            r"|one )?knees?\b"
        ),
        Position.HANDS_AND_KNEES: r"\bhands and knees\b|\ball fours\b|\bquadruped\b|\bfour-point\b",
        Position.HANDS_AND_FEET: (
            r"\bhands and (?:feet|toes)\b|(?<!side )\bplank\b|\b(?:press|push)[- ]?up position\b"
            r"|\bdown(?:ward)?(?:-facing)?[ -]dog\b|\bforearms and toes\b"
        ),
        Position.BACK: (
            rf"\b{_EN_DOWN}\b[^.;:!?]{{0,40}}?\bon(?:to)? (?:your |the )?back\b"
            r"(?! (?:foot|leg|heel|knee|of)\b)"
            r"|^on (?:your |the )?back\b|\bsupine\b|\bface[- ]up\b|\bcrook[- ]lying\b"
        ),
        Position.FRONT: (
            rf"\b{_EN_DOWN}\b[^.;:!?]{{0,40}}?(?<!hands )(?<!hand )(?<!palms )"
            r"\bon(?:to)? (?:your |the )?(?:front|tummy|stomach|belly)\b(?! (?:foot|leg|heel|knee"
            r"|of)\b)"
            r"|^on (?:your |the )?(?:front|tummy|stomach|belly)\b|\bprone\b|\bface[- ]down\b"
        ),
        Position.SIDE: (
            r"\b(?:lie|lies|lying|lay|roll|turn)\b[^.;:!?]{0,25}?\bon(?:to)? (?:your |the |one "
            r"|either )?"
            r"(?:\$?\w+ )?side\b|\bside[- ]lying\b|\bside plank\b"
        ),
        Position.HANGING: r"\bhang(?:s|ing)? (?:from|on|off)\b|\bdead hang\b",
    },
    ways={
        Position.STANDING: (
            r"\bstand|\bwalk|\bmarch|\bsquat|\blung(?:e|ing)|\bjog|\btall\b|\bstep\b|\bjump"
            r"|\bhop\b|\brun\b"
            r"|\brise\b|\bon(?:to)? (?:your )?feet\b|\b(?:get|come|push|climb|straighten|roll|go"
            r"|uncurl)\b"
            r"[^.!?]{0,30}\bup\b|\b(?:shoulder|hip)-width\b|\bfly\b|\bdance\b|\btiptoe"
        ),
        Position.SITTING: (
            r"\bsit\b|\bsitting\b|\bseat|\bchair\b|\bcross-legged\b|\blegs in front\b|\bedge of\b"
        ),
        Position.KNEELING: (
            r"\bkneel|\bknees? (?:down|on)\b|\bon(?:to)? (?:\w+ )?(?:\w+ )?knees?\b|\bheels\b"
        ),
        Position.HANDS_AND_KNEES: (
            r"\bhands and knees\b|\ball fours\b|\bkneel|\bcrawl|\bhands? (?:\w+ ){0,4}under\b"
            r"|\bhands (?:\w+ ){0,3}(?:floor|mat)\b"
        ),
        Position.HANDS_AND_FEET: (
            r"\bhands? (?:\w+ ){0,5}(?:floor|mat|shoulders)\b|\bplank\b|\bwalk your hands\b"
            r"|\bforearms?\b"
            r"|\bstep (?:\w+ ){0,4}back\b|\b(?:push|press)[- ]?up|\ball fours\b|\bhands and\b|\bdog\b"
            r"|\bhips (?:\w+ ){0,3}(?:up|high|back)\b"
        ),
        Position.BACK: (
            r"\blie\b|\blying\b|\broll\b|\bonto (?:your|the) back\b|\bon (?:your|the) back\b"
            r"|\blower (?:\w+ ){0,5}(?:back|down|floor|mat|ground)\b"
        ),
        Position.FRONT: (
            r"\btummy\b|\bstomach\b|\bbelly\b|\bfront\b|\bface[- ]down\b|\bprone\b|\bturn over\b"
            r"|\blower (?:\w+ ){0,5}(?:down|floor|mat|ground)\b|\blie\b"
        ),
        Position.SIDE: r"\bside\b",
        Position.HANGING: r"\bhang|\bgrip\b|\bbar\b",
    },
    change=r"\bto\b|\bthen\b|→|->",
    weights=(
        r"\b(?:dumb[\s_-]?bells?|kettle[\s_-]?bells?|bar[\s_-]?bells?|sand[\s_-]?bags?"
        r"|medicine[\s_-]balls?"
        r"|weights|(?:ankle|wrist|hand|free|light|heavy|small|little|gym|iron)[\s_-]weight|weighted"
        r"|weight[\s_-](?:vest|belt|plate|dis[ck]|bar)s?)\b"
    ),
    stop=r"\b(?:stop|pause|rest|ease off|leave (?:it|this|that|out)|skip|break off)\b",
    hurts=r"\b(?:hurts?|pain|painful|unpleasant|feels wrong)\b",
    held_breath=(
        r"\b(?:hold|holding|keep|keeping|stop|stopping)\s+(?:(?:your|the|that"
        r"|a)\s+(?:\w+\s+)?)?breath\b"
        r"|\bbreath[\s-]hold(?:s|ing)?\b|\b(?:stop|stops|stopping)\s+breathing\b"
        r"|\b(?P<denial>(?:do\s+not|don['’]t|never|not|without|no)\s+breath(?:e|ing)\b"
        r"(?!\s+(?:in|out|too|so|fast|faster|quickly|hard|deep|deeply|heavily|loud|loudly"
        r"|through|into)\b))"
        r"|\b(?:breathe?\s+in|inhale|(?:deep|big"
        r"|long)\s+breath(?:\s+in)?),?(?:\s+and)?\s+hold(?:\s+it)?"
        r"(?=\s*(?:[.,;:!?…]|$|\s(?:in|for|and|while|until|as)\b))"
    ),
    things={
        "a mat": r"\b(?:exercise |yoga )?mats?\b",
        "a chair": r"\b(?:arm)?chairs?\b",
        "a wall": r"\bwalls?\b",
        "a towel": r"\btowels?\b",
        "a band": (
            r"\b(?:resistance |elastic |exercise |thera)[- ]?bands?\b|\b(?:the|a|your) band\b"
            r"|\bstrap\b"
        ),
        "dumbbells": r"\bdumb[\s_-]?bells?\b",
        "a kettlebell": r"\bkettle[\s_-]?bells?\b",
        "a barbell": r"\bbar[\s_-]?bells?\b",
        "an exercise ball": (
            r"\bfit-?balls?\b|\b(?:exercise|gym|swiss|stability|tennis|medicine"
            r"|massage)[- ]balls?\b"
        ),
        "a cushion": r"\bcushions?\b|\bpillows?\b",
        "a stool": r"\bstools?\b",
        "a bench": r"\bbench(?:es)?\b",
        "a roller": r"\b(?:foam )?roller\b",
        "a yoga block": r"\byoga blocks?\b",
        "a stick": r"\b(?:broom)?sticks?\b(?! (?:out|to|up|your)\b)",
        "a table": r"\btable\b(?![ -]?top)|\bdesk\b",
        "a door frame": r"\bdoor(?:way|[- ]frame)\b",
        "a skipping rope": r"\b(?:skipping|jump) rope\b",
        "bottles": r"\bbottles?\b",
        "a pull-up bar": r"\bpull-up bar\b",
    },
    imagined=r"like|as if|imagine|imaginary|pretend|invisible|no|without",
    remaining=(
        rf"\b{NUMBER} (?:more|to go|left)\b(?! (?:\w+ )?(?:breaths?|time)\b)"
        rf"|\b{NUMBER} (?:more )?(?:seconds?|reps?|repetitions?) (?:more|left|to go|remain(?:ing)?)\b"
        rf"|\b(?:last|final) {NUMBER}\b(?! (?:breaths?|time)\b)"
    ),
    amount=rf"\b{NUMBER} (?:seconds?|reps?|repetitions?|times|sets?)\b",
    seconds="seconds?",
    minutes=rf"\b{NUMBER} minutes?\b",
    openers=(
        r"(?:and|now|then|so|okay|ok|all right|well|just|please|remember to|try to|great|good"
        r"|next)\b,?\s+"
    ),
)


def _de_side(stem: str) -> str:
    return rf"\b{stem}(?:s|e|en|er|es|em)\b"


def _de_limb(stem: str) -> str:
    return (
        rf"\b{stem}(?:e|en|er|es|em) (?:\w+ )?"
        r"(?:beine?s?|arme?s?|knie|fuß|füße|ferse|oberschenkel|hüfte|ellbogen|ellenbogen"
        r"|schulter|wade|zehen)\b"
        rf"|\b(?:lieg\w*|leg\w* (?:dich|sich)) auf (?:der|die|deine[r]?|ihre[r]?) {stem}e[nr]? seite\b"
    )


_DE_TURN: Final = r"(?:(?:leg|dreh|roll|wälz)\w* (?:dich|sich)|lieg\w*)"

_GERMAN: Final = Vocabulary(
    needs_eyes=(
        r"\bso wie hier\b|\bwie (?:gezeigt|abgebildet|dargestellt|hier)\b|\bwie (?:du|sie"
        r"|ihr) (?:\w+ )?s(?:ie|e)h\w+\b"
        r"|\b(?:auf|in|an) (?:dem|der|diesem) (?:bild|foto|video|bildschirm|abbildung|zeichnung)\b"
        r"|\b(?:im|am) (?:bild|foto|video|spiegel|bildschirm)\b|\bauf den bildschirm\b"
        r"|\bsieh(?:e|st)? (?:bild|abbildung|abb\b|oben|unten|foto|video)"
        r"|\b(?:schau|sieh|guck)\w*(?: sie)? (?:mir|auf mich|zu mir|mich an|hierher|genau zu|her)\b"
        r"|\bmach\w*(?: sie)? (?:es )?(?:mir nach|wie ich)\b|\bfolg(?:e|en|t)(?: sie)? mir\b"
        r"|\bahm\w*(?: sie)? mich nach\b"
        r"|\bhier (?:entlang|drüben|rüber)\b|\bda drüben\b|\bso herum\b|\bin diese richtung\b"
    ),
    denied=r"\b(?:nicht|nie|niemals|ohne|keine?[nmrs]?|statt)\b",
    clause_end="und|aber|dann|sondern",
    left=_de_side("link"),
    right=_de_side("recht"),
    left_limb=_de_limb("link"),
    right_limb=_de_limb("recht"),
    positions={
        Position.STANDING: (
            r"\bsteh(?:e|en|st|t|end\w*)?\b|\baufsteh\w*|\bim stand\b|\bstell\w* (?:dich|sich)\b"
            r"|\bmarschier\w*"
            r"|\bgeh(?:e|en|end)? (?:auf der stelle|umher|durch)|\bkniebeuge\w*|\bausfallschritt\w*"
        ),
        Position.SITTING: (
            r"\bsitz(?:e|en|t|end\w*)?\b|\bim sitz(?:en)?\b|\bsetz\w* (?:dich|sich)\b|\baufsetz\w*"
        ),
        Position.KNEELING: (
            r"\bkniend\w*|\bkniestand\b|\bim knien\b|\b(?:hin)?knie\w* (?:dich|sich)\b"
            r"|\bauf die knie\b"
        ),
        Position.HANDS_AND_KNEES: (
            r"\bvierfü(?:ß|ss)ler\w*|\bauf allen? vieren\b|\bhände[n]? und knie[n]?\b"
        ),
        Position.HANDS_AND_FEET: (
            r"\bliegestütz\w*|\bplanke\b|\bunterarmstütz\b|\bhände[n]? und füße[n]?\b"
        ),
        Position.BACK: (
            rf"\brückenlage\b|^auf dem rücken\b|\b{_DE_TURN}\b[^.;!?]{{0,30}}auf de[nm] rücken\b"
            r"|\bauf de[nm] rücken lieg\w*"
        ),
        Position.FRONT: (
            rf"\bbauchlage\b|^auf dem bauch\b|\b{_DE_TURN}\b[^.;!?]{{0,30}}auf de[nm] bauch\b"
            r"|\bauf de[nm] bauch lieg\w*"
        ),
        Position.SIDE: (
            rf"\bseitenlage\b|\b{_DE_TURN}\b[^.;!?]{{0,30}}auf d(?:ie|er) (?:\$?\w+ )?seite\b"
        ),
        Position.HANGING: r"\bhängend\b|\bhäng\w* (?:dich|sich)\b",
    },
    ways={
        Position.STANDING: (
            r"\bsteh|\bstand\b|\bstell|\baufsteh|\bmarschier|\bgeh|\blauf"
            r"|\bkomm\w*\b[^.!?]{0,30}\bhoch\b"
            r"|\baufrecht\b|\brichte\b|\bschritt\b|\bhüpf|\bspring|\bauf die (?:füße|beine)\b"
        ),
        Position.SITTING: r"\bsitz|\bsetz|\baufsetz|\bstuhl",
        Position.KNEELING: r"\bknie",
        Position.HANDS_AND_KNEES: r"\bvierfü|\bauf allen? vieren\b|\bknie|\bkrabbel|\bhände\b",
        Position.HANDS_AND_FEET: r"\bhände\b|\bstütz|\bplanke\b|\bliegestütz|\bunterarm",
        Position.BACK: r"\bleg|\blieg|\brücken\b|\broll|\bsenk",
        Position.FRONT: r"\bbauch\b|\bdreh|\broll|\bsenk|\bleg",
        Position.SIDE: r"\bseite\b|\bseitenlage\b",
        Position.HANGING: r"\bhäng|\bstange\b",
    },
    change=r"\bzum\b|\bin den\b|\bins\b|\bzu\b|→|->",
    weights=(
        r"\b(?:kurz|lang)?hanteln?\b|\bkettlebells?\b|\bgewichte[n]?\b|\bgewichts(?:manschette"
        r"|weste)n?\b|\bsandsäcke?\b"
    ),
    stop=r"\b(?:stopp\w*|hör\w*|aufhör\w*|paus\w*|unterbrich|unterbrechen|brich|abbrech\w*|lass\w*)\b",
    hurts=r"\b(?:schmerz\w*|weh|wehtut|unangenehm\w*)\b",
    held_breath=(
        r"\bhalt\w*\b(?: sie)?(?: \w+){0,3}? (?:atem|luft)(?: \w+){0,2}? an\b|\b(?:atem"
        r"|luft) an(?:halten|zuhalten)\b"
        r"|\b(?P<denial>nicht (?:mehr )?(?:atmen|weiteratmen))\b"
    ),
    things={
        "eine Matte": r"\b(?:\w+)?matten?\b",
        "ein Stuhl": r"\bst(?:uhl|ühle)\b",
        "eine Wand": r"\bw(?:and|ände)\b",
        "ein Handtuch": r"\bhand(?:tuch|tücher)\b",
        "ein Band": (
            r"\b(?:thera|widerstands|gymnastik|fitness)-?b(?:and|änder)\b|\b(?:das|ein|dein"
            r"|ihr) band\b"
        ),
        "Hanteln": r"\b(?:kurz|lang)?hanteln?\b",
        "eine Kettlebell": r"\bkettlebells?\b",
        "ein Gymnastikball": r"\b(?:gymnastik|sitz|pezzi|tennis|medizin)b(?:all|älle)\b",
        "ein Kissen": r"\bkissen\b",
        "ein Hocker": r"\bhocker\b",
        "eine Bank": r"\bbank\b",
        "eine Faszienrolle": r"\bfaszienrolle\b",
        "ein Stab": r"\bst(?:ab|äbe)\b|\bbesenstiel\b",
        "ein Tisch": r"\b(?:schreib)?tisch\b",
        "ein Türrahmen": r"\btürrahmen\b",
        "Flaschen": r"\bflaschen?\b",
    },
    imagined=r"wie|als ob|als wäre|stell dir vor|ohne|keine?|unsichtbare[nrs]?",
    remaining=(
        rf"\bnoch {NUMBER}\b(?! (?:atemz|minuten))|\b{NUMBER} (?:mehr|weitere)\b"
        rf"|\bletzten {NUMBER}\b(?! atemz)"
    ),
    amount=rf"\b{NUMBER}[ -]?(?:sekunden?|wiederholung(?:en)?|mal|sätze)\b",
    seconds="sekunden?",
    minutes=rf"\b{NUMBER}[ -]?minuten?\b",
    openers=r"(?:und|jetzt|nun|dann|also|so|gut|bitte|danach)\b,?\s+",
)

_ES_LIMB: Final = (
    r"(?:piernas?|brazos?|rodillas?|pies?|tal(?:ón|ones)|muslos?|caderas?|codos?|hombros?"
    r"|tobillos?|pantorrillas?)"
)


def _es_side(stem: str) -> str:
    return rf"(?<!espalda )(?<!bien )(?<!todo )(?<!cabeza )\b{stem}[oa]s?\b"


def _es_limb(stem: str) -> str:
    return (
        rf"\b{_ES_LIMB} {stem}[oa]s?\b|\b(?:túmb\w+|acuést\w+|tumbad\w+|acostad\w+) (?:sobre"
        rf"|de) (?:el )?lado {stem}o\b"
    )


_SPANISH: Final = Vocabulary(
    needs_eyes=(
        r"\bcomo (?:se |te )?(?:muestr\w+|ves?\b|ven\b|vemos|aparece|enseño)|\bcomo en (?:la"
        r"|el) (?:imagen|foto|figura|dibujo|vídeo|video)\b"
        r"|\b(?:hazlo|haz|hágalo|háganlo|hacedlo) así\b|\basí, como\b"
        r"|\bm[íi]r(?:a|e|en|ad)me\b|\bmir(?:a|e|en|ad) (?:la pantalla|el v[íi]deo|la imagen"
        r"|la foto|cómo|aquí|hacia aquí)\b"
        r"|\b(?:sígu|síg|seguid|síga)\w*me\b|\b(?:imíta|imíte|copia|cópia)\w*me\b|\b(?:haz"
        r"|hagan|haga|haced) (?:lo mismo )?(?:que|como) yo\b"
        r"|\b(?:por|hacia) (?:aquí|acá|allí|allá)\b|\ben (?:el espejo|la pantalla|el v[íi]deo"
        r"|la imagen|la figura|la foto)\b"
        r"|\bv(?:er|ea|éase) (?:la )?(?:figura|imagen|foto)\b"
    ),
    denied=r"\b(?:no|nunca|jamás|sin|ni|tampoco|evita|evite)\b",
    clause_end="y|pero|luego|después",
    left=_es_side("izquierd"),
    right=_es_side("derech"),
    left_limb=_es_limb("izquierd"),
    right_limb=_es_limb("derech"),
    positions={
        Position.STANDING: (
            r"\bde pie\b|\bponte de pie\b|\b(?:camin|march)\w+\b|\bsentadillas?\b|\bzancadas?\b"
            r"|\blevánt\w+\b"
        ),
        Position.SITTING: r"\bsentad[oa]s?\b|\bsiént\w+\b|\bsentarse\b",
        Position.KNEELING: r"\bde rodillas\b|\barrodíll\w+\b|\barrodillad\w+\b",
        Position.HANDS_AND_KNEES: r"\ba (?:cuatro patas|gatas)\b|\bcuadrupedia\b|\bmanos y rodillas\b",
        Position.HANDS_AND_FEET: r"\bplancha\b|\bmanos y pies\b|\bposición de flexi(?:ón|ones)\b",
        Position.BACK: (
            r"\bboca arriba\b|\b(?:túmb|acuést|tumbad|acostad"
            r"|tendid)\w+[^.;!?]{0,20}\b(?:de espaldas|sobre la espalda)\b|\bdecúbito supino\b"
        ),
        Position.FRONT: r"\bboca abajo\b|\bdecúbito prono\b",
        Position.SIDE: r"\bde lado\b|\bdecúbito lateral\b|\bsobre (?:el|un) lado\b|\bde costado\b",
        Position.HANGING: r"\bcuélg\w+\b|\bcolgad\w+\b",
    },
    ways={
        Position.STANDING: r"\bpie\b|\blevánt|\bcamin|\bmarch|\bincorpór|\bsub|\bsalt|\bpaso\b",
        Position.SITTING: r"\bsient|\bsiént|\bsentad|\bsilla\b",
        Position.KNEELING: r"\brodilla|\barrod",
        Position.HANDS_AND_KNEES: r"\bcuatro\b|\bgatas\b|\brodillas\b|\bmanos\b",
        Position.HANDS_AND_FEET: r"\bmanos\b|\bplancha\b|\bantebrazos?\b",
        Position.BACK: (
            r"\btúmb|\btumb|\bacuést|\bacost|\bespalda\b|\bboca arriba\b|\bgir|\brueda|\bbaj"
        ),
        Position.FRONT: r"\bboca abajo\b|\bgir|\bdate la vuelta\b|\bvientre\b|\bbaj",
        Position.SIDE: r"\blado\b|\bcostado\b",
        Position.HANGING: r"\bcuelg|\bcuélg|\bbarra\b",
    },
    change=r"\ba (?=de pie|sentad|boca)|→|->",
    weights=r"\bmancuernas?\b|\bpesas\b|\bkettlebells?\b|\bbarra con pes\w+\b|\btobilleras? con peso\b",
    stop=r"\b(?:para|pare|paren|parad|detente|deténgase|detén|descansa|descanse|déjalo|déjelo)\b",
    hurts=r"\b(?:duele|dolor|molesta|molestia|desagradable)\b",
    held_breath=(
        r"\b(?:aguant|conten|contén|conteng|reten|retén|reteng)\w* (?:la |el )?(?:respiración"
        r"|aliento|aire)\b"
        r"|\bdej[ae] de respirar\b|\b(?P<denial>(?:no respir\w+|sin respirar))\b"
    ),
    things={
        "una esterilla": r"\besterillas?\b|\bcolchonetas?\b",
        "una silla": r"\bsillas?\b",
        "una pared": r"\bparedes?\b|\bpared\b",
        "una toalla": r"\btoallas?\b",
        "una banda": r"\bbandas? (?:elástica|de resistencia)s?\b|\b(?:la|una|tu|su) banda\b",
        "mancuernas": r"\bmancuernas?\b",
        "una pelota de ejercicio": r"\b(?:fitball|pelotas? (?:de tenis|de ejercicio|suiza))\b",
        "un cojín": r"\bcoj(?:ín|ines)\b|\balmohadas?\b",
        "un taburete": r"\btaburetes?\b",
        "un banco": r"\bbancos?\b",
        "un palo": r"\bpalos?\b",
        "una mesa": r"\bmesas?\b|\bescritorio\b",
        "botellas": r"\bbotellas?\b",
    },
    imagined=r"como|imagina|como si|sin|invisible",
    remaining=rf"\b{NUMBER} (?:\w+ )?más\b|\bquedan? {NUMBER}\b|\búltim[oa]s {NUMBER}\b",
    amount=rf"\b{NUMBER} (?:segundos?|repeticiones|veces|series)\b",
    seconds="segundos?",
    minutes=rf"\b{NUMBER} minutos?\b",
    openers=r"(?:y|ahora|luego|entonces|bien|así que|por favor)\b,?\s+",
)

_RU_ENDINGS: Final = r"(?:ая|ой|ою|ую|ый|ого|ому|ым|ом|ое|ые|ых|ыми)"
_RU_LIMB: Final = r"(?:ног|рук|колен|стоп|пятк|бедр|локт|локот|плеч|голен|икр|носк|лодыжк)\w*"


def _ru_side(stem: str, *adverbs: str) -> str:
    return rf"\b{stem}{_RU_ENDINGS}\b|\b(?:{'|'.join(adverbs)})\b"


def _ru_limb(stem: str) -> str:
    return (
        rf"\b{stem}{_RU_ENDINGS} (?:\w+ )?{_RU_LIMB}\b"
        rf"|\b(?:ляг\w*|леж\w*) на {stem}(?:ый|ом) бок\w*\b"
    )


_RUSSIAN: Final = Vocabulary(
    needs_eyes=(
        r"\bвот так\b|\bкак показано\b|\bкак на (?:картинке|рисунке|экране|фото|видео|схеме)\b"
        r"|\bкак (?:ты |вы )?вид(?:ишь|ите)\b"
        r"|\b(?:по)?смотри(?:те)? (?:на меня|на экран|за мной|на картинку|на рисунок|как я"
        r"|сюда|видео)\b"
        r"|\bповторяй(?:те)? за мной\b|\bделай(?:те)? как я\b|\bследуй(?:те)? за мной\b"
        r"|\bкопируй(?:те)? меня\b"
        r"|\bв эту сторону\b|\bвон туда\b|\bвот сюда\b|\bна экране\b|\bв зеркал[оеу]\b"
        r"|\bсм\. (?:рис|фото|видео)"
    ),
    denied=r"\b(?:не|нет|никогда|без|ни)\b",
    clause_end="и|но|а|затем|потом",
    left=_ru_side("лев", "налево", "слева", "влево"),
    right=_ru_side("прав", "направо", "справа", "вправо"),
    left_limb=_ru_limb("лев"),
    right_limb=_ru_limb("прав"),
    positions={
        Position.STANDING: (
            r"\bстоя\b|\bстой(?:те)?\b|\bвстань(?:те)?\b|\bшагай(?:те)?\b|\bприсед\w*|\bвыпад\w*"
            r"|\bмаршируй(?:те)?\b|\bходьба\b"
        ),
        Position.SITTING: r"\bсидя\b|\bсядь(?:те)?\b|\bсиди(?:те)?\b|\bприсядь(?:те)? на\b",
        Position.KNEELING: r"\bна коленях\b|\bна колени\b",
        Position.HANDS_AND_KNEES: r"\bчетвереньк\w*",
        Position.HANDS_AND_FEET: r"\bпланк\w*|\bупор(?:е)? лёжа\b|\bупор(?:е)? лежа\b",
        Position.BACK: r"\bна спин[уе]\b",
        Position.FRONT: (
            r"\b(?:ляг\w*|лёжа|лежа|лежи\w*|повернись|повернитесь|перевернись"
            r"|перевернитесь)[^.;!?]{0,20}\bна живот[е]?\b|^на животе\b"
        ),
        Position.SIDE: (
            r"\b(?:ляг\w*|лёжа|лежа|лежи\w*|повернись|повернитесь|перекатись"
            r"|перекатитесь)[^.;!?]{0,20}\bбок[уе]?\b|^на боку\b"
        ),
        Position.HANGING: r"\bвис(?:е)?\b|\bповисни(?:те)?\b",
    },
    ways={
        Position.STANDING: (
            r"\bвста|\bсто[йяи]|\bподними(?:сь|тесь)\b|\bподнимай(?:ся|тесь)\b|\bшаг|\bход"
            r"|\bприсед|\bпрыг|\bвыпрями"
        ),
        Position.SITTING: r"\bсяд|\bсид|\bприсяд|\bстул",
        Position.KNEELING: r"\bколен",
        Position.HANDS_AND_KNEES: r"\bчетверен|\bколен|\bладон",
        Position.HANDS_AND_FEET: r"\bрук|\bладон|\bпланк|\bпредплеч|\bупор",
        Position.BACK: r"\bляг|\bлёж|\bлеж|\bспин|\bперекат|\bповерн|\bопусти(?:сь|тесь)",
        Position.FRONT: r"\bживот|\bперевер|\bповерн|\bопусти(?:сь|тесь)|\bляг",
        Position.SIDE: r"\bбок",
        Position.HANGING: r"\bвис|\bповис|\bтурник|\bперекладин",
    },
    change=r"→|->|\bв (?=положение стоя|сед)",
    weights=r"\bгантел\w*|\bштанг(?:а|у|и|ой|е)\b|\bгир(?:я|ю|и|ей|ь|е|ями|ях)\b|\bутяжелител\w*",
    stop=r"\b(?:останови\w*|прекрати\w*|прерви\w*|отдохни\w*|стоп|перестань\w*)\b",
    hurts=r"\b(?:больно|боль|боли|болью|болит|заболит|неприятно|неприятн\w+)\b",
    held_breath=(
        r"\b(?:задерж|затаи)\w*(?: \w+)? дыхани\w*|\b(?P<denial>не дыши(?:те)?)\b"
        r"|\bперестан\w* дышать\b"
    ),
    things={
        "коврик": r"\bковрик\w*",
        "стул": r"\bстул\w*",
        "стена": r"\bстен(?:а|у|ы|е|ой|к[аеуи]|кой)\b",
        "полотенце": r"\bполотенц\w*",
        "лента": r"\b(?:эспандер\w*|лент(?:а|у|ы|е|ой))\b",
        "гантели": r"\bгантел\w*",
        "мяч": r"\b(?:фитбол\w*|мяч(?:а|у|ом|е|и)?)\b",
        "подушка": r"\bподушк\w*",
        "табурет": r"\bтабурет\w*",
        "скамья": r"\bскам(?:ья|ью|ьи|ейк\w*)\b",
        "палка": r"\bпалк\w*",
        "стол": r"\bстол(?:а|у|ом|е)?\b",
        "бутылки": r"\bбутыл\w*",
    },
    imagined=r"как|словно|будто|как будто|представь(?:те)?|без|нет",
    remaining=(
        rf"\bещё {NUMBER}\b(?! вдох)|\bеще {NUMBER}\b(?! вдох)|\bосталось {NUMBER}\b"
        rf"|\bпоследние {NUMBER}\b"
    ),
    amount=rf"\b{NUMBER} (?:секунд\w*|повтор\w*|раза?|подход\w*)\b",
    seconds=r"секунд\w*",
    minutes=rf"\b{NUMBER} минут\w*\b",
    openers=r"(?:и|а|теперь|затем|потом|итак|так|хорошо|пожалуйста)\b,?\s+",
)

VOCABULARIES: Final[Mapping[str, Vocabulary]] = {
    "de": _GERMAN,
    "en": _ENGLISH,
    "es": _SPANISH,
    "ru": _RUSSIAN,
}
"""The languages that the lints understand."""


def position_of(step: Step, language: str) -> Position | None:
    """Return the position in which a step begins: the first that is named; None where none is."""
    words = vocabulary_of(language)
    if words is None:
        return None
    written = pattern(words.change).split(step.position)[0]
    for text in (written, step.spoken_name, step.name, step.instruction):
        named = [
            (found.start(), position)
            for position, one in words.positions.items()
            if (found := pattern(one).search(text))
        ]
        if named:
            return min(named)[1]
    return None
