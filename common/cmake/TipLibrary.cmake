# How our targets are made. A target sees the headers of what it links and of
# nothing else, so an include that points upwards does not compile.
#
# tip_library(<name> [SYSTEM] [SOURCES <file>...] [PUBLIC <lib>...]
#             [PRIVATE <lib>...] [OWNS <third party>...])
#   The static library tip_<name> from the current folder (INTERFACE when it has
#   no sources).
#
# tip_program(<name> [SYSTEM] SOURCES <file>... [LINK <lib>...]
#             [OWNS <third party>...])
#   The program <name> from the current folder.
#
# SYSTEM: it calls the operating system. Without it only the functions of C11
# itself are declared, so common/core cannot open a file or read a clock of
# POSIX. Do not define _GNU_SOURCE in a file: tip_banned.h comes before it.
#
# /usr/include is visible to everybody, so for libraries from outside the same
# is done with their include guards: a folder that does not say OWNS gets the
# guards predefined, the headers are then empty and every use of them an error.
# One line per library: name, then the guard of each of its headers.
set(TIP_THIRD_PARTY sodium lmdb zmq zstd protobuf_c jansson csv inih)
set(TIP_GUARDS_sodium sodium_H)
set(TIP_GUARDS_lmdb _LMDB_H_)
set(TIP_GUARDS_zmq __ZMQ_H_INCLUDED__)
set(TIP_GUARDS_zstd ZSTD_H_235446 ZSTD_ZDICT_H ZSTD_ERRORS_H_398273423)
set(TIP_GUARDS_protobuf_c PROTOBUF_C_H)
set(TIP_GUARDS_jansson JANSSON_H)
set(TIP_GUARDS_csv LIBCSV_H__)
set(TIP_GUARDS_inih INI_H)

# tip_close_third_party(<target> [<owned library>...])
function(tip_close_third_party target)
  foreach(owned IN LISTS ARGN)
    if(NOT owned IN_LIST TIP_THIRD_PARTY)
      message(FATAL_ERROR "${target} OWNS ${owned}, which is not in "
        "TIP_THIRD_PARTY of common/cmake/TipLibrary.cmake: add it there.")
    endif()
  endforeach()
  foreach(library IN LISTS TIP_THIRD_PARTY)
    if(NOT library IN_LIST ARGN)
      target_compile_definitions(${target} PRIVATE ${TIP_GUARDS_${library}})
    endif()
  endforeach()
endfunction()

# Empty, not 1: a file that still defines it the usual way says the same.
function(tip_see_system target)
  target_compile_definitions(${target} PRIVATE _GNU_SOURCE=)
endfunction()

function(tip_library name)
  cmake_parse_arguments(ARG "SYSTEM" "" "SOURCES;PUBLIC;PRIVATE;OWNS" ${ARGN})
  if(NOT ARG_SOURCES)
    add_library(tip_${name} INTERFACE)
    target_include_directories(tip_${name} INTERFACE ${CMAKE_CURRENT_SOURCE_DIR})
    target_link_libraries(tip_${name} INTERFACE ${ARG_PUBLIC})
    return()
  endif()
  add_library(tip_${name} STATIC ${ARG_SOURCES})
  target_include_directories(tip_${name} PUBLIC ${CMAKE_CURRENT_SOURCE_DIR})
  target_link_libraries(tip_${name} PUBLIC ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE} tip_flags)
  tip_close_third_party(tip_${name} ${ARG_OWNS})
  if(ARG_SYSTEM)
    tip_see_system(tip_${name})
  endif()
endfunction()

function(tip_program name)
  cmake_parse_arguments(ARG "SYSTEM" "" "SOURCES;LINK;OWNS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINK} tip_flags)
  tip_close_third_party(${name} ${ARG_OWNS})
  if(ARG_SYSTEM)
    tip_see_system(${name})
  endif()
endfunction()
