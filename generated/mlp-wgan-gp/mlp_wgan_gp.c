/* mlp-wgan-gp: a training step of a conditional GAN
 *
 * Images 28x28x1, 10 classes, latent 100, batch 64.
 * generator: 1488912 trained parameters in 8 tensors.
 * discriminator: 1470465 trained parameters in 8 tensors.
 * One step: 2.805 GFLOP in contractions, an arena of 942784 reals.
 *
 * Written by cganc; do not edit. Build it with
 *     gcc -std=gnu11 -O3 -march=native -ffp-contract=off -fno-math-errno -fno-trapping-math -pthread -fPIC -shared \
 *         mlp_wgan_gp.c -o mlp_wgan_gp.so -lm
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

#include "mlp_wgan_gp.h"

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

/* Matrix products with panels of A. */

/* Reals of a row of A that one task puts into a panel. */
#define MATMUL_FLIP 256

/* Makes panels of A: each task a stretch of TILE_COLUMNS rows. */
static void matmul_flip_task(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct matmul_context *t = context;
    const struct matmul *s = t->shape;
    const int64_t stretches = integer_ceiling(s->k, MATMUL_FLIP);
    (void)scratch;
    for (int64_t task = first; task < last; task++) {
        const int64_t row = task / stretches * TILE_COLUMNS, k = task % stretches * MATMUL_FLIP;
        panels_from_columns(t->a + row * s->k + k, s->k, integer_min(MATMUL_FLIP, s->k - k),
                            integer_min(TILE_COLUMNS, s->m - row), t->shared + row * s->k + k * TILE_COLUMNS);
    }
}

/* `width` columns of C for one panel of A, as rows of TILE_COLUMNS in `out`: `rows` of them, the same columns of B
 * beginning at `b`. Those that are needed next begin at `ahead`, or are in the cache (NULL). */
static void matmul_flipped_tiles(const struct matmul_context *t, const struct tile_term *terms, const real *b,
                                 int64_t width, int64_t rows, const real *panel, const real *ahead, real *out)
{
    const struct matmul *s = t->shape;
    const int64_t tiles = integer_ceiling(width, TILE_ROWS), stride = matmul_stride(s);
    const int64_t columns = rows > LANES ? TILE_COLUMNS : LANES;
    for (int64_t tile = 0; tile < tiles; tile++) {
        const int64_t column = tile_first(width, tiles, tile), count = tile_first(width, tiles, tile + 1) - column;
        real *const sums = out + column * TILE_COLUMNS;
        if (!s->transpose_b) {
            tile_outers[rows > LANES][count - 1](terms, s->k, b + column, panel, ahead ? ahead - b : 0, 0, sums,
                                                 TILE_COLUMNS, columns);
            continue;
        }
        const real *x[TILE_ROWS];
        real *to[TILE_ROWS];
        for (int64_t i = 0; i < count; i++) {
            x[i] = b + (column + i) * stride;
            to[i] = sums + i * TILE_COLUMNS;
        }
        struct tile_walk walk = {.segments = 1, .length = s->k};
        if (ahead) {
            walk.ahead = (uintptr_t)(ahead + column * s->k);
            walk.ahead_step = 2 * CGANC_ALIGNMENT, walk.ahead_terms = 2;
        }
        tile_dots[rows > LANES][count - 1](&walk, x, panel, to, columns);
    }
}

static void matmul_flipped_task(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct matmul_context *t = context;
    const struct matmul *s = t->shape;
    const int64_t stride = matmul_stride(s);
    real *const copy = scratch_start(scratch) + matmul_shared(t);
    struct tile_term *const terms = (void *)(copy + matmul_part(t));
    real *const sums = (real *)terms + scratch_piece(s->k, sizeof(struct tile_term));
    const int copies = stride != s->k;
    for (int64_t k = 0; k < s->k; k++)
        terms[k] = (struct tile_term){k * s->n, k * TILE_COLUMNS};
    for (int64_t part = first; part < last; part++) {
        const int64_t left = matmul_column(t, part), width = matmul_column(t, part + 1) - left;
        const real *const from = t->b + (s->transpose_b ? left * s->k : left);
        for (int64_t i = 0; copies && i < width; i++)
            memcpy(copy + i * stride, from + i * s->k, (size_t)s->k * sizeof(real));
        const real *const b = copies ? copy : from;
        /* The next tile's columns, or what the next task will copy. */
        const real *const ahead = !s->transpose_b ? b + 2 * TILE_ROWS - 1 : from + (copies ? width : TILE_ROWS) * s->k;
        for (int64_t row = 0; row < s->m; row += TILE_COLUMNS) {
            const int64_t rows = integer_min(TILE_COLUMNS, s->m - row);
            matmul_flipped_tiles(t, terms, b, width, rows, t->shared + row * s->k, row == 0 ? ahead : NULL, sums);
            transpose(sums, TILE_COLUMNS, width, rows, t->c + row * s->n + left, s->n);
        }
        epilogue_run(t->epilogue, 0, s->m, left, width);
    }
}

