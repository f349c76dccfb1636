"""Players, heard: what each one really plays is recorded from a null sink and compared with the render."""
