/* The weight gradient of a 4 x 4 convolution of stride 2 by minimal filtering: the adjoint of the forward form in the
 * weights. With the matrices of minimal_filtering.c and A for the first of them, transposed,
 *
 *     dw = G' ( sum over tiles of (B d B') . (A dy A') ) G,
 *
 * where the sum is 25 matrix products over tiles. The batch is taken in chunks of about FILTER_CHUNK tiles. */
#define FILTER_CHUNK 256

struct filter_gradient {
    struct convolution_context direct;
    struct filter_context filter;
    const real *g;
    int64_t images, first, count; /* of a chunk, at most; those of the chunk at hand */
    real *zeros;                  /* a pixel outside the image */
    real *values;                 /* B d B', [point][tile][term] */
    real *results;                /* A dy A', [point][panel of output channels][tile][TILE_COLUMNS] */
    real *sums;                   /* [point][term][output channel] */
    struct tile_term *terms;
};

static struct filter_gradient filter_gradient(const struct convolution *c)
{
    struct filter_gradient t = {.direct = convolution_context(c, CONVOLUTION_FORWARD)};
    t.filter = filter_context(&t.direct);
    t.images = integer_max(1, integer_min(c->batch, FILTER_CHUNK / (t.filter.down * t.filter.across)));
    return t;
}

/* Tiles of a chunk, at most. */
static int64_t filter_gradient_rows(const struct filter_gradient *t)
{
    return t->images * t->filter.down * t->filter.across;
}

/* Lays out the pieces from `base` on. Returns the reals they take. */
static int64_t filter_gradient_pieces(struct filter_gradient *t, real *base)
{
    const int64_t rows = filter_gradient_rows(t), co = t->direct.channels;
    const int64_t sizes[5] = {scratch_piece(t->direct.source_channels, sizeof(real)),
                              scratch_piece(FILTER_PRODUCTS * filter_step(rows, t->filter.terms), sizeof(real)),
                              scratch_piece(FILTER_PRODUCTS * filter_step(rows, co), sizeof(real)),
                              scratch_piece(FILTER_PRODUCTS * filter_step(t->filter.terms, co), sizeof(real)),
                              scratch_piece(rows, sizeof(struct tile_term))};
    if (base) {
        t->zeros = base;
        t->values = t->zeros + sizes[0];
        t->results = t->values + sizes[1];
        t->sums = t->results + sizes[2];
        t->terms = (void *)(t->sums + sizes[3]);
    }
    return sizes[0] + sizes[1] + sizes[2] + sizes[3] + sizes[4];
}

/* A dy for the first four of five vectors `step` apart, in place. */
CGANC_INLINE void filter_spread(vector *y, const int step)
{
    const vector y0 = y[0], y1 = y[step], y2 = y[2 * step], y3 = y[3 * step];
    y[step] = (y0 + y2) + (y1 + y3);
    y[2 * step] = (y0 + y2) - (y1 + y3);
    y[3 * step] = (y0 + 4 * y2) + (2 * y1 + 8 * y3);
    y[4 * step] = y3;
}

/* (A dy A') of one tile, divided by G's denominators. */
static void filter_gradient_results(const struct filter_gradient *t, int64_t image, int64_t tile, int64_t row)
{
    const struct convolution *c = t->direct.shape;
    const int64_t co = c->out_channels, rows = filter_gradient_rows(t);
    const real *pixels[FILTER_TILE][FILTER_TILE];
    for (int i = 0; i < FILTER_TILE; i++) {
        for (int j = 0; j < FILTER_TILE; j++) {
            const int64_t down = tile / t->filter.across * FILTER_TILE + i;
            const int64_t across = tile % t->filter.across * FILTER_TILE + j;
            const int inside = down < c->out_height && across < c->out_width;
            pixels[i][j] = inside ? t->g + ((image * c->out_height + down) * c->out_width + across) * co : NULL;
        }
    }
    for (int64_t at = 0; at < co; at += LANES) {
        vector y[FILTER_PRODUCTS];
        real *out = t->results + at / TILE_COLUMNS * rows * TILE_COLUMNS + row * TILE_COLUMNS + at % TILE_COLUMNS;
        CGANC_UNROLL
        for (int i = 0; i < FILTER_TILE; i++) {
            CGANC_UNROLL
            for (int j = 0; j < FILTER_TILE; j++)
                y[i * FILTER_POINTS + j] = pixels[i][j] ? (vector)CONST_VECTOR_AT(pixels[i][j] + at) : (vector){0};
            filter_spread(y + i * FILTER_POINTS, 1);
        }
        CGANC_UNROLL
        for (int j = 0; j < FILTER_POINTS; j++) {
            filter_spread(y + j, FILTER_POINTS);
            CGANC_UNROLL
            for (int i = 0; i < FILTER_POINTS; i++)
                VECTOR_AT(out + (i * FILTER_POINTS + j) * filter_step(rows, co)) =
                    y[i * FILTER_POINTS + j] * (filter_factors[i] * filter_factors[j]);
        }
    }
}