/* As matmul, of a shape that may be `flipped`. */
CGANC_UNUSED static void matmul_flipped(struct pool *pool, const struct matmul *shape, const real *a, const real *b,
                                        real *c, const struct epilogue *epilogue)
{
    if (!shape->flipped) {
        matmul(pool, shape, a, b, c, epilogue);
        return;
    }
    struct matmul_context t = matmul_context(shape);
    t.a = a, t.b = b, t.c = c, t.epilogue = epilogue;
    t.shared = scratch_start(pool->scratch);
    pool_run(pool, matmul_flip_task, &t,
             integer_ceiling(shape->m, TILE_COLUMNS) * integer_ceiling(shape->k, MATMUL_FLIP), 1);
    pool_run(pool, matmul_flipped_task, &t, t.parts, 1);
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

/* Weight updates: the products A^T B that are gradients of weights, and the update of these weights beside them. A
 * product is cut into bands of whole rows. The parameters and moments of a band are one stretch each, which its tiles
 * call into the cache while they compute; and as soon as the band's gradients are there, its weights are updated.
 *
 * An update cannot be taken back, and a phase of which anything is not finite must leave its parameters. So the
 * operands of all these products are looked at where they are laid out, in place of each product: if none is large, no
 * gradient can overflow. */

/* Rows of a band: as many as the highest tiles have. */
#define WEIGHT_ROWS (14 / TILE_ROWS * TILE_ROWS)
/* Terms that one task lays out. */
#define WEIGHT_STRETCH 8

/* Operands are large from here on: a sum of 128 products of smaller ones, the most terms that are left for the update,
 * stays in a float. A test may ask for less, in order that all gradients are computed before the update. */
#ifndef CGANC_LARGE_OPERAND
#define CGANC_LARGE_OPERAND REAL(1e17)
#endif

/* AT_BACK goes on with what ran where AT_HERE stands: a profile counts a product as the phase's kernel, wherever it is
 * computed. */
#ifdef CGANC_PROFILE
#define AT_HERE cganc_counter *const here = profile.running;
#define AT_BACK profile_mark(here);
#else
#define AT_HERE
#define AT_BACK
#endif

struct weight_context {
    const struct matmul *shape;
    const real *a, *b, *more_a, *more_b;
    int64_t terms, bands;
    /* Laid out: B's panels; A's strips, each the rows of a band, its values for a term side by side; sums of squares of
     * each row; whether an operand is large. All together so many reals. */
    real *panels, *strips;
    double (*squares)[SQUARES_KINDS];
    atomic_int *found;
    int64_t reals;
    real *gradient;
    const struct update_context *update; /* of a range in which the tensor begins at `place`; NULL for none */
    int64_t place;
};

/* Reals of the strip of a band. */
static int64_t weight_strip(const struct weight_context *t)
{
    return t->terms * WEIGHT_ROWS + SCRATCH_SLACK;
}

/* Finds the things of a product from `start` on; NULL only to learn how many reals they are. */
static struct weight_context weight_context(const struct matmul *shape, real *start)
{
    struct weight_context t = {.shape = shape, .terms = shape->k + shape->more};
    t.bands = integer_ceiling(shape->m, WEIGHT_ROWS);
    const int64_t strips = scratch_piece(panel_reals(t.terms, shape->n), sizeof(real));
    const int64_t squares = strips + scratch_piece(t.bands * weight_strip(&t), sizeof(real));
    const int64_t found = squares + scratch_piece(shape->m, sizeof *t.squares);
    t.reals = found + scratch_piece(1, sizeof *t.found);
    if (start) {
        t.panels = start, t.strips = start + strips;
        t.squares = (void *)(start + squares), t.found = (void *)(start + found);
    }
    return t;
}

/* Reals that hold all that a phase lays out. */
static CGANC_COLD int64_t weight_reals(const struct weight_product *left)
{
    int64_t reals = 0;
    for (; left->shape; left++)
        reals += weight_context(left->shape, NULL).reals;
    return reals;
}

static int weight_is_large(const real *x, int64_t count)
{
    int found = 0;
    for (int64_t i = 0; i < count; i++)
        found |= !(real_fabs(x[i]) < CGANC_LARGE_OPERAND);
    return found;
}

/* Lays out some terms of both operands. */
static void weight_lay_out_task(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct weight_context *t = context;
    const struct matmul *s = t->shape;
    int found = 0;
    (void)scratch;
    for (int64_t k = first; k < last; k++) {
        const real *const a = k < s->k ? t->a + k * s->m : t->more_a + (k - s->k) * s->m;
        const real *const b = k < s->k ? t->b + k * s->n : t->more_b + (k - s->k) * s->n;
        real *to = t->strips + k * WEIGHT_ROWS;
        for (int64_t band = 0; band < t->bands; band++, to += weight_strip(t)) {
            const int64_t row = tile_first(s->m, t->bands, band);
            if (row + WEIGHT_ROWS <= s->m)
                memcpy(to, a + row, WEIGHT_ROWS * sizeof(real));
            else
                memcpy(to, a + row, (size_t)(s->m - row) * sizeof(real));
        }
        panels_from_rows(b, s->n, 1, s->n, t->terms * TILE_COLUMNS, t->panels + k * TILE_COLUMNS);
        found |= weight_is_large(a, s->m) | weight_is_large(b, s->n);
    }
    if (found)
        atomic_store_explicit(t->found, 1, memory_order_relaxed);
}

/* Lays out the operands of a product of the running phase, behind those of the ones before it in the list. */
static void weight_lay_out(const struct frame *f, const struct weight_product *left)
{
    real *start = f->laid_out;
    for (const struct weight_product *before = f->watch.left; before != left; before++)
        start += weight_context(before->shape, NULL).reals;
    struct weight_context t = weight_context(left->shape, start);
    t.a = f->arena + left->operands[0], t.b = f->arena + left->operands[1];
    t.more_a = f->arena + left->operands[2], t.more_b = f->arena + left->operands[3];
    atomic_store(t.found, 0);
    pool_run(f->pool, weight_lay_out_task, &t, t.terms, WEIGHT_STRETCH);
}

/* Whether an operand of what the running phase has laid out is large. */
static int weight_has_large(const struct frame *f)
{
    real *rest = f->laid_out;
    int found = 0;
    for (const struct weight_product *left = f->watch.left; left->shape; left++) {
        const struct weight_context t = weight_context(left->shape, rest);
        found |= atomic_load(t.found);
        rest += t.reals;
    }
    return found;
}

/* How far from `x` the stretch lies that tile `index` of so many calls into the cache, of the parameters and moments of
 * a band: `count` from `first` on of each. */
static int64_t weight_ahead(const struct update_context *update, int64_t first, int64_t count, int64_t index,
                            int64_t tiles, const real *x)
{
    const real *const all[] = {update->parameter, update->first, update->second}, *kept[3];
    int64_t streams = 0;
    for (int i = 0; i < 3; i++)
        if (all[i])
            kept[streams++] = all[i];
    const int64_t place = streams * count * index / tiles;
    const real *const stretch = kept[place / count] + first + place % count;
    return ((intptr_t)stretch - (intptr_t)x) / (intptr_t)sizeof(real);
}

/* Updates the rows of a band, and takes the squares of each. */
static void weight_update_rows(const struct weight_context *t, int64_t top, int64_t bottom)
{
    const int64_t n = t->shape->n;
    for (int64_t row = top; row < bottom; row++) {
        double sums[SQUARES_KINDS] = {0};
        update_range(t->update, t->place + row * n, t->place + (row + 1) * n, sums);
        memcpy(t->squares[row], sums, sizeof sums);
    }
}

/* A tile of outer products of a strip and a panel, whose terms follow each other in both: it reads no list of them. For
 * each it calls a line into the cache, `ahead` reals beyond its values. */
#define WEIGHT_TILE_PARAMETERS                                                                                         \
    int64_t terms, const real *x, const real *panel, int64_t ahead, real *out, int64_t stride, int64_t columns
#define WEIGHT_TILE(name, rows, vectors)                                                                               \
    static void name(WEIGHT_TILE_PARAMETERS)                                                                           \
    {                                                                                                                  \
        vector sums[TILE_ROWS][2];                                                                                     \
        tile_begin(rows, vectors, sums, out, stride);                                                                  \
        for (; terms > 0; terms--, x += WEIGHT_ROWS, panel += TILE_COLUMNS) {                                          \
            __builtin_prefetch(x + ahead, 0, 2);                                                                       \
            tile_add(rows, vectors, sums, x, panel);                                                                   \
        }                                                                                                              \
        tile_end(rows, vectors, sums, out, stride, columns);                                                           \
    }
WEIGHT_TILE(weight_tile_1, TILE_ROWS, 1)
WEIGHT_TILE(weight_tile_2, TILE_ROWS, 2)
WEIGHT_TILE(weight_low_tile_1, TILE_ROWS - 1, 1)
WEIGHT_TILE(weight_low_tile_2, TILE_ROWS - 1, 2)

/* A product that is left has 224 rows or more, so a band has WEIGHT_ROWS of them or one less, and a tile likewise. */
static void (*const weight_tiles[2][2])(WEIGHT_TILE_PARAMETERS) = {{weight_tile_1, weight_low_tile_1},
                                                                   {weight_tile_2, weight_low_tile_2}};

static void weight_task(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct weight_context *t = context;
    const struct matmul *s = t->shape;
    const int64_t panels = integer_ceiling(s->n, TILE_COLUMNS);
    (void)scratch;
    for (int64_t band = first; band < last; band++) {
        const int64_t top = tile_first(s->m, t->bands, band), rows = tile_first(s->m, t->bands, band + 1) - top;
        const int64_t tiles = integer_ceiling(rows, TILE_ROWS), place = t->place + top * s->n;
        for (int64_t index = 0; index < panels * tiles; index++) {
            const int64_t column = index / tiles * TILE_COLUMNS, columns = integer_min(TILE_COLUMNS, s->n - column);
            const int64_t row = tile_first(rows, tiles, index % tiles);
            const int64_t height = tile_first(rows, tiles, index % tiles + 1) - row;
            const real *const x = t->strips + band * weight_strip(t) + row;
            const int64_t ahead =
                t->update ? weight_ahead(t->update, place, rows * s->n, index, panels * tiles, x) : 0;
            weight_tiles[columns > LANES][TILE_ROWS - height](t->terms, x, t->panels + column * t->terms, ahead,
                                                              t->gradient + (top + row) * s->n + column, s->n, columns);
        }
        if (t->update)
            weight_update_rows(t, top, top + rows);
    }
}

/* Computes the gradients whose operands are laid out, and updates their weights; without `update`, the gradients
 * alone. */
static void weight_run(const struct frame *f, const struct update_context *update)
{
    const struct tensor_watch *watch = &f->watch;
    real *rest = f->laid_out;
    AT_HERE
    for (const struct weight_product *left = watch->left; left && left->shape; left++) {
        AT(left->kernel)
        struct weight_context t = weight_context(left->shape, rest);
        t.place = left->gradient - watch->first, t.update = update;
        t.gradient = f->gradients + left->gradient;
        pool_run(f->pool, weight_task, &t, t.bands, 1);
        for (int kind = 0; update && kind < SQUARES_KINDS; kind++) {
            double sum = 0;
            for (int64_t row = 0; row < t.shape->m; row++)
                sum += t.squares[row][kind];
            watch->squares[tensor_at(watch, t.place)][kind] = sum;
        }
        rest += t.reals;
    }
    AT_BACK
}

/* ---- Where the tensors lie ------------------------------------------------------------------------------------- */

/* Parameters and statistics, in reals from the start of their block. */
enum {
    parameter_at_generator_dense1_weight = 0, /* [110, 256] in,out */
    parameter_at_generator_dense1_bias = 28160, /* [256] channel */
    parameter_at_generator_dense2_weight = 28416, /* [256, 512] in,out */
    parameter_at_generator_dense2_bias = 159488, /* [512] channel */
    parameter_at_generator_dense3_weight = 160000, /* [512, 1024] in,out */
    parameter_at_generator_dense3_bias = 684288, /* [1024] channel */
    parameter_at_generator_dense4_weight = 685312, /* [1024, 784] in,out */
    parameter_at_generator_dense4_bias = 1488128, /* [784] channel */
    parameter_at_discriminator_dense1_weight = 1488912, /* [794, 1024] in,out */
    parameter_at_discriminator_dense1_bias = 2301968, /* [1024] channel */
    parameter_at_discriminator_dense2_weight = 2302992, /* [1024, 512] in,out */
    parameter_at_discriminator_dense2_bias = 2827280, /* [512] channel */
    parameter_at_discriminator_dense3_weight = 2827792, /* [512, 256] in,out */
    parameter_at_discriminator_dense3_bias = 2958864, /* [256] channel */
    parameter_at_discriminator_dense4_weight = 2959120, /* [256, 1] in,out */
    parameter_at_discriminator_dense4_bias = 2959376, /* [1] channel */
};

/* Gradients and moments of the trained parameters. */
enum {
    gradient_at_generator_dense1_weight = 0, /* [110, 256] in,out */
    gradient_at_generator_dense1_bias = 28160, /* [256] channel */
    gradient_at_generator_dense2_weight = 28416, /* [256, 512] in,out */
    gradient_at_generator_dense2_bias = 159488, /* [512] channel */
    gradient_at_generator_dense3_weight = 160000, /* [512, 1024] in,out */
    gradient_at_generator_dense3_bias = 684288, /* [1024] channel */
    gradient_at_generator_dense4_weight = 685312, /* [1024, 784] in,out */
    gradient_at_generator_dense4_bias = 1488128, /* [784] channel */
    gradient_at_discriminator_dense1_weight = 1488912, /* [794, 1024] in,out */
    gradient_at_discriminator_dense1_bias = 2301968, /* [1024] channel */
    gradient_at_discriminator_dense2_weight = 2302992, /* [1024, 512] in,out */
    gradient_at_discriminator_dense2_bias = 2827280, /* [512] channel */
    gradient_at_discriminator_dense3_weight = 2827792, /* [512, 256] in,out */
    gradient_at_discriminator_dense3_bias = 2958864, /* [256] channel */
    gradient_at_discriminator_dense4_weight = 2959120, /* [256, 1] in,out */
    gradient_at_discriminator_dense4_bias = 2959376, /* [1] channel */
};

/* The networks: where their tensors and their gradients begin, and reals of tensors, statistics included. */
enum {
    parameters_of_generator = 0,
    gradients_of_generator = 0,
    reals_kept_in_generator = 1488912,
    parameters_of_discriminator = 1488912,
    gradients_of_discriminator = 1488912,
    reals_kept_in_discriminator = 1470480,
};

/* ---- The discriminator phase ------------------------------------------------------------------------------------- */

/* The loss and the tracked values, as a report lists them. */
enum { d_at_value_loss, d_at_value_real, d_at_value_fake, d_at_value_slope, d_at_value_penalty };

/* Places in the arena, in reals: 942784 in all, 942784 the most that is alive at once. */
enum {
    d_at_grad_discriminator_dense3_joined = 843904, /* [192, 256] */
    d_at_discriminator_dense1_joined = 393216, /* [192, 794] */
    d_at_latent = 0, /* [64, 100] */
    d_at_labels = 0, /* index[64] */
    d_at_generator_inputs1_one_hot = 216064, /* [64, 10] */
    d_at_generator_inputs1 = 16384, /* [64, 110] */
    d_at_generator_leakyReLU1 = 0, /* [64, 256] */
    d_at_generator_leakyReLU2 = 65536, /* [64, 512] */
    d_at_generator_leakyReLU3 = 0, /* [64, 1024] */
    d_at_generator_tanh1 = 65536, /* [64, 784] */
    d_at_images = 0, /* [64, 28, 28, 1] */
    d_at_discriminator_inputs1_real = 393216, /* [64, 794] */
    d_at_discriminator_inputs1_fake = 444032, /* [64, 794] */
    d_at_alpha = 217216, /* [64, 1, 1, 1] */
    d_at_loss_penalty_mix = 165888, /* [64, 1, 1, 1] */
    d_at_loss_penalty_mix_product = 115712, /* [64, 784] */
    d_at_loss_penalty_mix_sum = 165888, /* [64, 28, 28, 1] */
    d_at_discriminator_inputs1_interpolate = 494848, /* [64, 794] */
    d_at_discriminator_leakyReLU1 = 0, /* [192, 1024] */
    d_at_discriminator_leakyReLU2 = 545664, /* [192, 512] */
    d_at_discriminator_leakyReLU3 = 893056, /* [192, 256] */
    d_at_discriminator_leakyReLU3_2 = 893056, /* [128, 256] */
    d_at_discriminator_dense4_sum = 196608, /* [128, 1] */
    d_at_loss = 196736, /* [] */
    d_at_loss_sum = 196736, /* [] */
    d_at_grad_discriminator_leakyReLU3_interpolate = 876672, /* [64, 256] */
    d_at_grad_discriminator_dense4_real = 216704, /* [256, 1] */
    d_at_grad_discriminator_leakyReLU3_real = 843904, /* [64, 256] */
    d_at_grad_discriminator_dense4_fake = 216960, /* [256, 1] */
    d_at_grad_discriminator_leakyReLU3_fake = 860288, /* [64, 256] */
    d_at_grad_discriminator_leakyReLU2 = 643968, /* [192, 512] */
    d_at_grad_discriminator_leakyReLU2_interpolate = 709504, /* [64, 512] */
    d_at_grad_discriminator_leakyReLU1 = 196608, /* [192, 1024] */
    d_at_grad_discriminator_leakyReLU1_interpolate = 327680, /* [64, 1024] */
    d_at_grad_discriminator_dense1_interpolate_input = 742272, /* [64, 794] */
    d_at_loss_penalty = 793344, /* [64] */
    d_at_loss_penalty_parts = 793088, /* [4, 64] */
    d_at_loss_penalty_squareRoot = 793088, /* [64] */
    d_at_loss_penalty_difference = 793152, /* [64] */
    d_at_loss_penalty_sum = 793216, /* [] */
    d_at_loss_penalty_sum_2 = 793216, /* [] */
    d_at_grad_loss_penalty = 942720, /* [64] */
    d_at_grad_grad_discriminator_inputs1_interpolate = 793088, /* [64, 794] */
    d_at_grad_grad_discriminator_leakyReLU1_interpolate = 196608, /* [64, 1024] */
    d_at_grad_grad_discriminator_leakyReLU2_interpolate = 0, /* [64, 512] */
    d_at_grad_grad_discriminator_dense3_interpolate = 32768, /* [64, 256] */
    d_at_grad_grad_discriminator_dense4_interpolate_sum = 0, /* [256] */
    d_at_grad_discriminator_dense4_fake_sum = 942208, /* [256] */
    d_at_grad_discriminator_dense4_real_sum = 942464, /* [256] */
    d_at_grad_discriminator_dense3 = 545664, /* [128, 512] */
    d_at_grad_discriminator_dense3_2 = 843904, /* [128, 256] */
    d_at_grad_discriminator_dense2_real_sum_parts = 196608, /* [4, 512] */
    d_at_grad_discriminator_dense2 = 0, /* [128, 1024] */
    d_at_grad_discriminator_dense2_2 = 643968, /* [128, 512] */
    d_at_grad_discriminator_dense1_real_sum_parts = 742272, /* [8, 1024] */
    d_at_grad_discriminator_dense1 = 393216, /* [128, 794] */
    d_at_grad_discriminator_dense1_2 = 196608, /* [128, 1024] */
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

/* loss.penalty.mix  [64, 1, 1, 1]  Models/MLPWassersteinPenalty.swift:30 */
static void d_loss_penalty_mix(const struct frame *f, int64_t first, int64_t last)
{
    const real *const alpha = f->arena + d_at_alpha;
    real *const CGANC_RESTRICT out = f->arena + d_at_loss_penalty_mix;
    for (int64_t i = first; i < last; i++)
        out[i] = REAL(1.0) - alpha[i];
}

/* discriminator.dense4.real'  [256, 1]  Models/MLPWassersteinPenalty.swift:26 */
static void d_grad_discriminator_dense4_real(const struct frame *f, int64_t first, int64_t last)
{
    const real *const discriminator_dense4_weight = f->parameters + parameter_at_discriminator_dense4_weight;
    real *const CGANC_RESTRICT out = f->arena + d_at_grad_discriminator_dense4_real;
    for (int64_t i = first; i < last; i++)
        out[i] = discriminator_dense4_weight[i] * -REAL(0.015625);
}

/* discriminator.dense4.fake'  [256, 1]  Models/MLPWassersteinPenalty.swift:26 */
static void d_grad_discriminator_dense4_fake(const struct frame *f, int64_t first, int64_t last)
{
    const real *const discriminator_dense4_weight = f->parameters + parameter_at_discriminator_dense4_weight;
    real *const CGANC_RESTRICT out = f->arena + d_at_grad_discriminator_dense4_fake;
    for (int64_t i = first; i < last; i++)
        out[i] = discriminator_dense4_weight[i] * REAL(0.015625);
}

/* discriminator.dense4.real'  [1]  Models/MLPWassersteinPenalty.swift:26 */
static void d_grad_discriminator_dense4_real_spread(const struct frame *f)
{
    real *const CGANC_RESTRICT out = f->gradients + gradient_at_discriminator_dense4_bias;
    out[0] = REAL(0.0);
}

/* generator.inputs1  [64, 100]  Models/MLPWassersteinPenalty.swift:10 */
static void d_generator_inputs1_with_latent(const struct frame *f, int64_t first, int64_t last)
{
    const real *const latent = f->arena + d_at_latent;
    real *const CGANC_RESTRICT out = f->arena + d_at_generator_inputs1;
    for (int64_t i = first; i < last; i++)
        for (int64_t j = 0; j < 100; j++)
            out[i * 110 + j] = latent[i * 100 + j];
}

/* generator.inputs1  [64, 10]  Models/MLPWassersteinPenalty.swift:10 */
static void d_generator_inputs1_with_one_hot(const struct frame *f, int64_t first, int64_t last)
{
    const real *const generator_inputs1_one_hot = f->arena + d_at_generator_inputs1_one_hot;
    real *const CGANC_RESTRICT out = f->arena + d_at_generator_inputs1;
    for (int64_t i = first; i < last; i++)
        for (int64_t j = 0; j < 10; j++)
            out[i * 110 + j + 100] = generator_inputs1_one_hot[i * 10 + j];
}

/* generator.dense1  [64, 256]  A·B, 64 x 110 x 256  Models/MLPWassersteinPenalty.swift:12 */
static const struct matmul d_generator_dense1 = {.m = 64, .n = 256, .k = 110};

/* generator.leakyReLU1, generator.dense1  [64, 256]  on each finished part of the contraction above
 * Models/MLPWassersteinPenalty.swift:13, Models/MLPWassersteinPenalty.swift:12 */
static void d_generator_leakyReLU1(const struct frame *f, struct part part)
{
    const real *const generator_dense1_bias = f->parameters + parameter_at_generator_dense1_bias;
    real *const CGANC_RESTRICT out = f->arena + d_at_generator_leakyReLU1;
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 256 + j] = real_leaky_relu(out[i * 256 + j] + generator_dense1_bias[j], REAL(0.2));
}

/* generator.dense2  [64, 512]  A·B, 64 x 256 x 512  Models/MLPWassersteinPenalty.swift:12 */
static const struct matmul d_generator_dense2 = {.m = 64, .n = 512, .k = 256};

/* generator.leakyReLU2, generator.dense2  [64, 512]  on each finished part of the contraction above
 * Models/MLPWassersteinPenalty.swift:13, Models/MLPWassersteinPenalty.swift:12 */
static void d_generator_leakyReLU2(const struct frame *f, struct part part)
{
    const real *const generator_dense2_bias = f->parameters + parameter_at_generator_dense2_bias;
    real *const CGANC_RESTRICT out = f->arena + d_at_generator_leakyReLU2;
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 512 + j] = real_leaky_relu(out[i * 512 + j] + generator_dense2_bias[j], REAL(0.2));
}

/* generator.dense3  [64, 1024]  A·B, 64 x 512 x 1024  Models/MLPWassersteinPenalty.swift:12 */
static const struct matmul d_generator_dense3 = {.m = 64, .n = 1024, .k = 512};

/* generator.leakyReLU3, generator.dense3  [64, 1024]  on each finished part of the contraction above
 * Models/MLPWassersteinPenalty.swift:13, Models/MLPWassersteinPenalty.swift:12 */
static void d_generator_leakyReLU3(const struct frame *f, struct part part)
{
    const real *const generator_dense3_bias = f->parameters + parameter_at_generator_dense3_bias;
    real *const CGANC_RESTRICT out = f->arena + d_at_generator_leakyReLU3;
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 1024 + j] = real_leaky_relu(out[i * 1024 + j] + generator_dense3_bias[j], REAL(0.2));
}

/* generator.dense4  [64, 784]  A·B, 64 x 1024 x 784  Models/MLPWassersteinPenalty.swift:15 */
static const struct matmul d_generator_dense4 = {.m = 64, .n = 784, .k = 1024};

/* generator.tanh1, generator.dense4  [64, 784]  on each finished part of the contraction above
 * Models/MLPWassersteinPenalty.swift:16, Models/MLPWassersteinPenalty.swift:15 */
static void d_generator_tanh1(const struct frame *f, struct part part)
{
    const real *const generator_dense4_bias = f->parameters + parameter_at_generator_dense4_bias;
    real *const CGANC_RESTRICT out = f->arena + d_at_generator_tanh1;
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 784 + j] = real_tanh(out[i * 784 + j] + generator_dense4_bias[j]);
}

/* loss.penalty.mix  [64, 784]  Models/MLPWassersteinPenalty.swift:30 */
static void d_loss_penalty_mix_product(const struct frame *f, int64_t first, int64_t last)
{
    const real *const generator_tanh1 = f->arena + d_at_generator_tanh1;
    const real *const loss_penalty_mix = f->arena + d_at_loss_penalty_mix;
    real *const CGANC_RESTRICT out = f->arena + d_at_loss_penalty_mix_product;
    for (int64_t i = first; i < last; i++)
        for (int64_t j = 0; j < 784; j++)
            out[i * 784 + j] = generator_tanh1[i * 784 + j] * loss_penalty_mix[i];
}

/* loss.penalty.mix  [64, 28, 28, 1]  Models/MLPWassersteinPenalty.swift:30 */
static void d_loss_penalty_mix_sum(const struct frame *f, int64_t first, int64_t last)
{
    const real *const images = f->arena + d_at_images;
    const real *const alpha = f->arena + d_at_alpha;
    const real *const loss_penalty_mix_product = f->arena + d_at_loss_penalty_mix_product;
    real *const CGANC_RESTRICT out = f->arena + d_at_loss_penalty_mix_sum;
    for (int64_t i = first; i < last; i++)
        for (int64_t j = 0; j < 784; j++)
            out[i * 784 + j] = images[i * 784 + j] * alpha[i] + loss_penalty_mix_product[i * 784 + j];
}

/* discriminator.inputs1.real  [64, 784]  Models/MLPWassersteinPenalty.swift:21 */
static void d_discriminator_inputs1_real_with_images(const struct frame *f, int64_t first, int64_t last)
{
    const real *const images = f->arena + d_at_images;
    real *const CGANC_RESTRICT out = f->arena + d_at_discriminator_inputs1_real;
    for (int64_t i = first; i < last; i++)
        for (int64_t j = 0; j < 784; j++)
            out[i * 794 + j] = images[i * 784 + j];
}

/* discriminator.inputs1.fake  [64, 784]  Models/MLPWassersteinPenalty.swift:21 */
static void d_discriminator_inputs1_fake_with_generator_tanh1(const struct frame *f, int64_t first, int64_t last)
{
    const real *const generator_tanh1 = f->arena + d_at_generator_tanh1;
    real *const CGANC_RESTRICT out = f->arena + d_at_discriminator_inputs1_fake;
    for (int64_t i = first; i < last; i++)
        for (int64_t j = 0; j < 784; j++)
            out[i * 794 + j] = generator_tanh1[i * 784 + j];
}

/* discriminator.inputs1.interpolate  [64, 784]  Models/MLPWassersteinPenalty.swift:21 */
static void d_discriminator_inputs1_interpolate_with_loss_penalty_mix(const struct frame *f, int64_t first,
                                                                      int64_t last)
{
    const real *const loss_penalty_mix_sum = f->arena + d_at_loss_penalty_mix_sum;
    real *const CGANC_RESTRICT out = f->arena + d_at_discriminator_inputs1_interpolate;
    for (int64_t i = first; i < last; i++)
        for (int64_t j = 0; j < 784; j++)
            out[i * 794 + j] = loss_penalty_mix_sum[i * 784 + j];
}

