# Every switch of the build. Inside another project (add_subdirectory) only the library is built.
include(CMakeDependentOption)

option(BUILD_SHARED_LIBS "Build ombre as a shared library" OFF)
option(OMBRE_BUILD_CLI "Build the program ombre" ${PROJECT_IS_TOP_LEVEL})
option(OMBRE_BUILD_TESTS "Build the tests (needs GoogleTest)" ${PROJECT_IS_TOP_LEVEL})
option(OMBRE_BUILD_EXAMPLES "Build the examples" ${PROJECT_IS_TOP_LEVEL})
option(OMBRE_BUILD_BENCHMARKS "Build the benchmarks (skipped without Google Benchmark)"
       ${PROJECT_IS_TOP_LEVEL})
option(OMBRE_BUILD_DOCS "Add the target `docs` (skipped without Doxygen)" ${PROJECT_IS_TOP_LEVEL})
option(OMBRE_INSTALL "Add install rules" ${PROJECT_IS_TOP_LEVEL})

option(OMBRE_WITH_ZLIB "Read gzip files (needs zlib)" ON)
option(OMBRE_WITH_TBB "Offer a runner on oneTBB threads" OFF)

option(OMBRE_ENABLE_ASSERTS "Check the library's own invariants (OMBRE_ASSERT)" OFF)
option(OMBRE_WARNINGS_AS_ERRORS "A warning stops the build" OFF)
option(OMBRE_USE_CCACHE "Compile through ccache when it is found" ${PROJECT_IS_TOP_LEVEL})
option(OMBRE_PRECOMPILE "Compile the library with precompiled standard headers (clang)" OFF)
option(OMBRE_BUILD_FUZZ "Build the fuzz targets with libFuzzer (needs clang)" OFF)
option(OMBRE_COVERAGE "Measure which lines the tests reach" OFF)
set(OMBRE_SANITIZE "" CACHE STRING "Sanitizers, as in \"address,undefined\" or \"thread\"")

if(PROJECT_IS_TOP_LEVEL
   AND NOT CMAKE_BUILD_TYPE
   AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug, Release, RelWithDebInfo or MinSizeRel" FORCE)
endif()
