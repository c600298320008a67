// What gives the terminal back when nothing else can run any more, and how signals are told of.
#ifndef TERMINAL_RESTORE_H
#define TERMINAL_RESTORE_H

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

/// Remembers how to give the terminal on `descriptor` back: `settings` are put in place and
/// `bytes` are written. At most 512 bytes are kept.
void tr_arm(
    int descriptor, const struct termios *settings, const char *bytes, size_t count);

/// Forgets it: the terminal is as it was found.
void tr_disarm(void);

/// Gives the terminal back, if armed. May run in a signal handler; does it once.
void tr_restore(void);

/// Writes all of `bytes`, or as many as the terminal still takes.
void tr_write(int descriptor, const void *bytes, size_t count);

/// Catches the signals of a crash on a stack of their own, gives the terminal back, and lets the
/// signal end the process as it would have. Also gives it back when the process calls exit.
void tr_catch_crashes(void);

/// Writes the number of each signal as one byte to `descriptor`: WINCH, TERM, HUP, INT, QUIT,
/// TSTP, CONT. A signal that the parent had set to be ignored (as nohup does) stays so.
void tr_catch_signals(int descriptor);

/// Gives those signals their former handlers back.
void tr_release_signals(void);

/// Stops the process, or with `group` its whole process group, until it is continued.
/// Returns at once where nobody could continue it.
void tr_stop(bool group);

#endif