/* discriminator.inputs1.real  [64, 10]  Models/MLPWassersteinPenalty.swift:21 */
static void d_discriminator_inputs1_real_with_generator_inputs1_one_hot(const struct frame *f, int64_t first,
                                                                        int64_t last)
{
    const real *const generator_inputs1_one_hot = f->arena + d_at_generator_inputs1_one_hot;
    real *const CGANC_RESTRICT out = f->arena + d_at_discriminator_inputs1_real;
    for (int64_t i = first; i < last; i++)
        for (int64_t j = 0; j < 10; j++)
            out[i * 794 + j + 784] = generator_inputs1_one_hot[i * 10 + j];
}

/* discriminator.inputs1.fake  [64, 10]  Models/MLPWassersteinPenalty.swift:21 */
static void d_discriminator_inputs1_fake_with_generator_inputs1_one_hot(const struct frame *f, int64_t first,
                                                                        int64_t last)
{
    const real *const generator_inputs1_one_hot = f->arena + d_at_generator_inputs1_one_hot;
    real *const CGANC_RESTRICT out = f->arena + d_at_discriminator_inputs1_fake;
    for (int64_t i = first; i < last; i++)
        for (int64_t j = 0; j < 10; j++)
            out[i * 794 + j + 784] = generator_inputs1_one_hot[i * 10 + j];
}

/* discriminator.inputs1.interpolate  [64, 10]  Models/MLPWassersteinPenalty.swift:21 */
static void d_discriminator_inputs1_interpolate_with_generator_inputs1_one_hot(const struct frame *f, int64_t first,
                                                                               int64_t last)
{
    const real *const generator_inputs1_one_hot = f->arena + d_at_generator_inputs1_one_hot;
    real *const CGANC_RESTRICT out = f->arena + d_at_discriminator_inputs1_interpolate;
    for (int64_t i = first; i < last; i++)
        for (int64_t j = 0; j < 10; j++)
            out[i * 794 + j + 784] = generator_inputs1_one_hot[i * 10 + j];
}

/* discriminator.dense1  [192, 1024]  A·B, 192 x 794 x 1024  Models/MLPWassersteinPenalty.swift:23 */
static const struct matmul d_discriminator_dense1 = {.m = 192, .n = 1024, .k = 794};

/* discriminator.leakyReLU1, discriminator.dense1  [192, 1024]  on each finished part of the contraction above
 * Models/MLPWassersteinPenalty.swift:24, Models/MLPWassersteinPenalty.swift:23 */
static void d_discriminator_leakyReLU1(const struct frame *f, struct part part)
{
    const real *const discriminator_dense1_bias = f->parameters + parameter_at_discriminator_dense1_bias;
    real *const CGANC_RESTRICT out = f->arena + d_at_discriminator_leakyReLU1;
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 1024 + j] = real_leaky_relu(out[i * 1024 + j] + discriminator_dense1_bias[j], REAL(0.2));
}

/* discriminator.dense2  [192, 512]  A·B, 192 x 1024 x 512  Models/MLPWassersteinPenalty.swift:23 */
static const struct matmul d_discriminator_dense2 = {.m = 192, .n = 512, .k = 1024};

/* discriminator.leakyReLU2, discriminator.dense2  [192, 512]  on each finished part of the contraction above
 * Models/MLPWassersteinPenalty.swift:24, Models/MLPWassersteinPenalty.swift:23 */
static void d_discriminator_leakyReLU2(const struct frame *f, struct part part)
{
    const real *const discriminator_dense2_bias = f->parameters + parameter_at_discriminator_dense2_bias;
    real *const CGANC_RESTRICT out = f->arena + d_at_discriminator_leakyReLU2;
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 512 + j] = real_leaky_relu(out[i * 512 + j] + discriminator_dense2_bias[j], REAL(0.2));
}

/* discriminator.dense3  [192, 256]  A·B, 192 x 512 x 256  Models/MLPWassersteinPenalty.swift:23 */
static const struct matmul d_discriminator_dense3 = {.m = 192, .n = 256, .k = 512};

/* discriminator.leakyReLU3, discriminator.dense3  [192, 256]  on each finished part of the contraction above
 * Models/MLPWassersteinPenalty.swift:24, Models/MLPWassersteinPenalty.swift:23 */
static void d_discriminator_leakyReLU3(const struct frame *f, struct part part)
{
    const real *const discriminator_dense3_bias = f->parameters + parameter_at_discriminator_dense3_bias;
    real *const CGANC_RESTRICT out = f->arena + d_at_discriminator_leakyReLU3;
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 256 + j] = real_leaky_relu(out[i * 256 + j] + discriminator_dense3_bias[j], REAL(0.2));
}

/* discriminator.dense4  [128, 1]  A·B, 128 x 256 x 1  Models/MLPWassersteinPenalty.swift:26 */
static const struct matmul d_discriminator_dense4 = {.m = 128, .n = 1, .k = 256};

/* discriminator.dense4  [128, 1]  on each finished part of the contraction above
 * Models/MLPWassersteinPenalty.swift:26 */
static void d_discriminator_dense4_sum(const struct frame *f, struct part part)
{
    const real *const discriminator_dense4_bias = f->parameters + parameter_at_discriminator_dense4_bias;
    real *const CGANC_RESTRICT out = f->arena + d_at_discriminator_dense4_sum;
    const real value1 = discriminator_dense4_bias[0];
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i + j] = out[i + j] + value1;
}

/* loss  []  Models/MLPWassersteinPenalty.swift:30 */
static void d_loss(const struct frame *f)
{
    const real *const discriminator_dense4_sum = f->arena + d_at_discriminator_dense4_sum;
    real *const CGANC_RESTRICT out = f->arena + d_at_loss;
    real lanes[16] = {0};
    for (int64_t start = 0; start < 64; start += 16)
        for (int lane = 0; lane < 16; lane++) {
            const int64_t i = start + lane;
            lanes[lane] += discriminator_dense4_sum[i + 64];
        }
    out[0] = real_sum_lanes(lanes);
}

/* loss  []  Models/MLPWassersteinPenalty.swift:30 */
static void d_value_fake(const struct frame *f)
{
    const real *const loss = f->arena + d_at_loss;
    real *const CGANC_RESTRICT out = f->values + d_at_value_fake;
    out[0] = loss[0] * REAL(0.015625);
}

/* loss  []  Models/MLPWassersteinPenalty.swift:30 */
static void d_loss_sum(const struct frame *f)
{
    const real *const discriminator_dense4_sum = f->arena + d_at_discriminator_dense4_sum;
    real *const CGANC_RESTRICT out = f->arena + d_at_loss_sum;
    real lanes[16] = {0};
    for (int64_t start = 0; start < 64; start += 16)
        for (int lane = 0; lane < 16; lane++) {
            const int64_t i = start + lane;
            lanes[lane] += discriminator_dense4_sum[i];
        }
    out[0] = real_sum_lanes(lanes);
}

/* loss  []  Models/MLPWassersteinPenalty.swift:30 */
static void d_value_real(const struct frame *f)
{
    const real *const loss_sum = f->arena + d_at_loss_sum;
    real *const CGANC_RESTRICT out = f->values + d_at_value_real;
    out[0] = loss_sum[0] * REAL(0.015625);
}

/* discriminator.dense4.fake'  [256]  Models/MLPWassersteinPenalty.swift:26 */
static const struct row_sums d_grad_discriminator_dense4_fake_sum =
    {.parts = 1, .rows = 64, .columns = 256, .row_stride = 256};

/* discriminator.dense4.real'  [256]  Models/MLPWassersteinPenalty.swift:26 */
static const struct row_sums d_grad_discriminator_dense4_real_sum =
    {.parts = 1, .rows = 64, .columns = 256, .row_stride = 256};

/* discriminator.leakyReLU3.real', discriminator.leakyReLU3'  [64, 256]  Models/MLPWassersteinPenalty.swift:24 */
static void d_grad_discriminator_leakyReLU3_real(const struct frame *f, int64_t first, int64_t last)
{
    const real *const discriminator_leakyReLU3 = f->arena + d_at_discriminator_leakyReLU3;
    const real *const grad_discriminator_dense4_real = f->arena + d_at_grad_discriminator_dense4_real;
    real *const CGANC_RESTRICT out = f->arena + d_at_grad_discriminator_leakyReLU3_real;
    for (int64_t i = first; i < last; i++) {
        for (int64_t j = 0; j < 256; j++) {
            out[i * 256 + j] = real_leaky_step(discriminator_leakyReLU3[i * 256 + j], REAL(0.2)) *
                grad_discriminator_dense4_real[j];
        }
    }
}

/* discriminator.leakyReLU3.interpolate', discriminator.leakyReLU3'  [64, 256]
 * Models/MLPWassersteinPenalty.swift:24 */
static void d_grad_discriminator_leakyReLU3_interpolate(const struct frame *f, int64_t first, int64_t last)
{
    const real *const discriminator_leakyReLU3 = f->arena + d_at_discriminator_leakyReLU3;
    const real *const discriminator_dense4_weight = f->parameters + parameter_at_discriminator_dense4_weight;
    real *const CGANC_RESTRICT out = f->arena + d_at_grad_discriminator_leakyReLU3_interpolate;
    for (int64_t i = first; i < last; i++) {
        for (int64_t j = 0; j < 256; j++) {
            out[i * 256 + j] = real_leaky_step(discriminator_leakyReLU3[i * 256 + j + 32768], REAL(0.2)) *
                discriminator_dense4_weight[j];
        }
    }
}

/* discriminator.leakyReLU3.fake', discriminator.leakyReLU3'  [64, 256]  Models/MLPWassersteinPenalty.swift:24 */
static void d_grad_discriminator_leakyReLU3_fake(const struct frame *f, int64_t first, int64_t last)
{
    const real *const discriminator_leakyReLU3 = f->arena + d_at_discriminator_leakyReLU3;
    const real *const grad_discriminator_dense4_fake = f->arena + d_at_grad_discriminator_dense4_fake;
    real *const CGANC_RESTRICT out = f->arena + d_at_grad_discriminator_leakyReLU3_fake;
    for (int64_t i = first; i < last; i++) {
        for (int64_t j = 0; j < 256; j++) {
            out[i * 256 + j] = real_leaky_step(discriminator_leakyReLU3[i * 256 + j + 16384], REAL(0.2)) *
                grad_discriminator_dense4_fake[j];
        }
    }
}

/* discriminator.dense3.real'  [256]  Models/MLPWassersteinPenalty.swift:23 */
static void d_grad_discriminator_dense3_real_sum(const struct frame *f, int64_t first, int64_t last)
{
    const real *const grad_discriminator_leakyReLU3_real = f->arena + d_at_grad_discriminator_leakyReLU3_real;
    const real *const grad_discriminator_leakyReLU3_fake = f->arena + d_at_grad_discriminator_leakyReLU3_fake;
    real *const CGANC_RESTRICT out = f->gradients + gradient_at_discriminator_dense3_bias;
    for (int64_t task = first; task < last; task++) {
        const int64_t start = task * 64;
        real totals[64] = {0};
        for (int64_t j = 0; j < 64; j++) {
            for (int64_t lane = 0; lane < 64; lane++) {
                const int64_t i = start + lane;
                totals[lane] += grad_discriminator_leakyReLU3_real[i + j * 256] +
                    grad_discriminator_leakyReLU3_fake[i + j * 256];
            }
        }
        for (int64_t lane = 0; lane < 64; lane++) {
            const int64_t i = start + lane;
            out[i] = totals[lane];
        }
    }
}

/* discriminator.dense3'  [192, 512]  A·Bᵀ, 192 x 256 x 512  Models/MLPWassersteinPenalty.swift:23 */
static const struct matmul d_grad_discriminator_dense3_input = {.m = 192, .n = 512, .k = 256, .transpose_b = 1};

/* discriminator.leakyReLU2'  [192, 512]  on each finished part of the contraction above
 * Models/MLPWassersteinPenalty.swift:24 */
static void d_grad_discriminator_leakyReLU2(const struct frame *f, struct part part)
{
    const real *const discriminator_leakyReLU2 = f->arena + d_at_discriminator_leakyReLU2;
    real *const CGANC_RESTRICT out = f->arena + d_at_grad_discriminator_leakyReLU2;
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 512 + j] = out[i * 512 + j] * real_leaky_step(discriminator_leakyReLU2[i * 512 + j], REAL(0.2));
}

/* discriminator.dense2.real'  [512]  Models/MLPWassersteinPenalty.swift:23 */
static void d_grad_discriminator_dense2_real_sum_parts(const struct frame *f, int64_t first, int64_t last)
{
    const real *const grad_discriminator_leakyReLU2 = f->arena + d_at_grad_discriminator_leakyReLU2;
    real *const CGANC_RESTRICT out = f->arena + d_at_grad_discriminator_dense2_real_sum_parts;
    for (int64_t task = first; task < last; task++) {
        const int64_t i = (task / 8);
        const int64_t start = task % 8 * 64;
        real totals[64] = {0};
        for (int64_t k = 0; k < 16; k++) {
            for (int64_t lane = 0; lane < 64; lane++) {
                const int64_t j = start + lane;
                totals[lane] += grad_discriminator_leakyReLU2[i * 8192 + j + k * 512] +
                    grad_discriminator_leakyReLU2[i * 8192 + j + k * 512 + 32768];
            }
        }
        for (int64_t lane = 0; lane < 64; lane++) {
            const int64_t j = start + lane;
            out[i * 512 + j] = totals[lane];
        }
    }
}

/* discriminator.dense2.real'  [512]  Models/MLPWassersteinPenalty.swift:23 */
static const struct row_sums d_grad_discriminator_dense2_real_sum =
    {.parts = 1, .rows = 4, .columns = 512, .row_stride = 512};

/* discriminator.dense2'  [192, 1024]  A·Bᵀ, 192 x 512 x 1024  Models/MLPWassersteinPenalty.swift:23 */
static const struct matmul d_grad_discriminator_dense2_input = {.m = 192, .n = 1024, .k = 512, .transpose_b = 1};

/* discriminator.leakyReLU1'  [192, 1024]  on each finished part of the contraction above
 * Models/MLPWassersteinPenalty.swift:24 */
static void d_grad_discriminator_leakyReLU1(const struct frame *f, struct part part)
{
    const real *const discriminator_leakyReLU1 = f->arena + d_at_discriminator_leakyReLU1;
    real *const CGANC_RESTRICT out = f->arena + d_at_grad_discriminator_leakyReLU1;
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 1024 + j] = out[i * 1024 + j] * real_leaky_step(discriminator_leakyReLU1[i * 1024 + j], REAL(0.2));
}

/* discriminator.dense1.real'  [1024]  Models/MLPWassersteinPenalty.swift:23 */
static void d_grad_discriminator_dense1_real_sum_parts(const struct frame *f, int64_t first, int64_t last)
{
    const real *const grad_discriminator_leakyReLU1 = f->arena + d_at_grad_discriminator_leakyReLU1;
    real *const CGANC_RESTRICT out = f->arena + d_at_grad_discriminator_dense1_real_sum_parts;
    for (int64_t task = first; task < last; task++) {
        const int64_t i = (task / 16);
        const int64_t start = task % 16 * 64;
        real totals[64] = {0};
        for (int64_t k = 0; k < 8; k++) {
            for (int64_t lane = 0; lane < 64; lane++) {
                const int64_t j = start + lane;
                totals[lane] += grad_discriminator_leakyReLU1[i * 8192 + j + k * 1024] +
                    grad_discriminator_leakyReLU1[i * 8192 + j + k * 1024 + 65536];
            }
        }
        for (int64_t lane = 0; lane < 64; lane++) {
            const int64_t j = start + lane;
            out[i * 1024 + j] = totals[lane];
        }
    }
}

/* discriminator.dense1.real'  [1024]  Models/MLPWassersteinPenalty.swift:23 */
static const struct row_sums d_grad_discriminator_dense1_real_sum =
    {.parts = 1, .rows = 8, .columns = 1024, .row_stride = 1024};

/* discriminator.dense1.interpolate'  [64, 794]  A·Bᵀ, 64 x 1024 x 794  Models/MLPWassersteinPenalty.swift:23 */
static const struct matmul d_grad_discriminator_dense1_interpolate_input =
    {.m = 64, .n = 794, .k = 1024, .transpose_b = 1, .flipped = 1};

/* loss.penalty  [64]  Models/MLPWassersteinPenalty.swift:30 */
static void d_loss_penalty_parts(const struct frame *f, int64_t first, int64_t last)
{
    const real *const grad_discriminator_dense1_interpolate_input =
        f->arena + d_at_grad_discriminator_dense1_interpolate_input;
    real *const CGANC_RESTRICT out = f->arena + d_at_loss_penalty_parts;
    for (int64_t task = first; task < last; task++) {
        const int64_t i = task / 64;
        const int64_t j = task % 64;
        real lanes[16] = {0};
        for (int64_t start = 0; start < 192; start += 16)
            for (int lane = 0; lane < 16; lane++) {
                const int64_t k = start + lane;
                lanes[lane] += real_square(grad_discriminator_dense1_interpolate_input[i * 196 + j * 794 + k]);
            }
        for (int64_t k = 192; k < 196; k++)
            lanes[k - 192] += real_square(grad_discriminator_dense1_interpolate_input[i * 196 + j * 794 + k]);
        out[i * 64 + j] = real_sum_lanes(lanes);
    }
}

