// The simulator held against a real PowerDNS: the same requests, one after the other, get the same
// statuses and the same answers.
#include "conformance/powerdns_simulator.hpp"

#include <algorithm>
#include <regex>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/powerdns_server.hpp"

namespace {

using namespace mxsmith;
using conformance::PowerdnsSimulator;
using http::Json;
using tests::PowerdnsServer;

constexpr auto kApi = "/api/v1/servers/localhost";

struct Row {
  std::string what;
  std::string method;
  std::string target;  ///< After kApi, or absolute: "//api".
  std::string body = {};
  std::string accept = "application/json";
  std::string key = "right";
};

Row patch(const std::string& what, const std::string& sets) {
  return {what, "PATCH", "/zones/example.org.", R"({"rrsets":[)" + sets + "]}"};
}

std::string quoted(const std::string& text) { return http::print_json(Json(text)); }

/// A REPLACE of one record.
Row content(const std::string& type, const std::string& text) {
  static int number = 0;
  const std::string name = "c" + std::to_string(++number) + ".example.org.";
  return patch(type + " " + text,
               R"({"name":")" + name + R"(","type":")" + type +
                   R"(","ttl":60,"changetype":"REPLACE","records":[{"content":)" + quoted(text) +
                   "}]}");
}

/// What differs from run to run or from server to server: serials, times, order.
Json normalized(const Json& json);

Json normalized_member(const std::string& name, const Json& value) {
  if (name == "serial" || name == "edited_serial")
    return *value.integer() == 0 ? Json(0) : Json("N");
  if (name == "modified_at" && (*value.integer() == 1 || *value.integer() > 1750000000)) {
    return Json("now");
  }
  if (name == "content" && value.string() != nullptr) {
    static const std::regex kSerial("^([^ ]+ [^ ]+) [0-9]{10} ");
    return Json(std::regex_replace(*value.string(), kSerial, "$1 SERIAL "));
  }
  if (name == "error" && value.string() != nullptr) {
    // The reasons of a parser that is not ours, where the row is about another type's spelling.
    static const std::regex kReason(R"(( LOC | HTTPS )(.*pdnsutil check-zone'\)): .*)");
    return Json(std::regex_replace(*value.string(), kReason, "$1$2"));
  }
  return normalized(value);
}

Json normalized(const Json& json) {
  if (const auto* elements = json.elements()) {
    std::vector<std::pair<std::string, Json>> sorted;
    for (const Json& element : *elements) {
      Json one = normalized(element);
      sorted.emplace_back(http::print_json(one), std::move(one));
    }
    std::sort(sorted.begin(), sorted.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    Json result = Json::array();
    for (auto& [text, one] : sorted) result.push(std::move(one));
    return result;
  }
  if (const auto* members = json.members()) {
    std::map<std::string, Json> sorted;
    for (const auto& [name, value] : *members) sorted[name] = normalized_member(name, value);
    Json result = Json::object();
    for (auto& [name, value] : sorted) result.add(name, std::move(value));
    return result;
  }
  return json;
}

std::string comparable(const std::string& body, const std::string* type) {
  const bool is_json = type != nullptr && *type == "application/json";
  return std::string(type == nullptr ? "-" : *type) + "\n" +
         (is_json ? http::print_json(normalized(http::parse_json(body, "body"))) : body);
}

std::string target_of(const Row& row) {
  return row.target.starts_with("//") ? row.target.substr(1) : kApi + row.target;
}

/// Both servers, asked the same.
class Both {
 public:
  void check(const Row& row) {
    INFO(row.what << ": " << row.method << " " << row.target << "\n" << row.body.substr(0, 300));
    const auto expected = ask_real(row);
    const auto simulated = ask_simulator(row);
    CHECK(std::to_string(simulated.first) + " " + simulated.second ==
          std::to_string(expected.first) + " " + expected.second);
  }
  void check(const std::vector<Row>& rows) {
    for (const auto& row : rows) check(row);
    check({"the zone after that", "GET", "/zones/example.org."});
  }
  PowerdnsServer real;
  PowerdnsSimulator simulator;

 private:
  std::pair<int, std::string> ask_real(const Row& row) const {
    PowerdnsServer::Message message{row.method, target_of(row), {}, row.body};
    if (!row.accept.empty()) message.headers["Accept"] = row.accept;
    if (!row.key.empty()) message.headers["X-API-Key"] = row.key == "right" ? real.key() : row.key;
    const auto answer = real.send(message);
    const auto type = answer.headers.find("content-type");
    return {answer.status,
            comparable(answer.body, type == answer.headers.end() ? nullptr : &type->second) +
                (answer.headers.contains("www-authenticate") ? " asks for a key" : "") +
                (answer.headers.contains("x-pdns-new-serial") ? " tells the serial" : "")};
  }
  std::pair<int, std::string> ask_simulator(const Row& row) {
    http::Request request;
    for (const auto method : {http::Method::get, http::Method::post, http::Method::put,
                              http::Method::patch, http::Method::remove}) {
      if (http::method_name(method) == row.method) request.method = method;
    }
    request.url = "http://127.0.0.1:8081" + target_of(row);
    request.body = row.body;
    if (!row.accept.empty()) request.headers.add("Accept", row.accept);
    if (!row.key.empty()) {
      request.headers.add("X-API-Key", row.key == "right" ? simulator.key() : row.key);
    }
    const http::Response answer = simulator.answer(request);
    return {answer.status,
            comparable(answer.body.text(), answer.headers.find("Content-Type")) +
                (answer.headers.find("WWW-Authenticate") ? " asks for a key" : "") +
                (answer.headers.find("X-PDNS-New-Serial") ? " tells the serial" : "")};
  }
};

const Row kMake = {"make", "POST", "/zones",
                   R"({"name":"example.org.","kind":"Native","nameservers":["ns1.example.org."]})"};

TEST_CASE("keys, paths and forms of refusal are those of the real server", "[powerdns]") {
  Both both;
  both.check({
      kMake,
      {"no key", "GET", "/zones", "", "application/json", ""},
      {"no key, text", "GET", "/zones", "", "", ""},
      {"wrong key", "GET", "/zones", "", "application/json", "wrong"},
      {"the server", "GET", ""},
      {"another server", "GET", "//api/v1/servers/other/zones"},
      {"no such place", "GET", "//nix"},
      {"no such zone", "GET", "/zones/nope."},
      {"no such zone, text", "GET", "/zones/nope.", "", ""},
      {"no such zone, any", "GET", "/zones/nope.", "", "*/*"},
      {"patch of no zone", "PATCH", "/zones/nope.", R"({"rrsets":[]})"},
      {"delete all", "DELETE", "/zones"},
      {"post to a zone", "POST", "/zones/example.org.", "{}"},
      {"not JSON", "PATCH", "/zones/example.org.", "{"},
      {"nothing", "PATCH", "/zones/example.org.", ""},
      {"no rrsets", "PATCH", "/zones/example.org.", "{}"},
      {"an array", "PATCH", "/zones/example.org.", "[]"},
      {"rrsets of another shape", "PATCH", "/zones/example.org.", R"({"rrsets":{}})"},
      {"as large as may be", "PATCH", "/zones/example.org.",
       R"({"rrsets":[]})" + std::string((std::size_t{2} << 20) - 13, ' ')},
      {"one octet larger", "PATCH", "/zones/example.org.",
       R"({"rrsets":[]})" + std::string((std::size_t{2} << 20) - 12, ' ')},
  });
}

TEST_CASE("zones are made, found and described as by the real server", "[powerdns]") {
  Both both;
  both.check({
      kMake,
      {"again", "POST", "/zones", kMake.body},
      {"again in capitals", "POST", "/zones",
       R"({"name":"EXAMPLE.org.","kind":"Native","nameservers":[]})"},
      {"not canonical", "POST", "/zones", R"({"name":"n.example","kind":"Native"})"},
      {"no name", "POST", "/zones", "{}"},
      {"no kind", "POST", "/zones", R"({"name":"n.example."})"},
      {"a kind that is none", "POST", "/zones",
       R"({"name":"n.example.","kind":"Foo","nameservers":[]})"},
      {"a secondary", "POST", "/zones",
       R"({"name":"0/25.2.0.192.in-addr.arpa.","kind":"Slave","masters":["127.0.0.1"]})"},
      {"with sets and comments", "POST", "/zones",
       R"({"name":"m.example.","kind":"Master","nameservers":["ns1.example.org."],"rrsets":[
          {"name":"m.example.","type":"MX","ttl":60,"records":[{"content":"0 a."}],
           "comments":[{"content":"c","account":"a","modified_at":5}]}],"soa_edit_api":""})"},
      {"find", "GET", "/zones?zone=example.org."},
      {"find in capitals", "GET", "/zones?zone=EXAMPLE.org."},
      {"find quickly", "GET", "/zones?zone=example.org.&dnssec=false"},
      {"find none", "GET", "/zones?zone=nope."},
      {"find what is not canonical", "GET", "/zones?zone=example.org"},
      {"list", "GET", "/zones"},
      {"list quickly", "GET", "/zones?dnssec=false"},
      {"settings only", "GET", "/zones/example.org.?rrsets=false"},
      {"without final dot, in capitals", "GET", "/zones/EXAMPLE.org"},
      {"an odd id", "GET", "/zones/0=2F25.2.0.192.in-addr.arpa."},
      {"an odd id, percent", "GET", "/zones/0%2F25.2.0.192.in-addr.arpa."},
      {"writing to a secondary", "PATCH", "/zones/0=2F25.2.0.192.in-addr.arpa.",
       R"({"rrsets":[{"name":"1.0/25.2.0.192.in-addr.arpa.","type":"PTR","ttl":60,
          "changetype":"REPLACE","records":[{"content":"x."}]}]})"},
      {"it is there", "GET", "/zones/0=2F25.2.0.192.in-addr.arpa."},
      {"other kind", "PUT", "/zones/example.org.", R"({"kind":"Master"})"},
      {"asking for PRESIGNED", "GET", "/zones/example.org./metadata/PRESIGNED"},
      {"delete", "DELETE", "/zones/m.example."},
      {"delete again", "DELETE", "/zones/m.example."},
  });
  both.real.pdnsutil({"set-presigned", "example.org"});
  both.simulator.set_presigned("example.org.");
  both.check({{"PRESIGNED", "GET", "/zones/example.org./metadata/PRESIGNED"},
              {"listed", "GET", "/zones"},
              patch("and yet it takes changes", R"({"name":"a.example.org.","type":"A","ttl":60,
                    "changetype":"REPLACE","records":[{"content":"192.0.2.1"}]})")});
}

