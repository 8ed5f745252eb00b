/* Weight updates beside the products that are their gradients, against the products and the update one after the other,
 * bit for bit: bands that divide rows unequally, columns that fill no panel, rows of more than one block, sums of two
 * products, optimisers with two, one and no moments; the same bits from 1, 2, 3 and 7 threads; and operands that are
 * large or not finite are found wherever they stand. Prints a digest of all results' bits, to compare builds by. */
static uint64_t digest = 14695981039346656037u;

static void digest_add(const void *values, size_t bytes)
{
    const unsigned char *x = values;
    for (size_t i = 0; i < bytes; i++)
        digest = (digest ^ x[i]) * 1099511628211u;
}

static const struct matmul shapes[] = {
    {.m = 224, .n = 128, .k = 3, .transpose_a = 1},
    {.m = 225, .n = 130, .k = 5, .more = 2, .transpose_a = 1},
    {.m = 239, .n = 145, .k = 17, .transpose_a = 1},
    {.m = 230, .n = 1100, .k = 9, .more = 4, .transpose_a = 1},
};
enum { SHAPES = sizeof shapes / sizeof shapes[0], FEW = 48, FIRST = 4112, KEPT = 16 };
enum rule { ADAM, ADAM_WITHOUT_MEAN, RMSPROP, SGD, MOMENTUM, RULES };

/* A network of two weights with a tensor of a few elements before, between and behind: the second one is the shape at
 * hand, the first one the shape after it. */
struct network {
    struct matmul shape[2];
    int64_t starts[6], count;
    struct weight_product left[3];
    int64_t arena_count;
};

static struct network make_network(int number)
{
    struct network t = {.shape = {shapes[(number + 1) % SHAPES], shapes[number]}};
    for (int i = 0; i < 2; i++) {
        const struct matmul *s = &t.shape[i];
        const int64_t sizes[] = {s->k * s->m, s->k * s->n, s->more * s->m, s->more * s->n};
        t.starts[2 * i + 1] = t.starts[2 * i] + FEW;
        t.starts[2 * i + 2] = t.starts[2 * i + 1] + (s->m * s->n + KEPT - 1) / KEPT * KEPT;
        t.left[i].gradient = FIRST + t.starts[2 * i + 1];
        for (int j = 0; j < 4; j++) {
            t.left[i].operands[j] = t.arena_count;
            t.arena_count += (sizes[j] + KEPT - 1) / KEPT * KEPT;
        }
    }
    t.starts[5] = t.count = t.starts[4] + FEW;
    return t;
}

/* Everything of a network in memory. */
struct state {
    real *gradient, *parameter, *first, *second, *columns;
    double squares[5][SQUARES_KINDS], (*partial)[SQUARES_KINDS];
};

static struct state make_state(const struct network *t)
{
    struct state s = {.gradient = drawn(FIRST + t->count, 2)};
    s.parameter = drawn(t->count, 3), s.first = drawn(t->count, 4), s.second = drawn(t->count, 5);
    for (int i = 0; i < 2; i++) /* gaps between tensors hold zeros */
        for (int64_t j = t->starts[2 * i + 1] + t->shape[i].m * t->shape[i].n; j < t->starts[2 * i + 2]; j++)
            s.gradient[FIRST + j] = s.parameter[j] = s.first[j] = s.second[j] = 0;
    const int64_t places = (FIRST + t->count) / SQUARES_STRETCH + 1, partial = t->count / UPDATE_GRAIN + 6;
    for (int64_t i = 0; i < t->count; i++)
        s.second[i] = s.second[i] * s.second[i];
    s.columns = allocate(places);
    memset(s.columns, 0, (size_t)places * sizeof(real));
    s.partial = calloc((size_t)partial, sizeof *s.partial);
    return s;
}

static void free_state(struct state *s)
{
    free(s->gradient);
    free(s->parameter);
    free(s->first);
    free(s->second);
    free(s->columns);
    free(s->partial);
}

static struct frame make_frame(struct pool *pool, const struct network *t, struct state *s, real *arena)
{
    struct frame f = {pool, s->gradient, arena, NULL, {t->starts, 5, s->squares, s->partial, s->columns, FIRST, t->left}};
    return f;
}

static struct update_context update_of(enum rule rule, const struct frame *f, const struct state *s)
{
    static const struct update_limits none = {1, INFINITY}, limits = {0.5, 0.3};
    const struct tensor_watch *w = &f->watch;
    real *g = s->gradient + FIRST, *p = s->parameter, *m = s->first, *v = s->second;
    switch (rule) {
    case ADAM:
        return adam_update(&(struct adam){2e-3, 0.5, 0.999, 1e-8, 0.1}, &none, w, 3, g, p, m, v);
    case ADAM_WITHOUT_MEAN:
        return adam_update(&(struct adam){2e-3, 0, 0.9, 1e-8, 0}, &limits, w, 3, g, p, NULL, v);
    case RMSPROP:
        return rmsprop_update(&(struct rmsprop){5e-3, 0.9, 1e-8}, &limits, w, g, p, v);
    case SGD:
        return sgd_update(&(struct sgd){0.1, 0, 0}, &none, w, g, p, NULL);
    default:
        return sgd_update(&(struct sgd){0.1, 0.9, 1}, &none, w, g, p, m);
    }
}

