/* Convolutions with a 4 x 4 kernel and stride 2, and their input gradients, with fewer multiplications.
 *
 * The forward form is the sum of four convolutions with 2 x 2 kernels and stride 1, one for each parity of the image's
 * rows and columns; the input gradient is four such convolutions of g, one for each parity of the result. Minimal
 * filtering F(4 x 4, 2 x 2) (Winograd, Arithmetic Complexity of Computations, 1980; Lavin and Gray, arXiv:1509.09308)
 * computes a tile of 4 x 4 results of these from 5 x 5 source pixels with 25 products instead of 64: with the points 0,
 * 1, -1, 2 and infinity of the Toom-Cook scheme, along each axis,
 *
 *          | 1 1  1 1 0 |                       | 2 -1 -2  1 0 |                 |  1/2   0  |
 *          | 0 1 -1 2 0 |                       | 0 -2 -1  1 0 |                 | -1/2 -1/2 |
 *     y =  | 0 1  1 4 0 |  ( G w  .  B d ), B = | 0  2 -3  1 0 |,            G = | -1/6  1/6 |
 *          | 0 1 -1 8 1 |                       | 0 -1  0  1 0 |                 |  1/6  1/3 |
 *                                               | 0  2 -1 -2 1 |                 |   0    1  |
 *
 * The products, summed over channels, are 25 matrix products. In float the result is two to four times less exact than
 * a direct convolution's (root mean square 1e-6 to 3e-6 of the result's, for 1024 to 3136 terms); a tuning file that
 * says `direct` leaves this out. Channels are a multiple of 32, so that they fill tiles. */
enum { FILTER_TILE = 4, FILTER_POINTS = 5, FILTER_PRODUCTS = 25 };
/* Tiles of a task, about: rows of its matrix products. */
#define FILTER_ROWS 32
/* Lines of the cache between the matrices of two points: with none, all points of a tile would compete for the same. */
#define FILTER_GAP 3

struct filter_context {
    const struct convolution_context *direct;
    const struct epilogue *epilogue;
    real *filters; /* G w G', [point][panel][term][TILE_COLUMNS] */
    int64_t down, across;   /* tiles of an image */
    int64_t phases;         /* of the result, and */
    int64_t planes;         /* of the source, along an axis: 1 or 2 */
    int64_t views;          /* 1, or 4 when each phase has tiles of its own */
    int64_t terms, columns; /* of the matrix products of a view */
    int64_t images;         /* of a task */
};

/* The first pixel of a phase of the transposed form: 2 first + phase - pad is the first not below 0. All phases lie on
 * the same tiles, beginning with the first pixel of any, when there is one view. */
static int64_t filter_first(const struct filter_context *t, const struct convolution_axis *axis, int64_t phase)
{
    if (t->phases == 1)
        return 0;
    return t->views == 1 ? axis->pad / 2 : integer_ceiling(axis->pad - integer_min(phase, axis->pad), 2);
}

/* Tiles along an axis. */
static int64_t filter_tiles(const struct filter_context *t, const struct convolution_axis *axis)
{
    int64_t last = axis->out - 1, most = 0;
    for (int64_t phase = 0; phase < t->phases; phase++) {
        if (t->phases == 2)
            last = (axis->out - 1 + axis->pad - phase) / 2;
        most = integer_max(most, last - filter_first(t, axis, phase) + 1);
    }
    return integer_ceiling(most, FILTER_TILE);
}

static struct filter_context filter_context(const struct convolution_context *direct)
{
    struct filter_context t = {.direct = direct, .views = 1};
    t.phases = direct->vertical.transposed ? 2 : 1;
    t.planes = direct->vertical.transposed ? 1 : 2;
    t.terms = t.planes * t.planes * direct->source_channels;
    t.columns = t.phases * t.phases * direct->channels;
    t.down = filter_tiles(&t, &direct->vertical), t.across = filter_tiles(&t, &direct->horizontal);
    if (t.phases == 2) {
        struct filter_context apart = t;
        apart.views = 4, apart.columns = direct->channels;
        apart.down = filter_tiles(&apart, &direct->vertical), apart.across = filter_tiles(&apart, &direct->horizontal);
        if (apart.down * apart.across < t.down * t.across)
            t = apart;
    }
    t.images = integer_max(1, integer_min(direct->shape->batch / 4, FILTER_ROWS / (t.down * t.across)));
    return t;
}

/* Reals from the matrix of a point to that of the next. */
static int64_t filter_step(int64_t rows, int64_t columns)
{
    return rows * columns + FILTER_GAP * SCRATCH_SLACK;
}

/* Reals in all filters. */
static int64_t filter_reals(const struct filter_context *t)
{
    return FILTER_PRODUCTS * t->terms * t->columns * t->views;
}

