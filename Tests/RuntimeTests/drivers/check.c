/* What every driver uses: numbers to work on, comparisons that say what differed, and the count of failures that
 * main returns. The driver's text follows the runtime's and this. */
static int failures;

#define CHECK(condition, ...)                                                                                          \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            failures++;                                                                                                \
            printf("%s:%d: %s: ", __FILE__, __LINE__, #condition);                                                     \
            printf(__VA_ARGS__);                                                                                       \
            printf("\n");                                                                                              \
        }                                                                                                              \
    } while (0)

/* Relative to the sum of the magnitudes that went in. */
#ifdef CGANC_DOUBLE
#define TOLERANCE 1e-12
#else
#define TOLERANCE 2e-6
#endif

CGANC_UNUSED static real *allocate(int64_t count)
{
    const size_t bytes = ((size_t)count * sizeof(real) + 63) / 64 * 64;
    real *values = aligned_alloc(64, bytes ? bytes : 64);
    if (!values)
        exit(2);
    for (int64_t i = 0; i < count; i++)
        values[i] = NAN; /* so that whatever a kernel leaves unwritten is found */
    return values;
}

CGANC_UNUSED static real *drawn(int64_t count, uint64_t seed)
{
    real *values = allocate(count);
    random_uniform(values, 0, count, seed, 0, 0, -1, 1);
    return values;
}

CGANC_UNUSED static double difference(const real *x, const real *y, int64_t count)
{
    double worst = 0;
    for (int64_t i = 0; i < count; i++) {
        const double distance = fabs((double)x[i] - (double)y[i]);
        if (!(distance <= worst))
            worst = distance;
    }
    return worst;
}

CGANC_UNUSED static double inner(const real *x, const real *y, int64_t count)
{
    double sum = 0;
    for (int64_t i = 0; i < count; i++)
        sum += (double)x[i] * (double)y[i];
    return sum;
}

/* The pools whose results must agree bit for bit. */
#define POOLS 4
CGANC_UNUSED static const int pool_sizes[POOLS] = {1, 2, 3, 7};
CGANC_UNUSED static struct pool pools[POOLS];

CGANC_UNUSED static void start_pools(size_t scratch_bytes)
{
    scratch_bytes = (scratch_bytes + 63) / 64 * 64;
    for (int i = 0; i < POOLS; i++) {
        if (pool_start(&pools[i], pool_sizes[i]) != 0)
            exit(2);
        void *scratch = scratch_bytes ? aligned_alloc(64, scratch_bytes * (size_t)pool_sizes[i]) : NULL;
        pool_scratch(&pools[i], scratch, scratch_bytes);
    }
}

CGANC_UNUSED static void stop_pools(void)
{
    for (int i = 0; i < POOLS; i++) {
        pool_stop(&pools[i]);
        free(pools[i].scratch);
    }
}

CGANC_UNUSED static int finish(void)
{
    printf(failures ? "%d failed\n" : "%d failed: all as expected\n", failures);
    return failures != 0;
}
