/* Matrix products and convolutions against loops that read like their definitions, over shapes with odd sizes,
 * strides beyond the kernel, kernels beyond the image, lopsided padding and axes of size one; the adjoint identities
 * between the three forms of a convolution; the same bits from 1, 2, 3 and 7 threads; and epilogues that meet every
 * element once. Prints a digest of all results' bits, to compare builds by. */
static uint64_t next_state = 1;

/* One of low ... high. */
static int64_t choose(int64_t low, int64_t high)
{
    next_state = next_state * 6364136223846793005u + 1442695040888963407u;
    return low + (int64_t)((next_state >> 33) % (uint64_t)(high - low + 1));
}

/* Scratch of exactly the promised size, so that the address sanitiser sees what goes beyond it. */
static void *give_scratch(struct pool *pool, int threads, int64_t reals)
{
    const size_t each = (size_t)reals * sizeof(real);
    void *scratch = malloc(each * (size_t)threads);
    memset(scratch, 0xff, each * (size_t)threads);
    pool_scratch(pool, scratch, each);
    return scratch;
}

static void take_scratch(struct pool *pool, void *scratch)
{
    pool_scratch(pool, NULL, 0);
    free(scratch);
}

static uint64_t digest = 14695981039346656037u;

static void digest_add(const real *values, int64_t count)
{
    const unsigned char *bytes = (const unsigned char *)values;
    for (size_t i = 0; i < (size_t)count * sizeof(real); i++)
        digest = (digest ^ bytes[i]) * 1099511628211u;
}

/* What an epilogue is given here: a result to negate, and counts of how often it meets each element. */
struct frame {
    real *base;
    int64_t rows, columns;
    unsigned char *visits;
};

static void negate(const struct frame *t, struct part part)
{
    if (part.top < 0 || part.left < 0 || part.bottom > t->rows || part.right > t->columns)
        exit(3);
    for (int64_t i = part.top; i < part.bottom; i++) {
        for (int64_t j = part.left; j < part.right; j++) {
            t->base[i * t->columns + j] = -t->base[i * t->columns + j];
            t->visits[i * t->columns + j]++;
        }
    }
}

/* Checks that an epilogue made `out` out of `expected`. */
static void check_negated(const struct frame *t, const real *expected, const char *what)
{
    int64_t wrong = 0;
    for (int64_t i = 0; i < t->rows * t->columns; i++)
        wrong += t->visits[i] != 1 || t->base[i] != -expected[i];
    CHECK(wrong == 0, "%s: the epilogue missed or repeated %ld elements", what, (long)wrong);
}

static void check_product(struct matmul s)
{
    real *a = drawn(s.m * s.k, 1), *b = drawn(s.k * s.n, 2), *expected = allocate(s.m * s.n);
    real *more_a = drawn(s.m * s.more + 1, 3), *more_b = drawn(s.more * s.n + 1, 4);
    for (int64_t i = 0; i < s.m; i++) {
        for (int64_t j = 0; j < s.n; j++) {
            double sum = 0;
            for (int64_t k = 0; k < s.k; k++)
                sum += (double)a[s.transpose_a ? k * s.m + i : i * s.k + k] *
                       (double)b[s.transpose_b ? j * s.k + k : k * s.n + j];
            for (int64_t k = 0; k < s.more; k++)
                sum += (double)more_a[k * s.m + i] * (double)more_b[k * s.n + j];
            expected[i * s.n + j] = (real)sum;
        }
    }
    real *reference = NULL;
    for (int p = 0; p < POOLS; p++) {
        real *c = allocate(s.m * s.n);
        void *scratch = give_scratch(&pools[p], pool_sizes[p], matmul_scratch(&s));
        if (s.more)
            matmul_sum(&pools[p], &s, a, b, more_a, more_b, c, NULL);
        else
            matmul_flipped(&pools[p], &s, a, b, c, NULL);
        take_scratch(&pools[p], scratch);
        const double worst = difference(c, expected, s.m * s.n);
        CHECK(worst <= TOLERANCE * (double)(s.k + s.more), "m %ld n %ld k %ld transposed %d %d: off by %g", (long)s.m, (long)s.n,
              (long)s.k, s.transpose_a, s.transpose_b, worst);
        if (p == 0) {
            reference = c;
            continue;
        }
        CHECK(memcmp(c, reference, (size_t)(s.m * s.n) * sizeof(real)) == 0, "m %ld n %ld k %ld: %d threads differ",
              (long)s.m, (long)s.n, (long)s.k, pool_sizes[p]);
        free(c);
    }
    digest_add(reference, s.m * s.n);
    struct frame context = {allocate(s.m * s.n), s.m, s.n, calloc((size_t)(s.m * s.n), 1)};
    void *scratch = give_scratch(&pools[1], pool_sizes[1], matmul_scratch(&s));
    const struct epilogue epilogue = {negate, &context};
    if (s.more)
        matmul_sum(&pools[1], &s, a, b, more_a, more_b, context.base, &epilogue);
    else
        matmul_flipped(&pools[1], &s, a, b, context.base, &epilogue);
    take_scratch(&pools[1], scratch);
    check_negated(&context, reference, "product");
    free(more_b);
    free(more_a);
    free(context.visits);
    free(context.base);
    free(reference);
    free(expected);
    free(b);
    free(a);
}

