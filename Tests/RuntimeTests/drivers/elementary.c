/* The elementary functions against the C library's in double, over floats of every size and sign: STRIDE 1 takes all
 * of them, which needs minutes. The digest of all results tells whether two builds have the same bits. */
#ifndef STRIDE
#define STRIDE 1511
#endif
#define BLOCK 1024

/* Positive floats, infinity and a NaN in the order of their bits. */
#define COUNT_OF_FLOATS 0x7f800002

static uint64_t digest = UINT64_C(0xcbf29ce484222325);

struct elementary {
    const char *name;
    void (*all)(const real *x, real *y);
    double (*expected)(double x);
    double limit;  /* of the error, in units in the last place of a float */
    int is_rising; /* whether results never fall as x rises */
};

#define IN_BLOCKS(name)                                                                                                \
    static void name##_all(const real *CGANC_RESTRICT x, real *CGANC_RESTRICT y)                                       \
    {                                                                                                                  \
        for (int i = 0; i < BLOCK; i++)                                                                                \
            y[i] = real_##name(x[i]);                                                                                  \
    }
IN_BLOCKS(exp)
IN_BLOCKS(expm1)
IN_BLOCKS(log)
IN_BLOCKS(log1p)
IN_BLOCKS(tanh)
IN_BLOCKS(sigmoid)
IN_BLOCKS(softplus)
IN_BLOCKS(sin)
IN_BLOCKS(cos)

static double sigmoid(double x)
{
    return x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x));
}