static int64_t filter_own_scratch(const struct filter_context *t)
{
    const int64_t rows = t->images * t->down * t->across;
    return scratch_piece(t->direct->source_channels, sizeof(real)) +
           scratch_piece(FILTER_PRODUCTS * filter_step(rows, t->terms), sizeof(real)) +
           scratch_piece(FILTER_PRODUCTS * filter_step(rows, t->columns), sizeof(real));
}

static int64_t filter_panels_scratch(const struct filter_context *t)
{
    return scratch_piece(panel_reals(convolution_patch(t->direct), t->direct->channels), sizeof(real));
}

/* The denominators of G, by which rows of either side are divided. */
static const real filter_factors[FILTER_POINTS] = {REAL(0.5), REAL(-0.5), REAL(1.0) / 6, REAL(1.0) / 6, REAL(1.0)};

/* The 25 filters of a panel of the direct form: G w G', its factors left to the end. */
static void filter_weights(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct filter_context *t = context;
    const struct convolution_context *direct = t->direct;
    const int64_t channels = direct->source_channels, panels = direct->channels / TILE_COLUMNS;
    const int64_t point_step = filter_reals(t) / FILTER_PRODUCTS;
    (void)scratch;
    for (int64_t index = first; index < last; index++) {
        const real *panel = direct->panels + index * convolution_patch(direct) * TILE_COLUMNS;
        /* Parities (of the result's phase or of the source's plane) and their 2 x 2 taps: these lie side by side in
         * the panels of the transposed form, and two rows and columns apart in the others. */
        for (int64_t parity = 0; parity < 4; parity++) {
            const int64_t start = t->phases == 2 ? parity * 4 : parity / 2 * 4 + parity % 2;
            const int64_t down = (t->phases == 2 ? 2 : 8) * channels * TILE_COLUMNS;
            const int64_t across = (t->phases == 2 ? 1 : 2) * channels * TILE_COLUMNS;
            const real *taps = panel + start * channels * TILE_COLUMNS;
            real *out = t->filters + (t->phases == 2 ? (parity * panels + index) * t->terms
                                                     : index * t->terms + parity * channels) * TILE_COLUMNS;
            for (int64_t at = 0; at < channels * TILE_COLUMNS; at += LANES) {
                vector rows[FILTER_POINTS][2];
                for (int j = 0; j < 2; j++) {
                    const vector g0 = CONST_VECTOR_AT(taps + at + j * across);
                    const vector g1 = CONST_VECTOR_AT(taps + at + j * across + down);
                    rows[0][j] = g0, rows[1][j] = g0 + g1, rows[2][j] = g1 - g0, rows[3][j] = g0 + 2 * g1;
                    rows[4][j] = g1;
                }
                for (int i = 0; i < FILTER_POINTS; i++) {
                    const vector g0 = rows[i][0], g1 = rows[i][1];
                    const vector results[FILTER_POINTS] = {g0, g0 + g1, g1 - g0, g0 + 2 * g1, g1};
                    for (int j = 0; j < FILTER_POINTS; j++)
                        VECTOR_AT(out + (i * FILTER_POINTS + j) * point_step + at) =
                            results[j] * (filter_factors[i] * filter_factors[j]);
                }
            }
        }
    }
}

/* B d for five vectors `step` apart. */
CGANC_INLINE void filter_transform(vector *d, const int step)
{
    const vector d0 = d[0], d1 = d[step], d2 = d[2 * step], d3 = d[3 * step], d4 = d[4 * step];
    d[0] = 2 * (d0 - d2) + (d3 - d1);
    d[step] = (d3 - d2) - 2 * d1;
    d[2 * step] = (d3 - d2) + 2 * (d1 - d2);
    d[3 * step] = d3 - d1;
    d[4 * step] = 2 * (d1 - d3) + (d4 - d2);
}

/* The four results of five sums `step` apart, in place of the first four. */
CGANC_INLINE void filter_result(vector *m, const int step)
{
    const vector m0 = m[0], m3 = m[3 * step], m4 = m[4 * step];
    const vector sum = m[step] + m[2 * step], difference = m[step] - m[2 * step];
    m[0] = (m0 + m3) + sum;
    m[step] = difference + 2 * m3;
    m[2 * step] = sum + 4 * m3;
    m[3 * step] = (difference + 8 * m3) + m4;
}

