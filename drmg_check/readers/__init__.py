"""Games and policies from files and tables, and back."""

from drmg_check.readers._files import read_game as read_game
from drmg_check.readers._files import read_model as read_model
from drmg_check.readers._files import read_policy as read_policy
from drmg_check.readers._files import write_game as write_game
from drmg_check.readers._files import write_policy as write_policy
from drmg_check.readers._game_json import game_from_data as game_from_data
from drmg_check.readers._game_json import game_from_json as game_from_json
from drmg_check.readers._game_json import game_to_data as game_to_data
from drmg_check.readers._game_json import game_to_json as game_to_json
from drmg_check.readers._limits import MAX_AGENTS as MAX_AGENTS
from drmg_check.readers._limits import check_size as check_size
from drmg_check.readers._nfg import game_from_nfg as game_from_nfg
from drmg_check.readers._npz import game_from_npz as game_from_npz
from drmg_check.readers._npz_sparse import staged_game_from_npz as staged_game_from_npz
from drmg_check.readers._policy_arrays import policy_from_arrays as policy_from_arrays
from drmg_check.readers._policy_json import policy_from_data as policy_from_data
from drmg_check.readers._policy_json import policy_from_json as policy_from_json
from drmg_check.readers._policy_json import policy_to_data as policy_to_data
from drmg_check.readers._policy_json import policy_to_json as policy_to_json
from drmg_check.readers._prism import PrismFiles as PrismFiles
from drmg_check.readers._prism import game_from_prism as game_from_prism
from drmg_check.readers._toy_text import Names as Names
from drmg_check.readers._toy_text import from_gymnasium as from_gymnasium
from drmg_check.readers._toy_text import from_toy_text as from_toy_text
