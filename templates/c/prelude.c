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