/* loss.penalty  [64]  Models/MLPWassersteinPenalty.swift:30 */
static const struct row_sums d_loss_penalty = {.parts = 1, .rows = 4, .columns = 64, .row_stride = 64};

/* loss.penalty  [64]  Models/MLPWassersteinPenalty.swift:30 */
static void d_loss_penalty_squareRoot(const struct frame *f, int64_t first, int64_t last)
{
    const real *const loss_penalty = f->arena + d_at_loss_penalty;
    real *const CGANC_RESTRICT out = f->arena + d_at_loss_penalty_squareRoot;
    for (int64_t i = first; i < last; i++)
        out[i] = real_sqrt(loss_penalty[i] + REAL(1e-12));
}

/* loss.penalty  [64]  Models/MLPWassersteinPenalty.swift:30 */
static void d_loss_penalty_difference(const struct frame *f, int64_t first, int64_t last)
{
    const real *const loss_penalty_squareRoot = f->arena + d_at_loss_penalty_squareRoot;
    real *const CGANC_RESTRICT out = f->arena + d_at_loss_penalty_difference;
    for (int64_t i = first; i < last; i++)
        out[i] = loss_penalty_squareRoot[i] - REAL(1.0);
}

/* loss.penalty  []  Models/MLPWassersteinPenalty.swift:30 */
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

/* loss.penalty  []  Models/MLPWassersteinPenalty.swift:30 */
static void d_value_penalty(const struct frame *f)
{
    const real *const loss_penalty_sum = f->arena + d_at_loss_penalty_sum;
    real *const CGANC_RESTRICT out = f->values + d_at_value_penalty;
    out[0] = loss_penalty_sum[0] * REAL(0.15625);
}

/* loss.penalty  []  Models/MLPWassersteinPenalty.swift:30 */
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

/* loss.penalty  []  Models/MLPWassersteinPenalty.swift:30 */
static void d_value_slope(const struct frame *f)
{
    const real *const loss_penalty_sum_2 = f->arena + d_at_loss_penalty_sum_2;
    real *const CGANC_RESTRICT out = f->values + d_at_value_slope;
    out[0] = loss_penalty_sum_2[0] * REAL(0.015625);
}

/* loss.penalty, loss  []  Models/MLPWassersteinPenalty.swift:30 */
static void d_value_loss(const struct frame *f)
{
    const real *const value_fake = f->values + d_at_value_fake;
    const real *const value_real = f->values + d_at_value_real;
    const real *const value_penalty = f->values + d_at_value_penalty;
    real *const CGANC_RESTRICT out = f->values + d_at_value_loss;
    out[0] = value_fake[0] - value_real[0] + value_penalty[0];
}

/* loss.penalty'  [64]  Models/MLPWassersteinPenalty.swift:30 */
static void d_grad_loss_penalty(const struct frame *f, int64_t first, int64_t last)
{
    const real *const loss_penalty_difference = f->arena + d_at_loss_penalty_difference;
    const real *const loss_penalty_squareRoot = f->arena + d_at_loss_penalty_squareRoot;
    real *const CGANC_RESTRICT out = f->arena + d_at_grad_loss_penalty;
    for (int64_t i = first; i < last; i++)
        out[i] = loss_penalty_difference[i] * real_reciprocal(loss_penalty_squareRoot[i]) * REAL(0.3125);
}

/* discriminator.inputs1.interpolate'', loss.penalty'  [64, 794]
 * Models/MLPWassersteinPenalty.swift:21, Models/MLPWassersteinPenalty.swift:30 */
static void d_grad_grad_discriminator_inputs1_interpolate(const struct frame *f, int64_t first, int64_t last)
{
    const real *const grad_discriminator_dense1_interpolate_input =
        f->arena + d_at_grad_discriminator_dense1_interpolate_input;
    const real *const grad_loss_penalty = f->arena + d_at_grad_loss_penalty;
    real *const CGANC_RESTRICT out = f->arena + d_at_grad_grad_discriminator_inputs1_interpolate;
    for (int64_t i = first; i < last; i++) {
        const real value1 = grad_loss_penalty[i];
        for (int64_t j = 0; j < 794; j++) {
            const real product1 = (j < 784 ? grad_discriminator_dense1_interpolate_input[i * 794 + j] : 0) *
                (j < 784 ? value1 : 0);
            out[i * 794 + j] = j < 784 ? product1 : 0;
        }
    }
}

/* discriminator.dense1.weight'  [794, 1024]  Aᵀ·B + Dᵀ·E, 794 x (64 + 128) x 1024
 * Models/MLPWassersteinPenalty.swift:23 */
static const struct matmul d_grad_discriminator_dense1_weight_sum =
    {.m = 794, .n = 1024, .k = 64, .more = 128, .transpose_a = 1};

static void d_grad_discriminator_dense1_weight_sum_squares(const struct frame *f, struct part part)
{
    gradient_part(f, gradient_at_discriminator_dense1_weight, 1024, part);
}

/* discriminator.dense1.interpolate''  [64, 1024]  A·B, 64 x 794 x 1024  Models/MLPWassersteinPenalty.swift:23 */
static const struct matmul d_grad_grad_discriminator_dense1_interpolate = {.m = 64, .n = 1024, .k = 794};

/* discriminator.leakyReLU1.interpolate'', discriminator.leakyReLU1'  [64, 1024]  on each finished part of the
 * contraction above
 * Models/MLPWassersteinPenalty.swift:24 */
static void d_grad_grad_discriminator_leakyReLU1_interpolate(const struct frame *f, struct part part)
{
    const real *const discriminator_leakyReLU1 = f->arena + d_at_discriminator_leakyReLU1;
    real *const CGANC_RESTRICT out = f->arena + d_at_grad_grad_discriminator_leakyReLU1_interpolate;
    for (int64_t i = part.top; i < part.bottom; i++) {
        for (int64_t j = part.left; j < part.right; j++) {
            out[i * 1024 + j] = real_leaky_step(discriminator_leakyReLU1[i * 1024 + j + 131072], REAL(0.2)) *
                out[i * 1024 + j];
        }
    }
}

/* discriminator.dense2.weight'  [1024, 512]  Aᵀ·B + Dᵀ·E, 1024 x (64 + 128) x 512
 * Models/MLPWassersteinPenalty.swift:23 */
static const struct matmul d_grad_discriminator_dense2_weight_sum =
    {.m = 1024, .n = 512, .k = 64, .more = 128, .transpose_a = 1};

static void d_grad_discriminator_dense2_weight_sum_squares(const struct frame *f, struct part part)
{
    gradient_part(f, gradient_at_discriminator_dense2_weight, 512, part);
}

/* discriminator.dense2.interpolate''  [64, 512]  A·B, 64 x 1024 x 512  Models/MLPWassersteinPenalty.swift:23 */
static const struct matmul d_grad_grad_discriminator_dense2_interpolate = {.m = 64, .n = 512, .k = 1024};

/* discriminator.leakyReLU2.interpolate'', discriminator.leakyReLU2'  [64, 512]  on each finished part of the
 * contraction above
 * Models/MLPWassersteinPenalty.swift:24 */
static void d_grad_grad_discriminator_leakyReLU2_interpolate(const struct frame *f, struct part part)
{
    const real *const discriminator_leakyReLU2 = f->arena + d_at_discriminator_leakyReLU2;
    real *const CGANC_RESTRICT out = f->arena + d_at_grad_grad_discriminator_leakyReLU2_interpolate;
    for (int64_t i = part.top; i < part.bottom; i++) {
        for (int64_t j = part.left; j < part.right; j++) {
            out[i * 512 + j] = real_leaky_step(discriminator_leakyReLU2[i * 512 + j + 65536], REAL(0.2)) *
                out[i * 512 + j];
        }
    }
}

/* discriminator.dense3.weight'  [512, 256]  Aᵀ·B + Dᵀ·E, 512 x (64 + 128) x 256
 * Models/MLPWassersteinPenalty.swift:23 */
static const struct matmul d_grad_discriminator_dense3_weight_sum =
    {.m = 512, .n = 256, .k = 64, .more = 128, .transpose_a = 1};

static void d_grad_discriminator_dense3_weight_sum_squares(const struct frame *f, struct part part)
{
    gradient_part(f, gradient_at_discriminator_dense3_weight, 256, part);
}

/* discriminator.dense3.interpolate''  [64, 256]  A·B, 64 x 512 x 256  Models/MLPWassersteinPenalty.swift:23 */
static const struct matmul d_grad_grad_discriminator_dense3_interpolate = {.m = 64, .n = 256, .k = 512};

/* discriminator.dense4.interpolate'', discriminator.leakyReLU3.interpolate'', discriminator.leakyReLU3'  [256]
 * Models/MLPWassersteinPenalty.swift:26, Models/MLPWassersteinPenalty.swift:24 */
static void d_grad_grad_discriminator_dense4_interpolate_sum(const struct frame *f, int64_t first, int64_t last)
{
    const real *const discriminator_leakyReLU3 = f->arena + d_at_discriminator_leakyReLU3;
    const real *const grad_grad_discriminator_dense3_interpolate =
        f->arena + d_at_grad_grad_discriminator_dense3_interpolate;
    real *const CGANC_RESTRICT out = f->arena + d_at_grad_grad_discriminator_dense4_interpolate_sum;
    for (int64_t task = first; task < last; task++) {
        const int64_t start = task * 64;
        real totals[64] = {0};
        for (int64_t j = 0; j < 64; j++) {
            for (int64_t lane = 0; lane < 64; lane++) {
                const int64_t i = start + lane;
                totals[lane] += real_leaky_step(discriminator_leakyReLU3[i + j * 256 + 32768], REAL(0.2)) *
                    grad_grad_discriminator_dense3_interpolate[i + j * 256];
            }
        }
        for (int64_t lane = 0; lane < 64; lane++) {
            const int64_t i = start + lane;
            out[i] = totals[lane];
        }
    }
}

/* discriminator.dense4.weight', discriminator.dense4.real', discriminator.dense4.fake'  [256]
 * Models/MLPWassersteinPenalty.swift:26 */
static void d_grad_discriminator_dense4_weight(const struct frame *f, int64_t first, int64_t last)
{
    const real *const grad_discriminator_dense4_real_sum = f->arena + d_at_grad_discriminator_dense4_real_sum;
    const real *const grad_grad_discriminator_dense4_interpolate_sum =
        f->arena + d_at_grad_grad_discriminator_dense4_interpolate_sum;
    const real *const grad_discriminator_dense4_fake_sum = f->arena + d_at_grad_discriminator_dense4_fake_sum;
    real *const CGANC_RESTRICT out = f->gradients + gradient_at_discriminator_dense4_weight;
    for (int64_t i = first; i < last; i++) {
        const real sum1 = grad_grad_discriminator_dense4_interpolate_sum[i] +
            grad_discriminator_dense4_fake_sum[i] * REAL(0.015625);
        out[i] = grad_discriminator_dense4_real_sum[i] * -REAL(0.015625) + sum1;
    }
}

static void discriminator_run(const struct frame *f)
{
    AT(0) gather_labels(f, (int32_t *)(f->arena + d_at_labels), 64);
    AT(1) one_hot((int32_t *)(f->arena + d_at_labels), 64, 10, f->arena + d_at_generator_inputs1_one_hot);
    AT(2) discriminator_draw(f, 1, f->run, f->arena + d_at_alpha);
    AT(3) loop_run(f, d_loss_penalty_mix, 64, 16384);
    AT(4) loop_run(f, d_grad_discriminator_dense4_real, 256, 16384);
    AT(5) loop_run(f, d_grad_discriminator_dense4_fake, 256, 16384);
    AT(6) d_grad_discriminator_dense4_real_spread(f);
    AT(7) discriminator_draw(f, 0, f->run, f->arena + d_at_latent);
    AT(8) loop_run(f, d_generator_inputs1_with_latent, 64, 320);
    AT(9) loop_run(f, d_generator_inputs1_with_one_hot, 64, 3264);
    AT(10) matmul(f->pool, &d_generator_dense1, f->arena + d_at_generator_inputs1,
                  f->parameters + parameter_at_generator_dense1_weight, f->arena + d_at_generator_leakyReLU1,
                  &(struct epilogue){d_generator_leakyReLU1, f});
    AT(11) matmul(f->pool, &d_generator_dense2, f->arena + d_at_generator_leakyReLU1,
                  f->parameters + parameter_at_generator_dense2_weight, f->arena + d_at_generator_leakyReLU2,
                  &(struct epilogue){d_generator_leakyReLU2, f});
    AT(12) matmul(f->pool, &d_generator_dense3, f->arena + d_at_generator_leakyReLU2,
                  f->parameters + parameter_at_generator_dense3_weight, f->arena + d_at_generator_leakyReLU3,
                  &(struct epilogue){d_generator_leakyReLU3, f});
    AT(13) matmul(f->pool, &d_generator_dense4, f->arena + d_at_generator_leakyReLU3,
                  f->parameters + parameter_at_generator_dense4_weight, f->arena + d_at_generator_tanh1,
                  &(struct epilogue){d_generator_tanh1, f});
    AT(14) gather_images(f, f->arena + d_at_images, 64, 784);
    AT(15) loop_run(f, d_loss_penalty_mix_product, 64, 16);
    AT(16) loop_run(f, d_loss_penalty_mix_sum, 64, 13);
    AT(17) loop_run(f, d_discriminator_inputs1_real_with_images, 64, 32);
    AT(18) loop_run(f, d_discriminator_inputs1_fake_with_generator_tanh1, 64, 32);
    AT(19) loop_run(f, d_discriminator_inputs1_interpolate_with_loss_penalty_mix, 64, 32);
    AT(20) loop_run(f, d_discriminator_inputs1_real_with_generator_inputs1_one_hot, 64, 3264);
    AT(21) loop_run(f, d_discriminator_inputs1_fake_with_generator_inputs1_one_hot, 64, 3264);
    AT(22) loop_run(f, d_discriminator_inputs1_interpolate_with_generator_inputs1_one_hot, 64, 3264);
    AT(23) matmul(f->pool, &d_discriminator_dense1, f->arena + d_at_discriminator_dense1_joined,
                  f->parameters + parameter_at_discriminator_dense1_weight, f->arena + d_at_discriminator_leakyReLU1,
                  &(struct epilogue){d_discriminator_leakyReLU1, f});
    AT(24) matmul(f->pool, &d_discriminator_dense2, f->arena + d_at_discriminator_leakyReLU1,
                  f->parameters + parameter_at_discriminator_dense2_weight, f->arena + d_at_discriminator_leakyReLU2,
                  &(struct epilogue){d_discriminator_leakyReLU2, f});
    AT(25) matmul(f->pool, &d_discriminator_dense3, f->arena + d_at_discriminator_leakyReLU2,
                  f->parameters + parameter_at_discriminator_dense3_weight, f->arena + d_at_discriminator_leakyReLU3,
                  &(struct epilogue){d_discriminator_leakyReLU3, f});
    AT(26) matmul(f->pool, &d_discriminator_dense4, f->arena + d_at_discriminator_leakyReLU3_2,
                  f->parameters + parameter_at_discriminator_dense4_weight, f->arena + d_at_discriminator_dense4_sum,
                  &(struct epilogue){d_discriminator_dense4_sum, f});
    AT(27) d_loss(f);
    AT(28) d_value_fake(f);
    AT(29) d_loss_sum(f);
    AT(30) d_value_real(f);
    AT(31) sum_rows(f->pool, &d_grad_discriminator_dense4_fake_sum, f->arena + d_at_discriminator_leakyReLU3 + 16384,
                    f->arena + d_at_grad_discriminator_dense4_fake_sum);
    AT(32) sum_rows(f->pool, &d_grad_discriminator_dense4_real_sum, f->arena + d_at_discriminator_leakyReLU3,
                    f->arena + d_at_grad_discriminator_dense4_real_sum);
    AT(33) loop_run(f, d_grad_discriminator_leakyReLU3_real, 64, 48);
    AT(34) loop_run(f, d_grad_discriminator_leakyReLU3_interpolate, 64, 48);
    AT(35) loop_run(f, d_grad_discriminator_leakyReLU3_fake, 64, 48);
    AT(36) loop_run(f, d_grad_discriminator_dense3_real_sum, 4, 16);
    AT(37) matmul(f->pool, &d_grad_discriminator_dense3_input, f->arena + d_at_grad_discriminator_dense3_joined,
                  f->parameters + parameter_at_discriminator_dense3_weight,
                  f->arena + d_at_grad_discriminator_leakyReLU2,
                  &(struct epilogue){d_grad_discriminator_leakyReLU2, f});
    AT(38) loop_run(f, d_grad_discriminator_dense2_real_sum_parts, 32, 64);
    AT(39) sum_rows(f->pool, &d_grad_discriminator_dense2_real_sum,
                    f->arena + d_at_grad_discriminator_dense2_real_sum_parts,
                    f->gradients + gradient_at_discriminator_dense2_bias);
    AT(40) matmul(f->pool, &d_grad_discriminator_dense2_input, f->arena + d_at_grad_discriminator_leakyReLU2,
                  f->parameters + parameter_at_discriminator_dense2_weight,
                  f->arena + d_at_grad_discriminator_leakyReLU1,
                  &(struct epilogue){d_grad_discriminator_leakyReLU1, f});
    AT(41) loop_run(f, d_grad_discriminator_dense1_real_sum_parts, 128, 128);
    AT(42) sum_rows(f->pool, &d_grad_discriminator_dense1_real_sum,
                    f->arena + d_at_grad_discriminator_dense1_real_sum_parts,
                    f->gradients + gradient_at_discriminator_dense1_bias);
    AT(43) matmul_flipped(f->pool, &d_grad_discriminator_dense1_interpolate_input,
                          f->arena + d_at_grad_discriminator_leakyReLU1_interpolate,
                          f->parameters + parameter_at_discriminator_dense1_weight,
                          f->arena + d_at_grad_discriminator_dense1_interpolate_input, NULL);
    AT(44) loop_run(f, d_loss_penalty_parts, 256, 96);
    AT(45) sum_rows(f->pool, &d_loss_penalty, f->arena + d_at_loss_penalty_parts, f->arena + d_at_loss_penalty);
    AT(46) loop_run(f, d_loss_penalty_squareRoot, 64, 13104);
    AT(47) loop_run(f, d_loss_penalty_difference, 64, 16384);
    AT(48) d_loss_penalty_sum(f);
    AT(49) d_value_penalty(f);
    AT(50) d_loss_penalty_sum_2(f);
    AT(51) d_value_slope(f);
    AT(52) d_value_loss(f);
    AT(53) loop_run(f, d_grad_loss_penalty, 64, 9360);
    AT(54) loop_run(f, d_grad_grad_discriminator_inputs1_interpolate, 64, 16);
    AT(55) matmul_sum(f->pool, &d_grad_discriminator_dense1_weight_sum,
                      f->arena + d_at_grad_grad_discriminator_inputs1_interpolate,
                      f->arena + d_at_grad_discriminator_leakyReLU1_interpolate,
                      f->arena + d_at_grad_discriminator_dense1, f->arena + d_at_grad_discriminator_dense1_2,
                      f->gradients + gradient_at_discriminator_dense1_weight,
                      &(struct epilogue){d_grad_discriminator_dense1_weight_sum_squares, f});
    AT(56) matmul(f->pool, &d_grad_grad_discriminator_dense1_interpolate,
                  f->arena + d_at_grad_grad_discriminator_inputs1_interpolate,
                  f->parameters + parameter_at_discriminator_dense1_weight,
                  f->arena + d_at_grad_grad_discriminator_leakyReLU1_interpolate,
                  &(struct epilogue){d_grad_grad_discriminator_leakyReLU1_interpolate, f});
    AT(57) matmul_sum(f->pool, &d_grad_discriminator_dense2_weight_sum,
                      f->arena + d_at_grad_grad_discriminator_leakyReLU1_interpolate,
                      f->arena + d_at_grad_discriminator_leakyReLU2_interpolate,
                      f->arena + d_at_grad_discriminator_dense2, f->arena + d_at_grad_discriminator_dense2_2,
                      f->gradients + gradient_at_discriminator_dense2_weight,
                      &(struct epilogue){d_grad_discriminator_dense2_weight_sum_squares, f});
    AT(58) matmul(f->pool, &d_grad_grad_discriminator_dense2_interpolate,
                  f->arena + d_at_grad_grad_discriminator_leakyReLU1_interpolate,
                  f->parameters + parameter_at_discriminator_dense2_weight,
                  f->arena + d_at_grad_grad_discriminator_leakyReLU2_interpolate,
                  &(struct epilogue){d_grad_grad_discriminator_leakyReLU2_interpolate, f});
    AT(59) matmul_sum(f->pool, &d_grad_discriminator_dense3_weight_sum,
                      f->arena + d_at_grad_grad_discriminator_leakyReLU2_interpolate,
                      f->arena + d_at_grad_discriminator_leakyReLU3_interpolate,
                      f->arena + d_at_grad_discriminator_dense3, f->arena + d_at_grad_discriminator_dense3_2,
                      f->gradients + gradient_at_discriminator_dense3_weight,
                      &(struct epilogue){d_grad_discriminator_dense3_weight_sum_squares, f});
    AT(60) matmul(f->pool, &d_grad_grad_discriminator_dense3_interpolate,
                  f->arena + d_at_grad_grad_discriminator_leakyReLU2_interpolate,
                  f->parameters + parameter_at_discriminator_dense3_weight,
                  f->arena + d_at_grad_grad_discriminator_dense3_interpolate, NULL);
    AT(61) loop_run(f, d_grad_grad_discriminator_dense4_interpolate_sum, 4, 12);
    AT(62) loop_run(f, d_grad_discriminator_dense4_weight, 256, 6544);
}

