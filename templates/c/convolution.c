/* Convolutions: the forward form and its input gradient, which is the transposed convolution. Images are [batch,
 * height, width, channels], weights [kernel height, kernel width, input channels, output channels].
 *
 * With channels last, the part of an image that one kernel row meets is contiguous, so a convolution is a matrix
 * product whose left-hand rows are read in the image itself. Where a patch hangs over the image's edge, the taps
 * outside are left out: output pixels are taken in rectangles that meet the same taps, and a tile's rows are pixels of
 * one such rectangle, of several images.
 *
 * The input gradient with stride s is the sum over taps that are s apart; which ones depends on the pixel's position
 * modulo s. For each of these s s phases it is a dense convolution of stride 1 with a part of the kernel, so nothing is
 * scattered and nothing multiplied by zero. */

/* y[n, oh, ow, co] = sum over kh, kw, ci of x[n, oh stride_height + kh - pad_top, ow stride_width + kw - pad_left, ci]
 * w[kh, kw, ci, co], pixels outside the image being zero. What is padded below and to the right follows from the
 * output's size. */
struct convolution {
    int64_t batch, height, width, channels;
    int64_t out_height, out_width, out_channels;
    int64_t kernel_height, kernel_width, stride_height, stride_width, pad_top, pad_left;
};

enum convolution_kind { CONVOLUTION_FORWARD, CONVOLUTION_INPUT_GRADIENT };

/* Pixels of the result that a task computes, and bytes of operands it walks over, about. */
#define CONVOLUTION_PIXELS 256
#define CONVOLUTION_BYTES (384 << 10)

/* One of the two axes of a convolution, seen from the result: `out` pixels of it are sums over pixels of a source that
 * has `source` of them. */
struct convolution_axis {
    int64_t out, source, kernel, stride, pad;
    int transposed;
};

/* Pixels first, first + step, ... (`count` of them) of the result meet taps [tap, tap + taps) of their phase's kernel
 * at source pixels start, start + source_step, ... */
struct convolution_run {
    int64_t first, step, count;
    int64_t tap, taps;
    int64_t start, source_step;
};

static struct convolution_axis convolution_axis(const struct convolution *c, enum convolution_kind kind, int vertical)
{
    const int64_t inner = vertical ? c->height : c->width, outer = vertical ? c->out_height : c->out_width;
    struct convolution_axis axis = {outer, inner, 0, 0, 0, kind == CONVOLUTION_INPUT_GRADIENT};
    if (axis.transposed)
        axis.out = inner, axis.source = outer;
    axis.kernel = vertical ? c->kernel_height : c->kernel_width;
    axis.stride = vertical ? c->stride_height : c->stride_width;
    axis.pad = vertical ? c->pad_top : c->pad_left;
    return axis;
}

/* Phases of an axis: pixels of the result with the same taps, apart from edges. */
static int64_t convolution_phases(const struct convolution_axis *axis)
{
    return axis->transposed ? axis->stride : 1;
}

/* Taps of a phase: of the transposed form kernel positions phase, phase + stride, ..., counted from the last, so that
 * they meet the source's pixels in ascending order. */
static int64_t convolution_taps(const struct convolution_axis *axis, int64_t phase)
{
    if (!axis->transposed)
        return axis->kernel;
    return phase < axis->kernel ? integer_ceiling(axis->kernel - phase, axis->stride) : 0;
}

/* The kernel position of a tap. */
static int64_t convolution_position(const struct convolution_axis *axis, int64_t phase, int64_t tap)
{
    return axis->transposed ? phase + axis->stride * (convolution_taps(axis, phase) - 1 - tap) : tap;
}

/* Taps and source of one pixel, count being 1. */
static struct convolution_run convolution_pixel(const struct convolution_axis *axis, int64_t phase, int64_t pixel)
{
    const int64_t taps = convolution_taps(axis, phase);
    const int64_t step = axis->transposed ? 1 : axis->stride;
    /* The source pixel of tap 0, which may lie outside. */
    const int64_t origin = axis->transposed ? (pixel + axis->pad) / axis->stride - taps + 1
                                            : pixel * axis->stride - axis->pad;
    const int64_t begin = integer_min(taps, integer_max(0, -origin));
    const int64_t end = integer_max(begin, integer_min(taps, axis->source - origin));
    return (struct convolution_run){pixel, convolution_phases(axis), 1, begin, end - begin, origin + begin, step};
}

/* The longest run of pixels of a phase that begins with `pixel`. */
static struct convolution_run convolution_run(const struct convolution_axis *axis, int64_t phase, int64_t pixel)
{
    struct convolution_run run = convolution_pixel(axis, phase, pixel);
    for (int64_t next = pixel + run.step; next < axis->out; next += run.step) {
        const struct convolution_run other = convolution_pixel(axis, phase, next);
        if (other.tap != run.tap || other.taps != run.taps)
            break;
        run.count++;
    }
    return run;
}

