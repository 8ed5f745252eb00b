/* article-penalty: a training step of a conditional GAN
 *
 * Images 28x28x1, 10 classes, latent 100, batch 64.
 * generator: 381409 trained parameters in 6 tensors.
 * discriminator: 44865 trained parameters in 7 tensors.
 * One step: 4.131 GFLOP in contractions, an arena of 4554624 reals.
 *
 * Written by cganc; do not edit. Build it with
 *     gcc -std=gnu11 -O3 -march=native -ffp-contract=off -fno-math-errno -fno-trapping-math -pthread -fPIC -shared \
 *         article_penalty.c -o article_penalty.so -lm
 * and -DCGANC_DOUBLE for double precision; the Makefile beside it builds a program that trains.
 *
 * A kernel's comment names the layers that it computes, with a prime for a gradient and two for the gradient of a
 * gradient, the extents of its result, and the lines of the model's file that they come from.
 *
 * Contents: the runtime, where the tensors lie, the kernels, phase by phase, the tables, and the C interface. */
/* Prelude: what every kernel of an emitted model stands on. One number type `real` (float, or double when
 * CGANC_DOUBLE is defined), the C library's functions under names that follow it, and elementwise functions of a few
 * instructions. All of it is branch-free, so that loops over it vectorise. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A library function that a particular model may not call. */
#define CGANC_UNUSED __attribute__((unused))
/* What is called from many places: never in line. */
#define CGANC_APART __attribute__((noinline, unused))
/* What runs seldom: compiled for size, which takes the compiler less time, and never in line. */
#define CGANC_COLD __attribute__((cold, noinline, unused))
/* Promises that nothing else reaches what this pointer reaches, for as long as the function runs. */
#define CGANC_RESTRICT __restrict__
/* Tensors in the arena start on a cache line. */
#define CGANC_ALIGNMENT 64
#define CGANC_ALIGNED __attribute__((aligned(CGANC_ALIGNMENT)))
#define CGANC_ASSUME_ALIGNED(pointer) __builtin_assume_aligned(pointer, CGANC_ALIGNMENT)

#ifdef CGANC_DOUBLE
typedef double real;
#define REAL(x) x
#define real_sqrt sqrt
#define real_fabs fabs
#define real_floor floor
#define real_ceil ceil
#define real_rint rint
#else
typedef float real;
#define REAL(x) x##f
#define real_sqrt sqrtf
#define real_fabs fabsf
#define real_floor floorf
#define real_ceil ceilf
#define real_rint rintf
#endif

CGANC_UNUSED static inline int64_t integer_min(int64_t x, int64_t y)
{
    return x < y ? x : y;
}

CGANC_UNUSED static inline int64_t integer_max(int64_t x, int64_t y)
{
    return x > y ? x : y;
}

/* The quotient rounded up, of x >= 0 and y > 0. */
CGANC_UNUSED static inline int64_t integer_ceiling(int64_t x, int64_t y)
{
    return (x + y - 1) / y;
}

/* The greater; y when they are equal or not ordered. */
CGANC_UNUSED static inline real real_max(real x, real y)
{
    return x > y ? x : y;
}

/* The lesser; y when they are equal or not ordered. */
CGANC_UNUSED static inline real real_min(real x, real y)
{
    return x < y ? x : y;
}

/* -1, 0 or 1. */
CGANC_UNUSED static inline real real_sign(real x)
{
    return (real)(x > 0) - (real)(x < 0);
}

CGANC_UNUSED static inline real real_square(real x)
{
    return x * x;
}

CGANC_UNUSED static inline real real_reciprocal(real x)
{
    return 1 / x;
}

/* max(x, 0); what is not a number stays so. */
CGANC_UNUSED static inline real real_relu(real x)
{
    return x < 0 ? 0 : x;
}

CGANC_UNUSED static inline real real_leaky_relu(real x, real slope)
{
    return x > 0 ? x : slope * x;
}

#include "article_penalty.h"

/* Vectors: the machine's registers as GCC vector types, and the register tile that suits them. One text serves every
 * width; which one is chosen follows from what the compiler may use (-march), or from -DCGANC_VECTOR=4, 8 or 16, the
 * floats in a vector. Vectors of doubles hold half as many. */
#ifndef CGANC_VECTOR
#if defined(__AVX512F__)
#define CGANC_VECTOR 16
#elif defined(__AVX__)
#define CGANC_VECTOR 8
#else
#define CGANC_VECTOR 4
#endif
#endif

/* Rows of a register tile, which is two vectors wide. Its sums, two vectors of the panel and one broadcast value are to
 * fit the registers: 28 + 3 of the 32 that AVX-512 and 64-bit ARM have, 12 + 3 of 16 elsewhere. */
#if CGANC_VECTOR == 16 || defined(__aarch64__)
#define TILE_ROWS 14
#else
#define TILE_ROWS 6
#endif

/* Reals in a vector, and columns of a tile. */
#ifdef CGANC_DOUBLE
#define LANES (CGANC_VECTOR / 2)
#else
#define LANES CGANC_VECTOR
#endif
#define TILE_COLUMNS (2 * LANES)

/* Whether the rows of a tile, side by side in memory, fill most of a cache line: only then can they be read where they
 * lie. Of narrower tiles several would call the same line, which has left the cache by then. */
#define TILE_FILLS_LINES (2 * TILE_ROWS * (int)sizeof(real) > CGANC_ALIGNMENT)

typedef real vector __attribute__((vector_size(CGANC_VECTOR * 4)));
/* The same in memory, where it may start at any real. */
typedef real vector_in_memory __attribute__((vector_size(CGANC_VECTOR * 4), aligned(sizeof(real)), may_alias));
#define VECTOR_AT(pointer) (*(vector_in_memory *)(pointer))
#define CONST_VECTOR_AT(pointer) (*(const vector_in_memory *)(pointer))

/* sum += x y, rounded once where the machine can, and asked for by name: left to themselves, compilers choose by
 * processor and width whether to fuse, which would give other bits. */
#ifdef CGANC_DOUBLE
#define FUSED(kind, suffix) __builtin_##kind##pd##suffix
#else
#define FUSED(kind, suffix) __builtin_##kind##ps##suffix
#endif
#if defined(__clang__)
#define MULTIPLY_ADD(sum, x, y)                                                                                        \
    do {                                                                                                               \
        _Pragma("clang fp contract(on)")(sum) += (x) * (y);                                                            \
    } while (0)
#elif defined(__FMA__) && CGANC_VECTOR == 16
#define MULTIPLY_ADD(sum, x, y) ((sum) = (vector)FUSED(ia32_vfmadd, 512_mask)(x, y, sum, -1, 4))
#elif defined(__FMA__) && CGANC_VECTOR == 8
#define MULTIPLY_ADD(sum, x, y) ((sum) = (vector)FUSED(ia32_vfmadd, 256)(x, y, sum))
#elif defined(__FMA__)
#define MULTIPLY_ADD(sum, x, y) ((sum) = (vector)FUSED(ia32_vfmadd, )(x, y, sum))
#elif defined(__aarch64__) && CGANC_VECTOR == 4 && defined(CGANC_DOUBLE)
#define MULTIPLY_ADD(sum, x, y) ((sum) = __builtin_aarch64_fmav2df(x, y, sum))
#elif defined(__aarch64__) && CGANC_VECTOR == 4
#define MULTIPLY_ADD(sum, x, y) ((sum) = __builtin_aarch64_fmav4sf(x, y, sum))
#else
#define MULTIPLY_ADD(sum, x, y) ((sum) += (x) * (y))
#endif

/* x in every lane. */
#define VECTOR_OF(x) ((x) - (vector){0})

/* sum + x y, the same for single numbers. */
CGANC_UNUSED static inline real real_multiply_add(real sum, real x, real y)
{
#if !defined(__FMA__) && !defined(__aarch64__)
    return sum + x * y;
#elif defined(CGANC_DOUBLE)
    return __builtin_fma(x, y, sum);
#else
    return __builtin_fmaf(x, y, sum);
#endif
}

/* For what takes its speed from constants in its arguments. */
#define CGANC_INLINE static inline __attribute__((always_inline, unused))

/* Before a loop whose constant number of turns must become straight code, so that its array lies in registers. */
#ifdef __clang__
#define CGANC_UNROLL _Pragma("clang loop unroll(full)")
#else
#define CGANC_UNROLL _Pragma("GCC unroll 16")
#endif

/* Before a loop whose turns do not touch what others touch, which pointers do not tell. Clang looks for itself. */
#ifdef __clang__
#define CGANC_INDEPENDENT
#else
#define CGANC_INDEPENDENT _Pragma("GCC ivdep")
#endif

/* The lanes of x and y by turns, x first: of their lower and of their upper halves. */
#if LANES == 16
#define ZIP_LOW(x, y) __builtin_shufflevector(x, y, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define ZIP_HIGH(x, y) __builtin_shufflevector(x, y, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#elif LANES == 8
#define ZIP_LOW(x, y) __builtin_shufflevector(x, y, 0, 8, 1, 9, 2, 10, 3, 11)
#define ZIP_HIGH(x, y) __builtin_shufflevector(x, y, 4, 12, 5, 13, 6, 14, 7, 15)
#elif LANES == 4
#define ZIP_LOW(x, y) __builtin_shufflevector(x, y, 0, 4, 1, 5)
#define ZIP_HIGH(x, y) __builtin_shufflevector(x, y, 2, 6, 3, 7)
#else
#define ZIP_LOW(x, y) __builtin_shufflevector(x, y, 0, 2)
#define ZIP_HIGH(x, y) __builtin_shufflevector(x, y, 1, 3)
#endif

/* Elementary functions. In double they are the C library's. In float they are written here, of additions,
 * multiplications, selections and integer arithmetic alone, so that loops over them vectorise at every width and have
 * the same bits at each. The polynomials are fitted for the least greatest relative error. Error bounds are in units
 * in the last place, over all floats, with fused multiplication and without; infinities, NaN, overflow and results too
 * small for normal numbers come out as from the C library, but a zero may lose its sign. */
