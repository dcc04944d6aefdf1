#pragma once
// Members of a network by their id.

#include <cstddef>
#include <map>
#include <optional>
#include <string_view>

#include "ombre/plans/network.hpp"

namespace ombre::inline v0::plans::detail {

class MemberIndex {
 public:
  explicit MemberIndex(const SocialNetwork& network) {
    for (std::size_t i = 0; i < network.members.size(); ++i) {
      index_.emplace(network.members[i].id, i);
    }
  }
  [[nodiscard]] std::optional<std::size_t> find(std::string_view id) const {
    const auto at = index_.find(id);
    if (at == index_.end()) return std::nullopt;
    return at->second;
  }

 private:
  std::map<std::string_view, std::size_t> index_;
};

}  // namespace ombre::inline v0::plans::detail
