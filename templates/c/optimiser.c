/* Optimisers. The parameters of one network lie in one range, and so do their gradients and moments; an update is one
 * pass over these, element by element. */

/* Elements that one tile updates. */
#define UPDATE_GRAIN 8192
/* Parts that a range is summed in, whatever the number of threads. */
#define SUM_BLOCKS 256
/* Sums that run side by side within a part. */
#define SUM_LANES 16

/* What every optimiser does to a gradient before, and to a parameter after its update. */
struct update_limits {
    double gradient_scale; /* multiplies the gradient: 1, or what brings its norm down to the limit */
    double parameter_limit; /* parameters are confined to +- this; INFINITY for none */
};

/* Adam (Kingma and Ba 2015, algorithm 1), with decoupled weight decay (Loshchilov and Hutter 2019) if that is not 0. */
struct adam {
    double rate, beta1, beta2, epsilon, weight_decay;
};

/* RMSProp (Tieleman and Hinton 2012). */
struct rmsprop {
    double rate, decay, epsilon;
};

/* Stochastic gradient descent with momentum, by Nesterov's rule if asked (Sutskever 2013). */
struct sgd {
    double rate, momentum;
    int nesterov;
};

/* All that an update needs, in the number type it works in. */
struct update_context {
    const real *gradient;
    real *parameter, *first, *second;
    real rate, beta1, beta2, rest1, rest2, second_scale, epsilon, keep, gradient_scale, limit;
    int nesterov;
};

static inline real update_confine(real x, real limit)
{
    return real_max(real_min(x, limit), -limit);
}

static void adam_tile(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct update_context t = *(const struct update_context *)context;
    const real *CGANC_RESTRICT gradient = t.gradient;
    real *CGANC_RESTRICT p = t.parameter, *CGANC_RESTRICT m = t.first, *CGANC_RESTRICT v = t.second;
    (void)scratch;
    for (int64_t i = first; i < last; i++) {
        const real g = t.gradient_scale * gradient[i];
        const real mean = t.beta1 * m[i] + t.rest1 * g;
        const real square = t.beta2 * v[i] + t.rest2 * (g * g);
        const real step = t.rate * mean / (real_sqrt(square * t.second_scale) + t.epsilon);
        m[i] = mean;
        v[i] = square;
        p[i] = update_confine(t.keep * p[i] - step, t.limit);
    }
}

/* m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2,
 * p = (1 - rate weight_decay) p - rate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon); t counts from 1. */
CGANC_UNUSED static void adam_update(struct pool *pool, const struct adam *adam, const struct update_limits *limits,
                                     uint64_t t, int64_t count, const real *gradient, real *parameter, real *m,
                                     real *v)
{
    const double correction1 = 1 - pow(adam->beta1, (double)t), correction2 = 1 - pow(adam->beta2, (double)t);
    const struct update_context context = {
        .gradient = gradient,
        .parameter = parameter,
        .first = m,
        .second = v,
        .rate = (real)(adam->rate / correction1),
        .beta1 = (real)adam->beta1,
        .beta2 = (real)adam->beta2,
        .rest1 = (real)(1 - adam->beta1),
        .rest2 = (real)(1 - adam->beta2),
        .second_scale = (real)(1 / correction2),
        .epsilon = (real)adam->epsilon,
        .keep = (real)(1 - adam->rate * adam->weight_decay),
        .gradient_scale = (real)limits->gradient_scale,
        .limit = (real)limits->parameter_limit,
    };
    pool_run(pool, adam_tile, &context, count, UPDATE_GRAIN);
}

static void rmsprop_tile(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct update_context t = *(const struct update_context *)context;
    const real *CGANC_RESTRICT gradient = t.gradient;
    real *CGANC_RESTRICT p = t.parameter, *CGANC_RESTRICT v = t.second;
    (void)scratch;
    for (int64_t i = first; i < last; i++) {
        const real g = t.gradient_scale * gradient[i];
        const real square = t.beta2 * v[i] + t.rest2 * (g * g);
        v[i] = square;
        p[i] = update_confine(p[i] - t.rate * g / (real_sqrt(square) + t.epsilon), t.limit);
    }
}

/* v = decay v + (1 - decay) g^2, p = p - rate g / (sqrt(v) + epsilon). */
CGANC_UNUSED static void rmsprop_update(struct pool *pool, const struct rmsprop *rmsprop,
                                        const struct update_limits *limits, int64_t count, const real *gradient,
                                        real *parameter, real *v)
{
    const struct update_context context = {
        .gradient = gradient,
        .parameter = parameter,
        .second = v,
        .rate = (real)rmsprop->rate,
        .beta2 = (real)rmsprop->decay,
        .rest2 = (real)(1 - rmsprop->decay),
        .epsilon = (real)rmsprop->epsilon,
        .gradient_scale = (real)limits->gradient_scale,
        .limit = (real)limits->parameter_limit,
    };
    pool_run(pool, rmsprop_tile, &context, count, UPDATE_GRAIN);
}