TEST_CASE("a zone without SOA-EDIT-API keeps its serial", "[powerdns]") {
  Both both;
  both.check(kMake);
  both.real.pdnsutil({"set-meta", "example.org", "SOA-EDIT-API"});
  both.simulator.set_soa_edit_api("example.org.", "");
  const auto serial = [&] {
    return *http::parse_json(both.real.request("GET", "/zones/example.org.").body, "zone")
                .find("serial")
                ->integer();
  };
  const auto before = serial();
  both.check({patch("one more", R"({"name":"a.example.org.","type":"A","ttl":60,
                    "changetype":"REPLACE","records":[{"content":"192.0.2.1"}]})")});
  CHECK(serial() == before);
}

TEST_CASE("contents are read, refused and changed as by the real server", "[powerdns]") {
  Both both;
  std::vector<Row> rows = {kMake};
  const std::vector<std::pair<std::string, std::vector<std::string>>> contents = {
      {"A", {"192.0.2.1", "192.0.2.1 ", "1.2.3.256", "1.2.3", "x", ""}},
      {"AAAA", {"2001:0DB8:0:0:0:0:0:1", "2001:db8::1", "1.2.3.4", "::ffff:1.2.3.4", "x"}},
      {"CNAME", {"target.example.com", "Target.Example.COM.", "a.x. b.x.", "", "_x.y."}},
      {"MX",
       {"10 mail.x", "0 .", "10 Mail.X.", "mail.x.", "70000 mail.x.", "010 mail.x.", "10  mail.x.",
        "10 _m.x.", "10 a-.x.", "10"}},
      {"SRV", {"0 5 5060 sip.x.", "0 5 5060 sip.x", "0 5 sip.x.", "0 0 0 .", "0 0 1 _x.y."}},
      {"TXT",
       {"hello", "foo bar", "\"a", "\"a\" \"b\"", "\"a\"\"b\"", "\"\"", "\"\\999\"",
        "\"\\065\\195\\164\"", "\"a;b\\;c\"", "\"in\\\"side \\\\\"", "\"\xc3\xa4\"",
        '"' + std::string(418, 'x') + '"', ""}},
      {"SPF", {"\"v=spf1 -all\"", "v=spf1"}},
      {"CAA",
       {"0 issue letsencrypt.org", "0 issue \"letsencrypt.org\"", "0 ISSUE \"x\"",
        "256 issue \"x\"", "0 issue \";\""}},
      {"TLSA", {"3 1 1 8CB0FC6C", "3 1 1 8cb0 fc6c", "3 1 1 xyz", "300 1 1 8cb0fc6c"}},
      {"SMIMEA", {"3 1 1 ABCD"}},
      {"SSHFP", {"4 2 ABCD"}},
      {"DS", {"1 5 1 ABCD"}},
      {"NS", {"ns.x.", "ns.x", "_n.x."}},
      {"PTR", {"h.x.", "h.x", "x y"}},
      {"DNAME", {"h.x."}},
      {"ALIAS", {"h.x.", "h.x"}},
      {"LUA", {"A \"return 1\""}},
      {"HTTPS",
       {"1 . alpn=h3,h2", "1 . alpn=\"h3,h2\"", "0 x.", "1 . alpn=h2 ech=AEX+DQBB",
        "1 . alpn=h2 ech=\"AEX+DQBB\"", "1 . ech=\"AEX+DQBB\" ipv6hint=2001:db8::1",
        "1 . key65333=ex1", "1 . key65333=\"ex1\""}},
      {"NAPTR", {"100 50 \"s\" \"svc\" \"\" repl."}},
      {"URI", {"10 1 \"ftp://x\""}},
      {"LOC", {"51 30 12.748 N 0 7 39.611 W 0.00m 0.00m 0.00m 0.00m"}},
      {"OPENPGPKEY", {"AAAA"}},
      {"FOO", {"x"}},
      {"NULL", {"\\# 1 00"}},
      {"TYPE65300", {"\\# 4 01020304", "\\# 4 0102AB04", "foo"}},
      {"TYPE65400", {"\\# 4 01020304"}},
      {"SOA", {"a. b. 1 2 3 4 5"}},
      {"OPT", {"x"}},
      {"mx", {"10 m.x."}},
  };
  for (const auto& [type, texts] : contents) {
    for (const auto& text : texts) rows.push_back(content(type, text));
  }
  both.check(rows);
}

TEST_CASE("changes of sets work and are refused as by the real server", "[powerdns]") {
  Both both;
  const std::string a = R"("name":"x.example.org.","type":"A")";
  const std::string c = R"("name":"x.example.org.","type":"CNAME")";
  const std::string put_a =
      "{" + a + R"(,"ttl":60,"changetype":"REPLACE","records":[{"content":"192.0.2.1"}]})";
  const std::string put_c =
      "{" + c + R"(,"ttl":60,"changetype":"REPLACE","records":[{"content":"y.example.org."}]})";
  const std::string drop_a = "{" + a + R"(,"changetype":"DELETE"})";
  const std::string drop_c = "{" + c + R"(,"changetype":"DELETE"})";
  const auto replace = [&](const std::string& set, const std::string& records,
                           const std::string& more = "") {
    return "{" + set + R"(,"ttl":60,"changetype":"REPLACE","records":[)" + records + "]" + more +
           "}";
  };
  const Row look = {"look", "GET", "/zones/example.org."};
  both.check({
      kMake,
      patch("nothing at all", ""),
      patch("delete what is not there", drop_a),
      patch("put", put_a),
      patch("the same again", put_a),
      patch("CNAME beside it", put_c),
      patch("CNAME before it goes", put_c + "," + drop_a),
      patch("CNAME once it is gone", drop_a + "," + put_c),
      look,
      patch("and back the wrong way", put_a + "," + drop_c),
      patch("and back", drop_c + "," + put_a),
      look,
      patch("one bad set of two",
            replace(R"("name":"y.example.org.","type":"A")", R"({"content":"192.0.2.1"})") + "," +
                replace(a, R"({"content":"x"})")),
      look,
      patch("twice", drop_a + "," + drop_a),
      patch("delete and put", drop_a + "," + put_a),
      patch("out of zone",
            replace(R"("name":"a.example.com.","type":"A")", R"({"content":"192.0.2.1"})")),
      patch("delete out of zone", R"({"name":"a.example.com.","type":"A","changetype":"DELETE"})"),
      patch("no final dot", R"({"name":"a.example.org","type":"A","changetype":"DELETE"})"),
      patch("capitals",
            replace(R"("name":"UP.example.org.","type":"A")", R"({"content":"192.0.2.1"})")),
      patch("a wildcard",
            replace(R"("name":"*.example.org.","type":"A")", R"({"content":"192.0.2.1"})")),
      patch("a slash",
            replace(R"("name":"0/25.example.org.","type":"A")", R"({"content":"192.0.2.1"})")),
      patch("a star inside", R"({"name":"a.*.example.org.","type":"A","changetype":"DELETE"})"),
      patch("a blank", R"({"name":"a b.example.org.","type":"A","changetype":"DELETE"})"),
      patch("umlauts", R"({"name":"\u00e4.example.org.","type":"A","changetype":"DELETE"})"),
      patch("no element", "1"),
      patch("no members", "{}"),
      patch("unknown change", "{" + a + R"(,"changetype":"FOO"})"),
      patch("EXTEND", "{" + a + R"(,"changetype":"EXTEND","records":[{"content":"192.0.2.1"}]})"),
      patch("no change", "{" + a + R"(,"changetype":"REPLACE"})"),
      patch("small letters", "{" + a + R"(,"changetype":"replace","ttl":5,"records":[]})"),
      patch("no TTL", "{" + a + R"(,"changetype":"REPLACE","records":[]})"),
      patch("no content", replace(a, "{}")),
      patch("a flag that is none", replace(a, R"({"content":"192.0.2.1","disabled":"x"})")),
      patch("TTL as text", "{" + a +
                               R"(,"ttl":"60","changetype":"REPLACE",
                               "records":[{"content":"192.0.2.1"}]})"),
      patch("TTL -1", "{" + a + R"(,"ttl":-1,"changetype":"REPLACE",
                      "records":[{"content":"192.0.2.1"}]})"),
      look,
      patch("a record twice", replace(a, R"({"content":"192.0.2.1"},{"content":"192.0.2.1"})")),
      patch("live and disabled",
            replace(a, R"({"content":"192.0.2.1"},{"content":"192.0.2.1","disabled":true})")),
      patch("two CNAMEs",
            drop_a + "," + replace(c, R"({"content":"y."},{"content":"z.","disabled":true})")),
      patch("two spellings of one value",
            replace(R"("name":"x.example.org.","type":"MX")",
                    R"({"content":"1 A.x."},{"content":"1 a.x.","disabled":true})")),
      patch("CNAME at the apex",
            replace(R"("name":"example.org.","type":"CNAME")", R"({"content":"y."})")),
      patch("SOA", replace(R"("name":"example.org.","type":"SOA")",
                           R"({"content":"a.x. b.x. 2020010101 1 2 3 4"})")),
  });
}

