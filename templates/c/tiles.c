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
