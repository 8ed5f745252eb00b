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
