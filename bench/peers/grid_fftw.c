/* The yardstick of `npm run bench -- grid`: one split-operator step of ψ on a periodic grid with FFTW,
   exp(−iKΔt) by a transform and back and exp(−iVΔt) in place, the half phases of consecutive steps merged. It prints
   milliseconds a step, the least of several rounds.
   gcc -O3 -march=native grid_fftw.c -lfftw3_threads -lfftw3 -lm -lpthread; ./a.out threads n [m [k]] */
#include <complex.h>
#include <fftw3.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return 1e3 * t.tv_sec + 1e-6 * t.tv_nsec;
}

static void multiply(double complex *restrict psi, const double complex *restrict factor, long size, int threads) {
#pragma omp parallel for num_threads(threads) if (threads > 1)
  for (long i = 0; i < size; i++) {
    const double a = creal(psi[i]), b = cimag(psi[i]), c = creal(factor[i]), d = cimag(factor[i]);
    psi[i] = (a * c - b * d) + I * (a * d + b * c);
  }
}

int main(int count, char **words) {
  const int threads = atoi(words[1]), rank = count - 2;
  int shape[3];
  long size = 1;
  for (int i = 0; i < rank; i++) size *= shape[i] = atoi(words[2 + i]);
  fftw_init_threads();
  fftw_plan_with_nthreads(threads);
  double complex *psi = fftw_alloc_complex(size), *potential = fftw_alloc_complex(size),
                 *kinetic = fftw_alloc_complex(size);
  fftw_plan forward = fftw_plan_dft(rank, shape, psi, psi, FFTW_FORWARD, FFTW_MEASURE);
  fftw_plan back = fftw_plan_dft(rank, shape, psi, psi, FFTW_BACKWARD, FFTW_MEASURE);
  for (long i = 0; i < size; i++) {
    psi[i] = exp(-1e-3 * (i % 1000)) / sqrt(size);
    potential[i] = cexp(-I * 1e-4 * (i % 997));
    kinetic[i] = cexp(-I * 1e-4 * (i % 991)) / size;
  }
  double best = INFINITY;
  const double begun = now();
  int steps = 1;
  while (now() - begun < 2000) {
    const double start = now();
    for (int i = 0; i < steps; i++) {
      fftw_execute(forward);
      multiply(psi, kinetic, size, threads);
      fftw_execute(back);
      multiply(psi, potential, size, threads);
    }
    const double time = (now() - start) / steps;
    if (time < best) best = time;
    if (time * steps < 50) steps *= 2;
  }
  printf("%.6f\n", best);
  return 0;
}
