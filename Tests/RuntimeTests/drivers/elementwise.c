/* The elementwise functions against their definitions in double, at the ends of the range too. */
static void check(const char *name, double x, double value, double expected)
{
    const int same = isnan(expected) ? isnan(value) : value == expected;
    CHECK(same || fabs(value - expected) <= 4 * TOLERANCE * fmax(fabs(expected), 1e-30), "%s(%.9g) = %.17g, not %.17g",
          name, x, value, expected);
}

int main(void)
{
    for (double at = -90; at <= 90; at += 0.37) {
        const real x = (real)at;
        const double d = x;
        check("sigmoid", d, real_sigmoid(x), d >= 0 ? 1 / (1 + exp(-d)) : exp(d) / (1 + exp(d)));
        check("softplus", d, real_softplus(x), d > 0 ? d + log1p(exp(-d)) : log1p(exp(d)));
        check("elu", d, real_elu(x, REAL(0.5)), d > 0 ? d : 0.5 * expm1(d));
        check("relu", d, real_relu(x), d > 0 ? d : 0);
        check("leaky relu", d, real_leaky_relu(x, REAL(0.25)), d > 0 ? d : 0.25 * d);
        check("sign", d, real_sign(x), d > 0 ? 1 : d < 0 ? -1 : 0);
        check("square", d, real_square(x), d * d);
        check("reciprocal", d, real_reciprocal(x), 1 / d);
    }
    check("sigmoid", 1e30, real_sigmoid(REAL(1e30)), 1);
    check("sigmoid", -1e30, real_sigmoid(REAL(-1e30)), 0);
    check("softplus", 1e30, real_softplus(REAL(1e30)), REAL(1e30));
    check("softplus", -1e30, real_softplus(REAL(-1e30)), 0);
    check("softplus", 0, real_softplus(0), log(2));
    check("elu", 1e30, real_elu(REAL(1e30), 1), REAL(1e30));
    check("elu", -1e30, real_elu(REAL(-1e30), 1), -1);
    check("sign", 0, real_sign(0), 0);
    check("relu", NAN, real_relu((real)NAN), NAN);
    check("softplus", NAN, real_softplus((real)NAN), NAN);
    check("sigmoid", NAN, real_sigmoid((real)NAN), NAN);
    check("max", 1, real_max(1, 2), 2);
    check("min", 1, real_min(1, 2), 1);
    CHECK(integer_ceiling(0, 3) == 0 && integer_ceiling(6, 3) == 2 && integer_ceiling(7, 3) == 3, "ceiling");
    return finish();
}