/* Transforms the tiles of some images of the chunk. */
static void filter_gradient_transform(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct filter_gradient *t = context;
    const int64_t tiles = t->filter.down * t->filter.across, terms = t->filter.terms;
    (void)scratch;
    for (int64_t row = first * tiles; row < last * tiles; row++) {
        const int64_t image = t->first + row / tiles;
        for (int64_t plane = 0; plane < 4; plane++)
            filter_source(&t->filter, 0, image, row % tiles, plane, t->zeros,
                          t->values + row * terms + plane * t->direct.source_channels,
                          filter_step(filter_gradient_rows(t), terms));
        filter_gradient_results(t, image, row % tiles, row);
    }
}

/* A task is a panel of output channels at one of the 25 points. */
static void filter_gradient_multiply(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct filter_gradient *t = context;
    const int64_t co = t->direct.channels, panels = co / TILE_COLUMNS, rows = filter_gradient_rows(t);
    const int64_t terms = t->filter.terms, tiles = integer_ceiling(terms, TILE_ROWS);
    const int64_t count = t->count * t->filter.down * t->filter.across;
    (void)scratch;
    for (int64_t task = first; task < last; task++) {
        const int64_t point = task / panels, column = task % panels * TILE_COLUMNS;
        const real *values = t->values + point * filter_step(rows, terms);
        const real *panel = t->results + point * filter_step(rows, co) + column * rows;
        real *sums = t->sums + point * filter_step(terms, co) + column;
        for (int64_t tile = 0; tile < tiles; tile++) {
            const int64_t row = tile_first(terms, tiles, tile), size = tile_first(terms, tiles, tile + 1) - row;
            tile_outers[1][size - 1](t->terms, count, values + row, panel, TILE_ROWS, t->first > 0, sums + row * co, co,
                                     TILE_COLUMNS);
        }
    }
}

/* The first two of five vectors: G' of these, but for its denominators. */
CGANC_INLINE void filter_gather(vector *u, const int step)
{
    const vector u0 = u[0], u1 = u[step], u2 = u[2 * step], u3 = u[3 * step], u4 = u[4 * step];
    u[0] = (u0 + u1) + (u3 - u2);
    u[step] = (u1 + u2) + (2 * u3 + u4);
}

/* Weights from sums, for some of the (parity, input channel) terms, whose four taps lie two kernel positions apart. */
static void filter_gradient_weights(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct filter_gradient *t = context;
    const struct convolution *c = t->direct.shape;
    const int64_t ci = c->channels, co = c->out_channels;
    (void)scratch;
    for (int64_t term = first; term < last; term++) {
        const int64_t parity = term / ci, start = (parity / 2 * 4 + parity % 2) * ci + term % ci;
        for (int64_t at = 0; at < co; at += LANES) {
            vector u[FILTER_PRODUCTS];
            CGANC_UNROLL
            for (int j = 0; j < FILTER_POINTS; j++) {
                CGANC_UNROLL
                for (int i = 0; i < FILTER_POINTS; i++)
                    u[i * FILTER_POINTS + j] =
                        CONST_VECTOR_AT(t->sums + (i * FILTER_POINTS + j) * filter_step(4 * ci, co) + term * co + at);
                filter_gather(u + j, FILTER_POINTS);
            }
            for (int i = 0; i < 2; i++) {
                filter_gather(u + i * FILTER_POINTS, 1);
                for (int j = 0; j < 2; j++)
                    VECTOR_AT(t->direct.out + (start + (8 * i + 2 * j) * ci) * co + at) = u[i * FILTER_POINTS + j];
            }
        }
        for (int position = 0; position < 4; position++) {
            const int64_t row = start + (position / 2 * 8 + position % 2 * 2) * ci;
            epilogue_run(t->filter.epilogue, row, 1, 0, co);
        }
    }
}

/* Reals of scratch that each thread needs: all of it in the first thread's. */
CGANC_UNUSED static int64_t filtered_weight_gradient_scratch(const struct convolution *c)
{
    struct filter_gradient t = filter_gradient(c);
    return SCRATCH_SLACK + filter_gradient_pieces(&t, NULL);
}

/* w[4, 4, CI, CO] from x[N, H, W, CI] and g[N, OH, OW, CO]; rows of the epilogue are those of w seen as [16 CI, CO]. */
CGANC_UNUSED static void filtered_weight_gradient(struct pool *pool, const struct convolution *c, const real *x,
                                                  const real *g, real *w, const struct epilogue *epilogue)
{
    struct filter_gradient t = filter_gradient(c);
    t.direct.source = x, t.direct.out = w, t.g = g;
    t.filter.direct = &t.direct, t.filter.epilogue = epilogue;
    filter_gradient_pieces(&t, scratch_start(pool->scratch));
    memset(t.zeros, 0, (size_t)c->channels * sizeof(real));
    for (int64_t row = 0; row < filter_gradient_rows(&t); row++)
        t.terms[row] = (struct tile_term){row * t.filter.terms, row * TILE_COLUMNS};
    for (t.first = 0; t.first < c->batch; t.first += t.images) {
        t.count = integer_min(t.images, c->batch - t.first);
        pool_run(pool, filter_gradient_transform, &t, t.count, integer_ceiling(t.count, 16));
        pool_run(pool, filter_gradient_multiply, &t, FILTER_PRODUCTS * (c->out_channels / TILE_COLUMNS), 1);
    }
    pool_run(pool, filter_gradient_weights, &t, t.filter.terms, integer_ceiling(t.filter.terms, 16));
}
