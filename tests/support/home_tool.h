/* A program that alters the store of a home that is not running. */
#ifndef HOME_TOOL_H
#define HOME_TOOL_H

#include "tip_err.h"
#include "tip_store.h"

/** The whole of main(): in one transaction, do @change to the store of the home
 * in the folder that is the only argument. */
int home_tool_main(int argc, char **argv,
                   enum tip_err (*change)(struct tip_txn *txn));

#endif /* HOME_TOOL_H */
