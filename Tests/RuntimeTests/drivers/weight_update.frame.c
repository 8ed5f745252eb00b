/* As much of a frame as weight updates need. */
typedef struct cganc_counter cganc_counter;
struct frame {
    struct pool *pool;
    real *gradients, *arena, *laid_out;
    struct tensor_watch watch;
};