/* Update number t of the discriminator: Adam. */
static void discriminator_update(struct frame f, real *first_moments, real *second_moments, real *average, uint64_t t)
{
    static const struct update_limits limits = {.gradient_scale = 1, .parameter_limit = INFINITY};
    static const struct adam rule = {.rate = 0.0001, .beta1 = 0.0, .beta2 = 0.9, .epsilon = 1e-08};
    const struct update_context update = adam_update(&rule, &limits, &f.watch, t,
                                                     f.gradients + gradients_of_discriminator,
                                                     f.parameters + parameters_of_discriminator, NULL,
                                                     second_moments + gradients_of_discriminator);
    update_watched(f.pool, &update);
    (void)first_moments;
    (void)average;
}


/* ---- The generator phase ----------------------------------------------------------------------------------------- */

/* The loss and the tracked values, as a report lists them. */
enum { g_at_value_loss };

/* Places in the arena, in reals: 335744 in all, 335744 the most that is alive at once. */
enum {
    g_at_latent = 0, /* [64, 100] */
    g_at_labels = 0, /* index[64] */
    g_at_generator_inputs1_one_hot = 6400, /* [64, 10] */
    g_at_generator_inputs1 = 328704, /* [64, 110] */
    g_at_generator_leakyReLU1 = 312320, /* [64, 256] */
    g_at_generator_leakyReLU2 = 246784, /* [64, 512] */
    g_at_generator_leakyReLU3 = 0, /* [64, 1024] */
    g_at_generator_tanh1 = 196608, /* [64, 784] */
    g_at_discriminator_inputs1_fake = 131072, /* [64, 794] */
    g_at_discriminator_leakyReLU1_fake = 65536, /* [64, 1024] */
    g_at_discriminator_leakyReLU2_fake = 131072, /* [64, 512] */
    g_at_discriminator_leakyReLU3_fake = 163840, /* [64, 256] */
    g_at_discriminator_dense4_fake = 180224, /* [64, 1] */
    g_at_loss = 180288, /* [] */
    g_at_grad_discriminator_dense4_fake = 279552, /* [256, 1] */
    g_at_grad_discriminator_leakyReLU3_fake = 180224, /* [64, 256] */
    g_at_grad_discriminator_leakyReLU2_fake = 279552, /* [64, 512] */
    g_at_grad_discriminator_leakyReLU1_fake = 131072, /* [64, 1024] */
    g_at_grad_discriminator_dense1_fake_input = 65536, /* [64, 794] */
    g_at_grad_generator_tanh1 = 131072, /* [64, 784] */
    g_at_grad_generator_dense4_sum_parts = 65536, /* [4, 784] */
    g_at_grad_generator_leakyReLU3 = 65536, /* [64, 1024] */
    g_at_grad_generator_dense3_sum_parts = 32768, /* [8, 1024] */
    g_at_grad_generator_leakyReLU2 = 0, /* [64, 512] */
    g_at_grad_generator_dense2_sum_parts = 32768, /* [4, 512] */
    g_at_grad_generator_leakyReLU1 = 32768, /* [64, 256] */
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

/* discriminator.dense4.fake'  [256, 1]  Models/MLPWassersteinPenalty.swift:26 */
static void g_grad_discriminator_dense4_fake(const struct frame *f, int64_t first, int64_t last)
{
    const real *const discriminator_dense4_weight = f->parameters + parameter_at_discriminator_dense4_weight;
    real *const CGANC_RESTRICT out = f->arena + g_at_grad_discriminator_dense4_fake;
    for (int64_t i = first; i < last; i++)
        out[i] = discriminator_dense4_weight[i] * -REAL(0.015625);
}

/* generator.inputs1  [64, 100]  Models/MLPWassersteinPenalty.swift:10 */
static void g_generator_inputs1_with_latent(const struct frame *f, int64_t first, int64_t last)
{
    const real *const latent = f->arena + g_at_latent;
    real *const CGANC_RESTRICT out = f->arena + g_at_generator_inputs1;
    for (int64_t i = first; i < last; i++)
        for (int64_t j = 0; j < 100; j++)
            out[i * 110 + j] = latent[i * 100 + j];
}

/* generator.inputs1  [64, 10]  Models/MLPWassersteinPenalty.swift:10 */
static void g_generator_inputs1_with_one_hot(const struct frame *f, int64_t first, int64_t last)
{
    const real *const generator_inputs1_one_hot = f->arena + g_at_generator_inputs1_one_hot;
    real *const CGANC_RESTRICT out = f->arena + g_at_generator_inputs1;
    for (int64_t i = first; i < last; i++)
        for (int64_t j = 0; j < 10; j++)
            out[i * 110 + j + 100] = generator_inputs1_one_hot[i * 10 + j];
}

/* generator.dense1  [64, 256]  A·B, 64 x 110 x 256  Models/MLPWassersteinPenalty.swift:12 */
static const struct matmul g_generator_dense1 = {.m = 64, .n = 256, .k = 110};

/* generator.leakyReLU1, generator.dense1  [64, 256]  on each finished part of the contraction above
 * Models/MLPWassersteinPenalty.swift:13, Models/MLPWassersteinPenalty.swift:12 */
static void g_generator_leakyReLU1(const struct frame *f, struct part part)
{
    const real *const generator_dense1_bias = f->parameters + parameter_at_generator_dense1_bias;
    real *const CGANC_RESTRICT out = f->arena + g_at_generator_leakyReLU1;
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 256 + j] = real_leaky_relu(out[i * 256 + j] + generator_dense1_bias[j], REAL(0.2));
}

/* generator.dense2  [64, 512]  A·B, 64 x 256 x 512  Models/MLPWassersteinPenalty.swift:12 */
static const struct matmul g_generator_dense2 = {.m = 64, .n = 512, .k = 256};

/* generator.leakyReLU2, generator.dense2  [64, 512]  on each finished part of the contraction above
 * Models/MLPWassersteinPenalty.swift:13, Models/MLPWassersteinPenalty.swift:12 */
static void g_generator_leakyReLU2(const struct frame *f, struct part part)
{
    const real *const generator_dense2_bias = f->parameters + parameter_at_generator_dense2_bias;
    real *const CGANC_RESTRICT out = f->arena + g_at_generator_leakyReLU2;
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 512 + j] = real_leaky_relu(out[i * 512 + j] + generator_dense2_bias[j], REAL(0.2));
}

/* discriminator.inputs1.fake  [64, 10]  Models/MLPWassersteinPenalty.swift:21 */
static void g_discriminator_inputs1_fake_with_generator_inputs1_one_hot(const struct frame *f, int64_t first,
                                                                        int64_t last)
{
    const real *const generator_inputs1_one_hot = f->arena + g_at_generator_inputs1_one_hot;
    real *const CGANC_RESTRICT out = f->arena + g_at_discriminator_inputs1_fake;
    for (int64_t i = first; i < last; i++)
        for (int64_t j = 0; j < 10; j++)
            out[i * 794 + j + 784] = generator_inputs1_one_hot[i * 10 + j];
}

/* generator.dense3  [64, 1024]  A·B, 64 x 512 x 1024  Models/MLPWassersteinPenalty.swift:12 */
static const struct matmul g_generator_dense3 = {.m = 64, .n = 1024, .k = 512};

/* generator.leakyReLU3, generator.dense3  [64, 1024]  on each finished part of the contraction above
 * Models/MLPWassersteinPenalty.swift:13, Models/MLPWassersteinPenalty.swift:12 */
static void g_generator_leakyReLU3(const struct frame *f, struct part part)
{
    const real *const generator_dense3_bias = f->parameters + parameter_at_generator_dense3_bias;
    real *const CGANC_RESTRICT out = f->arena + g_at_generator_leakyReLU3;
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 1024 + j] = real_leaky_relu(out[i * 1024 + j] + generator_dense3_bias[j], REAL(0.2));
}

/* generator.dense4  [64, 784]  A·B, 64 x 1024 x 784  Models/MLPWassersteinPenalty.swift:15 */
static const struct matmul g_generator_dense4 = {.m = 64, .n = 784, .k = 1024};

/* generator.tanh1, generator.dense4  [64, 784]  on each finished part of the contraction above
 * Models/MLPWassersteinPenalty.swift:16, Models/MLPWassersteinPenalty.swift:15 */
static void g_generator_tanh1(const struct frame *f, struct part part)
{
    const real *const generator_dense4_bias = f->parameters + parameter_at_generator_dense4_bias;
    real *const CGANC_RESTRICT out = f->arena + g_at_generator_tanh1;
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 784 + j] = real_tanh(out[i * 784 + j] + generator_dense4_bias[j]);
}

/* discriminator.inputs1.fake  [64, 784]  Models/MLPWassersteinPenalty.swift:21 */
static void g_discriminator_inputs1_fake_with_generator_tanh1(const struct frame *f, int64_t first, int64_t last)
{
    const real *const generator_tanh1 = f->arena + g_at_generator_tanh1;
    real *const CGANC_RESTRICT out = f->arena + g_at_discriminator_inputs1_fake;
    for (int64_t i = first; i < last; i++)
        for (int64_t j = 0; j < 784; j++)
            out[i * 794 + j] = generator_tanh1[i * 784 + j];
}

/* discriminator.dense1.fake  [64, 1024]  A·B, 64 x 794 x 1024  Models/MLPWassersteinPenalty.swift:23 */
static const struct matmul g_discriminator_dense1_fake = {.m = 64, .n = 1024, .k = 794};

/* discriminator.leakyReLU1.fake, discriminator.dense1.fake  [64, 1024]  on each finished part of the contraction
 * above
 * Models/MLPWassersteinPenalty.swift:24, Models/MLPWassersteinPenalty.swift:23 */
static void g_discriminator_leakyReLU1_fake(const struct frame *f, struct part part)
{
    const real *const discriminator_dense1_bias = f->parameters + parameter_at_discriminator_dense1_bias;
    real *const CGANC_RESTRICT out = f->arena + g_at_discriminator_leakyReLU1_fake;
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 1024 + j] = real_leaky_relu(out[i * 1024 + j] + discriminator_dense1_bias[j], REAL(0.2));
}

/* discriminator.dense2.fake  [64, 512]  A·B, 64 x 1024 x 512  Models/MLPWassersteinPenalty.swift:23 */
static const struct matmul g_discriminator_dense2_fake = {.m = 64, .n = 512, .k = 1024};

/* discriminator.leakyReLU2.fake, discriminator.dense2.fake  [64, 512]  on each finished part of the contraction
 * above
 * Models/MLPWassersteinPenalty.swift:24, Models/MLPWassersteinPenalty.swift:23 */
static void g_discriminator_leakyReLU2_fake(const struct frame *f, struct part part)
{
    const real *const discriminator_dense2_bias = f->parameters + parameter_at_discriminator_dense2_bias;
    real *const CGANC_RESTRICT out = f->arena + g_at_discriminator_leakyReLU2_fake;
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 512 + j] = real_leaky_relu(out[i * 512 + j] + discriminator_dense2_bias[j], REAL(0.2));
}

/* discriminator.dense3.fake  [64, 256]  A·B, 64 x 512 x 256  Models/MLPWassersteinPenalty.swift:23 */
static const struct matmul g_discriminator_dense3_fake = {.m = 64, .n = 256, .k = 512};

/* discriminator.leakyReLU3.fake, discriminator.dense3.fake  [64, 256]  on each finished part of the contraction
 * above
 * Models/MLPWassersteinPenalty.swift:24, Models/MLPWassersteinPenalty.swift:23 */
