/* Matrix products by OpenBLAS, where `cganc tune` found it faster. The result is cut into parts whose extents follow
 * from the shape; each is one call by one thread, and its epilogue finds it in the cache. So bits do not depend on the
 * number of threads, though they do on the OpenBLAS that is there. */
#if defined(__has_include)
#if !__has_include(<cblas.h>)
#error "OpenBLAS is missing: there is no cblas.h; install it, for example by apt-get install libopenblas-dev"
#endif
#endif
#include <cblas.h>

#ifdef CGANC_DOUBLE
#define blas_gemm cblas_dgemm
#else
#define blas_gemm cblas_sgemm
#endif

struct blas_matmul {
    struct matmul shape;
    int64_t rows, columns; /* of a part, at most */
};

struct blas_context {
    const struct blas_matmul *product;
    const real *a, *b, *more_a, *more_b;
    real *c;
    const struct epilogue *epilogue;
};

/* A part of C from `row` and `column` on, as the product of `k` terms, or with it added. */
static void blas_part(const struct matmul *s, int64_t k, const real *a, const real *b, real beta, real *c, int64_t row,
                      int64_t rows, int64_t column, int64_t columns)
{
    blas_gemm(CblasRowMajor, s->transpose_a ? CblasTrans : CblasNoTrans, s->transpose_b ? CblasTrans : CblasNoTrans,
              (int)rows, (int)columns, (int)k, 1, a + (s->transpose_a ? row : row * k),
              (int)(s->transpose_a ? s->m : k), b + (s->transpose_b ? column * k : column),
              (int)(s->transpose_b ? k : s->n), beta, c, (int)s->n);
}

/* A task is a part. */
static void blas_task(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct blas_context *t = context;
    const struct matmul *s = &t->product->shape;
    const int64_t across = integer_ceiling(s->n, t->product->columns);
    (void)scratch;
    for (int64_t part = first; part < last; part++) {
        const int64_t row = part / across * t->product->rows, column = part % across * t->product->columns;
        const int64_t rows = integer_min(t->product->rows, s->m - row);
        const int64_t columns = integer_min(t->product->columns, s->n - column);
        real *const c = t->c + row * s->n + column;
        blas_part(s, s->k, t->a, t->b, 0, c, row, rows, column, columns);
        if (s->more)
            blas_part(s, s->more, t->more_a, t->more_b, 1, c, row, rows, column, columns);
        epilogue_run(t->epilogue, row, rows, column, columns);
    }
}

/* C = A^T B + D^T E, then the epilogue, whose rows and columns are C's; NULL for none. */
CGANC_UNUSED static void blas_matmul_sum(struct pool *pool, const struct blas_matmul *product, const real *a,
                                         const real *b, const real *d, const real *e, real *c,
                                         const struct epilogue *epilogue)
{
    const struct blas_context t = {product, a, b, d, e, c, epilogue};
    const struct matmul *s = &product->shape;
    openblas_set_num_threads(1); /* the threads are our own */
    pool_run(pool, blas_task, &t, integer_ceiling(s->m, product->rows) * integer_ceiling(s->n, product->columns), 1);
}

/* C = op(A) op(B), then the epilogue. */
CGANC_UNUSED static void blas_matmul(struct pool *pool, const struct blas_matmul *product, const real *a, const real *b,
                                     real *c, const struct epilogue *epilogue)
{
    blas_matmul_sum(pool, product, a, b, NULL, NULL, c, epilogue);
}
