/* The weight gradient of a convolution: for each kernel position, outer products of the pixels that this position
 * meets, summed over the batch. The batch is taken in blocks of some images that fit the cache, and for each block the
 * tiles of the result are loaded, carried on and stored. A task is one panel of g with all kernel positions, so that
 * each pixel of x comes from memory once for a panel.
 *
 * With few panels that would be too few tasks. Then fixed parts of the batch, whose number follows from the shape, are
 * summed separately and joined in a fixed order.
 *
 * With few input channels the sums of a position would not fill a tile's rows. Then whole patches are gathered. */

/* Input channels below which patches are gathered. */
#define WEIGHT_GRADIENT_NARROW 8
/* Parts of the batch, at most and with gathered patches. */
#define WEIGHT_GRADIENT_PARTS 16
/* Tasks to have, with 32 columns for each, and images that a part should have. */
#define WEIGHT_GRADIENT_TASKS 8
#define WEIGHT_GRADIENT_IMAGES 16
/* Output pixels of a block, about. */
#define WEIGHT_GRADIENT_PIXELS 256

struct weight_gradient_context {
    const struct convolution *shape;
    const struct epilogue *epilogue;
    const real *x, *g;
    real *out, *sums; /* the result, and each part's own: the same if there is one part */
    int64_t parts;
    int64_t images; /* of a block */
    int64_t shared; /* reals at the start of each thread's scratch that are not its own */
};

static int64_t weight_gradient_patch(const struct convolution *c)
{
    return c->kernel_height * c->kernel_width * c->channels;
}

static struct weight_gradient_context weight_gradient_context(const struct convolution *c)
{
    struct weight_gradient_context t = {.shape = c, .parts = 1};
    if (c->channels < WEIGHT_GRADIENT_NARROW)
        t.parts = WEIGHT_GRADIENT_PARTS;
    else
        while (t.parts * integer_ceiling(c->out_channels, 32) < WEIGHT_GRADIENT_TASKS &&
               2 * t.parts * WEIGHT_GRADIENT_IMAGES <= c->batch)
            t.parts *= 2;
    t.images = integer_max(1, integer_min(c->batch, WEIGHT_GRADIENT_PIXELS / (c->out_height * c->out_width)));
    if (t.parts > 1)
        t.shared = scratch_piece(t.parts * weight_gradient_patch(c) * c->out_channels, sizeof(real));
    return t;
}

/* The output pixels [*first, *last) of an axis for which `tap` meets a pixel of the image. */
static void weight_gradient_range(int64_t tap, int64_t stride, int64_t pad, int64_t size, int64_t out, int64_t *first,
                                  int64_t *last)
{
    *first = integer_min(out, tap < pad ? integer_ceiling(pad - tap, stride) : 0);
    *last = size + pad > tap ? integer_min(out, integer_ceiling(size + pad - tap, stride)) : 0;
}

/* The terms of kernel position (kh, kw) for `images` images: pixels of x and rows of a panel of g. */
static int64_t weight_gradient_terms(const struct convolution *c, int64_t images, int64_t kh, int64_t kw,
                                     struct tile_term *terms)
{
    int64_t top, bottom, left, right, count = 0;
    weight_gradient_range(kh, c->stride_height, c->pad_top, c->height, c->out_height, &top, &bottom);
    weight_gradient_range(kw, c->stride_width, c->pad_left, c->width, c->out_width, &left, &right);
    for (int64_t image = 0; image < images; image++) {
        for (int64_t row = top; row < bottom; row++) {
            const int64_t h = image * c->height + row * c->stride_height + kh - c->pad_top;
            const int64_t pixel = (image * c->out_height + row) * c->out_width;
            for (int64_t column = left; column < right; column++) {
                const int64_t w = column * c->stride_width + kw - c->pad_left;
                terms[count++] = (struct tile_term){(h * c->width + w) * c->channels, (pixel + column) * TILE_COLUMNS};
            }
        }
    }
    return count;
}