static double softplus(double x)
{
    return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

/* Powers, and with them those that are products. */
#define POWER(name, p, value)                                                                                          \
    static double name##_expected(double x)                                                                            \
    {                                                                                                                  \
        return pow(x, p);                                                                                              \
    }                                                                                                                  \
    static void name##_all(const real *CGANC_RESTRICT x, real *CGANC_RESTRICT y)                                       \
    {                                                                                                                  \
        for (int i = 0; i < BLOCK; i++)                                                                                \
            y[i] = value;                                                                                              \
    }
POWER(cube, 3, real_cube(x[i]))
POWER(third_power, 3, real_pow(x[i], 3))
POWER(minus_third_power, -3, real_pow(x[i], -3))
POWER(minus_eighth_power, -8, real_pow(x[i], -8))
POWER(zeroth_power, 0, real_pow(x[i], 0))
POWER(power_0_75, 0.75, real_pow(x[i], REAL(0.75)))
POWER(power_2_375, 2.375, real_pow(x[i], REAL(2.375)))
POWER(power_minus_1_5, -1.5, real_pow(x[i], REAL(-1.5)))
POWER(power_40_25, 40.25, real_pow(x[i], REAL(40.25)))

static const struct elementary functions[] = {
    {"cube", cube_all, cube_expected, 1.5, 1},
    {"third power", third_power_all, third_power_expected, 0.6, 1},
    {"minus third power", minus_third_power_all, minus_third_power_expected, 0.6, 0},
    {"minus eighth power", minus_eighth_power_all, minus_eighth_power_expected, 0.6, 0},
    {"zeroth power", zeroth_power_all, zeroth_power_expected, 0, 0},
    {"power 0.75", power_0_75_all, power_0_75_expected, 0.6, 1},
    {"power 2.375", power_2_375_all, power_2_375_expected, 0.6, 1},
    {"power -1.5", power_minus_1_5_all, power_minus_1_5_expected, 0.6, 0},
    {"power 40.25", power_40_25_all, power_40_25_expected, 0.6, 1},
    {"exp", exp_all, exp, 1.0, 1},
    {"expm1", expm1_all, expm1, 1.5, 1},
    {"log", log_all, log, 1.0, 1},
    {"log1p", log1p_all, log1p, 1.6, 1},
    {"tanh", tanh_all, tanh, 2.6, 1},
    {"sigmoid", sigmoid_all, sigmoid, 2.5, 1},
    {"softplus", softplus_all, softplus, 2.0, 0},
    {"sin", sin_all, sin, 1.6, 0},
    {"cos", cos_all, cos, 1.6, 0},
};

/* The distance in units in the last place that a float of the expected size has; beyond the largest float, the
 * infinity counts as the number that would come next. */
static double units(double value, double expected)
{
    if (isnan(expected) || isnan(value))
        return isnan(expected) && isnan(value) ? 0 : INFINITY;
    if (isinf(expected) || isinf(value)) {
        if (value == expected)
            return 0;
        value = isinf(value) ? copysign(0x1p128, value) : value;
        expected = isinf(expected) ? copysign(0x1p129, expected) : expected;
    }
    if (fabs(expected) >= 0x1p128)
        expected = copysign(0x1p128, expected);
    int exponent = -125;
    if (expected != 0)
        frexp(expected, &exponent);
    return fabs(value - expected) / ldexp(1, (exponent < -125 ? -125 : exponent) - 24);
}

/* Float number `index` of all, from a NaN through negative ones and positive ones to a NaN. */
static float float_at(int64_t index)
{
    const uint32_t bits = index < 0 ? (uint32_t)(-1 - index) | UINT32_C(0x80000000) : (uint32_t)index;
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

static void sweep(const struct elementary *f)
{
    real x[BLOCK], y[BLOCK], last = -(real)INFINITY;
    double worst = 0, worst_x = 0;
    for (int64_t index = -COUNT_OF_FLOATS; index < COUNT_OF_FLOATS; index += (int64_t)BLOCK * STRIDE) {
        for (int i = 0; i < BLOCK; i++)
            x[i] = float_at(integer_min(index + (int64_t)i * STRIDE, COUNT_OF_FLOATS - 1));
        f->all(x, y);
        for (int i = 0; i < BLOCK; i++) {
            const double error = units((double)(float)y[i], f->expected((double)x[i]));
            if (!(error <= worst)) {
                worst = error;
                worst_x = (double)x[i];
            }
            if (f->is_rising && !isnan(y[i])) {
                CHECK(y[i] >= last, "%s falls to %.9g at %.9g", f->name, (double)y[i], (double)x[i]);
                last = y[i];
            }
            const float value = isnan(y[i]) ? 0 : (float)y[i]; /* of a NaN, sign and payload are the machine's */
            uint32_t bits;
            memcpy(&bits, &value, sizeof bits);
            digest = (digest ^ bits) * UINT64_C(0x100000001b3);
        }
    }
    CHECK(worst <= f->limit, "%s(%.9g) is off by %.3f units", f->name, worst_x, worst);
#ifdef REPORT
    printf("%s: %.3f units at %.9g\n", f->name, worst, worst_x);
#endif
}

/* Where floats change their kind, and where results overflow or vanish. */
static void check_edges(const struct elementary *f)
{
    static const float edges[] = {
        0, 0x1p-149f, 0x1.fffffcp-127f, 0x1p-126f, 0x1p-25f, 0x1p-24f, 0x1.6a09e4p-1f, 0x1.6a09e6p-1f, 0x1.fffffep-1f,
        1, 0x1.000002p+0f, 0x1.6a09e6p+0f, 0x1.6a09e8p+0f, 0x1.921fb6p+0f, 9.0109f, 9.0110f, 16.6355f, 17.3287f,
        87.33654f, 87.33655f, 88.37626f, 88.37627f, 88.72283f, 88.72284f, 103.2789f, 103.97207f, 103.97208f, 0x1p19f,
        0x1.fffffep18f, 0x1p24f, 0x1.fffffep127f, INFINITY, NAN,
    };
    const int count = (int)(sizeof edges / sizeof *edges);
    real x[BLOCK] = {0}, y[BLOCK];
    for (int i = 0; i < count; i++) {
        x[2 * i] = edges[i];
        x[2 * i + 1] = -edges[i];
    }
    f->all(x, y);
    for (int i = 0; i < 2 * count; i++) {
        const double error = units((double)(float)y[i], f->expected((double)x[i]));
        CHECK(error <= f->limit, "%s(%.9g) = %.9g is off by %.3f units", f->name, (double)x[i], (double)y[i], error);
    }
}

/* The functions of quarter turns, at what random numbers ask of them. */
static void check_quarters(void)
{
    double worst = 0;
    for (int k = 0; k < 1 << 24; k += STRIDE < 64 ? STRIDE : 63) {
        const double x = k * 0x1p-22, n = rint(x), r = (x - n) * 1.5707963267948966;
        const double parts[] = {sin(r), cos(r), -sin(r), -cos(r)};
        const real sine = real_sin_quarters((real)x), cosine = real_cos_quarters((real)x);
        worst = fmax(worst, units((double)sine, parts[(int)n & 3]));
        worst = fmax(worst, units((double)cosine, parts[((int)n + 1) & 3]));
    }
    CHECK(worst <= 2, "off by %.3f units", worst);
#ifndef CGANC_DOUBLE
    CHECK(real_sin_quarters(2) == 0 && real_cos_quarters(1) == 0, "the zeros are not exact");
#endif
    CHECK(real_sin_quarters(0) == 0 && real_sin_quarters(1) == 1 && real_sin_quarters(3) == -1, "a quarter's sine");
    CHECK(real_cos_quarters(0) == 1 && real_cos_quarters(2) == -1, "a quarter's cosine");
}

int main(void)
{
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        check_edges(&functions[i]);
        sweep(&functions[i]);
    }
    CHECK(real_exp(0) == 1 && real_expm1(0) == 0 && real_log(1) == 0 && real_log1p(0) == 0, "at the origin");
    CHECK(real_tanh(0) == 0 && real_sin(0) == 0 && real_cos(0) == 1 && real_sigmoid(0) == REAL(0.5), "at the origin");
    CHECK(real_tanh(20) == 1 && real_tanh(-20) == -1 && real_sigmoid(200) == 1 && real_softplus(200) == 200, "far out");
    check_quarters();
    real normal[10000];
    random_normal(normal, 0, 10000, 1, 2, 3, 0, 1);
    for (int i = 0; i < 10000; i++) {
        uint64_t bits = 0;
        memcpy(&bits, &normal[i], sizeof(real));
        digest = (digest ^ bits) * UINT64_C(0x100000001b3);
    }
    printf("digest %016llx\n", (unsigned long long)digest);
    return finish();
}
