/* Matrix products, row-major. */

/* C[m, n] = op(A) op(B). A is stored [m, k], or [k, m] to be transposed; B is stored [k, n], or [n, k]. To a product of
 * a transposed A and a plain B another of `more` terms may be added, of operands stored alike. The compiler has chosen
 * which operand is laid out in panels: B, or, `flipped`, an A that is not transposed. Then B is read where it lies
 * (matmul_flipped). */
struct matmul {
    int64_t m, n, k;
    int transpose_a, transpose_b;
    int64_t more;
    int flipped;
};

/* Rows of a task, at most. */
#define MATMUL_ROWS 256
/* Panels of B that a task takes, at most, and reals that they hold, about. */
#define MATMUL_PANELS 4
#define MATMUL_PANEL_REALS (128 << 10)
/* Rows that lie a multiple of so many bytes apart compete for the same few lines of the first-level cache. */
#define MATMUL_ALIAS 4096
/* Reals of A that stay in the cache beside two panels of B. */
#define MATMUL_RESIDENT (192 << 10)
/* Rows of a transposed A that are read where they lie, at most: of more, the pieces that a tile reads push each other
 * out of the cache before the next panel needs them. Fewer where rows compete (MATMUL_ALIAS). */
#define MATMUL_STRIDED 192
#define MATMUL_COMPETING 32

struct matmul_context {
    const struct matmul *shape;
    const real *a, *b, *more_a, *more_b;
    real *c;
    const struct epilogue *epilogue;
    int64_t bands, band;   /* the rows in bands of so many */
    int64_t panels, parts; /* of B; a task has one band and one part of the panels */
    real *shared;          /* panels or strips of A */
};

/* Whether A is laid out in strips: each the rows of a tile, its values for a term side by side. */
static int matmul_has_strips(const struct matmul *s)
{
    const int64_t strided = s->m * (int64_t)sizeof(real) % MATMUL_ALIAS ? MATMUL_STRIDED : MATMUL_COMPETING;
    return s->transpose_a && (!TILE_FILLS_LINES || s->k + s->more > strided);
}

/* Rows of a task. */
static int64_t matmul_band(const struct matmul *s)
{
    return s->flipped ? s->m : integer_ceiling(s->m, integer_ceiling(s->m, MATMUL_ROWS));
}

/* Whether panels of B are laid out one after the other, beside the arithmetic. */
static int matmul_is_plain(const struct matmul *s)
{
    return !s->flipped && !s->transpose_a && !s->transpose_b && matmul_band(s) * s->k <= MATMUL_RESIDENT;
}

/* From a row of a transposed B to the next, as a task reads it: rows that would compete are copied further apart. */
static int64_t matmul_stride(const struct matmul *s)
{
    const int competes = s->transpose_b && s->k % (MATMUL_ALIAS / (int64_t)sizeof(real)) == 0;
    return competes ? s->k + SCRATCH_SLACK : s->k;
}

static struct matmul_context matmul_context(const struct matmul *s)
{
    struct matmul_context t = {.shape = s};
    t.band = matmul_band(s);
    t.bands = integer_ceiling(s->m, t.band);
    t.panels = integer_ceiling(s->n, TILE_COLUMNS);
    /* Several panels a task, for which A is fetched once, as long as four threads have the same to do. Where they lie
     * there all at once, as many as find room in the cache; beside a copy, with the columns of the next task. */
    const int64_t room = matmul_stride(s) != s->k ? MATMUL_PANEL_REALS / 2 : MATMUL_PANEL_REALS;
    const int64_t fitting = integer_max(room / ((s->k + s->more) * TILE_COLUMNS), 1);
    const int64_t most = matmul_is_plain(s) ? MATMUL_PANELS : integer_min(MATMUL_PANELS, fitting);
    t.parts = integer_ceiling(t.panels, most);
    while (t.parts < t.panels && (t.bands * t.parts < 8 || t.bands * t.parts % 4 != 0))
        t.parts++;
    return t;
}