#ifdef CGANC_DOUBLE
#define real_log log
#define real_sin_quarters(x) sin(1.5707963267948966 * (x))
#define real_cos_quarters(x) cos(1.5707963267948966 * (x))
#else
CGANC_INLINE int32_t float_bits(float x)
{
    int32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

CGANC_INLINE float float_of_bits(int32_t bits)
{
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* x as m 2^e with m in [sqrt(1/2), sqrt(2)), for a normal x > 0. */
CGANC_INLINE float float_parts(float x, int32_t *e)
{
    const uint32_t low = 0x3f3504f3, shifted = (uint32_t)float_bits(x) - low;
    *e = (int32_t)shifted >> 23;
    return float_of_bits((int32_t)((shifted & 0x7fffff) + low));
}

/* log(1 + f) + e log(2), for 1 + f in [sqrt(1/2), sqrt(2)): f - f^2 / 2 + f^3 q(f), log(2) in two parts. */
CGANC_INLINE float log_of_parts(float f, float e)
{
    float q = real_multiply_add(0x1.055ceap-3f, -0x1.38c2bp-4f, f);
    q = real_multiply_add(-0x1.0d82a4p-3f, q, f);
    q = real_multiply_add(0x1.22d96ep-3f, q, f);
    q = real_multiply_add(-0x1.54728p-3f, q, f);
    q = real_multiply_add(0x1.99a01ap-3f, q, f);
    q = real_multiply_add(-0x1.000226p-2f, q, f);
    q = real_multiply_add(0x1.555554p-2f, q, f);
    const float rest = real_multiply_add(e * 0x1.7f7d1cp-20f, f * f, real_multiply_add(-0.5f, q, f));
    return real_multiply_add(f + rest, e, 0x1.62e4p-1f);
}

/* log(x), within 1 unit. */
CGANC_INLINE float real_log(float x)
{
    const int is_small = x < 0x1p-126f;
    int32_t e;
    const float m = float_parts(is_small ? x * 0x1p23f : x, &e);
    const float y = log_of_parts(m - 1, (float)(is_small ? e - 23 : e));
    return x > 0 ? (x < INFINITY ? y : x) : (x == 0 ? -INFINITY : NAN);
}

/* sin(r + n pi / 2) for |r| <= pi / 4; the cosine is that of n + 1. */
CGANC_INLINE float sine_of_parts(float r, int32_t n)
{
    const float s = r * r;
    float sine = real_multiply_add(0x1.110778p-7f, s, -0x1.9954p-13f);
    sine = real_multiply_add(-0x1.555546p-3f, s, sine);
    sine = real_multiply_add(r, r * s, sine);
    float cosine = real_multiply_add(-0x1.6c0c2ap-10f, s, 0x1.99e91p-16f);
    cosine = real_multiply_add(0x1.55554ap-5f, s, cosine);
    cosine = real_multiply_add(real_multiply_add(1, s, -0.5f), s * s, cosine);
    const float y = n & 1 ? cosine : sine;
    return float_of_bits(float_bits(y) ^ (int32_t)((uint32_t)(n & 2) << 30));
}

/* sin((x + more) pi / 2) for |x| < 2^22 and a whole number `more`, within 2 units. */
CGANC_INLINE float sine_of_quarters(float x, int32_t more)
{
    const float shifted = x + 0x1.8p23f;
    return sine_of_parts((x - (shifted - 0x1.8p23f)) * 0x1.921fb6p+0f, float_bits(shifted) + more);
}
#define real_sin_quarters(x) sine_of_quarters(x, 0)
#define real_cos_quarters(x) sine_of_quarters(x, 1)
#endif

/* The exponential function and what stands on it, in float as elementary.c explains. */
#ifdef CGANC_DOUBLE
#define real_exp exp
#define real_expm1 expm1
#define real_log1p log1p
#define real_tanh tanh
#else
/* exp(r) - 1, where x = n log(2) + r and |r| <= log(2) / 2: r + r^2 q(r). */
CGANC_INLINE float exp_of_parts(float x, int32_t *n)
{
    const float shifted = real_multiply_add(0x1.8p23f, x, 0x1.715476p+0f), count = shifted - 0x1.8p23f;
    *n = float_bits(shifted) - 0x4b400000;
    const float r = real_multiply_add(real_multiply_add(x, count, -0x1.62e4p-1f), count, -0x1.7f7d1cp-20f);
    float q = real_multiply_add(0x1.6d405p-10f, r, 0x1.9e8b3ep-13f);
    q = real_multiply_add(0x1.1112dp-7f, r, q);
    q = real_multiply_add(0x1.5554f4p-5f, r, q);
    q = real_multiply_add(0x1.555554p-3f, r, q);
    q = real_multiply_add(0.5f, r, q);
    return real_multiply_add(r, r * r, q);
}

/* 2^n for -126 <= n <= 127. */
CGANC_INLINE float float_power_of_two(int32_t n)
{
    return float_of_bits((int32_t)((uint32_t)(n + 127) << 23));
}

/* exp(x), within 1 unit. */
CGANC_INLINE float real_exp(float x)
{
    int32_t n;
    const float y = 1 + exp_of_parts(x < -105 ? -105 : x > 89 ? 89 : x, &n);
    return y * float_power_of_two(n >> 1) * float_power_of_two(n - (n >> 1));
}

/* exp(x) - 1, within 1.5 units. */
CGANC_INLINE float real_expm1(float x)
{
    int32_t n;
    const float y = exp_of_parts(x < -20 ? -20 : x > 89 ? 89 : x, &n), half = float_power_of_two(n - 1);
    return 2 * real_multiply_add(half - 0.5f, half, y);
}

/* log(1 + x), within 1.6 units; what 1 + x loses when it is rounded is added to f. */
CGANC_INLINE float real_log1p(float x)
{
    const float sum = 1 + x;
    int32_t e;
    const float m = float_parts(sum, &e), lost = x - (sum - 1);
    const float y = log_of_parts(real_multiply_add(m - 1, lost, float_power_of_two(e < 126 ? -e : -126)), (float)e);
    return sum > 0 ? (x < INFINITY ? y : x) : (sum == 0 ? -INFINITY : NAN);
}

/* tanh(x), within 2.6 units: tanh(|x|) = -t / (2 + t) with t = exp(-2 |x|) - 1. */
CGANC_INLINE float real_tanh(float x)
{
    const float t = real_expm1(-2 * real_fabs(x));
    return copysignf(t / (2 + t), x);
}
#endif

/* x for x > 0, else alpha (exp(x) - 1) (Clevert 2016). */
CGANC_INLINE real real_elu(real x, real alpha)
{
    const real below = alpha * real_expm1(x > 0 ? 0 : x);
    return x > 0 ? x : below;
}

/* 1 / (1 + exp(-x)) from exp(-|x|), which cannot overflow; in float within 2.5 units. */
CGANC_INLINE real real_sigmoid(real x)
{
    const real e = real_exp(-real_fabs(x));
    return (x >= 0 ? REAL(1.0) : e) / (1 + e);
}

/* log(1 + exp(x)) = max(x, 0) + log(1 + exp(-|x|)); in float within 2 units. */
CGANC_INLINE real real_softplus(real x)
{
    return (x > 0 ? x : 0) + real_log1p(real_exp(-real_fabs(x)));
}

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

/* Threads: a persistent pool for work of known extent. The range [0, count) is cut into tiles of `grain`, whatever the
 * number of threads; what a tile computes, and in which order, is the same for 1 and for 64 threads. Each thread is
 * given a contiguous run of tiles, the same run every time, and one that has finished takes tiles from the others, so
 * that a thread which the system holds back delays a run by one tile at most. Starting a run costs about a
 * microsecond: waiting workers spin for some tens of microseconds before they sleep. */
#define POOL_MAXIMUM 64

/* Does elements [first, last) of the work that `context` describes. `scratch` belongs to this thread alone. */
typedef void (*pool_task)(const void *context, int64_t first, int64_t last, void *scratch);

/* The tiles of one thread that nobody has taken: the next one in the high half, their end in the low half. Alone on
 * its cache line. */
struct pool_range {
    atomic_ullong tiles;
    char padding[64 - sizeof(atomic_ullong)];
};

struct pool {
    /* The work at hand. The caller writes it before it fills the ranges; whoever has taken a tile may read it, since
     * the run lasts until that tile is done. */
    pool_task task;
    const void *context;
    int64_t count, grain;
    /* Set once. */
    int threads;
    int spins; /* how often a waiting thread looks before it sleeps */
    char *scratch;
    size_t scratch_bytes; /* of each thread */
    pthread_t workers[POOL_MAXIMUM];
    pthread_mutex_t mutex;
    pthread_cond_t wake;
    atomic_int started; /* numbers handed out to workers */
    atomic_int stopping;
    struct pool_range ranges[POOL_MAXIMUM];
    char padding0[64];
    atomic_llong remaining; /* tiles of the run that are not done */
    char padding1[64];
    atomic_uint generation; /* one more for each run */
    atomic_int sleepers;    /* workers that must be woken */
    char padding2[64];
};

static inline void pool_pause(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ __volatile__("yield");
#endif
}

/* Takes the next tile of a range, or returns -1. */
static inline int64_t pool_take(struct pool_range *range)
{
    unsigned long long tiles = atomic_load_explicit(&range->tiles, memory_order_relaxed);
    while (tiles >> 32 < (tiles & UINT32_MAX)) {
        if (atomic_compare_exchange_weak_explicit(&range->tiles, &tiles, tiles + (1ULL << 32), memory_order_acquire,
                                                  memory_order_relaxed))
            return (int64_t)(tiles >> 32);
    }
    return -1;
}

/* Does the tiles of thread `index`, then those that the other threads have not come to. */
static void pool_share(struct pool *pool, int threads, int index)
{
    for (int other = 0; other < threads; other++) {
        struct pool_range *range = &pool->ranges[(index + other) % threads];
        for (int64_t tile = pool_take(range); tile >= 0; tile = pool_take(range)) {
            const int64_t first = tile * pool->grain;
            void *scratch = pool->scratch ? pool->scratch + (size_t)index * pool->scratch_bytes : NULL;
            pool->task(pool->context, first, integer_min(first + pool->grain, pool->count), scratch);
            atomic_fetch_sub_explicit(&pool->remaining, 1, memory_order_release);
        }
    }
}

/* Returns when `generation` is no longer `seen`: spins, then sleeps. The caller advances `generation` and then reads
 * `sleepers`, a worker raises `sleepers` and then reads `generation`; both are sequentially consistent, so one of the
 * two sees the other and no wake-up is lost. */
static void pool_await(struct pool *pool, unsigned seen)
{
    for (int spin = 0; spin < pool->spins; spin++) {
        if (atomic_load_explicit(&pool->generation, memory_order_acquire) != seen)
            return;
        pool_pause();
    }
    pthread_mutex_lock(&pool->mutex);
    atomic_fetch_add(&pool->sleepers, 1);
    while (atomic_load(&pool->generation) == seen)
        pthread_cond_wait(&pool->wake, &pool->mutex);
    atomic_fetch_sub(&pool->sleepers, 1);
    pthread_mutex_unlock(&pool->mutex);
}

static void *pool_worker(void *argument)
{
    struct pool *pool = argument;
    const int index = 1 + atomic_fetch_add(&pool->started, 1);
    for (;;) {
        const unsigned seen = atomic_load_explicit(&pool->generation, memory_order_acquire);
        if (atomic_load(&pool->stopping))
            return NULL;
        if (seen != 0)
            pool_share(pool, pool->threads, index);
        pool_await(pool, seen);
    }
}

/* Tells the workers that there is something to see, and wakes those that sleep. */
static void pool_announce(struct pool *pool)
{
    atomic_fetch_add(&pool->generation, 1);
    if (atomic_load(&pool->sleepers) > 0) {
        pthread_mutex_lock(&pool->mutex);
        pthread_cond_broadcast(&pool->wake);
        pthread_mutex_unlock(&pool->mutex);
    }
}

/* Covers [0, count) with calls of `task`, one for each tile of `grain`, and returns when all are done. The calling
 * thread works too; one tile, or a pool of one thread, runs without waking anybody. At most 2^32 - 1 tiles. */
CGANC_APART static void pool_run(struct pool *pool, pool_task task, const void *context, int64_t count, int64_t grain)
{
    if (count <= grain || pool->threads == 1) {
        for (int64_t first = 0; first < count; first += grain)
            task(context, first, integer_min(first + grain, count), pool->scratch);
        return;
    }
    pool->task = task;
    pool->context = context;
    pool->count = count;
    pool->grain = grain;
    const int64_t tiles = integer_ceiling(count, grain);
    atomic_store_explicit(&pool->remaining, tiles, memory_order_relaxed);
    for (int index = 0; index < pool->threads; index++) {
        const uint64_t begin = (uint64_t)(tiles * index / pool->threads);
        const uint64_t end = (uint64_t)(tiles * (index + 1) / pool->threads);
        atomic_store_explicit(&pool->ranges[index].tiles, begin << 32 | end, memory_order_release);
    }
    pool_announce(pool);
    pool_share(pool, pool->threads, 0);
    for (int spin = 0; atomic_load_explicit(&pool->remaining, memory_order_acquire) != 0; spin++) {
        if (spin < pool->spins)
            pool_pause();
        else
            sched_yield();
    }
}

/* Gives each thread its own `bytes_per_thread` from `base` on. Call it between runs. */
CGANC_UNUSED static void pool_scratch(struct pool *pool, void *base, size_t bytes_per_thread)
{
    pool->scratch = base;
    pool->scratch_bytes = bytes_per_thread;
}

/* Ends the workers. The pool can be started again. */
CGANC_UNUSED static void pool_stop(struct pool *pool)
{
    atomic_store(&pool->stopping, 1);
    pool_announce(pool);
    const int workers = pool->threads - 1;
    for (int worker = 0; worker < workers; worker++)
        pthread_join(pool->workers[worker], NULL);
    pthread_cond_destroy(&pool->wake);
    pthread_mutex_destroy(&pool->mutex);
    pool->threads = 1;
}

/* Starts `threads` - 1 workers (1 ... 64 threads). Returns 0, or the error number of what could not be had; then
 * nothing is left running. */
CGANC_UNUSED static int pool_start(struct pool *pool, int threads)
{
    if (threads < 1 || threads > POOL_MAXIMUM)
        return EINVAL;
    memset(pool, 0, sizeof *pool);
    pool->threads = 1;
    /* With more threads than processors, spinning only keeps the others from working. */
    pool->spins = threads > sysconf(_SC_NPROCESSORS_ONLN) ? 16 : 2000;
    int error = pthread_mutex_init(&pool->mutex, NULL);
    if (error)
        return error;
    error = pthread_cond_init(&pool->wake, NULL);
    if (error) {
        pthread_mutex_destroy(&pool->mutex);
        return error;
    }
    for (int worker = 0; worker < threads - 1; worker++) {
        error = pthread_create(&pool->workers[worker], NULL, pool_worker, pool);
        if (error) {
            pool_stop(pool);
            return error;
        }
        pool->threads = worker + 2; /* workers read it only after a run is announced */
    }
    return 0;
}

/* Register tiles: the innermost loops of all contractions. A tile is up to TILE_ROWS rows by TILE_COLUMNS columns of a
 * result, held in registers while one product after the other is added to it. Its right-hand operand is a panel: for
 * each term of the sum the TILE_COLUMNS values of these columns, side by side, zeros filling up the last panel of a
 * matrix. The left-hand operand is read where it lies.
 *
 * Each element of a result is one chain of fused multiplications and additions in the order of its terms, so its bits
 * do not depend on how wide vectors are, on where tiles begin, or on which thread has it. */

/* What a model's functions are given: frame.c. */
struct frame;

/* Rows [top, bottom) and columns [left, right) of a result. */
struct part {
    int64_t top, bottom, left, right;
};

/* Called for each finished part of a result, by the thread that computed it and while it lies in that thread's cache.
 * Parts are as a rule of 32 to some hundred rows, and of all columns or a multiple of TILE_COLUMNS; every element
 * belongs to exactly one. */
struct epilogue {
    void (*run)(const struct frame *frame, struct part part);
    const struct frame *frame;
};

/* `epilogue` may be NULL. */
CGANC_INLINE void epilogue_run(const struct epilogue *epilogue, int64_t row, int64_t rows, int64_t column,
                               int64_t columns)
{
    if (epilogue && rows > 0)
        epilogue->run(epilogue->frame, (struct part){row, row + rows, column, column + columns});
}

/* How a tile of dot products walks: `segments` runs of `length` terms. From one run to the next, rows advance by
 * `row_step` reals and the panel by `panel_step`. On the way the tile calls memory into the cache for the work to come:
 * two lines side by side for each `ahead_terms` terms, the first two at address `ahead`, the next ones `ahead_step`
 * bytes further on (0, 0, 0: none). */
struct tile_walk {
    int64_t segments, length, row_step, panel_step;
    uintptr_t ahead, ahead_step;
    int64_t ahead_terms;
};

/* A term of a tile of outer products: where the rows' values and the panel's lie. */
struct tile_term {
    int64_t row, panel;
};

/* Copies `columns` of each row of a tile that is not as wide as its vectors, to or from one that is. Not in line: the
 * tiles are many functions, and such tiles are few. */
static CGANC_COLD void tile_copy(const real *from, int64_t from_stride, real *to, int64_t to_stride, int64_t rows,
                                 int64_t columns)
{
    for (int64_t i = 0; i < rows; i++)
        memcpy(to + i * to_stride, from + i * from_stride, (size_t)columns * sizeof(real));
}

/* The same for rows that lie anywhere. */
static CGANC_COLD void tile_scatter(const real *from, real *const *to, int64_t rows, int64_t columns)
{
    for (int64_t i = 0; i < rows; i++)
        memcpy(to[i], from + i * TILE_COLUMNS, (size_t)columns * sizeof(real));
}

/* Writes a row of sums, or reads it in order to go on with them. */
CGANC_INLINE void tile_store(const int vectors, const vector sums[2], real *out)
{
    VECTOR_AT(out) = sums[0];
    if (vectors == 2)
        VECTOR_AT(out + LANES) = sums[1];
}

CGANC_INLINE void tile_load(const int vectors, vector sums[2], const real *from)
{
    sums[0] = CONST_VECTOR_AT(from);
    if (vectors == 2)
        sums[1] = CONST_VECTOR_AT(from + LANES);
}

/* Rows of a tile whose pointers are kept in registers; those of the others are read for each term. gcc would put a
 * pointer that it has no register for into a vector's, and to take it from there takes a multiply-add's turn. */
#define TILE_POINTERS 12

/* out[i][j] = sum over terms k of x[i][k] panel[k][j]. */
CGANC_INLINE void tile_dot(const int rows, const int vectors, const struct tile_walk *walk, const real *const *x,
                           const real *panel, real *const *out, int64_t columns)
{
    vector sums[TILE_ROWS][2];
    const real *at[TILE_ROWS], *volatile beyond[TILE_ROWS];
    CGANC_UNROLL
    for (int i = 0; i < rows; i++) {
        sums[i][0] = sums[i][1] = (vector){0};
        if (i < TILE_POINTERS)
            at[i] = x[i];
        else
            beyond[i] = x[i];
    }
    const int64_t length = walk->length, row_step = walk->row_step, panel_step = walk->panel_step;
    uintptr_t ahead = walk->ahead ? walk->ahead : (uintptr_t)panel;
    const uintptr_t ahead_step = walk->ahead_step;
    const int64_t ahead_terms = walk->ahead ? walk->ahead_terms : length;
    for (int64_t segment = walk->segments; segment > 0; segment--) {
        const real *w = panel;
        for (int64_t k = 0; k < length; ahead += ahead_step) {
            __builtin_prefetch((const void *)ahead, 0, 2);
            __builtin_prefetch((const void *)(ahead + CGANC_ALIGNMENT), 0, 2);
            for (const int64_t end = integer_min(k + ahead_terms, length); k < end; k++, w += TILE_COLUMNS) {
                const vector left = CONST_VECTOR_AT(w), right = CONST_VECTOR_AT(w + (vectors == 2 ? LANES : 0));
                CGANC_UNROLL
                for (int i = 0; i < rows; i++) {
                    const vector value = VECTOR_OF((i < TILE_POINTERS ? at[i] : beyond[i])[k]);
                    MULTIPLY_ADD(sums[i][0], left, value);
                    if (vectors == 2)
                        MULTIPLY_ADD(sums[i][1], right, value);
                }
            }
        }
        panel += panel_step;
        CGANC_UNROLL
        for (int i = 0; i < rows; i++)
            if (i < TILE_POINTERS)
                at[i] += row_step;
            else
                beyond[i] += row_step;
    }
    if (columns == vectors * LANES) {
        CGANC_UNROLL
        for (int i = 0; i < rows; i++)
            tile_store(vectors, sums[i], out[i]);
        return;
    }
    real values[TILE_ROWS * TILE_COLUMNS];
    CGANC_UNROLL
    for (int i = 0; i < rows; i++)
        tile_store(vectors, sums[i], values + i * TILE_COLUMNS);
    tile_scatter(values, out, rows, columns);
}

/* Begins a tile at zero, and calls into the cache where it will be written, which the machine does not foresee. */
CGANC_INLINE void tile_begin(const int rows, const int vectors, vector sums[TILE_ROWS][2], const real *out,
                             int64_t stride)
{
    CGANC_UNROLL
    for (int i = 0; i < rows; i++) {
        sums[i][0] = sums[i][1] = (vector){0};
        for (int j = 0; j < vectors; j++)
            __builtin_prefetch(out + i * stride + j * LANES, 1, 3);
    }
}

/* Adds an outer product to a tile: of a value for each row, and the values of a panel. */
CGANC_INLINE void tile_add(const int rows, const int vectors, vector sums[TILE_ROWS][2], const real *column,
                           const real *w)
{
    const vector left = CONST_VECTOR_AT(w), right = CONST_VECTOR_AT(w + (vectors == 2 ? LANES : 0));
    CGANC_UNROLL
    for (int i = 0; i < rows; i++) {
        const vector value = VECTOR_OF(column[i]);
        MULTIPLY_ADD(sums[i][0], left, value);
        if (vectors == 2)
            MULTIPLY_ADD(sums[i][1], right, value);
    }
}

/* Writes a tile of outer products, whose rows lie `stride` apart. */
CGANC_INLINE void tile_end(const int rows, const int vectors, vector sums[TILE_ROWS][2], real *out, int64_t stride,
                           int64_t columns)
{
    real values[TILE_ROWS * TILE_COLUMNS];
    const int is_whole = columns == vectors * LANES;
    real *const to = is_whole ? out : values;
    const int64_t step = is_whole ? stride : TILE_COLUMNS;
    CGANC_UNROLL
    for (int i = 0; i < rows; i++)
        tile_store(vectors, sums[i], to + i * step);
    if (!is_whole)
        tile_copy(values, TILE_COLUMNS, out, stride, rows, columns);
}

/* out[i][j] = (accumulate ? out[i][j] : 0) + sum over terms t of x[t.row + i] panel[t.panel + j], rows of out lying
 * `stride` apart. On the way it calls x's values `ahead` reals further on into the cache, for the tiles to come: what a
 * tile reads for the first time is scattered over memory, and the machine does not foresee it by itself. */
CGANC_INLINE void tile_outer(const int rows, const int vectors, const struct tile_term *terms, int64_t count,
                             const real *x, const real *panel, int64_t ahead, int accumulate, real *out,
                             int64_t stride, int64_t columns)
{
    vector sums[TILE_ROWS][2];
    if (accumulate) {
        real values[TILE_ROWS * TILE_COLUMNS];
        const int is_whole = columns == vectors * LANES;
        if (!is_whole) {
            memset(values, 0, sizeof values);
            tile_copy(out, stride, values, TILE_COLUMNS, rows, columns);
        }
        const real *from = is_whole ? out : values;
        const int64_t step = is_whole ? stride : TILE_COLUMNS;
        CGANC_UNROLL
        for (int i = 0; i < rows; i++)
            tile_load(vectors, sums[i], from + i * step);
    } else {
        tile_begin(rows, vectors, sums, out, stride);
    }
    for (int64_t k = 0; k < count; k++) {
        __builtin_prefetch(x + terms[k].row + ahead, 0, 2);
        tile_add(rows, vectors, sums, x + terms[k].row, panel + terms[k].panel);
    }
    tile_end(rows, vectors, sums, out, stride, columns);
}

/* One function for each number of rows, for tiles of one and of two vectors. */
#define TILE_PARAMETERS_DOT                                                                                            \
    const struct tile_walk *walk, const real *const *x, const real *panel, real *const *out, int64_t columns
#define TILE_PARAMETERS_OUTER                                                                                          \
    const struct tile_term *terms, int64_t count, const real *x, const real *panel, int64_t ahead, int accumulate,     \
        real *out, int64_t stride, int64_t columns
typedef void (*tile_dot_function)(TILE_PARAMETERS_DOT);
typedef void (*tile_outer_function)(TILE_PARAMETERS_OUTER);

#define TILE_OF(rows)                                                                                                  \
    static void tile_dot_##rows##_1(TILE_PARAMETERS_DOT) { tile_dot(rows, 1, walk, x, panel, out, columns); }          \
    static void tile_dot_##rows##_2(TILE_PARAMETERS_DOT) { tile_dot(rows, 2, walk, x, panel, out, columns); }          \
    static void tile_outer_##rows##_1(TILE_PARAMETERS_OUTER)                                                           \
    {                                                                                                                  \
        tile_outer(rows, 1, terms, count, x, panel, ahead, accumulate, out, stride, columns);                          \
    }                                                                                                                  \
    static void tile_outer_##rows##_2(TILE_PARAMETERS_OUTER)                                                           \
    {                                                                                                                  \
        tile_outer(rows, 2, terms, count, x, panel, ahead, accumulate, out, stride, columns);                          \
    }
TILE_OF(1) TILE_OF(2) TILE_OF(3) TILE_OF(4) TILE_OF(5) TILE_OF(6)
#if TILE_ROWS == 14
TILE_OF(7) TILE_OF(8) TILE_OF(9) TILE_OF(10) TILE_OF(11) TILE_OF(12) TILE_OF(13) TILE_OF(14)
#define TILE_TABLE(name, n)                                                                                            \
    {name##_1_##n, name##_2_##n, name##_3_##n,  name##_4_##n,  name##_5_##n,  name##_6_##n,  name##_7_##n,             \
     name##_8_##n, name##_9_##n, name##_10_##n, name##_11_##n, name##_12_##n, name##_13_##n, name##_14_##n}
#else
#define TILE_TABLE(name, n) {name##_1_##n, name##_2_##n, name##_3_##n, name##_4_##n, name##_5_##n, name##_6_##n}
#endif
static const tile_dot_function tile_dots[2][TILE_ROWS] = {TILE_TABLE(tile_dot, 1), TILE_TABLE(tile_dot, 2)};
static const tile_outer_function tile_outers[2][TILE_ROWS] = {TILE_TABLE(tile_outer, 1), TILE_TABLE(tile_outer, 2)};

/* The first of the rows of tile `index` when `rows` are cut into `tiles` as equally as can be. */
CGANC_INLINE int64_t tile_first(int64_t rows, int64_t tiles, int64_t index)
{
    return rows * index / tiles;
}

/* Reals of a panel set that holds all `columns` of a matrix with `terms` rows. */
CGANC_INLINE int64_t panel_reals(int64_t terms, int64_t columns)
{
    return integer_ceiling(columns, TILE_COLUMNS) * TILE_COLUMNS * terms;
}

/* Rows that are called into the cache ahead of their being copied. */
#define PANEL_AHEAD 6

/* panels[p size + k TILE_COLUMNS + j] = from[k stride + p TILE_COLUMNS + j], zero beyond the last of `columns`. */
static void panels_from_rows(const real *from, int64_t stride, int64_t terms, int64_t columns, int64_t size,
                             real *panels)
{
    const int64_t whole = columns / TILE_COLUMNS, rest = columns % TILE_COLUMNS;
    const int64_t ahead = PANEL_AHEAD * stride;
    for (int64_t k = 0; k < terms; k++, from += stride, panels += TILE_COLUMNS) {
        const real *x = from;
        real *panel = panels;
        for (int64_t p = 0; p < whole; p++, x += TILE_COLUMNS, panel += size) {
            if (k + PANEL_AHEAD < terms) {
                __builtin_prefetch(x + ahead, 0, 3);
                __builtin_prefetch(x + ahead + LANES, 0, 3);
            }
            VECTOR_AT(panel) = CONST_VECTOR_AT(x);
            VECTOR_AT(panel + LANES) = CONST_VECTOR_AT(x + LANES);
        }
        if (rest > 0) {
            const int64_t vectored = rest / LANES * LANES;
            VECTOR_AT(panel) = VECTOR_AT(panel + LANES) = (vector){0};
            if (vectored > 0)
                VECTOR_AT(panel) = CONST_VECTOR_AT(x);
            for (int64_t j = vectored; j < rest; j++)
                panel[j] = x[j];
        }
    }
}

/* Transposes LANES vectors: each pass interleaves the vectors of the first half with those of the second, and after
 * log2(LANES) passes lane i of vector j is what lane j of vector i was. */
CGANC_INLINE void vector_transpose(vector rows[LANES])
{
    CGANC_UNROLL
    for (int width = 1; width < LANES; width *= 2) {
        vector zipped[LANES];
        CGANC_UNROLL
        for (int i = 0; i < LANES / 2; i++) {
            zipped[2 * i] = ZIP_LOW(rows[i], rows[i + LANES / 2]);
            zipped[2 * i + 1] = ZIP_HIGH(rows[i], rows[i + LANES / 2]);
        }
        CGANC_UNROLL
        for (int i = 0; i < LANES; i++)
            rows[i] = zipped[i];
    }
}

/* out[j out_stride + i] = from[i stride + j] for `rows` i and `columns` j. */
static void transpose(const real *from, int64_t stride, int64_t rows, int64_t columns, real *out, int64_t out_stride)
{
    for (int64_t i = 0; i < rows; i += LANES) {
        const int64_t height = integer_min(LANES, rows - i);
        int64_t j = 0;
        for (; height == LANES && j + LANES <= columns; j += LANES) {
            vector block[LANES];
            CGANC_UNROLL
            for (int k = 0; k < LANES; k++)
                block[k] = CONST_VECTOR_AT(from + (i + k) * stride + j);
            vector_transpose(block);
            CGANC_UNROLL
            for (int k = 0; k < LANES; k++)
                VECTOR_AT(out + (j + k) * out_stride + i) = block[k];
        }
        for (; j < columns; j++)
            for (int64_t k = i; k < i + height; k++)
                out[j * out_stride + k] = from[k * stride + j];
    }
}

/* panel[k][j] = from[j stride + k] for `terms` k and `columns` j, zero beyond; j counts on through several panels. */
static void panels_from_columns(const real *from, int64_t stride, int64_t terms, int64_t columns, real *panel)
{
    for (; columns > 0; columns -= TILE_COLUMNS, from += TILE_COLUMNS * stride, panel += TILE_COLUMNS * terms) {
        transpose(from, stride, integer_min(columns, TILE_COLUMNS), terms, panel, TILE_COLUMNS);
        for (int64_t j = columns; j < TILE_COLUMNS; j++)
            for (int64_t k = 0; k < terms; k++)
                panel[k * TILE_COLUMNS + j] = 0;
    }
}

/* Scratch is handed out in pieces that start on a cache line: reals that hold `count` objects of `size` bytes. */
CGANC_INLINE int64_t scratch_piece(int64_t count, size_t size)
{
    return integer_ceiling(count * (int64_t)size, CGANC_ALIGNMENT) * (int64_t)(CGANC_ALIGNMENT / sizeof(real));
}

/* Reals to ask for so that the pieces can start on a cache line wherever scratch begins. */
#define SCRATCH_SLACK ((int64_t)(CGANC_ALIGNMENT / sizeof(real)))

CGANC_INLINE real *scratch_start(void *scratch)
{
    return (real *)(((uintptr_t)scratch + CGANC_ALIGNMENT - 1) / CGANC_ALIGNMENT * CGANC_ALIGNMENT);
}

/* Matrix products, row-major. */

/* C[m, n] = op(A) op(B). A is stored [m, k], or [k, m] to be transposed; B is stored [k, n], or [n, k]. To a product of
 * a transposed A and a plain B another of `more` terms may be added, of operands stored alike. The compiler has chosen
 * which operand is laid out in panels: B, or, `flipped`, an A that is not transposed. Then B is read where it lies
 * (matmul_flipped). */
struct matmul {
    int64_t m, n, k;
    int transpose_a, transpose_b;
    int64_t more;
    int flipped;
};

/* Rows of a task, at most. */
#define MATMUL_ROWS 256
/* Panels of B that a task takes, at most, and reals that they hold, about. */
#define MATMUL_PANELS 4
#define MATMUL_PANEL_REALS (128 << 10)
/* Rows that lie a multiple of so many bytes apart compete for the same few lines of the first-level cache. */
#define MATMUL_ALIAS 4096
/* Reals of A that stay in the cache beside two panels of B. */
#define MATMUL_RESIDENT (192 << 10)
/* Rows of a transposed A that are read where they lie, at most: of more, the pieces that a tile reads push each other
 * out of the cache before the next panel needs them. Fewer where rows compete (MATMUL_ALIAS). */
#define MATMUL_STRIDED 192
#define MATMUL_COMPETING 32

struct matmul_context {
    const struct matmul *shape;
    const real *a, *b, *more_a, *more_b;
    real *c;
    const struct epilogue *epilogue;
    int64_t bands, band;   /* the rows in bands of so many */
    int64_t panels, parts; /* of B; a task has one band and one part of the panels */
    real *shared;          /* panels or strips of A */
};

/* Whether A is laid out in strips: each the rows of a tile, its values for a term side by side. */
static int matmul_has_strips(const struct matmul *s)
{
    const int64_t strided = s->m * (int64_t)sizeof(real) % MATMUL_ALIAS ? MATMUL_STRIDED : MATMUL_COMPETING;
    return s->transpose_a && (!TILE_FILLS_LINES || s->k + s->more > strided);
}

/* Rows of a task. */
static int64_t matmul_band(const struct matmul *s)
{
    return s->flipped ? s->m : integer_ceiling(s->m, integer_ceiling(s->m, MATMUL_ROWS));
}

/* Whether panels of B are laid out one after the other, beside the arithmetic. */
static int matmul_is_plain(const struct matmul *s)
{
    return !s->flipped && !s->transpose_a && !s->transpose_b && matmul_band(s) * s->k <= MATMUL_RESIDENT;
}

/* From a row of a transposed B to the next, as a task reads it: rows that would compete are copied further apart. */
static int64_t matmul_stride(const struct matmul *s)
{
    const int competes = s->transpose_b && s->k % (MATMUL_ALIAS / (int64_t)sizeof(real)) == 0;
    return competes ? s->k + SCRATCH_SLACK : s->k;
}

static struct matmul_context matmul_context(const struct matmul *s)
{
    struct matmul_context t = {.shape = s};
    t.band = matmul_band(s);
    t.bands = integer_ceiling(s->m, t.band);
    t.panels = integer_ceiling(s->n, TILE_COLUMNS);
    /* Several panels a task, for which A is fetched once, as long as four threads have the same to do. Where they lie
     * there all at once, as many as find room in the cache; beside a copy, with the columns of the next task. */
    const int64_t room = matmul_stride(s) != s->k ? MATMUL_PANEL_REALS / 2 : MATMUL_PANEL_REALS;
    const int64_t fitting = integer_max(room / ((s->k + s->more) * TILE_COLUMNS), 1);
    const int64_t most = matmul_is_plain(s) ? MATMUL_PANELS : integer_min(MATMUL_PANELS, fitting);
    t.parts = integer_ceiling(t.panels, most);
    while (t.parts < t.panels && (t.bands * t.parts < 8 || t.bands * t.parts % 4 != 0))
        t.parts++;
    return t;
}

/* Tiles of a band. */
static int64_t matmul_tiles(const struct matmul_context *t)
{
    return integer_ceiling(t->band, TILE_ROWS);
}

/* Reals of a strip. */
static int64_t matmul_strip(const struct matmul *s)
{
    return (s->k + s->more) * TILE_ROWS + SCRATCH_SLACK;
}

/* Reals of the panels or strips of A that all threads read. */
static int64_t matmul_shared(const struct matmul_context *t)
{
    const struct matmul *s = t->shape;
    const int64_t reals = s->flipped               ? panel_reals(s->k, s->m)
                          : matmul_has_strips(s) ? t->bands * matmul_tiles(t) * matmul_strip(s)
                                                 : 0;
    return scratch_piece(reals, sizeof(real));
}

/* Columns of a task, at most. */
static int64_t matmul_columns(const struct matmul_context *t)
{
    return integer_ceiling(t->panels, t->parts) * TILE_COLUMNS;
}

/* The first of the columns of B of part `part`. */
static int64_t matmul_column(const struct matmul_context *t, int64_t part)
{
    return integer_min(tile_first(t->panels, t->parts, part) * TILE_COLUMNS, t->shape->n);
}

/* Reals of the panels, or of the copy, of a task's part of B. */
static int64_t matmul_part(const struct matmul_context *t)
{
    if (matmul_is_plain(t->shape))
        return scratch_piece(2 * t->shape->k * TILE_COLUMNS, sizeof(real));
    return scratch_piece(matmul_columns(t) * (t->shape->k + t->shape->more + SCRATCH_SLACK), sizeof(real));
}

/* Reals of scratch that each thread needs: the shared panels or strips of A in the first thread's; a part of B; a list
 * of terms, or the columns of a task for one panel of A. */
CGANC_UNUSED static int64_t matmul_scratch(const struct matmul *s)
{
    const struct matmul_context t = matmul_context(s);
    const int64_t terms = scratch_piece(s->k + s->more, sizeof(struct tile_term));
    return SCRATCH_SLACK + matmul_shared(&t) + matmul_part(&t) + terms + panel_reals(matmul_columns(&t), 1);
}

/* Terms of A that one task puts into strips. */
#define MATMUL_STRIP 16

/* Makes strips of A: each task some terms of a band. */
static void matmul_strip_task(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct matmul_context *t = context;
    const struct matmul *s = t->shape;
    const int64_t stretches = integer_ceiling(s->k + s->more, MATMUL_STRIP), size = matmul_strip(s);
    (void)scratch;
    for (int64_t task = first; task < last; task++) {
        const int64_t band = task / stretches, top = band * t->band, rows = integer_min(t->band, s->m - top);
        const int64_t tiles = integer_ceiling(rows, TILE_ROWS), start = task % stretches * MATMUL_STRIP;
        for (int64_t k = start; k < integer_min(start + MATMUL_STRIP, s->k + s->more); k++) {
            const real *const from = (k < s->k ? t->a + k * s->m : t->more_a + (k - s->k) * s->m) + top;
            real *to = t->shared + band * matmul_tiles(t) * size + k * TILE_ROWS;
            for (int64_t tile = 0; tile < tiles; tile++, to += size) {
                const int64_t row = tile_first(rows, tiles, tile);
                if (row + TILE_ROWS <= rows)
                    memcpy(to, from + row, TILE_ROWS * sizeof(real));
                else
                    memcpy(to, from + row, (size_t)(rows - row) * sizeof(real));
            }
        }
    }
}

/* A tile of C, `count` rows from `row` on, of an A that is not transposed. */
static void matmul_tile_dot(const struct matmul_context *t, const struct tile_walk *walk, int64_t row, int64_t count,
                            int64_t column, int64_t columns, const real *panel)
{
    const struct matmul *s = t->shape;
    const real *a[TILE_ROWS];
    real *out[TILE_ROWS];
    for (int64_t i = 0; i < count; i++) {
        a[i] = t->a + (row + i) * s->k;
        out[i] = t->c + (row + i) * s->n + column;
    }
    tile_dots[columns > LANES][count - 1](walk, a, panel, out, columns);
}

/* The same of any A. Of a transposed one, values begin at `x`, those of the next tile `ahead` reals further on. */
static void matmul_tile(const struct matmul_context *t, const struct tile_term *terms, const real *x, int64_t ahead,
                        int64_t row, int64_t count, int64_t column, int64_t columns, const real *panel)
{
    const struct matmul *s = t->shape;
    if (s->transpose_a) {
        tile_outers[columns > LANES][count - 1](terms, s->k + s->more, x, panel, ahead, 0,
                                                t->c + row * s->n + column, s->n, columns);
        return;
    }
    matmul_tile_dot(t, &(struct tile_walk){.segments = 1, .length = s->k}, row, count, column, columns, panel);
}

/* Terms [first, last) of the panel of a plain B that begins with column `column`. */
static void matmul_panel(const struct matmul *s, const real *b, int64_t column, int64_t first, int64_t last,
                         real *panel)
{
    panels_from_rows(b + first * s->n + column, s->n, last - first, integer_min(TILE_COLUMNS, s->n - column), 0,
                     panel + first * TILE_COLUMNS);
}

/* C = A B with one panel of B after the other, where A stays in the cache meanwhile. Each tile calls some rows of the
 * next panel's columns into the cache while it is computed, and afterwards these are laid out: so weights come from
 * memory beside the arithmetic, though the machine does not foresee pieces of two lines. */
static void matmul_plain_task(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct matmul_context *t = context;
    const struct matmul *s = t->shape;
    real *panel = scratch_start(scratch), *next_panel = panel + s->k * TILE_COLUMNS;
    for (int64_t task = first; task < last; task++) {
        const int64_t band = task % t->bands, top = band * t->band, rows = integer_min(t->band, s->m - top);
        const int64_t part = task / t->bands, left = matmul_column(t, part), right = matmul_column(t, part + 1);
        const int64_t tiles = integer_ceiling(rows, TILE_ROWS);
        matmul_panel(s, t->b, left, 0, s->k, panel);
        for (int64_t column = left; column < right; column += TILE_COLUMNS) {
            /* After the last panel of a part, the first one of the part that is probably next. */
            const int64_t next = column + TILE_COLUMNS < s->n ? column + TILE_COLUMNS : left;
            struct tile_walk walk = {.segments = 1, .length = s->k};
            walk.ahead_step = (uintptr_t)s->n * sizeof(real), walk.ahead_terms = tiles;
            for (int64_t tile = 0; tile < tiles; tile++) {
                const int64_t row = tile_first(rows, tiles, tile), count = tile_first(rows, tiles, tile + 1) - row;
                const int64_t k = tile_first(s->k, tiles, tile), k_end = tile_first(s->k, tiles, tile + 1);
                walk.ahead = (uintptr_t)(t->b + k * s->n + next);
                matmul_tile_dot(t, &walk, top + row, count, column, integer_min(TILE_COLUMNS, right - column), panel);
                if (column + TILE_COLUMNS < right)
                    matmul_panel(s, t->b, next, k, k_end, next_panel);
            }
            real *const done = panel;
            panel = next_panel, next_panel = done;
        }
        epilogue_run(t->epilogue, top, rows, left, right - left);
    }
}

/* The terms of a transposed A, and of the one that is added. */
static void matmul_terms(const struct matmul_context *t, struct tile_term *terms)
{
    const struct matmul *s = t->shape;
    if (matmul_has_strips(s)) {
        for (int64_t k = 0; k < s->k + s->more; k++)
            terms[k] = (struct tile_term){k * TILE_ROWS, k * TILE_COLUMNS};
        return;
    }
    const int64_t apart = s->more ? ((intptr_t)t->more_a - (intptr_t)t->a) / (intptr_t)sizeof(real) : 0;
    for (int64_t k = 0; k < s->k; k++)
        terms[k] = (struct tile_term){k * s->m, k * TILE_COLUMNS};
    for (int64_t k = 0; k < s->more; k++)
        terms[s->k + k] = (struct tile_term){apart + k * s->m, (s->k + k) * TILE_COLUMNS};
}

static void matmul_task(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct matmul_context *t = context;
    const struct matmul *s = t->shape;
    const int64_t count = s->k + s->more, size = matmul_strip(s);
    const int has_strips = matmul_has_strips(s);
    real *const panels = scratch_start(scratch) + matmul_shared(t);
    struct tile_term *const terms = (void *)(panels + matmul_part(t));
    if (s->transpose_a)
        matmul_terms(t, terms);
    for (int64_t task = first; task < last; task++) {
        const int64_t band = task % t->bands, top = band * t->band, rows = integer_min(t->band, s->m - top);
        const int64_t part = task / t->bands, left = matmul_column(t, part), right = matmul_column(t, part + 1);
        if (s->transpose_b)
            panels_from_columns(t->b + left * s->k, s->k, s->k, right - left, panels);
        else
            panels_from_rows(t->b + left, s->n, s->k, right - left, count * TILE_COLUMNS, panels);
        if (s->more)
            panels_from_rows(t->more_b + left, s->n, s->more, right - left, count * TILE_COLUMNS,
                             panels + s->k * TILE_COLUMNS);
        const int64_t tiles = integer_ceiling(rows, TILE_ROWS);
        for (int64_t tile = 0; tile < tiles; tile++) {
            const int64_t row = tile_first(rows, tiles, tile), height = tile_first(rows, tiles, tile + 1) - row;
            const real *const x = has_strips ? t->shared + (band * matmul_tiles(t) + tile) * size : t->a + top + row;
            for (int64_t column = left; column < right; column += TILE_COLUMNS)
                matmul_tile(t, terms, x, has_strips ? size : TILE_ROWS, top + row, height, column,
                            integer_min(TILE_COLUMNS, right - column), panels + (column - left) * count);
        }
        epilogue_run(t->epilogue, top, rows, left, right - left);
    }
}

/* ---- Products with a vector, which are as fast as memory. */

/* Interleaved sums of a dot product; a fixed number, so that bits do not depend on the width of vectors. */
#define DOT_LANES 32
/* Products of a task, about. */
#define VECTOR_WORK 16384

/* The sum of x[i] y[i]. */
static real dot_product(const real *x, const real *y, int64_t count)
{
    vector sums[DOT_LANES / LANES];
    for (int i = 0; i < DOT_LANES / LANES; i++)
        sums[i] = (vector){0};
    int64_t k = 0;
    for (; k + DOT_LANES <= count; k += DOT_LANES) {
        CGANC_UNROLL
        for (int i = 0; i < DOT_LANES / LANES; i++)
            MULTIPLY_ADD(sums[i], CONST_VECTOR_AT(x + k + i * LANES), CONST_VECTOR_AT(y + k + i * LANES));
    }
    if (k < count) {
        real rest[2][DOT_LANES] = {{0}};
        for (int64_t i = k; i < count; i++)
            rest[0][i - k] = x[i], rest[1][i - k] = y[i];
        for (int i = 0; i < DOT_LANES / LANES; i++)
            MULTIPLY_ADD(sums[i], CONST_VECTOR_AT(rest[0] + i * LANES), CONST_VECTOR_AT(rest[1] + i * LANES));
    }
    real lanes[DOT_LANES];
    for (int i = 0; i < DOT_LANES / LANES; i++)
        VECTOR_AT(lanes + i * LANES) = sums[i];
    for (int width = DOT_LANES / 2; width > 0; width /= 2)
        for (int i = 0; i < width; i++)
            lanes[i] += lanes[i + width];
    return lanes[0];
}

/* n = 1, A not transposed: a dot product for each row. */
static void matmul_dot_task(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct matmul_context *t = context;
    (void)scratch;
    for (int64_t row = first; row < last; row++)
        t->c[row] = dot_product(t->a + row * t->shape->k, t->b, t->shape->k);
    epilogue_run(t->epilogue, first, last - first, 0, 1);
}

/* n = 1, A transposed: A's rows, each times its element of B, added up for some columns at a time. */
static void matmul_columns_task(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct matmul_context *t = context;
    const struct matmul *s = t->shape;
    (void)scratch;
    int64_t i = first;
    for (; i + 8 * LANES <= last; i += 8 * LANES) {
        vector sums[8];
        CGANC_UNROLL
        for (int j = 0; j < 8; j++)
            sums[j] = (vector){0};
        for (int64_t k = 0; k < s->k; k++) {
            const real *a = t->a + k * s->m + i;
            const vector b = VECTOR_OF(t->b[k]);
            CGANC_UNROLL
            for (int j = 0; j < 8; j++)
                MULTIPLY_ADD(sums[j], CONST_VECTOR_AT(a + j * LANES), b);
        }
        CGANC_UNROLL
        for (int j = 0; j < 8; j++)
            VECTOR_AT(t->c + i + j * LANES) = sums[j];
    }
    for (int64_t j = i; j < last; j++)
        t->c[j] = 0;
    for (int64_t k = 0; k < s->k; k++) {
        const real b = t->b[k];
        for (int64_t j = i; j < last; j++)
            t->c[j] = real_multiply_add(t->c[j], t->a[k * s->m + j], b);
    }
    epilogue_run(t->epilogue, first, last - first, 0, 1);
}

/* k = 1: the outer product of two vectors. */
static void matmul_outer_task(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct matmul_context *t = context;
    const int64_t n = t->shape->n;
    (void)scratch;
    for (int64_t row = first; row < last; row++) {
        const real *CGANC_RESTRICT b = t->b;
        real *CGANC_RESTRICT c = t->c + row * n;
        const real a = t->a[row];
        for (int64_t j = 0; j < n; j++)
            c[j] = a * b[j];
    }
    epilogue_run(t->epilogue, first, last - first, 0, n);
}

/* ---- The product. */

static void matmul_run(struct pool *pool, struct matmul_context *t)
{
    t->shared = scratch_start(pool->scratch);
    if (matmul_has_strips(t->shape))
        pool_run(pool, matmul_strip_task, t,
                 t->bands * integer_ceiling(t->shape->k + t->shape->more, MATMUL_STRIP), 1);
    const pool_task task = matmul_is_plain(t->shape) ? matmul_plain_task : matmul_task;
    pool_run(pool, task, t, t->bands * t->parts, 1);
}

/* C = op(A) op(B), then the epilogue, whose rows and columns are C's; NULL for none. */
CGANC_UNUSED static void matmul(struct pool *pool, const struct matmul *shape, const real *a, const real *b, real *c,
                                const struct epilogue *epilogue)
{
    struct matmul_context t = matmul_context(shape);
    t.a = a, t.b = b, t.c = c, t.epilogue = epilogue;
    if (shape->k == 1 || shape->n == 1) {
        const pool_task task = shape->k == 1         ? matmul_outer_task
                               : shape->transpose_a ? matmul_columns_task
                                                    : matmul_dot_task;
        const int64_t work = shape->k == 1 ? shape->n : shape->k;
        const int64_t grain = integer_ceiling(VECTOR_WORK, work);
        pool_run(pool, task, &t, shape->m, integer_ceiling(grain, SCRATCH_SLACK) * SCRATCH_SLACK);
        return;
    }
    matmul_run(pool, &t);
}

/* C = A^T B + D^T E, then the epilogue. */
CGANC_UNUSED static void matmul_sum(struct pool *pool, const struct matmul *shape, const real *a, const real *b,
                                    const real *d, const real *e, real *c, const struct epilogue *epilogue)
{
    struct matmul_context t = matmul_context(shape);
    t.a = a, t.b = b, t.more_a = d, t.more_b = e, t.c = c, t.epilogue = epilogue;
    matmul_run(pool, &t);
}

/* Convolutions: the forward form and its input gradient, which is the transposed convolution. Images are [batch,
 * height, width, channels], weights [kernel height, kernel width, input channels, output channels].
 *
 * With channels last, the part of an image that one kernel row meets is contiguous, so a convolution is a matrix
 * product whose left-hand rows are read in the image itself. Where a patch hangs over the image's edge, the taps
 * outside are left out: output pixels are taken in rectangles that meet the same taps, and a tile's rows are pixels of
 * one such rectangle, of several images.
 *
 * The input gradient with stride s is the sum over taps that are s apart; which ones depends on the pixel's position
 * modulo s. For each of these s s phases it is a dense convolution of stride 1 with a part of the kernel, so nothing is
 * scattered and nothing multiplied by zero. */

/* y[n, oh, ow, co] = sum over kh, kw, ci of x[n, oh stride_height + kh - pad_top, ow stride_width + kw - pad_left, ci]
 * w[kh, kw, ci, co], pixels outside the image being zero. What is padded below and to the right follows from the
 * output's size. */
struct convolution {
    int64_t batch, height, width, channels;
    int64_t out_height, out_width, out_channels;
    int64_t kernel_height, kernel_width, stride_height, stride_width, pad_top, pad_left;
};

enum convolution_kind { CONVOLUTION_FORWARD, CONVOLUTION_INPUT_GRADIENT };

/* Pixels of the result that a task computes, and bytes of operands it walks over, about. */
#define CONVOLUTION_PIXELS 256
#define CONVOLUTION_BYTES (384 << 10)

/* One of the two axes of a convolution, seen from the result: `out` pixels of it are sums over pixels of a source that
 * has `source` of them. */
struct convolution_axis {
    int64_t out, source, kernel, stride, pad;
    int transposed;
};

/* Pixels first, first + step, ... (`count` of them) of the result meet taps [tap, tap + taps) of their phase's kernel
 * at source pixels start, start + source_step, ... */
struct convolution_run {
    int64_t first, step, count;
    int64_t tap, taps;
    int64_t start, source_step;
};

static struct convolution_axis convolution_axis(const struct convolution *c, enum convolution_kind kind, int vertical)
{
    const int64_t inner = vertical ? c->height : c->width, outer = vertical ? c->out_height : c->out_width;
    struct convolution_axis axis = {outer, inner, 0, 0, 0, kind == CONVOLUTION_INPUT_GRADIENT};
    if (axis.transposed)
        axis.out = inner, axis.source = outer;
    axis.kernel = vertical ? c->kernel_height : c->kernel_width;
    axis.stride = vertical ? c->stride_height : c->stride_width;
    axis.pad = vertical ? c->pad_top : c->pad_left;
    return axis;
}

/* Phases of an axis: pixels of the result with the same taps, apart from edges. */
static int64_t convolution_phases(const struct convolution_axis *axis)
{
    return axis->transposed ? axis->stride : 1;
}

/* Taps of a phase: of the transposed form kernel positions phase, phase + stride, ..., counted from the last, so that
 * they meet the source's pixels in ascending order. */
static int64_t convolution_taps(const struct convolution_axis *axis, int64_t phase)
{
    if (!axis->transposed)
        return axis->kernel;
    return phase < axis->kernel ? integer_ceiling(axis->kernel - phase, axis->stride) : 0;
}

/* The kernel position of a tap. */
static int64_t convolution_position(const struct convolution_axis *axis, int64_t phase, int64_t tap)
{
    return axis->transposed ? phase + axis->stride * (convolution_taps(axis, phase) - 1 - tap) : tap;
}

/* Taps and source of one pixel, count being 1. */
static struct convolution_run convolution_pixel(const struct convolution_axis *axis, int64_t phase, int64_t pixel)
{
    const int64_t taps = convolution_taps(axis, phase);
    const int64_t step = axis->transposed ? 1 : axis->stride;
    /* The source pixel of tap 0, which may lie outside. */
    const int64_t origin = axis->transposed ? (pixel + axis->pad) / axis->stride - taps + 1
                                            : pixel * axis->stride - axis->pad;
    const int64_t begin = integer_min(taps, integer_max(0, -origin));
    const int64_t end = integer_max(begin, integer_min(taps, axis->source - origin));
    return (struct convolution_run){pixel, convolution_phases(axis), 1, begin, end - begin, origin + begin, step};
}

/* The longest run of pixels of a phase that begins with `pixel`. */
static struct convolution_run convolution_run(const struct convolution_axis *axis, int64_t phase, int64_t pixel)
{
    struct convolution_run run = convolution_pixel(axis, phase, pixel);
    for (int64_t next = pixel + run.step; next < axis->out; next += run.step) {
        const struct convolution_run other = convolution_pixel(axis, phase, next);
        if (other.tap != run.tap || other.taps != run.taps)
            break;
        run.count++;
    }
    return run;
}

/* The first pixel of a phase. */
static int64_t convolution_first(const struct convolution_axis *axis, int64_t phase)
{
    return axis->transposed ? (phase + axis->stride - axis->pad % axis->stride) % axis->stride : 0;
}

/* The output pixels [*first, *last) of an axis for which `tap` meets a pixel of the image. */
CGANC_UNUSED static void convolution_range(int64_t tap, int64_t stride, int64_t pad, int64_t size, int64_t out,
                                           int64_t *first, int64_t *last)
{
    *first = integer_min(out, tap < pad ? integer_ceiling(pad - tap, stride) : 0);
    *last = size + pad > tap ? integer_min(out, integer_ceiling(size + pad - tap, stride)) : 0;
}

struct convolution_context {
    const struct convolution *shape;
    const struct epilogue *epilogue;
    struct convolution_axis vertical, horizontal;
    int64_t source_channels, channels; /* of the source and of the result */
    const real *source, *weights;
    real *panels, *out;
    int64_t images;           /* of a task */
    int64_t group, groups;    /* panels of a task, and how many such groups there are */
};

/* All terms of the kernel: of one panel. */
static int64_t convolution_patch(const struct convolution_context *t)
{
    return t->vertical.kernel * t->horizontal.kernel * t->source_channels;
}

/* Lays out the weights in panels [columns / TILE_COLUMNS][phase][tap][source channel][TILE_COLUMNS]. A task is a
 * panel. */
static void convolution_pack(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct convolution_context *t = context;
    const struct convolution *c = t->shape;
    (void)scratch;
    for (int64_t index = first; index < last; index++) {
        const int64_t column = index * TILE_COLUMNS, columns = integer_min(TILE_COLUMNS, t->channels - column);
        real *panel = t->panels + index * convolution_patch(t) * TILE_COLUMNS;
        for (int64_t v = 0; v < convolution_phases(&t->vertical); v++) {
            for (int64_t h = 0; h < convolution_phases(&t->horizontal); h++) {
                const int64_t taps = convolution_taps(&t->horizontal, h);
                for (int64_t tap = 0; tap < convolution_taps(&t->vertical, v) * taps; tap++) {
                    const int64_t row = convolution_position(&t->vertical, v, tap / taps);
                    const int64_t position =
                        row * c->kernel_width + convolution_position(&t->horizontal, h, tap % taps);
                    const real *w = t->weights + position * c->channels * c->out_channels;
                    if (t->vertical.transposed)
                        panels_from_columns(w + column * c->out_channels, c->out_channels, c->out_channels, columns,
                                           panel);
                    else
                        panels_from_rows(w + column, c->out_channels, c->channels, columns, 0, panel);
                    panel += t->source_channels * TILE_COLUMNS;
                }
            }
        }
    }
}

/* The part of the result where a vertical and a horizontal run cross, for `images` images and one panel, whose phase
 * has `width` taps in a row. */
static void convolution_rectangle(const struct convolution_context *t, const struct convolution_run *v,
                                  const struct convolution_run *h, int64_t width, int64_t image, int64_t images,
                                  int64_t column, const real *panel)
{
    const int64_t source_channels = t->source_channels, channels = t->channels;
    const int64_t source_row = t->horizontal.source * source_channels, row = t->horizontal.out * channels;
    const int64_t columns = integer_min(TILE_COLUMNS, channels - column);
    const struct tile_walk walk = {.segments = v->taps,
                                   .length = h->taps * source_channels,
                                   .row_step = source_row,
                                   .panel_step = width * source_channels * TILE_COLUMNS};
    const int64_t pixels = images * v->count * h->count, tiles = integer_ceiling(pixels, TILE_ROWS);
    panel += (v->tap * width + h->tap) * source_channels * TILE_COLUMNS;
    int64_t i = 0, j = 0; /* the pixel's place in the two runs */
    for (int64_t tile = 0; tile < tiles; tile++) {
        const int64_t count = tile_first(pixels, tiles, tile + 1) - tile_first(pixels, tiles, tile);
        const real *x[TILE_ROWS];
        real *out[TILE_ROWS];
        for (int64_t k = 0; k < count; k++) {
            x[k] = t->source + (image * t->vertical.source + v->start + i * v->source_step) * source_row +
                   (h->start + j * h->source_step) * source_channels;
            out[k] = t->out + (image * t->vertical.out + v->first + i * v->step) * row +
                     (h->first + j * h->step) * channels + column;
            if (++j == h->count) {
                j = 0;
                if (++i == v->count)
                    i = 0, image++;
            }
        }
        tile_dots[columns > LANES][count - 1](&walk, x, panel, out, columns);
    }
}

/* All of the result for `images` images and one panel. */
static void convolution_panel(const struct convolution_context *t, int64_t image, int64_t images, int64_t index)
{
    const real *panel = t->panels + index * convolution_patch(t) * TILE_COLUMNS;
    for (int64_t pv = 0; pv < convolution_phases(&t->vertical); pv++) {
        for (int64_t ph = 0; ph < convolution_phases(&t->horizontal); ph++) {
            const int64_t width = convolution_taps(&t->horizontal, ph);
            struct convolution_run v, h;
            for (int64_t i = convolution_first(&t->vertical, pv); i < t->vertical.out; i += v.count * v.step) {
                v = convolution_run(&t->vertical, pv, i);
                for (int64_t j = convolution_first(&t->horizontal, ph); j < t->horizontal.out; j += h.count * h.step) {
                    h = convolution_run(&t->horizontal, ph, j);
                    convolution_rectangle(t, &v, &h, width, image, images, index * TILE_COLUMNS, panel);
                }
            }
            panel += convolution_taps(&t->vertical, pv) * width * t->source_channels * TILE_COLUMNS;
        }
    }
}

static void convolution_task(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct convolution_context *t = context;
    const int64_t panels = integer_ceiling(t->channels, TILE_COLUMNS), pixels = t->vertical.out * t->horizontal.out;
    (void)scratch;
    for (int64_t task = first; task < last; task++) {
        const int64_t image = task / t->groups * t->images, images = integer_min(t->images, t->shape->batch - image);
        const int64_t begin = task % t->groups * t->group, end = integer_min(panels, begin + t->group);
        for (int64_t index = begin; index < end; index++)
            convolution_panel(t, image, images, index);
        const int64_t left = begin * TILE_COLUMNS, right = integer_min(t->channels, end * TILE_COLUMNS);
        epilogue_run(t->epilogue, image * pixels, images * pixels, left, right - left);
    }
}

static struct convolution_context convolution_context(const struct convolution *c, enum convolution_kind kind)
{
    struct convolution_context t = {.shape = c};
    t.vertical = convolution_axis(c, kind, 1);
    t.horizontal = convolution_axis(c, kind, 0);
    t.source_channels = t.vertical.transposed ? c->out_channels : c->channels;
    t.channels = t.vertical.transposed ? c->channels : c->out_channels;
    /* As many images as give tiles enough rows of a kind and still fit the cache, but leave some tasks. */
    const int64_t pixels = t.vertical.out * t.horizontal.out;
    const int64_t reals = pixels * t.channels + t.vertical.source * t.horizontal.source * t.source_channels;
    const int64_t most = integer_min(CONVOLUTION_PIXELS / pixels, CONVOLUTION_BYTES / (reals * (int64_t)sizeof(real)));
    t.images = integer_max(1, integer_min(most, c->batch / 8));
    const int64_t panels = integer_ceiling(t.channels, TILE_COLUMNS), tasks = integer_ceiling(c->batch, t.images);
    t.groups = integer_min(panels, integer_ceiling(16, tasks));
    t.group = integer_ceiling(panels, t.groups);
    t.groups = integer_ceiling(panels, t.group);
    return t;
}

/* Reals of scratch that each thread needs: panels in the first thread's. */
CGANC_UNUSED static int64_t convolution_scratch(const struct convolution *c, enum convolution_kind kind)
{
    const struct convolution_context t = convolution_context(c, kind);
    return SCRATCH_SLACK + panel_reals(convolution_patch(&t), t.channels);
}

static void convolution_sum(struct pool *pool, const struct convolution *c, enum convolution_kind kind,
                            const real *source, const real *weights, real *out, const struct epilogue *epilogue)
{
    struct convolution_context t = convolution_context(c, kind);
    t.source = source, t.weights = weights, t.out = out, t.epilogue = epilogue;
    t.panels = scratch_start(pool->scratch);
    pool_run(pool, convolution_pack, &t, integer_ceiling(t.channels, TILE_COLUMNS), 1);
    pool_run(pool, convolution_task, &t, integer_ceiling(c->batch, t.images) * t.groups, 1);
}

/* y[N, OH, OW, CO] from x[N, H, W, CI] and w[KH, KW, CI, CO]; rows of the epilogue are output pixels. */
CGANC_UNUSED static void convolution_forward(struct pool *pool, const struct convolution *shape, const real *x,
                                             const real *w, real *y, const struct epilogue *epilogue)
{
    convolution_sum(pool, shape, CONVOLUTION_FORWARD, x, w, y, epilogue);
}

/* The transposed convolution: x[N, H, W, CI], every pixel of it, from g[N, OH, OW, CO] and w[KH, KW, CI, CO]; rows of
 * the epilogue are pixels of x. */
CGANC_UNUSED static void convolution_input_gradient(struct pool *pool, const struct convolution *shape, const real *g,
                                                    const real *w, real *x, const struct epilogue *epilogue)
{
    convolution_sum(pool, shape, CONVOLUTION_INPUT_GRADIENT, g, w, x, epilogue);
}

/* The input gradient of a convolution with few input channels. A panel would be mostly zeros if its columns were
 * channels; they are all (kernel position, channel) pairs instead. The product of g's pixels with the whole kernel lies
 * in scratch for an image, and each pixel of the result sums its taps from there. */

/* Channels of the image are fewer. */
#define NARROW_CHANNELS 8

/* Columns of the product: (kernel position, channel) pairs. */
static int64_t narrow_columns(const struct convolution *c)
{
    return c->kernel_height * c->kernel_width * c->channels;
}

/* A task is a panel. */
static void narrow_pack(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct convolution_context *t = context;
    const int64_t co = t->source_channels, patch = narrow_columns(t->shape);
    (void)scratch;
    for (int64_t index = first; index < last; index++) {
        const int64_t column = index * TILE_COLUMNS, columns = integer_min(TILE_COLUMNS, patch - column);
        panels_from_columns(t->weights + column * co, co, co, columns, t->panels + column * co);
    }
}

/* products[pixel][kernel position][channel] for the pixels of one image of g. */
static void narrow_products(const struct convolution_context *t, const real *g, real *products)
{
    const int64_t co = t->source_channels, patch = narrow_columns(t->shape);
    const int64_t pixels = t->vertical.source * t->horizontal.source, tiles = integer_ceiling(pixels, TILE_ROWS);
    const struct tile_walk walk = {.segments = 1, .length = co};
    for (int64_t tile = 0; tile < tiles; tile++) {
        const int64_t first = tile_first(pixels, tiles, tile), count = tile_first(pixels, tiles, tile + 1) - first;
        for (int64_t column = 0; column < patch; column += TILE_COLUMNS) {
            const int64_t columns = integer_min(TILE_COLUMNS, patch - column);
            const real *x[TILE_ROWS];
            real *out[TILE_ROWS];
            for (int64_t i = 0; i < count; i++) {
                x[i] = g + (first + i) * co;
                out[i] = products + (first + i) * patch + column;
            }
            tile_dots[columns > LANES][count - 1](&walk, x, t->panels + column * co, out, columns);
        }
    }
}

/* Adds up the taps of each pixel of one image, `image`, rows and then columns of the kernel in ascending order. */
CGANC_INLINE void narrow_sum(const struct convolution *c, const int64_t ci, const real *CGANC_RESTRICT products,
                             real *CGANC_RESTRICT image)
{
    const int64_t patch = narrow_columns(c), step = c->stride_width * ci;
    memset(image, 0, (size_t)(c->height * c->width * ci) * sizeof(real));
    for (int64_t kh = 0; kh < c->kernel_height; kh++) {
        int64_t top, bottom, left, right;
        convolution_range(kh, c->stride_height, c->pad_top, c->height, c->out_height, &top, &bottom);
        for (int64_t row = top; row < bottom; row++) {
            const int64_t h = row * c->stride_height + kh - c->pad_top;
            for (int64_t kw = 0; kw < c->kernel_width; kw++) {
                convolution_range(kw, c->stride_width, c->pad_left, c->width, c->out_width, &left, &right);
                const real *tap = products + (row * c->out_width + left) * patch + (kh * c->kernel_width + kw) * ci;
                real *out = image + (h * c->width + left * c->stride_width + kw - c->pad_left) * ci;
                for (int64_t column = left; column < right; column++, tap += patch, out += step)
                    for (int64_t i = 0; i < ci; i++)
                        out[i] += tap[i];
            }
        }
    }
}

/* A task is an image. */
static void narrow_task(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct convolution_context *t = context;
    const struct convolution *c = t->shape;
    const int64_t patch = narrow_columns(c), size = c->height * c->width * c->channels;
    real *const products = scratch_start(scratch) + panel_reals(t->source_channels, patch);
    for (int64_t image = first; image < last; image++) {
        real *out = t->out + image * size;
        narrow_products(t, t->source + image * c->out_height * c->out_width * c->out_channels, products);
        switch (c->channels) {
        case 1: narrow_sum(c, 1, products, out); break;
        case 3: narrow_sum(c, 3, products, out); break;
        default: narrow_sum(c, c->channels, products, out); break;
        }
        epilogue_run(t->epilogue, image * c->height * c->width, c->height * c->width, 0, c->channels);
    }
}

/* Reals of scratch that each thread needs: panels in the first thread's, products in each. */
CGANC_UNUSED static int64_t narrow_input_gradient_scratch(const struct convolution *c)
{
    const int64_t patch = narrow_columns(c);
    return SCRATCH_SLACK + panel_reals(c->out_channels, patch) + c->out_height * c->out_width * patch;
}

/* The transposed convolution: x[N, H, W, CI], every pixel of it, from g[N, OH, OW, CO] and w[KH, KW, CI, CO]; rows of
 * the epilogue are pixels of x. */
CGANC_UNUSED static void narrow_input_gradient(struct pool *pool, const struct convolution *shape, const real *g,
                                               const real *w, real *x, const struct epilogue *epilogue)
{
    struct convolution_context t = convolution_context(shape, CONVOLUTION_INPUT_GRADIENT);
    t.source = g, t.weights = w, t.out = x, t.epilogue = epilogue;
    t.panels = scratch_start(pool->scratch);
    pool_run(pool, narrow_pack, &t, integer_ceiling(narrow_columns(shape), TILE_COLUMNS), 1);
    pool_run(pool, narrow_task, &t, shape->batch, integer_max(1, shape->batch / 32));
}

/* Convolutions with a 4 x 4 kernel and stride 2, and their input gradients, with fewer multiplications.
 *
 * The forward form is the sum of four convolutions with 2 x 2 kernels and stride 1, one for each parity of the image's
 * rows and columns; the input gradient is four such convolutions of g, one for each parity of the result. Minimal
 * filtering F(4 x 4, 2 x 2) (Winograd, Arithmetic Complexity of Computations, 1980; Lavin and Gray, arXiv:1509.09308)
 * computes a tile of 4 x 4 results of these from 5 x 5 source pixels with 25 products instead of 64: with the points 0,
 * 1, -1, 2 and infinity of the Toom-Cook scheme, along each axis,
 *
 *          | 1 1  1 1 0 |                       | 2 -1 -2  1 0 |                 |  1/2   0  |
 *          | 0 1 -1 2 0 |                       | 0 -2 -1  1 0 |                 | -1/2 -1/2 |
 *     y =  | 0 1  1 4 0 |  ( G w  .  B d ), B = | 0  2 -3  1 0 |,            G = | -1/6  1/6 |
 *          | 0 1 -1 8 1 |                       | 0 -1  0  1 0 |                 |  1/6  1/3 |
 *                                               | 0  2 -1 -2 1 |                 |   0    1  |
 *
 * The products, summed over channels, are 25 matrix products. In float the result is two to four times less exact than
 * a direct convolution's (root mean square 1e-6 to 3e-6 of the result's, for 1024 to 3136 terms); a tuning file that
 * says `direct` leaves this out. Channels are a multiple of 32, so that they fill tiles. */
enum { FILTER_TILE = 4, FILTER_POINTS = 5, FILTER_PRODUCTS = 25 };
/* Tiles of a task, about: rows of its matrix products. */
#define FILTER_ROWS 32
/* Lines of the cache between the matrices of two points: with none, all points of a tile would compete for the same. */
#define FILTER_GAP 3

struct filter_context {
    const struct convolution_context *direct;
    const struct epilogue *epilogue;
    real *filters; /* G w G', [point][panel][term][TILE_COLUMNS] */
    int64_t down, across;   /* tiles of an image */
    int64_t phases;         /* of the result, and */
    int64_t planes;         /* of the source, along an axis: 1 or 2 */
    int64_t views;          /* 1, or 4 when each phase has tiles of its own */
    int64_t terms, columns; /* of the matrix products of a view */
    int64_t images;         /* of a task */
};

/* The first pixel of a phase of the transposed form: 2 first + phase - pad is the first not below 0. All phases lie on
 * the same tiles, beginning with the first pixel of any, when there is one view. */
static int64_t filter_first(const struct filter_context *t, const struct convolution_axis *axis, int64_t phase)
{
    if (t->phases == 1)
        return 0;
    return t->views == 1 ? axis->pad / 2 : integer_ceiling(axis->pad - integer_min(phase, axis->pad), 2);
}

/* Tiles along an axis. */
static int64_t filter_tiles(const struct filter_context *t, const struct convolution_axis *axis)
{
    int64_t last = axis->out - 1, most = 0;
    for (int64_t phase = 0; phase < t->phases; phase++) {
        if (t->phases == 2)
            last = (axis->out - 1 + axis->pad - phase) / 2;
        most = integer_max(most, last - filter_first(t, axis, phase) + 1);
    }
    return integer_ceiling(most, FILTER_TILE);
}

static struct filter_context filter_context(const struct convolution_context *direct)
{
    struct filter_context t = {.direct = direct, .views = 1};
    t.phases = direct->vertical.transposed ? 2 : 1;
    t.planes = direct->vertical.transposed ? 1 : 2;
    t.terms = t.planes * t.planes * direct->source_channels;
    t.columns = t.phases * t.phases * direct->channels;
    t.down = filter_tiles(&t, &direct->vertical), t.across = filter_tiles(&t, &direct->horizontal);
    if (t.phases == 2) {
        struct filter_context apart = t;
        apart.views = 4, apart.columns = direct->channels;
        apart.down = filter_tiles(&apart, &direct->vertical), apart.across = filter_tiles(&apart, &direct->horizontal);
        if (apart.down * apart.across < t.down * t.across)
            t = apart;
    }
    t.images = integer_max(1, integer_min(direct->shape->batch / 4, FILTER_ROWS / (t.down * t.across)));
    return t;
}

/* Reals from the matrix of a point to that of the next. */
static int64_t filter_step(int64_t rows, int64_t columns)
{
    return rows * columns + FILTER_GAP * SCRATCH_SLACK;
}

/* Reals in all filters. */
static int64_t filter_reals(const struct filter_context *t)
{
    return FILTER_PRODUCTS * t->terms * t->columns * t->views;
}

static int64_t filter_own_scratch(const struct filter_context *t)
{
    const int64_t rows = t->images * t->down * t->across;
    return scratch_piece(t->direct->source_channels, sizeof(real)) +
           scratch_piece(FILTER_PRODUCTS * filter_step(rows, t->terms), sizeof(real)) +
           scratch_piece(FILTER_PRODUCTS * filter_step(rows, t->columns), sizeof(real));
}

static int64_t filter_panels_scratch(const struct filter_context *t)
{
    return scratch_piece(panel_reals(convolution_patch(t->direct), t->direct->channels), sizeof(real));
}

/* The denominators of G, by which rows of either side are divided. */
static const real filter_factors[FILTER_POINTS] = {REAL(0.5), REAL(-0.5), REAL(1.0) / 6, REAL(1.0) / 6, REAL(1.0)};

/* The 25 filters of a panel of the direct form: G w G', its factors left to the end. */
static void filter_weights(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct filter_context *t = context;
    const struct convolution_context *direct = t->direct;
    const int64_t channels = direct->source_channels, panels = direct->channels / TILE_COLUMNS;
    const int64_t point_step = filter_reals(t) / FILTER_PRODUCTS;
    (void)scratch;
    for (int64_t index = first; index < last; index++) {
        const real *panel = direct->panels + index * convolution_patch(direct) * TILE_COLUMNS;
        /* Parities (of the result's phase or of the source's plane) and their 2 x 2 taps: these lie side by side in
         * the panels of the transposed form, and two rows and columns apart in the others. */
        for (int64_t parity = 0; parity < 4; parity++) {
            const int64_t start = t->phases == 2 ? parity * 4 : parity / 2 * 4 + parity % 2;
            const int64_t down = (t->phases == 2 ? 2 : 8) * channels * TILE_COLUMNS;
            const int64_t across = (t->phases == 2 ? 1 : 2) * channels * TILE_COLUMNS;
            const real *taps = panel + start * channels * TILE_COLUMNS;
            real *out = t->filters + (t->phases == 2 ? (parity * panels + index) * t->terms
                                                     : index * t->terms + parity * channels) * TILE_COLUMNS;
            for (int64_t at = 0; at < channels * TILE_COLUMNS; at += LANES) {
                vector rows[FILTER_POINTS][2];
                for (int j = 0; j < 2; j++) {
                    const vector g0 = CONST_VECTOR_AT(taps + at + j * across);
                    const vector g1 = CONST_VECTOR_AT(taps + at + j * across + down);
                    rows[0][j] = g0, rows[1][j] = g0 + g1, rows[2][j] = g1 - g0, rows[3][j] = g0 + 2 * g1;
                    rows[4][j] = g1;
                }
                for (int i = 0; i < FILTER_POINTS; i++) {
                    const vector g0 = rows[i][0], g1 = rows[i][1];
                    const vector results[FILTER_POINTS] = {g0, g0 + g1, g1 - g0, g0 + 2 * g1, g1};
                    for (int j = 0; j < FILTER_POINTS; j++)
                        VECTOR_AT(out + (i * FILTER_POINTS + j) * point_step + at) =
                            results[j] * (filter_factors[i] * filter_factors[j]);
                }
            }
        }
    }
}

/* B d for five vectors `step` apart. */
CGANC_INLINE void filter_transform(vector *d, const int step)
{
    const vector d0 = d[0], d1 = d[step], d2 = d[2 * step], d3 = d[3 * step], d4 = d[4 * step];
    d[0] = 2 * (d0 - d2) + (d3 - d1);
    d[step] = (d3 - d2) - 2 * d1;
    d[2 * step] = (d3 - d2) + 2 * (d1 - d2);
    d[3 * step] = d3 - d1;
    d[4 * step] = 2 * (d1 - d3) + (d4 - d2);
}

/* The four results of five sums `step` apart, in place of the first four. */
CGANC_INLINE void filter_result(vector *m, const int step)
{
    const vector m0 = m[0], m3 = m[3 * step], m4 = m[4 * step];
    const vector sum = m[step] + m[2 * step], difference = m[step] - m[2 * step];
    m[0] = (m0 + m3) + sum;
    m[step] = difference + 2 * m3;
    m[2 * step] = sum + 4 * m3;
    m[3 * step] = (difference + 8 * m3) + m4;
}

/* B d B' of one tile and one plane, as a view sees it, to values[point][...]. */
static void filter_source(const struct filter_context *t, int64_t view, int64_t image, int64_t tile, int64_t plane,
                          const real *zeros, real *values, int64_t point_step)
{
    const struct convolution_axis *v = &t->direct->vertical, *h = &t->direct->horizontal;
    const int64_t channels = t->direct->source_channels;
    const real *source = t->direct->source + image * v->source * h->source * channels;
    const int64_t first_row = filter_first(t, v, view / 2), first_column = filter_first(t, h, view % 2);
    const real *pixels[FILTER_PRODUCTS];
    for (int i = 0; i < FILTER_PRODUCTS; i++) {
        const int64_t down = tile / t->across * FILTER_TILE + i / FILTER_POINTS;
        const int64_t across = tile % t->across * FILTER_TILE + i % FILTER_POINTS;
        const int64_t row = t->planes == 2 ? 2 * down + plane / 2 - v->pad : first_row + down - 1;
        const int64_t column = t->planes == 2 ? 2 * across + plane % 2 - h->pad : first_column + across - 1;
        const int inside = row >= 0 && row < v->source && column >= 0 && column < h->source;
        pixels[i] = inside ? source + (row * h->source + column) * channels : zeros;
    }
    for (int64_t at = 0; at < channels; at += LANES) {
        vector d[FILTER_PRODUCTS];
        CGANC_UNROLL
        for (int j = 0; j < FILTER_POINTS; j++) {
            CGANC_UNROLL
            for (int i = 0; i < FILTER_POINTS; i++)
                d[i * FILTER_POINTS + j] = CONST_VECTOR_AT(pixels[i * FILTER_POINTS + j] + at);
            filter_transform(d + j, FILTER_POINTS);
        }
        CGANC_UNROLL
        for (int i = 0; i < FILTER_POINTS; i++) {
            filter_transform(d + i * FILTER_POINTS, 1);
            CGANC_UNROLL
            for (int j = 0; j < FILTER_POINTS; j++)
                VECTOR_AT(values + (i * FILTER_POINTS + j) * point_step + at) = d[i * FILTER_POINTS + j];
        }
    }
}

/* The results of one tile and one phase from sums[point][...]. The machine does not foresee where pixels begin, which
 * are written a few lines at a time: each line calls for the one after the next. */
static void filter_results(const struct filter_context *t, int64_t image, int64_t tile, int64_t phase, const real *sums,
                           int64_t point_step)
{
    const struct convolution_axis *v = &t->direct->vertical, *h = &t->direct->horizontal;
    const int64_t channels = t->direct->channels;
    real *out = t->direct->out + image * v->out * h->out * channels;
    const int64_t first_row = filter_first(t, v, phase / 2), first_column = filter_first(t, h, phase % 2);
    real *pixels[FILTER_TILE][FILTER_TILE];
    for (int i = 0; i < FILTER_TILE; i++) {
        for (int j = 0; j < FILTER_TILE; j++) {
            int64_t row = first_row + tile / t->across * FILTER_TILE + i;
            int64_t column = first_column + tile % t->across * FILTER_TILE + j;
            if (t->phases == 2)
                row = 2 * row + phase / 2 - v->pad, column = 2 * column + phase % 2 - h->pad;
            const int inside = row >= 0 && row < v->out && column >= 0 && column < h->out;
            pixels[i][j] = inside ? out + (row * h->out + column) * channels : NULL;
        }
    }
    for (int64_t at = 0; at < channels; at += LANES) {
        vector m[FILTER_PRODUCTS];
        CGANC_UNROLL
        for (int j = 0; j < FILTER_POINTS; j++) {
            CGANC_UNROLL
            for (int i = 0; i < FILTER_POINTS; i++)
                m[i * FILTER_POINTS + j] = CONST_VECTOR_AT(sums + (i * FILTER_POINTS + j) * point_step + at);
            filter_result(m + j, FILTER_POINTS);
        }
        CGANC_UNROLL
        for (int i = 0; i < FILTER_TILE; i++) {
            filter_result(m + i * FILTER_POINTS, 1);
            CGANC_UNROLL
            for (int j = 0; j < FILTER_TILE; j++)
                if (pixels[i][j]) {
                    VECTOR_AT(pixels[i][j] + at) = m[i * FILTER_POINTS + j];
                    __builtin_prefetch(pixels[i][j] + at + TILE_COLUMNS, 1, 3);
                }
        }
    }
}

/* The 25 matrix products of a view: sums[point][row][column] from values[point][row][term]. Filters are more than the
 * cache of a core holds, so each tile calls its share of the next panel into it. */
static void filter_multiply(const struct filter_context *t, int64_t view, int64_t rows, const real *values, real *sums)
{
    const int64_t tiles = integer_ceiling(rows, TILE_ROWS);
    const int64_t value_step = filter_step(rows, t->terms), sum_step = filter_step(rows, t->columns);
    struct tile_walk walk = {.segments = 1, .length = t->terms};
    walk.ahead_step = TILE_COLUMNS * sizeof(real), walk.ahead_terms = tiles;
    for (int64_t point = 0; point < FILTER_PRODUCTS; point++) {
        const real *panel = t->filters + (point * t->views + view) * t->terms * t->columns;
        for (int64_t column = 0; column < t->columns; column += TILE_COLUMNS, panel += t->terms * TILE_COLUMNS) {
            for (int64_t tile = 0; tile < tiles; tile++) {
                const int64_t first = tile_first(rows, tiles, tile), count = tile_first(rows, tiles, tile + 1) - first;
                const real *x[TILE_ROWS];
                real *out[TILE_ROWS];
                for (int64_t i = 0; i < count; i++) {
                    x[i] = values + point * value_step + (first + i) * t->terms;
                    out[i] = sums + point * sum_step + (first + i) * t->columns + column;
                }
                walk.ahead = (uintptr_t)(panel + (t->terms + tile_first(t->terms, tiles, tile)) * TILE_COLUMNS);
                tile_dots[1][count - 1](&walk, x, panel, out, TILE_COLUMNS);
            }
        }
    }
}

/* A task is some images. */
static void filter_task(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct filter_context *t = context;
    const struct convolution_context *direct = t->direct;
    const int64_t tiles = t->down * t->across, pixels = direct->vertical.out * direct->horizontal.out;
    real *const zeros = scratch_start(scratch) + filter_panels_scratch(t) +
                        scratch_piece(filter_reals(t), sizeof(real));
    real *const values = zeros + scratch_piece(direct->source_channels, sizeof(real));
    real *const sums = values + scratch_piece(FILTER_PRODUCTS * filter_step(t->images * tiles, t->terms), sizeof(real));
    memset(zeros, 0, (size_t)direct->source_channels * sizeof(real));
    for (int64_t task = first; task < last; task++) {
        const int64_t image = task * t->images, images = integer_min(t->images, direct->shape->batch - image);
        const int64_t rows = images * tiles;
        const int64_t value_step = filter_step(rows, t->terms), sum_step = filter_step(rows, t->columns);
        for (int64_t view = 0; view < t->views; view++) {
            for (int64_t row = 0; row < rows; row++)
                for (int64_t plane = 0; plane < t->planes * t->planes; plane++)
                    filter_source(t, view, image + row / tiles, row % tiles, plane, zeros,
                                  values + row * t->terms + plane * direct->source_channels, value_step);
            filter_multiply(t, view, rows, values, sums);
            for (int64_t row = 0; row < rows; row++)
                for (int64_t part = 0; part < t->columns / direct->channels; part++)
                    filter_results(t, image + row / tiles, row % tiles, view + part,
                                   sums + row * t->columns + part * direct->channels, sum_step);
        }
        epilogue_run(t->epilogue, image * pixels, images * pixels, 0, direct->channels);
    }
}

/* Reals of scratch that each thread needs: panels and filters in the first thread's, and its own. */
CGANC_UNUSED static int64_t filtered_scratch(const struct convolution *c, enum convolution_kind kind)
{
    const struct convolution_context direct = convolution_context(c, kind);
    const struct filter_context t = filter_context(&direct);
    return SCRATCH_SLACK + filter_panels_scratch(&t) + scratch_piece(filter_reals(&t), sizeof(real)) +
           filter_own_scratch(&t);
}

static void filtered_sum(struct pool *pool, const struct convolution *c, enum convolution_kind kind,
                         const real *source, const real *weights, real *out, const struct epilogue *epilogue)
{
    struct convolution_context direct = convolution_context(c, kind);
    direct.source = source, direct.weights = weights, direct.out = out;
    direct.panels = scratch_start(pool->scratch);
    struct filter_context t = filter_context(&direct);
    const int64_t panels = direct.channels / TILE_COLUMNS;
    t.epilogue = epilogue;
    t.filters = direct.panels + filter_panels_scratch(&t);
    pool_run(pool, convolution_pack, &direct, panels, 1);
    pool_run(pool, filter_weights, &t, panels, 1);
    pool_run(pool, filter_task, &t, integer_ceiling(c->batch, t.images), 1);
}

/* y[N, OH, OW, CO] from x[N, H, W, CI] and w[4, 4, CI, CO]; rows of the epilogue are output pixels. */
CGANC_UNUSED static void filtered_forward(struct pool *pool, const struct convolution *shape, const real *x,
                                          const real *w, real *y, const struct epilogue *epilogue)
{
    filtered_sum(pool, shape, CONVOLUTION_FORWARD, x, w, y, epilogue);
}

/* The transposed convolution: x[N, H, W, CI] from g[N, OH, OW, CO] and w[4, 4, CI, CO]; rows of the epilogue are pixels
 * of x. */
CGANC_UNUSED static void filtered_input_gradient(struct pool *pool, const struct convolution *shape, const real *g,
                                                 const real *w, real *x, const struct epilogue *epilogue)
{
    filtered_sum(pool, shape, CONVOLUTION_INPUT_GRADIENT, g, w, x, epilogue);
}

/* The weight gradient of a 4 x 4 convolution of stride 2 by minimal filtering: the adjoint of the forward form in the
 * weights. With the matrices of minimal_filtering.c and A for the first of them, transposed,
 *
 *     dw = G' ( sum over tiles of (B d B') . (A dy A') ) G,
 *
 * where the sum is 25 matrix products over tiles. The batch is taken in chunks of about FILTER_CHUNK tiles. */
#define FILTER_CHUNK 256

struct filter_gradient {
    struct convolution_context direct;
    struct filter_context filter;
    const real *g;
    int64_t images, first, count; /* of a chunk, at most; those of the chunk at hand */
    real *zeros;                  /* a pixel outside the image */
    real *values;                 /* B d B', [point][tile][term] */
    real *results;                /* A dy A', [point][panel of output channels][tile][TILE_COLUMNS] */
    real *sums;                   /* [point][term][output channel] */
    struct tile_term *terms;
};

static struct filter_gradient filter_gradient(const struct convolution *c)
{
    struct filter_gradient t = {.direct = convolution_context(c, CONVOLUTION_FORWARD)};
    t.filter = filter_context(&t.direct);
    t.images = integer_max(1, integer_min(c->batch, FILTER_CHUNK / (t.filter.down * t.filter.across)));
    return t;
}

/* Tiles of a chunk, at most. */
static int64_t filter_gradient_rows(const struct filter_gradient *t)
{
    return t->images * t->filter.down * t->filter.across;
}

/* Lays out the pieces from `base` on. Returns the reals they take. */
static int64_t filter_gradient_pieces(struct filter_gradient *t, real *base)
{
    const int64_t rows = filter_gradient_rows(t), co = t->direct.channels;
    const int64_t sizes[5] = {scratch_piece(t->direct.source_channels, sizeof(real)),
                              scratch_piece(FILTER_PRODUCTS * filter_step(rows, t->filter.terms), sizeof(real)),
                              scratch_piece(FILTER_PRODUCTS * filter_step(rows, co), sizeof(real)),
                              scratch_piece(FILTER_PRODUCTS * filter_step(t->filter.terms, co), sizeof(real)),
                              scratch_piece(rows, sizeof(struct tile_term))};
    if (base) {
        t->zeros = base;
        t->values = t->zeros + sizes[0];
        t->results = t->values + sizes[1];
        t->sums = t->results + sizes[2];
        t->terms = (void *)(t->sums + sizes[3]);
    }
    return sizes[0] + sizes[1] + sizes[2] + sizes[3] + sizes[4];
}

/* A dy for the first four of five vectors `step` apart, in place. */
CGANC_INLINE void filter_spread(vector *y, const int step)
{
    const vector y0 = y[0], y1 = y[step], y2 = y[2 * step], y3 = y[3 * step];
    y[step] = (y0 + y2) + (y1 + y3);
    y[2 * step] = (y0 + y2) - (y1 + y3);
    y[3 * step] = (y0 + 4 * y2) + (2 * y1 + 8 * y3);
    y[4 * step] = y3;
}

/* (A dy A') of one tile, divided by G's denominators. */
static void filter_gradient_results(const struct filter_gradient *t, int64_t image, int64_t tile, int64_t row)
{
    const struct convolution *c = t->direct.shape;
    const int64_t co = c->out_channels, rows = filter_gradient_rows(t);
    const real *pixels[FILTER_TILE][FILTER_TILE];
    for (int i = 0; i < FILTER_TILE; i++) {
        for (int j = 0; j < FILTER_TILE; j++) {
            const int64_t down = tile / t->filter.across * FILTER_TILE + i;
            const int64_t across = tile % t->filter.across * FILTER_TILE + j;
            const int inside = down < c->out_height && across < c->out_width;
            pixels[i][j] = inside ? t->g + ((image * c->out_height + down) * c->out_width + across) * co : NULL;
        }
    }
    for (int64_t at = 0; at < co; at += LANES) {
        vector y[FILTER_PRODUCTS];
        real *out = t->results + at / TILE_COLUMNS * rows * TILE_COLUMNS + row * TILE_COLUMNS + at % TILE_COLUMNS;
        CGANC_UNROLL
        for (int i = 0; i < FILTER_TILE; i++) {
            CGANC_UNROLL
            for (int j = 0; j < FILTER_TILE; j++)
                y[i * FILTER_POINTS + j] = pixels[i][j] ? (vector)CONST_VECTOR_AT(pixels[i][j] + at) : (vector){0};
            filter_spread(y + i * FILTER_POINTS, 1);
        }
        CGANC_UNROLL
        for (int j = 0; j < FILTER_POINTS; j++) {
            filter_spread(y + j, FILTER_POINTS);
            CGANC_UNROLL
            for (int i = 0; i < FILTER_POINTS; i++)
                VECTOR_AT(out + (i * FILTER_POINTS + j) * filter_step(rows, co)) =
                    y[i * FILTER_POINTS + j] * (filter_factors[i] * filter_factors[j]);
        }
    }
}

/* Transforms the tiles of some images of the chunk. */
static void filter_gradient_transform(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct filter_gradient *t = context;
    const int64_t tiles = t->filter.down * t->filter.across, terms = t->filter.terms;
    (void)scratch;
    for (int64_t row = first * tiles; row < last * tiles; row++) {
        const int64_t image = t->first + row / tiles;
        for (int64_t plane = 0; plane < 4; plane++)
            filter_source(&t->filter, 0, image, row % tiles, plane, t->zeros,
                          t->values + row * terms + plane * t->direct.source_channels,
                          filter_step(filter_gradient_rows(t), terms));
        filter_gradient_results(t, image, row % tiles, row);
    }
}

/* A task is a panel of output channels at one of the 25 points. */
static void filter_gradient_multiply(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct filter_gradient *t = context;
    const int64_t co = t->direct.channels, panels = co / TILE_COLUMNS, rows = filter_gradient_rows(t);
    const int64_t terms = t->filter.terms, tiles = integer_ceiling(terms, TILE_ROWS);
    const int64_t count = t->count * t->filter.down * t->filter.across;
    (void)scratch;
    for (int64_t task = first; task < last; task++) {
        const int64_t point = task / panels, column = task % panels * TILE_COLUMNS;
        const real *values = t->values + point * filter_step(rows, terms);
        const real *panel = t->results + point * filter_step(rows, co) + column * rows;
        real *sums = t->sums + point * filter_step(terms, co) + column;
        for (int64_t tile = 0; tile < tiles; tile++) {
            const int64_t row = tile_first(terms, tiles, tile), size = tile_first(terms, tiles, tile + 1) - row;
            tile_outers[1][size - 1](t->terms, count, values + row, panel, TILE_ROWS, t->first > 0, sums + row * co, co,
                                     TILE_COLUMNS);
        }
    }
}

/* The first two of five vectors: G' of these, but for its denominators. */
CGANC_INLINE void filter_gather(vector *u, const int step)
{
    const vector u0 = u[0], u1 = u[step], u2 = u[2 * step], u3 = u[3 * step], u4 = u[4 * step];
    u[0] = (u0 + u1) + (u3 - u2);
    u[step] = (u1 + u2) + (2 * u3 + u4);
}

/* Weights from sums, for some of the (parity, input channel) terms, whose four taps lie two kernel positions apart. */
static void filter_gradient_weights(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct filter_gradient *t = context;
    const struct convolution *c = t->direct.shape;
    const int64_t ci = c->channels, co = c->out_channels;
    (void)scratch;
    for (int64_t term = first; term < last; term++) {
        const int64_t parity = term / ci, start = (parity / 2 * 4 + parity % 2) * ci + term % ci;
        for (int64_t at = 0; at < co; at += LANES) {
            vector u[FILTER_PRODUCTS];
            CGANC_UNROLL
            for (int j = 0; j < FILTER_POINTS; j++) {
                CGANC_UNROLL
                for (int i = 0; i < FILTER_POINTS; i++)
                    u[i * FILTER_POINTS + j] =
                        CONST_VECTOR_AT(t->sums + (i * FILTER_POINTS + j) * filter_step(4 * ci, co) + term * co + at);
                filter_gather(u + j, FILTER_POINTS);
            }
            for (int i = 0; i < 2; i++) {
                filter_gather(u + i * FILTER_POINTS, 1);
                for (int j = 0; j < 2; j++)
                    VECTOR_AT(t->direct.out + (start + (8 * i + 2 * j) * ci) * co + at) = u[i * FILTER_POINTS + j];
            }
        }
        for (int position = 0; position < 4; position++) {
            const int64_t row = start + (position / 2 * 8 + position % 2 * 2) * ci;
            epilogue_run(t->filter.epilogue, row, 1, 0, co);
        }
    }
}

/* Reals of scratch that each thread needs: all of it in the first thread's. */
CGANC_UNUSED static int64_t filtered_weight_gradient_scratch(const struct convolution *c)
{
    struct filter_gradient t = filter_gradient(c);
    return SCRATCH_SLACK + filter_gradient_pieces(&t, NULL);
}

/* w[4, 4, CI, CO] from x[N, H, W, CI] and g[N, OH, OW, CO]; rows of the epilogue are those of w seen as [16 CI, CO]. */
CGANC_UNUSED static void filtered_weight_gradient(struct pool *pool, const struct convolution *c, const real *x,
                                                  const real *g, real *w, const struct epilogue *epilogue)
{
    struct filter_gradient t = filter_gradient(c);
    t.direct.source = x, t.direct.out = w, t.g = g;
    t.filter.direct = &t.direct, t.filter.epilogue = epilogue;
    filter_gradient_pieces(&t, scratch_start(pool->scratch));
    memset(t.zeros, 0, (size_t)c->channels * sizeof(real));
    for (int64_t row = 0; row < filter_gradient_rows(&t); row++)
        t.terms[row] = (struct tile_term){row * t.filter.terms, row * TILE_COLUMNS};
    for (t.first = 0; t.first < c->batch; t.first += t.images) {
        t.count = integer_min(t.images, c->batch - t.first);
        pool_run(pool, filter_gradient_transform, &t, t.count, integer_ceiling(t.count, 16));
        pool_run(pool, filter_gradient_multiply, &t, FILTER_PRODUCTS * (c->out_channels / TILE_COLUMNS), 1);
    }
    pool_run(pool, filter_gradient_weights, &t, t.filter.terms, integer_ceiling(t.filter.terms, 16));
}

/* The weight gradient of a convolution, whichever way it is computed: where tasks would be too few, fixed parts of the
 * batch, whose number follows from the shape, are summed separately and joined in a fixed order. */

/* Parts of the batch, at most. */
#define WEIGHT_GRADIENT_PARTS 16
/* Output pixels of a block of images, about. */
#define WEIGHT_GRADIENT_PIXELS 256

struct weight_gradient_context {
    const struct convolution *shape;
    const struct epilogue *epilogue;
    const real *x, *g;
    real *out, *sums; /* the result, and each part's own: the same if there is one part */
    int64_t parts;
    int64_t images; /* of a block */
    int64_t shared; /* reals at the start of each thread's scratch that are not its own */
};

/* Rows of the weights, seen as [KH KW CI, CO]. */
static int64_t weight_gradient_patch(const struct convolution *c)
{
    return c->kernel_height * c->kernel_width * c->channels;
}

static struct weight_gradient_context weight_gradient_context(const struct convolution *c, int64_t parts)
{
    struct weight_gradient_context t = {.shape = c, .parts = parts};
    t.images = integer_max(1, integer_min(c->batch, WEIGHT_GRADIENT_PIXELS / (c->out_height * c->out_width)));
    if (parts > 1)
        t.shared = scratch_piece(parts * weight_gradient_patch(c) * c->out_channels, sizeof(real));
    return t;
}

/* Joins the parts of some rows of the result, pairwise. */
static void weight_gradient_join(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct weight_gradient_context *t = context;
    const int64_t co = t->shape->out_channels, size = weight_gradient_patch(t->shape) * co;
    (void)scratch;
    for (int64_t i = first * co; i < last * co; i++) {
        real sums[WEIGHT_GRADIENT_PARTS];
        for (int64_t part = 0; part < t->parts; part++)
            sums[part] = t->sums[part * size + i];
        for (int64_t width = t->parts / 2; width > 0; width /= 2)
            for (int64_t part = 0; part < width; part++)
                sums[part] += sums[part + width];
        t->out[i] = sums[0];
    }
    epilogue_run(t->epilogue, first, last - first, 0, co);
}

/* Runs `task` on each of `count` tasks, then joins the parts. */
static void weight_gradient_run(struct pool *pool, struct weight_gradient_context *t, pool_task task, int64_t count)
{
    const int64_t rows = weight_gradient_patch(t->shape);
    t->sums = t->parts > 1 ? scratch_start(pool->scratch) : t->out;
    pool_run(pool, task, t, count, 1);
    if (t->parts > 1)
        pool_run(pool, weight_gradient_join, t, rows, integer_max(1, integer_ceiling(rows, 16)));
}

/* The weight gradient of a convolution with few input channels. The sums of one kernel position would not fill a tile's
 * rows; those of a row of the kernel, which lie side by side in an image, do better. Images are put into a frame of
 * zeros first, so that all patches are whole. A task is a part of the batch. */

/* Extents of a framed image: what all patches together cover. */
static int64_t narrow_height(const struct convolution *c)
{
    return (c->out_height - 1) * c->stride_height + c->kernel_height;
}

static int64_t narrow_width(const struct convolution *c)
{
    return (c->out_width - 1) * c->stride_width + c->kernel_width;
}

static int64_t narrow_size(const struct convolution *c)
{
    return narrow_height(c) * narrow_width(c) * c->channels;
}

/* Whether g is read where it lies: its panels are then as wide as vectors. */
static int narrow_reads_in_place(const struct convolution *c)
{
    return c->out_channels % LANES == 0;
}

/* Puts an image into its frame. */
static void narrow_place(const struct convolution *c, const real *image, real *frame)
{
    const int64_t ci = c->channels, width = narrow_width(c);
    const int64_t rows = integer_min(c->height, narrow_height(c) - c->pad_top);
    const int64_t columns = integer_min(c->width, width - c->pad_left);
    for (int64_t row = 0; row < rows && columns > 0; row++)
        memcpy(frame + ((row + c->pad_top) * width + c->pad_left) * ci, image + row * c->width * ci,
               (size_t)(columns * ci) * sizeof(real));
}

/* Where the first rows of the patches of `images` framed images begin, and the rows of g that belong to them. */
static void narrow_terms(const struct convolution *c, int64_t images, struct tile_term *terms)
{
    const int64_t pixels = c->out_height * c->out_width;
    const int64_t panel_step = narrow_reads_in_place(c) ? c->out_channels : TILE_COLUMNS;
    for (int64_t i = 0; i < images * pixels; i++) {
        const int64_t row = i % pixels / c->out_width * c->stride_height, column = i % c->out_width * c->stride_width;
        const int64_t at = i / pixels * narrow_size(c) + (row * narrow_width(c) + column) * c->channels;
        terms[i] = (struct tile_term){at, i * panel_step};
    }
}

/* A block's share of a panel's columns, added to `sums` or beginning them. */
static void narrow_panel(const struct convolution *c, const struct tile_term *terms, int64_t count, const real *frames,
                         const real *panel, int begins, real *sums, int64_t columns)
{
    const int64_t run = c->kernel_width * c->channels, tiles = integer_ceiling(run, TILE_ROWS);
    for (int64_t kh = 0; kh < c->kernel_height; kh++) {
        const real *x = frames + kh * narrow_width(c) * c->channels;
        for (int64_t tile = 0; tile < tiles; tile++) {
            const int64_t row = tile_first(run, tiles, tile), rows = tile_first(run, tiles, tile + 1) - row;
            tile_outers[columns > LANES][rows - 1](terms, count, x + row, panel, 0, !begins,
                                                   sums + (kh * run + row) * c->out_channels, c->out_channels, columns);
        }
    }
}

static void weight_gradient_narrow(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct weight_gradient_context *t = context;
    const struct convolution *c = t->shape;
    const int64_t patch = weight_gradient_patch(c), co = c->out_channels, size = c->height * c->width * c->channels;
    const int64_t pixels = c->out_height * c->out_width;
    real *const frames = scratch_start(scratch) + t->shared;
    struct tile_term *const terms = (void *)(frames + scratch_piece(t->images * narrow_size(c), sizeof(real)));
    real *const copy = (real *)terms + scratch_piece(t->images * pixels, sizeof(struct tile_term));
    memset(frames, 0, (size_t)(t->images * narrow_size(c)) * sizeof(real));
    narrow_terms(c, t->images, terms);
    for (int64_t part = first; part < last; part++) {
        const int64_t begin = c->batch * part / t->parts, end = c->batch * (part + 1) / t->parts;
        real *const sums = t->sums + part * patch * co;
        if (begin == end)
            memset(sums, 0, (size_t)(patch * co) * sizeof(real));
        for (int64_t image = begin; image < end; image += t->images) {
            const int64_t images = integer_min(t->images, end - image);
            for (int64_t i = 0; i < images; i++)
                narrow_place(c, t->x + (image + i) * size, frames + i * narrow_size(c));
            for (int64_t column = 0; column < co; column += TILE_COLUMNS) {
                const int64_t columns = integer_min(TILE_COLUMNS, co - column);
                const real *g = t->g + image * pixels * co + column;
                if (!narrow_reads_in_place(c)) {
                    panels_from_rows(g, co, images * pixels, columns, 0, copy);
                    g = copy;
                }
                narrow_panel(c, terms, images * pixels, frames, g, image == begin, sums + column, columns);
            }
        }
    }
}

/* Reals of scratch that each thread needs: all parts' sums in the first thread's, a block's framed images, its terms,
 * and a panel of g. */
CGANC_UNUSED static int64_t narrow_weight_gradient_scratch(const struct convolution *c)
{
    const struct weight_gradient_context t = weight_gradient_context(c, WEIGHT_GRADIENT_PARTS);
    const int64_t most = t.images * c->out_height * c->out_width;
    const int64_t copy = narrow_reads_in_place(c) ? 0 : scratch_piece(most * TILE_COLUMNS, sizeof(real));
    return SCRATCH_SLACK + t.shared + scratch_piece(t.images * narrow_size(c), sizeof(real)) +
           scratch_piece(most, sizeof(struct tile_term)) + copy;
}

/* w[KH, KW, CI, CO] from x[N, H, W, CI] and g[N, OH, OW, CO]; rows of the epilogue are those of w seen as
 * [KH KW CI, CO]. */
CGANC_UNUSED static void narrow_weight_gradient(struct pool *pool, const struct convolution *shape, const real *x,
                                                const real *g, real *w, const struct epilogue *epilogue)
{
    struct weight_gradient_context t = weight_gradient_context(shape, WEIGHT_GRADIENT_PARTS);
    t.x = x, t.g = g, t.out = w, t.epilogue = epilogue;
    weight_gradient_run(pool, &t, weight_gradient_narrow, t.parts);
}

/* Rows of a table, read and added by index. Work is shared out by row or by column, whichever nobody else writes, and
 * sums run in a fixed order. */

/* `rows` rows, each naming one of the `table_rows` rows of a table `width` wide. */
struct row_lookup {
    int64_t rows, table_rows, width;
};

/* Columns of a table that one tile adds to. */
#define ROW_COLUMNS 64

struct row_context {
    const struct row_lookup *shape;
    const real *in;
    const int32_t *index;
    real *out;
};

static void gather_rows_tile(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct row_context *t = context;
    const int64_t width = t->shape->width;
    (void)scratch;
    for (int64_t i = first; i < last; i++)
        memcpy(t->out + i * width, t->in + t->index[i] * width, (size_t)width * sizeof(real));
}

/* out[i, :] = table[index[i], :]. */
CGANC_UNUSED static void gather_rows(struct pool *pool, const struct row_lookup *shape, const real *table,
                                     const int32_t *index, real *out)
{
    const struct row_context context = {shape, table, index, out};
    pool_run(pool, gather_rows_tile, &context, shape->rows, integer_max(1, 16384 / integer_max(1, shape->width)));
}

static void scatter_add_rows_tile(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct row_context *t = context;
    const int64_t width = t->shape->width;
    (void)scratch;
    for (int64_t row = 0; row < t->shape->table_rows; row++)
        for (int64_t j = first; j < last; j++)
            t->out[row * width + j] = 0;
    for (int64_t i = 0; i < t->shape->rows; i++) {
        real *CGANC_RESTRICT out = t->out + t->index[i] * width;
        const real *CGANC_RESTRICT in = t->in + i * width;
        for (int64_t j = first; j < last; j++)
            out[j] += in[j];
    }
}

/* The adjoint of gather_rows: table[r, :] is the sum, in the order of i, of the g[i, :] with index[i] = r, else 0. */
CGANC_UNUSED static void scatter_add_rows(struct pool *pool, const struct row_lookup *shape, const real *g,
                                          const int32_t *index, real *table)
{
    const struct row_context context = {shape, g, index, table};
    pool_run(pool, scatter_add_rows_tile, &context, shape->width, ROW_COLUMNS);
}

/* out[rows, classes]: 1 at each row's class, else 0. */
CGANC_UNUSED static void one_hot(const int32_t *index, int64_t rows, int64_t classes, real *out)
{
    memset(out, 0, (size_t)(rows * classes) * sizeof(real));
    for (int64_t i = 0; i < rows; i++)
        out[i * classes + index[i]] = 1;
}

/* Sums down the columns of a matrix, or of each of several parts of one: rows are read as they lie, and each column's
 * terms are added in their order. */
struct row_sums {
    int64_t parts, rows, columns, part_stride, row_stride;
};

/* Columns of a task. */
#define SUM_COLUMNS 64

struct row_sums_context {
    const struct row_sums *shape;
    const real *x;
    real *out;
};

static void row_sums_task(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct row_sums_context *t = context;
    const struct row_sums *s = t->shape;
    const int64_t tiles = integer_ceiling(s->columns, SUM_COLUMNS);
    (void)scratch;
    for (int64_t task = first; task < last; task++) {
        const int64_t part = task / tiles, column = task % tiles * SUM_COLUMNS;
        const int64_t width = integer_min(SUM_COLUMNS, s->columns - column);
        const real *x = t->x + part * s->part_stride + column;
        real totals[SUM_COLUMNS] = {0};
        if (width == SUM_COLUMNS)
            for (int64_t k = 0; k < s->rows; k++, x += s->row_stride)
                for (int64_t j = 0; j < SUM_COLUMNS; j++)
                    totals[j] += x[j];
        else
            for (int64_t k = 0; k < s->rows; k++, x += s->row_stride)
                for (int64_t j = 0; j < width; j++)
                    totals[j] += x[j];
        memcpy(t->out + part * s->columns + column, totals, (size_t)width * sizeof(real));
    }
}

/* out[parts, columns]: out[p][j] is the sum over rows k of x[p part_stride + k row_stride + j]. */
CGANC_UNUSED static void sum_rows(struct pool *pool, const struct row_sums *shape, const real *x, real *out)
{
    const struct row_sums_context context = {shape, x, out};
    const int64_t grain = integer_max(1, 16384 / (shape->rows * SUM_COLUMNS));
    pool_run(pool, row_sums_task, &context, shape->parts * integer_ceiling(shape->columns, SUM_COLUMNS), grain);
}

/* Norms: sums of squares of each trained tensor, of its gradient and of its change, taken where an update reads them
 * anyway. They are added up in an order that follows from the extents alone. */
enum squares_of { SQUARES_OF_GRADIENT, SQUARES_OF_WEIGHT, SQUARES_OF_CHANGE, SQUARES_KINDS };

/* Elements that one tile updates, and those of them that are worked on at once. */
#define UPDATE_GRAIN 8192
#define UPDATE_BLOCK 1024

/* A benchmark may leave the norms out, to learn what they cost: they are then 0. */
#ifndef CGANC_NORMS
#define CGANC_NORMS 1
#endif

/* A gradient that is left for the update to compute, beside its own work (weight_update.c). A list ends with an empty
 * one. */
struct weight_product {
    const struct matmul *shape;
    int64_t gradient, operands[4], kernel; /* places among all gradients and in the arena; the kernel's number */
};

/* The trained tensors of one network, which lie in one range: tensor k from starts[k] up to starts[k + 1]. A tile of
 * the range and a tensor that meet have a sum of their own, in place tile + tensor: along the range, from one meeting
 * to the next, at least one of the two grows, so no place is taken twice. */
struct tensor_watch {
    const int64_t *starts; /* [tensors + 1] */
    int64_t tensors;
    double (*squares)[SQUARES_KINDS]; /* [tensors] */
    double (*partial)[SQUARES_KINDS]; /* [tiles + tensors] */
    real *columns; /* see squares_of_part; a tensor's from its gradient's place divided by SQUARES_STRETCH on */
    int64_t first; /* the range's place among all gradients */
    const struct weight_product *left; /* what is left for the update; NULL for nothing */
};

/* Whether the gradient of tensor `k` is left for the update. */
static int is_left(const struct tensor_watch *watch, int64_t k)
{
    const struct weight_product *left = watch->left;
    while (left && left->shape && left->gradient != watch->first + watch->starts[k])
        left++;
    return left && left->shape;
}

/* Interleaved sums of squares that are joined in doubles; a fixed number, so that bits do not depend on the width of
 * vectors. */
#define SQUARE_LANES 16

/* Whether a sum of squares that were floats tells that none of weight has left their range. */
static inline int squares_kept(double total)
{
    return total > 1e-25 && total < 1e35;
}

/* What interleaved sums of x[i]^2, i < count <= UPDATE_BLOCK, add up to. Where squares may have left the range of a
 * float, they are taken again as doubles. */
static double join_lanes(const real lane[SQUARE_LANES], const real *x, int64_t count)
{
    double eight[SQUARE_LANES / 2], total;
    for (int j = 0; j < SQUARE_LANES / 2; j++)
        eight[j] = (double)lane[j] + (double)lane[j + SQUARE_LANES / 2];
    total = ((eight[0] + eight[1]) + (eight[2] + eight[3])) + ((eight[4] + eight[5]) + (eight[6] + eight[7]));
    if (squares_kept(total))
        return total;
    total = 0;
    for (int64_t i = 0; i < count; i++)
        total += (double)x[i] * (double)x[i];
    return total;
}

/* The sum of x[i]^2 over at most UPDATE_BLOCK elements, in four sums for each lane. */
static double block_of_squares(const real *x, int64_t count)
{
    vector sums[4 * SQUARE_LANES / LANES];
    real all[4 * SQUARE_LANES], lane[SQUARE_LANES];
    int64_t i = 0;
    CGANC_UNROLL
    for (int j = 0; j < 4 * SQUARE_LANES / LANES; j++)
        sums[j] = (vector){0};
    for (; i + 4 * SQUARE_LANES <= count; i += 4 * SQUARE_LANES) {
        CGANC_UNROLL
        for (int j = 0; j < 4 * SQUARE_LANES / LANES; j++) {
            const vector v = CONST_VECTOR_AT(x + i + j * LANES);
            sums[j] += v * v;
        }
    }
    CGANC_UNROLL
    for (int j = 0; j < 4 * SQUARE_LANES / LANES; j++)
        VECTOR_AT(all + j * LANES) = sums[j];
    for (int j = 0; j < SQUARE_LANES; j++)
        lane[j] = (all[j] + all[j + SQUARE_LANES]) + (all[j + 2 * SQUARE_LANES] + all[j + 3 * SQUARE_LANES]);
    for (; i < count; i++)
        lane[i % SQUARE_LANES] += x[i] * x[i];
    return join_lanes(lane, x, count);
}

static double sum_of_squares(const real *x, int64_t count)
{
    double total = 0;
    for (int64_t i = 0; CGANC_NORMS && i < count; i += UPDATE_BLOCK)
        total += block_of_squares(x + i, integer_min(UPDATE_BLOCK, count - i));
    return total;
}

/* The tensor in whose stretch of the range element `i` lies. */
static int64_t tensor_at(const struct tensor_watch *watch, int64_t i)
{
    int64_t k = 0;
    while (watch->starts[k + 1] <= i)
        k++;
    return k;
}

/* Each tensor's sum, from those of its tiles in their order; returns the sum of all. */
static double join_squares(const struct tensor_watch *watch, enum squares_of kind)
{
    double all = 0;
    for (int64_t k = 0; k < watch->tensors; k++) {
        const int64_t last = (watch->starts[k + 1] - 1) / UPDATE_GRAIN;
        double sum = 0;
        if (is_left(watch, k))
            continue; /* the update tells */
        if (kind == SQUARES_OF_GRADIENT && watch->squares[k][kind] > 0)
            sum = watch->squares[k][kind]; /* its columns have told */
        else
            for (int64_t tile = watch->starts[k] / UPDATE_GRAIN; tile <= last; tile++)
                sum += watch->partial[tile + k][kind];
        watch->squares[k][kind] = sum;
        all += sum;
    }
    return all;
}

/* Elements of a gradient for which there is a place, which holds a column's sum over some SQUARES_ROWS rows. */
#define SQUARES_STRETCH 64
#define SQUARES_ROWS (2 * SQUARES_STRETCH)

/* Takes the squares of a finished part of a gradient with `columns` columns while it lies in the cache: a sum for each
 * column, which is the same whatever the width of vectors. A product with a transposed operand has at most 256 rows in
 * a part, and parts that begin at different rows begin more than SQUARES_ROWS apart, so that each finds places of its
 * own; of SQUARES_STRETCH rows or more, they all find room. */
CGANC_UNUSED static void squares_of_part(const real *gradient, int64_t columns, struct part part, real *places)
{
    real *CGANC_RESTRICT sums = places + part.top / SQUARES_ROWS * columns;
    for (int64_t j = part.left; j < part.right; j++)
        sums[j] = 0;
    for (int64_t i = part.top; CGANC_NORMS && i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            sums[j] += gradient[i * columns + j] * gradient[i * columns + j];
}

/* What the columns of a tensor of `count` elements add up to, if they were taken and did not leave the range of a
 * float; otherwise 0. They do not count a second time. */
static double join_columns(real *places, int64_t count)
{
    double lanes[16] = {0}, total = 0;
    for (int64_t i = 0; i < count / SQUARES_STRETCH; i++)
        lanes[i % 16] += (double)places[i];
    for (int j = 0; j < 16; j++)
        total += lanes[j];
    if (count >= SQUARES_STRETCH)
        places[0] = -INFINITY;
    return squares_kept(total) ? total : 0;
}

struct gradient_context {
    const struct tensor_watch *watch;
    const real *gradient;
};

static void gradient_squares_tile(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct gradient_context *t = context;
    const struct tensor_watch *watch = t->watch;
    (void)scratch;
    for (int64_t start = first, k = tensor_at(watch, first), end; start < last; start = end, k++) {
        end = integer_min(last, watch->starts[k + 1]);
        if (watch->squares[k][SQUARES_OF_GRADIENT] == 0 && !is_left(watch, k))
            watch->partial[first / UPDATE_GRAIN + k][SQUARES_OF_GRADIENT] =
                sum_of_squares(t->gradient + start, end - start);
    }
}

/* The sums of squares of the gradients of a network but for those that are left for the update; only those are looked
 * through whose columns do not tell. Returns the sum of all. */
CGANC_UNUSED static double gradient_squares(struct pool *pool, const struct tensor_watch *watch, const real *gradient)
{
    const struct gradient_context context = {watch, gradient};
    if (!CGANC_NORMS)
        return INFINITY; /* the caller then looks whether all are finite */
    for (int64_t k = 0; k < watch->tensors; k++)
        if (!is_left(watch, k))
            watch->squares[k][SQUARES_OF_GRADIENT] =
                join_columns(watch->columns + (watch->first + watch->starts[k]) / SQUARES_STRETCH,
                             watch->starts[k + 1] - watch->starts[k]);
    pool_run(pool, gradient_squares_tile, &context, watch->starts[watch->tensors], UPDATE_GRAIN);
    return join_squares(watch, SQUARES_OF_GRADIENT);
}

/* Optimisers. The parameters of one network lie in one range, and so do their gradients and moments; an update is one
 * pass over these, element by element. */

/* Parts that a range is looked through in. */
#define FINITE_BLOCKS 256

/* What every optimiser does to a gradient before, and to a parameter after its update. */
struct update_limits {
    double gradient_scale; /* multiplies the gradient: 1, or what brings its norm down to the limit */
    double parameter_limit; /* parameters are confined to +- this; INFINITY for none */
};

/* All that an update needs, in the number type it works in. */
struct update_context {
    /* Updates elements [first, last), at most UPDATE_BLOCK, and adds the squares of gradients, of the weights as they
     * are then, and of their changes to `sums`. */
    void (*run)(const struct update_context *context, int64_t first, int64_t last, double sums[SQUARES_KINDS]);
    const struct tensor_watch *watch;
    const real *gradient;
    real *parameter, *first, *second;
    real rate, beta1, beta2, rest1, rest2, second_scale, epsilon, keep, gradient_scale, limit;
    int nesterov;
};

static inline real update_confine(real x, real limit)
{
    return real_max(real_min(x, limit), -limit);
}

/* An update reads and writes more streams than a machine foresees: it calls a stretch of each into the cache so many
 * elements ahead. */
#define UPDATE_AHEAD 768

CGANC_INLINE void update_fetch(const struct update_context *t, int64_t first)
{
    const real *const streams[] = {t->gradient, t->parameter, t->first, t->second};
    CGANC_UNROLL
    for (int k = 0; k < 4; k++)
        for (uintptr_t line = 0; streams[k] && line < SQUARE_LANES * sizeof(real); line += CGANC_ALIGNMENT)
            __builtin_prefetch((const void *)((uintptr_t)streams[k] + (uintptr_t)first * sizeof(real) + line), 1, 3);
}

/* An optimiser's rule: updates element i, and returns by how much it has changed. It asks for no array that may be
 * missing: a masked read there costs hundreds of cycles. */
typedef real update_rule(const struct update_context *t, int64_t i);

/* Updates `count` elements from `first` on, at most SQUARE_LANES, and adds their squares to the lanes. */
CGANC_INLINE void update_lanes(update_rule *rule, const struct update_context *t, int64_t first, int64_t count,
                               real *change, real lanes[SQUARES_KINDS][SQUARE_LANES])
{
    CGANC_INDEPENDENT
    for (int64_t j = 0; j < count; j++) {
        const real by = rule(t, first + j), g = t->gradient[first + j], weight = t->parameter[first + j];
        if (!CGANC_NORMS)
            continue;
        change[j] = by;
        lanes[SQUARES_OF_GRADIENT][j] = real_multiply_add(lanes[SQUARES_OF_GRADIENT][j], g, g);
        lanes[SQUARES_OF_WEIGHT][j] = real_multiply_add(lanes[SQUARES_OF_WEIGHT][j], weight, weight);
        lanes[SQUARES_OF_CHANGE][j] = real_multiply_add(lanes[SQUARES_OF_CHANGE][j], by, by);
    }
}

/* An update_context's `run`, by a rule. */
CGANC_INLINE void update_by(update_rule *rule, const struct update_context *context, int64_t first, int64_t last,
                            double sums[SQUARES_KINDS])
{
    const struct update_context t = *context;
    real change[UPDATE_BLOCK], lanes[SQUARES_KINDS][SQUARE_LANES] = {0};
    int64_t i = first;
    for (; i + SQUARE_LANES <= last; i += SQUARE_LANES) {
        update_fetch(&t, i + UPDATE_AHEAD);
        update_lanes(rule, &t, i, SQUARE_LANES, change + (i - first), lanes);
    }
    update_lanes(rule, &t, i, last - i, change + (i - first), lanes);
    const real *const all[SQUARES_KINDS] = {t.gradient + first, t.parameter + first, change};
    for (int kind = 0; CGANC_NORMS && kind < SQUARES_KINDS; kind++)
        sums[kind] += join_lanes(lanes[kind], all[kind], last - first);
}

/* Updates elements [first, last), block by block, and adds their squares to `sums`. */
static void update_range(const struct update_context *t, int64_t first, int64_t last, double sums[SQUARES_KINDS])
{
    for (; first < last; first += UPDATE_BLOCK)
        t->run(t, first, integer_min(last, first + UPDATE_BLOCK), sums);
}

static void update_tile(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct update_context *t = context;
    const struct tensor_watch *watch = t->watch;
    (void)scratch;
    for (int64_t start = first, k = tensor_at(watch, first), end; start < last; start = end, k++) {
        double sums[SQUARES_KINDS] = {0};
        end = integer_min(last, watch->starts[k + 1]);
        if (!is_left(watch, k))
            update_range(t, start, end, sums);
        watch->partial[first / UPDATE_GRAIN + k][SQUARES_OF_WEIGHT] = sums[SQUARES_OF_WEIGHT];
        watch->partial[first / UPDATE_GRAIN + k][SQUARES_OF_CHANGE] = sums[SQUARES_OF_CHANGE];
    }
}

/* Updates the tensors of a network by `context->run`, but for those whose gradients were left, and takes the squares
 * of their weights, as they are then, and of their changes. */
CGANC_UNUSED static void update_watched(struct pool *pool, const struct update_context *context)
{
    const struct tensor_watch *watch = context->watch;
    pool_run(pool, update_tile, context, watch->starts[watch->tensors], UPDATE_GRAIN);
    join_squares(watch, SQUARES_OF_WEIGHT);
    join_squares(watch, SQUARES_OF_CHANGE);
}

static void average_tile(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct update_context t = *(const struct update_context *)context;
    const real *CGANC_RESTRICT p = t.gradient;
    real *CGANC_RESTRICT average = t.parameter;
    (void)scratch;
    for (int64_t i = first; i < last; i++)
        average[i] = t.beta1 * average[i] + t.rest1 * p[i];
}

/* The weight of the past at update t (from 1): at most (1 + t) / (10 + t), so that an average does not remember the
 * initial values for long. */
CGANC_UNUSED static double average_decay(double decay, uint64_t t)
{
    const double warm = (1 + (double)t) / (10 + (double)t);
    return warm < decay ? warm : decay;
}

/* The exponential moving average: a = decay a + (1 - decay) p. */
CGANC_UNUSED static void average_update(struct pool *pool, double decay, int64_t count, const real *parameter,
                                        real *average)
{
    const struct update_context context = {
        .gradient = parameter, .parameter = average, .beta1 = (real)decay, .rest1 = (real)(1 - decay)};
    pool_run(pool, average_tile, &context, count, UPDATE_GRAIN);
}

struct finite_context {
    const real *values;
    int64_t count;
    int *odd; /* for each block, whether it has a value that is not finite */
};

static void all_finite_tile(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct finite_context *t = context;
    (void)scratch;
    for (int64_t block = first; block < last; block++) {
        int odd = 0;
        for (int64_t i = t->count * block / FINITE_BLOCKS; i < t->count * (block + 1) / FINITE_BLOCKS; i++)
            odd |= !(real_fabs(t->values[i]) < (real)INFINITY);
        t->odd[block] = odd;
    }
}

/* Whether no value is infinite or not a number. */
CGANC_UNUSED static int all_finite(struct pool *pool, const real *values, int64_t count)
{
    int odd[FINITE_BLOCKS];
    const struct finite_context context = {values, count, odd};
    pool_run(pool, all_finite_tile, &context, FINITE_BLOCKS,
             count < UPDATE_GRAIN ? FINITE_BLOCKS : FINITE_BLOCKS / 64);
    int any = 0;
    for (int block = 0; block < FINITE_BLOCKS; block++)
        any |= odd[block];
    return !any;
}

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

/* Frame: what every kernel of a function is given. The model's memory is one arena, cut into blocks; the tensors of a
 * block are found by the named places further down. */
struct frame {
    struct pool *pool;
    real *parameters;       /* trained tensors, then statistics, network by network (or their moving averages) */
    real *gradients;        /* of the trained tensors, in the same order */
    real *renewed;          /* statistics as the running phase computes them */
    real *values;           /* the running phase's loss and tracked values */
    real *arena;            /* everything that lives no longer than a function */
    void *const *results;   /* a plain function's results */
    const void *const *arguments; /* a plain function's operands */
    real *laid_out;               /* operands of products that the running phase leaves for its update */
    struct tensor_watch watch;    /* the norms of the running phase's network */
    const cganc_batch *batch;     /* the step's real examples ... */
    uint64_t first_row;           /* ... of which this run of the phase takes the ones from here on */
    uint64_t seed;
    uint64_t run; /* counts every run of every phase since step 0: the counter of all random numbers */
};

/* A kernel that is loops: elements [first, last) of the outermost loop, or tasks of those numbers. */
typedef void (*loop_kernel)(const struct frame *f, int64_t first, int64_t last);

struct loop_context {
    const struct frame *frame;
    loop_kernel kernel;
};

static void loop_task(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct loop_context *t = context;
    (void)scratch;
    t->kernel(t->frame, first, last);
}

/* Covers [0, count) with calls of `kernel`, one for each tile of `grain`. */
CGANC_APART static void loop_run(const struct frame *f, loop_kernel kernel, int64_t count, int64_t grain)
{
    const struct loop_context context = {f, kernel};
    pool_run(f->pool, loop_task, &context, count, grain);
}

CGANC_UNUSED static inline real real_step(real x)
{
    return x > 0 ? REAL(1.0) : REAL(0.0);
}

/* The derivative of a leaky ReLU, from its value or its argument. */
CGANC_UNUSED static inline real real_leaky_step(real x, real slope)
{
    return x > 0 ? REAL(1.0) : slope;
}

/* Sixteen interleaved sums as one, always joined as the same tree. */
CGANC_UNUSED static inline real real_sum_lanes(const real lanes[16])
{
    real half[8];
    for (int i = 0; i < 8; i++)
        half[i] = lanes[i] + lanes[i + 8];
    for (int i = 0; i < 4; i++)
        half[i] += half[i + 4];
    return (half[0] + half[2]) + (half[1] + half[3]);
}

CGANC_UNUSED static inline real real_max_lanes(const real lanes[16])
{
    real greatest = lanes[0];
    for (int i = 1; i < 16; i++)
        greatest = real_max(greatest, lanes[i]);
    return greatest;
}

/* The data set's row of example `i` of the running phase. */
static inline uint64_t batch_row(const struct frame *f, int64_t i)
{
    const uint64_t place = f->first_row + (uint64_t)i;
    return f->batch->rows ? f->batch->rows[place] : place;
}

/* Called for each finished part of the gradient at `place`, which has so many columns. */
CGANC_UNUSED static void gradient_part(const struct frame *f, int64_t place, int64_t columns, struct part part)
{
    squares_of_part(f->gradients + place, columns, part, f->watch.columns + place / SQUARES_STRETCH);
}

struct gather_context {
    const struct frame *frame;
    real *out;
    int64_t pixels; /* values of one image */
};

static void gather_images_tile(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct gather_context *t = context;
    const cganc_batch *batch = t->frame->batch;
    (void)scratch;
    for (int64_t i = first; i < last; i++) {
        const int64_t start = (int64_t)batch_row(t->frame, i) * t->pixels;
        real *CGANC_RESTRICT out = t->out + i * t->pixels;
        if (batch->pixels) {
            const uint8_t *bytes = batch->pixels + start;
            for (int64_t j = 0; j < t->pixels; j++)
                out[j] = (real)bytes[j] * REAL(0.00784313725490196) - 1;
        } else {
            memcpy(out, (const real *)batch->images + start, (size_t)t->pixels * sizeof(real));
        }
    }
}

/* out[examples, height, width, channels]: the phase's real images, scaled from 0 ... 255 to -1 ... 1. */
CGANC_UNUSED static void gather_images(const struct frame *f, real *out, int64_t examples, int64_t pixels)
{
    const struct gather_context context = {f, out, pixels};
    pool_run(f->pool, gather_images_tile, &context, examples, integer_max(1, 16384 / pixels));
}

/* out[examples]: the phase's labels. */
CGANC_UNUSED static void gather_labels(const struct frame *f, int32_t *out, int64_t examples)
{
    for (int64_t i = 0; i < examples; i++)
        out[i] = f->batch->labels[batch_row(f, i)];
}

/* Profile: with -DCGANC_PROFILE, how long each kernel takes. AT(n) stands before kernel n of a function, as `cganc
 * compile --show kernels` numbers them; without CGANC_PROFILE it is nothing. */
#ifdef CGANC_PROFILE
#include <time.h>

static _Thread_local struct {
    cganc_counter *counters; /* of the function that runs */
    cganc_counter *running;  /* of the kernel that runs, or null */
    uint64_t since;          /* when the kernel began, in nanoseconds */
} profile;

/* Charges the time since the last mark to the kernel that ran until now; `next` runs from here on. */
static void profile_mark(cganc_counter *next)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    const uint64_t now = (uint64_t)time.tv_sec * 1000000000U + (uint64_t)time.tv_nsec;
    if (profile.running) {
        profile.running->runs++;
        profile.running->nanoseconds += now - profile.since;
    }
    profile.running = next;
    profile.since = now;
}

#define PROFILE(function) profile.counters = counters[function];
#define AT(kernel) profile_mark(profile.counters + (kernel));
#define AT_END profile_mark(NULL);
#else
#define PROFILE(function)
#define AT(kernel)
#define AT_END
#endif

/* ---- Where the tensors lie ------------------------------------------------------------------------------------- */

/* Parameters and statistics, in reals from the start of their block. */
enum {
    parameter_at_generator_dense1_weight = 0, /* [110, 3136] in,out */
    parameter_at_generator_dense1_bias = 344960, /* [3136] channel */
    parameter_at_generator_convTranspose1_weight = 348096, /* [4, 4, 32, 64] HWOI */
    parameter_at_generator_convTranspose1_bias = 380864, /* [32] channel */
    parameter_at_generator_convTranspose2_weight = 380896, /* [4, 4, 1, 32] HWOI */
    parameter_at_generator_convTranspose2_bias = 381408, /* [1] channel */
    parameter_at_discriminator_labelPlane_weight = 381424, /* [10, 784] class,pixel */
    parameter_at_discriminator_conv1_weight = 389264, /* [4, 4, 2, 32] HWIO */
    parameter_at_discriminator_conv1_bias = 390288, /* [32] channel */
    parameter_at_discriminator_conv2_weight = 390320, /* [4, 4, 32, 64] HWIO */
    parameter_at_discriminator_conv2_bias = 423088, /* [64] channel */
    parameter_at_discriminator_dense1_weight = 423152, /* [3136, 1] in,out */
    parameter_at_discriminator_dense1_bias = 426288, /* [1] channel */
};

/* Gradients and moments of the trained parameters. */
enum {
    gradient_at_generator_dense1_weight = 0, /* [110, 3136] in,out */
    gradient_at_generator_dense1_bias = 344960, /* [3136] channel */
    gradient_at_generator_convTranspose1_weight = 348096, /* [4, 4, 32, 64] HWOI */
    gradient_at_generator_convTranspose1_bias = 380864, /* [32] channel */
    gradient_at_generator_convTranspose2_weight = 380896, /* [4, 4, 1, 32] HWOI */
    gradient_at_generator_convTranspose2_bias = 381408, /* [1] channel */
    gradient_at_discriminator_labelPlane_weight = 381424, /* [10, 784] class,pixel */
    gradient_at_discriminator_conv1_weight = 389264, /* [4, 4, 2, 32] HWIO */
    gradient_at_discriminator_conv1_bias = 390288, /* [32] channel */
    gradient_at_discriminator_conv2_weight = 390320, /* [4, 4, 32, 64] HWIO */
    gradient_at_discriminator_conv2_bias = 423088, /* [64] channel */
    gradient_at_discriminator_dense1_weight = 423152, /* [3136, 1] in,out */
    gradient_at_discriminator_dense1_bias = 426288, /* [1] channel */
};

/* The networks: where their tensors and their gradients begin, and reals of tensors, statistics included. */
enum {
    parameters_of_generator = 0,
    gradients_of_generator = 0,
    reals_kept_in_generator = 381424,
    parameters_of_discriminator = 381424,
    gradients_of_discriminator = 381424,
    reals_kept_in_discriminator = 44880,
};

/* ---- The discriminator phase ------------------------------------------------------------------------------------- */

/* The loss and the tracked values, as a report lists them. */
enum { d_at_value_loss, d_at_value_real, d_at_value_fake, d_at_value_slope, d_at_value_penalty };

/* Places in the arena, in reals: 4554624 in all, 4554624 the most that is alive at once. */
enum {
    d_at_grad_discriminator_sigmoid1_joined = 4554368, /* [128, 1] */
    d_at_grad_discriminator_conv2_joined = 2408448, /* [192, 7, 7, 64] */
    d_at_discriminator_conv1_joined = 4014080, /* [192, 28, 28, 2] */
    d_at_latent = 7040, /* [64, 100] */
    d_at_labels = 4554496, /* index[64] */
    d_at_generator_inputs1_one_hot = 13440, /* [64, 10] */
    d_at_generator_inputs1 = 0, /* [64, 110] */
    d_at_generator_relu1 = 401408, /* [64, 3136] */
    d_at_generator_relu2 = 0, /* [64, 14, 14, 32] */
    d_at_generator_tanh1 = 401408, /* [64, 28, 28, 1] */
    d_at_images = 602112, /* [64, 28, 28, 1] */
    d_at_discriminator_inputs1_real_rows = 652288, /* [64, 784] */
    d_at_discriminator_inputs1_real = 4014080, /* [64, 28, 28, 2] */
    d_at_discriminator_inputs1_fake = 4114432, /* [64, 28, 28, 2] */
    d_at_alpha = 702464, /* [64, 1, 1, 1] */
    d_at_loss_penalty_mix = 702528, /* [64, 1, 1, 1] */
    d_at_discriminator_inputs1_interpolate = 4214784, /* [64, 28, 28, 2] */
    d_at_discriminator_leakyReLU1 = 0, /* [192, 14, 14, 32] */
    d_at_discriminator_leakyReLU1_interpolate = 802816, /* [64, 14, 14, 32] */
    d_at_discriminator_leakyReLU2 = 3010560, /* [192, 7, 7, 64] */
    d_at_discriminator_dense1_real = 3010560, /* [64, 3136] */
    d_at_discriminator_sigmoid1 = 4553792, /* [192, 1] */
    d_at_loss = 1204224, /* [128, 1] */
    d_at_loss_lesser = 1204352, /* [128, 1] */
    d_at_loss_sum = 3663168, /* [] */
    d_at_loss_difference = 1204608, /* [64, 1] */
    d_at_loss_sum_2 = 3663184, /* [] */
    d_at_loss_sum_3 = 1204480, /* [] */
    d_at_loss_sum_4 = 1204480, /* [] */
    d_at_grad_discriminator_sigmoid1 = 4553984, /* [192, 1] */
    d_at_grad_discriminator_sigmoid1_product = 4554176, /* [192, 1] */
    d_at_grad_discriminator_sigmoid1_interpolate = 4554304, /* [64, 1] */
    d_at_grad_discriminator_leakyReLU2_interpolate = 2809856, /* [64, 7, 7, 64] */
    d_at_grad_loss = 1204480, /* [128, 1] */
    d_at_grad_loss_product = 1204224, /* [128, 1] */
    d_at_grad_discriminator_sigmoid1_real = 4554560, /* [64, 1] */
    d_at_grad_discriminator_leakyReLU2_real = 2408448, /* [64, 7, 7, 64] */
    d_at_grad_discriminator_sigmoid1_fake = 4554368, /* [64, 1] */
    d_at_grad_discriminator_leakyReLU2_fake = 2609152, /* [64, 7, 7, 64] */
    d_at_grad_discriminator_leakyReLU1 = 1204224, /* [192, 14, 14, 32] */
    d_at_grad_discriminator_leakyReLU1_interpolate = 2007040, /* [64, 14, 14, 32] */
    d_at_grad_discriminator_inputs1_interpolate = 4365312, /* [4, 4, 1, 32] */
    d_at_grad_discriminator_inputs1_interpolate_input = 3612672, /* [64, 28, 28, 1] */
    d_at_loss_penalty = 3663104, /* [64] */
    d_at_loss_penalty_parts = 3662848, /* [4, 64] */
    d_at_loss_penalty_squareRoot = 3662848, /* [64] */
    d_at_loss_penalty_difference = 3662912, /* [64] */
    d_at_loss_penalty_sum = 3662976, /* [] */
    d_at_loss_penalty_sum_2 = 3662976, /* [] */
    d_at_grad_loss_penalty = 3662976, /* [64] */
    d_at_grad_loss_penalty_product = 4315136, /* [64, 28, 28, 1] */
    d_at_grad_grad_discriminator_conv1_interpolate_weight = 4552768, /* [4, 4, 1, 32] */
    d_at_grad_grad_discriminator_leakyReLU1_interpolate = 3612672, /* [64, 14, 14, 32] */
    d_at_grad_grad_discriminator_conv2_interpolate_weight = 4515840, /* [4, 4, 32, 64] */
    d_at_grad_grad_discriminator_leakyReLU2_interpolate = 4315136, /* [64, 7, 7, 64] */
    d_at_grad_grad_discriminator_dense1_interpolate_weight = 3612672, /* [3136, 1] */
    d_at_grad_discriminator_sigmoid1_interpolate_product = 4554432, /* [64, 1] */
    d_at_grad_discriminator_leakyReLU2_interpolate_product = 3612672, /* [64, 7, 7, 64] */
    d_at_grad_discriminator_conv2_interpolate_weight = 3010560, /* [4, 4, 32, 64] */
    d_at_grad_discriminator_leakyReLU1_interpolate_product = 2408448, /* [64, 14, 14, 32] */
    d_at_grad_discriminator_conv1_interpolate_weight = 451584, /* [4, 4, 2, 32] */
    d_at_grad_discriminator_inputs1_interpolate_slice = 4553280, /* [4, 4, 1, 32] */
    d_at_grad_discriminator_dense1_real_weight = 4548608, /* [3136, 1] */
    d_at_grad_discriminator_dense1 = 3211264, /* [128, 3136] */
    d_at_grad_discriminator_conv2_real_sum_parts = 3010560, /* [16, 64] */
    d_at_grad_discriminator_conv2 = 0, /* [128, 14, 14, 32] */
    d_at_grad_discriminator_conv2_2 = 2408448, /* [128, 7, 7, 64] */
    d_at_grad_discriminator_conv1_real = 0, /* [64, 14, 14, 32] */
    d_at_grad_discriminator_conv1_real_sum_parts = 452608, /* [32, 32] */
    d_at_grad_discriminator_conv1 = 4014080, /* [128, 28, 28, 2] */
    d_at_grad_discriminator_conv1_2 = 1204224, /* [128, 14, 14, 32] */
    d_at_grad_discriminator_conv1_weight = 4551744, /* [4, 4, 2, 32] */
    d_at_grad_discriminator_inputs1_real_input = 401408, /* [64, 28, 28, 1] */
};

/* The random numbers of one run: draw `number` of run `run`. */
static void discriminator_draw(const struct frame *f, uint32_t number, uint64_t run, real *out)
{
    switch (number) {
    case 0: /* latent [64, 100] */
        random_normal(out, 0, 6400, f->seed, run, 0, REAL(0.0), REAL(1.0));
        break;
    case 1: /* alpha [64, 1, 1, 1] */
        random_uniform(out, 0, 64, f->seed, run, 1, REAL(0.0), REAL(1.0));
        break;
    }
}

/* loss.penalty.mix  [64, 1, 1, 1]  Models/ArticlePenalty.swift:32 */
static void d_loss_penalty_mix(const struct frame *f, int64_t first, int64_t last)
{
    const real *const alpha = f->arena + d_at_alpha;
    real *const CGANC_RESTRICT out = f->arena + d_at_loss_penalty_mix;
    for (int64_t i = first; i < last; i++)
        out[i] = REAL(1.0) - alpha[i];
}

/* discriminator.inputs1.interpolate'  [4, 4, 1, 32]  Models/ArticlePenalty.swift:22 */
static void d_grad_discriminator_inputs1_interpolate(const struct frame *f, int64_t first, int64_t last)
{
    const real *const discriminator_conv1_weight = f->parameters + parameter_at_discriminator_conv1_weight;
    real *const CGANC_RESTRICT out = f->arena + d_at_grad_discriminator_inputs1_interpolate;
    for (int64_t i = first; i < last; i++)
        for (int64_t j = 0; j < 32; j++)
            out[i * 32 + j] = discriminator_conv1_weight[i * 64 + j];
}

/* discriminator.inputs1.interpolate'  [4, 4, 1, 32]  Models/ArticlePenalty.swift:22 */
static void d_grad_discriminator_inputs1_interpolate_slice(const struct frame *f, int64_t first, int64_t last)
{
    const real *const discriminator_conv1_weight = f->parameters + parameter_at_discriminator_conv1_weight;
    real *const CGANC_RESTRICT out = f->arena + d_at_grad_discriminator_inputs1_interpolate_slice;
    for (int64_t i = first; i < last; i++)
        for (int64_t j = 0; j < 32; j++)
            out[i * 32 + j] = discriminator_conv1_weight[i * 64 + j + 32];
}

/* generator.inputs1  [64, 100]  Models/ArticlePenalty.swift:11 */
static void d_generator_inputs1_with_latent(const struct frame *f, int64_t first, int64_t last)
{
    const real *const latent = f->arena + d_at_latent;
    real *const CGANC_RESTRICT out = f->arena + d_at_generator_inputs1;
    for (int64_t i = first; i < last; i++)
        for (int64_t j = 0; j < 100; j++)
            out[i * 110 + j] = latent[i * 100 + j];
}

/* generator.inputs1  [64, 10]  Models/ArticlePenalty.swift:11 */
static void d_generator_inputs1_with_one_hot(const struct frame *f, int64_t first, int64_t last)
{
    const real *const generator_inputs1_one_hot = f->arena + d_at_generator_inputs1_one_hot;
    real *const CGANC_RESTRICT out = f->arena + d_at_generator_inputs1;
    for (int64_t i = first; i < last; i++)
        for (int64_t j = 0; j < 10; j++)
            out[i * 110 + j + 100] = generator_inputs1_one_hot[i * 10 + j];
}

/* discriminator.inputs1.real  [64, 784]  Models/ArticlePenalty.swift:22 */
static const struct row_lookup d_discriminator_inputs1_real_rows = {.rows = 64, .table_rows = 10, .width = 784};

/* generator.dense1  [64, 3136]  A·B, 64 x 110 x 3136  Models/ArticlePenalty.swift:12 */
static const struct matmul d_generator_dense1 = {.m = 64, .n = 3136, .k = 110};

/* generator.relu1, generator.dense1  [64, 3136]  on each finished part of the contraction above
 * Models/ArticlePenalty.swift:13, Models/ArticlePenalty.swift:12 */
static void d_generator_relu1(const struct frame *f, struct part part)
{
    const real *const generator_dense1_bias = f->parameters + parameter_at_generator_dense1_bias;
    real *const CGANC_RESTRICT out = f->arena + d_at_generator_relu1;
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 3136 + j] = real_relu(out[i * 3136 + j] + generator_dense1_bias[j]);
}

/* generator.convTranspose1  [64, 14, 14, 32]  input gradient (transposed convolution) of [64, 14, 14, 32], 4x4
 * stride 2x2 pad 1,1,1,1
 * Models/ArticlePenalty.swift:15 */
static const struct convolution d_generator_convTranspose1 = {
    .batch = 64, .height = 14, .width = 14, .channels = 32, .out_height = 7, .out_width = 7, .out_channels = 64,
    .kernel_height = 4, .kernel_width = 4, .stride_height = 2, .stride_width = 2, .pad_top = 1, .pad_left = 1};

/* generator.relu2, generator.convTranspose1  [64, 14, 14, 32]  on each finished part of the contraction above
 * Models/ArticlePenalty.swift:16, Models/ArticlePenalty.swift:15 */
static void d_generator_relu2(const struct frame *f, struct part part)
{
    const real *const generator_convTranspose1_bias = f->parameters + parameter_at_generator_convTranspose1_bias;
    real *const CGANC_RESTRICT out = f->arena + d_at_generator_relu2;
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 32 + j] = real_relu(out[i * 32 + j] + generator_convTranspose1_bias[j]);
}

/* generator.convTranspose2  [64, 28, 28, 1]  input gradient (transposed convolution) of [64, 28, 28, 1], 4x4 stride
 * 2x2 pad 1,1,1,1
 * Models/ArticlePenalty.swift:17 */
static const struct convolution d_generator_convTranspose2 = {
    .batch = 64, .height = 28, .width = 28, .channels = 1, .out_height = 14, .out_width = 14, .out_channels = 32,
    .kernel_height = 4, .kernel_width = 4, .stride_height = 2, .stride_width = 2, .pad_top = 1, .pad_left = 1};

/* generator.tanh1, generator.convTranspose2  [64, 28, 28, 1]  on each finished part of the contraction above
 * Models/ArticlePenalty.swift:18, Models/ArticlePenalty.swift:17 */
static void d_generator_tanh1(const struct frame *f, struct part part)
{
    const real *const generator_convTranspose2_bias = f->parameters + parameter_at_generator_convTranspose2_bias;
    real *const CGANC_RESTRICT out = f->arena + d_at_generator_tanh1;
    const real value1 = generator_convTranspose2_bias[0];
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i + j] = real_tanh(out[i + j] + value1);
}

