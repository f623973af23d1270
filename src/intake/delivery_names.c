/* Names of channels, states and holds, as the interface and the command line have them. */
#include "intake/delivery_inside.h"

#include <stdio.h>

const char *delivery_channel_name(int channel)
{
    switch (channel) {
#define CHANNEL(symbol, number, name) \
    case number:                      \
        return name;
#include "intake/channels.def"
#undef CHANNEL
    default: return "";
    }
}

const char *delivery_state_name(int state)
{
    switch (state) {
#define DELIVERY_STATE(symbol, number, name) \
    case number:                             \
        return name;
#include "intake/delivery_states.def"
#undef DELIVERY_STATE
    default: return "";
    }
}

const char *delivery_hold_name(int bit)
{
    switch (bit) {
#define HOLD(symbol, number, name) \
    case number:                   \
        return name;
#include "intake/holds.def"
#undef HOLD
    default: return "";
    }
}

const char *delivery_holds_words(int held, char *buffer, size_t size)
{
    size_t n = 0;

    buffer[0] = '\0';
    for (int bit = 1; bit <= held; bit <<= 1)
        if (held & bit && n < size)
            n += (size_t)snprintf(buffer + n, size - n, "%s%s", n ? " " : "",
                                  delivery_hold_name(bit));
    return buffer;
}
