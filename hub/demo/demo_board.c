#include "demo_board.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#include "tip_display.h"

enum { NAME_CELLS = 22, MS_PER_S = 1000, S_PER_MIN = 60 };

/* How a state looks: a sign and a colour for those who see it, words for all.
 */
static const struct {
    const char *sign;
    const char *color;
    const char *words;
} looks[] = {
    [DEMO_OFFICE_STARTING] = {"·", "\033[2m", "starting"},
    [DEMO_OFFICE_ONLINE] = {"●", "\033[32m", "connected"},
    [DEMO_OFFICE_OFFLINE] = {"○", "\033[33m", "no link"},
    [DEMO_OFFICE_STOPPED] = {"✖", "\033[31m", "stopped"},
};

void demo_board_init(struct demo_board *board, struct tip_out *out,
                     bool is_screen, bool has_color)
{
    *board = (struct demo_board){
        .out = out, .is_screen = is_screen, .has_color = has_color};
}

static void put_name(struct tip_out *out, struct tip_bytes name)
{
    size_t width = tip_display_width(name);

    tip_display_put(out, name, true);
    tip_out_repeat(out, " ", width < NAME_CELLS ? NAME_CELLS - width : 0);
}

static void put_heard(struct tip_out *out, int64_t heard_ms)
{
    int64_t heard_s = heard_ms / MS_PER_S;

    if (heard_ms < 0) {
        tip_out_format(out, "%10s", "never");
    } else if (heard_s < S_PER_MIN) {
        tip_out_format(out, "%8" PRId64 " s", heard_s);
    } else {
        tip_out_format(out, "%6" PRId64 " min", heard_s / S_PER_MIN);
    }
}

/* A new line of the screen, over what stood there. */
static void line_start(struct demo_board *board)
{
    tip_out_text(board->out, "\033[2K");
}

static void line_end(struct demo_board *board)
{
    tip_out_char(board->out, '\n');
    board->line_count++;
}

static void put_numbers(struct tip_out *out, const struct demo_office *office)
{
    tip_out_format(out, "%8" PRIu64 "%9" PRIu64 "%9" PRIu64 "%11" PRIu64,
                   office->saved, office->waiting, office->at_hub,
                   office->conflicts);
}

static void put_row(struct demo_board *board, const struct demo_office *office)
{
    struct tip_out *out = board->out;
    const char *color = board->has_color ? looks[office->state].color : "";

    line_start(board);
    tip_out_format(out, "%s%s%s ", color, looks[office->state].sign,
                   board->has_color ? "\033[0m" : "");
    tip_out_format(out, "%-5.*s", (int)office->code.size,
                   (const char *)office->code.data);
    put_name(out, office->name);
    tip_out_format(out, "%-10s", looks[office->state].words);
    put_numbers(out, office);
    put_heard(out, office->heard_ms);
    line_end(board);
}

static void put_total(struct demo_board *board,
                      const struct demo_office *offices, size_t count)
{
    struct demo_office total = {0};
    size_t online = 0;

    for (size_t i = 0; i < count; i++) {
        total.saved += offices[i].saved;
        total.waiting += offices[i].waiting;
        total.at_hub += offices[i].at_hub;
        total.conflicts += offices[i].conflicts;
        online += offices[i].state == DEMO_OFFICE_ONLINE;
    }
    line_start(board);
    tip_out_format(board->out, "%-29s%2zu of %-4zu", "  All offices", online,
                   count);
    put_numbers(board->out, &total);
    line_end(board);
}

static void show_screen(struct demo_board *board, const char *title,
                        uint64_t elapsed_ms, const struct demo_office *offices,
                        size_t count)
{
    uint64_t elapsed_s = elapsed_ms / MS_PER_S;

    if (board->line_count > 0) {
        tip_out_format(board->out, "\033[%zuA", board->line_count);
        board->line_count = 0;
    }
    line_start(board);
    tip_out_format(board->out, "%02" PRIu64 ":%02" PRIu64 "  %s",
                   elapsed_s / S_PER_MIN, elapsed_s % S_PER_MIN, title);
    line_end(board);
    line_start(board);
    tip_out_format(board->out, "  %-27s%-10s%8s%9s%9s%11s%10s", "OFFICE",
                   "LINK", "SAVED", "WAITING", "AT HUB", "CONFLICTS", "HEARD");
    line_end(board);
    for (size_t i = 0; i < count; i++) {
        put_row(board, &offices[i]);
    }
    put_total(board, offices, count);
}

/* A log is read later: counts that only grow would drown what matters. */
static bool is_news(const struct demo_office *before,
                    const struct demo_office *now)
{
    return before->state != now->state || before->conflicts != now->conflicts ||
           (before->waiting == 0) != (now->waiting == 0);
}

static void show_line(struct demo_board *board, uint64_t elapsed_ms,
                      const struct demo_office *office)
{
    uint64_t elapsed_s = elapsed_ms / MS_PER_S;

    tip_out_format(board->out, "%02" PRIu64 ":%02" PRIu64 " ",
                   elapsed_s / S_PER_MIN, elapsed_s % S_PER_MIN);
    tip_display_put(board->out, office->code, false);
    tip_out_char(board->out, ' ');
    tip_display_put(board->out, office->name, true);
    tip_out_format(board->out,
                   ": %s, saved %" PRIu64 ", waiting %" PRIu64
                   ", at hub %" PRIu64 ", conflicts %" PRIu64 "\n",
                   looks[office->state].words, office->saved, office->waiting,
                   office->at_hub, office->conflicts);
}

void demo_board_show(struct demo_board *board, const char *title,
                     uint64_t elapsed_ms, const struct demo_office *offices,
                     size_t count)
{
    assert(count <= DEMO_LINES_MAX);
    if (board->is_screen) {
        show_screen(board, title, elapsed_ms, offices, count);
    }
    for (size_t i = 0; i < count; i++) {
        if (!board->is_screen && (i >= board->before_count ||
                                  is_news(&board->before[i], &offices[i]))) {
            show_line(board, elapsed_ms, &offices[i]);
        }
        board->before[i] = offices[i];
    }
    board->before_count = count;
    (void)fflush(board->out->file);
}

void demo_board_leave(struct demo_board *board)
{
    board->line_count = 0;
}
