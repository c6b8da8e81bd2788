"""Pictures as inline SVG: slacks, rows, small games, moved probability, play, curves."""

from drmg_reports.pictures._curves import panel_picture as panel_picture
from drmg_reports.pictures._curves import render_curves as render_curves
from drmg_reports.pictures._curves import shows_guide as shows_guide
from drmg_reports.pictures._family import family_picture as family_picture
from drmg_reports.pictures._family import without_factor as without_factor
from drmg_reports.pictures._graph import game_picture as game_picture
from drmg_reports.pictures._moves import moves_picture as moves_picture
from drmg_reports.pictures._passages import passages_picture as passages_picture
from drmg_reports.pictures._rows import row_picture as row_picture
from drmg_reports.pictures._slacks import slack_histogram as slack_histogram
from drmg_reports.pictures._slacks import tightness_picture as tightness_picture
from drmg_reports.pictures._svg import Picture as Picture
from drmg_reports.pictures._trend import render_trend as render_trend