/* The first pixel of a phase. */
static int64_t convolution_first(const struct convolution_axis *axis, int64_t phase)
{
    return axis->transposed ? (phase + axis->stride - axis->pad % axis->stride) % axis->stride : 0;
}

/* The output pixels [*first, *last) of an axis for which `tap` meets a pixel of the image. */
CGANC_UNUSED static void convolution_range(int64_t tap, int64_t stride, int64_t pad, int64_t size, int64_t out,
                                           int64_t *first, int64_t *last)
{
    *first = integer_min(out, tap < pad ? integer_ceiling(pad - tap, stride) : 0);
    *last = size + pad > tap ? integer_min(out, integer_ceiling(size + pad - tap, stride)) : 0;
}

struct convolution_context {
    const struct convolution *shape;
    const struct epilogue *epilogue;
    struct convolution_axis vertical, horizontal;
    int64_t source_channels, channels; /* of the source and of the result */
    const real *source, *weights;
    real *panels, *out;
    int64_t images;           /* of a task */
    int64_t group, groups;    /* panels of a task, and how many such groups there are */
};

/* All terms of the kernel: of one panel. */
static int64_t convolution_patch(const struct convolution_context *t)
{
    return t->vertical.kernel * t->horizontal.kernel * t->source_channels;
}

/* Lays out the weights in panels [columns / TILE_COLUMNS][phase][tap][source channel][TILE_COLUMNS]. A task is a
 * panel. */
static void convolution_pack(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct convolution_context *t = context;
    const struct convolution *c = t->shape;
    (void)scratch;
    for (int64_t index = first; index < last; index++) {
        const int64_t column = index * TILE_COLUMNS, columns = integer_min(TILE_COLUMNS, t->channels - column);
        real *panel = t->panels + index * convolution_patch(t) * TILE_COLUMNS;
        for (int64_t v = 0; v < convolution_phases(&t->vertical); v++) {
            for (int64_t h = 0; h < convolution_phases(&t->horizontal); h++) {
                const int64_t taps = convolution_taps(&t->horizontal, h);
                for (int64_t tap = 0; tap < convolution_taps(&t->vertical, v) * taps; tap++) {
                    const int64_t row = convolution_position(&t->vertical, v, tap / taps);
                    const int64_t position =
                        row * c->kernel_width + convolution_position(&t->horizontal, h, tap % taps);
                    const real *w = t->weights + position * c->channels * c->out_channels;
                    if (t->vertical.transposed)
                        panels_from_columns(w + column * c->out_channels, c->out_channels, c->out_channels, columns,
                                           panel);
                    else
                        panels_from_rows(w + column, c->out_channels, c->channels, columns, 0, panel);
                    panel += t->source_channels * TILE_COLUMNS;
                }
            }
        }
    }
}

/* The part of the result where a vertical and a horizontal run cross, for `images` images and one panel, whose phase
 * has `width` taps in a row. */
static void convolution_rectangle(const struct convolution_context *t, const struct convolution_run *v,
                                  const struct convolution_run *h, int64_t width, int64_t image, int64_t images,
                                  int64_t column, const real *panel)
{
    const int64_t source_channels = t->source_channels, channels = t->channels;
    const int64_t source_row = t->horizontal.source * source_channels, row = t->horizontal.out * channels;
    const int64_t columns = integer_min(TILE_COLUMNS, channels - column);
    const struct tile_walk walk = {.segments = v->taps,
                                   .length = h->taps * source_channels,
                                   .row_step = source_row,
                                   .panel_step = width * source_channels * TILE_COLUMNS};
    const int64_t pixels = images * v->count * h->count, tiles = integer_ceiling(pixels, TILE_ROWS);
    panel += (v->tap * width + h->tap) * source_channels * TILE_COLUMNS;
    int64_t i = 0, j = 0; /* the pixel's place in the two runs */
    for (int64_t tile = 0; tile < tiles; tile++) {
        const int64_t count = tile_first(pixels, tiles, tile + 1) - tile_first(pixels, tiles, tile);
        const real *x[TILE_ROWS];
        real *out[TILE_ROWS];
        for (int64_t k = 0; k < count; k++) {
            x[k] = t->source + (image * t->vertical.source + v->start + i * v->source_step) * source_row +
                   (h->start + j * h->source_step) * source_channels;
            out[k] = t->out + (image * t->vertical.out + v->first + i * v->step) * row +
                     (h->first + j * h->step) * channels + column;
            if (++j == h->count) {
                j = 0;
                if (++i == v->count)
                    i = 0, image++;
            }
        }
        tile_dots[columns > LANES][count - 1](&walk, x, panel, out, columns);
    }
}

