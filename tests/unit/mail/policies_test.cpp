// DMARC, MTA-STS and TLS-RPT in their published form.
#include <algorithm>
#include <cctype>
#include <string>

#include "mail/records.hpp"
#include "mail/tag_list.hpp"
#include "support/catch.hpp"

using namespace mxsmith;

TEST_CASE("DMARC tags stand in the order of RFC 9989, absent ones are left out") {
  mail::DmarcPolicy policy;
  policy.policy = "none";
  CHECK(mail::print_dmarc(policy) == "v=DMARC1; p=none");
  policy.rua = {"mailto:a@example.com", "mailto:b@example.net"};
  CHECK(mail::print_dmarc(policy) ==
        "v=DMARC1; p=none; rua=mailto:a@example.com,mailto:b@example.net");
  policy = {"quarantine",
            "reject",
            "reject",
            {"mailto:a@example.com"},
            {"mailto:f@example.com"},
            "s",
            "r",
            true,
            "1:d",
            "n"};
  CHECK(mail::print_dmarc(policy) ==
        "v=DMARC1; p=quarantine; sp=reject; np=reject; adkim=s; aspf=r; fo=1:d; "
        "rua=mailto:a@example.com; ruf=mailto:f@example.com; t=y; psd=n");
  policy.testing = false;
  CHECK(mail::parse_tag_list(mail::print_dmarc(policy)).get("t") ==
        std::optional<std::string>("n"));
  CHECK(mail::is_dmarc(mail::print_dmarc(policy)));
}

TEST_CASE("DMARC policies have an order") {
  CHECK(mail::dmarc_strictness("none") == std::optional(0));
  CHECK(mail::dmarc_strictness("Quarantine") == std::optional(1));
  CHECK(mail::dmarc_strictness("REJECT") == std::optional(2));
  CHECK_FALSE(mail::dmarc_strictness("rejct"));
  CHECK_FALSE(mail::dmarc_strictness(""));
}

TEST_CASE("an MTA-STS policy is text of lines that end in CRLF") {
  const mail::MtaStsPolicy policy{"enforce", 86400, {"mx1.example.com", "*.example.net"}};
  CHECK(mail::print_mta_sts_policy(policy) ==
        "version: STSv1\r\nmode: enforce\r\nmx: mx1.example.com\r\nmx: *.example.net\r\n"
        "max_age: 86400\r\n");
}

TEST_CASE("the id of an MTA-STS policy changes exactly when its text does") {
  const mail::MtaStsPolicy policy{"testing", 86400, {"mx1.example.com"}};
  auto other = policy;
  CHECK(mail::mta_sts_id(policy) == mail::mta_sts_id(other));
  other.mode = "enforce";
  CHECK(mail::mta_sts_id(policy) != mail::mta_sts_id(other));
  other = policy;
  other.max_age = 86401;
  CHECK(mail::mta_sts_id(policy) != mail::mta_sts_id(other));
  other = policy;
  other.mx = {"mx2.example.com"};
  CHECK(mail::mta_sts_id(policy) != mail::mta_sts_id(other));

  const std::string id = mail::mta_sts_id(policy);
  CHECK(id.size() == 20);
  CHECK(std::all_of(id.begin(), id.end(), [](unsigned char c) { return std::isalnum(c) != 0; }));
  CHECK(mail::print_mta_sts_record(policy) == "v=STSv1; id=" + id);
  CHECK(mail::is_mta_sts(mail::print_mta_sts_record(policy)));
}

TEST_CASE("a TLS-RPT record lists where reports go") {
  const auto record = mail::print_tls_rpt({"mailto:t@example.com", "https://example.net/r"});
  CHECK(record == "v=TLSRPTv1; rua=mailto:t@example.com,https://example.net/r");
  CHECK(mail::is_tls_rpt(record));
}
