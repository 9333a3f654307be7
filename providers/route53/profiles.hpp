// The files that AWS's own tools keep profiles in: ~/.aws/config and ~/.aws/credentials.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mxsmith::providers::route53 {

/// Settings of a profile: lower-case name to value.
using Profile = std::map<std::string, std::string>;

/// Which file a text is: in `config` profiles are called [profile NAME], but for [default].
enum class ProfileFile : std::uint8_t { config, credentials };

/// Adds the profiles of a file's text to `profiles`; of settings that are there twice the newer
/// counts. Sections of other kinds and settings below a setting are passed over.
void read_profiles(std::string_view text, ProfileFile file,
                   std::map<std::string, Profile>& profiles);

/// Both files, the credentials file counting more: AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE,
/// else those in HOME. A file that is not there is empty. Throws Error{io}.
std::map<std::string, Profile> read_profile_files();

/// The words of a command line, as a shell takes them apart: quotes and backslashes, and nothing
/// else. A quote that is not closed ends with the text.
std::vector<std::string> words_of(std::string_view command);

}  // namespace mxsmith::providers::route53
