"""Files and folders: where things are kept, and writing that is complete or absent."""
