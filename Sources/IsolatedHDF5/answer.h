// What the child tells: parts with a letter before each, through a pipe.

#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Makes a pipe what is written to.
void answer_to(int pipe);
void answer_byte(uint8_t byte);
void answer_4(uint32_t number);
void answer_8(uint64_t number);
void answer_double(double number);
/// A text with its length.
void answer_text(const char *text, size_t length);
/// Bytes as they are, at once.
void answer_bytes(const void *bytes, size_t count);
/// Sends what is still here.
void answer_flush(void);
/// Says why the file cannot be read, and ends the process.
_Noreturn void answer_failure(const char *why);
/// Says why the array whose turn it is cannot be read, and ends the process.
_Noreturn void answer_array_failure(const char *why);
