/* Rules of the command table: words are read, help and manual follow. */
#include "out_text.h"
#include "sample_program.h"
#include "tip_exit.h"
#include "tip_test.h"

struct fixture {
    struct tip_cli_call call;
    char text[64 * 1024];
};

static int setup(void **state)
{
    static struct fixture f;

    *state = &f;
    return 0;
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__})
#define PARSE(f, ...)                                  \
    tip_cli_parse(&sample_program, WORDS(__VA_ARGS__), \
                  sizeof WORDS(__VA_ARGS__) / sizeof(char *), &(f)->call)
#define ASSERT_USAGE(f, problem_, ...)                       \
    do {                                                     \
        assert_int_equal(PARSE(f, __VA_ARGS__), TIP_EUSAGE); \
        assert_string_equal((f)->call.problem, (problem_));  \
    } while (0)

static void test_table_passes_its_own_check(void **state)
{
    (void)state;
    assert_null(tip_cli_check(&sample_program));
}

static void test_table_check_finds_each_fault(void **state)
{
    static const struct tip_cli_option quick = {
        .name = "quick",
        .letter = 'q',
        .spec = {.type = TIP_SPEC_BOOLEAN},
        .help = "Fast."};
    static const struct tip_cli_command bad[] = {
        {.name = "a", .summary = "no full stop", .run = sample_sync},
        {.name = "a", .summary = "Does nothing."},
        {.name = "a",
         .summary = "Takes a letter.",
         .options = &quick,
         .option_count = 1,
         .run = sample_sync}};

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct tip_cli_program program = sample_program;

        program.commands = &bad[i];
        program.command_count = 1;
        assert_non_null(tip_cli_check(&program));
    }
}

static void test_command_options_and_arguments_are_told_apart(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(PARSE(f, "--json", "import", "-m", "map.csv",
                           "--on-error=stop", "--timeout", "5 s", "--", "-x"),
                     TIP_OK);
    assert_string_equal(f->call.command->name, "import");
    assert_string_equal(tip_cli_option(&f->call, "map")->text, "map.csv");
    assert_int_equal(tip_cli_option(&f->call, "on-error")->number, 1);
    assert_string_equal(tip_cli_argument(&f->call, 0), "-x");
    assert_null(tip_cli_argument(&f->call, 1));
    assert_int_equal(f->call.common[TIP_CLI_TIMEOUT].number, 5000);
    assert_true(f->call.common[TIP_CLI_JSON].is_given);
}

static void test_two_words_name_a_command(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(PARSE(f, "record", "add", "case", "a=1", "b=2"), TIP_OK);
    assert_string_equal(f->call.command->name, "record add");
    assert_int_equal(f->call.argument_count, 3);
    assert_int_equal(PARSE(f, "record", "--json", "add", "case"), TIP_OK);
    assert_string_equal(f->call.command->name, "record add");
}

static void test_no_command_takes_a_dry_run_it_would_not_keep(void **state)
{
    struct fixture *f = *state;

    ASSERT_USAGE(f, "There is no option --dry-run.", "record", "add", "case",
                 "--dry-run");
    ASSERT_USAGE(f, "There is no option -n.", "record", "list", "-n");
}

static void test_letters_may_stand_together(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(PARSE(f, "status", "-qh"), TIP_OK);
    assert_true(f->call.common[TIP_CLI_QUIET].is_given);
    assert_true(f->call.common[TIP_CLI_HELP].is_given);
    assert_int_equal(PARSE(f, "import", "-mmap.csv", "-"), TIP_OK);
    assert_string_equal(tip_cli_option(&f->call, "map")->text, "map.csv");
}

static void test_what_is_not_given_has_its_default(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(PARSE(f, "record", "list"), TIP_OK);
    assert_int_equal(tip_cli_option(&f->call, "count")->number, 10);
    assert_false(tip_cli_option(&f->call, "count")->is_given);
    assert_int_equal(f->call.common[TIP_CLI_TIMEOUT].number, 60000);
}

