/* Rule: a configuration is refused with a problem named, or what is in force is
 * printed and read the same; a value is refused or formats to one that reads
 * the same. Input: an INI file, or 0 and a value to be read as each type. */
#include "fuzz.h"
#include "fuzz_part.h"

#include "conf_sample.h"

enum { TEXT_SIZE = 64 * 1024 };

static void try_value(struct tip_bytes bytes)
{
    char text[TIP_SPEC_TEXT_BYTES_MAX + 8] = {0};
    char shown[TIP_SPEC_TEXT_BYTES_MAX + 8];

    if (bytes.size == 0 || bytes.size >= sizeof text ||
        memchr(bytes.data, 0, bytes.size) != NULL) {
        return;
    }
    memcpy(text, bytes.data, bytes.size);
    for (size_t i = 0; i < KEYS; i++) {
        const struct tip_spec *spec = &keys[i].spec;
        int64_t number, back;

        if (tip_spec_parse(spec, text, &number) != TIP_OK) {
            continue;
        }
        tip_spec_format(spec, text, number, shown, sizeof shown);
        FUZZ_RULE(tip_spec_parse(spec, shown, &back) == TIP_OK);
        FUZZ_RULE(number == back);
    }
}

static void print_again(const struct tip_conf *conf)
{
    static char text[TEXT_SIZE];
    static struct tip_conf back;
    struct tip_out out = {.file = fmemopen(text, sizeof text, "w")};

    FUZZ_RULE(out.file != NULL);
    tip_conf_print(conf, &out);
    FUZZ_RULE(tip_out_finish(&out) == TIP_OK);
    (void)fclose(out.file);
    tip_conf_init(&back, &table);
    FUZZ_RULE(tip_conf_load(&back, "printed", tip_bytes_text(text)) == TIP_OK);
    for (size_t i = 0; i < KEYS; i++) {
        FUZZ_RULE(tip_conf_number(conf, i) == tip_conf_number(&back, i));
    }
    tip_conf_deinit(&back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct tip_conf conf;
    enum tip_err err;

    if (size > 0 && data[0] == 0) {
        try_value(tip_bytes(data + 1, size - 1));
        return 0;
    }
    tip_conf_init(&conf, &table);
    err = tip_conf_load(&conf, "node.conf", tip_bytes(data, size));
    FUZZ_RULE((err == TIP_ECONF) == (conf.problem_count > 0));
    if (err == TIP_OK) {
        print_again(&conf);
    }
    tip_conf_deinit(&conf);
    return 0;
}
