# Language level, warnings, sanitizers, coverage and ccache, the same for every target of ours.
if(PROJECT_IS_TOP_LEVEL)
  set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
  set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
endif()

if(OMBRE_USE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(OMBRE_CCACHE ccache)
  mark_as_advanced(OMBRE_CCACHE)
  if(OMBRE_CCACHE)
    # The sloppiness is what ccache's manual asks for with precompiled headers. Sources are named by
    # full path, so the current folder need not be part of the key: build folders share results.
    set(CMAKE_CXX_COMPILER_LAUNCHER
        "${CMAKE_COMMAND}" -E env CCACHE_NOHASHDIR=true
        CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
        "${OMBRE_CCACHE}")
  endif()
endif()

# Precompiled headers are for clang alone. g++ 12 writes, once in a while, one that makes every compiler
# that reads it take all the memory there is; which one, depends on where the kernel put the compiler.
if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  set(CMAKE_DISABLE_PRECOMPILE_HEADERS ON)
endif()

if(OMBRE_BUILD_FUZZ AND NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  message(FATAL_ERROR "OMBRE_BUILD_FUZZ needs clang: configure with -DCMAKE_CXX_COMPILER=clang++")
endif()

# Sanitizers and coverage change the whole program, so they are set for the whole folder.
if(OMBRE_BUILD_FUZZ)
  add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
                      -fno-omit-frame-pointer)
  add_link_options(-fsanitize=address,undefined)
elseif(OMBRE_SANITIZE)
  add_compile_options("-fsanitize=${OMBRE_SANITIZE}" -fno-sanitize-recover=all
                      -fno-omit-frame-pointer)
  add_link_options("-fsanitize=${OMBRE_SANITIZE}")
endif()
if(OMBRE_COVERAGE)
  add_compile_options(--coverage -fprofile-update=atomic)
  add_link_options(--coverage)
endif()

# The warnings of every target of ours; the check of the public headers uses the same list.
if(MSVC)
  set(OMBRE_WARNING_FLAGS /W4 /permissive-)
  if(OMBRE_WARNINGS_AS_ERRORS)
    list(APPEND OMBRE_WARNING_FLAGS /WX)
  endif()
else()
  set(OMBRE_WARNING_FLAGS
      -Wall
      -Wextra
      -Wpedantic
      -Wshadow
      -Wconversion
      -Wsign-conversion
      -Wdouble-promotion
      -Wcast-qual
      -Wformat=2
      -Wnon-virtual-dtor
      -Woverloaded-virtual
      -Wold-style-cast
      -Wimplicit-fallthrough
      -Wundef)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    list(APPEND OMBRE_WARNING_FLAGS -Wlogical-op -Wduplicated-cond)
    if(CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
      # False alarms of gcc 12 on `"text" + std::string` at -O3 (gcc's bug 105651).
      list(APPEND OMBRE_WARNING_FLAGS -Wno-restrict)
    endif()
  endif()
  if(OMBRE_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    list(APPEND OMBRE_WARNING_FLAGS -Wno-maybe-uninitialized)
  endif()
  # A newer compiler knows warnings that we have not seen yet; they must not stop a stranger's build.
  # Nor may gcc stop a build with sanitizers: the code they add makes it suspect the insides of
  # std::optional and std::string (its manual says so of -fsanitize), a new place with every inlining
  # decision. The plain builds judge the same sources.
  if(OMBRE_WARNINGS_AS_ERRORS
     AND NOT (OMBRE_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
     AND ((CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
          OR (CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 15)))
    list(APPEND OMBRE_WARNING_FLAGS -Werror)
  endif()
endif()

# Settings shared by the library, the program, tests, benchmarks and examples.
function(ombre_target_defaults target)
  set_target_properties(
    ${target}
    PROPERTIES CXX_STANDARD 20
               CXX_STANDARD_REQUIRED ON
               CXX_EXTENSIONS OFF
               CXX_VISIBILITY_PRESET hidden
               VISIBILITY_INLINES_HIDDEN ON)
  target_compile_options(${target} PRIVATE ${OMBRE_WARNING_FLAGS})
endfunction()