/* A block's share of one kernel position and one panel of g, added to `sums` or beginning them. */
static void weight_gradient_position(const struct convolution *c, int64_t position, const real *x, int64_t images,
                                     int64_t ahead, const real *panel, struct tile_term *terms, int begins, real *sums,
                                     int64_t columns)
{
    const int64_t ci = c->channels, co = c->out_channels, tiles = integer_ceiling(ci, TILE_ROWS);
    const int64_t kh = position / c->kernel_width, kw = position % c->kernel_width;
    const int64_t count = weight_gradient_terms(c, images, kh, kw, terms);
    for (int64_t tile = 0; tile < tiles; tile++) {
        const int64_t row = tile_first(ci, tiles, tile), rows = tile_first(ci, tiles, tile + 1) - row;
        tile_outers[columns > LANES][rows - 1](terms, count, x + row, panel, ahead, !begins,
                                               sums + (position * ci + row) * co, co, columns);
    }
}

/* A panel's columns, of one part of the batch. */
static void weight_gradient_task(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct weight_gradient_context *t = context;
    const struct convolution *c = t->shape;
    const int64_t co = c->out_channels, pixels = c->out_height * c->out_width;
    const int64_t positions = c->kernel_height * c->kernel_width, size = c->height * c->width * c->channels;
    real *const panel = scratch_start(scratch) + t->shared;
    struct tile_term *const terms = (void *)(panel + scratch_piece(t->images * pixels * TILE_COLUMNS, sizeof(real)));
    for (int64_t task = first; task < last; task++) {
        const int64_t part = task % t->parts, column = task / t->parts * TILE_COLUMNS;
        const int64_t columns = integer_min(TILE_COLUMNS, co - column);
        const int64_t begin = c->batch * part / t->parts, end = c->batch * (part + 1) / t->parts;
        real *const sums = t->sums + part * weight_gradient_patch(c) * co + column;
        for (int64_t image = begin; image < end; image += t->images) {
            const int64_t images = integer_min(t->images, end - image);
            const int64_t ahead = image + images < end ? images * size : 0;
            panels_from_rows(t->g + image * pixels * co + column, co, images * pixels, columns, 0, panel);
            for (int64_t position = 0; position < positions; position++)
                weight_gradient_position(c, position, t->x + image * size, images, ahead, panel, terms,
                                         image == begin, sums, columns);
        }
        if (t->parts == 1)
            epilogue_run(t->epilogue, 0, weight_gradient_patch(c), column, columns, sums, co);
    }
}

/* The patches of `images` images, [images out_height out_width][kernel_height][kernel_width][channels], zeros where
 * they hang over an image's edge. */
static void weight_gradient_gather(const struct convolution *c, const real *x, int64_t images, real *patches)
{
    const int64_t ci = c->channels, run = c->kernel_width * ci;
    for (int64_t image = 0; image < images; image++, x += c->height * c->width * ci) {
        for (int64_t row = 0; row < c->out_height; row++) {
            for (int64_t column = 0; column < c->out_width; column++) {
                const int64_t left = column * c->stride_width - c->pad_left;
                const int64_t before = integer_min(run, integer_max(0, -left) * ci);
                const int64_t after = integer_max(before, integer_min(run, (c->width - left) * ci));
                for (int64_t kh = 0; kh < c->kernel_height; kh++, patches += run) {
                    const int64_t h = row * c->stride_height - c->pad_top + kh;
                    if (h < 0 || h >= c->height) {
                        for (int64_t i = 0; i < run; i++)
                            patches[i] = 0;
                        continue;
                    }
                    const real *from = x + (h * c->width + left) * ci;
                    for (int64_t i = 0; i < before; i++)
                        patches[i] = 0;
                    for (int64_t i = before; i < after; i++)
                        patches[i] = from[i];
                    for (int64_t i = after; i < run; i++)
                        patches[i] = 0;
                }
            }
        }
    }
}

