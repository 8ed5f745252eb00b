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
