"""Steps that proofs of several papers share: averages over a row, events, binomial counts, recursions."""

from drmg_properties.claims.steps._answers import answered_values as answered_values
from drmg_properties.claims.steps._answers import replies as replies
from drmg_properties.claims.steps._averages import mean as mean
from drmg_properties.claims.steps._averages import sdrop as sdrop
from drmg_properties.claims.steps._averages import variance as variance
from drmg_properties.claims.steps._binomial import Trials as Trials
from drmg_properties.claims.steps._binomial import chance_between as chance_between
from drmg_properties.claims.steps._binomial import chance_of_lack as chance_of_lack
from drmg_properties.claims.steps._binomial import chance_of_runs as chance_of_runs
from drmg_properties.claims.steps._binomial import chance_outside as chance_outside
from drmg_properties.claims.steps._binomial import last_before as last_before
from drmg_properties.claims.steps._covering import Count as Count
from drmg_properties.claims.steps._covering import covering as covering
from drmg_properties.claims.steps._covering import episodes as episodes
from drmg_properties.claims.steps._recursion import Operator as Operator
from drmg_properties.claims.steps._recursion import action_values as action_values
from drmg_properties.claims.steps._recursion import values_by as values_by
from drmg_properties.claims.steps._span_bound import Chain as Chain
from drmg_properties.claims.steps._span_bound import printed_dual as printed_dual
from drmg_properties.claims.steps._span_bound import span_bound as span_bound
from drmg_properties.claims.steps._tv_event import C1 as C1
from drmg_properties.claims.steps._tv_event import C2 as C2
from drmg_properties.claims.steps._tv_event import event_level as event_level
from drmg_properties.claims.steps._tv_event import on_event as on_event
