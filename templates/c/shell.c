/* Shell: the C interface over the tables above. One allocation at creation; nothing is allocated in a step. */
struct cganc_model {
    struct pool pool;
    struct frame frame;
    real *moments[2]; /* the optimisers' state, laid out as the gradients; null if no optimiser keeps it */
    real *average;    /* the moving average, laid out as the parameters; null if the model keeps none */
    real *staging;    /* the sampler's operands and result for one batch */
    real *phase_values;
    struct tensor_watch watches[PHASE_COUNT + 1]; /* for each phase, the norms of the network that it updates */
    double (*squares)[SQUARES_KINDS];             /* of the trained tensors in the order of the manifest */
    void *memory;
    int64_t step_rows; /* examples that one step takes */
    char error[512];
    cganc_nonfinite nonfinite; /* the last one; of size 0 if there was none */
    char fact[384];
};

static _Thread_local char creation_error[512];

#define FAIL(model, status, ...) (snprintf((model)->error, sizeof(model)->error, __VA_ARGS__), (status))

uint32_t cganc_abi_version(void)
{
    return CGANC_ABI_VERSION;
}

const char *cganc_manifest(void)
{
    return manifest;
}

const char *cganc_last_error(const cganc_model *model)
{
    return model ? model->error : creation_error;
}

cganc_status cganc_last_nonfinite(const cganc_model *model, cganc_nonfinite *place)
{
    if (!model || !place || place->struct_size < sizeof(cganc_nonfinite) || !model->nonfinite.struct_size)
        return CGANC_ARGUMENT;
    *place = model->nonfinite;
    return CGANC_OK;
}

cganc_status cganc_initialise(cganc_model *model)
{
    if (!model)
        return CGANC_ARGUMENT;
    struct frame *f = &model->frame;
    memset(f->parameters, 0, PARAMETER_REALS * sizeof(real));
    for (int i = 0; i < 2; i++)
        if (model->moments[i])
            memset(model->moments[i], 0, GRADIENT_REALS * sizeof(real));
    for (uint32_t i = 0; i < PARAMETER_COUNT; i++) {
        const struct parameter_entry *value = &parameter_table[i];
        real *out = f->parameters + value->offset;
        switch (value->law) {
        case INITIAL_CONSTANT:
            for (int64_t j = 0; j < value->count; j++)
                out[j] = (real)value->size;
            break;
        case INITIAL_NORMAL:
            random_normal(out, 0, value->count, f->seed, INITIAL_RUN, i, 0, (real)value->size);
            break;
        case INITIAL_UNIFORM:
            random_uniform(out, 0, value->count, f->seed, INITIAL_RUN, i, (real)-value->size, (real)value->size);
            break;
        }
    }
    if (model->average)
        memcpy(model->average, f->parameters, PARAMETER_REALS * sizeof(real));
    return CGANC_OK;
}

/* Hands out the next `count` reals of the arena. */
static real *carve(real **rest, int64_t count)
{
    real *start = *rest;
    *rest += (count + 15) / 16 * 16;
    return start;
}

static size_t align_up(size_t bytes)
{
    return (bytes + CGANC_ALIGNMENT - 1) / CGANC_ALIGNMENT * CGANC_ALIGNMENT;
}

/* Room for the norms: a sum for each parameter and each place of a partial sum, and where those of each phase
 * start. */
enum {
    PARTIAL_COUNT = GRADIENT_REALS / UPDATE_GRAIN + 1 + PARAMETER_COUNT,
    WATCH_DOUBLES = (PARAMETER_COUNT + PARTIAL_COUNT) * SQUARES_KINDS,
    WATCH_STARTS = PARAMETER_COUNT + PHASE_COUNT,
    COLUMN_REALS = GRADIENT_REALS / SQUARES_STRETCH
};

/* Hands out `rest`, room for the numbers above, and `columns`, room for a gradient's, to the phases: the tensors of a
 * phase are those whose gradients lie in its range. */
static void lay_out_watches(cganc_model *model, void *rest, real *columns)
{
    model->squares = rest;
    double (*const partial)[SQUARES_KINDS] = model->squares + PARAMETER_COUNT;
    int64_t *starts = (int64_t *)(partial + PARTIAL_COUNT);
    for (uint32_t p = 0; p < PHASE_COUNT; p++) {
        const int64_t first = phases[p].first_gradient, end = first + phases[p].gradient_count;
        struct tensor_watch *watch = &model->watches[p];
        watch->starts = starts;
        watch->partial = partial;
        watch->columns = columns;
        watch->first = first;
        uint32_t trained = 0;
        for (uint32_t i = 0; i < PARAMETER_COUNT; i++) {
            const int64_t gradient = parameter_table[i].gradient;
            if (gradient >= first && gradient < end) {
                if (watch->tensors == 0)
                    watch->squares = model->squares + trained;
                watch->tensors++;
                *starts++ = gradient - first;
            }
            trained += gradient >= 0;
        }
        *starts++ = end - first;
    }
}

