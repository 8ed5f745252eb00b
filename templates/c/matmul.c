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
    int64_t bands, band;   /* the rows in bands of so many */
    int64_t panels, parts; /* of B; a task has one band and one part of the panels */
    int64_t stride;        /* from a row of A to the next */
    real *copy;            /* of A, when its rows would compete */
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
    t.panels = integer_ceiling(s->n, TILE_COLUMNS);
    /* Several panels a task, for which A is fetched once, as long as four threads have the same to do. */
    const int64_t most = integer_max(integer_min(MATMUL_PANELS, MATMUL_PANEL_REALS / (s->k * TILE_COLUMNS)), 1);
    t.parts = integer_ceiling(t.panels, most);
    while (t.parts < t.panels && (t.bands * t.parts < 8 || t.bands * t.parts % 4 != 0))
        t.parts++;
    return t;
}

/* Reals of the panels of a task. */
static int64_t matmul_panels(const struct matmul_context *t)
{
    return integer_ceiling(t->panels, t->parts) * t->shape->k * TILE_COLUMNS;
}

/* The first of the columns of B of part `part`. */
static int64_t matmul_column(const struct matmul_context *t, int64_t part)
{
    return integer_min(tile_first(t->panels, t->parts, part) * TILE_COLUMNS, t->shape->n);
}

/* Reals of scratch that each thread needs: a copy of A in the first thread's; panels of B and, for a transposed A, the
 * list of terms in each. */
CGANC_UNUSED static int64_t matmul_scratch(const struct matmul *s)
{
    const struct matmul_context t = matmul_context(s);
    return SCRATCH_SLACK + matmul_copy(s) + scratch_piece(matmul_panels(&t), sizeof(real)) +
           (s->transpose_a ? scratch_piece(s->k, sizeof(struct tile_term)) : 0);
}

/* A tile of C, `count` rows from `row` on. */
static void matmul_tile(const struct matmul_context *t, const struct tile_walk *walk, const struct tile_term *terms,
                        int64_t row, int64_t count, int64_t column, int64_t columns, const real *panel)
{
    const struct matmul *s = t->shape;
    real *const c = t->c + row * s->n + column;
    if (s->transpose_a) {
        tile_outers[columns > LANES][count - 1](terms, s->k, t->a + row, panel, TILE_ROWS, 0, c, s->n, columns);
        return;
    }
    const real *a[TILE_ROWS];
    real *out[TILE_ROWS];
    for (int64_t i = 0; i < count; i++) {
        a[i] = t->a + (row + i) * t->stride;
        out[i] = c + i * s->n;
    }
    tile_dots[columns > LANES][count - 1](walk, a, panel, out, columns);
}

/* Lines of B that the tiles of one task call into the cache, since the next task will copy them: one with each of k
 * terms, by each of `tiles` tiles. B comes from memory, and once in a product. */
struct matmul_ahead {
    uintptr_t address, term_step, tile_step;
    int64_t tiles;
};

static struct matmul_ahead matmul_ahead(const struct matmul_context *t, int64_t part)
{
    const struct matmul *s = t->shape;
    const int64_t column = matmul_column(t, integer_min(part, t->parts));
    const int64_t columns = matmul_column(t, integer_min(part + 1, t->parts)) - column;
    const uintptr_t row = (uintptr_t)(s->transpose_b ? s->k : s->n) * sizeof(real), line = CGANC_ALIGNMENT;
    return (struct matmul_ahead){
        .address = (uintptr_t)t->b + (uintptr_t)column * (s->transpose_b ? row : sizeof(real)),
        .term_step = s->transpose_b ? line : row,
        .tile_step = s->transpose_b ? line * (uintptr_t)s->k : line,
        .tiles = integer_ceiling(columns * (int64_t)sizeof(real), (int64_t)line)};
}

static void matmul_task(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct matmul_context *t = context;
    const struct matmul *s = t->shape;
    real *const panels = scratch_start(scratch) + matmul_copy(s);
    struct tile_term *const terms = (void *)(panels + scratch_piece(matmul_panels(t), sizeof(real)));
    if (s->transpose_a)
        for (int64_t k = 0; k < s->k; k++)
            terms[k] = (struct tile_term){k * s->m, k * TILE_COLUMNS};
    for (int64_t task = first; task < last; task++) {
        const int64_t top = task % t->bands * t->band, rows = integer_min(t->band, s->m - top);
        const int64_t part = task / t->bands, left = matmul_column(t, part), right = matmul_column(t, part + 1);
        if (s->transpose_b)
            panels_from_columns(t->b + left * s->k, s->k, s->k, right - left, panels);
        else
            panels_from_rows(t->b + left, s->n, s->k, right - left, panels);
        struct matmul_ahead ahead = matmul_ahead(t, part + 1);
        const int64_t tiles = integer_ceiling(rows, TILE_ROWS);
        for (int64_t tile = 0; tile < tiles; tile++) {
            const int64_t row = tile_first(rows, tiles, tile), count = tile_first(rows, tiles, tile + 1) - row;
            for (int64_t column = left; column < right; column += TILE_COLUMNS) {
                struct tile_walk walk = {.segments = 1, .length = s->k};
                if (ahead.tiles-- > 0)
                    walk.ahead = ahead.address, walk.ahead_step = ahead.term_step;
                ahead.address += ahead.tile_step;
                matmul_tile(t, &walk, terms, top + row, count, column, integer_min(TILE_COLUMNS, right - column),
                            panels + (column - left) * s->k);
            }
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
    pool_run(pool, matmul_task, &t, t.bands * t.parts, 1);
}

/* C = op(A) op(B). */
CGANC_UNUSED static void matmul(struct pool *pool, const struct matmul *shape, const real *a, const real *b, real *c)
{
    matmul_then(pool, shape, a, b, c, &(struct epilogue){0});
}
