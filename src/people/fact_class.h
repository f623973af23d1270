/* Which class of data a kind of record is: the table fact_class.def. */
#ifndef HUMIAO_PEOPLE_FACT_CLASS_H
#define HUMIAO_PEOPLE_FACT_CLASS_H

#include "access/clearance.h"
#include "people/record.h"

/* For a number that is no kind: the strictest, CLASS_FACT_HIV. */
enum data_class fact_class(enum record_kind kind);

/* Whether the value says who or where somebody else is (the other party of a marriage, a division):
 * such a value belongs to a stricter class than its kind, and is left out of what child_facts
 * gives. */
bool fact_value_is_private(enum record_kind kind);

#endif
