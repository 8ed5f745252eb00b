/* Machine: what this machine reaches with some number of threads, for `cganc profile` to compare kernels with. No part
 * of a model; built with the prelude, the vectors and the threads of one. */
#include <time.h>

/* Chains of multiply-adds that hide each other's latency, in no more registers than every machine has. */
enum { PEAK_CHAINS = 12, PEAK_TURNS = 4096, PEAK_TILES = 256 };
/* Reals in each of two arrays that no cache holds, and in a tile of them. */
enum { STREAM_REALS = 1 << 24, STREAM_GRAIN = 1 << 15 };

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* Multiply-adds that never leave the registers; their sum is kept, so that no compiler drops them. */
static void peak_task(const void *context, int64_t first, int64_t last, void *scratch)
{
    real *const kept = *(real *const *)context;
    const vector factor = VECTOR_OF(REAL(0.999)), term = VECTOR_OF(REAL(0.001));
    (void)scratch;
    for (int64_t tile = first; tile < last; tile++) {
        vector chains[PEAK_CHAINS];
        CGANC_UNROLL
        for (int i = 0; i < PEAK_CHAINS; i++)
            chains[i] = VECTOR_OF((real)i);
        for (int turn = 0; turn < PEAK_TURNS; turn++) {
            CGANC_UNROLL
            for (int i = 0; i < PEAK_CHAINS; i++) {
                vector next = term;
                MULTIPLY_ADD(next, chains[i], factor);
                chains[i] = next;
            }
        }
        for (int i = 0; i < PEAK_CHAINS; i++)
            kept[tile] += chains[i][0];
    }
}

/* y = y + x / 2, in memory. */
static void stream_task(const void *context, int64_t first, int64_t last, void *scratch)
{
    real *const *arrays = context;
    const real *CGANC_RESTRICT x = arrays[0];
    real *CGANC_RESTRICT y = arrays[1];
    (void)scratch;
    for (int64_t i = first; i < last; i++)
        y[i] += REAL(0.5) * x[i];
}

/* The most that `task` does in a second, where one run does `amount`: the best run of `seconds`. */
static double best_rate(struct pool *pool, pool_task task, const void *context, int64_t count, int64_t grain,
                        double amount, double seconds)
{
    double best = 0;
    const double end = now() + seconds;
    for (double begin = now(); begin < end;) {
        pool_run(pool, task, context, count, grain);
        const double finish = now();
        best = amount / (finish - begin) > best ? amount / (finish - begin) : best;
        begin = finish;
    }
    return best;
}

/* Floating-point operations and bytes that `threads` threads do in a second, measured for `seconds` each. Returns 0, or
 * the number of the error that forbids it. */
int machine_limits(int threads, double seconds, double *operations, double *bytes)
{
    struct pool *pool = aligned_alloc(64, (sizeof *pool + 63) / 64 * 64);
    real *const memory = aligned_alloc(64, 2 * STREAM_REALS * sizeof(real));
    const int error = pool && memory ? pool_start(pool, threads) : ENOMEM;
    if (!error) {
        memset(memory, 0, 2 * STREAM_REALS * sizeof(real));
        real *const arrays[2] = {memory, memory + STREAM_REALS};
        *bytes = best_rate(pool, stream_task, arrays, STREAM_REALS, STREAM_GRAIN, 3.0 * STREAM_REALS * sizeof(real),
                           seconds);
        *operations = best_rate(pool, peak_task, arrays, PEAK_TILES, 1,
                                2.0 * LANES * PEAK_CHAINS * PEAK_TURNS * PEAK_TILES, seconds);
        pool_stop(pool);
    }
    free(memory);
    free(pool);
    return error;
}
