/* Referrals and services. */
#include <assert.h>
#include <string.h>

#include "demo_teller_internal.h"

/* What a reason for a referral asks for. */
static const struct {
    const char *reason;
    const char *services;
} answers[] = {
    {"shelter", "shelter food"},
    {"medical", "medical transport"},
    {"psychosocial", "psychosocial interpretation"},
    {"legal", "legal_aid witness_support"},
    {"civil_registration", "civil_registration id_document"},
    {"education", "education vocational"},
    {"livelihood", "income_generation vocational cash_grant"},
    {"return", "return_reintegration family_tracing transport"},
    {"protection", "shelter transport"},
};

static const char *services_for(struct tip_bytes reason)
{
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        if (tip_bytes_equal(reason, tip_bytes_text(answers[i].reason))) {
            return answers[i].services;
        }
    }
    return "other";
}

/* A referral on its way through its states. */
struct referral {
    int32_t sent;
    int32_t served; /* First service; 0: none yet. */
    struct tip_bytes reason;
    int place;
};

static void tell_end(const struct demo_telling *telling,
                     struct tip_bytes status, int32_t from)
{
    struct demo_story *story = telling->story;
    bool is_done = tip_bytes_equal(status, tip_bytes_text("completed"));

    if (tip_bytes_equal(status, tip_bytes_text("rejected"))) {
        demo_telling_word(telling, "rejection_reason",
                          "no_capacity out_of_scope duplicate unsafe");
    } else if (is_done ||
               tip_bytes_equal(status, tip_bytes_text("discontinued"))) {
        demo_story_date(story, "closed_on",
                        demo_telling_later(telling, from, 90));
        demo_telling_word(telling, "outcome",
                          is_done ? "served partly"
                                  : "lost declined_by_victim not_served");
    }
}

/* From sent to a first service, as far as it has come. */
static void tell_way(const struct demo_telling *telling,
                     struct referral *referral)
{
    struct demo_story *story = telling->story;
    struct tip_bytes status = demo_draw_word(
        telling->draw, "completed in_service sent accepted received "
                       "discontinued rejected");
    int32_t received;

    demo_story_put(story, "status", status);
    if (tip_bytes_equal(status, tip_bytes_text("sent"))) {
        return;
    }
    received = demo_telling_later(telling, referral->sent, 5);
    demo_story_date(story, "received_on", received);
    if (tip_bytes_equal(status, tip_bytes_text("received"))) {
        return;
    }
    demo_story_date(story, "decided_on",
                    demo_telling_later(telling, received, 6));
    if (tip_bytes_equal(status, tip_bytes_text("completed")) ||
        tip_bytes_equal(status, tip_bytes_text("in_service"))) {
        referral->served = demo_telling_later(telling, received, 12);
        demo_story_date(story, "first_service_on", referral->served);
    }
    tell_end(telling, status,
             referral->served != 0 ? referral->served : received);
}

static void tell_referral(const struct demo_telling *telling, int of_case,
                          const struct demo_victim *victim,
                          struct referral *out_referral)
{
    struct demo_story *story = telling->story;
    int own = (int)telling->teller->opts.office;

    out_referral->place = demo_story_add(story, "referral", telling->helper);
    out_referral->sent = demo_telling_later(telling, victim->identified, 8);
    out_referral->served = 0;
    out_referral->reason =
        demo_draw_word(telling->draw, telling->pattern->reasons);
    demo_story_refer(story, "victim", victim->place);
    demo_story_refer(story, "case", of_case);
    demo_story_refer_office(story, "from_office", own);
    demo_story_refer_office(story, "to_office",
                            telling->helper == DEMO_NOBODY ? own
                                                           : telling->helper);
    demo_telling_where(telling);
    demo_story_put(story, "reason", out_referral->reason);
    demo_telling_word(telling, "urgency",
                      victim->is_child ? "24h 72h 7d" : "7d 72h routine 24h");
    demo_story_date(story, "sent_on", out_referral->sent);
    tell_way(telling, out_referral);
    demo_story_put_text(story, "consent", "yes");
    demo_story_put_text(story, "note",
                        demo_draw_chance(telling->draw, 50)
                            ? "À accompagner par une femme de l’équipe."
                            : "يرافقها عضو من الفريق.");
}

static void tell_service(const struct demo_telling *telling,
                         const struct demo_victim *victim,
                         const struct referral *referral)
{
    struct demo_story *story = telling->story;
    bool is_cash;

    (void)demo_story_add(story, "service", telling->helper);
    demo_story_refer(story, "victim", victim->place);
    demo_story_refer(story, "referral", referral->place);
    demo_telling_word(telling, "kind", services_for(referral->reason));
    demo_story_refer_office(story, "provider",
                            (int)telling->teller->opts.office);
    demo_telling_where(telling);
    demo_story_date(story, "given_on",
                    demo_telling_later(telling, referral->served, 30));
    demo_story_format(story, "quantity", "%d",
                      demo_draw_between(telling->draw, 1, 12));
    is_cash = demo_draw_chance(telling->draw, 50);
    if (is_cash) {
        demo_story_format(story, "cost", "%d.00 MRU",
                          100 * demo_draw_between(telling->draw, 2, 90));
        demo_telling_word(telling, "funder",
                          "state victim_fund ngo iom unicef other_donor");
    }
    demo_telling_word(telling, "outcome", "served partly");
}

void demo_tell_help(struct demo_telling *telling, int of_case,
                    const struct demo_victim *victim)
{
    struct referral referral;
    uint32_t services;

    tell_referral(telling, of_case, victim, &referral);
    if (referral.served == 0) {
        return;
    }
    services = 1 + demo_draw_below(telling->draw, 3);
    for (uint32_t i = 0; i < services; i++) {
        tell_service(telling, victim, &referral);
    }
}
