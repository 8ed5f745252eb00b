/* Pooling, and reading and adding pixels by index. Images are [batch, height, width, channels]. Work is shared out by
 * image, which nobody else writes, and sums run in a fixed order. */

/* Windows on an image: output pixel (oh, ow) sees the pixels (oh stride_height - pad_top + 0 ... kernel_height - 1,
 * ow stride_width - pad_left + 0 ... kernel_width - 1) that lie in the image. What is padded below and to the right
 * follows from the output's size. */
struct pooling {
    int64_t batch, height, width, channels;
    int64_t out_height, out_width;
    int64_t kernel_height, kernel_width, stride_height, stride_width, pad_top, pad_left;
};

/* The pixels [top, bottom) x [left, right) of one window; none if it lies in the padding altogether. */
struct pooling_window {
    int64_t top, bottom, left, right;
};

static inline struct pooling_window pooling_window(const struct pooling *s, int64_t row, int64_t column)
{
    const int64_t h = row * s->stride_height - s->pad_top, w = column * s->stride_width - s->pad_left;
    return (struct pooling_window){integer_max(0, h), integer_min(s->height, h + s->kernel_height), integer_max(0, w),
                                   integer_min(s->width, w + s->kernel_width)};
}

/* One over the number of pixels of a window. */
static inline real pooling_share(struct pooling_window window)
{
    const int64_t count = integer_max(0, window.bottom - window.top) * integer_max(0, window.right - window.left);
    return count > 0 ? 1 / (real)count : 0;
}

struct pooling_context {
    const struct pooling *shape;
    const real *in;
    real *out;
    int32_t *index;
};

static void average_pool_tile(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct pooling_context *t = context;
    const struct pooling *s = t->shape;
    const int64_t channels = s->channels;
    (void)scratch;
    for (int64_t n = first; n < last; n++) {
        const real *image = t->in + n * s->height * s->width * channels;
        for (int64_t row = 0; row < s->out_height; row++) {
            for (int64_t column = 0; column < s->out_width; column++) {
                real *CGANC_RESTRICT y = t->out + ((n * s->out_height + row) * s->out_width + column) * channels;
                const struct pooling_window window = pooling_window(s, row, column);
                const real share = pooling_share(window);
                for (int64_t c = 0; c < channels; c++)
                    y[c] = 0;
                for (int64_t h = window.top; h < window.bottom; h++)
                    for (int64_t w = window.left; w < window.right; w++)
                        for (int64_t c = 0; c < channels; c++)
                            y[c] += image[(h * s->width + w) * channels + c];
                for (int64_t c = 0; c < channels; c++)
                    y[c] *= share;
            }
        }
    }
}

/* y[N, OH, OW, C]: the mean of the pixels of x[N, H, W, C] in each window. Padding is not counted, so the divisor is
 * smaller at the border; a window of nothing but padding gives 0. */
CGANC_UNUSED static void average_pool(struct pool *pool, const struct pooling *shape, const real *x, real *y)
{
    const struct pooling_context context = {shape, x, y, NULL};
    pool_run(pool, average_pool_tile, &context, shape->batch, 1);
}

static void average_pool_gradient_tile(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct pooling_context *t = context;
    const struct pooling *s = t->shape;
    const int64_t channels = s->channels, size = s->height * s->width * channels;
    (void)scratch;
    memset(t->out + first * size, 0, (size_t)((last - first) * size) * sizeof(real));
    for (int64_t n = first; n < last; n++) {
        real *CGANC_RESTRICT image = t->out + n * size;
        for (int64_t row = 0; row < s->out_height; row++) {
            for (int64_t column = 0; column < s->out_width; column++) {
                const real *g = t->in + ((n * s->out_height + row) * s->out_width + column) * channels;
                const struct pooling_window window = pooling_window(s, row, column);
                const real share = pooling_share(window);
                for (int64_t h = window.top; h < window.bottom; h++)
                    for (int64_t w = window.left; w < window.right; w++)
                        for (int64_t c = 0; c < channels; c++)
                            image[(h * s->width + w) * channels + c] += share * g[c];
            }
        }
    }
}

