/* The tables of both programs are complete and consistent. */
#include "hub_program.h"
#include "node_program.h"
#include "tip_conf.h"
#include "tip_test.h"

static void test_every_command_is_described(void **state)
{
    (void)state;
    assert_null(tip_cli_check(&node_cli));
    assert_null(tip_cli_check(&hub_cli));
}

static void test_every_key_of_the_configuration_is_described(void **state)
{
    (void)state;
    assert_null(tip_conf_table_check(&node_conf_table));
    assert_null(tip_conf_table_check(&hub_conf_table));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_command_is_described),
        cmocka_unit_test(test_every_key_of_the_configuration_is_described),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
