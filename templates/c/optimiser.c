/* Optimisers. The parameters of one network lie in one range, and so do their gradients and moments; an update is one
 * pass over these, element by element. */

/* Parts that a range is looked through in. */
#define FINITE_BLOCKS 256

/* What every optimiser does to a gradient before, and to a parameter after its update. */
struct update_limits {
    double gradient_scale; /* multiplies the gradient: 1, or what brings its norm down to the limit */
    double parameter_limit; /* parameters are confined to +- this; INFINITY for none */
};

/* All that an update needs, in the number type it works in. */
struct update_context {
    /* Updates elements [first, last), at most UPDATE_BLOCK, and adds the squares of gradients, of the weights as they
     * are then, and of their changes to `sums`. */
    void (*run)(const struct update_context *context, int64_t first, int64_t last, double sums[SQUARES_KINDS]);
    const struct tensor_watch *watch;
    const real *gradient;
    real *parameter, *first, *second;
    real rate, beta1, beta2, rest1, rest2, second_scale, epsilon, keep, gradient_scale, limit;
    int nesterov;
};

static inline real update_confine(real x, real limit)
{
    return real_max(real_min(x, limit), -limit);
}

/* An update reads and writes more streams than a machine foresees: it calls a stretch of each into the cache so many
 * elements ahead. */
#define UPDATE_AHEAD 768

CGANC_INLINE void update_fetch(const struct update_context *t, int64_t first)
{
    const real *const streams[] = {t->gradient, t->parameter, t->first, t->second};
    CGANC_UNROLL
    for (int k = 0; k < 4; k++)
        for (uintptr_t line = 0; streams[k] && line < SQUARE_LANES * sizeof(real); line += CGANC_ALIGNMENT)
            __builtin_prefetch((const void *)((uintptr_t)streams[k] + (uintptr_t)first * sizeof(real) + line), 1, 3);
}

/* An optimiser's rule: updates element i, and returns by how much it has changed. It asks for no array that may be
 * missing: a masked read there costs hundreds of cycles. */
typedef real update_rule(const struct update_context *t, int64_t i);

/* Updates `count` elements from `first` on, at most SQUARE_LANES, and adds their squares to the lanes. */
CGANC_INLINE void update_lanes(update_rule *rule, const struct update_context *t, int64_t first, int64_t count,
                               real *change, real lanes[SQUARES_KINDS][SQUARE_LANES])
{
    CGANC_INDEPENDENT
    for (int64_t j = 0; j < count; j++) {
        const real by = rule(t, first + j), g = t->gradient[first + j], weight = t->parameter[first + j];
        if (!CGANC_NORMS)
            continue;
        change[j] = by;
        lanes[SQUARES_OF_GRADIENT][j] = real_multiply_add(lanes[SQUARES_OF_GRADIENT][j], g, g);
        lanes[SQUARES_OF_WEIGHT][j] = real_multiply_add(lanes[SQUARES_OF_WEIGHT][j], weight, weight);
        lanes[SQUARES_OF_CHANGE][j] = real_multiply_add(lanes[SQUARES_OF_CHANGE][j], by, by);
    }
}

/* An update_context's `run`, by a rule. */
CGANC_INLINE void update_by(update_rule *rule, const struct update_context *context, int64_t first, int64_t last,
                            double sums[SQUARES_KINDS])
{
    const struct update_context t = *context;
    real change[UPDATE_BLOCK], lanes[SQUARES_KINDS][SQUARE_LANES] = {0};
    int64_t i = first;
    for (; i + SQUARE_LANES <= last; i += SQUARE_LANES) {
        update_fetch(&t, i + UPDATE_AHEAD);
        update_lanes(rule, &t, i, SQUARE_LANES, change + (i - first), lanes);
    }
    update_lanes(rule, &t, i, last - i, change + (i - first), lanes);
    const real *const all[SQUARES_KINDS] = {t.gradient + first, t.parameter + first, change};
    for (int kind = 0; CGANC_NORMS && kind < SQUARES_KINDS; kind++)
        sums[kind] += join_lanes(lanes[kind], all[kind], last - first);
}