static void g_discriminator_leakyReLU3_fake(const struct frame *f, struct part part)
{
    const real *const discriminator_dense3_bias = f->parameters + parameter_at_discriminator_dense3_bias;
    real *const CGANC_RESTRICT out = f->arena + g_at_discriminator_leakyReLU3_fake;
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 256 + j] = real_leaky_relu(out[i * 256 + j] + discriminator_dense3_bias[j], REAL(0.2));
}

/* discriminator.dense4.fake  [64, 1]  A·B, 64 x 256 x 1  Models/MLPWassersteinPenalty.swift:26 */
static const struct matmul g_discriminator_dense4_fake = {.m = 64, .n = 1, .k = 256};

/* loss, discriminator.dense4.fake  []
 * Models/MLPWassersteinPenalty.swift:30, Models/MLPWassersteinPenalty.swift:26 */
static void g_loss(const struct frame *f)
{
    const real *const discriminator_dense4_fake = f->arena + g_at_discriminator_dense4_fake;
    const real *const discriminator_dense4_bias = f->parameters + parameter_at_discriminator_dense4_bias;
    real *const CGANC_RESTRICT out = f->arena + g_at_loss;
    const real value1 = discriminator_dense4_bias[0];
    real lanes[16] = {0};
    for (int64_t start = 0; start < 64; start += 16)
        for (int lane = 0; lane < 16; lane++) {
            const int64_t i = start + lane;
            lanes[lane] += discriminator_dense4_fake[i] + value1;
        }
    out[0] = real_sum_lanes(lanes);
}

/* loss  []  Models/MLPWassersteinPenalty.swift:30 */
static void g_value_loss(const struct frame *f)
{
    const real *const loss = f->arena + g_at_loss;
    real *const CGANC_RESTRICT out = f->values + g_at_value_loss;
    out[0] = loss[0] * -REAL(0.015625);
}

/* discriminator.leakyReLU3.fake'  [64, 256]  Models/MLPWassersteinPenalty.swift:24 */
static void g_grad_discriminator_leakyReLU3_fake(const struct frame *f, int64_t first, int64_t last)
{
    const real *const discriminator_leakyReLU3_fake = f->arena + g_at_discriminator_leakyReLU3_fake;
    const real *const grad_discriminator_dense4_fake = f->arena + g_at_grad_discriminator_dense4_fake;
    real *const CGANC_RESTRICT out = f->arena + g_at_grad_discriminator_leakyReLU3_fake;
    for (int64_t i = first; i < last; i++) {
        for (int64_t j = 0; j < 256; j++) {
            out[i * 256 + j] = real_leaky_step(discriminator_leakyReLU3_fake[i * 256 + j], REAL(0.2)) *
                grad_discriminator_dense4_fake[j];
        }
    }
}

/* discriminator.dense3.fake'  [64, 512]  A·Bᵀ, 64 x 256 x 512  Models/MLPWassersteinPenalty.swift:23 */
static const struct matmul g_grad_discriminator_dense3_fake_input =
    {.m = 64, .n = 512, .k = 256, .transpose_b = 1, .flipped = 1};

/* discriminator.leakyReLU2.fake'  [64, 512]  on each finished part of the contraction above
 * Models/MLPWassersteinPenalty.swift:24 */
static void g_grad_discriminator_leakyReLU2_fake(const struct frame *f, struct part part)
{
    const real *const discriminator_leakyReLU2_fake = f->arena + g_at_discriminator_leakyReLU2_fake;
    real *const CGANC_RESTRICT out = f->arena + g_at_grad_discriminator_leakyReLU2_fake;
    for (int64_t i = part.top; i < part.bottom; i++) {
        for (int64_t j = part.left; j < part.right; j++) {
            out[i * 512 + j] = out[i * 512 + j] *
                real_leaky_step(discriminator_leakyReLU2_fake[i * 512 + j], REAL(0.2));
        }
    }
}

/* discriminator.dense2.fake'  [64, 1024]  A·Bᵀ, 64 x 512 x 1024  Models/MLPWassersteinPenalty.swift:23 */
static const struct matmul g_grad_discriminator_dense2_fake_input =
    {.m = 64, .n = 1024, .k = 512, .transpose_b = 1, .flipped = 1};

/* discriminator.leakyReLU1.fake'  [64, 1024]  on each finished part of the contraction above
 * Models/MLPWassersteinPenalty.swift:24 */
static void g_grad_discriminator_leakyReLU1_fake(const struct frame *f, struct part part)
{
    const real *const discriminator_leakyReLU1_fake = f->arena + g_at_discriminator_leakyReLU1_fake;
    real *const CGANC_RESTRICT out = f->arena + g_at_grad_discriminator_leakyReLU1_fake;
    for (int64_t i = part.top; i < part.bottom; i++) {
        for (int64_t j = part.left; j < part.right; j++) {
            out[i * 1024 + j] = out[i * 1024 + j] *
                real_leaky_step(discriminator_leakyReLU1_fake[i * 1024 + j], REAL(0.2));
        }
    }
}

/* discriminator.dense1.fake'  [64, 794]  A·Bᵀ, 64 x 1024 x 794  Models/MLPWassersteinPenalty.swift:23 */
static const struct matmul g_grad_discriminator_dense1_fake_input =
    {.m = 64, .n = 794, .k = 1024, .transpose_b = 1, .flipped = 1};

/* generator.tanh1'  [64, 784]  Models/MLPWassersteinPenalty.swift:16 */
static void g_grad_generator_tanh1(const struct frame *f, int64_t first, int64_t last)
{
    const real *const grad_discriminator_dense1_fake_input = f->arena + g_at_grad_discriminator_dense1_fake_input;
    const real *const generator_tanh1 = f->arena + g_at_generator_tanh1;
    real *const CGANC_RESTRICT out = f->arena + g_at_grad_generator_tanh1;
    for (int64_t i = first; i < last; i++) {
        for (int64_t j = 0; j < 784; j++) {
            out[i * 784 + j] = grad_discriminator_dense1_fake_input[i * 794 + j] *
                (REAL(1.0) - real_square(generator_tanh1[i * 784 + j]));
        }
    }
}

/* generator.dense4'  [784]  Models/MLPWassersteinPenalty.swift:15 */
static const struct row_sums g_grad_generator_dense4_sum_parts =
    {.parts = 4, .rows = 16, .columns = 784, .part_stride = 12544, .row_stride = 784};

/* generator.dense4'  [784]  Models/MLPWassersteinPenalty.swift:15 */
static const struct row_sums g_grad_generator_dense4_sum = {.parts = 1, .rows = 4, .columns = 784, .row_stride = 784};

/* generator.dense4'  [1024, 784]  Aᵀ·B, 1024 x 64 x 784, beside its update  Models/MLPWassersteinPenalty.swift:15 */
static const struct matmul g_grad_generator_dense4_weight = {.m = 1024, .n = 784, .k = 64, .transpose_a = 1};

/* generator.dense4'  [64, 1024]  A·Bᵀ, 64 x 784 x 1024  Models/MLPWassersteinPenalty.swift:15 */
static const struct matmul g_grad_generator_dense4_input =
    {.m = 64, .n = 1024, .k = 784, .transpose_b = 1, .flipped = 1};

/* generator.leakyReLU3'  [64, 1024]  on each finished part of the contraction above
 * Models/MLPWassersteinPenalty.swift:13 */
static void g_grad_generator_leakyReLU3(const struct frame *f, struct part part)
{
    const real *const generator_leakyReLU3 = f->arena + g_at_generator_leakyReLU3;
    real *const CGANC_RESTRICT out = f->arena + g_at_grad_generator_leakyReLU3;
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 1024 + j] = out[i * 1024 + j] * real_leaky_step(generator_leakyReLU3[i * 1024 + j], REAL(0.2));
}

/* generator.dense3'  [512, 1024]  Aᵀ·B, 512 x 64 x 1024, beside its update  Models/MLPWassersteinPenalty.swift:12 */
static const struct matmul g_grad_generator_dense3_weight = {.m = 512, .n = 1024, .k = 64, .transpose_a = 1};

/* generator.dense3'  [64, 512]  A·Bᵀ, 64 x 1024 x 512  Models/MLPWassersteinPenalty.swift:12 */
static const struct matmul g_grad_generator_dense3_input =
    {.m = 64, .n = 512, .k = 1024, .transpose_b = 1, .flipped = 1};

/* generator.leakyReLU2'  [64, 512]  on each finished part of the contraction above
 * Models/MLPWassersteinPenalty.swift:13 */
static void g_grad_generator_leakyReLU2(const struct frame *f, struct part part)
{
    const real *const generator_leakyReLU2 = f->arena + g_at_generator_leakyReLU2;
    real *const CGANC_RESTRICT out = f->arena + g_at_grad_generator_leakyReLU2;
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 512 + j] = out[i * 512 + j] * real_leaky_step(generator_leakyReLU2[i * 512 + j], REAL(0.2));
}

/* generator.dense3'  [1024]  Models/MLPWassersteinPenalty.swift:12 */
static const struct row_sums g_grad_generator_dense3_sum_parts =
    {.parts = 8, .rows = 8, .columns = 1024, .part_stride = 8192, .row_stride = 1024};

/* generator.dense3'  [1024]  Models/MLPWassersteinPenalty.swift:12 */
static const struct row_sums g_grad_generator_dense3_sum = {.parts = 1, .rows = 8, .columns = 1024, .row_stride = 1024};

/* generator.dense2'  [512]  Models/MLPWassersteinPenalty.swift:12 */
static const struct row_sums g_grad_generator_dense2_sum_parts =
    {.parts = 4, .rows = 16, .columns = 512, .part_stride = 8192, .row_stride = 512};

/* generator.dense2'  [512]  Models/MLPWassersteinPenalty.swift:12 */
static const struct row_sums g_grad_generator_dense2_sum = {.parts = 1, .rows = 4, .columns = 512, .row_stride = 512};

/* generator.dense2'  [256, 512]  Aᵀ·B, 256 x 64 x 512, beside its update  Models/MLPWassersteinPenalty.swift:12 */
static const struct matmul g_grad_generator_dense2_weight = {.m = 256, .n = 512, .k = 64, .transpose_a = 1};

/* generator.dense2'  [64, 256]  A·Bᵀ, 64 x 512 x 256  Models/MLPWassersteinPenalty.swift:12 */
static const struct matmul g_grad_generator_dense2_input =
    {.m = 64, .n = 256, .k = 512, .transpose_b = 1, .flipped = 1};

/* generator.leakyReLU1'  [64, 256]  on each finished part of the contraction above
 * Models/MLPWassersteinPenalty.swift:13 */
static void g_grad_generator_leakyReLU1(const struct frame *f, struct part part)
{
    const real *const generator_leakyReLU1 = f->arena + g_at_generator_leakyReLU1;
    real *const CGANC_RESTRICT out = f->arena + g_at_grad_generator_leakyReLU1;
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 256 + j] = out[i * 256 + j] * real_leaky_step(generator_leakyReLU1[i * 256 + j], REAL(0.2));
}

/* generator.dense1'  [110, 256]  Aᵀ·B, 110 x 64 x 256  Models/MLPWassersteinPenalty.swift:12 */
static const struct matmul g_grad_generator_dense1_weight = {.m = 110, .n = 256, .k = 64, .transpose_a = 1};

static void g_grad_generator_dense1_weight_squares(const struct frame *f, struct part part)
{
    gradient_part(f, gradient_at_generator_dense1_weight, 256, part);
}

/* generator.dense1'  [256]  Models/MLPWassersteinPenalty.swift:12 */
static const struct row_sums g_grad_generator_dense1_sum = {.parts = 1, .rows = 64, .columns = 256, .row_stride = 256};

/* What is left for the update: products, the gradients that they are, their operands. */
static const struct weight_product generator_left[] = {
    {&g_grad_generator_dense4_weight, gradient_at_generator_dense4_weight,
     {g_at_generator_leakyReLU3, g_at_grad_generator_tanh1}, 25},
    {&g_grad_generator_dense3_weight, gradient_at_generator_dense3_weight,
     {g_at_generator_leakyReLU2, g_at_grad_generator_leakyReLU3}, 27},
    {&g_grad_generator_dense2_weight, gradient_at_generator_dense2_weight,
     {g_at_generator_leakyReLU1, g_at_grad_generator_leakyReLU2}, 33},
    {0},
};

static void generator_run(const struct frame *f)
{
    AT(0) gather_labels(f, (int32_t *)(f->arena + g_at_labels), 64);
    AT(1) one_hot((int32_t *)(f->arena + g_at_labels), 64, 10, f->arena + g_at_generator_inputs1_one_hot);
    AT(2) loop_run(f, g_grad_discriminator_dense4_fake, 256, 16384);
    AT(3) generator_draw(f, 0, f->run, f->arena + g_at_latent);
    AT(4) loop_run(f, g_generator_inputs1_with_latent, 64, 320);
    AT(5) loop_run(f, g_generator_inputs1_with_one_hot, 64, 3264);
    AT(6) matmul(f->pool, &g_generator_dense1, f->arena + g_at_generator_inputs1,
                 f->parameters + parameter_at_generator_dense1_weight, f->arena + g_at_generator_leakyReLU1,
                 &(struct epilogue){g_generator_leakyReLU1, f});
    AT(7) matmul(f->pool, &g_generator_dense2, f->arena + g_at_generator_leakyReLU1,
                 f->parameters + parameter_at_generator_dense2_weight, f->arena + g_at_generator_leakyReLU2,
                 &(struct epilogue){g_generator_leakyReLU2, f});
    AT(8) loop_run(f, g_discriminator_inputs1_fake_with_generator_inputs1_one_hot, 64, 3264);
    AT(9) matmul(f->pool, &g_generator_dense3, f->arena + g_at_generator_leakyReLU2,
                 f->parameters + parameter_at_generator_dense3_weight, f->arena + g_at_generator_leakyReLU3,
                 &(struct epilogue){g_generator_leakyReLU3, f});
    AT(10) matmul(f->pool, &g_generator_dense4, f->arena + g_at_generator_leakyReLU3,
                  f->parameters + parameter_at_generator_dense4_weight, f->arena + g_at_generator_tanh1,
                  &(struct epilogue){g_generator_tanh1, f});
    AT(11) loop_run(f, g_discriminator_inputs1_fake_with_generator_tanh1, 64, 32);
    AT(12) matmul(f->pool, &g_discriminator_dense1_fake, f->arena + g_at_discriminator_inputs1_fake,
                  f->parameters + parameter_at_discriminator_dense1_weight,
                  f->arena + g_at_discriminator_leakyReLU1_fake,
                  &(struct epilogue){g_discriminator_leakyReLU1_fake, f});
    AT(13) matmul(f->pool, &g_discriminator_dense2_fake, f->arena + g_at_discriminator_leakyReLU1_fake,
                  f->parameters + parameter_at_discriminator_dense2_weight,
                  f->arena + g_at_discriminator_leakyReLU2_fake,
                  &(struct epilogue){g_discriminator_leakyReLU2_fake, f});
    AT(14) matmul(f->pool, &g_discriminator_dense3_fake, f->arena + g_at_discriminator_leakyReLU2_fake,
                  f->parameters + parameter_at_discriminator_dense3_weight,
                  f->arena + g_at_discriminator_leakyReLU3_fake,
                  &(struct epilogue){g_discriminator_leakyReLU3_fake, f});
    AT(15) matmul(f->pool, &g_discriminator_dense4_fake, f->arena + g_at_discriminator_leakyReLU3_fake,
                  f->parameters + parameter_at_discriminator_dense4_weight, f->arena + g_at_discriminator_dense4_fake,
                  NULL);
    AT(16) g_loss(f);
    AT(17) g_value_loss(f);
    AT(18) loop_run(f, g_grad_discriminator_leakyReLU3_fake, 64, 48);
    AT(19) matmul_flipped(f->pool, &g_grad_discriminator_dense3_fake_input,
                          f->arena + g_at_grad_discriminator_leakyReLU3_fake,
                          f->parameters + parameter_at_discriminator_dense3_weight,
                          f->arena + g_at_grad_discriminator_leakyReLU2_fake,
                          &(struct epilogue){g_grad_discriminator_leakyReLU2_fake, f});
    AT(20) matmul_flipped(f->pool, &g_grad_discriminator_dense2_fake_input,
                          f->arena + g_at_grad_discriminator_leakyReLU2_fake,
                          f->parameters + parameter_at_discriminator_dense2_weight,
                          f->arena + g_at_grad_discriminator_leakyReLU1_fake,
                          &(struct epilogue){g_grad_discriminator_leakyReLU1_fake, f});
    AT(21) matmul_flipped(f->pool, &g_grad_discriminator_dense1_fake_input,
                          f->arena + g_at_grad_discriminator_leakyReLU1_fake,
                          f->parameters + parameter_at_discriminator_dense1_weight,
                          f->arena + g_at_grad_discriminator_dense1_fake_input, NULL);
    AT(22) loop_run(f, g_grad_generator_tanh1, 64, 11);
    AT(23) sum_rows(f->pool, &g_grad_generator_dense4_sum_parts, f->arena + g_at_grad_generator_tanh1,
                    f->arena + g_at_grad_generator_dense4_sum_parts);
    AT(24) sum_rows(f->pool, &g_grad_generator_dense4_sum, f->arena + g_at_grad_generator_dense4_sum_parts,
                    f->gradients + gradient_at_generator_dense4_bias);
    AT(25) weight_lay_out(f, &generator_left[0]);
    AT(26) matmul_flipped(f->pool, &g_grad_generator_dense4_input, f->arena + g_at_grad_generator_tanh1,
                          f->parameters + parameter_at_generator_dense4_weight,
                          f->arena + g_at_grad_generator_leakyReLU3,
                          &(struct epilogue){g_grad_generator_leakyReLU3, f});
    AT(27) weight_lay_out(f, &generator_left[1]);
    AT(28) matmul_flipped(f->pool, &g_grad_generator_dense3_input, f->arena + g_at_grad_generator_leakyReLU3,
                          f->parameters + parameter_at_generator_dense3_weight,
                          f->arena + g_at_grad_generator_leakyReLU2,
                          &(struct epilogue){g_grad_generator_leakyReLU2, f});
    AT(29) sum_rows(f->pool, &g_grad_generator_dense3_sum_parts, f->arena + g_at_grad_generator_leakyReLU3,
                    f->arena + g_at_grad_generator_dense3_sum_parts);
    AT(30) sum_rows(f->pool, &g_grad_generator_dense3_sum, f->arena + g_at_grad_generator_dense3_sum_parts,
                    f->gradients + gradient_at_generator_dense3_bias);
    AT(31) sum_rows(f->pool, &g_grad_generator_dense2_sum_parts, f->arena + g_at_grad_generator_leakyReLU2,
                    f->arena + g_at_grad_generator_dense2_sum_parts);
    AT(32) sum_rows(f->pool, &g_grad_generator_dense2_sum, f->arena + g_at_grad_generator_dense2_sum_parts,
                    f->gradients + gradient_at_generator_dense2_bias);
    AT(33) weight_lay_out(f, &generator_left[2]);
    AT(34) matmul_flipped(f->pool, &g_grad_generator_dense2_input, f->arena + g_at_grad_generator_leakyReLU2,
                          f->parameters + parameter_at_generator_dense2_weight,
                          f->arena + g_at_grad_generator_leakyReLU1,
                          &(struct epilogue){g_grad_generator_leakyReLU1, f});
    AT(35) matmul(f->pool, &g_grad_generator_dense1_weight, f->arena + g_at_generator_inputs1,
                  f->arena + g_at_grad_generator_leakyReLU1, f->gradients + gradient_at_generator_dense1_weight,
                  &(struct epilogue){g_grad_generator_dense1_weight_squares, f});
    AT(36) sum_rows(f->pool, &g_grad_generator_dense1_sum, f->arena + g_at_grad_generator_leakyReLU1,
                    f->gradients + gradient_at_generator_dense1_bias);
}

