/* How bad everything is in this seed: SIM_WEATHER_MAP in sim.h. */
#ifndef SIM_WEATHER_H
#define SIM_WEATHER_H

#include "sim.h"

void sim_weather_draw(struct sim *sim, bool is_size_blind);

#endif /* SIM_WEATHER_H */
