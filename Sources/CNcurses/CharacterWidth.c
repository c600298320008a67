// wcwidth is declared only for those who ask for X/Open.
#define _XOPEN_SOURCE 700
#define _DARWIN_C_SOURCE

#include <wchar.h>

int cn_character_width(wchar_t character);

int cn_character_width(wchar_t character) { return wcwidth(character); }
