/* Adam (Kingma and Ba 2015, algorithm 1), with decoupled weight decay (Loshchilov and Hutter 2019) if that is not 0. */
struct adam {
    double rate, beta1, beta2, epsilon, weight_decay;
};

/* The parameter after its update by a mean and a square of gradients. */
CGANC_INLINE real adam_updated(const struct update_context *t, real parameter, real mean, real square)
{
    const real step = t->rate * mean / (real_sqrt(square * t->second_scale) + t->epsilon);
    return update_confine(t->keep * parameter - step, t->limit);
}

static void adam_rule(const struct update_context *context, int64_t first, int64_t last, real *CGANC_RESTRICT change)
{
    const struct update_context t = *context;
    const real *CGANC_RESTRICT gradient = t.gradient;
    real *CGANC_RESTRICT p = t.parameter, *CGANC_RESTRICT m = t.first, *CGANC_RESTRICT v = t.second;
    for (int64_t top = first; top < last; top += UPDATE_STRETCH) {
        const int64_t end = integer_min(top + UPDATE_STRETCH, last);
        update_fetch(&t, top + UPDATE_AHEAD);
        for (int64_t i = top; i < end; i++) {
            const real g = t.gradient_scale * gradient[i];
            const real mean = m ? t.beta1 * m[i] + t.rest1 * g : g;
            if (m)
                m[i] = mean;
            v[i] = t.beta2 * v[i] + t.rest2 * (g * g);
            const real updated = adam_updated(&t, p[i], mean, v[i]);
            change[i - first] = updated - p[i];
            p[i] = updated;
        }
    }
}

/* m = beta1 m + (1 - beta1) g, v = beta2 v + (1 - beta2) g^2,
 * p = (1 - rate weight_decay) p - rate (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon); t counts from 1.
 * `m` may be null for beta1 = 0, where it is the gradient. */
CGANC_UNUSED static struct update_context adam_update(const struct adam *adam, const struct update_limits *limits,
                                                      const struct tensor_watch *watch, uint64_t t,
                                                      const real *gradient, real *parameter, real *m, real *v)
{
    const double correction1 = 1 - pow(adam->beta1, (double)t), correction2 = 1 - pow(adam->beta2, (double)t);
    return (struct update_context){
        .rule = adam_rule,
        .watch = watch,
        .gradient = gradient,
        .parameter = parameter,
        .first = m,
        .second = v,
        .rate = (real)(adam->rate / correction1),
        .beta1 = (real)adam->beta1,
        .beta2 = (real)adam->beta2,
        .rest1 = (real)(1 - adam->beta1),
        .rest2 = (real)(1 - adam->beta2),
        .second_scale = (real)(1 / correction2),
        .epsilon = (real)adam->epsilon,
        .keep = (real)(1 - adam->rate * adam->weight_decay),
        .gradient_scale = (real)limits->gradient_scale,
        .limit = (real)limits->parameter_limit,
    };
}
