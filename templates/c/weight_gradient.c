/* The weight gradient of a convolution, whichever way it is computed: where tasks would be too few, fixed parts of the
 * batch, whose number follows from the shape, are summed separately and joined in a fixed order. */

/* Parts of the batch, at most. */
#define WEIGHT_GRADIENT_PARTS 16
/* Output pixels of a block of images, about. */
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

/* Rows of the weights, seen as [KH KW CI, CO]. */
static int64_t weight_gradient_patch(const struct convolution *c)
{
    return c->kernel_height * c->kernel_width * c->channels;
}

static struct weight_gradient_context weight_gradient_context(const struct convolution *c, int64_t parts)
{
    struct weight_gradient_context t = {.shape = c, .parts = parts};
    t.images = integer_max(1, integer_min(c->batch, WEIGHT_GRADIENT_PIXELS / (c->out_height * c->out_width)));
    if (parts > 1)
        t.shared = scratch_piece(parts * weight_gradient_patch(c) * c->out_channels, sizeof(real));
    return t;
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
    epilogue_run(t->epilogue, first, last - first, 0, co);
}

/* Runs `task` on each of `count` tasks, then joins the parts. */
static void weight_gradient_run(struct pool *pool, struct weight_gradient_context *t, pool_task task, int64_t count)
{
    const int64_t rows = weight_gradient_patch(t->shape);
    t->sums = t->parts > 1 ? scratch_start(pool->scratch) : t->out;
    pool_run(pool, task, t, count, 1);
    if (t->parts > 1)
        pool_run(pool, weight_gradient_join, t, rows, integer_max(1, integer_ceiling(rows, 16)));
}
