#include "people/fact_class.h"

enum data_class fact_class(enum record_kind kind)
{
    /* Without a default, so that the compiler names a kind that the table lacks. */
    switch (kind) {
#define FACT_CLASS(kind, class) \
    case KIND_##kind:           \
        return class;
#include "people/fact_class.def"
#undef FACT_CLASS
    case KIND_NONE:
    case KIND_COUNT: break;
    }
    return CLASS_FACT_HIV;
}

bool fact_value_is_private(enum record_kind kind)
{
    return kind == KIND_DIVORCED || kind == KIND_MARRIED || kind == KIND_RESIDENCE;
}
