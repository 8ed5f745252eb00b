/* Adam (Kingma and Ba 2015, algorithm 1), with decoupled weight decay (Loshchilov and Hutter 2019) if that is not 0. */
struct adam {
    double rate, beta1, beta2, epsilon, weight_decay;
};

/* Updates element i by its gradient and the mean of gradients; returns by how much it has changed. */
CGANC_INLINE real adam_step(const struct update_context *t, int64_t i, real g, real mean)
{
    const real square = t->beta2 * t->second[i] + t->rest2 * (g * g);
    const real step = t->rate * mean / (real_sqrt(square * t->second_scale) + t->epsilon);
    const real before = t->parameter[i], after = update_confine(t->keep * before - step, t->limit);
    t->second[i] = square;
    t->parameter[i] = after;
    return after - before;
}

CGANC_INLINE real adam_rule(const struct update_context *t, int64_t i)
{
    const real g = t->gradient_scale * t->gradient[i], mean = t->beta1 * t->first[i] + t->rest1 * g;
    t->first[i] = mean;
    return adam_step(t, i, g, mean);
}

CGANC_INLINE real adam_rule_without_mean(const struct update_context *t, int64_t i)
{
    const real g = t->gradient_scale * t->gradient[i];
    return adam_step(t, i, g, g);
}

static void adam_run(const struct update_context *t, int64_t first, int64_t last, double sums[SQUARES_KINDS])
{
    if (t->first)
        update_by(adam_rule, t, first, last, sums);
    else
        update_by(adam_rule_without_mean, t, first, last, sums);
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
        .run = adam_run,
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
