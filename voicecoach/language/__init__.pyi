from .language import available_languages as available_languages
from .language import language_of as language_of
from .phrases import Phrases as Phrases
from .phrases import load_phrases as load_phrases
from .speakable import make_speakable as make_speakable
from .speakable import split_sentences as split_sentences
from .vocabulary import (
    Position as Position,
)
from .vocabulary import (
    Vocabulary as Vocabulary,
)
from .vocabulary import (
    position_of as position_of,
)
from .vocabulary import (
    vocabulary_of as vocabulary_of,
)
