/* Stochastic gradient descent with momentum, by Nesterov's rule if asked (Sutskever 2013). */
struct sgd {
    double rate, momentum;
    int nesterov;
};

static void sgd_rule(const struct update_context *context, int64_t first, int64_t last, real *CGANC_RESTRICT change)
{
    const struct update_context t = *context;
    const real *CGANC_RESTRICT gradient = t.gradient;
    real *CGANC_RESTRICT p = t.parameter, *CGANC_RESTRICT velocity = t.first;
    for (int64_t top = first; top < last; top += UPDATE_STRETCH) {
        const int64_t end = integer_min(top + UPDATE_STRETCH, last);
        update_fetch(&t, top + UPDATE_AHEAD);
        for (int64_t i = top; i < end; i++) {
            const real g = t.gradient_scale * gradient[i];
            const real u = velocity ? t.beta1 * velocity[i] + g : g;
            if (velocity)
                velocity[i] = u;
            const real step = velocity && t.nesterov ? g + t.beta1 * u : u;
            const real updated = update_confine(p[i] - t.rate * step, t.limit);
            change[i - first] = updated - p[i];
            p[i] = updated;
        }
    }
}

/* u = momentum u + g, p = p - rate u, or p - rate (g + momentum u) by Nesterov's rule. `velocity` may be null, for no
 * momentum. */
CGANC_UNUSED static struct update_context sgd_update(const struct sgd *sgd, const struct update_limits *limits,
                                                     const struct tensor_watch *watch, const real *gradient,
                                                     real *parameter, real *velocity)
{
    return (struct update_context){
        .rule = sgd_rule,
        .watch = watch,
        .gradient = gradient,
        .parameter = parameter,
        .first = velocity,
        .rate = (real)sgd->rate,
        .beta1 = (real)sgd->momentum,
        .gradient_scale = (real)limits->gradient_scale,
        .limit = (real)limits->parameter_limit,
        .nesterov = sgd->nesterov,
    };
}
