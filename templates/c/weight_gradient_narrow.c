/* The weight gradient of a convolution with few input channels. The sums of one kernel position would not fill a tile's
 * rows; those of a row of the kernel, which lie side by side in an image, do better. Images are put into a frame of
 * zeros first, so that all patches are whole. A task is a part of the batch. */

/* Extents of a framed image: what all patches together cover. */
static int64_t narrow_height(const struct convolution *c)
{
    return (c->out_height - 1) * c->stride_height + c->kernel_height;
}

static int64_t narrow_width(const struct convolution *c)
{
    return (c->out_width - 1) * c->stride_width + c->kernel_width;
}

static int64_t narrow_size(const struct convolution *c)
{
    return narrow_height(c) * narrow_width(c) * c->channels;
}

/* Whether g is read where it lies: its panels are then as wide as vectors. */
static int narrow_reads_in_place(const struct convolution *c)
{
    return c->out_channels % LANES == 0;
}

/* Puts an image into its frame. */
static void narrow_place(const struct convolution *c, const real *image, real *frame)
{
    const int64_t ci = c->channels, width = narrow_width(c);
    const int64_t rows = integer_min(c->height, narrow_height(c) - c->pad_top);
    const int64_t columns = integer_min(c->width, width - c->pad_left);
    for (int64_t row = 0; row < rows && columns > 0; row++)
        memcpy(frame + ((row + c->pad_top) * width + c->pad_left) * ci, image + row * c->width * ci,
               (size_t)(columns * ci) * sizeof(real));
}

/* Where the first rows of the patches of `images` framed images begin, and the rows of g that belong to them. */
static void narrow_terms(const struct convolution *c, int64_t images, struct tile_term *terms)
{
    const int64_t pixels = c->out_height * c->out_width;
    const int64_t panel_step = narrow_reads_in_place(c) ? c->out_channels : TILE_COLUMNS;
    for (int64_t i = 0; i < images * pixels; i++) {
        const int64_t row = i % pixels / c->out_width * c->stride_height, column = i % c->out_width * c->stride_width;
        const int64_t at = i / pixels * narrow_size(c) + (row * narrow_width(c) + column) * c->channels;
        terms[i] = (struct tile_term){at, i * panel_step};
    }
}

/* A block's share of a panel's columns, added to `sums` or beginning them. */
static void narrow_panel(const struct convolution *c, const struct tile_term *terms, int64_t count, const real *frames,
                         const real *panel, int begins, real *sums, int64_t columns)
{
    const int64_t run = c->kernel_width * c->channels, tiles = integer_ceiling(run, TILE_ROWS);
    for (int64_t kh = 0; kh < c->kernel_height; kh++) {
        const real *x = frames + kh * narrow_width(c) * c->channels;
        for (int64_t tile = 0; tile < tiles; tile++) {
            const int64_t row = tile_first(run, tiles, tile), rows = tile_first(run, tiles, tile + 1) - row;
            tile_outers[columns > LANES][rows - 1](terms, count, x + row, panel, 0, !begins,
                                                   sums + (kh * run + row) * c->out_channels, c->out_channels, columns);
        }
    }
}

static void weight_gradient_narrow(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct weight_gradient_context *t = context;
    const struct convolution *c = t->shape;
    const int64_t patch = weight_gradient_patch(c), co = c->out_channels, size = c->height * c->width * c->channels;
    const int64_t pixels = c->out_height * c->out_width;
    real *const frames = scratch_start(scratch) + t->shared;
    struct tile_term *const terms = (void *)(frames + scratch_piece(t->images * narrow_size(c), sizeof(real)));
    real *const copy = (real *)terms + scratch_piece(t->images * pixels, sizeof(struct tile_term));
    memset(frames, 0, (size_t)(t->images * narrow_size(c)) * sizeof(real));
    narrow_terms(c, t->images, terms);
    for (int64_t part = first; part < last; part++) {
        const int64_t begin = c->batch * part / t->parts, end = c->batch * (part + 1) / t->parts;
        real *const sums = t->sums + part * patch * co;
        if (begin == end)
            memset(sums, 0, (size_t)(patch * co) * sizeof(real));
        for (int64_t image = begin; image < end; image += t->images) {
            const int64_t images = integer_min(t->images, end - image);
            for (int64_t i = 0; i < images; i++)
                narrow_place(c, t->x + (image + i) * size, frames + i * narrow_size(c));
            for (int64_t column = 0; column < co; column += TILE_COLUMNS) {
                const int64_t columns = integer_min(TILE_COLUMNS, co - column);
                const real *g = t->g + image * pixels * co + column;
                if (!narrow_reads_in_place(c)) {
                    panels_from_rows(g, co, images * pixels, columns, 0, copy);
                    g = copy;
                }
                narrow_panel(c, terms, images * pixels, frames, g, image == begin, sums + column, columns);
            }
        }
    }
}

/* Reals of scratch that each thread needs: all parts' sums in the first thread's, a block's framed images, its terms,
 * and a panel of g. */
CGANC_UNUSED static int64_t narrow_weight_gradient_scratch(const struct convolution *c)
{
    const struct weight_gradient_context t = weight_gradient_context(c, WEIGHT_GRADIENT_PARTS);
    const int64_t most = t.images * c->out_height * c->out_width;
    const int64_t copy = narrow_reads_in_place(c) ? 0 : scratch_piece(most * TILE_COLUMNS, sizeof(real));
    return SCRATCH_SLACK + t.shared + scratch_piece(t.images * narrow_size(c), sizeof(real)) +
           scratch_piece(most, sizeof(struct tile_term)) + copy;
}

/* w[KH, KW, CI, CO] from x[N, H, W, CI] and g[N, OH, OW, CO]; rows of the epilogue are those of w seen as
 * [KH KW CI, CO]. */
CGANC_UNUSED static void narrow_weight_gradient(struct pool *pool, const struct convolution *shape, const real *x,
                                                const real *g, real *w, const struct epilogue *epilogue)
{
    struct weight_gradient_context t = weight_gradient_context(shape, WEIGHT_GRADIENT_PARTS);
    t.x = x, t.g = g, t.out = w, t.epilogue = epilogue;
    weight_gradient_run(pool, &t, weight_gradient_narrow, t.parts);
}