/* One part of the batch, from gathered patches. */
static void weight_gradient_narrow(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct weight_gradient_context *t = context;
    const struct convolution *c = t->shape;
    const int64_t patch = weight_gradient_patch(c), co = c->out_channels;
    const int64_t pixels = c->out_height * c->out_width, most = t->images * pixels;
    const int64_t tiles = integer_ceiling(patch, TILE_ROWS);
    real *const patches = scratch_start(scratch) + t->shared;
    real *const panel = patches + scratch_piece(most * patch, sizeof(real));
    struct tile_term *const terms = (void *)(panel + scratch_piece(most * TILE_COLUMNS, sizeof(real)));
    for (int64_t i = 0; i < most; i++)
        terms[i] = (struct tile_term){i * patch, i * TILE_COLUMNS};
    for (int64_t part = first; part < last; part++) {
        const int64_t begin = c->batch * part / t->parts, end = c->batch * (part + 1) / t->parts;
        real *const sums = t->sums + part * patch * co;
        if (begin == end)
            memset(sums, 0, (size_t)(patch * co) * sizeof(real));
        for (int64_t image = begin; image < end; image += t->images) {
            const int64_t images = integer_min(t->images, end - image);
            weight_gradient_gather(c, t->x + image * c->height * c->width * c->channels, images, patches);
            for (int64_t column = 0; column < co; column += TILE_COLUMNS) {
                const int64_t columns = integer_min(TILE_COLUMNS, co - column);
                panels_from_rows(t->g + image * pixels * co + column, co, images * pixels, columns, 0, panel);
                for (int64_t tile = 0; tile < tiles; tile++) {
                    const int64_t row = tile_first(patch, tiles, tile), rows = tile_first(patch, tiles, tile + 1) - row;
                    tile_outers[columns > LANES][rows - 1](terms, images * pixels, patches + row, panel, 0,
                                                           image > begin, sums + row * co + column, co, columns);
                }
            }
        }
    }
}

/* Joins the parts of some rows of the result, pairwise. */
static void weight_gradient_join(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct weight_gradient_context *t = context;
    const int64_t co = t->shape->out_channels, size = weight_gradient_patch(t->shape) * co;
    (void)scratch;
    for (int64_t i = first * co; i < last * co; i++) {
        real sums[WEIGHT_GRADIENT_PARTS];
        for (int64_t part = 0; part < t->parts; part++)
            sums[part] = t->sums[part * size + i];
        for (int64_t width = t->parts / 2; width > 0; width /= 2)
            for (int64_t part = 0; part < width; part++)
                sums[part] += sums[part + width];
        t->out[i] = sums[0];
    }
    epilogue_run(t->epilogue, first, last - first, 0, co, t->out + first * co, co);
}

static int64_t weight_gradient_scratch(const struct convolution *c)
{
    if (filter_applies(c))
        return filter_gradient_scratch(c);
    const struct weight_gradient_context t = weight_gradient_context(c);
    const int64_t most = t.images * c->out_height * c->out_width;
    const int64_t patches = c->channels < WEIGHT_GRADIENT_NARROW ? most * weight_gradient_patch(c) : 0;
    return SCRATCH_SLACK + t.shared + scratch_piece(patches, sizeof(real)) +
           scratch_piece(most * TILE_COLUMNS, sizeof(real)) + scratch_piece(most, sizeof(struct tile_term));
}

/* w[KH, KW, CI, CO] from x[N, H, W, CI] and g[N, OH, OW, CO]; rows of the epilogue are those of w seen as
 * [KH KW CI, CO]. */
CGANC_UNUSED static void convolution_weight_gradient_then(struct pool *pool, const struct convolution *shape,
                                                          const real *x, const real *g, real *w,
                                                          const struct epilogue *epilogue)
{
    if (filter_applies(shape)) {
        filter_weight_gradient(pool, shape, x, g, w, epilogue);
        return;
    }
    struct weight_gradient_context t = weight_gradient_context(shape);
    t.x = x, t.g = g, t.out = w, t.epilogue = epilogue;
    t.sums = t.parts > 1 ? scratch_start(pool->scratch) : w;
    if (shape->channels < WEIGHT_GRADIENT_NARROW)
        pool_run(pool, weight_gradient_narrow, &t, t.parts, 1);
    else
        pool_run(pool, weight_gradient_task, &t, t.parts * integer_ceiling(shape->out_channels, TILE_COLUMNS), 1);
    if (t.parts > 1) {
        const int64_t rows = weight_gradient_patch(shape);
        pool_run(pool, weight_gradient_join, &t, rows, integer_max(1, integer_ceiling(rows, 16)));
    }
}

CGANC_UNUSED static void convolution_weight_gradient(struct pool *pool, const struct convolution *shape,
                                                     const real *x, const real *g, real *w)
{
    convolution_weight_gradient_then(pool, shape, x, g, w, &(struct epilogue){0});
}

/* Reals of scratch that each thread needs. */
CGANC_UNUSED static int64_t convolution_scratch(const struct convolution *c, enum convolution_kind kind)
{
    return kind == CONVOLUTION_WEIGHT_GRADIENT ? weight_gradient_scratch(c) : convolution_sum_scratch(c, kind);
}