/* Update number t of the generator: Adam. */
static void generator_update(struct frame f, real *first_moments, real *second_moments, real *average, uint64_t t)
{
    static const struct update_limits limits = {.gradient_scale = 1, .parameter_limit = INFINITY};
    static const struct adam rule = {.rate = 0.0001, .beta1 = 0.0, .beta2 = 0.9, .epsilon = 1e-08};
    const struct update_context update = adam_update(&rule, &limits, &f.watch, t, f.gradients + gradients_of_generator,
                                                     f.parameters + parameters_of_generator, NULL,
                                                     second_moments + gradients_of_generator);
    weight_run(&f, &update);
    update_watched(f.pool, &update);
    (void)first_moments;
    (void)average;
}


/* ---- Function sample --------------------------------------------------------------------------------------------- */

/* Places in the arena, in reals: 7680 in all, 7680 the most that is alive at once. */
enum {
    s_at_generator_inputs1_one_hot = 7040, /* [64, 10] */
    s_at_generator_inputs1 = 0, /* [64, 110] */
};

/* generator.inputs1  [64, 100]  Models/MLPWassersteinPenalty.swift:10 */
static void s_generator_inputs1_with_latent(const struct frame *f, int64_t first, int64_t last)
{
    const real *const latent = f->arguments[0];
    real *const CGANC_RESTRICT out = f->arena + s_at_generator_inputs1;
    for (int64_t i = first; i < last; i++)
        for (int64_t j = 0; j < 100; j++)
            out[i * 110 + j] = latent[i * 100 + j];
}

/* generator.inputs1  [64, 10]  Models/MLPWassersteinPenalty.swift:10 */
static void s_generator_inputs1_with_one_hot(const struct frame *f, int64_t first, int64_t last)
{
    const real *const generator_inputs1_one_hot = f->arena + s_at_generator_inputs1_one_hot;
    real *const CGANC_RESTRICT out = f->arena + s_at_generator_inputs1;
    for (int64_t i = first; i < last; i++)
        for (int64_t j = 0; j < 10; j++)
            out[i * 110 + j + 100] = generator_inputs1_one_hot[i * 10 + j];
}

/* generator.dense1  [64, 256]  A·B, 64 x 110 x 256  Models/MLPWassersteinPenalty.swift:12 */
static const struct matmul s_generator_dense1 = {.m = 64, .n = 256, .k = 110};

/* generator.leakyReLU1, generator.dense1  [64, 256]  on each finished part of the contraction above
 * Models/MLPWassersteinPenalty.swift:13, Models/MLPWassersteinPenalty.swift:12 */
static void s_generator_leakyReLU1(const struct frame *f, struct part part)
{
    const real *const generator_dense1_bias = f->parameters + parameter_at_generator_dense1_bias;
    real *const CGANC_RESTRICT out = f->results[1];
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 256 + j] = real_leaky_relu(out[i * 256 + j] + generator_dense1_bias[j], REAL(0.2));
}

/* generator.dense2  [64, 512]  A·B, 64 x 256 x 512  Models/MLPWassersteinPenalty.swift:12 */
static const struct matmul s_generator_dense2 = {.m = 64, .n = 512, .k = 256};

/* generator.leakyReLU2, generator.dense2  [64, 512]  on each finished part of the contraction above
 * Models/MLPWassersteinPenalty.swift:13, Models/MLPWassersteinPenalty.swift:12 */
static void s_generator_leakyReLU2(const struct frame *f, struct part part)
{
    const real *const generator_dense2_bias = f->parameters + parameter_at_generator_dense2_bias;
    real *const CGANC_RESTRICT out = f->results[2];
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 512 + j] = real_leaky_relu(out[i * 512 + j] + generator_dense2_bias[j], REAL(0.2));
}

/* generator.dense3  [64, 1024]  A·B, 64 x 512 x 1024  Models/MLPWassersteinPenalty.swift:12 */
static const struct matmul s_generator_dense3 = {.m = 64, .n = 1024, .k = 512};

/* generator.leakyReLU3, generator.dense3  [64, 1024]  on each finished part of the contraction above
 * Models/MLPWassersteinPenalty.swift:13, Models/MLPWassersteinPenalty.swift:12 */
static void s_generator_leakyReLU3(const struct frame *f, struct part part)
{
    const real *const generator_dense3_bias = f->parameters + parameter_at_generator_dense3_bias;
    real *const CGANC_RESTRICT out = f->results[3];
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 1024 + j] = real_leaky_relu(out[i * 1024 + j] + generator_dense3_bias[j], REAL(0.2));
}

/* generator.dense4  [64, 784]  A·B, 64 x 1024 x 784  Models/MLPWassersteinPenalty.swift:15 */
static const struct matmul s_generator_dense4 = {.m = 64, .n = 784, .k = 1024};

/* generator.tanh1, generator.dense4  [64, 784]  on each finished part of the contraction above
 * Models/MLPWassersteinPenalty.swift:16, Models/MLPWassersteinPenalty.swift:15 */
static void s_generator_tanh1(const struct frame *f, struct part part)
{
    const real *const generator_dense4_bias = f->parameters + parameter_at_generator_dense4_bias;
    real *const CGANC_RESTRICT out = f->results[0];
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 784 + j] = real_tanh(out[i * 784 + j] + generator_dense4_bias[j]);
}

static void sample_run(const struct frame *f)
{
    AT(0) one_hot(f->arguments[1], 64, 10, f->arena + s_at_generator_inputs1_one_hot);
    AT(1) loop_run(f, s_generator_inputs1_with_latent, 64, 320);
    AT(2) loop_run(f, s_generator_inputs1_with_one_hot, 64, 3264);
    AT(3) matmul(f->pool, &s_generator_dense1, f->arena + s_at_generator_inputs1,
                 f->parameters + parameter_at_generator_dense1_weight, f->results[1],
                 &(struct epilogue){s_generator_leakyReLU1, f});
    AT(4) matmul(f->pool, &s_generator_dense2, f->results[1], f->parameters + parameter_at_generator_dense2_weight,
                 f->results[2], &(struct epilogue){s_generator_leakyReLU2, f});
    AT(5) matmul(f->pool, &s_generator_dense3, f->results[2], f->parameters + parameter_at_generator_dense3_weight,
                 f->results[3], &(struct epilogue){s_generator_leakyReLU3, f});
    AT(6) matmul(f->pool, &s_generator_dense4, f->results[3], f->parameters + parameter_at_generator_dense4_weight,
                 f->results[0], &(struct epilogue){s_generator_tanh1, f});
}

/* ---- Function score ---------------------------------------------------------------------------------------------- */

/* Places in the arena, in reals: 51456 in all, 51456 the most that is alive at once. */
enum {
    p_at_discriminator_inputs1_real_one_hot = 50816, /* [64, 10] */
    p_at_discriminator_inputs1_real = 0, /* [64, 794] */
};

/* discriminator.inputs1.real  [64, 784]  Models/MLPWassersteinPenalty.swift:21 */
static void p_discriminator_inputs1_real_with_images(const struct frame *f, int64_t first, int64_t last)
{
    const real *const images = f->arguments[0];
    real *const CGANC_RESTRICT out = f->arena + p_at_discriminator_inputs1_real;
    for (int64_t i = first; i < last; i++)
        for (int64_t j = 0; j < 784; j++)
            out[i * 794 + j] = images[i * 784 + j];
}

/* discriminator.inputs1.real  [64, 10]  Models/MLPWassersteinPenalty.swift:21 */
static void p_discriminator_inputs1_real_with_one_hot(const struct frame *f, int64_t first, int64_t last)
{
    const real *const discriminator_inputs1_real_one_hot = f->arena + p_at_discriminator_inputs1_real_one_hot;
    real *const CGANC_RESTRICT out = f->arena + p_at_discriminator_inputs1_real;
    for (int64_t i = first; i < last; i++)
        for (int64_t j = 0; j < 10; j++)
            out[i * 794 + j + 784] = discriminator_inputs1_real_one_hot[i * 10 + j];
}

/* discriminator.dense1.real  [64, 1024]  A·B, 64 x 794 x 1024  Models/MLPWassersteinPenalty.swift:23 */
static const struct matmul p_discriminator_dense1_real = {.m = 64, .n = 1024, .k = 794};

/* discriminator.leakyReLU1.real, discriminator.dense1.real  [64, 1024]  on each finished part of the contraction
 * above
 * Models/MLPWassersteinPenalty.swift:24, Models/MLPWassersteinPenalty.swift:23 */
static void p_discriminator_leakyReLU1_real(const struct frame *f, struct part part)
{
    const real *const discriminator_dense1_bias = f->parameters + parameter_at_discriminator_dense1_bias;
    real *const CGANC_RESTRICT out = f->results[1];
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 1024 + j] = real_leaky_relu(out[i * 1024 + j] + discriminator_dense1_bias[j], REAL(0.2));
}

/* discriminator.dense2.real  [64, 512]  A·B, 64 x 1024 x 512  Models/MLPWassersteinPenalty.swift:23 */
static const struct matmul p_discriminator_dense2_real = {.m = 64, .n = 512, .k = 1024};

/* discriminator.leakyReLU2.real, discriminator.dense2.real  [64, 512]  on each finished part of the contraction
 * above
 * Models/MLPWassersteinPenalty.swift:24, Models/MLPWassersteinPenalty.swift:23 */
static void p_discriminator_leakyReLU2_real(const struct frame *f, struct part part)
{
    const real *const discriminator_dense2_bias = f->parameters + parameter_at_discriminator_dense2_bias;
    real *const CGANC_RESTRICT out = f->results[2];
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 512 + j] = real_leaky_relu(out[i * 512 + j] + discriminator_dense2_bias[j], REAL(0.2));
}

/* discriminator.dense3.real  [64, 256]  A·B, 64 x 512 x 256  Models/MLPWassersteinPenalty.swift:23 */
static const struct matmul p_discriminator_dense3_real = {.m = 64, .n = 256, .k = 512};

/* discriminator.leakyReLU3.real, discriminator.dense3.real  [64, 256]  on each finished part of the contraction
 * above
 * Models/MLPWassersteinPenalty.swift:24, Models/MLPWassersteinPenalty.swift:23 */
static void p_discriminator_leakyReLU3_real(const struct frame *f, struct part part)
{
    const real *const discriminator_dense3_bias = f->parameters + parameter_at_discriminator_dense3_bias;
    real *const CGANC_RESTRICT out = f->results[3];
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i * 256 + j] = real_leaky_relu(out[i * 256 + j] + discriminator_dense3_bias[j], REAL(0.2));
}

/* discriminator.dense4.real  [64, 1]  A·B, 64 x 256 x 1  Models/MLPWassersteinPenalty.swift:26 */
static const struct matmul p_discriminator_dense4_real = {.m = 64, .n = 1, .k = 256};

/* discriminator.dense4.real  [64, 1]  on each finished part of the contraction above
 * Models/MLPWassersteinPenalty.swift:26 */