/* Memory is asked for in pages of this size, of which the processor keeps the addresses of all that a kernel uses. */
#define HUGE_PAGE ((size_t)2 << 20)

cganc_status cganc_create(const cganc_options *options, cganc_model **result)
{
    creation_error[0] = 0;
    if (!options || !result || options->struct_size < sizeof(cganc_options)) {
        snprintf(creation_error, sizeof creation_error, "cganc_create needs options of this version and a result");
        return CGANC_ARGUMENT;
    }
    if (options->threads < 1 || options->threads > POOL_MAXIMUM) {
        snprintf(creation_error, sizeof creation_error, "%d threads asked for; 1 to %d are possible",
                 (int)options->threads, POOL_MAXIMUM);
        return CGANC_ARGUMENT;
    }
    const int64_t scratch = integer_ceiling(scratch_reals(), 16) * 16; /* of each thread */
    const int64_t laid_out = laid_out_reals();
    const int64_t average = KEEPS_AVERAGE ? PARAMETER_REALS : 0;
    const int64_t gradients = (1 + KEEPS_FIRST_MOMENTS + KEEPS_SECOND_MOMENTS) * (int64_t)GRADIENT_REALS;
    const int64_t reals = PARAMETER_REALS + gradients + RENEWED_REALS + VALUE_REALS + average + STAGING_REALS +
                          ARENA_REALS + COLUMN_REALS + laid_out + 16 * 11;
    const size_t model_bytes = align_up(sizeof(cganc_model));
    const size_t watch_bytes = align_up(WATCH_DOUBLES * sizeof(double) + WATCH_STARTS * sizeof(int64_t));
    const size_t zeroed = model_bytes + watch_bytes + align_up((size_t)reals * sizeof(real));
    const size_t needed = zeroed + (size_t)options->threads * (size_t)scratch * sizeof(real);
    const size_t bytes = (needed + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    void *memory = aligned_alloc(HUGE_PAGE, bytes);
    if (!memory) {
        snprintf(creation_error, sizeof creation_error, "no memory for an arena of %zu bytes", bytes);
        return CGANC_MEMORY;
    }
#ifdef MADV_HUGEPAGE
    madvise(memory, bytes, MADV_HUGEPAGE); /* a wish: where it is refused, small pages do */
#endif
    memset(memory, 0, zeroed); /* scratch takes memory only where a thread writes to it */
    cganc_model *model = memory;
    model->memory = memory;
    real *rest = (real *)((char *)memory + model_bytes + watch_bytes);
    struct frame *f = &model->frame;
    f->pool = &model->pool;
    f->seed = options->seed;
    f->parameters = carve(&rest, PARAMETER_REALS);
    f->gradients = carve(&rest, GRADIENT_REALS);
    model->moments[0] = KEEPS_FIRST_MOMENTS ? carve(&rest, GRADIENT_REALS) : NULL;
    model->moments[1] = KEEPS_SECOND_MOMENTS ? carve(&rest, GRADIENT_REALS) : NULL;
    f->renewed = carve(&rest, RENEWED_REALS);
    model->phase_values = carve(&rest, VALUE_REALS);
    model->average = average ? carve(&rest, average) : NULL;
    model->staging = carve(&rest, STAGING_REALS);
    f->arena = carve(&rest, ARENA_REALS);
    lay_out_watches(model, (char *)memory + model_bytes, carve(&rest, COLUMN_REALS));
    f->laid_out = carve(&rest, laid_out);
    for (uint32_t i = 0; i < PHASE_COUNT; i++)
        model->step_rows += phases[i].runs * MODEL_BATCH;
    const int error = pool_start(&model->pool, options->threads);
    if (error) {
        snprintf(creation_error, sizeof creation_error, "%d threads could not be started: %s", (int)options->threads,
                 strerror(error));
        free(memory);
        return CGANC_THREAD;
    }
    pool_scratch(&model->pool, rest, (size_t)scratch * sizeof(real));
    *result = model;
    return cganc_initialise(model);
}

void cganc_destroy(cganc_model *model)
{
    if (!model)
        return;
    pool_stop(&model->pool);
    free(model->memory);
}

/* Checks the rows and labels of a batch before anything is indexed by them. */
static cganc_status check_batch(cganc_model *model, const cganc_batch *batch, int64_t rows)
{
    if (!batch || batch->struct_size < sizeof(cganc_batch))
        return FAIL(model, CGANC_ARGUMENT, "a step needs a batch of this version");
    if ((!batch->pixels && !batch->images) || !batch->labels)
        return FAIL(model, CGANC_ARGUMENT, "a batch needs pixels or images, and labels");
    for (int64_t i = 0; i < rows; i++) {
        const uint64_t row = batch->rows ? batch->rows[i] : (uint64_t)i;
        if (row >= batch->count)
            return FAIL(model, CGANC_LABEL, "example %lld of the batch is row %llu, but the data set has %llu",
                        (long long)i, (unsigned long long)row, (unsigned long long)batch->count);
        const int32_t label = batch->labels[row];
        if (label < 0 || label >= MODEL_CLASSES)
            return FAIL(model, CGANC_LABEL, "row %llu has label %d, but the classes are 0 to %d",
                        (unsigned long long)row, (int)label, MODEL_CLASSES - 1);
    }
    return CGANC_OK;
}

/* Which gradient or value of a phase is not finite, and that the parameters stay as they are. */
static cganc_status report_nonfinite(cganc_model *model, uint32_t index, uint64_t step, uint32_t run)
{
    const struct phase_entry *phase = &phases[index];
    const struct frame *f = &model->frame;
    const char *what = "a gradient", *name = "";
    for (uint32_t i = 0; i < phase->value_count && !*name; i++)
        if (!isfinite(f->values[i]))
            what = "the value", name = phase->value_names[i];
    for (uint32_t i = 0; i < PARAMETER_COUNT; i++) {
        const struct parameter_entry *tensor = &parameter_table[i];
        if (*name || tensor->gradient < phase->first_gradient ||
            tensor->gradient >= phase->first_gradient + phase->gradient_count)
            continue;
        if (!all_finite(f->pool, f->gradients + tensor->gradient, tensor->count))
            what = "the gradient of", name = tensor->name;
    }
    snprintf(model->fact, sizeof model->fact,
             "%s %s is not finite; the %s's parameters are as they were before the phase", what, name, phase->name);
    model->nonfinite = (cganc_nonfinite){
        .struct_size = sizeof(cganc_nonfinite), .step = step, .phase = index, .run = run, .fact = model->fact};
    return FAIL(model, CGANC_NONFINITE, "step %llu, %s phase: %s", (unsigned long long)step, phase->name, model->fact);
}

/* Whether the values of the running phase are finite, and its gradients but for those that are left for the update. */
static int phase_is_finite(const struct frame *f, const struct phase_entry *phase)
{
    const struct tensor_watch *watch = &f->watch;
    const real *gradients = f->gradients + phase->first_gradient;
    int finite = 1;
    /* In double precision a sum of finite squares can be infinite. */
    if (!isfinite(gradient_squares(f->pool, watch, gradients)))
        for (int64_t k = 0; k < watch->tensors; k++)
            finite &= is_left(watch, k) || all_finite(f->pool, gradients + watch->starts[k],
                                                      watch->starts[k + 1] - watch->starts[k]);
    for (uint32_t i = 0; i < phase->value_count; i++)
        finite &= isfinite(f->values[i]) != 0;
    return finite;
}

/* Runs one phase once, from examples `first_row` on, and applies its update if all of it is finite. */
static cganc_status run_phase(cganc_model *model, uint32_t index, uint64_t step, uint32_t run, uint64_t first_row,
                              const cganc_batch *batch)
{
    const struct phase_entry *phase = &phases[index];
    struct frame *f = &model->frame;
    f->batch = batch;
    f->first_row = first_row;
    f->run = step * RUNS_PER_STEP + phase->first_run + run;
    f->values = model->phase_values + phase->first_value;
    f->watch = model->watches[index];
    f->watch.left = phase->left;
    PROFILE(index)
    phase->run(f);
    AT(MOST_KERNELS)
    int finite = phase_is_finite(f, phase);
    if (phase->left && (!finite || phase->has_large(f))) {
        /* What is left may not be finite either: all gradients are looked at before anything is updated. */
        phase->run_left(f, NULL);
        f->watch.left = NULL;
        finite = phase_is_finite(f, phase);
    }
    AT(MOST_KERNELS + 1)
    if (finite)
        phase->update(model->frame, model->moments[0], model->moments[1], model->average, step * phase->runs + run + 1);
    AT_END
    return finite ? CGANC_OK : report_nonfinite(model, index, step, run);
}

static void report_values(const cganc_model *model, cganc_report *report)
{
    if (!report)
        return;
    uint64_t count = 0;
    for (uint32_t i = 0; i < PHASE_COUNT; i++)
        for (uint32_t j = 0; j < phases[i].value_count; j++, count++)
            if (count < report->value_capacity)
                report->values[count] = (double)model->phase_values[phases[i].first_value + j];
    report->value_count = count < report->value_capacity ? count : report->value_capacity;
}

static cganc_status check_report(cganc_model *model, const cganc_report *report)
{
    if (report && (report->struct_size < sizeof(cganc_report) || (!report->values && report->value_capacity)))
        return FAIL(model, CGANC_ARGUMENT, "a report of another version, or without room for its values");
    return CGANC_OK;
}

cganc_status cganc_step(cganc_model *model, uint64_t step, const cganc_batch *batch, cganc_report *report)
{
    if (!model)
        return CGANC_ARGUMENT;
    cganc_status status = check_report(model, report);
    if (status == CGANC_OK)
        status = check_batch(model, batch, model->step_rows);
    uint64_t row = 0;
    for (uint32_t i = 0; i < PHASE_COUNT && status == CGANC_OK; i++)
        for (uint32_t run = 0; run < phases[i].runs && status == CGANC_OK; run++, row += MODEL_BATCH)
            status = run_phase(model, i, step, run, row, batch);
    report_values(model, report);
    return status;
}

cganc_status cganc_phase(cganc_model *model, uint32_t phase, uint64_t step, uint32_t run, const cganc_batch *batch,
                         cganc_report *report)
{
    if (!model)
        return CGANC_ARGUMENT;
    if (phase >= PHASE_COUNT || run >= phases[phase].runs)
        return FAIL(model, CGANC_ARGUMENT, "phase %u, run %u does not exist", phase, run);
    cganc_status status = check_report(model, report);
    if (status == CGANC_OK)
        status = check_batch(model, batch, MODEL_BATCH);
    if (status == CGANC_OK)
        status = run_phase(model, phase, step, run, 0, batch);
    report_values(model, report);
    return status;
}

cganc_status cganc_norms(cganc_model *model, double *norms, uint64_t capacity)
{
    if (!model || (!norms && capacity))
        return CGANC_ARGUMENT;
    uint64_t count = 0;
    for (uint32_t i = 0; i < PARAMETER_COUNT; i++) {
        if (parameter_table[i].gradient < 0)
            continue;
        if (capacity < (count + 1) * SQUARES_KINDS)
            return FAIL(model, CGANC_ARGUMENT, "room for %llu norms, which are more", (unsigned long long)capacity);
        for (int kind = 0; kind < SQUARES_KINDS; kind++)
            norms[count * SQUARES_KINDS + kind] = sqrt(model->squares[count][kind]);
        count++;
    }
    return CGANC_OK;
}

/* Calls plain function `index` with parameters from `parameters`. */
static void call_function(cganc_model *model, uint32_t index, real *parameters, const void *const *arguments,
                          void *const *results)
{
    struct frame frame = model->frame;
    frame.parameters = parameters;
    frame.arguments = arguments;
    frame.results = results;
    PROFILE(PHASE_COUNT + index)
    functions[index].run(&frame);
    AT_END
}

cganc_status cganc_call(cganc_model *model, uint32_t function, const void *const *inputs, void *const *outputs)
{
    if (!model)
        return CGANC_ARGUMENT;
    if (function >= FUNCTION_COUNT)
        return FAIL(model, CGANC_ARGUMENT, "function %u does not exist", function);
    call_function(model, function, model->frame.parameters, inputs, outputs);
    return CGANC_OK;
}

cganc_status cganc_sample(cganc_model *model, const cganc_sample_request *request, void *images)
{
    if (!model)
        return CGANC_ARGUMENT;
    if (SAMPLER < 0)
        return FAIL(model, CGANC_ARGUMENT, "this model has no sampler");
    if (!request || request->struct_size < sizeof(cganc_sample_request) || !request->labels || !images)
        return FAIL(model, CGANC_ARGUMENT, "sampling needs a request of this version, labels and room for the images");
    for (uint64_t i = 0; i < request->count; i++)
        if (request->labels[i] < 0 || request->labels[i] >= MODEL_CLASSES)
            return FAIL(model, CGANC_LABEL, "label %d of sample %llu is not one of the classes 0 to %d",
                        (int)request->labels[i], (unsigned long long)i, MODEL_CLASSES - 1);
    real *rest = model->staging;
    real *latents = carve(&rest, MODEL_BATCH * (int64_t)MODEL_LATENT);
    int32_t *labels = (int32_t *)carve(&rest, MODEL_BATCH);
    real *result = rest;
    real *parameters = request->use_average && model->average ? model->average : model->frame.parameters;
    const void *arguments[3] = {0};
    if (SAMPLER_LATENT >= 0)
        arguments[SAMPLER_LATENT + 0] = latents;
    if (SAMPLER_LABELS >= 0)
        arguments[SAMPLER_LABELS + 0] = labels;
    void *results[SAMPLER_RESULTS + 1] = {result};
    for (int i = 1; i < SAMPLER_RESULTS; i++)
        results[i] = model->frame.arena + sampler_places[i - 1];
    const int64_t pixels = (int64_t)MODEL_HEIGHT * MODEL_WIDTH * MODEL_CHANNELS;
    for (uint64_t start = 0; start < request->count; start += MODEL_BATCH) {
        const int64_t count = integer_min(MODEL_BATCH, (int64_t)(request->count - start));
        memset(labels, 0, MODEL_BATCH * sizeof(int32_t));
        memcpy(labels, request->labels + start, (size_t)count * sizeof(int32_t));
        if (request->latents) {
            memset(latents, 0, MODEL_BATCH * (size_t)MODEL_LATENT * sizeof(real));
            memcpy(latents, (const real *)request->latents + start * MODEL_LATENT,
                   (size_t)count * MODEL_LATENT * sizeof(real));
        } else {
            random_normal(latents, 0, MODEL_BATCH * (int64_t)MODEL_LATENT, model->frame.seed,
                          SAMPLE_RUN + request->stream, (uint32_t)(start / MODEL_BATCH), 0, 1);
        }
        call_function(model, SAMPLER + 0U, parameters, arguments, results);
        memcpy((real *)images + (int64_t)start * pixels, result, (size_t)(count * pixels) * sizeof(real));
    }
    return CGANC_OK;
}

void *cganc_tensor(cganc_model *model, uint32_t index)
{
    const struct tensor_run *run = tensor_runs;
    for (; index >= run->count && run->count; run++)
        index -= run->count;
    if (!model || !run->count)
        return NULL;
    const struct parameter_entry *entry = &parameter_table[run->first + index];
    switch (run->kind) {
    case TENSOR_PARAMETER:
        return model->frame.parameters + entry->offset;
    case TENSOR_AVERAGE:
        return model->average + entry->offset;
    case TENSOR_GRADIENT:
        return model->frame.gradients + entry->gradient;
    case TENSOR_FIRST_MOMENT:
        return model->moments[0] + entry->gradient;
    case TENSOR_SECOND_MOMENT:
        return model->moments[1] + entry->gradient;
    }
    return NULL;
}

cganc_status cganc_random(cganc_model *model, uint32_t phase, uint32_t draw, uint64_t step, uint32_t run, void *values)
{
    if (!model)
        return CGANC_ARGUMENT;
    if (phase >= PHASE_COUNT || draw >= phases[phase].draw_count || run >= phases[phase].runs || !values)
        return FAIL(model, CGANC_ARGUMENT, "phase %u has no draw %u in run %u", phase, draw, run);
    phases[phase].draw(&model->frame, draw, step * RUNS_PER_STEP + phases[phase].first_run + run, values);
    return CGANC_OK;
}

cganc_status cganc_permutation(const cganc_model *model, uint64_t epoch, uint32_t count, uint32_t *order)
{
    if (!model || !order)
        return CGANC_ARGUMENT;
    random_permutation(order, count, model->frame.seed, epoch);
    return CGANC_OK;
}

#ifdef CGANC_PROFILE
uint32_t cganc_profile(uint32_t function, cganc_counter *values, uint32_t capacity)
{
    if (function >= PHASE_COUNT + FUNCTION_COUNT || capacity < MOST_KERNELS + 2)
        return 0;
    memcpy(values, counters[function], sizeof counters[function]);
    memset(counters[function], 0, sizeof counters[function]);
    return MOST_KERNELS + 2;
}
#endif
