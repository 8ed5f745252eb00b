/* Pooling and indexing against loops that read like their definitions, their adjoint identities, ties, windows in the
 * padding, and the same bits from 1, 2, 3 and 7 threads. */
static uint64_t next_state = 1;

static int64_t choose(int64_t low, int64_t high)
{
    next_state = next_state * 6364136223846793005u + 1442695040888963407u;
    return low + (int64_t)((next_state >> 33) % (uint64_t)(high - low + 1));
}

#define SAME(a, b, count, what) CHECK(memcmp(a, b, (size_t)(count) * sizeof *(a)) == 0, "%s: threads differ", what)

static void check_windows(const struct pooling *s)
{
    const int64_t in_size = s->batch * s->height * s->width * s->channels;
    const int64_t out_size = s->batch * s->out_height * s->out_width * s->channels;
    real *x = drawn(in_size, 1), *g = drawn(out_size, 2);
    for (int64_t i = 0; i < in_size; i++)
        x[i] = real_rint(x[i] * 3); /* few values, so that ties are common */
    real *mean = allocate(out_size), *back = allocate(in_size), *most = allocate(out_size), *spread = allocate(in_size);
    int32_t *index = calloc((size_t)out_size, sizeof *index);
    const struct indexing places = {s->batch, s->height * s->width, s->out_height * s->out_width, s->channels};
    average_pool(&pools[0], s, x, mean);
    average_pool_gradient(&pools[0], s, g, back);
    max_pool_index(&pools[0], s, x, index);
    gather_index(&pools[0], &places, x, index, most);
    scatter_index(&pools[0], &places, g, index, spread);
    for (int64_t n = 0; n < s->batch; n++) {
        for (int64_t p = 0; p < s->out_height * s->out_width; p++) {
            for (int64_t c = 0; c < s->channels; c++) {
                double sum = 0, best = -INFINITY;
                int64_t count = 0, where = 0;
                for (int64_t k = 0; k < s->kernel_height * s->kernel_width; k++) {
                    const int64_t h = p / s->out_width * s->stride_height - s->pad_top + k / s->kernel_width;
                    const int64_t w = p % s->out_width * s->stride_width - s->pad_left + k % s->kernel_width;
                    if (h < 0 || h >= s->height || w < 0 || w >= s->width)
                        continue;
                    const double value = x[((n * s->height + h) * s->width + w) * s->channels + c];
                    sum += value;
                    count++;
                    if (value > best) {
                        best = value;
                        where = h * s->width + w;
                    }
                }
                const int64_t at = (n * s->out_height * s->out_width + p) * s->channels + c;
                const double expected = count ? sum / (double)count : 0;
                CHECK(fabs(mean[at] - expected) <= 10 * TOLERANCE, "mean %g, not %g", (double)mean[at], expected);
                CHECK(index[at] == where, "maximum at %d, not %ld", index[at], (long)where);
                CHECK(count == 0 || (double)most[at] == best, "maximum %g, not %g", (double)most[at], best);
            }
        }
    }
    const double bound = TOLERANCE * 10 * (double)(in_size + out_size);
    CHECK(fabs(inner(mean, g, out_size) - inner(x, back, in_size)) <= bound, "the mean's adjoint");
    CHECK(fabs(inner(most, g, out_size) - inner(x, spread, in_size)) <= bound, "the maximum's adjoint");
    for (int p = 1; p < POOLS; p++) {
        real *y = allocate(out_size), *z = allocate(in_size);
        int32_t *j = calloc((size_t)out_size, sizeof *j);
        average_pool(&pools[p], s, x, y);
        SAME(y, mean, out_size, "average_pool");
        average_pool_gradient(&pools[p], s, g, z);
        SAME(z, back, in_size, "average_pool_gradient");
        max_pool_index(&pools[p], s, x, j);
        SAME(j, index, out_size, "max_pool_index");
        gather_index(&pools[p], &places, x, index, y);
        SAME(y, most, out_size, "gather_index");
        scatter_index(&pools[p], &places, g, index, z);
        SAME(z, spread, in_size, "scatter_index");
        free(j);
        free(z);
        free(y);
    }
    free(index);
    free(spread);
    free(most);
    free(back);
    free(mean);
    free(g);
    free(x);
}

