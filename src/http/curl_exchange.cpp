#include "http/curl_exchange.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <exception>
#include <new>
#include <utility>

#include "base/stop_shield.hpp"
#include "base/text.hpp"
#include "base/version.hpp"

namespace mxsmith::http {

namespace {

/// Nobody's header fields are that long; RFC 9110 section 5.4 lets a recipient choose.
constexpr std::size_t kMostHeaderOctets = std::size_t{256} << 10;

template <class Value>
void set(CURL* easy, CURLoption option, Value value) {
  const CURLcode code = curl_easy_setopt(easy, option, value);
  if (code == CURLE_OK) return;
  throw base::Error(base::ErrorKind::unsupported,
                    std::string("the HTTP library refuses a setting: ") + curl_easy_strerror(code))
      .with_hint("mxsmith needs libcurl 7.81 or newer with TLS");
}

/// A credential with a line break in it must not become a second header field.
bool may_stand_in_header(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return (octet < 0x20 && c != '\t') || octet == 0x7f;
  });
}

bool is_token(std::string_view name) {
  constexpr std::string_view kSigns = "!#$%&'*+-.^_`|~";
  const auto fits = [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           kSigns.find(c) != std::string_view::npos;
  };
  return !name.empty() && std::all_of(name.begin(), name.end(), fits);
}

TransportError bad_header(const std::string& name) {
  TransportError error(base::ErrorKind::invalid,
                       "the header field " + base::escape_for_terminal(name) +
                           " holds a line break or another control character",
                       Reached::nothing, base::Effect::none);
  error.make_lasting().with_hint("look for a stray line break in the credential");
  return error;
}

/// libcurl would guess the scheme of what has none.
bool is_http_url(std::string_view url) {
  const std::string start = base::to_lower(url.substr(0, 8));
  return start.starts_with("http://") || start == "https://";
}

bool has_content(const Request& request) {
  if (!request.body.empty()) return true;
  return request.method == Method::post || request.method == Method::put ||
         request.method == Method::patch;
}

using Fields = std::vector<std::pair<std::string, std::string>>;

/// Two lengths that differ: nobody knows where the content ends (RFC 9112 section 6.3).
bool lengths_differ(const Fields& fields) {
  const std::string* first = nullptr;
  for (const auto& [name, value] : fields) {
    if (!base::equals_ignoring_case(name, "Content-Length")) continue;
    if (first != nullptr && *first != value) return true;
    first = &value;
  }
  return false;
}

}  // namespace

CurlExchange::CurlExchange(const Request& request, const TransportOptions& options,
                           CurlSockets& sockets)
    : request_(request),
      options_(options),
      sockets_(sockets),
      may_stop_(request.intent != Intent::write && !base::StopShield::held()) {}

void CurlExchange::prepare(EasyHandle easy) {
  if (!is_http_url(request_.url)) {
    CurlFailure failure;
    failure.code = CURLE_URL_MALFORMAT;
    throw curl_fault(failure, request_, options_);
  }
  easy_ = std::move(easy);
  set(easy_.get(), CURLOPT_URL, request_.url.c_str());
  set_connection();
  set_limits();
  set_callbacks();
  set_method();
  set_headers();
}

