/* TA-Lib's C core over raw columns: reads "NAME" lines, runs that function once and answers the nanoseconds; "last NAME" answers the last values. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "ta_libc.h"

static double *column(const char *folder, const char *name, int rows) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%s.f64", folder, name);
  double *values = malloc(sizeof(double) * rows);
  FILE *file = fopen(path, "rb");
  if (file == NULL || fread(values, sizeof(double), rows, file) != (size_t)rows) exit(2);
  fclose(file);
  return values;
}

int main(int count, char **args) {
  if (count != 3) return 2;
  int n = atoi(args[2]), from, length;
  double *h = column(args[1], "high", n), *l = column(args[1], "low", n), *c = column(args[1], "close", n), *v = column(args[1], "volume", n);
  double *x = calloc(n, 8), *y = calloc(n, 8), *z = calloc(n, 8);
  TA_Initialize();
  char line[64];
  while (fgets(line, sizeof line, stdin) != NULL) {
    line[strcspn(line, "\n")] = 0;
    struct timespec a, b;
    int outputs = 1;
    TA_RetCode code = TA_BAD_PARAM;
    clock_gettime(CLOCK_MONOTONIC, &a);
    if (!strcmp(line, "sma")) code = TA_SMA(0, n - 1, c, 20, &from, &length, x);
    else if (!strcmp(line, "ema")) code = TA_EMA(0, n - 1, c, 20, &from, &length, x);
    else if (!strcmp(line, "rsi")) code = TA_RSI(0, n - 1, c, 14, &from, &length, x);
    else if (!strcmp(line, "macd")) code = TA_MACD(0, n - 1, c, 12, 26, 9, &from, &length, x, y, z), outputs = 3;
    else if (!strcmp(line, "bbands")) code = TA_BBANDS(0, n - 1, c, 20, 2, 2, TA_MAType_SMA, &from, &length, x, y, z), outputs = 3;
    else if (!strcmp(line, "atr")) code = TA_ATR(0, n - 1, h, l, c, 14, &from, &length, x);
    else if (!strcmp(line, "adx")) code = TA_ADX(0, n - 1, h, l, c, 14, &from, &length, x);
    else if (!strcmp(line, "stoch")) code = TA_STOCH(0, n - 1, h, l, c, 14, 3, TA_MAType_SMA, 3, TA_MAType_SMA, &from, &length, x, y), outputs = 2;
    else if (!strcmp(line, "obv")) code = TA_OBV(0, n - 1, c, v, &from, &length, x);
    clock_gettime(CLOCK_MONOTONIC, &b);
    if (code != TA_SUCCESS) return 3;
    printf("%lld", (long long)(b.tv_sec - a.tv_sec) * 1000000000LL + (b.tv_nsec - a.tv_nsec));
    double *out[3] = {x, y, z};
    for (int k = 0; k < outputs; k++) printf(" %.17g", out[k][length - 1]);
    printf("\n");
    fflush(stdout);
  }
  TA_Shutdown();
  return 0;
}