/* Tiles of a band. */
static int64_t matmul_tiles(const struct matmul_context *t)
{
    return integer_ceiling(t->band, TILE_ROWS);
}

/* Reals of a strip. */
static int64_t matmul_strip(const struct matmul *s)
{
    return (s->k + s->more) * TILE_ROWS + SCRATCH_SLACK;
}

/* Reals of the panels or strips of A that all threads read. */
static int64_t matmul_shared(const struct matmul_context *t)
{
    const struct matmul *s = t->shape;
    const int64_t reals = s->flipped               ? panel_reals(s->k, s->m)
                          : matmul_has_strips(s) ? t->bands * matmul_tiles(t) * matmul_strip(s)
                                                 : 0;
    return scratch_piece(reals, sizeof(real));
}

/* Columns of a task, at most. */
static int64_t matmul_columns(const struct matmul_context *t)
{
    return integer_ceiling(t->panels, t->parts) * TILE_COLUMNS;
}

/* The first of the columns of B of part `part`. */
static int64_t matmul_column(const struct matmul_context *t, int64_t part)
{
    return integer_min(tile_first(t->panels, t->parts, part) * TILE_COLUMNS, t->shape->n);
}

/* Reals of the panels, or of the copy, of a task's part of B. */
static int64_t matmul_part(const struct matmul_context *t)
{
    if (matmul_is_plain(t->shape))
        return scratch_piece(2 * t->shape->k * TILE_COLUMNS, sizeof(real));
    return scratch_piece(matmul_columns(t) * (t->shape->k + t->shape->more + SCRATCH_SLACK), sizeof(real));
}

/* Reals of scratch that each thread needs: the shared panels or strips of A in the first thread's; a part of B; a list
 * of terms, or the columns of a task for one panel of A. */
CGANC_UNUSED static int64_t matmul_scratch(const struct matmul *s)
{
    const struct matmul_context t = matmul_context(s);
    const int64_t terms = scratch_piece(s->k + s->more, sizeof(struct tile_term));
    return SCRATCH_SLACK + matmul_shared(&t) + matmul_part(&t) + terms + panel_reals(matmul_columns(&t), 1);
}

/* Terms of A that one task puts into strips. */
#define MATMUL_STRIP 16

/* Makes strips of A: each task some terms of a band. */
static void matmul_strip_task(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct matmul_context *t = context;
    const struct matmul *s = t->shape;
    const int64_t stretches = integer_ceiling(s->k + s->more, MATMUL_STRIP), size = matmul_strip(s);
    (void)scratch;
    for (int64_t task = first; task < last; task++) {
        const int64_t band = task / stretches, top = band * t->band, rows = integer_min(t->band, s->m - top);
        const int64_t tiles = integer_ceiling(rows, TILE_ROWS), start = task % stretches * MATMUL_STRIP;
        for (int64_t k = start; k < integer_min(start + MATMUL_STRIP, s->k + s->more); k++) {
            const real *const from = (k < s->k ? t->a + k * s->m : t->more_a + (k - s->k) * s->m) + top;
            real *to = t->shared + band * matmul_tiles(t) * size + k * TILE_ROWS;
            for (int64_t tile = 0; tile < tiles; tile++, to += size) {
                const int64_t row = tile_first(rows, tiles, tile);
                if (row + TILE_ROWS <= rows)
                    memcpy(to, from + row, TILE_ROWS * sizeof(real));
                else
                    memcpy(to, from + row, (size_t)(rows - row) * sizeof(real));
            }
        }
    }
}