TEST_CASE("disabled records and comments live as at the real server", "[powerdns]") {
  Both both;
  const auto set = [](const std::string& type, const std::string& more) {
    return R"({"name":"d.example.org.","type":")" + type + R"(","ttl":60,"changetype":"REPLACE")" +
           more + "}";
  };
  const std::string off = R"(,"records":[{"content":"192.0.2.1","disabled":true}])";
  const std::string on = R"(,"records":[{"content":"192.0.2.2"}])";
  const std::string comment =
      R"(,"comments":[{"content":"hi","account":"me","modified_at":1700000000}])";
  const Row look = {"look", "GET", "/zones/example.org."};
  both.check({
      kMake,
      patch("disabled, with a comment", set("A", off + comment)),
      look,
      patch("comments stay", set("A", on)),
      look,
      patch("comments go", set("A", on + R"(,"comments":[])")),
      patch("a comment without account", set("A", R"(,"comments":[{"content":"x"}])")),
      patch("a comment alone", set("A", comment)),
      look,
      patch("delete takes comments",
            R"({"name":"d.example.org.","type":"A","changetype":"DELETE"})"),
      look,
      patch("comments of no records", set("A", comment)),
      look,
      patch("a comment of now", set("A", on + R"(,"comments":[{"content":"x","account":""}])")),
      look,
      patch("no records take comments", set("A", R"(,"records":[])")),
      look,
      patch("disabled again", set("A", off)),
      patch("a CNAME beside what is disabled", set("CNAME", R"(,"records":[{"content":"x."}])")),
      patch("and now the disabled set beside it", set("A", off)),
      patch("a disabled CNAME", set("CNAME", R"(,"records":[{"content":"x.","disabled":true}])")),
      patch("a TXT beside it", set("TXT", R"(,"records":[{"content":"\"x\""}])")),
      patch("a disabled CNAME beside a TXT",
            set("CNAME", R"(,"records":[{"content":"y.","disabled":true}])")),
      look,
  });
}

}  // namespace
