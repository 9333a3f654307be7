// The terminal, if there is one: how wide, with colours or not, and the one question that is asked
// on it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "cli/options.hpp"

namespace mxsmith::cli {

enum class Stream : std::uint8_t { out, err };

bool is_terminal(Stream stream);
/// Whether somebody can be asked: standard input and output are both a terminal.
bool can_ask();
/// Columns for text on this stream: those of the terminal within reason, 100 elsewhere, so that
/// what goes into files and pipes does not depend on a window.
std::size_t columns_of(Stream stream);
/// By --color, NO_COLOR (no-color.org) and TERM.
bool colors_on(Stream stream, ColorWish wish);
/// Writes the question and reads a line; nothing at the end of input or when a signal came.
std::optional<std::string> ask(const std::string& question);
/// Writes everything; false when the other side is gone or full.
bool write_text(Stream stream, const std::string& text);

}  // namespace mxsmith::cli
