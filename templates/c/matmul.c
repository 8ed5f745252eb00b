/* Matrix products, row-major. */

/* C[m, n] = op(A) op(B). A is stored [m, k], or [k, m] to be transposed; B is stored [k, n], or [n, k]. */
struct matmul {
    int64_t m, n, k;
    int transpose_a, transpose_b;
};

/* Rows of a task, at most. */
#define MATMUL_ROWS 256
/* Panels of B that a task takes, at most, and reals that they hold, about. */
#define MATMUL_PANELS 4
#define MATMUL_PANEL_REALS (128 << 10)
/* Rows that lie a multiple of so many bytes apart compete for the same few lines of the first-level cache. */
#define MATMUL_ALIAS 4096

struct matmul_context {
    const struct matmul *shape;
    const real *a, *b;
    real *c;
    const struct epilogue *epilogue;
    int64_t bands, band; /* the rows in bands of so many */
    int64_t panels;      /* of a task */
    int64_t stride;      /* from a row of A to the next */
    real *copy;          /* of A, when its rows would compete */
};

/* Reals in the copy of A with rows that do not compete, or 0. */
static int64_t matmul_copy(const struct matmul *s)
{
    const int64_t alias = MATMUL_ALIAS / (int64_t)sizeof(real);
    if (s->transpose_a || s->m <= 8 || s->m > MATMUL_ROWS || s->n <= TILE_COLUMNS || s->k % alias != 0)
        return 0;
    return scratch_piece(s->m * (s->k + SCRATCH_SLACK), sizeof(real));
}

static struct matmul_context matmul_context(const struct matmul *s)
{
    struct matmul_context t = {.shape = s, .stride = s->k};
    t.band = integer_ceiling(s->m, integer_ceiling(s->m, MATMUL_ROWS));
    t.bands = integer_ceiling(s->m, t.band);
    /* Several panels, for which A is fetched once, as long as four threads have the same to do. */
    const int64_t panels = integer_ceiling(s->n, TILE_COLUMNS);
    int64_t least = INT64_MAX;
    for (int64_t some = MATMUL_PANELS; some > 0; some--) {
        const int64_t tasks = t.bands * integer_ceiling(panels, some), cost = integer_ceiling(tasks, 4) * some;
        if (some > 1 && (tasks < 8 || some * s->k * TILE_COLUMNS > MATMUL_PANEL_REALS))
            continue;
        if (cost < least)
            least = cost, t.panels = some;
    }
    return t;
}

/* Reals of scratch that each thread needs: a copy of A in the first thread's; panels of B and, for a transposed A, the
 * list of terms in each. */
CGANC_UNUSED static int64_t matmul_scratch(const struct matmul *s)
{
    const struct matmul_context t = matmul_context(s);
    return SCRATCH_SLACK + matmul_copy(s) + scratch_piece(t.panels * s->k * TILE_COLUMNS, sizeof(real)) +
           (s->transpose_a ? scratch_piece(s->k, sizeof(struct tile_term)) : 0);
}

/* A tile of C, `count` rows from `row` on. */
static void matmul_tile(const struct matmul_context *t, int64_t row, int64_t count, int64_t column, int64_t columns,
                        const real *panel, const struct tile_term *terms)
{
    const struct matmul *s = t->shape;
    real *const c = t->c + row * s->n + column;
    if (s->transpose_a) {
        tile_outers[columns > LANES][count - 1](terms, s->k, t->a + row, panel, TILE_ROWS, 0, c, s->n, columns);
        return;
    }
    const struct tile_walk walk = {1, s->k, 0, 0};
    const real *a[TILE_ROWS];
    real *out[TILE_ROWS];
    for (int64_t i = 0; i < count; i++) {
        a[i] = t->a + (row + i) * t->stride;
        out[i] = c + i * s->n;
    }
    tile_dots[columns > LANES][count - 1](&walk, a, panel, out, columns);
}

