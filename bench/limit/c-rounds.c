/* The two backtests of kernels.h over raw columns, one round a line of stdin: "sma" or "rba" answers nanoseconds, final equity, maximum drawdown, trades and fees.
   FOLDER holds o h l c .f64; after "write" the trades of the round before lie beside them as entries.i32, exits.i32 and profits.f64. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#define SQRT __builtin_sqrt
#define K(x) x##_kernel
#include "kernels.h"

static const char *folder;

static FILE *opened(const char *name, const char *mode) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, mode);
  if (file == NULL) exit(2);
  return file;
}

static double *column(const char *name, long rows) {
  double *values = malloc(sizeof(double) * rows);
  FILE *file = opened(name, "rb");
  if (fread(values, sizeof(double), rows, file) != (size_t)rows) exit(2);
  fclose(file);
  return values;
}

static void store(const char *name, const void *values, size_t size, size_t count) {
  FILE *file = opened(name, "wb");
  if (fwrite(values, size, count, file) != count) exit(2);
  fclose(file);
}

int main(int count, char **args) {
  if (count != 3) return 2;
  folder = args[1];
  const long n = atol(args[2]);
  double *o = column("o.f64", n), *h = column("h.f64", n), *l = column("l.f64", n), *c = column("c.f64", n);
  double *equity = malloc(sizeof(double) * n), *profits = malloc(sizeof(double) * (n / 2 + 1)), result[8] = {0};
  int *entries = malloc(sizeof(int) * (n / 2 + 1)), *exits = malloc(sizeof(int) * (n / 2 + 1));
  char line[16];
  while (fgets(line, sizeof line, stdin) != NULL) {
    struct timespec a, b;
    if (!strcmp(line, "write\n")) {
      store("entries.i32", entries, sizeof(int), (size_t)result[2]);
      store("exits.i32", exits, sizeof(int), (size_t)result[2]);
      store("profits.f64", profits, sizeof(double), (size_t)result[2]);
      printf("0\n");
      fflush(stdout);
      continue;
    }
    clock_gettime(CLOCK_MONOTONIC, &a);
    if (!strcmp(line, "sma\n")) sma_kernel(o, c, n, 10, 30, equity, entries, exits, profits, result);
    else rba_kernel(o, h, l, c, n, equity, entries, exits, profits, result);
    clock_gettime(CLOCK_MONOTONIC, &b);
    printf("%lld %.17g %.17g %.17g %.17g\n", (long long)(b.tv_sec - a.tv_sec) * 1000000000LL + (b.tv_nsec - a.tv_nsec), result[0], result[1], result[2], result[3]);
    fflush(stdout);
  }
  return 0;
}
