/* Random numbers against the published known answers of Philox4x32-10, against the moments of their distributions,
 * and for being a function of the element's index alone. */
static void check_known_answers(void)
{
    /* Random123's kat_vectors: counter, key, output. */
    static const uint32_t vectors[][10] = {
        {0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
        {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x408f276d, 0x41c83b0e, 0xa20bc7c6,
         0x6d5451fd},
        {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, 0xd16cfe09, 0x94fdcceb, 0x5001e420,
         0x24126ea1},
    };
    for (int v = 0; v < 3; v++) {
        const uint32_t *k = vectors[v];
        uint32_t words[RANDOM_WORDS];
        random_words(words, k[0], (uint64_t)k[5] << 32 | k[4], (uint64_t)k[3] << 32 | k[2], k[1]);
        for (int i = 0; i < 4; i++)
            CHECK(words[i] == k[6 + i], "vector %d word %d is %08x, not %08x", v, i, words[i], k[6 + i]);
        /* The second block of a group is the first of the group that starts one later. */
        uint32_t next[RANDOM_WORDS];
        random_words(next, k[0] + 1, (uint64_t)k[5] << 32 | k[4], (uint64_t)k[3] << 32 | k[2], k[1]);
        CHECK(memcmp(words + 4, next, sizeof words - 4 * sizeof *words) == 0, "blocks do not follow each other");
    }
}

static void check_uniform_formula(void)
{
    uint32_t words[RANDOM_WORDS];
    real values[8];
    random_words(words, 0, 42, 7, 3);
    random_uniform(values, 0, 8, 42, 7, 3, 0, 1);
    for (int i = 0; i < 8; i++)
        CHECK((double)values[i] == (words[i] >> 8) * 0x1p-24, "element %d is %.17g", i, (double)values[i]);
}

typedef void (*draw_function)(real *, int64_t, int64_t, uint64_t, uint64_t, uint32_t, real, real);

/* Any part of a draw has the bits that the whole draw has there. */
static void check_parts(const char *name, draw_function draw)
{
    enum { COUNT = 1000 };
    real whole[COUNT], part[COUNT];
    draw(whole, 0, COUNT, 5, 6, 7, REAL(0.25), REAL(0.5));
    for (int64_t first = 0; first < 150; first += 7) {
        for (int64_t last = first; last < COUNT; last += 61) {
            draw(part, first, last, 5, 6, 7, REAL(0.25), REAL(0.5));
            CHECK(memcmp(part, whole + first, (size_t)(last - first) * sizeof(real)) == 0, "%s [%ld, %ld)", name,
                  (long)first, (long)last);
        }
    }
}

/* Mean, variance, third and fourth central moments, within six standard errors; limits; independence of neighbours. */
static void check_moments(const char *name, draw_function draw, real p, real q, double mean, double variance,
                          double third, double fourth, double low, double high)
{
    enum { COUNT = 1 << 20 };
    real *values = allocate(COUNT);
    draw(values, 0, COUNT, 11, 12, 13, p, q);
    double moments[5] = {0}, neighbours = 0;
    for (int i = 0; i < COUNT; i++) {
        const double d = (double)values[i] - mean;
        double power = 1;
        for (int k = 0; k < 5; k++, power *= d)
            moments[k] += power / COUNT;
        if (i > 0)
            neighbours += d * ((double)values[i - 1] - mean) / COUNT;
        CHECK(values[i] >= low && values[i] < high, "%s: element %d is %g", name, i, (double)values[i]);
    }
    const double deviation = sqrt(variance), error = 6 / sqrt(COUNT);
    CHECK(fabs(moments[1]) < error * deviation, "%s: mean off by %g", name, moments[1]);
    CHECK(fabs(moments[2] - variance) < error * 1.5 * variance, "%s: variance %g", name, moments[2]);
    CHECK(fabs(moments[3] - third) < error * 4 * variance * deviation, "%s: third moment %g", name, moments[3]);
    CHECK(fabs(moments[4] - fourth) < error * 10 * variance * variance, "%s: fourth moment %g", name, moments[4]);
    CHECK(fabs(neighbours) < error * variance, "%s: neighbours correlate by %g", name, neighbours);
    free(values);
}

static void check_permutation(void)
{
    enum { COUNT = 1000 };
    static uint32_t order[COUNT], again[COUNT];
    static int seen[COUNT];
    random_permutation(order, COUNT, 3, 4);
    random_permutation(again, COUNT, 3, 4);
    CHECK(memcmp(order, again, sizeof order) == 0, "the same epoch has two orders");
    random_permutation(again, COUNT, 3, 5);
    CHECK(memcmp(order, again, sizeof order) != 0, "two epochs have the same order");
    for (int i = 0; i < COUNT; i++)
        seen[order[i]]++;
    for (int i = 0; i < COUNT; i++)
        CHECK(seen[i] == 1, "%d occurs %d times", i, seen[i]);
    /* The 24 orders of four are equally frequent: chi-squared with 23 degrees of freedom, 99.99% below 58. */
    int counts[256] = {0};
    const int trials = 24000;
    for (int epoch = 0; epoch < trials; epoch++) {
        uint32_t few[4];
        random_permutation(few, 4, 9, (uint64_t)epoch);
        counts[few[0] << 6 | few[1] << 4 | few[2] << 2 | few[3]]++;
    }
    double chi = 0;
    int kinds = 0;
    for (int i = 0; i < 256; i++) {
        if (counts[i] > 0) {
            kinds++;
            chi += (counts[i] - 1000.0) * (counts[i] - 1000.0) / 1000;
        }
    }
    CHECK(kinds == 24 && chi < 58, "%d orders, chi-squared %g", kinds, chi);
    random_permutation(order, 1, 0, 0);
    CHECK(order[0] == 0, "the order of one is %u", order[0]);
}

int main(void)
{
    check_known_answers();
    check_uniform_formula();
    check_parts("uniform", random_uniform);
    check_parts("normal", random_normal);
    check_parts("bernoulli", random_bernoulli);
    check_moments("uniform", random_uniform, -1, 3, 1, 16.0 / 12, 0, 256.0 / 80, -1, 3.0000001);
    check_moments("normal", random_normal, 2, 3, 2, 9, 0, 243, -20, 24);
    check_moments("bernoulli", random_bernoulli, REAL(0.25), 4, 1, 3, 6, 21, 0, 4.0000001);
    check_permutation();
    return finish();
}