/* discriminator.inputs1.real  [64, 28, 28, 1]  Models/ArticlePenalty.swift:22 */
static void d_discriminator_inputs1_real_with_images(const struct frame *f, int64_t first, int64_t last)
{
    const real *const images = f->arena + d_at_images;
    real *const CGANC_RESTRICT out = f->arena + d_at_discriminator_inputs1_real;
    for (int64_t i = first; i < last; i++)
        out[i * 2] = images[i];
}

/* discriminator.inputs1.interpolate, loss.penalty.mix  [64, 28, 28, 1]
 * Models/ArticlePenalty.swift:22, Models/ArticlePenalty.swift:32 */
static void d_discriminator_inputs1_interpolate_with_loss_penalty_mix(const struct frame *f, int64_t first,
                                                                      int64_t last)
{
    const real *const images = f->arena + d_at_images;
    const real *const alpha = f->arena + d_at_alpha;
    const real *const generator_tanh1 = f->arena + d_at_generator_tanh1;
    const real *const loss_penalty_mix = f->arena + d_at_loss_penalty_mix;
    real *const CGANC_RESTRICT out = f->arena + d_at_discriminator_inputs1_interpolate;
    for (int64_t i = first; i < last; i++)
        for (int64_t j = 0; j < 784; j++)
            out[i * 1568 + j * 2] = images[i * 784 + j] * alpha[i] + generator_tanh1[i * 784 + j] * loss_penalty_mix[i];
}

