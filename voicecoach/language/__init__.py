"""All that is known of a language: the coach's phrases, how text is spoken, which words mean what."""
