/* Contractions: matrix products and the three forms of a convolution, each of which is the derivative of the other
 * two. Matrices are row-major; images are [batch, height, width, channels]; weights are [kernel height, kernel width,
 * input channels, output channels].
 *
 * Work is cut into tiles of the output whose sizes follow from the shape alone, and a tile is computed by one thread
 * through single-threaded BLAS, so the bits of a result do not depend on the number of threads. */

/* C[m, n] = op(A) op(B). A is stored [m, k], or [k, m] to be transposed; B is stored [k, n], or [n, k]. */
struct matmul {
    int64_t m, n, k;
    int transpose_a, transpose_b;
};

/* y[n, oh, ow, co] = sum over kh, kw, ci of x[n, oh stride_height + kh - pad_top, ow stride_width + kw - pad_left, ci]
 * w[kh, kw, ci, co], pixels outside the image being zero. What is padded below and to the right follows from the
 * output's size. */
struct convolution {
    int64_t batch, height, width, channels;
    int64_t out_height, out_width, out_channels;
    int64_t kernel_height, kernel_width, stride_height, stride_width, pad_top, pad_left;
};

enum convolution_kind { CONVOLUTION_FORWARD, CONVOLUTION_INPUT_GRADIENT, CONVOLUTION_WEIGHT_GRADIENT };

/* Output pixels whose patches are gathered at once. */
#define CONVOLUTION_PIXELS 128
/* Parts of the batch that a weight gradient with few channels is summed over separately. */
#define CONVOLUTION_CHUNKS 8
/* A weight gradient with at least this many input channels is cut by kernel position instead. */
#define CONVOLUTION_WIDE 16

/* Images that one tile of an input gradient covers. */
static int64_t convolution_images(const struct convolution *c)
{
    return integer_min(c->batch, integer_max(1, CONVOLUTION_PIXELS / (c->out_height * c->out_width)));
}

/* Scratch that each thread needs, in reals. With K = kernel_height kernel_width channels, P = CONVOLUTION_PIXELS:
 *     forward           P K
 *     input gradient    min(batch, max(1, P / (out_height out_width))) out_height out_width K
 *     weight gradient   P channels                            when channels >= CONVOLUTION_WIDE
 *                       P K + CONVOLUTION_CHUNKS K out_channels  otherwise */
CGANC_UNUSED static int64_t convolution_scratch(const struct convolution *c, enum convolution_kind kind)
{
    const int64_t patch = c->kernel_height * c->kernel_width * c->channels;
    switch (kind) {
    case CONVOLUTION_FORWARD:
        return CONVOLUTION_PIXELS * patch;
    case CONVOLUTION_INPUT_GRADIENT:
        return convolution_images(c) * c->out_height * c->out_width * patch;
    case CONVOLUTION_WEIGHT_GRADIENT:
        if (c->channels >= CONVOLUTION_WIDE)
            return CONVOLUTION_PIXELS * c->channels;
        return CONVOLUTION_PIXELS * patch + CONVOLUTION_CHUNKS * patch * c->out_channels;
    }
    return 0;
}

/* Tile of a matrix product: the longer side is halved while there are fewer than MATMUL_TILES tiles and a half is still
 * at least MATMUL_WORK multiplications. */
#define MATMUL_TILES 8
#define MATMUL_WORK (INT64_C(2) << 20)

struct matmul_tiling {
    int64_t m, n, columns; /* the tile's sides, and tiles in a row of tiles */
};

static struct matmul_tiling matmul_tiling(const struct matmul *s)
{
    struct matmul_tiling tile = {s->m, s->n, 1};
    int64_t tiles = 1;
    while (tiles < MATMUL_TILES && tile.m * tile.n * s->k >= 2 * MATMUL_WORK && (tile.m >= 64 || tile.n >= 64)) {
        if (tile.n >= tile.m)
            tile.n = integer_ceiling(tile.n / 2, 32) * 32;
        else
            tile.m = integer_ceiling(tile.m / 2, 32) * 32;
        tiles = integer_ceiling(s->m, tile.m) * integer_ceiling(s->n, tile.n);
    }
    tile.columns = integer_ceiling(s->n, tile.n);
    return tile;
}

struct matmul_context {
    const struct matmul *shape;
    struct matmul_tiling tile;
    const real *a, *b;
    real *c;
};

static void matmul_tile(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct matmul_context *t = context;
    const struct matmul *s = t->shape;
    (void)scratch;
    for (int64_t index = first; index < last; index++) {
        const int64_t i = index / t->tile.columns * t->tile.m, j = index % t->tile.columns * t->tile.n;
        const int64_t m = integer_min(t->tile.m, s->m - i), n = integer_min(t->tile.n, s->n - j);
        const int64_t lda = s->transpose_a ? s->m : s->k, ldb = s->transpose_b ? s->k : s->n;
        real_gemm(s->transpose_a, s->transpose_b, m, n, s->k, t->a + (s->transpose_a ? i : i * lda), lda,
                  t->b + (s->transpose_b ? j * ldb : j), ldb, 0, t->c + i * s->n + j, s->n);
    }
}