/* Updates elements [first, last), block by block, and adds their squares to `sums`. */
static void update_range(const struct update_context *t, int64_t first, int64_t last, double sums[SQUARES_KINDS])
{
    for (; first < last; first += UPDATE_BLOCK)
        t->run(t, first, integer_min(last, first + UPDATE_BLOCK), sums);
}

static void update_tile(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct update_context *t = context;
    const struct tensor_watch *watch = t->watch;
    (void)scratch;
    for (int64_t start = first, k = tensor_at(watch, first), end; start < last; start = end, k++) {
        double sums[SQUARES_KINDS] = {0};
        end = integer_min(last, watch->starts[k + 1]);
        if (!is_left(watch, k))
            update_range(t, start, end, sums);
        watch->partial[first / UPDATE_GRAIN + k][SQUARES_OF_WEIGHT] = sums[SQUARES_OF_WEIGHT];
        watch->partial[first / UPDATE_GRAIN + k][SQUARES_OF_CHANGE] = sums[SQUARES_OF_CHANGE];
    }
}

/* Updates the tensors of a network by `context->run`, but for those whose gradients were left, and takes the squares
 * of their weights, as they are then, and of their changes. */
CGANC_UNUSED static void update_watched(struct pool *pool, const struct update_context *context)
{
    const struct tensor_watch *watch = context->watch;
    pool_run(pool, update_tile, context, watch->starts[watch->tensors], UPDATE_GRAIN);
    join_squares(watch, SQUARES_OF_WEIGHT);
    join_squares(watch, SQUARES_OF_CHANGE);
}

static void average_tile(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct update_context t = *(const struct update_context *)context;
    const real *CGANC_RESTRICT p = t.gradient;
    real *CGANC_RESTRICT average = t.parameter;
    (void)scratch;
    for (int64_t i = first; i < last; i++)
        average[i] = t.beta1 * average[i] + t.rest1 * p[i];
}

/* The weight of the past at update t (from 1): at most (1 + t) / (10 + t), so that an average does not remember the
 * initial values for long. */
CGANC_UNUSED static double average_decay(double decay, uint64_t t)
{
    const double warm = (1 + (double)t) / (10 + (double)t);
    return warm < decay ? warm : decay;
}

/* The exponential moving average: a = decay a + (1 - decay) p. */
CGANC_UNUSED static void average_update(struct pool *pool, double decay, int64_t count, const real *parameter,
                                        real *average)
{
    const struct update_context context = {
        .gradient = parameter, .parameter = average, .beta1 = (real)decay, .rest1 = (real)(1 - decay)};
    pool_run(pool, average_tile, &context, count, UPDATE_GRAIN);
}

struct finite_context {
    const real *values;
    int64_t count;
    int *odd; /* for each block, whether it has a value that is not finite */
};

static void all_finite_tile(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct finite_context *t = context;
    (void)scratch;
    for (int64_t block = first; block < last; block++) {
        int odd = 0;
        for (int64_t i = t->count * block / FINITE_BLOCKS; i < t->count * (block + 1) / FINITE_BLOCKS; i++)
            odd |= !(real_fabs(t->values[i]) < (real)INFINITY);
        t->odd[block] = odd;
    }
}

/* Whether no value is infinite or not a number. */
CGANC_UNUSED static int all_finite(struct pool *pool, const real *values, int64_t count)
{
    int odd[FINITE_BLOCKS];
    const struct finite_context context = {values, count, odd};
    pool_run(pool, all_finite_tile, &context, FINITE_BLOCKS,
             count < UPDATE_GRAIN ? FINITE_BLOCKS : FINITE_BLOCKS / 64);
    int any = 0;
    for (int block = 0; block < FINITE_BLOCKS; block++)
        any |= odd[block];
    return !any;
}
