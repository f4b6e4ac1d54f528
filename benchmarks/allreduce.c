// Gigabytes of float32 that MPI_Allreduce reduces in a second: mpirun -np 2 ./allreduce BYTES REPETITIONS in-place|separate
// Rank 0 prints the median. For allreduce_side_by_side.py, which builds it with mpicc.
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WARM_UPS = 2 };

static int compare(const void *x, const void *y) {
  double a = *(const double *)x, b = *(const double *)y;
  return (a > b) - (a < b);
}

int main(int argc, char **argv) {
  int provided, rank, size;
  MPI_Init_thread(&argc, &argv, MPI_THREAD_MULTIPLE, &provided);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  if (argc != 4) {
    fprintf(stderr, "usage: %s BYTES REPETITIONS in-place|separate\n", argv[0]);
    MPI_Abort(MPI_COMM_WORLD, 2);
  }
  long bytes = atol(argv[1]), count = bytes / sizeof(float);
  int repetitions = atoi(argv[2]), is_in_place = strcmp(argv[3], "in-place") == 0;
  float *values = malloc(bytes), *sum = malloc(bytes), *result = is_in_place ? values : sum;
  double *seconds = malloc(repetitions * sizeof(double));
  for (long i = 0; i < count; i++)
    sum[i] = 0;
  for (int k = -WARM_UPS; k < repetitions; k++) {
    for (long i = 0; i < count; i++)
      values[i] = 1;
    MPI_Barrier(MPI_COMM_WORLD);
    double began = MPI_Wtime();
    MPI_Allreduce(is_in_place ? MPI_IN_PLACE : values, result, count, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
    if (k >= 0)
      seconds[k] = MPI_Wtime() - began;
    if (result[0] != size || result[count - 1] != size) {
      fprintf(stderr, "The sum of %d ones is %g at the beginning and %g at the end.\n", size, result[0], result[count - 1]);
      MPI_Abort(MPI_COMM_WORLD, 1);
    }
  }
  qsort(seconds, repetitions, sizeof(double), compare);
  if (rank == 0)
    printf("%.3f\n", bytes / seconds[repetitions / 2] / 1e9);
  MPI_Finalize();
  return 0;
}
