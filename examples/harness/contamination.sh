#!/bin/sh
# A harness for drmg-check in the shell: the worst case over a contamination ball,
# (1 - rho) E_p V + rho min V.
#
#   drmg-check validate 'cmd: sh examples/harness/contamination.sh'
#
# One answer takes a process of awk, so this shows the protocol and is not meant to be fast.
while IFS= read -r line; do
  case $line in
    *'"cmd":"start"'*)
      echo '{"ready":1,"declaration":{"name":"contamination.sh","sets":["contamination"]}}' ;;
    *)
      printf '%s\n' "$line" | awk '
        function member(name, text) {  # what follows "name": up to the end of its number or array
          text = substr($0, index($0, "\"" name "\":") + length(name) + 3)
          sub(/^\[/, "", text); sub(/[]}].*$/, "", text)
          return text
        }
        {
          n = split(member("p"), p, ","); split(member("V"), V, ","); rho = member("rho") + 0
          for (s = 1; s <= n; s++) {
            mean += p[s] * V[s]
            if (s == 1 || V[s] + 0 < low) low = V[s] + 0
          }
          printf "{\"seq\":%d,\"value\":%.17g}\n", member("seq") + 0, (1 - rho) * mean + rho * low
        }' ;;
  esac
done
