/* Draws of one of two values. */
static void random_to_bernoulli(real values[RANDOM_WORDS], const uint32_t words[RANDOM_WORDS], real probability,
                                real value_if_true)
{
    for (int i = 0; i < RANDOM_WORDS; i++)
        values[i] = random_unit(words[i]) < probability ? value_if_true : 0;
}

/* Elements [first, last) of a draw that is `value_if_true` with the given probability and 0 otherwise. */
CGANC_UNUSED static void random_bernoulli(real *out, int64_t first, int64_t last, uint64_t seed, uint64_t step,
                                          uint32_t draw, real probability, real value_if_true)
{
    random_fill(out, first, last, seed, step, draw, random_to_bernoulli, probability, value_if_true);
}