/* discriminator.inputs1.fake  [64, 28, 28, 1]  Models/ArticlePenalty.swift:22 */
static void d_discriminator_inputs1_fake_with_generator_tanh1(const struct frame *f, int64_t first, int64_t last)
{
    const real *const generator_tanh1 = f->arena + d_at_generator_tanh1;
    real *const CGANC_RESTRICT out = f->arena + d_at_discriminator_inputs1_fake;
    for (int64_t i = first; i < last; i++)
        out[i * 2] = generator_tanh1[i];
}

/* discriminator.inputs1.real  [64, 28, 28, 1]  Models/ArticlePenalty.swift:22 */
static void d_discriminator_inputs1_real_with_rows(const struct frame *f, int64_t first, int64_t last)
{
    const real *const discriminator_inputs1_real_rows = f->arena + d_at_discriminator_inputs1_real_rows;
    real *const CGANC_RESTRICT out = f->arena + d_at_discriminator_inputs1_real;
    for (int64_t i = first; i < last; i++)
        out[i * 2 + 1] = discriminator_inputs1_real_rows[i];
}

/* discriminator.inputs1.fake  [64, 28, 28, 1]  Models/ArticlePenalty.swift:22 */
static void d_discriminator_inputs1_fake_with_real_rows(const struct frame *f, int64_t first, int64_t last)
{
    const real *const discriminator_inputs1_real_rows = f->arena + d_at_discriminator_inputs1_real_rows;
    real *const CGANC_RESTRICT out = f->arena + d_at_discriminator_inputs1_fake;
    for (int64_t i = first; i < last; i++)
        out[i * 2 + 1] = discriminator_inputs1_real_rows[i];
}

