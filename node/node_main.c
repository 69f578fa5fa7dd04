#include "node_program.h"

int main(int argc, char **argv)
{
    return tip_program_main(&node_cli, argc, argv);
}
