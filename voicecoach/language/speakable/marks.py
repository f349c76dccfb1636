"""What is written but not said in any language: marks go first, punctuation is tidied last."""

from __future__ import annotations

import re

from voicecoach.language.speakable.rule import Rule, rule

_UNSEEN = r"\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
_PICTURES = "\u2190-\u21ff\u2300-\u23ff\u2500-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001faff"

_HEADING = re.compile(r"^ *#{1,6} +(.*?) *#*$")
_BULLET = re.compile(r"^ *(?:[-*•‣◦▪] +|\+ +(?!\d)|> ?(?![\d=\s]))")
_RULER = re.compile(r"^ *(?:(?:[-*_=~`] *){3,}\w*|#+) *$")


def _join_lines(match: re.Match[str]) -> str:
    """Join all lines; headings, bullets and blank lines end the phrase before them."""
    phrases: list[str] = []
    ends_phrase = False
    for line in match.string.split("\n"):
        heading = _HEADING.match(line)
        bullet = _BULLET.match(line)
        text = heading[1] if heading else line[bullet.end() :] if bullet else line
        text = "" if _RULER.match(text) else text.strip(" ")
        ends_phrase = ends_phrase or bool(heading or bullet or not text)
        if not text:
            continue
        if phrases and ends_phrase and phrases[-1][-1] not in ".!?:,;":
            phrases[-1] += "."
        phrases.append(text)
        ends_phrase = bool(heading)
    return " ".join(phrases)


MARKS: tuple[Rule, ...] = (
    rule("line ends", r"\r\n?|[\u2028\u2029\x0b\x0c\x85]", "\n"),
    rule("control characters", r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufff0-\uffff]+", ""),
    rule("unseen characters", rf"[{_UNSEEN}]+", ""),
    rule("keycaps and flags", r"[\u20e3\U000e0000-\U000e01ef]+", ""),
    rule("odd spaces", r"[^\S\n ]", " "),
    rule("apostrophe", r"(?<=[^\W\d_])[’ʼ](?=[^\W\d_])", "'"),
    rule("hyphens", r"[‐‑]", "-"),
    rule("prime", r"′", "'"),
    rule("double prime", r"″", '"'),
    rule("wide stops", r"[。।]", ". "),
    rule("wide exclamation mark", r"！", "! "),
    rule("wide question mark", r"[？؟]", "? "),
    rule("crosses", r"[✕✖⨯⨉]", "×"),
    rule("picture or link", r"!?\[([^\[\]]*)\](?:\([^()\n]*\)|\[[^\[\]]*\])", r"\1"),
    rule("address", r"<?\b(?:https?://|www\.)[^\s<>]*[^\s<>.,;:!?)\]'\"]>?", ""),
    rule("tag", r"</?[A-Za-z][^<>]*>", " "),
    rule("hard space", r"&nbsp;", " "),
    rule("written ampersand", r"&amp;", "&"),
    rule("lines", r"\A(?=[^\n]*\n| *(?:[-*•‣◦▪+>]|#{1,6}) ?| *[-*_=~`])[\s\S]*", _join_lines),
    rule("star for times", r"(?<=\d) ?\* ?(?=\d)", " × "),
    rule("emphasis", r"[*`]+|~~+", ""),
    rule("underlined", r"(?<![^\W_])_+|_+(?![^\W_])", ""),
    rule("joined by underline", r"_+", " "),
    rule("arrow", r" *(?:-+>|[→⇒➡➔➜⟶]+) *", " → "),
    rule("pictures", rf"(?:(?!→)[{_PICTURES}])+", ", "),
    rule("signs nobody says", r"[©®™†‡¶§¦]+", ""),
    rule("columns", r" *\|+ *", ", "),
    rule("white space", r"\s\s+|[^\S ]", " "),
)


def _ellipsis(match: re.Match[str]) -> str:
    following = match.string[match.end() : match.end() + 1]
    return ". " if following.isupper() or not following else ", "


PUNCTUATION: tuple[Rule, ...] = (
    rule("quotation marks", r"[\"“”„‟«»‹›‘’‚]+", ""),
    rule("lone apostrophe", r"(?<![^\W_])'+|'+(?![^\W_])", ""),
    rule("brackets", r"\s*[()\[\]{}]+\s*", ", "),
    rule("ellipsis", r"\s*(?:…|\.\.)[.…]*\s*", _ellipsis),
    rule("dash", r"\s*[—―]+\s*|\s+[-–‒]+\s+|\s*--+\s*", ", "),
    rule("dash in a word", r"(?<=[^\W_])[–‒](?=[^\W_])", "-"),
    rule("stray dash", r"[–‒]+", ", "),
    rule("stray hyphen", r"(?<![^\W_])-+(?!\d)|-+(?![^\W_])", " "),
    rule("unspoken signs", r"[\\^]+", " "),
    rule("stray arrow", r" *→ *", ", "),
    rule("spaces", r"\s\s+|[^\S ]", " "),
    rule("space before a stop", r" +(?=[,;:!?]|\.(?!\d))", ""),
    rule("pause before a stop", r"[,;:]+ *(?=[!?]|\.(?!\d))", ""),
    rule("stops in a row", r"([.!?])(?: *(?:[,;:!?]|\.)(?!\d))+", r"\1"),
    rule("pauses in a row", r"([,;:])(?: *[,;:](?!\d))+", r"\1"),
    rule("nothing before the first word", r"\A(?:[\s,;:!?]|\.(?!\d))+", ""),
    rule("nothing after the last word", r"[\s,;:]+\Z", ""),
)
