/* Stochastic gradient descent with momentum, by Nesterov's rule if asked (Sutskever 2013). */
struct sgd {
    double rate, momentum;
    int nesterov;
};

CGANC_INLINE real sgd_step(const struct update_context *t, int64_t i, real step)
{
    const real before = t->parameter[i], after = update_confine(before - t->rate * step, t->limit);
    t->parameter[i] = after;
    return after - before;
}

CGANC_INLINE real sgd_rule(const struct update_context *t, int64_t i)
{
    return sgd_step(t, i, t->gradient_scale * t->gradient[i]);
}

CGANC_INLINE real momentum_rule(const struct update_context *t, int64_t i)
{
    const real g = t->gradient_scale * t->gradient[i], u = t->beta1 * t->first[i] + g;
    t->first[i] = u;
    return sgd_step(t, i, t->nesterov ? g + t->beta1 * u : u);
}

static void sgd_run(const struct update_context *t, int64_t first, int64_t last, double sums[SQUARES_KINDS])
{
    if (t->first)
        update_by(momentum_rule, t, first, last, sums);
    else
        update_by(sgd_rule, t, first, last, sums);
}

/* u = momentum u + g, p = p - rate u, or p - rate (g + momentum u) by Nesterov's rule. `velocity` may be null, for no
 * momentum. */
CGANC_UNUSED static struct update_context sgd_update(const struct sgd *sgd, const struct update_limits *limits,
                                                     const struct tensor_watch *watch, const real *gradient,
                                                     real *parameter, real *velocity)
{
    return (struct update_context){
        .run = sgd_run,
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
