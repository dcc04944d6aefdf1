#pragma once
/// @file
/// Marks what leaves the library. Everything else stays hidden, so that two versions of ombre
/// can live in one program and the dynamic symbol table stays small.

#if defined(OMBRE_STATIC)
#define OMBRE_EXPORT
#elif defined(_WIN32)
#if defined(OMBRE_BUILDING)
#define OMBRE_EXPORT __declspec(dllexport)
#else
#define OMBRE_EXPORT __declspec(dllimport)
#endif
#else
#define OMBRE_EXPORT __attribute__((visibility("default")))
#endif
