# Language level, warnings, sanitizers, coverage and ccache, the same for every target of ours.
if(PROJECT_IS_TOP_LEVEL)
  set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
  set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
  # Linking with gcc writes each diagnostic in colour also when ninja holds the output back.
  set(CMAKE_COLOR_DIAGNOSTICS ON)
endif()

if(OMBRE_USE_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  find_program(OMBRE_CCACHE ccache)
  mark_as_advanced(OMBRE_CCACHE)
  if(OMBRE_CCACHE)
    # The sloppiness is what ccache's manual asks for with precompiled headers.
    set(CMAKE_CXX_COMPILER_LAUNCHER
        "${CMAKE_COMMAND}" -E env "CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime"
        "${OMBRE_CCACHE}")
  endif()
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

# Settings shared by the library, the program, tests, benchmarks and examples.
function(ombre_target_defaults target)
  set_target_properties(
    ${target}
    PROPERTIES CXX_STANDARD 20
               CXX_STANDARD_REQUIRED ON
               CXX_EXTENSIONS OFF
               CXX_VISIBILITY_PRESET hidden
               VISIBILITY_INLINES_HIDDEN ON)
  if(MSVC)
    target_compile_options(${target} PRIVATE /W4 /permissive- $<$<BOOL:${OMBRE_WARNINGS_AS_ERRORS}>:/WX>)
    return()
  endif()
  target_compile_options(
    ${target}
    PRIVATE -Wall
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
            -Wundef
            $<$<CXX_COMPILER_ID:GNU>:-Wlogical-op>
            $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond>
            $<$<BOOL:${OMBRE_WARNINGS_AS_ERRORS}>:-Werror>)
endfunction()
