/* Optimisers against their papers' formulas in double, clipping and averages, the norms of gradients, weights and
 * changes, and the same bits from 1, 2, 3 and 7 threads. */
enum { COUNT = 70001 }; /* several tiles, and a part of one */

/* A near parameter of the same network must not change: values just past the range. */
static real *state(uint64_t seed)
{
    real *values = drawn(COUNT + 1, seed);
    values[COUNT] = 77;
    return values;
}

enum rule { ADAM, ADAM_DECAYED, ADAM_LIMITED, RMSPROP, SGD, MOMENTUM, NESTEROV, RULES };

/* Tensors that begin and end inside tiles, at borders of tiles, and span several. */
static const int64_t starts[] = {0, 16, 8000, 8192, 8208, 24576, 69999, COUNT};
enum { TENSORS = 7, PLACES = COUNT / UPDATE_GRAIN + 1 + TENSORS };
static double squares[TENSORS][SQUARES_KINDS], partial[PLACES][SQUARES_KINDS];
enum { FIRST = 4112 }; /* a network that is not the first one */
static real columns[(FIRST + COUNT) / SQUARES_STRETCH + 1];
static const struct tensor_watch watch = {starts, TENSORS, squares, partial, columns, FIRST, NULL};

static void update(struct pool *pool, enum rule rule, uint64_t t, const real *g, real *p, real *m, real *v)
{
    const struct update_limits none = {1, INFINITY}, limits = {0.5, 0.3};
    struct update_context context = {0};
    switch (rule) {
    case ADAM:
        context = adam_update(&(struct adam){2e-3, 0.5, 0.999, 1e-8, 0}, &none, &watch, t, g, p, m, v);
        break;
    case ADAM_DECAYED:
        context = adam_update(&(struct adam){2e-3, 0, 0.9, 1e-7, 0.1}, &none, &watch, t, g, p, t == 2 ? m : NULL, v);
        break;
    case ADAM_LIMITED:
        context = adam_update(&(struct adam){2e-3, 0.9, 0.99, 1e-8, 0}, &limits, &watch, t, g, p, m, v);
        break;
    case RMSPROP:
        context = rmsprop_update(&(struct rmsprop){5e-3, 0.9, 1e-8}, &limits, &watch, g, p, v);
        break;
    case SGD:
        context = sgd_update(&(struct sgd){0.1, 0, 0}, &none, &watch, g, p, NULL);
        break;
    case MOMENTUM:
        context = sgd_update(&(struct sgd){0.1, 0.9, 0}, &limits, &watch, g, p, m);
        break;
    case NESTEROV:
        context = sgd_update(&(struct sgd){0.1, 0.9, 1}, &none, &watch, g, p, m);
        break;
    default:
        break;
    }
    update_watched(pool, &context);
}

/* One element's parameter after `steps` updates with the gradient g t. */
static double expected(enum rule rule, int steps, double g0, double p, double m, double v)
{
    const double beta1[] = {0.5, 0, 0.9, 0, 0, 0.9, 0.9}, beta2[] = {0.999, 0.9, 0.99, 0.9};
    for (int t = 1; t <= steps; t++) {
        double g = g0 * t;
        if (rule == ADAM_LIMITED || rule == RMSPROP || rule == MOMENTUM)
            g *= 0.5;
        if (rule <= ADAM_LIMITED) {
            m = beta1[rule] * m + (1 - beta1[rule]) * g;
            v = beta2[rule] * v + (1 - beta2[rule]) * g * g;
            const double mean = m / (1 - pow(beta1[rule], t)), square = v / (1 - pow(beta2[rule], t));
            const double decay = rule == ADAM_DECAYED ? 0.1 * p : 0;
            p -= 2e-3 * (mean / (sqrt(square) + (rule == ADAM_DECAYED ? 1e-7 : 1e-8)) + decay);
        } else if (rule == RMSPROP) {
            v = 0.9 * v + 0.1 * g * g;
            p -= 5e-3 * g / (sqrt(v) + 1e-8);
        } else {
            m = beta1[rule] * m + g;
            p -= 0.1 * (rule == NESTEROV ? g + 0.9 * m : m);
        }
        if (rule == ADAM_LIMITED || rule == RMSPROP || rule == MOMENTUM)
            p = fmax(-0.3, fmin(0.3, p));
    }
    return p;
}

