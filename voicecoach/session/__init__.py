"""A Routine with a voice: the stream of rendered blocks that everything is made from."""
