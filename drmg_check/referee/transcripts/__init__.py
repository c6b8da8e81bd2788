"""Transcripts: dialogues of the protocol, as a session and a worker really held them."""

from drmg_check.referee.transcripts._transcript import TRANSCRIPTS as TRANSCRIPTS
from drmg_check.referee.transcripts._transcript import Dialogue as Dialogue
from drmg_check.referee.transcripts._transcript import Transcript as Transcript
from drmg_check.referee.transcripts._transcript import address_of as address_of
from drmg_check.referee.transcripts._transcript import transcripts as transcripts
