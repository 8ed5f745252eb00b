/* Frame: what every kernel of a function is given. The model's memory is one arena, cut into blocks; the tensors of a
 * block are found by the named places further down. */
struct frame {
    struct pool *pool;
    real *parameters;       /* trained tensors, then statistics, network by network (or their moving averages) */
    real *gradients;        /* of the trained tensors, in the same order */
    real *renewed;          /* statistics as the running phase computes them */
    real *values;           /* the running phase's loss and tracked values */
    real *arena;            /* everything that lives no longer than a function */
    void *const *results;   /* a plain function's results */
    const void *const *arguments; /* a plain function's operands */
    real *laid_out;               /* operands of products that the running phase leaves for its update */
    struct tensor_watch watch;    /* the norms of the running phase's network */
    const cganc_batch *batch;     /* the step's real examples ... */
    uint64_t first_row;           /* ... of which this run of the phase takes the ones from here on */
    uint64_t seed;
    uint64_t run; /* counts every run of every phase since step 0: the counter of all random numbers */
};

/* A kernel that is loops: elements [first, last) of the outermost loop, or tasks of those numbers. */
typedef void (*loop_kernel)(const struct frame *f, int64_t first, int64_t last);

struct loop_context {
    const struct frame *frame;
    loop_kernel kernel;
};

static void loop_task(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct loop_context *t = context;
    (void)scratch;
    t->kernel(t->frame, first, last);
}

/* Covers [0, count) with calls of `kernel`, one for each tile of `grain`. */
CGANC_APART static void loop_run(const struct frame *f, loop_kernel kernel, int64_t count, int64_t grain)
{
    const struct loop_context context = {f, kernel};
    pool_run(f->pool, loop_task, &context, count, grain);
}

CGANC_UNUSED static inline real real_step(real x)
{
    return x > 0 ? REAL(1.0) : REAL(0.0);
}

/* The derivative of a leaky ReLU, from its value or its argument. */
CGANC_UNUSED static inline real real_leaky_step(real x, real slope)
{
    return x > 0 ? REAL(1.0) : slope;
}

/* Sixteen interleaved sums as one, always joined as the same tree. */
CGANC_UNUSED static inline real real_sum_lanes(const real lanes[16])
{
    real half[8];
    for (int i = 0; i < 8; i++)
        half[i] = lanes[i] + lanes[i + 8];
    for (int i = 0; i < 4; i++)
        half[i] += half[i + 4];
    return (half[0] + half[2]) + (half[1] + half[3]);
}

CGANC_UNUSED static inline real real_max_lanes(const real lanes[16])
{
    real greatest = lanes[0];
    for (int i = 1; i < 16; i++)
        greatest = real_max(greatest, lanes[i]);
    return greatest;
}

/* The data set's row of example `i` of the running phase. */
static inline uint64_t batch_row(const struct frame *f, int64_t i)
{
    const uint64_t place = f->first_row + (uint64_t)i;
    return f->batch->rows ? f->batch->rows[place] : place;
}

/* Called for each finished part of the gradient at `place`, which has so many columns. */
CGANC_UNUSED static void gradient_part(const struct frame *f, int64_t place, int64_t columns, struct part part)
{
    squares_of_part(f->gradients + place, columns, part, f->watch.columns + place / SQUARES_STRETCH);
}

struct gather_context {
    const struct frame *frame;
    real *out;
    int64_t pixels; /* values of one image */
};

static void gather_images_tile(const void *context, int64_t first, int64_t last, void *scratch)
{
    const struct gather_context *t = context;
    const cganc_batch *batch = t->frame->batch;
    (void)scratch;
    for (int64_t i = first; i < last; i++) {
        const int64_t start = (int64_t)batch_row(t->frame, i) * t->pixels;
        real *CGANC_RESTRICT out = t->out + i * t->pixels;
        if (batch->pixels) {
            const uint8_t *bytes = batch->pixels + start;
            for (int64_t j = 0; j < t->pixels; j++)
                out[j] = (real)bytes[j] * REAL(0.00784313725490196) - 1;
        } else {
            memcpy(out, (const real *)batch->images + start, (size_t)t->pixels * sizeof(real));
        }
    }
}

/* out[examples, height, width, channels]: the phase's real images, scaled from 0 ... 255 to -1 ... 1. */
CGANC_UNUSED static void gather_images(const struct frame *f, real *out, int64_t examples, int64_t pixels)
{
    const struct gather_context context = {f, out, pixels};
    pool_run(f->pool, gather_images_tile, &context, examples, integer_max(1, 16384 / pixels));
}

/* out[examples]: the phase's labels. */
CGANC_UNUSED static void gather_labels(const struct frame *f, int32_t *out, int64_t examples)
{
    for (int64_t i = 0; i < examples; i++)
        out[i] = f->batch->labels[batch_row(f, i)];
}
