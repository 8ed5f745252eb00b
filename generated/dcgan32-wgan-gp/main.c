/* Trains the model on images in the IDX format of MNIST, through the interface of dcgan32_wgan_gp.h alone.
 *
 * From top to bottom: the command line, reading IDX files, the order of examples, training, writing the results.
 * Images and labels are checked before anything is trained, and so are the places that the results go to; a failure
 * is one line on standard error and a non-zero exit. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "dcgan32_wgan_gp.h"
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define IMAGE_BYTES ((size_t)CGANC_MODEL_HEIGHT * CGANC_MODEL_WIDTH * CGANC_MODEL_CHANNELS)
#define PATH_CAPACITY 4096

/* Prints one line of error; always 0, so that a function which answers 1 for success can return it. */
__attribute__((format(printf, 1, 2))) static int fail(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("error: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    return 0;
}

/* Prints a way out of the error before. */
static int help(const char *text)
{
    fprintf(stderr, "help: %s\n", text);
    return 0;
}

/* ---- The command line ------------------------------------------------------------------------------------------ */

struct settings {
    const char *data, *images, *labels; /* a folder, or two files */
    const char *samples, *parameters;   /* what is written */
    uint64_t steps, seed, threads, every;
};

static void print_usage(FILE *file)
{
    fprintf(file,
            "Trains %s on %d x %d x %d images of %d classes.\n"
            "\n"
            "  --data DIR          a folder with train-images-idx3-ubyte and train-labels-idx1-ubyte, plain or .gz\n"
            "  --images FILE       the images, and\n"
            "  --labels FILE       their labels, wherever they are\n"
            "  --steps N           training steps (%" PRIu64 ")\n"
            "  --seed S            of every random number (%" PRIu64 ")\n"
            "  --threads T         1 to 64 (one for each processor); the results do not depend on it\n"
            "  --every N           steps between two lines of progress (100)\n"
            "  --samples FILE      a sheet of samples, one row per class, as PGM or PPM\n"
            "  --parameters FILE   the trained tensors, one after another; FILE.txt lists them\n",
            CGANC_MODEL_NAME, CGANC_MODEL_HEIGHT, CGANC_MODEL_WIDTH, CGANC_MODEL_CHANNELS, CGANC_MODEL_CLASSES,
            CGANC_MODEL_STEPS, CGANC_MODEL_SEED);
}

/* Reads a whole number of at most `greatest`. */
static int parse_number(const char *option, const char *text, uint64_t least, uint64_t greatest, uint64_t *number)
{
    char *end;
    errno = 0;
    const unsigned long long value = strtoull(text, &end, 10);
    if (*text < '0' || *text > '9' || *end || errno || value < least || value > greatest)
        return fail("%s takes a whole number from %" PRIu64 " to %" PRIu64 ", not `%s`", option, least, greatest, text);
    *number = value;
    return 1;
}

static int parse_settings(int count, char **words, struct settings *settings)
{
    const struct {
        const char *name;
        const char **text; /* where a text goes, or ... */
        uint64_t *number;  /* ... where a number goes, and its range */
        uint64_t least, greatest;
    } options[] = {
        {"--data", &settings->data, NULL, 0, 0},
        {"--images", &settings->images, NULL, 0, 0},
        {"--labels", &settings->labels, NULL, 0, 0},
        {"--samples", &settings->samples, NULL, 0, 0},
        {"--parameters", &settings->parameters, NULL, 0, 0},
        {"--steps", NULL, &settings->steps, 0, UINT64_C(1) << 40},
        {"--seed", NULL, &settings->seed, 0, UINT64_MAX},
        {"--threads", NULL, &settings->threads, 1, 64},
        {"--every", NULL, &settings->every, 1, UINT64_C(1) << 40},
    };
    const size_t option_count = sizeof options / sizeof options[0];
    for (int i = 1; i < count; i += 2) {
        size_t option = 0;
        while (option < option_count && strcmp(words[i], options[option].name) != 0)
            option++;
        if (option == option_count) {
            fail("`%s` is not an option", words[i]);
            return help("--help lists the options");
        }
        if (i + 1 == count)
            return fail("%s needs a value", words[i]);
        if (options[option].text)
            *options[option].text = words[i + 1];
        else if (!parse_number(words[i], words[i + 1], options[option].least, options[option].greatest,
                               options[option].number))
            return 0;
    }
    if (settings->data ? settings->images || settings->labels : !settings->images || !settings->labels) {
        fail("the training data are missing or given twice");
        return help("give --data DIR, or both --images FILE and --labels FILE");
    }
    return 1;
}

/* ---- Reading IDX files ----------------------------------------------------------------------------------------- */

/* The bytes of a file, unpacked. */
struct contents {
    const char *path;
    uint8_t *bytes;
    size_t count;
};

/* No data set is larger; a packed file that claims to be is not unpacked to the end. */
#define CONTENTS_LIMIT ((size_t)1 << 34)

/* Starts gzip on a file, or returns null. */
static FILE *unpack(const char *path)
{
    /* gzip -dc -- '<path>'; a quote inside the path ends the quotation, stands for itself, and begins another. */
    char command[4 * PATH_CAPACITY + 64] = "gzip -dc -- '";
    size_t length = strlen(command);
    for (const char *c = path; *c && length < 4 * PATH_CAPACITY; c++)
        length += (size_t)sprintf(command + length, *c == '\'' ? "'\\%c'" : "%c", *c);
    strcpy(command + length, "' 2>/dev/null");
    return popen(command, "r");
}

/* Reads all that is left of `stream`. */
static int read_stream(FILE *stream, struct contents *contents)
{
    size_t capacity = 0;
    for (;;) {
        if (contents->count == capacity) {
            capacity = capacity ? 2 * capacity : (size_t)1 << 20;
            uint8_t *grown = capacity <= CONTENTS_LIMIT ? realloc(contents->bytes, capacity) : NULL;
            if (!grown)
                return fail("%s is too large: there is no room for %zu bytes", contents->path, capacity);
            contents->bytes = grown;
        }
        const size_t got = fread(contents->bytes + contents->count, 1, capacity - contents->count, stream);
        contents->count += got;
        if (got == 0)
            return ferror(stream) ? fail("%s cannot be read at byte %zu: %s", contents->path, contents->count,
                                         strerror(errno))
                                  : 1;
    }
}

/* Reads a file, through gzip if it begins as packed files do. */
static int read_file(const char *path, struct contents *contents)
{
    *contents = (struct contents){.path = path};
    FILE *stream = fopen(path, "rb");
    if (!stream)
        return fail("%s cannot be opened: %s", path, strerror(errno));
    const int first = fgetc(stream), second = fgetc(stream);
    if (first != 0x1f || second != 0x8b) {
        rewind(stream);
        const int is_read = read_stream(stream, contents);
        fclose(stream);
        return is_read;
    }
    fclose(stream);
    stream = unpack(path);
    if (!stream)
        return fail("gzip cannot be started for %s: %s", path, strerror(errno));
    const int is_read = read_stream(stream, contents);
    const int status = pclose(stream);
    if (!is_read || status == 0)
        return is_read;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 127)
        return fail("%s is damaged or cut short: gzip cannot unpack it", path);
    fail("%s is packed, and there is no gzip on this machine", path);
    return help("unpack it elsewhere, or install gzip");
}

