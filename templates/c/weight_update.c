/* Weight updates: the products A^T B that are gradients of weights, and the update of these weights beside them. A
 * product is cut into bands of whole rows. The parameters and moments of a band are one stretch each, which its tiles
 * call into the cache while they compute; and as soon as the band's gradients are there, its weights are updated.
 *
 * An update cannot be taken back, and a phase of which anything is not finite must leave its parameters. So the
 * operands of all these products are looked at where they are laid out, in place of each product: if none is large, no
 * gradient can overflow. */

/* Rows of a band: as many as the highest tiles have. */
#define WEIGHT_ROWS (14 / TILE_ROWS * TILE_ROWS)
/* Terms that one task lays out. */
#define WEIGHT_STRETCH 8

/* Operands are large from here on: a sum of 128 products of smaller ones, the most terms that are left for the update,
 * stays in a float. A test may ask for less, in order that all gradients are computed before the update. */
#ifndef CGANC_LARGE_OPERAND
#define CGANC_LARGE_OPERAND REAL(1e17)
#endif

/* AT_BACK goes on with what ran where AT_HERE stands: a profile counts a product as the phase's kernel, wherever it is
 * computed. */
#ifdef CGANC_PROFILE
#define AT_HERE cganc_counter *const here = profile.running;
#define AT_BACK profile_mark(here);
#else
#define AT_HERE
#define AT_BACK
#endif

struct weight_context {
    const struct matmul *shape;
    const real *a, *b, *more_a, *more_b;
    int64_t terms, bands;
    /* Laid out: B's panels; A's strips, each the rows of a band, its values for a term side by side; sums of squares of
     * each row; whether an operand is large. All together so many reals. */
    real *panels, *strips;
    double (*squares)[SQUARES_KINDS];
    atomic_int *found;
    int64_t reals;
    real *gradient;
    const struct update_context *update; /* of a range in which the tensor begins at `place`; NULL for none */
    int64_t place;
};

/* Reals of the strip of a band. */
static int64_t weight_strip(const struct weight_context *t)
{
    return t->terms * WEIGHT_ROWS + SCRATCH_SLACK;
}

/* Finds the things of a product from `start` on; NULL only to learn how many reals they are. */
static struct weight_context weight_context(const struct matmul *shape, real *start)
{
    struct weight_context t = {.shape = shape, .terms = shape->k + shape->more};
    t.bands = integer_ceiling(shape->m, WEIGHT_ROWS);
    const int64_t strips = scratch_piece(panel_reals(t.terms, shape->n), sizeof(real));
    const int64_t squares = strips + scratch_piece(t.bands * weight_strip(&t), sizeof(real));
    const int64_t found = squares + scratch_piece(shape->m, sizeof *t.squares);
    t.reals = found + scratch_piece(1, sizeof *t.found);
    if (start) {
        t.panels = start, t.strips = start + strips;
        t.squares = (void *)(start + squares), t.found = (void *)(start + found);
    }
    return t;
}

/* Reals that hold all that a phase lays out. */
static CGANC_COLD int64_t weight_reals(const struct weight_product *left)
{
    int64_t reals = 0;
    for (; left->shape; left++)
        reals += weight_context(left->shape, NULL).reals;
    return reals;
}

static int weight_is_large(const real *x, int64_t count)
{
    int found = 0;
    for (int64_t i = 0; i < count; i++)
        found |= !(real_fabs(x[i]) < CGANC_LARGE_OPERAND);
    return found;
}

/* Lays out some terms of both operands. */
static void weight_lay_out_task(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct weight_context *t = context;
    const struct matmul *s = t->shape;
    int found = 0;
    (void)scratch;
    for (int64_t k = first; k < last; k++) {
        const real *const a = k < s->k ? t->a + k * s->m : t->more_a + (k - s->k) * s->m;
        const real *const b = k < s->k ? t->b + k * s->n : t->more_b + (k - s->k) * s->n;
        real *to = t->strips + k * WEIGHT_ROWS;
        for (int64_t band = 0; band < t->bands; band++, to += weight_strip(t)) {
            const int64_t row = tile_first(s->m, t->bands, band);
            if (row + WEIGHT_ROWS <= s->m)
                memcpy(to, a + row, WEIGHT_ROWS * sizeof(real));
            else
                memcpy(to, a + row, (size_t)(s->m - row) * sizeof(real));
        }
        panels_from_rows(b, s->n, 1, s->n, t->terms * TILE_COLUMNS, t->panels + k * TILE_COLUMNS);
        found |= weight_is_large(a, s->m) | weight_is_large(b, s->n);
    }
    if (found)
        atomic_store_explicit(t->found, 1, memory_order_relaxed);
}

/* Lays out the operands of a product of the running phase, behind those of the ones before it in the list. */
static void weight_lay_out(const struct frame *f, const struct weight_product *left)
{
    real *start = f->laid_out;
    for (const struct weight_product *before = f->watch.left; before != left; before++)
        start += weight_context(before->shape, NULL).reals;
    struct weight_context t = weight_context(left->shape, start);
    t.a = f->arena + left->operands[0], t.b = f->arena + left->operands[1];
    t.more_a = f->arena + left->operands[2], t.more_b = f->arena + left->operands[3];
    atomic_store(t.found, 0);
    pool_run(f->pool, weight_lay_out_task, &t, t.terms, WEIGHT_STRETCH);
}