/* The adjoint of average_pool: x[N, H, W, C], every pixel of it, from g[N, OH, OW, C]. */
CGANC_UNUSED static void average_pool_gradient(struct pool *pool, const struct pooling *shape, const real *g, real *x)
{
    const struct pooling_context context = {shape, g, x, NULL};
    pool_run(pool, average_pool_gradient_tile, &context, shape->batch, 1);
}

static void max_pool_index_tile(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct pooling_context *t = context;
    const struct pooling *s = t->shape;
    const int64_t channels = s->channels;
    (void)scratch;
    for (int64_t n = first; n < last; n++) {
        const real *image = t->in + n * s->height * s->width * channels;
        for (int64_t row = 0; row < s->out_height; row++) {
            for (int64_t column = 0; column < s->out_width; column++) {
                int32_t *index = t->index + ((n * s->out_height + row) * s->out_width + column) * channels;
                const struct pooling_window window = pooling_window(s, row, column);
                const int empty = window.top >= window.bottom || window.left >= window.right;
                const int64_t start = empty ? 0 : window.top * s->width + window.left;
                for (int64_t c = 0; c < channels; c++)
                    index[c] = (int32_t)start;
                for (int64_t h = window.top; h < window.bottom; h++)
                    for (int64_t w = window.left; w < window.right; w++)
                        for (int64_t c = 0; c < channels; c++)
                            if (image[(h * s->width + w) * channels + c] > image[index[c] * channels + c])
                                index[c] = (int32_t)(h * s->width + w);
            }
        }
    }
}

/* index[N, OH, OW, C]: where in its image, as h * width + w, each window of x[N, H, W, C] has its maximum; the first
 * of equals, in the order of the pixels. A window of nothing but padding gives 0. */
CGANC_UNUSED static void max_pool_index(struct pool *pool, const struct pooling *shape, const real *x, int32_t *index)
{
    const struct pooling_context context = {shape, x, NULL, index};
    pool_run(pool, max_pool_index_tile, &context, shape->batch, 1);
}

/* Images of `pixels` pixels read, or added to, at `out_pixels` places. */
struct indexing {
    int64_t batch, pixels, out_pixels, channels;
};

struct indexing_context {
    const struct indexing *shape;
    const real *in;
    const int32_t *index;
    real *out;
};

static void gather_index_tile(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct indexing_context *t = context;
    const int64_t channels = t->shape->channels;
    (void)scratch;
    for (int64_t n = first; n < last; n++) {
        const real *image = t->in + n * t->shape->pixels * channels;
        const int64_t start = n * t->shape->out_pixels * channels;
        for (int64_t i = 0; i < t->shape->out_pixels; i++)
            for (int64_t c = 0; c < channels; c++)
                t->out[start + i * channels + c] = image[t->index[start + i * channels + c] * channels + c];
    }
}

/* y[n, i, c] = x[n, index[n, i, c], c]. */
CGANC_UNUSED static void gather_index(struct pool *pool, const struct indexing *shape, const real *x,
                                      const int32_t *index, real *y)
{
    const struct indexing_context context = {shape, x, index, y};
    pool_run(pool, gather_index_tile, &context, shape->batch, 1);
}

static void scatter_index_tile(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct indexing_context *t = context;
    const int64_t channels = t->shape->channels, size = t->shape->pixels * channels;
    (void)scratch;
    memset(t->out + first * size, 0, (size_t)((last - first) * size) * sizeof(real));
    for (int64_t n = first; n < last; n++) {
        real *image = t->out + n * size;
        const int64_t start = n * t->shape->out_pixels * channels;
        for (int64_t i = 0; i < t->shape->out_pixels; i++)
            for (int64_t c = 0; c < channels; c++)
                image[t->index[start + i * channels + c] * channels + c] += t->in[start + i * channels + c];
    }
}

/* The adjoint of gather_index: x[n, index[n, i, c], c] is the sum of the g[n, i, c] that name it, else 0. */
CGANC_UNUSED static void scatter_index(struct pool *pool, const struct indexing *shape, const real *g,
                                       const int32_t *index, real *x)
{
    const struct indexing_context context = {shape, g, index, x};
    pool_run(pool, scatter_index_tile, &context, shape->batch, 1);
}