/* discriminator.inputs1.interpolate  [64, 28, 28, 1]  Models/ArticlePenalty.swift:22 */
static void d_discriminator_inputs1_interpolate_with_real_rows(const struct frame *f, int64_t first, int64_t last)
{
    const real *const discriminator_inputs1_real_rows = f->arena + d_at_discriminator_inputs1_real_rows;
    real *const CGANC_RESTRICT out = f->arena + d_at_discriminator_inputs1_interpolate;
    for (int64_t i = first; i < last; i++)
        out[i * 2 + 1] = discriminator_inputs1_real_rows[i];
}

/* discriminator.conv1  [192, 14, 14, 32]  convolution of [192, 28, 28, 2], 4x4 stride 2x2 pad 1,1,1,1
 * Models/ArticlePenalty.swift:23 */
static const struct convolution d_discriminator_conv1 = {
    .batch = 192, .height = 28, .width = 28, .channels = 2, .out_height = 14, .out_width = 14, .out_channels = 32,
    .kernel_height = 4, .kernel_width = 4, .stride_height = 2, .stride_width = 2, .pad_top = 1, .pad_left = 1};

/* discriminator.leakyReLU1, discriminator.conv1  [192, 14, 14, 32]  on each finished part of the contraction above
 * Models/ArticlePenalty.swift:24, Models/ArticlePenalty.swift:23 */
static void d_discriminator_leakyReLU1(const struct frame *f, struct part part)
{
    const real *const discriminator_conv1_bias = f->parameters + parameter_at_discriminator_conv1_bias;
    real *const CGANC_RESTRICT out = f->arena + d_at_discriminator_leakyReLU1;
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 32 + j] = real_leaky_relu(out[i * 32 + j] + discriminator_conv1_bias[j], REAL(0.2));
}

/* discriminator.conv2  [192, 7, 7, 64]  convolution of [192, 14, 14, 32], 4x4 stride 2x2 pad 1,1,1,1
 * Models/ArticlePenalty.swift:25 */
static const struct convolution d_discriminator_conv2 = {
    .batch = 192, .height = 14, .width = 14, .channels = 32, .out_height = 7, .out_width = 7, .out_channels = 64,
    .kernel_height = 4, .kernel_width = 4, .stride_height = 2, .stride_width = 2, .pad_top = 1, .pad_left = 1};

/* discriminator.leakyReLU2, discriminator.conv2  [192, 7, 7, 64]  on each finished part of the contraction above
 * Models/ArticlePenalty.swift:26, Models/ArticlePenalty.swift:25 */
static void d_discriminator_leakyReLU2(const struct frame *f, struct part part)
{
    const real *const discriminator_conv2_bias = f->parameters + parameter_at_discriminator_conv2_bias;
    real *const CGANC_RESTRICT out = f->arena + d_at_discriminator_leakyReLU2;
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 64 + j] = real_leaky_relu(out[i * 64 + j] + discriminator_conv2_bias[j], REAL(0.2));
}

/* discriminator.dense1  [192, 1]  A·B, 192 x 3136 x 1  Models/ArticlePenalty.swift:27 */
static const struct matmul d_discriminator_dense1 = {.m = 192, .n = 1, .k = 3136};

/* discriminator.sigmoid1, discriminator.dense1  [192, 1]  on each finished part of the contraction above
 * Models/ArticlePenalty.swift:28, Models/ArticlePenalty.swift:27 */
static void d_discriminator_sigmoid1(const struct frame *f, struct part part)
{
    const real *const discriminator_dense1_bias = f->parameters + parameter_at_discriminator_dense1_bias;
    real *const CGANC_RESTRICT out = f->arena + d_at_discriminator_sigmoid1;
    const real value1 = discriminator_dense1_bias[0];
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i + j] = real_sigmoid(out[i + j] + value1);
}

/* loss  [128, 1]  Models/ArticlePenalty.swift:32 */
static void d_loss(const struct frame *f, int64_t first, int64_t last)
{
    const real *const discriminator_sigmoid1 = f->arena + d_at_discriminator_sigmoid1;
    real *const CGANC_RESTRICT out = f->arena + d_at_loss;
    for (int64_t i = first; i < last; i++)
        out[i] = real_max(discriminator_sigmoid1[i], REAL(1e-07));
}

/* loss  [128, 1]  Models/ArticlePenalty.swift:32 */
static void d_loss_lesser(const struct frame *f, int64_t first, int64_t last)
{
    const real *const loss = f->arena + d_at_loss;
    real *const CGANC_RESTRICT out = f->arena + d_at_loss_lesser;
    for (int64_t i = first; i < last; i++)
        out[i] = real_min(loss[i], REAL(0.9999999));
}

/* loss  []  Models/ArticlePenalty.swift:32 */
static void d_loss_sum(const struct frame *f)
{
    const real *const loss_lesser = f->arena + d_at_loss_lesser;
    real *const CGANC_RESTRICT out = f->arena + d_at_loss_sum;
    real lanes[16] = {0};
    for (int64_t start = 0; start < 64; start += 16)
        for (int lane = 0; lane < 16; lane++) {
            const int64_t i = start + lane;
            lanes[lane] += real_log(loss_lesser[i]);
        }
    out[0] = real_sum_lanes(lanes);
}

/* loss  [64, 1]  Models/ArticlePenalty.swift:32 */
static void d_loss_difference(const struct frame *f, int64_t first, int64_t last)
{
    const real *const loss_lesser = f->arena + d_at_loss_lesser;
    real *const CGANC_RESTRICT out = f->arena + d_at_loss_difference;
    for (int64_t i = first; i < last; i++)
        out[i] = REAL(1.0) - loss_lesser[i + 64];
}

/* loss  []  Models/ArticlePenalty.swift:32 */
static void d_loss_sum_2(const struct frame *f)
{
    const real *const loss_difference = f->arena + d_at_loss_difference;
    real *const CGANC_RESTRICT out = f->arena + d_at_loss_sum_2;
    real lanes[16] = {0};
    for (int64_t start = 0; start < 64; start += 16)
        for (int lane = 0; lane < 16; lane++) {
            const int64_t i = start + lane;
            lanes[lane] += real_log(loss_difference[i]);
        }
    out[0] = real_sum_lanes(lanes);
}

/* loss  []  Models/ArticlePenalty.swift:32 */
static void d_loss_sum_3(const struct frame *f)
{
    const real *const discriminator_sigmoid1 = f->arena + d_at_discriminator_sigmoid1;
    real *const CGANC_RESTRICT out = f->arena + d_at_loss_sum_3;
    real lanes[16] = {0};
    for (int64_t start = 0; start < 64; start += 16)
        for (int lane = 0; lane < 16; lane++) {
            const int64_t i = start + lane;
            lanes[lane] += discriminator_sigmoid1[i];
        }
    out[0] = real_sum_lanes(lanes);
}

/* loss  []  Models/ArticlePenalty.swift:32 */
static void d_value_real(const struct frame *f)
{
    const real *const loss_sum_3 = f->arena + d_at_loss_sum_3;
    real *const CGANC_RESTRICT out = f->values + d_at_value_real;
    out[0] = loss_sum_3[0] * REAL(0.015625);
}

/* loss  []  Models/ArticlePenalty.swift:32 */
static void d_loss_sum_4(const struct frame *f)
{
    const real *const discriminator_sigmoid1 = f->arena + d_at_discriminator_sigmoid1;
    real *const CGANC_RESTRICT out = f->arena + d_at_loss_sum_4;
    real lanes[16] = {0};
    for (int64_t start = 0; start < 64; start += 16)
        for (int lane = 0; lane < 16; lane++) {
            const int64_t i = start + lane;
            lanes[lane] += discriminator_sigmoid1[i + 64];
        }
    out[0] = real_sum_lanes(lanes);
}

/* loss  []  Models/ArticlePenalty.swift:32 */
static void d_value_fake(const struct frame *f)
{
    const real *const loss_sum_4 = f->arena + d_at_loss_sum_4;
    real *const CGANC_RESTRICT out = f->values + d_at_value_fake;
    out[0] = loss_sum_4[0] * REAL(0.015625);
}

/* discriminator.sigmoid1'  [192, 1]  Models/ArticlePenalty.swift:28 */
static void d_grad_discriminator_sigmoid1(const struct frame *f, int64_t first, int64_t last)
{
    const real *const discriminator_sigmoid1 = f->arena + d_at_discriminator_sigmoid1;
    real *const CGANC_RESTRICT out = f->arena + d_at_grad_discriminator_sigmoid1;
    for (int64_t i = first; i < last; i++)
        out[i] = REAL(1.0) - discriminator_sigmoid1[i];
}

/* discriminator.sigmoid1'  [192, 1]  Models/ArticlePenalty.swift:28 */
static void d_grad_discriminator_sigmoid1_product(const struct frame *f, int64_t first, int64_t last)
{
    const real *const discriminator_sigmoid1 = f->arena + d_at_discriminator_sigmoid1;
    const real *const grad_discriminator_sigmoid1 = f->arena + d_at_grad_discriminator_sigmoid1;
    real *const CGANC_RESTRICT out = f->arena + d_at_grad_discriminator_sigmoid1_product;
    for (int64_t i = first; i < last; i++)
        out[i] = discriminator_sigmoid1[i] * grad_discriminator_sigmoid1[i];
}

/* loss'  [128, 1]  Models/ArticlePenalty.swift:32 */
static void d_grad_loss(const struct frame *f, int64_t first, int64_t last)
{
    const real *const loss = f->arena + d_at_loss;
    real *const CGANC_RESTRICT out = f->arena + d_at_grad_loss;
    for (int64_t i = first; i < last; i++) {
        const real value1 = loss[i];
        out[i] = (REAL(0.9999999) > value1 ? REAL(1.0) : REAL(0.0)) +
            (REAL(0.9999999) >= value1 ? REAL(1.0) : REAL(0.0));
    }
}

/* loss'  [128, 1]  Models/ArticlePenalty.swift:32 */
static void d_grad_loss_product(const struct frame *f, int64_t first, int64_t last)
{
    const real *const discriminator_sigmoid1 = f->arena + d_at_discriminator_sigmoid1;
    real *const CGANC_RESTRICT out = f->arena + d_at_grad_loss_product;
    for (int64_t i = first; i < last; i++) {
        const real value1 = discriminator_sigmoid1[i];
        const real sum1 = (value1 > REAL(1e-07) ? REAL(1.0) : REAL(0.0)) +
            (value1 >= REAL(1e-07) ? REAL(1.0) : REAL(0.0));
        out[i] = sum1 * REAL(0.5);
    }
}

/* discriminator.sigmoid1.real', loss'  [64, 1]  Models/ArticlePenalty.swift:28, Models/ArticlePenalty.swift:32 */
static void d_grad_discriminator_sigmoid1_real(const struct frame *f, int64_t first, int64_t last)
{
    const real *const grad_discriminator_sigmoid1_product = f->arena + d_at_grad_discriminator_sigmoid1_product;
    const real *const loss_lesser = f->arena + d_at_loss_lesser;
    const real *const grad_loss = f->arena + d_at_grad_loss;
    const real *const grad_loss_product = f->arena + d_at_grad_loss_product;
    real *const CGANC_RESTRICT out = f->arena + d_at_grad_discriminator_sigmoid1_real;
    for (int64_t i = first; i < last; i++) {
        const real product1 = grad_discriminator_sigmoid1_product[i] *
            (real_reciprocal(loss_lesser[i]) * grad_loss[i] * grad_loss_product[i]);
        out[i] = product1 * -REAL(0.0078125);
    }
}

/* discriminator.sigmoid1.fake', loss'  [64, 1]  Models/ArticlePenalty.swift:28, Models/ArticlePenalty.swift:32 */
static void d_grad_discriminator_sigmoid1_fake(const struct frame *f, int64_t first, int64_t last)
{
    const real *const grad_discriminator_sigmoid1_product = f->arena + d_at_grad_discriminator_sigmoid1_product;
    const real *const grad_loss_product = f->arena + d_at_grad_loss_product;
    const real *const grad_loss = f->arena + d_at_grad_loss;
    const real *const loss_difference = f->arena + d_at_loss_difference;
    real *const CGANC_RESTRICT out = f->arena + d_at_grad_discriminator_sigmoid1_fake;
    for (int64_t i = first; i < last; i++) {
        const real product1 = grad_loss_product[i + 64] * (grad_loss[i + 64] * real_reciprocal(loss_difference[i]));
        out[i] = grad_discriminator_sigmoid1_product[i + 64] * product1 * REAL(0.0078125);
    }
}

/* discriminator.dense1.real'  [3136, 1]  Aᵀ·B, 3136 x 64 x 1  Models/ArticlePenalty.swift:27 */
static const struct matmul d_grad_discriminator_dense1_real_weight = {.m = 3136, .n = 1, .k = 64, .transpose_a = 1};

/* discriminator.leakyReLU2.interpolate', discriminator.dense1.interpolate', discriminator.leakyReLU2'  [64, 7, 7,
 * 64]
 * Models/ArticlePenalty.swift:26, Models/ArticlePenalty.swift:27 */
static void d_grad_discriminator_leakyReLU2_interpolate(const struct frame *f, int64_t first, int64_t last)
{
    const real *const grad_discriminator_sigmoid1_product = f->arena + d_at_grad_discriminator_sigmoid1_product;
    const real *const discriminator_dense1_weight = f->parameters + parameter_at_discriminator_dense1_weight;
    const real *const discriminator_leakyReLU2 = f->arena + d_at_discriminator_leakyReLU2;
    real *const CGANC_RESTRICT out = f->arena + d_at_grad_discriminator_leakyReLU2_interpolate;
    for (int64_t i = first; i < last; i++) {
        for (int64_t j = 0; j < 3136; j++) {
            out[i * 3136 + j] = grad_discriminator_sigmoid1_product[i + 128] * discriminator_dense1_weight[j] *
                real_leaky_step(discriminator_leakyReLU2[i * 3136 + j + 401408], REAL(0.2));
        }
    }
}

/* discriminator.leakyReLU2.real', discriminator.leakyReLU2', discriminator.dense1.real'  [64, 7, 7, 64]
 * Models/ArticlePenalty.swift:26, Models/ArticlePenalty.swift:27 */
static void d_grad_discriminator_leakyReLU2_real(const struct frame *f, int64_t first, int64_t last)
{
    const real *const discriminator_leakyReLU2 = f->arena + d_at_discriminator_leakyReLU2;
    const real *const discriminator_dense1_weight = f->parameters + parameter_at_discriminator_dense1_weight;
    const real *const grad_discriminator_sigmoid1_real = f->arena + d_at_grad_discriminator_sigmoid1_real;
    real *const CGANC_RESTRICT out = f->arena + d_at_grad_discriminator_leakyReLU2_real;
    for (int64_t i = first; i < last; i++) {
        for (int64_t j = 0; j < 3136; j++) {
            out[i * 3136 + j] = real_leaky_step(discriminator_leakyReLU2[i * 3136 + j], REAL(0.2)) *
                (discriminator_dense1_weight[j] * grad_discriminator_sigmoid1_real[i]);
        }
    }
}

/* discriminator.leakyReLU2.fake', discriminator.leakyReLU2', discriminator.dense1.fake'  [64, 7, 7, 64]
 * Models/ArticlePenalty.swift:26, Models/ArticlePenalty.swift:27 */
static void d_grad_discriminator_leakyReLU2_fake(const struct frame *f, int64_t first, int64_t last)
{
    const real *const discriminator_leakyReLU2 = f->arena + d_at_discriminator_leakyReLU2;
    const real *const discriminator_dense1_weight = f->parameters + parameter_at_discriminator_dense1_weight;
    const real *const grad_discriminator_sigmoid1_fake = f->arena + d_at_grad_discriminator_sigmoid1_fake;
    real *const CGANC_RESTRICT out = f->arena + d_at_grad_discriminator_leakyReLU2_fake;
    for (int64_t i = first; i < last; i++) {
        for (int64_t j = 0; j < 3136; j++) {
            out[i * 3136 + j] = real_leaky_step(discriminator_leakyReLU2[i * 3136 + j + 200704], REAL(0.2)) *
                (discriminator_dense1_weight[j] * grad_discriminator_sigmoid1_fake[i]);
        }
    }
}

/* discriminator.conv2'  [192, 14, 14, 32]  input gradient (transposed convolution) of [192, 14, 14, 32], 4x4 stride
 * 2x2 pad 1,1,1,1
 * Models/ArticlePenalty.swift:25 */
static const struct convolution d_grad_discriminator_conv2_input = {
    .batch = 192, .height = 14, .width = 14, .channels = 32, .out_height = 7, .out_width = 7, .out_channels = 64,
    .kernel_height = 4, .kernel_width = 4, .stride_height = 2, .stride_width = 2, .pad_top = 1, .pad_left = 1};

/* discriminator.leakyReLU1'  [192, 14, 14, 32]  on each finished part of the contraction above
 * Models/ArticlePenalty.swift:24 */
static void d_grad_discriminator_leakyReLU1(const struct frame *f, struct part part)
{
    const real *const discriminator_leakyReLU1 = f->arena + d_at_discriminator_leakyReLU1;
    real *const CGANC_RESTRICT out = f->arena + d_at_grad_discriminator_leakyReLU1;
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 32 + j] = out[i * 32 + j] * real_leaky_step(discriminator_leakyReLU1[i * 32 + j], REAL(0.2));
}

/* discriminator.conv1'  [4, 4, 2, 32]  weight gradient of [128, 28, 28, 2], 4x4 stride 2x2 pad 1,1,1,1
 * Models/ArticlePenalty.swift:23 */
static const struct convolution d_grad_discriminator_conv1_weight = {
    .batch = 128, .height = 28, .width = 28, .channels = 2, .out_height = 14, .out_width = 14, .out_channels = 32,
    .kernel_height = 4, .kernel_width = 4, .stride_height = 2, .stride_width = 2, .pad_top = 1, .pad_left = 1};

/* discriminator.inputs1.interpolate'  [64, 28, 28, 1]  input gradient (transposed convolution) of [64, 28, 28, 1],
 * 4x4 stride 2x2 pad 1,1,1,1
 * Models/ArticlePenalty.swift:22 */
static const struct convolution d_grad_discriminator_inputs1_interpolate_input = {
    .batch = 64, .height = 28, .width = 28, .channels = 1, .out_height = 14, .out_width = 14, .out_channels = 32,
    .kernel_height = 4, .kernel_width = 4, .stride_height = 2, .stride_width = 2, .pad_top = 1, .pad_left = 1};

/* loss.penalty  [64]  Models/ArticlePenalty.swift:32 */
static void d_loss_penalty_parts(const struct frame *f, int64_t first, int64_t last)
{
    const real *const grad_discriminator_inputs1_interpolate_input =
        f->arena + d_at_grad_discriminator_inputs1_interpolate_input;
    real *const CGANC_RESTRICT out = f->arena + d_at_loss_penalty_parts;
    for (int64_t task = first; task < last; task++) {
        const int64_t i = task / 64;
        const int64_t j = task % 64;
        real lanes[16] = {0};
        for (int64_t start = 0; start < 192; start += 16)
            for (int lane = 0; lane < 16; lane++) {
                const int64_t k = start + lane;
                lanes[lane] += real_square(grad_discriminator_inputs1_interpolate_input[i * 196 + j * 784 + k]);
            }
        for (int64_t k = 192; k < 196; k++)
            lanes[k - 192] += real_square(grad_discriminator_inputs1_interpolate_input[i * 196 + j * 784 + k]);
        out[i * 64 + j] = real_sum_lanes(lanes);
    }
}

/* loss.penalty  [64]  Models/ArticlePenalty.swift:32 */
static const struct row_sums d_loss_penalty = {.parts = 1, .rows = 4, .columns = 64, .row_stride = 64};

/* loss.penalty  [64]  Models/ArticlePenalty.swift:32 */
static void d_loss_penalty_squareRoot(const struct frame *f, int64_t first, int64_t last)
{
    const real *const loss_penalty = f->arena + d_at_loss_penalty;
    real *const CGANC_RESTRICT out = f->arena + d_at_loss_penalty_squareRoot;
    for (int64_t i = first; i < last; i++)
        out[i] = real_sqrt(loss_penalty[i] + REAL(1e-12));
}

/* loss.penalty  [64]  Models/ArticlePenalty.swift:32 */
static void d_loss_penalty_difference(const struct frame *f, int64_t first, int64_t last)
{
    const real *const loss_penalty_squareRoot = f->arena + d_at_loss_penalty_squareRoot;
    real *const CGANC_RESTRICT out = f->arena + d_at_loss_penalty_difference;
    for (int64_t i = first; i < last; i++)
        out[i] = loss_penalty_squareRoot[i] - REAL(1.0);
}

/* loss.penalty  []  Models/ArticlePenalty.swift:32 */
static void d_loss_penalty_sum(const struct frame *f)
{
    const real *const loss_penalty_difference = f->arena + d_at_loss_penalty_difference;
    real *const CGANC_RESTRICT out = f->arena + d_at_loss_penalty_sum;
    real lanes[16] = {0};
    for (int64_t start = 0; start < 64; start += 16)
        for (int lane = 0; lane < 16; lane++) {
            const int64_t i = start + lane;
            lanes[lane] += real_square(loss_penalty_difference[i]);
        }
    out[0] = real_sum_lanes(lanes);
}

/* loss.penalty  []  Models/ArticlePenalty.swift:32 */
static void d_value_penalty(const struct frame *f)
{
    const real *const loss_penalty_sum = f->arena + d_at_loss_penalty_sum;
    real *const CGANC_RESTRICT out = f->values + d_at_value_penalty;
    out[0] = loss_penalty_sum[0] * REAL(0.15625);
}

/* loss.penalty  []  Models/ArticlePenalty.swift:32 */
static void d_loss_penalty_sum_2(const struct frame *f)
{
    const real *const loss_penalty_squareRoot = f->arena + d_at_loss_penalty_squareRoot;
    real *const CGANC_RESTRICT out = f->arena + d_at_loss_penalty_sum_2;
    real lanes[16] = {0};
    for (int64_t start = 0; start < 64; start += 16)
        for (int lane = 0; lane < 16; lane++) {
            const int64_t i = start + lane;
            lanes[lane] += loss_penalty_squareRoot[i];
        }
    out[0] = real_sum_lanes(lanes);
}

/* loss.penalty  []  Models/ArticlePenalty.swift:32 */
static void d_value_slope(const struct frame *f)
{
    const real *const loss_penalty_sum_2 = f->arena + d_at_loss_penalty_sum_2;
    real *const CGANC_RESTRICT out = f->values + d_at_value_slope;
    out[0] = loss_penalty_sum_2[0] * REAL(0.015625);
}

/* loss.penalty, loss  []  Models/ArticlePenalty.swift:32 */
static void d_value_loss(const struct frame *f)
{
    const real *const loss_sum = f->arena + d_at_loss_sum;
    const real *const loss_sum_2 = f->arena + d_at_loss_sum_2;
    const real *const value_penalty = f->values + d_at_value_penalty;
    real *const CGANC_RESTRICT out = f->values + d_at_value_loss;
    out[0] = loss_sum[0] * -REAL(0.015625) + loss_sum_2[0] * -REAL(0.015625) + value_penalty[0];
}

/* loss.penalty'  [64]  Models/ArticlePenalty.swift:32 */
static void d_grad_loss_penalty(const struct frame *f, int64_t first, int64_t last)
{
    const real *const loss_penalty_difference = f->arena + d_at_loss_penalty_difference;
    const real *const loss_penalty_squareRoot = f->arena + d_at_loss_penalty_squareRoot;
    real *const CGANC_RESTRICT out = f->arena + d_at_grad_loss_penalty;
    for (int64_t i = first; i < last; i++)
        out[i] = loss_penalty_difference[i] * real_reciprocal(loss_penalty_squareRoot[i]) * REAL(0.3125);
}

/* loss.penalty'  [64, 28, 28, 1]  Models/ArticlePenalty.swift:32 */
static void d_grad_loss_penalty_product(const struct frame *f, int64_t first, int64_t last)
{
    const real *const grad_discriminator_inputs1_interpolate_input =
        f->arena + d_at_grad_discriminator_inputs1_interpolate_input;
    const real *const grad_loss_penalty = f->arena + d_at_grad_loss_penalty;
    real *const CGANC_RESTRICT out = f->arena + d_at_grad_loss_penalty_product;
    for (int64_t i = first; i < last; i++)
        for (int64_t j = 0; j < 784; j++)
            out[i * 784 + j] = grad_discriminator_inputs1_interpolate_input[i * 784 + j] * grad_loss_penalty[i];
}

/* discriminator.conv1.interpolate''  [4, 4, 1, 32]  weight gradient of [64, 28, 28, 1], 4x4 stride 2x2 pad 1,1,1,1
 * Models/ArticlePenalty.swift:23 */
static const struct convolution d_grad_grad_discriminator_conv1_interpolate_weight = {
    .batch = 64, .height = 28, .width = 28, .channels = 1, .out_height = 14, .out_width = 14, .out_channels = 32,
    .kernel_height = 4, .kernel_width = 4, .stride_height = 2, .stride_width = 2, .pad_top = 1, .pad_left = 1};

/* discriminator.conv1.interpolate''  [64, 14, 14, 32]  convolution of [64, 28, 28, 1], 4x4 stride 2x2 pad 1,1,1,1
 * Models/ArticlePenalty.swift:23 */
static const struct convolution d_grad_grad_discriminator_conv1_interpolate = {
    .batch = 64, .height = 28, .width = 28, .channels = 1, .out_height = 14, .out_width = 14, .out_channels = 32,
    .kernel_height = 4, .kernel_width = 4, .stride_height = 2, .stride_width = 2, .pad_top = 1, .pad_left = 1};

/* discriminator.leakyReLU1.interpolate'', discriminator.leakyReLU1'  [64, 14, 14, 32]  on each finished part of the
 * contraction above
 * Models/ArticlePenalty.swift:24 */
static void d_grad_grad_discriminator_leakyReLU1_interpolate(const struct frame *f, struct part part)
{
    const real *const discriminator_leakyReLU1 = f->arena + d_at_discriminator_leakyReLU1;
    real *const CGANC_RESTRICT out = f->arena + d_at_grad_grad_discriminator_leakyReLU1_interpolate;
    for (int64_t i = part.top; i < part.bottom; i++) {
        for (int64_t j = part.left; j < part.right; j++) {
            out[i * 32 + j] = real_leaky_step(discriminator_leakyReLU1[i * 32 + j + 802816], REAL(0.2)) *
                out[i * 32 + j];
        }
    }
}

/* discriminator.conv2.interpolate''  [4, 4, 32, 64]  weight gradient of [64, 14, 14, 32], 4x4 stride 2x2 pad
 * 1,1,1,1
 * Models/ArticlePenalty.swift:25 */
static const struct convolution d_grad_grad_discriminator_conv2_interpolate_weight = {
    .batch = 64, .height = 14, .width = 14, .channels = 32, .out_height = 7, .out_width = 7, .out_channels = 64,
    .kernel_height = 4, .kernel_width = 4, .stride_height = 2, .stride_width = 2, .pad_top = 1, .pad_left = 1};

/* discriminator.conv2.interpolate''  [64, 7, 7, 64]  convolution of [64, 14, 14, 32], 4x4 stride 2x2 pad 1,1,1,1
 * Models/ArticlePenalty.swift:25 */
