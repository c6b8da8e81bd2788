/* A harness for drmg-check in C: the worst case over a total variation ball.
 *
 *   cc -O2 -o tv examples/harness/tv.c && drmg-check validate 'cmd: ./tv'
 *
 * The referee writes one JSON object a line, always with the same members in the same order and without
 * spaces, so that strstr and strtod are all the parser that it takes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double *read_vector(const char *line, const char *name, int n) {
  double *vector = malloc(n * sizeof *vector);
  char *at = (char *)strstr(line, name) + strlen(name);
  for (int s = 0; s < n; s++) vector[s] = strtod(at, &at), at++; /* past the comma */
  return vector;
}

/* Cut the mass rho from the largest values and put it on one smallest. */
static double worst_case(int n, double *p, const double *V, double rho) {
  double value = 0, moved = 0;
  int lowest = 0;
  for (int s = 1; s < n; s++)
    if (V[s] < V[lowest]) lowest = s;
  while (moved < rho) {
    int highest = -1;
    for (int s = 0; s < n; s++)
      if (s != lowest && p[s] > 0 && (highest < 0 || V[s] > V[highest])) highest = s;
    if (highest < 0) break; /* all the mass is there */
    if (p[highest] <= rho - moved) {
      moved += p[highest];
      p[highest] = 0;
    } else {
      p[highest] -= rho - moved;
      moved = rho;
    }
  }
  for (int s = 0; s < n; s++) value += p[s] * V[s];
  return value + moved * V[lowest];
}

int main(void) {
  char *line = NULL;
  size_t size = 0;
  while (getline(&line, &size, stdin) > 0) {
    if (strstr(line, "\"cmd\":\"start\"")) {
      puts("{\"ready\":1,\"declaration\":{\"name\":\"tv.c\",\"sets\":[\"tv\"]}}");
    } else {
      long seq = atol(strstr(line, "\"seq\":") + 6);
      if (!strstr(line, "\"kind\":\"tv\",\"support\":\"all\"")) {
        printf("{\"seq\":%ld,\"unsupported\":\"only total variation over all states\"}\n", seq);
      } else {
        int n = atoi(strstr(line, "\"S\":") + 4);
        double *p = read_vector(line, "\"p\":[", n), *V = read_vector(line, "\"V\":[", n);
        double rho = strtod(strstr(line, "\"rho\":") + 6, NULL);
        printf("{\"seq\":%ld,\"value\":%.17g}\n", seq, worst_case(n, p, V, rho));
        free(p), free(V);
      }
    }
    fflush(stdout); /* an answer in a buffer is no answer */
  }
  return 0;
}
