// Completion scripts for bash, zsh and fish, made from the same table that reads the command line.
#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "cli/commands.hpp"

namespace mxsmith::cli {

namespace {

using Shapes = std::vector<CommandShape>;

/// Commands of two words ("dkim new") under their first: the second is a word to choose, and the
/// options of all of them are offered.
Shapes by_first_word(const Shapes& shapes) {
  Shapes result;
  for (const auto& shape : shapes) {
    const std::size_t space = shape.name.find(' ');
    CommandShape one = shape;
    one.name.resize(std::min(space, shape.name.size()));
    if (space != std::string::npos) one.words = {shape.name.substr(space + 1)};
    const auto known = std::find_if(result.begin(), result.end(), [&](const CommandShape& other) {
      return other.name == one.name;
    });
    if (known == result.end()) {
      result.push_back(std::move(one));
      continue;
    }
    known->words.insert(known->words.end(), one.words.begin(), one.words.end());
    for (const auto& flag : one.flags) {
      const bool there = std::any_of(known->flags.begin(), known->flags.end(),
                                     [&](const auto& other) { return other.name == flag.name; });
      if (!there) known->flags.push_back(flag);
    }
  }
  return result;
}

std::string names_of(const Shapes& shapes) {
  std::vector<std::string> names;
  for (const auto& shape : shapes) names.push_back(shape.name);
  return base::join(names, " ");
}

/// In single quotes for any of the three shells.
std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) {
    if (c != '\'') result += c;
  }
  return result + "'";
}

std::string bash_flags(const CommandShape& shape) {
  std::vector<std::string> words = shape.words;
  for (const auto& flag : shape.flags) words.push_back(flag.name);
  return base::join(words, " ");
}

std::string bash_script(const Shapes& shapes) {
  std::string cases;
  for (const auto& shape : shapes) {
    cases += "    " + shape.name + ") words=" + quoted(bash_flags(shape)) + " ;;\n";
  }
  return "# bash completion for mxsmith\n"
         "_mxsmith() {\n"
         "  local cur=\"${COMP_WORDS[COMP_CWORD]}\" prev=\"${COMP_WORDS[COMP_CWORD-1]}\" words=\n"
         "  COMPREPLY=()\n"
         "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
         "    COMPREPLY=($(compgen -W " +
         quoted(names_of(shapes) + " help") +
         " -- \"$cur\"))\n"
         "    return\n"
         "  fi\n"
         "  case \"$prev\" in\n"
         "    --format) COMPREPLY=($(compgen -W 'text json markdown' -- \"$cur\")); return ;;\n"
         "    --color) COMPREPLY=($(compgen -W 'auto always never' -- \"$cur\")); return ;;\n"
         "    --out|--project|--against|--previous|--spec)\n"
         "      COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n"
         "  esac\n"
         "  case \"${COMP_WORDS[1]}\" in\n" +
         cases + "    help) words=" + quoted(names_of(shapes)) +
         " ;;\n"
         "  esac\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
         "  case \"$cur\" in\n"
         "    -*) ;;\n"
         "    *) COMPREPLY+=($(compgen -f -- \"$cur\")) ;;\n"
         "  esac\n"
         "}\n"
         "complete -o filenames -F _mxsmith mxsmith\n";
}

/// A description inside one of zsh's specifications, where brackets and colons mean something.
std::string zsh_text(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') result += '\\';
    if (c != '\'' && c != '`') result += c;
  }
  return result;
}

std::string zsh_flag(const CommandShape::Flag& flag) {
  std::string spec = flag.name + (flag.takes_value ? "=" : "") + "[" + zsh_text(flag.help) + "]";
  if (!flag.values.empty()) {
    spec += ":value:(" + base::join(flag.values, " ") + ")";
  } else if (flag.takes_value) {
    spec += flag.takes_path ? ":file:_files" : ":value: ";
  }
  return "'" + spec + "'";
}

std::string zsh_script(const Shapes& shapes) {
  std::string text =
      "#compdef mxsmith\n"
      "_mxsmith() {\n"
      "  local -a commands\n"
      "  commands=(\n";
  for (const auto& shape : shapes) {
    text += "    '" + shape.name + ":" + zsh_text(shape.summary) + "'\n";
  }
  text +=
      "  )\n"
      "  if (( CURRENT == 2 )); then\n"
      "    _describe command commands\n"
      "    return\n"
      "  fi\n"
      "  local command=$words[2]\n"
      "  shift words\n"
      "  (( CURRENT-- ))\n"
      "  case $command in\n";
  for (const auto& shape : shapes) {
    text += "    " + shape.name + ")\n      _arguments";
    for (const auto& flag : shape.flags) text += " \\\n        " + zsh_flag(flag);
    if (!shape.words.empty()) {
      text += " \\\n        '*:word:(" + base::join(shape.words, " ") + ")'";
    } else {
      text += " \\\n        '*:argument:_files'";
    }
    text += "\n      ;;\n";
  }
  return text + "  esac\n}\n_mxsmith \"$@\"\n";
}

std::string fish_script(const Shapes& shapes) {
  std::string text = "# fish completion for mxsmith\n";
  for (const auto& shape : shapes) {
    text += "complete -c mxsmith -n __fish_use_subcommand -f -a " + shape.name + " -d " +
            quoted(shape.summary) + "\n";
  }
  for (const auto& shape : shapes) {
    const std::string when = "'__fish_seen_subcommand_from " + shape.name + "'";
    for (const auto& flag : shape.flags) {
      text += "complete -c mxsmith -n " + when + " -l " + flag.name.substr(2);
      if (!flag.values.empty()) {
        text += " -x -a " + quoted(base::join(flag.values, " "));
      } else if (flag.takes_value) {
        text += flag.takes_path ? " -r -F" : " -x";
      }
      text += " -d " + quoted(flag.help) + "\n";
    }
    if (!shape.words.empty()) {
      text += "complete -c mxsmith -n " + when + " -f -a " + quoted(base::join(shape.words, " ")) +
              "\n";
    }
  }
  return text;
}

}  // namespace

engine::ExitCode run(const CompletionOptions& options, Session& session) {
  const auto shapes = by_first_word(command_shapes());
  session.out(options.shell == "bash"  ? bash_script(shapes)
              : options.shell == "zsh" ? zsh_script(shapes)
                                       : fish_script(shapes));
  return engine::ExitCode::ok;
}

}  // namespace mxsmith::cli
