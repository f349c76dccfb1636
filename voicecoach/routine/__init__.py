"""What is to be done: the types of a routine, doses, and the moments that cues name."""
