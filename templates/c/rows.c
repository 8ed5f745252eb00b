/* Rows of a table, read and added by index. Work is shared out by row or by column, whichever nobody else writes, and
 * sums run in a fixed order. */

/* `rows` rows, each naming one of the `table_rows` rows of a table `width` wide. */
struct row_lookup {
    int64_t rows, table_rows, width;
};

/* Columns of a table that one tile adds to. */
#define ROW_COLUMNS 64

struct row_context {
    const struct row_lookup *shape;
    const real *in;
    const int32_t *index;
    real *out;
};

static void gather_rows_tile(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct row_context *t = context;
    const int64_t width = t->shape->width;
    (void)scratch;
    for (int64_t i = first; i < last; i++)
        memcpy(t->out + i * width, t->in + t->index[i] * width, (size_t)width * sizeof(real));
}

/* out[i, :] = table[index[i], :]. */
CGANC_UNUSED static void gather_rows(struct pool *pool, const struct row_lookup *shape, const real *table,
                                     const int32_t *index, real *out)
{
    const struct row_context context = {shape, table, index, out};
    pool_run(pool, gather_rows_tile, &context, shape->rows, integer_max(1, 16384 / integer_max(1, shape->width)));
}

static void scatter_add_rows_tile(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct row_context *t = context;
    const int64_t width = t->shape->width;
    (void)scratch;
    for (int64_t row = 0; row < t->shape->table_rows; row++)
        for (int64_t j = first; j < last; j++)
            t->out[row * width + j] = 0;
    for (int64_t i = 0; i < t->shape->rows; i++) {
        real *CGANC_RESTRICT out = t->out + t->index[i] * width;
        const real *CGANC_RESTRICT in = t->in + i * width;
        for (int64_t j = first; j < last; j++)
            out[j] += in[j];
    }
}

/* The adjoint of gather_rows: table[r, :] is the sum, in the order of i, of the g[i, :] with index[i] = r, else 0. */
CGANC_UNUSED static void scatter_add_rows(struct pool *pool, const struct row_lookup *shape, const real *g,
                                          const int32_t *index, real *table)
{
    const struct row_context context = {shape, g, index, table};
    pool_run(pool, scatter_add_rows_tile, &context, shape->width, ROW_COLUMNS);
}

/* out[rows, classes]: 1 at each row's class, else 0. */
CGANC_UNUSED static void one_hot(const int32_t *index, int64_t rows, int64_t classes, real *out)
{
    memset(out, 0, (size_t)(rows * classes) * sizeof(real));
    for (int64_t i = 0; i < rows; i++)
        out[i * classes + index[i]] = 1;
}
