"""Help for authors: lints, layout, the schema for editors, new routines."""
