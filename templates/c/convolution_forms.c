/* The forward form of a convolution and its input gradient, each by the way that suits its shape: filtered, by
 * (position, channel) pairs where channels are few, or directly. */

/* Reals of scratch that each thread needs: panels in the first thread's, products in each. */
static int64_t convolution_sum_scratch(const struct convolution *c, enum convolution_kind kind)
{
    const struct convolution_context t = convolution_context(c, kind);
    if (filter_applies(c)) {
        const struct filter_context filter = filter_context(&t);
        return filter_scratch(&filter);
    }
    if (!convolution_is_narrow(c, kind))
        return SCRATCH_SLACK + panel_reals(convolution_patch(&t), t.channels);
    const int64_t patch = convolution_narrow_columns(c);
    return SCRATCH_SLACK + panel_reals(c->out_channels, patch) + c->out_height * c->out_width * patch;
}

static void convolution_sum(struct pool *pool, const struct convolution *c, enum convolution_kind kind,
                            const real *source, const real *weights, real *out, const struct epilogue *epilogue)
{
    struct convolution_context t = convolution_context(c, kind);
    t.source = source, t.weights = weights, t.out = out, t.epilogue = epilogue;
    t.panels = scratch_start(pool->scratch);
    if (filter_applies(c)) {
        filter_convolution(pool, &t);
        return;
    }
    if (convolution_is_narrow(c, kind)) {
        pool_run(pool, convolution_narrow_pack, &t, integer_ceiling(convolution_narrow_columns(c), TILE_COLUMNS), 1);
        pool_run(pool, convolution_narrow_task, &t, c->batch, integer_max(1, c->batch / 32));
        return;
    }
    pool_run(pool, convolution_pack, &t, integer_ceiling(t.channels, TILE_COLUMNS), 1);
    pool_run(pool, convolution_task, &t, integer_ceiling(c->batch, t.images) * t.groups, 1);
}

/* y[N, OH, OW, CO] from x[N, H, W, CI] and w[KH, KW, CI, CO]; rows of the epilogue are output pixels. */
CGANC_UNUSED static void convolution_forward_then(struct pool *pool, const struct convolution *shape, const real *x,
                                                  const real *w, real *y, const struct epilogue *epilogue)
{
    convolution_sum(pool, shape, CONVOLUTION_FORWARD, x, w, y, epilogue);
}

CGANC_UNUSED static void convolution_forward(struct pool *pool, const struct convolution *shape, const real *x,
                                             const real *w, real *y)
{
    convolution_forward_then(pool, shape, x, w, y, &(struct epilogue){0});
}

/* The transposed convolution: x[N, H, W, CI], every pixel of it, from g[N, OH, OW, CO] and w[KH, KW, CI, CO]; rows of
 * the epilogue are pixels of x. */
CGANC_UNUSED static void convolution_input_gradient_then(struct pool *pool, const struct convolution *shape,
                                                         const real *g, const real *w, real *x,
                                                         const struct epilogue *epilogue)
{
    convolution_sum(pool, shape, CONVOLUTION_INPUT_GRADIENT, g, w, x, epilogue);
}

CGANC_UNUSED static void convolution_input_gradient(struct pool *pool, const struct convolution *shape, const real *g,
                                                    const real *w, real *x)
{
    convolution_input_gradient_then(pool, shape, g, w, x, &(struct epilogue){0});
}
