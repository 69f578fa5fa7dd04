#include "hub_program.h"

int main(int argc, char **argv)
{
    return tip_program_main(&hub_cli, argc, argv);
}
