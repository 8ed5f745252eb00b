/* The weight gradient of a convolution, term by term: for each kernel position, outer products of the pixels that this
 * position meets, summed over the batch. The batch is taken in blocks of some images that fit the cache, and for each
 * block the tiles of the result are loaded, carried on and stored. A task is one panel of g with all kernel positions,
 * so that each pixel of x comes from memory once for a panel. */

/* Tasks to have, with 32 columns for each, and images that a part should have. */
#define WEIGHT_GRADIENT_TASKS 8
#define WEIGHT_GRADIENT_IMAGES 16

static int64_t weight_gradient_parts(const struct convolution *c)
{
    int64_t parts = 1;
    while (parts * integer_ceiling(c->out_channels, 32) < WEIGHT_GRADIENT_TASKS &&
           2 * parts * WEIGHT_GRADIENT_IMAGES <= c->batch)
        parts *= 2;
    return parts;
}

/* The terms of kernel position (kh, kw) for `images` images: pixels of x and rows of a panel of g. */
static int64_t weight_gradient_terms(const struct convolution *c, int64_t images, int64_t kh, int64_t kw,
                                     struct tile_term *terms)
{
    int64_t top, bottom, left, right, count = 0;
    convolution_range(kh, c->stride_height, c->pad_top, c->height, c->out_height, &top, &bottom);
    convolution_range(kw, c->stride_width, c->pad_left, c->width, c->out_width, &left, &right);
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
            epilogue_run(t->epilogue, 0, weight_gradient_patch(c), column, columns);
    }
}

/* Reals of scratch that each thread needs: all parts' sums in the first thread's, a panel of g and a list of terms. */
CGANC_UNUSED static int64_t convolution_weight_gradient_scratch(const struct convolution *c)
{
    const struct weight_gradient_context t = weight_gradient_context(c, weight_gradient_parts(c));
    const int64_t most = t.images * c->out_height * c->out_width;
    return SCRATCH_SLACK + t.shared + scratch_piece(most * TILE_COLUMNS, sizeof(real)) +
           scratch_piece(most, sizeof(struct tile_term));
}

/* w[KH, KW, CI, CO] from x[N, H, W, CI] and g[N, OH, OW, CO]; rows of the epilogue are those of w seen as
 * [KH KW CI, CO]. */
CGANC_UNUSED static void convolution_weight_gradient(struct pool *pool, const struct convolution *shape, const real *x,
                                                     const real *g, real *w, const struct epilogue *epilogue)
{
    struct weight_gradient_context t = weight_gradient_context(shape, weight_gradient_parts(shape));
    t.x = x, t.g = g, t.out = w, t.epilogue = epilogue;
    weight_gradient_run(pool, &t, weight_gradient_task, t.parts * integer_ceiling(shape->out_channels, TILE_COLUMNS));
}