static uint32_t big_endian(const uint8_t bytes[4])
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* Checks the header of an IDX file of unsigned bytes: two zeros, 8, the number of axes, each extent in four bytes with
 * the greatest first. All extents but the first must be those in `extents`. Returns where the elements begin, or
 * null. */
static const uint8_t *check_idx(const struct contents *file, uint32_t axes, const uint32_t *extents, uint32_t *count)
{
    const size_t header = 4 + 4 * (size_t)axes;
    const uint32_t mark = 0x800 + axes;
    size_t element = 1;
    if (file->count < 4 || big_endian(file->bytes) != mark) {
        if (file->count < 4)
            fail("%s is cut short: it ends at byte %zu, inside its mark", file->path, file->count);
        else
            fail("%s begins with the mark %08" PRIx32 " at byte 0, not %08" PRIx32, file->path,
                 big_endian(file->bytes), mark);
        help(axes == 1   ? "labels are an IDX file of unsigned bytes with one axis"
             : axes == 3 ? "images are an IDX file of unsigned bytes with the axes count, height, width"
                         : "images are an IDX file of unsigned bytes with the axes count, height, width, channels");
        return NULL;
    }
    if (file->count < header) {
        fail("%s is cut short: it ends at byte %zu, inside its header of %zu", file->path, file->count, header);
        return NULL;
    }
    for (uint32_t axis = 1; axis < axes; axis++) {
        const uint32_t extent = big_endian(file->bytes + 4 + 4 * axis);
        if (extent != extents[axis]) {
            fail("axis %" PRIu32 " of %s has extent %" PRIu32 " (byte %" PRIu32 "), but %s has %" PRIu32, axis,
                 file->path, extent, 4 + 4 * axis, CGANC_MODEL_NAME, extents[axis]);
            return NULL;
        }
        element *= extent;
    }
    *count = big_endian(file->bytes + 4);
    if (*count == 0) {
        fail("%s holds no examples", file->path);
        return NULL;
    }
    /* Fits: the count is below 2^32, and an element is an image of the model or a label. */
    const uint64_t expected = header + (uint64_t)*count * element;
    if (file->count != expected) {
        fail("%s is %s: its header promises %" PRIu64 " bytes, and it has %zu", file->path,
             file->count < expected ? "cut short" : "too long", expected, file->count);
        return NULL;
    }
    return file->bytes + header;
}

