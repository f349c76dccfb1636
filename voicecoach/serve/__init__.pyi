from .app import make_app as make_app
from .catalogue import Catalogue as Catalogue
from .door import Door as Door
from .lan import lan_address as lan_address
from .maker import Maker as Maker
from .server import open_sockets as open_sockets
from .server import run as run
from .shelf import Shelf as Shelf