/* A tile of C, `count` rows from `row` on, of an A that is not transposed. */
static void matmul_tile_dot(const struct matmul_context *t, const struct tile_walk *walk, int64_t row, int64_t count,
                            int64_t column, int64_t columns, const real *panel)
{
    const struct matmul *s = t->shape;
    const real *a[TILE_ROWS];
    real *out[TILE_ROWS];
    for (int64_t i = 0; i < count; i++) {
        a[i] = t->a + (row + i) * s->k;
        out[i] = t->c + (row + i) * s->n + column;
    }
    tile_dots[columns > LANES][count - 1](walk, a, panel, out, columns);
}

/* The same of any A. Of a transposed one, values begin at `x`, those of the next tile `ahead` reals further on. */
static void matmul_tile(const struct matmul_context *t, const struct tile_term *terms, const real *x, int64_t ahead,
                        int64_t row, int64_t count, int64_t column, int64_t columns, const real *panel)
{
    const struct matmul *s = t->shape;
    if (s->transpose_a) {
        tile_outers[columns > LANES][count - 1](terms, s->k + s->more, x, panel, ahead, 0,
                                                t->c + row * s->n + column, s->n, columns);
        return;
    }
    matmul_tile_dot(t, &(struct tile_walk){.segments = 1, .length = s->k}, row, count, column, columns, panel);
}

/* Terms [first, last) of the panel of a plain B that begins with column `column`. */
static void matmul_panel(const struct matmul *s, const real *b, int64_t column, int64_t first, int64_t last,
                         real *panel)
{
    panels_from_rows(b + first * s->n + column, s->n, last - first, integer_min(TILE_COLUMNS, s->n - column), 0,
                     panel + first * TILE_COLUMNS);
}

/* C = A B with one panel of B after the other, where A stays in the cache meanwhile. Each tile calls some rows of the
 * next panel's columns into the cache while it is computed, and afterwards these are laid out: so weights come from
 * memory beside the arithmetic, though the machine does not foresee pieces of two lines. */
static void matmul_plain_task(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct matmul_context *t = context;
    const struct matmul *s = t->shape;
    real *panel = scratch_start(scratch), *next_panel = panel + s->k * TILE_COLUMNS;
    for (int64_t task = first; task < last; task++) {
        const int64_t band = task % t->bands, top = band * t->band, rows = integer_min(t->band, s->m - top);
        const int64_t part = task / t->bands, left = matmul_column(t, part), right = matmul_column(t, part + 1);
        const int64_t tiles = integer_ceiling(rows, TILE_ROWS);
        matmul_panel(s, t->b, left, 0, s->k, panel);
        for (int64_t column = left; column < right; column += TILE_COLUMNS) {
            /* After the last panel of a part, the first one of the part that is probably next. */
            const int64_t next = column + TILE_COLUMNS < s->n ? column + TILE_COLUMNS : left;
            struct tile_walk walk = {.segments = 1, .length = s->k};
            walk.ahead_step = (uintptr_t)s->n * sizeof(real), walk.ahead_terms = tiles;
            for (int64_t tile = 0; tile < tiles; tile++) {
                const int64_t row = tile_first(rows, tiles, tile), count = tile_first(rows, tiles, tile + 1) - row;
                const int64_t k = tile_first(s->k, tiles, tile), k_end = tile_first(s->k, tiles, tile + 1);
                walk.ahead = (uintptr_t)(t->b + k * s->n + next);
                matmul_tile_dot(t, &walk, top + row, count, column, integer_min(TILE_COLUMNS, right - column), panel);
                if (column + TILE_COLUMNS < right)
                    matmul_panel(s, t->b, next, k, k_end, next_panel);
            }
            real *const done = panel;
            panel = next_panel, next_panel = done;
        }
        epilogue_run(t->epilogue, top, rows, left, right - left);
    }
}