static const struct convolution d_grad_grad_discriminator_conv2_interpolate = {
    .batch = 64, .height = 14, .width = 14, .channels = 32, .out_height = 7, .out_width = 7, .out_channels = 64,
    .kernel_height = 4, .kernel_width = 4, .stride_height = 2, .stride_width = 2, .pad_top = 1, .pad_left = 1};

/* discriminator.leakyReLU2.interpolate'', discriminator.leakyReLU2'  [64, 7, 7, 64]  on each finished part of the
 * contraction above
 * Models/ArticlePenalty.swift:26 */
static void d_grad_grad_discriminator_leakyReLU2_interpolate(const struct frame *f, struct part part)
{
    const real *const discriminator_leakyReLU2 = f->arena + d_at_discriminator_leakyReLU2;
    real *const CGANC_RESTRICT out = f->arena + d_at_grad_grad_discriminator_leakyReLU2_interpolate;
    for (int64_t i = part.top; i < part.bottom; i++) {
        for (int64_t j = part.left; j < part.right; j++) {
            out[i * 64 + j] = real_leaky_step(discriminator_leakyReLU2[i * 64 + j + 401408], REAL(0.2)) *
                out[i * 64 + j];
        }
    }
}

/* discriminator.dense1.interpolate''  [64, 1]  A·B, 64 x 3136 x 1  Models/ArticlePenalty.swift:27 */
static const struct matmul d_grad_grad_discriminator_dense1_interpolate = {.m = 64, .n = 1, .k = 3136};

/* discriminator.sigmoid1.interpolate', discriminator.sigmoid1.interpolate''  [64, 1]  on each finished part of the
 * contraction above
 * Models/ArticlePenalty.swift:28 */
static void d_grad_discriminator_sigmoid1_interpolate_product(const struct frame *f, struct part part)
{
    const real *const grad_discriminator_sigmoid1_interpolate = f->arena + d_at_grad_discriminator_sigmoid1_interpolate;
    const real *const grad_discriminator_sigmoid1 = f->arena + d_at_grad_discriminator_sigmoid1;
    const real *const discriminator_sigmoid1 = f->arena + d_at_discriminator_sigmoid1;
    real *const CGANC_RESTRICT out = f->arena + d_at_grad_discriminator_sigmoid1_interpolate_product;
    for (int64_t i = part.top; i < part.bottom; i++) {
        for (int64_t j = part.left; j < part.right; j++) {
            const real value1 = out[i + j];
            const real difference1 = grad_discriminator_sigmoid1[i + j + 128] * value1 -
                discriminator_sigmoid1[i + j + 128] * value1;
            out[i + j] = grad_discriminator_sigmoid1_interpolate[i + j] * difference1;
        }
    }
}

/* discriminator.dense1.interpolate''  [3136, 1]  Aᵀ·B, 3136 x 64 x 1  Models/ArticlePenalty.swift:27 */
static const struct matmul d_grad_grad_discriminator_dense1_interpolate_weight =
    {.m = 3136, .n = 1, .k = 64, .transpose_a = 1};

/* discriminator.dense1'  [3136, 1]  Aᵀ·B, 3136 x 128 x 1  Models/ArticlePenalty.swift:27 */
static const struct matmul d_grad_discriminator_dense1_weight = {.m = 3136, .n = 1, .k = 128, .transpose_a = 1};

/* discriminator.dense1.weight'  [3136, 1]  on each finished part of the contraction above
 * Models/ArticlePenalty.swift:27 */
static void d_grad_discriminator_dense1_weight_sum(const struct frame *f, struct part part)
{
    const real *const grad_discriminator_dense1_real_weight = f->arena + d_at_grad_discriminator_dense1_real_weight;
    const real *const grad_grad_discriminator_dense1_interpolate_weight =
        f->arena + d_at_grad_grad_discriminator_dense1_interpolate_weight;
    real *const CGANC_RESTRICT out = f->gradients + gradient_at_discriminator_dense1_weight;
    for (int64_t i = part.top; i < part.bottom; i++) {
        for (int64_t j = part.left; j < part.right; j++) {
            out[i + j] = grad_discriminator_dense1_real_weight[i + j] +
                (grad_grad_discriminator_dense1_interpolate_weight[i + j] + out[i + j]);
        }
    }
}

/* discriminator.leakyReLU2.interpolate', discriminator.leakyReLU2', discriminator.dense1.interpolate'  [64, 7, 7,
 * 64]
 * Models/ArticlePenalty.swift:26, Models/ArticlePenalty.swift:27 */
static void d_grad_discriminator_leakyReLU2_interpolate_product(const struct frame *f, int64_t first, int64_t last)
{
    const real *const discriminator_leakyReLU2 = f->arena + d_at_discriminator_leakyReLU2;
    const real *const discriminator_dense1_weight = f->parameters + parameter_at_discriminator_dense1_weight;
    const real *const grad_discriminator_sigmoid1_interpolate_product =
        f->arena + d_at_grad_discriminator_sigmoid1_interpolate_product;
    real *const CGANC_RESTRICT out = f->arena + d_at_grad_discriminator_leakyReLU2_interpolate_product;
    for (int64_t i = first; i < last; i++) {
        for (int64_t j = 0; j < 3136; j++) {
            out[i * 3136 + j] = real_leaky_step(discriminator_leakyReLU2[i * 3136 + j + 401408], REAL(0.2)) *
                (discriminator_dense1_weight[j] * grad_discriminator_sigmoid1_interpolate_product[i]);
        }
    }
}

/* discriminator.dense1.real'  [1]  Models/ArticlePenalty.swift:27 */
static void d_grad_discriminator_dense1_real_sum(const struct frame *f)
{
    const real *const grad_discriminator_sigmoid1_real = f->arena + d_at_grad_discriminator_sigmoid1_real;
    const real *const grad_discriminator_sigmoid1_fake = f->arena + d_at_grad_discriminator_sigmoid1_fake;
    const real *const grad_discriminator_sigmoid1_interpolate_product =
        f->arena + d_at_grad_discriminator_sigmoid1_interpolate_product;
    real *const CGANC_RESTRICT out = f->gradients + gradient_at_discriminator_dense1_bias;
    real lanes[16] = {0};
    for (int64_t start = 0; start < 64; start += 16)
        for (int lane = 0; lane < 16; lane++) {
            const int64_t i = start + lane;
            const real sum1 = grad_discriminator_sigmoid1_fake[i] + grad_discriminator_sigmoid1_interpolate_product[i];
            lanes[lane] += grad_discriminator_sigmoid1_real[i] + sum1;
        }
    out[0] = real_sum_lanes(lanes);
}

/* discriminator.conv2.real'  [64]  Models/ArticlePenalty.swift:25 */
static void d_grad_discriminator_conv2_real_sum_parts(const struct frame *f, int64_t first, int64_t last)
{
    const real *const grad_discriminator_leakyReLU2_real = f->arena + d_at_grad_discriminator_leakyReLU2_real;
    const real *const grad_discriminator_leakyReLU2_fake = f->arena + d_at_grad_discriminator_leakyReLU2_fake;
    const real *const grad_discriminator_leakyReLU2_interpolate_product =
        f->arena + d_at_grad_discriminator_leakyReLU2_interpolate_product;
    real *const CGANC_RESTRICT out = f->arena + d_at_grad_discriminator_conv2_real_sum_parts;
    for (int64_t i = first; i < last; i++) {
        real totals[64] = {0};
        for (int64_t k = 0; k < 196; k++) {
            for (int64_t j = 0; j < 64; j++) {
                const real sum1 = grad_discriminator_leakyReLU2_fake[i * 12544 + j + k * 64] +
                    grad_discriminator_leakyReLU2_interpolate_product[i * 12544 + j + k * 64];
                totals[j] += grad_discriminator_leakyReLU2_real[i * 12544 + j + k * 64] + sum1;
            }
        }
        for (int64_t j = 0; j < 64; j++)
            out[i * 64 + j] = totals[j];
    }
}

/* discriminator.conv2.real'  [64]  Models/ArticlePenalty.swift:25 */
static const struct row_sums d_grad_discriminator_conv2_real_sum =
    {.parts = 1, .rows = 16, .columns = 64, .row_stride = 64};

/* discriminator.conv2.interpolate'  [4, 4, 32, 64]  weight gradient of [64, 14, 14, 32], 4x4 stride 2x2 pad 1,1,1,1
 * Models/ArticlePenalty.swift:25 */
static const struct convolution d_grad_discriminator_conv2_interpolate_weight = {
    .batch = 64, .height = 14, .width = 14, .channels = 32, .out_height = 7, .out_width = 7, .out_channels = 64,
    .kernel_height = 4, .kernel_width = 4, .stride_height = 2, .stride_width = 2, .pad_top = 1, .pad_left = 1};

/* discriminator.conv2'  [4, 4, 32, 64]  weight gradient of [128, 14, 14, 32], 4x4 stride 2x2 pad 1,1,1,1
 * Models/ArticlePenalty.swift:25 */
static const struct convolution d_grad_discriminator_conv2_weight = {
    .batch = 128, .height = 14, .width = 14, .channels = 32, .out_height = 7, .out_width = 7, .out_channels = 64,
    .kernel_height = 4, .kernel_width = 4, .stride_height = 2, .stride_width = 2, .pad_top = 1, .pad_left = 1};

/* discriminator.conv2.weight'  [4, 4, 32, 64]  on each finished part of the contraction above
 * Models/ArticlePenalty.swift:25 */
static void d_grad_discriminator_conv2_weight_sum(const struct frame *f, struct part part)
{
    const real *const grad_grad_discriminator_conv2_interpolate_weight =
        f->arena + d_at_grad_grad_discriminator_conv2_interpolate_weight;
    const real *const grad_discriminator_conv2_interpolate_weight =
        f->arena + d_at_grad_discriminator_conv2_interpolate_weight;
    real *const CGANC_RESTRICT out = f->gradients + gradient_at_discriminator_conv2_weight;
    for (int64_t i = part.top; i < part.bottom; i++) {
        for (int64_t j = part.left; j < part.right; j++) {
            const real sum1 = grad_grad_discriminator_conv2_interpolate_weight[i * 64 + j] +
                grad_discriminator_conv2_interpolate_weight[i * 64 + j];
            out[i * 64 + j] = sum1 + out[i * 64 + j];
        }
    }
}

/* discriminator.conv2.interpolate'  [64, 14, 14, 32]  input gradient (transposed convolution) of [64, 14, 14, 32],
 * 4x4 stride 2x2 pad 1,1,1,1
 * Models/ArticlePenalty.swift:25 */
static const struct convolution d_grad_discriminator_conv2_interpolate_input = {
    .batch = 64, .height = 14, .width = 14, .channels = 32, .out_height = 7, .out_width = 7, .out_channels = 64,
    .kernel_height = 4, .kernel_width = 4, .stride_height = 2, .stride_width = 2, .pad_top = 1, .pad_left = 1};

/* discriminator.leakyReLU1.interpolate', discriminator.leakyReLU1'  [64, 14, 14, 32]  on each finished part of the
 * contraction above
 * Models/ArticlePenalty.swift:24 */
static void d_grad_discriminator_leakyReLU1_interpolate_product(const struct frame *f, struct part part)
{
    const real *const discriminator_leakyReLU1 = f->arena + d_at_discriminator_leakyReLU1;
    real *const CGANC_RESTRICT out = f->arena + d_at_grad_discriminator_leakyReLU1_interpolate_product;
    for (int64_t i = part.top; i < part.bottom; i++) {
        for (int64_t j = part.left; j < part.right; j++) {
            out[i * 32 + j] = real_leaky_step(discriminator_leakyReLU1[i * 32 + j + 802816], REAL(0.2)) *
                out[i * 32 + j];
        }
    }
}

/* discriminator.conv1.real'  [64, 14, 14, 32]  Models/ArticlePenalty.swift:23 */
static void d_grad_discriminator_conv1_real(const struct frame *f, int64_t first, int64_t last)
{
    const real *const grad_discriminator_leakyReLU1 = f->arena + d_at_grad_discriminator_leakyReLU1;
    const real *const grad_discriminator_leakyReLU1_interpolate_product =
        f->arena + d_at_grad_discriminator_leakyReLU1_interpolate_product;
    real *const CGANC_RESTRICT out = f->arena + d_at_grad_discriminator_conv1_real;
    for (int64_t i = first; i < last; i++) {
        const real sum1 = grad_discriminator_leakyReLU1[i + 401408] +
            grad_discriminator_leakyReLU1_interpolate_product[i];
        out[i] = grad_discriminator_leakyReLU1[i] + sum1;
    }
}

/* discriminator.conv1.interpolate'  [4, 4, 2, 32]  weight gradient of [64, 28, 28, 2], 4x4 stride 2x2 pad 1,1,1,1
 * Models/ArticlePenalty.swift:23 */
static const struct convolution d_grad_discriminator_conv1_interpolate_weight = {
    .batch = 64, .height = 28, .width = 28, .channels = 2, .out_height = 14, .out_width = 14, .out_channels = 32,
    .kernel_height = 4, .kernel_width = 4, .stride_height = 2, .stride_width = 2, .pad_top = 1, .pad_left = 1};

/* discriminator.conv1.real'  [32]  Models/ArticlePenalty.swift:23 */
static const struct row_sums d_grad_discriminator_conv1_real_sum_parts =
    {.parts = 32, .rows = 392, .columns = 32, .part_stride = 12544, .row_stride = 32};

/* discriminator.inputs1.real'  [64, 28, 28, 1]  input gradient (transposed convolution) of [64, 28, 28, 1], 4x4
 * stride 2x2 pad 1,1,1,1
 * Models/ArticlePenalty.swift:22 */
static const struct convolution d_grad_discriminator_inputs1_real_input = {
    .batch = 64, .height = 28, .width = 28, .channels = 1, .out_height = 14, .out_width = 14, .out_channels = 32,
    .kernel_height = 4, .kernel_width = 4, .stride_height = 2, .stride_width = 2, .pad_top = 1, .pad_left = 1};

/* discriminator.inputs1.real'  [10, 784]  Models/ArticlePenalty.swift:22 */
static const struct row_lookup d_grad_discriminator_inputs1_real_rows = {.rows = 64, .table_rows = 10, .width = 784};

/* discriminator.conv1.real'  [32]  Models/ArticlePenalty.swift:23 */
static const struct row_sums d_grad_discriminator_conv1_real_sum =
    {.parts = 1, .rows = 32, .columns = 32, .row_stride = 32};

/* discriminator.conv1.weight'  [4, 4, 2, 32]  Models/ArticlePenalty.swift:23 */
static void d_grad_discriminator_conv1_weight_sum(const struct frame *f, int64_t first, int64_t last)
{
    const real *const grad_grad_discriminator_conv1_interpolate_weight =
        f->arena + d_at_grad_grad_discriminator_conv1_interpolate_weight;
    const real *const grad_discriminator_conv1_interpolate_weight =
        f->arena + d_at_grad_discriminator_conv1_interpolate_weight;
    const real *const grad_discriminator_conv1_weight = f->arena + d_at_grad_discriminator_conv1_weight;
    real *const CGANC_RESTRICT out = f->gradients + gradient_at_discriminator_conv1_weight;
    for (int64_t i = first; i < last; i++) {
        for (int64_t j = 0; j < 2; j++) {
            for (int64_t k = 0; k < 32; k++) {
                const real padded1 = j < 1 ? (j < 1
                                              ? grad_grad_discriminator_conv1_interpolate_weight[i * 32 + j * 32 + k]
                                              : 0) : 0;
                out[i * 64 + j * 32 + k] = padded1 + grad_discriminator_conv1_interpolate_weight[i * 64 + j * 32 + k] +
                    grad_discriminator_conv1_weight[i * 64 + j * 32 + k];
            }
        }
    }
}

static void discriminator_run(const struct frame *f)
{
    AT(0) gather_labels(f, (int32_t *)(f->arena + d_at_labels), 64);
    AT(1) one_hot((int32_t *)(f->arena + d_at_labels), 64, 10, f->arena + d_at_generator_inputs1_one_hot);
    AT(2) discriminator_draw(f, 1, f->run, f->arena + d_at_alpha);
    AT(3) loop_run(f, d_loss_penalty_mix, 64, 16384);
    AT(4) loop_run(f, d_grad_discriminator_inputs1_interpolate, 16, 1024);
    AT(5) loop_run(f, d_grad_discriminator_inputs1_interpolate_slice, 16, 1024);
    AT(6) discriminator_draw(f, 0, f->run, f->arena + d_at_latent);
    AT(7) loop_run(f, d_generator_inputs1_with_latent, 64, 320);
    AT(8) loop_run(f, d_generator_inputs1_with_one_hot, 64, 3264);
    AT(9) gather_images(f, f->arena + d_at_images, 64, 784);
    AT(10) gather_rows(f->pool, &d_discriminator_inputs1_real_rows,
                       f->parameters + parameter_at_discriminator_labelPlane_weight,
                       (int32_t *)(f->arena + d_at_labels), f->arena + d_at_discriminator_inputs1_real_rows);
    AT(11) matmul(f->pool, &d_generator_dense1, f->arena + d_at_generator_inputs1,
                  f->parameters + parameter_at_generator_dense1_weight, f->arena + d_at_generator_relu1,
                  &(struct epilogue){d_generator_relu1, f});
    AT(12) filtered_input_gradient(f->pool, &d_generator_convTranspose1, f->arena + d_at_generator_relu1,
                                   f->parameters + parameter_at_generator_convTranspose1_weight,
                                   f->arena + d_at_generator_relu2, &(struct epilogue){d_generator_relu2, f});
    AT(13) narrow_input_gradient(f->pool, &d_generator_convTranspose2, f->arena + d_at_generator_relu2,
                                 f->parameters + parameter_at_generator_convTranspose2_weight,
                                 f->arena + d_at_generator_tanh1, &(struct epilogue){d_generator_tanh1, f});
    AT(14) loop_run(f, d_discriminator_inputs1_real_with_images, 50176, 32768);
    AT(15) loop_run(f, d_discriminator_inputs1_interpolate_with_loss_penalty_mix, 64, 10);
    AT(16) loop_run(f, d_discriminator_inputs1_fake_with_generator_tanh1, 50176, 32768);
    AT(17) loop_run(f, d_discriminator_inputs1_real_with_rows, 50176, 32768);
    AT(18) loop_run(f, d_discriminator_inputs1_fake_with_real_rows, 50176, 32768);
    AT(19) loop_run(f, d_discriminator_inputs1_interpolate_with_real_rows, 50176, 32768);
    AT(20) convolution_forward(f->pool, &d_discriminator_conv1, f->arena + d_at_discriminator_conv1_joined,
                               f->parameters + parameter_at_discriminator_conv1_weight,
                               f->arena + d_at_discriminator_leakyReLU1,
                               &(struct epilogue){d_discriminator_leakyReLU1, f});
    AT(21) filtered_forward(f->pool, &d_discriminator_conv2, f->arena + d_at_discriminator_leakyReLU1,
                            f->parameters + parameter_at_discriminator_conv2_weight,
                            f->arena + d_at_discriminator_leakyReLU2,
                            &(struct epilogue){d_discriminator_leakyReLU2, f});
    AT(22) matmul(f->pool, &d_discriminator_dense1, f->arena + d_at_discriminator_leakyReLU2,
                  f->parameters + parameter_at_discriminator_dense1_weight, f->arena + d_at_discriminator_sigmoid1,
                  &(struct epilogue){d_discriminator_sigmoid1, f});
    AT(23) loop_run(f, d_loss, 128, 16384);
    AT(24) loop_run(f, d_loss_lesser, 128, 16384);
    AT(25) d_loss_sum(f);
    AT(26) loop_run(f, d_loss_difference, 64, 16384);
    AT(27) d_loss_sum_2(f);
    AT(28) d_loss_sum_3(f);
    AT(29) d_value_real(f);
    AT(30) d_loss_sum_4(f);
    AT(31) d_value_fake(f);
    AT(32) loop_run(f, d_grad_discriminator_sigmoid1, 192, 16384);
    AT(33) loop_run(f, d_grad_discriminator_sigmoid1_product, 192, 16384);
    AT(34) loop_run(f, d_grad_loss, 128, 10912);
    AT(35) loop_run(f, d_grad_loss_product, 128, 8192);
    AT(36) loop_run(f, d_grad_discriminator_sigmoid1_real, 64, 5952);
    AT(37) loop_run(f, d_grad_discriminator_sigmoid1_fake, 64, 5952);
    AT(38) matmul(f->pool, &d_grad_discriminator_dense1_real_weight, f->arena + d_at_discriminator_dense1_real,
                  f->arena + d_at_grad_discriminator_sigmoid1_real,
                  f->arena + d_at_grad_discriminator_dense1_real_weight, NULL);
    AT(39) loop_run(f, d_grad_discriminator_leakyReLU2_interpolate, 64, 2);
    AT(40) loop_run(f, d_grad_discriminator_leakyReLU2_real, 64, 2);
    AT(41) loop_run(f, d_grad_discriminator_leakyReLU2_fake, 64, 2);
    AT(42) filtered_input_gradient(f->pool, &d_grad_discriminator_conv2_input,
                                   f->arena + d_at_grad_discriminator_conv2_joined,
                                   f->parameters + parameter_at_discriminator_conv2_weight,
                                   f->arena + d_at_grad_discriminator_leakyReLU1,
                                   &(struct epilogue){d_grad_discriminator_leakyReLU1, f});
    AT(43) narrow_weight_gradient(f->pool, &d_grad_discriminator_conv1_weight, f->arena + d_at_grad_discriminator_conv1,
                                  f->arena + d_at_grad_discriminator_conv1_2,
                                  f->arena + d_at_grad_discriminator_conv1_weight, NULL);
    AT(44) narrow_input_gradient(f->pool, &d_grad_discriminator_inputs1_interpolate_input,
                                 f->arena + d_at_grad_discriminator_leakyReLU1_interpolate,
                                 f->arena + d_at_grad_discriminator_inputs1_interpolate,
                                 f->arena + d_at_grad_discriminator_inputs1_interpolate_input, NULL);
    AT(45) loop_run(f, d_loss_penalty_parts, 256, 96);
    AT(46) sum_rows(f->pool, &d_loss_penalty, f->arena + d_at_loss_penalty_parts, f->arena + d_at_loss_penalty);
    AT(47) loop_run(f, d_loss_penalty_squareRoot, 64, 13104);
    AT(48) loop_run(f, d_loss_penalty_difference, 64, 16384);
    AT(49) d_loss_penalty_sum(f);
    AT(50) d_value_penalty(f);
    AT(51) d_loss_penalty_sum_2(f);
    AT(52) d_value_slope(f);
    AT(53) d_value_loss(f);
    AT(54) loop_run(f, d_grad_loss_penalty, 64, 9360);
    AT(55) loop_run(f, d_grad_loss_penalty_product, 64, 16);
    AT(56) narrow_weight_gradient(f->pool, &d_grad_grad_discriminator_conv1_interpolate_weight,
                                  f->arena + d_at_grad_loss_penalty_product,
                                  f->arena + d_at_grad_discriminator_leakyReLU1_interpolate,
                                  f->arena + d_at_grad_grad_discriminator_conv1_interpolate_weight, NULL);
    AT(57) convolution_forward(f->pool, &d_grad_grad_discriminator_conv1_interpolate,
                               f->arena + d_at_grad_loss_penalty_product,
                               f->arena + d_at_grad_discriminator_inputs1_interpolate,
                               f->arena + d_at_grad_grad_discriminator_leakyReLU1_interpolate,
                               &(struct epilogue){d_grad_grad_discriminator_leakyReLU1_interpolate, f});
    AT(58) filtered_weight_gradient(f->pool, &d_grad_grad_discriminator_conv2_interpolate_weight,
                                    f->arena + d_at_grad_grad_discriminator_leakyReLU1_interpolate,
                                    f->arena + d_at_grad_discriminator_leakyReLU2_interpolate,
                                    f->arena + d_at_grad_grad_discriminator_conv2_interpolate_weight, NULL);
    AT(59) filtered_forward(f->pool, &d_grad_grad_discriminator_conv2_interpolate,
                            f->arena + d_at_grad_grad_discriminator_leakyReLU1_interpolate,
                            f->parameters + parameter_at_discriminator_conv2_weight,
                            f->arena + d_at_grad_grad_discriminator_leakyReLU2_interpolate,
                            &(struct epilogue){d_grad_grad_discriminator_leakyReLU2_interpolate, f});
    AT(60) matmul(f->pool, &d_grad_grad_discriminator_dense1_interpolate,
                  f->arena + d_at_grad_grad_discriminator_leakyReLU2_interpolate,
                  f->parameters + parameter_at_discriminator_dense1_weight,
                  f->arena + d_at_grad_discriminator_sigmoid1_interpolate_product,
                  &(struct epilogue){d_grad_discriminator_sigmoid1_interpolate_product, f});
    AT(61) matmul(f->pool, &d_grad_grad_discriminator_dense1_interpolate_weight,
                  f->arena + d_at_grad_grad_discriminator_leakyReLU2_interpolate,
                  f->arena + d_at_grad_discriminator_sigmoid1_interpolate,
                  f->arena + d_at_grad_grad_discriminator_dense1_interpolate_weight, NULL);
    AT(62) matmul(f->pool, &d_grad_discriminator_dense1_weight, f->arena + d_at_grad_discriminator_dense1,
                  f->arena + d_at_grad_discriminator_sigmoid1_joined,
                  f->gradients + gradient_at_discriminator_dense1_weight,
                  &(struct epilogue){d_grad_discriminator_dense1_weight_sum, f});
    AT(63) loop_run(f, d_grad_discriminator_leakyReLU2_interpolate_product, 64, 2);
    AT(64) d_grad_discriminator_dense1_real_sum(f);
    AT(65) loop_run(f, d_grad_discriminator_conv2_real_sum_parts, 16, 3);
    AT(66) sum_rows(f->pool, &d_grad_discriminator_conv2_real_sum,
                    f->arena + d_at_grad_discriminator_conv2_real_sum_parts,
                    f->gradients + gradient_at_discriminator_conv2_bias);
    AT(67) filtered_weight_gradient(f->pool, &d_grad_discriminator_conv2_interpolate_weight,
                                    f->arena + d_at_discriminator_leakyReLU1_interpolate,
                                    f->arena + d_at_grad_discriminator_leakyReLU2_interpolate_product,
                                    f->arena + d_at_grad_discriminator_conv2_interpolate_weight, NULL);
    AT(68) filtered_weight_gradient(f->pool, &d_grad_discriminator_conv2_weight,
                                    f->arena + d_at_grad_discriminator_conv2,
                                    f->arena + d_at_grad_discriminator_conv2_2,
                                    f->gradients + gradient_at_discriminator_conv2_weight,
                                    &(struct epilogue){d_grad_discriminator_conv2_weight_sum, f});
    AT(69) filtered_input_gradient(f->pool, &d_grad_discriminator_conv2_interpolate_input,
                                   f->arena + d_at_grad_discriminator_leakyReLU2_interpolate_product,
                                   f->parameters + parameter_at_discriminator_conv2_weight,
                                   f->arena + d_at_grad_discriminator_leakyReLU1_interpolate_product,
                                   &(struct epilogue){d_grad_discriminator_leakyReLU1_interpolate_product, f});
    AT(70) loop_run(f, d_grad_discriminator_conv1_real, 401408, 10912);
    AT(71) narrow_weight_gradient(f->pool, &d_grad_discriminator_conv1_interpolate_weight,
                                  f->arena + d_at_discriminator_inputs1_interpolate,
                                  f->arena + d_at_grad_discriminator_leakyReLU1_interpolate_product,
                                  f->arena + d_at_grad_discriminator_conv1_interpolate_weight, NULL);
    AT(72) sum_rows(f->pool, &d_grad_discriminator_conv1_real_sum_parts, f->arena + d_at_grad_discriminator_conv1_real,
                    f->arena + d_at_grad_discriminator_conv1_real_sum_parts);
    AT(73) narrow_input_gradient(f->pool, &d_grad_discriminator_inputs1_real_input,
                                 f->arena + d_at_grad_discriminator_conv1_real,
                                 f->arena + d_at_grad_discriminator_inputs1_interpolate_slice,
                                 f->arena + d_at_grad_discriminator_inputs1_real_input, NULL);
    AT(74) scatter_add_rows(f->pool, &d_grad_discriminator_inputs1_real_rows,
                            f->arena + d_at_grad_discriminator_inputs1_real_input, (int32_t *)(f->arena + d_at_labels),
                            f->gradients + gradient_at_discriminator_labelPlane_weight);
    AT(75) sum_rows(f->pool, &d_grad_discriminator_conv1_real_sum,
                    f->arena + d_at_grad_discriminator_conv1_real_sum_parts,
                    f->gradients + gradient_at_discriminator_conv1_bias);
    AT(76) loop_run(f, d_grad_discriminator_conv1_weight_sum, 16, 144);
}

/* Update number t of the discriminator: Adam. */
static void discriminator_update(struct frame f, real *first_moments, real *second_moments, real *average, uint64_t t)
{
    static const struct update_limits limits = {.gradient_scale = 1, .parameter_limit = INFINITY};
    static const struct adam rule = {.rate = 0.0001, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-08};
    const struct update_context update = adam_update(&rule, &limits, &f.watch, t,
                                                     f.gradients + gradients_of_discriminator,
                                                     f.parameters + parameters_of_discriminator,
                                                     first_moments + gradients_of_discriminator,
                                                     second_moments + gradients_of_discriminator);
    update_watched(f.pool, &update);
    (void)average;
}


/* ---- The generator phase ----------------------------------------------------------------------------------------- */

/* The loss and the tracked values, as a report lists them. */
enum { g_at_value_loss };

/* Places in the arena, in reals: 1663360 in all, 1663360 the most that is alive at once. */
enum {
    g_at_latent = 0, /* [64, 100] */
    g_at_labels = 50176, /* index[64] */
    g_at_generator_inputs1_one_hot = 6400, /* [64, 10] */
    g_at_generator_inputs1 = 1655808, /* [64, 110] */
    g_at_generator_relu1 = 1204224, /* [64, 3136] */
    g_at_generator_relu2 = 0, /* [64, 14, 14, 32] */
    g_at_generator_tanh1 = 1605632, /* [64, 28, 28, 1] */
    g_at_discriminator_inputs1_real_rows = 0, /* [64, 784] */
    g_at_discriminator_inputs1_fake = 802816, /* [64, 28, 28, 2] */
    g_at_discriminator_leakyReLU1_fake = 401408, /* [64, 14, 14, 32] */
    g_at_discriminator_leakyReLU2_fake = 802816, /* [64, 7, 7, 64] */
    g_at_discriminator_sigmoid1_fake = 1003520, /* [64, 1] */
    g_at_loss = 1003584, /* [64, 1] */
    g_at_loss_lesser = 1003648, /* [64, 1] */
    g_at_loss_sum = 1003712, /* [] */
    g_at_grad_discriminator_sigmoid1_fake = 1003712, /* [64, 1] */
    g_at_grad_discriminator_leakyReLU2_fake = 1404928, /* [64, 7, 7, 64] */
    g_at_grad_discriminator_leakyReLU1_fake = 802816, /* [64, 14, 14, 32] */
    g_at_grad_discriminator_inputs1_fake = 1662848, /* [4, 4, 1, 32] */
    g_at_grad_generator_tanh1 = 1404928, /* [64, 28, 28, 1] */
    g_at_grad_generator_convTranspose2_sum_parts = 401408, /* [4, 1] */
    g_at_grad_generator_relu2 = 401408, /* [64, 14, 14, 32] */
    g_at_grad_generator_convTranspose1_sum_parts = 0, /* [32, 32] */
    g_at_grad_generator_relu1 = 0, /* [64, 3136] */
};

/* The random numbers of one run: draw `number` of run `run`. */
static void generator_draw(const struct frame *f, uint32_t number, uint64_t run, real *out)
{
    switch (number) {
    case 0: /* latent [64, 100] */
        random_normal(out, 0, 6400, f->seed, run, 0, REAL(0.0), REAL(1.0));
        break;
    }
}

/* discriminator.inputs1.fake'  [4, 4, 1, 32]  Models/ArticlePenalty.swift:22 */
static void g_grad_discriminator_inputs1_fake(const struct frame *f, int64_t first, int64_t last)
{
    const real *const discriminator_conv1_weight = f->parameters + parameter_at_discriminator_conv1_weight;
    real *const CGANC_RESTRICT out = f->arena + g_at_grad_discriminator_inputs1_fake;
    for (int64_t i = first; i < last; i++)
        for (int64_t j = 0; j < 32; j++)
            out[i * 32 + j] = discriminator_conv1_weight[i * 64 + j];
}

/* generator.inputs1  [64, 100]  Models/ArticlePenalty.swift:11 */
static void g_generator_inputs1_with_latent(const struct frame *f, int64_t first, int64_t last)
{
    const real *const latent = f->arena + g_at_latent;
    real *const CGANC_RESTRICT out = f->arena + g_at_generator_inputs1;
    for (int64_t i = first; i < last; i++)
        for (int64_t j = 0; j < 100; j++)
            out[i * 110 + j] = latent[i * 100 + j];
}

/* generator.inputs1  [64, 10]  Models/ArticlePenalty.swift:11 */
static void g_generator_inputs1_with_one_hot(const struct frame *f, int64_t first, int64_t last)
{
    const real *const generator_inputs1_one_hot = f->arena + g_at_generator_inputs1_one_hot;
    real *const CGANC_RESTRICT out = f->arena + g_at_generator_inputs1;
    for (int64_t i = first; i < last; i++)
        for (int64_t j = 0; j < 10; j++)
            out[i * 110 + j + 100] = generator_inputs1_one_hot[i * 10 + j];
}

/* discriminator.inputs1.real  [64, 784]  Models/ArticlePenalty.swift:22 */
static const struct row_lookup g_discriminator_inputs1_real_rows = {.rows = 64, .table_rows = 10, .width = 784};

/* discriminator.inputs1.fake  [64, 28, 28, 1]  Models/ArticlePenalty.swift:22 */
static void g_discriminator_inputs1_fake_with_real_rows(const struct frame *f, int64_t first, int64_t last)
{
    const real *const discriminator_inputs1_real_rows = f->arena + g_at_discriminator_inputs1_real_rows;
    real *const CGANC_RESTRICT out = f->arena + g_at_discriminator_inputs1_fake;
    for (int64_t i = first; i < last; i++)
        out[i * 2 + 1] = discriminator_inputs1_real_rows[i];
}

/* generator.dense1  [64, 3136]  A·B, 64 x 110 x 3136  Models/ArticlePenalty.swift:12 */
static const struct matmul g_generator_dense1 = {.m = 64, .n = 3136, .k = 110};

/* generator.relu1, generator.dense1  [64, 3136]  on each finished part of the contraction above
 * Models/ArticlePenalty.swift:13, Models/ArticlePenalty.swift:12 */
static void g_generator_relu1(const struct frame *f, struct part part)
{
    const real *const generator_dense1_bias = f->parameters + parameter_at_generator_dense1_bias;
    real *const CGANC_RESTRICT out = f->arena + g_at_generator_relu1;
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 3136 + j] = real_relu(out[i * 3136 + j] + generator_dense1_bias[j]);
}

/* generator.convTranspose1  [64, 14, 14, 32]  input gradient (transposed convolution) of [64, 14, 14, 32], 4x4
 * stride 2x2 pad 1,1,1,1
 * Models/ArticlePenalty.swift:15 */
static const struct convolution g_generator_convTranspose1 = {
    .batch = 64, .height = 14, .width = 14, .channels = 32, .out_height = 7, .out_width = 7, .out_channels = 64,
    .kernel_height = 4, .kernel_width = 4, .stride_height = 2, .stride_width = 2, .pad_top = 1, .pad_left = 1};

/* generator.relu2, generator.convTranspose1  [64, 14, 14, 32]  on each finished part of the contraction above
 * Models/ArticlePenalty.swift:16, Models/ArticlePenalty.swift:15 */
static void g_generator_relu2(const struct frame *f, struct part part)
{
    const real *const generator_convTranspose1_bias = f->parameters + parameter_at_generator_convTranspose1_bias;
    real *const CGANC_RESTRICT out = f->arena + g_at_generator_relu2;
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 32 + j] = real_relu(out[i * 32 + j] + generator_convTranspose1_bias[j]);
}

/* generator.convTranspose2  [64, 28, 28, 1]  input gradient (transposed convolution) of [64, 28, 28, 1], 4x4 stride
 * 2x2 pad 1,1,1,1
 * Models/ArticlePenalty.swift:17 */
static const struct convolution g_generator_convTranspose2 = {
    .batch = 64, .height = 28, .width = 28, .channels = 1, .out_height = 14, .out_width = 14, .out_channels = 32,
    .kernel_height = 4, .kernel_width = 4, .stride_height = 2, .stride_width = 2, .pad_top = 1, .pad_left = 1};

/* generator.tanh1, generator.convTranspose2  [64, 28, 28, 1]  on each finished part of the contraction above
 * Models/ArticlePenalty.swift:18, Models/ArticlePenalty.swift:17 */
static void g_generator_tanh1(const struct frame *f, struct part part)
{
    const real *const generator_convTranspose2_bias = f->parameters + parameter_at_generator_convTranspose2_bias;
    real *const CGANC_RESTRICT out = f->arena + g_at_generator_tanh1;
    const real value1 = generator_convTranspose2_bias[0];
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i + j] = real_tanh(out[i + j] + value1);
}

/* discriminator.inputs1.fake  [64, 28, 28, 1]  Models/ArticlePenalty.swift:22 */
static void g_discriminator_inputs1_fake_with_generator_tanh1(const struct frame *f, int64_t first, int64_t last)
{
    const real *const generator_tanh1 = f->arena + g_at_generator_tanh1;
    real *const CGANC_RESTRICT out = f->arena + g_at_discriminator_inputs1_fake;
    for (int64_t i = first; i < last; i++)
        out[i * 2] = generator_tanh1[i];
}

/* discriminator.conv1.fake  [64, 14, 14, 32]  convolution of [64, 28, 28, 2], 4x4 stride 2x2 pad 1,1,1,1
 * Models/ArticlePenalty.swift:23 */