/* B d B' of one tile and one plane, as a view sees it, to values[point][...]. */
static void filter_source(const struct filter_context *t, int64_t view, int64_t image, int64_t tile, int64_t plane,
                          const real *zeros, real *values, int64_t point_step)
{
    const struct convolution_axis *v = &t->direct->vertical, *h = &t->direct->horizontal;
    const int64_t channels = t->direct->source_channels;
    const real *source = t->direct->source + image * v->source * h->source * channels;
    const int64_t first_row = filter_first(t, v, view / 2), first_column = filter_first(t, h, view % 2);
    const real *pixels[FILTER_PRODUCTS];
    for (int i = 0; i < FILTER_PRODUCTS; i++) {
        const int64_t down = tile / t->across * FILTER_TILE + i / FILTER_POINTS;
        const int64_t across = tile % t->across * FILTER_TILE + i % FILTER_POINTS;
        const int64_t row = t->planes == 2 ? 2 * down + plane / 2 - v->pad : first_row + down - 1;
        const int64_t column = t->planes == 2 ? 2 * across + plane % 2 - h->pad : first_column + across - 1;
        const int inside = row >= 0 && row < v->source && column >= 0 && column < h->source;
        pixels[i] = inside ? source + (row * h->source + column) * channels : zeros;
    }
    for (int64_t at = 0; at < channels; at += LANES) {
        vector d[FILTER_PRODUCTS];
        CGANC_UNROLL
        for (int j = 0; j < FILTER_POINTS; j++) {
            CGANC_UNROLL
            for (int i = 0; i < FILTER_POINTS; i++)
                d[i * FILTER_POINTS + j] = CONST_VECTOR_AT(pixels[i * FILTER_POINTS + j] + at);
            filter_transform(d + j, FILTER_POINTS);
        }
        CGANC_UNROLL
        for (int i = 0; i < FILTER_POINTS; i++) {
            filter_transform(d + i * FILTER_POINTS, 1);
            CGANC_UNROLL
            for (int j = 0; j < FILTER_POINTS; j++)
                VECTOR_AT(values + (i * FILTER_POINTS + j) * point_step + at) = d[i * FILTER_POINTS + j];
        }
    }
}

/* The results of one tile and one phase from sums[point][...]. The machine does not foresee where pixels begin, which
 * are written a few lines at a time: each line calls for the one after the next. */
static void filter_results(const struct filter_context *t, int64_t image, int64_t tile, int64_t phase, const real *sums,
                           int64_t point_step)
{
    const struct convolution_axis *v = &t->direct->vertical, *h = &t->direct->horizontal;
    const int64_t channels = t->direct->channels;
    real *out = t->direct->out + image * v->out * h->out * channels;
    const int64_t first_row = filter_first(t, v, phase / 2), first_column = filter_first(t, h, phase % 2);
    real *pixels[FILTER_TILE][FILTER_TILE];
    for (int i = 0; i < FILTER_TILE; i++) {
        for (int j = 0; j < FILTER_TILE; j++) {
            int64_t row = first_row + tile / t->across * FILTER_TILE + i;
            int64_t column = first_column + tile % t->across * FILTER_TILE + j;
            if (t->phases == 2)
                row = 2 * row + phase / 2 - v->pad, column = 2 * column + phase % 2 - h->pad;
            const int inside = row >= 0 && row < v->out && column >= 0 && column < h->out;
            pixels[i][j] = inside ? out + (row * h->out + column) * channels : NULL;
        }
    }
    for (int64_t at = 0; at < channels; at += LANES) {
        vector m[FILTER_PRODUCTS];
        CGANC_UNROLL
        for (int j = 0; j < FILTER_POINTS; j++) {
            CGANC_UNROLL
            for (int i = 0; i < FILTER_POINTS; i++)
                m[i * FILTER_POINTS + j] = CONST_VECTOR_AT(sums + (i * FILTER_POINTS + j) * point_step + at);
            filter_result(m + j, FILTER_POINTS);
        }
        CGANC_UNROLL
        for (int i = 0; i < FILTER_TILE; i++) {
            filter_result(m + i * FILTER_POINTS, 1);
            CGANC_UNROLL
            for (int j = 0; j < FILTER_TILE; j++)
                if (pixels[i][j]) {
                    VECTOR_AT(pixels[i][j] + at) = m[i * FILTER_POINTS + j];
                    __builtin_prefetch(pixels[i][j] + at + TILE_COLUMNS, 1, 3);
                }
        }
    }
}

/* The 25 matrix products of a view: sums[point][row][column] from values[point][row][term]. Filters are more than the
 * cache of a core holds, so each tile calls its share of the next panel into it. */
