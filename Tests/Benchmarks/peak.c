/* The rate at which this machine multiplies and adds: independent chains of fused multiply-adds that stay in registers.
 *
 *   peak THREADS SECONDS    prints GFLOP/s of all threads together, float32
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#if defined(__AVX512F__)
enum { WIDTH = 16 };
#elif defined(__AVX__)
enum { WIDTH = 8 };
#else
enum { WIDTH = 4 };
#endif
/* Chains at once: enough to hide the latency of an addition, few enough for sixteen registers. */
enum { CHAINS = 12, PASSES = 20000 };

typedef float vector __attribute__((vector_size(WIDTH * sizeof(float))));

static double limit;
static pthread_barrier_t together;

struct result {
    double operations;
    double seconds;
    float kept;
};

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

/* Runs the chains until the time is over; their sum is kept so that no compiler drops them. */
static void *work(void *argument)
{
    struct result *const result = argument;
    vector chain[CHAINS];
    for (int i = 0; i < CHAINS; i++)
        chain[i] = (vector){0} + (float)i;
    const vector factor = (vector){0} + 0.999f, term = (vector){0} + 0.001f;
    pthread_barrier_wait(&together);
    const double begin = now();
    do {
        for (int pass = 0; pass < PASSES; pass++) {
#pragma GCC unroll 12
            for (int i = 0; i < CHAINS; i++)
                chain[i] = chain[i] * factor + term;
        }
        result->operations += 2.0 * WIDTH * CHAINS * PASSES;
        result->seconds = now() - begin;
    } while (result->seconds < limit);
    for (int i = 0; i < CHAINS; i++)
        result->kept += chain[i][0];
    return NULL;
}

int main(int count, char **words)
{
    const int threads = count > 1 ? atoi(words[1]) : 1;
    limit = count > 2 ? atof(words[2]) : 0.5;
    if (threads < 1 || threads > 64 || limit <= 0) {
        fprintf(stderr, "usage: peak THREADS SECONDS\n");
        return 2;
    }
    pthread_t others[64];
    struct result results[64] = {0};
    pthread_barrier_init(&together, NULL, (unsigned)threads);
    for (int i = 1; i < threads; i++) {
        if (pthread_create(&others[i], NULL, work, &results[i]) != 0) {
            fprintf(stderr, "error: no thread\n");
            return 1;
        }
    }
    work(&results[0]);
    for (int i = 1; i < threads; i++)
        pthread_join(others[i], NULL);
    double rate = 0;
    for (int i = 0; i < threads; i++)
        rate += results[i].operations / results[i].seconds;
    printf("%.2f\n", rate / 1e9);
    return results[0].kept == 0;
}
