/* The input gradient of a convolution with few input channels. A panel would be mostly zeros if its columns were
 * channels; they are all (kernel position, channel) pairs instead. The product of g's pixels with the whole kernel lies
 * in scratch for an image, and each pixel of the result sums its taps from there. */

/* Channels of the image are fewer. */
#define NARROW_CHANNELS 8

/* Columns of the product: (kernel position, channel) pairs. */
static int64_t narrow_columns(const struct convolution *c)
{
    return c->kernel_height * c->kernel_width * c->channels;
}

/* A task is a panel. */
static void narrow_pack(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct convolution_context *t = context;
    const int64_t co = t->source_channels, patch = narrow_columns(t->shape);
    (void)scratch;
    for (int64_t index = first; index < last; index++) {
        const int64_t column = index * TILE_COLUMNS, columns = integer_min(TILE_COLUMNS, patch - column);
        panels_from_columns(t->weights + column * co, co, co, columns, t->panels + column * co);
    }
}

/* products[pixel][kernel position][channel] for the pixels of one image of g. */
static void narrow_products(const struct convolution_context *t, const real *g, real *products)
{
    const int64_t co = t->source_channels, patch = narrow_columns(t->shape);
    const int64_t pixels = t->vertical.source * t->horizontal.source, tiles = integer_ceiling(pixels, TILE_ROWS);
    const struct tile_walk walk = {.segments = 1, .length = co};
    for (int64_t tile = 0; tile < tiles; tile++) {
        const int64_t first = tile_first(pixels, tiles, tile), count = tile_first(pixels, tiles, tile + 1) - first;
        for (int64_t column = 0; column < patch; column += TILE_COLUMNS) {
            const int64_t columns = integer_min(TILE_COLUMNS, patch - column);
            const real *x[TILE_ROWS];
            real *out[TILE_ROWS];
            for (int64_t i = 0; i < count; i++) {
                x[i] = g + (first + i) * co;
                out[i] = products + (first + i) * patch + column;
            }
            tile_dots[columns > LANES][count - 1](&walk, x, t->panels + column * co, out, columns);
        }
    }
}

/* Adds up the taps of each pixel of one image, `image`, rows and then columns of the kernel in ascending order. */
CGANC_INLINE void narrow_sum(const struct convolution *c, const int64_t ci, const real *CGANC_RESTRICT products,
                             real *CGANC_RESTRICT image)
{
    const int64_t patch = narrow_columns(c), step = c->stride_width * ci;
    memset(image, 0, (size_t)(c->height * c->width * ci) * sizeof(real));
    for (int64_t kh = 0; kh < c->kernel_height; kh++) {
        int64_t top, bottom, left, right;
        convolution_range(kh, c->stride_height, c->pad_top, c->height, c->out_height, &top, &bottom);
        for (int64_t row = top; row < bottom; row++) {
            const int64_t h = row * c->stride_height + kh - c->pad_top;
            for (int64_t kw = 0; kw < c->kernel_width; kw++) {
                convolution_range(kw, c->stride_width, c->pad_left, c->width, c->out_width, &left, &right);
                const real *tap = products + (row * c->out_width + left) * patch + (kh * c->kernel_width + kw) * ci;
                real *out = image + (h * c->width + left * c->stride_width + kw - c->pad_left) * ci;
                for (int64_t column = left; column < right; column++, tap += patch, out += step)
                    for (int64_t i = 0; i < ci; i++)
                        out[i] += tap[i];
            }
        }
    }
}

/* A task is an image. */
static void narrow_task(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct convolution_context *t = context;
    const struct convolution *c = t->shape;
    const int64_t patch = narrow_columns(c), size = c->height * c->width * c->channels;
    real *const products = scratch_start(scratch) + panel_reals(t->source_channels, patch);
    for (int64_t image = first; image < last; image++) {
        real *out = t->out + image * size;
        narrow_products(t, t->source + image * c->out_height * c->out_width * c->out_channels, products);
        switch (c->channels) {
        case 1: narrow_sum(c, 1, products, out); break;
        case 3: narrow_sum(c, 3, products, out); break;
        default: narrow_sum(c, c->channels, products, out); break;
        }
        epilogue_run(t->epilogue, image * c->height * c->width, c->height * c->width, 0, c->channels);
    }
}

/* Reals of scratch that each thread needs: panels in the first thread's, products in each. */
CGANC_UNUSED static int64_t narrow_input_gradient_scratch(const struct convolution *c)
{
    const int64_t patch = narrow_columns(c);
    return SCRATCH_SLACK + panel_reals(c->out_channels, patch) + c->out_height * c->out_width * patch;
}

/* The transposed convolution: x[N, H, W, CI], every pixel of it, from g[N, OH, OW, CO] and w[KH, KW, CI, CO]; rows of
 * the epilogue are pixels of x. */
CGANC_UNUSED static void narrow_input_gradient(struct pool *pool, const struct convolution *shape, const real *g,
                                               const real *w, real *x, const struct epilogue *epilogue)
{
    struct convolution_context t = convolution_context(shape, CONVOLUTION_INPUT_GRADIENT);
    t.source = g, t.weights = w, t.out = x, t.epilogue = epilogue;
    t.panels = scratch_start(pool->scratch);
    pool_run(pool, narrow_pack, &t, integer_ceiling(narrow_columns(shape), TILE_COLUMNS), 1);
    pool_run(pool, narrow_task, &t, shape->batch, integer_max(1, shape->batch / 32));
}
