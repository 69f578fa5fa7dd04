#include "wire_equal.h"

#include <string.h>

static bool equal_ref(const struct tip_record_ref *a,
                      const struct tip_record_ref *b)
{
    return tip_id_equal(&a->id, &b->id) && a->birth_commit == b->birth_commit &&
           a->birth_index == b->birth_index && a->type == b->type;
}

static bool equal_change(const struct tip_change *a, const struct tip_change *b)
{
    return a->record == b->record && a->field == b->field &&
           a->element == b->element && tip_value_equal(&a->value, &b->value);
}

bool wire_equal_set(const struct tip_change_set *a,
                    const struct tip_change_set *b)
{
    bool equal = a->origin == b->origin && a->office == b->office &&
                 a->seq == b->seq && a->base == b->base &&
                 a->stamp.packed == b->stamp.packed &&
                 tip_bytes_equal(a->author, b->author) &&
                 tip_bytes_equal(a->reason, b->reason) &&
                 a->record_count == b->record_count &&
                 a->change_count == b->change_count;

    for (size_t i = 0; equal && i < a->record_count; i++) {
        equal = equal_ref(&a->records[i], &b->records[i]);
    }
    for (size_t i = 0; equal && i < a->change_count; i++) {
        equal = equal_change(&a->changes[i], &b->changes[i]);
    }
    return equal;
}

bool wire_equal_up(const struct tip_up_body *a, const struct tip_up_body *b)
{
    bool equal = a->set_count == b->set_count;

    for (size_t i = 0; equal && i < a->set_count; i++) {
        equal = wire_equal_set(&a->sets[i], &b->sets[i]);
    }
    return equal;
}

static bool equal_echo(const struct tip_echo *a, const struct tip_echo *b)
{
    return a->origin == b->origin && a->first_seq == b->first_seq &&
           a->count == b->count && a->first_commit == b->first_commit &&
           a->verdict == b->verdict;
}

static bool equal_ruling(const struct tip_ruling *a, const struct tip_ruling *b)
{
    return a->kind == b->kind && a->hold == b->hold && a->origin == b->origin &&
           a->first_seq == b->first_seq && a->count == b->count &&
           a->base == b->base && a->unix_ms == b->unix_ms &&
           tip_bytes_equal(a->by, b->by) &&
           tip_bytes_equal(a->reason, b->reason);
}

bool wire_equal_item(const struct tip_item *a, const struct tip_item *b)
{
    if (a->kind != b->kind) {
        return false;
    }
    if (a->kind == TIP_ITEM_STATE) {
        return a->commit == b->commit && a->state.total == b->state.total &&
               a->state.offset == b->state.offset &&
               tip_bytes_equal(a->state.bytes, b->state.bytes);
    }
    if (a->kind == TIP_ITEM_RULING) {
        return a->commit == b->commit && a->verdict == b->verdict &&
               equal_ruling(&a->ruling, &b->ruling);
    }
    if (a->kind == TIP_ITEM_CONTROL) {
        return a->commit == b->commit &&
               tip_bytes_equal(a->control, b->control);
    }
    if (a->kind == TIP_ITEM_ROLL) {
        return a->commit == b->commit && a->roll.is_end == b->roll.is_end &&
               a->roll.count == b->roll.count &&
               memcmp(a->roll.parts, b->roll.parts, sizeof a->roll.parts) == 0;
    }
    return a->kind == TIP_ITEM_ECHO
               ? equal_echo(&a->echo, &b->echo)
               : a->commit == b->commit && a->verdict == b->verdict &&
                     wire_equal_set(&a->set, &b->set);
}

static bool equal_decided(const struct tip_decided *a,
                          const struct tip_decided *b)
{
    bool equal = a->origin == b->origin && a->bound == b->bound &&
                 a->run_count == b->run_count && a->unnamed == b->unnamed;

    for (size_t i = 0; equal && i < a->run_count; i++) {
        equal = a->runs[i].first == b->runs[i].first &&
                a->runs[i].count == b->runs[i].count &&
                a->runs[i].reason == b->runs[i].reason;
    }
    return equal;
}

