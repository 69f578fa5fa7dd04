# Targets that people call by hand (cmake --build build/dev -t <name>), and
# what the lint tests need to know about the build.
#
#   format            rewrite every C file as .clang-format says
#   tidy              clang-tidy over what changed since it last passed
#   coverage-summary  line coverage of the tests that ran (preset coverage)
set(TIP_LINT ${PROJECT_SOURCE_DIR}/tests/lint)

add_custom_target(format
  COMMAND python3 -B ${TIP_LINT}/format.py --fix
  USES_TERMINAL VERBATIM)
add_custom_target(tidy
  COMMAND python3 -B ${TIP_LINT}/tidy.py ${PROJECT_BINARY_DIR}
  USES_TERMINAL VERBATIM)
add_custom_target(coverage-summary
  COMMAND gcovr --filter common/ --filter node/ --filter hub/
          --sort-percentage ${PROJECT_BINARY_DIR}
  WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
  USES_TERMINAL VERBATIM)

function(tip_collect_targets folder out)
  get_property(targets DIRECTORY ${folder} PROPERTY BUILDSYSTEM_TARGETS)
  get_property(subfolders DIRECTORY ${folder} PROPERTY SUBDIRECTORIES)
  foreach(subfolder IN LISTS subfolders)
    tip_collect_targets(${subfolder} more)
    list(APPEND targets ${more})
  endforeach()
  set(${out} ${targets} PARENT_SCOPE)
endfunction()

# Write build/<preset>/link-graph.txt, one line per target:
#   <target> <folder> <what it links>... | <what it shows to those who link it>...
# tests/lint/layers.py compares it with the table of allowed dependencies.
function(tip_write_link_graph)
  set(lines "")
  tip_collect_targets(${PROJECT_SOURCE_DIR} targets)
  foreach(target IN LISTS targets)
    get_target_property(folder ${target} SOURCE_DIR)
    file(RELATIVE_PATH folder ${PROJECT_SOURCE_DIR} ${folder})
    string(APPEND lines "${target} ${folder}")
    foreach(property LINK_LIBRARIES INTERFACE_LINK_LIBRARIES)
      get_target_property(links ${target} ${property})
      if(links)
        list(FILTER links EXCLUDE REGEX "LINK_ONLY")
        list(JOIN links " " links)
        string(APPEND lines " ${links}")
      endif()
      if(property STREQUAL LINK_LIBRARIES)
        string(APPEND lines " |")
      endif()
    endforeach()
    string(APPEND lines "\n")
  endforeach()
  file(WRITE ${PROJECT_BINARY_DIR}/link-graph.txt "${lines}")
endfunction()
