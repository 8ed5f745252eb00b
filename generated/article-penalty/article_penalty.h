/* article-penalty: the interface of article_penalty.c. Written by cganc; do not edit. */
/* The C interface of an emitted model. Every emitted header contains this text; cganc imports the same text.
 *
 * Conventions: a function returns a status and never aborts; what went wrong is in cganc_last_error. Every struct
 * starts with its own size, so that a later version can grow it. `real` values cross as `void *`: they are float or
 * double as the manifest's "precision" says. Images are [rows, height, width, channels], scaled to [-1, 1].
 */
#ifndef CGANC_ABI_H
#define CGANC_ABI_H
#include <stddef.h>
#include <stdint.h>

#define CGANC_ABI_VERSION 1

typedef enum {
    CGANC_OK = 0,
    CGANC_ARGUMENT = 1,  /* a null pointer, a wrong struct size, an index out of range */
    CGANC_MEMORY = 2,    /* the arena could not be allocated */
    CGANC_LABEL = 3,     /* a label outside 0 ..< classes, or a row outside the data set */
    CGANC_NONFINITE = 4, /* a loss or gradient is not finite; the phase's parameters are as they were */
    CGANC_THREAD = 5     /* a worker thread could not be started */
} cganc_status;

typedef struct cganc_model cganc_model;

typedef struct {
    size_t struct_size;
    uint64_t seed;   /* of every random number: initial values, latents, smoothing, interpolates, dropout */
    int32_t threads; /* 1 ... 64; the results do not depend on it */
} cganc_options;

/* The real examples of one step. Either `pixels` (the whole data set as bytes, scaled to [-1, 1] when gathered)
 * or `images` (real values). `rows` chooses the examples: batch rows for each run of a phase, in order of running;
 * null means 0, 1, 2, ... */
typedef struct {
    size_t struct_size;
    const uint8_t *pixels; /* [count, height, width, channels], or null */
    const void *images;    /* [count, height, width, channels], or null */
    const int32_t *labels; /* [count] */
    uint64_t count;
    const uint32_t *rows;  /* [phase runs per step * batch], or null */
} cganc_batch;

/* What a step tells. `values` receives, phase after phase, the loss and the tracked values that the manifest names
 * (of a phase's last run in the step). */
typedef struct {
    size_t struct_size;
    double *values;
    uint64_t value_capacity;
    uint64_t value_count; /* written */
} cganc_report;

/* Where a value was not finite. */
typedef struct {
    size_t struct_size;
    uint64_t step;       /* counted from 0, as are ... */
    uint32_t phase, run; /* ... the phase and its run within the step */
    const char *fact;    /* what was not finite, and what became of the parameters; lives until the next such failure */
} cganc_nonfinite;

typedef struct {
    size_t struct_size;
    const int32_t *labels; /* [count] */
    const void *latents;   /* [count, latent] real values, or null to draw them from `stream` */
    uint64_t count;
    uint64_t stream;       /* which series of latents; the same stream gives the same latents */
    int32_t use_average;   /* nonzero: the exponential moving average of the generator, if the model keeps one */
} cganc_sample_request;

/* How often a kernel ran, and for how long. */
typedef struct {
    uint64_t runs, nanoseconds;
} cganc_counter;

