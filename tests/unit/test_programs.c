/* The tables of both programs are complete and consistent. */
#include "hub_program.h"
#include "node_program.h"
#include "tip_cli_main.h"
#include "tip_conf.h"
#include "tip_test.h"

static void test_every_command_is_described(void **state)
{
    (void)state;
    assert_null(tip_cli_check(&node_cli));
    assert_null(tip_cli_check(&hub_cli));
}

static void test_a_row_without_words_is_found(void **state)
{
    static const struct tip_cli_option options[2] = {
        {.name = "long", .spec = {.type = TIP_SPEC_BOOLEAN}, .help = "More."}};
    const struct tip_cli_command show = {.name = "show",
                                         .summary = "Show it.",
                                         .options = options,
                                         .option_count = TIP_CLI_COUNT(options),
                                         .run = tip_cli_run_help};
    struct tip_cli_program program = node_cli;

    (void)state;
    program.commands = &show;
    program.command_count = 1;
    assert_string_equal(tip_cli_check(&program),
                        "The help of an option is not a sentence.");
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
        cmocka_unit_test(test_a_row_without_words_is_found),
        cmocka_unit_test(test_every_key_of_the_configuration_is_described),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
