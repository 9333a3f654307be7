# The texts of services/*.toml in a generated source, so that the program needs no files beside it.
function(mxsmith_embed_services target folder)
  set(output ${CMAKE_BINARY_DIR}/service_texts.cpp)
  set(script ${CMAKE_SOURCE_DIR}/cmake/embed_services.cmake)
  file(GLOB texts CONFIGURE_DEPENDS ${folder}/*.toml)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -D FOLDER=${folder} -D OUTPUT=${output} -P ${script}
    DEPENDS ${texts} ${script}
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