/* Examples, all in memory. */
struct examples {
    struct contents image_file, label_file;
    const uint8_t *pixels; /* [count, height, width, channels] */
    int32_t *labels;       /* [count] */
    uint32_t count;
};

static int read_examples(const char *images, const char *labels, struct examples *examples)
{
    /* Grey images have no axis of channels. */
    const uint32_t axes = CGANC_MODEL_CHANNELS == 1 ? 3 : 4;
    const uint32_t extents[4] = {0, CGANC_MODEL_HEIGHT, CGANC_MODEL_WIDTH, CGANC_MODEL_CHANNELS};
    uint32_t label_count;
    if (!read_file(images, &examples->image_file))
        return 0;
    examples->pixels = check_idx(&examples->image_file, axes, extents, &examples->count);
    if (!examples->pixels || !read_file(labels, &examples->label_file))
        return 0;
    const uint8_t *bytes = check_idx(&examples->label_file, 1, NULL, &label_count);
    if (!bytes)
        return 0;
    if (label_count != examples->count)
        return fail("%s holds %" PRIu32 " images, but %s holds %" PRIu32 " labels", images, examples->count, labels,
                    label_count);
    examples->labels = malloc(label_count * sizeof *examples->labels);
    if (!examples->labels)
        return fail("no memory for %" PRIu32 " labels", label_count);
    for (uint32_t i = 0; i < label_count; i++) {
        if (bytes[i] >= CGANC_MODEL_CLASSES)
            return fail("label %" PRIu32 " of %s (byte %" PRIu32 ") is %d, but the classes of %s are 0 to %d", i,
                        labels, i + 8, bytes[i], CGANC_MODEL_NAME, CGANC_MODEL_CLASSES - 1);
        examples->labels[i] = bytes[i];
    }
    return 1;
}

/* Finds `name` in a folder, as it is or packed. */
static int find_file(const char *folder, const char *name, char path[PATH_CAPACITY])
{
    static const char *const endings[] = {"", ".gz"};
    for (size_t i = 0; i < 2; i++) {
        if (snprintf(path, PATH_CAPACITY, "%s/%s%s", folder, name, endings[i]) >= PATH_CAPACITY)
            return fail("the path %.64s... is too long", folder);
        if (access(path, F_OK) == 0)
            return 1;
    }
    fail("%s holds neither %s nor %s.gz", folder, name, name);
    return help("give the files by --images FILE --labels FILE");
}

static int load_examples(const struct settings *settings, struct examples *examples)
{
    if (!settings->data)
        return read_examples(settings->images, settings->labels, examples);
    char images[PATH_CAPACITY], labels[PATH_CAPACITY];
    const char *name = CGANC_MODEL_CHANNELS == 1 ? "train-images-idx3-ubyte" : "train-images-idx4-ubyte";
    return find_file(settings->data, name, images) &&
           find_file(settings->data, "train-labels-idx1-ubyte", labels) && read_examples(images, labels, examples);
}

/* ---- Training -------------------------------------------------------------------------------------------------- */

/* The order of one epoch; epochs follow each other without a gap, whatever the batch. */
struct visits {
    uint64_t epoch;  /* whose order is held; UINT64_MAX before the first */
    uint32_t count;
    uint32_t *order; /* [count] */
};

