# Install rules: library, headers, program, CMake package, pkg-config file.
include(CMakePackageConfigHelpers)

set(ombre_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/ombre")

install(
  TARGETS ombre
  EXPORT ombre-targets
  LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
  RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
install(
  DIRECTORY "${PROJECT_SOURCE_DIR}/include/ombre"
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
  FILES_MATCHING
  PATTERN "*.hpp"
  PATTERN "*.h")
if(TARGET ombre_cli)
  # The installed program finds a shared libombre beside itself, wherever the prefix lies.
  file(RELATIVE_PATH ombre_bin_to_lib "/${CMAKE_INSTALL_BINDIR}" "/${CMAKE_INSTALL_LIBDIR}")
  set_target_properties(ombre_cli PROPERTIES INSTALL_RPATH "$ORIGIN/${ombre_bin_to_lib}")
  install(TARGETS ombre_cli RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
endif()
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}")

# A static ombre hands its own link dependencies on to whoever links it.
set(ombre_find_dependencies "")
set(ombre_pc_requires_private "")
if(OMBRE_WITH_ZLIB)
  list(APPEND ombre_pc_requires_private "zlib")
endif()
if(OMBRE_WITH_TBB)
  list(APPEND ombre_pc_requires_private "tbb")
endif()
if(ombre_library_type STREQUAL "STATIC_LIBRARY")
  if(OMBRE_WITH_ZLIB)
    string(APPEND ombre_find_dependencies "find_dependency(ZLIB)\n")
  endif()
  if(OMBRE_WITH_TBB)
    string(APPEND ombre_find_dependencies "find_dependency(TBB)\n")
  endif()
endif()
configure_package_config_file(
  "${PROJECT_SOURCE_DIR}/cmake/ombre-config.cmake.in" "${PROJECT_BINARY_DIR}/ombre-config.cmake"
  INSTALL_DESTINATION "${ombre_package_dir}" NO_SET_AND_CHECK_MACRO)
# Before 1.0 a minor version may break its users, so 0.1 does not answer for 0.2.
if(PROJECT_VERSION_MAJOR EQUAL 0)
  set(ombre_compatibility SameMinorVersion)
else()
  set(ombre_compatibility SameMajorVersion)
endif()
write_basic_package_version_file(
  "${PROJECT_BINARY_DIR}/ombre-config-version.cmake" VERSION ${PROJECT_VERSION}
  COMPATIBILITY ${ombre_compatibility})
install(
  EXPORT ombre-targets
  NAMESPACE ombre::
  DESTINATION "${ombre_package_dir}")
install(FILES "${PROJECT_BINARY_DIR}/ombre-config.cmake"
              "${PROJECT_BINARY_DIR}/ombre-config-version.cmake"
        DESTINATION "${ombre_package_dir}")

# pkg-config: paths hang on the place of the .pc file, so the installed tree may be moved.
list(JOIN ombre_pc_requires_private " " ombre_pc_requires_private)
set(ombre_pc_cflags "")
set(ombre_pc_requires "")
set(ombre_pc_libs_private "-lstdc++ -lm")
if(ombre_library_type STREQUAL "STATIC_LIBRARY")
  set(ombre_pc_cflags "-DOMBRE_STATIC")
  # Only this archive exists, so its needs are everybody's, with and without --static.
  set(ombre_pc_requires "${ombre_pc_requires_private}")
  set(ombre_pc_requires_private "")
endif()
file(RELATIVE_PATH ombre_pc_to_prefix "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
string(REGEX REPLACE "/$" "" ombre_pc_to_prefix "${ombre_pc_to_prefix}")
configure_file("${PROJECT_SOURCE_DIR}/cmake/ombre.pc.in" "${PROJECT_BINARY_DIR}/ombre.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/ombre.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
