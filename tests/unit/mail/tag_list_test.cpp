// Tag lists, and telling by them what a TXT value is.
#include <string>
#include <vector>

#include "mail/tag_list.hpp"
#include "support/catch.hpp"
#include "support/property.hpp"

using namespace mxsmith;

TEST_CASE("tag lists keep what they do not understand") {
  struct Row {
    std::string text, printed;
  };
  const auto row = GENERATE(values<Row>({
      {"v=DMARC1; p=none", "v=DMARC1; p=none"},
      {"v = DMARC1 ;p=none;", "v=DMARC1; p=none"},
      {" ;; v=DMARC1;;p=none ; ", "v=DMARC1; p=none"},
      {"v=DKIM1; p=", "v=DKIM1; p="},
      {"v=DKIM1; odd; P=a=b==", "v=DKIM1; odd; P=a=b=="},
      {"p=\r\n\tAB CD", "p=AB CD"},
      {"=x", "=x"},
      {"", ""},
  }));
  INFO(row.text);
  CHECK(mail::parse_tag_list(row.text).text() == row.printed);
}

TEST_CASE("a tag is found whatever its letter case, the first one counts") {
  const auto list = mail::parse_tag_list("v=DMARC1; P=none; p=reject; sp");
  CHECK(list.get("p") == std::optional<std::string>("none"));
  CHECK(list.get("SP") == std::optional<std::string>(""));
  CHECK_FALSE(list.get("rua"));
}

TEST_CASE("values are told apart by their first tag") {
  struct Row {
    std::string text, kind;
  };
  const auto row = GENERATE(values<Row>({
      {"v=DMARC1; p=none", "dmarc"},
      {"v=DMARC1", "dmarc"},
      {"v=DMARC1;", "dmarc"},
      {"v \t=\t DMARC1 \t; p=none", "dmarc"},
      {" v=DMARC1; p=none", ""},
      {"v=dmarc1; p=none", ""},
      {"v=DMARC1x; p=none", ""},
      {"v=DMARC1 p=none", ""},
      {"p=none; v=DMARC1", ""},
      {"v=DMARC2; p=none", ""},
      {"v=STSv1; id=1", "mta_sts"},
      {"v=STSv1 ;id=1", "mta_sts"},
      {"v=STSv1;", "mta_sts"},
      {"v = STSv1; id=1", ""},
      {"v=STSv10; id=1", ""},
      {"v=stsv1; id=1", ""},
      {"v=TLSRPTv1; rua=mailto:a@example.com", "tls_rpt"},
      {"v=TLSRPTv1", "tls_rpt"},
      {"v=TLSRPTv2; rua=mailto:a@example.com", ""},
      {"v=BIMI1; l=https://example.com/l.svg", "bimi"},
      {"v=BIMI1; l=;", "bimi"},
      {"v=spf1 -all", ""},
      {"v", ""},
      {"", ""},
  }));
  INFO(row.text);
  CHECK(mail::is_dmarc(row.text) == (row.kind == "dmarc"));
  CHECK(mail::is_mta_sts(row.text) == (row.kind == "mta_sts"));
  CHECK(mail::is_tls_rpt(row.text) == (row.kind == "tls_rpt"));
  CHECK(mail::is_bimi(row.text) == (row.kind == "bimi"));
}

TEST_CASE("printing a tag list and reading it again gives the same tags") {
  tests::property("any octets", [](const std::string& octets) {
    const std::string once = mail::parse_tag_list(octets).text();
    RC_ASSERT(mail::parse_tag_list(once).text() == once);
  });
}
