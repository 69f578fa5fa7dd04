/*
 * Lines: what becomes of a message, and both ends of the link.
 */
#ifndef SIM_LINE_H
#define SIM_LINE_H

#include "sim.h"

void sim_line_init(struct sim *sim, uint32_t party);

/** A line with other qualities: in the house, satellite, 2G. */
void sim_line_lay(struct sim *sim, uint32_t party);

/** Try to connect in @delay_ms; again until it works. */
void sim_line_redial(struct sim *sim, uint32_t party, uint64_t delay_ms);

/** The connection is gone; each end sees it when @node_ms, @hub_ms are over. */
void sim_line_break(struct sim *sim, uint32_t party, uint64_t node_ms,
                    uint64_t hub_ms);

/** Put @message on the line, with what the weather does to it. */
void sim_line_transmit(struct sim *sim, uint32_t party, bool to_hub,
                       struct tip_bytes message);

/** Note that @packet was received; not its size where that may differ. */
void sim_line_note(struct sim *sim, const char *what, uint32_t party,
                   const struct sim_packet *packet);

/** A message or file of @line, owned by nobody yet. */
struct sim_packet *sim_packet_new(const struct sim_line *line, bool to_hub,
                                  struct tip_bytes message);
void sim_packet_release(struct sim_packet *packet);

/** What the engine of @party is given as its link. */
struct tip_link *sim_line_link(uint32_t party);

/** Neither cut nor broken by anybody. */
bool sim_line_is_open(const struct sim *sim, uint32_t party);

/** Cut the line of @party, for so long; sim_cuts.c. */
void sim_line_cut(struct sim *sim, uint32_t party, uint64_t for_ms);

#endif /* SIM_LINE_H */