static const struct convolution g_discriminator_conv1_fake = {
    .batch = 64, .height = 28, .width = 28, .channels = 2, .out_height = 14, .out_width = 14, .out_channels = 32,
    .kernel_height = 4, .kernel_width = 4, .stride_height = 2, .stride_width = 2, .pad_top = 1, .pad_left = 1};

/* discriminator.leakyReLU1.fake, discriminator.conv1.fake  [64, 14, 14, 32]  on each finished part of the
 * contraction above
 * Models/ArticlePenalty.swift:24, Models/ArticlePenalty.swift:23 */
static void g_discriminator_leakyReLU1_fake(const struct frame *f, struct part part)
{
    const real *const discriminator_conv1_bias = f->parameters + parameter_at_discriminator_conv1_bias;
    real *const CGANC_RESTRICT out = f->arena + g_at_discriminator_leakyReLU1_fake;
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 32 + j] = real_leaky_relu(out[i * 32 + j] + discriminator_conv1_bias[j], REAL(0.2));
}

/* discriminator.conv2.fake  [64, 7, 7, 64]  convolution of [64, 14, 14, 32], 4x4 stride 2x2 pad 1,1,1,1
 * Models/ArticlePenalty.swift:25 */
static const struct convolution g_discriminator_conv2_fake = {
    .batch = 64, .height = 14, .width = 14, .channels = 32, .out_height = 7, .out_width = 7, .out_channels = 64,
    .kernel_height = 4, .kernel_width = 4, .stride_height = 2, .stride_width = 2, .pad_top = 1, .pad_left = 1};

/* discriminator.leakyReLU2.fake, discriminator.conv2.fake  [64, 7, 7, 64]  on each finished part of the contraction
 * above
 * Models/ArticlePenalty.swift:26, Models/ArticlePenalty.swift:25 */
static void g_discriminator_leakyReLU2_fake(const struct frame *f, struct part part)
{
    const real *const discriminator_conv2_bias = f->parameters + parameter_at_discriminator_conv2_bias;
    real *const CGANC_RESTRICT out = f->arena + g_at_discriminator_leakyReLU2_fake;
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 64 + j] = real_leaky_relu(out[i * 64 + j] + discriminator_conv2_bias[j], REAL(0.2));
}

/* discriminator.dense1.fake  [64, 1]  A·B, 64 x 3136 x 1  Models/ArticlePenalty.swift:27 */
static const struct matmul g_discriminator_dense1_fake = {.m = 64, .n = 1, .k = 3136};

/* discriminator.sigmoid1.fake, discriminator.dense1.fake  [64, 1]  on each finished part of the contraction above
 * Models/ArticlePenalty.swift:28, Models/ArticlePenalty.swift:27 */
static void g_discriminator_sigmoid1_fake(const struct frame *f, struct part part)
{
    const real *const discriminator_dense1_bias = f->parameters + parameter_at_discriminator_dense1_bias;
    real *const CGANC_RESTRICT out = f->arena + g_at_discriminator_sigmoid1_fake;
    const real value1 = discriminator_dense1_bias[0];
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i + j] = real_sigmoid(out[i + j] + value1);
}

/* loss  [64, 1]  Models/ArticlePenalty.swift:32 */
static void g_loss(const struct frame *f, int64_t first, int64_t last)
{
    const real *const discriminator_sigmoid1_fake = f->arena + g_at_discriminator_sigmoid1_fake;
    real *const CGANC_RESTRICT out = f->arena + g_at_loss;
    for (int64_t i = first; i < last; i++)
        out[i] = real_max(discriminator_sigmoid1_fake[i], REAL(1e-07));
}

/* loss  [64, 1]  Models/ArticlePenalty.swift:32 */
static void g_loss_lesser(const struct frame *f, int64_t first, int64_t last)
{
    const real *const loss = f->arena + g_at_loss;
    real *const CGANC_RESTRICT out = f->arena + g_at_loss_lesser;
    for (int64_t i = first; i < last; i++)
        out[i] = real_min(loss[i], REAL(0.9999999));
}

/* loss  []  Models/ArticlePenalty.swift:32 */
static void g_loss_sum(const struct frame *f)
{
    const real *const loss_lesser = f->arena + g_at_loss_lesser;
    real *const CGANC_RESTRICT out = f->arena + g_at_loss_sum;
    real lanes[16] = {0};
    for (int64_t start = 0; start < 64; start += 16)
        for (int lane = 0; lane < 16; lane++) {
            const int64_t i = start + lane;
            lanes[lane] += real_log(loss_lesser[i]);
        }
    out[0] = real_sum_lanes(lanes);
}

/* loss  []  Models/ArticlePenalty.swift:32 */
static void g_value_loss(const struct frame *f)
{
    const real *const loss_sum = f->arena + g_at_loss_sum;
    real *const CGANC_RESTRICT out = f->values + g_at_value_loss;
    out[0] = loss_sum[0] * -REAL(0.015625);
}

/* discriminator.sigmoid1.fake', loss'  [64, 1]  Models/ArticlePenalty.swift:28, Models/ArticlePenalty.swift:32 */
static void g_grad_discriminator_sigmoid1_fake(const struct frame *f, int64_t first, int64_t last)
{
    const real *const loss_lesser = f->arena + g_at_loss_lesser;
    const real *const loss = f->arena + g_at_loss;
    const real *const discriminator_sigmoid1_fake = f->arena + g_at_discriminator_sigmoid1_fake;
    real *const CGANC_RESTRICT out = f->arena + g_at_grad_discriminator_sigmoid1_fake;
    for (int64_t i = first; i < last; i++) {
        const real value1 = loss[i];
        const real sum1 = (REAL(0.9999999) > value1 ? REAL(1.0) : REAL(0.0)) +
            (REAL(0.9999999) >= value1 ? REAL(1.0) : REAL(0.0));
        const real value2 = discriminator_sigmoid1_fake[i];
        const real sum2 = (value2 > REAL(1e-07) ? REAL(1.0) : REAL(0.0)) +
            (value2 >= REAL(1e-07) ? REAL(1.0) : REAL(0.0));
        out[i] = real_reciprocal(loss_lesser[i]) * sum1 * sum2 * (value2 * (REAL(1.0) - value2)) * -REAL(0.00390625);
    }
}

/* discriminator.leakyReLU2.fake', discriminator.dense1.fake'  [64, 7, 7, 64]
 * Models/ArticlePenalty.swift:26, Models/ArticlePenalty.swift:27 */
static void g_grad_discriminator_leakyReLU2_fake(const struct frame *f, int64_t first, int64_t last)
{
    const real *const grad_discriminator_sigmoid1_fake = f->arena + g_at_grad_discriminator_sigmoid1_fake;
    const real *const discriminator_dense1_weight = f->parameters + parameter_at_discriminator_dense1_weight;
    const real *const discriminator_leakyReLU2_fake = f->arena + g_at_discriminator_leakyReLU2_fake;
    real *const CGANC_RESTRICT out = f->arena + g_at_grad_discriminator_leakyReLU2_fake;
    for (int64_t i = first; i < last; i++) {
        for (int64_t j = 0; j < 3136; j++) {
            out[i * 3136 + j] = grad_discriminator_sigmoid1_fake[i] * discriminator_dense1_weight[j] *
                real_leaky_step(discriminator_leakyReLU2_fake[i * 3136 + j], REAL(0.2));
        }
    }
}

/* discriminator.conv2.fake'  [64, 14, 14, 32]  input gradient (transposed convolution) of [64, 14, 14, 32], 4x4
 * stride 2x2 pad 1,1,1,1
 * Models/ArticlePenalty.swift:25 */
static const struct convolution g_grad_discriminator_conv2_fake_input = {
    .batch = 64, .height = 14, .width = 14, .channels = 32, .out_height = 7, .out_width = 7, .out_channels = 64,
    .kernel_height = 4, .kernel_width = 4, .stride_height = 2, .stride_width = 2, .pad_top = 1, .pad_left = 1};

/* discriminator.leakyReLU1.fake'  [64, 14, 14, 32]  on each finished part of the contraction above
 * Models/ArticlePenalty.swift:24 */
static void g_grad_discriminator_leakyReLU1_fake(const struct frame *f, struct part part)
{
    const real *const discriminator_leakyReLU1_fake = f->arena + g_at_discriminator_leakyReLU1_fake;
    real *const CGANC_RESTRICT out = f->arena + g_at_grad_discriminator_leakyReLU1_fake;
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 32 + j] = out[i * 32 + j] * real_leaky_step(discriminator_leakyReLU1_fake[i * 32 + j], REAL(0.2));
}

/* discriminator.inputs1.fake'  [64, 28, 28, 1]  input gradient (transposed convolution) of [64, 28, 28, 1], 4x4
 * stride 2x2 pad 1,1,1,1
 * Models/ArticlePenalty.swift:22 */
static const struct convolution g_grad_discriminator_inputs1_fake_input = {
    .batch = 64, .height = 28, .width = 28, .channels = 1, .out_height = 14, .out_width = 14, .out_channels = 32,
    .kernel_height = 4, .kernel_width = 4, .stride_height = 2, .stride_width = 2, .pad_top = 1, .pad_left = 1};

/* generator.tanh1'  [64, 28, 28, 1]  on each finished part of the contraction above
 * Models/ArticlePenalty.swift:18 */
static void g_grad_generator_tanh1(const struct frame *f, struct part part)
{
    const real *const generator_tanh1 = f->arena + g_at_generator_tanh1;
    real *const CGANC_RESTRICT out = f->arena + g_at_grad_generator_tanh1;
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i + j] = out[i + j] * (REAL(1.0) - real_square(generator_tanh1[i + j]));
}

/* generator.convTranspose2'  [1]  Models/ArticlePenalty.swift:17 */
static void g_grad_generator_convTranspose2_sum_parts(const struct frame *f, int64_t first, int64_t last)
{
    const real *const grad_generator_tanh1 = f->arena + g_at_grad_generator_tanh1;
    real *const CGANC_RESTRICT out = f->arena + g_at_grad_generator_convTranspose2_sum_parts;
    for (int64_t i = first; i < last; i++) {
        real lanes[16] = {0};
        for (int64_t start = 0; start < 12544; start += 16)
            for (int lane = 0; lane < 16; lane++) {
                const int64_t j = start + lane;
                lanes[lane] += grad_generator_tanh1[i * 12544 + j];
            }
        out[i] = real_sum_lanes(lanes);
    }
}

/* generator.convTranspose2'  [1]  Models/ArticlePenalty.swift:17 */
static void g_grad_generator_convTranspose2_sum(const struct frame *f)
{
    const real *const grad_generator_convTranspose2_sum_parts = f->arena + g_at_grad_generator_convTranspose2_sum_parts;
    real *const CGANC_RESTRICT out = f->gradients + gradient_at_generator_convTranspose2_bias;
    real total = 0;
    for (int64_t i = 0; i < 4; i++)
        total += grad_generator_convTranspose2_sum_parts[i];
    out[0] = total;
}

/* generator.convTranspose2'  [4, 4, 1, 32]  weight gradient of [64, 28, 28, 1], 4x4 stride 2x2 pad 1,1,1,1
 * Models/ArticlePenalty.swift:17 */
static const struct convolution g_grad_generator_convTranspose2_weight = {
    .batch = 64, .height = 28, .width = 28, .channels = 1, .out_height = 14, .out_width = 14, .out_channels = 32,
    .kernel_height = 4, .kernel_width = 4, .stride_height = 2, .stride_width = 2, .pad_top = 1, .pad_left = 1};

/* generator.convTranspose2'  [64, 14, 14, 32]  convolution of [64, 28, 28, 1], 4x4 stride 2x2 pad 1,1,1,1
 * Models/ArticlePenalty.swift:17 */
static const struct convolution g_grad_generator_convTranspose2 = {
    .batch = 64, .height = 28, .width = 28, .channels = 1, .out_height = 14, .out_width = 14, .out_channels = 32,
    .kernel_height = 4, .kernel_width = 4, .stride_height = 2, .stride_width = 2, .pad_top = 1, .pad_left = 1};

/* generator.relu2'  [64, 14, 14, 32]  on each finished part of the contraction above
 * Models/ArticlePenalty.swift:16 */
static void g_grad_generator_relu2(const struct frame *f, struct part part)
{
    const real *const generator_relu2 = f->arena + g_at_generator_relu2;
    real *const CGANC_RESTRICT out = f->arena + g_at_grad_generator_relu2;
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 32 + j] = out[i * 32 + j] * real_step(generator_relu2[i * 32 + j]);
}

/* generator.convTranspose1'  [32]  Models/ArticlePenalty.swift:15 */
static const struct row_sums g_grad_generator_convTranspose1_sum_parts =
    {.parts = 32, .rows = 392, .columns = 32, .part_stride = 12544, .row_stride = 32};

/* generator.convTranspose1'  [32]  Models/ArticlePenalty.swift:15 */
static const struct row_sums g_grad_generator_convTranspose1_sum =
    {.parts = 1, .rows = 32, .columns = 32, .row_stride = 32};

/* generator.convTranspose1'  [4, 4, 32, 64]  weight gradient of [64, 14, 14, 32], 4x4 stride 2x2 pad 1,1,1,1
 * Models/ArticlePenalty.swift:15 */
static const struct convolution g_grad_generator_convTranspose1_weight = {
    .batch = 64, .height = 14, .width = 14, .channels = 32, .out_height = 7, .out_width = 7, .out_channels = 64,
    .kernel_height = 4, .kernel_width = 4, .stride_height = 2, .stride_width = 2, .pad_top = 1, .pad_left = 1};

/* generator.convTranspose1'  [64, 7, 7, 64]  convolution of [64, 14, 14, 32], 4x4 stride 2x2 pad 1,1,1,1
 * Models/ArticlePenalty.swift:15 */
static const struct convolution g_grad_generator_convTranspose1 = {
    .batch = 64, .height = 14, .width = 14, .channels = 32, .out_height = 7, .out_width = 7, .out_channels = 64,
    .kernel_height = 4, .kernel_width = 4, .stride_height = 2, .stride_width = 2, .pad_top = 1, .pad_left = 1};

/* generator.relu1'  [64, 7, 7, 64]  on each finished part of the contraction above  Models/ArticlePenalty.swift:13 */
static void g_grad_generator_relu1(const struct frame *f, struct part part)
{
    const real *const generator_relu1 = f->arena + g_at_generator_relu1;
    real *const CGANC_RESTRICT out = f->arena + g_at_grad_generator_relu1;
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 64 + j] = out[i * 64 + j] * real_step(generator_relu1[i * 64 + j]);
}

/* generator.dense1'  [110, 3136]  Aᵀ·B, 110 x 64 x 3136  Models/ArticlePenalty.swift:12 */
static const struct matmul g_grad_generator_dense1_weight = {.m = 110, .n = 3136, .k = 64, .transpose_a = 1};

static void g_grad_generator_dense1_weight_squares(const struct frame *f, struct part part)
{
    gradient_part(f, gradient_at_generator_dense1_weight, 3136, part);
}

/* generator.dense1'  [3136]  Models/ArticlePenalty.swift:12 */
static const struct row_sums g_grad_generator_dense1_sum =
    {.parts = 1, .rows = 64, .columns = 3136, .row_stride = 3136};

static void generator_run(const struct frame *f)
{
    AT(0) gather_labels(f, (int32_t *)(f->arena + g_at_labels), 64);
    AT(1) one_hot((int32_t *)(f->arena + g_at_labels), 64, 10, f->arena + g_at_generator_inputs1_one_hot);
    AT(2) loop_run(f, g_grad_discriminator_inputs1_fake, 16, 1024);
    AT(3) generator_draw(f, 0, f->run, f->arena + g_at_latent);
    AT(4) loop_run(f, g_generator_inputs1_with_latent, 64, 320);
    AT(5) loop_run(f, g_generator_inputs1_with_one_hot, 64, 3264);
    AT(6) gather_rows(f->pool, &g_discriminator_inputs1_real_rows,
                      f->parameters + parameter_at_discriminator_labelPlane_weight, (int32_t *)(f->arena + g_at_labels),
                      f->arena + g_at_discriminator_inputs1_real_rows);
    AT(7) loop_run(f, g_discriminator_inputs1_fake_with_real_rows, 50176, 32768);
    AT(8) matmul(f->pool, &g_generator_dense1, f->arena + g_at_generator_inputs1,
                 f->parameters + parameter_at_generator_dense1_weight, f->arena + g_at_generator_relu1,
                 &(struct epilogue){g_generator_relu1, f});
    AT(9) filtered_input_gradient(f->pool, &g_generator_convTranspose1, f->arena + g_at_generator_relu1,
                                  f->parameters + parameter_at_generator_convTranspose1_weight,
                                  f->arena + g_at_generator_relu2, &(struct epilogue){g_generator_relu2, f});
    AT(10) narrow_input_gradient(f->pool, &g_generator_convTranspose2, f->arena + g_at_generator_relu2,
                                 f->parameters + parameter_at_generator_convTranspose2_weight,
                                 f->arena + g_at_generator_tanh1, &(struct epilogue){g_generator_tanh1, f});
    AT(11) loop_run(f, g_discriminator_inputs1_fake_with_generator_tanh1, 50176, 32768);
    AT(12) convolution_forward(f->pool, &g_discriminator_conv1_fake, f->arena + g_at_discriminator_inputs1_fake,
                               f->parameters + parameter_at_discriminator_conv1_weight,
                               f->arena + g_at_discriminator_leakyReLU1_fake,
                               &(struct epilogue){g_discriminator_leakyReLU1_fake, f});
    AT(13) filtered_forward(f->pool, &g_discriminator_conv2_fake, f->arena + g_at_discriminator_leakyReLU1_fake,
                            f->parameters + parameter_at_discriminator_conv2_weight,
                            f->arena + g_at_discriminator_leakyReLU2_fake,
                            &(struct epilogue){g_discriminator_leakyReLU2_fake, f});
    AT(14) matmul(f->pool, &g_discriminator_dense1_fake, f->arena + g_at_discriminator_leakyReLU2_fake,
                  f->parameters + parameter_at_discriminator_dense1_weight, f->arena + g_at_discriminator_sigmoid1_fake,
                  &(struct epilogue){g_discriminator_sigmoid1_fake, f});
    AT(15) loop_run(f, g_loss, 64, 16384);
    AT(16) loop_run(f, g_loss_lesser, 64, 16384);
    AT(17) g_loss_sum(f);
    AT(18) g_value_loss(f);
    AT(19) loop_run(f, g_grad_discriminator_sigmoid1_fake, 64, 3120);
    AT(20) loop_run(f, g_grad_discriminator_leakyReLU2_fake, 64, 2);
    AT(21) filtered_input_gradient(f->pool, &g_grad_discriminator_conv2_fake_input,
                                   f->arena + g_at_grad_discriminator_leakyReLU2_fake,
                                   f->parameters + parameter_at_discriminator_conv2_weight,
                                   f->arena + g_at_grad_discriminator_leakyReLU1_fake,
                                   &(struct epilogue){g_grad_discriminator_leakyReLU1_fake, f});
    AT(22) narrow_input_gradient(f->pool, &g_grad_discriminator_inputs1_fake_input,
                                 f->arena + g_at_grad_discriminator_leakyReLU1_fake,
                                 f->arena + g_at_grad_discriminator_inputs1_fake, f->arena + g_at_grad_generator_tanh1,
                                 &(struct epilogue){g_grad_generator_tanh1, f});
    AT(23) loop_run(f, g_grad_generator_convTranspose2_sum_parts, 4, 2);
    AT(24) g_grad_generator_convTranspose2_sum(f);
    AT(25) narrow_weight_gradient(f->pool, &g_grad_generator_convTranspose2_weight,
                                  f->arena + g_at_grad_generator_tanh1, f->arena + g_at_generator_relu2,
                                  f->gradients + gradient_at_generator_convTranspose2_weight, NULL);
    AT(26) convolution_forward(f->pool, &g_grad_generator_convTranspose2, f->arena + g_at_grad_generator_tanh1,
                               f->parameters + parameter_at_generator_convTranspose2_weight,
                               f->arena + g_at_grad_generator_relu2, &(struct epilogue){g_grad_generator_relu2, f});
    AT(27) sum_rows(f->pool, &g_grad_generator_convTranspose1_sum_parts, f->arena + g_at_grad_generator_relu2,
                    f->arena + g_at_grad_generator_convTranspose1_sum_parts);
    AT(28) sum_rows(f->pool, &g_grad_generator_convTranspose1_sum,
                    f->arena + g_at_grad_generator_convTranspose1_sum_parts,
                    f->gradients + gradient_at_generator_convTranspose1_bias);
    AT(29) filtered_weight_gradient(f->pool, &g_grad_generator_convTranspose1_weight,
                                    f->arena + g_at_grad_generator_relu2, f->arena + g_at_generator_relu1,
                                    f->gradients + gradient_at_generator_convTranspose1_weight, NULL);
    AT(30) filtered_forward(f->pool, &g_grad_generator_convTranspose1, f->arena + g_at_grad_generator_relu2,
                            f->parameters + parameter_at_generator_convTranspose1_weight,
                            f->arena + g_at_grad_generator_relu1, &(struct epilogue){g_grad_generator_relu1, f});
    AT(31) matmul(f->pool, &g_grad_generator_dense1_weight, f->arena + g_at_generator_inputs1,
                  f->arena + g_at_grad_generator_relu1, f->gradients + gradient_at_generator_dense1_weight,
                  &(struct epilogue){g_grad_generator_dense1_weight_squares, f});
    AT(32) sum_rows(f->pool, &g_grad_generator_dense1_sum, f->arena + g_at_grad_generator_relu1,
                    f->gradients + gradient_at_generator_dense1_bias);
}

/* Update number t of the generator: Adam. */
static void generator_update(struct frame f, real *first_moments, real *second_moments, real *average, uint64_t t)
{
    static const struct update_limits limits = {.gradient_scale = 1, .parameter_limit = INFINITY};
    static const struct adam rule = {.rate = 0.0001, .beta1 = 0.9, .beta2 = 0.999, .epsilon = 1e-08};
    const struct update_context update = adam_update(&rule, &limits, &f.watch, t, f.gradients + gradients_of_generator,
                                                     f.parameters + parameters_of_generator,
                                                     first_moments + gradients_of_generator,
                                                     second_moments + gradients_of_generator);
    update_watched(f.pool, &update);
    (void)average;
}


/* ---- Function sample --------------------------------------------------------------------------------------------- */

/* Places in the arena, in reals: 7680 in all, 7680 the most that is alive at once. */
enum {
    s_at_generator_inputs1_one_hot = 7040, /* [64, 10] */
    s_at_generator_inputs1 = 0, /* [64, 110] */
};

/* generator.inputs1  [64, 100]  Models/ArticlePenalty.swift:11 */
static void s_generator_inputs1_with_latent(const struct frame *f, int64_t first, int64_t last)
{
    const real *const latent = f->arguments[0];
    real *const CGANC_RESTRICT out = f->arena + s_at_generator_inputs1;
    for (int64_t i = first; i < last; i++)
        for (int64_t j = 0; j < 100; j++)
            out[i * 110 + j] = latent[i * 100 + j];
}

/* generator.inputs1  [64, 10]  Models/ArticlePenalty.swift:11 */
static void s_generator_inputs1_with_one_hot(const struct frame *f, int64_t first, int64_t last)
{
    const real *const generator_inputs1_one_hot = f->arena + s_at_generator_inputs1_one_hot;
    real *const CGANC_RESTRICT out = f->arena + s_at_generator_inputs1;
    for (int64_t i = first; i < last; i++)
        for (int64_t j = 0; j < 10; j++)
            out[i * 110 + j + 100] = generator_inputs1_one_hot[i * 10 + j];
}

/* generator.dense1  [64, 3136]  A·B, 64 x 110 x 3136  Models/ArticlePenalty.swift:12 */
static const struct matmul s_generator_dense1 = {.m = 64, .n = 3136, .k = 110};

/* generator.relu1, generator.dense1  [64, 3136]  on each finished part of the contraction above
 * Models/ArticlePenalty.swift:13, Models/ArticlePenalty.swift:12 */
static void s_generator_relu1(const struct frame *f, struct part part)
{
    const real *const generator_dense1_bias = f->parameters + parameter_at_generator_dense1_bias;
    real *const CGANC_RESTRICT out = f->results[1];
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 3136 + j] = real_relu(out[i * 3136 + j] + generator_dense1_bias[j]);
}

/* generator.convTranspose1  [64, 14, 14, 32]  input gradient (transposed convolution) of [64, 14, 14, 32], 4x4
 * stride 2x2 pad 1,1,1,1
 * Models/ArticlePenalty.swift:15 */
static const struct convolution s_generator_convTranspose1 = {
    .batch = 64, .height = 14, .width = 14, .channels = 32, .out_height = 7, .out_width = 7, .out_channels = 64,
    .kernel_height = 4, .kernel_width = 4, .stride_height = 2, .stride_width = 2, .pad_top = 1, .pad_left = 1};

/* generator.relu2, generator.convTranspose1  [64, 14, 14, 32]  on each finished part of the contraction above
 * Models/ArticlePenalty.swift:16, Models/ArticlePenalty.swift:15 */
static void s_generator_relu2(const struct frame *f, struct part part)
{
    const real *const generator_convTranspose1_bias = f->parameters + parameter_at_generator_convTranspose1_bias;
    real *const CGANC_RESTRICT out = f->results[2];
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 32 + j] = real_relu(out[i * 32 + j] + generator_convTranspose1_bias[j]);
}

/* generator.convTranspose2  [64, 28, 28, 1]  input gradient (transposed convolution) of [64, 28, 28, 1], 4x4 stride
 * 2x2 pad 1,1,1,1
 * Models/ArticlePenalty.swift:17 */
static const struct convolution s_generator_convTranspose2 = {
    .batch = 64, .height = 28, .width = 28, .channels = 1, .out_height = 14, .out_width = 14, .out_channels = 32,
    .kernel_height = 4, .kernel_width = 4, .stride_height = 2, .stride_width = 2, .pad_top = 1, .pad_left = 1};

/* generator.tanh1, generator.convTranspose2  [64, 28, 28, 1]  on each finished part of the contraction above
 * Models/ArticlePenalty.swift:18, Models/ArticlePenalty.swift:17 */
static void s_generator_tanh1(const struct frame *f, struct part part)
{
    const real *const generator_convTranspose2_bias = f->parameters + parameter_at_generator_convTranspose2_bias;
    real *const CGANC_RESTRICT out = f->results[0];
    const real value1 = generator_convTranspose2_bias[0];
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i + j] = real_tanh(out[i + j] + value1);
}

static void sample_run(const struct frame *f)
{
    AT(0) one_hot(f->arguments[1], 64, 10, f->arena + s_at_generator_inputs1_one_hot);
    AT(1) loop_run(f, s_generator_inputs1_with_latent, 64, 320);
    AT(2) loop_run(f, s_generator_inputs1_with_one_hot, 64, 3264);
    AT(3) matmul(f->pool, &s_generator_dense1, f->arena + s_at_generator_inputs1,
                 f->parameters + parameter_at_generator_dense1_weight, f->results[1],
                 &(struct epilogue){s_generator_relu1, f});
    AT(4) filtered_input_gradient(f->pool, &s_generator_convTranspose1, f->results[1],
                                  f->parameters + parameter_at_generator_convTranspose1_weight, f->results[2],
                                  &(struct epilogue){s_generator_relu2, f});
    AT(5) narrow_input_gradient(f->pool, &s_generator_convTranspose2, f->results[2],
                                f->parameters + parameter_at_generator_convTranspose2_weight, f->results[0],
                                &(struct epilogue){s_generator_tanh1, f});
}

/* ---- Function score ---------------------------------------------------------------------------------------------- */

/* Places in the arena, in reals: 150528 in all, 150528 the most that is alive at once. */
enum {
    p_at_discriminator_inputs1_real_rows = 100352, /* [64, 784] */
    p_at_discriminator_inputs1_real = 0, /* [64, 28, 28, 2] */
};

/* discriminator.inputs1.real  [64, 784]  Models/ArticlePenalty.swift:22 */
static const struct row_lookup p_discriminator_inputs1_real_rows = {.rows = 64, .table_rows = 10, .width = 784};

/* discriminator.inputs1.real  [64, 28, 28, 1]  Models/ArticlePenalty.swift:22 */
static void p_discriminator_inputs1_real_with_rows(const struct frame *f, int64_t first, int64_t last)
{
    const real *const discriminator_inputs1_real_rows = f->arena + p_at_discriminator_inputs1_real_rows;
    real *const CGANC_RESTRICT out = f->arena + p_at_discriminator_inputs1_real;
    for (int64_t i = first; i < last; i++)
        out[i * 2 + 1] = discriminator_inputs1_real_rows[i];
}

/* discriminator.inputs1.real  [64, 28, 28, 1]  Models/ArticlePenalty.swift:22 */
static void p_discriminator_inputs1_real_with_images(const struct frame *f, int64_t first, int64_t last)
{
    const real *const images = f->arguments[0];
    real *const CGANC_RESTRICT out = f->arena + p_at_discriminator_inputs1_real;
    for (int64_t i = first; i < last; i++)
        out[i * 2] = images[i];
}

/* discriminator.conv1.real  [64, 14, 14, 32]  convolution of [64, 28, 28, 2], 4x4 stride 2x2 pad 1,1,1,1
 * Models/ArticlePenalty.swift:23 */
static const struct convolution p_discriminator_conv1_real = {
    .batch = 64, .height = 28, .width = 28, .channels = 2, .out_height = 14, .out_width = 14, .out_channels = 32,
    .kernel_height = 4, .kernel_width = 4, .stride_height = 2, .stride_width = 2, .pad_top = 1, .pad_left = 1};

/* discriminator.leakyReLU1.real, discriminator.conv1.real  [64, 14, 14, 32]  on each finished part of the
 * contraction above
 * Models/ArticlePenalty.swift:24, Models/ArticlePenalty.swift:23 */
static void p_discriminator_leakyReLU1_real(const struct frame *f, struct part part)
{
    const real *const discriminator_conv1_bias = f->parameters + parameter_at_discriminator_conv1_bias;
    real *const CGANC_RESTRICT out = f->results[1];
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 32 + j] = real_leaky_relu(out[i * 32 + j] + discriminator_conv1_bias[j], REAL(0.2));
}

/* discriminator.conv2.real  [64, 7, 7, 64]  convolution of [64, 14, 14, 32], 4x4 stride 2x2 pad 1,1,1,1
 * Models/ArticlePenalty.swift:25 */
static const struct convolution p_discriminator_conv2_real = {
    .batch = 64, .height = 14, .width = 14, .channels = 32, .out_height = 7, .out_width = 7, .out_channels = 64,
    .kernel_height = 4, .kernel_width = 4, .stride_height = 2, .stride_width = 2, .pad_top = 1, .pad_left = 1};

/* discriminator.leakyReLU2.real, discriminator.conv2.real  [64, 7, 7, 64]  on each finished part of the contraction
 * above
 * Models/ArticlePenalty.swift:26, Models/ArticlePenalty.swift:25 */
static void p_discriminator_leakyReLU2_real(const struct frame *f, struct part part)
{
    const real *const discriminator_conv2_bias = f->parameters + parameter_at_discriminator_conv2_bias;
    real *const CGANC_RESTRICT out = f->results[2];
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 64 + j] = real_leaky_relu(out[i * 64 + j] + discriminator_conv2_bias[j], REAL(0.2));
}

/* discriminator.dense1.real  [64, 1]  A·B, 64 x 3136 x 1  Models/ArticlePenalty.swift:27 */
static const struct matmul p_discriminator_dense1_real = {.m = 64, .n = 1, .k = 3136};

/* discriminator.dense1.real  [64, 1]  on each finished part of the contraction above
 * Models/ArticlePenalty.swift:27 */
static void p_discriminator_dense1_real_sum(const struct frame *f, struct part part)
{
    const real *const discriminator_dense1_bias = f->parameters + parameter_at_discriminator_dense1_bias;
    real *const CGANC_RESTRICT out = f->results[0];
    const real value1 = discriminator_dense1_bias[0];
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i + j] = out[i + j] + value1;
}

static void score_run(const struct frame *f)
{
    AT(0) gather_rows(f->pool, &p_discriminator_inputs1_real_rows,
                      f->parameters + parameter_at_discriminator_labelPlane_weight, f->arguments[1],
                      f->arena + p_at_discriminator_inputs1_real_rows);
    AT(1) loop_run(f, p_discriminator_inputs1_real_with_rows, 50176, 32768);
    AT(2) loop_run(f, p_discriminator_inputs1_real_with_images, 50176, 32768);
    AT(3) convolution_forward(f->pool, &p_discriminator_conv1_real, f->arena + p_at_discriminator_inputs1_real,
                              f->parameters + parameter_at_discriminator_conv1_weight, f->results[1],
                              &(struct epilogue){p_discriminator_leakyReLU1_real, f});
    AT(4) filtered_forward(f->pool, &p_discriminator_conv2_real, f->results[1],
                           f->parameters + parameter_at_discriminator_conv2_weight, f->results[2],
                           &(struct epilogue){p_discriminator_leakyReLU2_real, f});
    AT(5) matmul(f->pool, &p_discriminator_dense1_real, f->results[2],
                 f->parameters + parameter_at_discriminator_dense1_weight, f->results[0],
                 &(struct epilogue){p_discriminator_dense1_real_sum, f});
}

/* ---- Tables ---------------------------------------------------------------------------------------------------- */

/* Extents that the shell needs besides those in the header. */
enum {
    PARAMETER_REALS = 426304,
    GRADIENT_REALS = 426304,
    RENEWED_REALS = 0,
    VALUE_REALS = 32,
    STAGING_REALS = 56640,
    ARENA_REALS = 4554624,
    KEEPS_FIRST_MOMENTS = 1,
    KEEPS_SECOND_MOMENTS = 1,
    KEEPS_AVERAGE = 0,
    PARAMETER_COUNT = 13,
    PHASE_COUNT = 2,
    MOST_KERNELS = 77,
    RUNS_PER_STEP = 2,
    FUNCTION_COUNT = 2,
    SAMPLER = 0,
    SAMPLER_LATENT = 0,
    SAMPLER_LABELS = 1,
    SAMPLER_RESULTS = 3,
};

/* Tables: what the shell knows of this model. */
enum {
    MODEL_BATCH = CGANC_MODEL_BATCH,
    MODEL_HEIGHT = CGANC_MODEL_HEIGHT,
    MODEL_WIDTH = CGANC_MODEL_WIDTH,
    MODEL_CHANNELS = CGANC_MODEL_CHANNELS,
    MODEL_CLASSES = CGANC_MODEL_CLASSES,
    MODEL_LATENT = CGANC_MODEL_LATENT
};

enum initial_law { INITIAL_CONSTANT, INITIAL_NORMAL, INITIAL_UNIFORM };

/* A trained tensor, or a statistic, which has no gradient. */
struct parameter_entry {
    const char *name;
    int64_t offset, gradient, count; /* places among the parameters, and among gradients and moments or -1 */
    enum initial_law law;
    double size; /* the constant, the deviation, or the half-width */
};

enum tensor_kind { TENSOR_PARAMETER, TENSOR_GRADIENT, TENSOR_FIRST_MOMENT, TENSOR_SECOND_MOMENT, TENSOR_AVERAGE };

/* Some tensors of the manifest that follow each other: those of so many parameters from `first` on. */
struct tensor_run {
    enum tensor_kind kind;
    uint32_t first, count;
};

struct phase_entry {
    const char *name;
    void (*run)(const struct frame *f);
    /* Applies the gradients as update number t (from 1), then renews statistics and the moving average. */
    void (*update)(struct frame f, real *first_moments, real *second_moments, real *average, uint64_t t);
    /* Draw `number` as run `run` sees it. */
    void (*draw)(const struct frame *f, uint32_t number, uint64_t run, real *out);
    uint32_t runs, first_run, draw_count, value_count, first_value;
    int64_t first_gradient, gradient_count;
    const char *const *value_names;
    /* Gradients that are left for `update`, whether an operand of theirs is large, and how they alone are computed; or
     * NULL. */
    const struct weight_product *left;
    int (*has_large)(const struct frame *f);
    void (*run_left)(const struct frame *f, const struct update_context *update);
};

struct function_entry {
    const char *name;
    void (*run)(const struct frame *f);
};

/* The counters of random numbers outside training: initial values, and the series of sampled latents. */
#define INITIAL_RUN UINT64_MAX
#define SAMPLE_RUN (UINT64_C(1) << 63)

#ifdef CGANC_PROFILE
/* Of each function, phases first: its kernels' counters, then those of the gradients' norms and of the update. */
static _Thread_local cganc_counter counters[PHASE_COUNT + FUNCTION_COUNT][MOST_KERNELS + 2];
#endif

/* Reals of scratch that one thread needs. */
static CGANC_COLD int64_t scratch_reals(void)
{
    int64_t most = 0;
    most = integer_max(most, matmul_scratch(&d_generator_dense1));
    most = integer_max(most, filtered_scratch(&d_generator_convTranspose1, CONVOLUTION_INPUT_GRADIENT));
    most = integer_max(most, narrow_input_gradient_scratch(&d_generator_convTranspose2));
    most = integer_max(most, convolution_scratch(&d_discriminator_conv1, CONVOLUTION_FORWARD));
    most = integer_max(most, filtered_scratch(&d_discriminator_conv2, CONVOLUTION_FORWARD));
    most = integer_max(most, filtered_scratch(&d_grad_discriminator_conv2_input, CONVOLUTION_INPUT_GRADIENT));
    most = integer_max(most, narrow_weight_gradient_scratch(&d_grad_discriminator_conv1_weight));
    most = integer_max(most, narrow_weight_gradient_scratch(&d_grad_grad_discriminator_conv1_interpolate_weight));
    most = integer_max(most, convolution_scratch(&d_grad_grad_discriminator_conv1_interpolate, CONVOLUTION_FORWARD));
    most = integer_max(most, filtered_weight_gradient_scratch(&d_grad_grad_discriminator_conv2_interpolate_weight));
    most = integer_max(most, filtered_scratch(&d_grad_grad_discriminator_conv2_interpolate, CONVOLUTION_FORWARD));
    most = integer_max(most, filtered_weight_gradient_scratch(&d_grad_discriminator_conv2_weight));
    most = integer_max(most, narrow_weight_gradient_scratch(&d_grad_discriminator_conv1_interpolate_weight));
    most = integer_max(most, convolution_scratch(&g_discriminator_conv1_fake, CONVOLUTION_FORWARD));
    most = integer_max(most, matmul_scratch(&g_grad_generator_dense1_weight));
    return most;
}

