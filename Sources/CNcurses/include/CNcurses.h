// The part of ncurses that Swift cannot import by itself, and what must run inside signal handlers.
#ifndef CNCURSES_H
#define CNCURSES_H

#ifndef _XOPEN_SOURCE_EXTENDED
#define _XOPEN_SOURCE_EXTENDED 1
#endif
#ifndef NCURSES_WIDECHAR
#define NCURSES_WIDECHAR 1
#endif
// Without it the header defines a macro `bool` that hides C's own type.
#define NCURSES_ENABLE_STDBOOL_H 1

#include <ncurses.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <term.h>
#include <wchar.h>

// term.h names capabilities by macros that hide ordinary words.
#undef columns
#undef lines
#undef tab
#undef newline

#include "TerminalRestore.h"

static const uint32_t cn_bold = A_BOLD;
static const uint32_t cn_dim = A_DIM;
static const uint32_t cn_underline = A_UNDERLINE;
static const uint32_t cn_reverse = A_REVERSE;
#ifdef A_ITALIC
static const uint32_t cn_italic = A_ITALIC;
#else
static const uint32_t cn_italic = 0;
#endif

/// Puts one character and the marks on it at a cell. `characters` ends with 0.
static inline void cn_put(
    int row, int column, const wchar_t *characters, uint32_t attributes, short pair) {
  cchar_t cell;
  if (setcchar(&cell, characters, (attr_t)attributes, pair, NULL) == OK) {
    // The last cell of the screen is written although the cursor cannot advance: no error.
    (void)mvadd_wch(row, column, &cell);
  }
}

/// Columns the C library gives a character, -1 if it does not know it; ncurses asks the same.
int cn_character_width(wchar_t character);

/// Starts ncurses on standard input and output; NULL if it does not know the terminal.
/// Unlike initscr it never ends the process.
static inline SCREEN *cn_start(void) {
  return newterm(NULL, stdout, stdin);
}

/// The terminal's columns and rows as the system knows them; false if it does not.
static inline bool cn_window_size(int descriptor, int *columns, int *rows) {
  struct winsize size;
  if (ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) {
    return false;
  }
  *columns = size.ws_col;
  *rows = size.ws_row;
  return true;
}

/// A capability of the terminal by its terminfo name; NULL if it has none.
static inline const char *cn_capability(const char *name) {
  const char *value = tigetstr((char *)(uintptr_t)name);
  return value == (const char *)-1 ? NULL : value;
}

/// Whether the terminal has a boolean capability.
static inline bool cn_has_flag(const char *name) {
  return tigetflag((char *)(uintptr_t)name) > 0;
}

#endif
