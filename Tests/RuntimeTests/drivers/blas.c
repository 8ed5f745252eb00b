/* Products by OpenBLAS in parts against a loop that reads like the definition, over odd shapes and parts that leave
 * rests; the same bits from 1, 2, 3 and 7 threads; and epilogues that meet every element once. */
struct frame {
    real *base;
    int64_t rows, columns;
    unsigned char *counts;
};

/* Doubles what it is given, and counts how often it is given it. */
static void twice(const struct frame *t, struct part part)
{
    if (part.bottom > t->rows || part.right > t->columns)
        exit(3);
    for (int64_t i = part.top; i < part.bottom; i++) {
        for (int64_t j = part.left; j < part.right; j++) {
            t->base[i * t->columns + j] *= 2;
            t->counts[i * t->columns + j]++;
        }
    }
}

static void check_product(struct blas_matmul product)
{
    const struct matmul s = product.shape;
    const int64_t count = s.m * s.n;
    real *a = drawn(s.m * s.k, 1), *b = drawn(s.k * s.n, 2), *expected = allocate(count), *reference = NULL;
    real *d = drawn(s.m * s.more, 3), *e = drawn(s.more * s.n, 4);
    for (int64_t i = 0; i < s.m; i++) {
        for (int64_t j = 0; j < s.n; j++) {
            double sum = 0;
            for (int64_t k = 0; k < s.more; k++)
                sum += (double)d[k * s.m + i] * (double)e[k * s.n + j];
            for (int64_t k = 0; k < s.k; k++)
                sum += (double)a[s.transpose_a ? k * s.m + i : i * s.k + k] *
                       (double)b[s.transpose_b ? j * s.k + k : k * s.n + j];
            expected[i * s.n + j] = (real)sum;
        }
    }
    for (int p = 0; p < POOLS; p++) {
        real *c = allocate(count);
        if (s.more)
            blas_matmul_sum(&pools[p], &product, a, b, d, e, c, NULL);
        else
            blas_matmul(&pools[p], &product, a, b, c, NULL);
        const double worst = difference(c, expected, count);
        CHECK(worst <= TOLERANCE * (double)(s.k + s.more), "m %ld n %ld k %ld transposed %d %d: off by %g", (long)s.m, (long)s.n,
              (long)s.k, s.transpose_a, s.transpose_b, worst);
        if (p == 0) {
            reference = c;
            continue;
        }
        CHECK(memcmp(c, reference, (size_t)count * sizeof(real)) == 0, "m %ld n %ld k %ld: %d threads differ",
              (long)s.m, (long)s.n, (long)s.k, pool_sizes[p]);
        free(c);
    }
    struct frame context = {allocate(count), s.m, s.n, calloc((size_t)count, 1)};
    const struct epilogue epilogue = {twice, &context};
    if (s.more)
        blas_matmul_sum(&pools[1], &product, a, b, d, e, context.base, &epilogue);
    else
        blas_matmul(&pools[1], &product, a, b, context.base, &epilogue);
    int64_t wrong = 0;
    for (int64_t i = 0; i < count; i++)
        wrong += context.counts[i] != 1 || context.base[i] != 2 * reference[i];
    CHECK(wrong == 0, "the epilogue missed or repeated %ld elements", (long)wrong);
    free(context.counts);
    free(context.base);
    free(reference);
    free(expected);
    free(e);
    free(d);
    free(b);
    free(a);
}

int main(void)
{
    start_pools(0);
    for (int transposes = 0; transposes < 4; transposes++) {
        static const int64_t shapes[][5] = {/* m, n, k, and the parts' rows and columns */
                                            {17, 33, 65, 17, 16},   {64, 784, 110, 64, 208}, {100, 70, 90, 32, 70},
                                            {2, 2, 2, 2, 2},        {513, 65, 70, 144, 65},  {64, 1024, 794, 64, 256},
                                            {130, 51, 300, 48, 16}, {5, 400, 3, 1, 400}};
        for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
            const int64_t *s = shapes[i];
            if (transposes == 1)
                check_product((struct blas_matmul){{s[0], s[1], s[2], 1, 0, s[2] / 2 + 1, 0}, s[3], s[4]});
            check_product((struct blas_matmul){{s[0], s[1], s[2], transposes & 1, transposes >> 1, 0, 0}, s[3], s[4]});
        }
    }
    stop_pools();
    return finish();
}