/* The examples that step `step` takes: visit v is number v mod count in the order of epoch v / count. */
static cganc_status choose_rows(const cganc_model *model, struct visits *visits, uint64_t step, uint32_t *rows)
{
    for (uint32_t i = 0; i < CGANC_MODEL_ROWS_PER_STEP; i++) {
        const uint64_t visit = step * CGANC_MODEL_ROWS_PER_STEP + i;
        const uint64_t epoch = visit / visits->count;
        if (epoch != visits->epoch) {
            const cganc_status status = cganc_permutation(model, epoch, visits->count, visits->order);
            if (status != CGANC_OK)
                return status;
            visits->epoch = epoch;
        }
        rows[i] = visits->order[visit % visits->count];
    }
    return CGANC_OK;
}

/* The names of what a step reports. */
static const char *const value_names[] = {
#define NAME(phase, value) phase "." value,
    CGANC_MODEL_VALUES(NAME)
#undef NAME
};
#define VALUE_COUNT (sizeof value_names / sizeof value_names[0])

static double seconds_now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static void print_progress(uint64_t step, const double *values, double seconds_per_step)
{
    printf("step %" PRIu64, step);
    for (size_t i = 0; i < VALUE_COUNT; i++)
        printf("  %s %.6g", value_names[i], values[i]);
    printf("  (%.1f ms a step)\n", 1000 * seconds_per_step);
    fflush(stdout);
}

/* Set by an interrupt: training ends after the step at hand, and its results are kept. */
static volatile sig_atomic_t is_interrupted;

static void interrupt(int signal)
{
    (void)signal;
    is_interrupted = 1;
}

/* Listens for interrupts, even if whoever started the program had blocked them. */
static void await_interrupts(void)
{
    sigset_t interrupts;
    sigemptyset(&interrupts);
    sigaddset(&interrupts, SIGINT);
    signal(SIGINT, interrupt);
    sigprocmask(SIG_UNBLOCK, &interrupts, NULL);
}

/* Trains for as many steps as the settings ask. `done` receives how many were done, also when one fails. */
static int train(cganc_model *model, const struct settings *settings, const struct examples *examples, uint64_t *done)
{
    double values[VALUE_COUNT] = {0};
    uint32_t rows[CGANC_MODEL_ROWS_PER_STEP];
    struct visits visits = {.epoch = UINT64_MAX, .count = examples->count};
    visits.order = malloc(examples->count * sizeof *visits.order);
    if (!visits.order)
        return fail("no memory for the order of %" PRIu32 " examples", examples->count);
    cganc_report report = {.struct_size = sizeof report, .values = values, .value_capacity = VALUE_COUNT};
    const cganc_batch batch = {.struct_size = sizeof batch,
                               .pixels = examples->pixels,
                               .labels = examples->labels,
                               .count = examples->count,
                               .rows = rows};
    cganc_status status = CGANC_OK;
    uint64_t shown = 0;
    double since = seconds_now();
    for (*done = 0; *done < settings->steps && !is_interrupted;) {
        status = choose_rows(model, &visits, *done, rows);
        if (status == CGANC_OK)
            status = cganc_step(model, *done, &batch, &report);
        if (status != CGANC_OK)
            break;
        ++*done;
        if (*done % settings->every == 0 || *done == settings->steps || is_interrupted) {
            const double now = seconds_now();
            print_progress(*done, values, (now - since) / (double)(*done - shown));
            shown = *done;
            since = now;
        }
    }
    free(visits.order);
    return status == CGANC_OK || fail("%s", cganc_last_error(model));
}

/* ---- Writing the results --------------------------------------------------------------------------------------- */

/* A file that appears under its name when it is whole. */
struct output {
    const char *path;
    char partial[PATH_CAPACITY];
    FILE *stream;
};

static int output_open(struct output *output, const char *path)
{
    struct stat facts;
    output->path = path;
    if (snprintf(output->partial, PATH_CAPACITY, "%s.partial", path) >= PATH_CAPACITY)
        return fail("the path %.64s... is too long", path);
    if (stat(path, &facts) == 0 && !S_ISREG(facts.st_mode))
        return fail("%s is not a file, and would be replaced by one", path);
    errno = 0;
    output->stream = fopen(output->partial, "wb");
    return output->stream ? 1 : fail("%s cannot be written: %s", output->partial, strerror(errno));
}

/* Renames what was written, if all of it has reached the disk. */
static int output_close(struct output *output)
{
    int is_whole = fflush(output->stream) == 0 && fsync(fileno(output->stream)) == 0 && !ferror(output->stream);
    is_whole &= fclose(output->stream) == 0;
    if (is_whole && rename(output->partial, output->path) == 0)
        return 1;
    fail("%s cannot be written: %s", output->path, strerror(errno));
    remove(output->partial);
    return 0;
}

