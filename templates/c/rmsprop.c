/* RMSProp (Tieleman and Hinton 2012). */
struct rmsprop {
    double rate, decay, epsilon;
};

CGANC_INLINE real rmsprop_rule(const struct update_context *t, int64_t i)
{
    const real g = t->gradient_scale * t->gradient[i];
    const real square = t->beta2 * t->second[i] + t->rest2 * (g * g);
    const real before = t->parameter[i];
    const real after = update_confine(before - t->rate * g / (real_sqrt(square) + t->epsilon), t->limit);
    t->second[i] = square;
    t->parameter[i] = after;
    return after - before;
}

static void rmsprop_run(const struct update_context *t, int64_t first, int64_t last, double sums[SQUARES_KINDS])
{
    update_by(rmsprop_rule, t, first, last, sums);
}

/* v = decay v + (1 - decay) g^2, p = p - rate g / (sqrt(v) + epsilon). */
CGANC_UNUSED static struct update_context rmsprop_update(const struct rmsprop *rmsprop,
                                                         const struct update_limits *limits,
                                                         const struct tensor_watch *watch, const real *gradient,
                                                         real *parameter, real *v)
{
    return (struct update_context){
        .run = rmsprop_run,
        .watch = watch,
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
}