bool wire_equal_checkpoint(const struct tip_checkpoint *a,
                           const struct tip_checkpoint *b)
{
    bool equal = a->commit == b->commit && a->control == b->control &&
                 a->decided_count == b->decided_count &&
                 a->has_digest == b->has_digest;

    for (size_t i = 0; equal && i < a->decided_count; i++) {
        equal = equal_decided(&a->decided[i], &b->decided[i]);
    }
    return equal && (!a->has_digest ||
                     memcmp(a->digest, b->digest, sizeof a->digest) == 0);
}

bool wire_equal_down(const struct tip_down_body *a,
                     const struct tip_down_body *b)
{
    bool equal = a->item_count == b->item_count &&
                 a->has_checkpoint == b->has_checkpoint &&
                 tip_bytes_equal(a->gone, b->gone) &&
                 wire_equal_checkpoint(&a->checkpoint, &b->checkpoint);

    for (size_t i = 0; equal && i < a->item_count; i++) {
        equal = wire_equal_item(&a->items[i], &b->items[i]);
    }
    return equal;
}

static bool equal_write(const struct tip_write *a, const struct tip_write *b)
{
    return a->origin == b->origin && a->office == b->office &&
           a->seq == b->seq && a->commit == b->commit && a->base == b->base &&
           a->stamp.packed == b->stamp.packed && a->verdict == b->verdict &&
           tip_bytes_equal(a->author, b->author) &&
           tip_bytes_equal(a->reason, b->reason);
}

static bool equal_sibling(const struct tip_sibling *a,
                          const struct tip_sibling *b)
{
    return a->field == b->field && a->element == b->element &&
           a->write == b->write && a->since == b->since &&
           tip_value_equal(&a->value, &b->value);
}

bool wire_equal_record(const struct tip_record *a, const struct tip_record *b)
{
    bool equal = tip_id_equal(&a->id, &b->id) &&
                 a->birth_commit == b->birth_commit &&
                 a->birth_index == b->birth_index && a->type == b->type &&
                 a->maker == b->maker && a->write_count == b->write_count &&
                 a->sibling_count == b->sibling_count;

    for (size_t i = 0; equal && i < a->write_count; i++) {
        equal = equal_write(&a->writes[i], &b->writes[i]);
    }
    for (size_t i = 0; equal && i < a->sibling_count; i++) {
        equal = equal_sibling(&a->siblings[i], &b->siblings[i]);
    }
    return equal;
}

bool wire_equal_header(const struct tip_frame_header *a,
                       const struct tip_frame_header *b)
{
    return a->format == b->format && a->suite == b->suite &&
           a->origin == b->origin && a->is_down == b->is_down &&
           a->channel == b->channel && a->generation == b->generation &&
           a->first == b->first && a->count == b->count &&
           a->key_epoch == b->key_epoch &&
           memcmp(a->salt, b->salt, sizeof a->salt) == 0 &&
           a->dictionary == b->dictionary && a->catalogue == b->catalogue &&
           a->has_contents == b->has_contents &&
           memcmp(a->contents, b->contents, sizeof a->contents) == 0;
}

static bool equal_head(const struct tip_head *a, const struct tip_head *b)
{
    return a->number == b->number &&
           memcmp(a->hash, b->hash, sizeof a->hash) == 0;
}

static bool equal_position(const struct tip_channel_position *a,
                           const struct tip_channel_position *b)
{
    return a->channel == b->channel && a->generation == b->generation &&
           equal_head(&a->head, &b->head) && a->checkpoint == b->checkpoint &&
           a->agreement == b->agreement;
}

static bool equal_channels(const struct tip_channel_position *a, size_t count,
                           const struct tip_channel_position *b)
{
    bool equal = true;

    for (size_t i = 0; equal && i < count; i++) {
        equal = equal_position(&a[i], &b[i]);
    }
    return equal;
}

static bool equal_health(const struct tip_health *a, const struct tip_health *b)
{
    return a->clock_ms == b->clock_ms && a->catalogue == b->catalogue &&
           a->saved == b->saved && a->waiting_ms == b->waiting_ms &&
           a->waiting_bytes == b->waiting_bytes && a->records == b->records &&
           a->erased == b->erased && a->keeps_erased == b->keeps_erased &&
           a->disk_used_bytes == b->disk_used_bytes &&
           a->disk_limit_bytes == b->disk_limit_bytes &&
           a->backup_ms == b->backup_ms && a->scrub_ms == b->scrub_ms &&
           a->starts_day == b->starts_day && a->cuts_day == b->cuts_day &&
           a->goodput_bps == b->goodput_bps &&
           a->heartbeat_ms == b->heartbeat_ms && a->outage_ms == b->outage_ms &&
           a->outage_cause == b->outage_cause && a->troubles == b->troubles &&
           a->rot.count == b->rot.count && a->rot.kind == b->rot.kind &&
           a->rot.a == b->rot.a && a->rot.b == b->rot.b &&
           a->verified_ms == b->verified_ms && a->restores == b->restores &&
           a->restored_ms == b->restored_ms;
}

