// Exchanges for people to read (recording.hpp).
#include "base/text.hpp"
#include "http/recording.hpp"

namespace mxsmith::http {

namespace {

/// One line, or several, each behind its mark; control characters are no longer any.
void add_lines(std::string& trace, char mark, std::string_view text) {
  for (const auto& line : base::split(text, '\n')) {
    trace += mark;
    if (!line.empty()) trace.append(" ").append(base::escape_for_terminal(line));
    trace += '\n';
  }
}

void add_headers(std::string& trace, char mark, const Headers& headers) {
  for (const auto& [name, value] : headers.fields()) {
    std::string line = base::escape_for_terminal(name);
    line.append(": ").append(base::escape_for_terminal(value));
    add_lines(trace, mark, line);
  }
}

/// The first `most` octets, or a few less, so that no character is cut in two.
std::string_view beginning(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  std::size_t end = most;
  while (end > 0 && most - end < 3 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) {
    --end;
  }
  return text.substr(0, end);
}

void add_content(std::string& trace, char mark, std::string_view body, std::size_t most) {
  if (body.empty()) return;
  std::string_view shown = beginning(body, most);
  const std::size_t left = body.size() - shown.size();
  while (!shown.empty() && (shown.back() == '\n' || shown.back() == '\r')) shown.remove_suffix(1);
  add_lines(trace, mark, "");
  add_lines(trace, mark, shown);
  if (left != 0) {
    trace += mark;
    trace += " [and " + base::counted(left, "octet") + " more]\n";
  }
}

std::string printed(std::chrono::milliseconds took) { return std::to_string(took.count()) + " ms"; }

}  // namespace

std::string print_trace(const Exchange& exchange, std::size_t most) {
  // The client has hidden the secrets it knows; what credentials are by name is hidden in any case.
  const Secrets none;
  const Request request = redacted(exchange.request, none);
  std::string trace;
  std::string line(method_name(request.method));
  add_lines(trace, '>', line.append(" ").append(base::escape_for_terminal(request.url)));
  add_headers(trace, '>', request.headers);
  add_content(trace, '>', request.body, most);
  if (!exchange.response) {
    line = base::escape_for_terminal(exchange.fault);
    add_lines(trace, '!', line.append(" (after ").append(printed(exchange.took)).append(")"));
    return trace + "\n";
  }
  const Response response = redacted(*exchange.response, none);
  line = std::to_string(response.status);
  add_lines(trace, '<', line.append(" (after ").append(printed(exchange.took)).append(")"));
  add_headers(trace, '<', response.headers);
  add_content(trace, '<', response.body.text(), most);
  return trace + "\n";
}

}  // namespace mxsmith::http