#if defined(__cplusplus)
extern "C" {
#endif

uint32_t cganc_abi_version(void);
/* JSON, UTF-8: tensors with shapes, phases, tracked values, hyper-parameters. Lives as long as the library. */
const char *cganc_manifest(void);

cganc_status cganc_create(const cganc_options *options, cganc_model **model);
void cganc_destroy(cganc_model *model);
/* The text of the last failure on `model` (or of cganc_create when null). Never null. */
const char *cganc_last_error(const cganc_model *model);
/* Where the last CGANC_NONFINITE on `model` came from; CGANC_ARGUMENT if there was none. */
cganc_status cganc_last_nonfinite(const cganc_model *model, cganc_nonfinite *place);

/* Draws the initial parameters and clears the optimisers' state. cganc_create has done it already. */
cganc_status cganc_initialise(cganc_model *model);

/* One training step: every phase, as often as the model asks. Steps count from 0; nothing is remembered between
 * steps but the tensors, so a resumed run passes the step it stopped at. `report` may be null. */
cganc_status cganc_step(cganc_model *model, uint64_t step, const cganc_batch *batch, cganc_report *report);
/* One run of one phase of step `step`, `run` counting from 0 within the step. */
cganc_status cganc_phase(cganc_model *model, uint32_t phase, uint64_t step, uint32_t run, const cganc_batch *batch,
                         cganc_report *report);

/* What the last update of each trained tensor was, three norms (roots of sums of squares) for each in the order of the
 * manifest's gradients: of the gradient, of the tensor after the update, of the update itself. `capacity` counts
 * doubles. */
cganc_status cganc_norms(cganc_model *model, double *norms, uint64_t capacity);

/* Writes [count, height, width, channels] real values. */
cganc_status cganc_sample(cganc_model *model, const cganc_sample_request *request, void *images);

/* Calls a plain function of the manifest: one pointer for each input and each output, in the manifest's order. */
cganc_status cganc_call(cganc_model *model, uint32_t function, const void *const *inputs, void *const *outputs);

/* The manifest's tensor `index` inside the arena, or null: parameters, statistics, moments, averages, gradients. */
void *cganc_tensor(cganc_model *model, uint32_t index);
/* Draw `draw` of phase `phase` exactly as step `step`, run `run` sees it. `values` holds as many as its shape says. */
cganc_status cganc_random(cganc_model *model, uint32_t phase, uint32_t draw, uint64_t step, uint32_t run, void *values);

/* The order in which examples are visited in `epoch`: a permutation of 0 ..< count, a function of seed and epoch. */
cganc_status cganc_permutation(const cganc_model *model, uint64_t epoch, uint32_t count, uint32_t *order);

/* Only in libraries built with -DCGANC_PROFILE: what the calling thread spent in function `function` (phases first,
 * then plain functions) since it last asked. Writes the kernels' counters in order, and last of all those of the
 * gradients' norms and of the update; returns how many, 0 if there is no such function or no room. */
uint32_t cganc_profile(uint32_t function, cganc_counter *values, uint32_t capacity);

#if defined(__cplusplus)
}
#endif
#endif

/* ---- This model ------------------------------------------------------------------------------------------------ */
#ifndef CGANC_MODEL_NAME
#define CGANC_MODEL_NAME "article-penalty"
#define CGANC_MODEL_BATCH 64
#define CGANC_MODEL_ROWS_PER_STEP 128 /* real examples that one step takes */
#define CGANC_MODEL_HEIGHT 28
#define CGANC_MODEL_WIDTH 28
#define CGANC_MODEL_CHANNELS 1
#define CGANC_MODEL_CLASSES 10
#define CGANC_MODEL_LATENT 100
#define CGANC_MODEL_STEPS UINT64_C(10000) /* of a full training run */
#define CGANC_MODEL_SEED UINT64_C(7) /* unless the user chooses another */

/* The number type behind every `void *` above. */
#ifdef CGANC_DOUBLE
typedef double cganc_real;
#else
typedef float cganc_real;
#endif

/* What a report receives, in order: X(phase, value). */
#define CGANC_MODEL_VALUES(X) \
    X("discriminator", "loss") \
    X("discriminator", "real") \
    X("discriminator", "fake") \
    X("discriminator", "slope") \
    X("discriminator", "penalty") \
    X("generator", "loss")

/* The tensors that training leaves behind: X(index for cganc_tensor, name, kind, shape, layout, elements). */
#define CGANC_MODEL_TENSORS(X) \
    X(0, "generator.dense1.weight", "parameter", "110,3136", "in,out", 344960) \
    X(1, "generator.dense1.bias", "parameter", "3136", "channel", 3136) \
    X(2, "generator.convTranspose1.weight", "parameter", "4,4,32,64", "HWOI", 32768) \
    X(3, "generator.convTranspose1.bias", "parameter", "32", "channel", 32) \
    X(4, "generator.convTranspose2.weight", "parameter", "4,4,1,32", "HWOI", 512) \
    X(5, "generator.convTranspose2.bias", "parameter", "1", "channel", 1) \
    X(24, "discriminator.labelPlane.weight", "parameter", "10,784", "class,pixel", 7840) \
    X(25, "discriminator.conv1.weight", "parameter", "4,4,2,32", "HWIO", 1024) \
    X(26, "discriminator.conv1.bias", "parameter", "32", "channel", 32) \
    X(27, "discriminator.conv2.weight", "parameter", "4,4,32,64", "HWIO", 32768) \
    X(28, "discriminator.conv2.bias", "parameter", "64", "channel", 64) \
    X(29, "discriminator.dense1.weight", "parameter", "3136,1", "in,out", 3136) \
    X(30, "discriminator.dense1.bias", "parameter", "1", "channel", 1)
#endif
