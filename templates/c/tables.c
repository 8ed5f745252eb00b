/* Tables: what the shell knows of this model. */
enum {
    MODEL_BATCH = CGANC_MODEL_BATCH,
    MODEL_HEIGHT = CGANC_MODEL_HEIGHT,
    MODEL_WIDTH = CGANC_MODEL_WIDTH,
    MODEL_CHANNELS = CGANC_MODEL_CHANNELS,
    MODEL_CLASSES = CGANC_MODEL_CLASSES,
    MODEL_LATENT = CGANC_MODEL_LATENT
};

enum initial_law { INITIAL_CONSTANT, INITIAL_NORMAL, INITIAL_UNIFORM };

/* A trained tensor, or a statistic, which has no gradient. */
struct parameter_entry {
    const char *name;
    int64_t offset, gradient, count; /* places among the parameters, and among gradients and moments or -1 */
    enum initial_law law;
    double size; /* the constant, the deviation, or the half-width */
};

enum tensor_kind { TENSOR_PARAMETER, TENSOR_GRADIENT, TENSOR_FIRST_MOMENT, TENSOR_SECOND_MOMENT, TENSOR_AVERAGE };

/* Some tensors of the manifest that follow each other: those of so many parameters from `first` on. */
struct tensor_run {
    enum tensor_kind kind;
    uint32_t first, count;
};

struct phase_entry {
    const char *name;
    void (*run)(const struct frame *f);
    /* Applies the gradients as update number t (from 1), then renews statistics and the moving average. */
    void (*update)(struct frame f, real *first_moments, real *second_moments, real *average, uint64_t t);
    /* Draw `number` as run `run` sees it. */
    void (*draw)(const struct frame *f, uint32_t number, uint64_t run, real *out);
    uint32_t runs, first_run, draw_count, value_count, first_value;
    int64_t first_gradient, gradient_count;
    const char *const *value_names;
    /* Gradients that are left for `update`, whether an operand of theirs is large, and how they alone are computed; or
     * NULL. */
    const struct weight_product *left;
    int (*has_large)(const struct frame *f);
    void (*run_left)(const struct frame *f, const struct update_context *update);
};

struct function_entry {
    const char *name;
    void (*run)(const struct frame *f);
};

/* The counters of random numbers outside training: initial values, and the series of sampled latents. */
#define INITIAL_RUN UINT64_MAX
#define SAMPLE_RUN (UINT64_C(1) << 63)

#ifdef CGANC_PROFILE
/* Of each function, phases first: its kernels' counters, then those of the gradients' norms and of the update. */
static _Thread_local cganc_counter counters[PHASE_COUNT + FUNCTION_COUNT][MOST_KERNELS + 2];
#endif