static void sgd_tile(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct update_context t = *(const struct update_context *)context;
    const real *CGANC_RESTRICT gradient = t.gradient;
    real *CGANC_RESTRICT p = t.parameter, *CGANC_RESTRICT velocity = t.first;
    (void)scratch;
    if (!velocity) {
        for (int64_t i = first; i < last; i++)
            p[i] = update_confine(p[i] - t.rate * (t.gradient_scale * gradient[i]), t.limit);
        return;
    }
    for (int64_t i = first; i < last; i++) {
        const real g = t.gradient_scale * gradient[i];
        const real u = t.beta1 * velocity[i] + g;
        const real step = t.nesterov ? g + t.beta1 * u : u;
        velocity[i] = u;
        p[i] = update_confine(p[i] - t.rate * step, t.limit);
    }
}

/* u = momentum u + g, p = p - rate u, or p - rate (g + momentum u) by Nesterov's rule. `velocity` may be null, for no
 * momentum. */
CGANC_UNUSED static void sgd_update(struct pool *pool, const struct sgd *sgd, const struct update_limits *limits,
                                    int64_t count, const real *gradient, real *parameter, real *velocity)
{
    const struct update_context context = {
        .gradient = gradient,
        .parameter = parameter,
        .first = velocity,
        .rate = (real)sgd->rate,
        .beta1 = (real)sgd->momentum,
        .gradient_scale = (real)limits->gradient_scale,
        .limit = (real)limits->parameter_limit,
        .nesterov = sgd->nesterov,
    };
    pool_run(pool, sgd_tile, &context, count, UPDATE_GRAIN);
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

struct sum_context {
    const real *values;
    int64_t count;
    double *sums; /* one for each block */
    int *odd;     /* whether a block has a value that is not finite */
};

static void sum_of_squares_tile(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct sum_context *t = context;
    (void)scratch;
    for (int64_t block = first; block < last; block++) {
        const int64_t end = t->count * (block + 1) / SUM_BLOCKS;
        int64_t i = t->count * block / SUM_BLOCKS;
        double lanes[SUM_LANES] = {0};
        for (; i + SUM_LANES <= end; i += SUM_LANES)
            for (int lane = 0; lane < SUM_LANES; lane++)
                lanes[lane] += (double)t->values[i + lane] * (double)t->values[i + lane];
        for (int lane = 0; i < end; i++, lane++)
            lanes[lane] += (double)t->values[i] * (double)t->values[i];
        for (int width = SUM_LANES / 2; width > 0; width /= 2)
            for (int lane = 0; lane < width; lane++)
                lanes[lane] += lanes[lane + width];
        t->sums[block] = lanes[0];
    }
}

/* The sum of the squares, in double: SUM_BLOCKS parts, each of SUM_LANES interleaved sums, added up pairwise. float
 * values cannot overflow it, so it is finite exactly when all of them are. */
CGANC_UNUSED static double sum_of_squares(struct pool *pool, const real *values, int64_t count)
{
    double sums[SUM_BLOCKS];
    const struct sum_context context = {values, count, sums, NULL};
    pool_run(pool, sum_of_squares_tile, &context, SUM_BLOCKS, count < UPDATE_GRAIN ? SUM_BLOCKS : SUM_BLOCKS / 64);
    for (int width = SUM_BLOCKS / 2; width > 0; width /= 2)
        for (int block = 0; block < width; block++)
            sums[block] += sums[block + width];
    return sums[0];
}

static void all_finite_tile(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct sum_context *t = context;
    (void)scratch;
    for (int64_t block = first; block < last; block++) {
        int odd = 0;
        for (int64_t i = t->count * block / SUM_BLOCKS; i < t->count * (block + 1) / SUM_BLOCKS; i++)
            odd |= !(real_fabs(t->values[i]) < (real)INFINITY);
        t->odd[block] = odd;
    }
}

/* Whether no value is infinite or not a number. */
CGANC_UNUSED static int all_finite(struct pool *pool, const real *values, int64_t count)
{
    int odd[SUM_BLOCKS];
    const struct sum_context context = {values, count, NULL, odd};
    pool_run(pool, all_finite_tile, &context, SUM_BLOCKS, count < UPDATE_GRAIN ? SUM_BLOCKS : SUM_BLOCKS / 64);
    int any = 0;
    for (int block = 0; block < SUM_BLOCKS; block++)
        any |= odd[block];
    return !any;
}