/* All of the result for `images` images and one panel. */
static void convolution_panel(const struct convolution_context *t, int64_t image, int64_t images, int64_t index)
{
    const real *panel = t->panels + index * convolution_patch(t) * TILE_COLUMNS;
    for (int64_t pv = 0; pv < convolution_phases(&t->vertical); pv++) {
        for (int64_t ph = 0; ph < convolution_phases(&t->horizontal); ph++) {
            const int64_t width = convolution_taps(&t->horizontal, ph);
            struct convolution_run v, h;
            for (int64_t i = convolution_first(&t->vertical, pv); i < t->vertical.out; i += v.count * v.step) {
                v = convolution_run(&t->vertical, pv, i);
                for (int64_t j = convolution_first(&t->horizontal, ph); j < t->horizontal.out; j += h.count * h.step) {
                    h = convolution_run(&t->horizontal, ph, j);
                    convolution_rectangle(t, &v, &h, width, image, images, index * TILE_COLUMNS, panel);
                }
            }
            panel += convolution_taps(&t->vertical, pv) * width * t->source_channels * TILE_COLUMNS;
        }
    }
}

static void convolution_task(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct convolution_context *t = context;
    const int64_t panels = integer_ceiling(t->channels, TILE_COLUMNS), pixels = t->vertical.out * t->horizontal.out;
    (void)scratch;
    for (int64_t task = first; task < last; task++) {
        const int64_t image = task / t->groups * t->images, images = integer_min(t->images, t->shape->batch - image);
        const int64_t begin = task % t->groups * t->group, end = integer_min(panels, begin + t->group);
        for (int64_t index = begin; index < end; index++)
            convolution_panel(t, image, images, index);
        const int64_t left = begin * TILE_COLUMNS, right = integer_min(t->channels, end * TILE_COLUMNS);
        epilogue_run(t->epilogue, image * pixels, images * pixels, left, right - left);
    }
}

static struct convolution_context convolution_context(const struct convolution *c, enum convolution_kind kind)
{
    struct convolution_context t = {.shape = c};
    t.vertical = convolution_axis(c, kind, 1);
    t.horizontal = convolution_axis(c, kind, 0);
    t.source_channels = t.vertical.transposed ? c->out_channels : c->channels;
    t.channels = t.vertical.transposed ? c->channels : c->out_channels;
    /* As many images as give tiles enough rows of a kind and still fit the cache, but leave some tasks. */
    const int64_t pixels = t.vertical.out * t.horizontal.out;
    const int64_t reals = pixels * t.channels + t.vertical.source * t.horizontal.source * t.source_channels;
    const int64_t most = integer_min(CONVOLUTION_PIXELS / pixels, CONVOLUTION_BYTES / (reals * (int64_t)sizeof(real)));
    t.images = integer_max(1, integer_min(most, c->batch / 8));
    const int64_t panels = integer_ceiling(t.channels, TILE_COLUMNS), tasks = integer_ceiling(c->batch, t.images);
    t.groups = integer_min(panels, integer_ceiling(16, tasks));
    t.group = integer_ceiling(panels, t.groups);
    t.groups = integer_ceiling(panels, t.group);
    return t;
}

/* Reals of scratch that each thread needs: panels in the first thread's. */
CGANC_UNUSED static int64_t convolution_scratch(const struct convolution *c, enum convolution_kind kind)
{
    const struct convolution_context t = convolution_context(c, kind);
    return SCRATCH_SLACK + panel_reals(convolution_patch(&t), t.channels);
}

static void convolution_sum(struct pool *pool, const struct convolution *c, enum convolution_kind kind,
                            const real *source, const real *weights, real *out, const struct epilogue *epilogue)
{
    struct convolution_context t = convolution_context(c, kind);
    t.source = source, t.weights = weights, t.out = out, t.epilogue = epilogue;
    t.panels = scratch_start(pool->scratch);
    pool_run(pool, convolution_pack, &t, integer_ceiling(t.channels, TILE_COLUMNS), 1);
    pool_run(pool, convolution_task, &t, integer_ceiling(c->batch, t.images) * t.groups, 1);
}

/* y[N, OH, OW, CO] from x[N, H, W, CI] and w[KH, KW, CI, CO]; rows of the epilogue are output pixels. */
CGANC_UNUSED static void convolution_forward(struct pool *pool, const struct convolution *shape, const real *x,
                                             const real *w, real *y, const struct epilogue *epilogue)
{
    convolution_sum(pool, shape, CONVOLUTION_FORWARD, x, w, y, epilogue);
}

/* The transposed convolution: x[N, H, W, CI], every pixel of it, from g[N, OH, OW, CO] and w[KH, KW, CI, CO]; rows of
 * the epilogue are pixels of x. */
CGANC_UNUSED static void convolution_input_gradient(struct pool *pool, const struct convolution *shape, const real *g,
                                                    const real *w, real *x, const struct epilogue *epilogue)
{
    convolution_sum(pool, shape, CONVOLUTION_INPUT_GRADIENT, g, w, x, epilogue);
}