/* With panels of either operand, where there is a choice. */
static void check_matmul(struct matmul s)
{
    check_product(s);
    if (s.transpose_a || s.k == 1 || s.n == 1)
        return;
    s.flipped = 1;
    check_product(s);
}

/* Calls `visit` for each product x w that a convolution consists of. */
#define FOR_EACH_PRODUCT(c, visit)                                                                                     \
    for (int64_t n = 0; n < c->batch; n++)                                                                             \
        for (int64_t oh = 0; oh < c->out_height; oh++)                                                                 \
            for (int64_t ow = 0; ow < c->out_width; ow++)                                                              \
                for (int64_t kh = 0; kh < c->kernel_height; kh++)                                                      \
                    for (int64_t kw = 0; kw < c->kernel_width; kw++) {                                                 \
                        const int64_t h = oh * c->stride_height + kh - c->pad_top;                                     \
                        const int64_t w = ow * c->stride_width + kw - c->pad_left;                                     \
                        if (h < 0 || h >= c->height || w < 0 || w >= c->width)                                         \
                            continue;                                                                                  \
                        for (int64_t i = 0; i < c->channels; i++)                                                      \
                            for (int64_t o = 0; o < c->out_channels; o++) {                                            \
                                const int64_t at_x = ((n * c->height + h) * c->width + w) * c->channels + i;           \
                                const int64_t at_w =                                                                   \
                                    ((kh * c->kernel_width + kw) * c->channels + i) * c->out_channels + o;             \
                                const int64_t at_y =                                                                   \
                                    ((n * c->out_height + oh) * c->out_width + ow) * c->out_channels + o;              \
                                visit;                                                                                 \
                            }                                                                                          \
                    }

/* The members of the convolution triple, and the ways of computing them. */
enum { FORWARD, INPUT_GRADIENT, WEIGHT_GRADIENT };
enum form { DIRECT, NARROW, FILTERED };
typedef void (*member)(struct pool *pool, const struct convolution *c, const real *a, const real *b, real *out,
                       const struct epilogue *epilogue);
static const member members[3][3] = {
    {convolution_forward, convolution_input_gradient, convolution_weight_gradient},
    {NULL, narrow_input_gradient, narrow_weight_gradient},
    {filtered_forward, filtered_input_gradient, filtered_weight_gradient},
};

static int64_t member_scratch(enum form form, const struct convolution *c, int kind)
{
    if (kind == WEIGHT_GRADIENT)
        return form == DIRECT   ? convolution_weight_gradient_scratch(c)
               : form == NARROW ? narrow_weight_gradient_scratch(c)
                                : filtered_weight_gradient_scratch(c);
    const enum convolution_kind sum = kind == FORWARD ? CONVOLUTION_FORWARD : CONVOLUTION_INPUT_GRADIENT;
    return form == DIRECT   ? convolution_scratch(c, sum)
           : form == NARROW ? narrow_input_gradient_scratch(c)
                            : filtered_scratch(c, sum);
}

