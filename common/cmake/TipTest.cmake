# How tests are registered. A label says which question a test answers and is
# what presets and tests/run choose by:
#   unit contract sim integration lint fuzz web bench
#
# tip_unit_test(<name> [PROPERTY] [THREADS] LINK <lib>...)
#   tests/unit/test_<name>.c becomes ctest unit.<name>.
# tip_contract_test(<name> [PROPERTY] [THREADS] SOURCES <file>... LINK <lib>...)
#   Files of tests/contract become ctest contract.<name>: the same tests against
#   the fake and against the real adapter.
#
# PROPERTY: it tries thousands of random cases; valgrind, fifty times slower,
# leaves it out. THREADS: it has several; ThreadSanitizer looks at those alone.
# Each is a second label, "property" or "threads".
#
# Tests may use every third-party header and every system call.
find_package(cmocka REQUIRED)

# Generous, for valgrind; the whole of tests/unit takes a few seconds without.
set(TIP_TEST_TIMEOUT_S 120)

# All that preset tsan builds.
add_custom_target(threaded_tests)

# tip_cmocka_test(<label> <name> <target> SOURCES <file>... LINK <lib>...)
function(tip_cmocka_test label name target)
  cmake_parse_arguments(ARG "PROPERTY;THREADS" "" "SOURCES;LINK" ${ARGN})
  add_executable(${target} ${ARG_SOURCES})
  target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests/support)
  target_include_directories(${target} SYSTEM PRIVATE ${CMOCKA_INCLUDE_DIR})
  target_link_libraries(${target} PRIVATE ${ARG_LINK} ${CMOCKA_LIBRARIES} tip_flags)
  tip_see_system(${target})
  add_test(NAME ${label}.${name} COMMAND ${target})
  set(labels ${label})
  if(ARG_PROPERTY)
    list(APPEND labels property)
  endif()
  if(ARG_THREADS)
    list(APPEND labels threads)
    add_dependencies(threaded_tests ${target})
  endif()
  set_tests_properties(${label}.${name} PROPERTIES
    LABELS "${labels}" TIMEOUT ${TIP_TEST_TIMEOUT_S})
endfunction()

function(tip_unit_test name)
  tip_cmocka_test(unit ${name} test_${name} SOURCES unit/test_${name}.c ${ARGN})
endfunction()

function(tip_contract_test name)
  tip_cmocka_test(contract ${name} contract_${name} ${ARGN})
endfunction()
