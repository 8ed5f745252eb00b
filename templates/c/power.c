/* Powers, in float as elementary.c explains, but by way of double. */
#ifdef CGANC_DOUBLE
#define real_pow pow
#else
CGANC_INLINE int64_t double_bits(double x)
{
    int64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

CGANC_INLINE double double_of_bits(int64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* |x|^p = 2^(p log2 |x|), within 0.6 units. |x| is m 2^e with m in [sqrt(1/2), sqrt(2)), and log2(m) the series
 * (2 / log(2)) (t + t^3 / 3 + t^5 / 5 + ...) of t = (m - 1) / (m + 1). */
CGANC_INLINE float power_of_magnitude(float x, float p)
{
    const int64_t low = INT64_C(0x3fe6a09e00000000), bits = double_bits((double)x) & INT64_MAX;
    const int32_t e = ((int32_t)(bits >> 32) - 0x3fe6a09e) >> 20;
    const double m = double_of_bits(((bits - low) & INT64_C(0xfffffffffffff)) + low);
    const double t = (m - 1) / (m + 1), s = t * t;
    double log2 = 0x1.c68f568d31760p-3;
    log2 = 0x1.0c9a84994022dp-2 + s * log2;
    log2 = 0x1.484b13d7c02a9p-2 + s * log2;
    log2 = 0x1.a61762a7aded9p-2 + s * log2;
    log2 = 0x1.2776c50ef9bfep-1 + s * log2;
    log2 = 0x1.ec709dc3a03fdp-1 + s * log2;
    log2 = 0x1.71547652b82fep+1 + s * log2;
    const double y = p * ((double)e + t * log2);
    const double limited = y < -200 ? -200 : y > 200 ? 200 : y;
    const double shifted = limited + 0x1.8p52, r = limited - (shifted - 0x1.8p52);
    double q = 0x1.00f132730ba3fp-16;
    q = 0x1.445e6a9c1a79fp-13 + r * q;
    q = 0x1.5d8723aad2639p-10 + r * q;
    q = 0x1.3b29f0fde7627p-7 + r * q;
    q = 0x1.c6b08df45b233p-5 + r * q;
    q = 0x1.ebfbe07ab8891p-3 + r * q;
    q = 0x1.62e42fef7b663p-1 + r * q;
    q = 1 + r * q;
    return (float)double_of_bits(double_bits(q) + (int64_t)((uint64_t)double_bits(shifted) << 52));
}

/* x^p, of a negative x for a whole p. */
CGANC_INLINE float real_pow(float x, float p)
{
    const int is_whole = p == floorf(p), is_odd = is_whole && p != 2 * floorf(0.5f * p);
    const float at_zero = p > 0 ? 0 : INFINITY, at_infinity = p > 0 ? INFINITY : 0, magnitude = real_fabs(x);
    const float finite = x == 0 ? at_zero : power_of_magnitude(x, p);
    const float y = magnitude < INFINITY ? finite : at_infinity;
    const float result = is_odd && float_bits(x) < 0 ? -y : y;
    const int is_defined = is_whole || !(x < 0) || magnitude == INFINITY;
    return p == 0 ? 1 : x != x ? x : is_defined ? result : NAN;
}
#endif

CGANC_INLINE real real_cube(real x)
{
    return x * x * x;
}
