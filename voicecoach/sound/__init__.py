"""Sound in memory: clips, tones, music, placements in frames, and the mix of them."""
