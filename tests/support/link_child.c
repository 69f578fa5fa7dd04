/* The smallest program that can be a link child, for tests that are not. */
#include "tip_link_child.h"
#include "tip_process.h"

int main(void)
{
    return tip_link_child_main(TIP_PROCESS_CHILD_FD);
}
