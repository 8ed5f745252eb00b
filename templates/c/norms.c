/* Norms: sums of squares of each trained tensor, of its gradient and of its change, taken where an update reads them
 * anyway. They are added up in an order that follows from the extents alone. */
enum squares_of { SQUARES_OF_GRADIENT, SQUARES_OF_WEIGHT, SQUARES_OF_CHANGE, SQUARES_KINDS };

/* Elements that one tile updates, and those of them that are worked on at once. */
#define UPDATE_GRAIN 8192
#define UPDATE_BLOCK 1024

/* A benchmark may leave the norms out, to learn what they cost: they are then 0. */
#ifndef CGANC_NORMS
#define CGANC_NORMS 1
#endif

/* A gradient that is left for the update to compute, beside its own work (weight_update.c). A list ends with an empty
 * one. */
struct weight_product {
    const struct matmul *shape;
    int64_t gradient, operands[4], kernel; /* places among all gradients and in the arena; the kernel's number */
};

/* The trained tensors of one network, which lie in one range: tensor k from starts[k] up to starts[k + 1]. A tile of
 * the range and a tensor that meet have a sum of their own, in place tile + tensor: along the range, from one meeting
 * to the next, at least one of the two grows, so no place is taken twice. */
struct tensor_watch {
    const int64_t *starts; /* [tensors + 1] */
    int64_t tensors;
    double (*squares)[SQUARES_KINDS]; /* [tensors] */
    double (*partial)[SQUARES_KINDS]; /* [tiles + tensors] */
    real *columns; /* see squares_of_part; a tensor's from its gradient's place divided by SQUARES_STRETCH on */
    int64_t first; /* the range's place among all gradients */
    const struct weight_product *left; /* what is left for the update; NULL for nothing */
};

/* Whether the gradient of tensor `k` is left for the update. */
static int is_left(const struct tensor_watch *watch, int64_t k)
{
    const struct weight_product *left = watch->left;
    while (left && left->shape && left->gradient != watch->first + watch->starts[k])
        left++;
    return left && left->shape;
}

/* Interleaved sums of squares that are joined in doubles; a fixed number, so that bits do not depend on the width of
 * vectors. */
#define SQUARE_LANES 16

/* Whether a sum of squares that were floats tells that none of weight has left their range. */
static inline int squares_kept(double total)
{
    return total > 1e-25 && total < 1e35;
}

/* What interleaved sums of x[i]^2, i < count <= UPDATE_BLOCK, add up to. Where squares may have left the range of a
 * float, they are taken again as doubles. */
static double join_lanes(const real lane[SQUARE_LANES], const real *x, int64_t count)
{
    double eight[SQUARE_LANES / 2], total;
    for (int j = 0; j < SQUARE_LANES / 2; j++)
        eight[j] = (double)lane[j] + (double)lane[j + SQUARE_LANES / 2];
    total = ((eight[0] + eight[1]) + (eight[2] + eight[3])) + ((eight[4] + eight[5]) + (eight[6] + eight[7]));
    if (squares_kept(total))
        return total;
    total = 0;
    for (int64_t i = 0; i < count; i++)
        total += (double)x[i] * (double)x[i];
    return total;
}

/* The sum of x[i]^2 over at most UPDATE_BLOCK elements, in four sums for each lane. */
static double block_of_squares(const real *x, int64_t count)
{
    vector sums[4 * SQUARE_LANES / LANES];
    real all[4 * SQUARE_LANES], lane[SQUARE_LANES];
    int64_t i = 0;
    CGANC_UNROLL
    for (int j = 0; j < 4 * SQUARE_LANES / LANES; j++)
        sums[j] = (vector){0};
    for (; i + 4 * SQUARE_LANES <= count; i += 4 * SQUARE_LANES) {
        CGANC_UNROLL
        for (int j = 0; j < 4 * SQUARE_LANES / LANES; j++) {
            const vector v = CONST_VECTOR_AT(x + i + j * LANES);
            sums[j] += v * v;
        }
    }
    CGANC_UNROLL
    for (int j = 0; j < 4 * SQUARE_LANES / LANES; j++)
        VECTOR_AT(all + j * LANES) = sums[j];
    for (int j = 0; j < SQUARE_LANES; j++)
        lane[j] = (all[j] + all[j + SQUARE_LANES]) + (all[j + 2 * SQUARE_LANES] + all[j + 3 * SQUARE_LANES]);
    for (; i < count; i++)
        lane[i % SQUARE_LANES] += x[i] * x[i];
    return join_lanes(lane, x, count);
}