/* Checks all members that the form has. */
static void check_form(const struct convolution *c, enum form form)
{
    const int64_t sizes[3] = {c->batch * c->height * c->width * c->channels,
                              c->kernel_height * c->kernel_width * c->channels * c->out_channels,
                              c->batch * c->out_height * c->out_width * c->out_channels};
    real *x = drawn(sizes[0], 3), *weights = drawn(sizes[1], 4), *y = drawn(sizes[2], 5);
    const real *inputs[3][2] = {{x, weights}, {y, weights}, {x, y}};
    const int64_t out_sizes[3] = {sizes[2], sizes[0], sizes[1]};
    const int64_t terms[3] = {c->kernel_height * c->kernel_width * c->channels,
                              c->kernel_height * c->kernel_width * c->out_channels,
                              c->batch * c->out_height * c->out_width};
    double *expected[3];
    for (int kind = 0; kind < 3; kind++)
        expected[kind] = calloc((size_t)out_sizes[kind], sizeof(double));
    FOR_EACH_PRODUCT(c, expected[0][at_y] += (double)x[at_x] * (double)weights[at_w];
                     expected[1][at_x] += (double)y[at_y] * (double)weights[at_w];
                     expected[2][at_w] += (double)x[at_x] * (double)y[at_y])
    double products[3] = {0};
    const real *partner[3] = {y, x, weights};
    for (int kind = form == NARROW ? INPUT_GRADIENT : FORWARD; kind < 3; kind++) {
        const member run = members[form][kind];
        real *reference = NULL;
        for (int p = 0; p < POOLS; p++) {
            void *scratch = give_scratch(&pools[p], pool_sizes[p], member_scratch(form, c, kind));
            real *out = allocate(out_sizes[kind]);
            run(&pools[p], c, inputs[kind][0], inputs[kind][1], out, NULL);
            double worst = 0;
            for (int64_t i = 0; i < out_sizes[kind]; i++) {
                const double distance = fabs((double)out[i] - expected[kind][i]);
                if (!(distance <= worst))
                    worst = distance;
            }
            const char *shape = "form %d, kind %d, %ldx%ldx%ldx%ld to %ldx%ldx%ld, kernel %ldx%ld, stride %ldx%ld, "
                                "pad %ld %ld";
            char text[200];
            snprintf(text, sizeof text, shape, form, kind, (long)c->batch, (long)c->height, (long)c->width,
                     (long)c->channels, (long)c->out_height, (long)c->out_width, (long)c->out_channels,
                     (long)c->kernel_height, (long)c->kernel_width, (long)c->stride_height, (long)c->stride_width,
                     (long)c->pad_top, (long)c->pad_left);
            CHECK(worst <= TOLERANCE * (double)terms[kind], "%s: off by %g", text, worst);
            if (p == 0) {
                reference = out;
                products[kind] = inner(out, partner[kind], out_sizes[kind]);
            } else {
                CHECK(memcmp(out, reference, (size_t)out_sizes[kind] * sizeof(real)) == 0, "%s: %d threads differ",
                      text, pool_sizes[p]);
                free(out);
            }
            take_scratch(&pools[p], scratch);
        }
        digest_add(reference, out_sizes[kind]);
        const int64_t columns = kind == INPUT_GRADIENT ? c->channels : c->out_channels;
        struct frame context = {allocate(out_sizes[kind]), out_sizes[kind] / columns, columns,
                                calloc((size_t)out_sizes[kind], 1)};
        void *scratch = give_scratch(&pools[1], pool_sizes[1], member_scratch(form, c, kind));
        run(&pools[1], c, inputs[kind][0], inputs[kind][1], context.base, &(struct epilogue){negate, &context});
        take_scratch(&pools[1], scratch);
        check_negated(&context, reference, "convolution");
        free(context.visits);
        free(context.base);
        free(reference);
    }
    /* <conv(x, w), y> = <x, input gradient(y, w)> = <w, weight gradient(x, y)> */
    if (form == NARROW)
        products[0] = products[1];
    const double bound = TOLERANCE * (double)(sizes[2] * terms[0] + 1);
    CHECK(fabs(products[0] - products[1]) <= bound, "input adjoint: %.17g and %.17g", products[0], products[1]);
    CHECK(fabs(products[0] - products[2]) <= bound, "weight adjoint: %.17g and %.17g", products[0], products[2]);
    for (int kind = 0; kind < 3; kind++)
        free(expected[kind]);
    free(y);
    free(weights);
    free(x);
}

static void check_convolution(const struct convolution *c)
{
    check_form(c, DIRECT);
    if (c->channels < NARROW_CHANNELS)
        check_form(c, NARROW);
    const int halves = c->kernel_height == 4 && c->kernel_width == 4 && c->stride_height == 2 && c->stride_width == 2;
    if (halves && c->channels % 32 == 0 && c->out_channels % 32 == 0)
        check_form(c, FILTERED);
}