static void test_a_wrong_word_gets_a_guess(void **state)
{
    struct fixture *f = *state;

    ASSERT_USAGE(f,
                 "There is no command \"satus\". Did you mean status? See "
                 "sample --help.",
                 "satus");
    ASSERT_USAGE(f,
                 "There is no command \"record ad\". Did you mean record add? "
                 "See sample --help.",
                 "record", "ad");
    ASSERT_USAGE(f,
                 "There is no command \"recrod\". Did you mean record add? See "
                 "sample --help.",
                 "recrod", "add");
    ASSERT_USAGE(f, "record needs one of: add list.", "record");
    ASSERT_USAGE(f, "There is no option --cuont. Did you mean --count?",
                 "record", "list", "--cuont=3");
    ASSERT_USAGE(f, "There is no option -x.", "status", "-x");
}

static void test_a_wrong_value_says_what_is_allowed(void **state)
{
    struct fixture *f = *state;

    ASSERT_USAGE(f, "--count must be a number of records from 0 to 1000000.",
                 "record", "list", "--count", "many");
    ASSERT_USAGE(f, "--on-error must be one of skip, stop.", "import",
                 "--on-error", "x", "f");
    ASSERT_USAGE(f, "SHELL must be one of bash, zsh.", "completion", "fish");
    ASSERT_USAGE(f, "--map needs FILE.", "import", "--map");
    memset(f->text, 'x', TIP_SPEC_TEXT_BYTES_MAX + 1);
    f->text[TIP_SPEC_TEXT_BYTES_MAX + 1] = '\0';
    ASSERT_USAGE(f, "Word 4 is longer than 1000 bytes.", "record", "add",
                 "case", f->text);
    ASSERT_USAGE(f, "--map is given twice.", "import", "-ma", "-mb", "f");
    ASSERT_USAGE(f, "--quiet takes no value.", "status", "--quiet=yes");
    ASSERT_USAGE(f, "Choose one of --json and --plain.", "status", "--json",
                 "--plain");
}

static void test_missing_and_extra_arguments_are_refused(void **state)
{
    struct fixture *f = *state;

    ASSERT_USAGE(f, "import needs FILE. See import --help.", "import");
    ASSERT_USAGE(f, "status takes no more than 0 arguments.", "status", "x");
    ASSERT_USAGE(f, "A command is missing. See sample --help.", "--json");
    ASSERT_USAGE(f, "Word 2 is not UTF-8 text.", "status", "\xff");
}

static void test_help_needs_nothing_else(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(PARSE(f, "import", "--help"), TIP_OK);
    assert_string_equal(f->call.command->name, "import");
    assert_int_equal(PARSE(f, "-h"), TIP_OK);
    assert_null(f->call.command);
    assert_int_equal(PARSE(f, "record", "--help"), TIP_OK);
    assert_null(f->call.command);
    assert_string_equal(f->call.group, "record");
}

static const char help_of_import[] =
    "Usage: sample import FILE [OPTION]...\n"
    "\n"
    "Take in the rows of a file.\n"
    "\n"
    "Arguments:\n"
    "  FILE                  A CSV file; - is standard input.\n"
    "\n"
    "Options:\n"
    "  -m, --map FILE        Names the column of each field.\n"
    "      --on-error ACTION\n"
    "                        What to do with a bad row. Allowed: one of skip, "
    "stop.\n"
    "                        Default: skip.\n"
    "\n"
    "Common options:\n"
    "  -h, --help            Show the help of the command.\n"
    "      --version         Show the version.\n"
    "      --json            Answer in JSON.\n"
    "      --plain           Answer in tab-separated values.\n"
    "  -q, --quiet           Show no progress and no hints.\n"
    "      --no-color        Use no colours, as with NO_COLOR set.\n"
    "      --no-input        Never ask; fail where a question is due.\n"
    "      --config FILE     Read this configuration file.\n"
    "      --dir DIR         Use this data folder.\n"
    "      --timeout DURATION\n"
    "                        Give up when the daemon is silent so long. "
    "Allowed: a\n"
    "                        duration from 100 ms to 1 d. Default: 60 s.\n";

static const char help_of_add[] =
    "Usage: sample record add TYPE [FIELD=VALUE]... [OPTION]...\n"
    "\n"
    "Add a record.\n"
    "Fields that are not given are \"not asked\". The record is durable when "
    "this\n"
    "returns.\n"
    "\n"
    "Examples:\n"
    "  $ sample record add case status=open\n"
    "      Add a case that is open.\n";

static const char help_of_group[] =
    "Usage: sample record COMMAND [ARGUMENT]... [OPTION]...\n"
    "\n"
    "Commands:\n"
    "  record add            Add a record.\n"
    "  record list           List records.\n";