/* Finds out before training whether a file could be written. */
static int check_output(const char *path)
{
    struct output output;
    if (!output_open(&output, path))
        return 0;
    fclose(output.stream);
    remove(output.partial);
    return 1;
}

/* The tensors that training leaves behind, in the order in which they are written. */
static const struct {
    uint32_t index; /* for cganc_tensor */
    const char *name, *kind, *shape, *layout;
    size_t count;
} tensors[] = {
#define ROW(index, name, kind, shape, layout, count) {index, name, kind, shape, layout, count},
    CGANC_MODEL_TENSORS(ROW)
#undef ROW
};
#define TENSOR_COUNT (sizeof tensors / sizeof tensors[0])

/* The path of the list beside a file of tensors. */
static int index_path(const char *path, char result[PATH_CAPACITY])
{
    return snprintf(result, PATH_CAPACITY, "%s.txt", path) < PATH_CAPACITY ||
           fail("the path %.64s... is too long", path);
}

/* Writes every tensor, one after another, to `path`, and a line for each of them to `path`.txt. */
static int write_parameters(cganc_model *model, const struct settings *settings, uint64_t steps)
{
    char list_path[PATH_CAPACITY];
    struct output data, list;
    if (!index_path(settings->parameters, list_path) || !output_open(&data, settings->parameters))
        return 0;
    for (size_t i = 0; i < TENSOR_COUNT; i++)
        fwrite(cganc_tensor(model, tensors[i].index), sizeof(cganc_real), tensors[i].count, data.stream);
    if (!output_close(&data) || !output_open(&list, list_path))
        return 0;
    const int is_little = *(const uint8_t *)&(const uint16_t){1};
    fprintf(list.stream, "# %s after %" PRIu64 " steps, seed %" PRIu64 "; numbers are %cf%zu\n", CGANC_MODEL_NAME,
            steps, settings->seed, is_little ? '<' : '>', sizeof(cganc_real));
    fprintf(list.stream, "# name, kind, shape, layout, first byte\n");
    size_t offset = 0;
    for (size_t i = 0; i < TENSOR_COUNT; offset += tensors[i++].count * sizeof(cganc_real))
        fprintf(list.stream, "%s\t%s\t%s\t%s\t%zu\n", tensors[i].name, tensors[i].kind, tensors[i].shape,
                tensors[i].layout, offset);
    return output_close(&list);
}

enum {
    SHEET_COLUMNS = 10,
    SHEET_GUTTER = 1, /* pixels between the images and around them */
    SHEET_GREY = 48,  /* of the gutter */
    SHEET_SAMPLES = CGANC_MODEL_CLASSES * SHEET_COLUMNS,
    SHEET_HEIGHT = CGANC_MODEL_CLASSES * (CGANC_MODEL_HEIGHT + SHEET_GUTTER) + SHEET_GUTTER,
    SHEET_WIDTH = SHEET_COLUMNS * (CGANC_MODEL_WIDTH + SHEET_GUTTER) + SHEET_GUTTER
};

/* -1 ... 1 as 0 ... 255. */
static uint8_t byte_of(cganc_real value)
{
    return (uint8_t)(value > -1 ? ((value < 1 ? (double)value : 1.0) + 1) * 127.5 + 0.5 : 0);
}

/* Puts the images, [classes, columns, height, width, channels], beside and below each other. */
static void compose_sheet(const cganc_real *images, uint8_t *sheet)
{
    const size_t line = (size_t)CGANC_MODEL_WIDTH * CGANC_MODEL_CHANNELS;
    memset(sheet, SHEET_GREY, (size_t)SHEET_HEIGHT * SHEET_WIDTH * CGANC_MODEL_CHANNELS);
    for (size_t sample = 0; sample < SHEET_SAMPLES; sample++) {
        const size_t top = sample / SHEET_COLUMNS * (CGANC_MODEL_HEIGHT + SHEET_GUTTER) + SHEET_GUTTER;
        const size_t left = sample % SHEET_COLUMNS * (CGANC_MODEL_WIDTH + SHEET_GUTTER) + SHEET_GUTTER;
        for (size_t y = 0; y < CGANC_MODEL_HEIGHT; y++) {
            const cganc_real *from = images + (sample * CGANC_MODEL_HEIGHT + y) * line;
            uint8_t *to = sheet + ((top + y) * SHEET_WIDTH + left) * CGANC_MODEL_CHANNELS;
            for (size_t x = 0; x < line; x++)
                to[x] = byte_of(from[x]);
        }
    }
}

