/* The pool: every element done exactly once whatever the count, the grain and the number of threads; scratch that
 * belongs to one thread at a time; workers that wake after they have slept; start and stop again and again. RUNS is
 * lower under the thread sanitiser. */
#ifndef RUNS
#define RUNS 100000
#endif

#define LARGEST 400
static int done[LARGEST];

struct work {
    int64_t count, grain;
    int addend;
};

static void add_tile(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct work *work = context;
    int *mine = scratch; /* not atomic: two threads with one scratch would be a race */
    mine[0] = work->addend;
    CHECK(first % work->grain == 0 && last == integer_min(first + work->grain, work->count), "tile [%ld, %ld)",
          (long)first, (long)last);
    for (int64_t i = first; i < last; i++)
        done[i] += mine[0];
}

static void check_runs(int threads, int runs)
{
    struct pool pool;
    const int error = pool_start(&pool, threads);
    CHECK(error == 0, "%d threads: error %d", threads, error);
    if (error)
        return;
    void *scratch = calloc((size_t)threads, 64);
    pool_scratch(&pool, scratch, 64);
    uint32_t state = 1;
    for (int run = 0; run < runs; run++) {
        state = state * 1664525u + 1013904223u;
        const struct work work = {(state >> 8) % (LARGEST + 1), 1 + (state >> 20) % 40, run % 7 + 1};
        memset(done, 0, sizeof done);
        pool_run(&pool, add_tile, &work, work.count, work.grain);
        int wrong = 0;
        for (int64_t i = 0; i < LARGEST; i++)
            wrong += done[i] != (i < work.count ? work.addend : 0);
        CHECK(wrong == 0, "%d threads, run %d: %d of %ld elements", threads, run, wrong, (long)work.count);
        if (run % (runs / 10) == 0)
            usleep(2000); /* long enough for the workers to sleep */
    }
    pool_stop(&pool);
    free(scratch);
}

int main(void)
{
    struct pool refused;
    CHECK(pool_start(&refused, 0) == EINVAL && pool_start(&refused, POOL_MAXIMUM + 1) == EINVAL, "taken");
    check_runs(1, RUNS / 10);
    check_runs(2, RUNS);
    check_runs(3, RUNS / 10);
    check_runs(8, RUNS / 10);
    check_runs(POOL_MAXIMUM, RUNS / 100);
    for (int i = 0; i < 50; i++)
        check_runs(1 + i % 5, 10);
    return finish();
}
