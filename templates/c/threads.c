/* Threads: a persistent pool for work of known extent. The range [0, count) is cut into tiles of `grain`, whatever the
 * number of threads; what a tile computes, and in which order, is the same for 1 and for 64 threads. Each thread is
 * given a contiguous run of tiles, the same run every time, and one that has finished takes tiles from the others, so
 * that a thread which the system holds back delays a run by one tile at most. Starting a run costs about a
 * microsecond: waiting workers spin for some tens of microseconds before they sleep. */
#define POOL_MAXIMUM 64

/* Does elements [first, last) of the work that `context` describes. `scratch` belongs to this thread alone. */
typedef void (*pool_task)(const void *context, int64_t first, int64_t last, void *scratch);

/* The tiles of one thread that nobody has taken: the next one in the high half, their end in the low half. Alone on
 * its cache line. */
struct pool_range {
    atomic_ullong tiles;
    char padding[64 - sizeof(atomic_ullong)];
};

struct pool {
    /* The work at hand. The caller writes it before it fills the ranges; whoever has taken a tile may read it, since
     * the run lasts until that tile is done. */
    pool_task task;
    const void *context;
    int64_t count, grain;
    /* Set once. */
    int threads;
    int spins; /* how often a waiting thread looks before it sleeps */
    char *scratch;
    size_t scratch_bytes; /* of each thread */
    pthread_t workers[POOL_MAXIMUM];
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    atomic_int started; /* numbers handed out to workers */
    atomic_int stopping;
    struct pool_range ranges[POOL_MAXIMUM];
    char padding0[64];
    atomic_llong remaining; /* tiles of the run that are not done */
    char padding1[64];
    atomic_uint generation; /* one more for each run */
    atomic_int sleepers;    /* workers that must be woken */
    char padding2[64];
};

static inline void pool_pause(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ __volatile__("yield");
#endif
}

/* Takes the next tile of a range, or returns -1. */
static inline int64_t pool_take(struct pool_range *range)
{
    unsigned long long tiles = atomic_load_explicit(&range->tiles, memory_order_relaxed);
    while (tiles >> 32 < (tiles & UINT32_MAX)) {
        if (atomic_compare_exchange_weak_explicit(&range->tiles, &tiles, tiles + (1ULL << 32), memory_order_acquire,
                                                  memory_order_relaxed))
            return (int64_t)(tiles >> 32);
    }
    return -1;
}

/* Does the tiles of thread `index`, then those that the other threads have not come to. */
static void pool_share(struct pool *pool, int threads, int index)
{
    for (int other = 0; other < threads; other++) {
        struct pool_range *range = &pool->ranges[(index + other) % threads];
        for (int64_t tile = pool_take(range); tile >= 0; tile = pool_take(range)) {
            const int64_t first = tile * pool->grain;
            void *scratch = pool->scratch ? pool->scratch + (size_t)index * pool->scratch_bytes : NULL;
            pool->task(pool->context, first, integer_min(first + pool->grain, pool->count), scratch);
            atomic_fetch_sub_explicit(&pool->remaining, 1, memory_order_release);
        }
    }
}

/* Returns when `generation` is no longer `seen`: spins, then sleeps. The caller advances `generation` and then reads
 * `sleepers`, a worker raises `sleepers` and then reads `generation`; both are sequentially consistent, so one of the
 * two sees the other and no wake-up is lost. */
static void pool_await(struct pool *pool, unsigned seen)
{
    for (int spin = 0; spin < pool->spins; spin++) {
        if (atomic_load_explicit(&pool->generation, memory_order_acquire) != seen)
            return;
        pool_pause();
    }
    pthread_mutex_lock(&pool->mutex);
    atomic_fetch_add(&pool->sleepers, 1);
    while (atomic_load(&pool->generation) == seen)
        pthread_cond_wait(&pool->wake, &pool->mutex);
    atomic_fetch_sub(&pool->sleepers, 1);
    pthread_mutex_unlock(&pool->mutex);
}