/* The terms of a transposed A, and of the one that is added. */
static void matmul_terms(const struct matmul_context *t, struct tile_term *terms)
{
    const struct matmul *s = t->shape;
    if (matmul_has_strips(s)) {
        for (int64_t k = 0; k < s->k + s->more; k++)
            terms[k] = (struct tile_term){k * TILE_ROWS, k * TILE_COLUMNS};
        return;
    }
    const int64_t apart = s->more ? ((intptr_t)t->more_a - (intptr_t)t->a) / (intptr_t)sizeof(real) : 0;
    for (int64_t k = 0; k < s->k; k++)
        terms[k] = (struct tile_term){k * s->m, k * TILE_COLUMNS};
    for (int64_t k = 0; k < s->more; k++)
        terms[s->k + k] = (struct tile_term){apart + k * s->m, (s->k + k) * TILE_COLUMNS};
}

static void matmul_task(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct matmul_context *t = context;
    const struct matmul *s = t->shape;
    const int64_t count = s->k + s->more, size = matmul_strip(s);
    const int has_strips = matmul_has_strips(s);
    real *const panels = scratch_start(scratch) + matmul_shared(t);
    struct tile_term *const terms = (void *)(panels + matmul_part(t));
    if (s->transpose_a)
        matmul_terms(t, terms);
    for (int64_t task = first; task < last; task++) {
        const int64_t band = task % t->bands, top = band * t->band, rows = integer_min(t->band, s->m - top);
        const int64_t part = task / t->bands, left = matmul_column(t, part), right = matmul_column(t, part + 1);
        if (s->transpose_b)
            panels_from_columns(t->b + left * s->k, s->k, s->k, right - left, panels);
        else
            panels_from_rows(t->b + left, s->n, s->k, right - left, count * TILE_COLUMNS, panels);
        if (s->more)
            panels_from_rows(t->more_b + left, s->n, s->more, right - left, count * TILE_COLUMNS,
                             panels + s->k * TILE_COLUMNS);
        const int64_t tiles = integer_ceiling(rows, TILE_ROWS);
        for (int64_t tile = 0; tile < tiles; tile++) {
            const int64_t row = tile_first(rows, tiles, tile), height = tile_first(rows, tiles, tile + 1) - row;
            const real *const x = has_strips ? t->shared + (band * matmul_tiles(t) + tile) * size : t->a + top + row;
            for (int64_t column = left; column < right; column += TILE_COLUMNS)
                matmul_tile(t, terms, x, has_strips ? size : TILE_ROWS, top + row, height, column,
                            integer_min(TILE_COLUMNS, right - column), panels + (column - left) * count);
        }
        epilogue_run(t->epilogue, top, rows, left, right - left);
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
    epilogue_run(t->epilogue, first, last - first, 0, 1);
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
    epilogue_run(t->epilogue, first, last - first, 0, 1);
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
    epilogue_run(t->epilogue, first, last - first, 0, n);
}

/* ---- The product. */

static void matmul_run(struct pool *pool, struct matmul_context *t)
{
    t->shared = scratch_start(pool->scratch);
    if (matmul_has_strips(t->shape))
        pool_run(pool, matmul_strip_task, t,
                 t->bands * integer_ceiling(t->shape->k + t->shape->more, MATMUL_STRIP), 1);
    const pool_task task = matmul_is_plain(t->shape) ? matmul_plain_task : matmul_task;
    pool_run(pool, task, t, t->bands * t->parts, 1);
}

/* C = op(A) op(B), then the epilogue, whose rows and columns are C's; NULL for none. */
CGANC_UNUSED static void matmul(struct pool *pool, const struct matmul *shape, const real *a, const real *b, real *c,
                                const struct epilogue *epilogue)
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
    matmul_run(pool, &t);
}

/* C = A^T B + D^T E, then the epilogue. */
CGANC_UNUSED static void matmul_sum(struct pool *pool, const struct matmul *shape, const real *a, const real *b,
                                    const real *d, const real *e, real *c, const struct epilogue *epilogue)
{
    struct matmul_context t = matmul_context(shape);
    t.a = a, t.b = b, t.more_a = d, t.more_b = e, t.c = c, t.epilogue = epilogue;
    matmul_run(pool, &t);
}
