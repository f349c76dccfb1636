"""A session on the speakers, and the commands that steer it."""
