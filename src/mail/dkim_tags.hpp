// Between the files of DKIM: the value of a tag list, right or wrong. Private to
// src/mail/dkim*.cpp.
#pragma once

#include "mail/dkim.hpp"
#include "mail/tag_list.hpp"

namespace mxsmith::mail {

/// The first tag of a name counts; what is not understood is left out.
DkimKey dkim_key_of(const TagList& list);

}  // namespace mxsmith::mail
