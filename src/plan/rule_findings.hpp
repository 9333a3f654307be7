// What the rules of mail find (mail/rule.hpp), as findings of a spec: with the place that asks for
// the record.
#pragma once

#include "base/diagnostic.hpp"
#include "mail/rule.hpp"
#include "plan/desired.hpp"

namespace mxsmith::plan {

/// Where a spec asks for what a finding is about: the part's place, else the value's, else the
/// block's; unknown where nothing declares the record.
base::SourcePos place_in_spec(const Desired& desired, const mail::Subject& subject);

base::Diagnostic diagnostic_of(const mail::ZoneFinding& finding, const base::SourcePos& pos);

}  // namespace mxsmith::plan
