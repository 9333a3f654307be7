// Pages by number, cursor and link; servers that repeat, leave out and lead astray.
#include "http/paging.hpp"

#include "support/catch.hpp"

using namespace mxsmith;
using namespace mxsmith::http;

namespace {

struct Pages {
  base::FixedClock clock{*base::parse_instant("2026-12-05T16:30:00Z")};
  std::vector<std::string> asked;
  Client client{fake_transport([this](const Request& request) {
                  asked.push_back(request.url);
                  return Response{200, {}, "page"};
                }),
                clock};
  Channel channel{client, options()};
  static ChannelOptions options() {
    ChannelOptions options;
    options.base_url = "https://api.example.net/v1";
    return options;
  }
};

}  // namespace

TEST_CASE("pages are read until there is no next one") {
  Pages pages;
  int number = 1;
  each_page(pages.channel, "/zones?page=1", "listing", [&](Response&& page) {
    CHECK(page.status == 200);
    ++number;
    return number > 3 ? std::nullopt
                      : std::optional<std::string>("/zones?page=" + std::to_string(number));
  });
  CHECK(pages.asked == std::vector<std::string>{"https://api.example.net/v1/zones?page=1",
                                                "https://api.example.net/v1/zones?page=2",
                                                "https://api.example.net/v1/zones?page=3"});
}

TEST_CASE("a server that leads in a circle is not followed for ever") {
  Pages pages;
  bool odd = false;
  const auto walk = [&] {
    each_page(pages.channel, "/a", "listing the zones", [&](Response&&) {
      odd = !odd;
      return std::optional<std::string>(odd ? "/b" : "/a");
    });
  };
  CHECK_THROWS_WITH(walk(), "listing the zones: the server leads back to a page it has given");
  CHECK(pages.asked.size() == 2);
}

TEST_CASE("items come once each, and all of them") {
  Once once("reading zone example.com");
  once.add("id 1");
  once.add("id 2");
  CHECK_NOTHROW(once.check_total(2));
  CHECK_THROWS_WITH(once.check_total(3), tests::has_text("2 of 3 came"));
  CHECK_THROWS_WITH(once.add("id 1"), tests::has_text("id 1 came twice"));
}

TEST_CASE("links of RFC 8288") {
  struct Row {
    std::vector<std::string> fields;
    std::optional<std::string> next;
  };
  const std::vector<Row> rows = {
      {{"<https://a.example/?p=2>; rel=\"next\""}, "https://a.example/?p=2"},
      {{"<https://a.example/?p=2>; rel=next"}, "https://a.example/?p=2"},
      {{"<https://a.example/?p=9>; rel=\"last\", <https://a.example/?p=2,3>; title=x; REL=\"prev "
        "Next\""},
       "https://a.example/?p=2,3"},
      {{"<https://a.example/?p=9>; rel=last", "<https://a.example/?p=2>; rel=next"},
       "https://a.example/?p=2"},
      {{"<https://a.example/?p=9>; rel=\"last\""}, {}},
      {{"<https://a.example/?p=9>; rel=\"nextish\""}, {}},
      {{"<https://a.example/?p=9"}, {}},
      {{"no link"}, {}},
      {{}, {}},
  };
  for (const auto& row : rows) {
    Headers headers;
    for (const auto& field : row.fields) headers.add("Link", field);
    CHECK(link_to(headers, "next") == row.next);
  }
}

TEST_CASE("a link that leads elsewhere gets no credential") {
  Pages pages;
  CHECK(target_of(pages.channel, "https://api.example.net/v1/zones?page=2", "listing") ==
        "/zones?page=2");
  for (const char* url :
       {"https://evil.example/v1/zones", "https://api.example.net/v1.evil.example/zones",
        "http://api.example.net/v1/zones", "https://api.example.net/v2/zones", "/zones", ""}) {
    INFO(url);
    CHECK_THROWS_AS(target_of(pages.channel, url, "listing"), base::Error);
  }
}
