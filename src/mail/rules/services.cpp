// The table's rows about mail services.

#include <array>

#include "mail/rules/service_rows.hpp"

namespace mxsmith::mail {

namespace {

using base::Severity;

constexpr std::array kRules = {
    Rule{"autoconfig-host", Severity::info, RuleNeeds::nothing, "",
         "The name autoconfig is missing, which a declared service asks for.",
         "Thunderbird and others look there for the servers; without it people type them in. "
         "Declare the CNAME, or leave it away with without = [\"discovery\"].",
         judge_declared_services, ";service improvmx\n;service migadu",
         ";service migadu\nautoconfig CNAME autoconfig.migadu.com."},
    Rule{"autodiscover-conflict", Severity::warning, RuleNeeds::nothing, "",
         "The CNAME autodiscover and the SRV record lead to different services.",
         "Outlook follows whichever it finds first, so some people are sent to a server that knows "
         "no mailbox of theirs. It is mostly left over from a move: take the old one out.",
         judge_autodiscover,
         "autodiscover CNAME autodiscover.outlook.com.\n"
         "_autodiscover._tcp SRV 0 0 443 mail.example.com.",
         "autodiscover CNAME autodiscover.outlook.com."},
    Rule{"autodiscover-service", Severity::error, RuleNeeds::nothing, "",
         "A record for mail programs is not the one that a declared service asks for.",
         "Mail programs are led to a server without these mailboxes and ask for a password again "
         "and again. Publish the value that the service asks for.",
         judge_declared_services,
         ";service microsoft-365\nautodiscover CNAME mail.example.com.\nmail A 192.0.2.1",
         ";service microsoft-365\nautodiscover CNAME autodiscover.outlook.com."},
    Rule{"dkim-service-cname", Severity::error, RuleNeeds::nothing, "RFC 6376 section 3.6.2.1",
         "A selector of a declared service does not point where the service keeps its key.",
         "The service signs with its own key, so the signature fails and with it DMARC. Publish "
         "the CNAME that the service shows; a copied key goes stale when it is rotated.",
         judge_declared_services,
         ";service mandrill\nmte1._domainkey TXT \"v=DKIM1; p=\"\n"
         "mte2._domainkey CNAME dkim2.mandrillapp.com.",
         ";service mandrill\nmte1._domainkey CNAME dkim1.mandrillapp.com.\n"
         "mte2._domainkey CNAME dkim2.mandrillapp.com."},
    Rule{"dmarc-strict-spf-service", Severity::warning, RuleNeeds::nothing,
         "RFC 9989 section 4.4.2",
         "SPF alignment is strict, and a declared service sends with another envelope sender.",
         "With aspf=s only mail whose envelope sender is exactly the domain counts as aligned by "
         "SPF. For such a service DMARC then rests on DKIM alone.",
         judge_declared_services, ";service mailchimp\n_dmarc TXT \"v=DMARC1; p=reject; aspf=s\"",
         ";service mailchimp\n_dmarc TXT \"v=DMARC1; p=reject\""},
    Rule{"mx-gateway-bypass", Severity::warning, RuleNeeds::nothing, "",
         "A host behind a mail filter stands in the MX set, too.",
         "Spammers try the least preferred host first, and so pass the filter by. Keep the "
         "filter's hosts alone.",
         judge_service_mx,
         "@ MX 10 d1a.ess.barracudanetworks.com.\n"
         "@ MX 20 example-com.mail.protection.outlook.com.",
         "@ MX 10 d1a.ess.barracudanetworks.com.\n@ MX 20 d1b.ess.barracudanetworks.com."},
    Rule{"mx-leftover", Severity::error, RuleNeeds::nothing, "RFC 5321 section 5.1",
         "Hosts of a service that wants to be alone stand beside others.",
         "Senders deliver to any of them, so part of the mail goes where nobody reads it, or comes "
         "back. After a move keep the new service's hosts alone.",
         judge_service_mx, "@ MX 1 smtp.google.com.\n@ MX 10 mail.example.net.",
         "@ MX 10 in1-smtp.messagingengine.com.\n@ MX 20 in2-smtp.messagingengine.com."},
    Rule{"mx-service-mismatch", Severity::error, RuleNeeds::nothing, "",
         "The MX set is not the one of the declared service that takes in the mail.",
         "Mail goes to hosts that do not have the mailboxes, or that the service is about to turn "
         "off. Publish its hosts; where others are meant to stand there, say without = [\"mx\"].",
         judge_declared_services, ";service fastmail\n@ MX 10 in1-smtp.messagingengine.com.",
         ";service fastmail\n@ MX 10 in1-smtp.messagingengine.com.\n"
         "@ MX 20 in2-smtp.messagingengine.com."},
    Rule{"spf-bare-host-txt", Severity::error, RuleNeeds::nothing, "RFC 7208 section 4.5",
         "A TXT value is an SPF term without a record around it.",
         "Receivers look only at values that begin with v=spf1, so the sender is not authorised. "
         "Put the include into the domain's one SPF record.",
         judge_service_texts, "@ TXT \"spf.clients.secure-exchanges.com\"",
         "@ TXT \"v=spf1 include:spf.clients.secure-exchanges.com ~all\""},
    Rule{"spf-dead-include", Severity::warning, RuleNeeds::nothing, "RFC 7208 section 11.4",
         "SPF authorises a service that is not declared, or a term that is of no use any more.",
         "Whoever is a customer there may send in the domain's name, and each include costs one of "
         "ten lookups. Take it out, or declare the service.",
         judge_service_terms,
         ";service zendesk\n@ TXT \"v=spf1 include:mail.zendesk.com include:spf.mailjet.com ~all\"",
         ";service zendesk\n@ TXT \"v=spf1 include:mail.zendesk.com ~all\""},
    Rule{"spf-service-missing", Severity::error, RuleNeeds::nothing, "RFC 7208 section 5.2",
         "A declared service is not among those that SPF lets send.",
         "Its mail is suspicious to receivers, or refused. Put the service's term into the record "
         "before the all.",
         judge_declared_services, ";service zendesk\n@ TXT \"v=spf1 mx ~all\"",
         ";service zendesk\n@ TXT \"v=spf1 include:mail.zendesk.com ~all\""},
    Rule{"svc-complete", Severity::error, RuleNeeds::nothing, "",
         "A record that a declared service asks for is missing.",
         "The service does not verify the domain, or signs with a key that nobody finds. Declare "
         "the record as the service shows it.",
         judge_declared_services, ";service mailchimp\nk2._domainkey CNAME dkim2.mcsv.net.",
         ";service mailchimp\nk2._domainkey CNAME dkim2.mcsv.net.\n"
         "k3._domainkey CNAME dkim3.mcsv.net."},
    Rule{"svc-conflict", Severity::error, RuleNeeds::nothing, "",
         "Two declared services need one and the same name.",
         "Only one of them can have it; the other's signatures or mail programs fail. Most "
         "services let the selector be chosen: take another one there.",
         judge_declared_services,
         ";service tuta\n;service sendgrid account=u1.wl1.sendgrid.net bounce=em1",
         ";service tuta\n;service sendgrid account=u1.wl1.sendgrid.net bounce=em1 selector1=sg1 "
         "selector2=sg2"},
    Rule{"svc-orphan", Severity::warning, RuleNeeds::nothing, "",
         "A record belongs to a mail service that the spec does not declare.",
         "A key or a return path of a service that is gone lets it, or whoever takes over the "
         "name, send in the domain's name. Declare the service or take the record out.",
         judge_orphans, ";service zendesk\nk2._domainkey CNAME dkim2.mcsv.net.",
         ";service zendesk\nzendesk1._domainkey CNAME zendesk1._domainkey.zendesk.com."},
    Rule{"svc-verify-token-form", Severity::warning, RuleNeeds::nothing, "",
         "An ownership token does not look like those that the service makes.",
         "It was cut or mistyped, and the service will not find it. Copy it again.",
         judge_service_texts, "@ TXT \"google-site-verification=abc\"",
         "@ TXT \"google-site-verification=0123456789012345678901234567890123456789012\""},
    Rule{"svc-verify-token-stale",
         Severity::info,
         RuleNeeds::history,
         "",
         "An ownership token has stood for long.",
         "Some services look for it again and again and drop the domain without it, so it stays "
         "unless its service says otherwise. `mxsmith history ZONE` shows since when it is there, "
         "`mxsmith services NAME` whether it may go.",
         nullptr,
         {},
         {}},
};

}  // namespace

std::span<const Rule> service_rules() { return kRules; }

}  // namespace mxsmith::mail
