# Compiles FILE without a case (must work), or with CASE (must fail and say SAYS).
cmake_minimum_required(VERSION 3.25)
set(ENV{LC_ALL} C)
set(command "${COMPILER}" -std=c++20 -fsyntax-only "-I${INCLUDE}")
if(CASE)
  list(APPEND command "-DCASE_${CASE}")
endif()
execute_process(
  COMMAND ${command} "${FILE}"
  RESULT_VARIABLE status
  OUTPUT_VARIABLE output
  ERROR_VARIABLE output)

if(NOT CASE)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${FILE} must compile without any of its cases:\n${output}")
  endif()
elseif(status EQUAL 0)
  message(FATAL_ERROR "${FILE} compiles with CASE_${CASE}, and must not")
elseif(NOT output MATCHES "${SAYS}")
  message(FATAL_ERROR "${FILE} fails with CASE_${CASE}, but not for the reason it names, "
                      "\"${SAYS}\":\n${output}")
endif()