/* C = op(A) op(B). */
CGANC_UNUSED static void matmul(struct pool *pool, const struct matmul *shape, const real *a, const real *b, real *c)
{
    const struct matmul_context context = {shape, matmul_tiling(shape), a, b, c};
    pool_run(pool, matmul_tile, &context, integer_ceiling(shape->m, context.tile.m) * context.tile.columns, 1);
}

struct convolution_context {
    const struct convolution *shape;
    const real *a, *b;
    real *out;
};

/* Copies `count` reals; short runs are common, for which memcpy's call would cost more than the copy. */
static inline void convolution_copy(real *CGANC_RESTRICT out, const real *CGANC_RESTRICT x, int64_t count)
{
    for (int64_t i = 0; i < count; i++)
        out[i] = x[i];
}

/* The patches of output pixels [first, last), counted through the batch, for kernel positions [from, to) counted row
 * by row: patches[last - first, (to - from) channels]. */
static void convolution_gather(const struct convolution *c, const real *x, int64_t first, int64_t last, int64_t from,
                               int64_t to, real *patches)
{
    const int64_t ci = c->channels, kw = c->kernel_width;
    for (int64_t pixel = first; pixel < last; pixel++) {
        const int64_t column = pixel % c->out_width, row = pixel / c->out_width % c->out_height;
        const real *image = x + pixel / (c->out_width * c->out_height) * c->height * c->width * ci;
        const int64_t top = row * c->stride_height - c->pad_top, left = column * c->stride_width - c->pad_left;
        for (int64_t position = from; position < to;) {
            /* The run of positions of one kernel row is contiguous in the image. */
            const int64_t begin = position % kw, run = integer_min(to - position, kw - begin);
            const int64_t h = top + position / kw, w = left + begin;
            if (h >= 0 && h < c->height) {
                const int64_t before = integer_min(run, integer_max(0, -w));
                const int64_t inside = integer_max(0, integer_min(run, c->width - w) - before);
                for (int64_t i = 0; i < before * ci; i++)
                    patches[i] = 0;
                convolution_copy(patches + before * ci, image + (h * c->width + w + before) * ci, inside * ci);
                for (int64_t i = (before + inside) * ci; i < run * ci; i++)
                    patches[i] = 0;
            } else {
                for (int64_t i = 0; i < run * ci; i++)
                    patches[i] = 0;
            }
            patches += run * ci;
            position += run;
        }
    }
}

static void convolution_forward_tile(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct convolution_context *t = context;
    const struct convolution *c = t->shape;
    const int64_t positions = c->kernel_height * c->kernel_width, patch = positions * c->channels;
    convolution_gather(c, t->a, first, last, 0, positions, scratch);
    real_gemm(0, 0, last - first, c->out_channels, patch, scratch, patch, t->b, c->out_channels, 0,
              t->out + first * c->out_channels, c->out_channels);
}

/* y[N, OH, OW, CO] from x[N, H, W, CI] and w[KH, KW, CI, CO]: patches times weights, CONVOLUTION_PIXELS pixels a
 * tile. */
CGANC_UNUSED static void convolution_forward(struct pool *pool, const struct convolution *shape, const real *x,
                                             const real *w, real *y)
{
    const struct convolution_context context = {shape, x, w, y};
    pool_run(pool, convolution_forward_tile, &context, shape->batch * shape->out_height * shape->out_width,
             CONVOLUTION_PIXELS);
}

/* Adds the patches of image `image` to where they were gathered from. */
static void convolution_scatter(const struct convolution *c, const real *CGANC_RESTRICT patches,
                                real *CGANC_RESTRICT image)
{
    const int64_t ci = c->channels, kw = c->kernel_width;
    for (int64_t row = 0; row < c->out_height; row++) {
        for (int64_t column = 0; column < c->out_width; column++) {
            const int64_t w = column * c->stride_width - c->pad_left;
            const int64_t before = integer_min(kw, integer_max(0, -w));
            const int64_t inside = integer_max(0, integer_min(kw, c->width - w) - before);
            for (int64_t k = 0; k < c->kernel_height; k++, patches += kw * ci) {
                const int64_t h = row * c->stride_height - c->pad_top + k;
                if (h < 0 || h >= c->height)
                    continue;
                real *CGANC_RESTRICT out = image + (h * c->width + w + before) * ci;
                for (int64_t i = 0; i < inside * ci; i++)
                    out[i] += patches[before * ci + i];
            }
        }
    }
}