/* Whether an operand of what the running phase has laid out is large. */
static int weight_has_large(const struct frame *f)
{
    real *rest = f->laid_out;
    int found = 0;
    for (const struct weight_product *left = f->watch.left; left->shape; left++) {
        const struct weight_context t = weight_context(left->shape, rest);
        found |= atomic_load(t.found);
        rest += t.reals;
    }
    return found;
}

/* How far from `x` the stretch lies that tile `index` of so many calls into the cache, of the parameters and moments of
 * a band: `count` from `first` on of each. */
static int64_t weight_ahead(const struct update_context *update, int64_t first, int64_t count, int64_t index,
                            int64_t tiles, const real *x)
{
    const real *const all[] = {update->parameter, update->first, update->second}, *kept[3];
    int64_t streams = 0;
    for (int i = 0; i < 3; i++)
        if (all[i])
            kept[streams++] = all[i];
    const int64_t place = streams * count * index / tiles;
    const real *const stretch = kept[place / count] + first + place % count;
    return ((intptr_t)stretch - (intptr_t)x) / (intptr_t)sizeof(real);
}

/* Updates the rows of a band, and takes the squares of each. */
static void weight_update_rows(const struct weight_context *t, int64_t top, int64_t bottom)
{
    const int64_t n = t->shape->n;
    for (int64_t row = top; row < bottom; row++) {
        double sums[SQUARES_KINDS] = {0};
        update_range(t->update, t->place + row * n, t->place + (row + 1) * n, sums);
        memcpy(t->squares[row], sums, sizeof sums);
    }
}

/* A tile of outer products of a strip and a panel, whose terms follow each other in both: it reads no list of them. For
 * each it calls a line into the cache, `ahead` reals beyond its values. */
#define WEIGHT_TILE_PARAMETERS                                                                                         \
    int64_t terms, const real *x, const real *panel, int64_t ahead, real *out, int64_t stride, int64_t columns
#define WEIGHT_TILE(name, rows, vectors)                                                                               \
    static void name(WEIGHT_TILE_PARAMETERS)                                                                           \
    {                                                                                                                  \
        vector sums[TILE_ROWS][2];                                                                                     \
        tile_begin(rows, vectors, sums, out, stride);                                                                  \
        for (; terms > 0; terms--, x += WEIGHT_ROWS, panel += TILE_COLUMNS) {                                          \
            __builtin_prefetch(x + ahead, 0, 2);                                                                       \
            tile_add(rows, vectors, sums, x, panel);                                                                   \
        }                                                                                                              \
        tile_end(rows, vectors, sums, out, stride, columns);                                                           \
    }
WEIGHT_TILE(weight_tile_1, TILE_ROWS, 1)
WEIGHT_TILE(weight_tile_2, TILE_ROWS, 2)
WEIGHT_TILE(weight_low_tile_1, TILE_ROWS - 1, 1)
WEIGHT_TILE(weight_low_tile_2, TILE_ROWS - 1, 2)

/* A product that is left has 224 rows or more, so a band has WEIGHT_ROWS of them or one less, and a tile likewise. */
static void (*const weight_tiles[2][2])(WEIGHT_TILE_PARAMETERS) = {{weight_tile_1, weight_low_tile_1},
                                                                   {weight_tile_2, weight_low_tile_2}};

static void weight_task(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct weight_context *t = context;
    const struct matmul *s = t->shape;
    const int64_t panels = integer_ceiling(s->n, TILE_COLUMNS);
    (void)scratch;
    for (int64_t band = first; band < last; band++) {
        const int64_t top = tile_first(s->m, t->bands, band), rows = tile_first(s->m, t->bands, band + 1) - top;
        const int64_t tiles = integer_ceiling(rows, TILE_ROWS), place = t->place + top * s->n;
        for (int64_t index = 0; index < panels * tiles; index++) {
            const int64_t column = index / tiles * TILE_COLUMNS, columns = integer_min(TILE_COLUMNS, s->n - column);
            const int64_t row = tile_first(rows, tiles, index % tiles);
            const int64_t height = tile_first(rows, tiles, index % tiles + 1) - row;
            const real *const x = t->strips + band * weight_strip(t) + row;
            const int64_t ahead =
                t->update ? weight_ahead(t->update, place, rows * s->n, index, panels * tiles, x) : 0;
            weight_tiles[columns > LANES][TILE_ROWS - height](t->terms, x, t->panels + column * t->terms, ahead,
                                                              t->gradient + (top + row) * s->n + column, s->n, columns);
        }
        if (t->update)
            weight_update_rows(t, top, top + rows);
    }
}

/* Computes the gradients whose operands are laid out, and updates their weights; without `update`, the gradients
 * alone. */
static void weight_run(const struct frame *f, const struct update_context *update)
{
    const struct tensor_watch *watch = &f->watch;
    real *rest = f->laid_out;
    AT_HERE
    for (const struct weight_product *left = watch->left; left && left->shape; left++) {
        AT(left->kernel)
        struct weight_context t = weight_context(left->shape, rest);
        t.place = left->gradient - watch->first, t.update = update;
        t.gradient = f->gradients + left->gradient;
        pool_run(f->pool, weight_task, &t, t.bands, 1);
        for (int kind = 0; update && kind < SQUARES_KINDS; kind++) {
            double sum = 0;
            for (int64_t row = 0; row < t.shape->m; row++)
                sum += t.squares[row][kind];
            watch->squares[tensor_at(watch, t.place)][kind] = sum;
        }
        rest += t.reals;
    }
    AT_BACK
}