int main(void)
{
    start_pools(0);
    for (int transposes = 0; transposes < 4; transposes++) {
        static const int64_t fixed[][3] = {{1, 1, 1},    {64, 1, 256},   {64, 256, 1},  {1, 300, 77},  {300, 1, 129},
                                           {17, 33, 65}, {100, 700, 90}, {513, 70, 65}, {64, 1024, 70}};
        for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
            check_matmul((struct matmul){fixed[i][0], fixed[i][1], fixed[i][2], transposes & 1, transposes >> 1, 0, 0});
        for (int i = 0; i < 12; i++)
            check_matmul((struct matmul){choose(1, 150), choose(1, 150), choose(1, 150), transposes & 1,
                                         transposes >> 1, 0, 0});
        check_matmul((struct matmul){130, 520, 900, transposes & 1, transposes >> 1, 0, 0}); /* several tiles */
        check_matmul((struct matmul){520, 130, 900, transposes & 1, transposes >> 1, 0, 0});
        check_matmul((struct matmul){250, 130, 900, transposes & 1, transposes >> 1, 0, 0}); /* rows beyond the cache */
        check_matmul((struct matmul){30, 90, 1024, transposes & 1, transposes >> 1, 0, 0}); /* rows a page apart */
        check_matmul((struct matmul){35, 70, 1, transposes & 1, transposes >> 1, 0, 0});    /* an outer product */
        check_matmul((struct matmul){700, 1, 40, transposes & 1, transposes >> 1, 0, 0});   /* products with a vector */
    }
    check_matmul((struct matmul){70, 300, 64, 1, 0, 32, 0}); /* the sum of two products */
    check_matmul((struct matmul){33, 50, 2, 1, 0, 129, 0});
    static const struct convolution fixed[] = {
        {3, 14, 14, 16, 7, 7, 32, 4, 4, 2, 2, 1, 1},  /* the usual halving */
        {9, 28, 28, 2, 14, 14, 8, 4, 4, 2, 2, 1, 1},  /* few channels */
        {2, 7, 7, 3, 7, 7, 5, 3, 3, 1, 1, 1, 1},      /* same size */
        {2, 5, 6, 1, 1, 2, 1, 5, 5, 1, 1, 0, 0},      /* a valid kernel as high as the image */
        {1, 9, 9, 2, 3, 3, 3, 2, 2, 4, 4, 0, 0},      /* stride beyond the kernel, pixels nothing reaches */
        {2, 3, 3, 2, 3, 3, 2, 7, 7, 1, 1, 3, 3},      /* kernel beyond the image */
        {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0},      /* nothing but ones */
        {1, 1, 8, 3, 1, 4, 2, 1, 2, 1, 2, 0, 0},      /* one row */
        {4, 6, 5, 17, 3, 5, 33, 4, 3, 2, 1, 2, 0},    /* padded above only, odd channels */
        {2, 4, 4, 2, 5, 5, 3, 2, 2, 1, 1, 1, 1},      /* larger output */
        {1, 2, 2, 1, 4, 4, 1, 1, 1, 1, 1, 1, 1},      /* patches that are padding altogether */
        {70, 2, 2, 20, 1, 1, 3, 2, 2, 2, 2, 0, 0},    /* many small images */
        {9, 14, 14, 32, 7, 7, 64, 4, 4, 2, 2, 1, 1},  /* may be filtered: the usual halving, */
        {11, 13, 16, 64, 7, 8, 32, 4, 4, 2, 2, 2, 0}, /* lopsided, */
        {4, 27, 18, 32, 15, 7, 32, 4, 4, 2, 2, 3, 3}, /* several tiles down, padded by more than a tap, */
        {1, 5, 4, 32, 2, 2, 64, 4, 4, 2, 2, 1, 2},    /* less than a tile */
    };
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
        check_convolution(&fixed[i]);
    for (int i = 0; i < 60; i++) {
        struct convolution c = {.batch = choose(1, 6), .height = choose(1, 9), .width = choose(1, 9)};
        c.channels = choose(1, 20), c.out_channels = choose(1, 20);
        c.kernel_height = choose(1, 5), c.kernel_width = choose(1, 5);
        c.stride_height = choose(1, 3), c.stride_width = choose(1, 3);
        c.pad_top = choose(0, 3), c.pad_left = choose(0, 3);
        c.out_height = choose(1, 6), c.out_width = choose(1, 6);
        check_convolution(&c);
    }
    stop_pools();
    printf("digest %016llx\n", (unsigned long long)digest);
    return finish();
}
