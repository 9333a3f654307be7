#include "cli/run.hpp"

int main(int argc, char** argv) { return mxsmith::cli::run_program(argc, argv); }
