/* Profile: with -DCGANC_PROFILE, how long each kernel takes. AT(n) stands before kernel n of a function, as `cganc
 * compile --show kernels` numbers them; without CGANC_PROFILE it is nothing. */
#ifdef CGANC_PROFILE
#include <time.h>

static _Thread_local struct {
    cganc_counter *counters; /* of the function that runs */
    cganc_counter *running;  /* of the kernel that runs, or null */
    uint64_t since;          /* when the kernel began, in nanoseconds */
} profile;

/* Charges the time since the last mark to the kernel that ran until now; `next` runs from here on. */
static void profile_mark(cganc_counter *next)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    const uint64_t now = (uint64_t)time.tv_sec * 1000000000U + (uint64_t)time.tv_nsec;
    if (profile.running) {
        profile.running->runs++;
        profile.running->nanoseconds += now - profile.since;
    }
    profile.running = next;
    profile.since = now;
}

#define PROFILE(function) profile.counters = counters[function];
#define AT(kernel) profile_mark(profile.counters + (kernel));
#define AT_END profile_mark(NULL);
#else
#define PROFILE(function)
#define AT(kernel)
#define AT_END
#endif
