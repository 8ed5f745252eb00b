/* out[outer, inner]: where x[outer, extent, inner] has its first maximum along the middle axis. */
CGANC_UNUSED static void arg_max(int64_t outer, int64_t extent, int64_t inner, const real *x, int32_t *out)
{
    for (int64_t i = 0; i < outer; i++)
        for (int64_t j = 0; j < inner; j++) {
            const real *column = x + i * extent * inner + j;
            int64_t best = 0;
            for (int64_t k = 1; k < extent; k++)
                if (column[k * inner] > column[best * inner])
                    best = k;
            out[i * inner + j] = (int32_t)best;
        }
}
