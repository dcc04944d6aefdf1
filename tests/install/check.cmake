# One step of the tests of this folder. KIND is static or shared; results lie in WORK/KIND.
#   package           installs the package of the build BUILD, and moves it
#   add_subdirectory  builds ombre inside an outside project, runs that, and installs the package
#   find_package      an outside CMake project uses the installed package
#   pkg_config        a bare compiler call uses the installed package
#   program           the program of the build BUILD runs where it was installed
cmake_minimum_required(VERSION 3.25)
set(work "${WORK}/${KIND}")
set(prefix "${work}/prefix")
set(shared OFF)
if(KIND STREQUAL "shared")
  set(shared ON)
endif()

function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output
                                                         ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    list(JOIN ARGN " " command)
    message(FATAL_ERROR "failed (${status}): ${command}\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

# Installed in one place and moved to another: a package must not remember where it was made.
function(install_and_move build)
  file(REMOVE_RECURSE "${work}/first_place" "${prefix}")
  run("${CMAKE_COMMAND}" --install "${build}" --prefix "${work}/first_place")
  file(RENAME "${work}/first_place" "${prefix}")
  file(GLOB libraries "${prefix}/lib/libombre.*")
  set(wanted "libombre\\.a$")
  if(shared)
    set(wanted "libombre\\.(so|dylib)")
  endif()
  if(NOT libraries MATCHES "${wanted}")
    message(FATAL_ERROR "no ${KIND} library was installed, but \"${libraries}\"")
  endif()
  file(GLOB_RECURSE texts "${prefix}/*.cmake" "${prefix}/*.pc")
  foreach(text IN LISTS texts)
    file(READ "${text}" content)
    foreach(place "${OMBRE_SOURCE}" "${work}/first_place")
      string(FIND "${content}" "${place}" at)
      if(NOT at EQUAL -1)
        message(FATAL_ERROR "${text} names the place where it was made, ${place}")
      endif()
    endforeach()
  endforeach()
endfunction()

string(REPLACE "|" ";" launcher "${LAUNCHER}")
set(ENV{CMAKE_CXX_COMPILER_LAUNCHER} "${launcher}")
string(TOUPPER "${BUILD_TYPE}" type)
set(compiler "-DCMAKE_CXX_COMPILER=${COMPILER}" "-DCMAKE_BUILD_TYPE=${BUILD_TYPE}"
             "-DCMAKE_CXX_FLAGS_${type}=${FLAGS}")

if(STEP STREQUAL "add_subdirectory")
  run("${CMAKE_COMMAND}" -G "${GENERATOR}" -S "${HERE}/add_subdirectory" -B "${work}/inside"
      ${compiler} "-DOMBRE_SOURCE=${OMBRE_SOURCE}" "-DBUILD_SHARED_LIBS=${shared}"
      "-DOMBRE_INSTALL=ON" "-DOMBRE_ENABLE_ASSERTS=${ASSERTS}" "-DOMBRE_WARNINGS_AS_ERRORS=${WERROR}"
      "-DOMBRE_WITH_ZLIB=${ZLIB}" "-DOMBRE_WITH_TBB=${TBB}" "-DCMAKE_INSTALL_LIBDIR=lib"
      "-DOMBRE_PRECOMPILE=ON")
  run("${CMAKE_COMMAND}" --build "${work}/inside")
  run("${CMAKE_CTEST_COMMAND}" --test-dir "${work}/inside" --output-on-failure)
  install_and_move("${work}/inside")

elseif(STEP STREQUAL "package")
  install_and_move("${BUILD}")

elseif(STEP STREQUAL "find_package")
  file(REMOVE_RECURSE "${work}/find_package")
  run("${CMAKE_COMMAND}" -G "${GENERATOR}" -S "${HERE}/find_package" -B "${work}/find_package"
      ${compiler} "-DCMAKE_PREFIX_PATH=${prefix}" "-DWANTED_VERSION=${VERSION}")
  run("${CMAKE_COMMAND}" --build "${work}/find_package")
  run("${CMAKE_CTEST_COMMAND}" --test-dir "${work}/find_package" --output-on-failure)

elseif(STEP STREQUAL "pkg_config")
  if(NOT PKG_CONFIG)
    message(FATAL_ERROR "pkg-config is missing (Debian: pkg-config)")
  endif()
  set(ENV{PKG_CONFIG_PATH} "${prefix}/lib/pkgconfig")
  run("${PKG_CONFIG}" --modversion ombre)
  string(STRIP "${output}" version)
  if(NOT version STREQUAL VERSION)
    message(FATAL_ERROR "ombre.pc says ${version}, and this is ${VERSION}")
  endif()
  run("${PKG_CONFIG}" --cflags --libs ombre)
  separate_arguments(flags UNIX_COMMAND "${output}")
  if(shared)
    list(APPEND flags "-Wl,-rpath,${prefix}/lib")
  endif()
  run("${COMPILER}" -std=c++20 "${HERE}/consumer.cpp" -o "${work}/by_pkg_config" ${flags})
  run("${work}/by_pkg_config")

elseif(STEP STREQUAL "program")
  file(REMOVE_RECURSE "${work}/first_place" "${prefix}")
  run("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${work}/first_place")
  file(RENAME "${work}/first_place" "${prefix}")
  run("${prefix}/${BINDIR}/ombre" --version)
  if(NOT output MATCHES "${VERSION}")
    message(FATAL_ERROR "the installed program says it is ${output}, and this is ${VERSION}")
  endif()

else()
  message(FATAL_ERROR "unknown step \"${STEP}\"")
endif()
