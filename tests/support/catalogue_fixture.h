/* A small catalogue, and the same with one cell spoilt. */
#ifndef CATALOGUE_FIXTURE_H
#define CATALOGUE_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tip_catalogue_load.h"

static const char fixture_settings[] =
    "name,version,default_language,label::fr\n"
    "small,3,fr,Petit\n";

static const char fixture_survey[] =
    "type,name,number,label::fr,label::Arabic "
    "(ar),draft::ff,label::ff,hint::fr,"
    "class,merge,required,index,relevant,constraint,constraint_message::fr,"
    "calculation,choice_filter,precision,retired\n"
    "begin group,case,20,Cas,حالة,,,,,,,,,,,,,,\n"
    "text,case_no,16,Numéro,رقم,,,,fact,,yes,yes,,string-length(.) <= 10,"
    "Dix caractères au plus,,,,\n"
    "date,opened,17,Ouvert le,تاريخ,Nyalnde,,,,,yes,,,. <= today(),,,,day,\n"
    "begin group,where,,Où,أين,,,,,,,,,,,,,,\n"
    "select_one wilaya,wilaya,18,Wilaya,ولاية,,,,,,,,,,,,,,\n"
    "select_one town,town,19,Ville,مدينة,,,,,,,,,,,,parent = ${wilaya},,\n"
    "end group,,,,,,,,,,,,,,,,,,\n"
    "select_multiple act,acts,24,Actes,أفعال,,,,,,,,,,,,,,\n"
    "yesno,minor,25,Mineur,قاصر,,,,,review,,,,,,,,,\n"
    "integer,age,26,Âge,عمر,,,Années,identity,,,,${minor} != '',"
    ". >= 0 and . < 120,,,,,\n"
    "select_one age_group,age_group,27,Tranche,فئة,,,,,,,,,,,"
    "\"if(${age} < 18, 'child', 'adult')\",,,\n"
    "amount,paid,28,Payé,مدفوع,,,,,,,,,. > 0,,,,,\n"
    "select_one consent,consent,29,Accord,موافقة,,,,,ranked,,,,,,,,,\n"
    "reference person,victim,30,Victime,ضحية,,,,,,,,,,,,,,\n"
    "text,story,31,Récit,قصة,,,,identity,review,,,,,,,,,\n"
    "text,old,32,Vieux,قديم,,,,fact,,,,,,,,,,yes\n"
    "end group,,,,,,,,,,,,,,,,,,\n"
    "begin group,person,21,Personne,شخص,,,,,,,,,,,,,,\n"
    "text,name,16,Nom,اسم,,,,identity,,,,,,,,,,\n"
    "end group,,,,,,,,,,,,,,,,,,\n";

static const char fixture_choices[] =
    "list_name,name,number,label::fr,label::ar,rank,parent,retired\n"
    "wilaya,MR01,1,Hodh Ech Chargui,الحوض الشرقي,,,\n"
    "wilaya,MR03,3,Assaba,لعصابة,,,\n"
    "town,Nema,14,Néma,النعمة,,wilaya.MR01,\n"
    "town,Kiffa,35,Kiffa,كيفة,,wilaya.MR03,\n"
    "act,recruit,1,Recrutement,تجنيد,,,\n"
    "act,move,2,Transport,نقل,,,\n"
    "act,sell,3,Vente,بيع,,,yes\n"
    "age_group,child,1,Enfant,طفل,,,\n"
    "age_group,adult,2,Adulte,بالغ,,,\n"
    "consent,given,1,Donné,معطى,1,,\n"
    "consent,withdrawn,2,Retiré,مسحوب,2,,\n"
    "currency,MRU,1,Ouguiya,أوقية,,,\n"
    "currency,USD,2,Dollar,دولار,,,\n";

static const char fixture_indicators[] =
    "number,name,label::fr,type,condition,measure,numerator,denominator,"
    "period,period_field,dimensions\n"
    "1,cases,Cas,case,,count,,,quarter,opened,wilaya acts per element\n"
    "2,paid,Payé,case,${minor} = 'yes',sum paid,,,year,opened,\n"
    "3,people,Personnes,case,,distinct victim,,,none,,acts per "
    "combination;minor\n"
    "4,all,Tous,case,,count,,,year,opened,\n"
    "5,share,Part,case,,ratio,paid,all,,,\n";

static const char fixture_roles[] =
    "number,name,label::fr,scope,read,write,identity\n"
    "1,officer,Agent,office,*,case person,yes\n"
    "2,observer,Observateur,aggregate,,,\n";

enum { FIXTURE_FILES = 5 };

static inline void fixture_files(struct tip_catalogue_file *files)
{
    static const char *const names[] = {"settings.csv", "survey.csv",
                                        "choices.csv", "indicators.csv",
                                        "roles.csv"};
    const char *const contents[] = {fixture_settings, fixture_survey,
                                    fixture_choices, fixture_indicators,
                                    fixture_roles};

    for (size_t i = 0; i < FIXTURE_FILES; i++) {
        files[i].name = tip_bytes_text(names[i]);
        files[i].content = tip_bytes_text(contents[i]);
    }
}

static inline void fixture_print(const struct tip_problems *problems)
{
    for (size_t i = 0; i < problems->count && i < TIP_PROBLEMS_KEPT; i++) {
        char text[512];
        struct tip_buf buf;

        tip_buf_init(&buf, text, sizeof text);
        tip_problem_format(&problems->kept[i], &buf);
        print_message("%.*s\n", (int)buf.size, text);
    }
}

/** The small catalogue; fails the test if it has a fault. */
static inline struct tip_catalogue *fixture_catalogue(void)
{
    struct tip_catalogue_file files[FIXTURE_FILES];
    struct tip_problems problems = {0};
    struct tip_catalogue *catalogue = NULL;
    enum tip_err err;

    fixture_files(files);
    err = tip_catalogue_load(files, FIXTURE_FILES, &problems, &catalogue);
    fixture_print(&problems);
    assert_int_equal(err, TIP_OK);
    return catalogue;
}

/** @text with the first @from replaced by @to; the caller frees it. */
static inline char *fixture_replace(const char *text, const char *from,
                                    const char *to)
{
    const char *at = strstr(text, from);
    size_t size = strlen(text) + strlen(to) + 1;
    char *changed = malloc(size);

    assert_non_null(at);
    assert_non_null(changed);
    (void)snprintf(changed, size, "%.*s%s%s", (int)(at - text), text, to,
                   at + strlen(from));
    return changed;
}

/** Load the small catalogue with @from replaced by @to in file @file. */
static inline enum tip_err
fixture_load_changed(const char *file, const char *from, const char *to,
                     struct tip_problems *problems,
                     struct tip_catalogue **out_catalogue)
{
    struct tip_catalogue_file files[FIXTURE_FILES];
    char *changed = NULL;
    enum tip_err err;

    fixture_files(files);
    for (size_t i = 0; i < FIXTURE_FILES; i++) {
        if (tip_bytes_equal(files[i].name, tip_bytes_text(file))) {
            changed =
                fixture_replace((const char *)files[i].content.data, from, to);
            files[i].content = tip_bytes_text(changed);
        }
    }
    assert_non_null(changed);
    err = tip_catalogue_load(files, FIXTURE_FILES, problems, out_catalogue);
    free(changed);
    return err;
}

#endif /* CATALOGUE_FIXTURE_H */