static void filter_multiply(const struct filter_context *t, int64_t view, int64_t rows, const real *values, real *sums)
{
    const int64_t tiles = integer_ceiling(rows, TILE_ROWS);
    const int64_t value_step = filter_step(rows, t->terms), sum_step = filter_step(rows, t->columns);
    struct tile_walk walk = {.segments = 1, .length = t->terms};
    walk.ahead_step = TILE_COLUMNS * sizeof(real), walk.ahead_terms = tiles;
    for (int64_t point = 0; point < FILTER_PRODUCTS; point++) {
        const real *panel = t->filters + (point * t->views + view) * t->terms * t->columns;
        for (int64_t column = 0; column < t->columns; column += TILE_COLUMNS, panel += t->terms * TILE_COLUMNS) {
            for (int64_t tile = 0; tile < tiles; tile++) {
                const int64_t first = tile_first(rows, tiles, tile), count = tile_first(rows, tiles, tile + 1) - first;
                const real *x[TILE_ROWS];
                real *out[TILE_ROWS];
                for (int64_t i = 0; i < count; i++) {
                    x[i] = values + point * value_step + (first + i) * t->terms;
                    out[i] = sums + point * sum_step + (first + i) * t->columns + column;
                }
                walk.ahead = (uintptr_t)(panel + (t->terms + tile_first(t->terms, tiles, tile)) * TILE_COLUMNS);
                tile_dots[1][count - 1](&walk, x, panel, out, TILE_COLUMNS);
            }
        }
    }
}

/* A task is some images. */
static void filter_task(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct filter_context *t = context;
    const struct convolution_context *direct = t->direct;
    const int64_t tiles = t->down * t->across, pixels = direct->vertical.out * direct->horizontal.out;
    real *const zeros = scratch_start(scratch) + filter_panels_scratch(t) +
                        scratch_piece(filter_reals(t), sizeof(real));
    real *const values = zeros + scratch_piece(direct->source_channels, sizeof(real));
    real *const sums = values + scratch_piece(FILTER_PRODUCTS * filter_step(t->images * tiles, t->terms), sizeof(real));
    memset(zeros, 0, (size_t)direct->source_channels * sizeof(real));
    for (int64_t task = first; task < last; task++) {
        const int64_t image = task * t->images, images = integer_min(t->images, direct->shape->batch - image);
        const int64_t rows = images * tiles;
        const int64_t value_step = filter_step(rows, t->terms), sum_step = filter_step(rows, t->columns);
        for (int64_t view = 0; view < t->views; view++) {
            for (int64_t row = 0; row < rows; row++)
                for (int64_t plane = 0; plane < t->planes * t->planes; plane++)
                    filter_source(t, view, image + row / tiles, row % tiles, plane, zeros,
                                  values + row * t->terms + plane * direct->source_channels, value_step);
            filter_multiply(t, view, rows, values, sums);
            for (int64_t row = 0; row < rows; row++)
                for (int64_t part = 0; part < t->columns / direct->channels; part++)
                    filter_results(t, image + row / tiles, row % tiles, view + part,
                                   sums + row * t->columns + part * direct->channels, sum_step);
        }
        epilogue_run(t->epilogue, image * pixels, images * pixels, 0, direct->channels);
    }
}

/* Reals of scratch that each thread needs: panels and filters in the first thread's, and its own. */
CGANC_UNUSED static int64_t filtered_scratch(const struct convolution *c, enum convolution_kind kind)
{
    const struct convolution_context direct = convolution_context(c, kind);
    const struct filter_context t = filter_context(&direct);
    return SCRATCH_SLACK + filter_panels_scratch(&t) + scratch_piece(filter_reals(&t), sizeof(real)) +
           filter_own_scratch(&t);
}

static void filtered_sum(struct pool *pool, const struct convolution *c, enum convolution_kind kind,
                         const real *source, const real *weights, real *out, const struct epilogue *epilogue)
{
    struct convolution_context direct = convolution_context(c, kind);
    direct.source = source, direct.weights = weights, direct.out = out;
    direct.panels = scratch_start(pool->scratch);
    struct filter_context t = filter_context(&direct);
    const int64_t panels = direct.channels / TILE_COLUMNS;
    t.epilogue = epilogue;
    t.filters = direct.panels + filter_panels_scratch(&t);
    pool_run(pool, convolution_pack, &direct, panels, 1);
    pool_run(pool, filter_weights, &t, panels, 1);
    pool_run(pool, filter_task, &t, integer_ceiling(c->batch, t.images), 1);
}

/* y[N, OH, OW, CO] from x[N, H, W, CI] and w[4, 4, CI, CO]; rows of the epilogue are output pixels. */
CGANC_UNUSED static void filtered_forward(struct pool *pool, const struct convolution *shape, const real *x,
                                          const real *w, real *y, const struct epilogue *epilogue)
{
    filtered_sum(pool, shape, CONVOLUTION_FORWARD, x, w, y, epilogue);
}

/* The transposed convolution: x[N, H, W, CI] from g[N, OH, OW, CO] and w[4, 4, CI, CO]; rows of the epilogue are pixels
 * of x. */
CGANC_UNUSED static void filtered_input_gradient(struct pool *pool, const struct convolution *shape, const real *g,
                                                 const real *w, real *x, const struct epilogue *epilogue)
{
    filtered_sum(pool, shape, CONVOLUTION_INPUT_GRADIENT, g, w, x, epilogue);
}
