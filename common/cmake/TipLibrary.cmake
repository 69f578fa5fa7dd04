# tip_library(<name> [SOURCES <file>...] [PUBLIC <lib>...] [PRIVATE <lib>...]
#             [OWNS <third party>...])
#
# Make the static library tip_<name> from the current folder (INTERFACE when it
# has no sources). A target sees the headers of what it links and of nothing
# else, so an include that points upwards does not compile.
#
# /usr/include is visible to everybody, so for libraries from outside the same
# is done with their include guards: a folder that does not say OWNS gets the
# guard predefined, the header is then empty and every use of it an error.
set(TIP_THIRD_PARTY_GUARDS
  sodium=sodium_H
  lmdb=_LMDB_H_
  zmq=__ZMQ_H_INCLUDED__
  zstd=ZSTD_H_235446
  protobuf_c=PROTOBUF_C_H
  jansson=JANSSON_H
  csv=LIBCSV_H__
  inih=INI_H)

function(tip_guard_third_party target scope)
  foreach(pair IN LISTS TIP_THIRD_PARTY_GUARDS)
    string(REPLACE "=" ";" pair ${pair})
    list(GET pair 0 library)
    list(GET pair 1 guard)
    if(NOT library IN_LIST ARGN)
      target_compile_definitions(${target} ${scope} ${guard})
    endif()
  endforeach()
endfunction()

function(tip_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;PUBLIC;PRIVATE;OWNS" ${ARGN})
  if(NOT ARG_SOURCES)
    add_library(tip_${name} INTERFACE)
    target_include_directories(tip_${name} INTERFACE ${CMAKE_CURRENT_SOURCE_DIR})
    target_link_libraries(tip_${name} INTERFACE ${ARG_PUBLIC})
    return()
  endif()
  add_library(tip_${name} STATIC ${ARG_SOURCES})
  target_include_directories(tip_${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
  target_link_libraries(tip_${name} PUBLIC ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE} tip_flags)
  tip_guard_third_party(tip_${name} PRIVATE ${ARG_OWNS})
endfunction()
