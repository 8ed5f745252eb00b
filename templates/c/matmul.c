/* Matrix products, row-major. */

/* C[m, n] = op(A) op(B). A is stored [m, k], or [k, m] to be transposed; B is stored [k, n], or [n, k]. */
struct matmul {
    int64_t m, n, k;
    int transpose_a, transpose_b;
};

/* Rows of a task, at most. */
#define MATMUL_ROWS 256

/* Reals of scratch that each thread needs: a panel of B and, for a transposed A, the list of terms. */
CGANC_UNUSED static int64_t matmul_scratch(const struct matmul *s)
{
    return SCRATCH_SLACK + scratch_piece(s->k * TILE_COLUMNS, sizeof(real)) +
           (s->transpose_a ? scratch_piece(s->k, sizeof(struct tile_term)) : 0);
}

struct matmul_context {
    const struct matmul *shape;
    const real *a, *b;
    real *c;
    const struct epilogue *epilogue;
    int64_t bands, band; /* the rows in bands of so many */
    int64_t panels;      /* panels of B that a task takes */
};

/* C's rows [top, top + rows) and `columns` columns from `column` on, B's panel of these being at hand. */
static void matmul_panel(const struct matmul_context *t, int64_t top, int64_t rows, int64_t column, int64_t columns,
                         const real *panel, const struct tile_term *terms)
{
    const struct matmul *s = t->shape;
    const int wide = columns > LANES;
    const int64_t tiles = integer_ceiling(rows, TILE_ROWS);
    const struct tile_walk walk = {1, s->k, 0, 0};
    for (int64_t tile = 0; tile < tiles; tile++) {
        const int64_t first = top + tile_first(rows, tiles, tile);
        const int64_t count = top + tile_first(rows, tiles, tile + 1) - first;
        real *const c = t->c + first * s->n + column;
        if (s->transpose_a) {
            tile_outers[wide][count - 1](terms, s->k, t->a + first, panel, 0, c, s->n, columns);
            continue;
        }
        const real *a[TILE_ROWS];
        real *out[TILE_ROWS];
        for (int64_t i = 0; i < count; i++) {
            a[i] = t->a + (first + i) * s->k;
            out[i] = c + i * s->n;
        }
        tile_dots[wide][count - 1](&walk, a, panel, out, columns);
    }
}

static void matmul_task(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct matmul_context *t = context;
    const struct matmul *s = t->shape;
    real *const panel = scratch_start(scratch);
    struct tile_term *const terms = (void *)(panel + scratch_piece(s->k * TILE_COLUMNS, sizeof(real)));
    if (s->transpose_a)
        for (int64_t k = 0; k < s->k; k++)
            terms[k] = (struct tile_term){k * s->m, k * TILE_COLUMNS};
    for (int64_t task = first; task < last; task++) {
        const int64_t top = task % t->bands * t->band, rows = integer_min(t->band, s->m - top);
        const int64_t left = task / t->bands * t->panels * TILE_COLUMNS;
        const int64_t right = integer_min(s->n, left + t->panels * TILE_COLUMNS);
        for (int64_t column = left; column < right; column += TILE_COLUMNS) {
            const int64_t columns = integer_min(TILE_COLUMNS, right - column);
            if (s->transpose_b)
                panel_from_columns(t->b + column * s->k, s->k, s->k, columns, panel);
            else
                panel_from_rows(t->b + column, s->n, s->k, columns, panel);
            matmul_panel(t, top, rows, column, columns, panel, terms);
        }
        epilogue_run(t->epilogue, top, rows, left, right - left, t->c + top * s->n + left, s->n);
    }
}

/* C = op(A) op(B), then the epilogue. */
CGANC_UNUSED static void matmul_then(struct pool *pool, const struct matmul *shape, const real *a, const real *b,
                                     real *c, const struct epilogue *epilogue)
{
    struct matmul_context t = {shape, a, b, c, epilogue, 1, 1, 1};
    t.band = integer_ceiling(shape->m, integer_ceiling(shape->m, MATMUL_ROWS));
    t.bands = integer_ceiling(shape->m, t.band);
    const int64_t panels = integer_ceiling(shape->n, TILE_COLUMNS);
    /* Neighbouring panels for one task, as long as that leaves 16 tasks. */
    while (t.panels < 4 && t.bands * integer_ceiling(panels, 2 * t.panels) >= 16)
        t.panels *= 2;
    pool_run(pool, matmul_task, &t, t.bands * integer_ceiling(panels, t.panels), 1);
}

/* C = op(A) op(B). */
CGANC_UNUSED static void matmul(struct pool *pool, const struct matmul *shape, const real *a, const real *b, real *c)
{
    matmul_then(pool, shape, a, b, c, &(struct epilogue){0});
}