/* Reals that hold the operands of what a phase leaves for its update. */
static CGANC_COLD int64_t laid_out_reals(void)
{
    return 0;
}

static const struct parameter_entry parameter_table[] = {
    {"generator.dense1.weight", 0, 0, 344960, INITIAL_UNIFORM, 0.04299335803923478},
    {"generator.dense1.bias", 344960, 344960, 3136, INITIAL_CONSTANT, 0.0},
    {"generator.convTranspose1.weight", 348096, 348096, 32768, INITIAL_NORMAL, 0.08838834764831845},
    {"generator.convTranspose1.bias", 380864, 380864, 32, INITIAL_CONSTANT, 0.0},
    {"generator.convTranspose2.weight", 380896, 380896, 512, INITIAL_NORMAL, 0.08838834764831845},
    {"generator.convTranspose2.bias", 381408, 381408, 1, INITIAL_CONSTANT, 0.0},
    {"discriminator.labelPlane.weight", 381424, 381424, 7840, INITIAL_NORMAL, 1.0},
    {"discriminator.conv1.weight", 389264, 389264, 1024, INITIAL_NORMAL, 0.25},
    {"discriminator.conv1.bias", 390288, 390288, 32, INITIAL_CONSTANT, 0.0},
    {"discriminator.conv2.weight", 390320, 390320, 32768, INITIAL_NORMAL, 0.0625},
    {"discriminator.conv2.bias", 423088, 423088, 64, INITIAL_CONSTANT, 0.0},
    {"discriminator.dense1.weight", 423152, 423152, 3136, INITIAL_UNIFORM, 0.04373391593776521},
    {"discriminator.dense1.bias", 426288, 426288, 1, INITIAL_CONSTANT, 0.0},
    {0},
};

static const struct tensor_run tensor_runs[] = {
    {TENSOR_PARAMETER, 0, 6},
    {TENSOR_GRADIENT, 0, 6},
    {TENSOR_FIRST_MOMENT, 0, 6},
    {TENSOR_SECOND_MOMENT, 0, 6},
    {TENSOR_PARAMETER, 6, 7},
    {TENSOR_GRADIENT, 6, 7},
    {TENSOR_FIRST_MOMENT, 6, 7},
    {TENSOR_SECOND_MOMENT, 6, 7},
    {0},
};

static const char *const discriminator_values[] = {"loss", "real", "fake", "slope", "penalty", NULL};
static const char *const generator_values[] = {"loss", NULL};

static const struct phase_entry phases[] = {
    {.name = "discriminator",
     .run = discriminator_run,
     .update = discriminator_update,
     .draw = discriminator_draw,
     .runs = 1, .first_run = 0, .draw_count = 2,
     .value_count = 5, .first_value = 0,
     .first_gradient = 381424, .gradient_count = 44880,
     .value_names = discriminator_values},
    {.name = "generator",
     .run = generator_run,
     .update = generator_update,
     .draw = generator_draw,
     .runs = 1, .first_run = 1, .draw_count = 1,
     .value_count = 1, .first_value = 16,
     .first_gradient = 0, .gradient_count = 381424,
     .value_names = generator_values},
    {0},
};

/* Where in the arena the sampler's results lie besides the images. */
static const int64_t sampler_places[] = {7680, 208384, 0};

static const struct function_entry functions[] = {
    {"sample", sample_run},
    {"score", score_run},
    {0},
};

#ifdef CGANC_DOUBLE
#define CGANC_PRECISION "double"
#else
#define CGANC_PRECISION "float"
#endif
static const char manifest[] =
    "{\"version\": 1, \"model\": \"article-penalty\",\n"
    "\"precision\": \"" CGANC_PRECISION "\",\n"
    "\"batch\": 64, \"image\": [28,28,1], \"classes\": 10, \"latent\": 100, \"arena\": 4554624,\n"
    "\"tensors\": [\n"
    "  {\"kind\":\"parameter\",\"layout\":\"in,out\",\"name\":\"generator.dense1.weight\",\"network\":\"generator\",\"shape\":[110,3136]}, {\"kind\":\"parameter\",\"layout\":\"channel\",\"name\":\"generator.dense1.bias\",\"network\":\"generator\",\"shape\":[3136]}, {\"kind\":\"parameter\",\"layout\":\"HWOI\",\"name\":\"generator.convTranspose1.weight\",\"network\":\"generator\",\"shape\":[4,4,32,64]}, {\"kind\":\"parameter\",\"layout\":\"channel\",\"name\":\"generator.convTranspose1.bias\",\"network\":\"generator\",\"shape\":[32]},\n"
    "  {\"kind\":\"parameter\",\"layout\":\"HWOI\",\"name\":\"generator.convTranspose2.weight\",\"network\":\"generator\",\"shape\":[4,4,1,32]}, {\"kind\":\"parameter\",\"layout\":\"channel\",\"name\":\"generator.convTranspose2.bias\",\"network\":\"generator\",\"shape\":[1]}, {\"kind\":\"gradient\",\"layout\":\"in,out\",\"name\":\"generator.dense1.weight\",\"network\":\"generator\",\"shape\":[110,3136]}, {\"kind\":\"gradient\",\"layout\":\"channel\",\"name\":\"generator.dense1.bias\",\"network\":\"generator\",\"shape\":[3136]},\n"
    "  {\"kind\":\"gradient\",\"layout\":\"HWOI\",\"name\":\"generator.convTranspose1.weight\",\"network\":\"generator\",\"shape\":[4,4,32,64]}, {\"kind\":\"gradient\",\"layout\":\"channel\",\"name\":\"generator.convTranspose1.bias\",\"network\":\"generator\",\"shape\":[32]}, {\"kind\":\"gradient\",\"layout\":\"HWOI\",\"name\":\"generator.convTranspose2.weight\",\"network\":\"generator\",\"shape\":[4,4,1,32]}, {\"kind\":\"gradient\",\"layout\":\"channel\",\"name\":\"generator.convTranspose2.bias\",\"network\":\"generator\",\"shape\":[1]},\n"
    "  {\"kind\":\"first moment\",\"layout\":\"in,out\",\"name\":\"generator.dense1.weight\",\"network\":\"generator\",\"shape\":[110,3136]}, {\"kind\":\"first moment\",\"layout\":\"channel\",\"name\":\"generator.dense1.bias\",\"network\":\"generator\",\"shape\":[3136]}, {\"kind\":\"first moment\",\"layout\":\"HWOI\",\"name\":\"generator.convTranspose1.weight\",\"network\":\"generator\",\"shape\":[4,4,32,64]}, {\"kind\":\"first moment\",\"layout\":\"channel\",\"name\":\"generator.convTranspose1.bias\",\"network\":\"generator\",\"shape\":[32]},\n"
    "  {\"kind\":\"first moment\",\"layout\":\"HWOI\",\"name\":\"generator.convTranspose2.weight\",\"network\":\"generator\",\"shape\":[4,4,1,32]}, {\"kind\":\"first moment\",\"layout\":\"channel\",\"name\":\"generator.convTranspose2.bias\",\"network\":\"generator\",\"shape\":[1]}, {\"kind\":\"second moment\",\"layout\":\"in,out\",\"name\":\"generator.dense1.weight\",\"network\":\"generator\",\"shape\":[110,3136]}, {\"kind\":\"second moment\",\"layout\":\"channel\",\"name\":\"generator.dense1.bias\",\"network\":\"generator\",\"shape\":[3136]},\n"
    "  {\"kind\":\"second moment\",\"layout\":\"HWOI\",\"name\":\"generator.convTranspose1.weight\",\"network\":\"generator\",\"shape\":[4,4,32,64]}, {\"kind\":\"second moment\",\"layout\":\"channel\",\"name\":\"generator.convTranspose1.bias\",\"network\":\"generator\",\"shape\":[32]}, {\"kind\":\"second moment\",\"layout\":\"HWOI\",\"name\":\"generator.convTranspose2.weight\",\"network\":\"generator\",\"shape\":[4,4,1,32]}, {\"kind\":\"second moment\",\"layout\":\"channel\",\"name\":\"generator.convTranspose2.bias\",\"network\":\"generator\",\"shape\":[1]},\n"
    "  {\"kind\":\"parameter\",\"layout\":\"class,pixel\",\"name\":\"discriminator.labelPlane.weight\",\"network\":\"discriminator\",\"shape\":[10,784]}, {\"kind\":\"parameter\",\"layout\":\"HWIO\",\"name\":\"discriminator.conv1.weight\",\"network\":\"discriminator\",\"shape\":[4,4,2,32]}, {\"kind\":\"parameter\",\"layout\":\"channel\",\"name\":\"discriminator.conv1.bias\",\"network\":\"discriminator\",\"shape\":[32]}, {\"kind\":\"parameter\",\"layout\":\"HWIO\",\"name\":\"discriminator.conv2.weight\",\"network\":\"discriminator\",\"shape\":[4,4,32,64]},\n"
    "  {\"kind\":\"parameter\",\"layout\":\"channel\",\"name\":\"discriminator.conv2.bias\",\"network\":\"discriminator\",\"shape\":[64]}, {\"kind\":\"parameter\",\"layout\":\"in,out\",\"name\":\"discriminator.dense1.weight\",\"network\":\"discriminator\",\"shape\":[3136,1]}, {\"kind\":\"parameter\",\"layout\":\"channel\",\"name\":\"discriminator.dense1.bias\",\"network\":\"discriminator\",\"shape\":[1]}, {\"kind\":\"gradient\",\"layout\":\"class,pixel\",\"name\":\"discriminator.labelPlane.weight\",\"network\":\"discriminator\",\"shape\":[10,784]},\n"
    "  {\"kind\":\"gradient\",\"layout\":\"HWIO\",\"name\":\"discriminator.conv1.weight\",\"network\":\"discriminator\",\"shape\":[4,4,2,32]}, {\"kind\":\"gradient\",\"layout\":\"channel\",\"name\":\"discriminator.conv1.bias\",\"network\":\"discriminator\",\"shape\":[32]}, {\"kind\":\"gradient\",\"layout\":\"HWIO\",\"name\":\"discriminator.conv2.weight\",\"network\":\"discriminator\",\"shape\":[4,4,32,64]}, {\"kind\":\"gradient\",\"layout\":\"channel\",\"name\":\"discriminator.conv2.bias\",\"network\":\"discriminator\",\"shape\":[64]},\n"
    "  {\"kind\":\"gradient\",\"layout\":\"in,out\",\"name\":\"discriminator.dense1.weight\",\"network\":\"discriminator\",\"shape\":[3136,1]}, {\"kind\":\"gradient\",\"layout\":\"channel\",\"name\":\"discriminator.dense1.bias\",\"network\":\"discriminator\",\"shape\":[1]}, {\"kind\":\"first moment\",\"layout\":\"class,pixel\",\"name\":\"discriminator.labelPlane.weight\",\"network\":\"discriminator\",\"shape\":[10,784]}, {\"kind\":\"first moment\",\"layout\":\"HWIO\",\"name\":\"discriminator.conv1.weight\",\"network\":\"discriminator\",\"shape\":[4,4,2,32]},\n"
    "  {\"kind\":\"first moment\",\"layout\":\"channel\",\"name\":\"discriminator.conv1.bias\",\"network\":\"discriminator\",\"shape\":[32]}, {\"kind\":\"first moment\",\"layout\":\"HWIO\",\"name\":\"discriminator.conv2.weight\",\"network\":\"discriminator\",\"shape\":[4,4,32,64]}, {\"kind\":\"first moment\",\"layout\":\"channel\",\"name\":\"discriminator.conv2.bias\",\"network\":\"discriminator\",\"shape\":[64]}, {\"kind\":\"first moment\",\"layout\":\"in,out\",\"name\":\"discriminator.dense1.weight\",\"network\":\"discriminator\",\"shape\":[3136,1]},\n"
    "  {\"kind\":\"first moment\",\"layout\":\"channel\",\"name\":\"discriminator.dense1.bias\",\"network\":\"discriminator\",\"shape\":[1]}, {\"kind\":\"second moment\",\"layout\":\"class,pixel\",\"name\":\"discriminator.labelPlane.weight\",\"network\":\"discriminator\",\"shape\":[10,784]}, {\"kind\":\"second moment\",\"layout\":\"HWIO\",\"name\":\"discriminator.conv1.weight\",\"network\":\"discriminator\",\"shape\":[4,4,2,32]}, {\"kind\":\"second moment\",\"layout\":\"channel\",\"name\":\"discriminator.conv1.bias\",\"network\":\"discriminator\",\"shape\":[32]},\n"
    "  {\"kind\":\"second moment\",\"layout\":\"HWIO\",\"name\":\"discriminator.conv2.weight\",\"network\":\"discriminator\",\"shape\":[4,4,32,64]}, {\"kind\":\"second moment\",\"layout\":\"channel\",\"name\":\"discriminator.conv2.bias\",\"network\":\"discriminator\",\"shape\":[64]}, {\"kind\":\"second moment\",\"layout\":\"in,out\",\"name\":\"discriminator.dense1.weight\",\"network\":\"discriminator\",\"shape\":[3136,1]}, {\"kind\":\"second moment\",\"layout\":\"channel\",\"name\":\"discriminator.dense1.bias\",\"network\":\"discriminator\",\"shape\":[1]}\n"
    "],\n"
    "\"phases\": [\n"
    "  {\"draws\":[{\"law\":\"normal(0.0, 1.0)\",\"name\":\"latent\",\"shape\":[64,100]},{\"law\":\"uniform(0.0, 1.0)\",\"name\":\"alpha\",\"shape\":[64,1,1,1]}],\"name\":\"discriminator\",\"network\":\"discriminator\",\"optimizer\":{\"adam\":{\"beta1\":0.9,\"beta2\":0.999,\"epsilon\":1e-08,\"rate\":0.0001}},\"runs\":1,\"values\":[\"loss\",\"real\",\"fake\",\"slope\",\"penalty\"]},\n"
    "  {\"draws\":[{\"law\":\"normal(0.0, 1.0)\",\"name\":\"latent\",\"shape\":[64,100]}],\"name\":\"generator\",\"network\":\"generator\",\"optimizer\":{\"adam\":{\"beta1\":0.9,\"beta2\":0.999,\"epsilon\":1e-08,\"rate\":0.0001}},\"runs\":1,\"values\":[\"loss\"]}\n"
    "],\n"
    "\"functions\": [\n"
    "  {\"arguments\":[{\"element\":\"real\",\"name\":\"latent\",\"shape\":[64,100]},{\"element\":\"index\",\"name\":\"labels\",\"shape\":[64]}],\"name\":\"sample\",\"results\":[{\"element\":\"real\",\"name\":\"images\",\"shape\":[64,28,28,1]},{\"element\":\"real\",\"name\":\"activation:generator.relu1\",\"shape\":[64,3136]},{\"element\":\"real\",\"name\":\"activation:generator.relu2\",\"shape\":[64,14,14,32]}]},\n"
    "  {\"arguments\":[{\"element\":\"real\",\"name\":\"images\",\"shape\":[64,28,28,1]},{\"element\":\"index\",\"name\":\"labels\",\"shape\":[64]}],\"name\":\"score\",\"results\":[{\"element\":\"real\",\"name\":\"logits\",\"shape\":[64,1]},{\"element\":\"real\",\"name\":\"activation:discriminator.leakyReLU1\",\"shape\":[64,14,14,32]},{\"element\":\"real\",\"name\":\"activation:discriminator.leakyReLU2\",\"shape\":[64,7,7,64]}]}\n"
    "],\n"
    "\"watched\": [\n"
    "  {\"function\":0,\"kind\":\"tanh\",\"layer\":\"generator.tanh1\",\"result\":0,\"units\":1}, {\"function\":0,\"kind\":\"relu\",\"layer\":\"generator.relu1\",\"result\":1,\"units\":3136}, {\"function\":0,\"kind\":\"relu\",\"layer\":\"generator.relu2\",\"result\":2,\"units\":32}, {\"function\":1,\"kind\":\"other\",\"layer\":\"discriminator.leakyReLU1\",\"result\":1,\"units\":32},\n"
    "  {\"function\":1,\"kind\":\"other\",\"layer\":\"discriminator.leakyReLU2\",\"result\":2,\"units\":64}\n"
    "]}\n";

/* ---- Interface ------------------------------------------------------------------------------------------------- */

/* Shell: the C interface over the tables above. One allocation at creation; nothing is allocated in a step. */
struct cganc_model {
    struct pool pool;
    struct frame frame;
    real *moments[2]; /* the optimisers' state, laid out as the gradients; null if no optimiser keeps it */
    real *average;    /* the moving average, laid out as the parameters; null if the model keeps none */
    real *staging;    /* the sampler's operands and result for one batch */
    real *phase_values;
    struct tensor_watch watches[PHASE_COUNT + 1]; /* for each phase, the norms of the network that it updates */
    double (*squares)[SQUARES_KINDS];             /* of the trained tensors in the order of the manifest */
    void *memory;
    int64_t step_rows; /* examples that one step takes */
    char error[512];
    cganc_nonfinite nonfinite; /* the last one; of size 0 if there was none */
    char fact[384];
};

static _Thread_local char creation_error[512];

#define FAIL(model, status, ...) (snprintf((model)->error, sizeof(model)->error, __VA_ARGS__), (status))

uint32_t cganc_abi_version(void)
{
    return CGANC_ABI_VERSION;
}

const char *cganc_manifest(void)
{
    return manifest;
}

const char *cganc_last_error(const cganc_model *model)
{
    return model ? model->error : creation_error;
}

cganc_status cganc_last_nonfinite(const cganc_model *model, cganc_nonfinite *place)
{
    if (!model || !place || place->struct_size < sizeof(cganc_nonfinite) || !model->nonfinite.struct_size)
        return CGANC_ARGUMENT;
    *place = model->nonfinite;
    return CGANC_OK;
}

cganc_status cganc_initialise(cganc_model *model)
{
    if (!model)
        return CGANC_ARGUMENT;
    struct frame *f = &model->frame;
    memset(f->parameters, 0, PARAMETER_REALS * sizeof(real));
    for (int i = 0; i < 2; i++)
        if (model->moments[i])
            memset(model->moments[i], 0, GRADIENT_REALS * sizeof(real));
    for (uint32_t i = 0; i < PARAMETER_COUNT; i++) {
        const struct parameter_entry *value = &parameter_table[i];
        real *out = f->parameters + value->offset;
        switch (value->law) {
        case INITIAL_CONSTANT:
            for (int64_t j = 0; j < value->count; j++)
                out[j] = (real)value->size;
            break;
        case INITIAL_NORMAL:
            random_normal(out, 0, value->count, f->seed, INITIAL_RUN, i, 0, (real)value->size);
            break;
        case INITIAL_UNIFORM:
            random_uniform(out, 0, value->count, f->seed, INITIAL_RUN, i, (real)-value->size, (real)value->size);
            break;
        }
    }
    if (model->average)
        memcpy(model->average, f->parameters, PARAMETER_REALS * sizeof(real));
    return CGANC_OK;
}

/* Hands out the next `count` reals of the arena. */
static real *carve(real **rest, int64_t count)
{
    real *start = *rest;
    *rest += (count + 15) / 16 * 16;
    return start;
}

static size_t align_up(size_t bytes)
{
    return (bytes + CGANC_ALIGNMENT - 1) / CGANC_ALIGNMENT * CGANC_ALIGNMENT;
}

/* Room for the norms: a sum for each parameter and each place of a partial sum, and where those of each phase
 * start. */
enum {
    PARTIAL_COUNT = GRADIENT_REALS / UPDATE_GRAIN + 1 + PARAMETER_COUNT,
    WATCH_DOUBLES = (PARAMETER_COUNT + PARTIAL_COUNT) * SQUARES_KINDS,
    WATCH_STARTS = PARAMETER_COUNT + PHASE_COUNT,
    COLUMN_REALS = GRADIENT_REALS / SQUARES_STRETCH
};

/* Hands out `rest`, room for the numbers above, and `columns`, room for a gradient's, to the phases: the tensors of a
 * phase are those whose gradients lie in its range. */
static void lay_out_watches(cganc_model *model, void *rest, real *columns)
{
    model->squares = rest;
    double (*const partial)[SQUARES_KINDS] = model->squares + PARAMETER_COUNT;
    int64_t *starts = (int64_t *)(partial + PARTIAL_COUNT);
    for (uint32_t p = 0; p < PHASE_COUNT; p++) {
        const int64_t first = phases[p].first_gradient, end = first + phases[p].gradient_count;
        struct tensor_watch *watch = &model->watches[p];
        watch->starts = starts;
        watch->partial = partial;
        watch->columns = columns;
        watch->first = first;
        uint32_t trained = 0;
        for (uint32_t i = 0; i < PARAMETER_COUNT; i++) {
            const int64_t gradient = parameter_table[i].gradient;
            if (gradient >= first && gradient < end) {
                if (watch->tensors == 0)
                    watch->squares = model->squares + trained;
                watch->tensors++;
                *starts++ = gradient - first;
            }
            trained += gradient >= 0;
        }
        *starts++ = end - first;
    }
}

/* Memory is asked for in pages of this size, of which the processor keeps the addresses of all that a kernel uses. */
#define HUGE_PAGE ((size_t)2 << 20)

cganc_status cganc_create(const cganc_options *options, cganc_model **result)
{
    creation_error[0] = 0;
    if (!options || !result || options->struct_size < sizeof(cganc_options)) {
        snprintf(creation_error, sizeof creation_error, "cganc_create needs options of this version and a result");
        return CGANC_ARGUMENT;
    }
    if (options->threads < 1 || options->threads > POOL_MAXIMUM) {
        snprintf(creation_error, sizeof creation_error, "%d threads asked for; 1 to %d are possible",
                 (int)options->threads, POOL_MAXIMUM);
        return CGANC_ARGUMENT;
    }
    const int64_t scratch = integer_ceiling(scratch_reals(), 16) * 16; /* of each thread */
    const int64_t laid_out = laid_out_reals();
    const int64_t average = KEEPS_AVERAGE ? PARAMETER_REALS : 0;
    const int64_t gradients = (1 + KEEPS_FIRST_MOMENTS + KEEPS_SECOND_MOMENTS) * (int64_t)GRADIENT_REALS;
    const int64_t reals = PARAMETER_REALS + gradients + RENEWED_REALS + VALUE_REALS + average + STAGING_REALS +
                          ARENA_REALS + COLUMN_REALS + laid_out + 16 * 11;
    const size_t model_bytes = align_up(sizeof(cganc_model));
    const size_t watch_bytes = align_up(WATCH_DOUBLES * sizeof(double) + WATCH_STARTS * sizeof(int64_t));
    const size_t zeroed = model_bytes + watch_bytes + align_up((size_t)reals * sizeof(real));
    const size_t needed = zeroed + (size_t)options->threads * (size_t)scratch * sizeof(real);
    const size_t bytes = (needed + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    void *memory = aligned_alloc(HUGE_PAGE, bytes);
    if (!memory) {
        snprintf(creation_error, sizeof creation_error, "no memory for an arena of %zu bytes", bytes);
        return CGANC_MEMORY;
    }
#ifdef MADV_HUGEPAGE
    madvise(memory, bytes, MADV_HUGEPAGE); /* a wish: where it is refused, small pages do */
#endif
    memset(memory, 0, zeroed); /* scratch takes memory only where a thread writes to it */
    cganc_model *model = memory;
    model->memory = memory;
    real *rest = (real *)((char *)memory + model_bytes + watch_bytes);
    struct frame *f = &model->frame;
    f->pool = &model->pool;
    f->seed = options->seed;
    f->parameters = carve(&rest, PARAMETER_REALS);
    f->gradients = carve(&rest, GRADIENT_REALS);
    model->moments[0] = KEEPS_FIRST_MOMENTS ? carve(&rest, GRADIENT_REALS) : NULL;
    model->moments[1] = KEEPS_SECOND_MOMENTS ? carve(&rest, GRADIENT_REALS) : NULL;
    f->renewed = carve(&rest, RENEWED_REALS);
    model->phase_values = carve(&rest, VALUE_REALS);
    model->average = average ? carve(&rest, average) : NULL;
    model->staging = carve(&rest, STAGING_REALS);
    f->arena = carve(&rest, ARENA_REALS);
    lay_out_watches(model, (char *)memory + model_bytes, carve(&rest, COLUMN_REALS));
    f->laid_out = carve(&rest, laid_out);
    for (uint32_t i = 0; i < PHASE_COUNT; i++)
        model->step_rows += phases[i].runs * MODEL_BATCH;
    const int error = pool_start(&model->pool, options->threads);
    if (error) {
        snprintf(creation_error, sizeof creation_error, "%d threads could not be started: %s", (int)options->threads,
                 strerror(error));
        free(memory);
        return CGANC_THREAD;
    }
    pool_scratch(&model->pool, rest, (size_t)scratch * sizeof(real));
    *result = model;
    return cganc_initialise(model);
}

void cganc_destroy(cganc_model *model)
{
    if (!model)
        return;
    pool_stop(&model->pool);
    free(model->memory);
}

/* Checks the rows and labels of a batch before anything is indexed by them. */
static cganc_status check_batch(cganc_model *model, const cganc_batch *batch, int64_t rows)
{
    if (!batch || batch->struct_size < sizeof(cganc_batch))
        return FAIL(model, CGANC_ARGUMENT, "a step needs a batch of this version");
    if ((!batch->pixels && !batch->images) || !batch->labels)
        return FAIL(model, CGANC_ARGUMENT, "a batch needs pixels or images, and labels");
    for (int64_t i = 0; i < rows; i++) {
        const uint64_t row = batch->rows ? batch->rows[i] : (uint64_t)i;
        if (row >= batch->count)
            return FAIL(model, CGANC_LABEL, "example %lld of the batch is row %llu, but the data set has %llu",
                        (long long)i, (unsigned long long)row, (unsigned long long)batch->count);
        const int32_t label = batch->labels[row];
        if (label < 0 || label >= MODEL_CLASSES)
            return FAIL(model, CGANC_LABEL, "row %llu has label %d, but the classes are 0 to %d",
                        (unsigned long long)row, (int)label, MODEL_CLASSES - 1);
    }
    return CGANC_OK;
}

/* Which gradient or value of a phase is not finite, and that the parameters stay as they are. */
static cganc_status report_nonfinite(cganc_model *model, uint32_t index, uint64_t step, uint32_t run)
{
    const struct phase_entry *phase = &phases[index];
    const struct frame *f = &model->frame;
    const char *what = "a gradient", *name = "";
    for (uint32_t i = 0; i < phase->value_count && !*name; i++)
        if (!isfinite(f->values[i]))
            what = "the value", name = phase->value_names[i];
    for (uint32_t i = 0; i < PARAMETER_COUNT; i++) {
        const struct parameter_entry *tensor = &parameter_table[i];
        if (*name || tensor->gradient < phase->first_gradient ||
            tensor->gradient >= phase->first_gradient + phase->gradient_count)
            continue;
        if (!all_finite(f->pool, f->gradients + tensor->gradient, tensor->count))
            what = "the gradient of", name = tensor->name;
    }
    snprintf(model->fact, sizeof model->fact,
             "%s %s is not finite; the %s's parameters are as they were before the phase", what, name, phase->name);
    model->nonfinite = (cganc_nonfinite){
        .struct_size = sizeof(cganc_nonfinite), .step = step, .phase = index, .run = run, .fact = model->fact};
    return FAIL(model, CGANC_NONFINITE, "step %llu, %s phase: %s", (unsigned long long)step, phase->name, model->fact);
}

/* Whether the values of the running phase are finite, and its gradients but for those that are left for the update. */
static int phase_is_finite(const struct frame *f, const struct phase_entry *phase)
{
    const struct tensor_watch *watch = &f->watch;
    const real *gradients = f->gradients + phase->first_gradient;
    int finite = 1;
    /* In double precision a sum of finite squares can be infinite. */
    if (!isfinite(gradient_squares(f->pool, watch, gradients)))
        for (int64_t k = 0; k < watch->tensors; k++)
            finite &= is_left(watch, k) || all_finite(f->pool, gradients + watch->starts[k],
                                                      watch->starts[k + 1] - watch->starts[k]);
    for (uint32_t i = 0; i < phase->value_count; i++)
        finite &= isfinite(f->values[i]) != 0;
    return finite;
}

/* Runs one phase once, from examples `first_row` on, and applies its update if all of it is finite. */
static cganc_status run_phase(cganc_model *model, uint32_t index, uint64_t step, uint32_t run, uint64_t first_row,
                              const cganc_batch *batch)
{
    const struct phase_entry *phase = &phases[index];
    struct frame *f = &model->frame;
    f->batch = batch;
    f->first_row = first_row;
    f->run = step * RUNS_PER_STEP + phase->first_run + run;
    f->values = model->phase_values + phase->first_value;
    f->watch = model->watches[index];
    f->watch.left = phase->left;
    PROFILE(index)
    phase->run(f);
    AT(MOST_KERNELS)
    int finite = phase_is_finite(f, phase);
    if (phase->left && (!finite || phase->has_large(f))) {
        /* What is left may not be finite either: all gradients are looked at before anything is updated. */
        phase->run_left(f, NULL);
        f->watch.left = NULL;
        finite = phase_is_finite(f, phase);
    }
    AT(MOST_KERNELS + 1)
    if (finite)
        phase->update(model->frame, model->moments[0], model->moments[1], model->average, step * phase->runs + run + 1);
    AT_END
    return finite ? CGANC_OK : report_nonfinite(model, index, step, run);
}

static void report_values(const cganc_model *model, cganc_report *report)
{
    if (!report)
        return;
    uint64_t count = 0;
    for (uint32_t i = 0; i < PHASE_COUNT; i++)
        for (uint32_t j = 0; j < phases[i].value_count; j++, count++)
            if (count < report->value_capacity)
                report->values[count] = (double)model->phase_values[phases[i].first_value + j];
    report->value_count = count < report->value_capacity ? count : report->value_capacity;
}

static cganc_status check_report(cganc_model *model, const cganc_report *report)
{
    if (report && (report->struct_size < sizeof(cganc_report) || (!report->values && report->value_capacity)))
        return FAIL(model, CGANC_ARGUMENT, "a report of another version, or without room for its values");
    return CGANC_OK;
}

cganc_status cganc_step(cganc_model *model, uint64_t step, const cganc_batch *batch, cganc_report *report)
{
    if (!model)
        return CGANC_ARGUMENT;
    cganc_status status = check_report(model, report);
    if (status == CGANC_OK)
        status = check_batch(model, batch, model->step_rows);
    uint64_t row = 0;
    for (uint32_t i = 0; i < PHASE_COUNT && status == CGANC_OK; i++)
        for (uint32_t run = 0; run < phases[i].runs && status == CGANC_OK; run++, row += MODEL_BATCH)
            status = run_phase(model, i, step, run, row, batch);
    report_values(model, report);
    return status;
}

cganc_status cganc_phase(cganc_model *model, uint32_t phase, uint64_t step, uint32_t run, const cganc_batch *batch,
                         cganc_report *report)
{
    if (!model)
        return CGANC_ARGUMENT;
    if (phase >= PHASE_COUNT || run >= phases[phase].runs)
        return FAIL(model, CGANC_ARGUMENT, "phase %u, run %u does not exist", phase, run);
    cganc_status status = check_report(model, report);
    if (status == CGANC_OK)
        status = check_batch(model, batch, MODEL_BATCH);
    if (status == CGANC_OK)
        status = run_phase(model, phase, step, run, 0, batch);
    report_values(model, report);
    return status;
}

cganc_status cganc_norms(cganc_model *model, double *norms, uint64_t capacity)
{
    if (!model || (!norms && capacity))
        return CGANC_ARGUMENT;
    uint64_t count = 0;
    for (uint32_t i = 0; i < PARAMETER_COUNT; i++) {
        if (parameter_table[i].gradient < 0)
            continue;
        if (capacity < (count + 1) * SQUARES_KINDS)
            return FAIL(model, CGANC_ARGUMENT, "room for %llu norms, which are more", (unsigned long long)capacity);
        for (int kind = 0; kind < SQUARES_KINDS; kind++)
            norms[count * SQUARES_KINDS + kind] = sqrt(model->squares[count][kind]);
        count++;
    }
    return CGANC_OK;
}

/* Calls plain function `index` with parameters from `parameters`. */
static void call_function(cganc_model *model, uint32_t index, real *parameters, const void *const *arguments,
                          void *const *results)
{
    struct frame frame = model->frame;
    frame.parameters = parameters;
    frame.arguments = arguments;
    frame.results = results;
    PROFILE(PHASE_COUNT + index)
    functions[index].run(&frame);
    AT_END
}

cganc_status cganc_call(cganc_model *model, uint32_t function, const void *const *inputs, void *const *outputs)
{
    if (!model)
        return CGANC_ARGUMENT;
    if (function >= FUNCTION_COUNT)
        return FAIL(model, CGANC_ARGUMENT, "function %u does not exist", function);
    call_function(model, function, model->frame.parameters, inputs, outputs);
    return CGANC_OK;
}

cganc_status cganc_sample(cganc_model *model, const cganc_sample_request *request, void *images)
{
    if (!model)
        return CGANC_ARGUMENT;
    if (SAMPLER < 0)
        return FAIL(model, CGANC_ARGUMENT, "this model has no sampler");
    if (!request || request->struct_size < sizeof(cganc_sample_request) || !request->labels || !images)
        return FAIL(model, CGANC_ARGUMENT, "sampling needs a request of this version, labels and room for the images");
    for (uint64_t i = 0; i < request->count; i++)
        if (request->labels[i] < 0 || request->labels[i] >= MODEL_CLASSES)
            return FAIL(model, CGANC_LABEL, "label %d of sample %llu is not one of the classes 0 to %d",
                        (int)request->labels[i], (unsigned long long)i, MODEL_CLASSES - 1);
    real *rest = model->staging;
    real *latents = carve(&rest, MODEL_BATCH * (int64_t)MODEL_LATENT);
    int32_t *labels = (int32_t *)carve(&rest, MODEL_BATCH);
    real *result = rest;
    real *parameters = request->use_average && model->average ? model->average : model->frame.parameters;
    const void *arguments[3] = {0};
    if (SAMPLER_LATENT >= 0)
        arguments[SAMPLER_LATENT + 0] = latents;
    if (SAMPLER_LABELS >= 0)
        arguments[SAMPLER_LABELS + 0] = labels;
    void *results[SAMPLER_RESULTS + 1] = {result};
    for (int i = 1; i < SAMPLER_RESULTS; i++)
        results[i] = model->frame.arena + sampler_places[i - 1];
    const int64_t pixels = (int64_t)MODEL_HEIGHT * MODEL_WIDTH * MODEL_CHANNELS;
    for (uint64_t start = 0; start < request->count; start += MODEL_BATCH) {
        const int64_t count = integer_min(MODEL_BATCH, (int64_t)(request->count - start));
        memset(labels, 0, MODEL_BATCH * sizeof(int32_t));
        memcpy(labels, request->labels + start, (size_t)count * sizeof(int32_t));
        if (request->latents) {
            memset(latents, 0, MODEL_BATCH * (size_t)MODEL_LATENT * sizeof(real));
            memcpy(latents, (const real *)request->latents + start * MODEL_LATENT,
                   (size_t)count * MODEL_LATENT * sizeof(real));
        } else {
            random_normal(latents, 0, MODEL_BATCH * (int64_t)MODEL_LATENT, model->frame.seed,
                          SAMPLE_RUN + request->stream, (uint32_t)(start / MODEL_BATCH), 0, 1);
        }
        call_function(model, SAMPLER + 0U, parameters, arguments, results);
        memcpy((real *)images + (int64_t)start * pixels, result, (size_t)(count * pixels) * sizeof(real));
    }
    return CGANC_OK;
}

void *cganc_tensor(cganc_model *model, uint32_t index)
{
    const struct tensor_run *run = tensor_runs;
    for (; index >= run->count && run->count; run++)
        index -= run->count;
    if (!model || !run->count)
        return NULL;
    const struct parameter_entry *entry = &parameter_table[run->first + index];
    switch (run->kind) {
    case TENSOR_PARAMETER:
        return model->frame.parameters + entry->offset;
    case TENSOR_AVERAGE:
        return model->average + entry->offset;
    case TENSOR_GRADIENT:
        return model->frame.gradients + entry->gradient;
    case TENSOR_FIRST_MOMENT:
        return model->moments[0] + entry->gradient;
    case TENSOR_SECOND_MOMENT:
        return model->moments[1] + entry->gradient;
    }
    return NULL;
}

cganc_status cganc_random(cganc_model *model, uint32_t phase, uint32_t draw, uint64_t step, uint32_t run, void *values)
{
    if (!model)
        return CGANC_ARGUMENT;
    if (phase >= PHASE_COUNT || draw >= phases[phase].draw_count || run >= phases[phase].runs || !values)
        return FAIL(model, CGANC_ARGUMENT, "phase %u has no draw %u in run %u", phase, draw, run);
    phases[phase].draw(&model->frame, draw, step * RUNS_PER_STEP + phases[phase].first_run + run, values);
    return CGANC_OK;
}

cganc_status cganc_permutation(const cganc_model *model, uint64_t epoch, uint32_t count, uint32_t *order)
{
    if (!model || !order)
        return CGANC_ARGUMENT;
    random_permutation(order, count, model->frame.seed, epoch);
    return CGANC_OK;
}

#ifdef CGANC_PROFILE
uint32_t cganc_profile(uint32_t function, cganc_counter *values, uint32_t capacity)
{
    if (function >= PHASE_COUNT + FUNCTION_COUNT || capacity < MOST_KERNELS + 2)
        return 0;
    memcpy(values, counters[function], sizeof counters[function]);
    memset(counters[function], 0, sizeof counters[function]);
    return MOST_KERNELS + 2;
}
#endif

