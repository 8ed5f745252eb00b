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
