from .chart import write_picture as write_picture
from .cover import draw_cover as draw_cover
from .sheet import write_sheet as write_sheet