void CurlExchange::set_connection() {
  CURL* const easy = easy_.get();
#if LIBCURL_VERSION_NUM >= 0x075500
  set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
  set(easy, CURLOPT_PROTOCOLS, static_cast<long>(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
  set(easy, CURLOPT_FOLLOWLOCATION, 0L);
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  set(easy, CURLOPT_PIPEWAIT, 1L);
  set(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(easy, CURLOPT_SSL_VERIFYPEER, 1L);
  set(easy, CURLOPT_SSL_VERIFYHOST, 2L);
  const std::string ca_file =
      request_.ca_file.empty() ? options_.ca_file.string() : request_.ca_file;
  if (ca_file.empty()) return;
  set(easy, CURLOPT_CAINFO, ca_file.c_str());
  // "Instead of the system's": the folder of the system's authorities would be asked besides.
  set(easy, CURLOPT_CAPATH, static_cast<char*>(nullptr));
}

void CurlExchange::set_limits() {
  CURL* const easy = easy_.get();
  set(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_timeout.count()));
  set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(options_.answer_timeout.count()));
  set(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(options_.stall_timeout.count()));
}

void CurlExchange::set_callbacks() {
  CURL* const easy = easy_.get();
  set(easy, CURLOPT_PRIVATE, static_cast<void*>(this));
  set(easy, CURLOPT_ERRORBUFFER, detail_.data());
  set(easy, CURLOPT_WRITEFUNCTION, &CurlExchange::on_body);
  set(easy, CURLOPT_WRITEDATA, static_cast<void*>(this));
  set(easy, CURLOPT_HEADERFUNCTION, &CurlExchange::on_header);
  set(easy, CURLOPT_HEADERDATA, static_cast<void*>(this));
  set(easy, CURLOPT_PREREQFUNCTION, &CurlExchange::on_request);
  set(easy, CURLOPT_PREREQDATA, static_cast<void*>(this));
  set(easy, CURLOPT_OPENSOCKETFUNCTION, &CurlExchange::on_socket);
  set(easy, CURLOPT_OPENSOCKETDATA, static_cast<void*>(this));
  set(easy, CURLOPT_CLOSESOCKETFUNCTION, &CurlSockets::close);
  set(easy, CURLOPT_CLOSESOCKETDATA, static_cast<void*>(&sockets_));
}

void CurlExchange::set_method() {
  CURL* const easy = easy_.get();
  if (request_.method == Method::head) {
    set(easy, CURLOPT_NOBODY, 1L);
    return;
  }
  if (has_content(request_)) {
    set(easy, CURLOPT_POST, 1L);
    set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    set(easy, CURLOPT_POSTFIELDS, request_.body.c_str());
  }
  if (request_.method != Method::get || has_content(request_)) {
    const std::string method(method_name(request_.method));
    set(easy, CURLOPT_CUSTOMREQUEST, method.c_str());
  }
}

void CurlExchange::add_header(const std::string& line) {
  curl_slist* const longer = curl_slist_append(header_list_.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  static_cast<void>(header_list_.release());
  header_list_.reset(longer);
}

void CurlExchange::set_headers() {
  // libcurl would wait a second for "100 Continue" before it sends a long body, and call any body
  // a web form.
  if (request_.headers.find("Expect") == nullptr) add_header("Expect:");
  if (request_.headers.find("Accept-Encoding") == nullptr) add_header("Accept-Encoding: gzip");
  if (has_content(request_) && request_.headers.find("Content-Type") == nullptr) {
    add_header("Content-Type:");
  }
  for (const auto& [name, value] : request_.headers.fields()) {
    if (!is_token(name) || !may_stand_in_header(value)) throw bad_header(name);
    // "Name:" would mean that the field is left out.
    std::string line = name;
    line += value.empty() ? ";" : ": ";
    line += value;
    add_header(line);
  }
  set(easy_.get(), CURLOPT_HTTPHEADER, header_list_.get());
  const std::string agent =
      options_.user_agent.empty() ? "mxsmith/" + std::string(base::version()) : options_.user_agent;
  set(easy_.get(), CURLOPT_USERAGENT, agent.c_str());
}

std::size_t CurlExchange::on_body(char* octets, std::size_t size, std::size_t count,
                                  void* exchange) {
  auto& self = *static_cast<CurlExchange*>(exchange);
  try {
    return self.take_body({octets, size * count}) ? size * count : 0;
  } catch (const std::exception&) {
    self.given_up_ = GivenUp::out_of_memory;
    return 0;
  }
}

bool CurlExchange::take_body(std::string_view octets) {
  if (!body_began_) {
    body_began_ = true;
    if (!choose_encoding()) return false;
  }
  if (!gunzip_) return keep(octets);
  const auto sink = [this](std::string_view unpacked) { return keep(unpacked); };
  if (gunzip_->feed(octets, sink)) return true;
  if (given_up_ == GivenUp::no) given_up_ = GivenUp::bad_encoding;
  return false;
}

bool CurlExchange::choose_encoding() {
  const std::string encoding = field("Content-Encoding");
  if (base::equals_ignoring_case(encoding, "gzip") ||
      base::equals_ignoring_case(encoding, "x-gzip")) {
    gunzip_ = std::make_unique<Gunzip>();
  } else if (!encoding.empty() && !base::equals_ignoring_case(encoding, "identity")) {
    given_up_ = GivenUp::bad_encoding;
    return false;
  }
  return true;
}

/// The last one's value, or nothing.
std::string CurlExchange::field(std::string_view name) const {
  const auto found = std::find_if(fields_.rbegin(), fields_.rend(), [&](const auto& one) {
    return base::equals_ignoring_case(one.first, name);
  });
  return found == fields_.rend() ? std::string() : found->second;
}

bool CurlExchange::keep(std::string_view octets) {
  if (response_.body.size() + octets.size() > options_.max_body) {
    given_up_ = GivenUp::body_too_long;
    return false;
  }
  response_.body.append(octets);
  return true;
}

std::size_t CurlExchange::on_header(char* octets, std::size_t size, std::size_t count,
                                    void* exchange) {
  auto& self = *static_cast<CurlExchange*>(exchange);
  try {
    return self.take_header({octets, size * count}) ? size * count : 0;
  } catch (const std::exception&) {
    self.given_up_ = GivenUp::out_of_memory;
    return 0;
  }
}

bool CurlExchange::take_header(std::string_view line) {
  header_octets_ += line.size();
  if (header_octets_ > kMostHeaderOctets) {
    given_up_ = GivenUp::headers_too_long;
    return false;
  }
  if (body_began_) return true;  // trailers (RFC 9110 section 6.5)
  if (line.substr(0, 5) == "HTTP/") {
    fields_.clear();  // what came before was an interim answer (RFC 9110 section 15.2)
    header_ended_ = false;
    return true;
  }
  while (!line.empty() && (line.back() == '\r' || line.back() == '\n')) line.remove_suffix(1);
  if (line.empty()) {
    header_ended_ = true;
    return true;
  }
  if (line.front() == ' ' || line.front() == '\t') {
    // A folded line (RFC 9112 section 5.2).
    if (fields_.empty()) return true;
    fields_.back().second += ' ';
    fields_.back().second += base::trim(line);
    return true;
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return true;
  fields_.emplace_back(line.substr(0, colon), base::trim(line.substr(colon + 1)));
  return true;
}

int CurlExchange::on_request(void* exchange, char*, char*, int, int local_port) {
  // Called each time before the request is written to a connection that stands. libcurl sends
  // once more when a connection that was used before breaks without an answer; a server that had
  // acted on a write would act on it twice.
  auto& self = *static_cast<CurlExchange*>(exchange);
  if (self.connection_is_stale(local_port)) {
    self.given_up_ = GivenUp::stale_connection;
    return CURL_PREREQFUNC_ABORT;
  }
  const bool again = self.reached_ == Reached::maybe;
  self.reached_ = Reached::maybe;
  if (!again || self.request_.intent != Intent::write) return CURL_PREREQFUNC_OK;
  self.given_up_ = GivenUp::sent_already;
  return CURL_PREREQFUNC_ABORT;
}

bool CurlExchange::connection_is_stale(int local_port) const {
  if (connected_) return false;
  const curl_socket_t socket = sockets_.at_local_port(local_port);
  if (socket == CURL_SOCKET_BAD) return false;
  char octet = 0;
  const ssize_t waiting = ::recv(socket, &octet, 1, MSG_PEEK | MSG_DONTWAIT);
  if (waiting == 0) return true;
  // Without TLS it is HTTP/1.1, where a server speaks only when it is asked; libcurl would take
  // what waits for the answer to this request. TLS and HTTP/2 have messages of their own.
  return waiting > 0 && base::to_lower(request_.url.substr(0, 5)) == "http:";
}

void CurlExchange::renew() {
  given_up_ = GivenUp::no;
  detail_[0] = '\0';
  set(easy_.get(), CURLOPT_FRESH_CONNECT, 1L);
}

curl_socket_t CurlExchange::on_socket(void* exchange, curlsocktype, curl_sockaddr* address) {
  auto& self = *static_cast<CurlExchange*>(exchange);
  self.connected_ = true;
  return self.sockets_.open(*address);
}

CurlFailure CurlExchange::failure(CURLcode code) const {
  CurlFailure failure{.code = code,
                      .detail = detail_.data(),
                      .reached = reached_,
                      .given_up = given_up_,
                      .proxy_status = 0,
                      .took = {}};
  curl_easy_getinfo(easy_.get(), CURLINFO_HTTP_CONNECTCODE, &failure.proxy_status);
  curl_off_t microseconds = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_TOTAL_TIME_T, &microseconds);
  failure.took = std::chrono::milliseconds(microseconds / 1000);
  return failure;
}

GivenUp CurlExchange::flaw() const {
  // libcurl takes a header that was cut off for an answer without content.
  if (!header_ended_) return GivenUp::header_cut;
  if (gunzip_ && !gunzip_->whole()) return GivenUp::bad_encoding;
  if (lengths_differ(fields_)) return GivenUp::two_lengths;
  return GivenUp::no;
}

void CurlExchange::finish(CURLcode code) {
  try {
    long status = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
    if (code == CURLE_OK) {
      given_up_ = flaw();
      // A final "101 Switching Protocols" answers nothing that we ask.
      if (given_up_ != GivenUp::no || status < 200) code = CURLE_WEIRD_SERVER_REPLY;
    }
    if (code != CURLE_OK) throw curl_fault(failure(code), request_, options_);
    response_.status = static_cast<int>(status);
    for (auto& [name, value] : fields_) response_.headers.add(std::move(name), std::move(value));
    promise_.set_value(std::move(response_));
  } catch (...) {
    promise_.set_exception(std::current_exception());
  }
}

}  // namespace mxsmith::http