static double sum_of_squares(const real *x, int64_t count)
{
    double total = 0;
    for (int64_t i = 0; CGANC_NORMS && i < count; i += UPDATE_BLOCK)
        total += block_of_squares(x + i, integer_min(UPDATE_BLOCK, count - i));
    return total;
}

/* The tensor in whose stretch of the range element `i` lies. */
static int64_t tensor_at(const struct tensor_watch *watch, int64_t i)
{
    int64_t k = 0;
    while (watch->starts[k + 1] <= i)
        k++;
    return k;
}

/* Each tensor's sum, from those of its tiles in their order; returns the sum of all. */
static double join_squares(const struct tensor_watch *watch, enum squares_of kind)
{
    double all = 0;
    for (int64_t k = 0; k < watch->tensors; k++) {
        const int64_t last = (watch->starts[k + 1] - 1) / UPDATE_GRAIN;
        double sum = 0;
        if (is_left(watch, k))
            continue; /* the update tells */
        if (kind == SQUARES_OF_GRADIENT && watch->squares[k][kind] > 0)
            sum = watch->squares[k][kind]; /* its columns have told */
        else
            for (int64_t tile = watch->starts[k] / UPDATE_GRAIN; tile <= last; tile++)
                sum += watch->partial[tile + k][kind];
        watch->squares[k][kind] = sum;
        all += sum;
    }
    return all;
}

/* Elements of a gradient for which there is a place, which holds a column's sum over some SQUARES_ROWS rows. */
#define SQUARES_STRETCH 64
#define SQUARES_ROWS (2 * SQUARES_STRETCH)

/* Takes the squares of a finished part of a gradient with `columns` columns while it lies in the cache: a sum for each
 * column, which is the same whatever the width of vectors. A product with a transposed operand has at most 256 rows in
 * a part, and parts that begin at different rows begin more than SQUARES_ROWS apart, so that each finds places of its
 * own; of SQUARES_STRETCH rows or more, they all find room. */
CGANC_UNUSED static void squares_of_part(const real *gradient, int64_t columns, struct part part, real *places)
{
    real *CGANC_RESTRICT sums = places + part.top / SQUARES_ROWS * columns;
    for (int64_t j = part.left; j < part.right; j++)
        sums[j] = 0;
    for (int64_t i = part.top; CGANC_NORMS && i < part.bottom; i++)
        for (int64_t j = part.left; j < part.right; j++)
            sums[j] += gradient[i * columns + j] * gradient[i * columns + j];
}

/* What the columns of a tensor of `count` elements add up to, if they were taken and did not leave the range of a
 * float; otherwise 0. They do not count a second time. */
static double join_columns(real *places, int64_t count)
{
    double lanes[16] = {0}, total = 0;
    for (int64_t i = 0; i < count / SQUARES_STRETCH; i++)
        lanes[i % 16] += (double)places[i];
    for (int j = 0; j < 16; j++)
        total += lanes[j];
    if (count >= SQUARES_STRETCH)
        places[0] = -INFINITY;
    return squares_kept(total) ? total : 0;
}

struct gradient_context {
    const struct tensor_watch *watch;
    const real *gradient;
};

static void gradient_squares_tile(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct gradient_context *t = context;
    const struct tensor_watch *watch = t->watch;
    (void)scratch;
    for (int64_t start = first, k = tensor_at(watch, first), end; start < last; start = end, k++) {
        end = integer_min(last, watch->starts[k + 1]);
        if (watch->squares[k][SQUARES_OF_GRADIENT] == 0 && !is_left(watch, k))
            watch->partial[first / UPDATE_GRAIN + k][SQUARES_OF_GRADIENT] =
                sum_of_squares(t->gradient + start, end - start);
    }
}

/* The sums of squares of the gradients of a network but for those that are left for the update; only those are looked
 * through whose columns do not tell. Returns the sum of all. */
CGANC_UNUSED static double gradient_squares(struct pool *pool, const struct tensor_watch *watch, const real *gradient)
{
    const struct gradient_context context = {watch, gradient};
    if (!CGANC_NORMS)
        return INFINITY; /* the caller then looks whether all are finite */
    for (int64_t k = 0; k < watch->tensors; k++)
        if (!is_left(watch, k))
            watch->squares[k][SQUARES_OF_GRADIENT] =
                join_columns(watch->columns + (watch->first + watch->starts[k]) / SQUARES_STRETCH,
                             watch->starts[k + 1] - watch->starts[k]);
    pool_run(pool, gradient_squares_tile, &context, watch->starts[watch->tensors], UPDATE_GRAIN);
    return join_squares(watch, SQUARES_OF_GRADIENT);
}