/* The sums of squares after the update that made `p` of `before` by `g`. */
static void check_squares(enum rule rule, const real *g, const real *before, const real *p)
{
    for (int k = 0; k < TENSORS; k++) {
        double sums[SQUARES_KINDS] = {0};
        for (int64_t i = starts[k]; i < starts[k + 1]; i++) {
            const double values[] = {g[i], p[i], (real)(p[i] - before[i])};
            for (int kind = 0; kind < SQUARES_KINDS; kind++)
                sums[kind] += values[kind] * values[kind];
        }
        for (int kind = 0; kind < SQUARES_KINDS; kind++)
            CHECK(fabs(squares[k][kind] - sums[kind]) <= TOLERANCE * sums[kind],
                  "rule %d tensor %d kind %d: %.17g, not %.17g", rule, k, kind, squares[k][kind], sums[kind]);
    }
}

static void check_rule(enum rule rule)
{
    double first_squares[TENSORS][SQUARES_KINDS];
    const int steps = 3;
    real *start = state(1), *slope = state(2), *reference = NULL;
    for (int pool = 0; pool < POOLS; pool++) {
        real *p = state(1), *m = state(3), *v = state(4), *g = allocate(COUNT), *before = allocate(COUNT);
        for (int i = 0; i < COUNT; i++) {
            m[i] = 0;
            v[i] = 0;
        }
        for (int t = 1; t <= steps; t++) {
            for (int i = 0; i < COUNT; i++)
                g[i] = slope[i] * (real)t;
            memcpy(before, p, COUNT * sizeof(real));
            gradient_squares(&pools[pool], &watch, g);
            update(&pools[pool], rule, (uint64_t)t, g, p, m, v);
        }
        CHECK(p[COUNT] == 77 && m[COUNT] == 77 && v[COUNT] == 77, "rule %d writes past its range", rule);
        if (pool == 0) {
            for (int i = 0; i < COUNT; i++) {
                const double e = expected(rule, steps, slope[i], start[i], 0, 0);
                CHECK(fabs(p[i] - e) <= 10 * TOLERANCE, "rule %d element %d: %.17g, not %.17g", rule, i, (double)p[i],
                      e);
            }
            check_squares(rule, g, before, p);
            memcpy(first_squares, squares, sizeof squares);
            reference = p;
        } else {
            CHECK(memcmp(p, reference, COUNT * sizeof(real)) == 0, "rule %d: %d threads differ", rule,
                  pool_sizes[pool]);
            CHECK(memcmp(squares, first_squares, sizeof squares) == 0, "rule %d: %d threads sum otherwise", rule,
                  pool_sizes[pool]);
            free(p);
        }
        free(before);
        free(g);
        free(v);
        free(m);
    }
    free(reference);
    free(slope);
    free(start);
}

/* Numbers whose squares a float cannot hold, of a length with something left over: looked through, and as weights and
 * changes of an update. */
static void check_range(void)
{
    enum { FEW = 1100 };
    static const double sizes[] = {1e-30, 1e-22, 1e-3, 1e20, 1e30};
    static const int64_t few_starts[] = {0, FEW};
    const struct tensor_watch few = {few_starts, 1, squares, partial, columns, FIRST, NULL};
    real *x = state(6), *p = state(7);
    for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
        double sum = 0;
        for (int i = 0; i < FEW; i++) {
            x[i] = (real)(i % 7 * sizes[k]);
            sum += (double)x[i] * (double)x[i];
        }
        const double found = sum_of_squares(x, FEW);
        CHECK(fabs(found - sum) <= TOLERANCE * sum, "squares of %g: %.17g, not %.17g", sizes[k], found, sum);
        memset(p, 0, FEW * sizeof(real));
        const struct update_context update =
            sgd_update(&(struct sgd){1, 0, 0}, &(struct update_limits){1, INFINITY}, &few, x, p, NULL);
        update_watched(&pools[1], &update);
        for (int kind = SQUARES_OF_WEIGHT; kind <= SQUARES_OF_CHANGE; kind++)
            CHECK(fabs(squares[0][kind] - sum) <= TOLERANCE * sum, "updates by %g, kind %d: %.17g, not %.17g", sizes[k],
                  kind, squares[0][kind], sum);
    }
    x[FEW - 1] = NAN;
    CHECK(isnan(sum_of_squares(x, FEW)), "a value that is not a number is lost");
    free(p);
    free(x);
}