static bool equal_hello(const struct tip_hello *a, const struct tip_hello *b)
{
    bool equal = a->format == b->format && a->origin == b->origin &&
                 a->generation == b->generation &&
                 equal_head(&a->confirmed, &b->confirmed) &&
                 equal_head(&a->newest, &b->newest) &&
                 a->channel_count == b->channel_count &&
                 memcmp(a->nonce, b->nonce, sizeof a->nonce) == 0 &&
                 equal_health(&a->health, &b->health) &&
                 tip_bytes_equal(a->version, b->version) &&
                 a->credit_bytes == b->credit_bytes;

    return equal && equal_channels(a->channels, a->channel_count, b->channels);
}

static bool equal_welcome(const struct tip_welcome *a,
                          const struct tip_welcome *b)
{
    return a->generation == b->generation &&
           equal_head(&a->durable, &b->durable) &&
           memcmp(a->nonce, b->nonce, sizeof a->nonce) == 0 &&
           a->clock_ms == b->clock_ms && a->catalogue == b->catalogue &&
           a->credit_bytes == b->credit_bytes &&
           a->channel_count == b->channel_count &&
           equal_channels(a->channels, a->channel_count, b->channels) &&
           a->is_closed == b->is_closed && a->may_go_on == b->may_go_on &&
           a->has_stray == b->has_stray && a->hindrance == b->hindrance;
}

bool wire_equal_message(const struct tip_message *a,
                        const struct tip_message *b)
{
    if (a->kind != b->kind) {
        return false;
    }
    switch (a->kind) {
    case TIP_MESSAGE_HELLO:
        return equal_hello(&a->hello, &b->hello);
    case TIP_MESSAGE_WELCOME:
        return equal_welcome(&a->welcome, &b->welcome);
    case TIP_MESSAGE_FRAME:
        return tip_bytes_equal(a->frame, b->frame);
    case TIP_MESSAGE_ACK:
        return a->ack.generation == b->ack.generation &&
               equal_head(&a->ack.durable, &b->ack.durable) &&
               a->ack.committed == b->ack.committed &&
               a->ack.credit_bytes == b->ack.credit_bytes &&
               a->ack.resend == b->ack.resend &&
               a->ack.hindrance == b->ack.hindrance;
    case TIP_MESSAGE_GOT:
        return equal_position(&a->got.position, &b->got.position) &&
               a->got.credit_bytes == b->got.credit_bytes &&
               a->got.resend == b->got.resend;
    case TIP_MESSAGE_BYE:
        return a->bye == b->bye;
    case TIP_MESSAGE_PARTS:
        return a->parts.channel == b->parts.channel &&
               a->parts.number == b->parts.number &&
               memcmp(a->parts.sums, b->parts.sums, sizeof a->parts.sums) == 0;
    case TIP_MESSAGE_RECALL:
        return a->recall.seq == b->recall.seq;
    case TIP_MESSAGE_CONTINUE:
        return equal_head(&a->go_on.head, &b->go_on.head) &&
               a->go_on.up_to == b->go_on.up_to &&
               memcmp(a->go_on.token, b->go_on.token, TIP_TOKEN_SIZE) == 0;
    case TIP_MESSAGE_CONTINUED:
        return a->continued.origin == b->continued.origin &&
               a->continued.start == b->continued.start &&
               a->continued.up_to == b->continued.up_to &&
               memcmp(a->continued.token, b->continued.token, TIP_TOKEN_SIZE) ==
                   0;
    case TIP_MESSAGE_HEALTH:
        return equal_health(&a->health, &b->health);
    case TIP_MESSAGE_LOST:
        return a->lost.is_feed == b->lost.is_feed &&
               a->lost.channel == b->lost.channel &&
               a->lost.number == b->lost.number;
    }
    return false;
}
