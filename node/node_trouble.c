#include "node_trouble.h"

#include "node_program.h"

/* There may be room again before the next save, so a refused one counts only as
 * long as little is left. */
static bool is_full(const struct node_signs *signs)
{
    return signs->trouble == TIP_ESTORE_FULL ||
           signs->status->trouble == TIP_ESTORE_FULL ||
           (signs->status->is_full && tip_program_is_nearly_full(signs->disk));
}

uint32_t node_troubles(const struct node_signs *signs)
{
    const struct node_status *status = signs->status;
    const bool has[TIP_TROUBLE_COUNT] = {
        [TIP_TROUBLE_FULL] = is_full(signs),
        [TIP_TROUBLE_DISK] =
            signs->disk_failed || signs->trouble == TIP_ESTORE_FAILED,
        [TIP_TROUBLE_ROTTEN] = status->scrub_rest.count > 0,
        [TIP_TROUBLE_LOST] = status->lost_count > 0 || status->scrub_found > 0,
        [TIP_TROUBLE_STOPPED] = status->is_stopped,
        [TIP_TROUBLE_ERASURE] = signs->erase_trouble != TIP_OK};
    uint32_t troubles = 0;

    for (enum tip_trouble i = 0; i < TIP_TROUBLE_COUNT; i++) {
        troubles |= has[i] ? tip_trouble_bit(i) : 0;
    }
    return troubles;
}

uint32_t node_troubles_now(const struct node_program *node,
                           const struct node_status *status)
{
    struct tip_store *store = tip_store_lmdb_base(node->home.store);
    const struct tip_store_usage disk = store->usage(store);
    struct node_erasing erasing;

    node_engine_erasing(node->engine, &erasing);
    return node_troubles(&(struct node_signs){
        .status = status,
        .disk = &disk,
        .trouble = tip_daemon_trouble(node->host.daemon),
        .disk_failed = tip_daemon_disk_failed(node->host.daemon),
        .erase_trouble = erasing.trouble});
}

struct tip_rot node_rot(const struct node_status *status)
{
    const struct tip_survey_report *rest = &status->scrub_rest;

    return rest->count == 0
               ? (struct tip_rot){.count = 0}
               : (struct tip_rot){.count = rest->count,
                                  .kind = (uint32_t)rest->first[0].kind,
                                  .a = rest->first[0].a,
                                  .b = rest->first[0].b};
}
