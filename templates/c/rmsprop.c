/* RMSProp (Tieleman and Hinton 2012). */
struct rmsprop {
    double rate, decay, epsilon;
};

static void rmsprop_tile(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct update_context t = *(const struct update_context *)context;
    const real *CGANC_RESTRICT gradient = t.gradient;
    real *CGANC_RESTRICT p = t.parameter, *CGANC_RESTRICT v = t.second;
    (void)scratch;
    for (int64_t i = first; i < last; i++) {
        const real g = t.gradient_scale * gradient[i];
        const real square = t.beta2 * v[i] + t.rest2 * (g * g);
        v[i] = square;
        p[i] = update_confine(p[i] - t.rate * g / (real_sqrt(square) + t.epsilon), t.limit);
    }
}

/* v = decay v + (1 - decay) g^2, p = p - rate g / (sqrt(v) + epsilon). */
CGANC_UNUSED static void rmsprop_update(struct pool *pool, const struct rmsprop *rmsprop,
                                        const struct update_limits *limits, int64_t count, const real *gradient,
                                        real *parameter, real *v)
{
    const struct update_context context = {
        .gradient = gradient,
        .parameter = parameter,
        .second = v,
        .rate = (real)rmsprop->rate,
        .beta2 = (real)rmsprop->decay,
        .rest2 = (real)(1 - rmsprop->decay),
        .epsilon = (real)rmsprop->epsilon,
        .gradient_scale = (real)limits->gradient_scale,
        .limit = (real)limits->parameter_limit,
    };
    pool_run(pool, rmsprop_tile, &context, count, UPDATE_GRAIN);
}