static void matmul_task(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct matmul_context *t = context;
    const struct matmul *s = t->shape;
    const int64_t size = s->k * TILE_COLUMNS;
    real *const panels = scratch_start(scratch) + matmul_copy(s);
    struct tile_term *const terms = (void *)(panels + scratch_piece(t->panels * size, sizeof(real)));
    if (s->transpose_a)
        for (int64_t k = 0; k < s->k; k++)
            terms[k] = (struct tile_term){k * s->m, k * TILE_COLUMNS};
    for (int64_t task = first; task < last; task++) {
        const int64_t top = task % t->bands * t->band, rows = integer_min(t->band, s->m - top);
        const int64_t left = task / t->bands * t->panels * TILE_COLUMNS;
        const int64_t right = integer_min(s->n, left + t->panels * TILE_COLUMNS);
        for (int64_t column = left; column < right; column += TILE_COLUMNS) {
            const int64_t columns = integer_min(TILE_COLUMNS, right - column);
            real *const panel = panels + (column - left) * s->k;
            if (s->transpose_b)
                panel_from_columns(t->b + column * s->k, s->k, s->k, columns, panel);
            else
                panel_from_rows(t->b + column, s->n, s->k, columns, panel);
        }
        const int64_t tiles = integer_ceiling(rows, TILE_ROWS);
        for (int64_t tile = 0; tile < tiles; tile++) {
            const int64_t row = tile_first(rows, tiles, tile), count = tile_first(rows, tiles, tile + 1) - row;
            for (int64_t column = left; column < right; column += TILE_COLUMNS)
                matmul_tile(t, top + row, count, column, integer_min(TILE_COLUMNS, right - column),
                            panels + (column - left) * s->k, terms);
        }
        epilogue_run(t->epilogue, top, rows, left, right - left, t->c + top * s->n + left, s->n);
    }
}

/* ---- Products with a vector, which are as fast as memory. */

/* Interleaved sums of a dot product; a fixed number, so that bits do not depend on the width of vectors. */
#define DOT_LANES 32
/* Products of a task, about. */
#define VECTOR_WORK 16384

/* The sum of x[i] y[i]. */
static real dot_product(const real *x, const real *y, int64_t count)
{
    vector sums[DOT_LANES / LANES];
    for (int i = 0; i < DOT_LANES / LANES; i++)
        sums[i] = (vector){0};
    int64_t k = 0;
    for (; k + DOT_LANES <= count; k += DOT_LANES) {
        CGANC_UNROLL
        for (int i = 0; i < DOT_LANES / LANES; i++)
            MULTIPLY_ADD(sums[i], CONST_VECTOR_AT(x + k + i * LANES), CONST_VECTOR_AT(y + k + i * LANES));
    }
    if (k < count) {
        real rest[2][DOT_LANES] = {{0}};
        for (int64_t i = k; i < count; i++)
            rest[0][i - k] = x[i], rest[1][i - k] = y[i];
        for (int i = 0; i < DOT_LANES / LANES; i++)
            MULTIPLY_ADD(sums[i], CONST_VECTOR_AT(rest[0] + i * LANES), CONST_VECTOR_AT(rest[1] + i * LANES));
    }
    real lanes[DOT_LANES];
    for (int i = 0; i < DOT_LANES / LANES; i++)
        VECTOR_AT(lanes + i * LANES) = sums[i];
    for (int width = DOT_LANES / 2; width > 0; width /= 2)
        for (int i = 0; i < width; i++)
            lanes[i] += lanes[i + width];
    return lanes[0];
}

/* n = 1, A not transposed: a dot product for each row. */
static void matmul_dot_task(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct matmul_context *t = context;
    (void)scratch;
    for (int64_t row = first; row < last; row++)
        t->c[row] = dot_product(t->a + row * t->shape->k, t->b, t->shape->k);
    epilogue_run(t->epilogue, first, last - first, 0, 1, t->c + first, 1);
}