static void convolution_input_gradient_tile(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct convolution_context *t = context;
    const struct convolution *c = t->shape;
    const int64_t patch = c->kernel_height * c->kernel_width * c->channels;
    const int64_t pixels = c->out_height * c->out_width, size = c->height * c->width * c->channels;
    real_gemm(0, 1, (last - first) * pixels, patch, c->out_channels, t->a + first * pixels * c->out_channels,
              c->out_channels, t->b, c->out_channels, 0, scratch, patch);
    memset(t->out + first * size, 0, (size_t)((last - first) * size) * sizeof(real));
    for (int64_t image = first; image < last; image++)
        convolution_scatter(c, (const real *)scratch + (image - first) * pixels * patch, t->out + image * size);
}

/* The transposed convolution: x[N, H, W, CI], every pixel of it, from g[N, OH, OW, CO] and w[KH, KW, CI, CO]. A tile is
 * some whole images. */
CGANC_UNUSED static void convolution_input_gradient(struct pool *pool, const struct convolution *shape, const real *g,
                                                    const real *w, real *x)
{
    const struct convolution_context context = {shape, g, w, x};
    pool_run(pool, convolution_input_gradient_tile, &context, shape->batch, convolution_images(shape));
}

/* w[positions [from, to), CI, CO] = patches transposed times g, over output pixels [first, last). */
static void convolution_accumulate(const struct convolution *c, const real *x, const real *g, int64_t first,
                                   int64_t last, int64_t from, int64_t to, real *patches, real *w)
{
    const int64_t rows = (to - from) * c->channels;
    if (first == last)
        memset(w, 0, (size_t)(rows * c->out_channels) * sizeof(real));
    for (int64_t pixel = first; pixel < last; pixel += CONVOLUTION_PIXELS) {
        const int64_t end = integer_min(last, pixel + CONVOLUTION_PIXELS);
        convolution_gather(c, x, pixel, end, from, to, patches);
        real_gemm(1, 0, rows, c->out_channels, end - pixel, patches, rows, g + pixel * c->out_channels,
                  c->out_channels, pixel > first, w, c->out_channels);
    }
}

static void convolution_position_tile(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct convolution_context *t = context;
    const struct convolution *c = t->shape;
    const int64_t pixels = c->batch * c->out_height * c->out_width;
    convolution_accumulate(c, t->a, t->b, 0, pixels, first, last, scratch,
                           t->out + first * c->channels * c->out_channels);
}

static void convolution_chunk_tile(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct convolution_context *t = context;
    const struct convolution *c = t->shape;
    const int64_t pixels = c->batch * c->out_height * c->out_width;
    const int64_t positions = c->kernel_height * c->kernel_width, size = positions * c->channels * c->out_channels;
    for (int64_t chunk = first; chunk < last; chunk++)
        convolution_accumulate(c, t->a, t->b, pixels * chunk / CONVOLUTION_CHUNKS,
                               pixels * (chunk + 1) / CONVOLUTION_CHUNKS, 0, positions, scratch,
                               t->out + chunk * size);
}

/* Sums the chunks' results pairwise. */
static void convolution_combine(const real *CGANC_RESTRICT parts, int64_t size, real *CGANC_RESTRICT w)
{
    for (int64_t i = 0; i < size; i++) {
        real sums[CONVOLUTION_CHUNKS];
        for (int64_t chunk = 0; chunk < CONVOLUTION_CHUNKS; chunk++)
            sums[chunk] = parts[chunk * size + i];
        for (int64_t width = CONVOLUTION_CHUNKS / 2; width > 0; width /= 2)
            for (int64_t chunk = 0; chunk < width; chunk++)
                sums[chunk] += sums[chunk + width];
        w[i] = sums[0];
    }
}

/* w[KH, KW, CI, CO] from x[N, H, W, CI] and g[N, OH, OW, CO]: for each kernel position by itself when there are many
 * channels, else for fixed parts of the batch, which are summed in a fixed order. */
CGANC_UNUSED static void convolution_weight_gradient(struct pool *pool, const struct convolution *shape,
                                                     const real *x, const real *g, real *w)
{
    const int64_t positions = shape->kernel_height * shape->kernel_width;
    if (shape->channels >= CONVOLUTION_WIDE) {
        const struct convolution_context context = {shape, x, g, w};
        pool_run(pool, convolution_position_tile, &context, positions, 1);
        return;
    }
    const int64_t patch = positions * shape->channels;
    /* The parts lie behind the patches in the first thread's scratch. */
    real *parts = (real *)pool->scratch + CONVOLUTION_PIXELS * patch;
    const struct convolution_context context = {shape, x, g, parts};
    pool_run(pool, convolution_chunk_tile, &context, CONVOLUTION_CHUNKS, 1);
    convolution_combine(parts, patch * shape->out_channels, w);
}