/* Writes samples of every class, one row each, as PGM or PPM. */
static int write_samples(cganc_model *model, const char *path)
{
    int32_t labels[SHEET_SAMPLES];
    for (int32_t i = 0; i < SHEET_SAMPLES; i++)
        labels[i] = i / SHEET_COLUMNS;
    const size_t sheet_bytes = (size_t)SHEET_HEIGHT * SHEET_WIDTH * CGANC_MODEL_CHANNELS;
    cganc_real *images = malloc(SHEET_SAMPLES * IMAGE_BYTES * sizeof *images);
    uint8_t *sheet = malloc(sheet_bytes);
    const cganc_sample_request request = {
        .struct_size = sizeof request, .labels = labels, .count = SHEET_SAMPLES, .use_average = 1};
    struct output output;
    int is_written = 0;
    if (!images || !sheet) {
        fail("no memory for a sheet of samples");
    } else if (cganc_sample(model, &request, images) != CGANC_OK) {
        fail("%s", cganc_last_error(model));
    } else if (output_open(&output, path)) {
        compose_sheet(images, sheet);
        fprintf(output.stream, "P%d\n%d %d\n255\n", CGANC_MODEL_CHANNELS == 1 ? 5 : 6, SHEET_WIDTH, SHEET_HEIGHT);
        fwrite(sheet, 1, sheet_bytes, output.stream);
        is_written = output_close(&output);
    }
    free(images);
    free(sheet);
    return is_written;
}

/* ---- From the command line to the results ---------------------------------------------------------------------- */

int main(int count, char **words)
{
    const int has_sheet = CGANC_MODEL_CHANNELS == 1 || CGANC_MODEL_CHANNELS == 3;
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    struct settings settings = {
        .parameters = "parameters.bin",
        .samples = !has_sheet ? NULL : CGANC_MODEL_CHANNELS == 1 ? "samples.pgm" : "samples.ppm",
        .steps = CGANC_MODEL_STEPS,
        .seed = CGANC_MODEL_SEED,
        .threads = processors < 1 ? 1 : processors > 64 ? 64 : (uint64_t)processors,
        .every = 100,
    };
    if (count == 2 && strcmp(words[1], "--help") == 0) {
        print_usage(stdout);
        return EXIT_SUCCESS;
    }
    if (!parse_settings(count, words, &settings))
        return EXIT_FAILURE;
    if (settings.samples && !has_sheet) {
        fail("images of %d channels cannot be drawn: a sheet is grey or RGB", CGANC_MODEL_CHANNELS);
        return EXIT_FAILURE;
    }

    struct examples examples = {0};
    char list_path[PATH_CAPACITY];
    if (!load_examples(&settings, &examples) || !index_path(settings.parameters, list_path) ||
        !check_output(settings.parameters) || !check_output(list_path) ||
        (settings.samples && !check_output(settings.samples)))
        return EXIT_FAILURE;

    const cganc_options options = {
        .struct_size = sizeof options, .seed = settings.seed, .threads = (int32_t)settings.threads};
    cganc_model *model;
    if (cganc_create(&options, &model) != CGANC_OK) {
        fail("%s", cganc_last_error(NULL));
        return EXIT_FAILURE;
    }
    printf("%s: %" PRIu32 " examples, %" PRIu64 " steps, seed %" PRIu64 ", %" PRIu64 " threads\n", CGANC_MODEL_NAME,
           examples.count, settings.steps, settings.seed, settings.threads);
    fflush(stdout);

    /* A step that fails, or an interrupt, does not lose the steps before it: their results are written all the same. */
    await_interrupts();
    uint64_t done = 0;
    int is_success = train(model, &settings, &examples, &done);
    is_success &= write_parameters(model, &settings, done);
    if (settings.samples)
        is_success &= write_samples(model, settings.samples);
    if (is_success)
        printf("%" PRIu64 " steps done; parameters in %s, samples in %s\n", done, settings.parameters,
               settings.samples ? settings.samples : "no file");

    cganc_destroy(model);
    free(examples.image_file.bytes);
    free(examples.label_file.bytes);
    free(examples.labels);
    return is_success ? EXIT_SUCCESS : EXIT_FAILURE;
}
