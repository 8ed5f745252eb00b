/* Random numbers: Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", 2011), a
 * function of key and counter with no state. The key is the seed (low word, high word); the counter is
 *     (element / 4, draw, step low word, step high word)
 * where `draw` numbers the draws of a step and `step` numbers the runs of a training step. Element i of a draw uses
 * word i % 4 of its block, so any part of a draw can be made alone, by any thread, with the same bits.
 *
 * A word w gives u = (w >> 8) 2^-24, in [0, 1). Normal values come from word pairs by Box-Muller with 1 - u in (0, 1]
 * under the logarithm. float and double builds draw the same words, hence the same numbers up to rounding. */
#define RANDOM_LANES 16                  /* blocks made together, so that the rounds vectorise */
#define RANDOM_WORDS (4 * RANDOM_LANES)

/* The 4 x 16 words of blocks [block, block + 16) of a draw, in the order of the elements. */
static void random_words(uint32_t words[RANDOM_WORDS], uint32_t block, uint64_t seed, uint64_t step, uint32_t draw)
{
    uint32_t lanes[4][RANDOM_LANES];
    for (int i = 0; i < RANDOM_LANES; i++) {
        uint32_t c0 = block + (uint32_t)i, c1 = draw, c2 = (uint32_t)step, c3 = (uint32_t)(step >> 32);
        uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
        for (int round = 0; round < 10; round++) {
            const uint64_t product0 = UINT64_C(0xD2511F53) * c0, product1 = UINT64_C(0xCD9E8D57) * c2;
            c0 = (uint32_t)(product1 >> 32) ^ c1 ^ k0;
            c1 = (uint32_t)product1;
            c2 = (uint32_t)(product0 >> 32) ^ c3 ^ k1;
            c3 = (uint32_t)product0;
            k0 += UINT32_C(0x9E3779B9);
            k1 += UINT32_C(0xBB67AE85);
        }
        lanes[0][i] = c0;
        lanes[1][i] = c1;
        lanes[2][i] = c2;
        lanes[3][i] = c3;
    }
    for (int i = 0; i < RANDOM_LANES; i++)
        for (int word = 0; word < 4; word++)
            words[4 * i + word] = lanes[word][i];
}

/* u in [0, 1) of a word: exact in float. */
static inline real random_unit(uint32_t word)
{
    return (real)(int32_t)(word >> 8) * REAL(0x1p-24);
}

/* Values of a whole group of blocks, as one distribution makes them of their words. */
typedef void (*random_transform)(real values[RANDOM_WORDS], const uint32_t words[RANDOM_WORDS], real p, real q);

/* Elements [first, last) of a draw into out[0 ...]. Groups start at multiples of RANDOM_WORDS, whatever `first` is, so
 * that each element is computed by the same instructions always. */
static void random_fill(real *out, int64_t first, int64_t last, uint64_t seed, uint64_t step, uint32_t draw,
                        random_transform transform, real p, real q)
{
    uint32_t words[RANDOM_WORDS];
    real values[RANDOM_WORDS];
    for (int64_t group = first / RANDOM_WORDS; group * RANDOM_WORDS < last; group++) {
        random_words(words, (uint32_t)(group * RANDOM_LANES), seed, step, draw);
        transform(values, words, p, q);
        const int64_t start = group * RANDOM_WORDS;
        const int64_t begin = integer_max(first, start), end = integer_min(last, start + RANDOM_WORDS);
        memcpy(out + (begin - first), values + (begin - start), (size_t)(end - begin) * sizeof(real));
    }
}

static void random_to_uniform(real values[RANDOM_WORDS], const uint32_t words[RANDOM_WORDS], real low, real width)
{
    for (int i = 0; i < RANDOM_WORDS; i++)
        values[i] = real_multiply_add(low, width, random_unit(words[i]));
}

static void random_to_normal(real values[RANDOM_WORDS], const uint32_t words[RANDOM_WORDS], real mean, real deviation)
{
    for (int i = 0; i < RANDOM_WORDS; i += 2) {
        const real radius = deviation * real_sqrt(-2 * real_log(1 - random_unit(words[i])));
        const real quarters = 4 * random_unit(words[i + 1]);
        values[i] = real_multiply_add(mean, radius, real_cos_quarters(quarters));
        values[i + 1] = real_multiply_add(mean, radius, real_sin_quarters(quarters));
    }
}

/* Elements [first, last) of a draw from U[low, high), into out[0 ... last - first). */
CGANC_UNUSED static void random_uniform(real *out, int64_t first, int64_t last, uint64_t seed, uint64_t step,
                                        uint32_t draw, real low, real high)
{
    random_fill(out, first, last, seed, step, draw, random_to_uniform, low, high - low);
}

/* Elements [first, last) of a draw from N(mean, deviation^2). */
CGANC_UNUSED static void random_normal(real *out, int64_t first, int64_t last, uint64_t seed, uint64_t step,
                                       uint32_t draw, real mean, real deviation)
{
    random_fill(out, first, last, seed, step, draw, random_to_normal, mean, deviation);
}

/* The draw number that permutations use; steps number theirs from 0. */
#define RANDOM_PERMUTATION_DRAW UINT32_MAX

/* A permutation of 0 ... count - 1, each equally likely, by Fisher and Yates's shuffle. Position i swaps with
 * floor(w (i + 1) / 2^32), w being word i of the epoch's draw. */
CGANC_UNUSED static void random_permutation(uint32_t *order, uint32_t count, uint64_t seed, uint64_t epoch)
{
    uint32_t words[RANDOM_WORDS];
    for (uint32_t i = 0; i < count; i++)
        order[i] = i;
    for (uint32_t i = 0; i < count; i++) {
        if (i % RANDOM_WORDS == 0)
            random_words(words, i / 4, seed, epoch, RANDOM_PERMUTATION_DRAW);
        const uint32_t j = (uint32_t)(((uint64_t)words[i % RANDOM_WORDS] * ((uint64_t)i + 1)) >> 32);
        const uint32_t kept = order[i];
        order[i] = order[j];
        order[j] = kept;
    }
}