/* Squares that were taken part by part where a gradient was computed count once, if they are in range. */
static void check_columns(void)
{
    enum { TENSOR = 4, ROWS = 272, WIDTH = 60, MIDDLE = ROWS / 2, BORDER = 32 };
    static const double sizes[] = {1e-30, 1e-3, 1e30, NAN};
    real *g = state(7), *const gradient = g + starts[TENSOR];
    for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++) {
        double sum = 0;
        memset(gradient, 0, (size_t)(starts[TENSOR + 1] - starts[TENSOR]) * sizeof(real));
        for (int i = 0; i < ROWS * WIDTH; i++) {
            gradient[i] = (real)(i % 7 * sizes[k]);
            sum += (double)gradient[i] * (double)gradient[i];
        }
        const struct part parts[] = {
            {0, MIDDLE, 0, BORDER}, {MIDDLE, ROWS, 0, BORDER}, {0, MIDDLE, BORDER, WIDTH}, {MIDDLE, ROWS, BORDER, WIDTH}};
        for (int part = 0; part < 4; part++)
            squares_of_part(gradient, WIDTH, parts[part], columns + (FIRST + starts[TENSOR]) / SQUARES_STRETCH);
        /* Where the parts' squares tell, the gradient is not looked through. */
        const int tells = sizes[k] == 1e-3;
        gradient[1] += (real)tells;
        gradient_squares(&pools[1], &watch, g);
        const double found = squares[TENSOR][SQUARES_OF_GRADIENT];
        CHECK(isnan(sum) ? isnan(found) : fabs(found - sum) <= TOLERANCE * sum, "parts of %g: %.17g, not %.17g",
              sizes[k], found, sum);
        gradient_squares(&pools[1], &watch, g);
        const double again = squares[TENSOR][SQUARES_OF_GRADIENT];
        CHECK(!tells || again > sum + 0.9, "squares of parts count twice: %.17g after %.17g", again, found);
    }
    free(g);
}

static void check_average(void)
{
    real *p = state(1), *a = state(2), *before = state(2);
    average_update(&pools[1], 0.999, COUNT, p, a);
    for (int i = 0; i < COUNT; i++)
        CHECK(fabs(a[i] - (0.999 * before[i] + 0.001 * p[i])) <= TOLERANCE, "average %d", i);
    CHECK(a[COUNT] == 77, "the average writes past its range");
    free(before);
    free(a);
    free(p);
}

static void check_finite(void)
{
    static const int64_t counts[] = {0, 1, 2, 17, 255, 256, 257, 5000, COUNT};
    real *x = state(5);
    for (size_t c = 0; c < sizeof counts / sizeof counts[0]; c++) {
        CHECK(all_finite(&pools[1], x, counts[c]), "%ld finite values", (long)counts[c]);
        const real odd[] = {(real)NAN, (real)INFINITY, -(real)INFINITY};
        for (int k = 0; k < 3 && counts[c] > 0; k++) {
            const int64_t places[] = {0, counts[c] / 2, counts[c] - 1};
            for (int place = 0; place < 3; place++) {
                const real kept = x[places[place]];
                x[places[place]] = odd[k];
                CHECK(!all_finite(&pools[1], x, counts[c]), "%g at %ld", (double)odd[k], (long)places[place]);
                x[places[place]] = kept;
            }
        }
    }
    free(x);
}

int main(void)
{
    start_pools(0);
    for (int rule = 0; rule < RULES; rule++)
        check_rule((enum rule)rule);
    check_range();
    check_columns();
    check_average();
    check_finite();
    stop_pools();
    return finish();
}
