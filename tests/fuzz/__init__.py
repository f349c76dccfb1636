"""Files from strangers, by the hundred thousand: whatever is in them, an answer within a second."""
