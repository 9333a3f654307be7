// The functions behind the rules about mail services. Private to src/mail/rules/service*.cpp.
#pragma once

#include "mail/rule.hpp"

namespace mxsmith::mail {

/// What a declared service's records are against what the catalogue asks for: svc-complete,
/// svc-conflict, mx-service-mismatch, spf-service-missing, dkim-service-cname,
/// autodiscover-service, autoconfig-host, dmarc-strict-spf-service.
void judge_declared_services(Judged& judged);

/// MX of several services: mx-leftover, mx-gateway-bypass.
void judge_service_mx(Judged& judged);
/// spf-dead-include.
void judge_service_terms(Judged& judged);
/// svc-orphan.
void judge_orphans(Judged& judged);
/// TXT values: spf-bare-host-txt, svc-verify-token-form.
void judge_service_texts(Judged& judged);
/// autodiscover-conflict.
void judge_autodiscover(Judged& judged);

}  // namespace mxsmith::mail