/* The same by products of whole matrices, then one pass. */
static void update_apart(struct frame *f, const struct network *t, enum rule rule, const struct state *s)
{
    for (int i = 0; i < 2; i++) {
        const struct matmul *shape = &t->shape[i];
        real *const operands[] = {f->arena + t->left[i].operands[0], f->arena + t->left[i].operands[1],
                                  f->arena + t->left[i].operands[2], f->arena + t->left[i].operands[3]};
        real *const c = f->gradients + t->left[i].gradient;
        void *scratch = aligned_alloc(64, (size_t)integer_ceiling(matmul_scratch(shape), 16) * 16 * sizeof(real));
        pool_scratch(f->pool, scratch, 0);
        if (shape->more)
            matmul_sum(f->pool, shape, operands[0], operands[1], operands[2], operands[3], c, NULL);
        else
            matmul(f->pool, shape, operands[0], operands[1], c, NULL);
        free(scratch);
    }
    f->watch.left = NULL;
    gradient_squares(f->pool, &f->watch, f->gradients + FIRST);
    const struct update_context update = update_of(rule, f, s);
    update_watched(f->pool, &update);
}

/* Lays out all operands, in memory of exactly the promised size; whether one is large. */
static int lay_out(struct frame *f, const struct network *t)
{
    free(f->laid_out);
    f->laid_out = aligned_alloc(64, (size_t)weight_reals(t->left) * sizeof(real));
    for (int i = 0; i < 2; i++)
        weight_lay_out(f, &f->watch.left[i]);
    return weight_has_large(f);
}

static void check_same(const struct network *t, const struct state *s, const struct state *e, const char *what)
{
    const size_t bytes = (size_t)t->count * sizeof(real);
    CHECK(memcmp(s->gradient + FIRST, e->gradient + FIRST, bytes) == 0, "gradients of %s", what);
    CHECK(memcmp(s->parameter, e->parameter, bytes) == 0, "parameters of %s", what);
    CHECK(memcmp(s->first, e->first, bytes) == 0, "first moments of %s", what);
    CHECK(memcmp(s->second, e->second, bytes) == 0, "second moments of %s", what);
}

static void check_update(struct network *t, int number, enum rule rule)
{
    char what[64];
    double squares[5][SQUARES_KINDS];
    real *arena = drawn(t->arena_count, 1);
    struct state expected = make_state(t);
    struct frame apart = make_frame(&pools[0], t, &expected, arena);
    for (int i = 0; i < 2; i++)
        t->left[i].shape = &t->shape[i];
    update_apart(&apart, t, rule, &expected);
    for (int pool = 0; pool < POOLS; pool++) {
        struct state s = make_state(t);
        struct frame f = make_frame(&pools[pool], t, &s, arena);
        snprintf(what, sizeof what, "network %d, rule %d, %d threads", number, rule, pool_sizes[pool]);
        gradient_squares(f.pool, &f.watch, f.gradients + FIRST);
        CHECK(!lay_out(&f, t), "operands of %s", what);
        const struct update_context update = update_of(rule, &f, &s);
        weight_run(&f, &update);
        update_watched(f.pool, &update);
        check_same(t, &s, &expected, what);
        for (int k = 0; k < 5; k++)
            for (int kind = 0; kind < SQUARES_KINDS; kind++)
                CHECK(fabs(s.squares[k][kind] - expected.squares[k][kind]) <= TOLERANCE * expected.squares[k][kind],
                      "%s, tensor %d, kind %d: %.17g, not %.17g", what, k, kind, s.squares[k][kind],
                      expected.squares[k][kind]);
        CHECK(pool == 0 || memcmp(s.squares, squares, sizeof squares) == 0, "%s sum otherwise", what);
        memcpy(squares, s.squares, sizeof squares);
        free(f.laid_out);
        free_state(&s);
    }
    digest_add(expected.parameter, (size_t)t->count * sizeof(real));
    digest_add(squares, sizeof squares);
    free_state(&expected);
    free(arena);
}

/* Nothing but gradients is written without an update, and whatever bounds no gradient is found. */
static void check_large(struct network *t, int number)
{
    static const double odd[] = {1e17, -1e30, INFINITY, -INFINITY, NAN};
    real *arena = drawn(t->arena_count, 1);
    struct state s = make_state(t), before = make_state(t), expected = make_state(t);
    struct frame f = make_frame(&pools[1], t, &s, arena), apart = make_frame(&pools[0], t, &expected, arena);
    update_apart(&apart, t, SGD, &expected);
    lay_out(&f, t);
    weight_run(&f, NULL);
    memcpy(before.gradient + FIRST, expected.gradient + FIRST, (size_t)t->count * sizeof(real));
    check_same(t, &s, &before, "an update that is none");
    for (int i = 0; i < 2; i++) {
        const struct matmul *shape = &t->shape[i];
        const int64_t sizes[] = {shape->k * shape->m, shape->k * shape->n, shape->more * shape->m,
                                 shape->more * shape->n};
        for (int j = 0; j < 4; j++) {
            const int64_t places[] = {0, sizes[j] / 2, sizes[j] - 1};
            for (int place = 0; place < 3 && sizes[j] > 0; place++) {
                real *const x = arena + t->left[i].operands[j] + places[place], kept = *x;
                *x = (real)9e16;
                CHECK(!lay_out(&f, t), "network %d, operand %d of product %d", number, j, i);
                for (int k = 0; k < 5; k++) {
                    *x = (real)odd[k];
                    CHECK(lay_out(&f, t), "network %d, operand %d of product %d: %g", number, j, i, odd[k]);
                }
                *x = kept;
            }
        }
    }
    free(f.laid_out);
    free_state(&s);
    free_state(&before);
    free_state(&expected);
    free(arena);
}

int main(void)
{
    start_pools(0);
    for (int number = 0; number < SHAPES; number++) {
        struct network network = make_network(number);
        for (int rule = 0; rule < RULES; rule++)
            check_update(&network, number, (enum rule)rule);
        check_large(&network, number);
    }
    for (int i = 0; i < POOLS; i++)
        pool_scratch(&pools[i], NULL, 0);
    stop_pools();
    printf("digest %016llx\n", (unsigned long long)digest);
    return finish();
}
