/* Sums down the columns of a matrix, or of each of several parts of one: rows are read as they lie, and each column's
 * terms are added in their order. */
struct row_sums {
    int64_t parts, rows, columns, part_stride, row_stride;
};

/* Columns of a task. */
#define SUM_COLUMNS 64

struct row_sums_context {
    const struct row_sums *shape;
    const real *x;
    real *out;
};

static void row_sums_task(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct row_sums_context *t = context;
    const struct row_sums *s = t->shape;
    const int64_t tiles = integer_ceiling(s->columns, SUM_COLUMNS);
    (void)scratch;
    for (int64_t task = first; task < last; task++) {
        const int64_t part = task / tiles, column = task % tiles * SUM_COLUMNS;
        const int64_t width = integer_min(SUM_COLUMNS, s->columns - column);
        const real *x = t->x + part * s->part_stride + column;
        real totals[SUM_COLUMNS] = {0};
        if (width == SUM_COLUMNS)
            for (int64_t k = 0; k < s->rows; k++, x += s->row_stride)
                for (int64_t j = 0; j < SUM_COLUMNS; j++)
                    totals[j] += x[j];
        else
            for (int64_t k = 0; k < s->rows; k++, x += s->row_stride)
                for (int64_t j = 0; j < width; j++)
                    totals[j] += x[j];
        memcpy(t->out + part * s->columns + column, totals, (size_t)width * sizeof(real));
    }
}

/* out[parts, columns]: out[p][j] is the sum over rows k of x[p part_stride + k row_stride + j]. */
CGANC_UNUSED static void sum_rows(struct pool *pool, const struct row_sums *shape, const real *x, real *out)
{
    const struct row_sums_context context = {shape, x, out};
    const int64_t grain = integer_max(1, 16384 / (shape->rows * SUM_COLUMNS));
    pool_run(pool, row_sums_task, &context, shape->parts * integer_ceiling(shape->columns, SUM_COLUMNS), grain);
}
