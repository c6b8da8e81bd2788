"""Files of users: read within bounds, written as a whole or not at all."""

from drmg_check.files._memory import available_memory as available_memory
from drmg_check.files._memory import check_memory as check_memory
from drmg_check.files._memory import size_text as size_text
from drmg_check.files._numpy import read_npy as read_npy
from drmg_check.files._numpy import read_npz as read_npz
from drmg_check.files._parts import Part as Part
from drmg_check.files._parts import Parts as Parts
from drmg_check.files._parts import Steps as Steps
from drmg_check.files._parts import kept_parts as kept_parts
from drmg_check.files._read import MAX_FILE_BYTES as MAX_FILE_BYTES
from drmg_check.files._read import FilePath as FilePath
from drmg_check.files._read import read_bytes as read_bytes
from drmg_check.files._read import read_file as read_file
from drmg_check.files._read import regular_file as regular_file
from drmg_check.files._write import regular_target as regular_target
from drmg_check.files._write import whole_file as whole_file
from drmg_check.files._write import write_whole as write_whole
