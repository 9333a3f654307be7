// What `dkim new` has made, in the forms that somebody needs next. The private key is only named.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "cli/render/renderer.hpp"
#include "mail/declared.hpp"
#include "mail/signer_forms.hpp"

namespace mxsmith::cli::render {

struct NewKey {
  mail::SigningKey key;
  std::filesystem::path private_file;
  std::filesystem::path public_file;
  std::string spec_path;  ///< Of the public key, as it stands in the spec.
  std::optional<std::filesystem::path> spec;
  mail::SelectorState state = mail::SelectorState::active;  ///< As it begins in the spec.
  /// The folder of the private key is one whose files Git would take in.
  bool in_git = false;
};

std::string print_new_key(const NewKey& made, Format format, const View& view);

/// The block for the spec.
std::string spec_lines(const NewKey& made);

}  // namespace mxsmith::cli::render
