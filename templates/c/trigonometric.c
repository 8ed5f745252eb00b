/* Sine and cosine, in float as elementary.c explains. */
#ifdef CGANC_DOUBLE
#define real_sin sin
#define real_cos cos
#else
/* 2 / pi in overlapping words of 32 bits, each 8 bits after the one before. */
static const uint32_t quarters_bits[] = {
    0x000000a2, 0x0000a2f9, 0x00a2f983, 0xa2f9836e, 0xf9836e4e, 0x836e4e44, 0x6e4e4415, 0x4e441529,
    0x441529fc, 0x1529fc27, 0x29fc2757, 0xfc2757d1, 0x2757d1f5, 0x57d1f534, 0xd1f534dd, 0xf534ddc0,
    0x34ddc0db, 0xddc0db62, 0xc0db6295, 0xdb629599, 0x6295993c, 0x95993c43, 0x993c4390, 0x3c439041,
};

/* x = n pi / 2 + r with |r| <= pi / 4 (a little more at ties). Below 2^19 x is reduced in double, pi / 2 in two parts
 * whose products are exact; from there x's 24 bits are multiplied by those bits of 2 / pi that make less than four
 * quarters (Payne and Hanek, "Radian reduction for trigonometric functions", 1983). */
CGANC_INLINE float quarters(float x, int32_t *n)
{
    const double shifted = x * 0x1.45f306dc9c883p-1 + 0x1.8p52, count = shifted - 0x1.8p52;
    int64_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    const double near = (x - count * 0x1.921fb544p+0) - count * 0x1.0b4611a626331p-34;
    const int32_t ix = float_bits(x);
    const uint32_t m = ((uint32_t)(ix & 0x7fffff) | 0x800000) << (ix >> 23 & 7);
    const int32_t at = ix >> 26 & 15;
    const uint64_t product = ((uint64_t)(m * quarters_bits[at]) << 32) + (uint64_t)m * quarters_bits[at + 4]
                             + ((uint64_t)m * quarters_bits[at + 8] >> 32);
    const uint64_t whole = (product + (UINT64_C(1) << 61)) >> 62;
    const uint64_t part = product - (whole << 62);
    const double low = 0x1p-31 * (double)(int32_t)((uint32_t)part >> 1);
    const double far = ((double)(int32_t)(part >> 32) + low) * 0x1.921fb54442d18p-30;
    const int is_near = real_fabs(x) < 0x1p19f;
    *n = is_near ? (int32_t)bits : (ix < 0 ? -(int32_t)whole : (int32_t)whole);
    return (float)(is_near ? near : (ix < 0 ? -far : far));
}

/* sin(x), within 1.6 units. */
CGANC_INLINE float real_sin(float x)
{
    int32_t n;
    const float r = quarters(x, &n), y = sine_of_parts(r, n);
    return real_fabs(x) < INFINITY ? y : NAN;
}

/* cos(x), within 1.6 units. */
CGANC_INLINE float real_cos(float x)
{
    int32_t n;
    const float r = quarters(x, &n), y = sine_of_parts(r, n + 1);
    return real_fabs(x) < INFINITY ? y : NAN;
}
#endif
