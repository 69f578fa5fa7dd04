#include "link_rig.h"

#include <signal.h>

#include "fake_link.h"
#include "real_link.h"
#include "tip_clock_posix.h"
#include "tip_test.h"

static struct fake_link fake;
static struct real_link real;
static struct tip_clock stopwatch;

uint64_t link_rig_ms(void)
{
    return stopwatch.elapsed_ms(&stopwatch);
}

static struct tip_link *fake_port(uint32_t number)
{
    return fake_link_port(&fake, number);
}

static void fake_allow(uint32_t number)
{
    fake_link_allow(&fake, number);
}

static void fake_deny(uint32_t number)
{
    fake_link_deny(&fake, number);
}

static void fake_restart(uint32_t number)
{
    fake_link_restart(&fake, number);
}

static void fake_settle(uint32_t number)
{
    (void)number;
}

struct link_rig link_rig_fake = {
    .port = fake_port,
    .allow = fake_allow,
    .deny = fake_deny,
    .restart = fake_restart,
    .settle = fake_settle,
};

static struct tip_link *real_port(uint32_t number)
{
    return real_link_port(&real, number);
}

static void real_allow(uint32_t number)
{
    assert_int_equal(real_link_allow(&real, number), TIP_OK);
}

static void real_deny(uint32_t number)
{
    tip_link_zmq_deny(real.links[HUB], number);
}

static void real_restart(uint32_t number)
{
    assert_int_equal(kill(real_link_pid(&real, number), SIGKILL), 0);
}

static void real_settle(uint32_t number)
{
    uint64_t end_ms = link_rig_ms() + WAIT_MS;
    struct tip_link_zmq_status status;
    struct tip_link_event event;

    do {
        tip_link_receive(real_port(number), 20, &event);
        assert_int_equal(event.kind, TIP_LINK_NOTHING);
        tip_link_zmq_status(real.links[number], &status);
    } while (!status.is_running && link_rig_ms() < end_ms);
    assert_true(status.is_running);
}

struct link_rig link_rig_real = {
    .port = real_port,
    .allow = real_allow,
    .deny = real_deny,
    .restart = real_restart,
    .settle = real_settle,
};

int link_rig_setup_fake(void **state)
{
    tip_clock_posix_init(&stopwatch);
    fake_link_init(&fake);
    *state = &link_rig_fake;
    return 0;
}

int link_rig_teardown_fake(void **state)
{
    (void)state;
    fake_link_deinit(&fake);
    return 0;
}

int link_rig_setup_real(void **state)
{
    tip_clock_posix_init(&stopwatch);
    *state = &link_rig_real;
    if (real_link_open(&real, NULL) != TIP_OK) {
        return -1;
    }
    return real_link_start(&real, NEMA) == TIP_OK &&
                   real_link_start(&real, KIFFA) == TIP_OK
               ? 0
               : -1;
}

int link_rig_teardown_real(void **state)
{
    (void)state;
    real_link_close(&real);
    return 0;
}
