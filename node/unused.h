/* What a process that waits holds and need not. */
#ifndef YIZHAN_NODE_UNUSED_H
#define YIZHAN_NODE_UNUSED_H

/* Gives memory that nobody uses back to the system: what was freed, and the pages of programs and
 * libraries that were looked at. These come back from the kernel's cache as they are looked at
 * again, which is some hundred faults that read no disk unless the kernel wanted the room. Any
 * thread may work meanwhile. */
void unused_give_back(void);

#endif