static void *pool_worker(void *argument)
{
    struct pool *pool = argument;
    const int index = 1 + atomic_fetch_add(&pool->started, 1);
    for (;;) {
        const unsigned seen = atomic_load_explicit(&pool->generation, memory_order_acquire);
        if (atomic_load(&pool->stopping))
            return NULL;
        if (seen != 0)
            pool_share(pool, pool->threads, index);
        pool_await(pool, seen);
    }
}

/* Tells the workers that there is something to see, and wakes those that sleep. */
static void pool_announce(struct pool *pool)
{
    atomic_fetch_add(&pool->generation, 1);
    if (atomic_load(&pool->sleepers) > 0) {
        pthread_mutex_lock(&pool->mutex);
        pthread_cond_broadcast(&pool->wake);
        pthread_mutex_unlock(&pool->mutex);
    }
}

/* Covers [0, count) with calls of `task`, one for each tile of `grain`, and returns when all are done. The calling
 * thread works too; one tile, or a pool of one thread, runs without waking anybody. At most 2^32 - 1 tiles. */
CGANC_APART static void pool_run(struct pool *pool, pool_task task, const void *context, int64_t count, int64_t grain)
{
    if (count <= grain || pool->threads == 1) {
        for (int64_t first = 0; first < count; first += grain)
            task(context, first, integer_min(first + grain, count), pool->scratch);
        return;
    }
    pool->task = task;
    pool->context = context;
    pool->count = count;
    pool->grain = grain;
    const int64_t tiles = integer_ceiling(count, grain);
    atomic_store_explicit(&pool->remaining, tiles, memory_order_relaxed);
    for (int index = 0; index < pool->threads; index++) {
        const uint64_t begin = (uint64_t)(tiles * index / pool->threads);
        const uint64_t end = (uint64_t)(tiles * (index + 1) / pool->threads);
        atomic_store_explicit(&pool->ranges[index].tiles, begin << 32 | end, memory_order_release);
    }
    pool_announce(pool);
    pool_share(pool, pool->threads, 0);
    for (int spin = 0; atomic_load_explicit(&pool->remaining, memory_order_acquire) != 0; spin++) {
        if (spin < pool->spins)
            pool_pause();
        else
            sched_yield();
    }
}

/* Gives each thread its own `bytes_per_thread` from `base` on. Call it between runs. */
CGANC_UNUSED static void pool_scratch(struct pool *pool, void *base, size_t bytes_per_thread)
{
    pool->scratch = base;
    pool->scratch_bytes = bytes_per_thread;
}

/* Ends the workers. The pool can be started again. */
CGANC_UNUSED static void pool_stop(struct pool *pool)
{
    atomic_store(&pool->stopping, 1);
    pool_announce(pool);
    const int workers = pool->threads - 1;
    for (int worker = 0; worker < workers; worker++)
        pthread_join(pool->workers[worker], NULL);
    pthread_cond_destroy(&pool->wake);
    pthread_mutex_destroy(&pool->mutex);
    pool->threads = 1;
}

/* Starts `threads` - 1 workers (1 ... 64 threads). Returns 0, or the error number of what could not be had; then
 * nothing is left running. */
CGANC_UNUSED static int pool_start(struct pool *pool, int threads)
{
    if (threads < 1 || threads > POOL_MAXIMUM)
        return EINVAL;
    memset(pool, 0, sizeof *pool);
    pool->threads = 1;
    /* With more threads than processors, spinning only keeps the others from working. */
    pool->spins = threads > sysconf(_SC_NPROCESSORS_ONLN) ? 16 : 2000;
    int error = pthread_mutex_init(&pool->mutex, NULL);
    if (error)
        return error;
    error = pthread_cond_init(&pool->wake, NULL);
    if (error) {
        pthread_mutex_destroy(&pool->mutex);
        return error;
    }
    for (int worker = 0; worker < threads - 1; worker++) {
        error = pthread_create(&pool->workers[worker], NULL, pool_worker, pool);
        if (error) {
            pool_stop(pool);
            return error;
        }
        pool->threads = worker + 2; /* workers read it only after a run is announced */
    }
    return 0;
}
