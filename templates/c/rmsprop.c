/* RMSProp (Tieleman and Hinton 2012). */
struct rmsprop {
    double rate, decay, epsilon;
};

static void rmsprop_rule(const struct update_context *context, int64_t first, int64_t last,
                         real *CGANC_RESTRICT change)
{
    const struct update_context t = *context;
    const real *CGANC_RESTRICT gradient = t.gradient;
    real *CGANC_RESTRICT p = t.parameter, *CGANC_RESTRICT v = t.second;
    for (int64_t top = first; top < last; top += UPDATE_STRETCH) {
        const int64_t end = integer_min(top + UPDATE_STRETCH, last);
        update_fetch(&t, top + UPDATE_AHEAD);
        for (int64_t i = top; i < end; i++) {
            const real g = t.gradient_scale * gradient[i];
            const real square = t.beta2 * v[i] + t.rest2 * (g * g);
            v[i] = square;
            const real updated = update_confine(p[i] - t.rate * g / (real_sqrt(square) + t.epsilon), t.limit);
            change[i - first] = updated - p[i];
            p[i] = updated;
        }
    }
}

/* v = decay v + (1 - decay) g^2, p = p - rate g / (sqrt(v) + epsilon). */
CGANC_UNUSED static struct update_context rmsprop_update(const struct rmsprop *rmsprop,
                                                         const struct update_limits *limits,
                                                         const struct tensor_watch *watch, const real *gradient,
                                                         real *parameter, real *v)
{
    return (struct update_context){
        .rule = rmsprop_rule,
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
