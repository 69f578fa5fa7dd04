#include "sim_queue.h"

#include "sim_memory.h"

static bool is_before(const struct sim_event *a, const struct sim_event *b)
{
    return a->at_ms != b->at_ms ? a->at_ms < b->at_ms : a->order < b->order;
}

void sim_queue_add(struct sim_queue *queue, struct sim_event event)
{
    size_t hole = queue->count;

    queue->heap = sim_memory_room(queue->heap, queue->count, &queue->capacity,
                                  sizeof *queue->heap);
    event.order = queue->next_order++;
    queue->count++;
    while (hole > 0 && is_before(&event, &queue->heap[(hole - 1) / 2])) {
        queue->heap[hole] = queue->heap[(hole - 1) / 2];
        hole = (hole - 1) / 2;
    }
    queue->heap[hole] = event;
}

bool sim_queue_take(struct sim_queue *queue, struct sim_event *out_event)
{
    struct sim_event last;
    size_t hole = 0;

    if (queue->count == 0) {
        return false;
    }
    *out_event = queue->heap[0];
    last = queue->heap[--queue->count];
    for (;;) {
        size_t child = 2 * hole + 1;

        if (child + 1 < queue->count &&
            is_before(&queue->heap[child + 1], &queue->heap[child])) {
            child++;
        }
        if (child >= queue->count || !is_before(&queue->heap[child], &last)) {
            break;
        }
        queue->heap[hole] = queue->heap[child];
        hole = child;
    }
    queue->heap[hole] = last;
    return true;
}