static void test_help_reads_like_this(void **state)
{
    struct fixture *f = *state;
    enum tip_err err = TIP_OK;

    PRINTED(f, err = tip_cli_help(&sample_program, "import", &out));
    assert_int_equal(err, TIP_OK);
    assert_string_equal(f->text, help_of_import);
    PRINTED(f, err = tip_cli_help(&sample_program, "record add", &out));
    assert_memory_equal(f->text, help_of_add, strlen(help_of_add));
    PRINTED(f, err = tip_cli_help(&sample_program, "record", &out));
    assert_string_equal(f->text, help_of_group);
    PRINTED(f, err = tip_cli_help(&sample_program, "nothing", &out));
    assert_int_equal(err, TIP_ENOTFOUND);
    assert_string_equal(f->text, "");
}

static void test_help_fits_80_columns_and_names_every_exit_code(void **state)
{
    struct fixture *f = *state;
    enum tip_err err = TIP_OK;

    PRINTED(f, err = tip_cli_help(&sample_program, NULL, &out));
    assert_int_equal(err, TIP_OK);
    assert_non_null(strstr(f->text, "\n  10  the store is full\n"));
    for (const char *at = f->text; *at != '\0';) {
        size_t size = strcspn(at, "\n");

        assert_true(size <= 80);
        at += size + 1;
    }
}

static void test_the_manual_names_all_there_is(void **state)
{
    struct fixture *f = *state;

    PRINTED(f, tip_cli_manual(&sample_program, &out));
    for (size_t i = 0; i < sample_program.command_count; i++) {
        assert_non_null(strstr(f->text, sample_commands[i].name));
    }
    for (size_t i = 0; i < SAMPLE_KEYS; i++) {
        assert_non_null(strstr(f->text, sample_keys[i].name));
    }
}

static void test_each_error_has_one_exit_code(void **state)
{
    (void)state;
    assert_int_equal(tip_exit_of(TIP_OK), 0);
    assert_int_equal(tip_exit_of(TIP_EIO), 1);
    assert_int_equal(tip_exit_of(TIP_EUSAGE), 2);
    assert_int_equal(tip_exit_of(TIP_EVALUE), 2);
    assert_int_equal(tip_exit_of(TIP_ECHANGED), 9);
    assert_int_equal(tip_exit_of(TIP_ENOTFOUND), 4);
    assert_int_equal(tip_exit_of(TIP_ENOT_HELD), 4);
    assert_int_equal(tip_exit_of(TIP_EACCESS), 5);
    assert_int_equal(tip_exit_of(TIP_ESAMEPERSON), 5);
    assert_int_equal(tip_exit_of(TIP_ENOT_RECOVERING), 5);
    assert_int_equal(tip_exit_of(TIP_ENOTRUNNING), 6);
    assert_int_equal(tip_exit_of(TIP_ETIMEOUT), 7);
    assert_int_equal(tip_exit_of(TIP_ESTORE_DAMAGED), 8);
    assert_int_equal(tip_exit_of(TIP_ESTORE_FULL), 10);
    assert_int_equal(tip_exit_from_number(9), TIP_EXIT_CONFLICT);
    assert_int_equal(tip_exit_from_number(77), TIP_EXIT_FAILURE);
}

#define TEST(name) cmocka_unit_test_setup(name, setup)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_table_passes_its_own_check),
        TEST(test_table_check_finds_each_fault),
        TEST(test_command_options_and_arguments_are_told_apart),
        TEST(test_two_words_name_a_command),
        TEST(test_no_command_takes_a_dry_run_it_would_not_keep),
        TEST(test_letters_may_stand_together),
        TEST(test_what_is_not_given_has_its_default),
        TEST(test_a_wrong_word_gets_a_guess),
        TEST(test_a_wrong_value_says_what_is_allowed),
        TEST(test_missing_and_extra_arguments_are_refused),
        TEST(test_help_needs_nothing_else),
        TEST(test_help_reads_like_this),
        TEST(test_help_fits_80_columns_and_names_every_exit_code),
        TEST(test_the_manual_names_all_there_is),
        TEST(test_each_error_has_one_exit_code),
    };

    return cmocka_run_group_tests_name("cli", tests, NULL, NULL);
}