static void check_rows(const struct row_lookup *s)
{
    const int64_t table_size = s->table_rows * s->width, size = s->rows * s->width;
    real *table = drawn(table_size, 3), *g = drawn(size, 4), *out = allocate(size), *sums = allocate(table_size);
    int32_t *index = calloc((size_t)s->rows, sizeof *index);
    for (int64_t i = 0; i < s->rows; i++)
        index[i] = (int32_t)choose(0, s->table_rows - 1);
    gather_rows(&pools[0], s, table, index, out);
    scatter_add_rows(&pools[0], s, g, index, sums);
    for (int64_t i = 0; i < size; i++)
        CHECK(out[i] == table[index[i / s->width] * s->width + i % s->width], "row %ld", (long)(i / s->width));
    for (int64_t r = 0; r < s->table_rows; r++) {
        for (int64_t j = 0; j < s->width; j++) {
            real sum = 0;
            for (int64_t i = 0; i < s->rows; i++)
                if (index[i] == r)
                    sum += g[i * s->width + j];
            CHECK(sums[r * s->width + j] == sum, "row %ld column %ld", (long)r, (long)j);
        }
    }
    for (int p = 1; p < POOLS; p++) {
        real *other = allocate(size), *others = allocate(table_size);
        gather_rows(&pools[p], s, table, index, other);
        SAME(other, out, size, "gather_rows");
        scatter_add_rows(&pools[p], s, g, index, others);
        SAME(others, sums, table_size, "scatter_add_rows");
        free(others);
        free(other);
    }
    real *hot = allocate(s->rows * s->table_rows);
    one_hot(index, s->rows, s->table_rows, hot);
    for (int64_t i = 0; i < s->rows * s->table_rows; i++)
        CHECK(hot[i] == (index[i / s->table_rows] == i % s->table_rows ? 1 : 0), "one-hot element %ld", (long)i);
    free(hot);
    free(index);
    free(sums);
    free(out);
    free(g);
    free(table);
}

int main(void)
{
    start_pools(0);
    static const struct pooling fixed[] = {
        {5, 8, 8, 3, 4, 4, 2, 2, 2, 2, 0, 0}, /* the usual halving */
        {2, 5, 5, 2, 5, 5, 3, 3, 1, 1, 1, 1}, /* overlapping, padded */
        {1, 9, 7, 1, 2, 2, 2, 2, 5, 4, 0, 0}, /* stride beyond the window */
        {1, 2, 2, 2, 4, 4, 1, 1, 1, 1, 1, 1}, /* windows of padding alone */
        {3, 1, 1, 4, 1, 1, 1, 1, 1, 1, 0, 0},
    };
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
        check_windows(&fixed[i]);
    for (int i = 0; i < 60; i++) {
        struct pooling s = {.batch = choose(1, 4), .height = choose(1, 9), .width = choose(1, 9)};
        s.channels = choose(1, 5), s.kernel_height = choose(1, 4), s.kernel_width = choose(1, 4);
        s.stride_height = choose(1, 3), s.stride_width = choose(1, 3), s.pad_top = choose(0, 2);
        s.pad_left = choose(0, 2), s.out_height = choose(1, 6), s.out_width = choose(1, 6);
        check_windows(&s);
    }
    for (int i = 0; i < 30; i++)
        check_rows(&(struct row_lookup){choose(1, 80), choose(1, 12), choose(1, 200)});
    check_rows(&(struct row_lookup){64, 10, 784});
    check_rows(&(struct row_lookup){1, 1, 1});
    stop_pools();
    return finish();
}
