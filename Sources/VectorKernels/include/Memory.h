/// How the process deals with memory that it gives back.

#ifndef MEMORY_H
#define MEMORY_H

#include <stddef.h>

/// Lets the process keep up to `bytes` that were freed for what it allocates next.
///
/// A training step frees what the next one needs again; handed to the system in between, its pages
/// come back one by one, each cleared first: a third of the time of a small step. For glibc, which
/// otherwise keeps twice its largest block; other libraries stay as they are.
void memory_keep(size_t bytes);

#endif
