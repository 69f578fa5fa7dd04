#include "tip_link_cause.h"

const char *tip_link_cause_text(enum tip_link_cause cause)
{
    switch (cause) {
    case TIP_LINK_CAUSE_NONE:
        return "No connection was tried yet: wait a moment.";
    case TIP_LINK_CAUSE_NO_ROUTE:
        return "Nobody answers at the address: check the network, then the "
               "address.";
    case TIP_LINK_CAUSE_NOT_ADMITTED:
        return "The hub does not admit this device: ask the secretariat "
               "whether it is enrolled.";
    case TIP_LINK_CAUSE_HANDSHAKE:
        return "The hub hung up while keys were exchanged: check the hub's "
               "key, then wait.";
    case TIP_LINK_CAUSE_PROTOCOL:
        return "Something else than a hub answers at the address: check the "
               "address and port.";
    case TIP_LINK_CAUSE_LOST:
        return "The connection broke: it is tried again by itself.";
    case TIP_LINK_CAUSE_REPLACED:
        return "The same device connected a second time: if this repeats, "
               "look for a copy of it.";
    case TIP_LINK_CAUSE_DROPPED:
        return "The connection was ended on purpose: see the log for the "
               "reason.";
    case TIP_LINK_CAUSE_MISBEHAVED:
        return "The other side broke the rules of the link: check its "
               "version, then its device.";
    case TIP_LINK_CAUSE_RESTARTED:
        return "The link process was started again: connections come back by "
               "themselves.";
    case TIP_LINK_CAUSE_COUNT:
        break;
    }
    return "Unknown cause: upgrade this program.";
}

const char *tip_link_cause_name(enum tip_link_cause cause)
{
    switch (cause) {
    case TIP_LINK_CAUSE_NONE:
        return "none";
    case TIP_LINK_CAUSE_NO_ROUTE:
        return "no_route";
    case TIP_LINK_CAUSE_NOT_ADMITTED:
        return "not_admitted";
    case TIP_LINK_CAUSE_HANDSHAKE:
        return "handshake";
    case TIP_LINK_CAUSE_PROTOCOL:
        return "protocol";
    case TIP_LINK_CAUSE_LOST:
        return "lost";
    case TIP_LINK_CAUSE_REPLACED:
        return "replaced";
    case TIP_LINK_CAUSE_DROPPED:
        return "dropped";
    case TIP_LINK_CAUSE_MISBEHAVED:
        return "misbehaved";
    case TIP_LINK_CAUSE_RESTARTED:
        return "restarted";
    case TIP_LINK_CAUSE_COUNT:
        break;
    }
    return "unknown";
}
