"""The library in a browser: a web server for this computer and, with a key, for the local network.

    request -> guard -> app -> catalogue -> maker -> shelf
               who may    what there is     what is made, and kept

`guard` and `door` decide who may come in, `app` answers, `catalogue` knows the routines and checks
wishes against them, `maker` makes one session at a time, `shelf` keeps what was made, and `server`
runs it all until it is told to stop. Nothing that a browser sends becomes a path.
"""

import lazy_loader

# Names come from the stub beside this file; a module is imported when one of its names is wanted.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