static void p_discriminator_dense4_real_sum(const struct frame *f, struct part part)
{
    const real *const discriminator_dense4_bias = f->parameters + parameter_at_discriminator_dense4_bias;
    real *const CGANC_RESTRICT out = f->results[0];
    const real value1 = discriminator_dense4_bias[0];
    for (int64_t i = part.top; i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            out[i + j] = out[i + j] + value1;
}

static void score_run(const struct frame *f)
{
    AT(0) one_hot(f->arguments[1], 64, 10, f->arena + p_at_discriminator_inputs1_real_one_hot);
    AT(1) loop_run(f, p_discriminator_inputs1_real_with_images, 64, 32);
    AT(2) loop_run(f, p_discriminator_inputs1_real_with_one_hot, 64, 3264);
    AT(3) matmul(f->pool, &p_discriminator_dense1_real, f->arena + p_at_discriminator_inputs1_real,
                 f->parameters + parameter_at_discriminator_dense1_weight, f->results[1],
                 &(struct epilogue){p_discriminator_leakyReLU1_real, f});
    AT(4) matmul(f->pool, &p_discriminator_dense2_real, f->results[1],
                 f->parameters + parameter_at_discriminator_dense2_weight, f->results[2],
                 &(struct epilogue){p_discriminator_leakyReLU2_real, f});
    AT(5) matmul(f->pool, &p_discriminator_dense3_real, f->results[2],
                 f->parameters + parameter_at_discriminator_dense3_weight, f->results[3],
                 &(struct epilogue){p_discriminator_leakyReLU3_real, f});
    AT(6) matmul(f->pool, &p_discriminator_dense4_real, f->results[3],
                 f->parameters + parameter_at_discriminator_dense4_weight, f->results[0],
                 &(struct epilogue){p_discriminator_dense4_real_sum, f});
}

/* ---- Tables ---------------------------------------------------------------------------------------------------- */

/* Extents that the shell needs besides those in the header. */
enum {
    PARAMETER_REALS = 2959392,
    GRADIENT_REALS = 2959392,
    RENEWED_REALS = 0,
    VALUE_REALS = 32,
    STAGING_REALS = 56640,
    ARENA_REALS = 942784,
    KEEPS_FIRST_MOMENTS = 0,
    KEEPS_SECOND_MOMENTS = 1,
    KEEPS_AVERAGE = 0,
    PARAMETER_COUNT = 16,
    PHASE_COUNT = 2,
    MOST_KERNELS = 63,
    RUNS_PER_STEP = 2,
    FUNCTION_COUNT = 2,
    SAMPLER = 0,
    SAMPLER_LATENT = 0,
    SAMPLER_LABELS = 1,
    SAMPLER_RESULTS = 4,
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
    most = integer_max(most, matmul_scratch(&d_generator_dense2));
    most = integer_max(most, matmul_scratch(&d_generator_dense3));
    most = integer_max(most, matmul_scratch(&d_generator_dense4));
    most = integer_max(most, matmul_scratch(&d_discriminator_dense1));
    most = integer_max(most, matmul_scratch(&d_discriminator_dense2));
    most = integer_max(most, matmul_scratch(&d_discriminator_dense3));
    most = integer_max(most, matmul_scratch(&d_grad_discriminator_dense3_input));
    most = integer_max(most, matmul_scratch(&d_grad_discriminator_dense2_input));
    most = integer_max(most, matmul_scratch(&d_grad_discriminator_dense1_interpolate_input));
    most = integer_max(most, matmul_scratch(&d_grad_discriminator_dense1_weight_sum));
    most = integer_max(most, matmul_scratch(&d_grad_grad_discriminator_dense1_interpolate));
    most = integer_max(most, matmul_scratch(&d_grad_discriminator_dense2_weight_sum));
    most = integer_max(most, matmul_scratch(&d_grad_grad_discriminator_dense2_interpolate));
    most = integer_max(most, matmul_scratch(&d_grad_discriminator_dense3_weight_sum));
    most = integer_max(most, matmul_scratch(&d_grad_grad_discriminator_dense3_interpolate));
    most = integer_max(most, matmul_scratch(&g_grad_discriminator_dense3_fake_input));
    most = integer_max(most, matmul_scratch(&g_grad_discriminator_dense2_fake_input));
    most = integer_max(most, matmul_scratch(&g_grad_generator_dense4_input));
    most = integer_max(most, matmul_scratch(&g_grad_generator_dense3_input));
    most = integer_max(most, matmul_scratch(&g_grad_generator_dense2_input));
    most = integer_max(most, matmul_scratch(&g_grad_generator_dense1_weight));
    return most;
}

/* Reals that hold the operands of what a phase leaves for its update. */
static CGANC_COLD int64_t laid_out_reals(void)
{
    return weight_reals(generator_left);
}

static const struct parameter_entry parameter_table[] = {
    {"generator.dense1.weight", 0, 0, 28160, INITIAL_UNIFORM, 0.12803687993289598},
    {"generator.dense1.bias", 28160, 28160, 256, INITIAL_CONSTANT, 0.0},
    {"generator.dense2.weight", 28416, 28416, 131072, INITIAL_UNIFORM, 0.08838834764831845},
    {"generator.dense2.bias", 159488, 159488, 512, INITIAL_CONSTANT, 0.0},
    {"generator.dense3.weight", 160000, 160000, 524288, INITIAL_UNIFORM, 0.0625},
    {"generator.dense3.bias", 684288, 684288, 1024, INITIAL_CONSTANT, 0.0},
    {"generator.dense4.weight", 685312, 685312, 802816, INITIAL_UNIFORM, 0.057607152948192644},
    {"generator.dense4.bias", 1488128, 1488128, 784, INITIAL_CONSTANT, 0.0},
    {"discriminator.dense1.weight", 1488912, 1488912, 813056, INITIAL_UNIFORM, 0.05744849896214261},
    {"discriminator.dense1.bias", 2301968, 2301968, 1024, INITIAL_CONSTANT, 0.0},
    {"discriminator.dense2.weight", 2302992, 2302992, 524288, INITIAL_UNIFORM, 0.0625},
    {"discriminator.dense2.bias", 2827280, 2827280, 512, INITIAL_CONSTANT, 0.0},
    {"discriminator.dense3.weight", 2827792, 2827792, 131072, INITIAL_UNIFORM, 0.08838834764831845},
    {"discriminator.dense3.bias", 2958864, 2958864, 256, INITIAL_CONSTANT, 0.0},
    {"discriminator.dense4.weight", 2959120, 2959120, 256, INITIAL_UNIFORM, 0.15279497210950865},
    {"discriminator.dense4.bias", 2959376, 2959376, 1, INITIAL_CONSTANT, 0.0},
    {0},
};

static const struct tensor_run tensor_runs[] = {
    {TENSOR_PARAMETER, 0, 8},
    {TENSOR_GRADIENT, 0, 8},
    {TENSOR_SECOND_MOMENT, 0, 8},
    {TENSOR_PARAMETER, 8, 8},
    {TENSOR_GRADIENT, 8, 8},
    {TENSOR_SECOND_MOMENT, 8, 8},
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
     .first_gradient = 1488912, .gradient_count = 1470480,
     .value_names = discriminator_values},
    {.name = "generator",
     .run = generator_run,
     .update = generator_update,
     .draw = generator_draw,
     .runs = 1, .first_run = 1, .draw_count = 1,
     .value_count = 1, .first_value = 16,
     .first_gradient = 0, .gradient_count = 1488912,
     .value_names = generator_values,
     .left = generator_left, .has_large = weight_has_large, .run_left = weight_run},
    {0},
};

/* Where in the arena the sampler's results lie besides the images. */
static const int64_t sampler_places[] = {7680, 24064, 56832, 0};

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
    "{\"version\": 1, \"model\": \"mlp-wgan-gp\",\n"
    "\"precision\": \"" CGANC_PRECISION "\",\n"
    "\"batch\": 64, \"image\": [28,28,1], \"classes\": 10, \"latent\": 100, \"arena\": 942784,\n"
    "\"tensors\": [\n"
    "  {\"kind\":\"parameter\",\"layout\":\"in,out\",\"name\":\"generator.dense1.weight\",\"network\":\"generator\",\"shape\":[110,256]}, {\"kind\":\"parameter\",\"layout\":\"channel\",\"name\":\"generator.dense1.bias\",\"network\":\"generator\",\"shape\":[256]}, {\"kind\":\"parameter\",\"layout\":\"in,out\",\"name\":\"generator.dense2.weight\",\"network\":\"generator\",\"shape\":[256,512]}, {\"kind\":\"parameter\",\"layout\":\"channel\",\"name\":\"generator.dense2.bias\",\"network\":\"generator\",\"shape\":[512]},\n"
    "  {\"kind\":\"parameter\",\"layout\":\"in,out\",\"name\":\"generator.dense3.weight\",\"network\":\"generator\",\"shape\":[512,1024]}, {\"kind\":\"parameter\",\"layout\":\"channel\",\"name\":\"generator.dense3.bias\",\"network\":\"generator\",\"shape\":[1024]}, {\"kind\":\"parameter\",\"layout\":\"in,out\",\"name\":\"generator.dense4.weight\",\"network\":\"generator\",\"shape\":[1024,784]}, {\"kind\":\"parameter\",\"layout\":\"channel\",\"name\":\"generator.dense4.bias\",\"network\":\"generator\",\"shape\":[784]},\n"
    "  {\"kind\":\"gradient\",\"layout\":\"in,out\",\"name\":\"generator.dense1.weight\",\"network\":\"generator\",\"shape\":[110,256]}, {\"kind\":\"gradient\",\"layout\":\"channel\",\"name\":\"generator.dense1.bias\",\"network\":\"generator\",\"shape\":[256]}, {\"kind\":\"gradient\",\"layout\":\"in,out\",\"name\":\"generator.dense2.weight\",\"network\":\"generator\",\"shape\":[256,512]}, {\"kind\":\"gradient\",\"layout\":\"channel\",\"name\":\"generator.dense2.bias\",\"network\":\"generator\",\"shape\":[512]},\n"
    "  {\"kind\":\"gradient\",\"layout\":\"in,out\",\"name\":\"generator.dense3.weight\",\"network\":\"generator\",\"shape\":[512,1024]}, {\"kind\":\"gradient\",\"layout\":\"channel\",\"name\":\"generator.dense3.bias\",\"network\":\"generator\",\"shape\":[1024]}, {\"kind\":\"gradient\",\"layout\":\"in,out\",\"name\":\"generator.dense4.weight\",\"network\":\"generator\",\"shape\":[1024,784]}, {\"kind\":\"gradient\",\"layout\":\"channel\",\"name\":\"generator.dense4.bias\",\"network\":\"generator\",\"shape\":[784]},\n"
    "  {\"kind\":\"second moment\",\"layout\":\"in,out\",\"name\":\"generator.dense1.weight\",\"network\":\"generator\",\"shape\":[110,256]}, {\"kind\":\"second moment\",\"layout\":\"channel\",\"name\":\"generator.dense1.bias\",\"network\":\"generator\",\"shape\":[256]}, {\"kind\":\"second moment\",\"layout\":\"in,out\",\"name\":\"generator.dense2.weight\",\"network\":\"generator\",\"shape\":[256,512]}, {\"kind\":\"second moment\",\"layout\":\"channel\",\"name\":\"generator.dense2.bias\",\"network\":\"generator\",\"shape\":[512]},\n"
    "  {\"kind\":\"second moment\",\"layout\":\"in,out\",\"name\":\"generator.dense3.weight\",\"network\":\"generator\",\"shape\":[512,1024]}, {\"kind\":\"second moment\",\"layout\":\"channel\",\"name\":\"generator.dense3.bias\",\"network\":\"generator\",\"shape\":[1024]}, {\"kind\":\"second moment\",\"layout\":\"in,out\",\"name\":\"generator.dense4.weight\",\"network\":\"generator\",\"shape\":[1024,784]}, {\"kind\":\"second moment\",\"layout\":\"channel\",\"name\":\"generator.dense4.bias\",\"network\":\"generator\",\"shape\":[784]},\n"
    "  {\"kind\":\"parameter\",\"layout\":\"in,out\",\"name\":\"discriminator.dense1.weight\",\"network\":\"discriminator\",\"shape\":[794,1024]}, {\"kind\":\"parameter\",\"layout\":\"channel\",\"name\":\"discriminator.dense1.bias\",\"network\":\"discriminator\",\"shape\":[1024]}, {\"kind\":\"parameter\",\"layout\":\"in,out\",\"name\":\"discriminator.dense2.weight\",\"network\":\"discriminator\",\"shape\":[1024,512]}, {\"kind\":\"parameter\",\"layout\":\"channel\",\"name\":\"discriminator.dense2.bias\",\"network\":\"discriminator\",\"shape\":[512]},\n"
    "  {\"kind\":\"parameter\",\"layout\":\"in,out\",\"name\":\"discriminator.dense3.weight\",\"network\":\"discriminator\",\"shape\":[512,256]}, {\"kind\":\"parameter\",\"layout\":\"channel\",\"name\":\"discriminator.dense3.bias\",\"network\":\"discriminator\",\"shape\":[256]}, {\"kind\":\"parameter\",\"layout\":\"in,out\",\"name\":\"discriminator.dense4.weight\",\"network\":\"discriminator\",\"shape\":[256,1]}, {\"kind\":\"parameter\",\"layout\":\"channel\",\"name\":\"discriminator.dense4.bias\",\"network\":\"discriminator\",\"shape\":[1]},\n"
    "  {\"kind\":\"gradient\",\"layout\":\"in,out\",\"name\":\"discriminator.dense1.weight\",\"network\":\"discriminator\",\"shape\":[794,1024]}, {\"kind\":\"gradient\",\"layout\":\"channel\",\"name\":\"discriminator.dense1.bias\",\"network\":\"discriminator\",\"shape\":[1024]}, {\"kind\":\"gradient\",\"layout\":\"in,out\",\"name\":\"discriminator.dense2.weight\",\"network\":\"discriminator\",\"shape\":[1024,512]}, {\"kind\":\"gradient\",\"layout\":\"channel\",\"name\":\"discriminator.dense2.bias\",\"network\":\"discriminator\",\"shape\":[512]},\n"
    "  {\"kind\":\"gradient\",\"layout\":\"in,out\",\"name\":\"discriminator.dense3.weight\",\"network\":\"discriminator\",\"shape\":[512,256]}, {\"kind\":\"gradient\",\"layout\":\"channel\",\"name\":\"discriminator.dense3.bias\",\"network\":\"discriminator\",\"shape\":[256]}, {\"kind\":\"gradient\",\"layout\":\"in,out\",\"name\":\"discriminator.dense4.weight\",\"network\":\"discriminator\",\"shape\":[256,1]}, {\"kind\":\"gradient\",\"layout\":\"channel\",\"name\":\"discriminator.dense4.bias\",\"network\":\"discriminator\",\"shape\":[1]},\n"
    "  {\"kind\":\"second moment\",\"layout\":\"in,out\",\"name\":\"discriminator.dense1.weight\",\"network\":\"discriminator\",\"shape\":[794,1024]}, {\"kind\":\"second moment\",\"layout\":\"channel\",\"name\":\"discriminator.dense1.bias\",\"network\":\"discriminator\",\"shape\":[1024]}, {\"kind\":\"second moment\",\"layout\":\"in,out\",\"name\":\"discriminator.dense2.weight\",\"network\":\"discriminator\",\"shape\":[1024,512]}, {\"kind\":\"second moment\",\"layout\":\"channel\",\"name\":\"discriminator.dense2.bias\",\"network\":\"discriminator\",\"shape\":[512]},\n"
    "  {\"kind\":\"second moment\",\"layout\":\"in,out\",\"name\":\"discriminator.dense3.weight\",\"network\":\"discriminator\",\"shape\":[512,256]}, {\"kind\":\"second moment\",\"layout\":\"channel\",\"name\":\"discriminator.dense3.bias\",\"network\":\"discriminator\",\"shape\":[256]}, {\"kind\":\"second moment\",\"layout\":\"in,out\",\"name\":\"discriminator.dense4.weight\",\"network\":\"discriminator\",\"shape\":[256,1]}, {\"kind\":\"second moment\",\"layout\":\"channel\",\"name\":\"discriminator.dense4.bias\",\"network\":\"discriminator\",\"shape\":[1]}\n"
    "],\n"
    "\"phases\": [\n"
    "  {\"draws\":[{\"law\":\"normal(0.0, 1.0)\",\"name\":\"latent\",\"shape\":[64,100]},{\"law\":\"uniform(0.0, 1.0)\",\"name\":\"alpha\",\"shape\":[64,1,1,1]}],\"name\":\"discriminator\",\"network\":\"discriminator\",\"optimizer\":{\"adam\":{\"beta1\":0,\"beta2\":0.9,\"epsilon\":1e-08,\"rate\":0.0001}},\"runs\":1,\"values\":[\"loss\",\"real\",\"fake\",\"slope\",\"penalty\"]},\n"
    "  {\"draws\":[{\"law\":\"normal(0.0, 1.0)\",\"name\":\"latent\",\"shape\":[64,100]}],\"name\":\"generator\",\"network\":\"generator\",\"optimizer\":{\"adam\":{\"beta1\":0,\"beta2\":0.9,\"epsilon\":1e-08,\"rate\":0.0001}},\"runs\":1,\"values\":[\"loss\"]}\n"
    "],\n"
    "\"functions\": [\n"
    "  {\"arguments\":[{\"element\":\"real\",\"name\":\"latent\",\"shape\":[64,100]},{\"element\":\"index\",\"name\":\"labels\",\"shape\":[64]}],\"name\":\"sample\",\"results\":[{\"element\":\"real\",\"name\":\"images\",\"shape\":[64,28,28,1]},{\"element\":\"real\",\"name\":\"activation:generator.leakyReLU1\",\"shape\":[64,256]},{\"element\":\"real\",\"name\":\"activation:generator.leakyReLU2\",\"shape\":[64,512]},{\"element\":\"real\",\"name\":\"activation:generator.leakyReLU3\",\"shape\":[64,1024]}]},\n"
    "  {\"arguments\":[{\"element\":\"real\",\"name\":\"images\",\"shape\":[64,28,28,1]},{\"element\":\"index\",\"name\":\"labels\",\"shape\":[64]}],\"name\":\"score\",\"results\":[{\"element\":\"real\",\"name\":\"logits\",\"shape\":[64,1]},{\"element\":\"real\",\"name\":\"activation:discriminator.leakyReLU1\",\"shape\":[64,1024]},{\"element\":\"real\",\"name\":\"activation:discriminator.leakyReLU2\",\"shape\":[64,512]},{\"element\":\"real\",\"name\":\"activation:discriminator.leakyReLU3\",\"shape\":[64,256]}]}\n"
    "],\n"
    "\"watched\": [\n"
    "  {\"function\":0,\"kind\":\"tanh\",\"layer\":\"generator.tanh1\",\"result\":0,\"units\":784}, {\"function\":0,\"kind\":\"other\",\"layer\":\"generator.leakyReLU1\",\"result\":1,\"units\":256}, {\"function\":0,\"kind\":\"other\",\"layer\":\"generator.leakyReLU2\",\"result\":2,\"units\":512}, {\"function\":0,\"kind\":\"other\",\"layer\":\"generator.leakyReLU3\",\"result\":3,\"units\":1024},\n"
    "  {\"function\":1,\"kind\":\"other\",\"layer\":\"discriminator.leakyReLU1\",\"result\":1,\"units\":1024}, {\"function\":1,\"kind\":\"other\",\"layer\":\"discriminator.leakyReLU2\",\"result\":2,\"units\":512}, {\"function\":1,\"kind\":\"other\",\"layer\":\"discriminator.leakyReLU3\",\"result\":3,\"units\":256}\n"
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

