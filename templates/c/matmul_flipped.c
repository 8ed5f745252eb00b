/* Matrix products with panels of A. */

/* Reals of a row of A that one task puts into a panel. */
#define MATMUL_FLIP 256

/* Makes panels of A: each task a stretch of TILE_COLUMNS rows. */
static void matmul_flip_task(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct matmul_context *t = context;
    const struct matmul *s = t->shape;
    const int64_t stretches = integer_ceiling(s->k, MATMUL_FLIP);
    (void)scratch;
    for (int64_t task = first; task < last; task++) {
        const int64_t row = task / stretches * TILE_COLUMNS, k = task % stretches * MATMUL_FLIP;
        panels_from_columns(t->a + row * s->k + k, s->k, integer_min(MATMUL_FLIP, s->k - k),
                            integer_min(TILE_COLUMNS, s->m - row), t->shared + row * s->k + k * TILE_COLUMNS);
    }
}

/* `width` columns of C for one panel of A, as rows of TILE_COLUMNS in `out`: `rows` of them, the same columns of B
 * beginning at `b`. Those that are needed next begin at `ahead`, or are in the cache (NULL). */
static void matmul_flipped_tiles(const struct matmul_context *t, const struct tile_term *terms, const real *b,
                                 int64_t width, int64_t rows, const real *panel, const real *ahead, real *out)
{
    const struct matmul *s = t->shape;
    const int64_t tiles = integer_ceiling(width, TILE_ROWS), stride = matmul_stride(s);
    const int64_t columns = rows > LANES ? TILE_COLUMNS : LANES;
    for (int64_t tile = 0; tile < tiles; tile++) {
        const int64_t column = tile_first(width, tiles, tile), count = tile_first(width, tiles, tile + 1) - column;
        real *const sums = out + column * TILE_COLUMNS;
        if (!s->transpose_b) {
            tile_outers[rows > LANES][count - 1](terms, s->k, b + column, panel, ahead ? ahead - b : 0, 0, sums,
                                                 TILE_COLUMNS, columns);
            continue;
        }
        const real *x[TILE_ROWS];
        real *to[TILE_ROWS];
        for (int64_t i = 0; i < count; i++) {
            x[i] = b + (column + i) * stride;
            to[i] = sums + i * TILE_COLUMNS;
        }
        struct tile_walk walk = {.segments = 1, .length = s->k};
        if (ahead) {
            walk.ahead = (uintptr_t)(ahead + column * s->k);
            walk.ahead_step = 2 * CGANC_ALIGNMENT, walk.ahead_terms = 2;
        }
        tile_dots[rows > LANES][count - 1](&walk, x, panel, to, columns);
    }
}

static void matmul_flipped_task(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct matmul_context *t = context;
    const struct matmul *s = t->shape;
    const int64_t stride = matmul_stride(s);
    real *const copy = scratch_start(scratch) + matmul_shared(t);
    struct tile_term *const terms = (void *)(copy + matmul_part(t));
    real *const sums = (real *)terms + scratch_piece(s->k, sizeof(struct tile_term));
    const int copies = stride != s->k;
    for (int64_t k = 0; k < s->k; k++)
        terms[k] = (struct tile_term){k * s->n, k * TILE_COLUMNS};
    for (int64_t part = first; part < last; part++) {
        const int64_t left = matmul_column(t, part), width = matmul_column(t, part + 1) - left;
        const real *const from = t->b + (s->transpose_b ? left * s->k : left);
        for (int64_t i = 0; copies && i < width; i++)
            memcpy(copy + i * stride, from + i * s->k, (size_t)s->k * sizeof(real));
        const real *const b = copies ? copy : from;
        /* The next tile's columns, or what the next task will copy. */
        const real *const ahead = !s->transpose_b ? b + 2 * TILE_ROWS - 1 : from + (copies ? width : TILE_ROWS) * s->k;
        for (int64_t row = 0; row < s->m; row += TILE_COLUMNS) {
            const int64_t rows = integer_min(TILE_COLUMNS, s->m - row);
            matmul_flipped_tiles(t, terms, b, width, rows, t->shared + row * s->k, row == 0 ? ahead : NULL, sums);
            transpose(sums, TILE_COLUMNS, width, rows, t->c + row * s->n + left, s->n);
        }
        epilogue_run(t->epilogue, 0, s->m, left, width);
    }
}

/* As matmul, of a shape that may be `flipped`. */
CGANC_UNUSED static void matmul_flipped(struct pool *pool, const struct matmul *shape, const real *a, const real *b,
                                        real *c, const struct epilogue *epilogue)
{
    if (!shape->flipped) {
        matmul(pool, shape, a, b, c, epilogue);
        return;
    }
    struct matmul_context t = matmul_context(shape);
    t.a = a, t.b = b, t.c = c, t.epilogue = epilogue;
    t.shared = scratch_start(pool->scratch);
    pool_run(pool, matmul_flip_task, &t,
             integer_ceiling(shape->m, TILE_COLUMNS) * integer_ceiling(shape->k, MATMUL_FLIP), 1);
    pool_run(pool, matmul_flipped_task, &t, t.parts, 1);
}