/* n = 1, A transposed: A's rows, each times its element of B, added up for some columns at a time. */
static void matmul_columns_task(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct matmul_context *t = context;
    const struct matmul *s = t->shape;
    (void)scratch;
    int64_t i = first;
    for (; i + 8 * LANES <= last; i += 8 * LANES) {
        vector sums[8];
        CGANC_UNROLL
        for (int j = 0; j < 8; j++)
            sums[j] = (vector){0};
        for (int64_t k = 0; k < s->k; k++) {
            const real *a = t->a + k * s->m + i;
            const vector b = VECTOR_OF(t->b[k]);
            CGANC_UNROLL
            for (int j = 0; j < 8; j++)
                MULTIPLY_ADD(sums[j], CONST_VECTOR_AT(a + j * LANES), b);
        }
        CGANC_UNROLL
        for (int j = 0; j < 8; j++)
            VECTOR_AT(t->c + i + j * LANES) = sums[j];
    }
    for (int64_t j = i; j < last; j++)
        t->c[j] = 0;
    for (int64_t k = 0; k < s->k; k++) {
        const real b = t->b[k];
        for (int64_t j = i; j < last; j++)
            t->c[j] = real_multiply_add(t->c[j], t->a[k * s->m + j], b);
    }
    epilogue_run(t->epilogue, first, last - first, 0, 1, t->c + first, 1);
}

/* k = 1: the outer product of two vectors. */
static void matmul_outer_task(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct matmul_context *t = context;
    const int64_t n = t->shape->n;
    (void)scratch;
    for (int64_t row = first; row < last; row++) {
        const real *CGANC_RESTRICT b = t->b;
        real *CGANC_RESTRICT c = t->c + row * n;
        const real a = t->a[row];
        for (int64_t j = 0; j < n; j++)
            c[j] = a * b[j];
    }
    epilogue_run(t->epilogue, first, last - first, 0, n, t->c + first * n, n);
}

/* ---- The product. */

/* Copies rows of A to where they do not compete. */
static void matmul_copy_task(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct matmul_context *t = context;
    const struct matmul *s = t->shape;
    (void)scratch;
    for (int64_t row = first; row < last; row++)
        memcpy(t->copy + row * (s->k + SCRATCH_SLACK), t->a + row * s->k, (size_t)s->k * sizeof(real));
}

/* C = op(A) op(B), then the epilogue, whose rows and columns are C's. */
CGANC_UNUSED static void matmul_then(struct pool *pool, const struct matmul *shape, const real *a, const real *b,
                                     real *c, const struct epilogue *epilogue)
{
    struct matmul_context t = matmul_context(shape);
    t.a = a, t.b = b, t.c = c, t.epilogue = epilogue;
    if (shape->k == 1 || shape->n == 1) {
        const pool_task task = shape->k == 1         ? matmul_outer_task
                               : shape->transpose_a ? matmul_columns_task
                                                    : matmul_dot_task;
        const int64_t work = shape->k == 1 ? shape->n : shape->k;
        const int64_t grain = integer_ceiling(VECTOR_WORK, work);
        pool_run(pool, task, &t, shape->m, integer_ceiling(grain, SCRATCH_SLACK) * SCRATCH_SLACK);
        return;
    }
    if (matmul_copy(shape) > 0) {
        t.copy = scratch_start(pool->scratch);
        pool_run(pool, matmul_copy_task, &t, shape->m, integer_ceiling(shape->m, 8));
        t.a = t.copy, t.stride = shape->k + SCRATCH_SLACK;
    }
    pool_run(pool, matmul_task, &t, t.bands * integer_ceiling(integer_ceiling(shape->n, TILE_COLUMNS), t.panels), 1);
}

/* C = op(A) op(B). */
CGANC_UNUSED static void matmul(struct pool *pool, const struct matmul *shape, const real *a, const real *b, real *c)
{
    matmul_then(pool, shape, a, b, c, &(struct epilogue){0});
}
