/* A catalogue with every measure and every kind of dimension. */
#ifndef FIGURES_CATALOGUE_H
#define FIGURES_CATALOGUE_H

#include "tip_catalogue_load.h"

enum {
    CASE_TYPE = 20,
    OTHER_TYPE = 21,
    CASE_OPENED = 16,
    CASE_KIND = 17,
    CASE_ACTS = 18,
    CASE_MINOR = 19,
    CASE_PAID = 20,
    CASE_VICTIM = 21,
    CASE_AGE = 22,
    CASE_TOWNS = 23,
    CASE_NOTE = 24
};

enum {
    FIGURE_CASES = 1,
    FIGURE_ACTS = 2,
    FIGURE_ACT_SETS = 3,
    FIGURE_PAID = 4,
    FIGURE_AGES = 5,
    FIGURE_PEOPLE = 6,
    FIGURE_KINDS = 7,
    FIGURE_MINORS = 8,
    FIGURE_MONTHS = 9,
    FIGURE_YEARS = 10,
    FIGURE_PER_CASE = 11,
    FIGURE_PRICE = 12,
    FIGURE_WHERE = 13
};

/* Codes of its lists: kind, act. */
enum { SLAVERY = 3, LABOUR = 2, BEGGING = 1, RECRUIT = 1, MOVE = 2, SELL = 3 };

static const char figures_settings[] = "name,version,default_language\n"
                                       "figures,1,en\n";

static const char figures_survey[] = "type,name,number,class,merge,label::en\n"
                                     "begin group,case,20,,,\n"
                                     "date,opened,16,,,\n"
                                     "select_one kind,kind,17,,review,\n"
                                     "select_multiple act,acts,18,,,\n"
                                     "yesno,minor,19,,,\n"
                                     "amount,paid,20,,,\n"
                                     "reference,victim,21,,,\n"
                                     "integer,age,22,fact,,\n"
                                     "select_multiple town,towns,23,,,\n"
                                     "text,note,24,fact,,\n"
                                     "end group,,,,\n"
                                     "begin group,other,21,,,\n"
                                     "text,note,16,fact,,\n"
                                     "end group,,,,\n";

static const char figures_choices[] = "list_name,name,number\n"
                                      "kind,begging,1\n"
                                      "kind,labour,2\n"
                                      "kind,slavery,3\n"
                                      "act,recruit,1\n"
                                      "act,move,2\n"
                                      "act,sell,3\n"
                                      "town,nema,7\n"
                                      "town,kiffa,9\n"
                                      "currency,MRU,1\n"
                                      "currency,USD,2\n";

static const char figures_indicators[] =
    "number,name,type,condition,measure,numerator,denominator,period,"
    "period_field,dimensions,retired\n"
    "1,cases,case,,count,,,quarter,opened,kind minor,\n"
    "2,acts,case,,count,,,none,,acts per element,\n"
    "3,act_sets,case,,count,,,none,,acts per combination,\n"
    "4,paid,case,,sum paid,,,year,opened,,\n"
    "5,ages,case,${age} >= 0,sum age,,,none,,kind,\n"
    "6,people,case,,distinct victim,,,quarter,opened,kind minor,\n"
    "7,kinds,case,,distinct kind,,,none,,,\n"
    "8,minors,case,${minor} = 'yes',count,,,tip_year,opened,,\n"
    "9,months,case,,count,,,month,opened,acts per element towns per element,\n"
    "10,years,case,,count,,,year,opened,,\n"
    "11,per_case,case,,ratio,people,cases,,,,\n"
    "12,price,case,,ratio,paid,years,,,,\n"
    "13,where,case,,count,,,none,,towns per combination acts per element,\n";

enum { FIGURES_FILES = 4 };

/** The catalogue with @indicators instead of its own, NULL: its own. Fails the
 * test if it has a fault. */
static inline struct tip_catalogue *figures_catalogue(const char *indicators)
{
    const struct tip_catalogue_file files[FIGURES_FILES] = {
        {tip_bytes_text("settings.csv"), tip_bytes_text(figures_settings)},
        {tip_bytes_text("survey.csv"), tip_bytes_text(figures_survey)},
        {tip_bytes_text("choices.csv"), tip_bytes_text(figures_choices)},
        {tip_bytes_text("indicators.csv"),
         tip_bytes_text(indicators == NULL ? figures_indicators : indicators)}};
    struct tip_problems problems = {0};
    struct tip_catalogue *catalogue = NULL;
    enum tip_err err =
        tip_catalogue_load(files, FIGURES_FILES, &problems, &catalogue);

    for (size_t i = 0; i < problems.count && i < TIP_PROBLEMS_KEPT; i++) {
        char text[512];
        struct tip_buf buf;

        tip_buf_init(&buf, text, sizeof text);
        tip_problem_format(&problems.kept[i], &buf);
        print_message("%.*s\n", (int)buf.size, text);
    }
    assert_int_equal(err, TIP_OK);
    return catalogue;
}

#endif /* FIGURES_CATALOGUE_H */
