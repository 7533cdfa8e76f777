/* The rules by which what came in is judged (FORMAT.md §13), in a person's words. */
#ifndef YIZHAN_NODE_RULES_H
#define YIZHAN_NODE_RULES_H

/* Why something was not accepted, as a sentence that can be translated; for a rule that is not
 * known the rule itself. */
const char *rules_say(const char *rule);

#endif
